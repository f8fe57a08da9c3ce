#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/design_make.h"
#include "core/pooling/galois.h"
#include "tests/unit/pooling/shared_data.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

static pw_design *make(const pw_make_opts *opts)
{
	pw_design *design = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_make(opts, &design, &err) == PW_OK, "%s", err.msg);
	return design;
}

static uint64_t meeting_pairs(const pw_design *d, uint32_t times)
{
	pw_design_overlap o;
	pw_design_overlap_of(d, &o);
	ck_assert(o.known);
	return o.pairs[times];
}

/* ---- Fields ---- */

static const uint32_t orders[] = {2, 3, 4, 5, 7, 8, 9, 16, 25, 27, 49, 64, 81, 121, 125};

START_TEST(test_every_field_is_one)
{
	pw_field f;
	uint32_t q = orders[_i];
	ck_assert(pw_field_init(&f, q));
	for (uint32_t a = 0; a < q; a++) {
		bool negative = a == 0, inverse = a == 0;
		for (uint32_t b = 0; b < q; b++) {
			ck_assert_uint_eq(pw_field_mul(&f, a, b), pw_field_mul(&f, b, a));
			negative |= pw_field_add(&f, a, b) == 0;
			inverse |= pw_field_mul(&f, a, b) == 1;
			uint32_t c = (a + 2 * b + 1) % q;
			ck_assert_uint_eq(
				pw_field_mul(&f, a, pw_field_add(&f, b, c)),
				pw_field_add(&f, pw_field_mul(&f, a, b), pw_field_mul(&f, a, c)));
		}
		ck_assert(negative && inverse);
		ck_assert_uint_eq(pw_field_pow(&f, a, 3),
				  pw_field_mul(&f, a, pw_field_mul(&f, a, a)));
	}
	pw_field_clear(&f);
}
END_TEST

START_TEST(test_what_is_no_field_is_refused)
{
	static const uint32_t none[] = {0, 1, 6, 10, 12, 15, 36, 100, 1000, 1031};
	pw_field f;
	for (int i = 0; i < COUNT(none); i++)
		ck_assert(!pw_field_init(&f, none[i]));
	ck_assert_uint_eq(pw_field_pow(&f, 0, 0), 1);
}
END_TEST

/* ---- Codes ---- */

START_TEST(test_the_published_reed_solomon_design_is_made_bit_for_bit)
{
	pw_make_opts opts = {.family = PW_FAMILY_RS, .samples = 384, .q = 8, .k = 3, .w = 6};
	pw_design *d = make(&opts);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_eq(pw_design_pools(d), 48);
	ck_assert_uint_eq(s.min_weight, 6);
	ck_assert_uint_eq(s.max_weight, 6);
	ck_assert_uint_eq(s.min_size, 48);
	ck_assert_uint_eq(s.max_size, 48);
	ck_assert_uint_eq(meeting_pairs(d, 0), 33792);
	ck_assert_uint_eq(meeting_pairs(d, 1), 25344);
	ck_assert_uint_eq(meeting_pairs(d, 2), 14400);
	ck_assert_str_eq(pw_design_parameters(d), "q=8 k=3 w=6");

	char *text;
	size_t n;
	if (shared_data_read("pooling/pbest_48x384.txt", &text, &n)) {
		pw_design *published = NULL;
		ck_assert_int_eq(pw_design_parse(text, n, &published, NULL), PW_OK);
		pw_str ours = PW_STR_INIT, theirs = PW_STR_INIT;
		pw_design_format(d, false, &ours);
		pw_design_format(published, false, &theirs);
		ck_assert_str_eq(pw_str_text(&ours), pw_str_text(&theirs));
		pw_str_clear(&ours);
		pw_str_clear(&theirs);
		pw_design_free(published);
		free(text);
	}
	pw_design_free(d);
}
END_TEST

/* Two codewords agree in at most k - 1 layers; with fewer people the pools stay even. */
static const struct {
	uint32_t q, k, w;
	size_t samples;
} codes[] = {
	{8, 3, 9, 0},  {8, 2, 6, 0},   {9, 2, 10, 81}, {7, 3, 6, 100},
	{4, 4, 5, 77}, {16, 2, 3, 50}, {2, 3, 3, 0},   {27, 2, 4, 0},
};

