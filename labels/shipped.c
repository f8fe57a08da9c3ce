#include "labels/shipped.h"

#include <string.h>

const pw_embedded *pw_shipped_template(const char *name)
{
	size_t n = strlen(name);
	for (const pw_embedded *file = pw_shipped_templates; file->name != NULL; file++)
		if (strncmp(file->name, name, n) == 0 && strcmp(file->name + n, ".yaml") == 0)
			return file;
	return NULL;
}
