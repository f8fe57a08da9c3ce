#include "core/pooling/design_make.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/design_impl.h"

static const struct family {
	const char *name, *summary;
	pw_status (*make)(const pw_make_opts *opts, pw_draft *draft, pw_err *err);
} families[PW_FAMILY_COUNT] = {
	{"individual", "everybody in a well of their own", pw_make_individual},
	{"dorfman", "everybody in one pool", pw_make_dorfman},
	{"array", "pools are the rows, columns, layers of a grid", pw_make_array},
	{"rs", "Reed-Solomon code: two people share few pools", pw_make_rs},
	{"std", "shifted transversal: layers of pools over a prime", pw_make_std},
	{"kirkman", "triples in rounds, two people share at most one pool", pw_make_kirkman},
	{"steiner", "all triples of a system, two people share at most one pool", pw_make_steiner},
	{"golfer", "groups of players in weeks, no two twice together", pw_make_golfer},
	{"hyper", "balanced splits by a factorization of a hypergraph", pw_make_hyper},
	{"chinese", "numbers modulo pooling windows", pw_make_chinese},
	{"random", "so many pools each, drawn evenly", pw_make_random},
};

const char *pw_family_name(pw_family family)
{
	PW_BUG_IF(family < 0 || family >= PW_FAMILY_COUNT);
	return families[family].name;
}

const char *pw_family_summary(pw_family family)
{
	PW_BUG_IF(family < 0 || family >= PW_FAMILY_COUNT);
	return families[family].summary;
}

bool pw_family_parse(const char *name, pw_family *out)
{
	for (int i = 0; i < PW_FAMILY_COUNT; i++)
		if (pw_text_eq_nocase(name, families[i].name)) {
			*out = (pw_family)i;
			return true;
		}
	return false;
}

void pw_draft_add(pw_draft *draft, size_t pool, size_t sample)
{
	if (draft->len < PW_DESIGN_MAX_ENTRIES) {
		if (draft->len == draft->room) {
			draft->room = draft->room == 0 ? 1024 : 2 * draft->room;
			draft->entries = pw_realloc_array(draft->entries, draft->room,
							  sizeof(*draft->entries));
		}
		draft->entries[draft->len].pool = (uint32_t)pool;
		draft->entries[draft->len].sample = (uint32_t)sample;
	}
	draft->len++;
}

/* ---- Limits ---- */

static pw_status check_volumes(pw_design_shape shape, const pw_design_limits *l, pw_err *err)
{
	if (l->aliquot <= 0)
		return PW_OK;
	if (l->sample_volume > 0 && l->aliquot * shape.max_weight > l->sample_volume)
		return pw_refuse(err, "sample-volume",
				 "%" PRIu32 " aliquots of %" PRId64 " nl are more than the %" PRId64
				 " nl of a sample: take a design with fewer pools a sample",
				 shape.max_weight, l->aliquot, l->sample_volume);
	if (l->pool_volume > 0 && l->aliquot * shape.max_size > l->pool_volume)
		return pw_refuse(err, "pool-volume",
				 "%" PRIu32 " aliquots of %" PRId64 " nl are more than the %" PRId64
				 " nl that a well holds: take a design with smaller pools",
				 shape.max_size, l->aliquot, l->pool_volume);
	return PW_OK;
}

pw_status pw_design_check_limits(const pw_design *design, const pw_design_limits *limits,
				 pw_err *err)
{
	pw_design_shape shape = pw_design_shape_of(design);
	if (limits->max_pool > 0 && shape.max_size > limits->max_pool)
		return pw_refuse(err, "pool-size",
				 "pools of %" PRIu32 " samples are more than the %" PRIu32
				 " allowed: take a design with smaller pools",
				 shape.max_size, limits->max_pool);
	if (limits->max_weight > 0 && shape.max_weight > limits->max_weight)
		return pw_refuse(err, "weight",
				 "%" PRIu32 " pools a sample are more than the %" PRIu32
				 " allowed: take a lighter design",
				 shape.max_weight, limits->max_weight);
	return check_volumes(shape, limits, err);
}

/* ---- Places ---- */

static bool is_reserved(const pw_make_opts *opts, size_t row, size_t col)
{
	for (size_t i = 0; i < opts->reserved_count; i++)
		if (opts->reserved[i].row == row && opts->reserved[i].col == col)
			return true;
	return false;
}

static bool are_on_plate(const pw_make_opts *opts, size_t rows, size_t cols)
{
	for (size_t i = 0; i < opts->reserved_count; i++)
		if (opts->reserved[i].row >= rows || opts->reserved[i].col >= cols)
			return false;
	return true;
}

