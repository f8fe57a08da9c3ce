/*
 * From readings to answers: controls first, then the wells that no failed control holds, then the
 * tubes, then the people.
 */
#include "core/lab/internal.h"

#include <stdio.h>
#include <string.h>

typedef struct failed_control {
	pw_scope covers;
	const char *source; /* the extraction plate that its well came from, or NULL */
	int64_t position;
	const char *text; /* "NTC in H12: …" */
} failed_control;

typedef struct judging {
	pw_lab *lab;
	pw_arena *arena;
	const pw_matched *m;
	int64_t run;
	pw_run_outcome *out;
	failed_control failed[PW_MAX_WELLS];
	size_t failed_count;
} judging;

static const char *position_text(const judging *j, int64_t position, char out[8])
{
	pw_well_name(pw_well_at((int)position, j->m->content.format, PW_BY_ROW), out);
	return out;
}

/* ---------------------------------------------------------------- controls */

static pw_status judge_controls(judging *j, pw_err *err)
{
	const pw_matched *m = j->m;
	pw_run_controls_item items[PW_MAX_WELLS];
	size_t n = 0;
	char hash[PW_HASH_HEX];
	for (size_t i = 0; i < m->content.well_count; i++) {
		const pw_plate_wells_row *well = &m->content.wells[i];
		char text[200], name[8];
		if (well->control == NULL)
			continue;
		int index = pw_assay_control_find(m->assay, well->control);
		PW_BUG_IF(index < 0); /* pw_lab_stamp_plate refuses such a layout */
		pw_control_rule rule = pw_assay_control(m->assay, (size_t)index);
		bool passed = pw_assay_judge_control(m->assay, (size_t)index, m->file->instrument,
						     m->measures[well->position], text);
		items[n++] = (pw_run_controls_item){.position = well->position,
						    .control = well->control,
						    .covers = pw_scope_name(rule.covers),
						    .passed = passed ? 1 : 0,
						    .text = pw_arena_strdup(j->arena, text)};
		j->out->controls++;
		if (passed)
			continue;
		j->out->controls_failed++;
		j->failed[j->failed_count++] = (failed_control){
			.covers = rule.covers,
			.source = well->source,
			.position = well->position,
			.text = pw_arena_printf(j->arena, "control %s in %s failed: %s",
						well->control,
						position_text(j, well->position, name), text)};
	}
	pw_hash_hex(pw_assay_hash(m->assay), hash);
	pw_run_controls fact = {.run = j->run,
				.assay = pw_assay_name(m->assay),
				.assay_hash = hash,
				.controls = items,
				.controls_count = n};
	return pw_run_controls_append(j->lab->store, &fact, err);
}

static bool covers(const failed_control *control, const pw_plate_wells_row *well)
{
	switch (control->covers) {
	case PW_SCOPE_WELL:
		return control->position == well->position;
	case PW_SCOPE_EXTRACTION_PLATE:
		/* A control that was added at the PCR stage came from no extraction plate: all of them
		 * are in doubt. */
		return control->source == NULL || well->source == NULL ||
		       strcmp(control->source, well->source) == 0;
	default:
		return true;
	}
}

/* The failed control that holds a well; one of extraction before one of PCR, as it asks for more. */
static const failed_control *holder(const judging *j, const pw_plate_wells_row *well)
{
	const failed_control *found = NULL;
	for (size_t i = 0; i < j->failed_count; i++)
		if (covers(&j->failed[i], well) &&
		    (found == NULL || j->failed[i].covers == PW_SCOPE_EXTRACTION_PLATE))
			found = &j->failed[i];
	return found;
}

/* ---------------------------------------------------------------- wells */

static void count_call(pw_run_outcome *out, pw_call call, bool held)
{
	out->tests++;
	if (held)
		out->held++;
	else if (call == PW_CALL_POSITIVE)
		out->positive++;
	else if (call == PW_CALL_NEGATIVE)
		out->negative++;
	else if (call == PW_CALL_INCONCLUSIVE)
		out->inconclusive++;
	else
		out->invalid++;
}

static pw_run_called_item call_well(judging *j, const pw_plate_wells_row *well)
{
	pw_verdict verdict;
	pw_call previous = PW_CALL_NONE;
	int attempt = (int)well->attempts.value + 1;
	if (well->call != NULL)
		pw_call_parse(well->call, &previous);
	pw_assay_judge_after(j->m->assay, j->m->file->instrument, attempt, previous,
			     j->m->measures[well->position], &verdict);
	const failed_control *held = holder(j, well);
	count_call(j->out, verdict.call, held != NULL);
	pw_next next = verdict.next;
	if (held != NULL)
		next = held->covers == PW_SCOPE_EXTRACTION_PLATE ? PW_NEXT_RE_EXTRACT
								 : PW_NEXT_REPEAT_PCR;
	return (pw_run_called_item){.position = well->position,
				    .tube = well->tube,
				    .attempt = attempt,
				    .call = pw_call_name(verdict.call),
				    .next = pw_next_name(next),
				    .rule = verdict.rule,
				    .text = pw_arena_strdup(j->arena, verdict.text),
				    .held = held != NULL ? held->text : NULL};
}

