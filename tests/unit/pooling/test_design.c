#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/design.h"
#include "core/pooling/design_make.h"
#include "tests/unit/pooling/shared_data.h"

static pw_design *parse(const char *text)
{
	pw_design *design = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_parse(text, strlen(text), &design, &err) == PW_OK, "%s", err.msg);
	return design;
}

/* Two rows and three columns: pools 1 and 2, then 3 to 5. */
static const char array_2x3[] = "111000\n000111\n100100\n010010\n001001\n";

START_TEST(test_a_matrix_is_read_both_ways)
{
	pw_design *d = parse("1 1 0\n0,1;1\n\n# a comment\n1\t0 1 # and one behind\n");
	ck_assert_uint_eq(pw_design_pools(d), 3);
	ck_assert_uint_eq(pw_design_samples(d), 3);
	ck_assert_uint_eq(pw_design_entries(d), 6);
	pw_design_list members = pw_design_members(d, 2), pools = pw_design_pools_of(d, 2);
	ck_assert_uint_eq(members.count, 2);
	ck_assert_uint_eq(members.at[0], 0);
	ck_assert_uint_eq(members.at[1], 2);
	ck_assert_uint_eq(pools.count, 2);
	ck_assert_uint_eq(pools.at[0], 1);
	ck_assert_uint_eq(pools.at[1], 2);
	ck_assert(pw_design_has(d, 1, 2));
	ck_assert(!pw_design_has(d, 0, 2));
	ck_assert(!pw_design_has(d, 1, 0));
	ck_assert_str_eq(pw_design_family(d), "matrix");
	ck_assert_str_eq(pw_design_parameters(d), "");
	pw_design_free(d);
}
END_TEST

static const struct {
	const char *text;
	const char *says;
	pw_status status;
} bad[] = {
	{"", "no pool: give a matrix of 0 and 1, a pool a line, a digit a sample", PW_ERR_FORMAT},
	{"# nothing\n \n", "no pool: give a matrix of 0 and 1, a pool a line, a digit a sample",
	 PW_ERR_FORMAT},
	{"11\n00\n", "line 2: pool 2 is empty: put somebody in or leave the line out",
	 PW_ERR_FORMAT},
	{"0101\n0110\n", "sample 1 is in no pool: give it a pool or take its column out",
	 PW_ERR_FORMAT},
	{"\n111\n10\n",
	 "line 3: 2 columns where line 2 has 3; every pool needs a digit for each sample",
	 PW_ERR_FORMAT},
	{"101\n1 2 1\n",
	 "line 2:3: '2' where only 0 and 1 may stand: give a pool a line, a digit a sample",
	 PW_ERR_FORMAT},
	{"101\r\n1\xC3\xA9",
	 "line 2:2: byte 0xC3 where only 0 and 1 may stand: give a pool a line, a digit a sample",
	 PW_ERR_FORMAT},
	{"NaN\n",
	 "line 1:1: 'N' where only 0 and 1 may stand: give a pool a line, a digit a sample",
	 PW_ERR_FORMAT},
};

START_TEST(test_a_bad_matrix_is_refused_with_its_place)
{
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_design_parse(bad[_i].text, strlen(bad[_i].text), &d, &err),
			 bad[_i].status);
	ck_assert_str_eq(err.msg, bad[_i].says);
	ck_assert_ptr_null(d);
}
END_TEST

START_TEST(test_a_byte_order_mark_and_any_line_end_are_taken)
{
	pw_design *d = parse("\xEF\xBB\xBF"
			     "10\r\n01\r11");
	ck_assert_uint_eq(pw_design_pools(d), 3);
	ck_assert_uint_eq(pw_design_members(d, 2).count, 2);
	pw_design_free(d);
}
END_TEST

static char *zeros_and_a_one(size_t columns, size_t rows, size_t *out_n)
{
	size_t n = (columns + 1) * rows;
	char *text = pw_alloc(n);
	memset(text, '1', n);
	for (size_t i = 1; i <= rows; i++)
		text[i * (columns + 1) - 1] = '\n';
	*out_n = n;
	return text;
}

