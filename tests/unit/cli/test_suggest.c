#include <check.h>

#include "cli/suggest.h"

static const struct {
	const char *a, *b;
	int distance;
} distances[] = {
	{"tube", "tube", 0}, {"TUBE", "tube", 0},      {"tub", "tube", 1},   {"tueb", "tube", 1},
	{"tbue", "tube", 1}, {"cube", "tube", 1},      {"tubes", "tube", 1}, {"", "tube", 4},
	{"ca", "abc", 3},    {"kitten", "sitting", 3}, {"", "", 0},
};

START_TEST(test_distance_counts_mistakes)
{
	const char *a = distances[_i].a, *b = distances[_i].b;
	ck_assert_int_eq(pw_word_distance(a, b), distances[_i].distance);
	ck_assert_int_eq(pw_word_distance(b, a), distances[_i].distance);
}
END_TEST

START_TEST(test_long_words_are_far_apart)
{
	char word[80];
	for (int i = 0; i < 79; i++)
		word[i] = 'a';
	word[79] = '\0';
	ck_assert_int_gt(pw_word_distance(word, "a"), 79);
	word[63] = '\0';
	ck_assert_int_eq(pw_word_distance(word, word + 1), 1);
}
END_TEST

static const struct {
	const char *wrong, *best;
} suggestions[] = {
	{"tueb", "tube"},   {"tubes", "tube"}, {"plaet", "plate"},  {"resluts", "results"},
	{"res", "results"}, {"xyz", NULL},     {"lab", NULL},       {"", NULL},
	{"t", NULL},        {"Tube", "tube"},  {"plates", "plate"}, {"resolve", NULL},
};

START_TEST(test_the_nearest_name_is_suggested)
{
	pw_suggestion s = {.wrong = suggestions[_i].wrong};
	static const char *const names[] = {"", "tube", "plate", "results"};
	for (int i = 0; i < 4; i++)
		pw_suggest(&s, names[i]);
	ck_assert_pstr_eq(s.best, suggestions[_i].best);
}
END_TEST

Suite *suite_suggest(void);
Suite *suite_suggest(void)
{
	Suite *s = suite_create("suggest");
	TCase *t = tcase_create("suggest");
	tcase_add_loop_test(t, test_distance_counts_mistakes, 0,
			    sizeof(distances) / sizeof(distances[0]));
	tcase_add_test(t, test_long_words_are_far_apart);
	tcase_add_loop_test(t, test_the_nearest_name_is_suggested, 0,
			    sizeof(suggestions) / sizeof(suggestions[0]));
	suite_add_tcase(s, t);
	return s;
}
