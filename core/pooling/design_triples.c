/*
 * Triple systems and social golfers: designs in which two people share at most one pool. Samples are the
 * blocks, pools the points. A resolvable system comes in rounds, each of which covers every pool once.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/design_make.h"
#include "core/pooling/galois.h"

#define MAX_POINTS 1000 /* of triple systems and tournaments, which take their square */

/* Blocks of `size` points, a round of points/size of them after the other. */
typedef struct rounds {
	uint32_t points, size;
	size_t len, room; /* points written: size times the blocks */
	uint32_t *at;
} rounds;

static void add_point(rounds *r, uint32_t point)
{
	if (r->len == r->room) {
		r->room = r->room == 0 ? 1024 : 2 * r->room;
		r->at = pw_realloc_array(r->at, r->room, sizeof(*r->at));
	}
	r->at[r->len++] = point;
}

static void add_triple(rounds *r, uint32_t a, uint32_t b, uint32_t c)
{
	add_point(r, a);
	add_point(r, b);
	add_point(r, c);
}

/* ---- Kirkman systems straight from a field GF(q), q = 6t + 1 (Ray-Chaudhuri and Wilson 1971) ---- */

/* The generator's power i, moved by g. */
static uint32_t power(const pw_field *f, uint32_t i, uint32_t g)
{
	return pw_field_add(f, f->exp[i % (f->q - 1)], g);
}

/* Kirkman system of 2q + 1 points: (x, 1), (x, 2) for x in the field, and infinity. */
static void kirkman_2q1(const pw_field *f, rounds *r)
{
	uint32_t q = f->q, t = q / 6, m = 0;
	PW_BUG_IF(t == 0);
	uint32_t two = pw_field_add(f, 1, 1);
	while (pw_field_mul(f, two, f->exp[m]) != pw_field_add(f, f->exp[t], 1))
		m++;
	for (uint32_t g = 0; g < q; g++) {
		add_triple(r, 2 * q, g, q + g);
		for (uint32_t i = 0; i < 6 * t; i++)
			if (i / t % 2 == 0)
				add_triple(r, power(f, i, g), power(f, i + t, g),
					   q + power(f, i + m, g));
		for (uint32_t i = 0; i < t; i++)
			add_triple(r, q + power(f, i + m + t, g), q + power(f, i + m + 3 * t, g),
				   q + power(f, i + m + 5 * t, g));
	}
}

/* Kirkman system of 3q points: (x, 0), (x, 1), (x, 2). */
static void kirkman_3q(const pw_field *f, rounds *r)
{
	uint32_t q = f->q, t = q / 6;
	PW_BUG_IF(t == 0);
	for (uint32_t g = 0; g < q; g++) {
		add_triple(r, g, q + g, 2 * q + g);
		for (uint32_t i = 0; i < t; i++)
			for (uint32_t j = 0; j < 3; j++)
				add_triple(r, j * q + power(f, i, g),
					   j * q + power(f, i + 2 * t, g),
					   j * q + power(f, i + 4 * t, g));
		for (uint32_t i = 0; i < 6 * t; i++)
			if (i / t % 2 == 1)
				add_triple(r, power(f, i, g), q + power(f, i + 2 * t, g),
					   2 * q + power(f, i + 4 * t, g));
	}
	for (uint32_t i = 0; i < 6 * t; i++)
		for (uint32_t g = 0; i / t % 2 == 0 && g < q; g++)
			add_triple(r, power(f, i, g), q + power(f, i + 2 * t, g),
				   2 * q + power(f, i + 4 * t, g));
}

static bool field_of_6t1(uint32_t q, pw_field *out)
{
	return q % 6 == 1 && pw_field_init(out, q);
}

/* ---- Tournaments ---- */

/*
 * `size` players a group, points = groups × size. The transversal rounds: player (layer a, number x); in
 * round c group i is x = i + c u_a in every layer. Multipliers differ by units, so two groups that
 * share two players are one. Then, where the layer's own players can be grouped, every layer plays
 * among itself.
 */
static void tournament(uint32_t points, uint32_t size, uint32_t scale, rounds *r);