START_TEST(test_a_code_follows_from_its_pools_and_people)
{
	pw_make_opts opts = {.family = PW_FAMILY_RS, .samples = 384, .pools = 48, .w = 6};
	pw_design *d = make(&opts);
	ck_assert_str_eq(pw_design_parameters(d), "q=8 k=3 w=6");
	pw_design_free(d);
	opts = (pw_make_opts){.family = PW_FAMILY_RS, .samples = 40, .pools = 21, .q = 7};
	d = make(&opts);
	ck_assert_str_eq(pw_design_parameters(d), "q=7 k=2 w=3");
	pw_design_free(d);
}
END_TEST

START_TEST(test_codewords_agree_less_than_k_times)
{
	pw_make_opts opts = {.family = PW_FAMILY_RS,
			     .q = codes[_i].q,
			     .k = codes[_i].k,
			     .w = codes[_i].w,
			     .samples = codes[_i].samples};
	pw_design *d = make(&opts);
	pw_design_overlap o;
	pw_design_overlap_of(d, &o);
	ck_assert_uint_le(o.max, codes[_i].k - 1);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_eq(s.min_weight, codes[_i].w);
	ck_assert_uint_eq(s.max_weight, codes[_i].w);
	if (codes[_i].w <= codes[_i].q)
		ck_assert_uint_le(s.max_size - s.min_size, 1);
	/* tG + 2E + 1 <= w is enough for t positives with E errors. */
	pw_design_guarantee g;
	pw_design_guarantee_of(d, &g);
	for (uint32_t e = 0; e <= PW_DESIGN_MAX_FLIPS && 2 * e + 1 <= codes[_i].w; e++)
		ck_assert_int_ge(g.positives[e],
				 (int32_t)((codes[_i].w - 2 * e - 1) / (codes[_i].k - 1)));
	pw_design_free(d);
}
END_TEST

/* Thierry-Mieg 2006: STD(n; q; w) has compression power the least c with q^(c + 1) >= n. */
START_TEST(test_a_shifted_transversal_design_is_a_code_over_a_prime)
{
	pw_make_opts opts = {.family = PW_FAMILY_STD, .samples = 94, .q = 13, .w = 13};
	pw_design *d = make(&opts);
	ck_assert_uint_eq(pw_design_pools(d), 169);
	for (uint32_t i = 0; i < 94; i++)
		for (uint32_t j = 0; j < 13; j++)
			ck_assert(pw_design_has(d, j * 13 + (i % 13 + j * (i / 13)) % 13, i));
	pw_design_free(d);
	opts = (pw_make_opts){.family = PW_FAMILY_STD, .samples = 100, .q = 3, .w = 4};
	d = make(&opts); /* 3^5 > 100 > 3^4: five digits; the last layer is the leading one */
	for (uint32_t i = 0; i < 100; i++) {
		uint32_t value = 0, power = 1, rest = i;
		for (int c = 0; c < 5; c++, rest /= 3, power = power * 2 % 3)
			value += rest % 3 * power;
		ck_assert(pw_design_has(d, 6 + value % 3, i));
		ck_assert(i / 81 == 0 ? pw_design_has(d, 9, i) : pw_design_has(d, 10, i));
	}
	pw_design_free(d);
}
END_TEST

START_TEST(test_chinese_windows_count_modulo)
{
	pw_make_opts opts = {
		.family = PW_FAMILY_CHINESE, .samples = 96, .dims = {10, 11, 13}, .dim_count = 3};
	pw_design *d = make(&opts);
	ck_assert_uint_eq(pw_design_pools(d), 34);
	for (size_t j = 0; j < 96; j++)
		ck_assert(pw_design_has(d, j % 10, j) && pw_design_has(d, 10 + j % 11, j) &&
			  pw_design_has(d, 21 + j % 13, j));
	pw_design_overlap o;
	pw_design_overlap_of(d, &o);
	ck_assert_uint_eq(o.max, 1); /* every two windows' least common multiple is above 96 */
	pw_design_free(d);
	opts.samples = 0;
	opts.dims[1] = 4;
	d = make(&opts); /* lcm(10, 4, 13) */
	ck_assert_uint_eq(pw_design_samples(d), 260);
	pw_design_free(d);
}
END_TEST

