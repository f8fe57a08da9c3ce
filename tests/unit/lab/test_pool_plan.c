/* Tubes are laid into laboratory pools. */
#include <string.h>

#include "core/model/ident.h"
#include "tests/unit/lab/pool_bench.h"

static pw_pools_planned planned;

static pw_status plan(const pw_pool_planning *in)
{
	pw_report_clear(&fx.report);
	planned = (pw_pools_planned){.batches = 0};
	fx.now += PW_SECOND;
	return pw_lab_plan_pools(fx.lab, in, &planned, &fx.report, &fx.err);
}

static pw_pool_planning dorfman_of(uint32_t size, const char *const *tubes)
{
	pw_pool_planning in = planning_of(PW_FAMILY_DORFMAN, tubes);
	in.make.size = size;
	return in;
}

static pw_pool_planning from_waiting(uint32_t size)
{
	pw_pool_planning in = dorfman_of(size, WORDS("-"));
	in.source = PW_POOL_FROM_WAITING;
	in.tube_count = 0;
	return in;
}

static const pw_batch_pools_row *pools(int64_t batch, size_t *count)
{
	pw_batch_pools_row *rows;
	must(pw_q_batch_pools(pw_lab_store(fx.lab), &fx.arena, batch, &rows, count, &fx.err));
	return rows;
}

/* "T1 T2": whose aliquots are for a pool. */
static const char *tubes_of(int64_t batch, int64_t number)
{
	pw_pool_aliquots_row *rows;
	size_t count;
	const char *text = "";
	must(pw_q_pool_aliquots(pw_lab_store(fx.lab), &fx.arena, pool_of(batch, number), &rows,
				&count, &fx.err));
	for (size_t i = 0; i < count; i++)
		text = pw_arena_printf(&fx.arena, "%s%s%s", text, i > 0 ? " " : "", rows[i].tube);
	return text;
}

/* ---------------------------------------------------------------- what is laid where */

START_TEST(test_a_list_is_laid_into_pools_in_its_order)
{
	size_t count;
	pw_ident ident;
	singles(1, 10);
	pw_pool_planning in = dorfman_of(5, single_list(1, 10));
	must(plan(&in));
	ck_assert_uint_eq(planned.batches, 1);
	ck_assert_uint_eq(planned.pools, 2);
	ck_assert_uint_eq(planned.tubes, 10);
	ck_assert_str_eq(tubes_of(1, 1), "T1 T2 T3 T4 T5");
	ck_assert_str_eq(tubes_of(1, 2), "T6 T7 T8 T9 T10");
	const pw_batch_pools_row *rows = pools(1, &count);
	for (size_t i = 0; i < count; i++) {
		must(pw_ident_parse(rows[i].pool, &ident, &fx.err));
		ck_assert_int_eq(ident.kind, PW_KIND_LAB_POOL);
		ck_assert_str_eq(ident.issuer, "SZ");
		ck_assert_str_eq(rows[i].state, "planned");
		ck_assert_int_eq(rows[i].tubes, 5);
	}
	for (int i = 1; i <= 10; i++)
		ck_assert_str_eq(state_of(single(i)), "pooled");
	all_are(1, 10, "open");
	ck_assert_str_eq(pw_lab_next_step("pooled", NULL, 1), "finish its laboratory pools");
}
END_TEST

/* Racks of 96 by column; pools in the specimen wells of the layout, by column, controls left free. */
START_TEST(test_tubes_and_pools_have_places)
{
	size_t count;
	pool_policy("max_pool: 10, must_test: pooled");
	singles(1, 40);
	pw_pool_planning in = dorfman_of(4, single_list(1, 40));
	must(plan(&in));
	ck_assert_int_eq(batch_tube(1, "T1")->position, 0);
	ck_assert_int_eq(batch_tube(1, "T2")->position, 12); /* B1 */
	ck_assert_int_eq(batch_tube(1, "T9")->position, 1);  /* A2 */
	ck_assert_int_eq(batch_tube(1, "T40")->rack, 1);
	const pw_batch_pools_row *rows = pools(1, &count);
	ck_assert_uint_eq(count, 10);
	ck_assert_int_eq(rows[1].position, 12);
	ck_assert_int_eq(rows[8].position, 1);
	ck_assert_int_eq(rows[8].place, 1);
}
END_TEST

