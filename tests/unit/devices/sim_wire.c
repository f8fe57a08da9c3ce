#include "sim_wire.h"

#include <string.h>

#define STEP 5 /* ms */

void sim_wire_init(sim_wire *w, pw_sim *sim, sim_cable cable, uint64_t seed)
{
	*w = (sim_wire){.sim = sim, .cable = cable, .now = 1000};
	pw_rng_init(&w->rng, seed);
	pw_sim_advance(sim, w->now);
}

/* What is on its way arrives, as far as the printer takes it. */
static void pump(sim_wire *w)
{
	if (w->pipe_n == 0)
		return;
	if (!pw_sim_there(w->sim)) {
		w->pipe_n = 0;
		return;
	}
	size_t n = pw_sim_take(w->sim, w->pipe, w->pipe_n);
	memmove(w->pipe, w->pipe + n, w->pipe_n - n);
	w->pipe_n -= n;
}

void sim_wire_pass(sim_wire *w, int64_t ms)
{
	for (int64_t end = w->now + ms; w->now < end;) {
		w->now += end - w->now < STEP ? end - w->now : STEP;
		pw_sim_advance(w->sim, w->now);
		pump(w);
		if (!pw_sim_there(w->sim) && w->cable != SIM_TCP)
			w->gone = true;
	}
}

static pw_status gone(sim_wire *w, pw_err *err)
{
	w->gone = true;
	w->pipe_n = 0;
	return pw_fail(err, PW_ERR_GONE, "sim: it is gone");
}

/* A network does not notice at once that the other end is away. */
static bool notices(sim_wire *w)
{
	if (w->gone)
		return true;
	if (pw_sim_there(w->sim))
		return false;
	return w->cable != SIM_TCP || pw_rng_chance(&w->rng, 0.3);
}

static pw_status read_bytes(void *ctx, void *buf, size_t size, int timeout_ms, size_t *out_n,
			    pw_err *err)
{
	sim_wire *w = ctx;
	int64_t end = w->now + timeout_ms;
	size_t most = w->calm ? size : 1 + (size_t)pw_rng_below(&w->rng, size);
	*out_n = 0;
	for (;;) {
		if (notices(w))
			return gone(w, err);
		*out_n = pw_sim_say(w->sim, buf, most);
		if (*out_n > 0 || w->now >= end)
			return PW_OK;
		sim_wire_pass(w, STEP);
	}
}

/* The count of a transfer that was cut off is lost: it may have arrived all the same. */
static pw_status cut_off(sim_wire *w, size_t last, size_t *out_n, pw_err *err)
{
	if (!w->calm && pw_rng_chance(&w->rng, 0.5))
		*out_n -= last;
	return gone(w, err);
}

static pw_status write_usb(sim_wire *w, const uint8_t *data, size_t n, int timeout_ms,
			   size_t *out_n, pw_err *err)
{
	int64_t end = w->now + timeout_ms;
	while (*out_n < n) {
		size_t packet = n - *out_n;
		if (!w->calm)
			packet = 1 + (size_t)pw_rng_below(&w->rng, packet < 512 ? packet : 512);
		if (notices(w))
			return gone(w, err);
		size_t taken = pw_sim_take(w->sim, data + *out_n, packet);
		*out_n += taken;
		if (!pw_sim_there(w->sim))
			return cut_off(w, taken, out_n, err);
		if (taken == packet && (w->calm || !pw_rng_chance(&w->rng, 0.02)))
			continue;
		if (taken == packet || w->now >= end)
			return PW_OK; /* a stalled endpoint, or nothing more is taken */
		sim_wire_pass(w, STEP);
	}
	sim_wire_pass(w, 1);
	return PW_OK;
}