START_TEST(test_random_designs_are_even_and_come_again_from_their_seed)
{
	pw_make_opts opts = {
		.family = PW_FAMILY_RANDOM, .samples = 101, .pools = 19, .w = 7, .seed = 5};
	pw_design *a = make(&opts), *b = make(&opts);
	opts.seed = 6;
	pw_design *c = make(&opts);
	pw_str ta = PW_STR_INIT, tb = PW_STR_INIT, tc = PW_STR_INIT;
	pw_design_format(a, false, &ta);
	pw_design_format(b, false, &tb);
	pw_design_format(c, false, &tc);
	ck_assert_str_eq(pw_str_text(&ta), pw_str_text(&tb));
	ck_assert_str_ne(pw_str_text(&ta), pw_str_text(&tc));
	pw_design_shape s = pw_design_shape_of(a);
	ck_assert_uint_eq(s.min_weight, 7);
	ck_assert_uint_eq(s.max_weight, 7);
	ck_assert_uint_eq(s.max_size - s.min_size, 1);
	pw_str_clear(&ta);
	pw_str_clear(&tb);
	pw_str_clear(&tc);
	pw_design_free(a);
	pw_design_free(b);
	pw_design_free(c);
	opts = (pw_make_opts){.family = PW_FAMILY_RANDOM, .samples = 9, .pools = 5, .w = 5};
	a = make(&opts);
	ck_assert_uint_eq(pw_design_entries(a), 45);
	pw_design_free(a);
}
END_TEST

/* ---- Triples ---- */

/* How often two pools meet in a sample. */
static void count_pool_pairs(const pw_design *d, uint8_t *met)
{
	size_t v = pw_design_pools(d);
	for (size_t j = 0; j < pw_design_samples(d); j++) {
		pw_design_list pools = pw_design_pools_of(d, j);
		for (size_t a = 0; a < pools.count; a++)
			for (size_t b = a + 1; b < pools.count; b++)
				met[pools.at[a] * v + pools.at[b]]++;
	}
}

static void assert_every_pair_meets_once(const pw_design *d)
{
	size_t v = pw_design_pools(d);
	uint8_t *met = pw_alloc_array(v * v, sizeof(*met));
	count_pool_pairs(d, met);
	for (size_t a = 0; a < v; a++)
		for (size_t b = a + 1; b < v; b++)
			ck_assert_uint_eq(met[a * v + b], 1);
	pw_free(met);
}

/* Every `v / size` samples in a row cover every pool once. */
static void assert_comes_in_rounds(const pw_design *d, size_t size)
{
	size_t v = pw_design_pools(d), group = v / size;
	for (size_t j = 0; j + group <= pw_design_samples(d); j += group) {
		uint8_t *seen = pw_alloc_array(v, sizeof(*seen));
		for (size_t k = j; k < j + group; k++) {
			pw_design_list pools = pw_design_pools_of(d, k);
			ck_assert_uint_eq(pools.count, size);
			for (size_t a = 0; a < pools.count; a++)
				ck_assert_uint_eq(seen[pools.at[a]]++, 0);
		}
		pw_free(seen);
	}
}

static const struct {
	uint32_t pools;
	size_t samples;
	bool whole;
} kirkman[] = {
	{3, 1, true},     {9, 12, true},    {15, 35, true},   {21, 70, true},   {27, 117, true},
	{33, 121, false}, {39, 247, true},  {45, 330, true},  {51, 425, true},  {57, 532, true},
	{63, 651, true},  {75, 925, true},  {81, 1080, true}, {87, 1247, true}, {93, 1426, true},
	{24, 64, false},  {36, 192, false}, {48, 256, false},
};

START_TEST(test_kirkman_systems)
{
	pw_make_opts opts = {.family = PW_FAMILY_KIRKMAN, .pools = kirkman[_i].pools};
	pw_design *d = make(&opts);
	ck_assert_uint_eq(pw_design_samples(d), kirkman[_i].samples);
	assert_comes_in_rounds(d, 3);
	if (kirkman[_i].whole)
		assert_every_pair_meets_once(d);
	ck_assert_uint_eq(meeting_pairs(d, 2) + meeting_pairs(d, 3), 0);
	pw_design_free(d);
}
END_TEST

