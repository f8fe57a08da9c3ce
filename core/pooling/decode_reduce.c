/*
 * What is certain is taken out of the evidence: people whose prior is 0 or 1, people in a pool that is
 * negative beyond doubt, the only one left in a pool that is positive beyond doubt. Pools that say nothing
 * of those who remain go too. Then everybody who shares no pool and no household, directly or through
 * others, is a part of their own. All of it is exact.
 */
#include "core/pooling/decode_impl.h"

#include <math.h>

/* A prior of 1 where Ct were read: near enough, and the person stays among those with a load. */
#define NEARLY_ONE (1 - 1e-12)

double pw_reduction_like(const pw_reduction *r, size_t pool, size_t k)
{
	return pw_tables_like(r->tables, pool, r->sure[pool] + k);
}

size_t pw_reduction_last(const pw_reduction *r, size_t pool)
{
	size_t last = r->tables->last[pool], sure = r->sure[pool],
	       rest = last > sure ? last - sure : 0;
	return rest < r->unsure[pool] ? rest : r->unsure[pool];
}

static void push(pw_reduction *r, size_t pool)
{
	if (r->stacked[pool])
		return;
	r->stacked[pool] = true;
	r->stack[r->depth++] = (uint32_t)pool;
}

/* Settles a person, and has the pools of that person looked at again. */
static void settle(pw_reduction *r, size_t sample, uint8_t state)
{
	double p = r->prior[sample];
	r->state[sample] = state;
	if (p > 0 && p < 1)
		r->logz += state == PW_ALWAYS ? log(p) : log1p(-p);
	r->certain += state == PW_ALWAYS;
	pw_design_list pools = pw_design_pools_of(r->e->design, sample);
	for (size_t x = 0; x < pools.count; x++) {
		size_t pool = pools.at[x];
		r->unsure[pool]--;
		r->sure[pool] += state == PW_ALWAYS;
		push(r, pool);
	}
}

static pw_status contradiction(const pw_reduction *r, size_t pool, pw_err *err)
{
	pw_pool_call call = r->e->readings[pool].call;
	const char *read = call == PW_POOL_POSITIVE ? "positive" : "negative";
	if (r->e->readings[pool].wells > 0)
		return pw_refuse(err, "impossible-evidence",
				 "the Ct of pool %zu is impossible under the model: check it, or "
				 "allow for errors (sensitivity and specificity below 1)",
				 pool + 1);
	return pw_refuse(err, "impossible-evidence",
			 "pool %zu is %s, which is impossible: %zu of its members are positive for "
			 "certain and %zu may be; check it, or allow for errors (sensitivity and "
			 "specificity below 1, priors off 0 and 1)",
			 pool + 1, read, (size_t)r->sure[pool], (size_t)r->unsure[pool]);
}

static void settle_members(pw_reduction *r, size_t pool, uint8_t state)
{
	pw_design_list members = pw_design_members(r->e->design, pool);
	for (size_t x = 0; x < members.count; x++)
		if (r->state[members.at[x]] == PW_FREE)
			settle(r, members.at[x], state);
}

/*
 * What a pool settles by itself: nobody may be positive, or everybody must be. Who must be positive
 * stays where Ct were read, because their load has a say in other pools.
 */
static pw_status look_at(pw_reduction *r, size_t pool, pw_err *err)
{
	size_t s = r->unsure[pool], last = pw_reduction_last(r, pool);
	bool none = pw_reduction_like(r, pool, 0) > 0, all = pw_reduction_like(r, pool, s) > 0;
	bool some = false;
	for (size_t k = 1; k < s && k <= last && !some; k++)
		some = pw_reduction_like(r, pool, k) > 0;
	if (!none && !all && !some)
		return contradiction(r, pool, err);
	if (s == 0 || some || (none && all) || (!none && r->by_load))
		return PW_OK;
	settle_members(r, pool, none ? PW_NEVER : PW_ALWAYS);
	return PW_OK;
}

static pw_status propagate(pw_reduction *r, pw_err *err)
{
	for (size_t i = r->m; i-- > 0;)
		push(r, i);
	for (size_t j = 0; j < r->n; j++)
		if (r->prior[j] <= 0 || r->prior[j] >= 1)
			settle(r, j, r->prior[j] > 0 ? PW_ALWAYS : PW_NEVER);
	while (r->depth > 0) {
		size_t pool = r->stack[--r->depth];
		r->stacked[pool] = false;
		pw_status rc = look_at(r, pool, err);
		if (rc != PW_OK)
			return rc;
	}
	return PW_OK;
}

/* ---- Households ---- */

