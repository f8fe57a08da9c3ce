#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_helper.h"
#include "core/base/rng.h"
#include "core/base/str.h"

#define HEAD     "poolwell: assay/1\nname: t\nversion: 1\n"
#define CONTROLS "controls: [{control: K, stage: pcr, covers: run, expect: {A: any, B: any}}]\n"
#define BANDS    "bands: [{band: pos, cq: \"< 40\"}, {band: neg, cq: [\">= 40\", none]}]"
#define TWO \
	HEAD "attempts: 2\ntargets:\n  - {name: A, " BANDS "}\n  - {name: B, same_bands_as: A}\n"

static pw_report lint(pw_assay *assay)
{
	pw_report report = PW_REPORT_INIT;
	pw_assay_lint(assay, &report);
	pw_assay_free(assay);
	return report;
}

static pw_report lint_text(const char *text)
{
	return lint(assay_of(text));
}

static bool has_error(const pw_report *report, const char *code)
{
	for (size_t i = 0; i < report->len; i++)
		if (report->findings[i].severity == PW_ERROR &&
		    strcmp(report->findings[i].code, code) == 0)
			return true;
	return false;
}

/* Exactly one finding, of this code and with this text. */
static void only_finding(pw_report report, pw_severity severity, const char *code, int line,
			 const char *text)
{
	ck_assert_msg(report.len == 1, "%zu findings, first '%s'", report.len,
		      report.len > 0 ? report.findings[0].text : "");
	ck_assert_str_eq(report.findings[0].code, code);
	ck_assert_str_eq(report.findings[0].text, text);
	ck_assert_int_eq(report.findings[0].severity, severity);
	ck_assert_int_eq(report.findings[0].line, line);
	pw_report_clear(&report);
}

START_TEST(test_a_sound_table_has_no_findings)
{
	pw_report report = lint_text(
		TWO
		"calls:\n  - {when: {A: pos}, call: positive}\n"
		"  - {when: {A: neg, B: pos}, call: negative}\n"
		"  - {when: {A: neg, B: neg}, call: invalid, next: [re-extract, report]}\n" CONTROLS);
	ck_assert_uint_eq(report.len, 0);
	pw_report_clear(&report);
}
END_TEST

START_TEST(test_holes_of_the_rutgers_table)
{
	pw_report report = lint(assay_file("tests/data/assays/taqpath-rutgers-published.yaml"));
	static const char *const targets[] = {"N", "S", "ORF1ab", "MS2"};
	ck_assert_uint_eq(report.len, 5);
	ck_assert_uint_eq(report.errors, 5);
	for (size_t i = 0; i < 4; i++) {
		char hole[128];
		snprintf(hole, sizeof(hole),
			 "target %s: no band takes Cq >= 37; for example 37.00: add a line to its "
			 "bands",
			 targets[i]);
		ck_assert_str_eq(report.findings[i].text, hole);
	}
	ck_assert_str_eq(report.findings[4].text,
			 "no row says what to call: at least 1 of N/S/ORF1ab pos, MS2 none; for "
			 "example N 36.00, S 36.00, ORF1ab 36.00, MS2 no Cq, attempt 1: add a row");
	ck_assert_int_eq(report.findings[0].line, 15);
	ck_assert_int_eq(report.findings[3].line, 23);
	ck_assert_int_eq(report.findings[4].line, 27);
	pw_report_clear(&report);
}
END_TEST

START_TEST(test_holes_of_the_stanford_table)
{
	pw_report report = lint(assay_file("tests/data/assays/stanford-published.yaml"));
	ck_assert_uint_eq(report.len, 2);
	ck_assert_str_eq(report.findings[0].text, "target E: no band takes Cq >= 45; for example "
						  "45.00: add a line to its bands");
	ck_assert_str_eq(report.findings[1].text,
			 "no row says what to call: E indeterminate, attempt 2 after invalid; for "
			 "example E 40.00, RNaseP 34.00, attempt 2 after invalid: add a row");
	pw_report_clear(&report);
}
END_TEST

#define ONE_TARGET(bands)                                                                \
	HEAD "targets:\n  - name: A\n    bands:\n" bands                                 \
	     "calls: [{when: {A: x}, call: positive}, {when: {A: y}, call: negative}]\n" \
	     "controls: [{control: K, stage: pcr, covers: run, expect: {A: any}}]\n"

