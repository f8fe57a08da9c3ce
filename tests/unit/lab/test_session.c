#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/lab/bench.h"

static const pw_named anna[] = {{"anna", NULL}};

static pw_lab_setup good_setup(void)
{
	return (pw_lab_setup){.name = "Another laboratory",
			      .issuer = "PC",
			      .profile = "us",
			      .operators = anna,
			      .operator_count = 1,
			      .station = "bench-1",
			      .clock = pw_clock_fixed(&fx.now)};
}

static pw_status try_session(const char *operator_id)
{
	pw_clock clock = pw_clock_fixed(&fx.now);
	return pw_lab_session(fx.lab, operator_id, "bench-1", &clock, NULL, &fx.err);
}

static pw_status try_open_tube(pw_lab *lab, const char *tube)
{
	const pw_tube_opening in = {.tube = tube, .capacity = 10, .site = "S1"};
	return pw_lab_open_tube(lab, &in, &fx.err);
}

/* ---------------------------------------------------------------- begin a laboratory */

START_TEST(test_a_laboratory_begins)
{
	pw_lab_setup setup = good_setup();
	must(pw_lab_init(fx.path, &setup, &fx.lab, &fx.err));
	ck_assert_str_eq(pw_lab_name(fx.lab), "Another laboratory");
	ck_assert_str_eq(pw_lab_issuer(fx.lab), "PC");
	ck_assert_str_eq(pw_lab_operator(fx.lab), "anna");
	ck_assert_str_eq(pw_lab_profile(fx.lab)->name, "us");
	pw_clock clock = pw_lab_clock(fx.lab);
	ck_assert_int_eq(pw_clock_now(&clock), fx.now);
	pw_lab *second = NULL;
	fails(pw_lab_init(fx.path, &setup, &second, &fx.err), PW_ERR_EXISTS, fx.path);
	ck_assert_ptr_null(second);
	must(pw_lab_session(fx.lab, NULL, "bench-1", &clock, NULL, &fx.err));
	ck_assert_str_eq(pw_lab_operator(fx.lab), "anna");
}
END_TEST

static const pw_named bad_operator[] = {{"anna ek", NULL}};
static const pw_named twins[] = {{"anna", NULL}, {"anna", NULL}};
static const char *const no_assay[] = {"cdc-n1-n2-rp", "nonesuch"};

static void spoil(pw_lab_setup *setup, int how, pw_status *rc, const char **word)
{
	*rc = PW_ERR_ARG;
	switch (how) {
	case 0:
		setup->name = "";
		*word = "--name";
		break;
	case 1:
		setup->issuer = "Sz";
		*word = "'Sz'";
		break;
	case 2:
		setup->issuer = "TOOLONG";
		*word = "2 to 4";
		break;
	case 3:
		setup->operator_count = 0;
		*word = "--operator";
		break;
	case 4:
		setup->operators = bad_operator;
		*word = "'anna ek'";
		break;
	case 5:
		setup->operators = twins;
		setup->operator_count = 2;
		*word = "'anna' is registered already";
		*rc = PW_ERR_EXISTS;
		break;
	case 6:
		setup->profile = "nonesuch";
		*word = "no profile 'nonesuch'";
		*rc = PW_ERR_NOT_FOUND;
		break;
	default:
		setup->assays = no_assay;
		setup->assay_count = 2;
		*word = "no assay 'nonesuch'";
		*rc = PW_ERR_NOT_FOUND;
		break;
	}
}

static int files_in_folder(void)
{
	int n = 0;
	DIR *dir = opendir(fx.dir);
	ck_assert_ptr_nonnull(dir);
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
		n += e->d_name[0] != '.' ? 1 : 0;
	closedir(dir);
	return n;
}

START_TEST(test_a_beginning_that_fails_leaves_no_file)
{
	pw_lab_setup setup = good_setup();
	pw_status rc;
	const char *word;
	spoil(&setup, _i, &rc, &word);
	fails(pw_lab_init(fx.path, &setup, &fx.lab, &fx.err), rc, word);
	ck_assert_ptr_null(fx.lab);
	ck_assert_int_eq(files_in_folder(), 0);
}
END_TEST

