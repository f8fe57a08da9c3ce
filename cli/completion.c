/* The shells' completion. Both scripts go the same way: find the command among the words that are there,
 * then offer its verbs, its options, or the values of the option before the cursor. */
#include "cli/help.h"

#include <string.h>

#include "cli/help_parts.h"

/* Whether the command's arguments are names of files. */
static bool takes_files(const pw_cmd *cmd)
{
	return cmd->args != NULL && strstr(cmd->args, "FILE") != NULL;
}

static bool is_file(const pw_opt *opt)
{
	return opt->kind == PW_OPT_FILE || opt->kind == PW_OPT_OUT;
}

/* "' tube'|'tube show'": how a word may go on from the words before it. */
static void steps(pw_out *out, const pw_cli *cli)
{
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++) {
		pw_out_printf(out, "%s' %s'", noun == cli->nouns ? "" : "|", noun->name);
		for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++)
			if (*pw_cmd_verb(cmd) != '\0')
				pw_out_printf(out, "|'%s'", cmd->name);
	}
}

/* "--lab|--as": the global options whose value is the next word. */
static void value_options(pw_out *out)
{
	bool first = true;
	for (const pw_opt *opt = pw_globals; opt->name != NULL; opt++) {
		if (opt->kind == PW_OPT_FLAG)
			continue;
		pw_out_printf(out, "%s--%s", first ? "" : "|", opt->name);
		first = false;
	}
}

static void nouns(pw_out *out, const pw_cli *cli)
{
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++)
		pw_out_printf(out, "%s%s", noun == cli->nouns ? "" : " ", noun->name);
}

static void topics(pw_out *out, const pw_cli *cli)
{
	for (const pw_topic *topic = cli->topics; topic->name != NULL; topic++)
		pw_out_printf(out, " %s", topic->name);
}

/* --- bash ---------------------------------------------------------------------------------- */

/* What comes behind an option: "	'tube list/--kind'|'tube list/-k') …". */
static void bash_value(pw_out *out, const char *command, const pw_opt *opt)
{
	if (opt->kind == PW_OPT_FLAG)
		return;
	pw_out_printf(out, "\t%s/--%s", command, opt->name);
	if (opt->letter != '\0')
		pw_out_printf(out, "|%s/-%c", command, opt->letter);
	if (opt->kind == PW_OPT_CHOICE) {
		pw_out_puts(out, ") words='");
		for (size_t i = 0; opt->choices[i] != NULL; i++)
			pw_out_printf(out, "%s%s", i == 0 ? "" : " ", opt->choices[i]);
		pw_out_puts(out, "' ;;\n");
	} else {
		pw_out_printf(out, ") files=%d ;;\n", is_file(opt) ? 1 : 0);
	}
}

static void bash_values(pw_out *out, const pw_cli *cli)
{
	pw_out_puts(out, "\tlocal words='' files='' options=''\n\tcase $command/$prev in\n");
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++) {
		for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++) {
			pw_str name = PW_STR_INIT;
			pw_str_addf(&name, "'%s'", cmd->name);
			for (const pw_opt *opt = cmd->opts; opt != NULL && opt->name != NULL; opt++)
				bash_value(out, pw_str_text(&name), opt);
			pw_str_clear(&name);
		}
	}
	for (const pw_opt *opt = pw_globals; opt->name != NULL; opt++)
		bash_value(out, "*", opt);
	pw_out_puts(out, "\t*) value='' ;;\n\tesac\n");
}

static void bash_options(pw_out *out, const pw_cmd *cmd)
{
	const char *separator = "";
	for (const pw_opt *opt = cmd->opts; opt != NULL && opt->name != NULL; opt++) {
		pw_out_printf(out, "%s--%s", separator, opt->name);
		separator = " ";
	}
	for (const pw_opt *opt = pw_globals; opt->name != NULL; opt++) {
		if (pw_global_applies(opt, cmd)) {
			pw_out_printf(out, "%s--%s", separator, opt->name);
			separator = " ";
		}
	}
}

static void bash_command(pw_out *out, const pw_cmd *cmd)
{
	pw_out_printf(out, "\t'%s')\n\t\toptions='", cmd->name);
	bash_options(out, cmd);
	pw_out_printf(out, "'\n\t\tfiles=%d ;;\n", takes_files(cmd) ? 1 : 0);
}

static void bash_noun(pw_out *out, const pw_noun *noun)
{
	bool bare = pw_cmd_find(noun, "") != NULL;
	if (!bare || !pw_help_is_single(noun)) {
		const char *separator = "";
		pw_out_printf(out, "\t'%s') words='", noun->name);
		for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++) {
			if (*pw_cmd_verb(cmd) != '\0') {
				pw_out_printf(out, "%s%s", separator, pw_cmd_verb(cmd));
				separator = " ";
			}
		}
		pw_out_puts(out, bare ? "' ;;&\n" : "' ;;\n");
	}
	for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++)
		bash_command(out, cmd);
}

