/*
 * What the tests of transports share: a transport and the other end of its cable, both in the hands of the test.
 * Most tests are one thread that writes at one end and reads at the other, so that they do not depend on time.
 */
#ifndef PW_TESTS_DEVICES_CABLE_H
#define PW_TESTS_DEVICES_CABLE_H

#include <check.h>

#include "core/base/rng.h"
#include "core/base/str.h"
#include "devices/transport/transport.h"

typedef enum cable_kind { CABLE_SOCKETS, CABLE_PTY, CABLE_TCP, CABLE_TCP6, CABLE_KINDS } cable_kind;

typedef struct cable {
	cable_kind kind;
	pw_transport *transport; /* our end */
	int peer;                /* the device's end; -1: closed */
	int listener;            /* of tcp, kept for a second connection; -1: none */
	int ours;                /* of a socket pair: our end's descriptor; -1: none */
	char uri[256];
	pw_err err; /* of the last call */
} cable;

/* Opens both ends; false, said once, where this computer has no such cable (no IPv6). */
bool cable_open(cable *c, cable_kind kind);
void cable_close(cable *c);

/* The device hangs up: politely, or (tcp) with a reset. */
void cable_hang_up(cable *c);
void cable_reset(cable *c);

/* The device takes the next connection, after it hung up. */
void cable_accept(cable *c);

/* A socket that listens on the loopback, and its port. -1 where there is no such family. */
int cable_listen(int family, int *out_port);

/* The device sends all of it. */
void cable_say(cable *c, const char *text);

/* What the device has received and not read, at most `most` bytes, appended. Returns how many. */
size_t cable_hear(cable *c, size_t most, pw_str *out);

#define must(c, call)                                                                             \
	do {                                                                                      \
		(c)->err = (pw_err)PW_ERR_INIT;                                                   \
		pw_status must_rc = (call);                                                       \
		ck_assert_msg(must_rc == PW_OK, "%s: %s", pw_status_name(must_rc), (c)->err.msg); \
	} while (0)

/* It fails so, with this in its text. */
#define fails(c, call, status, text)                                                            \
	do {                                                                                    \
		(c)->err = (pw_err)PW_ERR_INIT;                                                 \
		pw_status fails_rc = (call);                                                    \
		ck_assert_msg(fails_rc == (status), "%s, not %s: %s", pw_status_name(fails_rc), \
			      pw_status_name(status), (c)->err.msg);                            \
		ck_assert_msg(strstr((c)->err.msg, (text)) != NULL, "no '%s' in '%s'", (text),  \
			      (c)->err.msg);                                                    \
	} while (0)

#endif
