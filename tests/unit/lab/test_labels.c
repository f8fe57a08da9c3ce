/* Printers, numbers, queues. At the bench: test_labels_bench.c; printing: test_print.c. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/lab/bench.h"
#include "tests/unit/lab/sticker.h"

/* ---------------------------------------------------------------- printers */

START_TEST(test_a_printer_has_a_name_and_an_address)
{
	const pw_label_printer again = {"bench", "file:x", "epl", 203};
	const pw_label_printer address = {"tcp:x:9100", "file:x", "epl", 203};
	const pw_label_printer blank = {"the bench", "file:x", "epl", 203};
	pw_label_printer found;
	fails(pw_lab_add_printer(fx.lab, &again, &fx.err), PW_ERR_EXISTS, "'bench'",
	      "tcp:printer:9100", "remove it");
	fails(pw_lab_add_printer(fx.lab, &address, &fx.err), PW_ERR_ARG, "an address, not a name");
	fails(pw_lab_add_printer(fx.lab, &blank, &fx.err), PW_ERR_ARG, "no short name");
	must(pw_lab_printer(fx.lab, &fx.arena, "desk", &found, &fx.err));
	ck_assert_str_eq(found.uri, "usb:0a5f:0187");
	ck_assert_int_eq(found.dpi, 203);
	fails(pw_lab_printer(fx.lab, &fx.arena, NULL, &found, &fx.err), PW_ERR_ARG, "bench, desk");
	fails(pw_lab_printer(fx.lab, &fx.arena, "disk", &found, &fx.err), PW_ERR_NOT_FOUND,
	      "'disk'", "bench, desk", "printer add");
}
END_TEST

START_TEST(test_a_printer_goes_and_comes_back)
{
	const pw_label_printer new_desk = {"desk", "file:x", "epl", 203};
	pw_label_printer found;
	must(pw_lab_remove_printer(fx.lab, "desk", &fx.err));
	must(pw_lab_printer(fx.lab, &fx.arena, NULL, &found, &fx.err));
	ck_assert_str_eq(found.name, "bench");
	fails(pw_lab_remove_printer(fx.lab, "desk", &fx.err), PW_ERR_NOT_FOUND, "'desk'", "bench");
	must(pw_lab_add_printer(fx.lab, &new_desk, &fx.err));
	must(pw_lab_printer(fx.lab, &fx.arena, "desk", &found, &fx.err));
	ck_assert_str_eq(found.language, "epl");
}
END_TEST

START_TEST(test_a_printer_that_labels_wait_for_stays)
{
	queued(3);
	refused_unrecorded(pw_lab_remove_printer(fx.lab, "bench", &fx.err), "printer-needed",
			   "'bench'", "label resume");
	ck_assert(!pw_lab_printer_at_work(fx.lab, "bench"));
}
END_TEST

START_TEST(test_without_a_printer_nothing_is_queued)
{
	pw_label_range range = reserve(2);
	int64_t batch;
	must(pw_lab_remove_printer(fx.lab, "bench", &fx.err));
	must(pw_lab_remove_printer(fx.lab, "desk", &fx.err));
	fails(pw_lab_queue_labels(fx.lab, &range, stock("tube"), NULL, NULL, &batch, &fx.err),
	      PW_ERR_NOT_FOUND, "no printer", "printer add");
}
END_TEST

/* ---------------------------------------------------------------- numbers */

START_TEST(test_numbers_are_given_once)
{
	pw_label_range a = reserve(3), b = reserve(2), plates;
	must(pw_lab_reserve_labels(fx.lab, "pcr-plate", 0, 2, "S1", &plates, &fx.err));
	ck_assert_str_eq(a.first_id, code_of('T', 1));
	ck_assert_str_eq(a.last_id, code_of('T', 3));
	ck_assert_str_eq(b.first_id, code_of('T', 4));
	ck_assert_int_eq(b.first, a.last + 1);
	ck_assert_str_eq(plates.first_id, code_of('Q', 1));
	ck_assert_str_eq(label_row(plates.first_id)->site, "S1");
	ck_assert_str_eq(label_state(a.first_id), "reserved");
}
END_TEST

/* One in 37 has no check character that a scanner reads, and is no label. */
START_TEST(test_ten_thousand_numbers_are_ten_facts)
{
	fixture_mark();
	pw_label_range range = reserve(10000);
	ck_assert_int_eq(fact_count(), fx.facts + 10);
	pw_ident last;
	must(pw_ident_parse(range.last_id, &last, &fx.err));
	ck_assert_int_gt(last.serial, 10000 + 200);
	ck_assert_int_lt(last.serial, 10000 + 350);
}
END_TEST

