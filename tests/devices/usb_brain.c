#include "tests/devices/usb_brain.h"

#include <string.h>
#include <time.h>

#include "tests/devices/mock_printer_impl.h"

#define TURN_MS 2

int64_t usb_brain_now(const usb_brain *b)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return ((int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000) * b->haste / 1000;
}

void usb_brain_lock(usb_brain *b)
{
	mock_printer_lock(b->printer);
}

void usb_brain_unlock(usb_brain *b)
{
	mock_printer_unlock(b->printer);
}

static void nap(int64_t us)
{
	struct timespec t = {us / 1000000, (long)(us % 1000000) * 1000};
	nanosleep(&t, NULL);
}

/* ---- The brain; with the printer locked ---- */

/* A SOFT_RESET came before the bytes that are taken now. */
static void note_resets(usb_brain *b)
{
	int resets = mock_printer_counts(b->printer).resets;
	if (resets == b->resets)
		return;
	b->resets = resets;
	pw_sim_soft_reset(b->sim);
	b->fifo_n = 0;
}

/* It takes as much as it has room for, and no more while something is left of it. */
static void think(usb_brain *b)
{
	char words[64];
	size_t n;
	pw_sim_advance(b->sim, usb_brain_now(b));
	n = pw_sim_take(b->sim, b->fifo, b->fifo_n);
	memmove(b->fifo, b->fifo + n, b->fifo_n - n);
	b->fifo_n -= n;
	mock_printer_take(b->printer, sizeof(b->fifo) - b->fifo_n);
	while ((n = pw_sim_say(b->sim, words, sizeof(words))) > 0)
		mock_printer_say(b->printer, words, n);
	mock_printer_port_status(b->printer, pw_sim_port_status(b->sim));
}

static void received(void *ctx, const uint8_t *bytes, size_t n)
{
	usb_brain *b = ctx;
	note_resets(b);
	if (n > sizeof(b->fifo) - b->fifo_n)
		n = sizeof(b->fifo) - b->fifo_n; /* the mock took more than it was told to */
	memcpy(b->fifo + b->fifo_n, bytes, n);
	b->fifo_n += n;
	think(b);
}

/* ---- The cable; the printer is not locked ---- */

static void come(usb_brain *b)
{
	int64_t now = usb_brain_now(b);
	usb_brain_lock(b);
	pw_sim_connect(b->sim);
	b->fifo_n = 0;
	b->held_until = 0;
	if (pw_rng_chance(&b->rng, b->claims))
		b->held_until = now + 500 + (int64_t)pw_rng_below(&b->rng, 3000);
	b->printer->answers.len = 0;
	usb_brain_unlock(b);
	mock_printer_claimed_elsewhere(b->printer, b->held_until > 0);
	mock_printer_plug(b->printer);
}

static bool turn(usb_brain *b)
{
	usb_brain_lock(b);
	note_resets(b);
	think(b);
	bool there = pw_sim_there(b->sim), was = b->there, over = b->over;
	b->there = there;
	usb_brain_unlock(b);
	if (was && !there)
		mock_printer_unplug(b->printer);
	if (!was && there)
		come(b);
	if (b->held_until > 0 && usb_brain_now(b) >= b->held_until) {
		b->held_until = 0;
		mock_printer_claimed_elsewhere(b->printer, false);
	}
	return !over;
}

static void *run(void *ctx)
{
	usb_brain *b = ctx;
	while (turn(b))
		nap(TURN_MS * 1000);
	return NULL;
}

void usb_brain_begin(usb_brain *b)
{
	b->there = true;
	b->over = false;
	pw_sim_advance(b->sim, usb_brain_now(b));
	mock_printer_take(b->printer, sizeof(b->fifo));
	mock_printer_on_received(b->printer, received, b);
	PW_BUG_IF(pthread_create(&b->thread, NULL, run, b) != 0);
}

void usb_brain_end(usb_brain *b)
{
	usb_brain_lock(b);
	b->over = true;
	usb_brain_unlock(b);
	(void)pthread_join(b->thread, NULL);
	mock_printer_on_received(b->printer, NULL, NULL);
}

/* ---- The wire ---- */

static int real(const hasty_wire *w, int ms)
{
	return (ms + w->brain->haste - 1) / w->brain->haste;
}

static pw_status read_bytes(void *ctx, void *buf, size_t size, int timeout_ms, size_t *out_n,
			    pw_err *err)
{
	hasty_wire *w = ctx;
	return w->inner.ops->read(w->inner.ctx, buf, size, real(w, timeout_ms), out_n, err);
}

static pw_status write_bytes(void *ctx, const void *data, size_t n, int timeout_ms, size_t *out_n,
			     pw_err *err)
{
	hasty_wire *w = ctx;
	return w->inner.ops->write(w->inner.ctx, data, n, real(w, timeout_ms), out_n, err);
}

static pw_status drain(void *ctx, int timeout_ms, pw_err *err)
{
	hasty_wire *w = ctx;
	return w->inner.ops->drain(w->inner.ctx, real(w, timeout_ms), err);
}

static pw_status reopen(void *ctx, pw_err *err)
{
	hasty_wire *w = ctx;
	return w->inner.ops->reopen(w->inner.ctx, err);
}

static pw_status device_id(void *ctx, pw_str *out, pw_err *err)
{
	hasty_wire *w = ctx;
	return w->inner.ops->device_id(w->inner.ctx, out, err);
}

static pw_status port_status(void *ctx, uint8_t *out, pw_err *err)
{
	hasty_wire *w = ctx;
	return w->inner.ops->port_status(w->inner.ctx, out, err);
}

static pw_status soft_reset(void *ctx, pw_err *err)
{
	hasty_wire *w = ctx;
	return w->inner.ops->soft_reset(w->inner.ctx, err);
}

static int64_t now(void *ctx)
{
	return usb_brain_now(((hasty_wire *)ctx)->brain);
}

static void sleep_ms(void *ctx, int ms)
{
	nap((int64_t)ms * 1000 / ((hasty_wire *)ctx)->brain->haste);
}

static void close_wire(void *ctx)
{
	hasty_wire *w = ctx;
	w->inner.ops->close(w->inner.ctx);
}

pw_wire hasty_wire_of(hasty_wire *w)
{
	static const pw_wire_ops ops = {read_bytes,  write_bytes, drain, reopen,   device_id,
					port_status, soft_reset,  now,   sleep_ms, close_wire};
	return (pw_wire){&ops, w, w->inner.traits};
}
