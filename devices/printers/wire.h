/*
 * What the printers see of a cable: the functions of a transport that they use, and a clock. In the program it is a
 * pw_transport (wire_transport.h); in tests a simulator, with a clock that jumps.
 *
 * The functions mean what transport.h says of theirs.
 */
#ifndef PW_DEVICES_WIRE_H
#define PW_DEVICES_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/str.h"

/* What a cable can be relied upon for; a set of bits. */
typedef enum pw_wire_trait {
	/* What was taken is in the device, and while it is connected nobody else sends to it: USB. */
	PW_WIRE_EXACT = 1 << 0,
	/* The device can be switched off and on, and lose its memory, without PW_ERR_GONE: serial lines. */
	PW_WIRE_FORGETS = 1 << 1,
	/* Nothing ever comes back: files, cables of one way, print servers that pass nothing on. */
	PW_WIRE_MUTE = 1 << 2
} pw_wire_trait;

typedef struct pw_wire_ops {
	pw_status (*read)(void *ctx, void *buf, size_t size, int timeout_ms, size_t *out_n,
			  pw_err *err);
	pw_status (*write)(void *ctx, const void *data, size_t n, int timeout_ms, size_t *out_n,
			   pw_err *err);
	pw_status (*drain)(void *ctx, int timeout_ms, pw_err *err);
	pw_status (*reopen)(void *ctx, pw_err *err);
	pw_status (*device_id)(void *ctx, pw_str *out, pw_err *err);
	pw_status (*port_status)(void *ctx, uint8_t *out, pw_err *err);
	pw_status (*soft_reset)(void *ctx, pw_err *err);
	int64_t (*now)(void *ctx); /* milliseconds since any moment; never goes back */
	void (*sleep)(void *ctx, int ms);
	void (*close)(void *ctx);
} pw_wire_ops;

typedef struct pw_wire {
	const pw_wire_ops *ops;
	void *ctx;
	unsigned traits; /* of pw_wire_trait */
} pw_wire;

#endif
