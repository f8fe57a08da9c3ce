/*
 * Help, made from the tables: on the terminal, as Markdown, and as the shells' completion. Nothing here
 * knows a command by name.
 */
#ifndef PW_CLI_HELP_H
#define PW_CLI_HELP_H

#include "cli/cli.h"
#include "cli/out.h"

/* The nouns by group, and the topics. */
void pw_help_overview(pw_out *out, const pw_cli *cli);

/* Every command, a line each. */
void pw_help_all(pw_out *out, const pw_cli *cli);

/* The commands of a noun; before them the page of the one that is the noun alone; nothing but the page when
 * there is no other. */
void pw_help_noun(pw_out *out, const pw_noun *noun);

void pw_help_command(pw_out *out, const pw_cmd *cmd);

/* A table of options: "  -c, --capacity N  how many …". Or as a Markdown list. */
void pw_help_options(pw_out *out, const pw_opt *opts);
void pw_help_options_markdown(pw_out *out, const pw_opt *opts);

/* Paragraphs as in pw_cmd.details, wrapped to the terminal; or as Markdown, with what Markdown would take
 * for its own escaped. Each ends with a line end, an empty line stands between them. */
void pw_help_prose(pw_out *out, const char *text);
void pw_help_prose_markdown(pw_out *out, const char *text);

/* docs/reference/commands.md: every noun, or the one, or the one command. The same on every terminal. */
void pw_help_markdown(pw_out *out, const pw_cli *cli);
void pw_help_noun_markdown(pw_out *out, const pw_noun *noun, int level);
void pw_help_command_markdown(pw_out *out, const pw_cmd *cmd, int level);

/* A script that makes the shell complete commands, options, choices and files. */
void pw_help_bash(pw_out *out, const pw_cli *cli);
void pw_help_zsh(pw_out *out, const pw_cli *cli);

#endif
