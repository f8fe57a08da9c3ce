#include "core/store/gen/sqlgen.h"

#include <stdlib.h>
#include <string.h>

static FILE *create(const char *path)
{
	FILE *f = fopen(path, "w");
	if (f == NULL)
		fail_at(path, 0, "cannot write");
	return f;
}

/* Takes "--engine NAME" and "--dump FILE" off the front; the index of the first argument behind them, or
 * 0 when they make no sense. */
static int take_options(int argc, char **argv, input *in, const char **dump)
{
	int i = 1;
	for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
		if (strcmp(argv[i], "--dump") == 0)
			*dump = argv[i + 1];
		else if (strcmp(argv[i], "--engine") == 0 && strcmp(argv[i + 1], "sqlite") == 0)
			in->engine = SQLITE;
		else if (strcmp(argv[i], "--engine") == 0 && strcmp(argv[i + 1], "postgresql") == 0)
			in->engine = POSTGRESQL;
		else
			return 0;
	}
	return i;
}

int main(int argc, char **argv)
{
	input in = {.engine = SQLITE};
	const char *dump = NULL;
	int first = take_options(argc, argv, &in, &dump);
	if (first == 0 || argc < first + 3) {
		fputs("usage: sqlgen [--engine sqlite|postgresql] [--dump FILE] HEADER SOURCE "
		      "FILE.sql...\n",
		      stderr);
		return 2;
	}
	in.statements = calloc(MAX_STATEMENTS, sizeof(*in.statements));
	in.facts = calloc(MAX_FACTS, sizeof(*in.facts));
	if (in.statements == NULL || in.facts == NULL)
		fail_at(argv[0], 0, "out of memory");
	for (int i = first + 2; i < argc; i++)
		parse_file(&in, argv[i]);
	FILE *header = create(argv[first]);
	emit_header(&in, header);
	FILE *source = create(argv[first + 1]);
	emit_source(&in, source);
	if (dump != NULL) {
		FILE *text = create(dump);
		emit_dump(&in, text);
		fclose(text);
	}
	for (int i = 0; i < in.statement_count; i++)
		free(in.statements[i].sql);
	free(in.statements);
	free(in.facts);
	free(in.schema);
	return fclose(header) == 0 && fclose(source) == 0 ? 0 : 1;
}
