/*
 * How fast a label is made: 60 × 40 mm at 300 dpi with a bar code, a Data Matrix, a QR and four texts, of which
 * the number and the name are others on every label, laid out, burnt and encoded. The yardstick is what a script does
 * instead, for the symbols alone: the zint program makes a PNG of each, netpbm's pngtopam and pgmtopbm convert that
 * to black and white, and those dots are encoded as ZPL in this process. Processor time counts, of this process and of the programs, and
 * the best of several rounds. Then 10,000 labels in one go, and what that leaves in memory.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "labels/dialect.h"
#include "labels/press.h"
#include "tests/bench/timing.h"

#define ROUNDS 9
#define LABELS 100
#define MANY   10000
#define CALLS  10
#define DPI    300

extern char **environ;

#define HEAD                                                                   \
	"poolwell: label/1\nname: bench\nversion: 1\nsize: [60, 40]\ngap: 3\n" \
	"fields: {id: {example: SZT00000124M}, name: {example: Li Na}}\nelements:\n"

static const char full[] = HEAD "  - {text: \"{name}\", at: [2, 1, 56, 5], bold: yes}\n"
				"  - {code128: \"{id}\", at: [2, 7, 56, 10], module: 0.25}\n"
				"  - {text: \"{id:grouped}\", at: [2, 17, 56, 5], align: centre}\n"
				"  - {datamatrix: \"{id}\", at: [2, 23, 15, 15]}\n"
				"  - {qr: \"{id}\", at: [18, 23, 16, 16]}\n"
				"  - {text: \"2026-11-23 14:05\", at: [36, 24, 22, 4]}\n"
				"  - {text: City laboratory, at: [36, 30, 22, 4]}\n";
static const char bars_only[] =
	HEAD "  - {code128: \"{id}\", at: [2, 7, 56, 10], module: 0.25}\n"
	     "  - {text: \"{id:grouped}\", at: [2, 17, 56, 5], align: centre}\n";

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* Processor time of this process and of those it waited for: other work on the machine does not count. */
static double processor_now(void)
{
	struct rusage self, children;
	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	return seconds(self.ru_utime) + seconds(self.ru_stime) + seconds(children.ru_utime) +
	       seconds(children.ru_stime);
}

/* A template and its press. */
typedef struct work {
	pw_label_template *t;
	pw_press *press;
} work;

static work open_work(const char *text)
{
	work w = {NULL, NULL};
	must(pw_label_template_parse(text, strlen(text), "bench.yaml", &w.t, &timing_err));
	must(pw_press_new(w.t, DPI, &w.press, &timing_err));
	return w;
}

static void close_work(work *w)
{
	pw_press_free(w->press);
	pw_label_template_free(w->t);
}

/* One label, from its fields to its job; how many bytes that is. */
static size_t make(const work *w, int number, pw_dialect dialect, size_t *out_raw)
{
	static const char *const first[] = {"Nguyễn Thị", "Wilhelmina", "Li", "José", "Anna-Maria"};
	static const char *const last[] = {"Minh Khai", "Featherstone", "Na", "Ñandú",
					   "O'Brien",   "Hansen",       "Xu"};
	char id[16], name[60];
	snprintf(id, sizeof(id), "SZT%08dM", number);
	snprintf(name, sizeof(name), "%s %s %d", first[number % 5], last[number % 7], number);
	const pw_label_value values[] = {{"id", id}, {"name", name}};
	const pw_label_values label = {values, 2};
	const pw_print_job job = {.copies = 1, .gap = 3000};
	pw_label_layout *layout = NULL;
	pw_raster raster = PW_RASTER_INIT;
	pw_str out = PW_STR_INIT;
	must(pw_press_layout(w->press, &label, 1, &layout, &timing_err));
	must(pw_press_raster(w->press, layout, &raster, &timing_err));
	must(pw_dialect_encode(dialect, &raster, &job, &out, &timing_err));
	size_t bytes = out.len;
	*out_raw = pw_raster_bytes(&raster);
	pw_str_clear(&out);
	pw_raster_clear(&raster);
	pw_label_layout_free(layout);
	return bytes;
}

/* The best round's mean, and how many bytes a job has in the mean. */
static double time_labels(const work *w, pw_dialect dialect, double *out_bytes)
{
	double best = 1e9;
	size_t raw, bytes = 0;
	for (int round = 0; round < ROUNDS; round++) {
		double from = processor_now();
		bytes = 0;
		for (int i = 0; i < LABELS; i++)
			bytes += make(w, round * LABELS + i, dialect, &raw);
		double each = (processor_now() - from) / LABELS;
		best = each < best ? each : best;
	}
	*out_bytes = (double)bytes / LABELS;
	return best;
}

/* Runs a program with its standard output in a file; whether it could be and did well. */
static bool run(const char *const *words, const char *out)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status = -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	bool ok =
		posix_spawnp(&pid, words[0], &actions, NULL, (char *const *)words, environ) == 0 &&
		waitpid(pid, &status, 0) == pid && status == 0;
	posix_spawn_file_actions_destroy(&actions);
	return ok;
}

