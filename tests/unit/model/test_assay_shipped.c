/* The tables that come with the program: every row of their sources, every boundary. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assay_helper.h"
#include "core/base/str.h"
#include "core/model/layout.h"
#include "core/model/shipped.h"

START_TEST(test_every_shipped_table_is_sound)
{
	size_t count = 0;
	for (const pw_embedded *e = pw_shipped_assays; e->name != NULL; e++, count++) {
		pw_assay *assay = shipped_assay(e->name);
		pw_report report = PW_REPORT_INIT;
		pw_assay_lint(assay, &report);
		ck_assert_msg(report.len == 0, "%s: %s", e->name,
			      report.len > 0 ? report.findings[0].text : "");
		char file[64];
		snprintf(file, sizeof(file), "%s.yaml", pw_assay_name(assay));
		ck_assert_str_eq(file, e->name);
		ck_assert_str_ne(pw_assay_title(assay), "");
		pw_report_clear(&report);
		pw_assay_free(assay);
	}
	ck_assert_uint_eq(count, 7);
}
END_TEST

/* A line of a source's table: readings, attempt and what came before → call and next step. */
typedef struct expectation {
	const char *readings;
	int attempt;
	pw_call previous;
	const char *call, *next;
} expectation;

static void check_all(const char *file, const expectation *rows, size_t count)
{
	pw_assay *assay = shipped_assay(file);
	for (size_t i = 0; i < count; i++) {
		const expectation *e = &rows[i];
		pw_verdict v = judge_again(assay, e->attempt, e->previous, e->readings);
		ck_assert_msg(strcmp(pw_call_name(v.call), e->call) == 0 &&
				      strcmp(pw_next_name(v.next), e->next) == 0,
			      "%s, attempt %d after %s: %s, %s by '%s' for %s; expected %s, %s",
			      file, e->attempt, pw_call_name(e->previous), pw_call_name(v.call),
			      pw_next_name(v.next), v.rule, v.text, e->call, e->next);
	}
	pw_assay_free(assay);
}

#define CHECK_ALL(file, rows) check_all(file, rows, sizeof(rows) / sizeof((rows)[0]))
#define FIRST                 1, PW_CALL_NONE
#define AGAIN                 2, PW_CALL_INCONCLUSIVE
#define AGAIN_INVALID         2, PW_CALL_INVALID

static const expectation cdc[] = {
	{"N1=20 N2=21 RP=25", FIRST, "positive", "report"},
	{"N1=20 N2=21 RP=none", FIRST, "positive", "report"},
	{"N1=39.99 N2=39.99 RP=25", FIRST, "positive", "report"},
	{"N1=40.00 N2=39.99 RP=25", FIRST, "inconclusive", "re-extract"},
	{"N1=40.01 N2=39.99 RP=25", FIRST, "inconclusive", "re-extract"},
	{"N1=39.99 N2=none RP=none", FIRST, "inconclusive", "re-extract"},
	{"N1=none N2=39.99 RP=25", AGAIN, "inconclusive", "report"},
	{"N1=20 N2=20 RP=25", AGAIN, "positive", "report"},
	{"N1=40 N2=40.01 RP=39.99", FIRST, "negative", "report"},
	{"N1=none N2=none RP=25", FIRST, "negative", "report"},
	{"N1=none N2=none RP=25", AGAIN, "negative", "report"},
	{"N1=none N2=none RP=40.00", FIRST, "invalid", "re-extract"},
	{"N1=none N2=none RP=none", FIRST, "invalid", "re-extract"},
	{"N1=none N2=none RP=none", AGAIN_INVALID, "invalid", "new-specimen"},
	/* a Cq without an amplification is neither positive nor negative */
	{"N1=16.9/no-amp N2=none RP=25", FIRST, "inconclusive", "repeat-pcr"},
	{"N1=30/inconclusive N2=31/no-amp RP=25", FIRST, "inconclusive", "repeat-pcr"},
	{"N1=30/no-amp N2=31/amp RP=25", FIRST, "inconclusive", "re-extract"},
	{"N1=30/amp N2=31/amp RP=25/no-amp", FIRST, "positive", "report"},
	{"N1=16.9/no-amp N2=none RP=25", AGAIN, "inconclusive", "report"},
	{"N1=41/no-amp N2=none RP=25", FIRST, "negative", "report"},
	{"N1=none/no-amp N2=none/amp RP=25/amp", FIRST, "negative", "report"},
	{"N1=none N2=none RP=25/no-amp", FIRST, "invalid", "re-extract"},
	{"N1=20 N2=21 RP=absent", FIRST, "invalid", "repeat-pcr"},
};

