/* The rules of the account, one by one, without a printer. */
#include <check.h>
#include <string.h>

#include "devices/printers/print_account.h"

typedef struct book {
	pw_account account;
	pw_label_fate fate[80];
	size_t told;
} book;

static pw_status tell(void *ctx, size_t index, pw_label_fate fate, pw_err *err)
{
	book *b = ctx;
	(void)err;
	b->fate[index] = fate;
	b->told++;
	return PW_OK;
}

static void open_book(book *b, pw_printer_confirm confirm, bool exact, bool forgets)
{
	pw_account_rules rules = {confirm, confirm == PW_CONFIRM_COUNT ? 2 : 0, 1000, exact,
				  forgets};
	memset(b, 0, sizeof(*b));
	pw_account_init(&b->account, &rules, tell, b);
}

static void ok(pw_status rc)
{
	ck_assert_int_eq(rc, PW_OK);
}

static void send(book *b, int64_t now)
{
	ok(pw_account_begin(&b->account, NULL));
	pw_account_risk(&b->account);
	ok(pw_account_sent(&b->account, now, NULL));
}

static void count(book *b, int waiting, unsigned faults, int64_t now)
{
	pw_printer_status s = PW_PRINTER_STATUS_INIT;
	s.waiting = waiting;
	s.faults = faults;
	s.activity = pw_printer_activity_of(faults, waiting > 0);
	ok(pw_account_answer(&b->account, &s, now, NULL));
}

static void said(book *b, unsigned what, int64_t now)
{
	pw_printer_word word = {.said = what, .status = PW_PRINTER_STATUS_INIT};
	ok(pw_account_heard(&b->account, &word, now, NULL));
}

#define is(b, index, expected) \
	ck_assert_str_eq(pw_label_fate_name((b).fate[index]), pw_label_fate_name(expected))

/* ---- By count ---- */

START_TEST(test_a_label_that_was_seen_and_is_gone_is_confirmed_in_time)
{
	book b;
	open_book(&b, PW_CONFIRM_COUNT, true, false);
	count(&b, 0, 0, 0);
	send(&b, 10);
	count(&b, 1, 0, 20);
	count(&b, 0, 0, 500);
	is(b, 0, PW_FATE_SENT);
	count(&b, 0, 0, 1499);
	is(b, 0, PW_FATE_SENT);
	count(&b, 0, 0, 1500);
	is(b, 0, PW_FATE_CONFIRMED);
	ck_assert_uint_eq(b.account.confirmed, 1);
}
END_TEST

START_TEST(test_the_time_begins_anew_with_every_fault_and_every_silence)
{
	book b;
	open_book(&b, PW_CONFIRM_COUNT, true, false);
	send(&b, 0);
	count(&b, 1, 0, 10);
	count(&b, 0, 0, 500);
	count(&b, 0, PW_FAULT_PAPER_OUT, 1400);
	count(&b, 0, 0, 1600);
	is(b, 0, PW_FATE_SENT);
	pw_account_unanswered(&b.account);
	count(&b, 0, 0, 2700);
	is(b, 0, PW_FATE_SENT);
	count(&b, 0, 0, 3700);
	is(b, 0, PW_FATE_CONFIRMED);
}
END_TEST

START_TEST(test_labels_with_younger_ones_behind_them_are_confirmed_at_once)
{
	book b;
	open_book(&b, PW_CONFIRM_COUNT, true, false);
	for (int i = 0; i < 5; i++) {
		send(&b, i);
		count(&b, i + 1, 0, i);
	}
	count(&b, 3, 0, 100);
	is(b, 0, PW_FATE_SENT); /* two more may be hidden */
	count(&b, 2, 0, 200);
	is(b, 0, PW_FATE_CONFIRMED);
	is(b, 1, PW_FATE_SENT);
	count(&b, 0, 0, 300);
	is(b, 2, PW_FATE_CONFIRMED);
	is(b, 3, PW_FATE_SENT);
}
END_TEST

START_TEST(test_a_label_that_was_never_seen_is_not_confirmed)
{
	book b;
	open_book(&b, PW_CONFIRM_COUNT, true, false);
	send(&b, 0);
	count(&b, 0, 0, 10);
	send(&b, 20);
	count(&b, 1, 0, 30);
	count(&b, 0, 0, 1000);
	count(&b, 0, 0, 2000);
	is(b, 0, PW_FATE_UNCONFIRMED);
	is(b, 1, PW_FATE_CONFIRMED);
}
END_TEST

