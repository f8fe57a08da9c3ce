#include "cli/design_args.h"

#include "cli/file.h"
#include "core/base/text.h"

#define MAX_FILE ((size_t)256 * 1024 * 1024)

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
	pw_str bytes = PW_STR_INIT;
	pw_status rc = pw_ctx_read(ctx, path, MAX_FILE, &bytes, err);
	if (rc == PW_OK &&
	    (rc = pw_design_parse(pw_str_text(&bytes), bytes.len, out, err)) != PW_OK)
		rc = pw_fail_ctx(err, rc, "%s", pw_file_name(path));
	pw_str_clear(&bytes);
	return rc;
}