static const struct band_case {
	const char *text, *finding;
	const char *code;
	int line;
	pw_severity severity;
} band_cases[] = {
	{ONE_TARGET("      - {band: x, cq: \"< 38\"}\n      - {band: y, cq: [none, \">= 40\"]}\n"),
	 "target A: no band takes Cq >= 38, < 40; for example 38.00: add a line to its bands",
	 "band-hole", 7, PW_ERROR},
	{ONE_TARGET("      - {band: x, cq: \"<= 38\"}\n      - {band: y, cq: [none, \"> 40\"]}\n"),
	 "target A: no band takes Cq > 38, <= 40; for example 39.00: add a line to its bands",
	 "band-hole", 7, PW_ERROR},
	{ONE_TARGET("      - {band: x, cq: \"< 38\"}\n      - {band: y, cq: [none, \"> 38\"]}\n"),
	 "target A: no band takes Cq >= 38, <= 38; for example 38.00: add a line to its bands",
	 "band-hole", 7, PW_ERROR},
	{ONE_TARGET("      - {band: x, cq: \"> 38.001, < 38.002\"}\n"
		    "      - {band: y, cq: [none, \"<= 38.001\", \"> 38.002\"]}\n"),
	 "target A: no band takes Cq >= 38.002, <= 38.002; for example 38.002: add a line to its "
	 "bands",
	 "band-hole", 7, PW_ERROR},
	{ONE_TARGET("      - {band: x, cq: number}\n      - {band: y, cq: none, amp: unknown}\n"),
	 "target A: no band takes no Cq with amp amp or no-amp or inconclusive; for example no Cq "
	 "(amp amp): add a line to its bands",
	 "band-hole", 7, PW_ERROR},
	{ONE_TARGET("      - {band: x, cq: \"< 40\", amp: amp}\n"
		    "      - {band: x, cq: \"< 40\", amp: unknown}\n"
		    "      - {band: y, cq: [\">= 40\", none]}\n"),
	 "target A: no band takes Cq < 40 with amp no-amp or inconclusive; for example 39.00 "
	 "(amp no-amp): add a line to its bands",
	 "band-hole", 7, PW_ERROR},
	{ONE_TARGET("      - {band: x, cq: \"<= 38\"}\n      - {band: y, cq: [none, \">= 38\"]}\n"),
	 "target A: 'x' on line 7 and 'y' on line 8 take the same; for example 38.00 with amp "
	 "unknown: narrow one of them",
	 "band-overlap", 8, PW_ERROR},
	{ONE_TARGET("      - {band: x, cq: any, amp: [amp, no-amp]}\n"
		    "      - {band: y, cq: any, amp: [unknown, inconclusive]}\n"
		    "      - {band: y, cq: none, amp: inconclusive}\n"),
	 "target A: line 9 takes again what line 8 takes as 'y'; for example no Cq with amp "
	 "inconclusive: leave it out in one",
	 "band-overlap", 9, PW_WARNING},
};

START_TEST(test_holes_and_overlaps_of_bands)
{
	const struct band_case *c = &band_cases[_i];
	only_finding(lint_text(c->text), c->severity, c->code, c->line, c->finding);
}
END_TEST

START_TEST(test_bands_of_one_instrument_and_of_a_control_are_proved_too)
{
	pw_report report = lint_text(
		HEAD
		"targets:\n  - name: A\n    " BANDS "\n    instruments:\n"
		"      - {match: CFX, bands: [{band: pos, cq: \"< 38\"}, {band: neg, cq: none}]}\n"
		"calls: [{when: {A: pos}, call: positive}, {when: {A: neg}, call: negative}]\n"
		"controls:\n  - {control: K, stage: pcr, covers: run, expect: {A: none},\n"
		"     bands: [{band: none, cq: none}, {band: seen, cq: \"> 0\"}]}\n");
	ck_assert_uint_eq(report.len, 2);
	ck_assert_str_eq(report.findings[0].text, "target A on 'CFX': no band takes Cq >= 38; for "
						  "example 38.00: add a line to its bands");
	ck_assert_int_eq(report.findings[0].line, 8);
	ck_assert_str_eq(
		report.findings[1].text,
		"control K, target A: no band takes Cq <= 0; for example -1.00: add a line "
		"to its bands");
	pw_report_clear(&report);
}
END_TEST

