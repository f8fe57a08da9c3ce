#include "cli/help.h"

#include "cli/help_parts.h"

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* What Markdown would read as its own signs gets a backslash; "_" does inside a word only as itself. */
static void add_escaped(pw_str *out, pw_slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool inside =
			i > 0 && i + 1 < s.len && is_word(s.ptr[i - 1]) && is_word(s.ptr[i + 1]);
		if (c == '\\' || c == '`' || c == '*' || c == '<' || c == '[' ||
		    (c == '_' && !inside))
			pw_str_add_char(out, '\\');
		if (c == '\n')
			c = ' ';
		pw_str_add_char(out, c);
	}
}

/* Each line of a literal paragraph, indented as Markdown wants it. */
static void add_literal(pw_str *out, pw_slice s)
{
	pw_str_add(out, "    ");
	for (size_t i = 0; i < s.len; i++) {
		pw_str_add_char(out, s.ptr[i]);
		if (s.ptr[i] == '\n')
			pw_str_add(out, "    ");
	}
}

void pw_help_prose_markdown(pw_out *out, const char *text)
{
	pw_str made = PW_STR_INIT;
	pw_slice s;
	while ((s = pw_help_paragraph(&text)).len > 0) {
		if (made.len > 0)
			pw_str_add_char(&made, '\n');
		if (s.ptr[0] == ' ')
			add_literal(&made, s);
		else
			add_escaped(&made, s);
		pw_str_add_char(&made, '\n');
	}
	pw_out_puts(out, pw_str_text(&made));
	pw_str_clear(&made);
}

void pw_help_options_markdown(pw_out *out, const pw_opt *opts)
{
	for (const pw_opt *opt = opts; opt->name != NULL; opt++) {
		pw_str name = PW_STR_INIT, text = PW_STR_INIT, escaped = PW_STR_INIT;
		pw_help_add_name(opt, &name);
		pw_help_add_text(opt, &text);
		add_escaped(&escaped, pw_slice_of(pw_str_text(&text)));
		pw_slice trimmed = pw_slice_trim(pw_slice_of(pw_str_text(&name)));
		pw_out_printf(out, "- `%.*s`: %s\n", (int)trimmed.len, trimmed.ptr,
			      pw_str_text(&escaped));
		pw_str_clear(&name);
		pw_str_clear(&text);
		pw_str_clear(&escaped);
	}
}

static void title_markdown(pw_out *out, int level, const char *text)
{
	pw_out_printf(out, "%.*s %s\n", level, "######", text);
}

static void name_markdown(pw_out *out, int level, const char *name)
{
	pw_out_printf(out, "%.*s poolwell %s\n", level, "######", name);
}

/* "Which tubes there are" of "which tubes there are". */
static void capital_markdown(pw_out *out, const char *text)
{
	pw_str s = PW_STR_INIT;
	add_escaped(&s, pw_slice_of(text));
	if (s.len > 0 && s.ptr[0] >= 'a' && s.ptr[0] <= 'z')
		s.ptr[0] = (char)(s.ptr[0] - 'a' + 'A');
	pw_out_puts(out, pw_str_text(&s));
	pw_str_clear(&s);
}

static void sentence_markdown(pw_out *out, const char *text)
{
	capital_markdown(out, text);
	pw_out_puts(out, ".\n");
}

void pw_help_command_markdown(pw_out *out, const pw_cmd *cmd, int level)
{
	pw_str line = PW_STR_INIT, globals = PW_STR_INIT;
	name_markdown(out, level, cmd->name);
	pw_out_puts(out, "\n");
	sentence_markdown(out, cmd->summary);
	pw_help_add_usage(cmd, &line);
	pw_out_printf(out, "\n    %s\n\n", pw_str_text(&line));
	pw_help_prose_markdown(out, cmd->details);
	if (pw_help_has_options(cmd)) {
		pw_out_puts(out, "\nOptions:\n\n");
		pw_help_options_markdown(out, cmd->opts);
	}
	pw_help_add_globals(cmd, &globals);
	pw_out_printf(out, "\nAlso `%s`.\n\nExamples:\n\n", pw_str_text(&globals));
	for (size_t i = 0; cmd->examples[i] != NULL; i++)
		pw_out_printf(out, "    %s\n", cmd->examples[i]);
	pw_str_clear(&line);
	pw_str_clear(&globals);
}

void pw_help_noun_markdown(pw_out *out, const pw_noun *noun, int level)
{
	bool one = pw_help_is_single(noun);
	if (!one) {
		name_markdown(out, level, noun->name);
		pw_out_puts(out, "\n");
		sentence_markdown(out, noun->summary);
	}
	for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++) {
		if (!one)
			pw_out_puts(out, "\n");
		pw_help_command_markdown(out, cmd, one ? level : level + 1);
	}
}

void pw_help_markdown(pw_out *out, const pw_cli *cli)
{
	title_markdown(out, 1, "Commands");
	pw_out_puts(out,
		    "\nMade by `poolwell help --markdown` from the tables that the program itself "
		    "goes by.\n\n");
	title_markdown(out, 2, "Options of every command");
	pw_out_puts(out, "\n");
	pw_help_options_markdown(out, pw_globals);
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++) {
		pw_out_puts(out, "\n");
		if (pw_help_begins_group(cli, noun)) {
			pw_out_puts(out, "## ");
			capital_markdown(out, noun->group);
			pw_out_puts(out, "\n\n");
		}
		pw_help_noun_markdown(out, noun, 3);
	}
}
