/*
 * From readings to answers: controls first, then the wells that no failed control holds, then the
 * tubes, then the people; and the batches of laboratory pools that it told something of.
 */
#include "core/lab/pool_internal.h"

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

/* What a well of a tube or of a laboratory pool comes to. */
typedef struct well_judged {
	pw_verdict verdict;
	int attempt;
	pw_next next;
	const failed_control *held; /* or NULL */
} well_judged;

static well_judged judge_well(judging *j, const pw_plate_wells_row *well)
{
	well_judged w = {.attempt = (int)well->attempts.value + 1};
	pw_call previous = PW_CALL_NONE;
	if (well->call != NULL)
		pw_call_parse(well->call, &previous);
	pw_assay_judge_after(j->m->assay, j->m->file->instrument, w.attempt, previous,
			     j->m->measures[well->position], &w.verdict);
	w.held = holder(j, well);
	count_call(j->out, w.verdict.call, w.held != NULL);
	w.next = w.verdict.next;
	if (w.held != NULL)
		w.next = w.held->covers == PW_SCOPE_EXTRACTION_PLATE ? PW_NEXT_RE_EXTRACT
								     : PW_NEXT_REPEAT_PCR;
	return w;
}

static pw_run_called_item call_well(judging *j, const pw_plate_wells_row *well)
{
	well_judged w = judge_well(j, well);
	return (pw_run_called_item){.position = well->position,
				    .tube = well->tube,
				    .attempt = w.attempt,
				    .call = pw_call_name(w.verdict.call),
				    .next = pw_next_name(w.next),
				    .rule = w.verdict.rule,
				    .text = pw_arena_strdup(j->arena, w.verdict.text),
				    .held = w.held != NULL ? w.held->text : NULL};
}

/* ---------------------------------------------------------------- laboratory pools */

/* Whether a target tells of the specimen: alone, without any other, it makes a well positive or doubtful. */
static bool is_signal(const judging *j, size_t target)
{
	pw_measure measures[PW_ASSAY_MAX_TARGETS] = {{.present = false}};
	pw_verdict verdict;
	for (size_t t = 0; t < pw_assay_target_count(j->m->assay); t++)
		measures[t] = (pw_measure){.present = true, .amp = PW_AMP_NO};
	measures[target] =
		(pw_measure){.present = true, .has_cq = true, .cq = 20, .amp = PW_AMP_YES};
	pw_assay_judge(j->m->assay, j->m->file->instrument, 1, measures, &verdict);
	return verdict.call == PW_CALL_POSITIVE || verdict.call == PW_CALL_INCONCLUSIVE;
}

static pw_opt_real earliest_cq(const judging *j, const pw_plate_wells_row *well)
{
	pw_opt_real earliest = {.has = false};
	for (size_t t = 0; t < pw_assay_target_count(j->m->assay); t++) {
		const pw_measure *m = &j->m->measures[well->position][t];
		bool earlier = m->has_cq && (!earliest.has || m->cq < earliest.value);
		if (earlier && is_signal(j, t))
			earliest = pw_some_real(m->cq);
	}
	return earliest;
}

static const char *reading_of(pw_call call)
{
	switch (call) {
	case PW_CALL_POSITIVE:
		return "+";
	case PW_CALL_NEGATIVE:
		return "-";
	case PW_CALL_INCONCLUSIVE:
		return "?";
	default:
		return "!";
	}
}

static pw_status judge_pools(judging *j, pw_err *err)
{
	pw_pools_called_item items[PW_MAX_WELLS];
	size_t n = 0;
	for (size_t i = 0; i < j->m->content.well_count; i++) {
		const pw_plate_wells_row *well = &j->m->content.wells[i];
		if (well->pool == NULL)
			continue;
		well_judged w = judge_well(j, well);
		items[n++] =
			(pw_pools_called_item){.position = well->position,
					       .pool = well->pool,
					       .attempt = w.attempt,
					       .call = pw_call_name(w.verdict.call),
					       .reading = reading_of(w.verdict.call),
					       .cq = earliest_cq(j, well),
					       .next = pw_next_name(w.next),
					       .rule = w.verdict.rule,
					       .text = pw_arena_strdup(j->arena, w.verdict.text),
					       .held = w.held != NULL ? w.held->text : NULL};
	}
	j->out->pools = (int)n;
	const pw_pools_called fact = {.run = j->run, .wells = items, .wells_count = n};
	return n > 0 ? pw_pools_called_append(j->lab->store, &fact, err) : PW_OK;
}

static pw_status decode_batch(judging *j, int64_t batch, pw_err *err)
{
	const pw_decode_ask ask = {.now = false};
	pw_batch_outcome outcome;
	pw_status rc = pw_lab_decode_now(j->lab, j->arena, batch, &ask, &outcome, err);
	if (rc != PW_OK)
		return rc;
	j->out->decoded += outcome.negative + outcome.positive + outcome.given_up;
	j->out->undecided += outcome.undecided;
	j->out->decided += outcome.decided;
	j->out->recalled += outcome.recalled;
	if (outcome.held) {
		j->out->held_batch = batch;
		snprintf(j->out->alarm, sizeof(j->out->alarm), "%s", outcome.alarm);
	}
	return PW_OK;
}

/* Every batch that this run told something of, once; a voided one wants to know nothing. */
static pw_status decode_batches(judging *j, pw_err *err)
{
	const pw_plate_content *content = &j->m->content;
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < content->well_count; i++) {
		const pw_plate_wells_row *well = &content->wells[i];
		bool seen = !well->batch.has || strcmp(well->state, "voided") == 0;
		for (size_t k = 0; !seen && k < i; k++)
			seen = content->wells[k].batch.has &&
			       content->wells[k].batch.value == well->batch.value;
		if (!seen)
			rc = decode_batch(j, well->batch.value, err);
	}
	return rc;
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

/* A negative well of a tube that is in laboratory pools is weighed against them. */
static bool is_evidence(const pw_plate_wells_row *well, const pw_outcome *outcome)
{
	return well->batch.has && outcome->step == PW_STEP_DECIDE &&
	       strcmp(outcome->status, "negative") == 0;
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
	if (is_evidence(well, outcome))
		return (pw_tubes_called_item){
			.tube = well->tube,
			.state = "pooled",
			.attempts = call->attempt,
			.call = call->call,
			.why = "negative alone: decided together with its laboratory pools"};
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
		if (strcmp(well->state, "plated") != 0)
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
		if (strcmp(tubes[i].state, "pooled") != 0)
			rc = follow_up(j, of[i], &outcomes[i], err);
	return rc;
}

pw_status pw_lab_judge(pw_lab *lab, pw_arena *arena, const pw_matched *m, int64_t run,
		       pw_run_outcome *out, pw_err *err)
{
	judging *j = pw_arena_alloc(arena, sizeof(*j));
	*j = (judging){.lab = lab, .arena = arena, .m = m, .run = run, .out = out};
	pw_status rc = judge_controls(j, err);
	if (rc == PW_OK)
		rc = judge_wells(j, err);
	if (rc == PW_OK)
		rc = judge_pools(j, err);
	return rc != PW_OK ? rc : decode_batches(j, err);
}
