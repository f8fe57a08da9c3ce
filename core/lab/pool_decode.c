/* From the readings of a batch to its tubes: posteriors, verdicts, and what follows for people. */
#include "core/lab/pool_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What was found of one tube. */
typedef struct found {
	bool ready; /* its part is decoded */
	double posterior, error;
	pw_pool_verdict verdict;
} found;

typedef struct decoding {
	pw_lab *lab;
	pw_arena *arena;
	const pw_decode_ask *ask;
	pw_batch_view view;
	pw_batch_evidence evidence;
	found *tubes; /* as the view's */
	double bound, logz;
	pw_decode_method method;
	char alarm[256];
	pw_batch_outcome *out;
} decoding;

/* ---------------------------------------------------------------- posteriors */

/* The alarm is asked before anybody was decided from a part, and for as long as the batch is held. */
static bool asks_alarm(const decoding *d, const pw_batch_part *part)
{
	if (d->ask->accept || d->view.batch.accepted == 1)
		return false;
	return strcmp(d->view.batch.state, "held") == 0 ||
	       !d->view.tubes[part->tubes[0]].posterior.has;
}

static void take_prior(decoding *d, uint32_t tube)
{
	d->tubes[tube] = (found){.ready = true,
				 .posterior = pw_pool_rule_prior(d->evidence.prevalence,
								 (int)d->view.tubes[tube].swabs)};
}

static pw_status decode_part(decoding *d, const pw_batch_part *part, pw_err *err)
{
	pw_part_decoded p;
	pw_status rc =
		pw_lab_decode_part(&d->evidence, part, 1, asks_alarm(d, part), d->arena, &p, err);
	if (rc != PW_OK)
		return rc;
	for (size_t k = 0; k < part->count; k++)
		take_prior(d, part->tubes[k]);
	for (size_t c = 0; p.decoded && c < p.of.samples; c++) {
		d->tubes[p.tubes[c]].posterior = p.of.posterior[c];
		d->tubes[p.tubes[c]].error = p.of.error[c];
	}
	if (p.decoded) {
		d->bound = fmax(d->bound, p.of.bound);
		d->logz += p.of.logz;
		if (p.of.method > d->method)
			d->method = p.of.method;
	}
	if (p.alarm[0] != '\0')
		snprintf(d->alarm, sizeof(d->alarm), "%s", p.alarm);
	pw_decoded_clear(&p.of);
	return PW_OK;
}

static double alone(const decoding *d, size_t i)
{
	const pw_tube_evidence *e = &d->evidence.tubes[i];
	double prior = pw_pool_rule_prior(d->evidence.prevalence, (int)d->view.tubes[i].swabs);
	return e->own_positives + e->own_greys > 0
		       ? 1
		       : pw_pool_rule_alone(d->evidence.rule, prior, e->own_negatives);
}

static void judge_tube(decoding *d, size_t i)
{
	const pw_tube_evidence *e = &d->evidence.tubes[i];
	const pw_pool_evidence in = {.posterior = d->tubes[i].posterior,
				     .error = d->tubes[i].error,
				     .alone = alone(d, i),
				     .negatives = e->negatives + e->own_negatives,
				     .own_negatives = e->own_negatives,
				     .own_positives = e->own_positives,
				     .swabs = (int)d->view.tubes[i].swabs};
	d->tubes[i].verdict = pw_pool_rule_decide(d->evidence.rule, &in);
}

static pw_status decode_parts(decoding *d, pw_err *err)
{
	pw_status rc = PW_OK;
	d->method = PW_DECODE_INDEPENDENT;
	for (size_t p = 0; rc == PW_OK && p < d->evidence.part_count; p++) {
		if (d->evidence.parts[p].waits)
			d->out->waiting += (int)d->evidence.parts[p].count;
		else
			rc = decode_part(d, &d->evidence.parts[p], err);
	}
	for (size_t i = 0; rc == PW_OK && i < d->view.tube_count; i++)
		if (d->tubes[i].ready)
			judge_tube(d, i);
	return rc;
}