/* Plates filled down their columns past the reserved wells; NULL when these leave nothing. */
static pw_place *lay_out(const pw_make_opts *opts, size_t count)
{
	size_t rows = opts->plate_rows, cols = opts->plate_cols;
	if (rows == 0 || cols == 0) {
		bool small = count + opts->reserved_count <= 96 && are_on_plate(opts, 8, 12);
		rows = small ? 8 : 16;
		cols = small ? 12 : 24;
	}
	pw_place *places = pw_alloc_array(count, sizeof(*places));
	size_t laid = 0;
	for (size_t plate = 0; laid < count && (plate == 0 || laid > 0); plate++)
		for (size_t well = 0; well < rows * cols && laid < count; well++) {
			if (is_reserved(opts, well % rows, well / rows))
				continue;
			places[laid++] = (pw_place){(uint16_t)plate, (uint8_t)(well % rows),
						    (uint8_t)(well / rows)};
		}
	if (laid < count) {
		pw_free(places);
		return NULL;
	}
	return places;
}

/* The cells of an array that is the plate itself, row by row, without the reserved. */
static pw_place *lay_on_grid(const pw_make_opts *opts, const pw_draft *draft)
{
	pw_place *places = pw_alloc_array(draft->samples, sizeof(*places));
	size_t laid = 0;
	for (size_t cell = 0; laid < draft->samples; cell++) {
		size_t row = cell / draft->cols, col = cell % draft->cols;
		PW_BUG_IF(row >= draft->rows);
		if (!is_reserved(opts, row, col))
			places[laid++] = (pw_place){0, (uint8_t)row, (uint8_t)col};
	}
	return places;
}

/* ---- Putting it together ---- */

/* Renumbers the pools that somebody is in; with few people some pools of a family stay empty. */
static void drop_empty_pools(pw_draft *draft)
{
	uint32_t *number = pw_alloc_array(draft->pools, sizeof(*number));
	for (size_t e = 0; e < draft->len; e++)
		number[draft->entries[e].pool] = 1;
	uint32_t next = 0;
	for (size_t i = 0; i < draft->pools; i++)
		number[i] = number[i] != 0 ? next++ : 0;
	for (size_t e = 0; e < draft->len; e++)
		draft->entries[e].pool = number[draft->entries[e].pool];
	draft->pools = next;
	pw_free(number);
}

static pw_status finish(const pw_make_opts *opts, pw_draft *draft, pw_design **out, pw_err *err)
{
	if (draft->len > PW_DESIGN_MAX_ENTRIES || draft->samples > PW_DESIGN_MAX_SAMPLES)
		return pw_fail(err, PW_ERR_LIMIT,
			       "%zu samples in %zu places of pools are more than the %d and %d we "
			       "take: split them",
			       draft->samples, draft->len, PW_DESIGN_MAX_SAMPLES,
			       PW_DESIGN_MAX_ENTRIES);
	drop_empty_pools(draft);
	pw_place *samples =
		draft->rows > 0 ? lay_on_grid(opts, draft) : lay_out(opts, draft->samples);
	pw_place *pools = lay_out(opts, draft->pools);
	pw_design *design = NULL;
	pw_status rc;
	if (samples == NULL || pools == NULL) {
		rc = pw_fail(err, PW_ERR_ARG, "every well of the plate is reserved: free some");
		goto done;
	}
	pw_design_spec spec = {.pools = draft->pools,
			       .samples = draft->samples,
			       .entries = draft->entries,
			       .entry_count = draft->len,
			       .family = families[opts->family].name,
			       .parameters = pw_str_text(&draft->parameters),
			       .pool_places = pools,
			       .sample_places = samples};
	if ((rc = pw_design_take(&spec, &draft->entries, &design, err)) != PW_OK ||
	    (rc = pw_design_check_limits(design, &opts->limits, err)) != PW_OK)
		goto done;
	*out = design;
	design = NULL;
done:
	pw_design_free(design);
	pw_free(samples);
	pw_free(pools);
	return rc;
}

pw_status pw_design_make(const pw_make_opts *opts, pw_design **out, pw_err *err)
{
	if (opts->family < 0 || opts->family >= PW_FAMILY_COUNT)
		return pw_fail(err, PW_ERR_ARG, "no such family of designs");
	if (opts->samples > PW_DESIGN_MAX_SAMPLES)
		return pw_fail(err, PW_ERR_LIMIT, "%zu samples are more than the %d we take",
			       opts->samples, PW_DESIGN_MAX_SAMPLES);
	if (opts->pools > PW_DESIGN_MAX_POOLS)
		return pw_fail(err, PW_ERR_LIMIT, "%" PRIu32 " pools are more than the %d we take",
			       opts->pools, PW_DESIGN_MAX_POOLS);
	if (opts->plate_rows > 0 && !are_on_plate(opts, opts->plate_rows, opts->plate_cols))
		return pw_fail(
			err, PW_ERR_ARG,
			"wells to keep free that are not on the plate of %d × %d: name wells "
			"of that plate",
			opts->plate_rows, opts->plate_cols);
	pw_draft draft = {.pools = 0};
	pw_status rc = families[opts->family].make(opts, &draft, err);
	if (rc == PW_OK)
		rc = finish(opts, &draft, out, err);
	pw_str_clear(&draft.parameters);
	pw_free(draft.entries);
	return rc == PW_OK ? PW_OK : pw_fail_ctx(err, rc, "%s", families[opts->family].name);
}
