/* An address that a simulated printer is reached at, between what opens it and what serves it. */
#ifndef PW_DEVICES_HOST_PRIVATE_H
#define PW_DEVICES_HOST_PRIVATE_H

#include <stdbool.h>

#include "devices/simulators/serve.h"

struct pw_sim_host {
	char uri[256];
	bool pty;
	char link[200]; /* of a pty, "" when it has none */
	char host[200]; /* of tcp */
	int port;
	int listener; /* of tcp, -1: closed */
	int cable;    /* a connection, or a pty's master; -1: none */
	int other_end; /* of a pty, kept open so that it does not hang up when a program closes it; -1: none */
};

/* Listens, or makes the terminal, anew: after it was unplugged. */
PW_NODISCARD pw_status pw_sim_host_open(pw_sim_host *host, pw_err *err);

/* The cable is pulled: whoever is connected is cut off. */
void pw_sim_host_close(pw_sim_host *host);

/* Takes a connection that waits. */
void pw_sim_host_accept(pw_sim_host *host);

/* Ends the connection: politely, or at once, as when the cable is pulled. */
void pw_sim_host_hang_up(pw_sim_host *host, bool politely);

#endif
