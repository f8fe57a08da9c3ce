/*
 * The tables of an Applied Biosystems text export (quantstudio.h), for the files that read them:
 * quantstudio.c finds the blocks and reads the header, quantstudio_table.c goes through a block's rows,
 * quantstudio_rows.c makes readings and curves of them.
 */
#ifndef PW_EXCHANGE_QUANTSTUDIO_TABLE_H
#define PW_EXCHANGE_QUANTSTUDIO_TABLE_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/csv.h"
#include "core/base/report.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "core/exchange/run_build.h"
#include "core/model/run_file.h"

/* A block without its name's line; text.ptr is NULL when the file does not have it. */
typedef struct pw_qs_block {
	pw_slice text;
	int line; /* of the first line of `text`, from 1 */
} pw_qs_block;

/* A row of [Results], before the flags of its well are weighed. */
typedef struct pw_qs_row {
	pw_reading reading;
	bool has_flag, noamp;
} pw_qs_row;

typedef struct pw_qs_export {
	pw_arena *arena;
	pw_report *report;
	size_t errors_before; /* in the report, when this file was begun */
	const char *file_end; /* behind the last character of the file */
	pw_qs_block setup, amplification, results;
	pw_slice block_type;
	int block_type_line;
	pw_plate_format plate;
	char decimal; /* '.' or ',' */
	PW_VEC(pw_qs_row) rows;
	bool has_amp_status;
} pw_qs_export;

/* The columns that are read. */
enum {
	PW_QS_WELL,
	PW_QS_POSITION,
	PW_QS_OMIT,
	PW_QS_SAMPLE,
	PW_QS_TARGET,
	PW_QS_TASK,
	PW_QS_REPORTER,
	PW_QS_CALL,
	PW_QS_CQ,
	PW_QS_AMP_STATUS,
	PW_QS_NOAMP,
	PW_QS_CYCLE,
	PW_QS_RN,
	PW_QS_DELTA_RN,
	PW_QS_COLUMNS
};

/* A table that is being read. */
typedef struct pw_qs_table {
	pw_csv *csv;
	int first_line;             /* of the block, in the file */
	int columns[PW_QS_COLUMNS]; /* -1: not there */
	size_t header_count;
	const pw_csv_field *row;
	size_t count;
	int line; /* of the row, in the file */
} pw_qs_table;

/* Opens the block's table and reads its header; false when there is none. Close with pw_csv_free(t->csv) in
 * both cases. */
bool pw_qs_open(pw_qs_table *t, const pw_qs_block *block);

/* The next row of the table; false at its end. Rows that are no rows go into `report` (may be NULL). */
bool pw_qs_next(pw_qs_table *t, pw_report *report);

/* As pw_qs_next, for rows that are judged: stops where there is too much wrong to go on. */
bool pw_qs_next_judged(const pw_qs_export *qs, pw_qs_table *t);

pw_slice pw_qs_cell(const pw_qs_table *t, int what);
int pw_qs_column(const pw_qs_table *t, int what); /* where the cell starts, from 1; 0: nowhere */

/* The row's well as a number from 1 (0: it has none) and as a name, "" when it has none. 7500 writes the name
 * where others write the number. */
pw_slice pw_qs_name_of_well(const pw_qs_table *t, int *out_number);

/* The row's well; false with an error in the report (which may be NULL). */
bool pw_qs_read_well(const pw_qs_table *t, pw_plate_format plate, pw_well *out, pw_report *report);

/* The plate and the decimal separator, as far as the tables prove them. */
void pw_qs_survey(pw_qs_export *qs);

/* [Results] → qs->rows. */
void pw_qs_read_results(pw_qs_export *qs);

/* [Amplification Data] → curves. */
void pw_qs_read_curves(pw_qs_export *qs, pw_run_build *build);

/* Warns of what [Sample Setup] names and [Results] does not have ("setup-without-result"). */
void pw_qs_compare_setup(pw_qs_export *qs, const pw_run_build *build);

#endif
