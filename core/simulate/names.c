/*
 * Names put together at random from common pieces: they belong to nobody. Every script that a roster
 * may hold is there, a character outside the basic plane, an apostrophe and a comma too.
 */
#include "core/simulate/impl.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* clang-format off */
static const char *const surname[] = {
	"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "林",
	"郭", "何", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭",
	"萧", "蔡", "潘", "田", "董", "袁", "欧阳", "上官",
};
static const char *const given[] = {
	"安", "宝", "冰", "晨", "春", "丹", "冬", "芳", "飞", "峰", "刚", "光", "桂", "海", "红", "华",
	"佳", "建", "静", "军", "兰", "乐", "丽", "琳", "玲", "龙", "梅", "明", "娜", "宁", "平", "琴",
	"青", "荣", "山", "诗", "涛", "婷", "伟", "文", "霞", "翔", "小", "欣", "秀", "雪", "雅", "燕",
	"洋", "怡", "英", "勇", "玉", "源", "云", "泽", "珍", "志", "子", "𠮷",
};
static const char *const head[] = {
	"Ba", "De", "Fo", "Ga", "Hé", "Ka", "La", "Mi", "No", "O'Ta", "Pe", "Ré", "Sa", "Tü", "Vo", "Zu",
};
static const char *const tail[] = {
	"ba", "don", "fi", "gel", "ka", "lin", "mar", "na", "ra", "ren", "sa", "són", "ta", "tel", "vi", "zo",
};
static const char *const arabic_given[] = {
	"أحمد", "أمل", "حسن", "سعيد", "سلمى", "علي", "فاطمة", "كريم", "ليلى", "محمد", "مريم", "نور",
};
static const char *const arabic_family[] = {
	"البحري", "الجبلي", "الحداد", "الخياط", "السالم", "الكريم", "النجار", "النور", "الهادي",
};
static const char *const hindi_given[] = {
	"अनिल", "आशा", "गीता", "दीपक", "मीना", "मोहन", "राजू", "रेखा", "सीता", "सुनीता", "सुरेश",
};
static const char *const hindi_family[] = {"कुमार", "दास", "देवी", "प्रसाद", "राम", "लाल", "सिंह"};
/* clang-format on */

static const char *pick(pw_rng *rng, const char *const *list, size_t count)
{
	return list[pw_rng_below(rng, count)];
}

#define PICK(rng, list) pick((rng), (list), COUNT(list))

static char *chinese_name(pw_arena *arena, pw_rng *rng, uint64_t family)
{
	/* One in three married in, or out. */
	if (pw_rng_chance(rng, 1.0 / 3.0))
		family = pw_rng_next(rng);
	const char *first = PICK(rng, given);
	const char *second = pw_rng_chance(rng, 0.75) ? PICK(rng, given) : "";
	return pw_arena_printf(arena, "%s%s%s", surname[family % COUNT(surname)], first, second);
}

static char *latin_name(pw_arena *arena, pw_rng *rng, uint64_t family)
{
	const char *a = PICK(rng, head), *b = PICK(rng, tail);
	const char *c = head[family % COUNT(head)], *d = tail[family / COUNT(head) % COUNT(tail)];
	const char *e = tail[family / 977 % COUNT(tail)];
	/* Some offices write the family name first, with a comma. */
	if (family % 4 == 0)
		return pw_arena_printf(arena, "%s%s%s, %s%s", c, d, e, a, b);
	return pw_arena_printf(arena, "%s%s %s%s%s", a, b, c, d, e);
}

char *pw_sim_name(pw_arena *arena, pw_rng *rng, int script, uint64_t family)
{
	switch (script) {
	case 1:
		return latin_name(arena, rng, family);
	case 2:
		return pw_arena_printf(arena, "%s %s", PICK(rng, arabic_given),
				       arabic_family[family % COUNT(arabic_family)]);
	case 3:
		return pw_arena_printf(arena, "%s %s", PICK(rng, hindi_given),
				       hindi_family[family % COUNT(hindi_family)]);
	default:
		return chinese_name(arena, rng, family);
	}
}
