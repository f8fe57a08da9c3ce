#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/ident.h"
#include "tests/unit/lab/bench.h"

#define HEAD "name,national_id,external_id,phone,village,household,group,kind\n"

static pw_roster_outcome taken(const char *name, const char *text, bool link_known)
{
	pw_roster_outcome out;
	must(roster(name, text, link_known, &out));
	return out;
}

/* Refused as a whole, with this finding in this line. */
static void wrong(const char *text, bool link_known, const char *code, int line,
		  const char *const *words)
{
	pw_roster_outcome out;
	int64_t last;
	pw_subject_last_row row;
	bool found;
	must(pw_q_subject_last(pw_lab_store(fx.lab), &fx.arena, &row, &found, &fx.err));
	last = row.subject;
	fails(roster("more.csv", text, link_known, &out), PW_ERR_FORMAT, "nothing was imported");
	ck_assert_int_eq(finding(code, words)->line, line);
	must(pw_q_subject_last(pw_lab_store(fx.lab), &fx.arena, &row, &found, &fx.err));
	ck_assert_int_eq(row.subject, last);
}

static const pw_subject_find_row *subject_row(int64_t subject)
{
	pw_subject_find_row *row = pw_arena_alloc(&fx.arena, sizeof(*row));
	bool found;
	must(pw_q_subject_find(pw_lab_store(fx.lab), &fx.arena, subject, row, &found, &fx.err));
	ck_assert(found);
	return row;
}

static const char *code_of(int n)
{
	char code[24];
	pw_lab_subject_code(fx.lab, subject(n), code);
	return pw_arena_strdup(&fx.arena, code);
}

/* ---------------------------------------------------------------- what is registered */

START_TEST(test_people_and_places_are_registered)
{
	pw_roster_outcome out = taken("market.csv",
				      HEAD "李娜,,L1,13800000099,V1,H7,close-contact,\n"
					   "Stall 12,,M-12,,V1,,,place\n",
				      false);
	ck_assert(!out.known);
	ck_assert_uint_eq(out.registered, 2);
	ck_assert_uint_eq(out.linked, 0);
	ck_assert_int_eq(out.last_subject, out.first_subject + 1);
	const pw_subject_find_row *row = subject_row(out.first_subject);
	ck_assert_str_eq(row->name, "李娜");
	ck_assert_str_eq(row->kind, "person");
	ck_assert_str_eq(row->grp, "close-contact");
	ck_assert_str_eq(row->village, "V1");
	ck_assert_str_eq(row->household, "H7");
	ck_assert_ptr_null(row->national_id);
	row = subject_row(out.last_subject);
	ck_assert_str_eq(row->kind, "place");
	ck_assert_str_eq(row->grp, "voluntary");
	ck_assert_ptr_null(row->phone);
	ck_assert_ptr_null(row->household);
}
END_TEST

START_TEST(test_every_number_makes_a_code_that_can_be_scanned)
{
	for (int i = 1; i <= PEOPLE; i++) {
		pw_ident ident;
		int64_t found;
		must(pw_ident_parse(code_of(i), &ident, &fx.err));
		ck_assert_int_eq(ident.kind, PW_KIND_SUBJECT);
		must(pw_lab_find_subject(fx.lab, code_of(i), &found, &fx.err));
		ck_assert_int_eq(found, subject(i));
	}
}
END_TEST

START_TEST(test_a_region_is_one_region)
{
	pw_region_last_row row;
	bool found;
	must(pw_q_region_last(pw_lab_store(fx.lab), &fx.arena, &row, &found, &fx.err));
	ck_assert_int_eq(row.region, 4); /* V1 to V4 */
	static const char text[] = "name,external_id,city,county,township,village\n"
				   "a,L1,Shenzhen,Nanshan,Yuehai,V2\n"
				   "b,L2,Shenzhen,Nanshan,Yuehai,V9\n"
				   "c,L3,Shenzhen,Nanshan,Yuehai,V2\n";
	pw_roster_outcome out = taken("late.csv", text, false);
	must(pw_q_region_last(pw_lab_store(fx.lab), &fx.arena, &row, &found, &fx.err));
	ck_assert_int_eq(row.region, 5);
	ck_assert_int_eq(subject_row(out.first_subject)->region, subject_row(subject(11))->region);
	ck_assert_int_eq(subject_row(out.last_subject)->region, subject_row(subject(11))->region);
}
END_TEST

