/* Designs that are codes: Reed-Solomon, shifted transversal, Chinese remainder; and the random one. */
#include <inttypes.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/design_make.h"
#include "core/pooling/galois.h"

/* q^k, or a number above every limit. */
static uint64_t power(uint64_t q, uint32_t k)
{
	uint64_t n = 1;
	for (uint32_t i = 0; i < k && n <= PW_DESIGN_MAX_SAMPLES; i++)
		n *= q;
	return n;
}

/*
 * Sample j is the polynomial whose coefficients are the digits of j in base q, constant first; in layer x
 * it is in the pool of its value at x, in layer q (the point at infinity) of its leading coefficient. Two
 * polynomials of degree below k agree in at most k - 1 points. q samples in a row differ in the constant
 * alone, so they are spread over all pools of every layer: any number of people fills the pools evenly.
 */
static void add_codewords(pw_draft *draft, const pw_field *field, uint32_t k, uint32_t w)
{
	for (size_t j = 0; j < draft->samples; j++) {
		uint32_t digit[32];
		size_t rest = j;
		for (uint32_t c = 0; c < k; c++) {
			digit[c] = (uint32_t)(rest % field->q);
			rest /= field->q;
		}
		for (uint32_t x = 0; x < w; x++) {
			uint32_t value = digit[k - 1];
			for (uint32_t c = k - 1; x < field->q && c-- > 0;)
				value = pw_field_add(field, pw_field_mul(field, value, x),
						     digit[c]);
			pw_draft_add(draft, (size_t)x * field->q + value, j);
		}
	}
}

/* What follows from the rest: q and w from the number of pools, which is their product, k from the people. */
static void fill_in(pw_make_opts *o)
{
	if (o->q == 0 && o->w > 0 && o->pools % o->w == 0)
		o->q = o->pools / o->w;
	if (o->w == 0 && o->q > 0 && o->pools % o->q == 0)
		o->w = o->pools / o->q;
	if (o->k == 0 && o->q >= 2 && o->samples > 0)
		for (o->k = 1; power(o->q, o->k) < o->samples;)
			o->k++;
}

static pw_status check_rs(const pw_make_opts *o, uint64_t holds, size_t n, pw_err *err)
{
	if (o->pools > 0 && o->pools != o->q * o->w)
		return pw_fail(err, PW_ERR_ARG, "%" PRIu32 " pools are not q × w = %" PRIu32,
			       o->pools, o->q * o->w);
	if (o->w > o->q + 1)
		return pw_fail(err, PW_ERR_ARG,
			       "w is %" PRIu32 ": a code over %" PRIu32 " has at most %" PRIu32
			       " layers",
			       o->w, o->q, o->q + 1);
	if (n > holds)
		return pw_fail(err, PW_ERR_ARG,
			       "%zu samples are more than the q^k = %" PRIu64
			       ": take a larger q or k",
			       n, holds);
	if (n > PW_DESIGN_MAX_SAMPLES)
		return pw_fail(err, PW_ERR_LIMIT, "more than the %d samples we take: say how many",
			       PW_DESIGN_MAX_SAMPLES);
	return PW_OK;
}

pw_status pw_make_rs(const pw_make_opts *opts, pw_draft *draft, pw_err *err)
{
	pw_make_opts o = *opts;
	fill_in(&o);
	if (o.q < 2 || o.k < 1 || o.k > 16 || o.w < 1)
		return pw_fail(
			err, PW_ERR_ARG,
			"give field q (a prime power), dimension k (1 to 16) and weight w (1 to q + 1), or pools, weight and "
			"samples");
	pw_field field;
	if (!pw_field_init(&field, o.q))
		return pw_fail(err, PW_ERR_ARG,
			       "field q is %" PRIu32 ": it must be a power of a prime, at most %d",
			       o.q, PW_FIELD_MAX);
	uint64_t holds = power(o.q, o.k);
	size_t n = o.samples > 0 ? o.samples : (size_t)holds;
	pw_status rc = check_rs(&o, holds, n, err);
	if (rc == PW_OK) {
		draft->samples = n;
		draft->pools = (size_t)o.w * o.q;
		add_codewords(draft, &field, o.k, o.w);
		pw_str_addf(&draft->parameters, "q=%" PRIu32 " k=%" PRIu32 " w=%" PRIu32, o.q, o.k,
			    o.w);
	}
	pw_field_clear(&field);
	return rc;
}

