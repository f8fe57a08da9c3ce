/*
 * Decoding: from the results of pools to the probability that each person is positive.
 *
 * One model (docs/internals/decoding.md has the derivations): every person is positive with a chance of
 * their own, households may raise it together; a pool's result depends on how many of its members
 * are positive (the sensitivity may fall with dilution) or, when Ct values were read, on their
 * loads; extraction may fail; a pool without a positive may react all the same; pools may be missing or
 * grey. A plain "positive" or "negative" with a sensitivity and a specificity is the special case.
 *
 * What comes out is exact, by whichever method is cheapest, wherever that is tractable; where it is not,
 * sets of positives are searched in the order of their weight, and what the search leaves out is
 * bounded. Each posterior has a bound on its error, and the answer names its method. By loads (PW_DECODE_LOADS) the
 * weight of a set is an integral that is sampled, and the bound is four standard errors and an allowance for sets that
 * were not met, larger where searches with different draws do not agree: a statistical bound that is meant to hold, not
 * a proof (the command line says "bound_proved": false).
 * A search by loads that was stopped says that it knows nothing: nobody is decided by it.
 *
 * No clock and no randomness of its own: whoever wants a deadline hands in a function that says when it
 * has passed, and the seed of a search is an option. Samples and pools are numbered from 0 here and from
 * 1 in every text. Threads: any number may decode at the same time.
 */
#ifndef PW_POOLING_DECODE_H
#define PW_POOLING_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/pooling/design.h"

/* ---- What was seen ---- */

typedef enum pw_pool_call {
	PW_POOL_MISSING, /* '!' invalid, lost or not run: says nothing */
	PW_POOL_NEGATIVE,
	PW_POOL_POSITIVE,
	PW_POOL_GREY /* '?' neither: says nothing unless the model gives grey wells a chance */
} pw_pool_call;

/* '+', '-', '?', '!'. */
char pw_pool_call_char(pw_pool_call call);

#define PW_CT_WELLS_MAX 8

/* A well that was read by Ct: amplified at `ct`, or not at all ("undetermined"). */
typedef struct pw_ct_well {
	bool amplified;
	double ct; /* 0 unless amplified */
} pw_ct_well;

/*
 * What is known of a pool: a call, or the Ct of its replicate wells. With wells > 0 the call is not looked
 * at, unless it is PW_POOL_MISSING, which wins. Invalid replicates are left out.
 */
typedef struct pw_pool_reading {
	pw_pool_call call;
	uint8_t wells;
	pw_ct_well well[PW_CT_WELLS_MAX];
} pw_pool_reading;

/* ---- What is assumed ---- */

/* The chance that a pool of `size` samples, `positives` of them positive (at least 1), reads positive. */
typedef double (*pw_sensitivity_fn)(size_t positives, size_t size, const void *ctx);

typedef struct pw_pool_model {
	double se, sp; /* of a pool, if nothing below says otherwise; also of a Ct well:
					* 1 - se is the chance that amplification fails whatever the load,
					* 1 - sp that of a Ct out of nothing */
	const double *pool_se, *pool_sp; /* one a pool, or NULL */
	double dilution; /* d > 0: se·k/(d(n-k)+k) with k positives of n (Hill); 0: no dilution */
	pw_sensitivity_fn sensitivity; /* or a curve of your own; NULL: the line above */
	const void *sensitivity_ctx;
	double extraction_failure; /* the chance that a pool behaves as if it were empty */
	/* How often a pool with, without a positive reads grey; both 0: a grey well says nothing. Else se and sp are
	 * those of wells that are not grey. A pool read by Ct is never grey. */
	double grey_positive, grey_negative;
} pw_pool_model;

/* clang-format off */
#define PW_POOL_MODEL_INIT { .se = 0.95, .sp = 0.99 }
/* clang-format on */

/* What is known beforehand of the load of a positive person, as the Ct of their sample tested alone. */
typedef enum pw_load_kind {
	PW_LOAD_NORMAL, /* normal with mean `a` and standard deviation `b`, in cycles */
	PW_LOAD_FLAT,   /* any Ct between `a` and `b` alike */
	PW_LOAD_LINEAR /* any amount (copies, not cycles) alike between those of Ct `a` and of Ct `b` */
} pw_load_kind;

typedef struct pw_ct_model {
	double noise;      /* sd of a pool's Ct about what its load says, shared by its wells */
	double well_noise; /* sd between replicate wells of one pool; 0 only with a single well each */
	double efficiency; /* 1: doubling in every cycle; 0.95: times 1.95 */
	double cutoff;     /* later than this nothing is reported */
	double earliest;   /* a Ct out of nothing lies anywhere from here to the cutoff */
	bool diluted;      /* each sample of a pool of n gives an n-th part of its volume */
	pw_load_kind load_kind;
	double load_a, load_b;
} pw_ct_model;

