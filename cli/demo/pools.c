/* The bench of laboratory pools: planned, made, looked at, continued. */
#include "cli/demo/demo.h"

#include <stdio.h>
#include <string.h>

#include "cli/open.h"
#include "pw_sql.h"

#define LAYOUT "std96"

/* One tube in so many can't be pipetted: clotted, or too little in it. */
#define CLOTTED 1500

const pw_demo_design pw_demo_designs[] = {
	{.name = "dorfman-5", .make = {.family = PW_FAMILY_DORFMAN, .size = 5}},
	{.name = "dorfman-10", .make = {.family = PW_FAMILY_DORFMAN, .size = 10}},
	{.name = "array-8x12",
	 .make = {.family = PW_FAMILY_ARRAY, .dims = {8, 12}, .dim_count = 2}},
	{.name = "rs-48x384",
	 .make = {.family = PW_FAMILY_RS, .q = 8, .k = 3, .w = 6, .samples = 384},
	 .misses = 2},
	{.name = "kirkman-45x105",
	 .make = {.family = PW_FAMILY_KIRKMAN, .pools = 45, .samples = 105},
	 .misses = 1},
	{.name = NULL},
};

/* The laboratory's own policy: it pools whatever comes, by any design. */
pw_status pw_demo_allow_pools(pw_demo *d, pw_err *err)
{
	pw_str text = PW_STR_INIT;
	pw_str_addf(
		&text,
		"poolwell: profile/1\nname: demo\nversion: 1\n"
		"title: a laboratory that pools by every design\n"
		"pool: {positive_notify: false, positive_isolate: true, inconclusive: by-assay,\n"
		"       invalid: by-assay, negative_says: \"\", open_says: awaiting re-swab}\n"
		"person: {positive_isolate: true, max_reswabs: 3}\n"
		"overdue_hours: {others: 48}\n"
		"laboratory_pools: {max_pool: 48, must_test: pooled, prevalence: %g,\n"
		"                   sensitivity: 0.97, specificity: 0.995, dilution: 0.002,\n"
		"                   grey_positive: 0.1, grey_negative: 0.002,\n"
		"                   confidence: 0.99, confirm: singles, own_wells: 2, next: %s}\n",
		d->prevalence, d->prefer);
	pw_status rc =
		pw_lab_enforce(d->lab, "profile", "demo.yaml", text.ptr, text.len, NULL, err);
	pw_str_clear(&text);
	return rc;
}

/* ---------------------------------------------------------------- plan, make */

pw_status pw_demo_plan_pools(pw_demo *d, pw_err *err)
{
	pw_err own = PW_ERR_INIT;
	pw_pools_planned planned;
	const pw_pool_planning in = {.source = PW_POOL_FROM_WAITING,
				     .make = d->design->make,
				     .layout = LAYOUT,
				     .aliquot_nl = 20000,
				     .well_nl = 200000,
				     .tube_nl = 3000000,
				     .dead_nl = 100000};
	d->planned = true;
	pw_status rc = pw_lab_plan_pools(d->lab, &in, &planned, NULL, &own);
	if (rc == PW_OK) {
		d->f.batches += (int)planned.batches;
		d->f.lab_pools += (int)planned.pools;
		pw_demo_pass(d, (pw_time)planned.pools * PW_MINUTE);
	} else if (rc == PW_ERR_REFUSED) { /* too few to be pooled: alone, then */
		rc = PW_OK;
	} else if (err != NULL) {
		*err = own;
	}
	return rc;
}

/* Now and then a tube can't be pipetted. */
static pw_status leave_out(pw_demo *d, int64_t batch, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_batch_tubes_row *tubes;
	size_t count;
	pw_aliquots_changed changed;
	pw_clock clock = pw_lab_clock(d->lab);
	pw_status rc = pw_q_batch_tubes(pw_lab_store(d->lab), &arena, batch, &tubes, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		pw_hash hash = pw_hash_bytes(tubes[i].tube, strlen(tubes[i].tube));
		if ((hash.bytes[0] + 256 * hash.bytes[1]) % CLOTTED != 0)
			continue;
		rc = pw_lab_session(d->lab, NULL, "demo", &clock, "clotted", err);
		if (rc == PW_OK)
			rc = pw_lab_leave_out(d->lab, tubes[i].tube, NULL, &changed, err);
		if (rc == PW_OK)
			rc = pw_lab_session(d->lab, NULL, "demo", &clock, NULL, err);
		if (rc == PW_OK)
			d->f.left_out += changed.pools;
	}
	pw_arena_clear(&arena);
	return rc;
}

pw_status pw_demo_make_pools(pw_demo *d, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_batches_row *rows;
	size_t count;
	int made;
	pw_status rc = pw_q_batches(pw_lab_store(d->lab), &arena, 0, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		if (rows[i].unmade == 0)
			continue;
		if (rows[i].unmade == rows[i].pools)
			rc = leave_out(d, rows[i].batch, err);
		if (rc == PW_OK)
			rc = pw_lab_make_batch(d->lab, rows[i].batch, &made, err);
	}
	pw_arena_clear(&arena);
	return rc;
}

/* ---------------------------------------------------------------- look, continue */

/* The plates are looked at, and they are right: nobody turns a plate here. */
static pw_status accept(pw_demo *d, int64_t batch, pw_err *err)
{
	const pw_decode_ask ask = {.accept = true};
	pw_batch_outcome outcome;
	pw_clock clock = pw_lab_clock(d->lab);
	pw_status rc = pw_lab_session(d->lab, NULL, "demo", &clock,
				      "looked at: the plates are right", err);
	if (rc == PW_OK)
		rc = pw_lab_decode_batch(d->lab, batch, &ask, &outcome, err);
	if (rc == PW_OK)
		rc = pw_lab_session(d->lab, NULL, "demo", &clock, NULL, err);
	d->f.alarms++;
	return rc;
}

