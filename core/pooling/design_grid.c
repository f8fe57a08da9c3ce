/* Individual, Dorfman, arrays. */
#include <inttypes.h>

#include "core/pooling/design_make.h"

pw_status pw_make_individual(const pw_make_opts *opts, pw_draft *draft, pw_err *err)
{
	if (opts->samples == 0 || opts->samples > PW_DESIGN_MAX_POOLS)
		return pw_fail(err, PW_ERR_ARG, "give the number of samples, from 1 to %d",
			       PW_DESIGN_MAX_POOLS);
	draft->pools = draft->samples = opts->samples;
	for (size_t j = 0; j < opts->samples; j++)
		pw_draft_add(draft, j, j);
	return PW_OK;
}

pw_status pw_make_dorfman(const pw_make_opts *opts, pw_draft *draft, pw_err *err)
{
	if (opts->size == 0)
		return pw_fail(err, PW_ERR_ARG, "give the size of a pool, 1 or more");
	size_t n = opts->samples > 0 ? opts->samples : opts->size;
	size_t pools = (n + opts->size - 1) / opts->size;
	if (pools > PW_DESIGN_MAX_POOLS)
		return pw_fail(err, PW_ERR_LIMIT,
			       "%zu pools are more than the %d we take: take larger pools", pools,
			       PW_DESIGN_MAX_POOLS);
	draft->pools = pools;
	draft->samples = n;
	for (size_t j = 0; j < n; j++)
		pw_draft_add(draft, opts->even ? j * pools / n : j / opts->size, j);
	pw_str_addf(&draft->parameters, "size=%" PRIu32 "%s", opts->size,
		    opts->even ? " even" : "");
	return PW_OK;
}

/* ---- Arrays ---- */

typedef struct grid {
	size_t dims, cells, pools;
	size_t extent[PW_DESIGN_MAX_DIMS];
	size_t first_pool[PW_DESIGN_MAX_DIMS];
	bool is_plate; /* its cells are the wells of the plate, some of them reserved */
} grid;

static pw_status read_grid(const pw_make_opts *opts, grid *g, pw_err *err)
{
	if (opts->dim_count < 2 || opts->dim_count > PW_DESIGN_MAX_DIMS)
		return pw_fail(err, PW_ERR_ARG, "give two to %d extents, as in 8x12",
			       PW_DESIGN_MAX_DIMS);
	g->dims = opts->dim_count;
	g->cells = 1;
	g->pools = 0;
	for (size_t d = 0; d < g->dims; d++) {
		g->extent[d] = opts->dims[d];
		g->first_pool[d] = g->pools;
		if (g->extent[d] < 2)
			return pw_fail(
				err, PW_ERR_ARG,
				"extent %zu is %zu: an array has 2 or more in every direction",
				d + 1, g->extent[d]);
		g->pools += g->extent[d];
		g->cells *= g->extent[d];
		if (g->cells > PW_DESIGN_MAX_SAMPLES)
			return pw_fail(err, PW_ERR_LIMIT, "more than the %d places we take",
				       PW_DESIGN_MAX_SAMPLES);
	}
	g->is_plate = g->dims == 2 && opts->plate_rows == g->extent[0] &&
		      opts->plate_cols == g->extent[1];
	return PW_OK;
}

static bool is_free(const pw_make_opts *opts, const grid *g, size_t cell)
{
	for (size_t i = 0; g->is_plate && i < opts->reserved_count; i++)
		if ((size_t)opts->reserved[i].row * g->extent[1] + opts->reserved[i].col == cell)
			return false;
	return true;
}

/* One pool in every direction: cells are numbered with the last extent fastest. */
static void add_cell(pw_draft *draft, const grid *g, size_t cell, size_t sample, bool master)
{
	for (size_t d = g->dims; d-- > 0;) {
		pw_draft_add(draft, g->first_pool[d] + cell % g->extent[d], sample);
		cell /= g->extent[d];
	}
	if (master)
		pw_draft_add(draft, g->pools, sample);
}

pw_status pw_make_array(const pw_make_opts *opts, pw_draft *draft, pw_err *err)
{
	grid g = {.dims = 0};
	pw_status rc = read_grid(opts, &g, err);
	if (rc != PW_OK)
		return rc;
	size_t n = 0;
	for (size_t cell = 0; cell < g.cells && (opts->samples == 0 || n < opts->samples); cell++)
		if (is_free(opts, &g, cell))
			add_cell(draft, &g, cell, n++, opts->master);
	if (n == 0 || n < opts->samples)
		return pw_fail(err, PW_ERR_ARG,
			       "%zu samples do not fit into %zu places: take a larger array or "
			       "several",
			       opts->samples, n);
	draft->samples = n;
	draft->pools = g.pools + (opts->master ? 1 : 0);
	if (g.is_plate) {
		draft->rows = opts->plate_rows;
		draft->cols = opts->plate_cols;
	}
	for (size_t d = 0; d < g.dims; d++)
		pw_str_addf(&draft->parameters, "%s%zu", d == 0 ? "" : "x", g.extent[d]);
	pw_str_add(&draft->parameters, opts->master ? " master" : "");
	return PW_OK;
}
