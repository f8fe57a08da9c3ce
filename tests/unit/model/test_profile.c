#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/str.h"
#include "core/model/profile.h"
#include "core/model/shipped.h"

#define HEAD "poolwell: profile/1\nname: t\nversion: 1\n"
#define POOL                                                                            \
	"pool: {positive_notify: yes, positive_isolate: false, inconclusive: recall,\n" \
	"       invalid: by-assay, negative_says: \"\", open_says: 待复核}\n"
#define PERSON "person: {positive_isolate: true, max_reswabs: 2}\n"
#define HOURS  "overdue_hours: {others: 24, prison: 5, voluntary: 48}\n"

static pw_profile *shipped(const char *file)
{
	pw_profile *profile = NULL;
	pw_err err = PW_ERR_INIT;
	for (const pw_embedded *e = pw_shipped_profiles; e->name != NULL; e++)
		if (strcmp(e->name, file) == 0)
			ck_assert_msg(pw_profile_parse(e->bytes, e->size, file, &profile, &err) ==
					      PW_OK,
				      "%s", err.msg);
	ck_assert_ptr_nonnull(profile);
	return profile;
}

START_TEST(test_a_profile_is_read)
{
	static const char text[] = HEAD POOL PERSON HOURS;
	pw_profile *p = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_profile_parse(text, strlen(text), "t.yaml", &p, &err) == PW_OK, "%s",
		      err.msg);
	pw_hash hash = pw_hash_bytes(text, strlen(text));
	ck_assert(pw_hash_eq(&p->hash, &hash));
	ck_assert_str_eq(p->name, "t");
	ck_assert_int_eq(p->version, 1);
	ck_assert(p->pool_positive_notify);
	ck_assert(!p->pool_positive_isolate);
	ck_assert_int_eq(p->pool_inconclusive, PW_POOL_RECALL);
	ck_assert_int_eq(p->pool_invalid, PW_POOL_BY_ASSAY);
	ck_assert_str_eq(p->pool_negative_statement, "");
	ck_assert_str_eq(p->member_status_while_open, "待复核");
	ck_assert(p->person_positive_isolate);
	ck_assert_int_eq(p->max_reswabs, 2);
	ck_assert_int_eq(p->overdue_hours[PW_GROUP_PRISON], 5);
	ck_assert_int_eq(p->overdue_hours[PW_GROUP_VOLUNTARY], 48);
	ck_assert_int_eq(p->overdue_hours[PW_GROUP_INPATIENT], 24);
	ck_assert_int_eq(p->own_labels, PW_OWN_LABELS_ANY);
	pw_profile_free(p);
	pw_profile_free(NULL);
}
END_TEST

static const struct {
	const char *text;
	pw_own_labels rule;
} own_labels[] = {
	{HEAD POOL PERSON HOURS "own_labels: any\n", PW_OWN_LABELS_ANY},
	{HEAD POOL PERSON HOURS "own_labels: reserved\n", PW_OWN_LABELS_RESERVED},
};

START_TEST(test_own_labels_may_have_to_be_reserved)
{
	pw_profile *p = NULL;
	pw_err err = PW_ERR_INIT;
	const char *text = own_labels[_i].text;
	ck_assert_msg(pw_profile_parse(text, strlen(text), "t.yaml", &p, &err) == PW_OK, "%s",
		      err.msg);
	ck_assert_int_eq(p->own_labels, own_labels[_i].rule);
	pw_profile_free(p);
}
END_TEST

START_TEST(test_china_tells_at_once_and_isolates)
{
	pw_profile *cn = shipped("cn.yaml");
	ck_assert_str_eq(cn->name, "cn");
	ck_assert(cn->pool_positive_notify && cn->pool_positive_isolate);
	ck_assert_int_eq(cn->pool_inconclusive, PW_POOL_BY_ASSAY);
	ck_assert_int_eq(cn->pool_invalid, PW_POOL_BY_ASSAY);
	ck_assert_str_eq(cn->member_status_while_open, "待复核");
	ck_assert_int_eq(cn->max_reswabs, 3);
	/* Chengdu: fever clinic 6 h, inpatients 12 h, everybody else 24 h */
	for (int g = 0; g < PW_GROUP_COUNT; g++)
		ck_assert_int_eq(cn->overdue_hours[g], g == PW_GROUP_FEVER_CLINIC ? 6
						       : g == PW_GROUP_INPATIENT  ? 12
										  : 24);
	pw_profile_free(cn);
}
END_TEST

