/* Random decision tables: the judge and the linter against brute force over a fine grid of Cq. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "assay_helper.h"
#include "core/base/rng.h"
#include "core/base/str.h"

#define HEAD "poolwell: assay/1\nname: t\nversion: 1\n"

enum { GRID_LOW = 28, GRID_HIGH = 36, STEPS = 4 * (GRID_HIGH - GRID_LOW) + 1 };

/* One random line of bands: an interval in half cycles, maybe "no Cq", some amplifications. */
typedef struct line {
	int band;
	bool none, low_in, high_in;
	int low2, high2; /* in half cycles; -1 and 999 are open */
	unsigned amps;
} line;

typedef struct random_row {
	unsigned takes[2];
	int exactly; /* of both targets in band 0, or -1 */
	unsigned attempts;
	pw_call call;
} random_row;

typedef struct random_table {
	line lines[2][5];
	int line_count[2];
	int bands[2];
	random_row rows[6];
	int row_count;
} random_table;

static void say_line(pw_str *text, const line *l)
{
	static const char *const amps[] = {"unknown", "amp", "no-amp", "inconclusive"};
	pw_str_addf(text, "      - {band: b%d, cq: [", l->band);
	if (l->none)
		pw_str_add(text, "none, ");
	if (l->low2 < 0 && l->high2 > 900)
		pw_str_add(text, "number");
	else if (l->low2 < 0)
		pw_str_addf(text, "\"%s %.1f\"", l->high_in ? "<=" : "<", l->high2 / 2.0);
	else if (l->high2 > 900)
		pw_str_addf(text, "\"%s %.1f\"", l->low_in ? ">=" : ">", l->low2 / 2.0);
	else
		pw_str_addf(text, "\"%s %.1f, %s %.1f\"", l->low_in ? ">=" : ">", l->low2 / 2.0,
			    l->high_in ? "<=" : "<", l->high2 / 2.0);
	pw_str_add(text, "], amp: [");
	const char *gap = "";
	for (int a = 0; a < 4; a++) {
		if ((l->amps >> a & 1) == 0)
			continue;
		pw_str_addf(text, "%s%s", gap, amps[a]);
		gap = ", ";
	}
	pw_str_add(text, "]}\n");
}

static line random_line(pw_rng *rng, int bands, bool whole)
{
	line l = {.band = (int)pw_rng_below(rng, (uint64_t)bands),
		  .none = pw_rng_chance(rng, 0.4),
		  .low_in = pw_rng_chance(rng, 0.5),
		  .high_in = pw_rng_chance(rng, 0.5),
		  .low2 = 2 * GRID_LOW + 1 + (int)pw_rng_below(rng, 12),
		  .amps = pw_rng_chance(rng, 0.7) ? 15 : 1 + (unsigned)pw_rng_below(rng, 15)};
	l.high2 = l.low2 + 1 + (int)pw_rng_below(rng, 3);
	if (pw_rng_chance(rng, 0.4))
		l.low2 = -1;
	if (pw_rng_chance(rng, 0.4))
		l.high2 = 999;
	if (whole)
		l = (line){.band = l.band, .none = true, .low2 = -1, .high2 = 999, .amps = 15};
	return l;
}

/* Most tables are sound in their bands, so that the rows are reached too. */
static void random_bands(pw_rng *rng, random_table *table, int t)
{
	table->bands[t] = 1 + (int)pw_rng_below(rng, 3);
	table->line_count[t] = table->bands[t] + (int)pw_rng_below(rng, 2);
	bool sound = pw_rng_chance(rng, 0.6);
	int cut = 2 * GRID_LOW + 2;
	for (int i = 0; i < table->line_count[t]; i++) {
		line l = random_line(rng, table->bands[t], false);
		if (i < table->bands[t])
			l.band = i; /* every band has a line */
		if (sound) {        /* one behind the other, the last with the rest */
			bool last = i + 1 == table->line_count[t];
			int next = cut + 1 + (int)pw_rng_below(rng, 3);
			l = (line){.band = l.band, .none = last, .low_in = true, .amps = 15};
			l.low2 = i == 0 ? -1 : cut;
			l.high2 = last ? 999 : next;
			cut = next;
		}
		table->lines[t][i] = l;
	}
}