/* The dots of a raw PBM, whose bits are as ours. */
static bool read_pbm(const char *path, pw_raster *out)
{
	int width = 0, height = 0;
	FILE *f = fopen(path, "rb");
	bool ok = f != NULL && fscanf(f, "P4 %d %d", &width, &height) == 2 && fgetc(f) != EOF &&
		  pw_raster_init(out, width, height, DPI, NULL) == PW_OK &&
		  fread(out->bits, 1, pw_raster_bytes(out), f) == pw_raster_bytes(out);
	if (f != NULL)
		fclose(f);
	return ok;
}

/* One symbol by programs: zint, pngtopam, pgmtopbm, and the ZPL of what they give. */
static bool by_programs(const char *kind, const char *folder)
{
	char png[60], pgm[60], pbm[60];
	snprintf(png, sizeof(png), "%s/symbol.png", folder);
	snprintf(pgm, sizeof(pgm), "%s/symbol.pgm", folder);
	snprintf(pbm, sizeof(pbm), "%s/symbol.pbm", folder);
	const char *zint[] = {"zint", "-b", kind, "--notext",     "--scale=1.5",
			      "-o",   png,  "-d", "SZT00000124M", NULL};
	const char *grey[] = {"pngtopam", png, NULL};
	const char *black[] = {"pgmtopbm", "-threshold", pgm, NULL};
	pw_raster raster = PW_RASTER_INIT;
	pw_str out = PW_STR_INIT;
	const pw_print_job job = PW_PRINT_JOB_INIT;
	bool ok = run(zint, "/dev/null") && run(grey, pgm) && run(black, pbm) &&
		  read_pbm(pbm, &raster);
	if (ok)
		must(pw_dialect_encode(PW_DIALECT_ZPL, &raster, &job, &out, &timing_err));
	pw_raster_clear(&raster);
	pw_str_clear(&out);
	unlink(png);
	unlink(pgm);
	unlink(pbm);
	return ok;
}

/* Code 128, Data Matrix, QR: the first `count` of them. Below 0 when a program is not there. */
static double time_programs(int count)
{
	static const char *const kinds[] = {"20", "71", "58"};
	char folder[] = "/tmp/pw-bench-XXXXXX";
	double best = 1e9;
	if (mkdtemp(folder) == NULL)
		return -1;
	for (int i = 0; i < CALLS && best > 0; i++) {
		double from = processor_now();
		bool ok = true;
		for (int k = 0; ok && k < count; k++)
			ok = by_programs(kinds[k], folder);
		double each = ok ? processor_now() - from : -1;
		best = each < best ? each : best;
	}
	rmdir(folder);
	return best;
}

static void compare(const char *what, double ours, double theirs, int symbols)
{
	printf("%s: %.2f ms\n", what, ours * 1000);
	if (theirs > 0)
		printf("  %d × zint, pngtopam, pgmtopbm and ZPL, for the symbols alone: %.1f ms, %.0f × as long\n",
		       symbols, theirs * 1000, theirs / ours);
	else
		printf("  zint or netpbm is not there: not compared\n");
}

static long peak_kb(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void stream(const work *w)
{
	size_t raw = 0, all = 0, all_raw = 0;
	long before = peak_kb();
	double from = processor_now();
	for (int i = 0; i < MANY; i++) {
		all += make(w, i, PW_DIALECT_ZPL, &raw);
		all_raw += raw;
	}
	printf("%d labels as ZPL: %.1f s, %.0f bytes a label for %.0f bytes of dots (%.1f %%), the peak of "
	       "memory %ld kB and %ld kB before\n",
	       MANY, processor_now() - from, (double)all / MANY, (double)all_raw / MANY,
	       100.0 * (double)all / (double)all_raw, peak_kb(), before);
}

int main(void)
{
	static const pw_dialect dialects[] = {PW_DIALECT_TSPL, PW_DIALECT_EPL, PW_DIALECT_BROTHER,
					      PW_DIALECT_BROTHER_WIDE};
	work w = open_work(full), bars = open_work(bars_only);
	double bytes = 0;
	double ours = time_labels(&w, PW_DIALECT_ZPL, &bytes);
	compare("a label of 60 × 40 mm at 300 dpi, three symbols and four texts, as ZPL", ours,
		time_programs(3), 3);
	for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++) {
		double each = time_labels(&w, dialects[i], &bytes);
		printf("  as %s: %.2f ms, %.0f bytes\n", pw_dialect_name(dialects[i]), each * 1000,
		       bytes);
	}
	compare("the same with one Code 128 and its text",
		time_labels(&bars, PW_DIALECT_ZPL, &bytes), time_programs(1), 1);
	stream(&w);
	close_work(&bars);
	close_work(&w);
	return 0;
}
