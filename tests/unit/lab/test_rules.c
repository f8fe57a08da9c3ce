#include <stdio.h>
#include <string.h>

#include "core/model/shipped.h"
#include "tests/unit/lab/bench.h"

static pw_status enforce(const char *kind, const char *name, const char *text)
{
	pw_report_clear(&fx.report);
	return pw_lab_enforce(fx.lab, kind, name, text, text != NULL ? strlen(text) : 0, &fx.report,
			      &fx.err);
}

/* The version that is in force, 0 for none. */
static int64_t in_force(const char *kind, const char *name)
{
	pw_rule_in_force_row row = {.version = 0};
	bool found;
	must(pw_q_rule_in_force(pw_lab_store(fx.lab), &fx.arena, kind, name, &row, &found,
				&fx.err));
	return row.version;
}

/* A table with one target and the name "t"; `more` stands at its end. */
static const char *assay(int version, const char *cutoff, const char *more)
{
	return pw_arena_printf(&fx.arena,
			       "poolwell: assay/1\nname: t\nversion: %d\nattempts: 1\n"
			       "targets:\n  - name: T\n    bands:\n"
			       "      - {band: pos, cq: \"< %s\"}\n"
			       "      - {band: neg, cq: [\">= %s\", none]}\n"
			       "calls:\n  - {when: {T: pos}, call: positive}\n%s",
			       version, cutoff, cutoff, more);
}

#define NEGATIVE "  - {when: {T: neg}, call: negative}\n"

static const char *policy(int version, const char *invalid)
{
	return pw_arena_printf(
		&fx.arena,
		"poolwell: profile/1\nname: cn\nversion: %d\n"
		"pool: {positive_notify: yes, positive_isolate: true, inconclusive: recall, "
		"invalid: %s, negative_says: \"\", open_says: wait}\n"
		"person: {positive_isolate: true, max_reswabs: 2}\novertime: 1\n",
		version, invalid);
}

/* ---------------------------------------------------------------- put in force */

START_TEST(test_a_new_laboratory_has_every_layout_and_the_assays_it_chose)
{
	for (const pw_embedded *e = pw_shipped_layouts; e->name != NULL; e++) {
		char name[64];
		const pw_layout *layout;
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(e->name, "."), e->name);
		ck_assert_int_eq(in_force("layout", name), 1);
		must(pw_lab_layout(fx.lab, name, &layout, &fx.err));
		ck_assert_str_eq(layout->name, name);
	}
	ck_assert_int_eq(in_force("assay", "cdc-n1-n2-rp"), 1);
	ck_assert_int_eq(in_force("assay", "salivadirect"), 0);
	ck_assert_int_eq(in_force("profile", "cn"), 2);
}
END_TEST

START_TEST(test_a_shipped_rule_is_put_in_force_by_name)
{
	const pw_assay *out;
	fails(pw_lab_assay(fx.lab, "salivadirect", &out, &fx.err), PW_ERR_NOT_FOUND,
	      "'salivadirect'", "'poolwell rule enforce assay NAME'");
	must(enforce("assay", "salivadirect", NULL));
	must(pw_lab_assay(fx.lab, "salivadirect", &out, &fx.err));
	ck_assert_str_eq(pw_assay_name(out), "salivadirect");
}
END_TEST

static const char *const kinds[] = {"assay", "layout", "profile"};

START_TEST(test_a_rule_that_does_not_come_with_the_program)
{
	static const char *const there[] = {"cdc-n1-n2-rp", "std96-row", "us"};
	fails(enforce(kinds[_i], "nonesuch", NULL), PW_ERR_NOT_FOUND, kinds[_i], "'nonesuch'",
	      there[_i], "or give a file");
}
END_TEST

