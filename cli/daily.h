/*
 * The daily report. Persons ≠ swabs ≠ tubes ≠ wells ≠ tests: each figure says which it counts, and no
 * two kinds are ever added. Given also when all is zero.
 */
#ifndef PW_CLI_DAILY_H
#define PW_CLI_DAILY_H

#include "cli/cmd.h"
#include "pw_sql.h"

/* One figure for the must-test groups and one for voluntary subjects. */
typedef struct pw_split {
	int64_t must, voluntary;
} pw_split;

typedef struct pw_daily {
	pw_time day; /* any moment of the local day */
	pw_time from, to;
	pw_split registered, swabbed, swabs;             /* subjects, subjects, swabs */
	pw_split positive, negative, inconclusive, open; /* subjects */
	int64_t tubes_opened;
	pw_day_tubes_row tubes;
	pw_day_wells_row wells;
	pw_day_tests_row tests; /* of tubes */
	pw_day_lab_pools_row lab_pools;
	pw_day_recalls_row recalls;
	int64_t refused;         /* scans */
	size_t positive_without; /* positive pools whose members all came out negative */
	pw_pools_without_positive_row *without;
	pw_day_regions_row *regions;
	size_t region_count;
	char head[40];
} pw_daily;

/* Reads the figures of the day, all of one moment. */
PW_NODISCARD pw_status pw_daily_read(pw_ctx *ctx, pw_daily *d, pw_err *err);

/* Prints them: a page; with --json an object; with --csv one figure a row. */
void pw_daily_show(pw_ctx *ctx, const pw_daily *d);

/* The page alone, appended to *out. */
void pw_daily_page(pw_ctx *ctx, const pw_daily *d, pw_str *out);

#endif