/* clang-format off */
#define PW_CT_MODEL_INIT { .noise = 0.3, .well_noise = 0.3, .efficiency = 1.0, .cutoff = 40, \
	.earliest = 10, .diluted = true, .load_kind = PW_LOAD_NORMAL, .load_a = 27, .load_b = 6 }
/* clang-format on */

/* People who share a risk: with chance `exposed` the odds of every member are multiplied by `odds`. */
typedef struct pw_household {
	double exposed;
	double odds; /* at least 1 */
} pw_household;

#define PW_NO_HOUSEHOLD UINT32_MAX

typedef struct pw_evidence {
	const pw_design *design;
	const pw_pool_reading *readings; /* one a pool */
	double prior;                    /* of everybody, unless `priors` is given */
	const double *priors;            /* one a sample, or NULL */
	const uint32_t *household_of;    /* one a sample, PW_NO_HOUSEHOLD for none; or NULL */
	const pw_household *households;
	size_t household_count;
	pw_pool_model test;
	pw_ct_model ct; /* looked at only if a reading has wells */
} pw_evidence;

/* ---- How to go about it ---- */

typedef enum pw_decode_method {
	PW_DECODE_AUTO,
	PW_DECODE_INDEPENDENT, /* nothing connects anybody: the priors themselves */
	PW_DECODE_SUBSETS,     /* the sum over all 2^n sets of positives */
	PW_DECODE_STATES,      /* the sum over all states of the pools, row by column for arrays */
	PW_DECODE_SUPPORTS,    /* sets in the order of their weight, the rest bounded */
	PW_DECODE_LOADS        /* as supports, each set weighed by the loads that explain its Ct */
} pw_decode_method;

const char *pw_decode_method_name(pw_decode_method method); /* "pool-states" */

typedef struct pw_decode_opts {
	size_t max_positives;       /* it is known that no more are positive; 0: it is not */
	double epsilon;             /* the error that may be left where a search is needed */
	size_t sets;                /* how many of the likeliest sets to give */
	bool (*expired)(void *ctx); /* true: come to an end; NULL: never */
	void *ctx;
	uint64_t effort; /* the same in elementary steps, the same on every machine; 0: 2^30 */
	uint64_t seed;   /* of the search over loads */
	pw_decode_method method; /* not AUTO: use this one or fail; for tests and comparisons */
} pw_decode_opts;

/* clang-format off */
#define PW_DECODE_OPTS_INIT { .epsilon = 1e-6, .sets = 16, .seed = 1 }
/* clang-format on */

/* ---- What is known afterwards ---- */

/* "These and nobody else are positive." */
typedef struct pw_decoded_set {
	double posterior;
	const uint32_t *at; /* sorted samples */
	size_t count;
} pw_decoded_set;

typedef struct pw_decoded {
	size_t samples;
	double *posterior; /* one a sample: the chance of being positive */
	double *error;     /* one a sample: |posterior - exact| is at most this, under the model */
	double bound;      /* the largest of them */
	double logz;       /* natural logarithm of the chance of these results */
	double logz_error; /* the exact one lies between logz and logz + logz_error; by loads, so far
			    * from logz to either side */
	double expected_positives;
	double *count; /* count[k]: the chance of exactly k positives */
	size_t counts; /* how many of them there are; what they lack to 1 is more positives, or
			* what a search left out. By the states of the pools each is within
			* 1e-12 and rounding, and 0 where rounding may be all of it */
	double beyond_limit; /* with max_positives: the share of the sets that it rules out would be at
			      * most this without it; else 0 */
	pw_decoded_set *sets; /* the likeliest, best first; need not be all */
	size_t set_count;
	pw_decode_method method; /* of the hardest part */
	size_t parts;            /* groups of persons that the evidence does not connect */
	bool stopped;            /* the deadline or the effort ended a search */
	uint32_t *set_members;   /* what the sets point into */
} pw_decoded;

/*
 * Decodes. PW_ERR_ARG names what makes no sense in the evidence (a chance outside 0 to 1, NaN, a reading
 * without wells in their place); PW_ERR_REFUSED "impossible-evidence" when nothing can explain the results
 * under the model (a positive pool of people who cannot be positive, with specificity 1), with the pool
 * where one can be named; PW_ERR_LIMIT when a method was asked for that cannot do it. *out belongs to
 * the caller: pw_decoded_clear.
 */
PW_NODISCARD pw_status pw_decode(const pw_evidence *evidence, const pw_decode_opts *opts,
				 pw_decoded *out, pw_err *err);

/* Frees; accepts a zeroed value, and leaves one. */
void pw_decoded_clear(pw_decoded *decoded);

/* Whose result is settled when somebody wants to be this sure, after the error is allowed for. */
typedef enum pw_person_call {
	PW_PERSON_UNDECIDED,
	PW_PERSON_NEGATIVE,
	PW_PERSON_POSITIVE
} pw_person_call;

pw_person_call pw_decoded_call(const pw_decoded *decoded, size_t sample, double confidence);
const char *pw_person_call_name(pw_person_call call); /* "undecided" */

#endif