START_TEST(test_labels_that_vanish_around_a_pause_are_not_confirmed)
{
	static const struct {
		unsigned before, after;
		bool blind;
		pw_label_fate fate;
	} rows[] = {
		{0, 0, false, PW_FATE_CONFIRMED},
		{PW_FAULT_PAUSED, PW_FAULT_PAUSED, false, PW_FATE_UNCONFIRMED},
		{PW_FAULT_PAUSED, 0, false, PW_FATE_UNCONFIRMED},
		{0, PW_FAULT_PAUSED, false, PW_FATE_UNCONFIRMED},
		{0, 0, true, PW_FATE_UNCONFIRMED},
	};
	book b;
	open_book(&b, PW_CONFIRM_COUNT, true, false);
	send(&b, 0);
	count(&b, 1, rows[_i].before, 10);
	if (rows[_i].blind)
		pw_account_unanswered(&b.account);
	count(&b, 0, rows[_i].after, 500);
	count(&b, 0, 0, 600);
	count(&b, 0, 0, 1600);
	is(b, 0, rows[_i].fate);
}
END_TEST

/* One left in the dark, another one was sent: the count is the same. */
START_TEST(test_a_label_sent_meanwhile_does_not_stand_for_one_that_vanished)
{
	book b;
	open_book(&b, PW_CONFIRM_COUNT, true, false);
	send(&b, 0);
	count(&b, 1, 0, 10);
	pw_account_unanswered(&b.account);
	send(&b, 100);
	count(&b, 1, 0, 500);
	count(&b, 0, 0, 1000);
	count(&b, 0, 0, 2000);
	is(b, 0, PW_FATE_UNCONFIRMED);
}
END_TEST

START_TEST(test_a_pause_without_a_loss_changes_nothing)
{
	book b;
	open_book(&b, PW_CONFIRM_COUNT, true, false);
	send(&b, 0);
	count(&b, 1, 0, 10);
	count(&b, 1, PW_FAULT_PAUSED, 500);
	pw_account_unanswered(&b.account);
	count(&b, 1, 0, 900);
	count(&b, 0, 0, 1000);
	count(&b, 0, 0, 2000);
	is(b, 0, PW_FATE_CONFIRMED);
}
END_TEST

/* ---- Gone ---- */

START_TEST(test_after_it_was_gone_only_a_kept_memory_confirms)
{
	static const struct {
		int waiting;
		bool partial, exact, strangers;
		pw_label_fate fate;
	} rows[] = {
		{1, false, true, false, PW_FATE_CONFIRMED},
		{0, true, true, false, PW_FATE_UNCONFIRMED},
		{0, false, true, false, PW_FATE_UNCONFIRMED},
		{1, false, true, true, PW_FATE_UNCONFIRMED},
		{1, false, false, false, PW_FATE_UNCONFIRMED},
	};
	book b;
	open_book(&b, PW_CONFIRM_COUNT, rows[_i].exact, false);
	send(&b, 0);
	count(&b, 1, 0, 10);
	ok(pw_account_gone(&b.account, NULL));
	b.account.strangers = rows[_i].strangers;
	pw_printer_status s = PW_PRINTER_STATUS_INIT;
	s.waiting = rows[_i].waiting;
	s.partial = rows[_i].partial;
	ok(pw_account_answer(&b.account, &s, 5000, NULL));
	count(&b, 0, 0, 6000);
	count(&b, 0, 0, 7000);
	is(b, 0, rows[_i].fate);
}
END_TEST

START_TEST(test_a_label_that_was_cut_off_waits_or_is_uncertain)
{
	book b;
	open_book(&b, PW_CONFIRM_COUNT, true, false);
	ok(pw_account_begin(&b.account, NULL));
	ok(pw_account_gone(&b.account, NULL));
	is(b, 0, PW_FATE_SENDING);
	ok(pw_account_dropped(&b.account, NULL));
	is(b, 0, PW_FATE_WAITING);
	ok(pw_account_begin(&b.account, NULL));
	pw_account_risk(&b.account);
	ok(pw_account_gone(&b.account, NULL));
	count(&b, 1, 0, 10);
	count(&b, 0, 0, 1000);
	count(&b, 0, 0, 2000);
	is(b, 0, PW_FATE_UNCONFIRMED);
}
END_TEST