/* The parameters of the design that a published 45 × 105 system has. */
START_TEST(test_the_kirkman_design_of_105_people_in_45_pools)
{
	pw_make_opts opts = {.family = PW_FAMILY_KIRKMAN, .pools = 45, .samples = 105};
	pw_design *d = make(&opts);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_eq(s.min_weight, 3);
	ck_assert_uint_eq(s.max_weight, 3);
	ck_assert_uint_eq(s.min_size, 7);
	ck_assert_uint_eq(s.max_size, 7);
	ck_assert_uint_eq(meeting_pairs(d, 0), 4515);
	ck_assert_uint_eq(meeting_pairs(d, 1), 945);
	ck_assert_uint_eq(meeting_pairs(d, 2), 0);
	assert_comes_in_rounds(d, 3);
	pw_design_guarantee g;
	pw_design_guarantee_of(d, &g);
	ck_assert_int_eq(g.positives[0], 2);
	pw_design_free(d);
}
END_TEST

static const uint32_t steiner[] = {3, 7, 9, 13, 15, 19, 21, 25, 27, 31, 33, 37, 49, 51};

START_TEST(test_steiner_systems_hold_every_pair_of_pools_once)
{
	pw_make_opts opts = {.family = PW_FAMILY_STEINER, .pools = steiner[_i]};
	pw_design *d = make(&opts);
	ck_assert_uint_eq(pw_design_samples(d), steiner[_i] * (steiner[_i] - 1) / 6);
	assert_every_pair_meets_once(d);
	pw_design_free(d);
	opts.samples = (steiner[_i] * (steiner[_i] - 1) / 6 + 1) / 2;
	d = make(&opts);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_le(s.max_size - s.min_size, 2);
	pw_design_free(d);
}
END_TEST

static const struct {
	uint32_t groups, size, weeks;
} golfers[] = {{8, 4, 8}, {4, 4, 5}, {16, 3, 16}, {5, 5, 6}, {9, 3, 13}, {15, 3, 22}, {12, 3, 12}};

START_TEST(test_golfers_meet_at_most_once)
{
	pw_make_opts opts = {.family = PW_FAMILY_GOLFER,
			     .q = golfers[_i].groups,
			     .size = golfers[_i].size,
			     .w = golfers[_i].weeks};
	pw_design *d = make(&opts);
	size_t v = pw_design_pools(d);
	ck_assert_uint_eq(v, golfers[_i].groups * golfers[_i].size);
	ck_assert_uint_eq(pw_design_samples(d), golfers[_i].groups * golfers[_i].weeks);
	assert_comes_in_rounds(d, golfers[_i].size);
	uint8_t *met = pw_alloc_array(v * v, sizeof(*met));
	count_pool_pairs(d, met);
	for (size_t i = 0; i < v * v; i++)
		ck_assert_uint_le(met[i], 1);
	pw_free(met);
	pw_design_free(d);
}
END_TEST

/* ---- HYPER ---- */

/* r = 5: {g, infinity}, {g + 1, g - 1}, {g + 2, g - 2}, g from 0; pools from 0, infinity is 5. */
static const uint32_t hyper_6_2[15][2] = {
	{0, 5}, {1, 4}, {2, 3}, {1, 5}, {0, 2}, {3, 4}, {2, 5}, {1, 3},
	{0, 4}, {3, 5}, {2, 4}, {0, 1}, {4, 5}, {0, 3}, {1, 2},
};

START_TEST(test_two_splits_of_six_pools)
{
	pw_make_opts opts = {.family = PW_FAMILY_HYPER, .pools = 6, .splits = 2, .samples = 15};
	pw_design *d = make(&opts);
	for (size_t j = 0; j < 15; j++) {
		pw_design_list pools = pw_design_pools_of(d, j);
		ck_assert_uint_eq(pools.at[0], hyper_6_2[j][0]);
		ck_assert_uint_eq(pools.at[1], hyper_6_2[j][1]);
	}
	pw_design_free(d);
	/* 15 edges for 20 people: the first five stand twice, next to each other. */
	opts.samples = 20;
	d = make(&opts);
	uint32_t first[20];
	ck_assert_uint_eq(pw_design_twins(d, first), 10);
	for (uint32_t j = 0; j < 20; j++)
		ck_assert_uint_eq(first[j], j < 10 ? j / 2 * 2 : j);
	pw_design_free(d);
}
END_TEST

