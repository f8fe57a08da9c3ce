#include <stdio.h>
#include <string.h>

#include "core/model/ident.h"
#include "tests/unit/lab/bench.h"

/* One of the laboratory's own codes, of the first number from `serial` on that can be printed. */
static const char *own_code(char kind, int64_t serial)
{
	char code[PW_IDENT_SIZE];
	while (!pw_ident_make("SZ", kind, serial, code))
		serial++;
	return pw_arena_strdup(&fx.arena, code);
}

static const char *mistyped(const char *code)
{
	char *copy = pw_arena_strdup(&fx.arena, code);
	copy[5] = copy[5] == '9' ? '8' : '9';
	return copy;
}

static pw_status try_open(const char *tube, int capacity, const char *site)
{
	const pw_tube_opening in = {.tube = tube, .capacity = capacity, .site = site};
	return pw_lab_open_tube(fx.lab, &in, &fx.err);
}

static pw_status try_swab(const char *tube, const char *who)
{
	pw_swab_outcome out;
	return pw_lab_take_swab(fx.lab, tube, who, &out, &fx.err);
}

static const char *subject_code(int n)
{
	char code[24];
	pw_lab_subject_code(fx.lab, subject(n), code);
	return pw_arena_strdup(&fx.arena, code);
}

/* ---------------------------------------------------------------- open */

static const struct {
	int capacity, holds, household;
} capacities[] = {{1, 1, 0}, {5, 5, 0}, {10, 10, 0}, {20, 20, 0}, {0, 20, 1}};

START_TEST(test_a_tube_is_opened)
{
	must(try_open(" ]C0T1\r", capacities[_i].capacity, "S2"));
	const pw_tube_find_row *tube = tube_row("T1");
	ck_assert_str_eq(tube->issuer, "");
	ck_assert_int_eq(tube->capacity, capacities[_i].holds);
	ck_assert_int_eq(tube->household, capacities[_i].household);
	ck_assert_str_eq(tube->site, "S2");
	ck_assert_str_eq(tube->state, "open");
	ck_assert_int_eq(tube->swabs, 0);
	ck_assert_int_eq(tube->opened_at, fx.now);
	ck_assert_str_eq(tube->opened_by, "anna");
}
END_TEST

START_TEST(test_our_own_code_is_verified_and_known_as_ours)
{
	const char *code = own_code(PW_KIND_TUBE, 1);
	refused(try_open(mistyped(code), 10, "S1"), "check-character", mistyped(code),
		"scan it again");
	must(try_open(code, 10, "S1"));
	ck_assert_str_eq(tube_row(code)->issuer, "SZ");
}
END_TEST

START_TEST(test_a_code_of_ours_that_is_of_something_else_is_no_tube)
{
	const char *plate = own_code(PW_KIND_EXTRACTION_PLATE, 7);
	refused(try_open(plate, 10, "S1"), "not-a-tube", plate, "extraction plate",
		"scan the tube's code");
	const char *card = subject_code(3);
	refused(try_open(card, 10, "S1"), "not-a-tube", card, "subject");
}
END_TEST

START_TEST(test_a_foreign_code_that_begins_like_ours_is_taken)
{
	must(try_open("SZ-123", 10, "S1"));
	ck_assert_str_eq(tube_row("SZ-123")->issuer, "");
	must(try_open("PCT000000017", 10, "S1"));
}
END_TEST

#define TEN "1234567890"

static const struct {
	const char *scan, *code, *words[2];
} bad_scans[] = {
	{"", "scan-empty", {"scan it again", "nothing was read"}},
	{" \t\r\n", "scan-empty", {"scan it again", "nothing was read"}},
	{"]C0", "scan-empty", {"scan it again", "nothing was read"}},
	{"T\x01", "scan-control", {"control or invisible", "plain text"}},
	{"T\xe2\x80\x8b", "scan-control", {"control or invisible", "plain text"}},
	{"T\xff\xfe", "scan-control", {"not text in UTF-8", "scan another code"}},
	{"]E04006381333931", "scan-product", {"4006381333931", "scan the laboratory's label"}},
	{TEN TEN TEN TEN TEN TEN "12345", "scan-long", {"65 characters", "scan another one"}},
	{TEN TEN TEN TEN TEN TEN "1234", "scan-long", {TEN, "scan it again"}},
	{"王王王王王王王王王王王王王王王王王王王王王王", "scan-long", {"王", "scan it again"}},
};