START_TEST(test_a_long_silence_on_a_serial_line_is_a_doubt)
{
	static const struct {
		int64_t gap;
		int waiting;
		pw_label_fate fate;
	} rows[] = {
		{2000, 0, PW_FATE_CONFIRMED},
		{3000, 0, PW_FATE_UNCONFIRMED},
		{3000, 1, PW_FATE_CONFIRMED}, /* it still has it */
	};
	book b;
	open_book(&b, PW_CONFIRM_COUNT, true, true);
	count(&b, 0, 0, 0);
	send(&b, 10);
	count(&b, 1, 0, 20);
	count(&b, rows[_i].waiting, 0, 20 + rows[_i].gap);
	count(&b, 0, 0, 4000);
	count(&b, 0, 0, 5000);
	is(b, 0, rows[_i].fate);
}
END_TEST

/* A label that takes long to send on a slow line is no doubt when it is seen inside. */
START_TEST(test_a_slow_serial_line_confirms)
{
	book b;
	open_book(&b, PW_CONFIRM_COUNT, true, true);
	count(&b, 0, 0, 0);
	send(&b, 9000);
	count(&b, 1, 0, 9100);
	count(&b, 0, 0, 10000);
	count(&b, 0, 0, 11000);
	is(b, 0, PW_FATE_CONFIRMED);
}
END_TEST

/* ---- By receipt ---- */

START_TEST(test_a_receipt_counts_when_the_next_label_begins)
{
	book b;
	open_book(&b, PW_CONFIRM_RECEIPT, true, false);
	send(&b, 0);
	said(&b, PW_SAID_BEGUN, 10);
	said(&b, PW_SAID_DONE, 500);
	is(b, 0, PW_FATE_SENT);
	count(&b, -1, 0, 600);
	is(b, 0, PW_FATE_SENT);
	send(&b, 700);
	said(&b, PW_SAID_BEGUN, 800);
	is(b, 0, PW_FATE_CONFIRMED);
	is(b, 1, PW_FATE_SENT);
	said(&b, PW_SAID_DONE, 1300);
	count(&b, -1, 0, 2299);
	is(b, 1, PW_FATE_SENT);
	count(&b, -1, 0, 2300);
	is(b, 1, PW_FATE_CONFIRMED);
}
END_TEST

START_TEST(test_an_error_behind_a_receipt_takes_it_back)
{
	book b;
	open_book(&b, PW_CONFIRM_RECEIPT, true, false);
	send(&b, 0);
	said(&b, PW_SAID_DONE, 500);
	if (_i == 0)
		said(&b, PW_SAID_ERROR, 600);
	else
		count(&b, -1, PW_FAULT_CUTTER, 600);
	is(b, 0, PW_FATE_UNCONFIRMED);
}
END_TEST

START_TEST(test_an_error_while_a_label_is_sent_ends_it)
{
	book b;
	open_book(&b, PW_CONFIRM_RECEIPT, true, false);
	ok(pw_account_begin(&b.account, NULL));
	pw_account_risk(&b.account);
	said(&b, PW_SAID_ERROR, 10);
	ck_assert(b.account.refused);
	ok(pw_account_abandon(&b.account, NULL));
	is(b, 0, PW_FATE_UNCONFIRMED);
	send(&b, 20);
	ck_assert(!b.account.refused);
}
END_TEST

START_TEST(test_a_receipt_that_does_not_come_is_not_waited_for_for_ever)
{
	book b;
	open_book(&b, PW_CONFIRM_RECEIPT, true, false);
	send(&b, 0);
	count(&b, -1, 0, 2999);
	is(b, 0, PW_FATE_SENT);
	count(&b, -1, 0, 3000);
	is(b, 0, PW_FATE_UNCONFIRMED);
}
END_TEST

START_TEST(test_receipts_for_nothing_are_nothing)
{
	book b;
	open_book(&b, PW_CONFIRM_RECEIPT, true, false);
	said(&b, PW_SAID_DONE, 0);
	said(&b, PW_SAID_BEGUN, 0);
	said(&b, PW_SAID_DONE, 0);
	send(&b, 10);
	said(&b, PW_SAID_BEGUN, 20);
	is(b, 0, PW_FATE_SENT);
}
END_TEST

START_TEST(test_a_receipt_after_a_long_silence_on_a_serial_line_is_a_doubt)
{
	book b;
	open_book(&b, PW_CONFIRM_RECEIPT, true, true);
	count(&b, -1, 0, 0);
	send(&b, 3000);
	said(&b, PW_SAID_DONE, 3100);
	count(&b, -1, 0, 5000);
	is(b, 0, PW_FATE_UNCONFIRMED);
}
END_TEST

