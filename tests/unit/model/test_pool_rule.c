#include <check.h>
#include <math.h>
#include <string.h>

#include "core/model/pool_rule.h"
#include "core/model/profile.h"
#include "core/model/shipped.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static pw_status read_text(const char *text, pw_pool_rule *rule, pw_err *err)
{
	pw_yaml *yaml = NULL;
	pw_status rc = pw_yaml_parse(text, strlen(text), "p.yaml", &yaml, err);
	ck_assert_msg(rc == PW_OK, "%s", err->msg);
	rc = pw_pool_rule_read(pw_yaml_root(yaml), rule, err);
	pw_yaml_free(yaml);
	return rc;
}

/* ---------------------------------------------------------------- reading */

START_TEST(test_every_key_is_read)
{
	pw_pool_rule r = PW_POOL_RULE_INIT;
	pw_err err = PW_ERR_INIT;
	const char *text =
		"laboratory_pools: {max_pool: 48, must_test: pooled, prevalence: 0.01,\n"
		"  sensitivity: 0.9, specificity: 0.98, dilution: 0.003, grey_positive: 0,\n"
		"  grey_negative: 0, confidence: 0.95,\n"
		"  confirm: none, own_wells: 3, next: tests}\n";
	ck_assert_msg(read_text(text, &r, &err) == PW_OK, "%s", err.msg);
	ck_assert_int_eq(r.max_pool, 48);
	ck_assert(r.pool_must_test);
	ck_assert_double_eq(r.prevalence, 0.01);
	ck_assert_double_eq(r.sensitivity, 0.9);
	ck_assert_double_eq(r.specificity, 0.98);
	ck_assert_double_eq(r.dilution, 0.003);
	ck_assert_double_eq(r.grey_positive, 0);
	ck_assert_double_eq(r.grey_negative, 0);
	ck_assert_double_eq(r.confidence, 0.95);
	ck_assert_int_eq(r.confirm, PW_CONFIRM_NONE);
	ck_assert_int_eq(r.own_wells, 3);
	ck_assert_int_eq(r.next, PW_POOL_NEXT_TESTS);
}
END_TEST

START_TEST(test_what_is_left_out_stays)
{
	pw_pool_rule r = PW_POOL_RULE_INIT;
	const pw_pool_rule before = PW_POOL_RULE_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(read_text("name: x\n", &r, &err), PW_OK);
	ck_assert_int_eq(r.max_pool, before.max_pool);
	ck_assert_int_eq(read_text("laboratory_pools: {confirm: all}\n", &r, &err), PW_OK);
	ck_assert_int_eq(r.confirm, PW_CONFIRM_ALL);
	ck_assert(!r.pool_must_test);
	ck_assert_double_eq(r.prevalence, before.prevalence);
	ck_assert_int_eq(r.next, PW_POOL_NEXT_ROUNDS);
}
END_TEST

static const struct {
	const char *text, *message;
} bads[] = {
	{"laboratory_pools: []\n", "'laboratory_pools' must be a map"},
	{"laboratory_pools: {pools: 3}\n", "there is no key 'pools' here"},
	{"laboratory_pools: {max_pool: 1}\n", "from 2 to 1000, not '1'"},
	{"laboratory_pools: {prevalence: 0}\n",
	 "p.yaml:1:32: 'prevalence' must be a number from 1e-06 to 0.5, not '0'"},
	{"laboratory_pools: {prevalence: half}\n", "not 'half'"},
	{"laboratory_pools: {sensitivity: 1.01}\n", "from 0.5 to 1, not '1.01'"},
	{"laboratory_pools: {dilution: -1}\n", "not '-1'"},
	{"laboratory_pools: {confidence: 1}\n", "not '1'"},
	{"laboratory_pools: {must_test: never}\n",
	 "'never' is no 'must_test': there are alone and pooled"},
	{"laboratory_pools: {confirm: maybe}\n",
	 "'maybe' is no 'confirm': there are singles, all and none"},
	{"laboratory_pools: {next: wait}\n", "there are rounds, tests and recollect"},
	{"laboratory_pools: {grey_positive: 0.001}\n", "can't be the smaller"},
	{"laboratory_pools: {grey_negative: 0}\n", "nor the second nothing"},
	{"laboratory_pools: {own_wells: 0}\n", "from 1 to 5, not '0'"},
	{"laboratory_pools: {max_pool: 100, dilution: 1, specificity: 0.9}\n",
	 "such a pool tells nothing"},
};

