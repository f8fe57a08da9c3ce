/* The definition of decoding by Ct, integrated over everybody's load on a grid without a thought: what decoding
 * by loads is held against. Small designs only. */
#ifndef PW_TESTS_POOLING_LOADS_ORACLE_H
#define PW_TESTS_POOLING_LOADS_ORACLE_H

#include "core/base/rng.h"
#include "core/pooling/decode.h"

#define LOADS_PERSONS 6
#define LOADS_POOLS   5

typedef struct loads_oracle {
	double logz;
	double posterior[LOADS_PERSONS];
	double count[LOADS_PERSONS + 1];
	double weight[1 << LOADS_PERSONS]; /* by set, divided by z */
} loads_oracle;

/* The chance density of what a pool shows when the Ct that its load would give without noise is `mu`; INFINITY: with
 * nothing in it. The deviation that its wells share is integrated by the trapezium rule. */
double loads_oracle_pool(const pw_evidence *evidence, size_t pool, double mu);

/*
 * Sums over all sets of at most `limit` positives (0: all), and for each integrates over the loads: people who share
 * no pool apart, of those who do at most three at once. False when more than that would hang together.
 */
bool loads_oracle_sum(const pw_evidence *evidence, size_t limit, loads_oracle *out);

/* Evidence that owns what it points to. */
typedef struct loads_case {
	pw_evidence evidence;
	pw_design *design;
	pw_pool_reading readings[LOADS_POOLS];
	double priors[LOADS_PERSONS];
	uint32_t household_of[LOADS_PERSONS];
	pw_household households[2];
} loads_case;

/* What is in it. */
enum {
	WITH_REPLICATES = 1, /* several wells a pool, some of them blank */
	WITH_FAILURES = 2,   /* failed extraction, wells that fail, Ct out of nothing */
	WITH_CALLS = 4,      /* pools that were called, not read by Ct; missing and grey ones */
	WITH_DILUTED = 8,    /* and late Ct, so that dilution hides people */
	WITH_EDGES = 16,     /* loads flat or linear between two edges */
	WITH_SHARED_RISK = 32
};

/* Who is positive is drawn from the prior, and what is seen from the model (or from nowhere, now and then). */
void loads_case_make(loads_case *c, uint64_t seed, unsigned with);
void loads_case_clear(loads_case *c);

#endif
