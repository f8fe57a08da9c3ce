#include "labels/brother_private.h"

#include "core/base/mem.h"

#define TOLERANCE 6  /* dots by which a label's width may miss its tape's */
#define NEAR      14 /* dots by which its sides may miss a die-cut label's: 1.2 mm */

/* Of a tape's whole width, dots in the middle are printed on, from the head's pin `first` on; of a die-cut
 * label's whole length, rows in the middle. */
typedef struct tape {
	int mm, whole, printed, first;
	int length_mm, length, rows; /* of a die-cut label; 0: a tape without end */
} tape;

/* The raster command references of the QL-500 to 1060N, QL-800 and QL-1100: "offset pins", "print area". Round
 * labels are printed on in a square. */
static const tape ql_tapes[] = {
	{12, 142, 106, 29, 0, 0, 0},         {29, 342, 306, 6, 0, 0, 0},
	{38, 449, 413, 12, 0, 0, 0},         {50, 590, 554, 12, 0, 0, 0},
	{54, 636, 590, 0, 0, 0, 0},          {62, 732, 696, 12, 0, 0, 0},
	{12, 142, 94, 113, 12, 142, 94},     {17, 201, 165, 0, 54, 636, 566},
	{17, 201, 165, 0, 87, 1026, 956},    {23, 272, 202, 42, 23, 272, 202},
	{24, 284, 236, 42, 24, 284, 236},    {29, 342, 306, 6, 42, 495, 425},
	{29, 342, 306, 6, 90, 1061, 991},    {38, 449, 413, 12, 90, 1061, 991},
	{39, 461, 425, 6, 48, 565, 495},     {52, 614, 578, 0, 29, 341, 271},
	{58, 688, 618, 51, 58, 688, 618},    {62, 732, 696, 12, 29, 341, 271},
	{62, 732, 696, 12, 100, 1179, 1109},
};

/* A wide head's pins begin 44 later, and it takes these as well. A roll called 103 mm is 104 mm to it. */
#define WIDE_FIRST 44
static const tape wide_tapes[] = {
	{102, 1200, 1164, 12, 0, 0, 0},         {104, 1224, 1200, 12, 0, 0, 0},
	{102, 1200, 1164, 12, 51, 596, 526},    {102, 1200, 1164, 12, 153, 1804, 1660},
	{104, 1224, 1200, 12, 164, 1941, 1822},
};

/* The reference of the PT-E550W, P750W and P710BT; the tape of 3.5 mm calls itself 4. */
static const tape pt_tapes[] = {
	{4, 25, 24, 52, 0, 0, 0},  {6, 43, 32, 48, 0, 0, 0},   {9, 64, 50, 39, 0, 0, 0},
	{12, 85, 70, 29, 0, 0, 0}, {18, 128, 112, 8, 0, 0, 0}, {24, 170, 128, 0, 0, 0, 0},
};

/*
 * The reference of the PT-P900 leaves 16 pins more on one side than on the other, and those who use it do not
 * agree on which. These are the pins that print on either reading, and the tape's middle is the head's.
 */
static const tape pt_360_tapes[] = {
	{4, 50, 32, 264, 0, 0, 0},    {6, 85, 48, 256, 0, 0, 0},    {9, 128, 90, 235, 0, 0, 0},
	{12, 170, 134, 213, 0, 0, 0}, {18, 255, 218, 171, 0, 0, 0}, {24, 340, 304, 128, 0, 0, 0},
	{36, 510, 438, 61, 0, 0, 0},
};

#define TAPES(list) (list), sizeof(list) / sizeof((list)[0])

static const struct head {
	int dots;
	int first; /* more than the tables' */
	int least; /* rows: the knife cuts no shorter */
	bool along;
	struct {
		const tape *list;
		size_t count;
	} tapes[2];
} heads[] = {
	[PW_BROTHER_QL] = {720, 0, 150, false, {{TAPES(ql_tapes)}, {NULL, 0}}},
	[PW_BROTHER_WIDE] =
		{1296, WIDE_FIRST, 150, false, {{TAPES(ql_tapes)}, {TAPES(wide_tapes)}}},
	[PW_BROTHER_PT] = {128, 0, 1, true, {{TAPES(pt_tapes)}, {NULL, 0}}},
	[PW_BROTHER_PT_360] = {560, 0, 1, true, {{TAPES(pt_360_tapes)}, {NULL, 0}}},
};

/* A label as it lies on a tape: `across` the tape and `length` along it, and its ink so. */
typedef struct lying {
	bool along; /* read along the tape: turned by a quarter */
	int across, length;
	int ink_from, ink_to;   /* across */
	int ink_begin, ink_end; /* along */
} lying;

static lying lie(const pw_raster *raster, bool along)
{
	lying l = {along, raster->width, raster->height, 0, 0, 0, 0};
	int x = 0, y = 0, width = 0, height = 0;
	if (!pw_raster_ink(raster, &x, &y, &width, &height))
		width = height = 0;
	if (along)
		return (lying){true, raster->height, raster->width, y, y + height, x, x + width};
	l.ink_from = x;
	l.ink_to = x + width;
	l.ink_begin = y;
	l.ink_end = y + height;
	return l;
}

