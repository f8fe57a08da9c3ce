/*
 * Sets of positives weighed by the loads that would explain the Ct of their pools, for decode_loads*.c alone.
 *
 * A positive person has a load, told by the Ct `u` of their sample alone; the amounts in a pool add up, and
 * the pool's curve (decode_ct.h) says how likely its wells are then. The weight of a set is the integral over
 * everybody's u: Laplace's method about the likeliest loads, corrected coordinate by coordinate by a sum over
 * a grid (docs/internals/decoding.md, "Loads").
 */
#ifndef PW_POOLING_DECODE_LOADS_H
#define PW_POOLING_DECODE_LOADS_H

#include "core/pooling/decode_ct.h"
#include "core/pooling/decode_impl.h"

/* More positives than this are not fitted at once. */
#define PW_LOADS_MOST 48

typedef struct pw_loads {
	const pw_problem *p;
	double rate;      /* natural logarithm of the growth in a cycle */
	double *dilution; /* by pool: in cycles */
	double low, high; /* between these u are looked for */
	double **table;   /* by pool: the curve and its slope at table_from + k·table_step */
	double table_from, table_step;
	size_t table_length;
	double log_none; /* weight of nobody positive */
	/* the state a set is in, filled by pw_loads_fit */
	double *amount;      /* by pool */
	uint32_t *positives; /* by pool */
	double *seen;        /* by pool: the logarithm of its likelihood */
	/* room */
	double *gradient, *hessian, *share;
	uint32_t *slot; /* by pool: where its shares begin */
} pw_loads;

void pw_loads_init(pw_loads *l, const pw_problem *p, pw_arena *arena);

/*
 * The logarithm of the weight of a set (count <= PW_LOADS_MOST), -INFINITY when it is impossible. u[] has
 * where to begin (NAN: find out) and becomes the likeliest loads. Leaves the loads in l->amount.
 */
double pw_loads_fit(pw_loads *l, const uint32_t *at, size_t count, double *u);

/* The logarithm of the factor that one more person would bring to the set fitted last, the others' loads
 * staying as they are; *out_u becomes that person's likeliest load. */
double pw_loads_gain(const pw_loads *l, uint32_t person, double *out_u);

/*
 * Shares the amounts in the pools out among everybody by least squares of the relative error, nobody below 0;
 * part[j] becomes what j gets over what the pool with least of j's has. Where to begin a search.
 */
void pw_loads_apportion(const pw_loads *l, double *part, pw_arena *arena);

/* The logarithm of the density of loads at u, and its derivatives. */
pw_ct_value pw_loads_prior(const pw_loads *l, double u);

#endif
