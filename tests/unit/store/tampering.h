/*
 * A copy of the story's database for somebody to tamper with, and what the store says of it afterwards.
 */
#ifndef PW_TESTS_STORE_TAMPERING_H
#define PW_TESTS_STORE_TAMPERING_H

#include "tests/unit/store/fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

extern pw_head story_head;         /* where the story ends */
extern pw_report tampering_report; /* what tampering_look found */

/* A checked fixture: the story's database at fx.path, closed. */
void tampering_setup(void);
void tampering_teardown(void);

/* The story's database, whole again. */
void tampering_start_anew(void);
const char *tampering_base(void);

/* Empties the report, and looks: pw_store_verify, or pw_store_verify_deep. */
typedef pw_status verify_fn(pw_store *store, pw_report *out, pw_head *head, pw_progress_fn progress,
			    void *ctx, pw_err *err);
void tampering_look(verify_fn *verify);

/* One finding has both pieces in it. */
void assert_found(const char *a, const char *b);
void assert_nothing_found(void);

/* A column of one of the tables that facts make. */
typedef struct column {
	char table[64], name[64], type[16];
	bool key, not_null;
	int place; /* in its table, from 0 */
} column;

/* All of them, table by table; pw_free. */
column *list_columns(int *count);

#endif
