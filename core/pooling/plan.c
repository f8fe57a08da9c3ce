#include "core/pooling/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/plan_impl.h"

/* Sets of positives that together have less than this are not looked at. */
#define IGNORE_CHANCE 1e-6

/* ---- Checking ---- */

static double sensitivity(const pw_pool_model *t, size_t k, size_t n)
{
	double se = t->se;
	if (k == 0)
		return 1 - t->sp;
	if (t->sensitivity != NULL)
		se = t->sensitivity(k, n, t->sensitivity_ctx);
	else if (t->dilution > 0)
		se = t->se * (double)k / (t->dilution * (double)(n - k) + (double)k);
	return (1 - t->extraction_failure) * se + t->extraction_failure * (1 - t->sp);
}

static bool is_chance(double p)
{
	return p >= 0 && p <= 1;
}

static pw_status check(const pw_plan_opts *o, pw_err *err)
{
	if (!(o->confidence > 0.5 && o->confidence < 1))
		return pw_fail(err, PW_ERR_ARG,
			       "the confidence is %g: give a number above 0.5 and below 1",
			       o->confidence);
	if (!is_chance(o->test.se) || !is_chance(o->test.sp) ||
	    !is_chance(o->test.extraction_failure))
		return pw_fail(err, PW_ERR_ARG,
			       "sensitivity %g, specificity %g and extraction failure %g of the "
			       "next wells: give numbers from 0 to 1",
			       o->test.se, o->test.sp, o->test.extraction_failure);
	double single = sensitivity(&o->test, 1, 1);
	if (!(single > 1 - o->test.sp + 1e-6))
		return pw_fail(err, PW_ERR_ARG,
			       "a well of sensitivity %g and specificity %g tells nothing: no "
			       "confidence can be reached with it",
			       single, o->test.sp);
	if (o->max_pool == 0 || o->batch == 0)
		return pw_fail(err, PW_ERR_ARG,
			       "pools of at most %zu people, %zu wells at once: give at least 1",
			       o->max_pool, o->batch);
	return PW_OK;
}

/* ---- Hypotheses ---- */

/* How undecided somebody is: 0 when decided. */
static double doubt(const pw_decoded *d, size_t sample, double confidence)
{
	if (pw_decoded_call(d, sample, confidence) != PW_PERSON_UNDECIDED)
		return 0;
	double q = d->posterior[sample];
	return fmin(q, 1 - q) + 1e-9;
}

/* Doubts that differ by less are the same, whatever the rounding of the day. */
#define SAME_DOUBT (1 - 1e-9)

/* The most doubtful come first; the lowest of equals. At most PW_PLAN_PEOPLE of them. */
static void choose_people(pw_planner *p, const pw_decoded *d)
{
	double *how = pw_alloc_array(PW_PLAN_PEOPLE, sizeof(*how));
	for (uint32_t j = 0; j < d->samples; j++) {
		double x = doubt(d, j, p->opts->confidence);
		if (x <= 0)
			continue;
		p->undecided++;
		size_t at = p->people;
		if (at == PW_PLAN_PEOPLE) {
			if (how[at - 1] >= x * SAME_DOUBT)
				continue;
			at--;
		} else {
			p->people++;
		}
		for (; at > 0 && how[at - 1] < x * SAME_DOUBT; at--) {
			how[at] = how[at - 1];
			p->person[at] = p->person[at - 1];
		}
		how[at] = x;
		p->person[at] = j;
	}
	pw_free(how);
	for (size_t k = 0; k < p->people; k++)
		if (p->opts->recollect != NULL && p->opts->recollect[p->person[k]])
			p->single |= UINT64_C(1) << k;
}

static int by_mask(const void *a, const void *b)
{
	const pw_hypothesis *x = a, *y = b;
	return (x->mask > y->mask) - (x->mask < y->mask);
}

/* Each set by who of the undecided is in it; those that agree are one. */
static void make_hypotheses(pw_planner *p, const pw_decoded *d)
{
	uint8_t *bit = pw_alloc_array(d->samples, sizeof(*bit));
	for (size_t k = 0; k < p->people; k++)
		bit[p->person[k]] = (uint8_t)(k + 1);
	p->hypotheses = pw_alloc_array(d->set_count + 1, sizeof(*p->hypotheses));
	for (size_t s = 0; s < d->set_count; s++) {
		pw_hypothesis h = {0, d->sets[s].posterior};
		for (size_t k = 0; k < d->sets[s].count; k++)
			if (bit[d->sets[s].at[k]] > 0)
				h.mask |= UINT64_C(1) << (bit[d->sets[s].at[k]] - 1);
		p->known += h.chance;
		p->hypotheses[p->count++] = h;
	}
	pw_free(bit);
	if (p->count > 1)
		qsort(p->hypotheses, p->count, sizeof(*p->hypotheses), by_mask);
	size_t kept = 0;
	for (size_t s = 0; s < p->count; s++) {
		if (kept > 0 && p->hypotheses[kept - 1].mask == p->hypotheses[s].mask)
			p->hypotheses[kept - 1].chance += p->hypotheses[s].chance;
		else
			p->hypotheses[kept++] = p->hypotheses[s];
	}
	p->count = 0;
	for (size_t s = 0; s < kept; s++)
		if (p->hypotheses[s].chance > IGNORE_CHANCE * p->known)
			p->hypotheses[p->count++] = p->hypotheses[s];
}