START_TEST(test_the_same_bytes_again_change_nothing)
{
	fixture_mark();
	must(enforce("assay", "cdc-n1-n2-rp", NULL));
	must(enforce("layout", "std96", NULL));
	must(enforce("profile", "cn", NULL));
	ck_assert_int_eq(fact_count(), fx.facts);
}
END_TEST

START_TEST(test_other_content_needs_another_version)
{
	must(enforce("assay", "t.yaml", assay(1, "40", NEGATIVE)));
	fails(enforce("assay", "t.yaml", assay(1, "38", NEGATIVE)), PW_ERR_EXISTS, "version 1",
	      "'t'", "give the new content a new version");
	must(enforce("assay", "t.yaml", assay(2, "38", NEGATIVE)));
	ck_assert_int_eq(in_force("assay", "t"), 2);
}
END_TEST

/* The new version is worse: the one before comes back as it was. */
START_TEST(test_an_earlier_version_is_put_in_force_again)
{
	const pw_assay *out;
	must(enforce("assay", "t.yaml", assay(1, "40", NEGATIVE)));
	must(enforce("assay", "t.yaml", assay(2, "38", NEGATIVE)));
	fixture_mark();
	must(enforce("assay", "t.yaml", assay(1, "40", NEGATIVE)));
	ck_assert_int_eq(fact_count(), fx.facts + 1);
	ck_assert_int_eq(in_force("assay", "t"), 1);
	must(pw_lab_assay(fx.lab, "t", &out, &fx.err));
	ck_assert_int_eq(pw_assay_version(out), 1);
	fails(enforce("assay", "t.yaml", assay(2, "39", NEGATIVE)), PW_ERR_EXISTS, "version 2");
}
END_TEST

START_TEST(test_a_table_with_a_hole_is_not_put_in_force)
{
	refused_unrecorded(enforce("assay", "t.yaml", assay(1, "40", "")), "assay-incomplete",
			   "'t'", "mend the table");
	finding("hole", WORDS("T neg"));
	ck_assert_int_eq(in_force("assay", "t"), 0);
}
END_TEST

START_TEST(test_a_table_with_an_overlap_is_not_put_in_force)
{
	refused_unrecorded(
		enforce("assay", "t.yaml",
			assay(1, "40", NEGATIVE "  - {when: {T: pos}, call: negative}\n")),
		"assay-incomplete", "'t'");
	finding("overlap", WORDS("T pos"));
}
END_TEST

static const char *const published[] = {"taqpath-rutgers-published.yaml",
					"stanford-published.yaml"};

START_TEST(test_the_published_tables_with_holes_are_refused)
{
	static char bytes[65536];
	char path[1024];
	snprintf(path, sizeof(path), "%s/tests/data/assays/%s", PW_SOURCE_DIR, published[_i]);
	FILE *f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "%s", path);
	bytes[fread(bytes, 1, sizeof(bytes) - 1, f)] = '\0';
	fclose(f);
	refused_unrecorded(enforce("assay", published[_i], bytes), "assay-incomplete", "hole");
	finding("hole", WORDS(""));
}
END_TEST

static const struct {
	const char *kind, *text;
} broken[] = {
	{"assay", "poolwell: layout/1\nname: t\nversion: 1\n"},
	{"layout",
	 "poolwell: layout/1\nname: t\nversion: 1\nwells: 95\norder: row\ncontrols: []\n"},
	{"profile", "poolwell: profile/1\nname: t\nversion: 1\n"},
	{"assay", "{"},
	{"layout", ""},
};

START_TEST(test_a_broken_rule_says_where)
{
	fails(enforce(broken[_i].kind, "mine.yaml", broken[_i].text), PW_ERR_FORMAT, "mine.yaml");
}
END_TEST

/* ---------------------------------------------------------------- which rule made a call */

static int64_t run_on(const char *plate, double value)
{
	bench_run *run = run_of(plate);
	cq(run, "A1", "T", value);
	must_import(run);
	return run->out.run;
}

