/*
 * A file descriptor that bytes go through, with deadlines: what is alike in terminals, sockets, pipes and
 * files. Interruptions by signals are waited over, a pipe that nobody reads raises no SIGPIPE, and each way in
 * which the system says that the other end is gone becomes PW_ERR_GONE:
 *
 *	terminals  poll says hang-up, read gives nothing or EIO, write gives EIO, ENXIO, ENODEV
 *	sockets    read gives nothing, or either gives ECONNRESET, EPIPE, ETIMEDOUT and their like
 *	pipes      read gives nothing, write gives EPIPE
 *
 * A terminal's read that gives nothing is not the end by itself (VMIN may be 0): it takes the hang-up too.
 */
#ifndef PW_DEVICES_CHANNEL_H
#define PW_DEVICES_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "devices/transport/deadline.h"

typedef enum pw_channel_kind {
	PW_CHANNEL_TERMINAL,
	PW_CHANNEL_SOCKET,
	PW_CHANNEL_PIPE,
	PW_CHANNEL_FILE
} pw_channel_kind;

typedef struct pw_channel {
	int fd; /* -1: closed. O_NONBLOCK is set, but for regular files */
	pw_channel_kind kind;
} pw_channel;

/* clang-format off */
#define PW_CHANNEL_INIT { -1, PW_CHANNEL_FILE }
/* clang-format on */

/* What kind of thing the open descriptor is. */
pw_channel pw_channel_of(int fd);

/* As pw_transport_read and pw_transport_write say; *out_n is set on failure too. */
PW_NODISCARD pw_status pw_channel_read(const pw_channel *channel, void *buf, size_t size,
				       pw_deadline deadline, size_t *out_n, pw_err *err);
PW_NODISCARD pw_status pw_channel_write(const pw_channel *channel, const void *data, size_t n,
					pw_deadline deadline, size_t *out_n, pw_err *err);

/*
 * Until nothing waits inside of the system any more: a terminal's and a socket's queues are empty (a socket's:
 * the other end has acknowledged all), a file is on its disk. PW_ERR_BUSY at the deadline.
 */
PW_NODISCARD pw_status pw_channel_drain(const pw_channel *channel, pw_deadline deadline,
					pw_err *err);

/* Whether the system says that the other end is gone, without reading or writing anything. */
bool pw_channel_hung_up(const pw_channel *channel);

/* The status that errno `code` means on this channel, with its words. */
pw_status pw_channel_fail(const pw_channel *channel, int code, pw_err *err);

/* Closes the descriptor, if there is one. */
void pw_channel_close(pw_channel *channel);

#endif