/* Whatever a scanner sends, also what is no text, is refused and on record. */
START_TEST(test_a_scan_that_is_no_barcode_is_refused)
{
	const char *scan = bad_scans[_i].scan, *code = bad_scans[_i].code;
	const char *const *words = bad_scans[_i].words;
	pw_stamped stamped;
	pw_filled filled;
	pw_received received;
	int n;
	refused(try_open(scan, 10, "S1"), code, words[0], words[1]);
	refused(try_swab(scan, "E01"), code, words[0], words[1]);
	refused(pw_lab_close_tube(fx.lab, scan, 1, &fx.err), code, words[0], words[1]);
	refused(pw_lab_receive_tube(fx.lab, scan, NULL, &received, &fx.err), code, words[0]);
	refused(pw_lab_reject_tube(fx.lab, scan, "leaking", &n, &fx.err), code, words[0]);
	refused(pw_lab_create_plate(fx.lab, scan, "std96", &fx.err), code, words[0]);
	refused(pw_lab_seal_plate(fx.lab, scan, &n, &fx.err), code, words[0]);
	new_plate("E1", "std96");
	refused(pw_lab_fill_well(fx.lab, "E1", scan, NULL, &filled, &fx.err), code, words[0]);
	refused(pw_lab_fill_well(fx.lab, scan, "T1", NULL, &filled, &fx.err), code, words[0]);
	refused(pw_lab_stamp_plate(fx.lab, scan, "E1", "cdc-n1-n2-rp", &stamped, &fx.err), code,
		words[0]);
	refused(pw_lab_stamp_plate(fx.lab, "Q1", scan, "cdc-n1-n2-rp", &stamped, &fx.err), code,
		words[0]);
	as("anna", "because");
	refused(pw_lab_void_plate(fx.lab, scan, &n, &fx.err), code, words[0]);
	refused(pw_lab_recall_tube(fx.lab, scan, &n, &fx.err), code, words[0]);
	refused(pw_lab_clear_well(fx.lab, scan, "A1", &fx.err), code, words[0]);
	refused(pw_lab_withdraw_swab(fx.lab, scan, "E01", &fx.err), code, words[0]);
}
END_TEST

START_TEST(test_a_very_long_scan_is_recorded_short)
{
	char *scan = pw_arena_alloc(&fx.arena, 2000001);
	pw_refusals_row *rows;
	size_t count;
	memset(scan, 'x', 2000000);
	refused(try_open(scan, 10, "S1"), "scan-long", "2000000 characters");
	must(pw_q_refusals(pw_lab_store(fx.lab), &fx.arena, 0, INT64_MAX, &rows, &count, &fx.err));
	ck_assert_uint_lt(strlen(rows[0].scan), 300);
}
END_TEST

START_TEST(test_a_tube_has_one_of_five_sizes)
{
	fails(try_open("T1", 7, "S1"), PW_ERR_ARG, "1, 5, 10 or 20", "hold 7 swabs");
	fails(try_open("T1", -1, "S1"), PW_ERR_ARG, "one household", "hold -1 swabs");
}
END_TEST

START_TEST(test_a_tube_is_opened_at_a_registered_site)
{
	fails(try_open("T1", 10, "S9"), PW_ERR_NOT_FOUND, "'S9'", "'poolwell lab site' adds one");
}
END_TEST

START_TEST(test_a_tube_is_used_once)
{
	collect("T1", 10, 1, 2);
	fx.now += PW_DAY;
	refused(try_open("T1", 10, "S2"), "tube-used", "'T1'", "2026-11-23 14:05", "at S1",
		"closed", "take a new tube");
}
END_TEST

/* ---------------------------------------------------------------- take a swab */

START_TEST(test_a_swab_says_who_and_which_place)
{
	pw_swab_outcome out;
	open_tube("T1", 5);
	swab("T1", 7);
	must(pw_lab_take_swab(fx.lab, "T1", "E08", &out, &fx.err));
	ck_assert_int_eq(out.subject, subject(8));
	ck_assert_int_eq(out.place, 2);
	ck_assert_int_eq(out.capacity, 5);
	ck_assert_int_eq(out.result, 2);
	ck_assert(!out.again);
	ck_assert_str_eq(out.name, "王08");
	all_are(7, 8, "open");
	ck_assert_str_eq(status_of(9), "");
}
END_TEST