START_TEST(test_what_is_no_laboratory_is_not_opened)
{
	const pw_lab_created created = {.name = "Half a laboratory", .issuer = "PC"};
	pw_clock clock = pw_clock_fixed(&fx.now);
	pw_store *store = NULL;
	fails(pw_lab_open(fx.path, &fx.lab, &fx.err), PW_ERR_NOT_FOUND, "lab.db");
	must(pw_store_create(fx.path, &store, &fx.err));
	fails(pw_lab_open(fx.path, &fx.lab, &fx.err), PW_ERR_CORRUPT, "lab.db", "no laboratory",
	      "restore a copy");
	pw_store_session(store, "anna", "bench-1", &clock);
	must(pw_store_begin(store, NULL, &fx.err));
	must(pw_store_end(store, pw_lab_created_append(store, &created, &fx.err), &fx.err));
	pw_store_close(store);
	fails(pw_lab_open(fx.path, &fx.lab, &fx.err), PW_ERR_CORRUPT, "no reporting policy",
	      "restore a copy");
	FILE *f = fopen(fx.path, "wb");
	ck_assert_ptr_nonnull(f);
	fputs("not a database, but a letter of some length to somebody who is far away\n", f);
	fclose(f);
	fails(pw_lab_open(fx.path, &fx.lab, &fx.err), PW_ERR_FORMAT, "lab.db");
	pw_lab_close(NULL);
}
END_TEST

/* ---------------------------------------------------------------- who works */

START_TEST(test_somebody_who_works_here_is_named)
{
	fails(try_session(NULL), PW_ERR_ARG, "--as OPERATOR", "anna, bo");
	fails(try_session("eve"), PW_ERR_NOT_FOUND, "'eve'", "anna, bo", "'poolwell lab operator'");
	must(try_session("bo"));
	ck_assert_str_eq(pw_lab_operator(fx.lab), "bo");
	must(pw_lab_add_operator(fx.lab, "eve", "Eve Lam", &fx.err));
	must(try_session("eve"));
}
END_TEST

static const char *const bad_names[] = {
	"",  "an na", "a,b", "a;b", "a\tb", "\"a\"", "12345678901234567890123456789012345678901",
	NULL};

START_TEST(test_short_names_are_short)
{
	fails(pw_lab_add_operator(fx.lab, bad_names[_i], NULL, &fx.err), PW_ERR_ARG,
	      "no short name for an operator");
	fails(pw_lab_add_site(fx.lab, bad_names[_i], NULL, &fx.err), PW_ERR_ARG,
	      "no short name for a site");
}
END_TEST

START_TEST(test_short_names_are_taken_once)
{
	fails(pw_lab_add_operator(fx.lab, "anna", "Anna Lund", &fx.err), PW_ERR_EXISTS, "'anna'",
	      "Anna Ek", "another short name");
	fails(pw_lab_add_site(fx.lab, "S1", NULL, &fx.err), PW_ERR_EXISTS, "'S1'", "North gate",
	      "another short name");
	must(pw_lab_add_site(fx.lab, "S3", "Harbour", &fx.err));
	pw_sites_row *rows;
	size_t count;
	must(pw_q_sites(pw_lab_store(fx.lab), &fx.arena, &rows, &count, &fx.err));
	ck_assert_uint_eq(count, 3);
	ck_assert_str_eq(rows[1].name, "S2"); /* without a name: its short one */
	ck_assert_str_eq(rows[2].name, "Harbour");
}
END_TEST

START_TEST(test_an_empty_reason_is_none)
{
	int n;
	as("anna", "");
	fails(pw_lab_recall_tube(fx.lab, "T1", &n, &fx.err), PW_ERR_ARG, "needs a reason",
	      "--reason TEXT");
	fails(pw_lab_void_plate(fx.lab, "Q1", &n, &fx.err), PW_ERR_ARG, "voiding a plate");
	fails(pw_lab_clear_well(fx.lab, "E1", "A1", &fx.err), PW_ERR_ARG, "taking a fill back");
	fails(pw_lab_withdraw_swab(fx.lab, "T1", "E01", &fx.err), PW_ERR_ARG, "taking a scan back");
	fails(pw_lab_accept_clock(fx.lab, &fx.err), PW_ERR_ARG, "accepting the clock");
}
END_TEST

/* ---------------------------------------------------------------- the clock */

START_TEST(test_a_clock_that_was_set_back_is_accepted_with_a_reason)
{
	open_tube("T1", 10);
	fx.now -= PW_SECOND; /* no two clocks agree to the second */
	must(try_open_tube(fx.lab, "T2"));
	ck_assert_int_eq(tube_row("T2")->opened_at, tube_row("T1")->opened_at);
	fx.now -= PW_HOUR;
	fails(try_open_tube(fx.lab, "T3"), PW_ERR_CLOCK, "clock", "'poolwell lab clock");
	as("bo", "it showed daylight saving time");
	must(pw_lab_accept_clock(fx.lab, &fx.err));
	as("anna", NULL);
	must(try_open_tube(fx.lab, "T3"));
	ck_assert_int_eq(tube_row("T3")->opened_at, fx.now);
}
END_TEST

