/* `poolwell design make` and `design show`. */
#include <inttypes.h>
#include <string.h>

#include "cli/design_args.h"
#include "cli/draw_opt.h"
#include "cli/out.h"
#include "core/base/mem.h"
#include "core/pooling/design_power.h"

#define MAX_RESERVED 96

static const char *const plates[] = {"96", "384", NULL};

const pw_opt pw_design_make_opts[] = {
	PW_DESIGN_FAMILY_OPTS(true),
	{.name = "plate",
	 .kind = PW_OPT_CHOICE,
	 .arg = "WELLS",
	 .help = "the plate that people and pools lie on",
	 .choices = plates},
	{.name = "keep-free",
	 .kind = PW_OPT_TEXT,
	 .arg = "WELLS",
	 .help = "wells for controls, as H11,H12; an array of the plate's size leaves them out"},
	PW_DESIGN_NUMBER_OPT("max-pool", "people a pool may hold", PW_DESIGN_MAX_SAMPLES),
	PW_DESIGN_NUMBER_OPT("max-weight", "pools a sample may be in", PW_DESIGN_MAX_POOLS),
	PW_VOLUME_OPT("aliquot", "what goes from a sample into each of its pools"),
	PW_VOLUME_OPT("sample-volume", "what there is of a sample"),
	PW_VOLUME_OPT("pool-volume", "what a pool's well holds"),
	{.name = "out",
	 .kind = PW_OPT_OUT,
	 .arg = "FILE",
	 .help = "where to write the matrix",
	 .fallback = "-"},
	{.name = "comments",
	 .kind = PW_OPT_FLAG,
	 .help = "lines of '#' before the matrix: what it is, and the wells, where they matter"},
	PW_DRAW_OPTS("the files"),
	PW_OPTS_END,
};

static uint32_t number(pw_ctx *ctx, const char *name)
{
	return pw_ctx_given(ctx, name) ? (uint32_t)pw_ctx_int(ctx, name) : 0;
}

/* An array that is the plate's size lies on it, so that the reserved wells are its own. */
static void choose_plate(pw_ctx *ctx, pw_make_opts *opts)
{
	int plate = pw_ctx_choice(ctx, "plate");
	bool small = opts->dims[0] == 8 && opts->dims[1] == 12;
	bool large = opts->dims[0] == 16 && opts->dims[1] == 24;
	if (plate < 0 && opts->family == PW_FAMILY_ARRAY && opts->dim_count == 2)
		plate = small ? 0 : large ? 1 : -1;
	if (plate >= 0) {
		opts->plate_rows = plate == 0 ? 8 : 16;
		opts->plate_cols = plate == 0 ? 12 : 24;
	}
}

static pw_status read_opts(pw_ctx *ctx, pw_make_opts *opts, pw_place *reserved, pw_err *err)
{
	pw_status rc;
	if ((rc = pw_design_read_family(ctx, opts, err)) != PW_OK)
		return rc;
	opts->limits = (pw_design_limits){.max_pool = number(ctx, "max-pool"),
					  .max_weight = number(ctx, "max-weight"),
					  .aliquot = pw_volume_read(ctx, "aliquot"),
					  .sample_volume = pw_volume_read(ctx, "sample-volume"),
					  .pool_volume = pw_volume_read(ctx, "pool-volume")};
	choose_plate(ctx, opts);
	if (!pw_ctx_given(ctx, "keep-free"))
		return PW_OK;
	opts->reserved = reserved;
	rc = pw_reserved_parse(pw_ctx_text(ctx, "keep-free"), reserved, MAX_RESERVED,
			       &opts->reserved_count, err);
	return rc == PW_OK ? PW_OK : pw_fail_ctx(err, rc, "--keep-free");
}

/* "7 to 12", or "7". */
static void add_range(pw_str *out, uint32_t least, uint32_t most)
{
	pw_str_addf(out, "%" PRIu32, least);
	if (most != least)
		pw_str_addf(out, " to %" PRIu32, most);
}

static void say_what(pw_ctx *ctx, const pw_design *design)
{
	pw_design_guarantee guarantee;
	pw_str words = PW_STR_INIT;
	pw_design_shape s = pw_design_shape_of(design);
	size_t pools = pw_design_pools(design), samples = pw_design_samples(design);
	pw_str_addf(&words, "%s%s%s: %zu pool%s of ", pw_design_family(design),
		    pw_design_parameters(design)[0] != '\0' ? " " : "",
		    pw_design_parameters(design), pools, pools == 1 ? "" : "s");
	add_range(&words, s.min_size, s.max_size);
	pw_str_addf(&words, " of %zu sample%s, in ", samples, samples == 1 ? "" : "s");
	add_range(&words, s.min_weight, s.max_weight);
	pw_str_addf(&words, " pool%s each; ", s.max_weight == 1 ? "" : "s");
	pw_design_guarantee_of(design, &guarantee);
	pw_design_guarantee_format(&guarantee, &words);
	pw_ctx_say(ctx, "%s", pw_str_text(&words));
	pw_str_clear(&words);
}