static void bash_find(pw_out *out, const pw_cli *cli)
{
	pw_out_puts(out,
		    "# bash completion of poolwell, made by 'poolwell help --completion bash'\n"
		    "_poolwell() {\n"
		    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		    "\tlocal command='' helping='' value=1 word i\n"
		    "\t# --kind=pool comes as three words\n"
		    "\t[[ $cur == '=' ]] && cur=''\n"
		    "\t[[ $prev == '=' ]] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
		    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		    "\t\tword=${COMP_WORDS[i]}\n"
		    "\t\tcase $word in\n"
		    "\t\t");
	value_options(out);
	pw_out_puts(out, ")\n"
			 "\t\t\t[[ ${COMP_WORDS[i+1]} == '=' ]] && ((i++))\n"
			 "\t\t\t((i++))\n"
			 "\t\t\tcontinue ;;\n"
			 "\t\t-*) continue ;;\n"
			 "\t\tesac\n"
			 "\t\tif [[ -z $command && $word == help ]]; then\n"
			 "\t\t\thelping=1\n"
			 "\t\t\tcontinue\n"
			 "\t\tfi\n"
			 "\t\tcase \"$command $word\" in\n"
			 "\t\t");
	steps(out, cli);
	pw_out_puts(out, ")\n"
			 "\t\t\tcommand=\"${command:+$command }$word\" ;;\n"
			 "\t\t*) break ;;\n"
			 "\t\tesac\n"
			 "\tdone\n"
			 "\t[[ $helping && ( $prev == -* || $cur == -* ) ]] && command=help\n");
}

static void bash_offer(pw_out *out)
{
	pw_out_puts(out, "\tif [[ -z $value && $cur == -* ]]; then\n"
			 "\t\twords=$options\n"
			 "\telif [[ $helping && -z $value && $command == *' '* ]]; then\n"
			 "\t\treturn\n"
			 "\tfi\n"
			 "\tif [[ $words ]]; then\n"
			 "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
			 "\telif [[ $files == 1 ]]; then\n"
			 "\t\tcompopt -o default\n"
			 "\t\tCOMPREPLY=()\n"
			 "\tfi\n"
			 "}\n"
			 "complete -F _poolwell poolwell\n");
}

void pw_help_bash(pw_out *out, const pw_cli *cli)
{
	bash_find(out, cli);
	bash_values(out, cli);
	pw_out_puts(out, "\t[[ $value ]] || case $command in\n\t'')\n\t\twords='");
	nouns(out, cli);
	pw_out_puts(out, "'\n\t\t[[ $helping ]] && words+='");
	topics(out, cli);
	pw_out_puts(out, "'\n\t\toptions='--version");
	for (const pw_opt *opt = pw_globals; opt->name != NULL; opt++)
		pw_out_printf(out, " --%s", opt->name);
	pw_out_puts(out, "' ;;\n");
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++)
		bash_noun(out, noun);
	pw_out_puts(out, "\tesac\n");
	bash_offer(out);
}

/* --- zsh ----------------------------------------------------------------------------------- */

/* Text inside '…' of an _arguments or _describe entry. */
static void zsh_text(pw_out *out, const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\'')
			pw_out_puts(out, "'\\''");
		else if (strchr("[]:\\", *p) != NULL)
			pw_out_printf(out, "\\%c", *p);
		else
			pw_out_write(out, p, 1);
	}
}

/* "		'(-k --kind)'{-k+,--kind=}'[only this kind]:KIND:(pool single)'". */
static void zsh_option(pw_out *out, const pw_opt *opt)
{
	bool flag = opt->kind == PW_OPT_FLAG;
	pw_out_puts(out, "\t\t\t");
	if (opt->repeat)
		pw_out_puts(out, "'*'");
	else if (opt->letter != '\0')
		pw_out_printf(out, "'(-%c --%s)'", opt->letter, opt->name);
	if (opt->letter != '\0')
		pw_out_printf(out, "{-%c%s,--%s%s}", opt->letter, flag ? "" : "+", opt->name,
			      flag ? "" : "=");
	else
		pw_out_printf(out, "--%s%s", opt->name, flag ? "" : "=");
	pw_out_puts(out, "'[");
	zsh_text(out, opt->help);
	pw_out_puts(out, "]");
	if (!flag)
		pw_out_printf(out, ":%s:", opt->arg);
	if (opt->kind == PW_OPT_CHOICE) {
		for (size_t i = 0; opt->choices[i] != NULL; i++)
			pw_out_printf(out, "%s%s", i == 0 ? "(" : " ", opt->choices[i]);
		pw_out_puts(out, ")");
	} else if (is_file(opt)) {
		pw_out_puts(out, "_files");
	} else if (!flag) {
		pw_out_puts(out, " ");
	}
	pw_out_puts(out, "'\n");
}

