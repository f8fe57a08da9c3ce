#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_helper.h"
#include "core/base/str.h"

#define HEAD  "poolwell: assay/1\nname: t\nversion: 3\ntitle: A test\n"
#define BANDS "bands: [{band: pos, cq: \"< 40\"}, {band: neg, cq: [\">= 40\", none]}]"
#define TARGETS                                                 \
	"targets:\n  - {name: A, aliases: [a gene, 甲], " BANDS \
	"}\n  - {name: B, same_bands_as: A}\n"
#define CALLS                                            \
	"calls:\n"                                       \
	"  - {when: {A: pos}, call: positive}\n"         \
	"  - {when: {A: neg, B: pos}, call: negative}\n" \
	"  - {when: {A: neg, B: neg}, call: invalid, next: report}\n"

static const char plain[] = HEAD TARGETS CALLS;

START_TEST(test_head_targets_and_hash_are_told)
{
	pw_assay *assay = assay_of(plain);
	ck_assert_str_eq(pw_assay_name(assay), "t");
	ck_assert_str_eq(pw_assay_title(assay), "A test");
	ck_assert_int_eq(pw_assay_version(assay), 3);
	ck_assert_int_eq(pw_assay_max_attempts(assay), 1);
	ck_assert_uint_eq(pw_assay_target_count(assay), 2);
	ck_assert_str_eq(pw_assay_target_name(assay, 1), "B");
	ck_assert_int_eq(pw_assay_target_find(assay, "b"), 1);
	ck_assert_int_eq(pw_assay_target_find(assay, "A GENE"), 0);
	ck_assert_int_eq(pw_assay_target_find(assay, "甲"), 0);
	ck_assert_int_eq(pw_assay_target_find(assay, "C"), -1);
	pw_hash hash = pw_hash_bytes(plain, strlen(plain));
	ck_assert(pw_hash_eq(pw_assay_hash(assay), &hash));
	pw_assay_free(assay);
	pw_assay_free(NULL);
}
END_TEST

/* Every kind of range at, below and above its numbers. */
static const struct edge {
	const char *cq;
	const char *reading;
	bool in;
} edges[] = {
	{"\"< 40\"", "A=39.99", true},
	{"\"< 40\"", "A=39.999999", true},
	{"\"< 40\"", "A=40", false},
	{"\"< 40\"", "A=40.01", false},
	{"\"< 40\"", "A=none", false},
	{"\"<= 40\"", "A=40", true},
	{"\"<= 40\"", "A=40.000001", false},
	{"\"≤ 40\"", "A=40", true},
	{"\"> 40\"", "A=40", false},
	{"\"> 40\"", "A=40.01", true},
	{"\">= 40\"", "A=40", true},
	{"\">= 40\"", "A=39.99", false},
	{"\"≥40\"", "A=40", true},
	{"\">= 38, < 40\"", "A=37.99", false},
	{"\">= 38, < 40\"", "A=38", true},
	{"\">= 38, < 40\"", "A=39.99", true},
	{"\">= 38, < 40\"", "A=40", false},
	{"\"<40,>38\"", "A=38", false},
	{"\">= 38.5, <= 38.5\"", "A=38.5", true},
	{"\">= 38.5, <= 38.5\"", "A=38.51", false},
	{"[\"< 10\", \"> 30\"]", "A=20", false},
	{"[\"< 10\", \"> 30\"]", "A=31", true},
	{"[none, \"> 30\"]", "A=none", true},
	{"none", "A=30", false},
	{"number", "A=99999", true},
	{"number", "A=none", false},
	{"any", "A=none", true},
	{"any", "A=5", true},
};