static random_table random_rules(pw_rng *rng)
{
	static const pw_call calls[] = {PW_CALL_POSITIVE, PW_CALL_NEGATIVE};
	random_table table = {.row_count = 1 + (int)pw_rng_below(rng, 6)};
	random_bands(rng, &table, 0);
	random_bands(rng, &table, 1);
	for (int i = 0; i < table.row_count; i++) {
		random_row *row = &table.rows[i];
		row->exactly = pw_rng_chance(rng, 0.2) ? (int)pw_rng_below(rng, 3) : -1;
		row->attempts = 1 + (unsigned)pw_rng_below(rng, 3);
		row->call = calls[pw_rng_below(rng, 2)];
		for (int t = 0; t < 2; t++) {
			unsigned all = (1u << table.bands[t]) - 1;
			row->takes[t] = pw_rng_chance(rng, 0.3)
						? all
						: 1 + (unsigned)pw_rng_below(rng, all);
		}
	}
	return table;
}

static pw_assay *table_as_assay(const random_table *table)
{
	pw_str text = PW_STR_INIT;
	pw_str_add(&text, HEAD "attempts: 2\ntargets:\n");
	for (int t = 0; t < 2; t++) {
		pw_str_addf(&text, "  - name: T%d\n    bands:\n", t);
		for (int i = 0; i < table->line_count[t]; i++)
			say_line(&text, &table->lines[t][i]);
	}
	pw_str_add(&text, "calls:\n");
	for (int i = 0; i < table->row_count; i++) {
		const random_row *row = &table->rows[i];
		pw_str_add(&text, "  - {when: {");
		for (int t = 0; t < 2; t++) {
			pw_str_addf(&text, "%sT%d: [", t == 0 ? "" : ", ", t);
			const char *gap = "";
			for (int b = 0; b < table->bands[t]; b++) {
				if ((row->takes[t] >> b & 1) == 0)
					continue;
				pw_str_addf(&text, "%sb%d", gap, b);
				gap = ", ";
			}
			pw_str_add(&text, "]");
		}
		if (row->exactly >= 0)
			pw_str_addf(&text, ", count: {of: [T0, T1], band: b0, exactly: %d}",
				    row->exactly);
		pw_str_add(&text, "}, ");
		if (row->attempts != 3)
			pw_str_addf(&text, "attempt: %u, ", row->attempts);
		pw_str_addf(&text, "call: %s}\n", pw_call_name(row->call));
	}
	pw_assay *assay = assay_of(pw_str_text(&text));
	pw_str_clear(&text);
	return assay;
}

/* The bands whose lines take a reading, a bit each; `step` STEPS is "no Cq". */
static unsigned bands_at(const random_table *table, int t, int step, int amp)
{
	unsigned bands = 0;
	int quarter = 4 * GRID_LOW + step;
	for (int i = 0; i < table->line_count[t]; i++) {
		const line *l = &table->lines[t][i];
		bool in = step == STEPS ? l->none
					: (l->low2 < 0 || quarter > 2 * l->low2 ||
					   (l->low_in && quarter == 2 * l->low2)) &&
						  (l->high2 > 900 || quarter < 2 * l->high2 ||
						   (l->high_in && quarter == 2 * l->high2));
		if (in && (l->amps >> amp & 1))
			bands |= 1u << l->band;
	}
	return bands;
}

static int only_bit(unsigned bits)
{
	for (int i = 0; i < 32; i++)
		if (bits == 1u << i)
			return i;
	return -1;
}

typedef struct truth {
	bool band_hole, band_overlap, hole, disagree;
	bool reached[6];
} truth;

/* The calls of all rows that take the well, a bit each. */
static unsigned calls_at(const random_table *table, const int *bands, int attempt, truth *out)
{
	unsigned calls = 0;
	for (int i = 0; i < table->row_count; i++) {
		const random_row *row = &table->rows[i];
		int zeros = (bands[0] == 0) + (bands[1] == 0);
		if ((row->attempts >> (attempt - 1) & 1) == 0 ||
		    (row->takes[0] >> bands[0] & 1) == 0 || (row->takes[1] >> bands[1] & 1) == 0 ||
		    (row->exactly >= 0 && row->exactly != zeros))
			continue;
		calls |= 1u << row->call;
		out->reached[i] = true;
	}
	return calls;
}

