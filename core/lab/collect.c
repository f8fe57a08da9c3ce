#include "core/lab/internal.h"

#include <stdio.h>
#include <string.h>

#include "core/model/ident.h"

/* ---------------------------------------------------------------- open */

static bool capacity_valid(int capacity)
{
	return capacity == 0 || capacity == 1 || capacity == 5 || capacity == 10 || capacity == 20;
}

/* Our own codes have a check character, which is verified; any other barcode is foreign. */
static pw_status issuer_of(const pw_lab *lab, const char *barcode, const char **out, pw_err *err)
{
	pw_ident ident;
	pw_err not_ours = PW_ERR_INIT;
	*out = "";
	if (!pw_text_starts(barcode, lab->issuer))
		return PW_OK;
	pw_status rc = pw_ident_parse(barcode, &ident, &not_ours);
	if (rc == PW_ERR_REFUSED) {
		if (err != NULL)
			*err = not_ours;
		return rc;
	}
	if (rc != PW_OK || strcmp(ident.issuer, lab->issuer) != 0)
		return PW_OK;
	if (ident.kind != PW_KIND_TUBE)
		return pw_refuse(err, "not-a-tube", "'%s' is a code of a %s: scan the tube's code",
				 barcode, pw_ident_kind_name(ident.kind));
	*out = lab->issuer;
	return PW_OK;
}

pw_status pw_lab_check_site(pw_lab *lab, pw_arena *arena, const char *site, pw_err *err)
{
	pw_site_find_row row;
	bool found;
	pw_status rc = pw_q_site_find(lab->store, arena, site, &row, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_NOT_FOUND,
			     "no site '%s' is registered: 'poolwell lab site' adds one", site);
	return rc;
}

static pw_status refuse_used(const pw_tube_find_row *row, pw_err *err)
{
	char when[32];
	return pw_refuse(err, "tube-used",
			 "tube '%s' was opened on %s at %s and is %s: take a new tube", row->tube,
			 pw_lab_when(row->opened_at, when), row->site, row->state);
}

static pw_status open_tube(pw_lab *lab, pw_arena *arena, const pw_tube_opening *in,
			   const char *barcode, const char *symbology, pw_err *err)
{
	pw_tube_find_row row;
	const char *issuer = "";
	bool found;
	if (!capacity_valid(in->capacity))
		return pw_fail(err, PW_ERR_ARG,
			       "a tube can't hold %d swabs: give 1, 5, 10 or 20, or one household",
			       in->capacity);
	pw_status rc = pw_lab_check_site(lab, arena, in->site, err);
	if (rc == PW_OK)
		rc = pw_q_tube_find(lab->store, arena, barcode, &row, &found, err);
	if (rc == PW_OK && found)
		return refuse_used(&row, err);
	if (rc == PW_OK)
		rc = issuer_of(lab, barcode, &issuer, err);
	if (rc == PW_OK)
		rc = pw_labels_applied(lab, arena, barcode, "opening a tube", true, err);
	pw_tube_opened fact = {.tube = barcode,
			       .issuer = issuer,
			       .symbology = symbology,
			       .capacity = in->capacity == 0 ? 20 : in->capacity,
			       .household = in->capacity == 0 ? 1 : 0,
			       .site = in->site,
			       .happened_at = {lab->log_at != 0, lab->log_at},
			       .done_by = lab->log_by};
	return rc != PW_OK ? rc : pw_tube_opened_append(lab->store, &fact, err);
}

pw_status pw_lab_open_tube(pw_lab *lab, const pw_tube_opening *in, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	char barcode[64];
	const char *symbology;
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = pw_lab_barcode(in->tube, barcode, &symbology, err);
	if (rc == PW_OK)
		rc = open_tube(lab, &arena, in, barcode, symbology, err);
	pw_arena_clear(&arena);
	return pw_lab_end_scan(lab, rc, "opening a tube", in->tube, err);
}

/* ---------------------------------------------------------------- take a swab */

static pw_status check_open(const pw_tube_find_row *tube, pw_err *err)
{
	if (strcmp(tube->state, "open") != 0)
		return pw_refuse(err, "tube-closed", "tube '%s' is %s: open a new tube", tube->tube,
				 tube->state);
	if (tube->swabs >= tube->capacity)
		return pw_refuse(err, "tube-full",
				 "tube '%s' is full (%lld of %lld): close it and open a new tube",
				 tube->tube, (long long)tube->swabs, (long long)tube->capacity);
	return PW_OK;
}

