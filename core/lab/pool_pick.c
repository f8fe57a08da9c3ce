/* Which tubes are laid into laboratory pools: a list's, a box's, or all that wait. */
#include <stdlib.h>
#include <string.h>

#include "core/base/vec.h"
#include "core/lab/pool_internal.h"

typedef struct listed {
	const char *tube;
	int line;
} listed;

typedef struct picking {
	pw_lab *lab;
	pw_arena *arena;
	const pw_pool_planning *in;
	PW_VEC(const char *) tubes; /* in order; texts in the arena */
	PW_VEC(listed) lines;       /* of a list */
	size_t unfit;
	pw_report *report;
} picking;

/* ---------------------------------------------------------------- may this tube be pooled */

static pw_status check_people(picking *p, const pw_tube_find_row *tube, pw_err *err)
{
	pw_tube_people_row people;
	bool found;
	pw_status rc = pw_q_tube_people(p->lab->store, p->arena, tube->tube, &people, &found, err);
	if (rc != PW_OK)
		return rc;
	if (people.again > 0)
		return pw_refuse(
			err, "tube-swabbed-again",
			"tube '%s' is the second swab of somebody: test it alone, on a plate",
			tube->tube);
	if (people.must > 0 && !p->lab->profile->pools.pool_must_test)
		return pw_refuse(
			err, "tube-must-test",
			"somebody in tube '%s' is of a must-test group, and the policy has "
			"them tested alone: scan it onto a plate",
			tube->tube);
	return PW_OK;
}

static pw_status check_tube(picking *p, const pw_tube_find_row *tube, pw_err *err)
{
	if (strcmp(tube->state, "pooled") == 0)
		return pw_lab_refuse_pooled(p->lab, p->arena, tube->tube, err);
	if (strcmp(tube->state, "open") == 0 || strcmp(tube->state, "closed") == 0)
		return pw_refuse(err, "tube-not-received",
				 "tube '%s' is %s and was not received here: receive it first",
				 tube->tube, tube->state);
	if (strcmp(tube->state, "retest") == 0 || strcmp(tube->state, "plated") == 0)
		return pw_refuse(err, "tube-in-work",
				 "tube '%s' is %s: it goes on alone, on its plates", tube->tube,
				 strcmp(tube->state, "plated") == 0 ? "on a plate"
								    : "waiting for another test");
	if (strcmp(tube->state, "received") != 0)
		return pw_refuse(err, "tube-done",
				 "tube '%s' is %s: it needs no test; put it aside", tube->tube,
				 tube->state);
	return check_people(p, tube, err);
}

/* ---------------------------------------------------------------- which tubes */

static int compare_lines(const void *a, const void *b)
{
	const listed *x = a, *y = b;
	int by_tube = strcmp(x->tube, y->tube);
	return by_tube != 0 ? by_tube : (x->line > y->line) - (x->line < y->line);
}

/* Leaves p->lines in no order. */
static void find_twice(picking *p)
{
	if (p->lines.len == 0)
		return;
	qsort(p->lines.ptr, p->lines.len, sizeof(*p->lines.ptr), compare_lines);
	for (size_t i = 1; i < p->lines.len; i++)
		if (strcmp(p->lines.ptr[i].tube, p->lines.ptr[i - 1].tube) == 0)
			pw_report_add(p->report, PW_ERROR, "tube-twice", p->lines.ptr[i].line, 0,
				      "tube '%s' stands in the list twice: take one line out",
				      p->lines.ptr[i].tube);
}

/* A refusal is a finding of the list; everything else ends the planning. */
static pw_status add_listed(picking *p, size_t i, pw_err *err)
{
	pw_tube_find_row tube;
	pw_err own = PW_ERR_INIT;
	pw_status rc = pw_lab_known_tube(p->lab, p->arena, p->in->tubes[i], &tube, &own);
	if (rc == PW_OK)
		rc = check_tube(p, &tube, &own);
	if (rc == PW_OK) {
		const listed line = {tube.tube, (int)i + 1};
		pw_vec_push(&p->lines, line);
		pw_vec_push(&p->tubes, tube.tube);
	}
	if (rc == PW_ERR_REFUSED)
		pw_report_add(p->report, PW_ERROR, own.code, (int)i + 1, 0, "%s", own.msg);
	else if (rc != PW_OK && err != NULL)
		*err = own;
	return rc == PW_ERR_REFUSED ? PW_OK : rc;
}

