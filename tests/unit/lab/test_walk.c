/*
 * A laboratory on a bad day: whatever can be scanned is scanned, in any order, by a generator. A rule may say
 * no, and nothing else may; after every few steps whoever waits is still on somebody's list. In the end the
 * day is put in order by the list of what is stuck alone, and everybody has an answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rng.h"
#include "tests/unit/lab/pool_bench.h"

#define CDC   "cdc-n1-n2-rp"
#define STEPS 250
#define WALKS 8

static pw_rng rng;
static int names;

static const char *new_name(const char *kind)
{
	return pw_arena_printf(&fx.arena, "%s%d", kind, ++names);
}

static int below(int n)
{
	return (int)pw_rng_below(&rng, (uint64_t)n);
}

/* Done, refused by a rule, or in want of a reason. */
static bool done(pw_status rc)
{
	bool no = rc == PW_ERR_REFUSED && fx.err.code != NULL;
	bool why = rc == PW_ERR_ARG && strstr(fx.err.msg, "needs a reason") != NULL;
	ck_assert_msg(rc == PW_OK || no || why, "%s: %s", pw_status_name(rc), fx.err.msg);
	ck_assert_ptr_null(rc == PW_OK ? NULL : strstr(fx.err.msg, "could not be recorded"));
	fx.now += PW_SECOND;
	return rc == PW_OK;
}

/* ---------------------------------------------------------------- what there is */

static const char *a_tube(const char *state)
{
	pw_tubes_in_state_row *rows;
	size_t count;
	must(pw_q_tubes_in_state(pw_lab_store(fx.lab), &fx.arena, state, &rows, &count, &fx.err));
	return count > 0 ? rows[below((int)count)].tube : NULL;
}

static const char *any_tube(void)
{
	static const char *const states[] = {"open",   "closed",   "received", "plated", "pooled",
					     "retest", "recalled", "rejected", "final"};
	const char *tube = NULL;
	for (int i = 0; tube == NULL && i < 20; i++)
		tube = a_tube(states[below(COUNT(states))]);
	return tube != NULL ? tube : "T0";
}

static const char *a_pool(const char *state)
{
	pw_pools_in_state_row *rows;
	size_t count;
	must(pw_q_pools_in_state(pw_lab_store(fx.lab), &fx.arena, state, &rows, &count, &fx.err));
	return count > 0 ? rows[below((int)count)].pool : NULL;
}

static const char *any_pool(void)
{
	static const char *const states[] = {"planned", "made", "plated", "retest",
					     "read",    "lost", "voided"};
	const char *pool = NULL;
	for (int i = 0; pool == NULL && i < 20; i++)
		pool = a_pool(states[below(COUNT(states))]);
	return pool != NULL ? pool : "SZA00000001X";
}

static int64_t a_batch(void)
{
	pw_batch_last_row last;
	bool found;
	must(pw_q_batch_last(pw_lab_store(fx.lab), &fx.arena, &last, &found, &fx.err));
	return 1 + below((int)last.batch + 1);
}

static const char *a_plate(const char *kind, const char *state)
{
	pw_plates_row *rows;
	size_t count, n = 0;
	must(pw_q_plates(pw_lab_store(fx.lab), &fx.arena, 1, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].kind, kind) == 0 &&
		    (state == NULL || strcmp(rows[i].state, state) == 0))
			rows[n++] = rows[i];
	return n > 0 ? rows[below((int)n)].plate : NULL;
}

/* ---------------------------------------------------------------- one step */

static void step_open(void)
{
	static const int capacities[] = {0, 1, 1, 5, 10};
	const pw_tube_opening in = {.tube = below(10) > 0 ? new_name("T") : any_tube(),
				    .capacity = capacities[below(COUNT(capacities))],
				    .site = "S1"};
	done(pw_lab_open_tube(fx.lab, &in, &fx.err));
}

static void step_swab(void)
{
	pw_swab_outcome out;
	const char *tube = below(10) > 0 ? a_tube("open") : any_tube();
	if (tube != NULL)
		done(pw_lab_take_swab(fx.lab, tube, person(1 + below(PEOPLE)), &out, &fx.err));
}