static pw_status check_household(pw_lab *lab, pw_arena *arena, const pw_tube_find_row *tube,
				 const pw_subject_find_row *subject, pw_err *err)
{
	pw_tube_members_row *members;
	size_t count;
	if (tube->household == 0)
		return PW_OK;
	if (subject->household == NULL)
		return pw_refuse(
			err, "household-unknown",
			"tube '%s' is for one household, and the roster gives none for %s: "
			"open a tube that is not for a household",
			tube->tube, subject->name);
	pw_status rc = pw_q_tube_members(lab->store, arena, tube->tube, &members, &count, err);
	if (rc != PW_OK || count == 0)
		return rc;
	const char *theirs = members[0].household != NULL ? members[0].household : "";
	const char *ours = subject->household != NULL ? subject->household : "";
	if (members[0].region == subject->region && strcmp(theirs, ours) == 0)
		return PW_OK;
	return pw_refuse(
		err, "other-household",
		"tube '%s' is for the household of %s ('%s'), and %s is of '%s': open another "
		"tube",
		tube->tube, members[0].name, theirs, subject->name, ours);
}

/* Whether the subject may be swabbed now, and for which result. */
static pw_status find_result(pw_lab *lab, pw_arena *arena, const pw_tube_find_row *tube,
			     const pw_subject_find_row *subject, pw_swab_outcome *out, pw_err *err)
{
	pw_result_open_row open;
	pw_recall_open_row recall;
	pw_result_last_row last;
	bool waiting, recalled, found;
	char when[32];
	pw_status rc = pw_q_result_open(lab->store, arena, subject->subject, &open, &waiting, err);
	if (rc == PW_OK)
		rc = pw_q_recall_open(lab->store, arena, subject->subject, &recall, &recalled, err);
	if (rc != PW_OK)
		return rc;
	if (recalled && tube->capacity > 1)
		return pw_refuse(
			err, "recall-single",
			"%s was recalled from tube '%s' and is swabbed singly: open a tube of "
			"capacity 1",
			subject->name, recall.tube);
	if (waiting && !recalled && lab->reason == NULL)
		return pw_refuse(
			err, "person-waiting",
			"%s waits for the answer of tube '%s' (%s) since %s: no new swab; if "
			"there must be one, give --reason",
			subject->name, open.tube, open.tube_state,
			pw_lab_when(open.opened_at, when));
	out->again = recalled;
	if (waiting) {
		out->result = open.result;
		return PW_OK;
	}
	rc = pw_q_result_last(lab->store, arena, &last, &found, err);
	out->result = last.result + 1;
	return rc;
}

static pw_status take_swab(pw_lab *lab, pw_arena *arena, const char *tube_scan,
			   const char *subject_scan, pw_swab_outcome *out, pw_err *err)
{
	pw_tube_find_row tube;
	pw_subject_find_row subject;
	pw_swab_in_tube_row before;
	pw_swab_last_place_row last;
	bool found;
	pw_status rc = pw_lab_known_tube(lab, arena, tube_scan, &tube, err);
	if (rc == PW_OK)
		rc = pw_lab_find_subject(lab, subject_scan, &out->subject, err);
	if (rc == PW_OK)
		rc = pw_q_subject_find(lab->store, arena, out->subject, &subject, &found, err);
	if (rc == PW_OK)
		rc = pw_q_swab_in_tube(lab->store, arena, tube.tube, out->subject, &before, &found,
				       err);
	if (rc == PW_OK && found)
		return pw_refuse(err, "person-twice",
				 "%s is in tube '%s' already, as swab %lld: scan the next person",
				 subject.name, tube.tube, (long long)before.place);
	if (rc == PW_OK)
		rc = check_open(&tube, err);
	if (rc == PW_OK)
		rc = check_household(lab, arena, &tube, &subject, err);
	if (rc == PW_OK)
		rc = find_result(lab, arena, &tube, &subject, out, err);
	if (rc == PW_OK)
		rc = pw_q_swab_last_place(lab->store, arena, tube.tube, &last, &found, err);
	if (rc == PW_OK)
		rc = pw_labels_applied(lab, arena, subject_scan, "swab", true, err);
	if (rc != PW_OK)
		return rc;
	pw_swab_taken fact = {.tube = tube.tube,
			      .place = last.place + 1,
			      .subject = out->subject,
			      .result = out->result,
			      .happened_at = {lab->log_at != 0, lab->log_at},
			      .done_by = lab->log_by};
	pw_lab_copy_text(subject.name, out->name, sizeof(out->name));
	out->place = (int)tube.swabs + 1;
	out->capacity = (int)tube.capacity;
	return pw_swab_taken_append(lab->store, &fact, err);
}