static const char *rule_set_of(int64_t run)
{
	pw_run_find_row row;
	bool found;
	must(pw_q_run_find(pw_lab_store(fx.lab), &fx.arena, run, &row, &found, &fx.err));
	return row.assay_hash;
}

START_TEST(test_a_plate_is_called_by_the_rules_it_was_stamped_with)
{
	const pw_assay *out;
	must(enforce("assay", "t.yaml", assay(1, "40", NEGATIVE)));
	receive("T1", 1, 1, 1);
	receive("T2", 1, 2, 1);
	extract("E1", "open96", WORDS("T1"));
	extract("E2", "open96", WORDS("T2"));
	stamp("Q1", "E1", "t");
	must(enforce("assay", "t.yaml", assay(2, "38", NEGATIVE)));
	stamp("Q2", "E2", "t");
	fixture_reopen();
	int64_t first = run_on("Q1", 39), second = run_on("Q2", 39);
	ck_assert_str_eq(status_of(1), "positive");
	ck_assert_str_eq(status_of(2), "negative");
	ck_assert_str_ne(rule_set_of(first), rule_set_of(second));
	must(pw_lab_assay_of(fx.lab, rule_set_of(first), &out, &fx.err));
	ck_assert_int_eq(pw_assay_version(out), 1);
	must(pw_lab_assay_of(fx.lab, rule_set_of(second), &out, &fx.err));
	ck_assert_int_eq(pw_assay_version(out), 2);
}
END_TEST

START_TEST(test_a_layout_changes_for_new_plates_only)
{
	static const char v2[] = "poolwell: layout/1\nname: std96\nversion: 2\nwells: 96\n"
				 "order: row\ncontrols: []\n";
	const pw_layout *out;
	pw_filled next;
	receive("T1", 1, 1, 1);
	receive("T2", 1, 2, 1);
	new_plate("E1", "std96");
	must(enforce("layout", "std96.yaml", v2));
	new_plate("E2", "std96");
	fill("E1", "T1");
	must(pw_lab_next_well(fx.lab, "E1", &next, &fx.err));
	ck_assert_int_eq(next.next.row, 1);
	fill("E2", "T2");
	must(pw_lab_next_well(fx.lab, "E2", &next, &fx.err));
	ck_assert_int_eq(next.next.col, 1);
	must(pw_lab_layout_of(fx.lab, plate_row("E1")->layout_hash, &out, &fx.err));
	ck_assert_int_eq(out->version, 1);
}
END_TEST

START_TEST(test_a_rule_set_that_is_not_kept)
{
	static const char none[] =
		"0000000000000000000000000000000000000000000000000000000000000000";
	const pw_assay *a;
	const pw_layout *l;
	ck_assert_int_eq(pw_lab_assay_of(fx.lab, none, &a, &fx.err), PW_ERR_NOT_FOUND);
	ck_assert_int_eq(pw_lab_layout_of(fx.lab, none, &l, &fx.err), PW_ERR_NOT_FOUND);
	fails(pw_lab_layout(fx.lab, "std95", &l, &fx.err), PW_ERR_NOT_FOUND, "'std95'",
	      "'poolwell rule list'");
}
END_TEST

/* ---------------------------------------------------------------- policies */

START_TEST(test_one_policy_is_in_force_and_it_can_change_back)
{
	ck_assert_str_eq(pw_lab_profile(fx.lab)->name, "cn");
	must(enforce("profile", "us", NULL));
	ck_assert_str_eq(pw_lab_profile(fx.lab)->name, "us");
	ck_assert_int_eq(in_force("profile", "cn"), 0);
	fixture_reopen();
	ck_assert_str_eq(pw_lab_profile(fx.lab)->name, "us");
	must(enforce("profile", "cn", NULL));
	ck_assert_str_eq(pw_lab_profile(fx.lab)->name, "cn");
	fixture_reopen();
	ck_assert_str_eq(pw_lab_profile(fx.lab)->name, "cn");
	ck_assert_int_eq(in_force("profile", "us"), 0);
}
END_TEST

