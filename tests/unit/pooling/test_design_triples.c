/* Kirkman and Steiner triples, social golfers, and HYPER: designs that a property makes, which is looked for. */
#include <check.h>

#include "core/base/mem.h"
#include "tests/unit/pooling/make_help.h"

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
	pw_design *d = make_must(&opts);
	ck_assert_uint_eq(pw_design_samples(d), kirkman[_i].samples);
	assert_comes_in_rounds(d, 3);
	if (kirkman[_i].whole)
		assert_every_pair_meets_once(d);
	ck_assert_uint_eq(make_meeting_pairs(d, 2) + make_meeting_pairs(d, 3), 0);
	pw_design_free(d);
}
END_TEST

/* The parameters of the design that a published 45 × 105 system has. */
START_TEST(test_the_kirkman_design_of_105_people_in_45_pools)
{
	pw_make_opts opts = {.family = PW_FAMILY_KIRKMAN, .pools = 45, .samples = 105};
	pw_design *d = make_must(&opts);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_eq(s.min_weight, 3);
	ck_assert_uint_eq(s.max_weight, 3);
	ck_assert_uint_eq(s.min_size, 7);
	ck_assert_uint_eq(s.max_size, 7);
	ck_assert_uint_eq(make_meeting_pairs(d, 0), 4515);
	ck_assert_uint_eq(make_meeting_pairs(d, 1), 945);
	ck_assert_uint_eq(make_meeting_pairs(d, 2), 0);
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
	pw_design *d = make_must(&opts);
	ck_assert_uint_eq(pw_design_samples(d), steiner[_i] * (steiner[_i] - 1) / 6);
	assert_every_pair_meets_once(d);
	pw_design_free(d);
	opts.samples = (steiner[_i] * (steiner[_i] - 1) / 6 + 1) / 2;
	d = make_must(&opts);
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
	pw_design *d = make_must(&opts);
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
	pw_design *d = make_must(&opts);
	for (size_t j = 0; j < 15; j++) {
		pw_design_list pools = pw_design_pools_of(d, j);
		ck_assert_uint_eq(pools.at[0], hyper_6_2[j][0]);
		ck_assert_uint_eq(pools.at[1], hyper_6_2[j][1]);
	}
	pw_design_free(d);
	/* 15 edges for 20 people: the first five stand twice, next to each other. */
	opts.samples = 20;
	d = make_must(&opts);
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
	pw_design *d = make_must(&opts);
	assert_comes_in_rounds(d, hyper[_i].splits);
	uint32_t *first = pw_alloc_array(hyper[_i].edges, sizeof(*first));
	ck_assert_uint_eq(pw_design_twins(d, first), 0);
	pw_free(first);
	/* A number of people that is no multiple of anything is spread evenly. */
	pw_design_free(d);
	opts.samples = hyper[_i].edges / 2 + 1;
	d = make_must(&opts);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_le(s.max_size - s.min_size, 1);
	pw_design_free(d);
}
END_TEST

Suite *suite_design_triples(void);

Suite *suite_design_triples(void)
{
	Suite *s = suite_create("design_triples");
	TCase *tc = tcase_create("families");
	tcase_add_loop_test(tc, test_kirkman_systems, 0, COUNT(kirkman));
	tcase_add_test(tc, test_the_kirkman_design_of_105_people_in_45_pools);
	tcase_add_loop_test(tc, test_steiner_systems_hold_every_pair_of_pools_once, 0,
			    COUNT(steiner));
	tcase_add_loop_test(tc, test_golfers_meet_at_most_once, 0, COUNT(golfers));
	tcase_add_test(tc, test_two_splits_of_six_pools);
	tcase_add_loop_test(tc, test_hyper_is_a_factorization, 0, COUNT(hyper));
	suite_add_tcase(s, tc);
	return s;
}
