#include "cli/help.h"

#include "cli/help_parts.h"
#include "core/base/text.h"

enum { MOST_WIDTH = 100, LEAST_LEFT = 12, MOST_LEFT = 28 };

/* Lines of a hundred columns are read; longer ones are not. */
static int width_of(const pw_out *out)
{
	int width = pw_out_term(out).width;
	return width < MOST_WIDTH ? width : MOST_WIDTH;
}

/* "  left      right, wrapped under itself"; a left side that is too long gets a line of its own. */
static void row(pw_out *out, const char *left, int column, const char *right)
{
	pw_str line = PW_STR_INIT;
	int used = 2 + pw_utf8_width(left);
	pw_str_addf(&line, "  %s", left);
	if (used + 2 > column)
		pw_str_addf(&line, "\n%*s", column, "");
	else
		pw_str_addf(&line, "%*s", column - used, "");
	pw_term_wrap(&line, right, column, column, width_of(out));
	pw_out_printf(out, "%s\n", pw_str_text(&line));
	pw_str_clear(&line);
}

static int column_for(int column, const char *left)
{
	int need = 2 + pw_utf8_width(left) + 2;
	return need > column && need <= MOST_LEFT ? need : column;
}

/* --- prose --------------------------------------------------------------------------------- */

void pw_help_prose(pw_out *out, const char *text)
{
	pw_str made = PW_STR_INIT;
	pw_slice s;
	while ((s = pw_help_paragraph(&text)).len > 0) {
		pw_str words = PW_STR_INIT;
		pw_str_add_n(&words, s.ptr, s.len);
		if (made.len > 0)
			pw_str_add_char(&made, '\n');
		if (s.ptr[0] == ' ')
			pw_str_add(&made, pw_str_text(&words));
		else
			pw_term_wrap(&made, pw_str_text(&words), 0, 0, width_of(out));
		pw_str_add_char(&made, '\n');
		pw_str_clear(&words);
	}
	pw_out_puts(out, pw_str_text(&made));
	pw_str_clear(&made);
}

/* --- options ------------------------------------------------------------------------------- */

void pw_help_options(pw_out *out, const pw_opt *opts)
{
	int column = 0;
	for (const pw_opt *opt = opts; opt->name != NULL; opt++) {
		pw_str name = PW_STR_INIT;
		pw_help_add_name(opt, &name);
		column = column_for(column, pw_str_text(&name));
		pw_str_clear(&name);
	}
	for (const pw_opt *opt = opts; opt->name != NULL; opt++) {
		pw_str name = PW_STR_INIT, text = PW_STR_INIT;
		pw_help_add_name(opt, &name);
		pw_help_add_text(opt, &text);
		row(out, pw_str_text(&name), column > 0 ? column : MOST_LEFT, pw_str_text(&text));
		pw_str_clear(&name);
		pw_str_clear(&text);
	}
}

/* --- commands ------------------------------------------------------------------------------ */

static void usage(pw_out *out, const pw_cmd *cmd)
{
	pw_str line = PW_STR_INIT, whole = PW_STR_INIT;
	pw_help_add_usage(cmd, &line);
	pw_str_add(&whole, "usage: ");
	pw_term_wrap(&whole, pw_str_text(&line), 7, 9, width_of(out));
	pw_out_printf(out, "%s\n", pw_str_text(&whole));
	pw_str_clear(&line);
	pw_str_clear(&whole);
}

static void examples(pw_out *out, const pw_cmd *cmd)
{
	pw_out_puts(out, "\n");
	pw_out_heading(out, "examples");
	for (size_t i = 0; cmd->examples[i] != NULL; i++)
		pw_out_printf(out, "  %s\n", cmd->examples[i]);
}

