#include "core/lab/internal.h"

#include <stdio.h>
#include <string.h>

static pw_status refuse_state(const pw_tube_find_row *tube, pw_err *err)
{
	char when[32];
	if (strcmp(tube->state, "open") == 0)
		return pw_refuse(err, "tube-open",
				 "tube '%s' was never closed: close it with a head-count first",
				 tube->tube);
	if (strcmp(tube->state, "recalled") == 0)
		return pw_refuse(err, "tube-recalled",
				 "the people of tube '%s' were recalled (%s): put the tube aside",
				 tube->tube, tube->why != NULL ? tube->why : "");
	return pw_refuse(
		err, "tube-received",
		"tube '%s' was received on %s already and is %s: scan the next tube", tube->tube,
		pw_lab_when(tube->received_at.has ? tube->received_at.value : tube->state_at, when),
		tube->state);
}

static pw_status open_box(pw_lab *lab, pw_arena *arena, const char *box, pw_err *err)
{
	pw_box_find_row row;
	bool found;
	pw_status rc = pw_q_box_find(lab->store, arena, box, &row, &found, err);
	if (rc != PW_OK)
		return rc;
	if (!found)
		return pw_refuse(err, "box-unknown",
				 "no manifest names box '%s': import it with 'poolwell receive "
				 "manifest', or receive without a box",
				 box);
	char when[32];
	if (strcmp(row.state, "closed") == 0)
		return pw_refuse(err, "box-closed",
				 "box '%s' was closed on %s: receive the tube without a box", box,
				 pw_lab_when(row.closed_at.value, when));
	return PW_OK;
}