START_TEST(test_an_array_lies_on_its_rack)
{
	pool_policy("max_pool: 12, must_test: pooled");
	singles(1, 40);
	pw_pool_planning in = planning_of(PW_FAMILY_ARRAY, single_list(1, 40));
	in.make.dims[0] = 8;
	in.make.dims[1] = 12;
	in.make.dim_count = 2;
	must(plan(&in));
	/* the first 40 cells by row: four rows, the last of four, and twelve columns */
	ck_assert_uint_eq(planned.pools, 4 + 12);
	ck_assert_int_eq(batch_tube(1, "T1")->position, 0);
	ck_assert_int_eq(batch_tube(1, "T12")->position, 11);
	ck_assert_int_eq(batch_tube(1, "T13")->position, 12);
	ck_assert_int_eq(batch_tube(1, "T40")->position, 39);
	ck_assert_str_eq(tubes_of(1, 4), "T37 T38 T39 T40");
	ck_assert_str_eq(tubes_of(1, 5), "T1 T13 T25 T37");
}
END_TEST

START_TEST(test_a_design_of_ones_own_is_cut_to_the_tubes)
{
	static const char matrix[] = "111000\n000111\n100100\n010010\n001001\n";
	pw_design *design = NULL, *kept = NULL;
	singles(1, 5);
	must(pw_design_parse(matrix, strlen(matrix), &design, &fx.err));
	pw_pool_planning in = planning_of(PW_FAMILY_INDIVIDUAL, single_list(1, 5));
	in.design = design;
	refused(plan(&in), "pools-save-nothing", "5 tubes", "smaller design");
	pw_design_free(design);
	static const char wide[] = "1111111000\n0000000111\n";
	pool_policy("max_pool: 10, must_test: pooled");
	must(pw_design_parse(wide, strlen(wide), &design, &fx.err));
	in.design = design;
	must(plan(&in));
	ck_assert_uint_eq(planned.pools, 1); /* nobody is left in the second */
	ck_assert_str_eq(tubes_of(1, 1), "T1 T2 T3 T4 T5");
	must(pw_lab_batch_design(fx.lab, 1, &kept, &fx.err));
	ck_assert_uint_eq(pw_design_samples(kept), 5);
	ck_assert_uint_eq(pw_design_pools(kept), 1);
	pw_design_free(kept);
	pw_design_free(design);
}
END_TEST

START_TEST(test_many_tubes_are_many_batches)
{
	singles(1, 30);
	pw_pool_planning in = dorfman_of(5, single_list(1, 30));
	in.make.samples = 10;
	must(plan(&in));
	ck_assert_uint_eq(planned.batches, 3);
	ck_assert_int_eq(planned.first_batch, 1);
	ck_assert_int_eq(planned.last_batch, 3);
	ck_assert_str_eq(tubes_of(3, 2), "T26 T27 T28 T29 T30");
	ck_assert_str_eq(batch_row(1)->design, batch_row(3)->design);
	ck_assert_str_ne(pool_of(1, 1), pool_of(2, 1));
}
END_TEST

START_TEST(test_a_last_batch_that_saves_nothing_is_left_waiting)
{
	singles(1, 11);
	pw_pool_planning in = dorfman_of(5, single_list(1, 11));
	in.make.samples = 10;
	must(plan(&in));
	ck_assert_uint_eq(planned.batches, 1);
	ck_assert_uint_eq(planned.too_few, 1);
	ck_assert_str_eq(state_of("T11"), "received");
}
END_TEST