int pw_design_cmd_make(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_make_opts opts = {.samples = 0};
	pw_place reserved[MAX_RESERVED];
	pw_design *design = NULL;
	bool wanted = false;
	pw_canvas_format format = PW_CANVAS_SVG;
	pw_status rc = read_opts(ctx, &opts, reserved, &err);
	if (rc == PW_OK)
		rc = pw_draw_opt_read(ctx, &wanted, &format, &err);
	if (rc == PW_OK)
		rc = pw_design_make(&opts, &design, &err);
	if (rc == PW_OK)
		rc = pw_design_write_file(ctx, pw_ctx_text(ctx, "out"), design,
					  pw_ctx_flag(ctx, "comments"), &err);
	if (rc == PW_OK && wanted)
		rc = pw_design_draw(ctx, design, format, &err);
	if (rc == PW_OK)
		say_what(ctx, design);
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	pw_design_free(design);
	return code;
}

/* ---- show ---- */

const pw_opt pw_design_show_opts[] = {
	PW_DESIGN_NUMBER_OPT("positives", "how plates with so many positives are read", 32),
	{.name = "draws",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "of so many plates drawn at random; 0: of all there are",
	 .min = 0,
	 .max = 100000000,
	 .fallback = "0"},
	{.name = "seed",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "the same seed draws the same plates",
	 .fallback = "1"},
	PW_DRAW_OPTS("the picture"),
	PW_OPTS_END,
};

static void show_shape(pw_out *out, const pw_design *design)
{
	static const pw_column columns[] = {
		{.key = "pools", .kind = PW_COL_INT},
		{.key = "samples", .kind = PW_COL_INT},
		{.key = "smallest_pool", .kind = PW_COL_INT},
		{.key = "largest_pool", .kind = PW_COL_INT},
		{.key = "fewest_pools_of_a_sample", .kind = PW_COL_INT},
		{.key = "most_pools_of_a_sample", .kind = PW_COL_INT},
		{.key = "most_pools_shared", .kind = PW_COL_INT, .flags = PW_COL_OPTIONAL},
		{.key = "samples_in_the_same_pools", .kind = PW_COL_INT},
		{.key = "positives_always_found", .kind = PW_COL_INT, .flags = PW_COL_OPTIONAL},
		{.key = "promise"},
		PW_COLUMNS_END,
	};
	pw_design_shape s = pw_design_shape_of(design);
	pw_design_overlap overlap;
	pw_design_guarantee guarantee;
	pw_str words = PW_STR_INIT;
	uint32_t *first = pw_alloc_array(pw_design_samples(design), sizeof(*first));
	pw_design_overlap_of(design, &overlap);
	pw_design_guarantee_of(design, &guarantee);
	pw_design_guarantee_format(&guarantee, &words);
	pw_out_object(out, columns);
	pw_out_int(out, (int64_t)pw_design_pools(design));
	pw_out_int(out, (int64_t)pw_design_samples(design));
	pw_out_int(out, s.min_size);
	pw_out_int(out, s.max_size);
	pw_out_int(out, s.min_weight);
	pw_out_int(out, s.max_weight);
	if (overlap.known)
		pw_out_int(out, overlap.max);
	else
		pw_out_null(out);
	pw_out_int(out, (int64_t)pw_design_twins(design, first));
	if (guarantee.known)
		pw_out_int(out, guarantee.positives[0] > 0 ? guarantee.positives[0] : 0);
	else
		pw_out_null(out);
	pw_out_text(out, pw_str_text(&words));
	pw_out_end(out, NULL, NULL);
	pw_free(first);
	pw_str_clear(&words);
}

static void show_power(pw_out *out, const pw_design_power *power)
{
	static const pw_column columns[] = {
		{.key = "positives", .kind = PW_COL_INT},
		{.key = "plates", .kind = PW_COL_INT},
		{.key = "all_plates", .kind = PW_COL_BOOL},
		{.key = "comp_false_positives", .kind = PW_COL_REAL, .decimals = 5},
		{.key = "comp_exact", .kind = PW_COL_REAL, .decimals = 5},
		{.key = "dd_finds_all", .kind = PW_COL_REAL, .decimals = 5},
		{.key = "only_smallest_explanation", .kind = PW_COL_REAL, .decimals = 5},
		{.key = "best_possible", .kind = PW_COL_REAL, .decimals = 5},
		PW_COLUMNS_END,
	};
	pw_out_object(out, columns);
	pw_out_int(out, power->positives);
	pw_out_int(out, (int64_t)power->sets);
	pw_out_bool(out, power->exhaustive);
	pw_out_real(out, power->comp_false);
	pw_out_real(out, power->comp_exact);
	pw_out_real(out, power->dd_all);
	pw_out_real(out, power->unique);
	pw_out_real(out, power->best);
	pw_out_end(out, NULL, NULL);
}

int pw_design_cmd_show(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_design *design = NULL;
	pw_design_power power;
	uint32_t positives = number(ctx, "positives");
	bool wanted = false;
	pw_canvas_format format = PW_CANVAS_SVG;
	pw_status rc = pw_draw_opt_read(ctx, &wanted, &format, &err);
	if (rc == PW_OK)
		rc = pw_design_read_file(ctx, pw_ctx_arg(ctx, 0), &design, &err);
	if (rc == PW_OK && positives > 0)
		rc = pw_design_power_of(design, positives, (uint64_t)pw_ctx_int(ctx, "draws"),
					(uint64_t)pw_ctx_int(ctx, "seed"), &power, &err);
	if (rc == PW_OK && wanted)
		rc = pw_design_draw(ctx, design, format, &err);
	if (rc == PW_OK && positives > 0)
		show_power(pw_ctx_out(ctx), &power);
	else if (rc == PW_OK)
		show_shape(pw_ctx_out(ctx), design);
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	pw_design_free(design);
	return code;
}