START_TEST(test_ranges_are_strict_where_they_say_so)
{
	const struct edge *edge = &edges[_i];
	pw_str text = PW_STR_INIT;
	pw_str_addf(&text,
		    HEAD
		    "targets: [{name: A, bands: [{band: in, cq: %s}, {band: out, cq: any}]}]\n"
		    "calls: [{when: {A: in}, call: positive}, {when: {A: out}, call: negative}]\n",
		    edge->cq);
	pw_assay *assay = assay_of(pw_str_text(&text));
	pw_verdict verdict = judge(assay, edge->reading);
	ck_assert_msg(verdict.call == (edge->in ? PW_CALL_POSITIVE : PW_CALL_NEGATIVE),
		      "cq: %s with %s", edge->cq, edge->reading);
	pw_assay_free(assay);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_amplification_is_a_condition_of_its_own)
{
	pw_assay *assay =
		assay_of(HEAD "targets:\n  - name: A\n    bands:\n"
			      "      - {band: pos, cq: \"< 40\", amp: [amp, unknown]}\n"
			      "      - {band: doubt, cq: \"< 40\", amp: [no-amp, inconclusive]}\n"
			      "      - {band: neg, cq: [\">= 40\", none]}\n"
			      "calls:\n  - {when: {A: pos}, call: positive}\n"
			      "  - {when: {A: doubt}, call: inconclusive, next: repeat-pcr}\n"
			      "  - {when: {A: neg}, call: negative}\n");
	ck_assert_int_eq(judge(assay, "A=30/amp").call, PW_CALL_POSITIVE);
	ck_assert_int_eq(judge(assay, "A=30").call, PW_CALL_POSITIVE);
	ck_assert_int_eq(judge(assay, "A=30/no-amp").call, PW_CALL_INCONCLUSIVE);
	ck_assert_int_eq(judge(assay, "A=30/inconclusive").call, PW_CALL_INCONCLUSIVE);
	ck_assert_int_eq(judge(assay, "A=none/amp").call, PW_CALL_NEGATIVE);
	ck_assert_str_eq(judge(assay, "A=16.9/no-amp").text, "A 16.90 no-amp doubt");
	ck_assert_str_eq(judge(assay, "A=30/inconclusive").text, "A 30.00 amp? doubt");
	pw_assay_free(assay);
}
END_TEST

START_TEST(test_the_sentence_shows_what_decided)
{
	pw_assay *assay = assay_of(plain);
	pw_verdict v = judge(assay, "A=23.1 B=none");
	ck_assert_str_eq(v.text, "A 23.10 pos, B no Cq neg");
	ck_assert_str_eq(v.rule, "A pos");
	ck_assert_str_eq(v.note, "");
	ck_assert_int_eq(v.next, PW_NEXT_REPORT);
	ck_assert_str_eq(judge(assay, "B=7.005").rule, "A neg, B pos");
	/* rounding never shows a number on the other side of a threshold */
	ck_assert_str_eq(judge(assay, "A=39.999").text, "A 39.999 pos, B no Cq neg");
	ck_assert_str_eq(judge(assay, "A=39.994").text, "A 39.99 pos, B no Cq neg");
	ck_assert_str_eq(judge(assay, "A=40 B=0").text, "A 40.00 neg, B 0.00 pos");
	ck_assert_str_eq(judge(assay, "A=-1.5 B=1e30").text, "A -1.50 pos, B 1e+30 neg");
	pw_assay_free(assay);
}
END_TEST

START_TEST(test_a_missing_reading_makes_the_well_invalid)
{
	pw_assay *assay = assay_of(HEAD "attempts: 2\n" TARGETS CALLS);
	pw_verdict v = judge(assay, "A=20 B=absent");
	ck_assert_int_eq(v.call, PW_CALL_INVALID);
	ck_assert_int_eq(v.next, PW_NEXT_REPEAT_PCR);
	ck_assert_str_eq(v.rule, "no reading of B");
	ck_assert_str_eq(v.text, "A 20.00 pos, B no reading");
	v = judge_again(assay, 2, PW_CALL_INVALID, "A=absent B=absent");
	ck_assert_int_eq(v.next, PW_NEXT_NEW_SPECIMEN);
	ck_assert_str_eq(v.rule, "no reading of A");
	/* absent is not "no Cq", and a Cq that is no number is no reading */
	ck_assert_int_eq(judge(assay, "A=none B=none").call, PW_CALL_INVALID);
	ck_assert_str_eq(judge(assay, "A=none B=none").rule, "A neg, B neg");
	pw_measure measures[PW_ASSAY_MAX_TARGETS];
	readings(assay, "A=20 B=30", measures);
	measures[1].cq = NAN;
	pw_assay_judge(assay, "", 1, measures, &v);
	ck_assert_str_eq(v.rule, "no reading of B");
	measures[1].cq = INFINITY;
	pw_assay_judge(assay, "", 1, measures, &v);
	ck_assert_int_eq(v.call, PW_CALL_INVALID);
	pw_assay_free(assay);
}
END_TEST