START_TEST(test_a_person_is_named_in_many_ways)
{
	char grouped[PW_IDENT_SIZE];
	pw_ident ident;
	pw_documents_row *documents;
	size_t count;
	open_tube("T1", 10);
	must(try_swab("T1", "]Q3 11010519491231002x "));
	must(try_swab("T1", subject_code(2)));
	must(pw_ident_parse(subject_code(3), &ident, &fx.err));
	pw_ident_grouped(&ident, grouped);
	must(try_swab("T1", grouped));
	must(try_swab("T1", "people.csv:5"));
	must(pw_q_documents(pw_lab_store(fx.lab), &fx.arena, &documents, &count, &fx.err));
	const char *hash = documents[count - 1].hash;
	must(try_swab("T1", pw_arena_printf(&fx.arena, "%.6s:6", hash)));
	must(try_swab("T1",
		      pw_arena_printf(&fx.arena, "%s:7", pw_arena_strndup(&fx.arena, hash, 20))));
	must(try_swab("T1", "E07"));
	all_are(1, 7, "open");
	ck_assert_int_eq(tube_row("T1")->swabs, 7);
}
END_TEST

START_TEST(test_a_national_id_is_found_however_it_is_typed)
{
	pw_roster_outcome out;
	int64_t who;
	must(roster("abroad.csv", "name,national_id\nZoë O'Hara,xk 1234567\n", false, &out));
	static const char *const typed[] = {"XK1234567", "xk1234567", "Xk 1234567", "]C0xk1234567"};
	for (int i = 0; i < COUNT(typed); i++) {
		must(pw_lab_find_subject(fx.lab, typed[i], &who, &fx.err));
		ck_assert_int_eq(who, out.first_subject);
	}
	must(pw_lab_find_subject(fx.lab, "110105-19491231-002x", &who, &fx.err));
	ck_assert_int_eq(who, subject(1));
}
END_TEST

START_TEST(test_nobody_is_guessed_at)
{
	const char *card = subject_code(3);
	open_tube("T1", 10);
	refused(try_swab("T1", "E99"), "subject-unknown", "'E99'", "on no roster",
		"register the person, or scan again");
	refused(try_swab("T1", mistyped(card)), "check-character", mistyped(card), "scan it again");
	const char *nobody = own_code(PW_KIND_SUBJECT, 99999);
	refused(try_swab("T1", nobody), "subject-unknown", nobody, "nobody here has it",
		"another laboratory?");
	/* the card of another laboratory, with the number of somebody here */
	char other[PW_IDENT_SIZE];
	ck_assert(pw_ident_make("PC", PW_KIND_SUBJECT, subject(3), other));
	refused(try_swab("T1", other), "subject-unknown", other, "on no roster");
	const char *tube = own_code(PW_KIND_TUBE, 1);
	refused(try_swab("T1", tube), "not-a-subject", tube, "a tube", "scan the person's card");
	refused(try_swab("T1", "people.csv:42"), "subject-unknown", "'people.csv'", "line 42");
	refused(try_swab("T1", "people.csv:1"), "subject-unknown", "'people.csv'", "line 1");
	refused(try_swab("T1", "crowd.csv:2"), "subject-unknown", "'crowd.csv:2'");
	refused(try_swab("T1", "people.csv:x"), "subject-unknown", "'people.csv:x'");
	static const char long_name[] = "王王王王王王王王王王王王王王王王王王王王王王王王";
	refused(try_swab("T1", long_name), "subject-unknown", long_name);
	refused(try_swab("T1", TEN TEN TEN TEN TEN TEN "12345"), "scan-long", "65 characters");
	refused(try_swab("T1", ""), "scan-empty", "nothing was read");
	ck_assert_int_eq(tube_row("T1")->swabs, 0);
}
END_TEST

START_TEST(test_two_rosters_of_one_name_are_told_apart)
{
	pw_roster_outcome a, b;
	open_tube("T1", 10);
	must(roster("late.csv", "name,external_id\n李一,L1\n", false, &a));
	must(roster("late.csv", "name,external_id\n李二,L2\n", false, &b));
	refused(try_swab("T1", "late.csv:2"), "roster-ambiguous", "2 rosters", "'late.csv'",
		"give the beginning of the hash", ":2'");
	must(try_swab("T1", pw_arena_printf(&fx.arena, "%.8s:2", b.hash)));
	ck_assert_int_eq(tube_row("T1")->swabs, 1);
}
END_TEST

START_TEST(test_a_tube_that_nobody_opened_takes_nobody)
{
	refused(try_swab("T9", "E01"), "tube-not-opened", "'T9'", "put it aside");
}
END_TEST