START_TEST(test_the_united_states_report_no_pool_that_is_not_negative)
{
	pw_profile *us = shipped("us.yaml");
	ck_assert_str_eq(us->name, "us");
	ck_assert(!us->pool_positive_notify && !us->pool_positive_isolate);
	ck_assert_int_eq(us->pool_inconclusive, PW_POOL_RECALL);
	ck_assert_int_eq(us->pool_invalid, PW_POOL_RECALL);
	ck_assert(strstr(us->pool_negative_statement, "tested in a pooled format") != NULL);
	ck_assert_str_eq(us->member_status_while_open, "awaiting re-swab");
	ck_assert(us->person_positive_isolate);
	pw_profile_free(us);
}
END_TEST

#define BAD_POOL(line) HEAD "pool: {" line "}\n" PERSON HOURS

static const struct bad {
	const char *text, *message;
} bads[] = {
	{"poolwell: layout/1\n", "this is 'layout/1', not profile/1"},
	{HEAD PERSON HOURS, "'pool' is missing here"},
	{HEAD POOL HOURS, "'person' is missing here"},
	{HEAD POOL PERSON, "'overdue_hours' is missing here"},
	{HEAD POOL PERSON HOURS "pools: {}\n", "there is no key 'pools' here"},
	{HEAD "pool: []\n" PERSON HOURS, "'pool' must be a map"},
	{BAD_POOL("positive_isolate: false"), "t.yaml:4:7: 'positive_notify' is missing"},
	{BAD_POOL("positive_notify: maybe"),
	 "'positive_notify' must be true or false, not 'maybe'"},
	{BAD_POOL("positive_notify: true, positive_isolate: true, inconclusive: repeat"),
	 "'repeat' is not an action: there are recall and by-assay"},
	{BAD_POOL("positive_notify: true, positive_isolate: true, inconclusive: recall, invalid: "
		  "recall"),
	 "'negative_says' is missing"},
	{BAD_POOL("positive_notify: true, positive_isolate: true, inconclusive: recall, invalid: "
		  "recall, negative_says: x"),
	 "'open_says' is missing"},
	{BAD_POOL("positive_notify: true, positive_isolate: true, inconclusive: recall, invalid: "
		  "recall, negative_says: \"a\\nb\", open_says: x"),
	 "a statement must be printable"},
	{BAD_POOL("positive_notfy: true"), "there is no key 'positive_notfy' here"},
	{HEAD POOL "person: {positive_isolate: true, max_reswabs: 0}\n" HOURS,
	 "'max_reswabs' must be a whole number from 1 to 20, not '0'"},
	{HEAD POOL "person: {max_reswabs: 1}\n" HOURS, "'positive_isolate' is missing"},
	{HEAD POOL PERSON "overdue_hours: {prison: 5}\n", "'others' is missing"},
	{HEAD POOL PERSON "overdue_hours: {others: 24, prisons: 5}\n", "there is no key 'prisons'"},
	{HEAD POOL PERSON HOURS "own_labels: none\n", "there are any and reserved"},
	{HEAD POOL PERSON HOURS "own_labels: [any]\n", "own_labels"},
	{HEAD POOL PERSON "overdue_hours: {others: 24, prison: 721}\n",
	 "'prison' must be a whole number from 1 to 720, not '721'"},
};

START_TEST(test_a_mistake_is_refused_with_its_place)
{
	pw_profile *profile = NULL;
	pw_err err = PW_ERR_INIT;
	const char *text = bads[_i].text;
	ck_assert_int_eq(pw_profile_parse(text, strlen(text), "t.yaml", &profile, &err),
			 PW_ERR_FORMAT);
	ck_assert_msg(strstr(err.msg, bads[_i].message) != NULL, "'%s' is not in '%s'",
		      bads[_i].message, err.msg);
	ck_assert_ptr_null(profile);
}
END_TEST

START_TEST(test_words_of_pool_actions)
{
	pw_pool_action action = PW_POOL_RECALL;
	ck_assert(pw_pool_action_parse("by-assay", &action));
	ck_assert_int_eq(action, PW_POOL_BY_ASSAY);
	ck_assert(!pw_pool_action_parse("", &action));
	ck_assert_str_eq(pw_pool_action_name(PW_POOL_RECALL), "recall");
}
END_TEST

Suite *suite_profile(void);

Suite *suite_profile(void)
{
	Suite *suite = suite_create("profile");
	TCase *tcase = tcase_create("profile");
	tcase_add_test(tcase, test_a_profile_is_read);
	tcase_add_loop_test(tcase, test_own_labels_may_have_to_be_reserved, 0, 2);
	tcase_add_test(tcase, test_china_tells_at_once_and_isolates);
	tcase_add_test(tcase, test_the_united_states_report_no_pool_that_is_not_negative);
	tcase_add_loop_test(tcase, test_a_mistake_is_refused_with_its_place, 0,
			    sizeof(bads) / sizeof(bads[0]));
	tcase_add_test(tcase, test_words_of_pool_actions);
	suite_add_tcase(suite, tcase);
	return suite;
}
