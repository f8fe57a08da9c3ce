/* `poolwell help`: what the commands are, and how each is used. */
#include <string.h>

#include "cli/ctx.h"
#include "cli/help.h"
#include "cli/suggest.h"

static const char *const shells[] = {"bash", "zsh", NULL};

static const pw_opt help_opts[] = {
	{.name = "all", .letter = 'a', .kind = PW_OPT_FLAG, .help = "every command, a line each"},
	{.name = "markdown",
	 .kind = PW_OPT_FLAG,
	 .help = "as Markdown; without a name the whole reference"},
	{.name = "completion",
	 .kind = PW_OPT_CHOICE,
	 .arg = "SHELL",
	 .help = "the script that makes a shell complete poolwell's commands",
	 .choices = shells},
	PW_OPTS_END,
};

static const pw_topic *find_topic(const pw_cli *cli, const char *name)
{
	for (const pw_topic *topic = cli->topics; topic->name != NULL; topic++)
		if (strcmp(topic->name, name) == 0)
			return topic;
	return NULL;
}

static void put_command(pw_out *out, const pw_noun *noun, const pw_cmd *cmd)
{
	pw_out_text(out, cmd->name);
	pw_out_text(out, cmd->args);
	pw_out_text(out, noun->group);
	pw_out_text(out, cmd->summary);
	pw_out_bool(out, (cmd->flags & PW_CMD_LAB) != 0);
	pw_out_bool(out, (cmd->flags & PW_CMD_WRITE) != 0);
}

/* The commands as data: what other programs can build on. All, those of a noun, or the one. */
static int list_commands(pw_ctx *ctx, const pw_noun *only, const pw_cmd *one)
{
	static const pw_column columns[] = {
		{.key = "command"},
		{.key = "arguments"},
		{.key = "group"},
		{.key = "summary"},
		{.key = "laboratory", .kind = PW_COL_BOOL},
		{.key = "writes", .kind = PW_COL_BOOL},
		PW_COLUMNS_END,
	};
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (const pw_noun *noun = ctx->cli->nouns; noun->name != NULL; noun++)
		for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++)
			if ((only == NULL || noun == only) && (one == NULL || cmd == one))
				put_command(out, noun, cmd);
	pw_out_end(out, "command", "commands");
	return PW_EXIT_DONE;
}

static int unknown_name(pw_ctx *ctx, const char *name)
{
	pw_suggestion near = {.wrong = name};
	for (const pw_noun *noun = ctx->cli->nouns; noun->name != NULL; noun++)
		pw_suggest(&near, noun->name);
	for (const pw_topic *topic = ctx->cli->topics; topic->name != NULL; topic++)
		pw_suggest(&near, topic->name);
	if (near.best != NULL)
		return pw_ctx_usage(ctx, "there is no help on '%s'; did you mean '%s'?", name,
				    near.best);
	return pw_ctx_usage(ctx, "there is no help on '%s'", name);
}

static bool is_list(pw_ctx *ctx)
{
	return pw_out_get_format(pw_ctx_out(ctx)) != PW_OUT_TABLE;
}

static int help_on_commands(pw_ctx *ctx, const pw_noun *noun, const pw_cmd *cmd)
{
	pw_out *out = pw_ctx_out(ctx);
	bool markdown = pw_ctx_flag(ctx, "markdown");
	if (is_list(ctx))
		return list_commands(ctx, noun, cmd);
	if (cmd == NULL && markdown)
		pw_help_noun_markdown(out, noun, 1);
	else if (cmd == NULL)
		pw_help_noun(out, noun);
	else if (markdown)
		pw_help_command_markdown(out, cmd, 1);
	else
		pw_help_command(out, cmd);
	return PW_EXIT_DONE;
}

static int help_on_topic(pw_ctx *ctx, const pw_topic *topic, const char *verb)
{
	if (verb != NULL)
		return pw_ctx_usage(ctx, "'%s' has no commands: poolwell help %s", topic->name,
				    topic->name);
	if (is_list(ctx))
		return pw_ctx_usage(ctx, "'%s' is a page of text: it has no --json and no --csv",
				    topic->name);
	return topic->print(ctx);
}

static int help_on(pw_ctx *ctx, const char *name, const char *verb)
{
	const pw_noun *noun = pw_noun_find(ctx->cli->nouns, name);
	const pw_topic *topic = find_topic(ctx->cli, name);
	if (noun == NULL && topic == NULL)
		return unknown_name(ctx, name);
	if (noun == NULL)
		return help_on_topic(ctx, topic, verb);
	const pw_cmd *cmd = verb != NULL && *verb != '\0' ? pw_cmd_find(noun, verb) : NULL;
	if (verb != NULL && cmd == NULL) {
		pw_err err = PW_ERR_INIT;
		return pw_ctx_fail(ctx, pw_noun_no_verb(noun, verb, &err), &err);
	}
	return help_on_commands(ctx, noun, cmd);
}

static int completion(pw_ctx *ctx)
{
	if (strcmp(pw_ctx_text(ctx, "completion"), "zsh") == 0)
		pw_help_zsh(pw_ctx_out(ctx), ctx->cli);
	else
		pw_help_bash(pw_ctx_out(ctx), ctx->cli);
	return PW_EXIT_DONE;
}

static int help(pw_ctx *ctx)
{
	pw_out *out = pw_ctx_out(ctx);
	if (pw_ctx_given(ctx, "completion"))
		return completion(ctx);
	if (pw_ctx_args(ctx) > 0)
		return help_on(ctx, pw_ctx_arg(ctx, 0), pw_ctx_arg(ctx, 1));
	if (is_list(ctx))
		return list_commands(ctx, NULL, NULL);
	if (pw_ctx_flag(ctx, "markdown"))
		pw_help_markdown(out, ctx->cli);
	else if (pw_ctx_flag(ctx, "all"))
		pw_help_all(out, ctx->cli);
	else
		pw_help_overview(out, ctx->cli);
	return PW_EXIT_DONE;
}

static const char *const help_examples[] = {
	"poolwell help",
	"poolwell help version",
	"poolwell help output",
	"poolwell help --all",
	"poolwell help --completion bash > ~/.local/share/bash-completion/completions/poolwell",
	NULL,
};

const pw_cmd pw_cmds_help[] = {
	{
		.name = "help",
		.args = "[COMMAND [VERB]]",
		.max_args = 2,
		.summary = "what the commands are, and how each is used",
		.details =
			"Without a name shows the commands by what they are about; with the first "
			"word of a command, its verbs; with both, all there is to know about it. "
			"'poolwell COMMAND VERB --help' is the same. Some other things have pages "
			"too: 'poolwell help' names them.\n"
			"\n"
			"With --json or --csv shows all commands as a list.",
		.examples = help_examples,
		.opts = help_opts,
		.flags = PW_CMD_LIST,
		.run = help,
	},
	PW_CMDS_END,
};
