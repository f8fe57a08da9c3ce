/*
 * Advice: which scheme to test with. Every scheme of the kinds and sizes asked for that keeps to the
 * laboratory's constraints is evaluated exactly (evaluate.h); those that nothing beats in everything are
 * the front, the one with the fewest tests per person is the best. Beside it stands what no scheme at all
 * could do better than, and at which prevalence the best becomes another: when to shrink the pool.
 *
 * What is searched
 *   individual
 *   dorfman        every pool size
 *   hierarchical   every size of the first pool; for each the best way to cut it, of all ways: exact, by
 *                  dynamic programming, up to five rounds
 *   array          every square, and plates of 8 × 12 and 16 × 24; array-master the same
 *   cube           3-dimensional arrays of sides up to 10, and 3^4 and 3^5
 *   design         a list of known codes, triple systems and balanced designs, who is a candidate alone
 *
 * With priors the people of a forest stand in the order of risk, and its first pools are chosen too, so
 * that the whole is the best of all forests whose pools are neighbours in that order (Hwang 1975 for two
 * rounds); arrays are filled by risk (gradient).
 */
#ifndef PW_POOLING_ADVISE_H
#define PW_POOLING_ADVISE_H

#include "core/pooling/evaluate.h"

/* Bits of the kinds that are searched. */
enum {
	PW_ADVISE_INDIVIDUAL = 1,
	PW_ADVISE_DORFMAN = 2,
	PW_ADVISE_HIERARCHICAL = 4, /* three rounds and more; two, when no more are allowed */
	PW_ADVISE_ARRAY = 8,
	PW_ADVISE_ARRAY_MASTER = 16,
	PW_ADVISE_CUBE = 32,
	PW_ADVISE_DESIGN = 64,
	PW_ADVISE_ALL = 127
};

/* "all", "dorfman", "array", …; false for any other word. */
bool pw_advise_kinds_parse(const char *word, unsigned *out);

/* What there is to test after the first round. */
typedef enum pw_material {
	PW_MATERIAL_KEPT,     /* everybody's tube: any pool can be made again */
	PW_MATERIAL_ONCE,     /* everybody's tube for one round; after that a new swab: alone */
	PW_MATERIAL_COLLECTED /* swabs are pooled in one tube: one pool each; after that a new swab */
} pw_material;

#define PW_ADVISE_MAX_SIZE 200

typedef struct pw_advise_opts {
	unsigned kinds;            /* PW_ADVISE_…; 0: all */
	size_t min_size, max_size; /* of a first pool, and of a side of an array; 0: 2 and 40 */
	size_t max_stages;         /* rounds; 0: 3. At most 5 */
	size_t max_pool;           /* people in a pool; 0: no limit */
	size_t max_wells; /* pools of the first round of one array or design; 0: no limit */
	pw_material material;
	int64_t round_time,
		turnaround; /* in any one unit; rounds × round_time <= turnaround; 0: no limit */
	double min_pse;     /* schemes that find fewer are not considered; 0: any */
	double prevalence;
	const double *prior; /* or priors, `people` of them */
	size_t people;
	double se, sp;             /* of pools */
	double se_alone, sp_alone; /* of people alone; 0: the same */
	pw_dilution dilution;
	bool without_switches; /* saves time */
} pw_advise_opts;

typedef struct pw_advice_option {
	const char *word; /* as pw_scheme_parse takes it; static */
	char *size;       /* likewise; "9x27" for a design */
	char *made;       /* for a design, how it is made: "rs q=8 k=3 w=6"; else NULL */
	size_t people, stages, largest_pool, first_wells;
	double expected_tests, tests_per_person;
	double pipettings_per_person;
	double pse, psp, pppv, pnpv;
	bool on_front; /* nothing needs fewer tests, fewer pipettings, fewer rounds and finds more */
} pw_advice_option;

/* From prevalence `from` to `to` this is the best. */
typedef struct pw_advice_switch {
	double from, to;
	const char *word; /* static */
	char *size;
	double tests_from, tests_to; /* per person, at either end */
} pw_advice_switch;

typedef struct pw_advice {
	pw_advice_option *options; /* fewest tests per person first */
	size_t count, front;       /* how many, and how many of them are on the front */
	double bound; /* tests per person that any scheme takes at least; NaN: unknown */
	pw_advice_switch
		*switches; /* from 0.01 % to 50 %; of individual, forests (up to three rounds) and
				     * square arrays; none with priors */
	size_t switch_count;
} pw_advice;

/*
 * Advises. PW_ERR_ARG for numbers that make no sense, PW_ERR_NOT_FOUND when the constraints leave nothing
 * (the text says what they exclude); PW_ERR_LIMIT for sizes above PW_ADVISE_MAX_SIZE or more than three
 * rounds with priors. The option with the fewest tests per person is options[0]. Clear with
 * pw_advice_clear.
 */
PW_NODISCARD pw_status pw_advise(const pw_advise_opts *opts, pw_advice *out, pw_err *err);

/* Accepts a zeroed value. */
void pw_advice_clear(pw_advice *advice);

/* ---- Inside core/pooling ---- */

/* Options with their zeros filled in. */
typedef struct pw_advise_plan {
	pw_advise_opts opts;
	size_t stages; /* at most */
} pw_advise_plan;

pw_test_model pw_advise_model(const pw_advise_plan *plan, size_t stages);

/* The best way to run people start to end - 1 as one first pool and its parts, in at most `stages` rounds.
 * `log_none[k]` is the sum of ln(1 - prior) of those before k; `uniform`: only lengths matter. */
typedef struct pw_cutter pw_cutter;

pw_cutter *pw_cutter_new(const pw_advise_plan *plan, size_t stages, const double *log_none,
			 bool uniform, size_t largest);
void pw_cutter_free(pw_cutter *cutter);

/* Expected tests of that first pool. */
double pw_cutter_cost(pw_cutter *cutter, size_t start, size_t end);

/* The scheme with these first pools (sizes in order). */
pw_status pw_cutter_scheme(pw_cutter *cutter, const uint32_t *first, size_t count, pw_scheme **out,
			   pw_err *err);

/* The first pools, of 1 to `largest`, that together cost least; returns how many. */
size_t pw_cutter_partition(pw_cutter *cutter, size_t people, size_t largest, uint32_t *out_sizes);

/* The best individual, forest or array at one prevalence, without evaluating all that it says. */
typedef struct pw_quick_best {
	pw_scheme_kind kind;
	size_t size, stages;
	double tests_per_person;
} pw_quick_best;

pw_quick_best pw_advise_quick(const pw_advise_plan *plan, double prevalence);
void pw_advise_switches(const pw_advise_plan *plan, pw_advice *advice);

/* Whether the constraints allow such a scheme. */
bool pw_advise_allows(const pw_advise_plan *plan, unsigned kind, size_t stages, size_t largest_pool,
		      size_t first_wells);

#endif
