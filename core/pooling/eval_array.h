/*
 * Inside core/pooling: the two sides of an array, for eval_array.c and eval_array_var.c.
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

/*
 * The first two moments of the number of people tested alone, where they are independent. `uniform`: all
 * lines of a side are alike and full, all priors equal. With `nobody` priors are taken for 0. False for
 * more than 2048 cells that are not uniform: their pairs are too many.
 */
bool pw_array_moments(const pw_side *rows, const pw_side *cols, const pw_absence *absence,
		      bool uniform, bool nobody, double *out_mean, double *out_square);

#endif
