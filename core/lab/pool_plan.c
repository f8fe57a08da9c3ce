/* Received tubes are laid into laboratory pools by a design. */
#include "core/lab/pool_internal.h"

#define RACK_ROWS 8
#define RACK_COLS 12

typedef struct planning {
	pw_lab *lab;
	pw_arena *arena;
	const pw_pool_planning *in;
	const pw_pool_rule *rule;
	const pw_layout *layout;
	int wells[PW_MAX_WELLS]; /* the layout's specimen wells, in its order */
	size_t well_count;
	pw_picked_tubes tubes;
	size_t per_batch;
	int64_t batch, serial; /* the last ones used */
	pw_design *design;     /* of the batch at hand, and the hash of its kept matrix */
	char hash[PW_HASH_HEX];
	pw_pools_planned *out;
	pw_report *report;
} planning;

/* ---------------------------------------------------------------- the design */

static pw_design_limits limits_of(const planning *p)
{
	uint32_t max_pool = (uint32_t)p->rule->max_pool;
	if (p->in->max_pool > 0 && p->in->max_pool < max_pool)
		max_pool = p->in->max_pool;
	return (pw_design_limits){.max_pool = max_pool,
				  .aliquot = p->in->aliquot_nl,
				  .sample_volume =
					  p->in->tube_nl > 0 ? p->in->tube_nl - p->in->dead_nl : 0,
				  .pool_volume = p->in->pool_nl};
}

static pw_status check_volumes(const pw_pool_planning *in, pw_err *err)
{
	if (in->aliquot_nl <= 0 || in->well_nl <= 0 || in->dead_nl < 0 || in->tube_nl < 0)
		return pw_fail(err, PW_ERR_ARG,
			       "an aliquot and a well of a tube's own must be more than nothing");
	if (in->tube_nl > 0 && in->tube_nl - in->dead_nl < in->aliquot_nl)
		return pw_refuse(
			err, "sample-volume",
			"of the %lld nl of a tube a tip can't reach %lld nl: no aliquot of "
			"%lld nl is left; take a smaller one",
			(long long)in->tube_nl, (long long)in->dead_nl, (long long)in->aliquot_nl);
	return PW_OK;
}

static pw_status make_design(const planning *p, size_t tubes, pw_design **out, pw_err *err)
{
	pw_make_opts opts = p->in->make;
	opts.samples = tubes;
	opts.limits = limits_of(p);
	opts.reserved = NULL;
	opts.reserved_count = 0;
	opts.plate_rows = RACK_ROWS;
	opts.plate_cols = RACK_COLS;
	return pw_design_make(&opts, out, err);
}

/* The first columns of somebody's own matrix; pools that nobody is left in are dropped. */
static pw_status cut_design(const planning *p, size_t tubes, pw_design **out, pw_err *err)
{
	const pw_design *whole = p->in->design;
	size_t pools = pw_design_pools(whole), n = 0, kept = 0;
	pw_design_entry *entries =
		pw_arena_array(p->arena, pw_design_entries(whole), sizeof(*entries));
	for (size_t i = 0; i < pools; i++) {
		pw_design_list list = pw_design_members(whole, i);
		size_t before = n;
		for (size_t k = 0; k < list.count && list.at[k] < tubes; k++)
			entries[n++] = (pw_design_entry){(uint32_t)kept, list.at[k]};
		kept += n > before ? 1 : 0;
	}
	const pw_design_limits limits = limits_of(p);
	const pw_design_spec spec = {.pools = kept,
				     .samples = tubes,
				     .entries = entries,
				     .entry_count = n,
				     .family = pw_design_family(whole),
				     .parameters = pw_design_parameters(whole)};
	pw_status rc = pw_design_new(&spec, out, err);
	if (rc == PW_OK && (rc = pw_design_check_limits(*out, &limits, err)) != PW_OK) {
		pw_design_free(*out);
		*out = NULL;
	}
	return rc;
}

