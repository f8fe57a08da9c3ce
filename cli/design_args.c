#include "cli/design_args.h"

#include "cli/draw_opt.h"
#include "cli/file.h"
#include "cli/pictures/design.h"
#include "core/base/text.h"

#define MAX_FILE ((size_t)256 * 1024 * 1024)

const char *const pw_design_families[] = {"individual", "dorfman", "array",   "rs",
					  "std",        "kirkman", "steiner", "golfer",
					  "hyper",      "chinese", "random",  NULL};

static uint32_t number(pw_ctx *ctx, const char *name)
{
	return pw_ctx_given(ctx, name) ? (uint32_t)pw_ctx_int(ctx, name) : 0;
}

int64_t pw_volume_read(pw_ctx *ctx, const char *option)
{
	return (int64_t)(1000.0 * pw_ctx_real(ctx, option) + 0.5);
}

pw_status pw_design_read_family(pw_ctx *ctx, pw_make_opts *opts, pw_err *err)
{
	pw_status rc;
	PW_BUG_IF(!pw_family_parse(pw_ctx_text(ctx, "family"), &opts->family));
	opts->samples = number(ctx, "samples");
	opts->pools = number(ctx, "pools");
	bool golfer = opts->family == PW_FAMILY_GOLFER;
	opts->q = number(ctx, golfer ? "groups" : "field");
	opts->k = number(ctx, "dimension");
	opts->w = number(ctx, golfer ? "weeks" : "weight");
	opts->splits = number(ctx, "splits");
	opts->seed = (uint64_t)pw_ctx_int(ctx, "seed");
	opts->master = pw_ctx_flag(ctx, "master");
	opts->even = pw_ctx_flag(ctx, "even");
	if (pw_ctx_given(ctx, "size") &&
	    (rc = pw_extents_parse(pw_ctx_text(ctx, "size"), opts->dims, &opts->dim_count, err)) !=
		    PW_OK)
		return pw_fail_ctx(err, rc, "--size");
	opts->size = opts->dim_count > 0 ? opts->dims[0] : 0;
	if (opts->family == PW_FAMILY_ARRAY && opts->dim_count == 1)
		opts->dims[opts->dim_count++] = opts->dims[0];
	return PW_OK;
}

pw_status pw_design_read_model(pw_ctx *ctx, size_t max, pw_test_model *out, pw_err *err)
{
	pw_test_model model = {.se_count = 0};
	pw_status rc;
	if ((rc = pw_probabilities_parse(pw_ctx_text(ctx, "se"), max, model.se, &model.se_count,
					 err)) != PW_OK)
		return pw_fail_ctx(err, rc, "--se");
	if ((rc = pw_probabilities_parse(pw_ctx_text(ctx, "sp"), max, model.sp, &model.sp_count,
					 err)) != PW_OK)
		return pw_fail_ctx(err, rc, "--sp");
	if ((rc = pw_dilution_parse(pw_ctx_text(ctx, "dilution"), &model.dilution, err)) != PW_OK)
		return pw_fail_ctx(err, rc, "--dilution");
	*out = model;
	return PW_OK;
}

pw_status pw_design_read_priors(pw_ctx *ctx, pw_priors *out, pw_err *err)
{
	const char *path = pw_ctx_text(ctx, "priors");
	pw_str bytes = PW_STR_INIT, text = PW_STR_INIT;
	pw_status rc;
	*out = (pw_priors){.count = 0};
	if (path == NULL)
		return PW_OK;
	if ((rc = pw_ctx_read(ctx, path, MAX_FILE, &bytes, err)) != PW_OK)
		goto done;
	if ((rc = pw_text_decode(pw_str_text(&bytes), bytes.len, &text, NULL, err)) != PW_OK ||
	    (rc = pw_priors_parse(pw_str_text(&text), text.len, out, err)) != PW_OK)
		rc = pw_fail_ctx(err, rc, "%s", pw_file_name(path));
done:
	pw_str_clear(&text);
	pw_str_clear(&bytes);
	return rc;
}

pw_status pw_design_read_file(pw_ctx *ctx, const char *path, pw_design **out, pw_err *err)
{
	pw_design_reader *reader = pw_design_reader_new();
	pw_status rc = pw_ctx_read_blocks(ctx, path, MAX_FILE, pw_design_reader_feed, reader, err);
	if (rc == PW_OK && (rc = pw_design_reader_end(reader, out, err)) != PW_OK)
		rc = pw_fail_ctx(err, rc, "%s", pw_file_name(path));
	pw_design_reader_free(reader);
	return rc;
}

typedef struct matrix {
	const pw_design *design;
	bool comments;
} matrix;

static pw_status give_matrix(const void *from, pw_take_fn take, void *to, pw_err *err)
{
	const matrix *m = from;
	return pw_design_give(m->design, m->comments, take, to, err);
}

pw_status pw_design_write_file(pw_ctx *ctx, const char *path, const pw_design *design,
			       bool comments, pw_err *err)
{
	const matrix m = {design, comments};
	return pw_ctx_write_blocks(ctx, path, give_matrix, &m, pw_ctx_flag(ctx, "overwrite"), err);
}

pw_status pw_design_draw(pw_ctx *ctx, const pw_design *design, pw_canvas_format format, pw_err *err)
{
	pw_str bytes = PW_STR_INIT;
	pw_status rc = pw_design_picture_draw(design, format, PW_DRAW_DPI, &bytes, err);
	if (rc == PW_OK)
		rc = pw_draw_opt_write(ctx, &bytes, err);
	pw_str_clear(&bytes);
	return rc;
}