static const pw_encoding encodings[] = {PW_UTF8, PW_UTF16LE, PW_UTF16BE, PW_GB18030};

START_TEST(test_a_name_is_what_was_typed_in_any_encoding)
{
	static const char text[] = "姓名,编号,人群\n欧阳小龙,L1,密切接触者\n";
	const pw_roster_opts opts = {.link_known = false};
	pw_roster_outcome out;
	pw_str bytes = PW_STR_INIT;
	must(pw_text_encode(text, strlen(text), encodings[_i], &bytes, &fx.err));
	must(pw_lab_import_roster(fx.lab, bytes.ptr, bytes.len, "名单.csv", &opts, &out, NULL,
				  &fx.err));
	ck_assert_str_eq(subject_row(out.first_subject)->name, "欧阳小龙");
	ck_assert_str_eq(subject_row(out.first_subject)->grp, "close-contact");
	pw_str_clear(&bytes);
}
END_TEST

/* ---------------------------------------------------------------- whole or not at all */

START_TEST(test_one_wrong_row_refuses_the_file)
{
	pw_roster_outcome out;
	fails(roster("more.csv", HEAD "李一,,L1,,V1,,,\n,,L2,,V1,,,\n李三,,L3,,V1,,,\n", false,
		     &out),
	      PW_ERR_FORMAT, "more.csv");
	ck_assert_int_eq(finding("missing-name", WORDS("name"))->line, 3);
	int64_t nobody;
	refused_unrecorded(pw_lab_find_subject(fx.lab, "L1", &nobody, &fx.err), "subject-unknown",
			   "'L1'");
	/* mended, it is another file */
	ck_assert_uint_eq(
		taken("more.csv", HEAD "李一,,L1,,V1,,,\n李二,,L2,,V1,,,\n", false).registered, 2);
}
END_TEST

START_TEST(test_the_same_file_again_changes_nothing)
{
	static const char text[] = HEAD "李一,,L1,,V1,,,\n";
	taken("a.csv", text, false);
	fixture_mark();
	pw_roster_outcome out = taken("copy of a.csv", text, true);
	ck_assert(out.known);
	ck_assert_uint_eq(out.registered + out.linked, 0);
	ck_assert_uint_eq(strlen(out.hash), PW_HASH_HEX - 1);
	ck_assert_int_eq(fact_count(), fx.facts);
}
END_TEST

START_TEST(test_a_file_that_was_something_else)
{
	static const char text[] = "name,external_id,box,tube\n李一,L1,B1,T1\n";
	pw_manifest_outcome m;
	pw_roster_outcome out;
	must(pw_lab_import_manifest(fx.lab, text, strlen(text), "boxes.csv", &m, NULL, &fx.err));
	fails(roster("people.csv", text, false, &out), PW_ERR_EXISTS, "manifest", "'boxes.csv'",
	      "give the roster");
}
END_TEST

/* ---------------------------------------------------------------- who is known */

START_TEST(test_who_is_known_is_named)
{
	wrong(HEAD "李一,,L1,,V1,,,\n王07,,E07,,V1,,,\n", false, "known", 3,
	      WORDS("external id E07", code_of(7), "'王07'", "--known link"));
	wrong(HEAD "王01," E01_NATIONAL_ID ",,,V1,,,\n", false, "known", 2,
	      WORDS("national id " E01_NATIONAL_ID, code_of(1)));
}
END_TEST

START_TEST(test_who_is_known_is_linked_on_order)
{
	pw_roster_outcome out = taken("again.csv",
				      HEAD "李一,,L1,,V1,,,\n王07,,E07,,V1,,,\n"
					   "王01," E01_NATIONAL_ID ",X1,,V1,,,\n",
				      true);
	int64_t who;
	ck_assert_uint_eq(out.registered, 1);
	ck_assert_uint_eq(out.linked, 2);
	must(pw_lab_find_subject(fx.lab, "again.csv:3", &who, &fx.err));
	ck_assert_int_eq(who, subject(7));
	must(pw_lab_find_subject(fx.lab, "again.csv:4", &who, &fx.err));
	ck_assert_int_eq(who, subject(1));
	must(pw_lab_find_subject(fx.lab, "again.csv:2", &who, &fx.err));
	ck_assert_int_eq(who, out.first_subject);
}
END_TEST

