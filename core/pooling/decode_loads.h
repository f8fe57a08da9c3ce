/*
 * Sets of positives weighed by the loads that would explain the Ct of their pools, for decode_loads*.c alone.
 *
 * A positive person has a load, told by the Ct `u` of their sample alone; the amounts in a pool add up, and
 * the pool's curve (decode_ct.h) says how likely its wells are then. The weight of a set is its prior times the
 * integral over everybody's u, of the distribution of loads times what the pools say. It is had by importance
 * sampling: everybody's load is drawn in turn from the density that those drawn before leave, with a
 * low-discrepancy sequence. That is right in the mean whatever the shape, and gives a standard error.
 * docs/internals/decoding.md, "Loads", derives it.
 */
#ifndef PW_POOLING_DECODE_LOADS_H
#define PW_POOLING_DECODE_LOADS_H

#include "core/pooling/decode_ct.h"
#include "core/pooling/decode_impl.h"

/* More positives than this are not weighed at once. */
#define PW_LOADS_MOST 48

/* Nodes of the grid over all loads, and of the grid of one person, which has the peaks of their pools too. */
#define PW_LOADS_COARSE 25
#define PW_LOADS_NODES  128

/* Elementary steps that the density of one person's load takes. */
#define PW_LOADS_CURVE_STEPS 1024

/* By pool: what its curve says by the Ct its load would give, from a table about its peaks. Outside the table it says
 * what it says at the ends. */
typedef struct pw_loads_pool {
	const pw_ct_curve *curve; /* NULL: a pool that was called, or a household */
	double dilution;          /* in cycles */
	double from, per_cycle;   /* of the table: its first Ct, and how many cells a cycle has */
	size_t cells;
	const double *cubic; /* [4k]: its logarithm in the k-th cell, from 0 to 1 */
	const double *reach; /* [k]: the largest logarithm in that cell or an earlier one */
	double spare;        /* about the chance that somebody's load is just what it shows */
	size_t peaks;
	pw_ct_peak peak[PW_CT_WELLS_MAX + 1];
} pw_loads_pool;

typedef struct pw_loads {
	const pw_problem *p;
	double rate;      /* natural logarithm of the growth in a cycle */
	double low, high; /* between these u are looked for */
	pw_loads_pool *pool;
	size_t coarse; /* the grid over all loads, with its amounts and the density's logarithm */
	double coarse_u[PW_LOADS_COARSE], coarse_amount[PW_LOADS_COARSE];
	double coarse_log[PW_LOADS_COARSE];
	double log_none; /* prior of nobody positive */
	double *open;    /* by person: bound of the logarithm of what their pools may say */
	/* the set settled last */
	double *amount;      /* by pool */
	uint32_t *positives; /* by pool */
	double *seen;        /* by pool: the logarithm of its likelihood */
	/* room */
	double *gradient, *hessian, *known, *hoped;
	uint32_t *list_start, *list;      /* by pool: the numbers in the set of its members */
	struct pw_load_curve *drawn_from; /* PW_LOADS_MOST */
} pw_loads;

/* When the effort is over, what is left of `open` is a bound that needs no work. */
void pw_loads_init(pw_loads *l, const pw_problem *p, pw_effort *effort, pw_arena *arena);

/* What a pool says when the amount in it would show this Ct; and the most it may say with as much, or more. */
double pw_loads_pool_log(const pw_loads_pool *pool, double ct);
double pw_loads_pool_reach(const pw_loads_pool *pool, double ct);

/* The Ct that an amount in a pool would show. */
double pw_loads_ct(const pw_loads *l, size_t pool, double amount);

/* The logarithm of the likelihood of a pool that was called, with k positives. */
double pw_loads_called(const pw_loads *l, size_t pool, uint32_t k);

/* Fills list, list_start and positives: who of the set is in which pool. */
void pw_loads_list(pw_loads *l, const uint32_t *at, size_t count);

/* The logarithm of the density of loads at u, and its derivatives; the edges of a bounded distribution are soft
 * here, for the search of a mode, and sharp in the second. */
pw_ct_value pw_loads_prior(const pw_loads *l, double u);
double pw_loads_prior_log(const pw_loads *l, double u);

/*
 * Finds the likeliest loads of a set (count <= PW_LOADS_MOST): u[] has where to begin (NAN: find out) and becomes
 * them. Leaves the set in l, with their amounts. Returns the logarithm of the density there: of loads and pools,
 * without what anybody's prior says.
 */
double pw_loads_settle(pw_loads *l, const uint32_t *at, size_t count, double *u);

/* ---- One person ---- */

/* The density of one person's load on a grid that is fine where their pools say much, linear in between;
 * `log` is the logarithm of its integral. */
typedef struct pw_load_curve {
	size_t count;
	double u[PW_LOADS_NODES];
	double value[PW_LOADS_NODES]; /* relative to e^top */
	double below[PW_LOADS_NODES]; /* integral up to the node, likewise */
	double top, log;
} pw_load_curve;

/*
 * Given the others: known[i] is their amount in pool i; hoped[i] what others that are not known yet may add to it
 * (0: nobody). Those may also fill the pool up with whatever is missing, to the pool's `spare` part. hoped NULL: nobody
 * else will come to any pool; `open`: to every pool may come what will.
 */
void pw_load_curve_make(const pw_loads *l, uint32_t person, const double *known,
			const double *hoped, bool open, pw_load_curve *out);

/* The load that the share x (0 to 1) of the density lies below, and the logarithm of the density there. */
double pw_load_curve_draw(const pw_load_curve *curve, double x, double *out_log_density);

/* The mode, of the nodes. */
double pw_load_curve_mode(const pw_load_curve *curve);

/* The logarithm of the factor that one more person would bring to the set settled last, the others' loads
 * staying as they are; *out_u becomes that person's likeliest load. */
double pw_loads_gain(const pw_loads *l, uint32_t person, double *out_u);

/* No gain is larger, whatever the others' loads: quick to tell. */
double pw_loads_gain_bound(const pw_loads *l, uint32_t person);

/* ---- Weighing ---- */

typedef struct pw_loads_weight {
	double log;   /* -INFINITY when the set is impossible */
	double error; /* relative standard error, from batches of the draws */
} pw_loads_weight;

/*
 * Weighs the set settled last, whose likeliest loads are u[], by so many draws, a multiple of 8. `seed` shifts the
 * sequence. A draw that is likelier than u[] takes its place. When the first draws put the logarithm of the weight
 * below `floor`, they are all.
 */
pw_loads_weight pw_loads_weigh(pw_loads *l, const uint32_t *at, size_t count, double *u,
			       size_t draws, uint64_t seed, double floor);

/* No set weighs more than this: what pools say with nobody in them, and at most what they can say otherwise. */
double pw_loads_weight_bound(pw_loads *l, const uint32_t *at, size_t count);

/* ---- Where to begin ---- */

/*
 * Shares the amounts in the pools out among everybody by least squares of the relative error, nobody below 0;
 * part[j] becomes what j gets over what the pool with least of j's has. Where to begin a search.
 */
void pw_loads_apportion(const pw_loads *l, pw_effort *effort, double *part, pw_arena *arena);

#endif