/* ---------------------------------------------------------------- tubes */

/* How often the person of a single was swabbed again for the result at hand. */
static pw_status count_reswabs(judging *j, const pw_plate_wells_row *well, int *out, pw_err *err)
{
	pw_tube_members_row *members;
	size_t count;
	*out = 0;
	if (well->swabs.value != 1)
		return PW_OK;
	pw_status rc =
		pw_q_tube_members(j->lab->store, j->arena, well->tube, &members, &count, err);
	if (rc == PW_OK && count == 1)
		*out = (int)members[0].swabs - 1;
	return rc;
}

static pw_status outcome_of(judging *j, const pw_plate_wells_row *well,
			    const pw_run_called_item *call, pw_outcome *out, pw_err *err)
{
	pw_outcome_in in = {.swabs = (int)well->swabs.value,
			    .attempts = (int)call->attempt,
			    .max_attempts = pw_assay_max_attempts(j->m->assay)};
	pw_status rc = count_reswabs(j, well, &in.reswabs, err);
	if (rc != PW_OK)
		return rc;
	PW_BUG_IF(!pw_call_parse(call->call, &in.call) || !pw_next_parse(call->next, &in.next));
	*out = pw_outcome_of(j->lab->profile, &in);
	return PW_OK;
}

static const char *state_after(pw_step step)
{
	return step == PW_STEP_DECIDE ? "final" : step == PW_STEP_RETEST ? "retest" : "recalled";
}

static pw_tubes_called_item tube_after(const pw_plate_wells_row *well,
				       const pw_run_called_item *call, const pw_outcome *outcome)
{
	if (call->held != NULL)
		return (pw_tubes_called_item){.tube = well->tube,
					      .state = "retest",
					      .attempts = well->attempts.value,
					      .call = well->call,
					      .next = call->next,
					      .why = call->held};
	return (pw_tubes_called_item){
		.tube = well->tube,
		.state = state_after(outcome->step),
		.attempts = call->attempt,
		.call = call->call,
		.next = outcome->step == PW_STEP_RETEST ? pw_next_name(outcome->next) : NULL,
		.why = outcome->why};
}

/* ---------------------------------------------------------------- people */

static pw_status follow_up(judging *j, const pw_run_called_item *call, const pw_outcome *outcome,
			   pw_err *err)
{
	if (outcome->step == PW_STEP_DECIDE)
		return pw_lab_decide_members(j->lab, j->arena, call->tube, outcome->status,
					     &j->out->decided, err);
	if (outcome->step == PW_STEP_RECALL)
		return pw_lab_recall_members(j->lab, j->arena, call->tube, outcome, outcome->why,
					     &j->out->recalled, err);
	return PW_OK;
}

static pw_status judge_wells(judging *j, pw_err *err)
{
	pw_run_called_item calls[PW_MAX_WELLS];
	pw_tubes_called_item tubes[PW_MAX_WELLS];
	pw_outcome outcomes[PW_MAX_WELLS];
	const pw_run_called_item *of[PW_MAX_WELLS];
	size_t n = 0, changed = 0;
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < j->m->content.well_count; i++) {
		const pw_plate_wells_row *well = &j->m->content.wells[i];
		if (well->tube == NULL)
			continue;
		calls[n] = call_well(j, well);
		const pw_run_called_item *call = &calls[n++];
		/* A tube that has its answer meanwhile keeps it; the well's call is there to be seen. */
		if (strcmp(well->tube_state, "plated") != 0)
			continue;
		outcomes[changed] = (pw_outcome){.step = PW_STEP_RETEST};
		if (call->held == NULL)
			rc = outcome_of(j, well, call, &outcomes[changed], err);
		if (outcomes[changed].step == PW_STEP_RETEST)
			j->out->retest++;
		tubes[changed] = tube_after(well, call, &outcomes[changed]);
		of[changed++] = call;
	}
	pw_run_called called = {.run = j->run,
				.plate = j->m->content.plate.plate,
				.wells = calls,
				.wells_count = n};
	if (rc == PW_OK)
		rc = pw_run_called_append(j->lab->store, &called, err);
	pw_tubes_called fact = {.run = j->run, .tubes = tubes, .tubes_count = changed};
	if (rc == PW_OK)
		rc = pw_tubes_called_append(j->lab->store, &fact, err);
	for (size_t i = 0; rc == PW_OK && i < changed; i++)
		rc = follow_up(j, of[i], &outcomes[i], err);
	return rc;
}

pw_status pw_lab_judge(pw_lab *lab, pw_arena *arena, const pw_matched *m, int64_t run,
		       pw_run_outcome *out, pw_err *err)
{
	judging *j = pw_arena_alloc(arena, sizeof(*j));
	*j = (judging){.lab = lab, .arena = arena, .m = m, .run = run, .out = out};
	pw_status rc = judge_controls(j, err);
	return rc != PW_OK ? rc : judge_wells(j, err);
}