START_TEST(test_a_clock_that_is_right_is_not_accepted)
{
	open_tube("T1", 10);
	as("bo", "to be sure");
	refused_unrecorded(pw_lab_accept_clock(fx.lab, &fx.err), "clock-right",
			   "not behind the journal", "nothing to accept");
	fx.now += PW_HOUR;
	refused_unrecorded(pw_lab_accept_clock(fx.lab, &fx.err), "clock-right", "clock");
}
END_TEST

/* What can't be recorded is refused all the same, and said. */
START_TEST(test_a_refusal_that_can_not_be_recorded_stands)
{
	open_tube("T1", 10);
	fx.now -= PW_HOUR;
	fixture_mark();
	ck_assert_int_eq(try_open_tube(fx.lab, "T1"), PW_ERR_REFUSED);
	ck_assert_str_eq(fx.err.code, "tube-used");
	ck_assert_ptr_nonnull(strstr(fx.err.msg, "could not be recorded"));
	ck_assert_ptr_nonnull(strstr(fx.err.msg, "'T1'"));
	ck_assert_int_eq(fact_count(), fx.facts);
	as("bo", "it showed daylight saving time");
	must(pw_lab_accept_clock(fx.lab, &fx.err));
}
END_TEST

/* ---------------------------------------------------------------- several as one */

START_TEST(test_several_scans_are_one)
{
	fixture_mark();
	must(pw_lab_begin(fx.lab, &fx.err));
	must(try_open_tube(fx.lab, "T1"));
	must(try_open_tube(fx.lab, "T2"));
	must(pw_lab_end(fx.lab, PW_OK, &fx.err));
	ck_assert_int_eq(fact_count(), fx.facts + 2);
}
END_TEST

START_TEST(test_several_scans_are_none)
{
	fixture_mark();
	must(pw_lab_begin(fx.lab, &fx.err));
	must(try_open_tube(fx.lab, "T1"));
	ck_assert_int_eq(try_open_tube(fx.lab, "T1"), PW_ERR_REFUSED);
	ck_assert_int_eq(pw_lab_end(fx.lab, PW_ERR_REFUSED, &fx.err), PW_ERR_REFUSED);
	ck_assert_int_eq(fact_count(), fx.facts);
}
END_TEST

START_TEST(test_a_refusal_among_several_is_not_recorded_by_itself)
{
	fixture_mark();
	must(pw_lab_begin(fx.lab, &fx.err));
	must(try_open_tube(fx.lab, "T1"));
	ck_assert_int_eq(try_open_tube(fx.lab, "T1"), PW_ERR_REFUSED);
	must(try_open_tube(fx.lab, "T2"));
	must(pw_lab_end(fx.lab, PW_OK, &fx.err));
	ck_assert_int_eq(fact_count(), fx.facts + 2);
	refused(try_open_tube(fx.lab, "T1"), "tube-used", "'T1'");
}
END_TEST

/* ---------------------------------------------------------------- several benches */

static pw_lab *second_bench(void)
{
	pw_lab *lab = NULL;
	pw_clock clock = pw_clock_fixed(&fx.now);
	must(pw_lab_open(fx.path, &lab, &fx.err));
	must(pw_lab_session(lab, "bo", "bench-2", &clock, NULL, &fx.err));
	return lab;
}

START_TEST(test_two_benches_see_each_others_scans)
{
	pw_lab *other = second_bench();
	pw_swab_outcome out;
	open_tube("T1", 1);
	must(pw_lab_take_swab(other, "T1", "E01", &out, &fx.err));
	refused(pw_lab_take_swab(fx.lab, "T1", "E02", &out, &fx.err), "tube-full", "'T1'");
	must(pw_lab_close_tube(other, "T1", 1, &fx.err));
	refused(try_open_tube(fx.lab, "T1"), "tube-used", "'T1'", "closed");
	pw_lab_close(other);
}
END_TEST

START_TEST(test_a_bench_that_waits_too_long_is_told)
{
	pw_lab *other = second_bench();
	pw_store_patience(pw_lab_store(other), PW_SECOND / 10);
	must(pw_lab_begin(fx.lab, &fx.err));
	must(try_open_tube(fx.lab, "T1"));
	ck_assert_int_eq(try_open_tube(other, "T2"), PW_ERR_BUSY);
	must(pw_lab_end(fx.lab, PW_OK, &fx.err));
	must(try_open_tube(other, "T2"));
	refused(try_open_tube(fx.lab, "T2"), "tube-used", "'T2'");
	pw_lab_close(other);
}
END_TEST

