#include <string.h>

#include "core/lab/internal.h"
#include "tests/unit/lab/bench.h"

/* ---------------------------------------------------------------- an assay with controls of every scope */

static const char scopes_assay[] =
	"poolwell: assay/1\n"
	"name: scopes\n"
	"version: 1\n"
	"attempts: 2\n"
	"targets:\n"
	"  - name: T\n"
	"    bands:\n"
	"      - {band: pos, cq: \"< 40\"}\n"
	"      - {band: neg, cq: [\">= 40\", none]}\n"
	"  - name: RP\n"
	"    bands:\n"
	"      - {band: ok, cq: \"< 40\"}\n"
	"      - {band: low, cq: [\">= 40\", none]}\n"
	"calls:\n"
	"  - {when: {T: pos}, call: positive}\n"
	"  - {when: {T: neg, RP: ok}, call: negative}\n"
	"  - {when: {T: neg, RP: low}, call: invalid, next: [re-extract, new-specimen]}\n"
	"controls:\n"
	"  - {control: CW, stage: pcr, covers: well, expect: {T: neg, RP: any}}\n"
	"  - {control: NEC, stage: extraction, covers: extraction-plate, expect: {T: neg, RP: ok}}\n"
	"  - {control: NEP, stage: pcr, covers: extraction-plate, expect: {T: neg, RP: any}}\n"
	"  - {control: NTC, stage: pcr, covers: pcr-plate, expect: {T: neg, RP: low}}\n"
	"  - {control: PC, stage: pcr, covers: run, expect: {T: pos, RP: any}}\n";

static const char scopes_layout[] = "poolwell: layout/1\n"
				    "name: scopes96\n"
				    "version: 1\n"
				    "wells: 96\n"
				    "order: column\n"
				    "controls:\n"
				    "  - {well: D12, control: CW, stage: pcr}\n"
				    "  - {well: B12, control: NEC, stage: extraction}\n"
				    "  - {well: C12, control: NEP, stage: pcr}\n"
				    "  - {well: A12, control: NTC, stage: pcr}\n"
				    "  - {well: E12, control: PC, stage: pcr}\n";

/* T1 and T2 on E1 and Q1, T3 and T4 on E2 and Q2. */
static void two_plates(void)
{
	must(pw_lab_enforce(fx.lab, "assay", "scopes.yaml", scopes_assay, strlen(scopes_assay),
			    NULL, &fx.err));
	must(pw_lab_enforce(fx.lab, "layout", "scopes96.yaml", scopes_layout, strlen(scopes_layout),
			    NULL, &fx.err));
	for (int i = 1; i <= 4; i++)
		receive(pw_arena_printf(&fx.arena, "T%d", i), 1, i, 1);
	extract("E1", "scopes96", WORDS("T1", "T2"));
	extract("E2", "scopes96", WORDS("T3", "T4"));
	stamp("Q1", "E1", "scopes");
	stamp("Q2", "E2", "scopes");
}

static void goes_again(const char *tube, const char *next, int attempts)
{
	const pw_tube_find_row *row = tube_row(tube);
	ck_assert_str_eq(row->state, "retest");
	ck_assert_str_eq(row->next, next);
	ck_assert_int_eq(row->attempts, attempts);
}

static const struct {
	const char *wells[2], *targets[2];
	const char *holder; /* NULL: holds nothing */
	const char *next;
} failing[] = {
	{{"D12", NULL}, {"T", NULL}, NULL, NULL},
	{{"B12", NULL}, {"T", NULL}, "control NEC in B12 failed: T 33.00 pos", "re-extract"},
	{{"B12", NULL}, {"RP", NULL}, "control NEC in B12 failed", "re-extract"},
	{{"C12", NULL}, {"T", NULL}, "control NEP in C12 failed", "re-extract"},
	{{"A12", NULL}, {"T", NULL}, "control NTC in A12 failed", "repeat-pcr"},
	{{"A12", NULL}, {"RP", NULL}, "control NTC in A12 failed", "repeat-pcr"},
	{{"E12", NULL}, {"T", NULL}, "control PC in E12 failed", "repeat-pcr"},
	/* two at once: the one that asks for more */
	{{"A12", "B12"}, {"T", "T"}, "control NEC in B12 failed", "re-extract"},
	{{"E12", "C12"}, {"T", "T"}, "control NEP in C12 failed", "re-extract"},
	{{"D12", "E12"}, {"T", "T"}, "control PC in E12 failed", "repeat-pcr"},
};

