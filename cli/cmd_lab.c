/* `poolwell lab …`: the laboratory itself. */
#include <string.h>

#include "cli/open.h"
#include "cli/out.h"
#include "pw_sql.h"

/* "SHORT" or "SHORT=Full name" */
static pw_named named(pw_ctx *ctx, const char *text)
{
	const char *equals = strchr(text, '=');
	if (equals == NULL)
		return (pw_named){text, NULL};
	return (pw_named){pw_arena_strndup(pw_ctx_arena(ctx), text, (size_t)(equals - text)),
			  equals + 1};
}

static pw_named *named_list(pw_ctx *ctx, const char *option, size_t *count)
{
	*count = (size_t)pw_ctx_count(ctx, option);
	pw_named *list = pw_arena_array(pw_ctx_arena(ctx), *count, sizeof(*list));
	for (size_t i = 0; i < *count; i++)
		list[i] = named(ctx, pw_ctx_value(ctx, option, (int)i)->text);
	return list;
}

static int init(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	const char *path = pw_ctx_text(ctx, "lab");
	if (path == NULL)
		return pw_ctx_usage(ctx, "say where the database shall be: --lab FILE");
	pw_lab_setup setup = {.name = pw_ctx_text(ctx, "name"),
			      .issuer = pw_ctx_text(ctx, "issuer"),
			      .profile = pw_ctx_text(ctx, "profile"),
			      .station = pw_station_name(ctx),
			      .clock = pw_ctx_clock(ctx)};
	setup.operators = named_list(ctx, "operator", &setup.operator_count);
	setup.sites = named_list(ctx, "site", &setup.site_count);
	setup.assay_count = (size_t)pw_ctx_count(ctx, "assay");
	const char **assays = pw_arena_array(pw_ctx_arena(ctx), setup.assay_count, sizeof(*assays));
	for (size_t i = 0; i < setup.assay_count; i++)
		assays[i] = pw_ctx_value(ctx, "assay", (int)i)->text;
	setup.assays = assays;
	pw_lab *lab = NULL;
	pw_status rc = pw_lab_init(path, &setup, &lab, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx,
		   "laboratory '%s' begins in %s: policy %s, operators %zu, sites %zu, assays %zu",
		   setup.name, path, setup.profile, setup.operator_count, setup.site_count,
		   setup.assay_count);
	pw_lab_close(lab);
	return PW_EXIT_DONE;
}

static int show(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "name"},
		{.key = "issuer"},
		{.key = "policy"},
		{.key = "facts", .kind = PW_COL_INT},
		{.key = "head", .flags = PW_COL_WHOLE},
		PW_COLUMNS_END,
	};
	pw_lab *lab = pw_ctx_lab(ctx);
	pw_err err = PW_ERR_INIT;
	pw_head head;
	char text[40];
	pw_status rc = pw_store_head(pw_lab_store(lab), &head, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_head_format(&head, text);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_object(out, columns);
	pw_out_text(out, pw_lab_name(lab));
	pw_out_text(out, pw_lab_issuer(lab));
	pw_out_text(out, pw_lab_profile(lab)->name);
	pw_out_int(out, head.seq);
	pw_out_text(out, text);
	pw_out_end(out, NULL, NULL);
	return PW_EXIT_DONE;
}

static int operator_list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "operator", .flags = PW_COL_WHOLE},
		{.key = "name"},
		{.key = "added_at", .kind = PW_COL_TIME},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_operators_row *rows;
	size_t count;
	pw_status rc = pw_q_operators(pw_ctx_store(ctx), pw_ctx_arena(ctx), &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_out_text(out, rows[i].operator);
		pw_out_text(out, rows[i].name);
		pw_out_time(out, rows[i].added_at);
	}
	pw_out_end(out, "operator", "operators");
	return PW_EXIT_DONE;
}

static int operator_add(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc =
		pw_lab_add_operator(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), pw_ctx_arg(ctx, 1), &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "operator '%s' may work here", pw_ctx_arg(ctx, 0));
	return PW_EXIT_DONE;
}

static int site_list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "site", .flags = PW_COL_WHOLE},
		{.key = "name"},
		{.key = "added_at", .kind = PW_COL_TIME},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_sites_row *rows;
	size_t count;
	pw_status rc = pw_q_sites(pw_ctx_store(ctx), pw_ctx_arena(ctx), &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_out_text(out, rows[i].site);
		pw_out_text(out, rows[i].name);
		pw_out_time(out, rows[i].added_at);
	}
	pw_out_end(out, "site", "sites");
	return PW_EXIT_DONE;
}

static int site_add(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc =
		pw_lab_add_site(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), pw_ctx_arg(ctx, 1), &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "site '%s' may open tubes", pw_ctx_arg(ctx, 0));
	return PW_EXIT_DONE;
}

