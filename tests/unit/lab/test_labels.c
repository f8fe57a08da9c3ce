/* Numbers, queues, and what is done with labels at the bench. Printing: test_print.c. */
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

START_TEST(test_a_changed_template_has_a_new_version)
{
	pw_label_stock changed = *stock("tube");
	pw_label_range range;
	int64_t batch;
	queued(1);
	range = reserve(1);
	changed.size--;
	fails(pw_lab_queue_labels(fx.lab, &range, &changed, "bench", NULL, &batch, &fx.err),
	      PW_ERR_EXISTS, "version 1 of label 'tube'", "new version");
	changed.version = 2;
	must(pw_lab_queue_labels(fx.lab, &range, &changed, "bench", NULL, &batch, &fx.err));
	ck_assert_int_eq(batch, 2);
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

/* ---------------------------------------------------------------- scanned back */

START_TEST(test_a_label_is_applied_where_its_code_is_first_used)
{
	pw_received received;
	pw_label_range tubes = reserve(2), plates;
	collect(tubes.first_id, 1, 1, 1);
	const pw_labels_of_id_row *label = label_row(tubes.first_id);
	ck_assert_str_eq(label->state, "applied");
	ck_assert_str_eq(label->note, "opening a tube");
	ck_assert_str_eq(label_state(tubes.last_id), "reserved");
	int64_t before = fact_count();
	must(pw_lab_receive_tube(fx.lab, tubes.first_id, NULL, &received, &fx.err));
	ck_assert_int_eq(fact_count(), before + 1);
	must(pw_lab_reserve_labels(fx.lab, "extraction-plate", 0, 1, NULL, &plates, &fx.err));
	new_plate(plates.first_id, "std96");
	ck_assert_str_eq(label_row(plates.first_id)->note, "new plate");
	const char *tube = tubes.first_id;
	extract("E2", "std96", WORDS(tube));
	must(pw_lab_reserve_labels(fx.lab, "pcr-plate", 0, 1, NULL, &plates, &fx.err));
	stamp(plates.first_id, "E2", "cdc-n1-n2-rp");
	ck_assert_str_eq(label_state(plates.first_id), "applied");
}
END_TEST

/* Typed by hand, in groups; and by a card at the swab. */
START_TEST(test_a_label_is_known_in_groups_and_on_a_card)
{
	char grouped[PW_IDENT_SIZE], card[24];
	pw_ident ident;
	pw_label_range tubes = reserve(1), cards;
	pw_swab_outcome swabbed;
	must(pw_ident_parse(tubes.first_id, &ident, &fx.err));
	pw_ident_grouped(&ident, grouped);
	open_tube(grouped, 5);
	ck_assert_str_eq(label_state(tubes.first_id), "applied");
	pw_lab_subject_code(fx.lab, subject(3), card);
	const pw_label_want want = {card, "name=王03\n"};
	must(pw_lab_want_labels(fx.lab, "person", &want, 1, "card", &cards, &fx.err));
	must(pw_lab_take_swab(fx.lab, grouped, card, &swabbed, &fx.err));
	ck_assert_str_eq(label_row(card)->note, "swab");
}
END_TEST

START_TEST(test_a_label_that_still_waits_and_is_there_leaves_the_queue)
{
	printer p;
	pw_label_account account;
	printer_init(&p);
	queued(3);
	collect(code_of('T', 2), 1, 1, 1);
	ck_assert_int_eq(in_state("queued"), 2);
	must(print_waiting(&p, &account));
	accounts(account, 2, 0, 0);
	ck_assert_int_eq(came_out(code_of('T', 2)), 0);
}
END_TEST

START_TEST(test_a_label_is_scanned_back)
{
	pw_label_scan scan;
	pw_label_range tubes = reserve(1);
	must(pw_lab_apply_label(fx.lab, tubes.first_id, &scan, &fx.err));
	ck_assert_str_eq(scan.id, tubes.first_id);
	ck_assert_str_eq(scan.thing, "tube");
	ck_assert_uint_eq(scan.applied, 1);
	must(pw_lab_apply_label(fx.lab, tubes.first_id, &scan, &fx.err));
	ck_assert_uint_eq(scan.applied, 0);
	refused(pw_lab_apply_label(fx.lab, "T0001", &scan, &fx.err), "label-unknown", "'T0001'",
		"label list");
	refused(pw_lab_apply_label(fx.lab, "", &scan, &fx.err), "scan-empty", "nothing was read");
	/* and then its tube is opened, which is nothing new for the label */
	open_tube(tubes.first_id, 1);
	ck_assert_str_eq(label_row(tubes.first_id)->note, "label apply");
}
END_TEST

static pw_status try_open(const char *tube)
{
	const pw_tube_opening in = {.tube = tube, .capacity = 1, .site = "S1"};
	return pw_lab_open_tube(fx.lab, &in, &fx.err);
}

/* ---------------------------------------------------------------- void */

START_TEST(test_a_void_label_is_refused)
{
	pw_label_voided voided;
	pw_label_scan scan;
	pw_label_range tubes = reserve(3), plates;
	const char *first = tubes.first_id;
	fails(pw_lab_void_labels(fx.lab, first, NULL, &voided, &fx.err), PW_ERR_ARG, "reason");
	as("bo", "the roll fell into the sink");
	must(pw_lab_void_labels(fx.lab, first, NULL, &voided, &fx.err));
	ck_assert_uint_eq(voided.voided, 1);
	as("anna", NULL);
	refused(try_open(first), "label-void", first, "2026-11-23 14:05", "bo",
		"the roll fell into the sink", "take another one");
	refused(pw_lab_apply_label(fx.lab, first, &scan, &fx.err), "label-void", first);
	must(try_open(code_of('T', 2)));
	must(pw_lab_reserve_labels(fx.lab, "extraction-plate", 0, 1, NULL, &plates, &fx.err));
	as("bo", "smeared");
	must(pw_lab_void_labels(fx.lab, plates.first_id, NULL, &voided, &fx.err));
	refused(pw_lab_create_plate(fx.lab, plates.first_id, "std96", &fx.err), "label-void",
		plates.first_id, "smeared");
	refused(pw_lab_void_labels(fx.lab, plates.first_id, NULL, &voided, &fx.err), "label-void",
		plates.first_id);
}
END_TEST

START_TEST(test_a_roll_is_lost)
{
	pw_label_voided voided;
	pw_label_range tubes = reserve(10);
	collect(code_of('T', 4), 1, 1, 1);
	as("anna", "lost on the way");
	must(pw_lab_void_labels(fx.lab, tubes.first_id, tubes.last_id, &voided, &fx.err));
	ck_assert_uint_eq(voided.voided, 9);
	ck_assert_uint_eq(voided.applied, 1);
	ck_assert_str_eq(label_state(code_of('T', 4)), "applied");
	ck_assert_str_eq(label_row(tubes.last_id)->void_by, "anna");
	fails(pw_lab_void_labels(fx.lab, tubes.last_id, tubes.first_id, &voided, &fx.err),
	      PW_ERR_ARG, "first and the last");
	refused(pw_lab_void_labels(fx.lab, "T1", "T2", &voided, &fx.err), "label-unknown", "'T1'");
	int64_t batch = queued(5);
	must(pw_lab_void_batch(fx.lab, batch, &voided, &fx.err));
	ck_assert_uint_eq(voided.voided, 5);
	ck_assert_int_eq(in_state("queued"), 0);
	fails(pw_lab_void_batch(fx.lab, 99, &voided, &fx.err), PW_ERR_NOT_FOUND, "batch 99");
}
END_TEST

START_TEST(test_a_label_in_use_is_not_void_but_a_card_may_be)
{
	char card[24];
	pw_label_voided voided;
	pw_swab_outcome out;
	pw_label_range range = reserve(1);
	open_tube(range.first_id, 5);
	as("anna", "lost");
	refused(pw_lab_void_labels(fx.lab, range.first_id, NULL, &voided, &fx.err), "label-applied",
		range.first_id, "label reprint");
	pw_lab_subject_code(fx.lab, subject(3), card);
	const pw_label_want want = {card, "name=王03\n"};
	must(pw_lab_want_labels(fx.lab, "person", &want, 1, "card", &range, &fx.err));
	must(pw_lab_take_swab(fx.lab, code_of('T', 1), card, &out, &fx.err));
	must(pw_lab_void_labels(fx.lab, card, NULL, &voided, &fx.err));
	open_tube("T2", 5);
	refused(pw_lab_take_swab(fx.lab, "T2", card, &out, &fx.err), "label-void", card, "lost");
	must(pw_lab_take_swab(fx.lab, "T2", "E03", &out, &fx.err));
}
END_TEST

/* A tube came with a code of its kit, and a label of ours for it went wrong: the tube goes on. */
START_TEST(test_a_void_label_stops_no_tube_on_its_way)
{
	pw_received received;
	pw_label_voided voided;
	pw_label_range range;
	const pw_label_want want = {"KIT-1", NULL};
	collect("KIT-1", 1, 1, 1);
	must(pw_lab_want_labels(fx.lab, "tube", &want, 1, "cryotube", &range, &fx.err));
	as("anna", "smeared");
	must(pw_lab_void_labels(fx.lab, "KIT-1", NULL, &voided, &fx.err));
	must(pw_lab_receive_tube(fx.lab, "KIT-1", NULL, &received, &fx.err));
	ck_assert_str_eq(label_state("KIT-1"), "void");
}
END_TEST

/* ---------------------------------------------------------------- reprint */

static pw_status try_reprint(const char *scan, const char *template_name,
			     const pw_label_stock *given, printer *p, pw_label_copy *out)
{
	const pw_label_reprint in = {.scan = scan, .template_name = template_name, .stock = given};
	return pw_lab_reprint_label(fx.lab, &in, &p->maker, out, &fx.err);
}

START_TEST(test_a_reprint_has_a_reason_and_shows_it)
{
	printer p;
	pw_label_account account;
	pw_label_copy copy;
	printer_init(&p);
	queued(2);
	const char *id = code_of('T', 2);
	as("anna", "torn");
	refused(try_reprint(id, NULL, NULL, &p, &copy), "label-queued", id, "label resume");
	must(print_waiting(&p, &account));
	as("anna", NULL);
	fails(try_reprint(id, NULL, NULL, &p, &copy), PW_ERR_ARG, "reason");
	as("anna", "torn");
	for (int i = 2; i <= 3; i++) {
		must(try_reprint(id, NULL, NULL, &p, &copy));
		ck_assert_int_eq(copy.copy, i);
		ck_assert_str_eq(copy.printer, "bench");
		must(print_waiting(&p, &account));
		accounts(account, 1, 0, 0);
		ck_assert_str_eq(p.last, pw_arena_printf(&fx.arena, "%s R%d site=Gate ", id, i));
	}
	ck_assert_int_eq(came_out(id), 3);
	ck_assert_int_eq(in_state("void"), 2);
	as("anna", NULL);
	open_tube(id, 1);
	ck_assert_str_eq(label_state(id), "applied");
	ck_assert_int_eq(label_row(id)->copy, 3);
}
END_TEST

/* What is void may be printed again: then its code is good again. */
START_TEST(test_a_void_label_is_good_again_with_a_new_one)
{
	printer p;
	pw_label_voided voided;
	pw_label_copy copy;
	pw_label_account account;
	printer_init(&p);
	queued(1);
	must(print_waiting(&p, &account));
	as("anna", "fell into the sink");
	must(pw_lab_void_labels(fx.lab, code_of('T', 1), NULL, &voided, &fx.err));
	must(try_reprint(code_of('T', 1), NULL, NULL, &p, &copy));
	must(print_waiting(&p, &account));
	open_tube(code_of('T', 1), 1);
}
END_TEST

START_TEST(test_a_template_must_show_the_copy)
{
	printer p;
	pw_label_account account;
	pw_label_copy copy;
	printer_init(&p);
	queued(1);
	must(print_waiting(&p, &account));
	p.no_copy = true;
	as("anna", "torn");
	refused(try_reprint(code_of('T', 1), NULL, NULL, &p, &copy), "copy-unseen", "'tube'",
		"field 'copy'", "R2");
	ck_assert_str_eq(label_state(code_of('T', 1)), "confirmed");
}
END_TEST

START_TEST(test_of_two_labels_one_is_named)
{
	printer p;
	pw_label_account account;
	pw_label_copy copy;
	pw_label_range range;
	int64_t batch;
	printer_init(&p);
	queued(1);
	const char *id = code_of('T', 1);
	const pw_label_want want = {id, "volume=500 µl\n"};
	must(pw_lab_want_labels(fx.lab, "tube", &want, 1, "cap", &range, &fx.err));
	must(pw_lab_queue_labels(fx.lab, &range, stock("cap"), "bench", NULL, &batch, &fx.err));
	must(print_waiting(&p, &account));
	ck_assert_str_eq(p.templates, "tube cap");
	as("anna", "torn");
	fails(try_reprint(id, NULL, NULL, &p, &copy), PW_ERR_ARG, "'tube'", "'cap'", "--template");
	refused(try_reprint(id, "side", NULL, &p, &copy), "label-unknown", "'side'");
	must(try_reprint(id, "cap", NULL, &p, &copy));
	ck_assert_int_eq(copy.copy, 2);
	must(print_waiting(&p, &account));
	ck_assert_str_eq(p.last, pw_arena_printf(&fx.arena, "%s R2 volume=500 µl ", id));
	refused(try_reprint("T9", NULL, NULL, &p, &copy), "label-unknown", "'T9'");
}
END_TEST

START_TEST(test_a_label_from_elsewhere_is_replaced)
{
	printer p;
	pw_label_account account;
	pw_label_copy copy;
	printer_init(&p);
	const pw_label_reprint in = {
		.scan = reserve(1).first_id, .stock = stock("tube"), .printer = "bench"};
	const char *id = pw_arena_strdup(&fx.arena, code_of('T', 1));
	open_tube(id, 1);
	as("anna", "torn");
	fails(try_reprint(id, NULL, NULL, &p, &copy), PW_ERR_ARG, "elsewhere", "--template");
	const pw_label_reprint again = {.scan = id, .stock = in.stock, .printer = in.printer};
	must(pw_lab_reprint_label(fx.lab, &again, &p.maker, &copy, &fx.err));
	ck_assert_int_eq(copy.copy, 2);
	must(print_waiting(&p, &account));
	accounts(account, 1, 0, 0);
}
END_TEST

/* ---------------------------------------------------------------- policy */

#define OWN_POLICY                                                                     \
	"poolwell: profile/1\nname: strict\nversion: 1\ntitle: strict\n"               \
	"pool: {positive_notify: true, positive_isolate: true, inconclusive: recall, " \
	"invalid: recall, negative_says: x, open_says: x}\n"                           \
	"person: {positive_isolate: true, max_reswabs: 3}\n"                           \
	"overdue_hours: {others: 24}\nown_labels: reserved\n"

START_TEST(test_a_policy_may_want_every_number_reserved)
{
	char card[24];
	pw_swab_outcome out;
	const char *unknown = code_of('T', 900), *plate = code_of('E', 900);
	open_tube(code_of('T', 800), 5);
	must(pw_lab_enforce(fx.lab, "profile", "strict", OWN_POLICY, strlen(OWN_POLICY), NULL,
			    &fx.err));
	refused(try_open(unknown), "label-unknown", unknown, "nobody reserved", "put it aside");
	refused(pw_lab_create_plate(fx.lab, plate, "std96", &fx.err), "label-unknown", plate);
	must(try_open(reserve(1).first_id));
	must(try_open("KIT-1"));
	/* people are numbered by their rosters, and a tube that was opened before goes on */
	pw_lab_subject_code(fx.lab, subject(3), card);
	must(pw_lab_take_swab(fx.lab, code_of('T', 800), card, &out, &fx.err));
	must(pw_lab_close_tube(fx.lab, code_of('T', 800), 1, &fx.err));
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
	tcase_add_test(queue, test_a_changed_template_has_a_new_version);
	tcase_add_test(queue, test_reserved_labels_are_queued_later_and_once);
	tcase_add_test(queue, test_what_has_a_number_gets_its_label_once);
	TCase *bench = fixture_case(suite, "bench", fixture_printers);
	tcase_add_test(bench, test_a_label_is_applied_where_its_code_is_first_used);
	tcase_add_test(bench, test_a_label_is_known_in_groups_and_on_a_card);
	tcase_add_test(bench, test_a_label_that_still_waits_and_is_there_leaves_the_queue);
	tcase_add_test(bench, test_a_label_is_scanned_back);
	tcase_add_test(bench, test_a_void_label_is_refused);
	tcase_add_test(bench, test_a_roll_is_lost);
	tcase_add_test(bench, test_a_label_in_use_is_not_void_but_a_card_may_be);
	tcase_add_test(bench, test_a_void_label_stops_no_tube_on_its_way);
	TCase *reprints = fixture_case(suite, "reprint", fixture_printers);
	tcase_add_test(reprints, test_a_reprint_has_a_reason_and_shows_it);
	tcase_add_test(reprints, test_a_void_label_is_good_again_with_a_new_one);
	tcase_add_test(reprints, test_a_template_must_show_the_copy);
	tcase_add_test(reprints, test_of_two_labels_one_is_named);
	tcase_add_test(reprints, test_a_label_from_elsewhere_is_replaced);
	TCase *policy = fixture_case(suite, "policy", fixture_printers);
	tcase_add_test(policy, test_a_policy_may_want_every_number_reserved);
	return suite;
}