/* An error that nobody heard may stand between "done" and the next answer. */
START_TEST(test_a_receipt_that_is_followed_by_silence_is_a_doubt)
{
	book b;
	open_book(&b, PW_CONFIRM_RECEIPT, true, false);
	send(&b, 0);
	said(&b, PW_SAID_DONE, 700);
	pw_account_unanswered(&b.account);
	count(&b, -1, 0, 6000);
	is(b, 0, PW_FATE_UNCONFIRMED);
	send(&b, 6100);
	pw_account_unanswered(&b.account);
	said(&b, PW_SAID_DONE, 8000);
	count(&b, -1, 0, 9500);
	is(b, 1, PW_FATE_CONFIRMED);
}
END_TEST

/* ---- Never ---- */

START_TEST(test_where_nothing_is_told_labels_are_settled_when_it_is_idle)
{
	book b;
	open_book(&b, PW_CONFIRM_NEVER, true, false);
	send(&b, 0);
	send(&b, 1);
	pw_printer_status s = PW_PRINTER_STATUS_INIT;
	s.activity = PW_PRINTER_PRINTING;
	ok(pw_account_answer(&b.account, &s, 10, NULL));
	is(b, 0, PW_FATE_SENT);
	count(&b, -1, PW_FAULT_PAPER_OUT, 20);
	is(b, 0, PW_FATE_SENT);
	count(&b, -1, 0, 1000);
	is(b, 1, PW_FATE_SENT);
	count(&b, -1, 0, 1001);
	is(b, 0, PW_FATE_UNCONFIRMED);
	is(b, 1, PW_FATE_UNCONFIRMED);
	ck_assert_uint_eq(b.account.unconfirmed, 2);
}
END_TEST

START_TEST(test_given_up_all_that_is_inside_is_uncertain)
{
	book b;
	open_book(&b, (pw_printer_confirm)_i, true, false);
	send(&b, 0);
	ok(pw_account_begin(&b.account, NULL));
	ok(pw_account_give_up(&b.account, NULL));
	is(b, 0, PW_FATE_UNCONFIRMED);
	is(b, 1, PW_FATE_UNCONFIRMED);
	ck_assert_uint_eq(pw_account_inside(&b.account), 0);
}
END_TEST

static TCase *by_count(void)
{
	TCase *tc = tcase_create("count");
	tcase_add_test(tc, test_a_label_that_was_seen_and_is_gone_is_confirmed_in_time);
	tcase_add_test(tc, test_the_time_begins_anew_with_every_fault_and_every_silence);
	tcase_add_test(tc, test_labels_with_younger_ones_behind_them_are_confirmed_at_once);
	tcase_add_test(tc, test_a_label_that_was_never_seen_is_not_confirmed);
	tcase_add_loop_test(tc, test_labels_that_vanish_around_a_pause_are_not_confirmed, 0, 5);
	tcase_add_test(tc, test_a_label_sent_meanwhile_does_not_stand_for_one_that_vanished);
	tcase_add_test(tc, test_a_pause_without_a_loss_changes_nothing);
	tcase_add_loop_test(tc, test_after_it_was_gone_only_a_kept_memory_confirms, 0, 5);
	tcase_add_test(tc, test_a_label_that_was_cut_off_waits_or_is_uncertain);
	tcase_add_loop_test(tc, test_a_long_silence_on_a_serial_line_is_a_doubt, 0, 3);
	tcase_add_test(tc, test_a_slow_serial_line_confirms);
	return tc;
}

Suite *suite_print_account(void);

Suite *suite_print_account(void)
{
	Suite *suite = suite_create("print_account");
	suite_add_tcase(suite, by_count());
	TCase *tc = tcase_create("receipt");
	tcase_add_test(tc, test_a_receipt_counts_when_the_next_label_begins);
	tcase_add_loop_test(tc, test_an_error_behind_a_receipt_takes_it_back, 0, 2);
	tcase_add_test(tc, test_an_error_while_a_label_is_sent_ends_it);
	tcase_add_test(tc, test_a_receipt_that_does_not_come_is_not_waited_for_for_ever);
	tcase_add_test(tc, test_receipts_for_nothing_are_nothing);
	tcase_add_test(tc, test_a_receipt_that_is_followed_by_silence_is_a_doubt);
	tcase_add_test(tc, test_a_receipt_after_a_long_silence_on_a_serial_line_is_a_doubt);
	tcase_add_test(tc, test_where_nothing_is_told_labels_are_settled_when_it_is_idle);
	tcase_add_loop_test(tc, test_given_up_all_that_is_inside_is_uncertain, 0, 3);
	suite_add_tcase(suite, tc);
	return suite;
}