START_TEST(test_a_mistake_is_refused_with_its_place)
{
	pw_pool_rule r = PW_POOL_RULE_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(read_text(bads[_i].text, &r, &err), PW_ERR_FORMAT);
	ck_assert_msg(strstr(err.msg, bads[_i].message) != NULL, "'%s' is not in '%s'",
		      bads[_i].message, err.msg);
	ck_assert_int_eq(r.max_pool, 10);
}
END_TEST

static pw_pool_rule shipped(const char *file)
{
	pw_profile *profile = NULL;
	pw_err err = PW_ERR_INIT;
	for (const pw_embedded *e = pw_shipped_profiles; e->name != NULL; e++)
		if (strcmp(e->name, file) == 0)
			ck_assert_msg(pw_profile_parse(e->bytes, e->size, file, &profile, &err) ==
					      PW_OK,
				      "%s", err.msg);
	ck_assert_ptr_nonnull(profile);
	pw_pool_rule rule = profile->pools;
	pw_profile_free(profile);
	return rule;
}

/* 联防联控机制医疗发〔2020〕277号: five at most, not of key groups, who is positive is collected again. */
START_TEST(test_china_pools_five_of_volunteers_and_collects_again)
{
	pw_pool_rule cn = shipped("cn.yaml"), us = shipped("us.yaml");
	ck_assert_int_eq(cn.max_pool, 5);
	ck_assert(!cn.pool_must_test);
	ck_assert_int_eq(cn.next, PW_POOL_NEXT_RECOLLECT);
	ck_assert_int_eq(us.next, PW_POOL_NEXT_ROUNDS);
	ck_assert_int_eq(us.confirm, PW_CONFIRM_ALL);
	ck_assert(us.pool_must_test);
}
END_TEST

/* ---------------------------------------------------------------- deciding */

START_TEST(test_the_prior_of_a_tube)
{
	ck_assert_double_eq_tol(pw_pool_rule_prior(0.01, 1), 0.01, 1e-15);
	ck_assert_double_eq_tol(pw_pool_rule_prior(0.01, 10), 1 - pow(0.99, 10), 1e-14);
	ck_assert_double_eq_tol(pw_pool_rule_prior(1e-6, 20), 2e-5, 1e-9);
}
END_TEST

START_TEST(test_a_well_of_its_own_tells_of_a_tube_without_its_pools)
{
	const pw_pool_rule rule = PW_POOL_RULE_INIT;
	ck_assert_double_eq_tol(pw_pool_rule_alone(&rule, 0.02, 0), 0.02, 1e-15);
	ck_assert_double_eq_tol(pw_pool_rule_alone(&rule, 0.02, 1),
				0.02 * 0.03 / (0.02 * 0.03 + 0.98 * 0.995), 1e-15);
	ck_assert(pw_pool_rule_alone(&rule, 0.02, 2) < pw_pool_rule_alone(&rule, 0.02, 1));
	ck_assert(pw_pool_rule_alone(&rule, 0, 1) <= 0);
}
END_TEST