static pw_status write_stream(sim_wire *w, const uint8_t *data, size_t n, int timeout_ms,
			      size_t *out_n, pw_err *err)
{
	int64_t end = w->now + timeout_ms;
	for (;;) {
		if (notices(w))
			return gone(w, err);
		size_t room = sizeof(w->pipe) - w->pipe_n, left = n - *out_n;
		size_t now = room < left ? room : left;
		memcpy(w->pipe + w->pipe_n, data + *out_n, now);
		w->pipe_n += now;
		*out_n += now;
		if (*out_n == n || w->now >= end)
			break;
		sim_wire_pass(w, STEP);
	}
	/* Where a stream is pushed on is a matter of chance. */
	if (w->calm || pw_rng_chance(&w->rng, 0.7))
		pump(w);
	return PW_OK;
}

static pw_status write_bytes(void *ctx, const void *data, size_t n, int timeout_ms, size_t *out_n,
			     pw_err *err)
{
	sim_wire *w = ctx;
	*out_n = 0;
	return w->cable == SIM_USB ? write_usb(w, data, n, timeout_ms, out_n, err)
				   : write_stream(w, data, n, timeout_ms, out_n, err);
}

static pw_status drain(void *ctx, int timeout_ms, pw_err *err)
{
	sim_wire *w = ctx;
	for (int64_t end = w->now + timeout_ms; w->pipe_n > 0; sim_wire_pass(w, STEP)) {
		if (notices(w))
			return gone(w, err);
		if (w->now >= end)
			return pw_fail(err, PW_ERR_BUSY, "sim: not passed on yet");
	}
	return PW_OK;
}

static pw_status reopen(void *ctx, pw_err *err)
{
	sim_wire *w = ctx;
	if (!pw_sim_there(w->sim))
		return pw_fail(err, PW_ERR_NOT_FOUND, "sim: it is not there");
	if (w->stranger && pw_rng_chance(&w->rng, 0.3))
		w->busy_until = w->now + 1500;
	if (w->now < w->busy_until)
		return pw_fail(err, PW_ERR_BUSY, "sim: another program has it");
	w->gone = false;
	w->pipe_n = 0;
	w->reopened++;
	pw_sim_connect(w->sim);
	return PW_OK;
}

static pw_status device_id(void *ctx, pw_str *out, pw_err *err)
{
	const sim_wire *w = ctx;
	if (w->cable != SIM_USB)
		return pw_fail(err, PW_ERR_NOT_FOUND, "sim: only usb");
	pw_str_add(out, pw_sim_device_id(w->sim));
	return PW_OK;
}

static pw_status port_status(void *ctx, uint8_t *out, pw_err *err)
{
	sim_wire *w = ctx;
	if (w->cable != SIM_USB)
		return pw_fail(err, PW_ERR_NOT_FOUND, "sim: only usb");
	if (notices(w))
		return gone(w, err);
	*out = pw_sim_port_status(w->sim);
	return PW_OK;
}

static pw_status soft_reset(void *ctx, pw_err *err)
{
	sim_wire *w = ctx;
	if (w->cable != SIM_USB)
		return pw_fail(err, PW_ERR_NOT_FOUND, "sim: only usb");
	if (notices(w))
		return gone(w, err);
	pw_sim_soft_reset(w->sim);
	return PW_OK;
}

static int64_t now(void *ctx)
{
	return ((sim_wire *)ctx)->now;
}

static void sleep_ms(void *ctx, int ms)
{
	sim_wire_pass(ctx, ms);
}

static void close_wire(void *ctx)
{
	(void)ctx;
}

pw_wire sim_wire_of(sim_wire *w)
{
	static const pw_wire_ops ops = {read_bytes,  write_bytes, drain, reopen,   device_id,
					port_status, soft_reset,  now,   sleep_ms, close_wire};
	static const unsigned traits[SIM_CABLES] = {
		[SIM_USB] = PW_WIRE_EXACT, [SIM_TCP] = 0, [SIM_SERIAL] = PW_WIRE_FORGETS};
	return (pw_wire){&ops, w, traits[w->cable]};
}