static const struct {
	uint32_t pools, splits;
	size_t edges;
} hyper[] = {{6, 1, 6},    {12, 2, 66},  {32, 2, 496},  {48, 2, 1128}, {6, 3, 20},
	     {12, 3, 220}, {18, 3, 816}, {24, 3, 2024}, {30, 3, 4060}, {48, 3, 17296}};

/* A factorization: every edge once, in factors that cover every pool once. */
START_TEST(test_hyper_is_a_factorization)
{
	pw_make_opts opts = {.family = PW_FAMILY_HYPER,
			     .pools = hyper[_i].pools,
			     .splits = hyper[_i].splits,
			     .samples = hyper[_i].edges};
	pw_design *d = make(&opts);
	assert_comes_in_rounds(d, hyper[_i].splits);
	uint32_t *first = pw_alloc_array(hyper[_i].edges, sizeof(*first));
	ck_assert_uint_eq(pw_design_twins(d, first), 0);
	pw_free(first);
	/* A number of people that is no multiple of anything is spread evenly. */
	pw_design_free(d);
	opts.samples = hyper[_i].edges / 2 + 1;
	d = make(&opts);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_le(s.max_size - s.min_size, 1);
	pw_design_free(d);
}
END_TEST

/* ---- Grids ---- */

START_TEST(test_arrays_and_cubes)
{
	pw_make_opts opts = {.family = PW_FAMILY_ARRAY, .dims = {2, 3}, .dim_count = 2};
	pw_design *d = make(&opts);
	pw_str text = PW_STR_INIT;
	pw_design_format(d, true, &text);
	ck_assert_str_eq(pw_str_text(&text), "# array 2x3: 5 pools, 6 samples\n"
					     "1 1 1 0 0 0\n0 0 0 1 1 1\n1 0 0 1 0 0\n"
					     "0 1 0 0 1 0\n0 0 1 0 0 1\n");
	pw_str_clear(&text);
	pw_design_free(d);
	opts = (pw_make_opts){
		.family = PW_FAMILY_ARRAY, .dims = {3, 3, 3, 3}, .dim_count = 4, .master = true};
	d = make(&opts);
	ck_assert_uint_eq(pw_design_samples(d), 81);
	ck_assert_uint_eq(pw_design_pools(d), 13);
	ck_assert_uint_eq(pw_design_members(d, 0).count, 27);
	ck_assert_uint_eq(pw_design_members(d, 12).count, 81);
	ck_assert_str_eq(pw_design_parameters(d), "3x3x3x3 master");
	pw_design_free(d);
}
END_TEST

START_TEST(test_with_fewer_people_than_places_empty_pools_are_left_out)
{
	pw_make_opts opts = {
		.family = PW_FAMILY_ARRAY, .dims = {8, 12}, .dim_count = 2, .samples = 30};
	pw_design *d = make(&opts);
	ck_assert_uint_eq(pw_design_samples(d), 30);
	ck_assert_uint_eq(pw_design_pools(d), 3 + 12); /* two rows and a half */
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_eq(s.min_size, 2);
	ck_assert_uint_eq(s.max_size, 12);
	pw_design_free(d);
}
END_TEST