static bool near(int a, int b)
{
	return a - b >= -NEAR && a - b <= NEAR;
}

/* The label's dot across the tape that the first printing pin shows, and along it the first row's; may be
 * below 0. */
static int first_dot(const lying *l, const tape *t)
{
	return (l->across - t->printed) / 2;
}

static int first_row(const lying *l, const tape *t)
{
	return t->length_mm > 0 ? (l->length - t->rows) / 2 : 0;
}

/* Every dot is printed. */
static bool shows(const tape *t, const lying *l)
{
	int left = first_dot(l, t), top = first_row(l, t);
	if (l->ink_from == l->ink_to)
		return true;
	return l->ink_from >= left && l->ink_to <= left + t->printed && l->ink_begin >= top &&
	       (t->length_mm == 0 || l->ink_end <= top + t->rows);
}

static bool fits(const tape *t, const lying *l)
{
	bool room = t->length_mm > 0 ? near(l->across, t->whole) && near(l->length, t->length)
				     : l->across <= t->whole + TOLERANCE;
	return room && shows(t, l);
}

typedef enum choice { LOADED, DIE_CUT, WITHOUT_END, CHOICES } choice;

static bool may_be(choice how, const tape *t, const pw_print_job *job)
{
	if (how == LOADED)
		return t->mm == job->tape && t->length_mm == job->tape_length;
	return (t->length_mm > 0) == (how == DIE_CUT) && (how != DIE_CUT || job->gap > 0);
}

static const tape *find_fitting(const struct head *head, const lying *l, choice how,
				const pw_print_job *job)
{
	for (int i = 0; i < 2; i++) {
		for (size_t k = 0; k < head->tapes[i].count; k++) {
			const tape *t = &head->tapes[i].list[k];
			if (may_be(how, t, job) && fits(t, l))
				return t;
		}
	}
	return NULL;
}

/* The first way of lying: on what is loaded; on a die-cut label when the template is for one (it has a gap); on
 * the narrowest tape. */
static const tape *find_tape(const struct head *head, const pw_raster *raster,
			     const pw_print_job *job, lying *out)
{
	const lying ways[] = {lie(raster, head->along), lie(raster, !head->along)};
	for (choice how = LOADED; how < CHOICES; how++) {
		for (int i = 0; i < 2; i++) {
			const tape *t = find_fitting(head, &ways[i], how, job);
			if (t == NULL)
				continue;
			*out = ways[i];
			return t;
		}
	}
	return NULL;
}

/*
 * The heads look at a label from behind: an upright label's rows begin with its right edge, a label that is read
 * along the tape leaves the printer with its left edge first, and its top is at the first pins.
 */
static void put_dots(const lying *l, const tape *t, int first, const pw_raster *raster,
		     const uint8_t *from, const pw_raster *page, uint8_t *to)
{
	int left = first_dot(l, t), top = first_row(l, t);
	for (int y = 0; y < raster->height; y++) {
		const uint8_t *row = from + (size_t)y * raster->stride;
		for (int x = 0; x < raster->width; x++) {
			if (x % 8 == 0 && row[x / 8] == 0) {
				x += 7;
				continue;
			}
			if ((row[x / 8] >> (7 - x % 8) & 1) == 0)
				continue;
			int pin = first + (l->along ? y - left : left + t->printed - 1 - x);
			int line = (l->along ? x : y) - top;
			uint8_t *byte = to + (size_t)line * page->stride + pin / 8;
			*byte = (uint8_t)(*byte | 0x80 >> pin % 8);
		}
	}
}

static pw_status no_tape(const struct head *head, const pw_raster *raster, pw_err *err)
{
	const tape *widest = &head->tapes[0].list[0];
	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < head->tapes[i].count; k++)
			if (head->tapes[i].list[k].printed > widest->printed)
				widest = &head->tapes[i].list[k];
	return pw_fail(
		err, PW_ERR_ARG,
		"a label of %.1f × %.1f mm does not fit on a tape of %d mm, of which %.1f mm "
		"are printed on",
		pw_um_of(raster->width, raster->dpi) / 1000,
		pw_um_of(raster->height, raster->dpi) / 1000, widest->mm,
		pw_um_of(widest->printed, raster->dpi) / 1000);
}

pw_status pw_brother_find_page(pw_brother_head kind, const pw_raster *raster,
			       const pw_print_job *job, pw_brother_page *out, pw_err *err)
{
	const struct head *head = &heads[kind];
	lying l;
	const tape *t = find_tape(head, raster, job, &l);
	if (t == NULL)
		return no_tape(head, raster, err);
	int rows = t->length_mm > 0 ? t->rows : l.length, first = head->first + t->first;
	if (t->length_mm == 0 && rows < head->least)
		rows = head->least;
	pw_brother_page page = {t->mm, t->length_mm, PW_RASTER_INIT};
	pw_status rc = pw_raster_init(&page.raster, head->dots, rows, raster->dpi, err);
	if (rc != PW_OK)
		return rc;
	put_dots(&l, t, first, raster, raster->bits, &page.raster, page.raster.bits);
	if (raster->red != NULL) {
		pw_raster_add_red(&page.raster);
		put_dots(&l, t, first, raster, raster->red, &page.raster, page.raster.red);
	}
	*out = page;
	return PW_OK;
}