START_TEST(test_a_hole_is_inconclusive_and_repeated)
{
	pw_assay *assay = assay_of(
		HEAD
		"attempts: 2\n"
		"targets: [{name: A, bands: [{band: pos, cq: \"< 37\"}, {band: neg, cq: none}]}]\n"
		"calls: [{when: {A: pos}, call: positive}]\n"
		"controls: [{control: K, stage: pcr, covers: run, expect: {A: any}}]\n");
	pw_verdict v = judge(assay, "A=38");
	ck_assert_int_eq(v.call, PW_CALL_INCONCLUSIVE);
	ck_assert_int_eq(v.next, PW_NEXT_REPEAT_PCR);
	ck_assert_str_eq(v.rule, "no rule");
	ck_assert_str_eq(v.text, "A 38.00 (no band)");
	v = judge(assay, "A=none");
	ck_assert_int_eq(v.call, PW_CALL_INCONCLUSIVE);
	ck_assert_str_eq(v.rule, "no rule");
	v = judge_again(assay, 2, PW_CALL_INCONCLUSIVE, "A=none");
	ck_assert_int_eq(v.next, PW_NEXT_REPORT);
	char text[200];
	ck_assert(control_good(assay, "K", "A=38", text)); /* any is any */
	pw_assay_free(assay);
}
END_TEST

static const char attempts[] = HEAD
	"attempts: 3\n"
	"targets: [{name: A, " BANDS "}]\n"
	"calls:\n"
	"  - {when: {A: neg}, call: negative}\n"
	"  - {when: {A: pos}, after: none, call: inconclusive, next: re-extract}\n"
	"  - {when: {A: pos}, after: inconclusive, call: positive, note: seen again}\n"
	"  - {when: {A: pos}, attempt: 2, after: invalid, call: inconclusive, next: repeat-pcr}\n"
	"  - {when: {A: pos}, attempt: \">= 3\", after: invalid, call: invalid, next: "
	"new-specimen}\n";

START_TEST(test_attempts_and_what_they_come_after)
{
	pw_assay *assay = assay_of(attempts);
	ck_assert_int_eq(judge(assay, "A=30").next, PW_NEXT_RE_EXTRACT);
	pw_verdict v = judge_again(assay, 2, PW_CALL_INCONCLUSIVE, "A=30");
	ck_assert_int_eq(v.call, PW_CALL_POSITIVE);
	ck_assert_str_eq(v.note, "seen again");
	ck_assert_str_eq(v.rule, "A pos, after inconclusive");
	ck_assert_int_eq(judge_again(assay, 2, PW_CALL_INVALID, "A=30").next, PW_NEXT_REPEAT_PCR);
	v = judge_again(assay, 3, PW_CALL_INVALID, "A=30");
	ck_assert_int_eq(v.next, PW_NEXT_NEW_SPECIMEN);
	ck_assert_str_eq(v.rule, "A pos, attempt >= 3, after invalid");
	ck_assert_int_eq(judge_again(assay, 3, PW_CALL_INCONCLUSIVE, "A=30").call,
			 PW_CALL_POSITIVE);
	/* one more than the last is judged like the last */
	ck_assert_int_eq(judge_again(assay, 9, PW_CALL_INVALID, "A=30").next, PW_NEXT_NEW_SPECIMEN);
	/* a repeat that no row asked for counts as one after inconclusive */
	ck_assert_int_eq(judge_again(assay, 2, PW_CALL_NEGATIVE, "A=30").call, PW_CALL_POSITIVE);
	pw_measure measures[PW_ASSAY_MAX_TARGETS];
	readings(assay, "A=30", measures);
	pw_assay_judge(assay, "", 2, measures, &v);
	ck_assert_int_eq(v.call, PW_CALL_POSITIVE);
	pw_assay_free(assay);
}
END_TEST

