#include "core/pooling/design.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/design_impl.h"

/* ---- Making ---- */

void pw_design_default_places(pw_place *places, size_t count)
{
	uint8_t rows = count <= 96 ? 8 : 16, cols = count <= 96 ? 12 : 24;
	size_t wells = (size_t)rows * cols;
	for (size_t i = 0; i < count; i++) {
		size_t well = i % wells;
		places[i].plate = (uint16_t)(i / wells);
		places[i].row = (uint8_t)(well % rows);
		places[i].col = (uint8_t)(well / rows);
	}
}

static pw_place *copy_places(const pw_place *from, size_t count)
{
	pw_place *places = pw_alloc_array(count, sizeof(*places));
	if (from != NULL)
		memcpy(places, from, count * sizeof(*places));
	else
		pw_design_default_places(places, count);
	return places;
}

/* Turns the rows into columns; walking the rows in order leaves every column sorted. */
static void transpose(pw_design *d)
{
	d->col_start = pw_alloc_array(d->samples + 1, sizeof(*d->col_start));
	d->pools_of = pw_alloc_array(d->entries, sizeof(*d->pools_of));
	for (size_t e = 0; e < d->entries; e++)
		d->col_start[d->members[e] + 1]++;
	for (size_t j = 0; j < d->samples; j++)
		d->col_start[j + 1] += d->col_start[j];
	uint32_t *next = pw_alloc_array(d->samples, sizeof(*next));
	memcpy(next, d->col_start, d->samples * sizeof(*next));
	for (size_t i = 0; i < d->pools; i++)
		for (uint32_t e = d->row_start[i]; e < d->row_start[i + 1]; e++)
			d->pools_of[next[d->members[e]]++] = (uint32_t)i;
	pw_free(next);
}

static pw_status check_nobody_left_out(const pw_design *d, pw_err *err)
{
	for (size_t j = 0; j < d->samples; j++)
		if (d->col_start[j] == d->col_start[j + 1])
			return pw_fail(
				err, PW_ERR_FORMAT,
				"sample %zu is in no pool: give it a pool or take its column out",
				j + 1);
	return PW_OK;
}

pw_status pw_design_from_rows(const pw_design_spec *spec, uint32_t *row_start, uint32_t *members,
			      pw_design **out, pw_err *err)
{
	pw_design *d = pw_alloc(sizeof(*d));
	d->pools = spec->pools;
	d->samples = spec->samples;
	d->entries = row_start[spec->pools];
	d->row_start = row_start;
	d->members = members;
	transpose(d);
	pw_status rc = check_nobody_left_out(d, err);
	if (rc != PW_OK) {
		pw_design_free(d);
		return rc;
	}
	d->pool_places = copy_places(spec->pool_places, d->pools);
	d->sample_places = copy_places(spec->sample_places, d->samples);
	d->family = pw_strdup(spec->family != NULL ? spec->family : "matrix");
	d->parameters = pw_strdup(spec->parameters != NULL ? spec->parameters : "");
	*out = d;
	return PW_OK;
}

static pw_status check_spec(const pw_design_spec *spec, pw_err *err)
{
	if (spec->pools == 0 || spec->samples == 0)
		return pw_fail(err, PW_ERR_ARG, "a design needs at least one pool and one sample");
	if (spec->pools > PW_DESIGN_MAX_POOLS || spec->samples > PW_DESIGN_MAX_SAMPLES ||
	    spec->entry_count > PW_DESIGN_MAX_ENTRIES)
		return pw_fail(
			err, PW_ERR_LIMIT,
			"a design of %zu pools, %zu samples and %zu places in pools is more than "
			"the %d, %d and %d we take",
			spec->pools, spec->samples, spec->entry_count, PW_DESIGN_MAX_POOLS,
			PW_DESIGN_MAX_SAMPLES, PW_DESIGN_MAX_ENTRIES);
	for (size_t e = 0; e < spec->entry_count; e++)
		if (spec->entries[e].pool >= spec->pools ||
		    spec->entries[e].sample >= spec->samples)
			return pw_fail(
				err, PW_ERR_ARG,
				"sample %zu in pool %zu is outside a design of %zu pools and "
				"%zu samples",
				(size_t)spec->entries[e].sample + 1,
				(size_t)spec->entries[e].pool + 1, spec->pools, spec->samples);
	return PW_OK;
}

/* Puts every entry into its pool's row, in the order in which they come. */
static void fill_rows(const pw_design_spec *spec, uint32_t *row_start, uint32_t *members)
{
	for (size_t e = 0; e < spec->entry_count; e++)
		row_start[spec->entries[e].pool + 1]++;
	for (size_t i = 0; i < spec->pools; i++)
		row_start[i + 1] += row_start[i];
	uint32_t *next = pw_alloc_array(spec->pools, sizeof(*next));
	memcpy(next, row_start, spec->pools * sizeof(*next));
	for (size_t e = 0; e < spec->entry_count; e++)
		members[next[spec->entries[e].pool]++] = spec->entries[e].sample;
	pw_free(next);
}

static bool rows_are_sorted(const pw_design_spec *spec, const uint32_t *row_start,
			    const uint32_t *members)
{
	for (size_t i = 0; i < spec->pools; i++)
		for (uint32_t e = row_start[i] + 1; e < row_start[i + 1]; e++)
			if (members[e] < members[e - 1])
				return false;
	return true;
}

