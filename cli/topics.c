/* The topics of `poolwell help` that are prose; those made from other tables live with them. */
#include "cli/help.h"

#define PW_TOPIC(name, summary) int pw_topic_##name(pw_ctx *ctx);
#include "cli/topics.def"
#undef PW_TOPIC

static void prose(pw_ctx *ctx, const char *text)
{
	pw_out *out = pw_ctx_out(ctx);
	if (pw_ctx_flag(ctx, "markdown"))
		pw_help_prose_markdown(out, text);
	else
		pw_help_prose(out, text);
}

static const char options_text[] =
	"These stand anywhere on the command line, also before the command. A value follows as the "
	"next word or behind '=': '--lab city.db' or '--lab=city.db'. '--' ends the options: what "
	"follows is taken as it is, whatever it begins with. '-' as a file is standard input, or "
	"standard output where a file is written. Negative numbers need nothing special.";

static const char environment_text[] =
	"An option that names an environment variable is read from it when the command line does not "
	"give it: a bench sets POOLWELL_LAB and POOLWELL_STATION once, and whoever sits down sets "
	"POOLWELL_OPERATOR.";

int pw_topic_options(pw_ctx *ctx)
{
	pw_out *out = pw_ctx_out(ctx);
	prose(ctx, options_text);
	pw_out_puts(out, "\n");
	if (pw_ctx_flag(ctx, "markdown"))
		pw_help_options_markdown(out, pw_globals);
	else
		pw_help_options(out, pw_globals);
	pw_out_puts(out, "\n");
	prose(ctx, environment_text);
	return PW_EXIT_DONE;
}

static const char output_text[] =
	"Results go to standard output, talk to standard error: counts, warnings, errors, progress. "
	"'--quiet' leaves only warnings and errors.\n"
	"\n"
	"A result is a table for people, or with '--json' or '--csv' the same for programs: every "
	"column, nothing shortened, numbers in full. A list is an array of objects in JSON, [] when it "
	"is empty; in CSV (comma, UTF-8, RFC 4180) a header row and the rows, the header always. On a "
	"terminal a table that is too wide loses the ends of its longest texts; in a file or a pipe it "
	"never does.\n"
	"\n"
	"Times are local, ISO 8601 with the offset from UTC: 2026-11-23T14:05:09+08:00. Lengths of time "
	"are '2 h 05 min' in tables and seconds elsewhere. What is absent is '-' in a table, null in "
	"JSON and empty in CSV; it is never 0.\n"
	"\n"
	"The program ends with one of\n"
	"\n"
	"  0  done\n"
	"  1  not done; the message says why, and nothing was changed\n"
	"  2  the command line makes no sense\n"
	"  3  done, and problems were found (check and its like)\n"
	"\n"
	"What a rule of the laboratory forbids is said as 'refused: …' and ends in the word in brackets "
	"that names the rule, for programs to look for.";

int pw_topic_output(pw_ctx *ctx)
{
	prose(ctx, output_text);
	return PW_EXIT_DONE;
}
