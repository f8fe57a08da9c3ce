#include <check.h>
#include <string.h>

#include "labels/lint.h"
#include "labels/shipped.h"
#include "tests/unit/labels/label_fixture.h"

#define TEXT "  - {text: \"{id}\", at: [2, 24, 44, 4]}\n"

/* Lints a template's label; the finding of a code, or NULL. */
static pw_report lint(const pw_label_template *t, const pw_label_values *values, int dpi)
{
	pw_label_layout *layout = NULL;
	pw_report report = PW_REPORT_INIT;
	fixture_make(t, values, dpi, &layout, NULL);
	pw_label_lint(layout, &report);
	pw_label_layout_free(layout);
	return report;
}

static const pw_finding *find(const pw_report *report, const char *code)
{
	for (size_t i = 0; i < report->len; i++)
		if (strcmp(report->findings[i].code, code) == 0)
			return &report->findings[i];
	return NULL;
}

static void print(const pw_report *report)
{
	for (size_t i = 0; i < report->len; i++)
		printf("%d:%d %s: %s\n", report->findings[i].line, report->findings[i].column,
		       report->findings[i].code, report->findings[i].text);
}

START_TEST(test_every_shipped_template_is_clean)
{
	static const int resolutions[] = {203, 300, 600};
	const pw_embedded *file = &pw_shipped_templates[_i / 3];
	pw_label_template *t = NULL;
	ck_assert_int_eq(pw_label_template_parse(file->bytes, file->size, file->name, &t, NULL),
			 PW_OK);
	pw_label_values values = fixture_examples(t);
	pw_report report = lint(t, &values, resolutions[_i % 3]);
	print(&report);
	ck_assert_msg(report.len == 0, "%s at %d dpi", file->name, resolutions[_i % 3]);
	pw_report_clear(&report);
	pw_label_template_free(t);
}
END_TEST

/* Each on a label of 50 × 30 mm with id and name; `code` NULL: clean. */
static const struct {
	const char *code, *elements, *id, *name;
	int dpi, line;
	pw_severity severity;
} cases[] = {
	{NULL, TEXT "  - {code128: \"{id}\", at: [0, 2, 50, 10]}\n", "SZT00000124M", "", 300, 0, 0},
	{"dense", TEXT "  - {code128: \"{id}\", at: [10, 2, 25, 10]}\n", "SZT00000124M", "", 300,
	 11, PW_ERROR}, /* one dot */
	{"dense", TEXT "  - {code128: \"{id}\", at: [0, 2, 50, 10], min_module: 0.3}\n",
	 "SZT00000124M", "", 300, 11, PW_ERROR},
	{"dense", TEXT "  - {code128: \"{id}\", at: [6, 2, 34, 10]}\n", "SZT00000124M", "", 203, 11,
	 PW_ERROR},
	{NULL, TEXT "  - {code128: \"{id}\", at: [6, 2, 34, 10]}\n", "SZT00000124M", "", 600, 0, 0},
	{"no-room", TEXT "  - {qr: \"{id}\", at: [6, 2, 2, 2]}\n", "4711", "", 300, 11, PW_ERROR},
	{"quiet-zone", TEXT "  - {code128: \"{id}\", at: [0, 2, 50, 10], quiet: 5}\n", "4711", "",
	 300, 11, PW_ERROR},
	{"quiet-zone", TEXT "  - {qr: \"{id}\", at: [5, 2, 20, 20], quiet: 3}\n", "4711", "", 300,
	 11, PW_ERROR},
	{"quiet-zone", TEXT "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n  - {line: [6, 1, 6, 25]}\n",
	 "4711", "", 300, 11, PW_ERROR},
	{"quiet-zone",
	 TEXT "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n"
	      "  - {text: \"{name}\", at: [22, 4, 20, 3]}\n",
	 "4711", "x", 300, 11, PW_ERROR},
	{"quiet-zone", TEXT "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n  - {box: [8, 1, 12, 23]}\n",
	 "4711", "", 300, 11, PW_ERROR},
	{NULL, TEXT "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n  - {box: [4, 1, 22, 22.5]}\n", "4711",
	 "", 300, 0, 0}, /* a frame around it */
	{"quiet-zone",
	 TEXT "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n"
	      "  - {box: [4, 1, 22, 22], fill: yes}\n",
	 "4711", "", 300, 11, PW_ERROR},
	{"text-fit", "  - {text: \"{name}\", at: [2, 2, 10, 3], size: 2, min_size: 2}\n", "",
	 "Featherstonehaugh", 300, 10, PW_ERROR},
	{"text-fit", "  - {text: \"{name}\", at: [2, 2, 40, 3], size: 4, min_size: 4}\n", "",
	 "Li Na", 300, 10, PW_ERROR}, /* too high */
	{"text-cut", "  - {text: \"{name}\", at: [2, 2, 10, 3], cut: end}\n", "",
	 "Wilhelmina Featherstonehaugh", 300, 10, PW_WARNING},
	{"text-small", "  - {text: \"{name}\", at: [2, 2, 10, 3], size: 0.9}\n", "", "Li", 203, 10,
	 PW_WARNING},
	{NULL, "  - {text: \"{name}\", at: [2, 2, 10, 3], size: 0.9}\n", "", "Li", 300, 0, 0},
	{"unprintable", "  - {text: \"{name}\", at: [2, 2, 30, 4]}\n", "", "Li \xCD\xB8", 300, 10,
	 PW_ERROR},
	{"outside", "  - {text: \"{name}\", at: [30, 2, 30, 4], align: right}\n", "", "Li", 300, 10,
	 PW_ERROR},
	{"outside", "  - {line: [2, 2, 2, 31]}\n", "", "", 300, 10, PW_ERROR},
	{"outside", TEXT "  - {qr: \"{id}\", at: [35, 2, 20, 20]}\n", "4711", "", 300, 11,
	 PW_ERROR},
	{"unread", "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n", "4711", "", 300, 10, PW_ERROR},
	{"unread",
	 "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n  - {text: \"{name}\", at: [2, 24, 44, 4]}\n",
	 "4711", "4712", 300, 10, PW_ERROR},
	{"unread",
	 "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n  - {text: \"{id:last3}\", at: [2, 24, 44, 4]}\n",
	 "SZT00000124M", "", 300, 10, PW_ERROR},
	{NULL,
	 "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n  - {text: \"{id:last4}\", at: [2, 24, 44, 4]}\n",
	 "SZT00000124M", "", 300, 0, 0},
	{NULL,
	 "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n  - {text: \"{id:grouped}\", at: [2, 24, 44, 4]}\n",
	 "SZT00000124M", "", 300, 0, 0},
	{NULL, TEXT "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n", "A-7:", "", 300, 0, 0},
	{"unread",
	 "  - {qr: \"{id}\", at: [5, 2, 20, 20]}\n"
	 "  - {text: \"{id}\", at: [2, 24, 9, 4], size: 2, min_size: 2, cut: end}\n",
	 "SZT00000124M", "", 300, 10, PW_ERROR}, /* shortened, it says nothing */
};