START_TEST(test_a_person_is_in_a_tube_once)
{
	open_tube("T1", 10);
	swab("T1", 1);
	swab("T1", 2);
	refused(try_swab("T1", "E01"), "person-twice", "王01", "'T1'", "swab 1",
		"scan the next person");
	must(pw_lab_close_tube(fx.lab, "T1", 2, &fx.err));
	refused(try_swab("T1", "E02"), "person-twice", "王02", "swab 2");
}
END_TEST

START_TEST(test_a_closed_tube_takes_nobody)
{
	collect("T1", 10, 1, 1);
	refused(try_swab("T1", "E02"), "tube-closed", "'T1'", "closed", "open a new tube");
}
END_TEST

START_TEST(test_a_full_tube_takes_nobody)
{
	open_tube("T1", 5);
	for (int i = 1; i <= 5; i++)
		swab("T1", i);
	refused(try_swab("T1", "E06"), "tube-full", "'T1'", "5 of 5",
		"close it and open a new tube");
	must(pw_lab_close_tube(fx.lab, "T1", 5, &fx.err));
}
END_TEST

START_TEST(test_a_household_has_a_tube_of_its_own)
{
	open_tube("T1", 0);
	for (int i = 1; i <= 4; i++)
		swab("T1", i);
	refused(try_swab("T1", "E05"), "other-household", "'T1'", "王01", "'H1'", "王05", "'H2'",
		"open another tube");
	/* the same number of a house, in another village */
	pw_roster_outcome out;
	must(roster("far.csv", "name,external_id,city,village,household\n李,L1,Shenzhen,V9,H1\n",
		    false, &out));
	refused(try_swab("T1", "L1"), "other-household", "王01", "李");
}
END_TEST

/* Nobody knows whose household it is: neither the first nor a later one is taken on trust. */
START_TEST(test_who_has_no_household_is_in_no_household_tube)
{
	pw_roster_outcome out;
	must(roster("far.csv", "name,external_id,city,village,household\n李,L1,Shenzhen,V9,\n",
		    false, &out));
	open_tube("T1", 0);
	refused(try_swab("T1", "L1"), "household-unknown", "'T1'", "李", "open a tube that is not");
	swab("T1", 1);
	refused(try_swab("T1", "L1"), "household-unknown", "'T1'", "李");
	open_tube("T2", 5);
	must(try_swab("T2", "L1"));
}
END_TEST

START_TEST(test_who_waits_is_not_swabbed_again_without_a_reason)
{
	pw_swab_outcome out;
	collect("T1", 10, 1, 2);
	open_tube("T2", 10);
	refused(try_swab("T2", "E01"), "person-waiting", "王01", "'T1'", "closed",
		"2026-11-23 14:05", "--reason");
	as("anna", "T1 may have been mixed up");
	must(pw_lab_take_swab(fx.lab, "T2", "E01", &out, &fx.err));
	ck_assert(!out.again);
	ck_assert_int_eq(out.result, 1);
	as("anna", NULL);
	refused(try_swab("T2", "E02"), "person-waiting", "王02");
}
END_TEST

START_TEST(test_who_has_an_answer_may_come_again)
{
	pw_swab_outcome out;
	singles_on_a_plate(1);
	must_import(run_of("Q1"));
	ck_assert_str_eq(status_of(1), "negative");
	open_tube("T9", 10);
	must(pw_lab_take_swab(fx.lab, "T9", "E01", &out, &fx.err));
	ck_assert_int_eq(out.result, 2);
	ck_assert(!out.again);
	ck_assert_str_eq(status_of(1), "open");
}
END_TEST

START_TEST(test_who_is_recalled_is_swabbed_singly)
{
	pw_swab_outcome out;
	int recalled;
	collect("T1", 10, 1, 2);
	must(pw_lab_reject_tube(fx.lab, "T1", "leaking", &recalled, &fx.err));
	open_tube("T2", 10);
	refused(try_swab("T2", "E01"), "recall-single", "王01", "'T1'",
		"open a tube of capacity 1");
	as("anna", "no matter what");
	refused(try_swab("T2", "E01"), "recall-single", "王01");
	as("anna", NULL);
	open_tube("T3", 1);
	must(pw_lab_take_swab(fx.lab, "T3", "E01", &out, &fx.err));
	ck_assert(out.again);
	ck_assert_int_eq(out.result, 1);
	ck_assert_str_eq(recall_of("T1", 1)->done_tube, "T3");
	ck_assert_ptr_null(recall_of("T1", 2)->done_tube);
	ck_assert_int_eq(open_recalls(), 1);
}
END_TEST

/* ---------------------------------------------------------------- take back */

