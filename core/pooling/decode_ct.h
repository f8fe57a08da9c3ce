/*
 * What the Ct values of one pool say about the load in it: a curve, the likelihood of the reading by the Ct
 * that the load would give without noise (`mu`), and one number, its likelihood with nothing in the pool.
 *
 * A well of a pool with something in it (docs/internals/decoding.md, "Ct"): with chance 1-sp it shows a Ct
 * from nowhere, anywhere between `earliest` and the cutoff; else with chance 1-se it fails; else its Ct is
 * normal about mu + d, where d is shared by the wells of the pool and the rest is the well's own, and is
 * seen if it is not later than the cutoff. Of several wells at most one, or else all, are from nowhere.
 * An extraction that failed makes the pool empty. The curve is in closed form; with two wells or more that
 * did not amplify, d is integrated numerically. Wells that differ by no noise at all are taken to differ by
 * 0.001 cycles.
 */
#ifndef PW_POOLING_DECODE_CT_H
#define PW_POOLING_DECODE_CT_H

#include "core/base/arena.h"
#include "core/pooling/decode.h"

typedef struct pw_ct_curve pw_ct_curve;

/* PW_ERR_ARG names what makes no sense. */
PW_NODISCARD pw_status pw_ct_model_check(const pw_ct_model *model, pw_err *err);

/* `pool` is for the sensitivity and specificity of its own. In `arena`. */
const pw_ct_curve *pw_ct_curve_make(const pw_pool_reading *reading, const pw_pool_model *test,
				    size_t pool, const pw_ct_model *model, pw_arena *arena);

/* Everything below is divided by the largest likelihood there can be; this is its logarithm. */
double pw_ct_curve_scale(const pw_ct_curve *curve);

/* The likelihood with nothing in the pool. */
double pw_ct_curve_empty(const pw_ct_curve *curve);

/* No load whatever has a likelihood above this. */
double pw_ct_curve_most(const pw_ct_curve *curve);

typedef struct pw_ct_value {
	double log;           /* of the likelihood; at least -700 */
	double first, second; /* its derivatives by mu */
} pw_ct_value;

pw_ct_value pw_ct_curve_at(const pw_ct_curve *curve, double mu);

/* Where to look for the load first: the mean of the Ct seen; the cutoff when there are none. */
double pw_ct_curve_centre(const pw_ct_curve *curve);

/* Whether any well amplified. */
bool pw_ct_curve_amplified(const pw_ct_curve *curve);

/* Whether any well did not. */
bool pw_ct_curve_blank(const pw_ct_curve *curve);

/* Where the curve has peaks: the mean of the wells, and of the wells but one where those may be right. Returns how
 * many, at most PW_CT_WELLS_MAX + 1; a pool without a Ct has none. */
typedef struct pw_ct_peak {
	double at, sd;
} pw_ct_peak;

size_t pw_ct_curve_peaks(const pw_ct_curve *curve, pw_ct_peak *out);

/* Whether two pools say the same whatever their load. May say no where they do. */
bool pw_ct_curve_same(const pw_ct_curve *a, const pw_ct_curve *b);

#endif