START_TEST(test_rows_that_disagree_are_named_with_both_lines)
{
	only_finding(lint_text(TWO "calls:\n  - {when: {A: pos}, call: positive}\n"
				   "  - {when: {B: pos}, attempt: 2, call: negative}\n"
				   "  - {when: {A: neg, B: pos}, attempt: 1, call: negative}\n"
				   "  - {when: {A: neg, B: neg}, call: negative}\n" CONTROLS),
		     PW_ERROR, "overlap", 10,
		     "line 9 (A pos: positive, report) and line 10 (B pos, attempt 2: negative, "
		     "report) are about the same; for example A 39.00, B 39.00, attempt 2: narrow "
		     "one of them");
}
END_TEST

START_TEST(test_rows_that_agree_are_a_warning)
{
	pw_report report = lint_text(TWO "calls:\n  - {when: {A: pos}, call: positive}\n"
					 "  - {when: {B: pos}, call: positive}\n"
					 "  - {when: {A: neg, B: neg}, call: negative}\n" CONTROLS);
	only_finding(report, PW_WARNING, "overlap", 10,
		     "line 9 (A pos: positive, report) and line 10 (B pos: positive, report) are "
		     "about the same; for example A 39.00, B 39.00, attempt 1: one of them can be "
		     "narrower");
	/* the same call with another next step is no agreement */
	report = lint_text(TWO "calls:\n  - {when: {A: pos}, call: invalid, next: report}\n"
			       "  - {when: {B: pos}, call: invalid, next: new-specimen}\n"
			       "  - {when: {A: neg, B: neg}, call: negative}\n" CONTROLS);
	ck_assert_uint_eq(report.errors, 1);
	ck_assert_uint_eq(count_code(&report, "overlap"), 1);
	pw_report_clear(&report);
}
END_TEST

START_TEST(test_the_last_attempt_needs_a_last_word)
{
	only_finding(
		lint_text(
			TWO
			"calls:\n  - {when: {A: pos}, call: positive}\n"
			"  - {when: {A: neg, B: pos}, call: negative}\n"
			"  - {when: {A: neg, B: neg}, call: invalid, next: re-extract}\n" CONTROLS),
		PW_ERROR, "last-word", 11,
		"this row asks for re-extract on attempt 2, the last: say report or "
		"new-specimen there, or raise 'attempts'");
}
END_TEST

START_TEST(test_what_is_never_used_is_a_warning)
{
	pw_report report = lint_text(
		HEAD
		"targets:\n  - name: A\n    bands:\n      - {band: pos, cq: \"< 38\"}\n"
		"      - {band: late, cq: \">= 38\"}\n      - {band: neg, cq: none}\n"
		"  - {name: B, same_bands_as: A}\n"
		"calls:\n  - {when: {A: pos}, call: positive}\n"
		"  - {when: {A: [late, neg]}, call: negative}\n"
		"  - {when: {A: [late, neg], count: {of: [A, B], band: pos, exactly: 2}}, call: "
		"negative}\n"
		"controls: [{control: K, stage: pcr, covers: run, expect: {A: any}}]\n");
	ck_assert_uint_eq(report.errors, 0);
	ck_assert_str_eq(
		first_of(&report, "unreached-row"),
		"no well can come to this row (A late or neg, exactly 2 of A/B pos): leave "
		"it out");
	ck_assert_uint_eq(count_code(&report, "unused-band"), 2);
	ck_assert_str_eq(first_of(&report, "unused-band"),
			 "no row and no control names the band 'late' of target B: join it with "
			 "another");
	ck_assert_str_eq(
		first_of(&report, "control-silent"),
		"control K says nothing of target B: write 'B: any' when it does not matter");
	pw_report_clear(&report);
	report = lint_text(HEAD "targets: [{name: A, bands: [{band: x, cq: any}]}]\n"
				"calls: [{when: {}, call: negative}]\n");
	ck_assert_uint_eq(count_code(&report, "no-controls"), 1);
	pw_report_clear(&report);
}
END_TEST

