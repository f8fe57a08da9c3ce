#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/model/outcome.h"
#include "core/model/shipped.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define POS   PW_CALL_POSITIVE
#define NEG   PW_CALL_NEGATIVE
#define GREY  PW_CALL_INCONCLUSIVE
#define VOID  PW_CALL_INVALID
#define NONE  PW_CALL_NONE
#define SAY   PW_NEXT_REPORT
#define PCR   PW_NEXT_REPEAT_PCR
#define EXT   PW_NEXT_RE_EXTRACT
#define SWAB  PW_NEXT_NEW_SPECIMEN
#define KEEP  1 /* isolated */
#define TELL  2 /* notified */
#define QUIET 0

static pw_profile *shipped(const char *name)
{
	char file[40];
	pw_profile *profile = NULL;
	pw_err err = PW_ERR_INIT;
	snprintf(file, sizeof(file), "%s.yaml", name);
	for (const pw_embedded *e = pw_shipped_profiles; e->name != NULL; e++)
		if (strcmp(e->name, file) == 0)
			ck_assert_msg(pw_profile_parse(e->bytes, e->size, file, &profile, &err) ==
					      PW_OK,
				      "%s", err.msg);
	ck_assert_ptr_nonnull(profile);
	return profile;
}

/* ---------------------------------------------------------------- branch by branch */

