/*
 * What a back-end of the transports is: the manual for whoever writes one. transport.c holds the handle and does
 * what all have in common (the address, the texts, being gone, recording); a back-end moves the bytes.
 *
 * To add one: a file with a `const pw_transport_ops`, a row in the table of transport.c, a line in
 * transport.h, and its tests.
 */
#ifndef PW_DEVICES_TRANSPORT_IMPL_H
#define PW_DEVICES_TRANSPORT_IMPL_H

#include <stdbool.h>

#include "devices/transport/channel.h"
#include "devices/transport/deadline.h"
#include "devices/transport/transport.h"
#include "devices/transport/uri.h"

typedef struct pw_transport_ops pw_transport_ops;

struct pw_transport {
	const pw_transport_ops *ops;
	char *text;         /* the URI as it was given */
	char *name;         /* it without options: in front of every error */
	pw_uri uri;         /* it in its parts */
	bool open;          /* ops->open has succeeded, and ops->close was not called since */
	bool gone;          /* the back-end said PW_ERR_GONE */
	pw_channel channel; /* of back-ends that move bytes through a descriptor */
	void *state;        /* the back-end's own; NULL before its first open */
	struct pw_recorder *recorder; /* NULL: nothing is recorded */
};

/*
 * All functions are called by the thread that owns the handle, and only while it is open, but for `open` and
 * `free`. They return the statuses of transport.h, and texts without the device's name, which the handle puts in
 * front. PW_ERR_GONE is final: but for close, nothing is called until the next `open`.
 */
struct pw_transport_ops {
	const char *scheme;
	const char *const *options; /* that the URI may have, ended by NULL, beside those of all */

	/* Reads transport->uri and connects. Leaves nothing open on failure. Called again after `close` by
	 * pw_transport_reopen: what must be remembered for it (which device it was) is in `state`. */
	pw_status (*open)(pw_transport *transport, pw_err *err);

	/* Disconnects, and gives back what was taken. May wait a second for the other end. */
	void (*close)(pw_transport *transport);

	/* Frees `state`, when there is one. NULL: there never is. */
	void (*free)(pw_transport *transport);

	/* Nothing ever comes back. NULL: something may. */
	bool (*is_mute)(const pw_transport *transport);

	/* *out_n is 0 when they are called. NULL: through `channel`. */
	pw_status (*read)(pw_transport *transport, void *buf, size_t size, pw_deadline deadline,
			  size_t *out_n, pw_err *err);
	pw_status (*write)(pw_transport *transport, const void *data, size_t n,
			   pw_deadline deadline, size_t *out_n, pw_err *err);
	pw_status (*drain)(pw_transport *transport, pw_deadline deadline, pw_err *err);

	/* The USB printer class. NULL: PW_ERR_NOT_FOUND. `device_id` appends the raw answer, without its
	 * length. */
	pw_status (*device_id)(pw_transport *transport, pw_str *out, pw_err *err);
	pw_status (*port_status)(pw_transport *transport, uint8_t *out, pw_err *err);
	pw_status (*soft_reset)(pw_transport *transport, pw_err *err);
};

extern const pw_transport_ops pw_transport_usb;
extern const pw_transport_ops pw_transport_serial;
extern const pw_transport_ops pw_transport_tcp;
extern const pw_transport_ops pw_transport_file;
extern const pw_transport_ops pw_transport_pty;
extern const pw_transport_ops pw_transport_fd_number;
extern const pw_transport_ops pw_transport_replay;

#endif
