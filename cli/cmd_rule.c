/* `poolwell rule …`: assays, layouts and profiles in force. */
#include <string.h>

#include "cli/open.h"
#include "cli/out.h"
#include "pw_sql.h"

#define MAX_RULE ((size_t)1024 * 1024)

static const char *const kinds[] = {"assay", "layout", "profile", NULL};

static int list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "kind"},
		{.key = "name", .flags = PW_COL_WHOLE},
		{.key = "version", .kind = PW_COL_INT},
		{.key = "in_force", .kind = PW_COL_BOOL},
		{.key = "enforced_at", .kind = PW_COL_TIME},
		{.key = "hash", .kind = PW_COL_HASH},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_rules_row *rows;
	size_t count;
	const char *kind = pw_ctx_text(ctx, "kind");
	pw_status rc = pw_q_rules(pw_ctx_store(ctx), pw_ctx_arena(ctx), &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_hash hash = {{0}};
		if (kind != NULL && strcmp(kind, rows[i].kind) != 0)
			continue;
		pw_hash_from_hex(rows[i].hash, &hash);
		pw_out_text(out, rows[i].kind);
		pw_out_text(out, rows[i].name);
		pw_out_int(out, rows[i].version);
		pw_out_bool(out, rows[i].in_force == 1);
		pw_out_time(out, rows[i].enforced_at);
		pw_out_hash(out, &hash);
	}
	pw_out_end(out, "rule", "rules");
	return PW_EXIT_DONE;
}

/* A file when there is one of the name, else the rule that comes with the program. */
static int enforce(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_str bytes = PW_STR_INIT;
	pw_report report = PW_REPORT_INIT;
	const char *kind = pw_ctx_arg(ctx, 0), *name = pw_ctx_arg(ctx, 1);
	bool known = false;
	for (int i = 0; kinds[i] != NULL; i++)
		known = known || strcmp(kind, kinds[i]) == 0;
	if (!known)
		return pw_ctx_usage(ctx, "'%s' is no kind of rule: assay, layout or profile", kind);
	bool is_file = strchr(name, '.') != NULL || strchr(name, '/') != NULL;
	pw_status rc = PW_OK;
	if (is_file)
		rc = pw_ctx_read(ctx, name, MAX_RULE, &bytes, &err);
	if (rc == PW_OK)
		rc = pw_lab_enforce(pw_ctx_lab(ctx), kind, name, is_file ? bytes.ptr : NULL,
				    bytes.len, &report, &err);
	pw_ctx_report(ctx, name, &report);
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	if (rc == PW_OK)
		pw_ctx_say(ctx, "%s '%s' is in force", kind, name);
	pw_report_clear(&report);
	pw_str_clear(&bytes);
	return code;
}

static int check(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_str bytes = PW_STR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_assay *assay = NULL;
	const char *path = pw_ctx_arg(ctx, 0);
	pw_status rc = pw_ctx_read(ctx, path, MAX_RULE, &bytes, &err);
	if (rc == PW_OK)
		rc = pw_assay_parse(bytes.ptr, bytes.len, path, &assay, &err);
	if (rc == PW_OK)
		pw_assay_lint(assay, &report);
	pw_ctx_report(ctx, path, &report);
	int code = rc != PW_OK         ? pw_ctx_fail(ctx, rc, &err)
		   : report.errors > 0 ? PW_EXIT_FOUND
				       : PW_EXIT_DONE;
	if (rc == PW_OK && report.errors == 0)
		pw_ctx_say(ctx, "assay '%s' version %d: every case has one answer",
			   pw_assay_name(assay), pw_assay_version(assay));
	pw_assay_free(assay);
	pw_report_clear(&report);
	pw_str_clear(&bytes);
	return code;
}

static int show(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_rule_in_force_row row;
	bool found = false;
	const void *bytes = NULL;
	size_t n = 0;
	const char *kind = pw_ctx_arg(ctx, 0), *name = pw_ctx_arg(ctx, 1);
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_status rc = pw_q_rule_in_force(pw_ctx_store(ctx), arena, kind, name, &row, &found, &err);
	if (rc == PW_OK && !found)
		rc = pw_fail(&err, PW_ERR_NOT_FOUND,
			     "no %s '%s' is in force: 'poolwell rule list' shows which are", kind,
			     name);
	if (rc == PW_OK)
		rc = pw_store_attached(pw_ctx_store(ctx), arena, row.hash, &bytes, &n, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out_write(pw_ctx_out(ctx), bytes, n);
	return PW_EXIT_DONE;
}

static const pw_opt list_opts[] = {
	{.name = "kind",
	 .kind = PW_OPT_CHOICE,
	 .arg = "KIND",
	 .help = "only these",
	 .choices = kinds},
	PW_OPTS_END,
};
static const char *const list_examples[] = {"poolwell rule list --lab city.db --kind assay", NULL};
static const char *const enforce_examples[] = {
	"poolwell rule enforce assay cdc-n1-n2-rp --lab city.db --as li",
	"poolwell rule enforce layout ./our-plate.yaml --lab city.db --as li",
	NULL,
};
static const char *const check_examples[] = {"poolwell rule check our-assay.yaml", NULL};
static const char *const show_examples[] = {"poolwell rule show assay cdc-n1-n2-rp --lab city.db",
					    NULL};

const pw_cmd pw_cmds_rule[] = {
	{
		.name = "rule list",
		.summary =
			"every version of every assay, layout and profile, and which are in force",
		.details =
			"The hash is of the rule's bytes, which are kept: every call names the rule "
			"that made it.",
		.examples = list_examples,
		.opts = list_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = list,
	},
	{
		.name = "rule enforce",
		.args = "KIND NAME|FILE",
		.min_args = 2,
		.max_args = 2,
		.summary = "put an assay, a layout or a profile in force",
		.details =
			"NAME is one that comes with the program; with a dot or a slash in it, it is a "
			"file. An assay is proved first: a table with a hole or an overlap is shown with an "
			"example and refused. Other content under a version that is in force is refused: "
			"count the version up.",
		.examples = enforce_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = enforce,
	},
	{
		.name = "rule check",
		.args = "FILE",
		.min_args = 1,
		.max_args = 1,
		.summary = "prove an assay's table complete and free of overlap",
		.details =
			"Needs no laboratory. Exits 3 and shows every hole and overlap with an example "
			"when there are any.",
		.examples = check_examples,
		.run = check,
	},
	{
		.name = "rule show",
		.args = "KIND NAME",
		.min_args = 2,
		.max_args = 2,
		.summary = "the text of a rule in force, as it was given",
		.details = "Prints the very bytes that are in force.",
		.examples = show_examples,
		.flags = PW_CMD_LAB,
		.run = show,
	},
	PW_CMDS_END,
};
