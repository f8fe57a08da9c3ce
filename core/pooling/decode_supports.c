/*
 * The search over supports. Sets of positives are visited in the order of a tree: a set's children add one
 * person each, the best first, and who has been tried is excluded from the later ones, so that every
 * set is met once. All children of a visited set are summed in one go; whether to go deeper below one of
 * them is decided by a bound on everything there. What is not visited is thus bounded, and the sum of
 * these bounds is a bound on the error.
 *
 * Persons whose pools have nothing more to say (all of them hit already, and saturated) multiply everything
 * by 1 + gain, whoever else is added: they are taken out of the tree as a factor ("flat").
 *
 * Passes with ever smaller thresholds: each is complete, so a search that is stopped has the last one.
 */
#include "core/pooling/decode_support.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* More positives than this are not told apart here. */
#define MOST_COUNTS 256

/* More flat persons than this at once are still summed exactly; only their number is cut off. */
#define MOST_FLAT_COUNT 32

/* Below this the quick bound is as good as any. */
#define MOST_QUICK 0.05

/* Persons of this part of the largest gain are tried before anybody else, whatever their pools. */
#define PROMISING 1e-4

/* So many persons tried later a cover is made anew. */
#ifndef MOST_GONE
#define MOST_GONE 8
#endif

#define FIRST_THRESHOLD 1e-3
#define LAST_THRESHOLD  1e-18

/* How passes approach the error that is wanted: see next_threshold. */
#define USUAL_POWER 0.78
#define AIM         0.6

/* What a pass has found. Weights are relative to e^ref. */
typedef struct tally {
	pw_sum mass;
	double left; /* bound on what was not visited */
	pw_sum *marginal;
	double count[MOST_COUNTS];
	size_t largest; /* set looked at */
	pw_top top;
} tally;

typedef struct flat {
	uint32_t person;
	double gain;
} flat;

typedef struct search {
	const pw_problem *p;
	pw_support s;
	pw_effort *effort;
	double ref;
	double threshold;
	tally *t;
	double phi; /* product of 1 + gain of the flat persons */
	double number
		[MOST_FLAT_COUNT]; /* and how it falls apart by how many of them are positive */
	flat *flats;
	size_t flat_count;
	double floor;     /* of the likeliest sets, relative to e^ref */
	double *partners; /* room for a sum a person */
} search;

static double mass_of(const search *x)
{
	return pw_sum_value(&x->t->mass);
}

/* ---- Recording ---- */

static void count_in(search *x, size_t positives, double weight)
{
	for (size_t k = 0; k < MOST_FLAT_COUNT && positives + k < MOST_COUNTS; k++)
		if (x->number[k] > 0)
			x->t->count[positives + k] += weight * x->number[k];
}

/* Offers at[0..count-1] with every choice of the first `upto` flat persons that may make it. */
static void offer(search *x, double weight, uint32_t *at, size_t count, size_t upto)
{
	double most = weight;
	for (size_t f = 0; f < upto; f++)
		most *= fmax(x->flats[f].gain, 1);
	if (!(most > x->floor))
		return;
	if (weight > x->floor) {
		pw_top_offer(&x->t->top, log(weight) + x->ref, at, count);
		x->floor = exp(pw_top_floor(&x->t->top) - x->ref);
	}
	for (size_t f = 0; f < upto; f++) {
		at[count] = x->flats[f].person;
		offer(x, weight * x->flats[f].gain, at, count + 1, f);
	}
}

/* The current set, with `extra` (UINT32_MAX: nobody), weighing `weight` without the flat persons, the
 * first `upto` of which may join. */
static void offer_set(search *x, double weight, uint32_t extra, size_t upto)
{
	size_t count = x->s.count;
	double most = weight;
	for (size_t f = 0; f < upto; f++)
		most *= fmax(x->flats[f].gain, 1);
	if (!(most > x->floor))
		return;
	uint32_t *at = pw_alloc_array(count + 1 + x->flat_count, sizeof(*at));
	if (count > 0)
		memcpy(at, x->s.at, count * sizeof(*at));
	if (extra != UINT32_MAX)
		at[count++] = extra;
	offer(x, weight, at, count, upto);
	pw_free(at);
}

