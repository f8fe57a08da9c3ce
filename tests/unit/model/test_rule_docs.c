/* The examples in the reference pages are files that work, and the pages name all that there is. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/str.h"
#include "core/model/assay.h"
#include "core/model/layout.h"
#include "core/model/profile.h"
#include "core/model/shipped.h"

static char page[65536];

static void read_page(const char *name)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/docs/reference/%s", PW_SOURCE_DIR, name);
	FILE *f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "%s: cannot be read", path);
	size_t n = fread(page, 1, sizeof(page) - 1, f);
	fclose(f);
	page[n] = '\0';
}

/* The first example of the page that is a whole file; its end is cut off. */
static const char *whole_example(void)
{
	static const char mark[] = "```yaml\npoolwell: ";
	char *start = strstr(page, mark);
	ck_assert_ptr_nonnull(start);
	start += strlen("```yaml\n");
	char *end = strstr(start, "```");
	ck_assert_ptr_nonnull(end);
	*end = '\0';
	return start;
}

START_TEST(test_the_example_assay_is_sound)
{
	read_page("assays.md");
	const char *text = whole_example();
	pw_assay *assay = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_assay_parse(text, strlen(text), "assays.md", &assay, &err) == PW_OK, "%s",
		      err.msg);
	pw_report report = PW_REPORT_INIT;
	pw_assay_lint(assay, &report);
	ck_assert_msg(report.len == 0, "%s", report.len > 0 ? report.findings[0].text : "");
	pw_report_clear(&report);
	pw_assay_free(assay);
}
END_TEST

START_TEST(test_the_example_layout_and_profile_are_read)
{
	pw_err err = PW_ERR_INIT;
	pw_layout *layout = NULL;
	pw_profile *profile = NULL;
	read_page("layouts.md");
	const char *text = whole_example();
	ck_assert_msg(pw_layout_parse(text, strlen(text), "layouts.md", &layout, &err) == PW_OK,
		      "%s", err.msg);
	read_page("profiles.md");
	text = whole_example();
	ck_assert_msg(pw_profile_parse(text, strlen(text), "profiles.md", &profile, &err) == PW_OK,
		      "%s", err.msg);
	pw_layout_free(layout);
	pw_profile_free(profile);
}
END_TEST

static void page_names(const char *format, const char *word)
{
	char text[128];
	snprintf(text, sizeof(text), "`%s`", word);
	ck_assert_msg(strstr(page, text) != NULL, "%s: %s is not there", format, text);
}

static void page_names_files(const char *name, const pw_embedded *files)
{
	read_page(name);
	for (const pw_embedded *e = files; e->name != NULL; e++) {
		char word[64];
		snprintf(word, sizeof(word), "%.*s", (int)(strlen(e->name) - strlen(".yaml")),
			 e->name);
		page_names(name, word);
	}
}

START_TEST(test_the_pages_name_every_shipped_file_and_finding)
{
	page_names_files("profiles.md", pw_shipped_profiles);
	for (int g = 0; g < PW_GROUP_COUNT; g++)
		page_names("profiles.md", pw_group_name((pw_group)g));
	page_names_files("layouts.md", pw_shipped_layouts);
	page_names_files("assays.md", pw_shipped_assays);
	static const char *const words[] = {"band-hole",   "band-overlap",
					    "hole",        "overlap",
					    "last-word",   "unreached-row",
					    "unused-band", "control-silent",
					    "no-controls", "same_bands_as",
					    "instruments", "after",
					    "attempt",     "note",
					    "required",    "expect",
					    "covers",      "stage",
					    "count",       "number",
					    "report",      "repeat-pcr",
					    "re-extract",  "new-specimen",
					    "well",        "extraction-plate",
					    "pcr-plate",   "run",
					    "unknown",     "no-amp",
					    "inconclusive"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		page_names("assays.md", words[i]);
}
END_TEST

Suite *suite_rule_docs(void);

Suite *suite_rule_docs(void)
{
	Suite *suite = suite_create("rule_docs");
	TCase *tcase = tcase_create("rule_docs");
	tcase_add_test(tcase, test_the_example_assay_is_sound);
	tcase_add_test(tcase, test_the_example_layout_and_profile_are_read);
	tcase_add_test(tcase, test_the_pages_name_every_shipped_file_and_finding);
	suite_add_tcase(suite, tcase);
	return suite;
}