START_TEST(test_another_name_is_another_matter)
{
	for (int link = 0; link <= 1; link++)
		wrong(HEAD "李七,,E07,,V1,,,\n", link == 1, "known-other-name", 2,
		      WORDS("external id E07", code_of(7), "'王07'", "another name",
			    "find out who is right"));
}
END_TEST

START_TEST(test_two_people_in_one_row)
{
	wrong(HEAD "王01," E01_NATIONAL_ID ",E07,,V1,,,\n", true, "known-twice", 2,
	      WORDS(E01_NATIONAL_ID, "'王01'", "E07", "'王07'", "two people"));
}
END_TEST

/* By the national id in one row, by the external id in another: one person twice in one file. */
START_TEST(test_one_person_in_two_rows)
{
	static const char text[] = HEAD "王01," E01_NATIONAL_ID ",X1,,V1,,,\n"
					"李一,,L1,,V1,,,\n"
					"王01,,E01,,V1,,,\n";
	wrong(text, true, "known-in-two-rows", 2, WORDS("line 4", code_of(1), "mend one"));
	ck_assert_int_eq(findings("known-in-two-rows"), 2);
	ck_assert_int_eq(finding("known-in-two-rows", WORDS("line 2"))->line, 4);
}
END_TEST

START_TEST(test_all_that_is_wrong_is_said_at_once)
{
	pw_roster_outcome out;
	fails(roster("more.csv",
		     HEAD "王02,,E02,,V1,,,\n李一,,L1,,V1,,,\n李三,,E03,,V1,,,\n"
			  "王04,,E04,,V1,,,\n",
		     false, &out),
	      PW_ERR_FORMAT, "3 rows");
	ck_assert_uint_eq(fx.report.errors, 3);
	ck_assert_int_eq(finding("known-other-name", WORDS("E03"))->line, 4);
}
END_TEST

/* ---------------------------------------------------------------- the right rows now, the wrong ones later */

static pw_status leave_wrong(const char *text, bool link_known, pw_roster_outcome *out)
{
	const pw_roster_opts opts = {.link_known = link_known, .leave_wrong = true};
	pw_report_clear(&fx.report);
	return pw_lab_import_roster(fx.lab, text, strlen(text), "half.csv", &opts, out, &fx.report,
				    &fx.err);
}

START_TEST(test_wrong_rows_are_left_out_on_order)
{
	pw_roster_outcome out;
	pw_journal_at_row row;
	int64_t who;
	bool found;
	must(leave_wrong(HEAD "李一,,L1,,V1,,,\n"
			      ",,L2,,V1,,,\n"           /* no name */
			      "王07,,E07,,V1,,,\n"      /* known */
			      "李四,,L4,,V1,,heroes,\n" /* no such group */
			      "李五,,L5,,V1,,,\n",
			 false, &out));
	ck_assert_uint_eq(out.registered, 2);
	ck_assert_uint_eq(out.linked, 0);
	ck_assert_uint_eq(out.left_out, 3);
	ck_assert_uint_eq(fx.report.errors, 3);
	ck_assert_int_eq(finding("known", WORDS("E07"))->line, 4);
	must(pw_lab_find_subject(fx.lab, "L5", &who, &fx.err));
	ck_assert_int_eq(who, out.last_subject);
	must(pw_lab_find_subject(fx.lab, "half.csv:6", &who, &fx.err));
	ck_assert_int_eq(who, out.last_subject);
	refused_unrecorded(pw_lab_find_subject(fx.lab, "L4", &who, &fx.err), "subject-unknown",
			   "'L4'");
	must(pw_q_journal_at(pw_lab_store(fx.lab), &fx.arena, fact_count(), &row, &found, &fx.err));
	ck_assert_ptr_nonnull(strstr(row.body, "\"left_out\":3"));
	must(roster("mended.csv", HEAD "李二,,L2,,V1,,,\n李四,,L4,,V1,,,\n", false, &out));
	ck_assert_uint_eq(out.registered, 2);
}
END_TEST

