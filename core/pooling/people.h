/*
 * Who may be positive: a prior for each person, alone or by households, and the one question that
 * the operating characteristics ask of it: with what probability is nobody positive in this set?
 *
 * Without households people are independent. In a household infection goes round. Given a hazard that
 * is the household's own, its members are independent: 1 - (member positive) = (1 - theta)^c, theta drawn
 * from a beta law and c each member's own exposure, chosen so that the member's prior is exactly
 * what was given. Then for any set the answer is a ratio of gamma functions, B(a, b + sum c) / B(a, b).
 * With equal priors every c is 1 and the number of positives in a household is beta-binomial, whose
 * correlation between two members is 1/(a + b + 1); this is the `correlation` asked for. A member whose
 * prior is 0 or 1 says nothing of the others.
 */
#ifndef PW_POOLING_PEOPLE_H
#define PW_POOLING_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

typedef struct pw_people {
	size_t count;
	double prevalence;   /* everybody's prior, when `prior` is NULL */
	const double *prior; /* one a person, from 0 to 1, or NULL */
	const uint32_t *
		household; /* one a person, below `count`, any numbers; or NULL: nobody shares one */
	double correlation; /* between two of a household: 0 to below 1 */
} pw_people;

/* ---- Inside core/pooling ---- */

typedef struct pw_absence pw_absence;

/*
 * `place[k]` is the person who stands in place k; NULL: person k. Every set below is of places.
 * PW_ERR_ARG for a prior or correlation that is no probability, naming the person from 1.
 */
pw_status pw_absence_new(const pw_people *people, const uint32_t *place, pw_absence **out,
			 pw_err *err);
void pw_absence_free(pw_absence *absence);

bool pw_absence_is_independent(const pw_absence *absence);
double pw_absence_prior(const pw_absence *absence, size_t place);
uint32_t pw_absence_household(const pw_absence *absence, size_t place);

/* All priors are the same number and nobody shares a household. */
bool pw_absence_is_uniform(const pw_absence *absence);

/* A set that grows and shrinks; a place may be in it several times and counts once. */
typedef struct pw_nobody pw_nobody;

pw_nobody *pw_nobody_new(const pw_absence *absence); /* the empty set */
void pw_nobody_free(pw_nobody *set);
void pw_nobody_add(pw_nobody *set, size_t place);
void pw_nobody_remove(pw_nobody *set, size_t place);

/* The probability that nobody in it is positive. */
double pw_nobody_chance(const pw_nobody *set);

/* The same of the places from a to b - 1 and from c to d - 1, which do not meet; at once where people are
 * independent, else with `scratch`, which must be empty and is empty again. */
double pw_nobody_ranges(pw_nobody *scratch, size_t a, size_t b, size_t c, size_t d);

/* ln(gamma(x + c) / gamma(x)) for x > 0, c >= 0, to about 1e-15 of it. */
double pw_log_rising(double x, double c);

#endif