START_TEST(test_cdc_panel)
{
	CHECK_ALL("cdc-n1-n2-rp.yaml", cdc);
	pw_assay *assay = shipped_assay("cdc-n1-n2-rp.yaml");
	ck_assert_int_eq(pw_assay_target_find(assay, "nCoV_N1"), 0);
	ck_assert_int_eq(pw_assay_target_find(assay, "rnase p"), 2);
	char text[200];
	ck_assert(control_good(assay, "NTC", "N1=none N2=none RP=none", text));
	ck_assert(!control_good(assay, "NTC", "N1=42", text)); /* T10: any Ct of N1 fails */
	ck_assert(!control_good(assay, "NTC", "RP=39.8", text));
	ck_assert(control_good(assay, "PC", "N1=39.99 N2=20 RP=25", text));
	ck_assert(!control_good(assay, "PC", "N1=40 N2=20 RP=25", text));
	ck_assert(!control_good(assay, "PC", "N1=25/no-amp N2=20 RP=25", text));
	ck_assert(control_good(assay, "NEC", "RP=25", text));
	ck_assert(!control_good(assay, "NEC", "N1=38 RP=25", text));
	ck_assert(!control_good(assay, "NEC", "RP=none", text));
	/* an extraction control holds what was extracted with it, the others their PCR plate */
	ck_assert_int_eq(
		pw_assay_control(assay, (size_t)pw_assay_control_find(assay, "NEC")).covers,
		PW_SCOPE_EXTRACTION_PLATE);
	ck_assert_int_eq(
		pw_assay_control(assay, (size_t)pw_assay_control_find(assay, "NTC")).covers,
		PW_SCOPE_PCR_PLATE);
	pw_assay_free(assay);
}
END_TEST

static const expectation taqpath[] = {
	{"N=none S=none ORF1ab=none MS2=36.99", FIRST, "negative", "report"},
	{"N=36.99 S=36.99 ORF1ab=none MS2=30", FIRST, "positive", "report"},
	{"N=20 S=none ORF1ab=21 MS2=30", FIRST, "positive", "report"},
	{"N=20 S=22 ORF1ab=21 MS2=30", FIRST, "positive", "report"},
	{"N=36.99 S=none ORF1ab=none MS2=30", FIRST, "inconclusive", "re-extract"},
	{"N=none S=none ORF1ab=25 MS2=30", AGAIN, "inconclusive", "report"},
	{"N=none S=none ORF1ab=none MS2=none", FIRST, "invalid", "re-extract"},
	{"N=none S=none ORF1ab=none MS2=none", AGAIN_INVALID, "invalid", "new-specimen"},
	/* what the published table leaves open */
	{"N=37 S=none ORF1ab=none MS2=30", FIRST, "inconclusive", "re-extract"},
	{"N=39.5 S=38 ORF1ab=37 MS2=30", FIRST, "inconclusive", "re-extract"},
	{"N=37.01 S=36.99 ORF1ab=none MS2=30", FIRST, "inconclusive", "re-extract"},
	{"N=37 S=none ORF1ab=none MS2=30", AGAIN, "inconclusive", "report"},
	{"N=none S=none ORF1ab=none MS2=37", FIRST, "invalid", "re-extract"},
	{"N=20 S=21 ORF1ab=none MS2=none", FIRST, "positive", "report"},
	{"N=20 S=none ORF1ab=none MS2=none", FIRST, "inconclusive", "re-extract"},
	{"N=20/no-amp S=21 ORF1ab=none MS2=30", FIRST, "inconclusive", "re-extract"},
	{"N=20/no-amp S=none ORF1ab=none MS2=30", FIRST, "inconclusive", "re-extract"},
};

START_TEST(test_taqpath_three_genes)
{
	CHECK_ALL("taqpath-3gene-ms2.yaml", taqpath);
	pw_assay *assay = shipped_assay("taqpath-3gene-ms2.yaml");
	char text[200];
	ck_assert(control_good(assay, "NEC", "N=40.01 MS2=37", text));
	ck_assert(!control_good(assay, "NEC", "N=40 MS2=37", text));
	ck_assert(!control_good(assay, "NEC", "MS2=37.01", text));
	ck_assert(control_good(assay, "PC", "N=36.99 S=30 ORF1ab=30", text));
	ck_assert(!control_good(assay, "PC", "N=37 S=30 ORF1ab=30", text));
	ck_assert(!control_good(assay, "PC", "N=30 S=30 ORF1ab=30 MS2=39", text));
	ck_assert(control_good(assay, "NTC", "", text));
	ck_assert(!control_good(assay, "NTC", "MS2=44", text));
	pw_assay_free(assay);
}
END_TEST