/* What the hypotheses say of somebody may be off by the error of the posterior and by the sets that are not known. */
static void find_enough(pw_planner *p, const pw_decoded *d)
{
	double error = 0, confidence = p->opts->confidence;
	for (size_t k = 0; k < p->people; k++)
		error = fmax(error, d->error[p->person[k]]);
	error += fmax(1 - p->known, 0);
	p->enough = confidence + fmin(error, 0.5 * (1 - confidence));
}

/* A well may find k of its n people positive: the chance that it reads so, for every k and n. */
static void fill_chances(pw_planner *p)
{
	size_t n = p->max_pool;
	p->positive = pw_alloc_array((n + 1) * (n + 1), sizeof(*p->positive));
	for (size_t size = 1; size <= n; size++)
		for (size_t k = 0; k <= size; k++)
			p->positive[size * (n + 1) + k] = sensitivity(&p->opts->test, k, size);
}

/* ---- The plan ---- */

static void add_well(pw_planner *p, pw_plan *plan, uint64_t mask, double positive, double bits)
{
	pw_plan_well *w = &plan->wells[plan->well_count++];
	uint32_t *at = plan->members + p->member_count;
	w->at = at;
	w->positive = positive;
	w->information = bits;
	w->recollect = (mask & p->single) != 0;
	w->count = 0;
	for (size_t k = 0; k < p->people; k++) {
		if ((mask >> k & 1) == 0)
			continue;
		size_t y = w->count++;
		for (; y > 0 && at[y - 1] > p->person[k]; y--)
			at[y] = at[y - 1];
		at[y] = p->person[k];
	}
	p->member_count += w->count;
}

static void add_lone_wells(pw_planner *p, pw_plan *plan, const pw_decoded *d, uint64_t lone)
{
	for (size_t k = 0; k < p->people && plan->well_count < p->opts->batch; k++) {
		double q = d->posterior[p->person[k]];
		const double *single = p->positive + p->max_pool + 1;
		if ((lone >> k & 1) != 0)
			add_well(p, plan, UINT64_C(1) << k, q * single[1] + (1 - q) * single[0], 0);
	}
}

static void fill_wells(pw_planner *p, pw_plan *plan, const pw_decoded *d)
{
	uint64_t wells[PW_PLAN_BATCH];
	double bits[PW_PLAN_BATCH];
	size_t batch = p->opts->batch < PW_PLAN_BATCH ? p->opts->batch : PW_PLAN_BATCH;
	plan->wells = pw_alloc_array(p->opts->batch + 1, sizeof(*plan->wells));
	plan->members = pw_alloc_array((p->opts->batch + 1) * p->max_pool + PW_PLAN_PEOPLE,
				       sizeof(*plan->members));
	size_t count = pw_planner_wells(p, p->hypotheses, batch, wells, bits);
	for (size_t w = 0; w < count; w++)
		add_well(p, plan, wells[w], pw_planner_chance(p, p->hypotheses, wells[w]), bits[w]);
	pw_planner_cost(p, wells, count, plan);
	add_lone_wells(p, plan, d, pw_planner_lone(p, count));
}

static void begin(pw_planner *p, const pw_plan_opts *opts, const pw_decoded *d)
{
	*p = (pw_planner){.opts = opts};
	p->max_pool = opts->max_pool < PW_PLAN_PEOPLE ? opts->max_pool : PW_PLAN_PEOPLE;
	p->effort = opts->effort > 0 ? opts->effort : UINT64_C(1) << 28;
	p->by_size = opts->test.dilution <= 0 && opts->test.sensitivity == NULL;
	choose_people(p, d);
	make_hypotheses(p, d);
	find_enough(p, d);
	fill_chances(p);
	unsigned bits = p->people < PW_PLAN_BITS ? (unsigned)p->people : PW_PLAN_BITS;
	p->room = pw_alloc_array((size_t)1 << bits, sizeof(*p->room));
}

pw_status pw_plan_make(const pw_decoded *d, const pw_plan_opts *opts, pw_plan *out, pw_err *err)
{
	pw_planner p;
	pw_plan plan = {.undecided = 0};
	pw_status rc = check(opts, err);
	if (rc != PW_OK)
		return rc;
	begin(&p, opts, d);
	plan.undecided = p.undecided;
	plan.hypotheses = fmin(p.known, 1);
	if (p.undecided > 0)
		fill_wells(&p, &plan, d);
	pw_free(p.hypotheses);
	pw_free(p.positive);
	pw_free(p.room);
	*out = plan;
	return PW_OK;
}

void pw_plan_clear(pw_plan *plan)
{
	pw_free(plan->wells);
	pw_free(plan->members);
	*plan = (pw_plan){.undecided = 0};
}
