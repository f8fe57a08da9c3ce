/* Fields, codes and what is refused; test_design_triples.c and test_design_grids.c have the other families. */
#include <check.h>
#include <stdlib.h>

#include "core/pooling/galois.h"
#include "tests/unit/pooling/make_help.h"
#include "tests/unit/pooling/shared_data.h"

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
	pw_design *d = make_must(&opts);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_eq(pw_design_pools(d), 48);
	ck_assert_uint_eq(s.min_weight, 6);
	ck_assert_uint_eq(s.max_weight, 6);
	ck_assert_uint_eq(s.min_size, 48);
	ck_assert_uint_eq(s.max_size, 48);
	ck_assert_uint_eq(make_meeting_pairs(d, 0), 33792);
	ck_assert_uint_eq(make_meeting_pairs(d, 1), 25344);
	ck_assert_uint_eq(make_meeting_pairs(d, 2), 14400);
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
	pw_design *d = make_must(&opts);
	ck_assert_str_eq(pw_design_parameters(d), "q=8 k=3 w=6");
	pw_design_free(d);
	opts = (pw_make_opts){.family = PW_FAMILY_RS, .samples = 40, .pools = 21, .q = 7};
	d = make_must(&opts);
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
	pw_design *d = make_must(&opts);
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
	pw_design *d = make_must(&opts);
	ck_assert_uint_eq(pw_design_pools(d), 169);
	for (uint32_t i = 0; i < 94; i++)
		for (uint32_t j = 0; j < 13; j++)
			ck_assert(pw_design_has(d, j * 13 + (i % 13 + j * (i / 13)) % 13, i));
	pw_design_free(d);
	opts = (pw_make_opts){.family = PW_FAMILY_STD, .samples = 100, .q = 3, .w = 4};
	d = make_must(&opts); /* 3^5 > 100 > 3^4: five digits; the last layer is the leading one */
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
	pw_design *d = make_must(&opts);
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
	d = make_must(&opts); /* lcm(10, 4, 13) */
	ck_assert_uint_eq(pw_design_samples(d), 260);
	pw_design_free(d);
}
END_TEST

START_TEST(test_random_designs_are_even_and_come_again_from_their_seed)
{
	pw_make_opts opts = {
		.family = PW_FAMILY_RANDOM, .samples = 101, .pools = 19, .w = 7, .seed = 5};
	pw_design *a = make_must(&opts), *b = make_must(&opts);
	opts.seed = 6;
	pw_design *c = make_must(&opts);
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
	a = make_must(&opts);
	ck_assert_uint_eq(pw_design_entries(a), 45);
	pw_design_free(a);
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
	pw_design *d = make_must(&opts);
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
	suite_add_tcase(s, tc);
	tc = tcase_create("refusals");
	tcase_add_test(tc, test_wells_of_a_large_plate_are_kept_free_on_one);
	tcase_add_loop_test(tc, test_what_a_family_cannot_have_is_refused, 0, COUNT(bad));
	tcase_add_test(tc, test_families_have_names);
	suite_add_tcase(s, tc);
	return s;
}