START_TEST(test_a_failing_control_holds_what_it_covers_and_nothing_else)
{
	two_plates();
	bench_run *run = run_of("Q1");
	for (int i = 0; i < 2 && failing[_i].wells[i] != NULL; i++) {
		const char *well = failing[_i].wells[i], *target = failing[_i].targets[i];
		bool has = reading(run, well, target)->has_cq;
		cq(run, well, target, has ? NO_CQ : 33);
	}
	positive(run, "A1");
	must_import(run);
	must_import(run_of("Q2"));
	ck_assert_int_eq(control_of(1, failing[_i].wells[0])->passed, 0);
	ck_assert_int_eq(run->out.controls, 5);
	ck_assert_int_eq(run->out.controls_failed, failing[_i].wells[1] != NULL ? 2 : 1);
	ck_assert_int_eq(run->out.tests, 2);
	const pw_run_calls_row *call = call_of(1, "A1");
	ck_assert_str_eq(call->call, "positive");
	if (failing[_i].holder == NULL) {
		ck_assert_ptr_null(call->held);
		ck_assert_int_eq(run->out.held, 0);
		ck_assert_int_eq(run->out.positive, 1);
		ck_assert_int_eq(run->out.decided, 2);
		ck_assert_str_eq(status_of(1), "positive");
	} else {
		ck_assert_ptr_nonnull(strstr(call->held, failing[_i].holder));
		ck_assert_int_eq(run->out.held, 2);
		ck_assert_int_eq(run->out.positive + run->out.negative, 0);
		ck_assert_int_eq(run->out.decided + run->out.recalled, 0);
		ck_assert_int_eq(run->out.retest, 2);
		goes_again("T1", failing[_i].next, 0);
		goes_again("T2", failing[_i].next, 0);
		ck_assert_ptr_null(tube_row("T1")->call);
		ck_assert_ptr_nonnull(strstr(tube_row("T1")->why, failing[_i].holder));
		all_are(1, 2, "open");
	}
	all_are(3, 4, "negative");
	ck_assert_ptr_null(call_of(2, "A1")->held);
}
END_TEST

START_TEST(test_controls_that_pass_hold_nothing)
{
	two_plates();
	bench_run *run = run_of("Q1");
	must_import(run);
	ck_assert_int_eq(run->out.controls_failed, 0);
	ck_assert_int_eq(run->out.held, 0);
	ck_assert_int_eq(control_of(1, "B12")->passed, 1);
	ck_assert_str_eq(control_of(1, "B12")->covers, "extraction-plate");
	ck_assert_ptr_nonnull(strstr(control_of(1, "B12")->text, "RP 27.00 ok"));
	all_are(1, 2, "negative");
}
END_TEST

START_TEST(test_a_control_that_was_struck_out_fails)
{
	two_plates();
	bench_run *run = run_of("Q1");
	reading(run, "A12", "T")->omitted = true;
	must_import(run);
	ck_assert_int_eq(control_of(1, "A12")->passed, 0);
	ck_assert_int_eq(run->out.held, 2);
}
END_TEST

/* No plate of today brings two extraction plates together; that the scope is kept apart is a promise for the
 * day when one does. Judged, looked at, and undone. */