static const expectation saliva[] = {
	{"N1=39.99 RP=none", FIRST, "positive", "report"},
	{"N1=40 RP=34.99", FIRST, "negative", "report"},
	{"N1=none RP=34.99", FIRST, "negative", "report"},
	{"N1=40 RP=35", FIRST, "invalid", "re-extract"},
	{"N1=none RP=none", AGAIN_INVALID, "invalid", "new-specimen"},
	{"N1=30/no-amp RP=20", FIRST, "inconclusive", "repeat-pcr"},
	{"N1=30/no-amp RP=20", AGAIN, "inconclusive", "report"},
};

START_TEST(test_salivadirect_depends_on_the_instrument)
{
	CHECK_ALL("salivadirect.yaml", saliva);
	pw_assay *assay = shipped_assay("salivadirect.yaml");
	static const struct {
		const char *instrument;
		double cq;
		pw_call call;
	} cases[] = {
		{"CFX96", 39.99, PW_CALL_POSITIVE},
		{"Applied Biosystems 7500 Fast", 37.5, PW_CALL_POSITIVE},
		{"QuantStudio 5", 37.5, PW_CALL_POSITIVE},
		{"Applied Biosystems 7500 Fast Dx", 36.99, PW_CALL_POSITIVE},
		{"Applied Biosystems 7500 Fast Dx", 37.00, PW_CALL_NEGATIVE},
		{"Applied Biosystems 7500 Fast Dx", 37.5, PW_CALL_NEGATIVE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pw_measure measures[PW_ASSAY_MAX_TARGETS];
		pw_verdict v;
		readings(assay, "RP=25", measures);
		measures[0].has_cq = true;
		measures[0].cq = cases[i].cq;
		pw_assay_judge(assay, cases[i].instrument, 1, measures, &v);
		ck_assert_msg(v.call == cases[i].call, "%s: %s", cases[i].instrument, v.text);
	}
	char text[200];
	ck_assert(control_good(assay, "PC", "N1=25", text));
	ck_assert(!control_good(assay, "PC", "N1=25 RP=30", text));
	ck_assert(control_good(assay, "NEC", "RP=30", text));
	ck_assert(!control_good(assay, "NEC", "N1=30 RP=30", text));
	ck_assert(!control_good(assay, "NTC", "RP=41", text));
	pw_assay_free(assay);
}
END_TEST

static const expectation stanford[] = {
	{"E=39.99 RNaseP=none", FIRST, "positive", "report"},
	{"E=none RNaseP=35", FIRST, "negative", "report"},
	{"E=none RNaseP=35.01", FIRST, "invalid", "re-extract"},
	{"E=none RNaseP=none", FIRST, "invalid", "re-extract"},
	{"E=none RNaseP=none", AGAIN_INVALID, "invalid", "new-specimen"},
	{"E=none RNaseP=30", AGAIN_INVALID, "negative", "report"},
	{"E=40 RNaseP=30", FIRST, "inconclusive", "re-extract"},
	{"E=44.99 RNaseP=none", FIRST, "inconclusive", "re-extract"},
	{"E=44.99 RNaseP=30", AGAIN, "positive", "report"},
	{"E=30 RNaseP=30", AGAIN, "positive", "report"},
	{"E=none RNaseP=30", AGAIN, "inconclusive", "report"},
	{"E=none RNaseP=none", AGAIN, "inconclusive", "report"},
	/* what the published table leaves open */
	{"E=45 RNaseP=30", FIRST, "negative", "report"},
	{"E=42 RNaseP=30", AGAIN_INVALID, "inconclusive", "re-extract"},
	{"E=42 RNaseP=30", 3, PW_CALL_INCONCLUSIVE, "positive", "report"},
	{"E=42 RNaseP=30", 3, PW_CALL_INVALID, "inconclusive", "report"},
	{"E=30/no-amp RNaseP=30", FIRST, "inconclusive", "repeat-pcr"},
	{"E=30/no-amp RNaseP=30", AGAIN, "inconclusive", "report"},
};

START_TEST(test_stanford_remembers_what_the_repeat_came_from)
{
	CHECK_ALL("stanford-e-rnasep.yaml", stanford);
	pw_assay *assay = shipped_assay("stanford-e-rnasep.yaml");
	ck_assert_str_eq(judge_again(assay, AGAIN, "E=none RNaseP=30").note,
			 "tell the laboratory director");
	pw_assay_free(assay);
}
END_TEST

static const expectation chinese[] = {
	{"ORF1ab=30 N=31 IC=25", FIRST, "positive", "report"},
	{"ORF1ab=37.99 N=37.99 IC=none", FIRST, "positive", "report"},
	{"ORF1ab=none N=none IC=25", FIRST, "negative", "report"},
	{"ORF1ab=40 N=40.01 IC=39.99", FIRST, "negative", "report"},
	{"ORF1ab=none N=none IC=40", FIRST, "invalid", "re-extract"},
	{"ORF1ab=none N=none IC=none", AGAIN_INVALID, "invalid", "new-specimen"},
	/* single target: again, and again single is positive */
	{"ORF1ab=30 N=none IC=25", FIRST, "inconclusive", "re-extract"},
	{"ORF1ab=30 N=none IC=none", FIRST, "inconclusive", "re-extract"},
	{"ORF1ab=none N=37.99 IC=25", AGAIN, "positive", "report"},
	{"ORF1ab=30 N=39 IC=25", AGAIN, "positive", "report"},
	{"ORF1ab=none N=none IC=25", AGAIN, "negative", "report"},
	{"ORF1ab=none N=none IC=none", AGAIN, "invalid", "new-specimen"},
	/* a first look after an invalid well is a first look */
	{"ORF1ab=30 N=none IC=25", AGAIN_INVALID, "inconclusive", "re-extract"},
	{"ORF1ab=30 N=none IC=25", 3, PW_CALL_INCONCLUSIVE, "positive", "report"},
	{"ORF1ab=30 N=none IC=25", 3, PW_CALL_INVALID, "inconclusive", "new-specimen"},
	/* grey zone 38 to 40: again, and again grey with a curve is positive, without one negative */
	{"ORF1ab=38/amp N=none IC=25", FIRST, "inconclusive", "re-extract"},
	{"ORF1ab=39.99/amp N=38.5/amp IC=25", FIRST, "inconclusive", "re-extract"},
	{"ORF1ab=38/amp N=none IC=25", AGAIN, "positive", "report"},
	{"ORF1ab=39.99/amp N=39/no-amp IC=none", AGAIN, "positive", "report"},
	{"ORF1ab=38/no-amp N=none IC=25", AGAIN, "negative", "report"},
	{"ORF1ab=38/no-amp N=39/no-amp IC=25", AGAIN, "negative", "report"},
	{"ORF1ab=38/no-amp N=none IC=none", AGAIN, "invalid", "new-specimen"},
	{"ORF1ab=38/no-amp N=none IC=25", FIRST, "inconclusive", "re-extract"},
	/* where the file says nothing of curves somebody has to look */
	{"ORF1ab=38 N=none IC=25", AGAIN, "inconclusive", "report"},
	{"ORF1ab=39/inconclusive N=none IC=25", AGAIN, "inconclusive", "report"},
	{"ORF1ab=20/no-amp N=none IC=25", AGAIN, "inconclusive", "report"},
	{"ORF1ab=20/no-amp N=none IC=25", FIRST, "inconclusive", "re-extract"},
};

START_TEST(test_chinese_two_target_rule_and_grey_zone)
{
	CHECK_ALL("cn-orf1ab-n.yaml", chinese);
	pw_assay *assay = shipped_assay("cn-orf1ab-n.yaml");
	ck_assert_str_eq(judge_again(assay, AGAIN, "ORF1ab=30 IC=25").note, "single target again");
	ck_assert_int_eq(pw_assay_target_find(assay, "内标"), 2);
	char text[200];
	ck_assert(control_good(assay, "NTC", "IC=25", text));
	ck_assert(!control_good(assay, "NTC", "N=39", text));
	ck_assert(control_good(assay, "PC", "ORF1ab=30 N=30", text));
	ck_assert(!control_good(assay, "PC", "ORF1ab=30 N=38", text));
	pw_assay_free(assay);
}
END_TEST

static const expectation presence[] = {
	{"TGFb=39.99 IPC=none", FIRST, "positive", "report"},
	{"TGFb=28/amp IPC=38.4/amp", FIRST, "positive", "report"},
	{"TGFb=none/no-amp IPC=32.7/no-amp", FIRST, "negative", "report"},
	{"TGFb=none IPC=37.99", FIRST, "negative", "report"},
	{"TGFb=none IPC=38", FIRST, "invalid", "re-extract"},
	{"TGFb=40 IPC=none", AGAIN_INVALID, "invalid", "new-specimen"},
	{"TGFb=30/no-amp IPC=32", FIRST, "inconclusive", "repeat-pcr"},
	{"TGFb=30/no-amp IPC=32", AGAIN, "inconclusive", "report"},
};

START_TEST(test_presence_with_an_internal_control)
{
	CHECK_ALL("presence-ipc.yaml", presence);
	pw_assay *assay = shipped_assay("presence-ipc.yaml");
	char text[200];
	ck_assert(control_good(assay, "NAC", "", text));
	ck_assert(!control_good(assay, "NAC", "IPC=39", text));
	ck_assert(!control_good(assay, "NAC", "TGFb=41", text));
	ck_assert(control_good(assay, "NTC", "IPC=32", text));
	ck_assert(!control_good(assay, "NTC", "TGFb=41 IPC=32", text));
	pw_assay_free(assay);
}
END_TEST

static const expectation sybr[] = {
	{"target=39.99", FIRST, "positive", "report"},
	{"target=40", FIRST, "negative", "report"},
	{"target=none", FIRST, "negative", "report"},
	{"target=30/no-amp", FIRST, "inconclusive", "repeat-pcr"},
	{"target=30/no-amp", AGAIN, "inconclusive", "report"},
};

START_TEST(test_single_target_with_a_dye)
{
	CHECK_ALL("sybr-single.yaml", sybr);
	pw_assay *assay = shipped_assay("sybr-single.yaml");
	ck_assert_int_eq(pw_assay_target_find(assay, "Cg_VIPERIN_F/R (SR IDs: 1828/9)"), 0);
	char text[200];
	ck_assert(control_good(assay, "NTC", "", text));
	ck_assert(!control_good(assay, "NTC", "target=41", text));
	pw_assay_free(assay);
}
END_TEST

START_TEST(test_standard_layouts_fit_the_diagnostic_tables)
{
	static const char *const layouts[] = {"std96.yaml", "std96-row.yaml", "std384.yaml"};
	for (const pw_embedded *e = pw_shipped_layouts; e->name != NULL; e++) {
		bool standard = false;
		for (size_t i = 0; i < 3; i++)
			standard = standard || strcmp(e->name, layouts[i]) == 0;
		if (!standard)
			continue;
		pw_layout *layout = NULL;
		ck_assert_int_eq(pw_layout_parse(e->bytes, e->size, e->name, &layout, NULL), PW_OK);
		for (const pw_embedded *a = pw_shipped_assays; a->name != NULL; a++) {
			pw_assay *assay = shipped_assay(a->name);
			for (size_t i = 0; i < layout->control_count; i++) {
				const pw_layout_control *c = &layout->controls[i];
				int found = pw_assay_control_find(assay, c->control);
				ck_assert_msg(found >= 0, "%s has no %s", a->name, c->control);
				ck_assert_int_eq(pw_assay_control(assay, (size_t)found).stage,
						 c->stage);
			}
			pw_assay_free(assay);
		}
		pw_layout_free(layout);
	}
}
END_TEST

/* ---- real plates ---- */

static FILE *shared(const char *name)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/qpcr/%s", PW_SHARED_DATA, name);
	FILE *f = fopen(path, "r");
	if (f == NULL)
		printf("skipped: ../shared/data is not there\n");
	return f;
}