/* Both profiles allow three new swabs; attempts are of at most two. `also`: KEEP and TELL. */
static const struct {
	const char *profile;
	int swabs;
	pw_call call;
	pw_next next;
	int attempts, reswabs;
	pw_step step;
	const char *status;
	pw_next then;
	int also;
	const char *why;
} cases[] = {
	/* A negative pool answers for all of its members, whatever came before. */
	{"cn", 10, NEG, SAY, 1, 0, PW_STEP_DECIDE, "negative", SAY, QUIET, "the pool is negative"},
	{"cn", 2, NEG, SAY, 2, 3, PW_STEP_DECIDE, "negative", SAY, QUIET, "the pool is negative"},
	{"us", 20, NEG, SAY, 1, 0, PW_STEP_DECIDE, "negative", SAY, QUIET, "the pool is negative"},

	/* A positive pool is recalled at once; told and isolated in China, not in the United States. */
	{"cn", 10, POS, SAY, 1, 0, PW_STEP_RECALL, "", SWAB, KEEP | TELL, "the pool is positive"},
	{"cn", 2, POS, PCR, 1, 0, PW_STEP_RECALL, "", SWAB, KEEP | TELL, "the pool is positive"},
	{"cn", 20, POS, EXT, 2, 0, PW_STEP_RECALL, "", SWAB, KEEP | TELL, "the pool is positive"},
	{"us", 5, POS, SAY, 1, 0, PW_STEP_RECALL, "", SWAB, QUIET, "the pool is positive"},
	{"us", 5, POS, EXT, 1, 0, PW_STEP_RECALL, "", SWAB, QUIET, "the pool is positive"},

	/* A grey pool goes again in China, as the assay says and as long as it may. */
	{"cn", 10, GREY, PCR, 1, 0, PW_STEP_RETEST, "", PCR, QUIET, "the pool is inconclusive"},
	{"cn", 10, GREY, EXT, 1, 0, PW_STEP_RETEST, "", EXT, QUIET, "the pool is inconclusive"},
	{"cn", 10, GREY, EXT, 2, 0, PW_STEP_RECALL, "", SWAB, KEEP | TELL,
	 "the pool is inconclusive"},
	{"cn", 10, GREY, SAY, 1, 0, PW_STEP_RECALL, "", SWAB, KEEP | TELL,
	 "the pool is inconclusive"},
	{"cn", 10, GREY, SWAB, 1, 0, PW_STEP_RECALL, "", SWAB, KEEP | TELL,
	 "the pool is inconclusive"},
	{"us", 10, GREY, PCR, 1, 0, PW_STEP_RECALL, "", SWAB, QUIET, "the pool is inconclusive"},
	{"us", 10, GREY, EXT, 1, 0, PW_STEP_RECALL, "", SWAB, QUIET, "the pool is inconclusive"},

	/* An invalid pool likewise; nobody is isolated for it. */
	{"cn", 10, VOID, PCR, 1, 0, PW_STEP_RETEST, "", PCR, QUIET, "the pool is invalid"},
	{"cn", 10, VOID, EXT, 1, 0, PW_STEP_RETEST, "", EXT, QUIET, "the pool is invalid"},
	{"cn", 10, VOID, EXT, 2, 0, PW_STEP_RECALL, "", SWAB, QUIET, "the pool gives no answer"},
	{"cn", 10, VOID, SWAB, 1, 0, PW_STEP_RECALL, "", SWAB, QUIET, "the pool gives no answer"},
	{"cn", 10, NONE, SAY, 1, 0, PW_STEP_RECALL, "", SWAB, QUIET, "the pool gives no answer"},
	{"us", 10, VOID, EXT, 1, 0, PW_STEP_RECALL, "", SWAB, QUIET, "the pool gives no answer"},
	{"us", 10, VOID, SWAB, 2, 0, PW_STEP_RECALL, "", SWAB, QUIET, "the pool gives no answer"},

	/* A single answers for its person. */
	{"cn", 1, POS, SAY, 1, 0, PW_STEP_DECIDE, "positive", SAY, KEEP, "positive"},
	{"cn", 1, POS, EXT, 2, 3, PW_STEP_DECIDE, "positive", SAY, KEEP, "positive"},
	{"us", 1, POS, SAY, 1, 0, PW_STEP_DECIDE, "positive", SAY, KEEP, "positive"},
	{"cn", 1, NEG, SAY, 1, 0, PW_STEP_DECIDE, "negative", SAY, QUIET, "negative"},
	{"us", 1, NEG, SAY, 2, 3, PW_STEP_DECIDE, "negative", SAY, QUIET, "negative"},

	/* A grey single: again; the assay's last word; a new swab; no more swabs. */
	{"cn", 1, GREY, PCR, 1, 0, PW_STEP_RETEST, "", PCR, QUIET, "inconclusive"},
	{"us", 1, GREY, EXT, 1, 3, PW_STEP_RETEST, "", EXT, QUIET, "inconclusive"},
	{"cn", 1, GREY, SAY, 2, 0, PW_STEP_DECIDE, "inconclusive", SAY, QUIET,
	 "inconclusive again: the assay's last word"},
	{"us", 1, GREY, SAY, 1, 0, PW_STEP_DECIDE, "inconclusive", SAY, QUIET,
	 "inconclusive again: the assay's last word"},
	{"cn", 1, GREY, EXT, 2, 0, PW_STEP_RECALL, "", SWAB, QUIET, "inconclusive again"},
	{"us", 1, GREY, SWAB, 1, 2, PW_STEP_RECALL, "", SWAB, QUIET, "inconclusive again"},
	{"cn", 1, GREY, SWAB, 1, 3, PW_STEP_DECIDE, "inconclusive", SAY, QUIET,
	 "no answer after the last swab allowed"},

	/* An invalid single never has a last word: a new swab, until there are no more. */
	{"cn", 1, VOID, EXT, 1, 0, PW_STEP_RETEST, "", EXT, QUIET, "invalid"},
	{"us", 1, VOID, PCR, 1, 0, PW_STEP_RETEST, "", PCR, QUIET, "invalid"},
	{"cn", 1, VOID, EXT, 2, 2, PW_STEP_RECALL, "", SWAB, QUIET, "invalid again"},
	{"us", 1, VOID, SWAB, 2, 0, PW_STEP_RECALL, "", SWAB, QUIET, "invalid again"},
	{"cn", 1, VOID, SAY, 1, 0, PW_STEP_RECALL, "", SWAB, QUIET, "invalid again"},
	{"cn", 1, VOID, SWAB, 2, 3, PW_STEP_DECIDE, "inconclusive", SAY, QUIET,
	 "no answer after the last swab allowed"},
	{"us", 1, VOID, SWAB, 2, 4, PW_STEP_DECIDE, "inconclusive", SAY, QUIET,
	 "no answer after the last swab allowed"},
	{"us", 1, NONE, SAY, 1, 0, PW_STEP_RECALL, "", SWAB, QUIET, "invalid again"},
};