START_TEST(test_a_scan_is_taken_back_with_a_reason)
{
	pw_swab_outcome out;
	open_tube("T1", 5);
	swab("T1", 1);
	swab("T1", 2);
	fails(pw_lab_withdraw_swab(fx.lab, "T1", "E01", &fx.err), PW_ERR_ARG, "needs a reason",
	      "--reason");
	as("anna", "went home");
	must(pw_lab_withdraw_swab(fx.lab, "T1", "E01", &fx.err));
	ck_assert_int_eq(tube_row("T1")->swabs, 1);
	ck_assert_str_eq(status_of(1), "withdrawn");
	as("anna", NULL);
	must(pw_lab_take_swab(fx.lab, "T1", "E03", &out, &fx.err));
	ck_assert_int_eq(out.place, 2); /* how many are in it, for who scans */
	must(pw_lab_take_swab(fx.lab, "T1", "E01", &out, &fx.err));
	ck_assert_int_eq(out.place, 3);
	ck_assert_int_eq(out.result, 4);
	ck_assert_str_eq(status_of(1), "open");
	must(pw_lab_close_tube(fx.lab, "T1", 3, &fx.err));
}
END_TEST

START_TEST(test_only_what_is_in_an_open_tube_is_taken_back)
{
	collect("T1", 5, 1, 1);
	open_tube("T2", 5);
	as("anna", "why not");
	refused(pw_lab_withdraw_swab(fx.lab, "T1", "E01", &fx.err), "tube-closed", "'T1'", "closed",
		"only while it is open");
	refused(pw_lab_withdraw_swab(fx.lab, "T2", "E01", &fx.err), "swab-unknown", "'E01'", "'T2'",
		"nothing to take back");
	refused(pw_lab_withdraw_swab(fx.lab, "T2", "E99", &fx.err), "subject-unknown", "'E99'");
	refused(pw_lab_withdraw_swab(fx.lab, "T3", "E01", &fx.err), "tube-not-opened", "'T3'");
}
END_TEST

START_TEST(test_a_recall_is_open_again_when_its_swab_is_taken_back)
{
	int recalled;
	collect("T1", 10, 1, 1);
	must(pw_lab_reject_tube(fx.lab, "T1", "empty", &recalled, &fx.err));
	open_tube("T2", 1);
	swab("T2", 1);
	ck_assert_int_eq(open_recalls(), 0);
	as("anna", "wrong person");
	must(pw_lab_withdraw_swab(fx.lab, "T2", "E01", &fx.err));
	ck_assert_int_eq(open_recalls(), 1);
	ck_assert_str_eq(status_of(1), "open");
}
END_TEST

/* A recall that somebody came to stays answered, whatever is taken back later. */
START_TEST(test_an_answered_recall_stays_answered)
{
	int recalled;
	collect("T1", 10, 1, 1);
	must(pw_lab_reject_tube(fx.lab, "T1", "empty", &recalled, &fx.err));
	receive("S1", 1, 1, 1);
	extract("E1", "std96", WORDS("S1"));
	stamp("Q1", "E1", "cdc-n1-n2-rp");
	must_import(run_of("Q1"));
	open_tube("T2", 10);
	swab("T2", 1);
	as("anna", "went home");
	must(pw_lab_withdraw_swab(fx.lab, "T2", "E01", &fx.err));
	ck_assert_int_eq(open_recalls(), 0);
	ck_assert_str_eq(recall_of("T1", 1)->done_tube, "S1");
}
END_TEST

/* Of two swabs the second is taken back: the person waits for the first, and is told so. */
START_TEST(test_who_is_taken_out_of_a_tube_waits_for_the_one_before)
{
	collect("T1", 5, 1, 1);
	as("anna", "a second look");
	open_tube("T2", 5);
	swab("T2", 1);
	must(pw_lab_withdraw_swab(fx.lab, "T2", "E01", &fx.err));
	as("anna", NULL);
	refused(try_swab("T2", "E01"), "person-waiting", "王01", "'T1'", "closed");
}
END_TEST

/* ---------------------------------------------------------------- close */