START_TEST(test_an_array_on_its_plate_leaves_the_controls_their_wells)
{
	static const pw_place controls[] = {{0, 7, 10}, {0, 7, 11}};
	pw_make_opts opts = {.family = PW_FAMILY_ARRAY,
			     .dims = {8, 12},
			     .dim_count = 2,
			     .reserved = controls,
			     .reserved_count = 2,
			     .plate_rows = 8,
			     .plate_cols = 12};
	pw_design *d = make(&opts);
	ck_assert_uint_eq(pw_design_samples(d), 94);
	ck_assert_uint_eq(pw_design_members(d, 7).count, 10);
	ck_assert_uint_eq(pw_design_members(d, 8 + 11).count, 7);
	for (size_t j = 0; j < 94; j++) {
		pw_place at = pw_design_sample_place(d, j);
		ck_assert(pw_design_has(d, at.row, j));
		ck_assert(pw_design_has(d, 8U + at.col, j));
	}
	/* Pools go down the columns of their own plate and meet no control. */
	ck_assert_uint_eq(pw_design_pool_place(d, 19).col, 2);
	pw_design_free(d);
	opts = (pw_make_opts){.family = PW_FAMILY_INDIVIDUAL,
			      .samples = 100,
			      .reserved = controls,
			      .reserved_count = 2,
			      .plate_rows = 8,
			      .plate_cols = 12};
	d = make(&opts);
	ck_assert_uint_eq(pw_design_sample_place(d, 93).plate, 0);
	ck_assert_uint_eq(pw_design_sample_place(d, 94).plate, 1);
	ck_assert_uint_eq(pw_design_sample_place(d, 94).row, 0);
	pw_design_free(d);
}
END_TEST

START_TEST(test_dorfman_pools_end_small_or_even)
{
	pw_make_opts opts = {.family = PW_FAMILY_DORFMAN, .samples = 23, .size = 10};
	pw_design *d = make(&opts);
	ck_assert_uint_eq(pw_design_pools(d), 3);
	ck_assert_uint_eq(pw_design_members(d, 2).count, 3);
	pw_design_free(d);
	opts.even = true;
	d = make(&opts);
	ck_assert_uint_eq(pw_design_pools(d), 3);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_eq(s.min_size, 7);
	ck_assert_uint_eq(s.max_size, 8);
	pw_design_free(d);
}
END_TEST

/* ---- Refusals ---- */

static const pw_place last_well[] = {{0, 15, 23}};
static const pw_place whole_plate[] = {{0, 0, 0}};