static void step_withdraw(void)
{
	const char *tube = a_tube("open");
	if (tube != NULL)
		done(pw_lab_withdraw_swab(fx.lab, tube, person(1 + below(PEOPLE)), &fx.err));
}

static void step_close(void)
{
	const char *tube = a_tube("open");
	if (tube == NULL || below(8) == 0)
		done(pw_lab_close_tube(fx.lab, any_tube(), below(5), &fx.err));
	else
		done(pw_lab_close_tube(fx.lab, tube, (int)tube_row(tube)->swabs, &fx.err));
}

static void step_receive(void)
{
	pw_received out;
	const char *tube = below(5) > 0 ? a_tube("closed") : any_tube();
	if (tube != NULL)
		done(pw_lab_receive_tube(fx.lab, tube, NULL, &out, &fx.err));
}

static void step_reject(void)
{
	int n;
	done(pw_lab_reject_tube(fx.lab, any_tube(), "leaking", &n, &fx.err));
}

static void step_recall(void)
{
	int n;
	done(pw_lab_recall_tube(fx.lab, any_tube(), &n, &fx.err));
}

static void step_plate(void)
{
	done(pw_lab_create_plate(fx.lab, new_name("E"), "std96", &fx.err));
}

static void step_fill(void)
{
	pw_filled out;
	const char *plate = a_plate("extraction", below(8) > 0 ? "filling" : NULL);
	for (int i = below(6); plate != NULL && i >= 0; i--) {
		static const char *const waiting[] = {"made", "retest"};
		const char *tube = below(3) == 0 ? a_tube("retest") : a_tube("received");
		if (below(2) == 0)
			tube = below(8) > 0 ? a_pool(waiting[below(2)]) : any_pool();
		done(pw_lab_fill_well(fx.lab, plate, tube != NULL ? tube : any_tube(), NULL, &out,
				      &fx.err));
	}
}

static void step_clear(void)
{
	char well[8];
	const char *plate = a_plate("extraction", "filling");
	pw_well_name(pw_well_at(below(5), PW_PLATE_96, PW_BY_COLUMN), well);
	if (plate != NULL)
		done(pw_lab_clear_well(fx.lab, plate, well, &fx.err));
}

static void step_seal(void)
{
	int n;
	const char *plate = a_plate("extraction", "filling");
	if (plate != NULL)
		done(pw_lab_seal_plate(fx.lab, plate, &n, &fx.err));
}

static void step_stamp(void)
{
	pw_stamped out;
	const char *plate = a_plate("extraction", NULL);
	if (plate != NULL)
		done(pw_lab_stamp_plate(fx.lab, new_name("Q"), plate, CDC, &out, &fx.err));
}

static void step_void(void)
{
	int n;
	const char *plate = a_plate(below(2) == 0 ? "pcr" : "extraction", NULL);
	if (plate != NULL)
		done(pw_lab_void_plate(fx.lab, plate, &n, &fx.err));
}

/* Every well anything, and now and then a control. */
static void step_run(void)
{
	const char *plate = a_plate("pcr", below(8) > 0 ? "sealed" : NULL);
	if (plate == NULL)
		return;
	bench_run *run = run_of(plate);
	for (size_t i = 0; i < run->file.reading_count; i++) {
		pw_reading *r = &run->file.readings[i];
		bool control = r->well.col == 11;
		if (below(control ? 60 : 5) > 0)
			continue;
		r->has_cq = !r->has_cq;
		r->cq = 20 + below(2000) / 100.0;
		r->amp = below(3) == 0 ? PW_AMP_NO : PW_AMP_YES;
		r->omitted = below(20) == 0;
	}
	done(import(run));
}

