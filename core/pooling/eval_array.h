/*
 * Inside core/pooling: the two sides of an array, for eval_array*.c.
 *
 * A side's `lines` are its rows (or its columns), `cross` lines the others; person k stands in row
 * k / cols, column k % cols, as far as there are people.
 */
#ifndef PW_POOLING_EVAL_ARRAY_H
#define PW_POOLING_EVAL_ARRAY_H

#include "core/pooling/evaluate.h"

typedef struct pw_side {
	bool by_rows;
	size_t cols, people, lines, cross;
	pw_odds *odds;  /* of each line's test */
	double *nobody; /* P(nobody in the line) */
	double *size;   /* people in the line */
} pw_side;

/* The place of a line's cell; `people` or more: empty. */
size_t pw_side_cell(const pw_side *side, size_t line, size_t cross);

/* Adds the people of a line to a set, or takes them out. */
void pw_side_put(const pw_side *side, pw_nobody *set, size_t line, bool in);

/* P(all lines of a side negative and nobody in S positive), for S empty, one cell, or a cross line. */
typedef struct pw_silence {
	double plain;  /* S empty */
	double *cell;  /* by place: S = {the cell} */
	double *given; /* by place: P(all lines negative | the cell is positive) */
	double *cross; /* S = the cross line */
} pw_silence;

/* PW_ERR_LIMIT when households tie too many lines together. To be cleared on error too. */
PW_NODISCARD pw_status pw_silence_init(pw_silence *silence, const pw_side *side,
				       const pw_absence *absence, pw_err *err);
void pw_silence_clear(pw_silence *silence);

/*
 * The first two moments of the number of people tested alone, where they are independent. `uniform`: all
 * lines of a side are alike and full, all priors equal. With `nobody` priors are taken for 0. False for
 * more than 2048 cells that are not uniform: their pairs are too many.
 */
bool pw_array_moments(const pw_side *rows, const pw_side *cols, const pw_absence *absence,
		      bool uniform, bool nobody, double *out_mean, double *out_square);

#endif
