/*
 * How fast files are read and wells are judged. Each is timed beside a yardstick in the same run, so that
 * the numbers of two machines can be compared: for readers a walk with memchr over the same bytes, from
 * line end to line end; for judging the snprintf of a sentence like that of a verdict. The best of several
 * rounds counts: a disturbed round is slower, never faster.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/csv.h"
#include "core/base/str.h"
#include "core/exchange/roster.h"
#include "core/exchange/run_reader.h"
#include "core/exchange/run_writer.h"
#include "core/model/assay.h"
#include "core/model/shipped.h"

#define ROUNDS      7
#define ROSTER_ROWS 100000
#define JUDGEMENTS  200000

static double seconds_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void stop(const char *what, const pw_err *err)
{
	fprintf(stderr, "bench_readers: %s: %s\n", what, err->msg);
	exit(1);
}

/* ---------------------------------------------------------------- what is timed */

/* One reader, and what it is given. */
typedef struct work {
	const char *what, *things;
	pw_str text;
	const char *file_name;
	size_t count, per; /* how many it must find, and how many of them are one of `things` */
	size_t (*run)(const struct work *w);
} work;

static size_t read_csv(const work *w)
{
	pw_csv *csv = pw_csv_new(w->text.ptr, w->text.len, 0);
	const pw_csv_field *row;
	size_t fields, rows = 0;
	pw_err err = PW_ERR_INIT;
	do {
		if (pw_csv_next(csv, &row, &fields, &err) != PW_OK)
			stop(w->what, &err);
		rows += fields > 0 ? 1 : 0;
	} while (fields > 0);
	pw_csv_free(csv);
	return rows;
}

static size_t read_roster(const work *w)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_roster roster;
	pw_err err = PW_ERR_INIT;
	if (pw_roster_read(w->text.ptr, w->text.len, w->file_name, &arena, &roster, &report,
			   &err) != PW_OK)
		stop(w->what, &err);
	pw_report_clear(&report);
	pw_arena_clear(&arena);
	return roster.count;
}

static size_t read_run(const work *w)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_run_file run;
	pw_err err = PW_ERR_INIT;
	if (pw_run_file_read(w->text.ptr, w->text.len, w->file_name, &arena, &run, &report, &err) !=
	    PW_OK)
		stop(w->what, &err);
	pw_report_clear(&report);
	pw_arena_clear(&arena);
	return run.reading_count;
}

/* The yardstick. The answer is used, so that nobody optimises it away. */
static size_t walk(const work *w)
{
	size_t lines = 0;
	const char *at = w->text.ptr, *end = at + w->text.len;
	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		at++;
		lines++;
	}
	return lines;
}

/* ---------------------------------------------------------------- what they are given */

static pw_str roster_text(void)
{
	pw_str text = PW_STR_INIT;
	pw_str_add(&text, "姓名,编号,手机号,市,区县,街道,社区,户号,人群类别\n");
	for (int i = 0; i < ROSTER_ROWS; i++)
		pw_str_addf(
			&text,
			"张三%d,N%07d,138%08d,深圳市,南山区,粤海街道,科技园社区,H%06d,愿检尽检\n",
			i, i, i, i / 3);
	return text;
}

/* A run of a whole plate; `curves` of 45 cycles or none. */
static pw_str run_text(pw_plate_format plate, size_t targets, bool curves,
		       void (*write)(const pw_run_file *run, pw_str *out))
{
	static const char *const names[] = {"ORF1ab", "N", "IC", "E"};
	static const char *const dyes[] = {"FAM", "ROX", "Cy5", "VIC"};
	static double value[45];
	static pw_reading readings[384 * 4];
	static pw_curve curve[384 * 4];
	size_t n = (size_t)pw_plate_wells(plate) * targets;
	for (int k = 0; k < 45; k++)
		value[k] = 3 / (1 + exp(25.0 - k)) + 0.001 * k;
	for (size_t i = 0; i < n; i++) {
		pw_well well = pw_well_at((int)(i / targets), plate, PW_BY_ROW);
		readings[i] = (pw_reading){.well = well,
					   .sample = "CT00001234",
					   .target = names[i % targets],
					   .reporter = dyes[i % targets],
					   .task_text = "",
					   .task = PW_TASK_UNKNOWN,
					   .has_cq = i % 3 != 0,
					   .cq = 25.125,
					   .amp = i % 3 != 0 ? PW_AMP_YES : PW_AMP_NO,
					   .vendor_call = ""};
		curve[i] = (pw_curve){well, names[i % targets], value, 45};
	}
	pw_run_file run = {.format = "",
			   .instrument = "QuantStudio(TM) 7 Flex System",
			   .serial = "1",
			   .software = "",
			   .barcode = "P1",
			   .name = "P1",
			   .plate = plate,
			   .readings = readings,
			   .reading_count = n,
			   .curves = curve,
			   .curve_count = curves ? n : 0};
	pw_str text = PW_STR_INIT;
	write(&run, &text);
	return text;
}