START_TEST(test_numbers_that_were_seen_are_not_given)
{
	receive(code_of('T', 500), 1, 1, 1);
	open_tube("SZT9", 1); /* foreign codes that look like ours */
	open_tube("SZT99999999", 1);
	ck_assert_str_eq(reserve(1).first_id, code_of('T', 501));
	/* printed by hand, without being reserved */
	pw_label_range by_hand;
	const pw_label_want want = {code_of('T', 700), NULL};
	must(pw_lab_want_labels(fx.lab, "other", &want, 1, "tube", &by_hand, &fx.err));
	ck_assert_str_eq(reserve(1).first_id, code_of('T', 701));
	new_plate(code_of('E', 30), "std96");
	pw_label_range plates;
	must(pw_lab_reserve_labels(fx.lab, "extraction-plate", 0, 1, NULL, &plates, &fx.err));
	ck_assert_str_eq(plates.first_id, code_of('E', 31));
	must(pw_lab_reserve_labels(fx.lab, "pcr-plate", 0, 1, NULL, &plates, &fx.err));
	ck_assert_str_eq(plates.first_id, code_of('Q', 1));
}
END_TEST

START_TEST(test_numbers_begin_where_somebody_wants)
{
	pw_label_range range;
	receive(code_of('T', 500), 1, 1, 1);
	must(pw_lab_reserve_labels(fx.lab, "tube", 100, 50, NULL, &range, &fx.err));
	ck_assert_str_eq(range.first_id, code_of('T', 100));
	fails(pw_lab_reserve_labels(fx.lab, "tube", 140, 5, NULL, &range, &fx.err), PW_ERR_EXISTS,
	      "reserved already");
	fails(pw_lab_reserve_labels(fx.lab, "tube", 490, 20, NULL, &range, &fx.err), PW_ERR_EXISTS,
	      "number 500", "in use already");
	fails(pw_lab_reserve_labels(fx.lab, "tube", 99999990, 20, NULL, &range, &fx.err),
	      PW_ERR_LIMIT, "eight digits", "nothing was reserved");
	ck_assert_str_eq(reserve(1).first_id, code_of('T', 501));
}
END_TEST

START_TEST(test_what_has_no_numbers_is_said)
{
	pw_label_range range;
	fails(pw_lab_reserve_labels(fx.lab, "person", 0, 1, NULL, &range, &fx.err), PW_ERR_ARG,
	      "'person'", "tube, extraction-plate");
	fails(pw_lab_reserve_labels(fx.lab, "cup", 0, 1, NULL, &range, &fx.err), PW_ERR_ARG,
	      "'cup'");
	fails(pw_lab_reserve_labels(fx.lab, "tube", 0, 0, NULL, &range, &fx.err), PW_ERR_ARG,
	      "give 1 to 100000");
	fails(pw_lab_reserve_labels(fx.lab, "tube", 0, 100001, NULL, &range, &fx.err), PW_ERR_ARG,
	      "give 1 to 100000");
	fails(pw_lab_reserve_labels(fx.lab, "tube", -1, 1, NULL, &range, &fx.err), PW_ERR_ARG,
	      "eight digits");
	fails(pw_lab_reserve_labels(fx.lab, "tube", 0, 1, "S9", &range, &fx.err), PW_ERR_NOT_FOUND,
	      "'S9'");
}
END_TEST

/* ---------------------------------------------------------------- queue */

START_TEST(test_labels_are_queued_with_their_template)
{
	int64_t batch = queued(3);
	pw_label_queue_row *rows;
	size_t count;
	must(pw_q_label_queue(pw_lab_store(fx.lab), &fx.arena, &rows, &count, &fx.err));
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(rows[0].batch, batch);
	ck_assert_int_eq(rows[0].queued, 3);
	ck_assert_str_eq(rows[0].template, "tube");
	ck_assert_int_eq(in_state("queued"), 3);
	ck_assert_int_eq(in_state("reserved"), 0);
}
END_TEST

/* What was queued is printed, also when the file was changed, or the program's own template with an upgrade. */
START_TEST(test_labels_are_printed_with_the_template_that_they_were_queued_with)
{
	pw_label_stock changed = *stock("tube");
	pw_label_account account;
	printer p;
	int64_t batch;
	printer_init(&p);
	queued(1);
	pw_label_range range = reserve(1);
	changed.size--;
	must(pw_lab_queue_labels(fx.lab, &range, &changed, "bench", NULL, &batch, &fx.err));
	must(print_waiting(&p, &account));
	accounts(account, 2, 0, 0);
	ck_assert_str_eq(p.templates, "tube tube");
	ck_assert_uint_eq(p.sizes[0], changed.size + 1);
	ck_assert_uint_eq(p.sizes[1], changed.size);
}
END_TEST

