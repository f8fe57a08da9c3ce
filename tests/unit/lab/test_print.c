/*
 * Printing what waits: whatever the printer does, and whenever the process is killed, the journal never says less
 * than what is on the paper, and nothing comes out twice without a person's word.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/lab/sticker.h"

/* Everything that was queued came out once, in the order of its numbers. */
static void all_out_once(int count)
{
	size_t n;
	const char *const *ids = paper(&n);
	ck_assert_uint_eq(n, (size_t)count);
	for (size_t i = 1; i < n; i++)
		ck_assert_str_lt(ids[i - 1], ids[i]);
}

static const char *stop_of(const char *name)
{
	pw_printer_find_row row;
	bool found;
	must(pw_q_printer_find(pw_lab_store(fx.lab), &fx.arena, name, &row, &found, &fx.err));
	return row.fault != NULL ? pw_arena_printf(&fx.arena, "%s: %s", row.fault, row.stopped_text)
				 : "";
}

/* ---------------------------------------------------------------- a good printer */

static const size_t windows[] = {1, 2, 7, 8, 9, 100};

START_TEST(test_labels_come_out_in_order_and_are_confirmed)
{
	printer p;
	pw_label_account account;
	printer_init(&p);
	p.window = windows[_i];
	queued(20);
	fixture_mark();
	must(print_waiting(&p, &account));
	accounts(account, 20, 0, 0);
	all_out_once(20);
	ck_assert_int_eq(in_state("confirmed"), 20);
	ck_assert_str_eq(p.last, pw_arena_printf(&fx.arena, "%s site=Gate ", nth(20)));
	/* eight at a time are announced, and what came out is written with the next eight */
	ck_assert_int_le(fact_count() - fx.facts, 6);
	ck_assert_int_ge(fact_count() - fx.facts, 4);
	must(print_waiting(&p, &account));
	accounts(account, 0, 0, 0);
	ck_assert_uint_eq(p.runs, 1);
}
END_TEST

START_TEST(test_batches_come_out_one_after_the_other)
{
	printer p;
	pw_label_account account;
	pw_label_range range;
	int64_t batch;
	const pw_label_want want = {"E0001", NULL};
	printer_init(&p);
	queued(3);
	must(pw_lab_want_labels(fx.lab, "extraction-plate", &want, 1, "plate", &range, &fx.err));
	must(pw_lab_queue_labels(fx.lab, &range, stock("plate"), "bench", NULL, &batch, &fx.err));
	queued(2);
	must(print_waiting(&p, &account));
	accounts(account, 6, 0, 0);
	ck_assert_str_eq(p.templates, "tube plate tube");
}
END_TEST

START_TEST(test_a_batch_is_printed_alone_or_on_another_printer)
{
	printer p;
	pw_label_account account;
	printer_init(&p);
	queued(3);
	int64_t second = queued(2);
	const pw_label_print alone = {.printer = "bench", .on = "desk", .batch = second};
	must(pw_lab_print_labels(fx.lab, &alone, &p.maker, &account, &fx.err));
	accounts(account, 2, 0, 0);
	ck_assert_int_eq(in_state("queued"), 3);
	ck_assert_int_eq(came_out(nth(4)), 1);
	const pw_label_print nowhere = {.printer = "bench", .on = "disk"};
	fails(pw_lab_print_labels(fx.lab, &nowhere, &p.maker, &account, &fx.err), PW_ERR_NOT_FOUND,
	      "'disk'");
	const pw_label_print some = {.printer = NULL};
	fails(pw_lab_print_labels(fx.lab, &some, &p.maker, &account, &fx.err), PW_ERR_ARG,
	      "bench, desk");
	ck_assert_uint_eq(p.runs, 1);
}
END_TEST

/* ---------------------------------------------------------------- one that stops */

START_TEST(test_a_printer_that_is_mended_goes_on)
{
	printer p;
	pw_label_account account;
	printer_init(&p);
	p.mended_at = 5;
	p.window = 3;
	queued(12);
	must(print_waiting(&p, &account));
	accounts(account, 12, 0, 0);
	all_out_once(12);
	ck_assert_uint_eq(p.stops, 2);
	ck_assert_str_eq(stop_of("bench"), "");
}
END_TEST

/* What waits while the printer is stopped is on record, so that somebody else can look. */
START_TEST(test_while_it_is_stopped_what_came_out_is_on_record)
{
	printer p;
	pw_label_account account;
	printer_init(&p);
	p.out_of_paper_at = 5;
	queued(12);
	must(print_waiting(&p, &account));
	accounts(account, 5, 0, 7);
	ck_assert_int_eq(in_state("confirmed"), 5);
	ck_assert_int_eq(in_state("queued"), 7);
	ck_assert_int_eq(in_state("sent"), 0);
	ck_assert_str_eq(stop_of("bench"), "paper-out: out of labels: load a roll");
	p.out_of_paper_at = NEVER;
	must(print_waiting(&p, &account));
	accounts(account, 7, 0, 0);
	all_out_once(12);
}
END_TEST

