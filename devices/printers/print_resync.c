/*
 * Half a label in a printer must not swallow the next one, nor come out with it. What ends it is the driver's data: bytes
 * that fill up whatever row or picture is waited for (`flush`), a look until it is well and, where that is needed, empty,
 * and bytes that throw away what was begun (`clear`).
 */
#include <string.h>

#include "devices/printers/print_run.h"

#define BLOCK         256
#define POLL_MS       100
#define STOPPED_MS    200
#define WAIT_MS       4000
#define THROW_AWAY_MS 2000

/* ---- Bytes ---- */

static pw_status push_all(pw_run *r, const char *data, size_t n, pw_err *err)
{
	while (n > 0 && !r->give_up) {
		size_t taken = 0;
		pw_status rc = pw_run_push(r, data, n, &taken, err);
		if (rc != PW_OK)
			return rc;
		data += taken;
		n -= taken;
	}
	return PW_OK;
}

static size_t flush_length(const pw_run *r)
{
	size_t n = r->driver->flush_least;
	if (r->driver->flush_label && r->longest > n)
		n = r->longest;
	return n;
}

/* A block of whole units. */
static size_t fill(const pw_run *r, char block[BLOCK])
{
	size_t unit = r->driver->flush.n, n = 0;
	for (; n + unit <= BLOCK; n += unit)
		memcpy(block + n, r->driver->flush.ptr, unit);
	return n;
}

static pw_status flush(pw_run *r, pw_err *err)
{
	char block[BLOCK];
	if (r->driver->flush.n == 0)
		return PW_OK;
	size_t n = fill(r, block);
	for (size_t left = flush_length(r); left > 0 && !r->give_up;) {
		size_t now = left < n ? left : n;
		now += (r->driver->flush.n - now % r->driver->flush.n) % r->driver->flush.n;
		pw_status rc = push_all(r, block, now, err);
		if (rc != PW_OK)
			return rc;
		left -= left < now ? left : now;
	}
	return PW_OK;
}

/* ---- Looking ---- */

static bool is_empty(const pw_run *r)
{
	const pw_printer_status *s = &r->status;
	return s->waiting <= 0 && s->activity != PW_PRINTER_PRINTING &&
	       r->account.settled + (r->account.sending ? 1 : 0) == r->account.next;
}

/* Until it answers; with `empty`, until it does not print and everything that was sent whole is settled; or until
 * `end`. */
static pw_status look_until(pw_run *r, bool empty, int64_t end, pw_err *err)
{
	while (!r->give_up && pw_run_now(r) < end) {
		bool answered = false;
		pw_status rc = pw_run_look(r, &answered, err);
		if (rc != PW_OK)
			return rc;
		if (answered && (!empty || is_empty(r)))
			return PW_OK;
		pw_run_pause(r, r->faults != 0 ? STOPPED_MS : POLL_MS);
	}
	return PW_OK;
}

static bool needs_clear(const pw_run *r)
{
	return !r->driver->tells_partial || r->one_way || r->status.partial;
}

/* Clears, and looks whether it is clear; more than once if need be. */
static pw_status clear(pw_run *r, pw_err *err)
{
	pw_status rc = PW_OK;
	while (rc == PW_OK && !r->give_up && needs_clear(r)) {
		rc = push_all(r, r->driver->clear.ptr, r->driver->clear.n, err);
		if (rc != PW_OK || r->one_way)
			return rc;
		rc = look_until(r, false, INT64_MAX, err);
		if (!r->driver->tells_partial)
			return rc;
		if (rc == PW_OK && r->status.partial)
			(void)pw_run_trouble(r, PW_FAULT_OTHER);
	}
	return rc;
}

pw_status pw_run_resync(pw_run *r, pw_err *err)
{
	pw_status rc = flush(r, err);
	/* A printer that is in the middle of a label may not answer at all: it is cleared then without an answer. */
	int64_t end = r->driver->tells_partial ? INT64_MAX : pw_run_now(r) + WAIT_MS;
	if (rc == PW_OK && r->driver->clears_all && !r->one_way)
		rc = look_until(r, true, end, err);
	if (rc == PW_OK)
		rc = clear(r, err);
	if (rc != PW_OK || r->give_up)
		return rc;
	r->dirty = false;
	r->ready = r->one_way;
	return r->account.sending ? pw_account_dropped(&r->account, err) : PW_OK;
}

/* ---- Given up ---- */

/* Without a word to anybody, and not for long: whoever gave up does not want to wait. */
static pw_status try_bytes(pw_run *r, const char *data, size_t n, int64_t end, bool *out_done)
{
	pw_err ignored = PW_ERR_INIT;
	while (n > 0 && pw_run_now(r) < end) {
		size_t taken = 0;
		pw_status rc = pw_dialogue_send(r->talk, data, n, 250, &taken, &ignored);
		if (rc != PW_OK)
			return rc;
		data += taken;
		n -= taken;
	}
	*out_done = n == 0;
	return PW_OK;
}

static pw_status try_to_clear(pw_run *r, int64_t end, bool *out_done)
{
	char block[BLOCK];
	pw_status rc = PW_OK;
	size_t n = r->driver->flush.n > 0 ? fill(r, block) : 0;
	bool done = true;
	for (size_t left = n > 0 ? flush_length(r) : 0; rc == PW_OK && done && left > 0;) {
		rc = try_bytes(r, block, n, end, &done);
		left -= left < n ? left : n;
	}
	if (rc == PW_OK && done)
		rc = try_bytes(r, r->driver->clear.ptr, r->driver->clear.n, end, &done);
	if (rc == PW_OK && done && r->driver->tells_partial && !r->one_way) {
		pw_printer_word word;
		pw_err ignored = PW_ERR_INIT;
		rc = pw_dialogue_ask(r->talk, PW_ASK_STATUS, &word, &done, &ignored);
		done = done && !word.status.partial;
	}
	*out_done = rc == PW_OK && done;
	return rc;
}

/* SOFT_RESET "flushes all buffers" (usbprint11): the device's own word. */
bool pw_run_throw_away(pw_run *r)
{
	pw_err ignored = PW_ERR_INIT;
	bool done = r->talk->wire.ops->soft_reset(r->talk->wire.ctx, &ignored) == PW_OK;
	if (!done)
		(void)try_to_clear(r, pw_run_now(r) + THROW_AWAY_MS, &done);
	return done;
}