pw_status pw_lab_take_swab(pw_lab *lab, const char *tube, const char *subject, pw_swab_outcome *out,
			   pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	char place[96];
	pw_swab_outcome taken = {.place = 0};
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = take_swab(lab, &arena, tube, subject, &taken, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, pw_lab_place("tube", tube, place), subject, err);
	if (rc == PW_OK)
		*out = taken;
	return rc;
}

/* ---------------------------------------------------------------- take back, close */

static pw_status withdraw_swab(pw_lab *lab, pw_arena *arena, const char *tube_scan,
			       const char *subject_scan, pw_err *err)
{
	pw_tube_find_row tube;
	pw_swab_in_tube_row swab;
	int64_t subject = 0;
	bool found = false;
	pw_status rc = pw_lab_known_tube(lab, arena, tube_scan, &tube, err);
	if (rc == PW_OK && strcmp(tube.state, "open") != 0)
		rc = pw_refuse(err, "tube-closed",
			       "tube '%s' is %s: a scan can be taken back only while it is open",
			       tube.tube, tube.state);
	if (rc == PW_OK)
		rc = pw_lab_find_subject(lab, subject_scan, &subject, err);
	if (rc == PW_OK)
		rc = pw_q_swab_in_tube(lab->store, arena, tube.tube, subject, &swab, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_refuse(err, "swab-unknown",
			       "'%s' is not in tube '%s': nothing to take back", subject_scan,
			       tube.tube);
	if (rc != PW_OK)
		return rc;
	pw_swab_withdrawn fact = {
		.tube = tube.tube, .place = swab.place, .subject = subject, .result = swab.result};
	return pw_swab_withdrawn_append(lab->store, &fact, err);
}

pw_status pw_lab_withdraw_swab(pw_lab *lab, const char *tube, const char *subject, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	char place[96];
	pw_status rc = pw_lab_need_reason(lab, "taking a scan back", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = withdraw_swab(lab, &arena, tube, subject, err);
	pw_arena_clear(&arena);
	return pw_lab_end_scan(lab, rc, pw_lab_place("tube", tube, place), subject, err);
}

static pw_status close_tube(pw_lab *lab, pw_arena *arena, const char *scan, int count, pw_err *err)
{
	pw_tube_find_row tube;
	pw_status rc = pw_lab_known_tube(lab, arena, scan, &tube, err);
	if (rc != PW_OK)
		return rc;
	if (strcmp(tube.state, "open") != 0)
		return pw_refuse(err, "tube-closed",
				 "tube '%s' is %s already: go on with the next one", tube.tube,
				 tube.state);
	if (tube.swabs == 0)
		return pw_refuse(
			err, "tube-empty",
			"nobody was scanned into tube '%s': scan the people, or leave it open",
			tube.tube);
	if (count != tube.swabs)
		return pw_refuse(
			err, "count-differs",
			"%d heads were counted and %lld swabs were scanned into tube '%s': "
			"count again; scan who is missing, or take back who is not in it",
			count, (long long)tube.swabs, tube.tube);
	pw_tube_closed fact = {.tube = tube.tube,
			       .count = count,
			       .happened_at = {lab->log_at != 0, lab->log_at},
			       .done_by = lab->log_by};
	return pw_tube_closed_append(lab->store, &fact, err);
}

pw_status pw_lab_close_tube(pw_lab *lab, const char *tube, int count, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = close_tube(lab, &arena, tube, count, err);
	pw_arena_clear(&arena);
	return pw_lab_end_scan(lab, rc, "closing a tube", tube, err);
}
