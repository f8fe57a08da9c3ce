/*
 * What it costs to answer for labels: 10,000 tube labels are reserved, queued and printed by a printer that takes no
 * time. Beside it, in the same run: drawing such a label and encoding it as ZPL, and waiting for the disk once, as
 * each label would have to that were written down alone. And what the run leaves in memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/lab/labels.h"
#include "labels/dialect.h"
#include "labels/press.h"
#include "labels/shipped.h"
#include "tests/bench/timing.h"

#define LABELS 10000
#define DRAWN  200
#define WAITS  50
#define INSIDE 4 /* labels in the printer and not confirmed */

static long memory_kib(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* ---------------------------------------------------------------- a printer that takes no time */

static pw_status print(void *ctx, const pw_label_work *work, pw_err *err)
{
	pw_label_content content;
	(void)ctx;
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < work->count + INSIDE; i++) {
		if (i < work->count &&
		    ((rc = work->content(work->ctx, i, &content, err)) != PW_OK ||
		     (rc = work->changed(work->ctx, i, PW_WORK_SENDING, err)) != PW_OK ||
		     (rc = work->changed(work->ctx, i, PW_WORK_SENT, err)) != PW_OK))
			break;
		if (i >= INSIDE)
			rc = work->changed(work->ctx, i - INSIDE, PW_WORK_CONFIRMED, err);
	}
	return rc;
}

static double print_all(pw_lab *lab)
{
	const pw_label_maker maker = {.print = print};
	const pw_label_print what = {.printer = "bench"};
	pw_label_account account;
	double begun = timing_now();
	must(pw_lab_print_labels(lab, &what, &maker, &account, &timing_err));
	double took = timing_now() - begun;
	if (account.confirmed != LABELS)
		abort();
	return took;
}

/* ---------------------------------------------------------------- the yardsticks */

static double draw(const pw_embedded *file)
{
	pw_label_template *t = NULL;
	pw_press *press = NULL;
	const pw_label_value id = {"id", "SZT00000124M"};
	const pw_label_values values = {&id, 1};
	must(pw_label_template_parse(file->bytes, file->size, file->name, &t, &timing_err));
	must(pw_press_new(t, 300, &press, &timing_err));
	double begun = 0;
	for (int i = -1; i < DRAWN; i++) {
		pw_label_layout *layout = NULL;
		pw_raster raster = PW_RASTER_INIT;
		pw_print_job job = PW_PRINT_JOB_INIT;
		pw_str bytes = PW_STR_INIT;
		if (i == 0)
			begun = timing_now();
		must(pw_press_layout(press, &values, 1, &layout, &timing_err));
		must(pw_press_raster(press, layout, &raster, &timing_err));
		must(pw_dialect_encode(PW_DIALECT_ZPL, &raster, &job, &bytes, &timing_err));
		pw_str_clear(&bytes);
		pw_raster_clear(&raster);
		pw_label_layout_free(layout);
	}
	double took = (timing_now() - begun) / DRAWN;
	pw_press_free(press);
	pw_label_template_free(t);
	return took;
}

static double wait_for_disk(pw_lab *lab)
{
	char site[16];
	double begun = timing_now();
	for (int i = 0; i < WAITS; i++) {
		snprintf(site, sizeof(site), "S%d", i);
		must(pw_lab_add_site(lab, site, NULL, &timing_err));
	}
	return (timing_now() - begun) / WAITS;
}

/* ---------------------------------------------------------------- the laboratory */

static pw_lab *begin(const char *path)
{
	static const pw_named operators[] = {{"li", NULL}};
	const pw_label_printer printer = {"bench", "tcp:printer:9100", "zpl", 300};
	pw_lab *lab = NULL;
	const pw_lab_setup setup = {.name = "Bench",
				    .issuer = "SZ",
				    .profile = "cn",
				    .operators = operators,
				    .operator_count = 1,
				    .station = "bench",
				    .clock = pw_clock_system()};
	must(pw_lab_init(path, &setup, &lab, &timing_err));
	must(pw_lab_add_printer(lab, &printer, &timing_err));
	return lab;
}

static double queue(pw_lab *lab, const pw_embedded *file)
{
	const pw_label_stock stock = {"tube-13x75", 1, file->bytes, file->size};
	pw_label_range range;
	int64_t batch;
	double begun = timing_now();
	must(pw_lab_reserve_labels(lab, "tube", 0, LABELS, NULL, &range, &timing_err));
	must(pw_lab_queue_labels(lab, &range, &stock, "bench", NULL, &batch, &timing_err));
	return timing_now() - begun;
}

int main(void)
{
	char folder[] = "/tmp/poolwell-bench-XXXXXX", path[64], claims[80];
	const pw_embedded *file = pw_shipped_template("tube-13x75");
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/lab.db", folder);
	snprintf(claims, sizeof(claims), "%s-claims", path);
	pw_lab *lab = begin(path);
	double queued = queue(lab, file);
	long before = memory_kib();
	double printed = print_all(lab) / LABELS;
	long after = memory_kib();
	double drawn = draw(file), waited = wait_for_disk(lab);
	printf("%d labels reserved and queued       %8.0f ms\n", LABELS, queued * 1e3);
	printf("a label accounted for                  %8.1f µs\n", printed * 1e6);
	printf("  drawn and encoded, beside that       %8.1f µs   %.2f of it\n", drawn * 1e6,
	       printed / drawn);
	printf("  one wait for the disk                %8.1f µs   %.2f of it\n", waited * 1e6,
	       printed / waited);
	printf("memory grew while they were printed by %8ld KiB\n", after - before);
	pw_lab_close(lab);
	timing_remove_database(path);
	unlink(claims);
	return rmdir(folder);
}