static void judge_as_if_T2_came_from_E9(bench_run *run, int *held, bool *held_t2)
{
	pw_arena *arena = &fx.arena;
	pw_matched m = {.file = &run->file};
	pw_run_outcome out = {.known = false};
	pw_report_clear(&fx.report);
	must(pw_lab_plate_content(fx.lab, arena, "Q1", &m.content, &fx.err));
	must(pw_lab_assay_of(fx.lab, m.content.plate.assay_hash, &m.assay, &fx.err));
	m.measures = pw_arena_array(arena, PW_MAX_WELLS, sizeof(*m.measures));
	must(pw_lab_match(&run->opts, &m, &fx.report, &fx.err));
	for (size_t i = 0; i < m.content.well_count; i++)
		if (m.content.wells[i].tube != NULL && strcmp(m.content.wells[i].tube, "T2") == 0)
			m.content.wells[i].source = "E9";
	must(pw_lab_begin(fx.lab, &fx.err));
	must(pw_lab_judge(fx.lab, arena, &m, 77, &out, &fx.err));
	*held = out.held;
	const pw_tube_find_row *t2 = tube_row("T2");
	*held_t2 = strcmp(t2->state, "retest") == 0;
	ck_assert_int_eq(pw_lab_end(fx.lab, PW_ERR_ARG, &fx.err), PW_ERR_ARG);
}

START_TEST(test_an_extraction_control_covers_its_own_extraction_plate)
{
	int held;
	bool t2;
	two_plates();
	bench_run *run = run_of("Q1");
	cq(run, "B12", "T", 33);
	judge_as_if_T2_came_from_E9(run, &held, &t2);
	ck_assert_int_eq(held, 1);
	ck_assert(!t2);
	cq(run, "B12", "T", NO_CQ);
	cq(run, "C12", "T", 33); /* came from no extraction plate: all of them are in doubt */
	judge_as_if_T2_came_from_E9(run, &held, &t2);
	ck_assert_int_eq(held, 2);
	ck_assert(t2);
	cq(run, "C12", "T", NO_CQ);
	cq(run, "A12", "T", 33);
	judge_as_if_T2_came_from_E9(run, &held, &t2);
	ck_assert_int_eq(held, 2);
}
END_TEST

/* ---------------------------------------------------------------- attempts */

/* Tube T1 on a new extraction plate and a new PCR plate, numbered. */
static bench_run *again(int number, const char *tube, const char *assay)
{
	const char *e = pw_arena_printf(&fx.arena, "E%d", number);
	const char *q = pw_arena_printf(&fx.arena, "Q%d", number);
	extract(e, "std96", WORDS(tube));
	stamp(q, e, assay);
	return run_of(q);
}

START_TEST(test_held_tubes_go_again_and_it_does_not_count)
{
	bench_run *run;
	receive("T1", 1, 1, 1);
	for (int i = 1; i <= 4; i++) {
		run = again(i, "T1", "cdc-n1-n2-rp");
		positive(run, "A1");
		cq(run, "F12", "N1", 30); /* NEC */
		must_import(run);
		ck_assert_int_eq(call_of(i, "A1")->attempt, 1);
		goes_again("T1", "re-extract", 0);
		ck_assert_str_eq(status_of(1), "open");
	}
	run = again(5, "T1", "cdc-n1-n2-rp");
	cq(run, "A1", "N1", 36);
	must_import(run);
	goes_again("T1", "re-extract", 1);
	run = again(6, "T1", "cdc-n1-n2-rp");
	must_import(run);
	ck_assert_int_eq(call_of(6, "A1")->attempt, 2);
	ck_assert_int_eq(tube_row("T1")->attempts, 2);
	ck_assert_str_eq(status_of(1), "negative");
}
END_TEST

START_TEST(test_a_repeated_pcr_of_a_held_tube_does_not_count)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	cq(run, "G12", "RP", 39.5); /* NTC */
	must_import(run);
	goes_again("T1", "repeat-pcr", 0);
	stamp("Q2", "E1", "cdc-n1-n2-rp");
	must_import(run_of("Q2"));
	ck_assert_int_eq(tube_row("T1")->attempts, 1);
	ck_assert_str_eq(status_of(1), "negative");
}
END_TEST

