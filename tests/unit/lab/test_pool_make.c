/* Laboratory pools at the bench: made, otherwise than planned, onto plates, lost, given up. */
#include <string.h>

#include "core/model/ident.h"
#include "tests/unit/lab/pool_bench.h"
#include "tests/unit/lab/sticker.h"

static pw_pool_done done;
static pw_aliquots_changed changed;

static pw_status make(const char *pool)
{
	fx.now += PW_SECOND;
	return pw_lab_make_pool(fx.lab, pool, &done, &fx.err);
}

static pw_status leave_out(const char *tube, const char *pool)
{
	fx.now += PW_SECOND;
	return pw_lab_leave_out(fx.lab, tube, pool, &changed, &fx.err);
}

static pw_status put_in(const char *tube, const char *pool)
{
	fx.now += PW_SECOND;
	return pw_lab_put_in(fx.lab, tube, pool, &changed, &fx.err);
}

static pw_status try_fill(const char *plate, const char *scan)
{
	pw_filled out;
	fx.now += PW_SECOND;
	return pw_lab_fill_well(fx.lab, plate, scan, NULL, &out, &fx.err);
}

/* Ten singles in two pools of five, planned and not made. */
static int64_t two_pools(void)
{
	pw_pools_planned out;
	singles(1, 10);
	pw_pool_planning in = planning_of(PW_FAMILY_DORFMAN, single_list(1, 10));
	in.make.size = 5;
	must(pw_lab_plan_pools(fx.lab, &in, &out, &fx.report, &fx.err));
	return out.first_batch;
}

/* A right code that no pool has. */
static const char *nobodys(void)
{
	char *code = pw_arena_alloc(&fx.arena, 24);
	for (int64_t serial = 99999990; !pw_ident_make("SZ", PW_KIND_LAB_POOL, serial, code);)
		serial++;
	return code;
}

static const char *aliquot_state(const char *tube)
{
	pw_aliquots_of_tube_row *rows;
	size_t count;
	must(pw_q_aliquots_of_tube(pw_lab_store(fx.lab), &fx.arena, tube, &rows, &count, &fx.err));
	ck_assert_uint_gt(count, 0);
	return rows[count - 1].state;
}

/* ---------------------------------------------------------------- made */

START_TEST(test_a_pool_is_made_by_its_scan)
{
	int64_t batch = two_pools();
	const char *pool = pool_of(batch, 1);
	must(make(pool));
	ck_assert_str_eq(done.pool, pool);
	ck_assert_int_eq(done.number, 1);
	ck_assert_int_eq(done.tubes, 5);
	ck_assert_str_eq(pool_state(batch, 1), "made");
	ck_assert_str_eq(aliquot_state("T1"), "pipetted");
	ck_assert_str_eq(aliquot_state("T6"), "planned");
	refused(make(pool), "pool-made", pool, "anna");
	refused(make("T1"), "not-a-pool", "'T1'");
	refused(make(nobodys()), "pool-unknown", nobodys());
	char wrong[24];
	memcpy(wrong, pool, strlen(pool) + 1);
	wrong[9] = wrong[9] == '1' ? '2' : '1';
	refused(make(wrong), "check-character", wrong);
}
END_TEST

/* The labels of a batch are printed when it is planned; a void one stops no pool that is there. */
START_TEST(test_the_label_of_a_pool_is_applied_where_the_pool_is_made)
{
	pw_label_range range;
	pw_label_voided voided;
	int64_t batch = two_pools();
	const pw_label_want wants[] = {{pool_of(batch, 1), NULL}, {pool_of(batch, 2), NULL}};
	must(pw_lab_want_labels(fx.lab, "pool", wants, 2, "cryotube", &range, &fx.err));
	must(make(pool_of(batch, 1)));
	ck_assert_str_eq(label_state(pool_of(batch, 1)), "applied");
	ck_assert_str_eq(label_row(pool_of(batch, 1))->thing, "pool");
	ck_assert_str_eq(label_state(pool_of(batch, 2)), "reserved");
	as("anna", "smeared");
	must(pw_lab_void_labels(fx.lab, pool_of(batch, 2), NULL, &voided, &fx.err));
	must(make(pool_of(batch, 2)));
	ck_assert_str_eq(label_state(pool_of(batch, 2)), "void");
	refused(pw_lab_void_labels(fx.lab, pool_of(batch, 1), NULL, &voided, &fx.err),
		"label-applied", pool_of(batch, 1), "label reprint");
}
END_TEST

