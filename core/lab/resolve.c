#include "core/lab/internal.h"

#include <string.h>

#include "core/base/vec.h"

#define PER_FACT 1000 /* a fact stays small */

typedef PW_VEC(const char *) tube_list;

/* ---------------------------------------------------------------- resolve */

/* Tubes that waited for these people, and now for nobody any more. */
static pw_status resolve_waiting(pw_lab *lab, pw_arena *arena, const tube_list *waiting,
				 pw_err *err)
{
	pw_tubes_resolved_item *items = pw_arena_array(arena, waiting->len, sizeof(*items));
	size_t n = 0;
	for (size_t i = 0; i < waiting->len; i++) {
		pw_tube_progress_row row;
		bool found;
		pw_status rc =
			pw_q_tube_progress(lab->store, arena, waiting->ptr[i], &row, &found, err);
		if (rc != PW_OK)
			return rc;
		if (row.open == 0)
			items[n++] = (pw_tubes_resolved_item){.tube = waiting->ptr[i],
							      .positives = row.positive};
	}
	if (n == 0)
		return PW_OK;
	pw_tubes_resolved fact = {.tubes = items, .tubes_count = n};
	return pw_tubes_resolved_append(lab->store, &fact, err);
}

static pw_status resolve_tube(pw_lab *lab, pw_arena *arena, const char *tube, pw_err *err)
{
	const char *one[] = {tube};
	const tube_list list = {one, 1, 1};
	return resolve_waiting(lab, arena, &list, err);
}

/* ---------------------------------------------------------------- recall */

pw_status pw_lab_recall_members(pw_lab *lab, pw_arena *arena, const char *tube,
				const pw_outcome *outcome, const char *why, int *out_recalled,
				pw_err *err)
{
	pw_tube_members_row *members;
	size_t count, n = 0;
	pw_status rc = pw_q_tube_members(lab->store, arena, tube, &members, &count, err);
	if (rc != PW_OK)
		return rc;
	pw_recall_opened_item *people = pw_arena_array(arena, count, sizeof(*people));
	for (size_t i = 0; i < count; i++)
		if (strcmp(members[i].status, "open") == 0)
			people[n++] = (pw_recall_opened_item){.subject = members[i].subject,
							      .result = members[i].result};
	*out_recalled += (int)n;
	if (n == 0) /* each of them has an answer from another tube */
		return resolve_tube(lab, arena, tube, err);
	pw_recall_opened fact = {.tube = tube,
				 .why = why,
				 .isolate = outcome->isolate ? 1 : 0,
				 .notify = outcome->notify ? 1 : 0,
				 .people = people,
				 .people_count = n};
	return pw_recall_opened_append(lab->store, &fact, err);
}

pw_status pw_lab_recall_tube(pw_lab *lab, const char *scan, int *out_recalled, pw_err *err)
{
	static const char *const allowed[] = {"open",   "closed", "received",
					      "pooled", "plated", "retest"};
	pw_arena arena = PW_ARENA_INIT;
	pw_tube_find_row tube;
	int recalled = 0;
	pw_status rc = pw_lab_need_reason(lab, "recalling the people of a tube", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = pw_lab_known_tube(lab, &arena, scan, &tube, err);
	bool may = false;
	for (size_t i = 0; rc == PW_OK && i < sizeof(allowed) / sizeof(allowed[0]); i++)
		may = may || strcmp(tube.state, allowed[i]) == 0;
	if (rc == PW_OK && !may)
		rc = pw_refuse(err, "tube-done", "tube '%s' is %s: there is nobody to recall",
			       tube.tube, tube.state);
	if (rc == PW_OK) {
		pw_tube_recalled fact = {.tube = tube.tube, .why = lab->reason};
		pw_outcome outcome = pw_outcome_of_loss();
		rc = pw_tube_recalled_append(lab->store, &fact, err);
		if (rc == PW_OK)
			rc = pw_lab_recall_members(lab, &arena, tube.tube, &outcome, lab->reason,
						   &recalled, err);
	}
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, "recall", scan, err);
	if (rc == PW_OK)
		*out_recalled = recalled;
	return rc;
}

/* ---------------------------------------------------------------- decide */

static void add_once(tube_list *tubes, const char *tube)
{
	for (size_t i = 0; i < tubes->len; i++)
		if (strcmp(tubes->ptr[i], tube) == 0)
			return;
	pw_vec_push(tubes, tube);
}

pw_status pw_lab_decide_members(pw_lab *lab, pw_arena *arena, const char *tube, const char *status,
				int *out_decided, pw_err *err)
{
	pw_tube_members_row *members;
	size_t count, n = 0;
	tube_list waiting = PW_VEC_INIT;
	pw_status rc = pw_q_tube_members(lab->store, arena, tube, &members, &count, err);
	if (rc != PW_OK)
		return rc;
	pw_results_decided_item *items = pw_arena_array(arena, count, sizeof(*items));
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		pw_tubes_waiting_for_row *rows;
		size_t more = 0;
		if (strcmp(members[i].status, "open") != 0)
			continue;
		items[n++] = (pw_results_decided_item){.result = members[i].result,
						       .subject = members[i].subject,
						       .status = status,
						       .tube = tube};
		/* Only who was swabbed before can be waited for elsewhere. */
		if (members[i].swabs > 1)
			rc = pw_q_tubes_waiting_for(lab->store, arena, members[i].result, &rows,
						    &more, err);
		for (size_t k = 0; rc == PW_OK && k < more; k++)
			add_once(&waiting, rows[k].tube);
	}
	for (size_t from = 0; rc == PW_OK && from < n; from += PER_FACT) {
		pw_results_decided fact = {.results = items + from,
					   .results_count =
						   n - from < PER_FACT ? n - from : PER_FACT};
		rc = pw_results_decided_append(lab->store, &fact, err);
	}
	if (rc == PW_OK)
		rc = resolve_waiting(lab, arena, &waiting, err);
	*out_decided += (int)n;
	pw_vec_clear(&waiting);
	return rc;
}

/* ---------------------------------------------------------------- what comes next */

const char *pw_lab_next_step(const char *state, const char *next, int64_t swabs)
{
	if (strcmp(state, "open") == 0)
		return "close it with a head-count";
	if (strcmp(state, "closed") == 0)
		return "find it: it was closed and never received";
	if (strcmp(state, "received") == 0)
		return "scan it onto an extraction plate";
	if (strcmp(state, "pooled") == 0)
		return next != NULL ? "plan its next well: 'poolwell pool next'"
				    : "finish its laboratory pools";
	if (strcmp(state, "plated") == 0)
		return "finish its plate and import the run";
	if (strcmp(state, "retest") == 0)
		return next != NULL && strcmp(next, "repeat-pcr") == 0
			       ? "stamp its extraction plate onto a new PCR plate"
			       : "scan it onto an extraction plate again";
	if (strcmp(state, "recalled") == 0 || strcmp(state, "rejected") == 0)
		return swabs == 1 ? "swab the person again"
				  : "swab each of its people again, singly";
	return "nothing: it is answered";
}

pw_time pw_lab_time_allowed(const pw_lab *lab, bool must_test)
{
	int64_t hours = lab->profile->overdue_hours[PW_GROUP_VOLUNTARY];
	for (int g = 0; must_test && g < PW_GROUP_COUNT; g++)
		if (lab->profile->overdue_hours[g] < hours)
			hours = lab->profile->overdue_hours[g];
	return hours * PW_HOUR;
}