static pw_status take_list(picking *p, pw_err *err)
{
	size_t before = p->report->errors;
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < p->in->tube_count; i++)
		rc = add_listed(p, i, err);
	if (rc == PW_OK)
		find_twice(p);
	if (rc == PW_OK && p->report->errors > before)
		rc = pw_refuse(
			err, "tubes-unfit",
			"%zu of the %zu tubes can't be pooled: take them out of the list and "
			"try again; nothing was planned",
			p->report->errors - before, p->in->tube_count);
	return rc;
}

/* One of many that lie there: left where it is when it may not be pooled. */
static pw_status add_fit(picking *p, const char *code, pw_err *err)
{
	pw_tube_find_row tube;
	bool found;
	pw_err own = PW_ERR_INIT;
	pw_status rc = pw_q_tube_find(p->lab->store, p->arena, code, &tube, &found, err);
	if (rc != PW_OK || !found)
		return rc;
	rc = check_tube(p, &tube, &own);
	if (rc == PW_OK)
		pw_vec_push(&p->tubes, tube.tube);
	else if (rc == PW_ERR_REFUSED)
		p->unfit++;
	else if (err != NULL)
		*err = own;
	return rc == PW_ERR_REFUSED ? PW_OK : rc;
}

static pw_status take_box(picking *p, pw_err *err)
{
	char box[64];
	pw_box_find_row row;
	pw_box_tubes_row *rows;
	size_t count = 0;
	bool found = false;
	pw_status rc = pw_lab_barcode(p->in->box, box, NULL, err);
	if (rc == PW_OK)
		rc = pw_q_box_find(p->lab->store, p->arena, box, &row, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_refuse(
			err, "box-unknown",
			"no manifest names box '%s': 'poolwell receive boxes' shows the boxes",
			box);
	if (rc == PW_OK)
		rc = pw_q_box_tubes(p->lab->store, p->arena, box, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		if (strcmp(rows[i].state, "received") == 0 || strcmp(rows[i].state, "extra") == 0)
			rc = add_fit(p, rows[i].tube, err);
	return rc;
}

static pw_status take_waiting(picking *p, pw_err *err)
{
	pw_tubes_in_state_row *rows;
	size_t count = 0;
	pw_status rc = pw_q_tubes_in_state(p->lab->store, p->arena, "received", &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		rc = add_fit(p, rows[i].tube, err);
	return rc;
}

static pw_status take_tubes(picking *p, pw_err *err)
{
	pw_status rc = p->in->source == PW_POOL_FROM_LIST  ? take_list(p, err)
		       : p->in->source == PW_POOL_FROM_BOX ? take_box(p, err)
							   : take_waiting(p, err);
	if (rc == PW_OK && p->tubes.len == 0)
		rc = pw_refuse(err, "nothing-to-pool",
			       "no tube here may be pooled%s: 'poolwell resolve list' shows what "
			       "waits, and for what",
			       p->unfit > 0 ? " by the policy, or none is new" : "");
	return rc;
}

pw_status pw_lab_pick_tubes(pw_lab *lab, pw_arena *arena, const pw_pool_planning *in,
			    pw_picked_tubes *out, pw_report *report, pw_err *err)
{
	picking p = {.lab = lab, .arena = arena, .in = in, .report = report};
	pw_status rc = take_tubes(&p, err);
	if (rc == PW_OK) {
		const char **tubes = pw_arena_array(arena, p.tubes.len, sizeof(*tubes));
		memcpy(tubes, p.tubes.ptr, p.tubes.len * sizeof(*tubes));
		*out = (pw_picked_tubes){tubes, p.tubes.len, p.unfit};
	}
	pw_vec_clear(&p.tubes);
	pw_vec_clear(&p.lines);
	return rc;
}