/* ---------------------------------------------------------------- the fact */

static bool differs(const pw_batch_tubes_row *row, const found *f)
{
	return !row->posterior.has || row->posterior.value != f->posterior ||
	       row->error.value != f->error ||
	       strcmp(row->call, pw_pool_verdict_name(f->verdict)) != 0;
}

/* A negative that was given, and that is one no more. */
static bool contradicts(const pw_batch_tubes_row *row, const found *f)
{
	bool given = row->tube_call != NULL && strcmp(row->tube_call, "negative") == 0 &&
		     strcmp(row->state, "final") == 0;
	return given && f->verdict != PW_POOL_VERDICT_NEGATIVE;
}

static size_t list_changed(decoding *d, pw_batch_decoded_item *items)
{
	size_t n = 0;
	for (size_t i = 0; i < d->view.tube_count; i++) {
		const pw_batch_tubes_row *row = &d->view.tubes[i];
		const found *f = &d->tubes[i];
		if (!f->ready)
			continue;
		d->out->contradicted += contradicts(row, f) ? 1 : 0;
		if (differs(row, f))
			items[n++] =
				(pw_batch_decoded_item){.tube = row->tube,
							.posterior = f->posterior,
							.error = f->error,
							.call = pw_pool_verdict_name(f->verdict)};
	}
	return n;
}

static pw_status append_decoded(decoding *d, pw_err *err)
{
	pw_batch_decoded_item *items = pw_arena_array(d->arena, d->view.tube_count, sizeof(*items));
	pw_str text = PW_STR_INIT;
	char hash[PW_HASH_HEX];
	const char *state = d->alarm[0] != '\0' ? "held" : "open";
	int64_t accepted = d->ask->accept ? 1 : d->view.batch.accepted;
	size_t n = list_changed(d, items);
	d->out->changed = n > 0 || strcmp(state, d->view.batch.state) != 0 ||
			  accepted != d->view.batch.accepted;
	d->out->decode = d->view.batch.decodes;
	if (!d->out->changed)
		return PW_OK;
	d->out->decode++;
	pw_lab_evidence_text(&d->evidence, &text);
	pw_hash_hex(&d->lab->profile->hash, hash);
	const pw_batch_decoded fact = {.batch = d->view.batch.batch,
				       .decode = d->out->decode,
				       .state = state,
				       .profile = hash,
				       .confidence = d->evidence.rule->confidence,
				       .evidence = pw_str_text(&text),
				       .method = pw_decode_method_name(d->method),
				       .bound = d->bound,
				       .logz = d->logz,
				       .alarm = d->alarm[0] != '\0' ? d->alarm : NULL,
				       .accepted = accepted,
				       .tubes = items,
				       .tubes_count = n};
	pw_status rc = pw_batch_decoded_append(d->lab->store, &fact, err);
	pw_str_clear(&text);
	return rc;
}

/* ---------------------------------------------------------------- what follows */

static const char *reason_for(decoding *d, size_t i)
{
	const pw_tube_evidence *e = &d->evidence.tubes[i];
	const char *own = "";
	if (e->own_positives + e->own_negatives > 0)
		own = pw_arena_printf(d->arena, "; alone %d positive, %d negative",
				      e->own_positives, e->own_negatives);
	if (e->positives + e->negatives + e->greys == 0 && own[0] == '\0')
		return "none of its laboratory pools tells anything";
	const char *greys = "";
	if (e->greys > 0)
		greys = pw_arena_printf(d->arena, ", %d inconclusive", e->greys);
	return pw_arena_printf(d->arena, "P %.3g; in %d positive and %d negative pools%s%s",
			       d->tubes[i].posterior, e->positives, e->negatives, greys, own);
}

/* What a call means for a tube and its people; one without an answer has no attempt left here. */
static pw_outcome outcome_of(const decoding *d, size_t i, pw_call call)
{
	const pw_outcome_in in = {.call = call,
				  .next = PW_NEXT_NEW_SPECIMEN,
				  .swabs = (int)d->view.tubes[i].swabs,
				  .attempts = 1,
				  .max_attempts = 1};
	return pw_outcome_of(d->lab->profile, &in);
}

