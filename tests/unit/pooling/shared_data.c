#include "tests/unit/pooling/shared_data.h"

#include <stdio.h>
#include <stdlib.h>

bool shared_data_read(const char *file, char **out, size_t *out_n)
{
	char path[1024];
	snprintf(path, sizeof(path), "%s/%s", PW_SHARED_DATA, file);
	FILE *f = fopen(path, "rb");
	if (f == NULL) {
		printf("skipped: ../shared/data is not there (%s)\n", file);
		return false;
	}
	size_t n = 0, room = 1 << 16;
	char *text = malloc(room);
	for (size_t got; text != NULL && (got = fread(text + n, 1, room - n, f)) > 0;) {
		n += got;
		if (n == room) {
			char *more = realloc(text, room *= 2);
			if (more == NULL)
				free(text);
			text = more;
		}
	}
	fclose(f);
	*out = text;
	*out_n = n;
	return text != NULL;
}
