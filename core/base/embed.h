/* Files that are built into the program; see pw_embed() in cmake/poolwell.cmake. */
#ifndef PW_BASE_EMBED_H
#define PW_BASE_EMBED_H

#include <stddef.h>

typedef struct pw_embedded {
	const char *name; /* the file's name without folder; NULL ends a table */
	const unsigned char *bytes;
	size_t size;
} pw_embedded;

#endif