START_TEST(test_reserved_labels_are_queued_later_and_once)
{
	pw_label_range all = reserve(5), some;
	int64_t batch;
	must(pw_lab_reserved_labels(fx.lab, code_of('T', 2), code_of('T', 4), &some, &fx.err));
	ck_assert_uint_eq(some.count, 3);
	must(pw_lab_queue_labels(fx.lab, &some, stock("tube"), "bench", NULL, &batch, &fx.err));
	refused_unrecorded(pw_lab_reserved_labels(fx.lab, code_of('T', 3), NULL, &some, &fx.err),
			   "label-queued", code_of('T', 3), "queued", "label resume");
	refused_unrecorded(
		pw_lab_reserved_labels(fx.lab, all.first_id, all.last_id, &some, &fx.err),
		"label-queued", "3 of the 5 labels");
	refused_unrecorded(
		pw_lab_queue_labels(fx.lab, &all, stock("tube"), "bench", NULL, &batch, &fx.err),
		"label-queued", "3 of the 5 labels");
	fails(pw_lab_reserved_labels(fx.lab, all.last_id, all.first_id, &some, &fx.err), PW_ERR_ARG,
	      "first and the last");
	refused_unrecorded(pw_lab_reserved_labels(fx.lab, code_of('T', 99), NULL, &some, &fx.err),
			   "label-unknown", code_of('T', 99));
	must(pw_lab_reserved_labels(fx.lab, all.first_id, NULL, &some, &fx.err));
	ck_assert_uint_eq(some.count, 1);
}
END_TEST

START_TEST(test_what_has_a_number_gets_its_label_once)
{
	const pw_label_want wants[] = {{"E0001", "title=std96\n"}, {"E0002", NULL}};
	const pw_label_want twice[] = {{"E0003", NULL}, {" E0003", NULL}};
	pw_label_range range;
	int64_t batch;
	must(pw_lab_want_labels(fx.lab, "extraction-plate", wants, 2, "plate", &range, &fx.err));
	must(pw_lab_queue_labels(fx.lab, &range, stock("plate"), "bench", NULL, &batch, &fx.err));
	refused_unrecorded(
		pw_lab_want_labels(fx.lab, "extraction-plate", wants, 1, "plate", &range, &fx.err),
		"label-printed", "'E0001'", "queued", "label reprint");
	/* of another look: a second one beside it */
	must(pw_lab_want_labels(fx.lab, "extraction-plate", wants, 1, "lid", &range, &fx.err));
	fails(pw_lab_want_labels(fx.lab, "extraction-plate", twice, 2, "plate", &range, &fx.err),
	      PW_ERR_ARG, "'E0003' is there twice");
	fails(pw_lab_want_labels(fx.lab, "cup", wants, 2, "plate", &range, &fx.err), PW_ERR_ARG,
	      "'cup'");
	fails(pw_lab_want_labels(fx.lab, "other", wants, 0, "plate", &range, &fx.err), PW_ERR_ARG,
	      "0 labels");
	pw_label_range tubes = reserve(1);
	const pw_label_want reserved[] = {{tubes.first_id, NULL}};
	refused_unrecorded(pw_lab_want_labels(fx.lab, "tube", reserved, 1, "tube", &range, &fx.err),
			   "label-printed", tubes.first_id, "--reserved");
}
END_TEST

Suite *suite_labels(void);

Suite *suite_labels(void)
{
	Suite *suite = suite_create("labels");
	TCase *printers = fixture_case(suite, "printers", fixture_printers);
	tcase_add_test(printers, test_a_printer_has_a_name_and_an_address);
	tcase_add_test(printers, test_a_printer_goes_and_comes_back);
	tcase_add_test(printers, test_a_printer_that_labels_wait_for_stays);
	tcase_add_test(printers, test_without_a_printer_nothing_is_queued);
	TCase *numbers = fixture_case(suite, "numbers", fixture_printers);
	tcase_add_test(numbers, test_numbers_are_given_once);
	tcase_add_test(numbers, test_ten_thousand_numbers_are_ten_facts);
	tcase_add_test(numbers, test_numbers_that_were_seen_are_not_given);
	tcase_add_test(numbers, test_numbers_begin_where_somebody_wants);
	tcase_add_test(numbers, test_what_has_no_numbers_is_said);
	TCase *queue = fixture_case(suite, "queue", fixture_printers);
	tcase_add_test(queue, test_labels_are_queued_with_their_template);
	tcase_add_test(queue, test_labels_are_printed_with_the_template_that_they_were_queued_with);
	tcase_add_test(queue, test_reserved_labels_are_queued_later_and_once);
	tcase_add_test(queue, test_what_has_a_number_gets_its_label_once);
	return suite;
}