static const struct {
	pw_make_opts opts;
	pw_status status;
	const char *says;
} bad[] = {
	{{.family = PW_FAMILY_INDIVIDUAL},
	 PW_ERR_ARG,
	 "individual: give the number of samples, from 1 to 20000"},
	{{.family = PW_FAMILY_DORFMAN, .samples = 5},
	 PW_ERR_ARG,
	 "dorfman: give the size of a pool, 1 or more"},
	{{.family = PW_FAMILY_ARRAY, .dims = {8}, .dim_count = 1},
	 PW_ERR_ARG,
	 "array: give two to 8 extents, as in 8x12"},
	{{.family = PW_FAMILY_ARRAY, .dims = {8, 1}, .dim_count = 2},
	 PW_ERR_ARG,
	 "array: extent 2 is 1: an array has 2 or more in every direction"},
	{{.family = PW_FAMILY_ARRAY, .dims = {8, 12}, .dim_count = 2, .samples = 97},
	 PW_ERR_ARG,
	 "array: 97 samples do not fit into 96 places: take a larger array or several"},
	{{.family = PW_FAMILY_ARRAY, .dims = {1000, 1000}, .dim_count = 2},
	 PW_ERR_LIMIT,
	 "array: more than the 100000 places we take"},
	{{.family = PW_FAMILY_RS, .q = 6, .k = 2, .w = 3},
	 PW_ERR_ARG,
	 "rs: field q is 6: it must be a power of a prime, at most 1024"},
	{{.family = PW_FAMILY_RS, .q = 8, .k = 2, .w = 10},
	 PW_ERR_ARG,
	 "rs: w is 10: a code over 8 has at most 9 layers"},
	{{.family = PW_FAMILY_RS, .q = 8, .k = 2, .w = 3, .samples = 65},
	 PW_ERR_ARG,
	 "rs: 65 samples are more than the q^k = 64: take a larger q or k"},
	{{.family = PW_FAMILY_RS, .q = 8, .k = 2, .w = 6, .pools = 40},
	 PW_ERR_ARG,
	 "rs: 40 pools are not q × w = 48"},
	{{.family = PW_FAMILY_RS, .q = 8},
	 PW_ERR_ARG,
	 "rs: give field q (a prime power), dimension k (1 to 16) and weight w (1 to q + 1), or pools, weight and samples"},
	{{.family = PW_FAMILY_STD, .q = 8, .w = 3, .samples = 65},
	 PW_ERR_ARG,
	 "std: give the number of samples, field q (a prime, at most 1024) and weight w (1 to q + 1)"},
	{{.family = PW_FAMILY_KIRKMAN, .pools = 20},
	 PW_ERR_ARG,
	 "kirkman: give the number of pools, a multiple of 3 up to 1000"},
	{{.family = PW_FAMILY_KIRKMAN, .pools = 33, .samples = 130},
	 PW_ERR_ARG,
	 "kirkman: 33 pools hold 121 people in rounds of 11 as far as we can construct them: take "
	 "fewer people or other pools"},
	{{.family = PW_FAMILY_STEINER, .pools = 11},
	 PW_ERR_ARG,
	 "steiner: give the number of pools: 1 or 3 modulo 6, up to 151"},
	{{.family = PW_FAMILY_STEINER, .pools = 7, .samples = 8},
	 PW_ERR_ARG,
	 "steiner: 8 samples are more than the 7 triples of 7 pools"},
	{{.family = PW_FAMILY_GOLFER, .q = 4},
	 PW_ERR_ARG,
	 "golfer: give groups, size (players a group) and weeks; at most 1000 players"},
	{{.family = PW_FAMILY_GOLFER, .q = 4, .size = 4, .w = 5, .samples = 21},
	 PW_ERR_ARG,
	 "golfer: 21 samples are more than q × w = 20"},
	{{.family = PW_FAMILY_HYPER, .pools = 7, .splits = 2, .samples = 7},
	 PW_ERR_ARG,
	 "hyper: 7 pools: two splits need an even number"},
	{{.family = PW_FAMILY_HYPER, .pools = 36, .splits = 3, .samples = 7},
	 PW_ERR_ARG,
	 "hyper: 36 pools: three splits need a multiple of 6 that is a prime and one, as 6 12 18 24 "
	 "30 42 48 54 60 72 84 90"},
	{{.family = PW_FAMILY_CHINESE, .dims = {10, 4}, .dim_count = 2, .samples = 21},
	 PW_ERR_ARG,
	 "chinese: 21 samples are more than 20, the windows' least common multiple, tells apart: "
	 "take windows without a common divisor"},
	{{.family = PW_FAMILY_RANDOM, .pools = 5, .w = 6, .samples = 10},
	 PW_ERR_ARG,
	 "random: give the numbers of samples, of pools, and w (1 to the pools)"},
	{{.family = PW_FAMILY_RANDOM, .pools = 5000, .w = 5000, .samples = 10000},
	 PW_ERR_LIMIT,
	 "random: 10000 samples in 5000 pools each are more than the 4000000 places we take"},
	{{.family = PW_FAMILY_DORFMAN, .samples = 100001, .size = 10},
	 PW_ERR_LIMIT,
	 "100001 samples are more than the 100000 we take"},
	{{.family = PW_FAMILY_DORFMAN, .samples = 100, .size = 11, .limits = {.max_pool = 10}},
	 PW_ERR_REFUSED,
	 "dorfman: pools of 11 samples are more than the 10 allowed: take a design with smaller "
	 "pools"},
	{{.family = PW_FAMILY_RS, .q = 8, .k = 2, .w = 6, .limits = {.max_weight = 5}},
	 PW_ERR_REFUSED,
	 "rs: 6 pools a sample are more than the 5 allowed: take a lighter design"},
	{{.family = PW_FAMILY_RS,
	  .q = 8,
	  .k = 2,
	  .w = 6,
	  .limits = {.aliquot = 50000, .sample_volume = 200000}},
	 PW_ERR_REFUSED,
	 "rs: 6 aliquots of 50000 nl are more than the 200000 nl of a sample: take a design with "
	 "fewer pools a sample"},
	{{.family = PW_FAMILY_DORFMAN,
	  .size = 20,
	  .limits = {.aliquot = 50000, .pool_volume = 900000}},
	 PW_ERR_REFUSED,
	 "dorfman: 20 aliquots of 50000 nl are more than the 900000 nl that a well holds: take a "
	 "design with smaller pools"},
	{{.family = PW_FAMILY_DORFMAN,
	  .size = 5,
	  .reserved = whole_plate,
	  .reserved_count = 1,
	  .plate_rows = 1,
	  .plate_cols = 1},
	 PW_ERR_ARG,
	 "dorfman: every well of the plate is reserved: free some"},
	{{.family = PW_FAMILY_DORFMAN,
	  .size = 5,
	  .reserved = last_well,
	  .reserved_count = 1,
	  .plate_rows = 8,
	  .plate_cols = 12},
	 PW_ERR_ARG,
	 "wells to keep free that are not on the plate of 8 × 12: name wells of that plate"},
};

