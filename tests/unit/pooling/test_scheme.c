#include <check.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/scheme.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

static pw_scheme *parse(const char *word, const char *size, size_t people)
{
	pw_scheme *scheme = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_scheme_parse(word, size, NULL, people, &scheme, &err) == PW_OK, "%s",
		      err.msg);
	return scheme;
}

static const struct {
	const char *word, *size;
	size_t people;
	pw_scheme_kind kind;
	size_t has, stages, groups;
	const char *says;
} sizes[] = {
	{"individual", "", 0, PW_SCHEME_INDIVIDUAL, 1, 1, 1, "1"},
	{"individual", "20", 0, PW_SCHEME_INDIVIDUAL, 20, 1, 20, "20"},
	{"individual", "", 7, PW_SCHEME_INDIVIDUAL, 7, 1, 7, "7"},
	{"dorfman", "11", 0, PW_SCHEME_DORFMAN, 11, 2, 12, "11"},
	{"dorfman", "10", 23, PW_SCHEME_DORFMAN, 23, 2, 26, "10,10,3"},
	{"dorfman", "10", 21, PW_SCHEME_DORFMAN, 21, 2, 23, "10,10,1"},
	{"dorfman", "5,5,5,3", 0, PW_SCHEME_DORFMAN, 18, 2, 22, "5,5,5,3"},
	{"dorfman", "1", 0, PW_SCHEME_INDIVIDUAL, 1, 1, 1, "1"},
	{"hierarchical", "5,5,5,3", 0, PW_SCHEME_HIERARCHICAL, 18, 3, 23, "5,5,5,3"},
	{"hierarchical", "9,9", 18, PW_SCHEME_HIERARCHICAL, 18, 3, 21, "9,9"},
	{"hierarchical", "25=5x5", 0, PW_SCHEME_HIERARCHICAL, 25, 3, 31, "5,5,5,5,5"},
	{"hierarchical", "25=(5x5)", 0, PW_SCHEME_HIERARCHICAL, 25, 3, 31, "5,5,5,5,5"},
	{"hierarchical", "12 = (4, 4, 4)", 0, PW_SCHEME_HIERARCHICAL, 12, 3, 16, "4,4,4"},
	{"hierarchical", "11", 0, PW_SCHEME_DORFMAN, 11, 2, 12, "11"},
	{"hierarchical", "27=3x9=9X3", 0, PW_SCHEME_HIERARCHICAL, 27, 4, 40,
	 "27=9,9,9=3,3,3,3,3,3,3,3,3"},
	{"hierarchical", "6,6=3,3,2,4", 0, PW_SCHEME_HIERARCHICAL, 12, 3, 18, "6,6=3,3,2,4"},
	{"hierarchical", "10=5,5=3,2,5", 0, PW_SCHEME_HIERARCHICAL, 10, 4, 15, "10=5,5=3,2,5"},
	{"hierarchical", "5,1", 0, PW_SCHEME_HIERARCHICAL, 6, 3, 8, "5,1"},
	{"halving", "16=4", 0, PW_SCHEME_HIERARCHICAL, 16, 4, 23, "16=8,8=4,4,4,4"},
	{"halving", "7", 0, PW_SCHEME_HIERARCHICAL, 7, 4, 13, "7=3,4=1,2,2,2"},
	{"halving", "10=2", 10, PW_SCHEME_DORFMAN, 10, 2, 11, "10"},
	{"array", "8x12", 0, PW_SCHEME_ARRAY, 96, 2, 0, "8x12"},
	{"array", "10", 0, PW_SCHEME_ARRAY, 100, 2, 0, "10x10"},
	{"array", "8x12", 70, PW_SCHEME_ARRAY, 70, 2, 0, "6x12"},
	{"array-master", "5 x 5", 25, PW_SCHEME_ARRAY_MASTER, 25, 3, 0, "5x5"},
	{"array", "3x3x3", 0, PW_SCHEME_DESIGN, 27, 2, 0, "9x27"},
	{"sterrett", "10", 0, PW_SCHEME_STERRETT, 10, 2, 0, "10"},
	{"sterrett-2", "10", 10, PW_SCHEME_STERRETT, 10, 2, 0, "10"},
};