static int accept_clock(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	if (!pw_ctx_flag(ctx, "accept"))
		return pw_ctx_usage(ctx, "say --accept when this computer's clock is right");
	pw_status rc = pw_lab_accept_clock(pw_ctx_lab(ctx), &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "the clock is taken as right; the jump is in the journal");
	return PW_EXIT_DONE;
}

static const pw_opt init_opts[] = {
	{.name = "name",
	 .kind = PW_OPT_TEXT,
	 .arg = "TEXT",
	 .help = "the laboratory's name",
	 .required = true},
	{.name = "issuer",
	 .kind = PW_OPT_TEXT,
	 .arg = "CODE",
	 .help = "what its own identifiers begin with: 2 to 4 of A-Z and 0-9",
	 .required = true},
	{.name = "profile",
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "the reporting policy: cn notifies a positive pool at once, us reports none",
	 .fallback = "cn"},
	{.name = "operator",
	 .kind = PW_OPT_TEXT,
	 .arg = "ID[=NAME]",
	 .help = "somebody who works here; the first signs the beginning",
	 .required = true,
	 .repeat = true},
	{.name = "site",
	 .kind = PW_OPT_TEXT,
	 .arg = "ID[=NAME]",
	 .help = "a place where swabs are taken",
	 .repeat = true},
	{.name = "assay",
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "an assay that comes with the program, to put in force",
	 .repeat = true},
	PW_OPTS_END,
};

static const pw_opt clock_opts[] = {
	{.name = "accept",
	 .kind = PW_OPT_FLAG,
	 .help = "take this computer's clock as right, though it is behind the journal"},
	PW_OPTS_END,
};

static const char *const init_examples[] = {
	"poolwell lab init --lab city.db --name 'City laboratory' --issuer SZ --profile cn --operator "
	"li='Li Na' --operator wang --site gate --assay cn-orf1ab-n",
	NULL,
};
static const char *const show_examples[] = {"poolwell lab show --lab city.db", NULL};
static const char *const operators_examples[] = {"poolwell lab operators --lab city.db", NULL};
static const char *const sites_examples[] = {"poolwell lab sites --lab city.db", NULL};
static const char *const operator_examples[] = {
	"poolwell lab operator zhao 'Zhao Min' --lab city.db --as li",
	NULL,
};
static const char *const site_examples[] = {
	"poolwell lab site school 'School yard' --lab city.db --as li",
	NULL,
};
static const char *const clock_examples[] = {
	"poolwell lab clock --accept --reason 'time server had been wrong' --lab city.db --as li",
	NULL,
};

const pw_cmd pw_cmds_lab[] = {
	{
		.name = "lab init",
		.summary = "begin a laboratory: one file that holds everything",
		.details =
			"Makes the database given by --lab, with its first facts: the laboratory, its "
			"operators and sites, the reporting policy, and the rules in force. All plate "
			"layouts that come with the program are put in force; assays are chosen.\n\n"
			"An existing file is never touched.",
		.examples = init_examples,
		.opts = init_opts,
		.flags = PW_CMD_WRITE,
		.run = init,
	},
	{
		.name = "lab show",
		.summary = "the laboratory's name, policy and journal",
		.details =
			"Shows the name, the issuer of its identifiers, the policy in force, how many "
			"facts the journal holds, and its short head.",
		.examples = show_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = show,
	},
	{
		.name = "lab operators",
		.summary = "who may work here",
		.details = "Lists the short names that facts are signed with, and whose they are.",
		.examples = operators_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = operator_list,
	},
	{
		.name = "lab operator",
		.args = "ID [NAME]",
		.min_args = 1,
		.max_args = 2,
		.summary = "register somebody who may work here",
		.details =
			"Every fact is signed by an operator, given with --as or POOLWELL_OPERATOR. "
			"While there is only one, nobody has to be named.",
		.examples = operator_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = operator_add,
	},
	{
		.name = "lab sites",
		.summary = "where swabs are taken",
		.details = "Lists the sites that tubes are opened at.",
		.examples = sites_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = site_list,
	},
	{
		.name = "lab site",
		.args = "ID [NAME]",
		.min_args = 1,
		.max_args = 2,
		.summary = "register a place where swabs are taken",
		.details = "A tube is opened at a site, which must be registered.",
		.examples = site_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = site_add,
	},
	{
		.name = "lab clock",
		.summary = "go on after the clock was set back",
		.details =
			"A fact can't be earlier than the one before it. When this computer's clock is "
			"behind the journal by more than two seconds, nothing is recorded until the clock "
			"is set right, or until somebody says with this command, and a reason, that it is. "
			"The jump is then a fact of its own.",
		.examples = clock_examples,
		.opts = clock_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = accept_clock,
	},
	PW_CMDS_END,
};
