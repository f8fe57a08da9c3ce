/*
 * A printer for the laboratory's tests: what pw_label_maker is filled with. It has paper (a file, so that what came
 * out is there when the process is killed), and does what a test tells it: stop, go away, not tell, be killed.
 */
#ifndef PW_TESTS_LAB_PAPER_H
#define PW_TESTS_LAB_PAPER_H

#include "core/lab/labels.h"
#include "tests/unit/lab/fixture.h"

#define NEVER SIZE_MAX

typedef struct printer {
	/* what it is told */
	size_t window; /* labels that it takes before it says that the first of them came out; 1 */
	bool tells;    /* that a label came out; else all end unconfirmed */
	size_t out_of_paper_at; /* stops before this label of the run, is given up */
	size_t mended_at;       /* stops before this label, and goes on */
	size_t gone_at;         /* the cable is pulled when half of this label has left */
	size_t dropped_at; /* this label is thrown away when half of it has left, and sent again */
	size_t cant_make;  /* this label can't be made */
	size_t dies_after; /* so many things that it or its cable did: the process is killed */
	bool no_copy;      /* its templates have no field "copy" */
	/* what it saw */
	size_t runs, labels, stops, things;
	char templates[256]; /* of each run, a word each */
	size_t sizes[8];     /* … the bytes of the first ones */
	char last[400];      /* what stood on the last label: "id R2 field=text …" */
	pw_label_maker maker;
} printer;

/* Told nothing: prints. To be used where it stands. */
void printer_init(printer *p);

/* What came out of all printers of a test, in order, "id" or "id R2"; NULL-ended, in the arena. */
const char *const *paper(size_t *count);

/* How often a label of the identifier came out, and that copy of it. */
int came_out(const char *id);
int copy_came_out(const char *id, int64_t copy);

#endif