START_TEST(test_a_scan_is_taken_back)
{
	int64_t batch = two_pools();
	const char *pool = pool_of(batch, 1);
	must(make(pool));
	fails(pw_lab_unmake_pool(fx.lab, pool, &fx.err), PW_ERR_ARG, "reason");
	as("anna", "the wrong rack");
	must(pw_lab_unmake_pool(fx.lab, pool, &fx.err));
	ck_assert_str_eq(pool_state(batch, 1), "planned");
	ck_assert_str_eq(aliquot_state("T1"), "planned");
	refused(pw_lab_unmake_pool(fx.lab, pool, &fx.err), "pool-not-made", pool);
	must(make(pool));
	new_plate("E1", "std96");
	fill("E1", pool);
	refused(pw_lab_unmake_pool(fx.lab, pool, &fx.err), "pool-done", "plated", "leave-out");
}
END_TEST

/* ---------------------------------------------------------------- otherwise than planned */

START_TEST(test_a_tube_is_left_out_before_and_after_the_making)
{
	pool_policy("max_pool: 6");
	singles(1, 12);
	int64_t batch = array(3, 4, single_list(1, 12)); /* made: rows 1 to 3, columns 4 to 7 */
	fails(leave_out("T1", NULL), PW_ERR_ARG, "reason");
	as("anna", "clotted");
	must(leave_out("T1", NULL));
	ck_assert_int_eq(changed.pools, 2);
	ck_assert(!changed.decoded);
	ck_assert_int_eq(pool_row(pool_of(batch, 1))->tubes, 3);
	ck_assert_int_eq(pool_row(pool_of(batch, 4))->tubes, 2);
	must(leave_out("T2", pool_of(batch, 5)));
	ck_assert_int_eq(changed.pools, 1);
	refused(leave_out("T2", pool_of(batch, 5)), "aliquot-unknown", "'T2'", "resolve show");
	refused(leave_out("T2", pool_of(batch, 4)), "aliquot-unknown", "'T2'");
	must(put_in("T1", pool_of(batch, 1)));
	ck_assert_int_eq(changed.pools, 1);
	ck_assert_int_eq(pool_row(pool_of(batch, 1))->tubes, 4);
	refused(put_in("T3", NULL), "aliquot-unknown", "'T3'");
	receive("X", 1, 20, 1);
	refused(leave_out("X", NULL), "tube-not-pooled", "'X'");
}
END_TEST

START_TEST(test_a_pool_that_nothing_is_in_is_not_made)
{
	int64_t batch = two_pools();
	as("anna", "the rack fell");
	for (int i = 1; i <= 5; i++)
		must(leave_out(single(i), NULL));
	refused(make(pool_of(batch, 1)), "pool-empty", "pool lose");
	must(put_in("T3", NULL));
	ck_assert_str_eq(aliquot_state("T3"), "planned");
	must(make(pool_of(batch, 1)));
	ck_assert_int_eq(done.tubes, 1);
}
END_TEST

/* ---------------------------------------------------------------- onto plates */

START_TEST(test_pools_and_tubes_share_a_plate)
{
	int64_t batch = two_pools();
	receive("S", 1, 31, 1);
	make_pools(batch);
	new_plate("E1", "std96");
	pw_filled first = fill("E1", pool_of(batch, 1));
	ck_assert_int_eq(first.pool_tubes, 5);
	ck_assert_int_eq(first.swabs, 0);
	ck_assert_int_eq(first.attempt, 1);
	pw_filled second = fill("E1", "S");
	ck_assert_int_eq(second.swabs, 1);
	ck_assert_int_eq(second.filled, 2);
	fill("E1", pool_of(batch, 2));
	ck_assert_int_eq(seal("E1"), 3);
	pw_stamped s = stamp("Q1", "E1", "cdc-n1-n2-rp");
	ck_assert_int_eq(s.tubes, 1);
	ck_assert_int_eq(s.pools, 2);
	ck_assert_str_eq(well_of("Q1", pool_of(batch, 2)), "C1");
	ck_assert_str_eq(pool_state(batch, 1), "plated");
	must_import(run_of("Q1"));
	all_are(1, 10, "negative");
	all_are(31, 31, "negative");
}
END_TEST