START_TEST(test_next_can_be_said_for_each_attempt)
{
	pw_assay *assay =
		assay_of(HEAD "attempts: 3\ntargets: [{name: A, " BANDS "}]\ncalls:\n"
			      "  - {when: {A: pos}, call: positive}\n"
			      "  - when: {A: neg}\n    attempt: \"<= 3\"\n    call: invalid\n"
			      "    next: [repeat-pcr, re-extract, new-specimen]\n");
	static const pw_next expected[] = {PW_NEXT_REPEAT_PCR, PW_NEXT_RE_EXTRACT,
					   PW_NEXT_NEW_SPECIMEN};
	for (int attempt = 1; attempt <= 3; attempt++)
		ck_assert_int_eq(judge_again(assay, attempt, PW_CALL_INVALID, "A=none").next,
				 expected[attempt - 1]);
	pw_assay_free(assay);
}
END_TEST

START_TEST(test_counts_of_bands)
{
	pw_assay *assay = assay_of(
		HEAD
		"targets:\n  - {name: A, " BANDS "}\n  - {name: B, same_bands_as: A}\n"
		"  - {name: C, same_bands_as: A}\n  - {name: D, same_bands_as: A}\n"
		"calls:\n"
		"  - {when: {count: {of: [A, B, C], band: pos, at_least: 2}}, call: positive}\n"
		"  - {when: {count: {of: [A, B, C], band: pos, exactly: 1}, D: pos},"
		" call: inconclusive, next: report}\n"
		"  - {when: {count: {of: [A, B, C], band: pos, exactly: 1}, D: neg},"
		" call: invalid, next: report}\n"
		"  - {when: {count: {of: [A, B, C], band: [pos], at_most: 0}}, call: negative}\n");
	ck_assert_int_eq(judge(assay, "A=1 C=1").call, PW_CALL_POSITIVE);
	ck_assert_str_eq(judge(assay, "A=1 C=1").rule, "at least 2 of A/B/C pos");
	ck_assert_int_eq(judge(assay, "A=1 B=1 C=1 D=1").call, PW_CALL_POSITIVE);
	ck_assert_int_eq(judge(assay, "B=1 D=1").call, PW_CALL_INCONCLUSIVE);
	ck_assert_str_eq(judge(assay, "B=1 D=1").rule, "exactly 1 of A/B/C pos, D pos");
	ck_assert_int_eq(judge(assay, "B=1").call, PW_CALL_INVALID);
	ck_assert_int_eq(judge(assay, "D=1").call, PW_CALL_NEGATIVE);
	ck_assert_str_eq(judge(assay, "D=1").rule, "exactly 0 of A/B/C pos");
	pw_assay_free(assay);
}
END_TEST