/* The order stays: what is behind a batch that did not come out waits, too. */
START_TEST(test_after_a_stop_the_next_batches_wait)
{
	printer p;
	pw_label_account account;
	printer_init(&p);
	p.out_of_paper_at = 0;
	queued(3);
	queued(2);
	must(print_waiting(&p, &account));
	accounts(account, 0, 0, 5);
	ck_assert_uint_eq(p.runs, 1);
	ck_assert_int_eq(in_state("queued"), 5);
}
END_TEST

START_TEST(test_a_cable_is_pulled)
{
	printer p;
	pw_label_account account;
	pw_label_settled settled;
	printer_init(&p);
	p.gone_at = 9;
	queued(12);
	ck_assert_int_eq(print_waiting(&p, &account), PW_ERR_GONE);
	ck_assert_str_eq(fx.err.msg, "the printer is gone");
	accounts(account, 9, 1, 2);
	ck_assert_int_eq(in_state("unconfirmed"), 1);
	ck_assert_str_eq(label_state(nth(10)), "unconfirmed");
	ck_assert_str_eq(stop_of("bench"), "gone: the printer is gone");
	/* a person sees that the ninth was the last */
	must(pw_lab_settle_labels(fx.lab, nth(9), &settled, &fx.err));
	ck_assert_uint_eq(settled.requeued, 1);
	p.gone_at = NEVER;
	must(print_waiting(&p, &account));
	accounts(account, 3, 0, 0);
	all_out_once(12);
}
END_TEST

START_TEST(test_what_the_device_threw_away_is_sent_again)
{
	printer p;
	pw_label_account account;
	printer_init(&p);
	p.dropped_at = 3;
	queued(6);
	must(print_waiting(&p, &account));
	accounts(account, 6, 0, 0);
	all_out_once(6);
}
END_TEST

START_TEST(test_a_printer_that_cannot_tell)
{
	printer p;
	pw_label_account account;
	pw_label_scan scan;
	pw_label_settled settled;
	printer_init(&p);
	p.tells = false;
	queued(20);
	must(print_waiting(&p, &account));
	accounts(account, 0, 20, 0);
	ck_assert_int_eq(in_state("unconfirmed"), 20);
	ck_assert_str_eq(label_row(nth(1))->note, "not-told");
	must(pw_lab_apply_label(fx.lab, nth(3), &scan, &fx.err));
	must(pw_lab_settle_labels(fx.lab, nth(20), &settled, &fx.err));
	ck_assert_uint_eq(settled.confirmed, 19);
	ck_assert_uint_eq(settled.requeued, 0);
	ck_assert_str_eq(label_row(nth(20))->note, "seen");
	ck_assert_str_eq(label_state(nth(3)), "applied");
}
END_TEST

START_TEST(test_a_label_that_can_not_be_made_is_named)
{
	printer p;
	pw_label_account account;
	printer_init(&p);
	p.cant_make = 10;
	queued(12);
	const char *id = nth(11);
	ck_assert_int_eq(print_waiting(&p, &account), PW_ERR_FORMAT);
	ck_assert_ptr_nonnull(strstr(fx.err.msg, id));
	accounts(account, 10, 0, 2);
	p.cant_make = NEVER;
	must(print_waiting(&p, &account));
	all_out_once(12);
}
END_TEST

/* ---------------------------------------------------------------- the journal can't be written */

static pw_status turn_clock_back(void *ctx, const pw_label_work *work, pw_err *err)
{
	printer *p = ctx;
	pw_label_maker maker;
	pw_label_work first = *work;
	printer good;
	printer_init(&good);
	maker = good.maker;
	first.count = 8;
	pw_status rc = maker.print(maker.ctx, &first, err);
	fx.now -= PW_DAY;
	p->runs++;
	return rc == PW_OK ? work->changed(work->ctx, 8, PW_WORK_SENDING, err) : rc;
}

/* No byte leaves that can't be written down first; and what was said is not forgotten but doubtful. */
START_TEST(test_what_can_not_be_recorded_is_not_printed)
{
	printer p;
	pw_label_account account;
	printer_init(&p);
	p.maker.print = turn_clock_back;
	queued(12);
	ck_assert_int_eq(print_waiting(&p, &account), PW_ERR_CLOCK);
	all_out_once(8);
	fx.now += PW_DAY;
	ck_assert_int_eq(in_state("sent"), 8);
	ck_assert_int_eq(in_state("queued"), 4);
	printer_init(&p);
	must(print_waiting(&p, &account));
	accounts(account, 4, 0, 0);
	ck_assert_uint_eq(account.leftover, 8);
	ck_assert_int_eq(in_state("unconfirmed"), 8);
	ck_assert_str_eq(label_row(nth(1))->note, "ended");
	all_out_once(12);
}
END_TEST