static void record_child(search *x, double weight, uint32_t person, double *sum)
{
	double gain = x->s.gain[person];
	*sum += gain;
	pw_sum_add(&x->t->marginal[person], weight * gain * x->phi);
	offer_set(x, weight * gain, person, x->flat_count);
}

/* All sets of one person more. Returns the sum of their gains. */
static double record_children(search *x, double weight)
{
	const pw_problem *p = x->p;
	double sum = 0;
	for (uint32_t j = 0; j < p->n; j++)
		if (x->s.gain[j] > 0 && (x->s.dead_pools == 0 || pw_support_revives(&x->s, j)))
			record_child(x, weight, j, &sum);
	pw_sum_add(&x->t->mass, weight * sum * x->phi);
	count_in(x, x->s.count + 1, weight * sum);
	if (x->s.count > x->t->largest)
		x->t->largest = x->s.count;
	pw_effort_spend(x->effort, 2 * p->n);
	return sum;
}

static void record_set(search *x, double weight)
{
	if (x->s.dead_pools > 0)
		return;
	pw_sum_add(&x->t->mass, weight * x->phi);
	count_in(x, x->s.count, weight);
	offer_set(x, weight, UINT32_MAX, x->flat_count);
}

/* ---- Flat persons ---- */

static void take_flat(search *x, uint32_t person)
{
	double gain = x->s.gain[person];
	x->flats[x->flat_count++] = (flat){person, gain};
	x->phi *= 1 + gain;
	for (size_t k = MOST_FLAT_COUNT; k-- > 1;)
		x->number[k] += gain * x->number[k - 1];
	pw_support_exclude(&x->s, person);
}

/* Takes those that have become flat; the set itself was recorded without them, so what they add is
 * recorded now. */
static void take_flats(search *x, double weight)
{
	const pw_problem *p = x->p;
	double phi = x->phi, number[MOST_FLAT_COUNT];
	size_t before = x->flat_count;
	if (p->limit != SIZE_MAX)
		return;
	memcpy(number, x->number, sizeof(number));
	for (uint32_t j = 0; j < p->n; j++)
		if (x->s.gain[j] > 0 && pw_support_is_flat(&x->s, j))
			take_flat(x, j);
	if (x->flat_count == before || x->s.dead_pools > 0)
		return;
	pw_sum_add(&x->t->mass, weight * (x->phi - phi));
	for (size_t k = 0; k < MOST_FLAT_COUNT && x->s.count + k < MOST_COUNTS; k++)
		x->t->count[x->s.count + k] += weight * (x->number[k] - number[k]);
	for (size_t f = before; f < x->flat_count; f++)
		offer_set(x, weight * x->flats[f].gain, x->flats[f].person, f);
}

/* ---- Bounds ---- */

static double weight_of(const search *x)
{
	return exp(x->s.log_weight - x->ref) * x->phi;
}

static bool is_little(const search *x, double weight)
{
	return weight <= x->threshold * mass_of(x) || x->effort->over;
}

static double tilted_bound(search *x, size_t more)
{
	double enough = log1p(x->threshold * mass_of(x) / weight_of(x));
	return pw_support_bound(&x->s, more, enough);
}

/* Of all sets above the current one, itself not counted, where no pool gains. */
static double plain_bound(search *x, size_t more)
{
	double quick = pw_support_quick_bound(&x->s);
	pw_effort_spend(x->effort, x->p->n);
	if (quick > MOST_QUICK && !is_little(x, weight_of(x) * expm1(quick)))
		quick = fmin(quick, tilted_bound(x, more));
	return expm1(quick);
}

/* The same with pools that gain; here the set itself is counted. */
static double cover_bound(search *x, const pw_support_cover *cover, size_t more)
{
	if (!x->s.coverable)
		return weight_of(x) * exp(tilted_bound(x, more));
	double v = pw_support_cover_value(cover, x->s.count - cover->count, x->s.gain_pools);
	return exp(x->s.log_weight + x->s.gain_log - x->ref) * x->phi * v;
}

static void leave(search *x, double weight)
{
	x->t->left += weight;
}