/* The longest match decides, wherever it stands: [0] short first, [1] long first. */
START_TEST(test_thresholds_of_one_instrument_only)
{
	static const char *const matches[2][2] = {{"7500", "7500 Fast Dx"},
						  {"7500 Fast Dx", "7500"}};
	static const int limits[2][2] = {{38, 37}, {37, 38}};
	pw_str text = PW_STR_INIT;
	pw_str_add(&text, HEAD "targets:\n  - name: A\n    " BANDS "\n    instruments:\n");
	for (int i = 0; i < 2; i++)
		pw_str_addf(&text,
			    "      - {match: %s, bands: [{band: pos, cq: \"< %d\"}, "
			    "{band: neg, cq: [\">= %d\", none]}]}\n",
			    matches[_i][i], limits[_i][i], limits[_i][i]);
	/* B has no thresholds for the Dx alone: there it uses those of all 7500 */
	pw_str_add(&text,
		   "  - name: B\n    " BANDS
		   "\n    instruments: [{match: 7500, bands: [{band: neg, "
		   "cq: any}]}]\n"
		   "calls: [{when: {A: pos}, call: positive}, {when: {A: neg, B: neg}, call: "
		   "negative},\n  {when: {A: neg, B: pos}, call: invalid, next: report}]\n");
	pw_assay *assay = assay_of(pw_str_text(&text));
	pw_str_clear(&text);
	static const struct {
		const char *instrument;
		double last; /* positive just below it */
	} cases[] = {
		{"", 40},
		{"CFX96", 40},
		{"Applied Biosystems 7500", 38},
		{"ABI 7500 fast", 38},
		{"ABI 7500 FAST DX Real-Time PCR", 37},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pw_measure measures[] = {{.present = true, .has_cq = true, .cq = cases[i].last},
					 {.present = true, .has_cq = true, .cq = 20}};
		pw_verdict v;
		pw_assay_judge(assay, cases[i].instrument, 1, measures, &v);
		ck_assert_msg(v.call == (cases[i].last < 40 ? PW_CALL_NEGATIVE : PW_CALL_INVALID),
			      "%s: %s", cases[i].instrument, v.text);
		measures[0].cq -= 0.01;
		pw_assay_judge(assay, cases[i].instrument, 1, measures, &v);
		ck_assert_msg(v.call == PW_CALL_POSITIVE, "%s: %s", cases[i].instrument, v.text);
	}
	pw_assay_free(assay);
}
END_TEST

static const char controls[] = HEAD TARGETS CALLS
	"controls:\n"
	"  - {control: NTC, title: water, stage: pcr, covers: pcr-plate, expect: {A: neg, B: neg}}\n"
	"  - {control: PC, stage: pcr, covers: run, required: false, expect: {A: pos, B: any},\n"
	"     bands: {A: [{band: pos, cq: \"< 35\"}, {band: weak, cq: [\">= 35\", none]}]}}\n"
	"  - {control: NEC, stage: extraction, covers: extraction-plate, expect: {A: neg},\n"
	"     bands: [{band: neg, cq: none}, {band: seen, cq: number}]}\n";

START_TEST(test_controls_have_a_stage_a_scope_and_bands_of_their_own)
{
	pw_assay *assay = assay_of(controls);
	ck_assert_uint_eq(pw_assay_control_count(assay), 3);
	ck_assert_int_eq(pw_assay_control_find(assay, "nec"), 2);
	ck_assert_int_eq(pw_assay_control_find(assay, "XX"), -1);
	pw_control_rule ntc = pw_assay_control(assay, 0), pc = pw_assay_control(assay, 1);
	ck_assert_str_eq(ntc.name, "NTC");
	ck_assert_str_eq(ntc.title, "water");
	ck_assert_str_eq(pc.title, "PC");
	ck_assert(ntc.required && !pc.required);
	ck_assert_int_eq(ntc.stage, PW_STAGE_PCR);
	ck_assert_int_eq(ntc.covers, PW_SCOPE_PCR_PLATE);
	ck_assert_int_eq(pc.covers, PW_SCOPE_RUN);
	ck_assert_int_eq(pw_assay_control(assay, 2).stage, PW_STAGE_EXTRACTION);
	ck_assert_int_eq(pw_assay_control(assay, 2).covers, PW_SCOPE_EXTRACTION_PLATE);

	char text[200];
	ck_assert(control_good(assay, "NTC", "A=41 B=none", text));
	ck_assert_str_eq(text, "A 41.00 neg, B no Cq neg");
	ck_assert(!control_good(assay, "NTC", "A=none B=37.2", text));
	ck_assert_str_eq(text, "A no Cq neg, B 37.20 pos (expected neg)");
	ck_assert(!control_good(assay, "NTC", "A=absent", text));
	ck_assert_str_eq(text, "A no reading (expected neg), B no Cq neg");
	ck_assert(control_good(assay, "PC", "A=34.99 B=none", text));
	ck_assert(!control_good(assay, "PC", "A=35 B=20", text));
	ck_assert_str_eq(text, "A 35.00 weak (expected pos), B 20.00 pos");
	/* 'any' asks for a reading all the same */
	ck_assert(!control_good(assay, "PC", "A=30 B=absent", text));
	ck_assert(!control_good(assay, "NEC", "A=41", text));
	pw_assay_free(assay);
}
END_TEST

