#include "core/model/roster.h"

#include <string.h>

#include "core/base/str.h"
#include "core/model/ident.h"

static const char *const group_names[PW_GROUP_COUNT] = {
	[PW_GROUP_VOLUNTARY] = "voluntary",
	[PW_GROUP_CLOSE_CONTACT] = "close-contact",
	[PW_GROUP_INBOUND_TRAVELLER] = "inbound-traveller",
	[PW_GROUP_FEVER_CLINIC] = "fever-clinic",
	[PW_GROUP_INPATIENT] = "inpatient",
	[PW_GROUP_MEDICAL_STAFF] = "medical-staff",
	[PW_GROUP_PORT_STAFF] = "port-staff",
	[PW_GROUP_PRISON] = "prison",
	[PW_GROUP_ELDERLY_CARE] = "elderly-care",
};

typedef struct word {
	const char *text;
	int means;
} word;

/* As the notice of 2020-06-08 writes them, and as lists write them in short. */
static const word group_words[] = {
	{"愿检尽检", PW_GROUP_VOLUNTARY},
	{"愿检尽检人员", PW_GROUP_VOLUNTARY},
	{"愿检尽检人群", PW_GROUP_VOLUNTARY},
	{"愿检", PW_GROUP_VOLUNTARY},
	{"自愿", PW_GROUP_VOLUNTARY},
	{"其他", PW_GROUP_VOLUNTARY},
	{"其他人员", PW_GROUP_VOLUNTARY},
	{"其他人群", PW_GROUP_VOLUNTARY},
	{"密切接触者", PW_GROUP_CLOSE_CONTACT},
	{"密接", PW_GROUP_CLOSE_CONTACT},
	{"密接者", PW_GROUP_CLOSE_CONTACT},
	{"密接人员", PW_GROUP_CLOSE_CONTACT},
	{"close contact", PW_GROUP_CLOSE_CONTACT},
	{"入境人员", PW_GROUP_INBOUND_TRAVELLER},
	{"境外入境人员", PW_GROUP_INBOUND_TRAVELLER},
	{"境外返回人员", PW_GROUP_INBOUND_TRAVELLER},
	{"入境", PW_GROUP_INBOUND_TRAVELLER},
	{"inbound traveller", PW_GROUP_INBOUND_TRAVELLER},
	{"inbound traveler", PW_GROUP_INBOUND_TRAVELLER},
	{"inbound-traveler", PW_GROUP_INBOUND_TRAVELLER},
	{"发热门诊患者", PW_GROUP_FEVER_CLINIC},
	{"发热门诊病人", PW_GROUP_FEVER_CLINIC},
	{"发热门诊", PW_GROUP_FEVER_CLINIC},
	{"发热患者", PW_GROUP_FEVER_CLINIC},
	{"fever clinic", PW_GROUP_FEVER_CLINIC},
	{"新住院患者及陪护人员", PW_GROUP_INPATIENT},
	{"住院患者及陪护人员", PW_GROUP_INPATIENT},
	{"新住院患者", PW_GROUP_INPATIENT},
	{"住院患者", PW_GROUP_INPATIENT},
	{"住院", PW_GROUP_INPATIENT},
	{"陪护人员", PW_GROUP_INPATIENT},
	{"陪护", PW_GROUP_INPATIENT},
	{"医疗机构工作人员", PW_GROUP_MEDICAL_STAFF},
	{"医疗机构", PW_GROUP_MEDICAL_STAFF},
	{"医务人员", PW_GROUP_MEDICAL_STAFF},
	{"医护人员", PW_GROUP_MEDICAL_STAFF},
	{"medical staff", PW_GROUP_MEDICAL_STAFF},
	{"口岸检疫和边防检查人员", PW_GROUP_PORT_STAFF},
	{"口岸检疫人员", PW_GROUP_PORT_STAFF},
	{"边防检查人员", PW_GROUP_PORT_STAFF},
	{"口岸人员", PW_GROUP_PORT_STAFF},
	{"口岸", PW_GROUP_PORT_STAFF},
	{"边检", PW_GROUP_PORT_STAFF},
	{"port staff", PW_GROUP_PORT_STAFF},
	{"监所工作人员", PW_GROUP_PRISON},
	{"监狱工作人员", PW_GROUP_PRISON},
	{"监所人员", PW_GROUP_PRISON},
	{"监所", PW_GROUP_PRISON},
	{"社会福利养老机构工作人员", PW_GROUP_ELDERLY_CARE},
	{"社会福利机构工作人员", PW_GROUP_ELDERLY_CARE},
	{"养老机构工作人员", PW_GROUP_ELDERLY_CARE},
	{"福利养老机构", PW_GROUP_ELDERLY_CARE},
	{"养老机构", PW_GROUP_ELDERLY_CARE},
	{"养老院", PW_GROUP_ELDERLY_CARE},
	{"elderly care", PW_GROUP_ELDERLY_CARE},
};

static const word kind_words[] = {
	{"person", PW_PERSON}, {"人", PW_PERSON},  {"人员", PW_PERSON}, {"个人", PW_PERSON},
	{"place", PW_PLACE},   {"场所", PW_PLACE}, {"地点", PW_PLACE},  {"环境", PW_PLACE},
	{"物品", PW_PLACE},    {"物", PW_PLACE},   {"点位", PW_PLACE},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool find_word(const word *words, size_t count, const char *text, int *out)
{
	for (size_t i = 0; i < count; i++)
		if (pw_text_eq_nocase(words[i].text, text)) {
			*out = words[i].means;
			return true;
		}
	return false;
}

const char *pw_group_name(pw_group group)
{
	return group_names[group];
}

bool pw_group_parse(const char *text, pw_group *out)
{
	int found = PW_GROUP_VOLUNTARY;
	if (*text != '\0' && !find_word(group_words, COUNT(group_words), text, &found)) {
		found = 0;
		while (found < PW_GROUP_COUNT && !pw_text_eq_nocase(group_names[found], text))
			found++;
		if (found == PW_GROUP_COUNT)
			return false;
	}
	*out = (pw_group)found;
	return true;
}

bool pw_group_must_test(pw_group group)
{
	return group != PW_GROUP_VOLUNTARY;
}

const char *pw_subject_kind_name(pw_subject_kind kind)
{
	return kind == PW_PLACE ? "place" : "person";
}

bool pw_subject_kind_parse(const char *text, pw_subject_kind *out)
{
	int found;
	if (!find_word(kind_words, COUNT(kind_words), text, &found))
		return false;
	*out = (pw_subject_kind)found;
	return true;
}

static int number(const char *digits, int count)
{
	int value = 0;
	for (int i = 0; i < count; i++)
		value = value * 10 + (digits[i] - '0');
	return value;
}

/* Eight digits, "19900307"; nobody who is swabbed was born before 1800. */
static bool is_date(const char *digits)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = number(digits, 4), month = number(digits + 4, 2), day = number(digits + 6, 2);
	if (year < 1800 || month < 1 || month > 12 || day < 1)
		return false;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool pw_national_id_cn_form(const char *text)
{
	if (strspn(text, "0123456789") < 17 || strlen(text) != 18)
		return false;
	return strchr("0123456789Xx", text[17]) != NULL;
}

bool pw_national_id_cn_valid(const char *text)
{
	if (!pw_national_id_cn_form(text) || !is_date(text + 6))
		return false;
	char last = (char)(text[17] == 'x' ? 'X' : text[17]);
	return pw_mod11_2(text, 17) == last;
}
