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

int main(int argc, char **argv)
{
	input in = {.engine = SQLITE};
	bool given = argc > 2 && strcmp(argv[1], "--engine") == 0, known = true;
	if (given) {
		in.engine = strcmp(argv[2], "postgresql") == 0 ? POSTGRESQL : SQLITE;
		known = in.engine == POSTGRESQL || strcmp(argv[2], "sqlite") == 0;
	}
	int first = given ? 3 : 1;
	if (!known || argc < first + 3) {
		fputs("usage: sqlgen [--engine sqlite|postgresql] HEADER SOURCE FILE.sql...\n",
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
	return fclose(header) == 0 && fclose(source) == 0 ? 0 : 1;
}