/* The manager changes the policy at another computer, while a bench is at work. */
START_TEST(test_a_policy_holds_at_once_for_every_bench)
{
	pw_lab *office = NULL, *bench = fx.lab;
	pw_clock clock = pw_clock_fixed(&fx.now);
	singles_on_a_plate(1);
	receive("P", 10, 2, 2);
	extract("E2", "std96", WORDS("P"));
	stamp("Q2", "E2", "cdc-n1-n2-rp");
	must(pw_lab_open(fx.path, &office, &fx.err));
	must(pw_lab_session(office, "bo", "office", &clock, NULL, &fx.err));
	must(pw_lab_enforce(office, "profile", "us", NULL, 0, NULL, &fx.err));
	pw_lab_close(office);
	ck_assert_ptr_eq(bench, fx.lab);
	bench_run *run = run_of("Q2");
	positive(run, "A1");
	must_import(run);
	ck_assert_int_eq(recall_of("P", 2)->notify, 0);
	ck_assert_str_eq(pw_lab_profile(fx.lab)->name, "us");
}
END_TEST

START_TEST(test_a_policy_of_the_laboratorys_own)
{
	fails(enforce("profile", "cn.yaml", policy(3, "recall")), PW_ERR_FORMAT, "overtime");
	pw_str text = PW_STR_INIT;
	pw_str_add(&text, policy(3, "recall"));
	pw_str_truncate(&text, text.len - strlen("overtime: 1\n"));
	pw_str_add(&text, "overdue_hours: {others: 8}\n");
	must(enforce("profile", "cn.yaml", pw_str_text(&text)));
	ck_assert_int_eq(pw_lab_profile(fx.lab)->version, 3);
	ck_assert_int_eq(pw_lab_profile(fx.lab)->max_reswabs, 2);
	ck_assert_int_eq(pw_lab_time_allowed(fx.lab, true), 8 * PW_HOUR);
	pw_str_clear(&text);
}
END_TEST

Suite *suite_rules(void);
Suite *suite_rules(void)
{
	Suite *suite = suite_create("rules");
	TCase *force = fixture_case(suite, "in force", fixture_cn);
	tcase_add_test(force, test_a_new_laboratory_has_every_layout_and_the_assays_it_chose);
	tcase_add_test(force, test_a_shipped_rule_is_put_in_force_by_name);
	tcase_add_loop_test(force, test_a_rule_that_does_not_come_with_the_program, 0,
			    COUNT(kinds));
	tcase_add_test(force, test_the_same_bytes_again_change_nothing);
	tcase_add_test(force, test_other_content_needs_another_version);
	tcase_add_test(force, test_an_earlier_version_is_put_in_force_again);
	tcase_add_test(force, test_a_table_with_a_hole_is_not_put_in_force);
	tcase_add_test(force, test_a_table_with_an_overlap_is_not_put_in_force);
	tcase_add_loop_test(force, test_the_published_tables_with_holes_are_refused, 0,
			    COUNT(published));
	tcase_add_loop_test(force, test_a_broken_rule_says_where, 0, COUNT(broken));
	TCase *calls = fixture_case(suite, "rule sets", fixture_cn);
	tcase_add_test(calls, test_a_plate_is_called_by_the_rules_it_was_stamped_with);
	tcase_add_test(calls, test_a_layout_changes_for_new_plates_only);
	tcase_add_test(calls, test_a_rule_set_that_is_not_kept);
	TCase *policies = fixture_case(suite, "policies", fixture_cn);
	tcase_add_test(policies, test_one_policy_is_in_force_and_it_can_change_back);
	tcase_add_test(policies, test_a_policy_holds_at_once_for_every_bench);
	tcase_add_test(policies, test_a_policy_of_the_laboratorys_own);
	return suite;
}