START_TEST(test_each_branch)
{
	pw_profile *profile = shipped(cases[_i].profile);
	const pw_outcome_in in = {.call = cases[_i].call,
				  .next = cases[_i].next,
				  .swabs = cases[_i].swabs,
				  .attempts = cases[_i].attempts,
				  .max_attempts = 2,
				  .reswabs = cases[_i].reswabs};
	pw_outcome out = pw_outcome_of(profile, &in);
	ck_assert_int_eq(out.step, cases[_i].step);
	ck_assert_str_eq(out.status, cases[_i].status);
	ck_assert_int_eq(out.next, cases[_i].then);
	ck_assert_int_eq(out.isolate, (cases[_i].also & KEEP) != 0);
	ck_assert_int_eq(out.notify, (cases[_i].also & TELL) != 0);
	ck_assert_str_eq(out.why, cases[_i].why);
	pw_profile_free(profile);
}
END_TEST

START_TEST(test_a_lost_tube_recalls_its_people_quietly)
{
	pw_outcome out = pw_outcome_of_loss();
	ck_assert_int_eq(out.step, PW_STEP_RECALL);
	ck_assert_str_eq(out.status, "");
	ck_assert_int_eq(out.next, PW_NEXT_NEW_SPECIMEN);
	ck_assert(!out.isolate);
	ck_assert(!out.notify);
	ck_assert_str_eq(out.why, "the tube can't be tested");
}
END_TEST

/* ---------------------------------------------------------------- whatever comes in */

/* What holds for every policy and every call; it returns false where it does not. */
typedef bool property(const pw_profile *profile, const pw_outcome_in *in, const pw_outcome *out);

static void check(const pw_profile *profile, const pw_outcome_in *in, property *holds)
{
	pw_outcome out = pw_outcome_of(profile, in);
	if (holds(profile, in, &out))
		return;
	ck_abort_msg(
		"%d swabs, %s, next %s, attempt %d of %d, swabbed again %d times of %d: step %d, "
		"'%s', next %s, isolate %d, notify %d, %s",
		in->swabs, pw_call_name(in->call), pw_next_name(in->next), in->attempts,
		in->max_attempts, in->reswabs, profile->max_reswabs, out.step, out.status,
		pw_next_name(out.next), out.isolate, out.notify, out.why);
}

static void for_attempts(const pw_profile *profile, pw_outcome_in in, property *holds)
{
	for (in.max_attempts = 1; in.max_attempts <= 3; in.max_attempts++)
		for (in.attempts = 1; in.attempts <= 5; in.attempts++)
			for (in.reswabs = 0; in.reswabs <= 5; in.reswabs++)
				check(profile, &in, holds);
}

/* Every policy that a profile can state: the shipped ones are two of them. */
static void for_everything(property *holds)
{
	static const int swabs[] = {1, 2, 5, 20};
	for (int policy = 0; policy < 32 * 4; policy++) {
		const pw_profile profile = {
			.pool_positive_notify = (policy & 1) != 0,
			.pool_positive_isolate = (policy & 2) != 0,
			.pool_inconclusive = (policy & 4) != 0 ? PW_POOL_RECALL : PW_POOL_BY_ASSAY,
			.pool_invalid = (policy & 8) != 0 ? PW_POOL_RECALL : PW_POOL_BY_ASSAY,
			.person_positive_isolate = (policy & 16) != 0,
			.max_reswabs = policy / 32,
		};
		for (int call = NONE; call <= VOID; call++)
			for (int next = SAY; next <= SWAB; next++)
				for (int s = 0; s < COUNT(swabs); s++)
					for_attempts(&profile,
						     (pw_outcome_in){.call = (pw_call)call,
								     .next = (pw_next)next,
								     .swabs = swabs[s]},
						     holds);
	}
}