/* A plate that has the wells that are kept free is taken where none is said. */
START_TEST(test_wells_of_a_large_plate_are_kept_free_on_one)
{
	pw_make_opts opts = {.family = PW_FAMILY_DORFMAN,
			     .size = 5,
			     .samples = 20,
			     .reserved = last_well,
			     .reserved_count = 1};
	pw_design *d = make(&opts);
	ck_assert_uint_eq(pw_design_sample_place(d, 15).row, 15);
	ck_assert_uint_eq(pw_design_sample_place(d, 16).col, 1);
	pw_design_free(d);
}
END_TEST

START_TEST(test_what_a_family_cannot_have_is_refused)
{
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_design_make(&bad[_i].opts, &d, &err), bad[_i].status);
	ck_assert_str_eq(err.msg, bad[_i].says);
	ck_assert_ptr_null(d);
}
END_TEST

START_TEST(test_families_have_names)
{
	for (int i = 0; i < PW_FAMILY_COUNT; i++) {
		pw_family family;
		ck_assert(pw_family_parse(pw_family_name((pw_family)i), &family));
		ck_assert_int_eq(family, i);
		ck_assert(pw_family_summary((pw_family)i)[0] != '\0');
	}
	pw_family family;
	ck_assert(!pw_family_parse("sudoku", &family));
}
END_TEST

Suite *suite_design_make(void);

Suite *suite_design_make(void)
{
	Suite *s = suite_create("design_make");
	TCase *tc = tcase_create("fields");
	tcase_add_loop_test(tc, test_every_field_is_one, 0, COUNT(orders));
	tcase_add_test(tc, test_what_is_no_field_is_refused);
	suite_add_tcase(s, tc);
	tc = tcase_create("families");
	tcase_add_test(tc, test_the_published_reed_solomon_design_is_made_bit_for_bit);
	tcase_add_test(tc, test_a_code_follows_from_its_pools_and_people);
	tcase_add_loop_test(tc, test_codewords_agree_less_than_k_times, 0, COUNT(codes));
	tcase_add_test(tc, test_a_shifted_transversal_design_is_a_code_over_a_prime);
	tcase_add_test(tc, test_chinese_windows_count_modulo);
	tcase_add_test(tc, test_random_designs_are_even_and_come_again_from_their_seed);
	tcase_add_loop_test(tc, test_kirkman_systems, 0, COUNT(kirkman));
	tcase_add_test(tc, test_the_kirkman_design_of_105_people_in_45_pools);
	tcase_add_loop_test(tc, test_steiner_systems_hold_every_pair_of_pools_once, 0,
			    COUNT(steiner));
	tcase_add_loop_test(tc, test_golfers_meet_at_most_once, 0, COUNT(golfers));
	tcase_add_test(tc, test_two_splits_of_six_pools);
	tcase_add_loop_test(tc, test_hyper_is_a_factorization, 0, COUNT(hyper));
	tcase_add_test(tc, test_arrays_and_cubes);
	tcase_add_test(tc, test_with_fewer_people_than_places_empty_pools_are_left_out);
	tcase_add_test(tc, test_an_array_on_its_plate_leaves_the_controls_their_wells);
	tcase_add_test(tc, test_dorfman_pools_end_small_or_even);
	suite_add_tcase(s, tc);
	tc = tcase_create("refusals");
	tcase_add_test(tc, test_wells_of_a_large_plate_are_kept_free_on_one);
	tcase_add_loop_test(tc, test_what_a_family_cannot_have_is_refused, 0, COUNT(bad));
	tcase_add_test(tc, test_families_have_names);
	suite_add_tcase(s, tc);
	return s;
}
