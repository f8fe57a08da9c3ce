#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/str.h"
#include "core/model/assay.h"

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

#define ONE "targets: [{name: A, " BANDS "}]\n"
#define BAD_BAND(line)                                          \
	HEAD "targets:\n  - name: A\n    bands:\n      - " line \
	     "\ncalls: [{when: {}, call: negative}]\n"
#define BAD_ROW(line)     HEAD "attempts: 2\n" TARGETS "calls:\n  - " line "\n"
#define BAD_CONTROL(line) HEAD TARGETS CALLS "controls:\n  - " line "\n"

static const struct bad {
	const char *text;
	const char *message;
} bads[] = {
	{"name: t\n", "t.yaml:1:1: the file must begin with the line 'poolwell: assay/1'"},
	{"[]\n", "must begin with the line 'poolwell: assay/1'"},
	{"name: t\npoolwell: assay/1\n", "must begin with the line"},
	{"poolwell: layout/1\n", "t.yaml:1:11: this is 'layout/1', not assay/1: the wrong file"},
	{"poolwell: assay/2\n", "'assay/2' is not known here, only assay/1: use a newer poolwell"},
	{"poolwell: assay/1\nversion: 1\n", "'name' is missing"},
	{"poolwell: assay/1\nname: T x\nversion: 1\n", "the name 'T x' must be of a-z, 0-9 and -"},
	{"poolwell: assay/1\nname: t\nversion: 0\n", "'version' must be a whole number from 1"},
	{HEAD "attemps: 2\n" ONE "calls: []\n", "t.yaml:5:1: there is no key 'attemps' here"},
	{HEAD "attempts: 6\n" ONE "calls: []\n", "'attempts' must be a whole number from 1 to 5"},
	{HEAD "calls: []\n", "'targets' is missing"},
	{HEAD "targets: []\ncalls: []\n", "'targets' must be a list of 1 to 8 targets"},
	{HEAD ONE, "'calls' is missing"},
	{HEAD ONE "calls: []\n", "'calls' must be a list of 1 to 64 rows"},
	{HEAD "targets: [{name: count, " BANDS "}]\ncalls: []\n", "'count' cannot be a target"},
	{HEAD "targets: [{name: \" A\", " BANDS "}]\ncalls: []\n", "without spaces at its ends"},
	{HEAD "targets: [{name: abcdefghijklmnopqrstuvwxyz, " BANDS "}]\ncalls: []\n",
	 "is longer than a target's name may be (24 bytes)"},
	{HEAD "targets:\n  - {name: A, " BANDS "}\n  - {name: a, " BANDS "}\ncalls: []\n",
	 "t.yaml:7:12: 'a' already stands for target 'A' (line 6)"},
	{HEAD "targets:\n  - {name: A, " BANDS "}\n  - {name: B, aliases: [A], " BANDS
	      "}\ncalls: []\n",
	 "'A' already stands for target 'A'"},
	{HEAD "targets: [{name: A, same_bands_as: B}]\ncalls: []\n",
	 "'B' is not a target above this one"},
	{HEAD "targets:\n  - {name: A, " BANDS "}\n  - {name: B, same_bands_as: A, " BANDS
	      "}\ncalls: []\n",
	 "'same_bands_as' takes the place of 'bands' and 'instruments'"},
	{HEAD "targets: [{name: A, bands: []}]\ncalls: []\n", "a list of 1 to 24 bands"},
	{HEAD "targets: [{name: A}]\ncalls: []\n", "'bands' is missing here"},
	{BAD_BAND("{cq: none}"), "t.yaml:8:9: 'band' is missing here"},
	{BAD_BAND("{band: pos}"), "'cq' is missing here: say which Cq the band takes, or any"},
	{BAD_BAND("{band: any, cq: none}"), "'any' cannot be a band"},
	{BAD_BAND("{band: pos, ct: none}"), "there is no key 'ct' here; there are: band, cq, amp"},
	{BAD_BAND("{band: pos, cq: 40}"), "t.yaml:8:25: '40' is not a range of Cq: write \"< 40\""},
	{BAD_BAND("{band: pos, cq: \"< x\"}"), "is not a range of Cq"},
	{BAD_BAND("{band: pos, cq: \"< 101\"}"), "is not a range of Cq"},
	{BAD_BAND("{band: pos, cq: \"< 38, < 40\"}"), "is not a range of Cq"},
	{BAD_BAND("{band: pos, cq: \"> 40, < 38\"}"), "is not a range of Cq"},
	{BAD_BAND("{band: pos, cq: \"> 40, <= 40\"}"), "is not a range of Cq"},
	{BAD_BAND("{band: pos, cq: \"< 40,\"}"), "is not a range of Cq"},
	{BAD_BAND("{band: pos, cq: []}"), "the list of Cq ranges is empty"},
	{BAD_BAND("{band: pos, cq: [[none]]}"), "a list is not a range of Cq"},
	{BAD_BAND("{band: pos, cq: [\"< 1\", \"< 2\", \"< 3\", \"< 4\", \"< 5\"]}"),
	 "more than 4 ranges in one line"},
	{BAD_BAND("{band: pos, cq: none, amp: yes}"),
	 "'yes' is not an amplification: there are amp"},
	{BAD_BAND("{band: pos, cq: none, amp: []}"), "the list of amplifications is empty"},
	{BAD_ROW("{call: positive}"), "'when' is missing here"},
	{BAD_ROW("{when: {C: pos}, call: positive}"), "t.yaml:10:13: 'C' is not a target"},
	{BAD_ROW("{when: {A: po}, call: positive}"),
	 "t.yaml:10:16: 'po' is no band of target 'A' here; there are: pos, neg, any"},
	{BAD_ROW("{when: {A: [pos, x]}, call: positive}"), "'x' is no band of target 'A'"},
	{BAD_ROW("{when: {A: []}, call: positive}"), "a list is no band of target 'A'"},
	{BAD_ROW("{when: {}, call: none}"), "'none' is not a call: there are positive, negative"},
	{BAD_ROW("{when: {}, call: Positive}"), "'Positive' is not a call"},
	{BAD_ROW("{when: {}, call: invalid}"),
	 "'next' is missing here: say what follows an invalid call"},
	{BAD_ROW("{when: {}, call: inconclusive, next: again}"), "'again' is not a next step"},
	{BAD_ROW("{when: {}, call: invalid, next: [report]}"), "one for each attempt: 2, not 1"},
	{BAD_ROW("{when: {}, attempt: 3, call: positive}"),
	 "attempt 3, but the assay has attempts 1 to 2 (key 'attempts')"},
	{BAD_ROW("{when: {}, attempt: 0, call: positive}"), "attempt 0, but the assay has"},
	{BAD_ROW("{when: {}, attempt: last, call: positive}"), "'last' is not an attempt"},
	{BAD_ROW("{when: {}, after: positive, call: positive}"),
	 "'positive' cannot stand after 'after'"},
	{BAD_ROW("{when: {}, after: [], call: positive}"), "a list cannot stand after 'after'"},
	{BAD_ROW("{when: {count: {of: [A], band: pos, exactly: 1}}, call: positive}"),
	 "a count is of at least two targets"},
	{BAD_ROW("{when: {count: {of: [A, A], band: pos, exactly: 1}}, call: positive}"),
	 "target 'A' is counted twice"},
	{BAD_ROW("{when: {count: {of: [A, X], band: pos, exactly: 1}}, call: positive}"),
	 "'X' is not a target"},
	{BAD_ROW("{when: {count: {of: [A, B], exactly: 1}}, call: positive}"), "'band' is missing"},
	{BAD_ROW("{when: {count: {of: [A, B], band: pos}}, call: positive}"),
	 "say how many: exactly, or at_least and at_most"},
	{BAD_ROW("{when: {count: {of: [A, B], band: pos, exactly: 1, at_most: 2}}, call: positive}"),
	 "say how many"},
	{BAD_ROW("{when: {count: {of: [A, B], band: pos, at_least: 2, at_most: 1}}, call: positive}"),
	 "at_least is more than at_most"},
	{BAD_ROW("{when: {count: {of: [A, B], band: pos, exactly: 3}}, call: positive}"),
	 "'exactly' must be a whole number from 0 to 2, not '3'"},
	{BAD_CONTROL("{control: NTC, stage: pcr, covers: plate, expect: {}}"),
	 "'plate' is not what a control can cover: there are well, extraction-plate"},
	{BAD_CONTROL("{control: NTC, stage: lysis, covers: run, expect: {}}"),
	 "'lysis' is not a stage"},
	{BAD_CONTROL("{control: N T, stage: pcr, covers: run, expect: {}}"),
	 "letters, digits, - and _"},
	{BAD_CONTROL("{control: NTC, stage: pcr, covers: run}"), "'expect' is missing"},
	{BAD_CONTROL("{control: NTC, stage: pcr, covers: run, expect: {C: neg}}"),
	 "'C' is not a target"},
	{BAD_CONTROL("{control: NTC, stage: pcr, covers: run, expect: {A: bad}}"),
	 "'bad' is no band of target 'A'"},
	/* a band of the target that the control's own bands do not have could never be as expected */
	{BAD_CONTROL(
		 "{control: NTC, stage: pcr, covers: run, expect: {A: neg}, bands: [{band: x, cq: "
		 "any}]}"),
	 "'neg' is no band of target 'A' here; there are: x, any"},
	{BAD_CONTROL("{control: NTC, stage: pcr, covers: run, expect: {}}\n"
		     "  - {control: ntc, stage: pcr, covers: run, expect: {}}"),
	 "t.yaml:14:15: control 'ntc' stands here a second time (first on line 13)"},
};

