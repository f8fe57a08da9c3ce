#include "numbered.h"

#include <check.h>
#include <string.h>

#define BITS 16
#define BAR  5 /* dots of a bit */
#define LEFT 8 /* its first one */
/* Where the left edge of a label of 96 dots is on Brother's 720 dots, with tape of 12 mm: the middle of its 106. */
#define BROTHER_LEFT (720 - 29 - 106 + 5)

pw_dialect numbered_dialect(const char *language)
{
	pw_dialect dialect;
	ck_assert_msg(pw_dialect_parse(language, &dialect), "%s", language);
	return dialect;
}

static int dpi_of(const char *language)
{
	if (strcmp(language, "ptouch") == 0)
		return 180;
	return strncmp(language, "brother", 7) == 0 || strcmp(language, "dymo") == 0 ? 300 : 203;
}

/* A dot in front, then a bar for each bit that is set; every row, but each fourth has a dot at its end. */
pw_raster numbered_raster(const char *language, unsigned number)
{
	pw_raster raster = PW_RASTER_INIT;
	ck_assert_int_eq(
		pw_raster_init(&raster, NUMBERED_WIDTH, NUMBERED_HEIGHT, dpi_of(language), NULL),
		PW_OK);
	pw_raster_fill(&raster, 1, 0, 1, NUMBERED_HEIGHT);
	for (int bit = 0; bit < BITS; bit++)
		if ((number >> bit & 1) != 0)
			pw_raster_fill(&raster, LEFT + bit * BAR, 0, BAR, NUMBERED_HEIGHT);
	for (int y = 0; y < NUMBERED_HEIGHT; y += 4)
		pw_raster_fill(&raster, NUMBERED_WIDTH - 2, y, 1, 1);
	return raster;
}

pw_str numbered_job(const char *language, unsigned number)
{
	pw_str job = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	pw_raster raster = numbered_raster(language, number);
	pw_print_job how = PW_PRINT_JOB_INIT;
	how.gap = strncmp(language, "brother", 7) == 0 ? 0 : 3000;
	ck_assert_msg(pw_dialect_encode(numbered_dialect(language), &raster, &how, &job, &err) ==
			      PW_OK,
		      "%s", err.msg);
	pw_raster_clear(&raster);
	return job;
}

void numbered_load(pw_sim *sim, const pw_str *job)
{
	char line[32];
	for (size_t i = 0; i + 7 < job->len; i++) {
		const uint8_t *b = (const uint8_t *)job->ptr + i;
		if (b[0] != 0x1B || b[1] != 'i' || b[2] != 'z')
			continue;
		snprintf(line, sizeof(line), b[6] != 0 ? "media %dx%d" : "media %d", b[5], b[6]);
		ck_assert_int_eq(pw_sim_do(sim, line, NULL), PW_OK);
		return;
	}
}

static bool dot(const pw_sim_label *label, int x, int y)
{
	if (x < 0 || y < 0 || x >= label->width || y >= label->height)
		return false;
	return (label->bits[(size_t)y * label->stride + (size_t)x / 8] & 0x80 >> x % 8) != 0;
}

static bool same_row(const pw_sim_label *label, int left, const pw_raster *raster, int y)
{
	const uint8_t *row = label->bits + (size_t)y * label->stride;
	/* A numbered label repeats itself every four rows; the padding behind a row's dots is always white. */
	if (y >= 4 && y < NUMBERED_HEIGHT)
		return memcmp(row, row - 4 * label->stride, label->stride) == 0;
	for (int x = 0; x < label->width; x++)
		if (dot(label, x, y) != pw_raster_get(raster, x - left, y))
			return false;
	return true;
}

int numbered_read(const char *language, const pw_sim_label *label)
{
	int left = strcmp(language, "brother") == 0 ? BROTHER_LEFT : 0;
	unsigned number = 0;
	for (int bit = 0; bit < BITS; bit++)
		if (dot(label, left + LEFT + bit * BAR, 0))
			number |= 1U << bit;
	pw_raster raster = numbered_raster(language, number);
	/* A tape is not cut shorter than its knife can: white rows may follow. */
	bool same = !label->whole || label->height >= NUMBERED_HEIGHT;
	for (int y = 0; same && y < label->height; y++)
		same = same_row(label, left, &raster, y);
	pw_raster_clear(&raster);
	return same && label->height > 0 ? (int)number : -1;
}