START_TEST(test_the_known_are_linked_and_the_wrong_left_out)
{
	pw_roster_outcome out;
	must(leave_wrong(HEAD "王07,,E07,,V1,,,\n李八,,E08,,V1,,,\n李一,,L1,,V1,,,\n", true, &out));
	ck_assert_uint_eq(out.registered, 1);
	ck_assert_uint_eq(out.linked, 1);
	ck_assert_uint_eq(out.left_out, 1);
	finding("known-other-name", WORDS("E08"));
}
END_TEST

START_TEST(test_a_file_of_wrong_rows_alone_is_refused)
{
	pw_roster_outcome out;
	fails(leave_wrong(HEAD ",,L1,,V1,,,\n", false, &out), PW_ERR_FORMAT, "half.csv");
	fails(leave_wrong(HEAD "王01," E01_NATIONAL_ID ",X1,,V1,,,\n王01,,E01,,V1,,,\n", true,
			  &out),
	      PW_ERR_FORMAT, "nothing was imported");
}
END_TEST

/* ---------------------------------------------------------------- many */

#define MANY 100000

START_TEST(test_a_hundred_thousand_people)
{
	pw_str text = PW_STR_INIT;
	const pw_roster_opts opts = {.link_known = false};
	pw_roster_outcome out;
	pw_str_add(&text, "name,external_id,phone,city,county,township,village,household\n");
	for (int i = 0; i < MANY; i++)
		pw_str_addf(&text, "居民%06d,R%06d,139%08d,Shenzhen,Futian,Lianhua,V%d,H%d\n", i, i,
			    i, i / 1000, i / 3);
	fixture_mark();
	must(pw_lab_import_roster(fx.lab, text.ptr, text.len, "city.csv", &opts, &out, NULL,
				  &fx.err));
	ck_assert_uint_eq(out.registered, MANY);
	/* the file, its 100 regions, and a thousand people to a fact */
	ck_assert_int_eq(fact_count(), fx.facts + 1 + 100 + MANY / 1000);
	int64_t who;
	must(pw_lab_find_subject(fx.lab, "R099999", &who, &fx.err));
	ck_assert_int_eq(who, out.last_subject);
	pw_str_clear(&text);
}
END_TEST

Suite *suite_rosters(void);
Suite *suite_rosters(void)
{
	Suite *suite = suite_create("rosters");
	TCase *registered = fixture_case(suite, "registered", fixture_cn);
	tcase_add_test(registered, test_people_and_places_are_registered);
	tcase_add_test(registered, test_every_number_makes_a_code_that_can_be_scanned);
	tcase_add_test(registered, test_a_region_is_one_region);
	tcase_add_loop_test(registered, test_a_name_is_what_was_typed_in_any_encoding, 0,
			    COUNT(encodings));
	TCase *whole = fixture_case(suite, "whole or not at all", fixture_cn);
	tcase_add_test(whole, test_one_wrong_row_refuses_the_file);
	tcase_add_test(whole, test_the_same_file_again_changes_nothing);
	tcase_add_test(whole, test_a_file_that_was_something_else);
	TCase *known = fixture_case(suite, "known", fixture_cn);
	tcase_add_test(known, test_who_is_known_is_named);
	tcase_add_test(known, test_who_is_known_is_linked_on_order);
	tcase_add_test(known, test_another_name_is_another_matter);
	tcase_add_test(known, test_two_people_in_one_row);
	tcase_add_test(known, test_one_person_in_two_rows);
	tcase_add_test(known, test_all_that_is_wrong_is_said_at_once);
	TCase *half = fixture_case(suite, "wrong rows left out", fixture_cn);
	tcase_add_test(half, test_wrong_rows_are_left_out_on_order);
	tcase_add_test(half, test_the_known_are_linked_and_the_wrong_left_out);
	tcase_add_test(half, test_a_file_of_wrong_rows_alone_is_refused);
	TCase *many = fixture_case(suite, "many", fixture_cn);
	tcase_set_timeout(many, 300);
	tcase_add_test(many, test_a_hundred_thousand_people);
	return suite;
}
