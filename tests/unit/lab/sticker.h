/* Short ways to reserve, queue and look at labels, for the laboratory's tests. */
#ifndef PW_TESTS_LAB_STICKER_H
#define PW_TESTS_LAB_STICKER_H

#include "tests/unit/lab/paper.h"

/* The fixture's laboratory with printers "bench" and "desk". */
void fixture_printers(void);

/* Tube numbers, from the next that is free. */
pw_label_range reserve(int64_t count);

/* A template "tube" or another, version 1. */
const pw_label_stock *stock(const char *name);

/* Reserves and queues tube labels for "bench". */
int64_t queued(int64_t count);

/* The code of one of our numbers, or of the next that has one. */
const char *code_of(char kind, int64_t serial);

/* What the n-th label of the laboratory identifies, from 1. */
const char *nth(int64_t n);

/* The newest label of an identifier. */
const pw_labels_of_id_row *label_row(const char *id);
const char *label_state(const char *id);

/* How many labels are in a state. */
int in_state(const char *state);

/* Prints what waits for "bench". */
pw_status print_waiting(printer *p, pw_label_account *out);

/* The account is this. */
#define accounts(account, c, u, w)                           \
	do {                                                 \
		ck_assert_uint_eq((account).confirmed, c);   \
		ck_assert_uint_eq((account).unconfirmed, u); \
		ck_assert_uint_eq((account).waiting, w);     \
	} while (0)

#endif