START_TEST(test_a_size_is_read)
{
	pw_scheme *s = parse(sizes[_i].word, sizes[_i].size, sizes[_i].people);
	ck_assert_int_eq(s->kind, sizes[_i].kind);
	ck_assert_uint_eq(s->people, sizes[_i].has);
	ck_assert_uint_eq(s->stages, sizes[_i].stages);
	ck_assert_uint_eq(s->group_count, sizes[_i].groups);
	pw_str text = PW_STR_INIT;
	pw_scheme_size(s, &text);
	ck_assert_str_eq(pw_str_text(&text), sizes[_i].says);
	/* What it says reads as the same scheme. */
	if (s->kind != PW_SCHEME_DESIGN) {
		pw_scheme *again = parse(pw_scheme_word(s), pw_str_text(&text), s->people);
		ck_assert_int_eq(again->kind, s->kind);
		ck_assert_uint_eq(again->stages, s->stages);
		ck_assert_uint_eq(again->group_count, s->group_count);
		for (size_t i = 0; i < s->group_count; i++) {
			ck_assert_uint_eq(again->groups[i].start, s->groups[i].start);
			ck_assert_uint_eq(again->groups[i].end, s->groups[i].end);
			ck_assert_int_eq(again->groups[i].parent, s->groups[i].parent);
		}
		pw_scheme_free(again);
	}
	pw_str_clear(&text);
	pw_scheme_free(s);
}
END_TEST

static const struct {
	const char *word, *size;
	size_t people;
	const char *says;
} bad[] = {
	{"pooling", "10", 0,
	 "no scheme 'pooling': take one of individual, dorfman, hierarchical, array, array-master, "
	 "halving, sterrett, sterrett-1, sterrett-2, design"},
	{"dorfman", "", 0, "size '': a number of 1 or more should stand at character 1"},
	{"dorfman", "0", 0, "size '0': a number of 1 or more should stand at character 1"},
	{"dorfman", "ten", 0, "size 'ten': a number of 1 or more should stand at character 1"},
	{"dorfman", "10=5", 0, "size '10=5': nothing more should stand at character 3"},
	{"dorfman", "10,5", 16,
	 "16 people in a scheme of 15: give the sizes for as many as there are"},
	{"hierarchical", "5,,5", 0,
	 "size '5,,5': a number of 1 or more should stand at character 3"},
	{"hierarchical", "5,-5", 0,
	 "size '5,-5': a number of 1 or more should stand at character 3"},
	{"hierarchical", "25=5x4", 0, "round 2 has 20 people where round 1 has 25"},
	{"hierarchical", "6,6=4,4,4", 0,
	 "round 2: part 2, of 4, does not fit into its pool, where 2 are left"},
	{"hierarchical", "5,5", 11,
	 "11 people in a scheme of 10: give the sizes for as many as there are"},
	{"hierarchical", "100001", 0,
	 "size '100001': a number up to 100000 should stand at character 1"},
	{"hierarchical", "60000,60000", 0, "120000 people are more than the 100000 we take"},
	{"hierarchical", "2000x2000", 0,
	 "size '2000x2000': more than 100000 people before this, where fewer should stand at "
	 "character 10"},
	{"hierarchical", "2=2=2=2=2=2=2=2", 0,
	 "size '2=2=2=2=2=2=2=2': no more rounds should stand at character 15"},
	{"array", "8x", 0, "size '8x': a number of 1 or more should stand at character 3"},
	{"array", "1x8", 0, "an array of 1 rows and 8 columns: it has 2 or more of each"},
	{"array", "8x12", 97, "97 people in an array of 8 × 12: it takes from 13 to 96"},
	{"array", "8x12", 12, "12 people in an array of 8 × 12: it takes from 13 to 96"},
	{"array", "1000x1000", 0, "an array of 1000 × 1000 is more than the 100000 we take"},
	{"array-master", "3x3x3", 0, "size '3x3x3': no more extents should stand at character 5"},
	{"array", "8x12;", 0, "size '8x12;': nothing more should stand at character 5"},
	{"sterrett", "2", 0, "2 people are too few: this scheme takes 3 or more"},
	{"sterrett", "501", 0, "501 people are more than the 500 we take"},
	{"halving", "16=1", 0, "1 rounds: halving takes from 2 to 8"},
	{"halving", "16", 15, "15 people where the size says 16"},
	{"individual", "3", 4, "4 people where the size says 3"},
	{"design", "", 0, "scheme 'design' needs a design: give its matrix"},
};

