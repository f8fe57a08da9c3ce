/* `poolwell version`: which poolwell this is. */
#include <sys/utsname.h>

#include "cli/cmd.h"
#include "cli/out.h"

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown"
#endif

static int version(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "poolwell"},
		{.key = "compiler"},
		{.key = "system"},
		PW_COLUMNS_END,
	};
	struct utsname name;
	pw_str system = PW_STR_INIT;
	if (uname(&name) >= 0)
		pw_str_addf(&system, "%s %s %s", name.sysname, name.release, name.machine);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_object(out, columns);
	pw_out_text(out, PW_VERSION);
	pw_out_text(out, COMPILER);
	pw_out_text(out, system.len > 0 ? pw_str_text(&system) : NULL);
	pw_out_end(out, NULL, NULL);
	pw_str_clear(&system);
	return PW_EXIT_DONE;
}

static const char *const version_examples[] = {
	"poolwell version",
	"poolwell version --json",
	NULL,
};

const pw_cmd pw_cmds_version[] = {
	{
		.name = "version",
		.max_args = 0,
		.summary = "which poolwell this is",
		.details =
			"Shows the version, the compiler that built it and the system it runs on: "
			"what belongs into every report of a fault. 'poolwell --version' is the "
			"same.",
		.examples = version_examples,
		.flags = PW_CMD_LIST,
		.run = version,
	},
	PW_CMDS_END,
};