static void step_pool_plan(void)
{
	pw_pools_planned out;
	pw_pool_planning in = planning_of(PW_FAMILY_DORFMAN, WORDS("-"));
	in.source = PW_POOL_FROM_WAITING;
	in.make.size = 2 + (uint32_t)below(4);
	in.make.samples = (size_t)in.make.size * (size_t)(1 + below(3));
	if (below(2) == 0) {
		in.make.family = PW_FAMILY_ARRAY;
		in.make.dims[0] = 2 + (uint32_t)below(2);
		in.make.dims[1] = 3;
		in.make.dim_count = 2;
		in.make.samples = (size_t)in.make.dims[0] * 3;
	}
	const char *listed[5];
	for (size_t i = 0; i < 5; i++)
		listed[i] = any_tube();
	if (below(8) == 0) {
		in.source = PW_POOL_FROM_LIST;
		in.tubes = listed;
		in.tube_count = 5;
	}
	pw_report_clear(&fx.report);
	done(pw_lab_plan_pools(fx.lab, &in, &out, &fx.report, &fx.err));
}

static void step_pool_make(void)
{
	pw_pool_done out;
	for (int i = below(4); i >= 0; i--) {
		const char *pool = below(8) > 0 ? a_pool("planned") : any_pool();
		if (pool != NULL)
			done(pw_lab_make_pool(fx.lab, pool, &out, &fx.err));
	}
}

static void step_pool_mishap(void)
{
	pw_pool_done out;
	pw_aliquots_changed changed;
	const char *tube = below(4) > 0 ? a_tube("pooled") : any_tube();
	const char *pool = below(3) == 0 ? any_pool() : NULL;
	switch (below(4)) {
	case 0:
		done(pw_lab_unmake_pool(fx.lab, any_pool(), &fx.err));
		break;
	case 1:
		done(pw_lab_lose_pool(fx.lab, any_pool(), &out, &fx.err));
		break;
	case 2:
		done(pw_lab_put_in(fx.lab, tube != NULL ? tube : "T0", pool, &changed, &fx.err));
		break;
	default:
		done(pw_lab_leave_out(fx.lab, tube != NULL ? tube : "T0", pool, &changed, &fx.err));
	}
}

static void step_pool_next(void)
{
	static const pw_pool_next ways[] = {PW_POOL_NEXT_ROUNDS, PW_POOL_NEXT_TESTS,
					    PW_POOL_NEXT_RECOLLECT};
	const pw_next_opts opts = {.has_prefer = below(2) == 0,
				   .prefer = ways[below(COUNT(ways))],
				   .only_look = below(10) == 0};
	pw_next_plan plan;
	done(pw_lab_next_wells(fx.lab, &fx.arena, a_batch(), &opts, &plan, &fx.err));
}

static void step_pool_decode(void)
{
	const pw_decode_ask ask = {.now = below(3) == 0, .accept = below(3) == 0};
	pw_batch_outcome out;
	done(pw_lab_decode_batch(fx.lab, a_batch(), &ask, &out, &fx.err));
}

static void step_pool_void(void)
{
	int n;
	if (below(4) == 0)
		done(pw_lab_void_pools(fx.lab, a_batch(), &n, &fx.err));
}

static void step_session(void)
{
	as(below(2) == 0 ? "anna" : "bo", below(3) == 0 ? "so it is" : NULL);
}

static void (*const walk_steps[])(void) = {
	step_open,     step_swab,  step_swab,  step_swab,    step_swab,    step_swab,
	step_withdraw, step_close, step_close, step_receive, step_receive, step_reject,
	step_recall,   step_plate, step_fill,  step_fill,    step_clear,   step_seal,
	step_stamp,    step_stamp, step_void,  step_run,     step_run,     step_session,
};

/* A day of laboratory pools: everybody's swab has come, and now and then somebody comes again. */
static void (*const pool_steps[])(void) = {
	step_open,        step_swab,      step_close,     step_receive,     step_recall,
	step_plate,       step_fill,      step_fill,      step_fill,        step_clear,
	step_seal,        step_seal,      step_stamp,     step_stamp,       step_stamp,
	step_void,        step_run,       step_run,       step_run,         step_session,
	step_pool_plan,   step_pool_plan, step_pool_make, step_pool_make,   step_pool_make,
	step_pool_mishap, step_pool_next, step_pool_next, step_pool_decode, step_pool_void,
};

/* ---------------------------------------------------------------- put in order */