static void transversal_rounds(uint32_t groups, uint32_t size, uint32_t scale, rounds *r)
{
	pw_ring ring;
	if (!pw_ring_init(&ring, groups))
		return;
	for (uint32_t c = 0; ring.span >= size && c < groups; c++)
		for (uint32_t copy = 0; copy < scale; copy++)
			for (uint32_t i = 0; i < groups; i++)
				for (uint32_t a = 0; a < size; a++)
					add_point(r, (copy * size + a) * groups +
							     pw_ring_line(&ring, i, c, a));
	pw_ring_clear(&ring);
}

/* `scale` copies of the tournament side by side, copy k on the points from k × points. */
static void tournament(uint32_t points, uint32_t size, uint32_t scale, rounds *r)
{
	pw_field f;
	uint32_t groups = points / size;
	if (points < size || points % size != 0)
		return;
	if (groups == 1) {
		for (uint32_t i = 0; i < points * scale; i++)
			add_point(r, i);
		return;
	}
	bool twice = size == 3 && field_of_6t1((points - 1) / 2, &f);
	bool thrice = !twice && size == 3 && field_of_6t1(points / 3, &f);
	if (!twice && !thrice) {
		transversal_rounds(groups, size, scale, r);
		tournament(groups, size, scale * size, r);
		return;
	}
	rounds one = {.points = points, .size = 3};
	if (twice)
		kirkman_2q1(&f, &one);
	else
		kirkman_3q(&f, &one);
	for (size_t at = 0; at < one.len; at += points)
		for (uint32_t copy = 0; copy < scale; copy++)
			for (uint32_t i = 0; i < points; i++)
				add_point(r, copy * points + one.at[at + i]);
	pw_free(one.at);
	pw_field_clear(&f);
}

/* The first n blocks. */
static void take_blocks(pw_draft *draft, const rounds *r, size_t n)
{
	draft->samples = n;
	draft->pools = r->points;
	for (size_t j = 0; j < n; j++)
		for (uint32_t k = 0; k < r->size; k++)
			pw_draft_add(draft, r->at[j * r->size + k], j);
}

static pw_status play(uint32_t points, uint32_t size, size_t wanted, pw_draft *draft, pw_err *err)
{
	rounds r = {.points = points, .size = size};
	tournament(points, size, 1, &r);
	size_t blocks = r.len / size;
	size_t n = wanted > 0 ? wanted : blocks;
	pw_status rc = PW_OK;
	if (n == 0 || n > blocks)
		rc = pw_fail(err, PW_ERR_ARG,
			     "%" PRIu32 " pools hold %zu people in rounds of %" PRIu32
			     " as far as we can construct them: take fewer people or other pools",
			     points, blocks, points / size);
	else
		take_blocks(draft, &r, n);
	pw_free(r.at);
	return rc;
}

pw_status pw_make_kirkman(const pw_make_opts *opts, pw_draft *draft, pw_err *err)
{
	if (opts->pools < 3 || opts->pools % 3 != 0 || opts->pools > MAX_POINTS)
		return pw_fail(err, PW_ERR_ARG,
			       "give the number of pools, a multiple of 3 up to %d", MAX_POINTS);
	pw_str_addf(&draft->parameters, "v=%" PRIu32, opts->pools);
	return play(opts->pools, 3, opts->samples, draft, err);
}

pw_status pw_make_golfer(const pw_make_opts *opts, pw_draft *draft, pw_err *err)
{
	if (opts->q < 1 || opts->size < 2 || (uint64_t)opts->q * opts->size > MAX_POINTS)
		return pw_fail(err, PW_ERR_ARG,
			       "give groups, size (players a group) and weeks; at most %d "
			       "players",
			       MAX_POINTS);
	size_t wanted = opts->samples > 0 ? opts->samples : (size_t)opts->q * opts->w;
	if (opts->w > 0 && wanted > (size_t)opts->q * opts->w)
		return pw_fail(err, PW_ERR_ARG, "%zu samples are more than q × w = %zu", wanted,
			       (size_t)opts->q * opts->w);
	pw_str_addf(&draft->parameters, "groups=%" PRIu32 " size=%" PRIu32, opts->q, opts->size);
	return play(opts->q * opts->size, opts->size, wanted, draft, err);
}