/* What the manifests say of the tube, for whoever scans. */
static pw_status compare_manifest(pw_lab *lab, pw_arena *arena, const char *tube, const char *box,
				  pw_received *out, pw_err *err)
{
	pw_box_of_tube_row other;
	pw_box_tubes_row *rows;
	size_t count;
	bool found;
	out->extra = true;
	pw_status rc = pw_q_box_tubes(lab->store, arena, box, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		if (strcmp(rows[i].tube, tube) == 0) {
			out->extra = false;
			out->said_swabs = (int)rows[i].said_swabs.value;
			out->swabs_differ =
				rows[i].said_swabs.has && rows[i].said_swabs.value != out->swabs;
		}
	if (rc != PW_OK || !out->extra)
		return rc;
	rc = pw_q_box_of_tube(lab->store, arena, tube, &other, &found, err);
	if (rc == PW_OK && found)
		pw_lab_copy_text(other.box, out->other_box, sizeof(out->other_box));
	return rc;
}

static pw_status receive_tube(pw_lab *lab, pw_arena *arena, const char *scan, const char *box_scan,
			      pw_received *out, pw_err *err)
{
	pw_tube_find_row tube;
	char code[64];
	const char *box = box_scan != NULL ? code : NULL;
	pw_status rc = pw_lab_known_tube(lab, arena, scan, &tube, err);
	if (rc == PW_OK && strcmp(tube.state, "closed") != 0)
		rc = refuse_state(&tube, err);
	if (rc == PW_OK && box != NULL)
		rc = pw_lab_barcode(box_scan, code, NULL, err);
	if (rc == PW_OK && box != NULL)
		rc = open_box(lab, arena, box, err);
	if (rc != PW_OK)
		return rc;
	out->swabs = (int)tube.swabs;
	if (box != NULL && (rc = compare_manifest(lab, arena, tube.tube, box, out, err)) != PW_OK)
		return rc;
	if ((rc = pw_labels_applied(lab, arena, tube.tube, "reception", false, err)) != PW_OK)
		return rc;
	pw_tube_received fact = {.tube = tube.tube, .box = box};
	return pw_tube_received_append(lab->store, &fact, err);
}

pw_status pw_lab_receive_tube(pw_lab *lab, const char *tube, const char *box, pw_received *out,
			      pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	char place[96];
	pw_received received = {.swabs = 0};
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = receive_tube(lab, &arena, tube, box, &received, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, pw_lab_place("reception", box != NULL ? box : "", place),
			     tube, err);
	if (rc == PW_OK)
		*out = received;
	return rc;
}

static pw_status reject_tube(pw_lab *lab, pw_arena *arena, const char *scan, const char *cause,
			     int *out_recalled, pw_err *err)
{
	pw_tube_find_row tube;
	pw_status rc = pw_lab_known_tube(lab, arena, scan, &tube, err);
	if (rc == PW_OK && strcmp(tube.state, "closed") != 0 && strcmp(tube.state, "received") != 0)
		rc = refuse_state(&tube, err);
	if (rc != PW_OK)
		return rc;
	pw_tube_rejected fact = {.tube = tube.tube, .cause = cause};
	if ((rc = pw_tube_rejected_append(lab->store, &fact, err)) != PW_OK)
		return rc;
	char *why = pw_arena_printf(arena, "rejected: %s", cause);
	pw_outcome outcome = pw_outcome_of_loss();
	return pw_lab_recall_members(lab, arena, tube.tube, &outcome, why, out_recalled, err);
}

pw_status pw_lab_reject_tube(pw_lab *lab, const char *tube, const char *cause, int *out_recalled,
			     pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	int recalled = 0;
	if (cause == NULL || cause[0] == '\0')
		return pw_fail(err, PW_ERR_ARG,
			       "say why: leaking, unlabelled, empty, wrong-tube, or other words");
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = reject_tube(lab, &arena, tube, cause, &recalled, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, "reception", tube, err);
	if (rc == PW_OK)
		*out_recalled = recalled;
	return rc;
}

static pw_status close_box(pw_lab *lab, pw_arena *arena, const char *scan, pw_box_count *out,
			   pw_err *err)
{
	char box[64];
	pw_box_tubes_row *rows;
	size_t count;
	pw_status rc = pw_lab_barcode(scan, box, NULL, err);
	if (rc == PW_OK)
		rc = open_box(lab, arena, box, err);
	if (rc == PW_OK)
		rc = pw_q_box_tubes(lab->store, arena, box, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		const char *state = rows[i].state;
		if (strcmp(state, "extra") == 0) {
			out->extra++;
			continue;
		}
		out->expected++;
		if (strcmp(state, "received") == 0)
			out->received++;
		else if (strcmp(state, "rejected") == 0)
			out->rejected++;
		else
			out->missing++;
	}
	pw_box_closed fact = {.box = box,
			      .expected = out->expected,
			      .received = out->received + out->rejected,
			      .missing = out->missing,
			      .extra = out->extra};
	return rc != PW_OK ? rc : pw_box_closed_append(lab->store, &fact, err);
}

pw_status pw_lab_close_box(pw_lab *lab, const char *box, pw_box_count *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_box_count count = {.expected = 0};
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = close_box(lab, &arena, box, &count, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, "reception", box, err);
	if (rc == PW_OK)
		*out = count;
	return rc;
}

static pw_status hand_over(pw_lab *lab, pw_arena *arena, const char *scan, const char *giver_scan,
			   const char *taker_scan, pw_err *err)
{
	char box[64], giver[64], taker[64];
	pw_box_find_row row;
	bool found;
	pw_status rc = pw_lab_barcode(scan, box, NULL, err);
	if (rc == PW_OK)
		rc = pw_lab_barcode(giver_scan, giver, NULL, err);
	if (rc == PW_OK)
		rc = pw_lab_barcode(taker_scan, taker, NULL, err);
	if (rc == PW_OK && strcmp(giver, taker) == 0)
		rc = pw_refuse(err, "same-person",
			       "'%s' can't hand a box over to themselves: scan the other's badge",
			       giver);
	if (rc == PW_OK)
		rc = pw_q_box_find(lab->store, arena, box, &row, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_refuse(err, "box-unknown", "no manifest names box '%s': import it first",
			       box);
	if (rc == PW_OK && row.holder != NULL && strcmp(row.holder, giver) != 0)
		rc = pw_refuse(err, "not-the-holder",
			       "box '%s' is with '%s', not with '%s': scan the badge of who has it",
			       box, row.holder, giver);
	if (rc == PW_OK)
		rc = pw_labels_applied(lab, arena, box, "hand-over", false, err);
	if (rc != PW_OK)
		return rc;
	pw_custody_handed fact = {.box = box, .giver = giver, .taker = taker};
	return pw_custody_handed_append(lab->store, &fact, err);
}

pw_status pw_lab_hand_over(pw_lab *lab, const char *box, const char *giver, const char *taker,
			   pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	if (giver == NULL || taker == NULL || giver[0] == '\0' || taker[0] == '\0')
		return pw_fail(err, PW_ERR_ARG,
			       "a hand-over names who gives and who takes: scan both badges");
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = hand_over(lab, &arena, box, giver, taker, err);
	pw_arena_clear(&arena);
	return pw_lab_end_scan(lab, rc, "hand-over", box, err);
}