/* How many tubes a batch has when there are enough. */
static pw_status find_capacity(planning *p, pw_err *err)
{
	const pw_make_opts *make = &p->in->make;
	pw_design *design = NULL;
	pw_status rc = PW_OK;
	if (p->in->design != NULL) {
		p->per_batch = pw_design_samples(p->in->design);
	} else if (make->samples > 0) {
		p->per_batch = make->samples;
	} else if (make->family == PW_FAMILY_DORFMAN && make->size > 0) {
		size_t pools = PW_BATCH_MAX_TUBES / make->size;
		p->per_batch = make->size * (pools < p->well_count ? pools : p->well_count);
	} else if ((rc = make_design(p, 0, &design, err)) == PW_OK) {
		p->per_batch = pw_design_samples(design);
		pw_design_free(design);
	}
	if (rc == PW_OK && (p->per_batch == 0 || p->per_batch > PW_BATCH_MAX_TUBES))
		rc = pw_fail(err, PW_ERR_LIMIT,
			     "a batch of %zu tubes: take a design of 1 to %d, or say how many with "
			     "--samples",
			     p->per_batch, PW_BATCH_MAX_TUBES);
	return rc;
}

/* The design for so many tubes, and its matrix kept; the one at hand when it is the same. */
static pw_status use_design(planning *p, size_t tubes, pw_err *err)
{
	pw_str text = PW_STR_INIT;
	pw_hash hash;
	bool known;
	if (p->design != NULL && pw_design_samples(p->design) == tubes)
		return PW_OK;
	pw_design_free(p->design);
	p->design = NULL;
	pw_status rc = p->in->design != NULL ? cut_design(p, tubes, &p->design, err)
					     : make_design(p, tubes, &p->design, err);
	if (rc != PW_OK || pw_design_pools(p->design) >= tubes)
		return rc; /* saves nothing: it is not kept */
	pw_design_format(p->design, true, &text);
	rc = pw_store_attach(p->lab->store, pw_str_text(&text), text.len, &hash, &known, err);
	if (rc == PW_OK)
		pw_hash_hex(&hash, p->hash);
	pw_str_clear(&text);
	return rc;
}

/* ---------------------------------------------------------------- one batch */

/* Racks are filled by column; an array that fits a rack lies on it. */
static void place_tube(const planning *p, size_t sample, int64_t *rack, int64_t *position)
{
	pw_place at = {(uint16_t)(sample / ((size_t)RACK_ROWS * RACK_COLS)),
		       (uint8_t)(sample % RACK_ROWS), (uint8_t)(sample / RACK_ROWS % RACK_COLS)};
	if (p->in->design == NULL)
		at = pw_design_sample_place(p->design, sample);
	*rack = at.plate + 1;
	*position = at.row * RACK_COLS + at.col;
}

static pw_status append_batch(planning *p, const char *const *tubes, size_t count, pw_err *err)
{
	pw_batch_planned_item *items = pw_arena_array(p->arena, count, sizeof(*items));
	char layout_hash[PW_HASH_HEX];
	pw_hash_hex(&p->layout->hash, layout_hash);
	for (size_t i = 0; i < count; i++) {
		items[i] = (pw_batch_planned_item){.tube = tubes[i], .sample = (int64_t)i + 1};
		place_tube(p, i, &items[i].rack, &items[i].position);
	}
	const pw_batch_planned fact = {.batch = p->batch,
				       .design = p->hash,
				       .family = pw_design_family(p->design),
				       .parameters = pw_design_parameters(p->design),
				       .layout = p->layout->name,
				       .layout_hash = layout_hash,
				       .aliquot_nl = p->in->aliquot_nl,
				       .well_nl = p->in->well_nl,
				       .tube_nl = {p->in->tube_nl > 0, p->in->tube_nl},
				       .dead_nl = p->in->dead_nl,
				       .prevalence = {p->in->prevalence > 0, p->in->prevalence},
				       .tubes = items,
				       .tubes_count = count};
	return pw_batch_planned_append(p->lab->store, &fact, err);
}

static pw_status append_pool(planning *p, const char *const *tubes, size_t pool, pw_err *err)
{
	char code[24];
	pw_design_list members = pw_design_members(p->design, pool);
	pw_pool_planned_item *items = pw_arena_array(p->arena, members.count, sizeof(*items));
	for (size_t k = 0; k < members.count; k++)
		items[k] = (pw_pool_planned_item){tubes[members.at[k]], p->in->aliquot_nl};
	pw_lab_pool_code(p->lab, &p->serial, code);
	const pw_pool_planned fact = {.pool = code,
				      .serial = p->serial,
				      .batch = p->batch,
				      .number = (int64_t)pool + 1,
				      .round = 0,
				      .place = (int64_t)(pool / p->well_count) + 1,
				      .position = p->wells[pool % p->well_count],
				      .tubes = items,
				      .tubes_count = members.count};
	return pw_pool_planned_append(p->lab->store, &fact, err);
}