START_TEST(test_the_assay_has_the_last_word)
{
	receive("T1", 1, 1, 1);
	bench_run *run = again(1, "T1", "cdc-n1-n2-rp");
	cq(run, "A1", "N1", 36);
	must_import(run);
	goes_again("T1", "re-extract", 1);
	ck_assert_str_eq(tube_row("T1")->call, "inconclusive");
	run = again(2, "T1", "cdc-n1-n2-rp");
	cq(run, "A1", "N2", 36);
	must_import(run);
	ck_assert_str_eq(state_of("T1"), "final");
	ck_assert_str_eq(tube_row("T1")->call, "inconclusive");
	ck_assert_int_eq(tube_row("T1")->attempts, 2);
	ck_assert_ptr_null(tube_row("T1")->next);
	ck_assert_str_eq(status_of(1), "inconclusive");
	ck_assert_int_eq(run->out.decided, 1);
	ck_assert_int_eq(open_recalls(), 0);
}
END_TEST

/* "If it is still positive for a single target, the result should be considered positive": the held run
 * between the two is not looked at. */
START_TEST(test_the_attempt_before_is_the_last_judged_one)
{
	receive("T1", 1, 1, 1);
	bench_run *run = again(1, "T1", "cn-orf1ab-n");
	cq(run, "A1", "ORF1ab", 34);
	must_import(run);
	goes_again("T1", "re-extract", 1);
	run = again(2, "T1", "cn-orf1ab-n");
	invalid(run, "A1");
	cq(run, "G12", "N", 30);
	must_import(run);
	goes_again("T1", "repeat-pcr", 1);
	ck_assert_str_eq(tube_row("T1")->call, "inconclusive");
	run = again(3, "T1", "cn-orf1ab-n");
	cq(run, "A1", "N", 35);
	must_import(run);
	ck_assert_str_eq(status_of(1), "positive");
	ck_assert_int_eq(tube_row("T1")->attempts, 2);
}
END_TEST

/* "Again" is said only of a tube that gave an answer before: after an invalid well it is a first look. */
START_TEST(test_a_look_after_an_invalid_one_is_a_first_look)
{
	receive("T1", 1, 1, 1);
	bench_run *run = again(1, "T1", "cn-orf1ab-n");
	invalid(run, "A1");
	must_import(run);
	goes_again("T1", "re-extract", 1);
	run = again(2, "T1", "cn-orf1ab-n");
	cq(run, "A1", "ORF1ab", 34);
	must_import(run);
	goes_again("T1", "re-extract", 2);
	ck_assert_str_eq(tube_row("T1")->call, "inconclusive");
	run = again(3, "T1", "cn-orf1ab-n");
	cq(run, "A1", "ORF1ab", 34);
	must_import(run);
	ck_assert_str_eq(status_of(1), "positive");
}
END_TEST

START_TEST(test_thresholds_are_the_instruments)
{
	must(pw_lab_enforce(fx.lab, "assay", "salivadirect", NULL, 0, NULL, &fx.err));
	receive("T1", 1, 1, 1);
	receive("T2", 1, 2, 1);
	bench_run *run = again(1, "T1", "salivadirect");
	cq(run, "H12", "RP", NO_CQ); /* synthetic RNA has no human gene */
	cq(run, "A1", "N1", 38);
	must_import(run);
	ck_assert_str_eq(status_of(1), "positive");
	run = again(2, "T2", "salivadirect");
	cq(run, "H12", "RP", NO_CQ);
	cq(run, "A1", "N1", 38);
	run->file.instrument = "7500 Fast Dx";
	must_import(run);
	ck_assert_str_eq(status_of(2), "negative");
}
END_TEST