/* The fields of a line, parted by `separator`; changes the line. */
static int fields(char *text, char separator, char **out, int max)
{
	int n = 0;
	text[strcspn(text, "\r\n")] = '\0';
	for (char *p = text; n < max; p++) {
		out[n++] = p;
		p = strchr(p, separator);
		if (p == NULL)
			break;
		*p = '\0';
	}
	return n;
}

static pw_measure measure(const char *cq, const char *noamp)
{
	pw_measure m = {.present = true, .amp = PW_AMP_UNKNOWN};
	m.has_cq = pw_parse_real(cq, &m.cq);
	if (noamp[0] != '\0')
		m.amp = noamp[0] == 'Y' ? PW_AMP_NO : PW_AMP_YES;
	return m;
}

/* Two rows to a well, IPC and TGFb; columns as in the file's [Results]. */
START_TEST(test_the_quantstudio_presence_example)
{
	FILE *f = shared("appbio_quantstudio_example02.txt");
	if (f == NULL)
		return;
	pw_assay *assay = shipped_assay("presence-ipc.yaml");
	int nac = pw_assay_control_find(assay, "NAC");
	char text[4096], *field[40];
	int wells = 0, controls = 0, positive = 0, negative = 0;
	bool in_results = false;
	pw_measure measures[PW_ASSAY_MAX_TARGETS] = {{.present = false}};
	while (fgets(text, sizeof(text), f) != NULL) {
		if (pw_text_starts(text, "[Results]"))
			in_results = true;
		if (!in_results || fields(text, '\t', field, 40) < 23 || field[0][0] == 'W')
			continue;
		int t = pw_assay_target_find(assay, field[4]);
		ck_assert_int_ge(t, 0);
		measures[t] = measure(field[19], field[22]);
		if (t != 0) /* TGFb is the second of the two rows */
			continue;
		pw_verdict v;
		char seen[200];
		wells++;
		pw_assay_judge(assay, "QuantStudio(TM) 6 Flex System", 1, measures, &v);
		if (strcmp(field[3], "NAC") == 0) {
			controls++;
			ck_assert_msg(
				pw_assay_judge_control(assay, (size_t)nac, "", measures, seen),
				"%s", seen);
			continue;
		}
		pw_call expected =
			strcmp(field[3], "(+)") == 0 ? PW_CALL_POSITIVE : PW_CALL_NEGATIVE;
		ck_assert_msg(v.call == expected, "%s: %s", field[1], v.text);
		positive += v.call == PW_CALL_POSITIVE;
		negative += v.call == PW_CALL_NEGATIVE;
	}
	fclose(f);
	ck_assert_int_eq(wells, 48);
	ck_assert_int_eq(controls, 4);
	ck_assert_int_eq(positive, 24);
	ck_assert_int_eq(negative, 20);
	pw_assay_free(assay);
}
END_TEST