static void also(pw_out *out, const pw_cmd *cmd)
{
	pw_str globals = PW_STR_INIT, line = PW_STR_INIT;
	pw_help_add_globals(cmd, &globals);
	pw_str_add(&globals, "; see 'poolwell help options'");
	pw_str_add(&line, "also ");
	pw_term_wrap(&line, pw_str_text(&globals), 5, 5, width_of(out));
	pw_out_printf(out, "\n%s\n", pw_str_text(&line));
	pw_str_clear(&globals);
	pw_str_clear(&line);
}

static void title(pw_out *out, const char *name, const char *summary)
{
	pw_str line = PW_STR_INIT, wrapped = PW_STR_INIT;
	pw_str_addf(&line, "poolwell %s: %s", name, summary);
	pw_term_wrap(&wrapped, pw_str_text(&line), 0, 2, width_of(out));
	pw_out_heading(out, pw_str_text(&wrapped));
	pw_out_puts(out, "\n");
	pw_str_clear(&line);
	pw_str_clear(&wrapped);
}

void pw_help_command(pw_out *out, const pw_cmd *cmd)
{
	title(out, cmd->name, cmd->summary);
	usage(out, cmd);
	pw_out_puts(out, "\n");
	pw_help_prose(out, cmd->details);
	if (pw_help_has_options(cmd)) {
		pw_out_puts(out, "\n");
		pw_out_heading(out, "options");
		pw_help_options(out, cmd->opts);
	}
	examples(out, cmd);
	also(out, cmd);
}

static void list_commands(pw_out *out, const pw_noun *noun, int column)
{
	for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++)
		row(out, cmd->name, column, cmd->summary);
}

static int commands_column(const pw_noun *noun, int column)
{
	for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++)
		column = column_for(column, cmd->name);
	return column;
}

void pw_help_noun(pw_out *out, const pw_noun *noun)
{
	if (pw_help_is_single(noun)) {
		pw_help_command(out, &noun->cmds[0]);
		return;
	}
	const pw_cmd *bare = pw_cmd_find(noun, "");
	if (bare != NULL) {
		pw_help_command(out, bare);
		pw_out_puts(out, "\n");
		pw_out_heading(out, "commands");
	} else {
		title(out, noun->name, noun->summary);
	}
	list_commands(out, noun, commands_column(noun, LEAST_LEFT));
	pw_out_printf(out, "\n'poolwell help %s VERB' says more.\n", noun->name);
}

/* --- the whole ----------------------------------------------------------------------------- */

static int names_column(const pw_cli *cli)
{
	int column = LEAST_LEFT;
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++)
		column = column_for(column, noun->name);
	for (const pw_topic *topic = cli->topics; topic->name != NULL; topic++)
		column = column_for(column, topic->name);
	return column;
}

static void topics(pw_out *out, const pw_cli *cli, int column)
{
	if (cli->topics[0].name == NULL)
		return;
	pw_out_puts(out, "\n");
	pw_out_heading(out, "help on other things");
	for (const pw_topic *topic = cli->topics; topic->name != NULL; topic++)
		row(out, topic->name, column, topic->summary);
}

void pw_help_overview(pw_out *out, const pw_cli *cli)
{
	int column = names_column(cli);
	pw_out_puts(out, "poolwell runs a PCR screening laboratory, from swab to answer.\n\n"
			 "usage: poolwell [--lab FILE] COMMAND [OPTION...] [ARGUMENT...]\n");
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++) {
		if (pw_help_begins_group(cli, noun)) {
			pw_out_puts(out, "\n");
			pw_out_heading(out, noun->group);
		}
		row(out, noun->name, column, noun->summary);
	}
	topics(out, cli, column);
	pw_out_puts(out, "\n");
	pw_help_prose(out, "'poolwell help NAME' says more; 'poolwell help --all' lists every "
			   "command.");
}

void pw_help_all(pw_out *out, const pw_cli *cli)
{
	int column = LEAST_LEFT;
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++)
		column = commands_column(noun, column);
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++) {
		if (pw_help_begins_group(cli, noun)) {
			pw_out_puts(out, noun == cli->nouns ? "" : "\n");
			pw_out_heading(out, noun->group);
		}
		list_commands(out, noun, column);
	}
}