/* The table of one household, of whom `sure` members must be positive; log_a as below. */
static void make_household(pw_reduction *r, size_t h, uint32_t sure, double log_a)
{
	const pw_household *house = &r->e->households[h];
	double *value = r->house_value + r->house_start[h];
	double log_c = log(house->odds), log_calm = log(1 - house->exposed);
	double log_exposed = log(house->exposed) + log_a + sure * log_c;
	uint32_t size = r->house_size[h];
	double most = fmax(log_calm, log_exposed + size * log_c);
	r->house_calm[h] = exp(log_calm - most);
	r->house_exposed[h] = exp(log_exposed - most);
	for (uint32_t k = 0; k <= size; k++)
		value[k] = fmax(r->house_calm[h] + exp(log_exposed + k * log_c - most), 1e-300);
	r->logz += most;
}

/*
 * With chance e the odds of every member are multiplied by c. Relative to the prior, k positives among
 * the members then have the weight 1-e + e·c^k·A, A = prod (1+o)/(1+c·o): a table by k, like a pool's. Those
 * who are settled for another reason than their prior belong to it too.
 */
static void make_households(pw_reduction *r, pw_arena *arena)
{
	const pw_evidence *e = r->e;
	size_t count = e->household_of != NULL ? e->household_count : 0;
	r->households = count;
	r->house_start = pw_arena_array(arena, count + 1, sizeof(*r->house_start));
	r->house_size = pw_arena_array(arena, count + 1, sizeof(*r->house_size));
	uint32_t *sure = pw_arena_array(arena, count + 1, sizeof(*sure));
	double *log_a = pw_arena_array(arena, count + 1, sizeof(*log_a));
	for (size_t j = 0; count > 0 && j < r->n; j++) {
		uint32_t h = e->household_of[j];
		double p = r->prior[j];
		if (h == PW_NO_HOUSEHOLD || p <= 0 || p >= 1)
			continue;
		log_a[h] -= log1p(p * (e->households[h].odds - 1));
		sure[h] += r->state[j] == PW_ALWAYS;
		r->house_size[h] += r->state[j] == PW_FREE;
	}
	for (size_t h = 0; h < count; h++)
		r->house_start[h + 1] = r->house_start[h] + r->house_size[h] + 1;
	r->house_value = pw_arena_array(arena, r->house_start[count] + 1, sizeof(*r->house_value));
	r->house_calm = pw_arena_array(arena, count + 1, sizeof(*r->house_calm));
	r->house_exposed = pw_arena_array(arena, count + 1, sizeof(*r->house_exposed));
	for (size_t h = 0; h < count; h++)
		make_household(r, h, sure[h], log_a[h]);
}

static void begin(pw_reduction *r, pw_arena *arena)
{
	const pw_evidence *e = r->e;
	r->state = pw_arena_array(arena, r->n, sizeof(*r->state));
	r->prior = pw_arena_array(arena, r->n, sizeof(*r->prior));
	r->sure = pw_arena_array(arena, r->m, sizeof(*r->sure));
	r->unsure = pw_arena_array(arena, r->m, sizeof(*r->unsure));
	r->stack = pw_arena_array(arena, r->m, sizeof(*r->stack));
	r->stacked = pw_arena_array(arena, r->m, sizeof(*r->stacked));
	for (size_t i = 0; i < r->m; i++) {
		r->unsure[i] = (uint32_t)pw_design_members(e->design, i).count;
		r->by_load = r->by_load || r->tables->curve[i] != NULL;
	}
	for (size_t j = 0; j < r->n; j++) {
		double p = e->priors != NULL ? e->priors[j] : e->prior;
		r->prior[j] = r->by_load && p > NEARLY_ONE ? NEARLY_ONE : p;
	}
}

static pw_status reduce(pw_reduction *r, size_t limit, pw_arena *scratch, pw_arena *arena,
			pw_reduced *out, pw_err *err)
{
	begin(r, scratch);
	pw_status rc = propagate(r, err);
	if (rc != PW_OK)
		return rc;
	if (r->certain > limit)
		return pw_refuse(err, "impossible-evidence",
				 "%zu people are positive for certain, but at most %zu may be",
				 r->certain, limit);
	make_households(r, scratch);
	pw_parts_make(r, limit == SIZE_MAX ? limit : limit - r->certain, scratch, arena, out);
	return PW_OK;
}

pw_status pw_reduce(const pw_evidence *e, const pw_tables *tables, size_t limit, pw_arena *arena,
		    pw_reduced *out, pw_err *err)
{
	pw_arena scratch = PW_ARENA_INIT;
	pw_reduction r = {.e = e, .tables = tables, .logz = tables->log_scale};
	r.n = pw_design_samples(e->design);
	r.m = pw_design_pools(e->design);
	pw_status rc = reduce(&r, limit, &scratch, arena, out, err);
	pw_arena_clear(&scratch);
	return rc;
}