/* ---------------------------------------------------------------- judging */

static pw_assay *shipped(const char *name)
{
	pw_assay *assay = NULL;
	pw_err err = PW_ERR_INIT;
	const pw_embedded *e = pw_shipped_assays;
	while (strcmp(e->name, name) != 0)
		e++;
	if (pw_assay_parse(e->bytes, e->size, e->name, &assay, &err) != PW_OK)
		stop(name, &err);
	return assay;
}

static double time_judging(const pw_assay *assay)
{
	pw_measure measures[PW_ASSAY_MAX_TARGETS] = {
		{.present = true, .has_cq = true, .cq = 38.5, .amp = PW_AMP_NO},
		{.present = true, .has_cq = false, .amp = PW_AMP_NO},
		{.present = true, .has_cq = true, .cq = 27, .amp = PW_AMP_YES}};
	pw_verdict v = {.call = PW_CALL_NONE};
	double begin = seconds_now();
	for (int i = 0; i < JUDGEMENTS; i++) {
		measures[2].cq = 25 + i * 1e-5;
		pw_assay_judge(assay, "QuantStudio(TM) 6 Flex System", 2, measures, &v);
		if (v.call != PW_CALL_NEGATIVE)
			abort();
	}
	return seconds_now() - begin;
}

static double time_sentences(void)
{
	char text[160];
	size_t length = 0;
	double begin = seconds_now();
	for (int i = 0; i < JUDGEMENTS; i++) {
		int n = snprintf(text, sizeof(text), "%s %.2f %s, %s no Cq %s, %s %.2f %s",
				 "ORF1ab", 38.5, "grey-flat", "N", "neg", "IC", 25 + i * 1e-5,
				 "ok");
		length += (size_t)n;
	}
	if (length == 0)
		abort();
	return seconds_now() - begin;
}

/* ---------------------------------------------------------------- the table */

static double best_of(size_t (*run)(const work *w), const work *w, size_t expected)
{
	double best = HUGE_VAL;
	for (int i = 0; i < ROUNDS; i++) {
		double begin = seconds_now();
		size_t count = run(w);
		double took = seconds_now() - begin;
		if (count != expected) {
			fprintf(stderr, "bench_readers: %s: %zu were read, not %zu\n", w->what,
				count, expected);
			exit(1);
		}
		best = took < best ? took : best;
	}
	return best;
}

static void show(work *w)
{
	double took = best_of(w->run, w, w->count);
	double yard = best_of(walk, w, walk(w));
	printf("%-26s %12.0f %-9s %8.1f %10.1f\n", w->what, (double)(w->count / w->per) / took,
	       w->things, (double)w->text.len / took / 1e6, took / yard);
	pw_str_clear(&w->text);
}

static void show_judging(void)
{
	pw_assay *assay = shipped("cn-orf1ab-n.yaml");
	double judging = HUGE_VAL, sentences = HUGE_VAL;
	for (int i = 0; i < ROUNDS; i++) {
		judging = fmin(judging, time_judging(assay));
		sentences = fmin(sentences, time_sentences());
	}
	printf("%-26s %12.0f %-9s %8s %10.1f  of the snprintf of its sentence\n",
	       "assay, three targets", JUDGEMENTS / judging, "wells/s", "-", judging / sentences);
	pw_assay_free(assay);
}

int main(void)
{
	work works[] = {
		{"CSV, 9 columns", "rows/s", roster_text(), "", ROSTER_ROWS + 1, 1, read_csv},
		{"roster", "people/s", roster_text(), "roster.csv", ROSTER_ROWS, 1, read_roster},
		{"QuantStudio, 96, curves", "files/s",
		 run_text(PW_PLATE_96, 2, true, pw_quantstudio_write), "P1.txt", 96 * 2, 96 * 2,
		 read_run},
		{"QuantStudio, 384, curves", "files/s",
		 run_text(PW_PLATE_384, 4, true, pw_quantstudio_write), "P1.txt", 384 * 4, 384 * 4,
		 read_run},
		{"CFX, 96", "files/s", run_text(PW_PLATE_96, 3, false, pw_cfx_cq_write),
		 "P1 -  Quantification Cq Results.csv", 96 * 3, 96 * 3, read_run},
		{"CFX, 384", "files/s", run_text(PW_PLATE_384, 3, false, pw_cfx_cq_write),
		 "P1 -  Quantification Cq Results.csv", 384 * 3, 384 * 3, read_run},
	};
	printf("%-26s %12s %-9s %8s %10s\n", "", "", "", "MB/s", "x memchr");
	for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++)
		show(&works[i]);
	show_judging();
	return 0;
}