static pw_tubes_decoded_item wait_for_next(decoding *d, size_t i)
{
	return (pw_tubes_decoded_item){
		.tube = d->view.tubes[i].tube,
		.state = "pooled",
		.next = "pool-next",
		.why = pw_arena_printf(d->arena, "%s: %s",
				       pw_pool_verdict_name(d->tubes[i].verdict),
				       reason_for(d, i))};
}

static pw_tubes_decoded_item decide(decoding *d, size_t i, const pw_outcome *outcome,
				    const char *call)
{
	return (pw_tubes_decoded_item){
		.tube = d->view.tubes[i].tube,
		.state = outcome->step == PW_STEP_DECIDE ? "final" : "recalled",
		.call = call,
		.why = pw_arena_printf(d->arena, "%s by laboratory pools: %s", call,
				       reason_for(d, i))};
}

static pw_status follow_up(decoding *d, const char *tube, const char *why,
			   const pw_outcome *outcome, pw_err *err)
{
	if (outcome->step == PW_STEP_DECIDE)
		return pw_lab_decide_members(d->lab, d->arena, tube, outcome->status,
					     &d->out->decided, err);
	return pw_lab_recall_members(d->lab, d->arena, tube, outcome, why, &d->out->recalled, err);
}

/* True when the tube is decided: *outcome and *item say how. */
static bool conclude(decoding *d, size_t i, pw_outcome *outcome, pw_tubes_decoded_item *item)
{
	switch (d->tubes[i].verdict) {
	case PW_POOL_VERDICT_NEGATIVE:
		d->out->negative++;
		*outcome = outcome_of(d, i, PW_CALL_NEGATIVE);
		*item = decide(d, i, outcome, "negative");
		return true;
	case PW_POOL_VERDICT_POSITIVE:
		d->out->positive++;
		*outcome = outcome_of(d, i, PW_CALL_POSITIVE);
		*item = decide(d, i, outcome, "positive");
		return true;
	case PW_POOL_VERDICT_GIVE_UP:
		d->out->given_up++;
		*outcome = outcome_of(d, i, PW_CALL_INCONCLUSIVE);
		*item = decide(d, i, outcome, "inconclusive");
		return true;
	default:
		d->out->undecided++;
		*item = wait_for_next(d, i);
		return false;
	}
}

static bool says_news(const pw_batch_tubes_row *row, const pw_tubes_decoded_item *item)
{
	return strcmp(item->state, row->state) != 0 || row->next == NULL || item->next == NULL ||
	       strcmp(item->next, row->next) != 0 || row->why == NULL ||
	       strcmp(item->why, row->why) != 0;
}

static bool is_answer(pw_pool_verdict verdict)
{
	return verdict == PW_POOL_VERDICT_NEGATIVE || verdict == PW_POOL_VERDICT_POSITIVE;
}

/* Whether it waits for its pools; or for the first well of its own, not filled yet, which it needs no more. (Who had
 * such a well goes by the assay.) */
static bool is_open(const pw_batch_tubes_row *row, const found *f)
{
	return strcmp(row->state, "pooled") == 0 ||
	       (strcmp(row->state, "retest") == 0 && row->attempts == 0 && is_answer(f->verdict));
}