static void swab_singly(int64_t who)
{
	char code[24];
	pw_swab_outcome out;
	const char *tube = new_name("S");
	open_tube(tube, 1);
	pw_lab_subject_code(fx.lab, who, code);
	must(pw_lab_take_swab(fx.lab, tube, code, &out, &fx.err));
}

static void answer_recalls(void)
{
	pw_cursor cursor;
	pw_recalls_row row;
	bool found = true;
	int64_t *who = pw_arena_array(&fx.arena, PEOPLE * 10, sizeof(*who));
	size_t n = 0;
	must(pw_q_recalls_open(pw_lab_store(fx.lab), &cursor, &fx.err));
	while (found) {
		must(pw_q_recalls_next(&cursor, &row, &found, &fx.err));
		if (found)
			who[n++] = row.subject;
	}
	for (size_t i = 0; i < n; i++) {
		pw_recall_open_row recall;
		must(pw_q_recall_open(pw_lab_store(fx.lab), &fx.arena, who[i], &recall, &found,
				      &fx.err));
		if (found) /* who is on two lists comes once */
			swab_singly(who[i]);
	}
}

static void close_or_give_up(const char *tube)
{
	int swabs = (int)tube_row(tube)->swabs, n;
	if (swabs > 0)
		must(pw_lab_close_tube(fx.lab, tube, swabs, &fx.err));
	else
		must(pw_lab_recall_tube(fx.lab, tube, &n, &fx.err));
}

