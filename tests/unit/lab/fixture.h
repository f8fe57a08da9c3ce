/*
 * What the laboratory's tests share: a laboratory in a temporary file, with a clock that the test holds and
 * forty people on its roster; short ways to bring a tube to the laboratory (plates and runs: bench.h); and
 * refusals, each of which must be recorded and change nothing else.
 *
 * When a test ends, the journal is replayed beside the tables (pw_store_verify_deep) and everybody who
 * waits for an answer must still be on somebody's list: see fixture_teardown.
 */
#ifndef PW_TESTS_LAB_FIXTURE_H
#define PW_TESTS_LAB_FIXTURE_H

#include <check.h>

#include "core/lab/lab.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* 2026-11-23T06:05:09Z, which is five past two in the afternoon where the tests are. */
#define FIXTURE_NOW ((pw_time)1795413909 * PW_SECOND)

#define PEOPLE \
	40 /* on the fixture's roster: E01 … E40, four to a household, from E31 on medical staff */
#define E01_NATIONAL_ID "11010519491231002X"

typedef struct fixture {
	char dir[64], path[96];
	pw_time now;
	pw_lab *lab;
	pw_arena arena;   /* until the test ends */
	pw_err err;       /* of the last call */
	pw_report report; /* of the last import */
	int64_t facts;    /* in the journal, when fixture_mark was called */
} fixture;

extern fixture fx;

/* Checked fixtures. With the policy of China, that of the United States, or an empty folder alone. */
void fixture_cn(void);
void fixture_us(void);
void fixture_folder(void);

/* Verifies the journal and the tables against each other, and the people (below). */
void fixture_teardown(void);

/* Whoever waits is in a tube that goes on, or is recalled; and no tube waits for nobody. */
void fixture_check_people(void);

/* The end of every suite: a case of `setup` and the teardown, with time for a slow machine. */
TCase *fixture_case(Suite *suite, const char *name, void (*setup)(void));

/* Closes the laboratory and opens it again, as another process has it. */
void fixture_reopen(void);

/* Who works: the reason goes into every fact until the next call; NULL for none. */
void as(const char *operator_id, const char *reason);

/* ---------------------------------------------------------------- what has to succeed, and what not */

#define must(call)                                                                              \
	do {                                                                                    \
		fx.err = (pw_err)PW_ERR_INIT;                                                   \
		pw_status must_rc = (call);                                                     \
		ck_assert_msg(must_rc == PW_OK, "%s: %s", pw_status_name(must_rc), fx.err.msg); \
	} while (0)

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The rule `code` says no, in a sentence with all of these words; the refusal is the journal's one new
 * fact. */
#define refused(call, code, ...)                                   \
	do {                                                       \
		fixture_mark();                                    \
		fixture_refused((call), code, WORDS(__VA_ARGS__)); \
	} while (0)

/* As refused, where nothing is recorded: it was no scan, or one of many in a list. */
#define refused_unrecorded(call, code, ...)                                   \
	do {                                                                  \
		fixture_mark();                                               \
		fixture_refused_unrecorded((call), code, WORDS(__VA_ARGS__)); \
	} while (0)

/* The call fails with this status, in a sentence with these words, and the journal is as it was. */
#define fails(call, status, ...)                                   \
	do {                                                       \
		fixture_mark();                                    \
		fixture_fails((call), status, WORDS(__VA_ARGS__)); \
	} while (0)

void fixture_mark(void);
void fixture_refused(pw_status rc, const char *code, const char *const *words);
void fixture_refused_unrecorded(pw_status rc, const char *code, const char *const *words);
void fixture_fails(pw_status rc, pw_status status, const char *const *words);

int64_t fact_count(void);

/* The finding with this code whose text has all the words; the test fails where there is none. */
const pw_finding *finding(const char *code, const char *const *words);

/* How many findings have the code. */
int findings(const char *code);

/* ---------------------------------------------------------------- people */

/* "E07" for 7; lives as long as the test. */
const char *person(int n);
int64_t subject(int n);

/* "open", "positive", …: the person's last result; "" for none. `status_of` asserts nothing. */
const char *status_of(int n);

/* The persons first … last all have this status. */
void all_are(int first, int last, const char *status);

/* How many open recalls there are; and whether this person has one, of that tube. */
int open_recalls(void);
const pw_recalls_of_tube_row *recall_of(const char *tube, int n);

/* ---------------------------------------------------------------- tubes */

void open_tube(const char *tube, int capacity);
void swab(const char *tube, int n);

/* Opened, the persons from `first` on swabbed into it, closed; the others go on from there. */
void collect(const char *tube, int capacity, int first, int count);
void receive(const char *tube, int capacity, int first, int count);

const pw_tube_find_row *tube_row(const char *tube);
const char *state_of(const char *tube);

/* ---------------------------------------------------------------- texts from outside */

/* Imports a roster given as text. */
pw_status roster(const char *name, const char *text, bool link_known, pw_roster_outcome *out);

/* A file of ../shared/data/qpcr; false, with a word, when it is not there. Lives in the arena. */
bool shared_file(const char *name, const char **out, size_t *out_n);

#endif