START_TEST(test_the_cfx_example)
{
	FILE *f =
		shared("sam_2024-12-12_08-32-31_Connect-VIPERIN-03-Quantification-Cq-Results.csv");
	if (f == NULL)
		return;
	pw_assay *assay = shipped_assay("sybr-single.yaml");
	char text[4096], *field[20];
	int positive = 0, negative = 0, water = 0;
	while (fgets(text, sizeof(text), f) != NULL) {
		if (fields(text, ',', field, 20) < 8 || strcmp(field[2], "SYBR") != 0)
			continue;
		ck_assert_int_eq(pw_assay_target_find(assay, field[3]), 0);
		pw_measure measures[PW_ASSAY_MAX_TARGETS] = {measure(field[7], "")};
		pw_verdict v;
		char seen[200];
		pw_assay_judge(assay, "CFX Connect", 1, measures, &v);
		if (pw_text_starts(field[4], "NTC"))
			water += pw_assay_judge_control(assay, 0, "", measures, seen);
		else if (v.call == PW_CALL_POSITIVE)
			positive++;
		else if (v.call == PW_CALL_NEGATIVE)
			negative++;
	}
	fclose(f);
	ck_assert_int_eq(water, 3);
	ck_assert_int_eq(positive, 44);
	ck_assert_int_eq(negative, 1); /* C8, one of three wells of its sample */
	pw_assay_free(assay);
}
END_TEST

Suite *suite_assay_shipped(void);

Suite *suite_assay_shipped(void)
{
	Suite *suite = suite_create("assay_shipped");
	TCase *tcase = tcase_create("assay_shipped");
	tcase_add_test(tcase, test_every_shipped_table_is_sound);
	tcase_add_test(tcase, test_cdc_panel);
	tcase_add_test(tcase, test_taqpath_three_genes);
	tcase_add_test(tcase, test_salivadirect_depends_on_the_instrument);
	tcase_add_test(tcase, test_stanford_remembers_what_the_repeat_came_from);
	tcase_add_test(tcase, test_chinese_two_target_rule_and_grey_zone);
	tcase_add_test(tcase, test_presence_with_an_internal_control);
	tcase_add_test(tcase, test_single_target_with_a_dye);
	tcase_add_test(tcase, test_standard_layouts_fit_the_diagnostic_tables);
	tcase_add_test(tcase, test_the_quantstudio_presence_example);
	tcase_add_test(tcase, test_the_cfx_example);
	suite_add_tcase(suite, tcase);
	return suite;
}