/* ---------------------------------------------------------------- a busy database */

static pw_status busy_roster(pw_lab *lab)
{
	static const char text[] = "name,external_id\n李,L1\n";
	const pw_roster_opts opts = {.link_known = false};
	pw_roster_outcome out;
	return pw_lab_import_roster(lab, text, strlen(text), "a.csv", &opts, &out, NULL, &fx.err);
}

static pw_status busy_log(pw_lab *lab)
{
	static const char text[] = "at,action,tube\n2026-11-23 08:00,open,T9\n";
	pw_log_outcome out;
	return pw_lab_import_log(lab, text, strlen(text), "a.csv", "S1", &out, NULL, &fx.err);
}

static pw_status busy_manifest(pw_lab *lab)
{
	static const char text[] = "box,tube\nB1,T1\n";
	pw_manifest_outcome out;
	return pw_lab_import_manifest(lab, text, strlen(text), "a.csv", &out, NULL, &fx.err);
}

static pw_status busy_open(pw_lab *lab)
{
	return try_open_tube(lab, "T9");
}

static pw_status busy_swab(pw_lab *lab)
{
	pw_swab_outcome out;
	return pw_lab_take_swab(lab, "T1", "E02", &out, &fx.err);
}

static pw_status busy_withdraw(pw_lab *lab)
{
	return pw_lab_withdraw_swab(lab, "T1", "E01", &fx.err);
}

static pw_status busy_close(pw_lab *lab)
{
	return pw_lab_close_tube(lab, "T1", 1, &fx.err);
}

static pw_status busy_receive(pw_lab *lab)
{
	pw_received out;
	return pw_lab_receive_tube(lab, "T2", NULL, &out, &fx.err);
}

static pw_status busy_reject(pw_lab *lab)
{
	int n;
	return pw_lab_reject_tube(lab, "T2", "leaking", &n, &fx.err);
}

static pw_status busy_box(pw_lab *lab)
{
	pw_box_count out;
	return pw_lab_close_box(lab, "B1", &out, &fx.err);
}

static pw_status busy_hand_over(pw_lab *lab)
{
	return pw_lab_hand_over(lab, "B1", "chen", "driver", &fx.err);
}

static pw_status busy_plate(pw_lab *lab)
{
	return pw_lab_create_plate(lab, "E9", "std96", &fx.err);
}

static pw_status busy_fill(pw_lab *lab)
{
	pw_filled out;
	return pw_lab_fill_well(lab, "E1", "T3", NULL, &out, &fx.err);
}

static pw_status busy_clear(pw_lab *lab)
{
	return pw_lab_clear_well(lab, "E1", "A1", &fx.err);
}

static pw_status busy_seal(pw_lab *lab)
{
	int n;
	return pw_lab_seal_plate(lab, "E1", &n, &fx.err);
}

static pw_status busy_stamp(pw_lab *lab)
{
	pw_stamped out;
	return pw_lab_stamp_plate(lab, "Q9", "E1", "cdc-n1-n2-rp", &out, &fx.err);
}

static pw_status busy_void(pw_lab *lab)
{
	int n;
	return pw_lab_void_plate(lab, "E1", &n, &fx.err);
}

static pw_status busy_run(pw_lab *lab)
{
	static const char text[] = ",Well,Fluor,Target,Content,Sample,Cq\n,A01,FAM,N1,Unkn,T1,25\n";
	const pw_run_opts opts = {.plate = "Q1"};
	pw_run_outcome out;
	return pw_lab_import_run(lab, text, strlen(text), "Q1 -  Quantification Cq Results.csv",
				 &opts, &out, NULL, &fx.err);
}

static pw_status busy_recall(pw_lab *lab)
{
	int n;
	return pw_lab_recall_tube(lab, "T1", &n, &fx.err);
}

static pw_status busy_rule(pw_lab *lab)
{
	return pw_lab_enforce(lab, "assay", "salivadirect", NULL, 0, NULL, &fx.err);
}

static pw_status busy_operator(pw_lab *lab)
{
	return pw_lab_add_operator(lab, "eve", NULL, &fx.err);
}

static pw_status busy_site(pw_lab *lab)
{
	return pw_lab_add_site(lab, "S9", NULL, &fx.err);
}