/* The options of a command, or all global ones when it is NULL. */
static void zsh_options(pw_out *out, const pw_cmd *cmd)
{
	pw_out_puts(out, "\t\tspecs=(\n");
	for (const pw_opt *opt = cmd != NULL ? cmd->opts : NULL; opt != NULL && opt->name != NULL;
	     opt++)
		zsh_option(out, opt);
	for (const pw_opt *opt = pw_globals; opt->name != NULL; opt++)
		if (cmd == NULL || pw_global_applies(opt, cmd))
			zsh_option(out, opt);
	bool files = cmd != NULL && takes_files(cmd);
	pw_out_printf(out, "\t\t\t'*: :%s'\n\t\t)\n", files ? "_files" : " ");
}

static void zsh_name(pw_out *out, const char *name, const char *summary)
{
	pw_out_printf(out, "\t\t\t'%s:", name);
	zsh_text(out, summary);
	pw_out_puts(out, "'\n");
}

static void zsh_noun(pw_out *out, const pw_noun *noun)
{
	const pw_cmd *bare = pw_cmd_find(noun, "");
	pw_out_printf(out, "\t('%s')\n", noun->name);
	if (bare == NULL || !pw_help_is_single(noun)) {
		pw_out_puts(out, "\t\tnames=(\n");
		for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++)
			if (*pw_cmd_verb(cmd) != '\0')
				zsh_name(out, pw_cmd_verb(cmd), cmd->summary);
		pw_out_puts(out, "\t\t)\n");
	}
	zsh_options(out, bare);
	pw_out_puts(out, "\t\t;;\n");
	for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++) {
		if (cmd == bare)
			continue;
		pw_out_printf(out, "\t('%s')\n", cmd->name);
		zsh_options(out, cmd);
		pw_out_puts(out, "\t\t;;\n");
	}
}

static void zsh_find(pw_out *out, const pw_cli *cli)
{
	pw_out_puts(out, "#compdef poolwell\n"
			 "# zsh completion of poolwell, made by 'poolwell help --completion zsh'\n"
			 "_poolwell() {\n"
			 "\tlocal command='' helping='' word\n"
			 "\tlocal -i i\n"
			 "\tlocal -a names topics specs\n"
			 "\tfor ((i = 2; i < CURRENT; i++)); do\n"
			 "\t\tword=$words[i]\n"
			 "\t\tcase $word in\n"
			 "\t\t(");
	value_options(out);
	pw_out_puts(out, ") ((i++)); continue ;;\n"
			 "\t\t(-*) continue ;;\n"
			 "\t\tesac\n"
			 "\t\tif [[ -z $command && $word == help ]]; then\n"
			 "\t\t\thelping=1\n"
			 "\t\t\tcontinue\n"
			 "\t\tfi\n"
			 "\t\tcase \"$command $word\" in\n"
			 "\t\t(");
	steps(out, cli);
	pw_out_puts(out, ") command=\"${command:+$command }$word\" ;;\n"
			 "\t\t(*) break ;;\n"
			 "\t\tesac\n"
			 "\tdone\n"
			 "\tif [[ -n $helping && ( $words[CURRENT] == -* || "
			 "$words[CURRENT-1] == -* ) ]]; then\n"
			 "\t\tcommand=help helping=''\n"
			 "\tfi\n");
}

static void zsh_offer(pw_out *out)
{
	pw_out_puts(out, "\tif [[ $words[CURRENT] != -* && $words[CURRENT-1] != -* ]]; then\n"
			 "\t\tif (( $#names )); then\n"
			 "\t\t\t_describe -t commands command names\n"
			 "\t\t\treturn\n"
			 "\t\tfi\n"
			 "\t\t[[ -n $helping ]] && return 1\n"
			 "\tfi\n"
			 "\t_arguments -s $specs\n"
			 "}\n"
			 "if [[ $funcstack[1] == _poolwell ]]; then\n"
			 "\t_poolwell \"$@\"\n"
			 "else\n"
			 "\tcompdef _poolwell poolwell\n"
			 "fi\n");
}

void pw_help_zsh(pw_out *out, const pw_cli *cli)
{
	zsh_find(out, cli);
	pw_out_puts(out, "\tcase $command in\n\t('')\n\t\tnames=(\n");
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++)
		zsh_name(out, noun->name, noun->summary);
	pw_out_puts(out, "\t\t)\n\t\ttopics=(\n");
	for (const pw_topic *topic = cli->topics; topic->name != NULL; topic++)
		zsh_name(out, topic->name, topic->summary);
	pw_out_puts(out, "\t\t)\n\t\t[[ -n $helping ]] && names+=($topics)\n");
	zsh_options(out, NULL);
	pw_out_puts(out, "\t\t;;\n");
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++)
		zsh_noun(out, noun);
	pw_out_puts(out, "\tesac\n");
	zsh_offer(out);
}
