/*
 * A simulated printer as a process: other programs connect to it as to a real one, while a person at the terminal pulls its
 * cable. In real time, in one thread.
 *
 *	tcp:127.0.0.1:9100   a network printer's raw port; port 0 takes any that is free. One connection at a time, as real
 *	                     printers have it: the next one waits. Unplugged or off, it is refused.
 *	pty                  a pseudo-terminal, for a serial line; which one is told by pw_sim_host_uri
 *	pty:/tmp/printer     the same, with a name of its own: a symbolic link that is made, and removed at the end.
 *	                     Unplugged it leads nowhere
 */
#ifndef PW_DEVICES_SERVE_H
#define PW_DEVICES_SERVE_H

#include <signal.h>

#include "devices/simulators/sim.h"

typedef struct pw_sim_host pw_sim_host;

/* Opens the address. PW_ERR_ARG for one that makes no sense, PW_ERR_EXISTS for a name that is taken, PW_ERR_IO. Free
 * with pw_sim_host_free. */
PW_NODISCARD pw_status pw_sim_host_new(const char *address, pw_sim_host **out, pw_err *err);
void pw_sim_host_free(pw_sim_host *host);

/* What a transport opens (devices/transport/transport.h): "tcp:127.0.0.1:41273", "pty:/dev/pts/3". */
const char *pw_sim_host_uri(const pw_sim_host *host);

/* Whether a printer at this address is on a serial line (pw_sim_opts.serial). */
bool pw_sim_host_is_serial(const char *address);

typedef struct pw_sim_service {
	int commands; /* a descriptor with lines for pw_sim_do, or -1. Its end is the end of commands only */
	/* A line that is none of pw_sim_do's: true, it is done here. NULL: there are none. */
	bool (*command)(void *ctx, const char *line);
	/* What is wrong with a command. */
	void (*refused)(void *ctx, const pw_err *err);
	bool (*is_over)(void *ctx); /* asked again and again */
	void *ctx;
	const volatile sig_atomic_t *stop; /* set by a signal: it is over */
} pw_sim_service;

/* Serves until it is over. Errors are those of the system: PW_ERR_IO. */
PW_NODISCARD pw_status pw_sim_serve(pw_sim_host *host, pw_sim *sim, const pw_sim_service *service,
				    pw_err *err);

#endif
