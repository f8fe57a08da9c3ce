/*
 * Labels on a bad day: whatever can be done with them is done, in any order, by a generator, with a printer that
 * fails as it likes. A rule may say no, and nothing else may. At every moment the journal agrees with the paper: no
 * label comes out twice, none that came out waits, and what is called confirmed is there.
 */
#include <string.h>

#include "core/base/rng.h"
#include "tests/unit/lab/sticker.h"

#define STEPS 250
#define WALKS 8

static pw_rng rng;

static size_t below(size_t n)
{
	return (size_t)pw_rng_below(&rng, n);
}

/* Done, refused by a rule, or impossible because of what a step before did. */
static bool done(pw_status rc)
{
	bool no = rc == PW_ERR_REFUSED && fx.err.code != NULL;
	bool what = rc == PW_ERR_NOT_FOUND || rc == PW_ERR_ARG;
	ck_assert_msg(rc == PW_OK || no || what, "%s: %s", pw_status_name(rc), fx.err.msg);
	fx.now += PW_SECOND;
	return rc == PW_OK;
}

/* ---------------------------------------------------------------- what there is */

typedef struct sticker {
	int64_t label, copy, batch;
	const char *id, *state;
} sticker;

static sticker *all(size_t *count)
{
	pw_cursor cursor;
	pw_labels_row row;
	bool found = true;
	sticker *list = pw_arena_array(&fx.arena, 4000, sizeof(*list));
	*count = 0;
	must(pw_q_labels_open(pw_lab_store(fx.lab), NULL, NULL, &cursor, &fx.err));
	for (;;) {
		must(pw_q_labels_next(&cursor, &row, &found, &fx.err));
		if (!found)
			return list;
		ck_assert_uint_lt(*count, 4000);
		list[(*count)++] = (sticker){row.label, row.copy, row.batch.value,
					     pw_arena_strdup(&fx.arena, row.id),
					     pw_arena_strdup(&fx.arena, row.state)};
	}
}

static const sticker *any(void)
{
	size_t count;
	sticker *list = all(&count);
	return count > 0 ? &list[below(count)] : NULL;
}

static bool is(const sticker *s, const char *state)
{
	return strcmp(s->state, state) == 0;
}

static void check_truth(void)
{
	size_t count;
	sticker *list = all(&count);
	for (size_t i = 0; i < count; i++) {
		const sticker *s = &list[i];
		int out = copy_came_out(s->id, s->copy);
		ck_assert_msg(out <= 1, "%s came out %d times", s->id, out);
		ck_assert_msg(out == 0 || !(is(s, "queued") || is(s, "reserved")),
			      "%s came out and is %s", s->id, s->state);
		ck_assert_msg(out == 1 || !is(s, "confirmed"), "%s is confirmed", s->id);
		ck_assert_msg(!is(s, "sent"), "%s is sent, and nobody is at work", s->id);
	}
}

/* ---------------------------------------------------------------- one step */

static void step_reserve(void)
{
	pw_label_range range;
	done(pw_lab_reserve_labels(fx.lab, "tube", 0, 1 + (int64_t)below(12), NULL, &range,
				   &fx.err));
}

static void step_queue(void)
{
	pw_label_range range;
	int64_t batch;
	const sticker *a = any(), *b = any();
	if (a != NULL && done(pw_lab_reserved_labels(fx.lab, a->id, below(2) == 0 ? b->id : NULL,
						     &range, &fx.err)))
		done(pw_lab_queue_labels(fx.lab, &range, stock("tube"), "bench", NULL, &batch,
					 &fx.err));
}

/* A printer in any mood. */
static void step_print(void)
{
	printer p;
	pw_label_account account;
	printer_init(&p);
	p.window = 1 + below(10);
	p.tells = below(6) > 0;
	size_t *const moods[] = {&p.out_of_paper_at, &p.mended_at, &p.gone_at, &p.dropped_at,
				 &p.cant_make};
	*moods[below(5)] = below(14);
	pw_status rc = print_waiting(&p, &account);
	ck_assert_msg(rc == PW_OK || rc == PW_ERR_GONE || rc == PW_ERR_FORMAT, "%s", fx.err.msg);
}

static void step_open(void)
{
	const sticker *s = any();
	const pw_tube_opening in = {.tube = s != NULL ? s->id : "T1", .capacity = 5, .site = "S1"};
	/* who has no label in hand opens no tube with it */
	if (s != NULL && came_out(s->id) > 0)
		done(pw_lab_open_tube(fx.lab, &in, &fx.err));
}

static void step_void(void)
{
	pw_label_voided voided;
	const sticker *s = any();
	as("bo", "lost");
	if (s != NULL && below(3) == 0)
		done(pw_lab_void_labels(fx.lab, s->id, NULL, &voided, &fx.err));
	as("anna", NULL);
}

static void step_reprint(void)
{
	printer p;
	pw_label_copy copy;
	const sticker *s = any();
	const pw_label_reprint in = {.scan = s != NULL ? s->id : "T1"};
	printer_init(&p);
	as("bo", "torn");
	if (s != NULL)
		done(pw_lab_reprint_label(fx.lab, &in, &p.maker, &copy, &fx.err));
	as("anna", NULL);
}

/* A person goes through what is in doubt with the paper in hand, and tells the truth. */
static void step_settle(void)
{
	size_t count;
	pw_label_scan scan;
	pw_label_settled settled;
	pw_label_voided voided;
	sticker *list = all(&count);
	as("bo", "never came out");
	for (size_t i = 0; i < count; i++) {
		if (strcmp(label_state(list[i].id), "unconfirmed") != 0 ||
		    !is(&list[i], "unconfirmed"))
			continue;
		bool some = false;
		for (size_t k = 0; k < count; k++)
			some = some ||
			       (list[k].batch == list[i].batch && is(&list[k], "unconfirmed") &&
				copy_came_out(list[k].id, list[k].copy) > 0);
		if (copy_came_out(list[i].id, list[i].copy) > 0)
			done(pw_lab_apply_label(fx.lab, list[i].id, &scan, &fx.err));
		else if (!some)
			done(pw_lab_settle_none(fx.lab, list[i].batch, &settled, &fx.err));
		else
			done(pw_lab_void_labels(fx.lab, list[i].id, NULL, &voided, &fx.err));
	}
	as("anna", NULL);
}

static void (*const steps[])(void) = {step_reserve, step_queue, step_queue,  step_queue, step_print,
				      step_print,   step_print, step_print,  step_open,  step_open,
				      step_reprint, step_void,  step_settle, step_settle};

START_TEST(test_a_walk_at_random)
{
	pw_rng_init(&rng, (uint64_t)_i + 1);
	for (int i = 0; i < STEPS; i++) {
		steps[below(sizeof(steps) / sizeof(steps[0]))]();
		if (i % 5 == 0)
			check_truth();
	}
	step_settle();
	check_truth();
	ck_assert_int_gt(in_state("applied") + in_state("confirmed"), 5);
}
END_TEST

Suite *suite_label_walk(void);

Suite *suite_label_walk(void)
{
	Suite *suite = suite_create("label_walk");
	TCase *walk = fixture_case(suite, "walk", fixture_printers);
	tcase_add_loop_test(walk, test_a_walk_at_random, 0, WALKS);
	return suite;
}
