/*
 * Operating characteristics of a testing scheme, exactly: how many tests it takes, how many it may take,
 * and how right it is, for everybody with their own prior.
 *
 * The model. A test of a pool is positive with probability Se of its round when anybody in it is, and
 * with probability 1 - Sp when nobody is; given who is positive, tests err independently of each other.
 * Se falls with the size of the pool as `dilution` says; pools of one person are not diluted.
 *
 * Words. PSe: probability that a positive person is called positive by the whole scheme; PSp: that a
 * negative one is called negative; PPPV, PNPV: that who is called so is so. Over all people: PSe is that of
 * a positive person taken at random (persons weighted by their prior), PSp of a negative one, PPPV and
 * PNPV of a person called so; as binGroup2 and Kim and others 2007 have it.
 *
 * What is exact and what is refused as too large is said at each function; there is no approximation
 * and no chance in this header. Formulas: docs/internals/designs.md.
 */
#ifndef PW_POOLING_EVALUATE_H
#define PW_POOLING_EVALUATE_H

#include "core/pooling/people.h"
#include "core/pooling/scheme.h"

/* What of the sensitivity of a single is left in a pool of `size`, one of whose people is positive. */
typedef enum pw_dilution_kind {
	PW_DILUTION_NONE, /* all */
	PW_DILUTION_RATE, /* 1 / (1 + rate (size - 1)): Tatsuoka's r / (rate (n - r) + r) with r = 1 */
	PW_DILUTION_CT, /* the share of positives, normal in Ct, that stay at or below the limit when
			   * dilution moves them up by cycles_per_doubling log2(size) */
	PW_DILUTION_TABLE /* table[size], the last for what is larger */
} pw_dilution_kind;

typedef struct pw_dilution {
	pw_dilution_kind kind;
	double rate;
	double ct_mean, ct_sd, ct_limit, cycles_per_doubling; /* of singles; 1 per doubling if 0 */
	const double *table;                                  /* table[0] is not used */
	size_t table_size;
} pw_dilution;

/* From 0 to 1; 1 for a pool of one. */
double pw_dilution_factor(const pw_dilution *dilution, size_t size);

/*
 * Sensitivity and specificity of the rounds: one number for all, or one for each round of the scheme
 * (Dorfman 2, three-stage 3, array 2: pools, alone; array-master 3: master, pools, alone; Sterrett 2: pools,
 * alone; design 2 or, without people alone, 1). Whoever is tested alone is tested with the last.
 */
typedef struct pw_test_model {
	double se[PW_SCHEME_MAX_STAGES], sp[PW_SCHEME_MAX_STAGES];
	size_t se_count, sp_count;
	pw_dilution dilution;
} pw_test_model;

/* Which person stands where. */
typedef enum pw_arrangement {
	PW_ARRANGE_GIVEN, /* as they come */
	PW_ARRANGE_RISK,  /* forests: the least likely first; Sterrett: the likeliest first; arrays:
			   * the likeliest together, down the columns (gradient) */
	PW_ARRANGE_SPIRAL /* arrays: the likeliest in the corner, growing by rows and columns in turn */
} pw_arrangement;

typedef struct pw_evaluate_opts {
	pw_arrangement arrangement;
	bool without_variance; /* saves time */
} pw_evaluate_opts;

/* One person's share; indexed as the people were given. NaN where there is no such thing (the PSe of
 * who cannot be positive). */
typedef struct pw_person_measures {
	double pse, psp, pppv, pnpv;
	double tests; /* expected tests of this person alone */
} pw_person_measures;

typedef struct pw_evaluation {
	size_t people, stages;
	double expected_tests, tests_per_person;
	double variance;             /* of the number of tests; NaN when it is not known */
	bool variance_known;         /* false: too large to be counted exactly */
	double pipettings;           /* expected transfers of a sample into a well, of all people */
	double pse, psp, pppv, pnpv; /* NaN where there is no such thing */
	pw_person_measures *each;    /* `people` of them */
	uint32_t *place;             /* place[k]: the person who stands in place k */
} pw_evaluation;

/*
 * Evaluates. `people` must be as many as the scheme takes. PW_ERR_ARG for numbers that are no probabilities,
 * counts of sensitivities that do not fit the rounds, the wrong number of people; PW_ERR_LIMIT where the
 * exact sum would be too long: a design in which a person is in more than 20 pools, or with more than
 * 2^33 steps; an array whose lines are tied together by households, too many at a time. On success
 * clear with pw_evaluation_clear. `opts` NULL: people as given, with the variance.
 *
 * Variances are exact where they are known: forests of up to 2^28 steps; arrays of independent people, all
 * alike or on up to 2048 cells; Sterrett; designs where no two are in more than 24 pools together, of up to
 * 2^33 steps, with households 2^26.
 */
PW_NODISCARD pw_status pw_scheme_evaluate(const pw_scheme *scheme, const pw_people *people,
					  const pw_test_model *model, const pw_evaluate_opts *opts,
					  pw_evaluation *out, pw_err *err);

/* Accepts a zeroed value. */
void pw_evaluation_clear(pw_evaluation *evaluation);

/*
 * The least tests per person that any scheme whatever can do with: the entropy of a person over the
 * capacity of a test, in bits (Shannon; binary asymmetric channel). NaN for a test that says nothing.
 */
double pw_entropy(double p);
double pw_test_capacity(double se, double sp);
double pw_information_bound(double prevalence, double se, double sp);

/* ---- Inside core/pooling ---- */

/* A test of some pool: what it says when somebody in it is positive, and when nobody is. */
typedef struct pw_odds {
	double se;     /* P(positive | somebody) */
	double false_; /* P(positive | nobody) = 1 - Sp */
} pw_odds;

/* The test of a pool of `size` in round `stage` of `stages`; alone: the last round, undiluted. */
pw_odds pw_model_odds(const pw_test_model *model, size_t stage, size_t stages, size_t size);

/* What each kind of scheme fills in: tests, variance, pipettings, and of each place P(called positive
 * and positive), P(called positive and negative), P(tested alone), from which the rest follows. */
typedef struct pw_tally {
	double expected_tests, variance, pipettings;
	bool want_variance, variance_known;
	double *hit; /* P(called and positive) / prior, straight where it can be had without dividing */
	double *alarm; /* P(called | negative) */
	double *alone; /* P(tested alone) */
} pw_tally;

pw_status pw_tally_forest(const pw_scheme *scheme, const pw_absence *absence,
			  const pw_test_model *model, pw_tally *tally, pw_err *err);
pw_status pw_tally_array(const pw_scheme *scheme, const pw_absence *absence,
			 const pw_test_model *model, pw_tally *tally, pw_err *err);
pw_status pw_tally_sterrett(const pw_scheme *scheme, const pw_absence *absence,
			    const pw_test_model *model, pw_tally *tally, pw_err *err);
pw_status pw_tally_design(const pw_scheme *scheme, const pw_absence *absence,
			  const pw_test_model *model, pw_tally *tally, pw_err *err);

/* eval_design_var.c: of how many are candidates; alone[j] is the chance that j is. False when it would take too long. */
bool pw_design_variance(const pw_design *design, const pw_absence *absence, const pw_odds *odds,
			uint32_t misses, const double *alone, double *out);

#endif
