/* What a run of numbered labels must keep, counted on both sides of a cable: "never twice, never lost". */
#ifndef PW_TEST_PROMISE_H
#define PW_TEST_PROMISE_H

#include "devices/printers/printer.h"
#include "numbered.h"

#define PROMISE_MOST 64

typedef struct promise {
	const char *language;
	size_t count, first; /* labels before `first` are not in the run */
	pw_label_fate fate[PROMISE_MOST];
	size_t whole[PROMISE_MOST], fragments[PROMISE_MOST];
	size_t strange;    /* whole labels that are none of ours, dot for dot */
	const char *wrong; /* a fate went where none goes; NULL: none did */
	pw_str job;
} promise;

/* `source` and `changed` of a run, with the promise as its ctx. */
pw_status promise_source(void *ctx, size_t index, pw_label_bytes *out, pw_err *err);
pw_status promise_changed(void *ctx, size_t index, pw_label_fate fate, pw_err *err);

/* A label came out: numbered_read says which. */
void promise_printed(promise *p, int number, bool whole);

/* NULL, or what is wrong: a confirmed label that did not come out once, a waiting one of which anything did, or one that did
 * twice. *label: with which (from 1). */
const char *promise_broken(const promise *p, size_t *label);

/* How many have this fate. */
size_t promise_count(const promise *p, pw_label_fate fate);

#endif