START_TEST(test_the_journal_says_what_was_seen)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	cq(run, "A1", "N1", 23.1);
	cq(run, "A1", "N2", 24);
	must_import(run);
	const pw_run_calls_row *call = call_of(1, "A1");
	ck_assert_str_eq(call->tube, "T1");
	ck_assert_str_eq(call->rule, "N1 pos, N2 pos");
	ck_assert_str_eq(call->text, "N1 23.10 pos, N2 24.00 pos, RP 27.00 pos");
	ck_assert_str_eq(call->next, "report");
}
END_TEST

/* ---------------------------------------------------------------- swabbed again, and again */

START_TEST(test_an_invalid_single_ends_after_the_last_swab_allowed)
{
	int plate = 1;
	receive("S0", 1, 1, 1);
	for (int swabbed = 0; swabbed <= 3; swabbed++) {
		const char *tube = pw_arena_printf(&fx.arena, "S%d", swabbed);
		for (int attempt = 1; attempt <= 2; attempt++) {
			ck_assert_str_eq(status_of(1), "open");
			bench_run *run = again(plate++, tube, "cdc-n1-n2-rp");
			invalid(run, "A1");
			must_import(run);
			if (attempt == 1)
				goes_again(tube, "re-extract", 1);
		}
		ck_assert_int_eq(tube_row(tube)->attempts, 2);
		ck_assert_str_eq(state_of(tube), swabbed < 3 ? "recalled" : "final");
		ck_assert_int_eq(open_recalls(), swabbed < 3 ? 1 : 0);
		if (swabbed < 3)
			receive(pw_arena_printf(&fx.arena, "S%d", swabbed + 1), 1, 1, 1);
	}
	ck_assert_str_eq(status_of(1), "inconclusive");
	ck_assert_str_eq(tube_row("S3")->why, "no answer after the last swab allowed");
	ck_assert_str_eq(state_of("S0"), "resolved");
	ck_assert_str_eq(state_of("S2"), "resolved");
}
END_TEST

/* The swab in the pool was the first: three more are allowed. */
START_TEST(test_the_swab_in_the_pool_counts_as_one)
{
	receive("P", 10, 1, 2);
	bench_run *run = again(1, "P", "cdc-n1-n2-rp");
	positive(run, "A1");
	must_import(run);
	int plate = 2;
	for (int swabbed = 1; swabbed <= 3; swabbed++) {
		const char *tube = pw_arena_printf(&fx.arena, "S%d", swabbed);
		receive(tube, 1, 1, 1);
		for (int attempt = 1; attempt <= 2; attempt++) {
			run = again(plate++, tube, "cdc-n1-n2-rp");
			invalid(run, "A1");
			must_import(run);
		}
		ck_assert_str_eq(status_of(1), swabbed < 3 ? "open" : "inconclusive");
	}
	ck_assert_str_eq(state_of("P"), "recalled");
	ck_assert_str_eq(status_of(2), "open");
}
END_TEST

/* ---------------------------------------------------------------- pools, by policy */

START_TEST(test_a_positive_pool_is_told_and_isolated_in_china)
{
	receive("P", 10, 1, 3);
	bench_run *run = again(1, "P", "cdc-n1-n2-rp");
	positive(run, "A1");
	must_import(run);
	ck_assert_int_eq(run->out.recalled, 3);
	ck_assert_int_eq(run->out.decided, 0);
	ck_assert_int_eq(run->out.positive, 1);
	ck_assert_str_eq(state_of("P"), "recalled");
	ck_assert_str_eq(recall_of("P", 2)->why, "the pool is positive");
	ck_assert_int_eq(recall_of("P", 2)->isolate, 1);
	ck_assert_int_eq(recall_of("P", 2)->notify, 1);
	all_are(1, 3, "open");
}
END_TEST

START_TEST(test_a_positive_pool_is_not_reported_in_the_united_states)
{
	receive("P", 10, 1, 3);
	bench_run *run = again(1, "P", "cdc-n1-n2-rp");
	positive(run, "A1");
	must_import(run);
	ck_assert_int_eq(recall_of("P", 2)->isolate, 0);
	ck_assert_int_eq(recall_of("P", 2)->notify, 0);
	all_are(1, 3, "open");
}
END_TEST