/* STD(n; q; w) is the code over a prime with as many coefficients as n people need. */
pw_status pw_make_std(const pw_make_opts *opts, pw_draft *draft, pw_err *err)
{
	if (!pw_is_prime(opts->q) || opts->q > PW_FIELD_MAX || opts->w < 1 ||
	    opts->w > opts->q + 1 || opts->samples == 0)
		return pw_fail(
			err, PW_ERR_ARG,
			"give the number of samples, field q (a prime, at most %d) and weight w (1 to q + 1)",
			PW_FIELD_MAX);
	uint32_t k = 1;
	while (power(opts->q, k) < opts->samples)
		k++;
	pw_field field;
	PW_BUG_IF(!pw_field_init(&field, opts->q));
	draft->samples = opts->samples;
	draft->pools = (size_t)opts->w * opts->q;
	add_codewords(draft, &field, k, opts->w);
	pw_field_clear(&field);
	pw_str_addf(&draft->parameters, "n=%zu q=%" PRIu32 " w=%" PRIu32, opts->samples, opts->q,
		    opts->w);
	return PW_OK;
}

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b)
{
	while (b != 0) {
		uint64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

pw_status pw_make_chinese(const pw_make_opts *opts, pw_draft *draft, pw_err *err)
{
	if (opts->dim_count < 1 || opts->dim_count > PW_DESIGN_MAX_DIMS)
		return pw_fail(err, PW_ERR_ARG, "give one to %d pooling windows",
			       PW_DESIGN_MAX_DIMS);
	uint64_t holds = 1;
	size_t pools = 0;
	for (uint32_t d = 0; d < opts->dim_count; d++) {
		uint64_t window = opts->dims[d];
		if (window < 2 || window > PW_DESIGN_MAX_POOLS)
			return pw_fail(err, PW_ERR_ARG,
				       "window %" PRIu32 " is %" PRIu64 ": it must be from 2 to %d",
				       d + 1, window, PW_DESIGN_MAX_POOLS);
		if (holds <= PW_DESIGN_MAX_SAMPLES)
			holds *= window / greatest_common_divisor(holds, window);
		pools += window;
	}
	size_t n = opts->samples > 0 ? opts->samples : (size_t)holds;
	if (n > holds)
		return pw_fail(err, PW_ERR_ARG,
			       "%zu samples are more than %" PRIu64 ", the windows' least common "
			       "multiple, tells apart: take windows without a common divisor",
			       n, holds);
	if (n > PW_DESIGN_MAX_SAMPLES || pools > PW_DESIGN_MAX_POOLS)
		return pw_fail(err, PW_ERR_LIMIT, "more than the %d samples and %d pools we take",
			       PW_DESIGN_MAX_SAMPLES, PW_DESIGN_MAX_POOLS);
	draft->samples = n;
	draft->pools = pools;
	size_t first = 0;
	pw_str_add(&draft->parameters, "windows=");
	for (uint32_t d = 0; d < opts->dim_count; d++) {
		for (size_t j = 0; j < n; j++)
			pw_draft_add(draft, first + j % opts->dims[d], j);
		first += opts->dims[d];
		pw_str_addf(&draft->parameters, "%s%" PRIu32, d == 0 ? "" : ",", opts->dims[d]);
	}
	return PW_OK;
}

/*
 * Everybody takes w of the pools that have fewest so far; among equally full ones it is drawn. Sizes
 * differ by one at most. order[0 .. fresh) have one less than the rest; once they are all taken, all are
 * fresh again, those of the present sample too, which are passed over.
 */
static void deal(pw_draft *draft, uint32_t m, uint32_t w, pw_rng *rng)
{
	uint32_t *order = pw_alloc_array(m, sizeof(*order));
	size_t *taken_by = pw_alloc_array(m, sizeof(*taken_by)); /* the last sample in it, from 1 */
	for (uint32_t i = 0; i < m; i++)
		order[i] = i;
	uint32_t fresh = m;
	for (size_t j = 0; j < draft->samples; j++)
		for (uint32_t k = 0; k < w; k++) {
			if (fresh == 0)
				fresh = m;
			uint32_t at;
			do {
				at = (uint32_t)pw_rng_below(rng, fresh);
			} while (taken_by[order[at]] == j + 1);
			uint32_t pool = order[at];
			order[at] = order[--fresh];
			order[fresh] = pool;
			taken_by[pool] = j + 1;
			pw_draft_add(draft, pool, j);
		}
	pw_free(taken_by);
	pw_free(order);
}

pw_status pw_make_random(const pw_make_opts *opts, pw_draft *draft, pw_err *err)
{
	if (opts->samples == 0 || opts->pools == 0 || opts->w == 0 || opts->w > opts->pools)
		return pw_fail(err, PW_ERR_ARG,
			       "give the numbers of samples, of pools, and w (1 to the pools)");
	if (opts->samples * opts->w > PW_DESIGN_MAX_ENTRIES)
		return pw_fail(err, PW_ERR_LIMIT,
			       "%zu samples in %" PRIu32 " pools each are more than "
			       "the %d places we take",
			       opts->samples, opts->w, PW_DESIGN_MAX_ENTRIES);
	draft->samples = opts->samples;
	draft->pools = opts->pools;
	pw_rng rng;
	pw_rng_init(&rng, opts->seed);
	deal(draft, opts->pools, opts->w, &rng);
	pw_str_addf(&draft->parameters, "w=%" PRIu32 " seed=%" PRIu64, opts->w, opts->seed);
	return PW_OK;
}
