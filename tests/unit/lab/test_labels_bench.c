/* Labels at the bench: scanned back, declared void, printed again. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/lab/bench.h"
#include "tests/unit/lab/sticker.h"

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

Suite *suite_labels_bench(void);

Suite *suite_labels_bench(void)
{
	Suite *suite = suite_create("labels_bench");
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
