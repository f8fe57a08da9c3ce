/*
 * What a laboratory decides from laboratory pools: how large they may be and of whom, what a well is taken to
 * tell, and when what was decoded counts as an answer. A part of the policy (profile.h), because laboratories and
 * countries differ; the mechanism is docs/internals/laboratory-pools.md.
 *
 * Pure. A prior is not a test: nobody is negative from pools who is in no well that read negative. And a well of a
 * tube's own is a test, also where there is too much in a batch for its pools to be worked back.
 */
#ifndef PW_MODEL_POOL_RULE_H
#define PW_MODEL_POOL_RULE_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/base/yaml.h"

/* Which tubes that were decoded as positive need a well of their own before that counts. */
typedef enum pw_pool_confirm {
	PW_CONFIRM_SINGLES, /* one person's: their answer hangs on it; a collected pool is recalled at once */
	PW_CONFIRM_ALL,
	PW_CONFIRM_NONE,
} pw_pool_confirm;

/* What becomes of tubes that pools left undecided. */
typedef enum pw_pool_next {
	PW_POOL_NEXT_ROUNDS,    /* a well each, all at once: fewest rounds */
	PW_POOL_NEXT_TESTS,     /* singles and new pools: fewest tests */
	PW_POOL_NEXT_RECOLLECT, /* their people are swabbed again */
} pw_pool_next;

const char *pw_pool_confirm_name(pw_pool_confirm confirm); /* "singles" */
const char *pw_pool_next_name(pw_pool_next next);          /* "rounds" */
bool pw_pool_next_parse(const char *text, pw_pool_next *out);

typedef struct pw_pool_rule {
	int max_pool;        /* tubes in a laboratory pool at most */
	bool pool_must_test; /* tubes with people of the must-test groups may be pooled */
	double prevalence;   /* the chance that a swab is positive, before any test */
	double sensitivity, specificity; /* of a well of one tube */
	double dilution; /* d: a pool of n tubes, one of them positive, reads positive with se/(d(n-1)+1) */
	double grey_positive,
		grey_negative; /* how often a pool with, without a positive is inconclusive */
	double confidence;     /* of an answer */
	pw_pool_confirm confirm;
	int own_wells; /* judged wells of a tube's own before its people are swabbed again */
	pw_pool_next next;
} pw_pool_rule;

/* What holds where a profile says nothing. */
/* clang-format off */
#define PW_POOL_RULE_INIT { .max_pool = 10, .prevalence = 0.005, .sensitivity = 0.97, .specificity = 0.995, \
	.dilution = 0.002, .grey_positive = 0.1, .grey_negative = 0.002, .confidence = 0.99, .own_wells = 2 }
/* clang-format on */

/*
 * Reads the key `laboratory_pools` of a profile; without it *rule stays as it is, and so does every value whose
 * key is left out. PW_ERR_FORMAT, with the place: a key that is not known, a value out of range, values
 * that make no sense together (a well that tells nothing; a confidence that no well can give).
 */
PW_NODISCARD pw_status pw_pool_rule_read(const pw_yaml_node *profile, pw_pool_rule *rule,
					 pw_err *err);

/* The chance that a tube with so many swabs is positive, of `prevalence` a swab. */
double pw_pool_rule_prior(double prevalence, int swabs);

/* ---- deciding */

/* What is left of a prior when so many wells of a tube's own read negative, and its pools are not asked. */
double pw_pool_rule_alone(const pw_pool_rule *rule, double prior, int own_negatives);

typedef struct pw_pool_evidence {
	double posterior, error; /* the exact posterior is within error of it */
	double alone;      /* by the tube's own wells, without its pools; 1: they do not tell */
	int negatives;     /* wells that hold the tube and read negative, its own among them */
	int own_negatives; /* wells of its own that read negative */
	int own_positives;
	int swabs; /* in the tube */
} pw_pool_evidence;

typedef enum pw_pool_verdict {
	PW_POOL_VERDICT_NEGATIVE,
	PW_POOL_VERDICT_POSITIVE,
	PW_POOL_VERDICT_CONFIRM,   /* positive, and a well of its own has to say so too */
	PW_POOL_VERDICT_UNDECIDED, /* another well may tell */
	PW_POOL_VERDICT_GIVE_UP,   /* as many wells of its own as are allowed did not decide it */
} pw_pool_verdict;

const char *pw_pool_verdict_name(pw_pool_verdict verdict); /* "to-confirm" */

pw_pool_verdict pw_pool_rule_decide(const pw_pool_rule *rule, const pw_pool_evidence *evidence);

#endif