/* ---------------------------------------------------------------- a person's word */

START_TEST(test_the_last_that_came_out_settles_the_others)
{
	printer p;
	pw_label_account account;
	pw_label_settled settled;
	printer_init(&p);
	p.tells = false;
	queued(4);
	must(print_waiting(&p, &account));
	queued(6);
	must(print_waiting(&p, &account));
	queued(2);
	must(print_waiting(&p, &account));
	pw_label_range unprinted = reserve(1);
	refused_unrecorded(pw_lab_settle_labels(fx.lab, unprinted.first_id, &settled, &fx.err),
			   "label-not-sent", "reserved", "scan the last one");
	refused_unrecorded(pw_lab_settle_labels(fx.lab, "T9", &settled, &fx.err), "label-unknown",
			   "'T9'");
	/* the third of the second batch was the last that came out of the second run */
	must(pw_lab_settle_labels(fx.lab, nth(7), &settled, &fx.err));
	ck_assert_uint_eq(settled.confirmed, 3);
	ck_assert_uint_eq(settled.requeued, 3);
	ck_assert_str_eq(label_state(nth(1)), "unconfirmed");
	ck_assert_str_eq(label_state(nth(7)), "confirmed");
	ck_assert_str_eq(label_state(nth(8)), "queued");
	/* nothing is concluded of the runs before it and behind it */
	ck_assert_str_eq(label_state(nth(12)), "unconfirmed");
	must(pw_lab_settle_none(fx.lab, 1, &settled, &fx.err));
	ck_assert_uint_eq(settled.requeued, 4);
	fails(pw_lab_settle_none(fx.lab, 9, &settled, &fx.err), PW_ERR_NOT_FOUND, "batch 9");
}
END_TEST

/* ---------------------------------------------------------------- other processes */

