#include <string.h>

#include "cli/cli.h"

#define PW_NOUN(group, noun, summary) extern const pw_cmd pw_cmds_##noun[];
#include "cli/commands.def"
#undef PW_NOUN

#define PW_TOPIC(name, summary) int pw_topic_##name(pw_ctx *ctx);
#include "cli/topics.def"
#undef PW_TOPIC

/* clang-format off */
const pw_noun pw_nouns[] = {
#define PW_NOUN(group, noun, summary) {group, #noun, summary, pw_cmds_##noun},
#include "cli/commands.def"
#undef PW_NOUN
	{NULL, NULL, NULL, NULL},
};

const pw_topic pw_topics[] = {
#define PW_TOPIC(name, summary) {#name, summary, pw_topic_##name},
#include "cli/topics.def"
#undef PW_TOPIC
	{NULL, NULL, NULL},
};
/* clang-format on */

const pw_opt pw_globals[] = {
	{.name = "lab",
	 .kind = PW_OPT_FILE,
	 .arg = "FILE",
	 .help = "the laboratory to work in",
	 .env = "POOLWELL_LAB"},
	{.name = "as",
	 .kind = PW_OPT_TEXT,
	 .arg = "OPERATOR",
	 .help = "who does it",
	 .env = "POOLWELL_OPERATOR"},
	{.name = "station",
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "at which bench or computer it is done",
	 .env = "POOLWELL_STATION"},
	{.name = "reason",
	 .kind = PW_OPT_TEXT,
	 .arg = "TEXT",
	 .help = "why it is done: kept with what changes"},
	{.name = "json", .kind = PW_OPT_FLAG, .help = "the result as JSON"},
	{.name = "csv", .kind = PW_OPT_FLAG, .help = "the result as CSV, with a header row"},
	{.name = "quiet",
	 .letter = 'q',
	 .kind = PW_OPT_FLAG,
	 .help = "no talk on standard error, only warnings and errors"},
	{.name = "no-color",
	 .kind = PW_OPT_FLAG,
	 .help = "no bold and no colours; so does the environment variable NO_COLOR"},
	{.name = "help",
	 .letter = 'h',
	 .kind = PW_OPT_FLAG,
	 .help = "what the command does and takes"},
	PW_OPTS_END,
};

bool pw_global_applies(const pw_opt *global, const pw_cmd *cmd)
{
	static const struct {
		const char *name;
		unsigned flags;
	} needs[] = {
		{"lab", PW_CMD_LAB | PW_CMD_STORE | PW_CMD_WRITE},
		{"as", PW_CMD_WRITE},
		{"station", PW_CMD_WRITE},
		{"reason", PW_CMD_WRITE},
		{"json", PW_CMD_LIST | PW_CMD_JSON},
		{"csv", PW_CMD_LIST},
	};
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (strcmp(needs[i].name, global->name) == 0)
			return (cmd->flags & needs[i].flags) != 0;
	return true;
}

const pw_noun *pw_noun_find(const pw_noun *nouns, const char *name)
{
	for (const pw_noun *noun = nouns; noun->name != NULL; noun++)
		if (strcmp(noun->name, name) == 0)
			return noun;
	return NULL;
}

const char *pw_cmd_verb(const pw_cmd *cmd)
{
	const char *space = strchr(cmd->name, ' ');
	return space != NULL ? space + 1 : "";
}

const pw_cmd *pw_cmd_find(const pw_noun *noun, const char *verb)
{
	for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++)
		if (strcmp(pw_cmd_verb(cmd), verb) == 0)
			return cmd;
	return NULL;
}