START_TEST(test_codes_go_on_and_pass_stars_over)
{
	char code[24];
	int64_t serial = 0, last = 0;
	pw_pool_last_row row;
	bool found;
	singles(1, 20);
	for (int i = 0; i < 2; i++) {
		pw_pool_planning in = dorfman_of(2, single_list(1 + 10 * i, 10 + 10 * i));
		must(plan(&in));
	}
	must(pw_q_pool_last(pw_lab_store(fx.lab), &fx.arena, &row, &found, &fx.err));
	for (int i = 0; i < 10; i++) {
		do
			serial++;
		while (!pw_ident_make("SZ", PW_KIND_LAB_POOL, serial, code));
		ck_assert_str_eq(pool_of(1 + i / 5, 1 + i % 5), code);
		last = serial;
	}
	ck_assert_int_eq(row.serial, last);
}
END_TEST

/* ---------------------------------------------------------------- who may be pooled */

START_TEST(test_every_tube_that_may_not_is_named)
{
	int n;
	singles(1, 4);
	receive("M", 1, 31, 1); /* medical staff */
	collect("C", 1, 5, 1);
	receive("R", 1, 6, 1);
	as("anna", "lost");
	must(pw_lab_recall_tube(fx.lab, "R", &n, &fx.err));
	as("anna", NULL);
	receive("R2", 1, 6, 1); /* swabbed again */
	pw_pool_planning first = dorfman_of(2, WORDS("T3", "T4"));
	must(plan(&first));
	pw_pool_planning in =
		dorfman_of(5, WORDS("T1", "T1", "M", "C", "R", "R2", "T3", "NOBODY", "T2"));
	refused(plan(&in), "tubes-unfit", "7 of the 9 tubes", "nothing was planned");
	ck_assert_int_eq(finding("tube-twice", WORDS("'T1'"))->line, 2);
	ck_assert_int_eq(finding("tube-must-test", WORDS("'M'", "alone"))->line, 3);
	ck_assert_int_eq(finding("tube-not-received", WORDS("'C'", "closed"))->line, 4);
	ck_assert_int_eq(finding("tube-done", WORDS("'R'", "recalled"))->line, 5);
	ck_assert_int_eq(finding("tube-swabbed-again", WORDS("'R2'"))->line, 6);
	ck_assert_int_eq(finding("tube-pooled", WORDS("'T3'", "batch 1"))->line, 7);
	ck_assert_int_eq(finding("tube-not-opened", WORDS("'NOBODY'"))->line, 8);
	ck_assert_str_eq(state_of("T1"), "received");
}
END_TEST

START_TEST(test_what_waits_is_pooled_as_far_as_it_may)
{
	singles(1, 6);
	receive("M", 1, 31, 1);
	pw_pool_planning in = from_waiting(3);
	must(plan(&in));
	ck_assert_uint_eq(planned.tubes, 6);
	ck_assert_uint_eq(planned.unfit, 1);
	ck_assert_str_eq(tubes_of(1, 1), "T1 T2 T3"); /* the longest waiting first */
	ck_assert_str_eq(state_of("M"), "received");
	refused(plan(&in), "nothing-to-pool", "policy", "resolve list");
}
END_TEST

START_TEST(test_the_policy_may_let_must_test_people_be_pooled)
{
	pool_policy("must_test: pooled");
	singles(29, 34);
	pw_pool_planning in = from_waiting(3);
	must(plan(&in));
	ck_assert_uint_eq(planned.tubes, 6);
}
END_TEST

START_TEST(test_a_box_is_pooled)
{
	static const char manifest[] = "box,tube,swabs\nB1,T1,1\nB1,T2,1\nB1,T3,1\nB2,T4,1\n";
	pw_manifest_outcome boxes;
	pw_received received;
	for (int i = 1; i <= 4; i++)
		collect(single(i), 1, i, 1);
	must(pw_lab_import_manifest(fx.lab, manifest, strlen(manifest), "boxes.csv", &boxes,
				    &fx.report, &fx.err));
	for (int i = 1; i <= 4; i++)
		if (i != 3) /* which is missing */
			must(pw_lab_receive_tube(fx.lab, single(i), i == 4 ? "B2" : "B1", &received,
						 &fx.err));
	pw_pool_planning in = dorfman_of(4, WORDS("-"));
	in.source = PW_POOL_FROM_BOX;
	in.box = "B1";
	must(plan(&in));
	ck_assert_str_eq(tubes_of(1, 1), "T1 T2");
	in.box = "B7";
	refused(plan(&in), "box-unknown", "'B7'");
}
END_TEST

