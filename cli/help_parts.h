/* What the pages of help on the terminal and in Markdown have in common. */
#ifndef PW_CLI_HELP_PARTS_H
#define PW_CLI_HELP_PARTS_H

#include "cli/cli.h"

/* The next paragraph of *text, which is moved behind it; len 0 at the end. */
pw_slice pw_help_paragraph(const char **text);

/* "-c, --capacity N", with room for a letter where there is none. */
void pw_help_add_name(const pw_opt *opt, pw_str *out);

/* "how many swabs it takes (1 to 20; default 10)". */
void pw_help_add_text(const pw_opt *opt, pw_str *out);

/* "poolwell tube show [OPTION...] TUBE". */
void pw_help_add_usage(const pw_cmd *cmd, pw_str *out);

/* The global options that are of use to the command: "--lab FILE, --json". */
void pw_help_add_globals(const pw_cmd *cmd, pw_str *out);

bool pw_help_has_options(const pw_cmd *cmd);

/* Whether the noun is a single command, so that its page is the command's. */
bool pw_help_is_single(const pw_noun *noun);

/* Whether the noun is the first of its group. */
bool pw_help_begins_group(const pw_cli *cli, const pw_noun *noun);

#endif
