/*
 * HYPER: balanced designs from factorizations of the complete q-uniform hypergraph on m pools (Hong and
 * others 2022; the factorizations are Walecki's for q = 2 and Beth's for q = 3). A factor is m/q edges
 * that cover every pool once; a sample is an edge; factors are dealt in turn, so any number of people
 * fills the pools evenly, and all edges are used before one is used again. Repeated edges are put
 * next to each other.
 */
#include <inttypes.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/design_make.h"
#include "core/pooling/galois.h"

/* The edges in the order of the factors: `count` of them, `splits` pools each. */
typedef struct edges {
	uint32_t *pools;
	size_t count;
} edges;

/* x -> -(1 + x)/x on the numbers modulo r and infinity (r): of order three. */
static uint32_t orbit_next(uint32_t x, uint32_t r, const uint32_t *inverse)
{
	if (x == r)
		return r - 1;
	if (x == 0)
		return r;
	uint64_t y = (uint64_t)(1 + x) % r * inverse[x] % r;
	return (uint32_t)((r - y) % r);
}

/* g + x and scale · x, where infinity stays what it is. */
static uint32_t moved(uint32_t x, uint32_t scale, uint32_t g, uint32_t r)
{
	return x == r ? r : (uint32_t)(((uint64_t)x * scale + g) % r);
}

static void one_split(uint32_t m, edges *e)
{
	e->count = m;
	e->pools = pw_alloc_array(m, sizeof(*e->pools));
	for (uint32_t i = 0; i < m; i++)
		e->pools[i] = i;
}

/* Factor g is {g, infinity} and all {g + i, g - i}. */
static void two_splits(uint32_t m, edges *e)
{
	uint32_t r = m - 1;
	e->count = (size_t)r * m / 2;
	e->pools = pw_alloc_array(2 * e->count, sizeof(*e->pools));
	uint32_t *at = e->pools;
	for (uint32_t g = 0; g < r; g++) {
		*at++ = g;
		*at++ = r;
		for (uint32_t i = 1; i <= (r - 1) / 2; i++) {
			*at++ = (g + i) % r;
			*at++ = (g + r - i) % r;
		}
	}
}

static uint32_t smallest_primitive_root(uint32_t r)
{
	for (uint32_t w = 2; w < r; w++) {
		uint64_t x = w;
		uint32_t order = 1;
		for (; x != 1; order++)
			x = x * w % r;
		if (order == r - 1)
			return w;
	}
	return 1; /* r = 2 */
}

static void inverses(uint32_t r, uint32_t *inverse)
{
	inverse[1] = 1;
	for (uint32_t x = 2; x < r; x++)
		inverse[x] = (uint32_t)((uint64_t)(r - r / x) * inverse[r % x] % r);
}

/* The orbits, each once, as triples, by their lowest element. */
static void find_orbits(uint32_t m, uint32_t *triples)
{
	uint32_t r = m - 1;
	uint32_t *inverse = pw_alloc_array(m, sizeof(*inverse));
	bool *seen = pw_alloc_array(m, sizeof(*seen));
	inverses(r, inverse);
	for (uint32_t x = 0; x < m; x++) {
		if (seen[x])
			continue;
		uint32_t y = x;
		for (int k = 0; k < 3; k++) {
			*triples++ = y;
			seen[y] = true;
			y = orbit_next(y, r, inverse);
		}
		PW_BUG_IF(y != x); /* a fixed point needs r = 1 modulo 3 */
	}
	pw_free(seen);
	pw_free(inverse);
}

/* Factor (k, g), g fastest: every orbit times root^k plus g, k from 1 to (r - 1)/2. */
static void three_splits(uint32_t m, size_t wanted, edges *e)
{
	uint32_t r = m - 1, root = smallest_primitive_root(r), scale = 1;
	uint32_t *triples = pw_alloc_array(m, sizeof(*triples));
	find_orbits(m, triples);
	size_t all = (size_t)m * (m - 1) / 2 * (m - 2) / 3;
	size_t rounds = wanted < all ? (wanted + m / 3 - 1) / (m / 3) : all / (m / 3);
	e->count = rounds * (m / 3);
	e->pools = pw_alloc_array(3 * e->count, sizeof(*e->pools));
	uint32_t *at = e->pools;
	for (size_t round = 0; round < rounds; round++) {
		uint32_t g = (uint32_t)(round % r);
		if (g == 0)
			scale = (uint32_t)((uint64_t)scale * root % r);
		for (uint32_t i = 0; i < m; i++)
			*at++ = moved(triples[i], scale, g, r);
	}
	pw_free(triples);
}

static pw_status make_edges(const pw_make_opts *opts, edges *e, pw_err *err)
{
	uint32_t m = opts->pools;
	if (opts->samples == 0 || opts->splits < 1 || opts->splits > 3 || m < 2)
		return pw_fail(err, PW_ERR_ARG,
			       "give the numbers of samples, of pools, and splits (1, 2 or 3)");
	if (opts->splits == 2 && m % 2 != 0)
		return pw_fail(err, PW_ERR_ARG, "%" PRIu32 " pools: two splits need an even number",
			       m);
	if (opts->splits == 3 && (m % 6 != 0 || !pw_is_prime(m - 1)))
		return pw_fail(err, PW_ERR_ARG,
			       "%" PRIu32
			       " pools: three splits need a multiple of 6 that is a prime "
			       "and one, as 6 12 18 24 30 42 48 54 60 72 84 90",
			       m);
	if (opts->splits == 2 && m > 2000)
		return pw_fail(err, PW_ERR_LIMIT,
			       "more than the 2000 pools we take for two splits");
	if (opts->splits == 1)
		one_split(m, e);
	else if (opts->splits == 2)
		two_splits(m, e);
	else
		three_splits(m, opts->samples, e);
	return PW_OK;
}

pw_status pw_make_hyper(const pw_make_opts *opts, pw_draft *draft, pw_err *err)
{
	edges e = {NULL, 0};
	pw_status rc = make_edges(opts, &e, err);
	if (rc != PW_OK)
		return rc;
	size_t n = opts->samples, j = 0;
	/* People i, i + count, i + 2 count … have the same edge and stand together. */
	for (size_t i = 0; i < e.count && i < n; i++)
		for (size_t k = i; k < n; k += e.count, j++)
			for (uint32_t s = 0; s < opts->splits; s++)
				pw_draft_add(draft, e.pools[i * opts->splits + s], j);
	pw_free(e.pools);
	draft->samples = n;
	draft->pools = opts->pools;
	pw_str_addf(&draft->parameters, "m=%" PRIu32 " splits=%" PRIu32, opts->pools, opts->splits);
	return PW_OK;
}