START_TEST(test_a_tube_is_closed_with_as_many_heads_as_swabs)
{
	open_tube("T1", 10);
	refused(pw_lab_close_tube(fx.lab, "T1", 0, &fx.err), "tube-empty", "'T1'",
		"scan the people, or leave it open");
	swab("T1", 1);
	swab("T1", 2);
	refused(pw_lab_close_tube(fx.lab, "T1", 3, &fx.err), "count-differs", "3 heads", "2 swabs",
		"'T1'", "count again");
	refused(pw_lab_close_tube(fx.lab, "T1", 1, &fx.err), "count-differs", "1 heads", "2 swabs");
	must(pw_lab_close_tube(fx.lab, "T1", 2, &fx.err));
	ck_assert_str_eq(state_of("T1"), "closed");
	ck_assert_int_eq(tube_row("T1")->closed_at.value, fx.now);
	refused(pw_lab_close_tube(fx.lab, "T1", 2, &fx.err), "tube-closed", "'T1'", "closed");
	refused(pw_lab_close_tube(fx.lab, "T2", 2, &fx.err), "tube-not-opened", "'T2'");
}
END_TEST

START_TEST(test_the_journal_keeps_who_and_why)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_journal_at_row row;
	pw_fact_summary summary;
	pw_str data = PW_STR_INIT;
	bool found;
	as("bo", "trying out");
	open_tube("T1", 5);
	must(pw_q_journal_at(pw_lab_store(fx.lab), &arena, fact_count(), &row, &found, &fx.err));
	must(pw_fact_describe(row.body, false, false, &summary, &data, &fx.err));
	ck_assert_str_eq(summary.name, "tube.opened/1");
	ck_assert_str_eq(summary.actor, "bo");
	ck_assert_str_eq(summary.station, "bench-1");
	ck_assert_str_eq(summary.reason, "trying out");
	ck_assert_int_eq(summary.at, fx.now);
	pw_str_clear(&data);
	pw_arena_clear(&arena);
}
END_TEST

Suite *suite_collect(void);
Suite *suite_collect(void)
{
	Suite *suite = suite_create("collect");
	TCase *open = fixture_case(suite, "open", fixture_cn);
	tcase_add_loop_test(open, test_a_tube_is_opened, 0, COUNT(capacities));
	tcase_add_test(open, test_our_own_code_is_verified_and_known_as_ours);
	tcase_add_test(open, test_a_code_of_ours_that_is_of_something_else_is_no_tube);
	tcase_add_test(open, test_a_foreign_code_that_begins_like_ours_is_taken);
	tcase_add_loop_test(open, test_a_scan_that_is_no_barcode_is_refused, 0, COUNT(bad_scans));
	tcase_add_test(open, test_a_very_long_scan_is_recorded_short);
	tcase_add_test(open, test_a_tube_has_one_of_five_sizes);
	tcase_add_test(open, test_a_tube_is_opened_at_a_registered_site);
	tcase_add_test(open, test_a_tube_is_used_once);
	TCase *take = fixture_case(suite, "swabs", fixture_cn);
	tcase_add_test(take, test_a_swab_says_who_and_which_place);
	tcase_add_test(take, test_a_person_is_named_in_many_ways);
	tcase_add_test(take, test_a_national_id_is_found_however_it_is_typed);
	tcase_add_test(take, test_nobody_is_guessed_at);
	tcase_add_test(take, test_two_rosters_of_one_name_are_told_apart);
	tcase_add_test(take, test_a_tube_that_nobody_opened_takes_nobody);
	tcase_add_test(take, test_a_person_is_in_a_tube_once);
	tcase_add_test(take, test_a_closed_tube_takes_nobody);
	tcase_add_test(take, test_a_full_tube_takes_nobody);
	tcase_add_test(take, test_a_household_has_a_tube_of_its_own);
	tcase_add_test(take, test_who_has_no_household_is_in_no_household_tube);
	tcase_add_test(take, test_who_waits_is_not_swabbed_again_without_a_reason);
	tcase_add_test(take, test_who_has_an_answer_may_come_again);
	tcase_add_test(take, test_who_is_recalled_is_swabbed_singly);
	TCase *back = fixture_case(suite, "taken back", fixture_cn);
	tcase_add_test(back, test_a_scan_is_taken_back_with_a_reason);
	tcase_add_test(back, test_only_what_is_in_an_open_tube_is_taken_back);
	tcase_add_test(back, test_a_recall_is_open_again_when_its_swab_is_taken_back);
	tcase_add_test(back, test_an_answered_recall_stays_answered);
	tcase_add_test(back, test_who_is_taken_out_of_a_tube_waits_for_the_one_before);
	TCase *close = fixture_case(suite, "close", fixture_cn);
	tcase_add_test(close, test_a_tube_is_closed_with_as_many_heads_as_swabs);
	tcase_add_test(close, test_the_journal_keeps_who_and_why);
	return suite;
}