START_TEST(test_the_limits_are_reached_and_not_passed)
{
	size_t n;
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	char *text = zeros_and_a_one(PW_DESIGN_MAX_SAMPLES, 40, &n);
	ck_assert_int_eq(pw_design_parse(text, n, &d, &err), PW_OK);
	ck_assert_uint_eq(pw_design_entries(d), PW_DESIGN_MAX_ENTRIES);
	pw_design_overlap overlap;
	pw_design_guarantee guarantee;
	pw_design_overlap_of(d, &overlap); /* 4 · 10^11 steps: says that it does not know */
	ck_assert(!overlap.known);
	pw_design_guarantee_of(d, &guarantee); /* everybody is everybody's twin: nothing to count */
	ck_assert(guarantee.known && guarantee.exact);
	for (int e = 0; e <= PW_DESIGN_MAX_FLIPS; e++)
		ck_assert_int_eq(guarantee.positives[e], 0);
	pw_design_free(d);
	pw_free(text);

	text = zeros_and_a_one(PW_DESIGN_MAX_SAMPLES + 1, 1, &n);
	ck_assert_int_eq(pw_design_parse(text, n, &d, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg, "line 1: more than the 100000 samples we take");
	pw_free(text);
	text = zeros_and_a_one(1, PW_DESIGN_MAX_POOLS + 1, &n);
	ck_assert_int_eq(pw_design_parse(text, n, &d, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg, "line 20001: more than the 20000 pools we take");
	pw_free(text);
	text = zeros_and_a_one(PW_DESIGN_MAX_SAMPLES, 41, &n);
	ck_assert_int_eq(pw_design_parse(text, n, &d, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg, "line 41: more than the 4000000 ones we take");
	pw_free(text);
}
END_TEST

/* No twins, and more pairs in one pool than are counted. */
START_TEST(test_what_takes_too_long_is_not_known)
{
	pw_make_opts opts = {.family = PW_FAMILY_ARRAY, .dims = {46, 46, 46}, .dim_count = 3};
	pw_design *d = NULL;
	pw_design_overlap overlap;
	pw_design_guarantee guarantee;
	ck_assert_int_eq(pw_design_make(&opts, &d, NULL), PW_OK);
	pw_design_overlap_of(d, &overlap);
	ck_assert(!overlap.known);
	pw_design_guarantee_of(d, &guarantee);
	ck_assert(!guarantee.known);
	pw_design_free(d);
}
END_TEST

START_TEST(test_what_is_written_is_read_back)
{
	pw_design *d = parse(array_2x3);
	pw_str text = PW_STR_INIT, again = PW_STR_INIT;
	pw_design_format(d, true, &text);
	ck_assert(
		pw_text_starts(pw_str_text(&text), "# matrix: 5 pools, 6 samples\n1 1 1 0 0 0\n"));
	pw_design *back = parse(pw_str_text(&text));
	pw_design_format(back, true, &again);
	ck_assert_str_eq(pw_str_text(&text), pw_str_text(&again));
	pw_str_clear(&text);
	pw_str_clear(&again);
	pw_design_free(back);
	pw_design_free(d);
}
END_TEST

START_TEST(test_wells_are_read_from_comments_and_written_back)
{
	static const char text[] = "# matrix: 2 pools, 3 samples\n"
				   "# wells of samples: A1 A2 2:P24\n"
				   "# wells of pools: H12 2:A1\n"
				   "1 1 0\n"
				   "0 1 1\n";
	pw_str again = PW_STR_INIT;
	pw_design *d = parse(text);
	pw_place last = pw_design_sample_place(d, 2), pool = pw_design_pool_place(d, 0);
	ck_assert_uint_eq(pw_design_sample_place(d, 1).col, 1);
	ck_assert(last.plate == 1 && last.row == 15 && last.col == 23);
	ck_assert(pool.plate == 0 && pool.row == 7 && pool.col == 11);
	pw_design_format(d, true, &again);
	ck_assert_str_eq(pw_str_text(&again), text);
	pw_str_clear(&again);
	pw_design_format(d, false, &again);
	ck_assert_str_eq(pw_str_text(&again), "1 1 0\n0 1 1\n");
	pw_str_clear(&again);
	pw_design_free(d);
	/* the usual ones are not written, and other comments are comments */
	d = parse("# wells of samples: A1 B1\n# wells of the town: many\n11\n");
	pw_design_format(d, true, &again);
	ck_assert_str_eq(pw_str_text(&again), "# matrix: 1 pools, 2 samples\n1 1\n");
	pw_str_clear(&again);
	pw_design_free(d);
}
END_TEST

static const struct {
	const char *wells, *says;
} bad_wells[] = {
	{"A1", "line 1: 1 wells for 2 samples: give each one"},
	{"A1 B1 C1", "line 1: 3 wells for 2 samples: give each one"},
	{"", "line 1: 0 wells for 2 samples: give each one"},
	{"A1 A1", "line 1: well A1 of plate 1 stands twice"},
	{"2:C3 2:C3", "line 1: well C3 of plate 2 stands twice"},
	{"A1 Q1", "line 1:24: 'Q1' is no well: give A1 to P24, on further plates 2:A1"},
	{"A1  A25", "line 1:25: 'A25' is no well: give A1 to P24, on further plates 2:A1"},
	{"A0 A1", "line 1:21: 'A0' is no well: give A1 to P24, on further plates 2:A1"},
	{"0:A1 A1", "line 1:21: '0:A1' is no well: give A1 to P24, on further plates 2:A1"},
	{"A1 99999:A1", "line 1:24: '99999:A1' is no well: give A1 to P24, on further plates 2:A1"},
	{"A1 12A1", "line 1:24: '12A1' is no well: give A1 to P24, on further plates 2:A1"},
	{"A1 A1B", "line 1:24: 'A1B' is no well: give A1 to P24, on further plates 2:A1"},
	{"A1 B1\n# wells of samples: A1 B1", "line 2: wells stand in line 1 already"},
};

START_TEST(test_bad_wells_are_refused_with_their_place)
{
	pw_str text = PW_STR_INIT;
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	pw_str_addf(&text, "# wells of samples: %s\n11\n", bad_wells[_i].wells);
	ck_assert_int_eq(pw_design_parse(pw_str_text(&text), text.len, &d, &err), PW_ERR_FORMAT);
	ck_assert_str_eq(err.msg, bad_wells[_i].says);
	ck_assert_ptr_null(d);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_entries_may_come_in_any_order)
{
	static const pw_design_entry entries[] = {{1, 2}, {0, 1}, {1, 0}, {0, 0}, {1, 1}};
	static const pw_place places[] = {{0, 3, 4}, {0, 3, 5}, {1, 0, 0}};
	pw_design_spec spec = {.pools = 2,
			       .samples = 3,
			       .entries = entries,
			       .entry_count = 5,
			       .family = "hand",
			       .parameters = "made=so",
			       .sample_places = places};
	pw_design *d = NULL;
	ck_assert_int_eq(pw_design_new(&spec, &d, NULL), PW_OK);
	ck_assert_uint_eq(pw_design_members(d, 1).count, 3);
	for (uint32_t k = 0; k < 3; k++)
		ck_assert_uint_eq(pw_design_members(d, 1).at[k], k);
	ck_assert_str_eq(pw_design_parameters(d), "made=so");
	ck_assert_uint_eq(pw_design_sample_place(d, 2).plate, 1);
	ck_assert_uint_eq(pw_design_sample_place(d, 1).col, 5);
	/* Pools had no place given: A1, B1 of a 96-well plate. */
	ck_assert_uint_eq(pw_design_pool_place(d, 1).row, 1);
	ck_assert_uint_eq(pw_design_pool_place(d, 1).col, 0);
	pw_design_free(d);
}
END_TEST

static const struct {
	pw_design_entry entries[3];
	const char *says;
} bad_entries[] = {
	{{{0, 0}, {1, 1}, {1, 2}},
	 "sample 3 in pool 2 is outside a design of 2 pools and 2 samples"},
	{{{0, 0}, {2, 1}, {1, 1}},
	 "sample 2 in pool 3 is outside a design of 2 pools and 2 samples"},
	{{{0, 0}, {0, 1}, {0, 1}}, "sample 2 is in pool 1 twice"},
	{{{0, 0}, {0, 0}, {1, 1}}, "sample 1 is in pool 1 twice"},
	{{{0, 1}, {0, 0}, {0, 1}}, "sample 2 is in pool 1 twice"},
	{{{1, 0}, {1, 1}, {1, 1}}, "pool 1 is empty: leave it out"},
};

START_TEST(test_bad_entries_are_refused_by_number)
{
	pw_design_spec spec = {
		.pools = 2, .samples = 2, .entries = bad_entries[_i].entries, .entry_count = 3};
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_design_new(&spec, &d, &err), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, bad_entries[_i].says);
}
END_TEST

START_TEST(test_a_sample_without_a_pool_and_nothing_at_all_are_refused)
{
	static const pw_design_entry entries[] = {{0, 0}, {1, 0}};
	pw_design_spec spec = {.pools = 2, .samples = 2, .entries = entries, .entry_count = 2};
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_design_new(&spec, &d, &err), PW_ERR_ARG);
	ck_assert_int_eq(err.status, PW_ERR_ARG);
	ck_assert_str_eq(err.msg, "sample 2 is in no pool: give it a pool or take its column out");
	spec.samples = 0;
	ck_assert_int_eq(pw_design_new(&spec, &d, &err), PW_ERR_ARG);
	spec.samples = PW_DESIGN_MAX_SAMPLES + 1;
	ck_assert_int_eq(pw_design_new(&spec, &d, &err), PW_ERR_LIMIT);
}
END_TEST

START_TEST(test_shape_and_overlaps_of_an_array)
{
	pw_design *d = parse(array_2x3);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_eq(s.min_size, 2);
	ck_assert_uint_eq(s.max_size, 3);
	ck_assert_uint_eq(s.min_weight, 2);
	ck_assert_uint_eq(s.max_weight, 2);
	pw_design_overlap o;
	pw_design_overlap_of(d, &o);
	ck_assert(o.known);
	ck_assert_uint_eq(o.max, 1);
	ck_assert_uint_eq(o.pairs[0], 6);
	ck_assert_uint_eq(o.pairs[1], 9);
	pw_design_free(d);
}
END_TEST

/* By E; -2 ends the row. The margin of a sample is what of its pools t others cannot cover. */
static const struct {
	const char *text;
	int32_t positives[PW_DESIGN_MAX_FLIPS + 1];
} promises[] = {
	{"111\n", {0, -1, -1, -1, -1}},                   /* one pool: nobody, or who knows */
	{"100\n010\n001\n", {3, -1, -1, -1, -1}},         /* single tubes: anybody */
	{"100\n100\n100\n011\n", {0, -1, -1, -1, -1}},    /* two of them always together */
	{array_2x3, {1, -1, -1, -1, -1}},                 /* rows and columns: one */
	{"10\n10\n10\n01\n01\n01\n", {2, 2, -1, -1, -1}}, /* three wells each: one may be wrong */
	{"1100\n0011\n1010\n0101\n1001\n0110\n", {2, 0, -1, -1, -1}}, /* all pairs of four */
};

START_TEST(test_guarantees_of_small_designs)
{
	pw_design *d = parse(promises[_i].text);
	pw_design_guarantee g;
	pw_design_guarantee_of(d, &g);
	ck_assert(g.known);
	ck_assert(g.exact);
	for (int e = 0; e <= PW_DESIGN_MAX_FLIPS; e++)
		ck_assert_int_eq(g.positives[e], promises[_i].positives[e]);
	pw_design_free(d);
}
END_TEST

/* Decoding by "at most E negative pools", straight from the promise's words. */
static bool reads_right(const pw_design *d, uint32_t positive, uint32_t flipped, uint32_t e)
{
	for (size_t j = 0; j < pw_design_samples(d); j++) {
		uint32_t negative = 0;
		pw_design_list pools = pw_design_pools_of(d, j);
		for (size_t k = 0; k < pools.count; k++) {
			bool is_positive = false;
			pw_design_list members = pw_design_members(d, pools.at[k]);
			for (size_t l = 0; l < members.count; l++)
				is_positive |= (positive >> members.at[l] & 1) != 0;
			negative += is_positive == (flipped >> pools.at[k] & 1);
		}
		if ((negative <= e) != (positive >> j & 1))
			return false;
	}
	return true;
}

static uint32_t ones(uint32_t x)
{
	uint32_t count = 0;
	for (; x != 0; x &= x - 1)
		count++;
	return count;
}

/* The largest t that always reads right with E flips, by trying everything. */
static int32_t by_trying(const pw_design *d, uint32_t e)
{
	uint32_t samples = 1U << pw_design_samples(d), pools = 1U << pw_design_pools(d);
	int32_t best = (int32_t)pw_design_samples(d);
	for (uint32_t x = 0; x < samples; x++)
		for (uint32_t f = 0; f < pools; f++)
			if (ones(f) <= e && (int32_t)ones(x) <= best && !reads_right(d, x, f, e))
				best = (int32_t)ones(x) - 1;
	return best;
}

static const char *const tried[] = {
	"111\n",
	"100\n010\n001\n",
	"1100\n0011\n1010\n0101\n1001\n0110\n",
	"11000\n00110\n10101\n01011\n11111\n",
	"10\n10\n10\n01\n01\n01\n",
	"1110000\n1001100\n1000011\n0101010\n0100101\n0011001\n0010110\n", /* the Fano plane */
	"1001\n1010\n0100\n0110\n1100\n0011\n1111\n",
};

START_TEST(test_guarantees_are_what_trying_everything_finds)
{
	pw_design *d = parse(tried[_i]);
	pw_design_guarantee g;
	pw_design_guarantee_of(d, &g);
	ck_assert(g.exact);
	for (uint32_t e = 0; e <= 2; e++)
		ck_assert_int_eq(g.positives[e], by_trying(d, e));
	pw_design_free(d);
}
END_TEST

START_TEST(test_a_heavy_design_gets_a_bound)
{
	/* 14 wells each, 13 their own and one shared by all: the bound is exact here, but says less. */
	pw_str text = PW_STR_INIT;
	pw_str_add(&text, "111\n");
	for (int j = 0; j < 3; j++)
		for (int k = 0; k < 13; k++)
			pw_str_addf(&text, "%d%d%d\n", j == 0, j == 1, j == 2);
	pw_design *d = parse(pw_str_text(&text));
	pw_design_guarantee g;
	pw_design_guarantee_of(d, &g);
	ck_assert(g.known);
	ck_assert(!g.exact);
	for (int e = 0; e <= PW_DESIGN_MAX_FLIPS; e++)
		ck_assert_int_eq(g.positives[e], 3);
	pw_design_free(d);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_guarantees_are_said_in_words)
{
	pw_design_guarantee g = {true, true, {2, 1, 0, -1, -1}};
	pw_str text = PW_STR_INIT;
	pw_design_guarantee_format(&g, &text);
	ck_assert_str_eq(pw_str_text(&text),
			 "up to 2 positives without error; up to 1 with 1 wrong pool");
	pw_str_truncate(&text, 0);
	g.exact = false;
	g.positives[2] = 1;
	pw_design_guarantee_format(&g, &text);
	ck_assert_str_eq(pw_str_text(&text),
			 "up to at least 2 positives without error; up to at least 1 with 1 wrong "
			 "pool; up to at least 1 with 2 wrong pools");
	pw_str_truncate(&text, 0);
	g.positives[0] = 0;
	pw_design_guarantee_format(&g, &text);
	ck_assert_str_eq(pw_str_text(&text), "no number of positives is always found");
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_twins_are_named_by_the_first_of_them)
{
	pw_design *d = parse("1101101\n1010110\n");
	uint32_t first[7];
	ck_assert_uint_eq(pw_design_twins(d, first), 7);
	static const uint32_t expected[] = {0, 1, 2, 1, 0, 2, 1};
	pw_design_free(d);
	d = parse("1101100\n1010110\n0000001\n");
	uint32_t second[7];
	ck_assert_uint_eq(pw_design_twins(d, second), 6);
	for (int j = 0; j < 7; j++)
		ck_assert_uint_eq(first[j], expected[j]);
	ck_assert_uint_eq(second[6], 6);
	ck_assert_uint_eq(second[5], 2);
	pw_design_free(d);
}
END_TEST

static const struct {
	const char *file;
	size_t pools, samples;
	uint32_t weight, min_size, max_size;
	uint64_t pairs[3];
	int32_t positives[2];
} published[] = {
	{"pooling/pbest_48x384.txt", 48, 384, 6, 48, 48, {33792, 25344, 14400}, {2, 1}},
	{"pooling/kirkman_45x105.txt", 45, 105, 3, 7, 7, {4515, 945, 0}, {2, 0}},
};

START_TEST(test_published_designs_have_their_published_statistics)
{
	char *text;
	size_t n;
	if (!shared_data_read(published[_i].file, &text, &n))
		return;
	pw_design *d = NULL;
	ck_assert_int_eq(pw_design_parse(text, n, &d, NULL), PW_OK);
	ck_assert_uint_eq(pw_design_pools(d), published[_i].pools);
	ck_assert_uint_eq(pw_design_samples(d), published[_i].samples);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_eq(s.min_weight, published[_i].weight);
	ck_assert_uint_eq(s.max_weight, published[_i].weight);
	ck_assert_uint_eq(s.min_size, published[_i].min_size);
	ck_assert_uint_eq(s.max_size, published[_i].max_size);
	pw_design_overlap o;
	pw_design_overlap_of(d, &o);
	for (int k = 0; k < 3; k++)
		ck_assert_uint_eq(o.pairs[k], published[_i].pairs[k]);
	pw_design_guarantee g;
	pw_design_guarantee_of(d, &g);
	ck_assert(g.exact);
	ck_assert_int_eq(g.positives[0], published[_i].positives[0]);
	ck_assert_int_eq(g.positives[1], published[_i].positives[1]);
	pw_design_free(d);
	free(text);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

Suite *suite_design(void);

Suite *suite_design(void)
{
	Suite *s = suite_create("design");
	TCase *tc = tcase_create("matrix");
	tcase_add_test(tc, test_a_matrix_is_read_both_ways);
	tcase_add_loop_test(tc, test_a_bad_matrix_is_refused_with_its_place, 0, COUNT(bad));
	tcase_add_test(tc, test_a_byte_order_mark_and_any_line_end_are_taken);
	tcase_add_test(tc, test_the_limits_are_reached_and_not_passed);
	tcase_add_test(tc, test_what_takes_too_long_is_not_known);
	tcase_add_test(tc, test_what_is_written_is_read_back);
	tcase_add_test(tc, test_wells_are_read_from_comments_and_written_back);
	tcase_add_loop_test(tc, test_bad_wells_are_refused_with_their_place, 0, COUNT(bad_wells));
	tcase_add_test(tc, test_entries_may_come_in_any_order);
	tcase_add_loop_test(tc, test_bad_entries_are_refused_by_number, 0, COUNT(bad_entries));
	tcase_add_test(tc, test_a_sample_without_a_pool_and_nothing_at_all_are_refused);
	suite_add_tcase(s, tc);
	tc = tcase_create("statistics");
	tcase_add_test(tc, test_shape_and_overlaps_of_an_array);
	tcase_add_loop_test(tc, test_guarantees_of_small_designs, 0, COUNT(promises));
	tcase_add_loop_test(tc, test_guarantees_are_what_trying_everything_finds, 0, COUNT(tried));
	tcase_add_test(tc, test_a_heavy_design_gets_a_bound);
	tcase_add_test(tc, test_guarantees_are_said_in_words);
	tcase_add_test(tc, test_twins_are_named_by_the_first_of_them);
	tcase_add_loop_test(tc, test_published_designs_have_their_published_statistics, 0,
			    COUNT(published));
	suite_add_tcase(s, tc);
	return s;
}
