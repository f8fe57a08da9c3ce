/* The table of cli/out.h: cells are kept until the widths of the columns are known. */
#ifndef PW_CLI_OUT_TABLE_H
#define PW_CLI_OUT_TABLE_H

#include "cli/out.h"
#include "cli/term.h"
#include "core/base/arena.h"
#include "core/base/vec.h"

typedef struct pw_table {
	const pw_column *columns; /* ended by PW_COLUMNS_END */
	size_t width;             /* how many columns there are */
	const pw_term *term;
	pw_arena arena;
	PW_VEC(const char *) cells; /* row by row, made visible; NULL = no value */
} pw_table;

/* Begins anew; `columns` and `term` must outlive the table. */
void pw_table_init(pw_table *table, const pw_column *columns, const pw_term *term);

/* Frees; accepts a zeroed table, and leaves one. */
void pw_table_clear(pw_table *table);

/* The next cell, copied; NULL = no value. */
void pw_table_add(pw_table *table, const char *text);

/* Rows under a header; nothing at all when there is no row. */
void pw_table_print_list(const pw_table *table, pw_str *out);

/* The one row, a line for each column. */
void pw_table_print_object(const pw_table *table, pw_str *out);

#endif
