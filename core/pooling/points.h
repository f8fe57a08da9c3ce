/*
 * Complex numbers four at a time: the values of a polynomial at four points, for decode_states_points.c. What is
 * done to whole arrays of them is done in loops of a fixed length, which become vector instructions.
 */
#ifndef PW_POOLING_POINTS_H
#define PW_POOLING_POINTS_H

#include <stddef.h>

#define PW_POINTS 4

typedef struct pw_points {
	double re[PW_POINTS], im[PW_POINTS];
} pw_points;

static inline pw_points pw_points_of(double re)
{
	return (pw_points){{re, re, re, re}, {0, 0, 0, 0}};
}

static inline pw_points pw_points_mul(const pw_points *a, const pw_points *b)
{
	pw_points out;
	for (int k = 0; k < PW_POINTS; k++) {
		out.re[k] = a->re[k] * b->re[k] - a->im[k] * b->im[k];
		out.im[k] = a->re[k] * b->im[k] + a->im[k] * b->re[k];
	}
	return out;
}

static inline pw_points pw_points_scale(const pw_points *a, double by)
{
	pw_points out;
	for (int k = 0; k < PW_POINTS; k++) {
		out.re[k] = by * a->re[k];
		out.im[k] = by * a->im[k];
	}
	return out;
}

static inline void pw_points_add(pw_points *to, const pw_points *what)
{
	for (int k = 0; k < PW_POINTS; k++) {
		to->re[k] += what->re[k];
		to->im[k] += what->im[k];
	}
}

/* low += by · high, `count` each, `high` behind `low`; and so again every `step` further on, below `end`. */
void pw_points_blend(pw_points *x, size_t end, size_t step, size_t count, size_t high, double by);

/* f = scale · v · x + keep · f, `count` each; in `f` */
void pw_points_join(pw_points *restrict f, const pw_points *restrict x, const pw_points *restrict v,
		    size_t count, const pw_points *scale, double keep);

#endif