static pw_status (*const use_cases[])(pw_lab *lab) = {
	busy_roster, busy_log,     busy_manifest, busy_open,  busy_swab,      busy_withdraw,
	busy_close,  busy_receive, busy_reject,   busy_box,   busy_hand_over, busy_plate,
	busy_fill,   busy_clear,   busy_seal,     busy_stamp, busy_void,      busy_run,
	busy_recall, busy_rule,    busy_operator, busy_site,
};

/* While one bench writes, another that has waited long enough is told, and nothing of its work is there; then
 * it goes on, whatever the rules say to it. */
START_TEST(test_no_use_case_gets_past_a_writer)
{
	pw_lab *other = second_bench();
	pw_clock clock = pw_clock_fixed(&fx.now);
	open_tube("T1", 10);
	swab("T1", 1);
	must(pw_lab_session(other, "bo", "bench-2", &clock, "to try", &fx.err));
	pw_store_patience(pw_lab_store(other), PW_SECOND / 100);
	must(pw_lab_begin(fx.lab, &fx.err));
	fx.err = (pw_err)PW_ERR_INIT;
	pw_status rc = use_cases[_i](other);
	ck_assert_msg(rc == PW_ERR_BUSY, "%s: %s", pw_status_name(rc), fx.err.msg);
	must(pw_lab_end(fx.lab, PW_OK, &fx.err));
	rc = use_cases[_i](other);
	ck_assert_msg(rc == PW_OK || rc == PW_ERR_REFUSED, "%s: %s", pw_status_name(rc),
		      fx.err.msg);
	pw_lab_close(other);
}
END_TEST

/* Who does not want to know why passes NULL; the refusal is on record all the same. */
START_TEST(test_errors_may_be_passed_over)
{
	const pw_tube_opening in = {.tube = "T1", .capacity = 10, .site = "S1"};
	static const char log[] = "at,action,tube,subject\n2026-11-23 08:00,add,T9,E01\n";
	pw_log_outcome out;
	pw_refusals_row *rows;
	size_t count;
	must(pw_lab_open_tube(fx.lab, &in, NULL));
	fixture_mark();
	ck_assert_int_eq(pw_lab_open_tube(fx.lab, &in, NULL), PW_ERR_REFUSED);
	ck_assert_int_eq(fact_count(), fx.facts + 1);
	must(pw_q_refusals(pw_lab_store(fx.lab), &fx.arena, 0, INT64_MAX, &rows, &count, &fx.err));
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(rows[0].scan, "T1");
	ck_assert_str_eq(rows[0].code, "refused");
	ck_assert_int_eq(
		pw_lab_import_log(fx.lab, log, strlen(log), "a.csv", "S1", &out, NULL, NULL),
		PW_ERR_FORMAT);
	ck_assert_int_eq(fact_count(), fx.facts + 1);
}
END_TEST

Suite *suite_session(void);
Suite *suite_session(void)
{
	Suite *suite = suite_create("session");
	TCase *begin = fixture_case(suite, "begin", fixture_folder);
	tcase_add_test(begin, test_a_laboratory_begins);
	tcase_add_loop_test(begin, test_a_beginning_that_fails_leaves_no_file, 0, 8);
	tcase_add_test(begin, test_what_is_no_laboratory_is_not_opened);
	TCase *people = fixture_case(suite, "people", fixture_cn);
	tcase_add_test(people, test_somebody_who_works_here_is_named);
	tcase_add_loop_test(people, test_short_names_are_short, 0, COUNT(bad_names));
	tcase_add_test(people, test_short_names_are_taken_once);
	tcase_add_test(people, test_an_empty_reason_is_none);
	TCase *clock = fixture_case(suite, "clock", fixture_cn);
	tcase_add_test(clock, test_a_clock_that_was_set_back_is_accepted_with_a_reason);
	tcase_add_test(clock, test_a_clock_that_is_right_is_not_accepted);
	tcase_add_test(clock, test_a_refusal_that_can_not_be_recorded_stands);
	TCase *several = fixture_case(suite, "several", fixture_cn);
	tcase_add_test(several, test_several_scans_are_one);
	tcase_add_test(several, test_several_scans_are_none);
	tcase_add_test(several, test_a_refusal_among_several_is_not_recorded_by_itself);
	tcase_add_test(several, test_two_benches_see_each_others_scans);
	tcase_add_test(several, test_a_bench_that_waits_too_long_is_told);
	tcase_add_loop_test(several, test_no_use_case_gets_past_a_writer, 0, COUNT(use_cases));
	tcase_add_test(several, test_errors_may_be_passed_over);
	return suite;
}