/* ---------------------------------------------------------------- limits */

START_TEST(test_pools_and_volumes_have_limits)
{
	singles(1, 12);
	pw_pool_planning in = dorfman_of(6, single_list(1, 12));
	refused(plan(&in), "pool-size", "6 samples", "5 allowed");
	in = dorfman_of(4, single_list(1, 12));
	in.max_pool = 3;
	refused(plan(&in), "pool-size", "3 allowed");
	in.max_pool = 0;
	in.pool_nl = 70000;
	refused(plan(&in), "pool-volume", "4 aliquots", "70000");
	in.pool_nl = 80000;
	in.tube_nl = 30000;
	in.dead_nl = 15000;
	refused(plan(&in), "sample-volume", "30000", "15000");
	in.dead_nl = 10000;
	must(plan(&in));
	ck_assert_int_eq(batch_row(1)->tube_nl.value, 30000);
}
END_TEST

START_TEST(test_what_makes_no_sense_is_an_error)
{
	singles(1, 6);
	pw_pool_planning in = dorfman_of(3, single_list(1, 6));
	in.layout = "nosuch";
	fails(plan(&in), PW_ERR_NOT_FOUND, "nosuch");
	in = dorfman_of(3, single_list(1, 6));
	in.aliquot_nl = 0;
	fails(plan(&in), PW_ERR_ARG, "aliquot");
	in = planning_of(PW_FAMILY_KIRKMAN, single_list(1, 6));
	in.make.pools = 7;
	fails(plan(&in), PW_ERR_ARG, "kirkman");
	pool_policy("max_pool: 1000, dilution: 0");
	in = planning_of(PW_FAMILY_RS, single_list(1, 6));
	in.make.q = 11;
	in.make.k = 3;
	in.make.w = 2;
	fails(plan(&in), PW_ERR_LIMIT, "1331 tubes");
	fails(pw_lab_batch_design(fx.lab, 9, &(pw_design *){NULL}, &fx.err), PW_ERR_REFUSED,
	      "no batch 9");
}
END_TEST

Suite *suite_pool_plan(void);
Suite *suite_pool_plan(void)
{
	Suite *suite = suite_create("pool_plan");
	TCase *where = fixture_case(suite, "where", fixture_cn);
	tcase_add_test(where, test_a_list_is_laid_into_pools_in_its_order);
	tcase_add_test(where, test_tubes_and_pools_have_places);
	tcase_add_test(where, test_an_array_lies_on_its_rack);
	tcase_add_test(where, test_a_design_of_ones_own_is_cut_to_the_tubes);
	tcase_add_test(where, test_many_tubes_are_many_batches);
	tcase_add_test(where, test_a_last_batch_that_saves_nothing_is_left_waiting);
	tcase_add_test(where, test_codes_go_on_and_pass_stars_over);
	TCase *who = fixture_case(suite, "who", fixture_cn);
	tcase_add_test(who, test_every_tube_that_may_not_is_named);
	tcase_add_test(who, test_what_waits_is_pooled_as_far_as_it_may);
	tcase_add_test(who, test_the_policy_may_let_must_test_people_be_pooled);
	tcase_add_test(who, test_a_box_is_pooled);
	TCase *limits = fixture_case(suite, "limits", fixture_cn);
	tcase_add_test(limits, test_pools_and_volumes_have_limits);
	tcase_add_test(limits, test_what_makes_no_sense_is_an_error);
	return suite;
}