/* In a child: works the printer until it is killed. Returns when it does. */
static pid_t another_works(const char *name)
{
	int ready[2];
	char byte;
	ck_assert_int_eq(pipe(ready), 0);
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		pw_lab *lab = NULL;
		pw_printer_find_row row;
		bool found;
		if (pw_lab_open(fx.path, &lab, &fx.err) != PW_OK ||
		    pw_q_printer_find(pw_lab_store(lab), &fx.arena, name, &row, &found, &fx.err) !=
			    PW_OK ||
		    pw_store_claim(pw_lab_store(lab), row.number, &fx.err) != PW_OK ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void end_other(pid_t pid)
{
	int status;
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
}

START_TEST(test_one_process_works_a_printer)
{
	printer p;
	pw_label_account account;
	pw_label_settled settled;
	pw_label_voided voided;
	pw_label_copy copy;
	printer_init(&p);
	queued(3);
	must(print_waiting(&p, &account));
	queued(3);
	pid_t other = another_works("bench");
	ck_assert(pw_lab_printer_at_work(fx.lab, "bench"));
	fails(print_waiting(&p, &account), PW_ERR_BUSY, "printer 'bench'", "another program");
	const pw_label_print elsewhere = {.printer = "bench", .on = "desk"};
	fails(pw_lab_print_labels(fx.lab, &elsewhere, &p.maker, &account, &fx.err), PW_ERR_BUSY,
	      "printer 'bench'");
	fails(pw_lab_settle_labels(fx.lab, nth(2), &settled, &fx.err), PW_ERR_BUSY,
	      "printer 'bench'");
	fails(pw_lab_settle_none(fx.lab, 1, &settled, &fx.err), PW_ERR_BUSY, "printer 'bench'");
	as("anna", "torn");
	fails(pw_lab_void_labels(fx.lab, nth(5), NULL, &voided, &fx.err), PW_ERR_BUSY,
	      "printer 'bench'");
	/* those that are out are nobody's matter */
	must(pw_lab_void_labels(fx.lab, nth(1), NULL, &voided, &fx.err));
	const pw_label_reprint again = {.scan = nth(2)};
	must(pw_lab_reprint_label(fx.lab, &again, &p.maker, &copy, &fx.err));
	end_other(other);
	ck_assert(!pw_lab_printer_at_work(fx.lab, "bench"));
	must(pw_lab_void_labels(fx.lab, nth(5), NULL, &voided, &fx.err));
	must(print_waiting(&p, &account));
	accounts(account, 3, 0, 0);
}
END_TEST

/* ---------------------------------------------------------------- killed at every step */

#define KILLED_LABELS 20

/* In a child: prints until it is killed behind so many steps. False when it came to the end before. */
static bool print_and_die(size_t steps, size_t window)
{
	int status;
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		printer p;
		pw_label_account account;
		pw_clock clock = pw_clock_fixed(&fx.now);
		const pw_label_print what = {.printer = "bench"};
		printer_init(&p);
		p.dies_after = steps;
		p.window = window;
		if (pw_lab_open(fx.path, &fx.lab, &fx.err) != PW_OK ||
		    pw_lab_session(fx.lab, "anna", "bench-1", &clock, NULL, &fx.err) != PW_OK ||
		    pw_lab_print_labels(fx.lab, &what, &p.maker, &account, &fx.err) != PW_OK)
			_exit(1);
		pw_lab_close(fx.lab);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
	return WIFSIGNALED(status);
}

/* What is on the paper is sent or more by the journal; what it calls confirmed is on the paper. */
static void check_truth(const char **out_last)
{
	size_t n;
	const char *const *ids = paper(&n);
	*out_last = n > 0 ? ids[n - 1] : NULL;
	for (int i = 1; i <= KILLED_LABELS; i++) {
		const char *id = nth(i), *state = label_state(id);
		bool out = came_out(id) > 0, waits = strcmp(state, "queued") == 0;
		ck_assert_int_le(came_out(id), 1);
		ck_assert_msg(!(out && waits), "%s came out, and would come out again", id);
		ck_assert_msg(out || strcmp(state, "confirmed") != 0, "%s is confirmed", id);
	}
}

START_TEST(test_killed_at_any_step_no_label_is_lost_and_none_is_doubled)
{
	printer p;
	pw_label_account account;
	pw_label_settled settled;
	const char *last;
	size_t kills = 0, before = 0;
	queued(KILLED_LABELS);
	/* every run is killed one step later than the one before, from where that one came to */
	while (print_and_die((size_t)_i + 3 * kills, 1 + kills % 4)) {
		check_truth(&last);
		size_t n;
		paper(&n);
		kills++;
		ck_assert_uint_lt(kills, 400);
		/* the next run finds out that nobody is at work; a person looks at the paper */
		printer_init(&p);
		p.out_of_paper_at = 0;
		must(print_waiting(&p, &account));
		ck_assert_int_eq(in_state("sent"), 0);
		if (n > before)
			must(pw_lab_settle_labels(fx.lab, last, &settled, &fx.err));
		else
			must(pw_lab_settle_none(fx.lab, 1, &settled, &fx.err));
		ck_assert_int_eq(in_state("unconfirmed"), 0);
		check_truth(&last);
		before = n;
	}
	check_truth(&last);
	ck_assert_int_eq(in_state("confirmed") + in_state("unconfirmed"), KILLED_LABELS);
	ck_assert_uint_gt(kills, 5);
	all_out_once(KILLED_LABELS);
}
END_TEST

/* ---------------------------------------------------------------- many */

START_TEST(test_ten_thousand_labels)
{
	printer p;
	pw_label_account account;
	printer_init(&p);
	p.window = 4;
	queued(10000);
	fixture_mark();
	must(print_waiting(&p, &account));
	accounts(account, 10000, 0, 0);
	ck_assert_int_le(fact_count() - fx.facts, 2 * 10000 / 8 + 2);
	all_out_once(10000);
}
END_TEST

Suite *suite_print(void);

Suite *suite_print(void)
{
	Suite *suite = suite_create("print");
	TCase *good = fixture_case(suite, "good", fixture_printers);
	tcase_add_loop_test(good, test_labels_come_out_in_order_and_are_confirmed, 0,
			    COUNT(windows));
	tcase_add_test(good, test_batches_come_out_one_after_the_other);
	tcase_add_test(good, test_a_batch_is_printed_alone_or_on_another_printer);
	TCase *bad = fixture_case(suite, "bad", fixture_printers);
	tcase_add_test(bad, test_a_printer_that_is_mended_goes_on);
	tcase_add_test(bad, test_while_it_is_stopped_what_came_out_is_on_record);
	tcase_add_test(bad, test_after_a_stop_the_next_batches_wait);
	tcase_add_test(bad, test_a_cable_is_pulled);
	tcase_add_test(bad, test_what_the_device_threw_away_is_sent_again);
	tcase_add_test(bad, test_a_printer_that_cannot_tell);
	tcase_add_test(bad, test_a_label_that_can_not_be_made_is_named);
	tcase_add_test(bad, test_what_can_not_be_recorded_is_not_printed);
	TCase *people = fixture_case(suite, "people", fixture_printers);
	tcase_add_test(people, test_the_last_that_came_out_settles_the_others);
	tcase_add_test(people, test_one_process_works_a_printer);
	TCase *kills = fixture_case(suite, "kills", fixture_printers);
	tcase_add_loop_test(kills, test_killed_at_any_step_no_label_is_lost_and_none_is_doubled, 0,
			    6);
	TCase *many = fixture_case(suite, "many", fixture_printers);
	tcase_add_test(many, test_ten_thousand_labels);
	return suite;
}