static const struct {
	double posterior, error;
	int negatives, own_negatives, own_positives, swabs;
	pw_pool_confirm confirm;
	pw_pool_verdict verdict;
	double alone;
} cases[] = {
	/* a negative well and a small posterior, both */
	{0.001, 0, 1, 0, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_NEGATIVE, 1},
	{0.001, 0, 0, 0, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_UNDECIDED, 1},
	{0.01, 0, 1, 0, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_NEGATIVE, 1},
	{0.02, 0, 3, 0, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_UNDECIDED, 1},
	/* the error counts against either answer */
	{0.005, 0.006, 1, 0, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_UNDECIDED, 1},
	{0.995, 0.006, 0, 0, 0, 1, PW_CONFIRM_NONE, PW_POOL_VERDICT_UNDECIDED, 1},
	/* a positive, by who asks for a well of its own */
	{0.995, 0, 0, 0, 0, 1, PW_CONFIRM_NONE, PW_POOL_VERDICT_POSITIVE, 1},
	{0.995, 0, 0, 0, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_CONFIRM, 1},
	{0.995, 0, 0, 0, 0, 1, PW_CONFIRM_ALL, PW_POOL_VERDICT_CONFIRM, 1},
	{0.995, 0, 0, 0, 0, 10, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_POSITIVE, 1},
	{0.995, 0, 0, 0, 0, 10, PW_CONFIRM_ALL, PW_POOL_VERDICT_CONFIRM, 1},
	{0.995, 0, 0, 0, 1, 1, PW_CONFIRM_ALL, PW_POOL_VERDICT_POSITIVE, 1},
	/* wells of its own that contradict the pools */
	{0.995, 0, 1, 1, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_CONFIRM, 1},
	{0.995, 0, 2, 2, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_GIVE_UP, 1},
	{0.5, 0, 2, 2, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_GIVE_UP, 1},
	{0.005, 0, 2, 2, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_NEGATIVE, 1},
	/* pools that could not be worked back to the end: its own well is enough, unless they seem to be against it */
	{0.005, 0.9, 1, 1, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_NEGATIVE, 0.0006},
	{0.005, 0.9, 1, 1, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_UNDECIDED, 0.02},
	{0.2, 0.7, 1, 1, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_UNDECIDED, 0.0006},
	{0.005, 0.9, 1, 0, 0, 1, PW_CONFIRM_SINGLES, PW_POOL_VERDICT_UNDECIDED, 0.0006},
};

START_TEST(test_what_is_decided)
{
	pw_pool_rule rule = PW_POOL_RULE_INIT;
	const pw_pool_evidence e = {.posterior = cases[_i].posterior,
				    .error = cases[_i].error,
				    .alone = cases[_i].alone,
				    .negatives = cases[_i].negatives,
				    .own_negatives = cases[_i].own_negatives,
				    .own_positives = cases[_i].own_positives,
				    .swabs = cases[_i].swabs};
	rule.confirm = cases[_i].confirm;
	pw_pool_verdict verdict = pw_pool_rule_decide(&rule, &e);
	ck_assert_msg(verdict == cases[_i].verdict, "%s, not %s", pw_pool_verdict_name(verdict),
		      pw_pool_verdict_name(cases[_i].verdict));
}
END_TEST

START_TEST(test_words)
{
	pw_pool_next next = PW_POOL_NEXT_ROUNDS;
	ck_assert(pw_pool_next_parse("recollect", &next));
	ck_assert_int_eq(next, PW_POOL_NEXT_RECOLLECT);
	ck_assert(!pw_pool_next_parse("", &next));
	ck_assert_str_eq(pw_pool_next_name(PW_POOL_NEXT_TESTS), "tests");
	ck_assert_str_eq(pw_pool_confirm_name(PW_CONFIRM_ALL), "all");
	ck_assert_str_eq(pw_pool_verdict_name(PW_POOL_VERDICT_GIVE_UP), "given-up");
}
END_TEST

Suite *suite_pool_rule(void);

Suite *suite_pool_rule(void)
{
	Suite *suite = suite_create("pool_rule");
	TCase *tcase = tcase_create("pool_rule");
	tcase_add_test(tcase, test_every_key_is_read);
	tcase_add_test(tcase, test_what_is_left_out_stays);
	tcase_add_loop_test(tcase, test_a_mistake_is_refused_with_its_place, 0, COUNT(bads));
	tcase_add_test(tcase, test_china_pools_five_of_volunteers_and_collects_again);
	tcase_add_test(tcase, test_the_prior_of_a_tube);
	tcase_add_test(tcase, test_a_well_of_its_own_tells_of_a_tube_without_its_pools);
	tcase_add_loop_test(tcase, test_what_is_decided, 0, COUNT(cases));
	tcase_add_test(tcase, test_words);
	suite_add_tcase(suite, tcase);
	return suite;
}
