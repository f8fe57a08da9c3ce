/* What the tests of run files share: real files where they are at hand, and reading with a report. */
#ifndef PW_TESTS_RUN_TEST_H
#define PW_TESTS_RUN_TEST_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/report.h"
#include "core/base/str.h"
#include "core/exchange/cfx.h"
#include "core/exchange/run_reader.h"

typedef struct run_test {
	pw_arena arena;
	pw_report report;
	pw_run_file run;
	pw_err err;
	pw_status rc;
} run_test;

static inline void run_test_clear(run_test *t)
{
	pw_report_clear(&t->report);
	pw_arena_clear(&t->arena);
}

static inline void run_test_read_n(run_test *t, const char *bytes, size_t n, const char *name)
{
	*t = (run_test){.arena = PW_ARENA_INIT, .report = PW_REPORT_INIT, .err = PW_ERR_INIT};
	t->rc = pw_run_file_read(bytes, n, name, &t->arena, &t->run, &t->report, &t->err);
}

static inline void run_test_read(run_test *t, const char *text, const char *name)
{
	run_test_read_n(t, text, strlen(text), name);
}

/* The reading of "A1" and the target, which must be there. */
static inline const pw_reading *run_test_find(const run_test *t, const char *well,
					      const char *target)
{
	pw_well at;
	ck_assert_int_eq(pw_well_parse(well, t->run.plate, &at, NULL), PW_OK);
	for (size_t i = 0; i < t->run.reading_count; i++)
		if (pw_well_eq(t->run.readings[i].well, at) &&
		    strcmp(t->run.readings[i].target, target) == 0)
			return &t->run.readings[i];
	ck_abort_msg("no reading of %s in %s", target, well);
	return NULL;
}

static inline const pw_curve *run_test_curve(const run_test *t, const char *well,
					     const char *target)
{
	pw_well at;
	ck_assert_int_eq(pw_well_parse(well, t->run.plate, &at, NULL), PW_OK);
	for (size_t i = 0; i < t->run.curve_count; i++)
		if (pw_well_eq(t->run.curves[i].well, at) &&
		    strcmp(t->run.curves[i].target, target) == 0)
			return &t->run.curves[i];
	return NULL;
}

/* The first finding with the code, or NULL. */
static inline const pw_finding *run_test_finding(const run_test *t, const char *code)
{
	for (size_t i = 0; i < t->report.len; i++)
		if (strcmp(t->report.findings[i].code, code) == 0)
			return &t->report.findings[i];
	return NULL;
}

/* A file of ../shared/data/qpcr; false, with a word, when it is not there. */
static inline bool run_test_shared(const char *name, pw_str *out)
{
	char path[1024], buffer[4096];
	snprintf(path, sizeof(path), "%s/qpcr/%s", PW_SHARED_DATA, name);
	FILE *f = fopen(path, "rb");
	if (f == NULL) {
		printf("skipped: ../shared/data is not there\n");
		return false;
	}
	size_t n;
	while ((n = fread(buffer, 1, sizeof(buffer), f)) > 0)
		pw_str_add_n(out, buffer, n);
	fclose(f);
	return true;
}

#endif
