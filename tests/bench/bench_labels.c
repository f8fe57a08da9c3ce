/*
 * How fast a label is made: 60 × 40 mm at 300 dpi with a bar code, a Data Matrix, a QR and four texts, laid out,
 * burnt and encoded as ZPL. The yardstick is what a script does instead: call the zint program once per
 * symbol, which draws the symbol alone. The best of several rounds counts. Then 10,000 labels in one go, and what
 * that leaves in memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "labels/dialect.h"
#include "labels/press.h"

#define ROUNDS 7
#define LABELS 200
#define MANY   10000
#define CALLS  10

static const char template_text[] =
	"poolwell: label/1\nname: bench\nversion: 1\nsize: [60, 40]\ngap: 3\n"
	"fields: {id: {example: SZT00000124M}, name: {example: Li Na}}\n"
	"elements:\n"
	"  - {text: \"{name}\", at: [2, 1, 56, 5], bold: yes}\n"
	"  - {code128: \"{id}\", at: [2, 7, 56, 10], module: 0.25}\n"
	"  - {text: \"{id:grouped}\", at: [2, 17, 56, 5], align: centre}\n"
	"  - {datamatrix: \"{id}\", at: [2, 23, 15, 15]}\n"
	"  - {qr: \"{id}\", at: [18, 23, 16, 16]}\n"
	"  - {text: \"2026-11-23 14:05\", at: [36, 24, 22, 4]}\n"
	"  - {text: City laboratory, at: [36, 30, 22, 4]}\n";

static double seconds_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void stop(const pw_err *err)
{
	fprintf(stderr, "bench_labels: %s\n", err->msg);
	exit(1);
}

/* One label, from its fields to its job; how many bytes that is. */
static size_t make(pw_press *press, int number, size_t *out_raw)
{
	char id[16];
	snprintf(id, sizeof(id), "SZT%08dM", number);
	const pw_label_value values[] = {{"id", id}, {"name", "Nguyễn Thị Minh Khai"}};
	const pw_label_values label = {values, 2};
	const pw_print_job job = {.copies = 1, .gap = 3000};
	pw_label_layout *layout = NULL;
	pw_raster raster = PW_RASTER_INIT;
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	if (pw_press_layout(press, &label, 1, &layout, &err) != PW_OK ||
	    pw_press_raster(press, layout, &raster, &err) != PW_OK ||
	    pw_dialect_encode(PW_DIALECT_ZPL, &raster, &job, &out, &err) != PW_OK)
		stop(&err);
	size_t bytes = out.len;
	*out_raw = pw_raster_bytes(&raster);
	pw_str_clear(&out);
	pw_raster_clear(&raster);
	pw_label_layout_free(layout);
	return bytes;
}

static double time_labels(pw_press *press)
{
	double best = 1e9;
	size_t raw;
	for (int round = 0; round < ROUNDS; round++) {
		double from = seconds_now();
		for (int i = 0; i < LABELS; i++)
			make(press, i, &raw);
		double each = (seconds_now() - from) / LABELS;
		best = each < best ? each : best;
	}
	return best;
}

/* Three symbols by the zint program; below 0 when it is not there. */
static double time_zint(void)
{
	double best = 1e9;
	for (int i = 0; i < CALLS; i++) {
		double from = seconds_now();
		for (int symbol = 0; symbol < 3; symbol++)
			if (system("zint --direct --filetype=png -d SZT00000124M >/dev/null 2>&1") !=
			    0)
				return -1;
		double each = seconds_now() - from;
		best = each < best ? each : best;
	}
	return best;
}

static long peak_kb(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

int main(void)
{
	pw_label_template *t = NULL;
	pw_press *press = NULL;
	pw_err err = PW_ERR_INIT;
	size_t raw = 0;
	if (pw_label_template_parse(template_text, sizeof(template_text) - 1, "bench.yaml", &t,
				    &err) != PW_OK ||
	    pw_press_new(t, 300, &press, &err) != PW_OK)
		stop(&err);
	size_t bytes = make(press, 1, &raw);
	double ours = time_labels(press), theirs = time_zint();
	printf("a label of 60 x 40 mm at 300 dpi: %.2f ms, %zu bytes of ZPL for %zu bytes of dots (%.0f "
	       "%%)\n",
	       ours * 1000, bytes, raw, 100.0 * (double)bytes / (double)raw);
	if (theirs > 0)
		printf("its three symbols by the zint program: %.1f ms, %.0f x as long\n",
		       theirs * 1000, theirs / ours);
	long before = peak_kb();
	for (int i = 0; i < MANY; i++)
		make(press, i, &raw);
	printf("%d labels more: %ld kB more memory at the peak of %ld kB\n", MANY,
	       peak_kb() - before, peak_kb());
	pw_press_free(press);
	pw_label_template_free(t);
	return 0;
}
