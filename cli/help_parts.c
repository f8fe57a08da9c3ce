#include "cli/help_parts.h"

#include <string.h>

#include "cli/opts.h"

pw_slice pw_help_paragraph(const char **text)
{
	const char *p = *text + strspn(*text, "\n");
	const char *end = strstr(p, "\n\n");
	size_t n = end != NULL ? (size_t)(end - p) : strlen(p);
	*text = p + n;
	while (n > 0 && p[n - 1] == '\n')
		n--;
	return (pw_slice){p, n};
}

void pw_help_add_name(const pw_opt *opt, pw_str *out)
{
	if (opt->letter != '\0')
		pw_str_addf(out, "-%c, ", opt->letter);
	else
		pw_str_add(out, "    ");
	pw_str_addf(out, "--%s%s%s", opt->name, opt->arg != NULL ? " " : "",
		    opt->arg != NULL ? opt->arg : "");
}

void pw_help_add_text(const pw_opt *opt, pw_str *out)
{
	pw_str more = PW_STR_INIT;
	pw_opt_describe(opt, &more);
	pw_str_add(out, opt->help);
	if (more.len > 0)
		pw_str_addf(out, " (%s)", pw_str_text(&more));
	pw_str_clear(&more);
}

bool pw_help_has_options(const pw_cmd *cmd)
{
	return cmd->opts != NULL && cmd->opts[0].name != NULL;
}

bool pw_help_is_single(const pw_noun *noun)
{
	return noun->cmds[0].name != NULL && noun->cmds[1].name == NULL;
}

bool pw_help_begins_group(const pw_cli *cli, const pw_noun *noun)
{
	return noun == cli->nouns || strcmp(noun[-1].group, noun->group) != 0;
}

void pw_help_add_usage(const pw_cmd *cmd, pw_str *out)
{
	pw_str_addf(out, "poolwell %s%s%s%s", cmd->name,
		    pw_help_has_options(cmd) ? " [OPTION...]" : "", cmd->args != NULL ? " " : "",
		    cmd->args != NULL ? cmd->args : "");
}

void pw_help_add_globals(const pw_cmd *cmd, pw_str *out)
{
	for (const pw_opt *opt = pw_globals; opt->name != NULL; opt++)
		if (pw_global_applies(opt, cmd))
			pw_str_addf(out, "%s--%s%s%s", out->len > 0 ? ", " : "", opt->name,
				    opt->arg != NULL ? " " : "", opt->arg != NULL ? opt->arg : "");
}
