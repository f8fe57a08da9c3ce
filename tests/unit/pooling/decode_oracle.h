/* The definition of the model, summed over all 2^n sets without a thought: what every method of decoding
 * is held against. And random evidence to hold it against. */
#ifndef PW_TESTS_POOLING_DECODE_ORACLE_H
#define PW_TESTS_POOLING_DECODE_ORACLE_H

#include "core/base/rng.h"
#include "core/pooling/decode.h"

#define ORACLE_PERSONS 14
#define ORACLE_POOLS   10

typedef struct oracle {
	double z;
	double posterior[ORACLE_PERSONS];
	double count[ORACLE_PERSONS + 1];
} oracle;

/* Without Ct. `limit` 0: none. */
oracle oracle_sum(const pw_evidence *evidence, size_t limit);

/* Evidence that owns what it points to. */
typedef struct random_case {
	pw_evidence evidence;
	pw_design *design;
	pw_pool_reading readings[ORACLE_POOLS];
	double priors[ORACLE_PERSONS];
	double pool_se[ORACLE_POOLS], pool_sp[ORACLE_POOLS];
	uint32_t household_of[ORACLE_PERSONS];
	pw_household households[3];
	size_t limit;
} random_case;

/* What may be in it. */
enum {
	WITH_DILUTION = 1,
	WITH_HOUSEHOLDS = 2,
	WITH_CERTAINTY = 4, /* priors of 0 and 1, perfect tests; may be impossible */
	WITH_LIMIT = 8,
	WITH_FEW_SHARED =
		16 /* no two persons share more than two pools, and tests are good: what the search
			      * over supports is quickest at */
};

void random_case_make(random_case *c, uint64_t seed, unsigned with);
void random_case_clear(random_case *c);

#endif