static pw_status conclude_tubes(decoding *d, pw_err *err)
{
	size_t n = 0, decided = 0, count = d->view.tube_count;
	pw_tubes_decoded_item *items = pw_arena_array(d->arena, count, sizeof(*items));
	pw_tubes_decoded_item *of = pw_arena_array(d->arena, count, sizeof(*of));
	pw_outcome *outcomes = pw_arena_array(d->arena, count, sizeof(*outcomes));
	for (size_t i = 0; i < count; i++) {
		pw_tubes_decoded_item item;
		const pw_batch_tubes_row *row = &d->view.tubes[i];
		if (!d->tubes[i].ready || !is_open(row, &d->tubes[i]))
			continue;
		if (conclude(d, i, &outcomes[decided], &item))
			of[decided++] = item;
		if (says_news(row, &item))
			items[n++] = item;
	}
	const pw_tubes_decoded fact = {.batch = d->view.batch.batch,
				       .decode = d->out->decode,
				       .tubes = items,
				       .tubes_count = n};
	pw_status rc = n > 0 ? pw_tubes_decoded_append(d->lab->store, &fact, err) : PW_OK;
	d->out->changed = d->out->changed || n > 0;
	for (size_t i = 0; rc == PW_OK && i < decided; i++)
		rc = follow_up(d, of[i].tube, of[i].why, &outcomes[i], err);
	return rc;
}

/* ---------------------------------------------------------------- all of it */

static void fill_outcome(decoding *d)
{
	d->out->batch = d->view.batch.batch;
	d->out->bound = d->bound;
	d->out->held = d->alarm[0] != '\0';
	snprintf(d->out->method, sizeof(d->out->method), "%s", pw_decode_method_name(d->method));
	snprintf(d->out->alarm, sizeof(d->out->alarm), "%s", d->alarm);
}

/* Not waiting for pools makes sense when others have told something. */
static pw_status check_read(const pw_batch_view *view, pw_err *err)
{
	for (size_t i = 0; i < view->pool_count; i++)
		if (view->pools[i].reading != NULL)
			return PW_OK;
	if (view->own_count > 0)
		return PW_OK;
	return pw_refuse(err, "nothing-read",
			 "no laboratory pool of batch %lld was read: wait for its run, or give the "
			 "batch up with 'poolwell pool void'",
			 (long long)view->batch.batch);
}

pw_status pw_lab_decode_now(pw_lab *lab, pw_arena *arena, int64_t batch, const pw_decode_ask *ask,
			    pw_batch_outcome *out, pw_err *err)
{
	decoding *d = pw_arena_alloc(arena, sizeof(*d));
	*d = (decoding){.lab = lab, .arena = arena, .ask = ask, .out = out};
	*out = (pw_batch_outcome){.batch = batch};
	pw_status rc = pw_lab_load_profile(lab, err);
	if (rc == PW_OK)
		rc = pw_lab_view_batch(lab, arena, batch, &d->view, err);
	if (rc == PW_OK && ask->accept && strcmp(d->view.batch.state, "held") != 0)
		rc = pw_refuse(
			err, "nothing-to-accept",
			"batch %lld is not held: its readings make sense; leave --accept out",
			(long long)batch);
	if (rc == PW_OK && ask->now)
		rc = check_read(&d->view, err);
	if (rc != PW_OK)
		return rc;
	d->tubes = pw_arena_array(arena, d->view.tube_count, sizeof(*d->tubes));
	pw_lab_gather(&d->view, &lab->profile->pools, ask->now, arena, &d->evidence);
	rc = decode_parts(d, err);
	fill_outcome(d);
	if (rc == PW_OK && out->waiting < (int)d->view.tube_count)
		rc = append_decoded(d, err);
	if (rc == PW_OK && !out->held)
		rc = conclude_tubes(d, err);
	return rc;
}

pw_status pw_lab_decode_batch(pw_lab *lab, int64_t batch, const pw_decode_ask *ask,
			      pw_batch_outcome *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_batch_outcome outcome;
	char place[32];
	pw_status rc = PW_OK;
	if (ask->accept)
		rc = pw_lab_need_reason(lab, "accepting readings that make no sense", err);
	if (rc == PW_OK && (rc = pw_lab_begin(lab, err)) == PW_OK) {
		snprintf(place, sizeof(place), "%lld", (long long)batch);
		rc = pw_lab_decode_now(lab, &arena, batch, ask, &outcome, err);
		rc = pw_lab_end_scan(lab, rc, "decoding a batch", place, err);
	}
	if (rc == PW_OK)
		*out = outcome;
	pw_arena_clear(&arena);
	return rc;
}