static pw_status plan_batch(planning *p, const char *const *tubes, size_t count, pw_err *err)
{
	pw_status rc = use_design(p, count, err);
	if (rc != PW_OK)
		return rc;
	size_t pools = pw_design_pools(p->design);
	if (pools >= count) {
		p->out->too_few += count;
		return PW_OK;
	}
	p->batch++;
	rc = append_batch(p, tubes, count, err);
	for (size_t i = 0; rc == PW_OK && i < pools; i++)
		rc = append_pool(p, tubes, i, err);
	p->out->batches++;
	p->out->pools += pools;
	p->out->tubes += count;
	return rc;
}

/* ---------------------------------------------------------------- all of them */

static pw_status plan_batches(planning *p, pw_err *err)
{
	pw_batch_last_row batch;
	pw_pool_last_row pool;
	bool found;
	pw_status rc = pw_q_batch_last(p->lab->store, p->arena, &batch, &found, err);
	if (rc == PW_OK)
		rc = pw_q_pool_last(p->lab->store, p->arena, &pool, &found, err);
	if (rc != PW_OK)
		return rc;
	p->batch = batch.batch;
	p->serial = pool.serial;
	for (size_t from = 0; rc == PW_OK && from < p->tubes.count; from += p->per_batch) {
		size_t left = p->tubes.count - from;
		rc = plan_batch(p, p->tubes.tubes + from, left < p->per_batch ? left : p->per_batch,
				err);
	}
	if (rc == PW_OK && p->out->batches == 0)
		return pw_refuse(
			err, "pools-save-nothing",
			"a design for %zu tubes has no fewer pools than tubes: take a smaller "
			"design, or scan the tubes onto a plate one by one",
			p->tubes.count);
	p->out->first_batch = batch.batch + 1;
	p->out->last_batch = p->batch;
	return rc;
}

static pw_status plan_pools(planning *p, pw_err *err)
{
	pw_status rc = pw_lab_load_profile(p->lab, err);
	if (rc != PW_OK)
		return rc;
	p->rule = &p->lab->profile->pools;
	if ((rc = check_volumes(p->in, err)) != PW_OK ||
	    (rc = pw_lab_layout(p->lab, p->in->layout, &p->layout, err)) != PW_OK)
		return rc;
	p->well_count = pw_lab_specimen_positions(p->layout, p->wells);
	if ((rc = find_capacity(p, err)) != PW_OK ||
	    (rc = pw_lab_pick_tubes(p->lab, p->arena, p->in, &p->tubes, p->report, err)) != PW_OK)
		return rc;
	p->out->unfit = p->tubes.unfit;
	return plan_batches(p, err);
}

pw_status pw_lab_plan_pools(pw_lab *lab, const pw_pool_planning *in, pw_pools_planned *out,
			    pw_report *report, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_report own = PW_REPORT_INIT;
	pw_pools_planned planned = {.batches = 0};
	planning p = {.lab = lab,
		      .arena = &arena,
		      .in = in,
		      .out = &planned,
		      .report = report != NULL ? report : &own};
	const char *what = in->source == PW_POOL_FROM_BOX ? in->box : "";
	pw_status rc = pw_lab_begin(lab, err);
	if (rc == PW_OK)
		rc = pw_lab_end_scan(lab, plan_pools(&p, err), "planning laboratory pools", what,
				     err);
	if (rc == PW_OK)
		*out = planned;
	pw_design_free(p.design);
	pw_report_clear(&own);
	pw_arena_clear(&arena);
	return rc;
}

pw_status pw_lab_batch_design(pw_lab *lab, int64_t batch, pw_design **out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_batch_find_row row;
	const void *bytes = NULL;
	size_t n = 0;
	bool found;
	pw_status rc = pw_q_batch_find(lab->store, &arena, batch, &row, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_refuse(
			err, "batch-unknown",
			"no batch %lld of laboratory pools: 'poolwell pool list --all' shows "
			"them",
			(long long)batch);
	if (rc == PW_OK)
		rc = pw_store_attached(lab->store, &arena, row.design, &bytes, &n, err);
	if (rc == PW_OK)
		rc = pw_design_parse(bytes, n, out, err);
	pw_arena_clear(&arena);
	return rc;
}