/* ---- The tree ---- */

static void explore(search *x, pw_support_cover *cover, size_t more);

/* The bound that cover_bound would give for a child, without going there. */
static double child_bound(const search *x, uint32_t person, const pw_support_cover *cover)
{
	const pw_problem *p = x->p;
	double rewards = x->s.gain_log;
	size_t pools = x->s.gain_pools;
	if (!x->s.coverable)
		return INFINITY;
	for (uint32_t y = p->col_start[person]; y < p->col_start[person + 1]; y++) {
		uint32_t i = p->col[y];
		if (x->s.gains[i]) {
			rewards -= x->s.log_reward[x->s.entry[i]];
			pools--;
		}
	}
	return x->s.gain[person] * x->phi * exp(x->s.log_weight + rewards - x->ref) *
	       pw_support_cover_value(cover, x->s.count + 1 - cover->count, pools);
}

/* The pool that gains whose members weigh least together: going through it leaves least to be looked at. */
static size_t next_pool(const search *x)
{
	const pw_problem *p = x->p;
	size_t best = SIZE_MAX;
	double least = INFINITY;
	for (size_t i = 0; i < p->m; i++) {
		if (!x->s.gains[i])
			continue;
		double sum = 0;
		for (uint32_t y = p->row_start[i]; y < p->row_start[i + 1]; y++)
			sum += x->s.gain[p->row[y]];
		if (best == SIZE_MAX || sum < least) {
			least = sum;
			best = i;
		}
	}
	return best;
}

/* The allowed members of a pool, by falling gain. Returns how many. */
static size_t list_members(const search *x, size_t pool, uint32_t *list)
{
	const pw_problem *p = x->p;
	size_t count = 0;
	for (uint32_t y = p->row_start[pool]; y < p->row_start[pool + 1]; y++) {
		uint32_t j = p->row[y];
		if (x->s.gain[j] <= 0)
			continue;
		size_t at = count++;
		for (; at > 0 && x->s.gain[list[at - 1]] < x->s.gain[j]; at--)
			list[at] = list[at - 1];
		list[at] = j;
	}
	return count;
}

/*
 * One step of cover_bound done exactly: every set above has somebody of the first pool, who then is a child,
 * or nobody, and then the pool stays as it is.
 */
static double look_ahead(search *x, const pw_support_cover *cover)
{
	const pw_problem *p = x->p;
	size_t pool = next_pool(x);
	double reward = x->s.log_reward[x->s.entry[pool]];
	double sum = exp(x->s.log_weight + x->s.gain_log - reward - x->ref) * x->phi *
		     pw_support_cover_value(cover, x->s.count - cover->count, x->s.gain_pools - 1);
	for (uint32_t y = p->row_start[pool]; y < p->row_start[pool + 1]; y++)
		if (x->s.gain[p->row[y]] > 0)
			sum += child_bound(x, p->row[y], cover);
	pw_effort_spend(x->effort, p->n);
	return sum;
}

/* Of one or two persons more: their gains, and for pairs what sharing costs can make of them at most. */
static double few_bound(search *x, size_t more)
{
	double sum = pw_support_sum(&x->s);
	pw_effort_spend(x->effort, x->p->n);
	if (more == 2)
		sum += 0.5 * sum * sum * pw_support_growth(&x->s);
	return weight_of(x) * sum;
}

/* What is above, as cheaply as it can be told to be little. When it cannot, `own` is the cover of the
 * set itself. */
static double bound_child(search *x, const pw_support_cover *cover, pw_support_cover *own,
			  size_t more)
{
	if (more <= 2) {
		double few = few_bound(x, more);
		if (more == 1 || is_little(x, few))
			return few;
	}
	if (x->s.gain_pools == 0)
		return weight_of(x) * plain_bound(x, more);
	double above = cover_bound(x, cover, more);
	if (is_little(x, above) || !x->s.coverable)
		return above;
	above = look_ahead(x, cover);
	if (is_little(x, above))
		return above;
	if (more == 2 && pw_support_pairs_apply(&x->s))
		return above; /* going there is cheaper than finding out more */
	pw_support_cover_make(own, &x->s, more);
	return fmin(above, cover_bound(x, own, more));
}

