#include "core/pooling/people.h"

#include <math.h>

#include "core/base/mem.h"

struct pw_absence {
	size_t count;
	double *prior;
	double *log_not;        /* ln(1 - prior); 0 for who is positive for sure */
	double *log_not_before; /* sums of it, count + 1 */
	uint32_t *sure_before;  /* how many are positive for sure, count + 1 */
	uint32_t *household;    /* NULL: independent; then the rest is too */
	double *exposure;       /* by place */
	double *b;              /* by household; a + b is the same for all */
	double a_plus_b;
	bool uniform;
};

/* ---- The gamma function's ratio ---- */

/* The tail of Stirling's series. */
static double stirling_tail(double x)
{
	double y = 1.0 / (x * x);
	return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - y / 1188) * y) * y) * y) / x;
}

double pw_log_rising(double x, double c)
{
	double sum = 0.0;
	if (c == 0.0)
		return 0.0;
	while (x < 12.0) { /* gamma(x + c)/gamma(x) = gamma(x+1+c)/gamma(x+1) · x/(x+c) */
		sum -= log1p(c / x);
		x += 1.0;
	}
	return sum + (x - 0.5) * log1p(c / x) + c * (log(x + c) - 1.0) + stirling_tail(x + c) -
	       stirling_tail(x);
}

/* ln P(nobody with this much exposure is positive) in a household with parameter b. */
static double log_none(double b, double a_plus_b, double exposure)
{
	return pw_log_rising(b, exposure) - pw_log_rising(a_plus_b, exposure);
}

/* The exposure that gives a member its prior, by halving a bracket: log_none falls steadily. */
static double find_exposure(double b, double a_plus_b, double wanted_log)
{
	double low = 0.0, high = 1.0;
	while (log_none(b, a_plus_b, high) > wanted_log && high < 1e12)
		high *= 2.0;
	for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
		double middle = 0.5 * (low + high);
		if (log_none(b, a_plus_b, middle) > wanted_log)
			low = middle;
		else
			high = middle;
	}
	return 0.5 * (low + high);
}

/* ---- Making ---- */

/* Less changes no digit of any number, and a + b has to stay finite. */
#define LEAST_CORRELATION 1e-100

static pw_status check_people(const pw_people *people, pw_err *err)
{
	if (people->count == 0)
		return pw_fail(err, PW_ERR_ARG, "nobody to test: give at least one person");
	if (people->prior == NULL && !(people->prevalence >= 0.0 && people->prevalence <= 1.0))
		return pw_fail(err, PW_ERR_ARG,
			       "prevalence %g is no probability: give a number from 0 to 1",
			       people->prevalence);
	for (size_t i = 0; people->prior != NULL && i < people->count; i++)
		if (!(people->prior[i] >= 0.0 && people->prior[i] <= 1.0))
			return pw_fail(
				err, PW_ERR_ARG,
				"person %zu: prior %g is no probability: give a number from 0 to 1",
				i + 1, people->prior[i]);
	if (!(people->correlation >= 0.0 && people->correlation < 1.0))
		return pw_fail(err, PW_ERR_ARG,
			       "correlation %g in a household: give a number from 0 to below 1",
			       people->correlation);
	for (size_t i = 0; people->household != NULL && i < people->count; i++)
		if (people->household[i] >= people->count)
			return pw_fail(
				err, PW_ERR_ARG,
				"person %zu: household %zu: number them below the %zu people",
				i + 1, (size_t)people->household[i], people->count);
	return PW_OK;
}

static bool share_households(const pw_people *people)
{
	bool shared = false;
	if (people->household == NULL || people->correlation < LEAST_CORRELATION)
		return false;
	bool *seen = pw_alloc_array(people->count, sizeof(*seen));
	for (size_t i = 0; i < people->count; i++) {
		shared |= seen[people->household[i]];
		seen[people->household[i]] = true;
	}
	pw_free(seen);
	return shared;
}

static bool is_unsure(double prior)
{
	return prior > 0.0 && prior < 1.0;
}

/* b of each household from the mean prior of its members. */
static void find_means(pw_absence *absence, double *mean)
{
	size_t n = absence->count;
	size_t *members = pw_alloc_array(n, sizeof(*members));
	for (size_t k = 0; k < n; k++)
		if (is_unsure(absence->prior[k])) {
			mean[absence->household[k]] += absence->prior[k];
			members[absence->household[k]]++;
		}
	for (size_t h = 0; h < n; h++) {
		mean[h] = members[h] > 0 ? mean[h] / (double)members[h] : 0.5;
		absence->b[h] = (1.0 - mean[h]) * absence->a_plus_b;
	}
	pw_free(members);
}

/* a + b from the correlation; exposures from the priors. */
static void find_households(pw_absence *absence, const pw_people *people, const uint32_t *place)
{
	size_t n = absence->count;
	double *mean = pw_alloc_array(n, sizeof(*mean));
	absence->household = pw_alloc_array(n, sizeof(*absence->household));
	absence->exposure = pw_alloc_array(n, sizeof(*absence->exposure));
	absence->b = pw_alloc_array(n, sizeof(*absence->b));
	absence->a_plus_b = 1.0 / people->correlation - 1.0;
	for (size_t k = 0; k < n; k++)
		absence->household[k] = people->household[place != NULL ? place[k] : k];
	find_means(absence, mean);
	for (size_t k = 0; k < n; k++) {
		double p = absence->prior[k], m = mean[absence->household[k]];
		if (!is_unsure(p))
			continue; /* exposure 0 */
		absence->exposure[k] = fabs(p - m) <= 1e-12 * m
					       ? 1.0
					       : find_exposure(absence->b[absence->household[k]],
							       absence->a_plus_b, log1p(-p));
	}
	pw_free(mean);
}