static void check_judgement(const pw_assay *assay, const int *steps, const int *amps, int attempt,
			    unsigned calls)
{
	pw_measure measures[PW_ASSAY_MAX_TARGETS] = {{.present = false}};
	pw_verdict v;
	for (int t = 0; t < 2; t++) {
		measures[t] = (pw_measure){.present = true, .has_cq = steps[t] != STEPS};
		measures[t].cq = GRID_LOW + steps[t] / 4.0;
		measures[t].amp = (pw_amp)amps[t];
	}
	pw_assay_judge(assay, "", attempt, measures, &v);
	if (calls == 0)
		ck_assert_str_eq(v.rule, "no rule");
	else
		ck_assert_msg(calls >> v.call & 1, "%s by '%s' for %s", pw_call_name(v.call),
			      v.rule, v.text);
}

/* Every reading of the grid; and for every combination of bands a well that is in them, drawn among all
 * that are, judged and compared. */
static truth brute_force(const random_table *table, const pw_assay *assay, pw_rng *rng)
{
	truth out = {.hole = false};
	int example[2][4][2];
	for (int t = 0; t < 2; t++) {
		memset(example[t], -1, sizeof(example[t]));
		for (int step = 0; step <= STEPS; step++) {
			for (int amp = 0; amp < 4; amp++) {
				unsigned bands = bands_at(table, t, step, amp);
				int band = only_bit(bands);
				out.band_hole = out.band_hole || bands == 0;
				out.band_overlap = out.band_overlap || (bands != 0 && band < 0);
				if (band < 0 ||
				    (example[t][band][0] >= 0 && pw_rng_chance(rng, 0.8)))
					continue;
				example[t][band][0] = step;
				example[t][band][1] = amp;
			}
		}
	}
	for (int i = 0; i < 32; i++) {
		int attempt = 1 + i / 16, bands[2] = {i / 4 % 4, i % 4};
		if (example[0][bands[0]][0] < 0 || example[1][bands[1]][0] < 0)
			continue;
		unsigned calls = calls_at(table, bands, attempt, &out);
		out.hole = out.hole || calls == 0;
		out.disagree = out.disagree || (calls != 0 && only_bit(calls) < 0);
		check_judgement(assay, (int[]){example[0][bands[0]][0], example[1][bands[1]][0]},
				(int[]){example[0][bands[0]][1], example[1][bands[1]][1]}, attempt,
				calls);
	}
	return out;
}

static bool has_error(const pw_report *report, const char *code)
{
	for (size_t i = 0; i < report->len; i++)
		if (report->findings[i].severity == PW_ERROR &&
		    strcmp(report->findings[i].code, code) == 0)
			return true;
	return false;
}

START_TEST(test_random_tables_agree_with_brute_force)
{
	pw_rng rng;
	pw_rng_init(&rng, 20200608);
	int found[4] = {0};
	for (int round = 0; round < 1500; round++) {
		random_table table = random_rules(&rng);
		pw_assay *assay = table_as_assay(&table);
		pw_report report = PW_REPORT_INIT;
		pw_assay_lint(assay, &report);
		truth real = brute_force(&table, assay, &rng);
		ck_assert_int_eq(has_error(&report, "band-hole"), real.band_hole);
		ck_assert_int_eq(has_error(&report, "band-overlap"), real.band_overlap);
		/* where bands overlap the first line wins for the judge, so the rows' truth differs */
		if (!real.band_overlap) {
			ck_assert_int_eq(has_error(&report, "hole"), real.hole);
			ck_assert_int_eq(has_error(&report, "overlap"), real.disagree);
			size_t unreached = 0;
			for (int i = 0; i < table.row_count; i++)
				unreached += !real.reached[i];
			ck_assert_uint_eq(count_code(&report, "unreached-row"), unreached);
			found[2] += real.hole;
			found[3] += real.disagree;
		}
		found[0] += real.band_hole;
		found[1] += real.band_overlap;
		pw_report_clear(&report);
		pw_assay_free(assay);
	}
	for (int i = 0; i < 4; i++) /* the tables are neither all sound nor all broken */
		ck_assert_msg(found[i] > 100 && found[i] < 1400, "%d: %d", i, found[i]);
}
END_TEST

Suite *suite_assay_random(void);

Suite *suite_assay_random(void)
{
	Suite *suite = suite_create("assay_random");
	TCase *tcase = tcase_create("assay_random");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_random_tables_agree_with_brute_force);
	suite_add_tcase(suite, tcase);
	return suite;
}