/* The child that adds `person`: goes down, or bounds what is below. */
static void try_child(search *x, uint32_t person, const pw_support_cover *cover, size_t more)
{
	pw_support_mark mark = pw_support_mark_here(&x->s);
	pw_support_cover own = {.steps = 0};
	pw_support_add(&x->s, person);
	double below = bound_child(x, cover, &own, more);
	if (is_little(x, below)) {
		leave(x, below);
	} else {
		double before = mass_of(x);
		explore(x, &own, more);
		pw_sum_add(&x->t->marginal[person], mass_of(x) - before);
	}
	pw_support_cover_clear(&own);
	pw_support_back(&x->s, &mark);
	pw_support_exclude(&x->s, person);
}

/* Every set with somebody of the pool: their first member, in falling order, is the child. Afterwards the
 * whole pool is excluded. Returns how many were gone down to. */
static size_t try_pool(search *x, size_t pool, const pw_support_cover *cover, size_t more)
{
	uint32_t *list = pw_alloc_array(x->s.allowed[pool], sizeof(*list));
	size_t count = list_members(x, pool, list);
	size_t went = 0;
	for (size_t i = 0; i < count; i++) {
		double below = child_bound(x, list[i], cover);
		if (is_little(x, below)) {
			leave(x, below);
			pw_support_exclude(&x->s, list[i]);
		} else {
			try_child(x, list[i], cover, more - 1);
			went++;
		}
	}
	pw_effort_spend(x->effort, 8 * count);
	pw_free(list);
	return went;
}

/*
 * First whoever gains about as much as the best; then pool by pool, until none gains, or what is above
 * altogether is little. The cover is made anew when what it counts with has gone.
 */
static bool try_pools(search *x, pw_support_cover *cover, size_t more)
{
	size_t gone = cover->v == NULL ? MOST_GONE : 0;
	double largest = 0;
	while (x->s.gain_pools > 0) {
		if (gone >= MOST_GONE && x->s.coverable) {
			pw_support_cover_make(cover, &x->s, more);
			gone = 0;
		}
		double above = cover_bound(x, cover, more);
		if (is_little(x, above)) {
			leave(x, above);
			return false;
		}
		pw_effort_spend(x->effort, x->p->n);
		uint32_t best = pw_support_best(&x->s);
		double gain = x->s.gain[best];
		largest = fmax(largest, gain);
		if (gain > fmax(largest * PROMISING, 1)) {
			try_child(x, best, cover, more - 1);
			gone++;
		} else {
			gone += try_pool(x, next_pool(x), cover, more);
		}
	}
	return true;
}

/* Where no pool gains: the best first, until what all the others have above them is little. */
static void try_persons(search *x, size_t more)
{
	double weight = weight_of(x);
	for (;;) {
		double sum = x->s.dead_pools > 0 ? 0 : pw_support_sum(&x->s);
		double rest = fmax(plain_bound(x, more) - sum, 0) * weight;
		if (is_little(x, rest)) {
			leave(x, rest);
			return;
		}
		uint32_t best = pw_support_best(&x->s);
		pw_effort_spend(x->effort, x->p->n);
		if (best == UINT32_MAX)
			return;
		try_child(x, best, NULL, more - 1);
	}
}

/* The pairs that may be among the likeliest sets: those of j come with partners of less gain. */
static void offer_pairs(search *x, double weight)
{
	const double *partners = x->partners;
	for (uint32_t j = 0; j < x->p->n; j++) {
		if (!(weight * x->s.gain[j] * partners[j] > x->floor))
			continue;
		pw_support_mark mark = pw_support_mark_here(&x->s);
		double gain = x->s.gain[j];
		pw_support_add(&x->s, j);
		for (uint32_t k = j + 1; k < x->p->n; k++)
			if (x->s.gain[k] > 0)
				offer_set(x, weight * gain * x->s.gain[k], k, 0);
		pw_support_back(&x->s, &mark);
	}
}

/* The last two persons that may be added, all at once; false, and nothing recorded, where rounding could
 * hide more than is little. */