START_TEST(test_words_of_scopes_and_stages)
{
	pw_stage stage = PW_STAGE_PCR;
	ck_assert(pw_stage_parse("extraction", &stage));
	ck_assert_int_eq(stage, PW_STAGE_EXTRACTION);
	ck_assert(!pw_stage_parse("Extraction", &stage));
	ck_assert_str_eq(pw_stage_name(PW_STAGE_PCR), "pcr");
	ck_assert_str_eq(pw_scope_name(PW_SCOPE_WELL), "well");
	ck_assert_str_eq(pw_scope_name(PW_SCOPE_RUN), "run");
}
END_TEST

/* Names of the greatest length in eight targets are cut, not overrun, and never inside a character. */
START_TEST(test_a_long_sentence_is_cut_at_a_character)
{
	pw_str text = PW_STR_INIT;
	pw_str_add(&text, HEAD "targets:\n");
	for (int i = 0; i < 8; i++)
		pw_str_addf(&text,
			    "  - {name: 一二三四五六七%d, bands: [{band: 一二三四五, cq: any}]}\n",
			    i);
	pw_str_add(&text, "calls: [{when: {}, call: negative}]\n"
			  "controls: [{control: K, stage: pcr, covers: well, expect: {}}]\n");
	pw_assay *assay = assay_of(pw_str_text(&text));
	pw_verdict v = judge(assay, "");
	ck_assert_str_eq(v.rule, "anything");
	ck_assert_uint_lt(strlen(v.text), sizeof(v.text));
	ck_assert_uint_gt(strlen(v.text), sizeof(v.text) - 4);
	size_t n = strlen(v.text);
	while (((unsigned char)v.text[n - 1] & 0xC0) == 0x80)
		n--;
	ck_assert_uint_eq(strlen(v.text + n - 1), 3); /* the last character is whole */
	char out[200];
	ck_assert(control_good(assay, "K", "", out));
	ck_assert_uint_lt(strlen(out), sizeof(out));
	pw_assay_free(assay);
	pw_str_clear(&text);
}
END_TEST

Suite *suite_assay(void);

Suite *suite_assay(void)
{
	Suite *suite = suite_create("assay");
	TCase *tcase = tcase_create("assay");
	tcase_add_test(tcase, test_head_targets_and_hash_are_told);
	tcase_add_loop_test(tcase, test_ranges_are_strict_where_they_say_so, 0,
			    sizeof(edges) / sizeof(edges[0]));
	tcase_add_test(tcase, test_amplification_is_a_condition_of_its_own);
	tcase_add_test(tcase, test_the_sentence_shows_what_decided);
	tcase_add_test(tcase, test_a_missing_reading_makes_the_well_invalid);
	tcase_add_test(tcase, test_a_hole_is_inconclusive_and_repeated);
	tcase_add_test(tcase, test_attempts_and_what_they_come_after);
	tcase_add_test(tcase, test_next_can_be_said_for_each_attempt);
	tcase_add_test(tcase, test_counts_of_bands);
	tcase_add_loop_test(tcase, test_thresholds_of_one_instrument_only, 0, 2);
	tcase_add_test(tcase, test_controls_have_a_stage_a_scope_and_bands_of_their_own);
	tcase_add_test(tcase, test_words_of_scopes_and_stages);
	tcase_add_test(tcase, test_a_long_sentence_is_cut_at_a_character);
	suite_add_tcase(suite, tcase);
	return suite;
}