START_TEST(test_two_claims_on_one_place_are_named)
{
	int64_t batch = two_pools();
	const char *pool = pool_of(batch, 1);
	new_plate("E1", "std96");
	new_plate("E2", "std96");
	refused(try_fill("E1", pool), "pool-not-made", pool, "pool made");
	make_pools(batch);
	fill("E1", pool);
	refused(try_fill("E2", pool), "pool-plated", pool, "well A1 of plate 'E1'");
	refused(try_fill("E1", pool), "pool-plated", "this one");
	refused(try_fill("E1", "T1"), "tube-pooled", "'T1'", "batch 1");
	refused(try_fill("E1", nobodys()), "pool-unknown", "pool list");
	seal("E1");
	stamp("Q1", "E1", "cdc-n1-n2-rp");
	must_import(run_of("Q1"));
	refused(try_fill("E2", pool), "pool-done", "read, called negative");
}
END_TEST

START_TEST(test_a_fill_is_taken_back)
{
	int64_t batch = two_pools();
	make_pools(batch);
	new_plate("E1", "std96");
	fill("E1", pool_of(batch, 1));
	as("anna", "scanned, not pipetted");
	must(pw_lab_clear_well(fx.lab, "E1", "A1", &fx.err));
	ck_assert_str_eq(pool_state(batch, 1), "made");
	ck_assert_str_eq(pw_arena_strdup(&fx.arena, "A1"), "A1");
	ck_assert_int_eq(fill("E1", pool_of(batch, 2)).well.col, 0);
}
END_TEST

START_TEST(test_a_lost_plate_gives_its_pools_back)
{
	int n;
	int64_t batch = two_pools();
	make_pools(batch);
	const char *pcr = plate_pools(batch);
	as("anna", "dropped");
	must(pw_lab_void_plate(fx.lab, pcr, &n, &fx.err));
	ck_assert_int_eq(n, 2);
	ck_assert_str_eq(pool_state(batch, 1), "retest");
	ck_assert_str_eq(pool_row(pool_of(batch, 1))->next, "repeat-pcr");
	const char *extraction = plate_row(pcr)->source;
	ck_assert_int_eq(stamp("Q7", extraction, "cdc-n1-n2-rp").pools, 2);
	must(pw_lab_void_plate(fx.lab, "Q7", &n, &fx.err));
	must(pw_lab_void_plate(fx.lab, extraction, &n, &fx.err));
	ck_assert_str_eq(pool_row(pool_of(batch, 2))->next, "re-extract");
	read_pools(batch, NONE);
	all_are(1, 10, "negative");
}
END_TEST

START_TEST(test_an_extraction_plate_lost_at_once_leaves_pools_made)
{
	int n;
	int64_t batch = two_pools();
	make_pools(batch);
	new_plate("E1", "std96");
	fill("E1", pool_of(batch, 1));
	as("anna", "dropped");
	must(pw_lab_void_plate(fx.lab, "E1", &n, &fx.err));
	ck_assert_str_eq(pool_state(batch, 1), "made");
}
END_TEST

/* ---------------------------------------------------------------- lost, given up */

START_TEST(test_the_others_are_decoded_without_a_lost_pool)
{
	pool_policy("max_pool: 6");
	singles(1, 12);
	int64_t batch = array(3, 4, single_list(1, 12));
	const char *lost = pool_of(batch, 7);
	new_plate("E1", "std96");
	for (int i = 1; i <= 6; i++)
		fill("E1", pool_of(batch, i));
	seal("E1");
	stamp("Q1", "E1", "cdc-n1-n2-rp");
	as("anna", "dropped");
	refused(pw_lab_lose_pool(fx.lab, "T1", &done, &fx.err), "not-a-pool", "'T1'");
	refused(pw_lab_lose_pool(fx.lab, pool_of(batch, 1), &done, &fx.err), "pool-plated",
		"well A1 of plate 'Q1'");
	must_import(run_of("Q1"));
	all_are(1, 12, "open"); /* the last column hasn't been read */
	must(pw_lab_lose_pool(fx.lab, lost, &done, &fx.err));
	ck_assert(done.decoded);
	all_are(1, 12, "negative"); /* each is in a row that was */
	refused(pw_lab_lose_pool(fx.lab, lost, &done, &fx.err), "pool-done", "lost");
	refused(make(lost), "pool-done", lost);
}
END_TEST