static bool record_pairs(search *x)
{
	double weight = exp(x->s.log_weight - x->ref);
	double left, ignore = 0.1 * x->threshold * mass_of(x) / weight;
	double sum = pw_support_pairs(&x->s, ignore, x->partners, &left);
	pw_effort_spend(x->effort, 24 * x->p->n);
	if (!is_little(x, weight * left))
		return false;
	leave(x, weight * left);
	pw_sum_add(&x->t->mass, weight * sum);
	count_in(x, x->s.count + 2, weight * sum);
	for (size_t j = 0; j < x->p->n; j++)
		pw_sum_add(&x->t->marginal[j], weight * x->s.gain[j] * x->partners[j]);
	offer_pairs(x, weight);
	return true;
}

/* Everything above the current set, which itself is recorded already; at most `more` persons more. */
static void explore(search *x, pw_support_cover *cover, size_t more)
{
	if (more == 0)
		return;
	double weight = exp(x->s.log_weight - x->ref);
	pw_support_mark mark = pw_support_mark_here(&x->s);
	double phi = x->phi, number[MOST_FLAT_COUNT], before = mass_of(x);
	size_t flats = x->flat_count;
	double own = x->s.dead_pools == 0 ? weight * phi : 0;
	memcpy(number, x->number, sizeof(number));
	take_flats(x, weight);
	record_children(x, weight);
	bool paired = more == 2 && pw_support_pairs_apply(&x->s) && record_pairs(x);
	if (more > 1 && !paired && (x->s.gain_pools == 0 || try_pools(x, cover, more)))
		try_persons(x, more);
	double total = mass_of(x) - before + own;
	for (size_t f = flats; f < x->flat_count; f++)
		pw_sum_add(&x->t->marginal[x->flats[f].person],
			   total * x->flats[f].gain / (1 + x->flats[f].gain));
	x->flat_count = flats;
	x->phi = phi;
	memcpy(x->number, number, sizeof(number));
	pw_support_back(&x->s, &mark);
}

/* ---- Passes ---- */

/* The weight of a good set, to measure by: the best gain first, as long as it is one. */
static double climb(search *x)
{
	pw_support_mark mark = pw_support_mark_here(&x->s);
	double most = x->s.log_weight;
	while (x->s.count < x->p->limit) {
		uint32_t best = pw_support_best(&x->s);
		if (best == UINT32_MAX || (x->s.gain[best] <= 1 && x->s.dead_pools == 0))
			break;
		pw_support_add(&x->s, best);
		most = fmax(most, x->s.log_weight);
		if (!pw_effort_spend(x->effort, x->p->n))
			break;
	}
	pw_support_back(&x->s, &mark);
	return most;
}

static void run_pass(search *x, double threshold)
{
	tally *t = x->t;
	memset(t->marginal, 0, x->p->n * sizeof(*t->marginal));
	memset(t->count, 0, sizeof(t->count));
	t->mass = (pw_sum){0, 0};
	t->left = 0;
	t->largest = 0;
	t->top.len = 0;
	x->threshold = threshold;
	x->phi = 1;
	memset(x->number, 0, sizeof(x->number));
	x->number[0] = 1;
	x->flat_count = 0;
	x->floor = t->top.room > 0 ? 0 : INFINITY;
	record_set(x, exp(x->s.log_weight - x->ref));
	pw_support_cover cover = {.steps = 0};
	explore(x, &cover, x->p->limit);
	pw_support_cover_clear(&cover);
}

static double share_left(const tally *t)
{
	double mass = pw_sum_value(&t->mass);
	if (!(mass > 0) || isinf(t->left))
		return 1;
	return t->left / (mass + t->left);
}

/* ---- The answer ---- */

