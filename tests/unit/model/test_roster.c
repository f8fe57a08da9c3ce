#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/model/roster.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

START_TEST(test_every_group_has_a_word_that_is_read_back)
{
	for (int g = 0; g < PW_GROUP_COUNT; g++) {
		pw_group back = PW_GROUP_COUNT;
		ck_assert(pw_group_parse(pw_group_name((pw_group)g), &back));
		ck_assert_int_eq((int)back, g);
		for (int other = 0; other < g; other++)
			ck_assert_str_ne(pw_group_name((pw_group)g),
					 pw_group_name((pw_group)other));
		ck_assert_int_eq(pw_group_must_test((pw_group)g), g != PW_GROUP_VOLUNTARY);
	}
}
END_TEST

static const struct {
	const char *word;
	pw_group group;
} words[] = {
	{"", PW_GROUP_VOLUNTARY},
	{"愿检尽检", PW_GROUP_VOLUNTARY},
	{"愿检", PW_GROUP_VOLUNTARY},
	{"密切接触者", PW_GROUP_CLOSE_CONTACT},
	{"密接", PW_GROUP_CLOSE_CONTACT},
	{"入境人员", PW_GROUP_INBOUND_TRAVELLER},
	{"境外入境人员", PW_GROUP_INBOUND_TRAVELLER},
	{"发热门诊患者", PW_GROUP_FEVER_CLINIC},
	{"发热门诊", PW_GROUP_FEVER_CLINIC},
	{"新住院患者及陪护人员", PW_GROUP_INPATIENT},
	{"陪护", PW_GROUP_INPATIENT},
	{"医疗机构工作人员", PW_GROUP_MEDICAL_STAFF},
	{"医务人员", PW_GROUP_MEDICAL_STAFF},
	{"口岸检疫和边防检查人员", PW_GROUP_PORT_STAFF},
	{"口岸", PW_GROUP_PORT_STAFF},
	{"监所工作人员", PW_GROUP_PRISON},
	{"监所", PW_GROUP_PRISON},
	{"社会福利养老机构工作人员", PW_GROUP_ELDERLY_CARE},
	{"养老机构", PW_GROUP_ELDERLY_CARE},
	{"Close Contact", PW_GROUP_CLOSE_CONTACT},
	{"CLOSE-CONTACT", PW_GROUP_CLOSE_CONTACT},
	{"Inbound Traveler", PW_GROUP_INBOUND_TRAVELLER},
};

START_TEST(test_words_for_groups)
{
	pw_group group = PW_GROUP_COUNT;
	ck_assert_msg(pw_group_parse(words[_i].word, &group), "%s", words[_i].word);
	ck_assert_int_eq(group, words[_i].group);
}
END_TEST

START_TEST(test_a_word_for_no_group_is_refused)
{
	/* 应检尽检 says that somebody must be tested, not to which group he belongs */
	static const char *const none[] = {"应检尽检", "x", "次密接", " voluntary",
					   "close_contact"};
	for (int i = 0; i < COUNT(none); i++) {
		pw_group group = PW_GROUP_COUNT;
		ck_assert(!pw_group_parse(none[i], &group));
		ck_assert_int_eq(group, PW_GROUP_COUNT);
	}
}
END_TEST

START_TEST(test_words_for_kinds)
{
	pw_subject_kind kind = PW_PLACE;
	ck_assert_str_eq(pw_subject_kind_name(PW_PERSON), "person");
	ck_assert_str_eq(pw_subject_kind_name(PW_PLACE), "place");
	ck_assert(pw_subject_kind_parse("Person", &kind));
	ck_assert_int_eq(kind, PW_PERSON);
	ck_assert(pw_subject_kind_parse("环境", &kind));
	ck_assert_int_eq(kind, PW_PLACE);
	ck_assert(pw_subject_kind_parse("人员", &kind));
	ck_assert_int_eq(kind, PW_PERSON);
	ck_assert(pw_subject_kind_parse("place", &kind));
	ck_assert(!pw_subject_kind_parse("", &kind));
	ck_assert(!pw_subject_kind_parse("dog", &kind));
	ck_assert_int_eq(kind, PW_PLACE);
}
END_TEST

static const struct {
	const char *text;
	bool form, valid;
} numbers[] = {
	/* the two examples of GB 11643-1999 */
	{"11010519491231002X", true, true},
	{"440524188001010014", true, true},
	{"11010519491231002x", true, true},
	{"110101199003070011", true, true},
	{"110101200002290018", true, true},  /* a leap day */
	{"110105194912310021", true, false}, /* check character */
	{"11010519491231003X", true, false},
	{"110105194921310020", true, false}, /* month 21 */
	{"1101051949123100X2", false, false},
	{"11010519491231002Y", false, false},
	{"11010519491231002", false, false},
	{"11010519491231002XX", false, false},
	{"110105491231002", false, false}, /* the fifteen digits of old */
	{"", false, false},
	{"E12345678", false, false},
	{"A1010519491231002X", false, false},
	{"1101051949123100\xEF\xBC\xB8", false, false},
};

START_TEST(test_national_ids)
{
	ck_assert_int_eq(pw_national_id_cn_form(numbers[_i].text), numbers[_i].form);
	ck_assert_int_eq(pw_national_id_cn_valid(numbers[_i].text), numbers[_i].valid);
}
END_TEST

/* The check character by the weights that GB 11643 prints, which is another way to the same end. */
static void complete(char text[19])
{
	static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;
	for (int i = 0; i < 17; i++)
		sum += (text[i] - '0') * weights[i];
	text[17] = "10X98765432"[sum % 11];
	text[18] = '\0';
}

START_TEST(test_birth_dates_are_in_the_calendar)
{
	static const struct {
		const char *date;
		bool valid;
	} dates[] = {
		{"19900307", true},  {"19000228", true},  {"19000229", false}, {"20000229", true},
		{"20010229", false}, {"20240229", true},  {"19900431", false}, {"19901231", true},
		{"19901232", false}, {"19901301", false}, {"19900001", false}, {"19900100", false},
		{"17991231", false}, {"18000101", true},  {"00000101", false},
	};
	for (int i = 0; i < COUNT(dates); i++) {
		char text[19];
		snprintf(text, sizeof(text), "110101%s001?", dates[i].date);
		complete(text);
		ck_assert(pw_national_id_cn_form(text));
		ck_assert_msg(pw_national_id_cn_valid(text) == dates[i].valid, "%s", text);
	}
}
END_TEST

START_TEST(test_a_wrong_digit_is_always_found)
{
	char text[19] = "110101199003070011";
	for (int i = 0; i < 18; i++) {
		char right = text[i];
		for (char c = '0'; c <= '9'; c++) {
			text[i] = c;
			ck_assert_int_eq(pw_national_id_cn_valid(text), c == right);
		}
		text[i] = right;
	}
}
END_TEST

Suite *suite_roster(void);

Suite *suite_roster(void)
{
	Suite *s = suite_create("roster");
	TCase *tc = tcase_create("roster");
	tcase_add_test(tc, test_every_group_has_a_word_that_is_read_back);
	tcase_add_loop_test(tc, test_words_for_groups, 0, COUNT(words));
	tcase_add_test(tc, test_a_word_for_no_group_is_refused);
	tcase_add_test(tc, test_words_for_kinds);
	tcase_add_loop_test(tc, test_national_ids, 0, COUNT(numbers));
	tcase_add_test(tc, test_birth_dates_are_in_the_calendar);
	tcase_add_test(tc, test_a_wrong_digit_is_always_found);
	suite_add_tcase(s, tc);
	return s;
}