START_TEST(test_a_negative_pool_answers_for_everybody)
{
	receive("P", 20, 1, 15);
	bench_run *run = again(1, "P", "cdc-n1-n2-rp");
	must_import(run);
	ck_assert_int_eq(run->out.decided, 15);
	ck_assert_int_eq(run->out.recalled, 0);
	ck_assert_str_eq(state_of("P"), "final");
	all_are(1, 15, "negative");
}
END_TEST

START_TEST(test_a_grey_pool_goes_again_in_china_and_is_then_recalled)
{
	receive("P", 10, 1, 2);
	bench_run *run = again(1, "P", "cdc-n1-n2-rp");
	cq(run, "A1", "N1", 38);
	must_import(run);
	goes_again("P", "re-extract", 1);
	ck_assert_int_eq(run->out.retest, 1);
	ck_assert_int_eq(run->out.inconclusive, 1);
	run = again(2, "P", "cdc-n1-n2-rp");
	cq(run, "A1", "N1", 38);
	must_import(run);
	ck_assert_str_eq(state_of("P"), "recalled");
	ck_assert_int_eq(recall_of("P", 1)->isolate, 1);
}
END_TEST

START_TEST(test_an_invalid_pool_goes_again_in_china_and_is_then_recalled)
{
	receive("P", 10, 1, 2);
	bench_run *run = again(1, "P", "cdc-n1-n2-rp");
	invalid(run, "A1");
	must_import(run);
	goes_again("P", "re-extract", 1);
	run = again(2, "P", "cdc-n1-n2-rp");
	invalid(run, "A1");
	must_import(run);
	ck_assert_str_eq(state_of("P"), "recalled");
	ck_assert_int_eq(recall_of("P", 1)->isolate, 0);
	ck_assert_int_eq(recall_of("P", 1)->notify, 0);
}
END_TEST

START_TEST(test_any_other_pool_is_recalled_at_once_in_the_united_states)
{
	receive("P", 10, 1, 2);
	receive("R", 10, 3, 2);
	extract("E1", "std96", WORDS("P", "R"));
	stamp("Q1", "E1", "cdc-n1-n2-rp");
	bench_run *run = run_of("Q1");
	cq(run, "A1", "N1", 38);
	invalid(run, "B1");
	must_import(run);
	ck_assert_int_eq(run->out.recalled, 4);
	ck_assert_int_eq(run->out.retest, 0);
	ck_assert_str_eq(state_of("P"), "recalled");
	ck_assert_str_eq(state_of("R"), "recalled");
}
END_TEST

/* ---------------------------------------------------------------- answered elsewhere */

/* The tube's people were recalled while it was in the cycler, and one has the answer from a new swab. */
START_TEST(test_a_tube_that_was_answered_elsewhere_is_not_changed)
{
	int recalled;
	singles_on_a_plate(3);
	as("anna", "T1 and T2 were swapped at the site");
	must(pw_lab_recall_tube(fx.lab, "T1", &recalled, &fx.err));
	must(pw_lab_recall_tube(fx.lab, "T2", &recalled, &fx.err));
	as("anna", NULL);
	receive("S1", 1, 1, 1);
	must_import(again(2, "S1", "cdc-n1-n2-rp"));
	ck_assert_str_eq(state_of("T1"), "resolved");
	bench_run *run = run_of("Q1");
	positive(run, "A1");
	positive(run, "B1");
	must_import(run);
	ck_assert_int_eq(run->out.tests, 3);
	ck_assert_int_eq(run->out.decided, 1);
	ck_assert_int_eq(run->out.recalled, 0);
	ck_assert_str_eq(call_of(run->out.run, "A1")->call, "positive");
	ck_assert_str_eq(state_of("T1"), "resolved");
	ck_assert_str_eq(state_of("T2"), "recalled");
	ck_assert_ptr_null(tube_row("T1")->call);
	ck_assert_str_eq(status_of(1), "negative");
	ck_assert_str_eq(status_of(2), "open");
	ck_assert_str_eq(status_of(3), "negative");
}
END_TEST