static bool no_repeat_beyond(const pw_profile *profile, const pw_outcome_in *in,
			     const pw_outcome *out)
{
	(void)profile;
	return out->step != PW_STEP_RETEST ||
	       (in->attempts < in->max_attempts && out->next == in->next &&
		(out->next == PCR || out->next == EXT) && in->call != POS && in->call != NEG);
}

START_TEST(test_no_tube_goes_again_beyond_the_last_attempt)
{
	for_everything(no_repeat_beyond);
}
END_TEST

static bool positive_pool_recalled(const pw_profile *profile, const pw_outcome_in *in,
				   const pw_outcome *out)
{
	return in->swabs == 1 || in->call != POS ||
	       (out->step == PW_STEP_RECALL && out->isolate == profile->pool_positive_isolate &&
		out->notify == profile->pool_positive_notify);
}

START_TEST(test_a_positive_pool_is_always_recalled)
{
	for_everything(positive_pool_recalled);
}
END_TEST

static bool pool_decides_negative_only(const pw_profile *profile, const pw_outcome_in *in,
				       const pw_outcome *out)
{
	(void)profile;
	return in->swabs == 1 || out->step != PW_STEP_DECIDE ||
	       (strcmp(out->status, "negative") == 0 && in->call == NEG);
}

START_TEST(test_a_pool_gives_its_members_no_answer_but_negative)
{
	for_everything(pool_decides_negative_only);
}
END_TEST

/* Told or kept apart is only who may be infected. */
static bool quiet_unless_suspect(const pw_profile *profile, const pw_outcome_in *in,
				 const pw_outcome *out)
{
	(void)profile;
	return in->call == POS || in->call == GREY || (!out->isolate && !out->notify);
}

START_TEST(test_nobody_is_isolated_for_a_negative_or_an_empty_word)
{
	for_everything(quiet_unless_suspect);
}
END_TEST

static bool single_ends(const pw_profile *profile, const pw_outcome_in *in, const pw_outcome *out)
{
	if (in->swabs > 1)
		return true;
	if (in->call == POS || in->call == NEG)
		return out->step == PW_STEP_DECIDE &&
		       strcmp(out->status, pw_call_name(in->call)) == 0;
	if (in->reswabs < profile->max_reswabs)
		return true;
	return out->step == PW_STEP_DECIDE
		       ? strcmp(out->status, "inconclusive") == 0
		       : out->step == PW_STEP_RETEST && in->attempts < in->max_attempts;
}

START_TEST(test_a_single_has_an_answer_after_the_last_swab_allowed)
{
	for_everything(single_ends);
}
END_TEST

/* What a face shows is there, and nothing that belongs to another step. */
static bool well_formed(const pw_profile *profile, const pw_outcome_in *in, const pw_outcome *out)
{
	(void)profile;
	(void)in;
	bool decided = out->step == PW_STEP_DECIDE, recalled = out->step == PW_STEP_RECALL;
	return out->why[0] != '\0' && decided == (out->status[0] != '\0') &&
	       decided == (out->next == SAY) && recalled == (out->next == SWAB) &&
	       (!out->notify || recalled);
}

START_TEST(test_an_outcome_says_one_thing)
{
	for_everything(well_formed);
}
END_TEST

Suite *suite_outcome(void);
Suite *suite_outcome(void)
{
	Suite *suite = suite_create("outcome");
	TCase *tc = tcase_create("outcome");
	tcase_add_loop_test(tc, test_each_branch, 0, COUNT(cases));
	tcase_add_test(tc, test_a_lost_tube_recalls_its_people_quietly);
	tcase_add_test(tc, test_no_tube_goes_again_beyond_the_last_attempt);
	tcase_add_test(tc, test_a_positive_pool_is_always_recalled);
	tcase_add_test(tc, test_a_pool_gives_its_members_no_answer_but_negative);
	tcase_add_test(tc, test_nobody_is_isolated_for_a_negative_or_an_empty_word);
	tcase_add_test(tc, test_a_single_has_an_answer_after_the_last_swab_allowed);
	tcase_add_test(tc, test_an_outcome_says_one_thing);
	suite_add_tcase(suite, tc);
	return suite;
}