static void report(const search *x, const tally *t, pw_arena *arena, pw_partial *out)
{
	const pw_problem *p = x->p;
	double mass = pw_sum_value(&t->mass), left = share_left(t);
	double rounding = (double)(16 * x->s.weight_max * (t->largest + 4) + 64) * DBL_EPSILON;
	out->posterior = pw_arena_array(arena, p->n, sizeof(*out->posterior));
	out->error = pw_arena_array(arena, p->n, sizeof(*out->error));
	for (size_t j = 0; j < p->n; j++) {
		double q = fmin(pw_sum_value(&t->marginal[j]) / mass, 1);
		out->posterior[j] = q;
		out->error[j] = fmin(left * fmax(q, 1 - q) + rounding, 1);
	}
	out->counts = p->n + 1 < MOST_COUNTS ? p->n + 1 : MOST_COUNTS;
	out->count = pw_arena_array(arena, out->counts, sizeof(*out->count));
	for (size_t k = 0; k < out->counts; k++)
		out->count[k] = t->count[k] / mass;
	out->logz = log(mass) + x->ref;
	out->logz_error = -log1p(-fmin(left, 1 - 1e-16)) + rounding +
			  (double)(p->n + p->m) * DBL_EPSILON * fabs(x->ref);
	out->method = PW_DECODE_SUPPORTS;
	out->stopped = x->effort->over;
}

static pw_status nothing_found(const search *x, const tally *t, pw_err *err)
{
	if (!x->effort->over && t->left < 1)
		return pw_impossible(err);
	return pw_fail(err, PW_ERR_LIMIT,
		       "no set of positives that explains the results was found in time: allow "
		       "more, or allow for errors (sensitivity and specificity below 1)");
}

/* How a pass went: what is left falls about as a power of the threshold. */
typedef struct course {
	double threshold, left;
	double power; /* as far as it is known */
} course;

static void learn(course *c, double threshold, double left)
{
	if (c->left > left && c->threshold > threshold && left > 0) {
		double power = log(c->left / left) / log(c->threshold / threshold);
		c->power = fmin(fmax(power, 0.4), 1.0);
	}
	c->threshold = threshold;
	c->left = left;
}

static double next_threshold(const course *c, double epsilon)
{
	double aim = AIM * fmax(epsilon, 1e-15);
	double factor = pow(aim / c->left, 1 / c->power);
	factor = fmin(fmax(factor, 1e-7), 0.3);
	return fmax(c->threshold * factor, LAST_THRESHOLD);
}

/* Passes until the error is small enough or time is over; the better of the last two is in *best. */
static void run_passes(search *x, double epsilon, tally *both, tally **best)
{
	course c = {.threshold = FIRST_THRESHOLD, .left = 1, .power = USUAL_POWER};
	double threshold = FIRST_THRESHOLD;
	*best = NULL;
	for (int pass = 0;; pass++) {
		x->t = &both[pass % 2];
		run_pass(x, threshold);
		if (*best == NULL || share_left(x->t) <= share_left(*best))
			*best = x->t;
		if (x->effort->over || share_left(x->t) <= epsilon || threshold <= LAST_THRESHOLD)
			return;
		learn(&c, threshold, share_left(x->t));
		threshold = next_threshold(&c, epsilon);
	}
}

pw_status pw_solve_supports(const pw_problem *p, const pw_decode_opts *opts, pw_effort *effort,
			    pw_arena *arena, pw_partial *out, pw_err *err)
{
	search x = {.p = p, .effort = effort};
	tally both[2] = {{.left = 0}, {.left = 0}}, *best;
	pw_support_init(&x.s, p, effort, arena);
	x.partners = pw_arena_array(arena, p->n, sizeof(*x.partners));
	x.flats = pw_arena_array(arena, p->n, sizeof(*x.flats));
	for (int i = 0; i < 2; i++) {
		both[i].marginal = pw_arena_array(arena, p->n, sizeof(*both[i].marginal));
		pw_top_init(&both[i].top, opts->sets);
	}
	x.ref = climb(&x);
	run_passes(&x, opts->epsilon, both, &best);
	pw_status rc = PW_OK;
	*out = (pw_partial){.logz = 0};
	if (!(pw_sum_value(&best->mass) > 0)) {
		rc = nothing_found(&x, best, err);
	} else {
		report(&x, best, arena, out);
		out->top = best->top;
		best->top = (pw_top){NULL, 0, 0};
	}
	pw_top_clear(&both[0].top);
	pw_top_clear(&both[1].top);
	pw_support_clear(&x.s);
	return rc;
}