/* By turning the rows into columns, and these into rows again. */
static void sort_rows(const pw_design_spec *spec, uint32_t *row_start, uint32_t *members)
{
	pw_design d = {.pools = spec->pools,
		       .samples = spec->samples,
		       .entries = spec->entry_count,
		       .row_start = row_start,
		       .members = members};
	uint32_t *next = pw_alloc_array(spec->pools, sizeof(*next));
	transpose(&d);
	memcpy(next, row_start, spec->pools * sizeof(*next));
	for (size_t j = 0; j < d.samples; j++)
		for (uint32_t e = d.col_start[j]; e < d.col_start[j + 1]; e++)
			members[next[d.pools_of[e]]++] = (uint32_t)j;
	pw_free(next);
	pw_free(d.col_start);
	pw_free(d.pools_of);
}

static pw_status check_rows(const pw_design_spec *spec, const uint32_t *row_start,
			    const uint32_t *members, pw_err *err)
{
	for (size_t i = 0; i < spec->pools; i++) {
		if (row_start[i] == row_start[i + 1])
			return pw_fail(err, PW_ERR_ARG, "pool %zu is empty: leave it out", i + 1);
		for (uint32_t e = row_start[i] + 1; e < row_start[i + 1]; e++)
			if (members[e] == members[e - 1])
				return pw_fail(err, PW_ERR_ARG, "sample %zu is in pool %zu twice",
					       (size_t)members[e] + 1, i + 1);
	}
	return PW_OK;
}

static pw_status make_rows(const pw_design_spec *spec, uint32_t **out_row_start,
			   uint32_t **out_members, pw_err *err)
{
	pw_status rc = check_spec(spec, err);
	if (rc != PW_OK)
		return rc;
	uint32_t *row_start = pw_alloc_array(spec->pools + 1, sizeof(*row_start));
	uint32_t *members = pw_alloc_array(spec->entry_count, sizeof(*members));
	fill_rows(spec, row_start, members);
	if (!rows_are_sorted(spec, row_start, members))
		sort_rows(spec, row_start, members);
	if ((rc = check_rows(spec, row_start, members, err)) != PW_OK) {
		pw_free(row_start);
		pw_free(members);
		return rc;
	}
	*out_row_start = row_start;
	*out_members = members;
	return PW_OK;
}

pw_status pw_design_take(const pw_design_spec *spec, pw_design_entry **entries, pw_design **out,
			 pw_err *err)
{
	uint32_t *row_start, *members;
	pw_status rc = make_rows(spec, &row_start, &members, err);
	pw_free(*entries);
	*entries = NULL;
	if (rc == PW_OK)
		rc = pw_design_from_rows(spec, row_start, members, out, err);
	if (rc == PW_ERR_FORMAT) {
		/* Here the matrix is the caller's argument and not a file. */
		if (err != NULL)
			err->status = PW_ERR_ARG;
		rc = PW_ERR_ARG;
	}
	return rc;
}

pw_status pw_design_new(const pw_design_spec *spec, pw_design **out, pw_err *err)
{
	pw_design_entry *none = NULL;
	return pw_design_take(spec, &none, out, err);
}

void pw_design_free(pw_design *design)
{
	if (design == NULL)
		return;
	pw_free(design->row_start);
	pw_free(design->members);
	pw_free(design->col_start);
	pw_free(design->pools_of);
	pw_free(design->pool_places);
	pw_free(design->sample_places);
	pw_free(design->family);
	pw_free(design->parameters);
	pw_free(design);
}

/* ---- Reading ---- */

size_t pw_design_pools(const pw_design *design)
{
	return design->pools;
}

size_t pw_design_samples(const pw_design *design)
{
	return design->samples;
}

size_t pw_design_entries(const pw_design *design)
{
	return design->entries;
}

pw_design_list pw_design_members(const pw_design *design, size_t pool)
{
	PW_BUG_IF(pool >= design->pools);
	uint32_t start = design->row_start[pool];
	return (pw_design_list){design->members + start, design->row_start[pool + 1] - start};
}

pw_design_list pw_design_pools_of(const pw_design *design, size_t sample)
{
	PW_BUG_IF(sample >= design->samples);
	uint32_t start = design->col_start[sample];
	return (pw_design_list){design->pools_of + start, design->col_start[sample + 1] - start};
}

bool pw_design_has(const pw_design *design, size_t pool, size_t sample)
{
	pw_design_list pools = pw_design_pools_of(design, sample);
	size_t low = 0, high = pools.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (pools.at[middle] < pool)
			low = middle + 1;
		else
			high = middle;
	}
	return low < pools.count && pools.at[low] == pool;
}

const char *pw_design_family(const pw_design *design)
{
	return design->family;
}

const char *pw_design_parameters(const pw_design *design)
{
	return design->parameters;
}

pw_place pw_design_pool_place(const pw_design *design, size_t pool)
{
	PW_BUG_IF(pool >= design->pools);
	return design->pool_places[pool];
}

pw_place pw_design_sample_place(const pw_design *design, size_t sample)
{
	PW_BUG_IF(sample >= design->samples);
	return design->sample_places[sample];
}
