#include "devices/printers/wire_transport.h"

#include <string.h>
#include <time.h>

#include "devices/transport/transport.h"
#include "devices/transport/uri.h"

static pw_status read_bytes(void *ctx, void *buf, size_t size, int timeout_ms, size_t *out_n,
			    pw_err *err)
{
	return pw_transport_read(ctx, buf, size, timeout_ms, out_n, err);
}

static pw_status write_bytes(void *ctx, const void *data, size_t n, int timeout_ms, size_t *out_n,
			     pw_err *err)
{
	return pw_transport_write(ctx, data, n, timeout_ms, out_n, err);
}

static pw_status drain(void *ctx, int timeout_ms, pw_err *err)
{
	return pw_transport_drain(ctx, timeout_ms, err);
}

static pw_status reopen(void *ctx, pw_err *err)
{
	return pw_transport_reopen(ctx, err);
}

static pw_status device_id(void *ctx, pw_str *out, pw_err *err)
{
	return pw_transport_device_id(ctx, out, err);
}

static pw_status port_status(void *ctx, uint8_t *out, pw_err *err)
{
	return pw_transport_port_status(ctx, out, err);
}

static pw_status soft_reset(void *ctx, pw_err *err)
{
	return pw_transport_soft_reset(ctx, err);
}

static int64_t now(void *ctx)
{
	struct timespec t;
	(void)ctx;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void sleep_ms(void *ctx, int ms)
{
	struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
	(void)ctx;
	nanosleep(&t, NULL);
}

static void close_wire(void *ctx)
{
	pw_transport_close(ctx);
}

static const pw_wire_ops ops = {
	.read = read_bytes,
	.write = write_bytes,
	.drain = drain,
	.reopen = reopen,
	.device_id = device_id,
	.port_status = port_status,
	.soft_reset = soft_reset,
	.now = now,
	.sleep = sleep_ms,
	.close = close_wire,
};

/* Of a tcp: connection nothing can be relied upon: its bytes may be ahead of the printer, and others may print. */
unsigned pw_wire_traits_of(const char *scheme)
{
	if (strcmp(scheme, "usb") == 0)
		return PW_WIRE_EXACT;
	return strcmp(scheme, "tcp") == 0 || strcmp(scheme, "file") == 0 ? 0 : PW_WIRE_FORGETS;
}

pw_status pw_wire_open(const char *uri, pw_wire *out, pw_err *err)
{
	pw_uri parsed;
	pw_transport *transport = NULL;
	pw_status rc = pw_uri_parse(uri, &parsed, err);
	if (rc == PW_OK)
		rc = pw_transport_open(uri, &transport, err);
	if (rc != PW_OK)
		return rc;
	*out = (pw_wire){&ops, transport, pw_wire_traits_of(parsed.scheme)};
	if (pw_transport_is_mute(transport))
		out->traits |= PW_WIRE_MUTE;
	return PW_OK;
}
