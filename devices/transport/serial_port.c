#include "devices/transport/serial_port.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MOST_LINKS 8

void pw_serial_node(const char *path, char out[PW_SERIAL_NODE_SIZE])
{
	char target[256];
	const char *at = path;
	for (int i = 0; i < MOST_LINKS; i++) {
		ssize_t n = readlink(at, target, sizeof(target) - 1);
		if (n <= 0)
			break;
		target[n] = '\0';
		if (strstr(target, "pts/") != NULL) /* a simulator's port keeps its name */
			break;
		/* All nodes stand in /dev itself: "../../ttyUSB0" needs no walking. */
		const char *slash = strrchr(target, '/');
		snprintf(out, PW_SERIAL_NODE_SIZE, "/dev/%.50s",
			 slash != NULL ? slash + 1 : target);
		at = out;
	}
	if (at == path)
		snprintf(out, PW_SERIAL_NODE_SIZE, "%.63s", path);
}