START_TEST(test_a_voided_batch_gives_its_tubes_back)
{
	int n;
	int64_t batch = two_pools();
	make_pools(batch);
	const char *pcr = plate_pools(batch);
	fails(pw_lab_void_pools(fx.lab, batch, &n, &fx.err), PW_ERR_ARG, "reason");
	as("anna", "the wrong design");
	refused(pw_lab_void_pools(fx.lab, batch, &n, &fx.err), "batch-plated", "plate in work");
	must(pw_lab_void_plate(fx.lab, pcr, &n, &fx.err));
	must(pw_lab_void_pools(fx.lab, batch, &n, &fx.err));
	ck_assert_int_eq(n, 10);
	ck_assert_str_eq(state_of("T1"), "received");
	ck_assert_str_eq(pool_state(batch, 1), "voided");
	refused(make(pool_of(batch, 1)), "pool-done", "voided");
	refused(pw_lab_void_pools(fx.lab, batch, &n, &fx.err), "batch-voided", "1");
	refused(pw_lab_void_pools(fx.lab, 77, &n, &fx.err), "batch-unknown", "77");
	/* the tubes are as new, and the extraction plate's pools are nobody's any more */
	pw_stamped s;
	refused(pw_lab_stamp_plate(fx.lab, "Q9", plate_row(pcr)->source, "cdc-n1-n2-rp", &s,
				   &fx.err),
		"nothing-to-stamp", "waits");
	as("anna", NULL);
	int64_t again = dorfman(5, single_list(1, 10));
	read_pools(again, NONE);
	all_are(1, 10, "negative");
}
END_TEST

START_TEST(test_what_a_batch_decided_stays_when_it_is_voided)
{
	int n;
	int64_t batch = two_pools();
	make_pools(batch);
	read_pools(batch, NUMBERS(1));
	all_are(1, 5, "open");
	all_are(6, 10, "negative");
	as("anna", "the first pool's rack was another one");
	must(pw_lab_void_pools(fx.lab, batch, &n, &fx.err));
	ck_assert_int_eq(n, 5);
	ck_assert_str_eq(state_of("T1"), "received");
	ck_assert_str_eq(state_of("T6"), "final");
}
END_TEST

Suite *suite_pool_make(void);
Suite *suite_pool_make(void)
{
	Suite *suite = suite_create("pool_make");
	TCase *made = fixture_case(suite, "made", fixture_cn);
	tcase_add_test(made, test_a_pool_is_made_by_its_scan);
	tcase_add_test(made, test_the_label_of_a_pool_is_applied_where_the_pool_is_made);
	tcase_add_test(made, test_a_scan_is_taken_back);
	tcase_add_test(made, test_a_tube_is_left_out_before_and_after_the_making);
	tcase_add_test(made, test_a_pool_that_nothing_is_in_is_not_made);
	TCase *plates = fixture_case(suite, "plates", fixture_cn);
	tcase_add_test(plates, test_pools_and_tubes_share_a_plate);
	tcase_add_test(plates, test_two_claims_on_one_place_are_named);
	tcase_add_test(plates, test_a_fill_is_taken_back);
	tcase_add_test(plates, test_a_lost_plate_gives_its_pools_back);
	tcase_add_test(plates, test_an_extraction_plate_lost_at_once_leaves_pools_made);
	TCase *lost = fixture_case(suite, "lost", fixture_cn);
	tcase_add_test(lost, test_the_others_are_decoded_without_a_lost_pool);
	tcase_add_test(lost, test_a_voided_batch_gives_its_tubes_back);
	tcase_add_test(lost, test_what_a_batch_decided_stays_when_it_is_voided);
	return suite;
}