/* ---- Steiner triple systems ---- */

/* v = 6t + 3: Bose 1939, over the numbers modulo 2t + 1, in which 2 has the inverse t + 1. */
static void bose(uint32_t v, rounds *r)
{
	uint32_t n = v / 3, half = (n + 1) / 2;
	for (uint32_t x = 0; x < n; x++)
		add_triple(r, x, n + x, 2 * n + x);
	for (uint32_t x = 0; x < n; x++)
		for (uint32_t y = x + 1; y < n; y++)
			for (uint32_t i = 0; i < 3; i++)
				add_triple(r, i * n + x, i * n + y,
					   (i + 1) % 3 * n +
						   (uint32_t)((uint64_t)(x + y) * half % n));
}

/* v = 6t + 1: Skolem 1958, over a half-idempotent quasigroup of order 2t, and infinity. */
static void skolem(uint32_t v, rounds *r)
{
	uint32_t n = (v - 1) / 3, t = n / 2, infinity = 3 * n;
	for (uint32_t x = 0; x < t; x++) {
		add_triple(r, x, n + x, 2 * n + x);
		for (uint32_t i = 0; i < 3; i++)
			add_triple(r, infinity, i * n + t + x, (i + 1) % 3 * n + x);
	}
	for (uint32_t x = 0; x < n; x++)
		for (uint32_t y = x + 1; y < n; y++) {
			uint32_t s = (x + y) % n, z = s % 2 == 0 ? s / 2 : (s - 1) / 2 + t;
			for (uint32_t i = 0; i < 3; i++)
				add_triple(r, i * n + x, i * n + y, (i + 1) % 3 * n + z);
		}
}

/* How much fuller than even the pools get that a block is in: squares, so that one full pool counts. */
static uint64_t burden(const uint32_t *block, const uint32_t *load)
{
	uint64_t sum = 0;
	for (size_t k = 0; k < 3; k++)
		sum += (uint64_t)load[block[k]] * load[block[k]];
	return sum;
}

/* Puts next, of the blocks left, the one whose pools are least full: any first n fill evenly. */
static void balance(rounds *r)
{
	uint32_t *load = pw_alloc_array(r->points, sizeof(*load));
	for (uint32_t *next = r->at, *end = r->at + r->len; next < end; next += 3) {
		uint32_t *best = next;
		for (uint32_t *block = next + 3; block < end; block += 3)
			if (burden(block, load) < burden(best, load))
				best = block;
		for (size_t k = 0; k < 3; k++) {
			uint32_t point = best[k];
			best[k] = next[k];
			next[k] = point;
			load[point]++;
		}
	}
	pw_free(load);
}

#define MAX_STEINER 151 /* balancing takes the square of v(v-1)/6 blocks */

pw_status pw_make_steiner(const pw_make_opts *opts, pw_draft *draft, pw_err *err)
{
	uint32_t v = opts->pools;
	if (v < 3 || (v % 6 != 1 && v % 6 != 3) || v > MAX_STEINER)
		return pw_fail(err, PW_ERR_ARG,
			       "give the number of pools: 1 or 3 modulo 6, up to %d", MAX_STEINER);
	size_t holds = (size_t)v * (v - 1) / 6, n = opts->samples > 0 ? opts->samples : holds;
	if (n > holds)
		return pw_fail(err, PW_ERR_ARG,
			       "%zu samples are more than the %zu triples of %" PRIu32 " pools", n,
			       holds, v);
	rounds r = {.points = v, .size = 3};
	if (v % 6 == 3)
		bose(v, &r);
	else
		skolem(v, &r);
	PW_BUG_IF(r.len / 3 != holds);
	if (n < holds)
		balance(&r);
	take_blocks(draft, &r, n);
	pw_free(r.at);
	pw_str_addf(&draft->parameters, "v=%" PRIu32, v);
	return PW_OK;
}