START_TEST(test_a_mistake_is_refused_with_its_place)
{
	pw_assay *assay = NULL;
	pw_err err = PW_ERR_INIT;
	const char *text = bads[_i].text;
	ck_assert_int_eq(pw_assay_parse(text, strlen(text), "t.yaml", &assay, &err), PW_ERR_FORMAT);
	ck_assert_msg(strstr(err.msg, bads[_i].message) != NULL, "'%s' is not in '%s'",
		      bads[_i].message, err.msg);
	ck_assert_ptr_null(assay);
}
END_TEST

/* A table with `targets` targets of `bands` bands. */
static pw_status parse_sized(int targets, int bands, int attempts_, pw_err *err)
{
	pw_str text = PW_STR_INIT;
	pw_str_addf(&text, HEAD "attempts: %d\ntargets:\n", attempts_);
	for (int t = 0; t < targets; t++) {
		pw_str_addf(&text, "  - name: T%d\n    bands:\n      - {band: b0, cq: none}\n", t);
		for (int b = 1; b < bands; b++)
			pw_str_addf(&text, "      - {band: b%d, cq: \">= %d, < %d\"}\n", b, b,
				    b + 1);
	}
	pw_str_add(&text, "calls: [{when: {}, call: negative}]\n");
	pw_assay *assay = NULL;
	pw_status rc = pw_assay_parse(pw_str_text(&text), text.len, "t.yaml", &assay, err);
	pw_assay_free(assay);
	pw_str_clear(&text);
	return rc;
}

START_TEST(test_a_table_too_large_to_prove_is_refused)
{
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(parse_sized(8, 4, 3, &err), PW_OK);
	ck_assert_int_eq(parse_sized(8, 4, 4, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg,
			 "t.yaml: 262144 combinations of bands, attempts and instruments, at most "
			 "200000 can be proved: take out bands, targets or attempts");
	ck_assert_int_eq(parse_sized(9, 2, 1, &err), PW_ERR_FORMAT);
	ck_assert_int_eq(parse_sized(1, 12, 1, &err), PW_OK);
	ck_assert_int_eq(parse_sized(1, 13, 1, &err), PW_ERR_FORMAT);
	ck_assert_msg(strstr(err.msg, "more than 12 bands for target 'T0'") != NULL, "%s", err.msg);
}
END_TEST

Suite *suite_assay_parse(void);

Suite *suite_assay_parse(void)
{
	Suite *suite = suite_create("assay_parse");
	TCase *tcase = tcase_create("assay_parse");
	tcase_add_loop_test(tcase, test_a_mistake_is_refused_with_its_place, 0,
			    sizeof(bads) / sizeof(bads[0]));
	tcase_add_test(tcase, test_a_table_too_large_to_prove_is_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}