static void for_tubes(const char *state, void (*one)(const char *tube))
{
	pw_tubes_in_state_row *rows;
	size_t count;
	must(pw_q_tubes_in_state(pw_lab_store(fx.lab), &fx.arena, state, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++) {
		fx.now += PW_SECOND;
		one(rows[i].tube);
	}
}

static void receive_it(const char *tube)
{
	pw_received out;
	must(pw_lab_receive_tube(fx.lab, tube, NULL, &out, &fx.err));
}

static const char *plate_at_hand;

static void fill_it(const char *tube)
{
	const pw_tube_find_row *row = tube_row(tube);
	bool ends = strcmp(pw_lab_next_step(row->state, row->next, row->swabs),
			   "stamp its extraction plate onto a new PCR plate") != 0;
	if (ends)
		fill(plate_at_hand, tube);
}

static bool is_finished(const pw_plates_row *plate)
{
	return strcmp(plate->state, "called") == 0 || strcmp(plate->state, "voided") == 0;
}

/* Whatever lies about goes one step on. */
static void push_plates(void)
{
	pw_plates_row *rows;
	size_t count;
	pw_stamped stamped;
	int n;
	must(pw_q_plates(pw_lab_store(fx.lab), &fx.arena, 0, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++) {
		fx.now += PW_SECOND;
		if (is_finished(&rows[i]))
			continue;
		if (strcmp(rows[i].kind, "pcr") == 0)
			must_import(run_of(rows[i].plate));
		else if (strcmp(rows[i].state, "filling") == 0)
			done(pw_lab_seal_plate(fx.lab, rows[i].plate, &n, &fx.err));
		else
			done(pw_lab_stamp_plate(fx.lab, new_name("Q"), rows[i].plate, CDC, &stamped,
						&fx.err));
	}
}

static bool something_is_stuck(void)
{
	pw_cursor cursor;
	pw_stuck_row row;
	bool found;
	must(pw_q_stuck_open(pw_lab_store(fx.lab), &cursor, &fx.err));
	must(pw_q_stuck_next(&cursor, &row, &found, &fx.err));
	pw_cursor_close(&cursor);
	return found || open_recalls() > 0;
}

/* A pool that is planned is made, or given up when nothing is left to be put into it. */
static void make_or_lose(const char *pool)
{
	pw_pool_done out;
	if (pool_row(pool)->tubes > 0)
		must(pw_lab_make_pool(fx.lab, pool, &out, &fx.err));
	else
		must(pw_lab_lose_pool(fx.lab, pool, &out, &fx.err));
}

static void fill_pool(const char *pool)
{
	const pw_pool_find_row *row = pool_row(pool);
	if (row->next == NULL || strcmp(row->next, "repeat-pcr") != 0)
		fill(plate_at_hand, pool);
}

static void for_pools(const char *state, void (*one)(const char *pool))
{
	pw_pools_in_state_row *rows;
	size_t count;
	must(pw_q_pools_in_state(pw_lab_store(fx.lab), &fx.arena, state, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++) {
		fx.now += PW_SECOND;
		one(rows[i].pool);
	}
}

/* Readings that make no sense are accepted, or their batch is voided when they can't be. */
static void settle_batches(void)
{
	pw_batches_row *rows;
	size_t count;
	int n;
	must(pw_q_batches(pw_lab_store(fx.lab), &fx.arena, 0, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++) {
		const pw_decode_ask ask = {.accept = strcmp(rows[i].state, "held") == 0};
		const pw_next_opts opts = {.only_look = false};
		pw_next_plan plan;
		pw_batch_outcome out;
		fx.now += PW_SECOND;
		must(pw_lab_decode_batch(fx.lab, rows[i].batch, &ask, &out, &fx.err));
		if (out.held)
			done(pw_lab_void_pools(fx.lab, rows[i].batch, &n, &fx.err));
		else
			done(pw_lab_next_wells(fx.lab, &fx.arena, rows[i].batch, &opts, &plan,
					       &fx.err));
	}
}

static void put_in_order(void)
{
	as("anna", "putting the day in order");
	for (int round = 0; something_is_stuck(); round++) {
		ck_assert_int_lt(round, 20);
		for_tubes("open", close_or_give_up);
		for_tubes("closed", receive_it);
		plate_at_hand = new_name("E");
		new_plate(plate_at_hand, "std96");
		settle_batches();
		for_pools("planned", make_or_lose);
		for_pools("made", fill_pool);
		for_pools("retest", fill_pool);
		for_tubes("received", fill_it);
		for_tubes("retest", fill_it);
		push_plates();
		answer_recalls();
	}
}

/* ---------------------------------------------------------------- the walk */

static void walk(uint64_t seed, bool pools)
{
	pw_rng_init(&rng, seed);
	names = 0;
	if (pools)
		singles(1, PEOPLE);
	for (int i = 0; i < STEPS; i++) {
		if (pools)
			pool_steps[below(COUNT(pool_steps))]();
		else
			walk_steps[below(COUNT(walk_steps))]();
		if (i % 25 == 0)
			fixture_check_people();
	}
	fixture_check_people();
	put_in_order();
	for (int i = 1; i <= PEOPLE; i++)
		ck_assert_msg(strcmp(status_of(i), "open") != 0, "%s has no answer", person(i));
}

static void walk_of(int number, bool pools)
{
	const char *given = getenv("PW_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 1;
	seed += (uint64_t)number;
	printf("PW_SEED=%llu\n", (unsigned long long)seed);
	fflush(stdout);
	walk(seed, pools);
}

START_TEST(test_a_bad_day_can_be_put_in_order)
{
	walk_of(_i, false);
}
END_TEST

START_TEST(test_a_bad_day_of_pools_can_be_put_in_order)
{
	walk_of(_i, true);
}
END_TEST

static void fixture_own(void)
{
	fixture_cn();
	pool_policy("max_pool: 6, must_test: pooled, next: tests, prevalence: 0.05");
}

Suite *suite_walk(void);
Suite *suite_walk(void)
{
	Suite *suite = suite_create("walk");
	TCase *cn = fixture_case(suite, "China", fixture_cn);
	tcase_add_loop_test(cn, test_a_bad_day_can_be_put_in_order, 0, WALKS);
	TCase *us = fixture_case(suite, "United States", fixture_us);
	tcase_add_loop_test(us, test_a_bad_day_can_be_put_in_order, WALKS, 2 * WALKS);
	tcase_add_loop_test(us, test_a_bad_day_of_pools_can_be_put_in_order, 0, WALKS);
	TCase *own = fixture_case(suite, "fewest tests", fixture_own);
	tcase_add_loop_test(own, test_a_bad_day_of_pools_can_be_put_in_order, WALKS, 3 * WALKS);
	return suite;
}