START_TEST(test_a_bad_size_is_refused_with_its_place)
{
	pw_scheme *s = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_ne(
		pw_scheme_parse(bad[_i].word, bad[_i].size, NULL, bad[_i].people, &s, &err), PW_OK);
	ck_assert_str_eq(err.msg, bad[_i].says);
	ck_assert_ptr_null(s);
}
END_TEST

START_TEST(test_a_pool_that_is_not_cut_waits)
{
	/* 4 waits while 6 is cut; its people are alone one round before those of 3 and 3. */
	pw_scheme *s = parse("hierarchical", "10=6,4=3,3,4", 0);
	size_t alone_in_round[4] = {0};
	for (size_t i = 0; i < s->group_count; i++)
		if (s->groups[i].children == 0)
			alone_in_round[s->groups[i].depth]++;
	ck_assert_uint_eq(alone_in_round[2], 4);
	ck_assert_uint_eq(alone_in_round[3], 6);
	pw_scheme_free(s);
}
END_TEST

START_TEST(test_the_pools_of_a_scheme)
{
	pw_scheme *s = parse("hierarchical", "4,3,1", 0);
	pw_design *d = NULL;
	pw_str text = PW_STR_INIT;
	ck_assert_int_eq(pw_scheme_pools(s, &d, NULL), PW_OK);
	pw_design_format(d, true, &text);
	/* All, the two parts, and not the one who is alone in any case. */
	ck_assert_str_eq(pw_str_text(&text), "# hierarchical 4,3,1: 3 pools, 8 samples\n"
					     "1 1 1 1 1 1 1 1\n"
					     "1 1 1 1 0 0 0 0\n"
					     "0 0 0 0 1 1 1 0\n");
	pw_str_clear(&text);
	pw_design_free(d);
	pw_scheme_free(s);
	s = parse("array-master", "2x3", 0);
	ck_assert_int_eq(pw_scheme_pools(s, &d, NULL), PW_OK);
	ck_assert_uint_eq(pw_design_pools(d), 6);
	pw_design_free(d);
	pw_scheme_free(s);
	s = parse("sterrett", "5", 0);
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_scheme_pools(s, &d, &err), PW_ERR_ARG);
	pw_scheme_free(s);
	s = parse("array", "2x2x2", 0);
	ck_assert_int_eq(pw_scheme_pools(s, &d, NULL), PW_OK);
	ck_assert_uint_eq(pw_design_pools(d), 6);
	ck_assert_str_eq(pw_design_family(d), "array");
	pw_design_free(d);
	pw_scheme_free(s);
}
END_TEST

START_TEST(test_a_design_allows_fewer_misses_than_pools)
{
	pw_design *d = NULL;
	pw_scheme *s = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_design_parse("110\n011\n101\n", 12, &d, NULL), PW_OK);
	ck_assert_int_eq(pw_scheme_of_design(d, NULL, 2, true, &s, &err), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, "2 negative pools allowed, where somebody is in 2 in all: allow "
				  "fewer");
	ck_assert_int_eq(pw_scheme_of_design(NULL, d, 1, false, &s, &err), PW_OK);
	ck_assert_uint_eq(s->stages, 1);
	ck_assert_str_eq(pw_scheme_word(s), "design");
	pw_scheme_free(s);
}
END_TEST

Suite *suite_scheme(void);

Suite *suite_scheme(void)
{
	Suite *s = suite_create("scheme");
	TCase *tc = tcase_create("words");
	tcase_add_loop_test(tc, test_a_size_is_read, 0, COUNT(sizes));
	tcase_add_loop_test(tc, test_a_bad_size_is_refused_with_its_place, 0, COUNT(bad));
	suite_add_tcase(s, tc);
	tc = tcase_create("forests");
	tcase_add_test(tc, test_a_pool_that_is_not_cut_waits);
	tcase_add_test(tc, test_the_pools_of_a_scheme);
	tcase_add_test(tc, test_a_design_allows_fewer_misses_than_pools);
	suite_add_tcase(s, tc);
	return s;
}