static pw_status continue_batch(pw_demo *d, int64_t batch, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	const pw_next_opts opts = {.only_look = false};
	pw_next_plan plan;
	pw_err own = PW_ERR_INIT;
	pw_status rc = pw_lab_next_wells(d->lab, &arena, batch, &opts, &plan, &own);
	if (rc == PW_ERR_REFUSED) /* nobody is undecided */
		rc = PW_OK;
	else if (rc != PW_OK && err != NULL)
		*err = own;
	for (size_t i = 0; rc == PW_OK && i < plan.count; i++)
		d->f.lab_pools += plan.wells[i].kind == PW_NEXT_NEW_POOL ? 1 : 0;
	pw_arena_clear(&arena);
	return rc;
}

pw_status pw_demo_next_wells(pw_demo *d, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_batches_row *rows;
	size_t count;
	pw_status rc = pw_q_batches(pw_lab_store(d->lab), &arena, 0, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		bool held = strcmp(rows[i].state, "held") == 0;
		if (held)
			rc = accept(d, rows[i].batch, err);
		if (rc == PW_OK && (held || rows[i].undecided > 0))
			rc = continue_batch(d, rows[i].batch, err);
	}
	pw_arena_clear(&arena);
	return rc;
}

/* ---------------------------------------------------------------- how well it went */

typedef struct measuring {
	pw_demo *d;
	pw_arena arena; /* of one batch */
	const bool *infected;
	bool *positive; /* by sample of the batch, from 1 */
	pw_demo_quality *out;
} measuring;

static pw_status look_at_tubes(measuring *m, int64_t batch, pw_err *err)
{
	pw_batch_tubes_row *tubes;
	size_t count;
	pw_store *store = pw_lab_store(m->d->lab);
	pw_status rc = pw_q_batch_tubes(store, &m->arena, batch, &tubes, &count, err);
	if (rc != PW_OK)
		return rc;
	m->positive = pw_arena_array(&m->arena, count + 1, sizeof(bool));
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		pw_tube_members_row *members;
		size_t n;
		bool *positive = &m->positive[tubes[i].sample];
		rc = pw_q_tube_members(store, &m->arena, tubes[i].tube, &members, &n, err);
		for (size_t k = 0; rc == PW_OK && k < n; k++)
			*positive = *positive || m->infected[members[k].subject];
		m->out->tubes++;
		m->out->positive_tubes += *positive ? 1 : 0;
	}
	return rc;
}

static pw_status look_at_pools(measuring *m, int64_t batch, pw_err *err)
{
	pw_batch_pools_row *pools;
	pw_batch_aliquots_row *aliquots;
	size_t count, aliquot_count;
	pw_store *store = pw_lab_store(m->d->lab);
	pw_status rc = pw_q_batch_pools(store, &m->arena, batch, &pools, &count, err);
	if (rc == PW_OK)
		rc = pw_q_batch_aliquots(store, &m->arena, batch, &aliquots, &aliquot_count, err);
	if (rc != PW_OK)
		return rc;
	bool *holds = pw_arena_array(&m->arena, count + 1, sizeof(bool));
	for (size_t i = 0; i < aliquot_count; i++)
		if (strcmp(aliquots[i].state, "pipetted") == 0 && m->positive[aliquots[i].sample])
			holds[aliquots[i].number] = true;
	for (size_t i = 0; i < count; i++) {
		m->out->tests += (int)pools[i].attempts;
		if (pools[i].reading == NULL || pools[i].reading[0] == '!' || pools[i].round > 0)
			continue;
		bool found = pools[i].reading[0] != '-';
		m->out->positive_pools += holds[pools[i].number] ? 1 : 0;
		m->out->negative_pools += holds[pools[i].number] ? 0 : 1;
		m->out->found_pools += holds[pools[i].number] && found ? 1 : 0;
		m->out->false_pools += !holds[pools[i].number] && found ? 1 : 0;
	}
	return PW_OK;
}

static pw_status look_at_own_wells(measuring *m, int64_t batch, pw_err *err)
{
	pw_batch_own_wells_row *own;
	size_t count;
	pw_status rc =
		pw_q_batch_own_wells(pw_lab_store(m->d->lab), &m->arena, batch, &own, &count, err);
	m->out->tests += rc == PW_OK ? (int)count : 0;
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		bool positive = m->positive[own[i].sample];
		bool found = strcmp(own[i].call, "positive") == 0;
		if (!found && strcmp(own[i].call, "negative") != 0)
			continue;
		m->out->positive_alone += positive ? 1 : 0;
		m->out->negative_alone += positive ? 0 : 1;
		m->out->found_alone += positive && found ? 1 : 0;
		m->out->false_alone += !positive && found ? 1 : 0;
	}
	return rc;
}

pw_status pw_demo_measure_pools(pw_demo *d, const bool *infected, pw_demo_quality *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_batches_row *rows;
	size_t count;
	*out = (pw_demo_quality){.tubes = 0};
	measuring m = {.d = d, .infected = infected, .out = out};
	pw_status rc = pw_q_batches(pw_lab_store(d->lab), &arena, 1, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		rc = look_at_tubes(&m, rows[i].batch, err);
		if (rc == PW_OK)
			rc = look_at_pools(&m, rows[i].batch, err);
		if (rc == PW_OK)
			rc = look_at_own_wells(&m, rows[i].batch, err);
		pw_arena_clear(&m.arena);
	}
	pw_arena_clear(&arena);
	return rc;
}