pw_status pw_absence_new(const pw_people *people, const uint32_t *place, pw_absence **out,
			 pw_err *err)
{
	pw_status rc = check_people(people, err);
	if (rc != PW_OK)
		return rc;
	pw_absence *absence = pw_alloc(sizeof(*absence));
	size_t n = absence->count = people->count;
	absence->prior = pw_alloc_array(n, sizeof(*absence->prior));
	absence->log_not = pw_alloc_array(n, sizeof(*absence->log_not));
	absence->log_not_before = pw_alloc_array(n + 1, sizeof(*absence->log_not_before));
	absence->sure_before = pw_alloc_array(n + 1, sizeof(*absence->sure_before));
	absence->uniform = true;
	for (size_t k = 0; k < n; k++) {
		double p = people->prior == NULL ? people->prevalence
						 : people->prior[place != NULL ? place[k] : k];
		absence->prior[k] = p;
		absence->log_not[k] = p < 1.0 ? log1p(-p) : 0.0;
		absence->sure_before[k + 1] = absence->sure_before[k] + (p >= 1.0);
		absence->log_not_before[k + 1] = absence->log_not_before[k] + absence->log_not[k];
		absence->uniform &= p == absence->prior[0];
	}
	if (share_households(people)) {
		absence->uniform = false;
		find_households(absence, people, place);
	}
	*out = absence;
	return PW_OK;
}

void pw_absence_free(pw_absence *absence)
{
	if (absence == NULL)
		return;
	pw_free(absence->prior);
	pw_free(absence->log_not);
	pw_free(absence->log_not_before);
	pw_free(absence->sure_before);
	pw_free(absence->household);
	pw_free(absence->exposure);
	pw_free(absence->b);
	pw_free(absence);
}

bool pw_absence_is_independent(const pw_absence *absence)
{
	return absence->household == NULL;
}

bool pw_absence_is_uniform(const pw_absence *absence)
{
	return absence->uniform;
}

double pw_absence_prior(const pw_absence *absence, size_t place)
{
	return absence->prior[place];
}

uint32_t pw_absence_household(const pw_absence *absence, size_t place)
{
	return absence->household != NULL ? absence->household[place] : (uint32_t)place;
}

/* ---- Sets ---- */

struct pw_nobody {
	const pw_absence *absence;
	uint32_t *times;   /* how often each place is in */
	size_t places;     /* how many are */
	size_t sure;       /* of them, who is positive for sure */
	double log_chance; /* of the others, where they are independent */
	double *exposure;  /* by household, of its members that are in */
	double *log_house; /* by household */
	double log_houses; /* their sum */
};

pw_nobody *pw_nobody_new(const pw_absence *absence)
{
	pw_nobody *set = pw_alloc(sizeof(*set));
	set->absence = absence;
	set->times = pw_alloc_array(absence->count, sizeof(*set->times));
	if (absence->household != NULL) {
		set->exposure = pw_alloc_array(absence->count, sizeof(*set->exposure));
		set->log_house = pw_alloc_array(absence->count, sizeof(*set->log_house));
	}
	return set;
}

void pw_nobody_free(pw_nobody *set)
{
	if (set == NULL)
		return;
	pw_free(set->times);
	pw_free(set->exposure);
	pw_free(set->log_house);
	pw_free(set);
}

static void change_household(pw_nobody *set, size_t place, double sign)
{
	const pw_absence *absence = set->absence;
	uint32_t h = absence->household[place];
	double before = set->log_house[h];
	set->exposure[h] += sign * absence->exposure[place];
	if (set->exposure[h] < 1e-12) /* what is left of adding and taking away */
		set->exposure[h] = 0.0;
	set->log_house[h] = log_none(absence->b[h], absence->a_plus_b, set->exposure[h]);
	set->log_houses += set->log_house[h] - before;
}

static void change(pw_nobody *set, size_t place, double sign)
{
	if (set->absence->household == NULL)
		set->log_chance += sign * set->absence->log_not[place];
	else
		change_household(set, place, sign);
	if (set->places == 0)
		set->log_chance = set->log_houses = 0.0;
}

void pw_nobody_add(pw_nobody *set, size_t place)
{
	if (set->times[place]++ > 0)
		return;
	set->places++;
	set->sure += set->absence->prior[place] >= 1.0;
	change(set, place, 1.0);
}

void pw_nobody_remove(pw_nobody *set, size_t place)
{
	PW_BUG_IF(set->times[place] == 0);
	if (--set->times[place] > 0)
		return;
	set->places--;
	set->sure -= set->absence->prior[place] >= 1.0;
	change(set, place, -1.0);
}

double pw_nobody_chance(const pw_nobody *set)
{
	return set->sure > 0 ? 0.0 : exp(set->log_chance + set->log_houses);
}

double pw_nobody_ranges(pw_nobody *scratch, size_t a, size_t b, size_t c, size_t d)
{
	const pw_absence *absence = scratch->absence;
	if (absence->household == NULL) {
		const double *sum = absence->log_not_before;
		const uint32_t *sure = absence->sure_before;
		if (sure[b] > sure[a] || sure[d] > sure[c])
			return 0.0;
		return exp(sum[b] - sum[a] + (sum[d] - sum[c]));
	}
	for (size_t k = a; k < b; k++)
		pw_nobody_add(scratch, k);
	for (size_t k = c; k < d; k++)
		pw_nobody_add(scratch, k);
	double chance = pw_nobody_chance(scratch);
	for (size_t k = a; k < b; k++)
		pw_nobody_remove(scratch, k);
	for (size_t k = c; k < d; k++)
		pw_nobody_remove(scratch, k);
	return chance;
}