START_TEST(test_what_cannot_be_printed_or_read_is_found)
{
	pw_label_template *t = fixture_with(cases[_i].elements);
	pw_label_values values =
		fixture_values((const char *[]){"id", cases[_i].id, "name", cases[_i].name, NULL});
	pw_report report = lint(t, &values, cases[_i].dpi);
	print(&report);
	if (cases[_i].code == NULL) {
		ck_assert_uint_eq(report.len, 0);
	} else {
		const pw_finding *f = find(&report, cases[_i].code);
		ck_assert_msg(f != NULL, "no finding '%s'", cases[_i].code);
		ck_assert_int_eq(f->line, cases[_i].line);
		ck_assert_int_eq(f->column, 5);
		ck_assert_int_eq(f->severity, cases[_i].severity);
	}
	pw_report_clear(&report);
	pw_label_template_free(t);
}
END_TEST

START_TEST(test_the_corners_of_a_round_label_are_outside)
{
	pw_label_template *t = fixture_template(
		"poolwell: label/1\nname: test\nversion: 1\nsize: [20, 20]\nround: yes\nelements:\n"
		"  - {box: [5, 5, 10, 10], fill: yes}\n  - {box: [1, 1, 5, 5], fill: yes}\n");
	pw_label_values values = {NULL, 0};
	pw_report report = lint(t, &values, 300);
	ck_assert_uint_eq(report.len, 1);
	ck_assert_str_eq(report.findings[0].code, "outside");
	ck_assert_int_eq(report.findings[0].line, 8);
	pw_report_clear(&report);
	pw_label_template_free(t);
}
END_TEST

Suite *suite_lint(void);

Suite *suite_lint(void)
{
	Suite *s = suite_create("lint");
	TCase *c = tcase_create("all");
	int count = 0;
	while (pw_shipped_templates[count].name != NULL)
		count++;
	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_every_shipped_template_is_clean, 0, 3 * count);
	tcase_add_loop_test(c, test_what_cannot_be_printed_or_read_is_found, 0,
			    (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(c, test_the_corners_of_a_round_label_are_outside);
	suite_add_tcase(s, c);
	return s;
}