/* Each of the pool's members has an answer from another tube before the pool comes out positive: there is
 * nobody to recall, and nothing that waits for ever. */
START_TEST(test_a_pool_that_nobody_waits_for_any_more_is_resolved)
{
	receive("P", 10, 1, 2);
	as("anna", "the doctor wants to know today");
	receive("S1", 1, 1, 1);
	receive("S2", 1, 2, 1);
	as("anna", NULL);
	extract("E1", "std96", WORDS("P"));
	extract("E2", "std96", WORDS("S1", "S2"));
	stamp("Q1", "E1", "cdc-n1-n2-rp");
	stamp("Q2", "E2", "cdc-n1-n2-rp");
	must_import(run_of("Q2"));
	all_are(1, 2, "negative");
	bench_run *run = run_of("Q1");
	positive(run, "A1");
	must_import(run);
	ck_assert_int_eq(run->out.recalled, 0);
	ck_assert_str_eq(state_of("P"), "resolved");
	ck_assert_str_eq(tube_row("P")->call, "positive");
	all_are(1, 2, "negative");
}
END_TEST

Suite *suite_judge(void);
Suite *suite_judge(void)
{
	Suite *suite = suite_create("judge");
	TCase *controls = fixture_case(suite, "controls", fixture_cn);
	tcase_add_loop_test(controls, test_a_failing_control_holds_what_it_covers_and_nothing_else,
			    0, COUNT(failing));
	tcase_add_test(controls, test_controls_that_pass_hold_nothing);
	tcase_add_test(controls, test_a_control_that_was_struck_out_fails);
	tcase_add_test(controls, test_an_extraction_control_covers_its_own_extraction_plate);
	TCase *attempts = fixture_case(suite, "attempts", fixture_cn);
	tcase_add_test(attempts, test_held_tubes_go_again_and_it_does_not_count);
	tcase_add_test(attempts, test_a_repeated_pcr_of_a_held_tube_does_not_count);
	tcase_add_test(attempts, test_the_assay_has_the_last_word);
	tcase_add_test(attempts, test_the_attempt_before_is_the_last_judged_one);
	tcase_add_test(attempts, test_a_look_after_an_invalid_one_is_a_first_look);
	tcase_add_test(attempts, test_thresholds_are_the_instruments);
	tcase_add_test(attempts, test_the_journal_says_what_was_seen);
	tcase_add_test(attempts, test_an_invalid_single_ends_after_the_last_swab_allowed);
	tcase_add_test(attempts, test_the_swab_in_the_pool_counts_as_one);
	TCase *cn = fixture_case(suite, "China", fixture_cn);
	tcase_add_test(cn, test_a_positive_pool_is_told_and_isolated_in_china);
	tcase_add_test(cn, test_a_negative_pool_answers_for_everybody);
	tcase_add_test(cn, test_a_grey_pool_goes_again_in_china_and_is_then_recalled);
	tcase_add_test(cn, test_an_invalid_pool_goes_again_in_china_and_is_then_recalled);
	TCase *us = fixture_case(suite, "United States", fixture_us);
	tcase_add_test(us, test_a_positive_pool_is_not_reported_in_the_united_states);
	tcase_add_test(us, test_a_negative_pool_answers_for_everybody);
	tcase_add_test(us, test_any_other_pool_is_recalled_at_once_in_the_united_states);
	TCase *elsewhere = fixture_case(suite, "answered elsewhere", fixture_cn);
	tcase_add_test(elsewhere, test_a_tube_that_was_answered_elsewhere_is_not_changed);
	tcase_add_test(elsewhere, test_a_pool_that_nobody_waits_for_any_more_is_resolved);
	return suite;
}
