/*
 * sqlgen: labelled SQL → C. Run by CMake at build time; no part of the program.
 *
 * It reads the .sql files of core/store/sql and writes pw_sql.h (the structs and functions that the
 * rest of the program calls) and pw_sql.c (the tables that core/store runs). The labels are comments,
 * so that every .sql file is SQL for any other tool as well:
 *
 *	-- :schema                             what follows creates tables (one file: schema.sql)
 *
 *	-- :fact tube.opened/1 Text for the reference page.
 *	-- :field capacity int How many swabs it may hold.     text int real; `?` behind: may be absent;
 *	-- :field name text phi What the person is called.     `phi`: identifies a person
 *	-- :list people Who is in it.                          at most one list of records a fact
 *	-- :item subject int The subject's number.
 *	-- :apply                                              SQL that the fact does to the tables
 *	-- :apply each                                         the same, once for each record of the list
 *
 *	-- :one  tube_find The tube of a barcode.              a query of at most one row
 *	-- :many open_tubes …                                  a query of rows, all in memory
 *	-- :each results …                                     a query of rows, read one by one (pw_cursor)
 *	-- :exec journal_insert …                              a statement without rows, for core/store
 *	-- :in  tube text                                      parameters, in the order of the C function
 *	-- :out capacity int                                   columns, in the order of the SELECT
 *	-- :scan-ok "why this may read a whole table"
 *
 * Parameters are `$name` in the text: the field's, record's or query's own names, and in an :apply also
 * $seq, $at, $actor, $station and $reason of the fact. The engine's own form is written: ?1 for SQLite,
 * $1 for PostgreSQL (--engine postgresql), where CREATE TABLE also differs (STRICT, type names).
 */
#ifndef PW_STORE_GEN_SQLGEN_H
#define PW_STORE_GEN_SQLGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define MAX_FIELDS     40
#define MAX_STATEMENTS 400
#define MAX_FACTS      100
#define MAX_APPLIES    12
#define MAX_NAME       64

typedef enum engine { SQLITE, POSTGRESQL } engine;
typedef enum value_type { T_TEXT, T_INT, T_REAL, T_LIST } value_type;

typedef struct field {
	char name[MAX_NAME];
	value_type type;
	bool optional, phi;
	char doc[240];
} field;

typedef enum statement_kind { K_APPLY, K_ONE, K_MANY, K_EACH, K_EXEC } statement_kind;

typedef struct statement {
	statement_kind kind;
	bool each; /* K_APPLY: once a record */
	char name[2 * MAX_NAME];
	char doc[240];
	field in[MAX_FIELDS], out[MAX_FIELDS];
	int in_count, out_count;
	char scan_ok[200];
	char *sql;
	const char *file;
	int line;
} statement;

typedef struct fact {
	char name[MAX_NAME];   /* tube.opened/1 */
	char c_name[MAX_NAME]; /* tube_opened, and tube_opened_2 for /2 */
	char doc[240];
	field fields[MAX_FIELDS], items[MAX_FIELDS];
	int field_count, item_count;
	char list[MAX_NAME]; /* "" when it has none */
	int applies[MAX_APPLIES], apply_count;
} fact;

typedef struct input {
	engine engine;
	statement *statements;
	int statement_count;
	fact *facts;
	int fact_count;
	char *schema;
} input;

void parse_file(input *in, const char *path);
void emit_header(const input *in, FILE *out);
void emit_source(const input *in, FILE *out);

/* The schema, and a PREPARE of every statement with the types of its parameters: a script that another
 * engine can be asked to take (./dev postgresql). */
void emit_dump(const input *in, FILE *out);

/* Ends the program with "file:line: text". */
#if defined(__GNUC__)
__attribute__((noreturn, format(printf, 3, 4)))
#endif
void fail_at(const char *file, int line, const char *format, ...);

#endif