START_TEST(test_holes_are_merged_into_few_words)
{
	static const struct {
		const char *calls, *hole;
	} cases[] = {
		{"  - {when: {A: pos, B: pos}, call: positive}\n", "at most 1 of A/B pos"},
		{"  - {when: {A: pos}, call: positive}\n", "A neg"},
		{"  - {when: {A: pos}, attempt: 1, call: positive}\n"
		 "  - {when: {A: neg}, call: negative}\n",
		 "A pos, attempt 2"},
		{"  - {when: {A: neg}, after: [none, invalid], call: negative}\n"
		 "  - {when: {A: pos}, call: positive}\n",
		 "A neg, attempt 2 after inconclusive"},
		{"  - {when: {A: neg}, attempt: 1, after: [none, invalid], call: negative}\n"
		 "  - {when: {A: pos}, call: positive}\n",
		 "A neg, attempt 2"},
		{"  - {when: {}, attempt: 1, call: negative}\n", "attempt 2"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pw_str text = PW_STR_INIT, expected = PW_STR_INIT;
		pw_str_addf(&text, TWO "calls:\n%s" CONTROLS, cases[i].calls);
		pw_str_addf(&expected, "no row says what to call: %s; for example ", cases[i].hole);
		pw_report report = lint_text(pw_str_text(&text));
		ck_assert_uint_eq(count_code(&report, "hole"), 1);
		const char *found = first_of(&report, "hole");
		ck_assert_msg(pw_text_starts(found, pw_str_text(&expected)), "%s", found);
		pw_report_clear(&report);
		pw_str_clear(&text);
		pw_str_clear(&expected);
	}
}
END_TEST

START_TEST(test_a_hole_on_one_instrument_only_says_so)
{
	pw_report report = lint_text(
		HEAD
		"targets:\n  - name: A\n    " BANDS "\n    instruments:\n"
		"      - match: CFX\n        bands:\n"
		"          - {band: pos, cq: \"< 38\"}\n          - {band: late, cq: \">= 38\"}\n"
		"          - {band: neg, cq: none}\n"
		"calls:\n  - {when: {A: pos}, call: positive}\n  - {when: {A: neg}, call: negative}\n"
		"controls: [{control: K, stage: pcr, covers: run, expect: {A: [neg, late]}}]\n");
	only_finding(report, PW_ERROR, "hole", 14,
		     "no row says what to call: A late; for example A 38.00, on 'CFX': add a row");
}
END_TEST

/* The worst that the limits allow: a full space with nothing but holes and overlaps, in bounded time. */
START_TEST(test_the_largest_table_is_linted_in_a_moment)
{
	pw_rng rng;
	pw_rng_init(&rng, 7);
	pw_str text = PW_STR_INIT;
	pw_str_add(&text, HEAD "attempts: 3\ntargets:\n");
	for (int t = 0; t < 8; t++) {
		pw_str_addf(&text, "  - name: T%d\n    bands:\n      - {band: b0, cq: none}\n", t);
		for (int b = 1; b < 4; b++)
			pw_str_addf(&text, "      - {band: b%d, cq: \">= %d, < %d\"}\n", b, b,
				    b + 1);
	}
	pw_str_add(&text, "calls:\n");
	for (int i = 0; i < 64; i++) {
		pw_str_add(&text, "  - {when: {");
		for (int t = 0; t < 8; t++)
			pw_str_addf(&text, "%sT%d: [b%d, b%d]", t == 0 ? "" : ", ", t,
				    (int)pw_rng_below(&rng, 4), (int)pw_rng_below(&rng, 4));
		pw_str_addf(&text, "}, call: %s}\n", i % 2 == 0 ? "positive" : "negative");
	}
	pw_report report = lint_text(pw_str_text(&text));
	ck_assert(has_error(&report, "hole"));
	ck_assert(has_error(&report, "overlap"));
	ck_assert_uint_lt(report.len, 400);
	pw_report_clear(&report);
	pw_str_clear(&text);
}
END_TEST

Suite *suite_assay_lint(void);

Suite *suite_assay_lint(void)
{
	Suite *suite = suite_create("assay_lint");
	TCase *tcase = tcase_create("assay_lint");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_a_sound_table_has_no_findings);
	tcase_add_test(tcase, test_holes_of_the_rutgers_table);
	tcase_add_test(tcase, test_holes_of_the_stanford_table);
	tcase_add_loop_test(tcase, test_holes_and_overlaps_of_bands, 0,
			    sizeof(band_cases) / sizeof(band_cases[0]));
	tcase_add_test(tcase, test_bands_of_one_instrument_and_of_a_control_are_proved_too);
	tcase_add_test(tcase, test_rows_that_disagree_are_named_with_both_lines);
	tcase_add_test(tcase, test_rows_that_agree_are_a_warning);
	tcase_add_test(tcase, test_the_last_attempt_needs_a_last_word);
	tcase_add_test(tcase, test_what_is_never_used_is_a_warning);
	tcase_add_test(tcase, test_holes_are_merged_into_few_words);
	tcase_add_test(tcase, test_a_hole_on_one_instrument_only_says_so);
	tcase_add_test(tcase, test_the_largest_table_is_linted_in_a_moment);
	suite_add_tcase(suite, tcase);
	return suite;
}
