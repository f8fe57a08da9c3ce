#include "devices/printers/dialogue.h"

#include "devices/transport/transport.h"

#define ROOM    512
#define SEND_MS 250 /* for a question to be taken */

void pw_dialogue_init(pw_dialogue *d, const pw_wire *wire, const pw_printer_driver *driver,
		      unsigned model)
{
	*d = (pw_dialogue){.wire = *wire, .driver = driver};
	d->decoder.model = model;
}

void pw_dialogue_begin_anew(pw_dialogue *d)
{
	d->decoder = (pw_printer_decoder){.model = d->decoder.model};
	d->rest = (pw_printer_bytes){NULL, 0};
	d->owed = d->stale = false;
}

void pw_dialogue_forget(pw_dialogue *d)
{
	d->owed = d->stale = false;
}

static int64_t now(const pw_dialogue *d)
{
	return d->wire.ops->now(d->wire.ctx);
}

/* ---- Hearing ---- */

static void take_word(pw_dialogue *d, const pw_printer_word *word)
{
	const unsigned unasked = PW_SAID_BEGUN | PW_SAID_DONE | PW_SAID_ERROR | PW_SAID_NOTE;
	bool counts = true;
	if ((word->said & PW_SAID_STATUS) != 0) {
		counts = d->owed && !d->stale;
		d->owed = d->stale = false;
	}
	if ((word->said & unasked) != 0 && d->heard != NULL)
		d->heard(d->ctx, word);
	if ((word->said & d->wanted) != 0 && counts) {
		d->word = *word;
		d->wanted = 0;
	}
}

pw_status pw_dialogue_listen(pw_dialogue *d, int timeout_ms, pw_err *err)
{
	uint8_t bytes[ROOM];
	size_t n = 0;
	pw_status rc = d->wire.ops->read(d->wire.ctx, bytes, sizeof(bytes), timeout_ms, &n, err);
	d->heard_any = n > 0;
	for (size_t i = 0; i < n; i++) {
		pw_printer_word word = {.said = 0};
		d->driver->feed(&d->decoder, bytes[i], &word);
		if (word.said != 0)
			take_word(d, &word);
	}
	return rc;
}

/* What has come before anybody asked, within reason: a device that never stops talking is asked all the same. */
static pw_status catch_up(pw_dialogue *d, pw_err *err)
{
	pw_status rc = PW_OK;
	d->wanted = 0;
	d->heard_any = true;
	for (int i = 0; rc == PW_OK && d->heard_any && i < 16; i++)
		rc = pw_dialogue_listen(d, 0, err);
	if (d->owed && now(d) - d->asked_at >= PW_DIALOGUE_LATE_MS)
		d->owed = d->stale = false;
	return rc;
}

static pw_status wait_for(pw_dialogue *d, unsigned wanted, bool *answered, pw_err *err)
{
	int64_t end = now(d) + d->driver->answer_ms;
	pw_status rc = PW_OK;
	d->wanted = wanted;
	while (rc == PW_OK && d->wanted != 0 && (wanted != PW_SAID_STATUS || d->owed) &&
	       now(d) < end)
		rc = pw_dialogue_listen(d, (int)(end - now(d)), err);
	*answered = rc == PW_OK && d->wanted == 0;
	d->wanted = 0;
	return rc;
}

/* ---- Sending ---- */

static void note_asked(pw_dialogue *d)
{
	d->owed = true;
	d->stale = false;
	d->asked_at = now(d);
}

/* What is left of a question must go first: in the middle of a label it would be part of it. */
static pw_status send_rest(pw_dialogue *d, int timeout_ms, pw_err *err)
{
	size_t taken = 0;
	if (d->rest.n == 0)
		return PW_OK;
	pw_status rc =
		d->wire.ops->write(d->wire.ctx, d->rest.ptr, d->rest.n, timeout_ms, &taken, err);
	d->rest = (pw_printer_bytes){d->rest.ptr + taken, d->rest.n - taken};
	if (d->rest.n == 0 && d->rest_is_status)
		note_asked(d);
	return rc;
}

pw_status pw_dialogue_send(pw_dialogue *d, const void *data, size_t n, int timeout_ms,
			   size_t *out_n, pw_err *err)
{
	pw_status rc = send_rest(d, timeout_ms, err);
	*out_n = 0;
	if (rc != PW_OK || d->rest.n > 0)
		return rc;
	rc = d->wire.ops->write(d->wire.ctx, data, n, timeout_ms, out_n, err);
	d->stale = d->owed && (d->stale || *out_n > 0);
	return rc;
}

/* ---- Asking ---- */

static unsigned answer_to(pw_printer_question question)
{
	static const unsigned said[PW_QUESTIONS] = {
		[PW_ASK_STATUS] = PW_SAID_STATUS,
		[PW_ASK_WHY] = PW_SAID_WHY,
		[PW_ASK_WHO] = PW_SAID_WHO,
	};
	return said[question];
}

/* *out_put: the device has all of the question. What it does not begin to take is not asked. */
static pw_status put(pw_dialogue *d, pw_printer_question question, bool *out_put, pw_err *err)
{
	size_t taken = 0;
	pw_status rc = send_rest(d, SEND_MS, err);
	*out_put = false;
	if (rc != PW_OK || d->rest.n > 0)
		return rc;
	pw_printer_bytes bytes = d->driver->ask(&d->decoder, question);
	if (bytes.n == 0)
		return PW_OK;
	rc = d->wire.ops->write(d->wire.ctx, bytes.ptr, bytes.n, SEND_MS, &taken, err);
	if (rc != PW_OK || taken == 0)
		return rc;
	d->rest_is_status = question == PW_ASK_STATUS;
	d->rest = (pw_printer_bytes){bytes.ptr + taken, bytes.n - taken};
	if (d->rest.n > 0)
		rc = send_rest(d, SEND_MS, err);
	else if (d->rest_is_status)
		note_asked(d);
	*out_put = rc == PW_OK && d->rest.n == 0;
	return rc;
}

pw_status pw_dialogue_ask(pw_dialogue *d, pw_printer_question question, pw_printer_word *out,
			  bool *answered, pw_err *err)
{
	bool asked = true;
	*answered = false;
	pw_status rc = catch_up(d, err);
	if (rc == PW_OK && (question != PW_ASK_STATUS || !d->owed))
		rc = put(d, question, &asked, err);
	if (rc != PW_OK || !asked)
		return rc;
	rc = wait_for(d, answer_to(question), answered, err);
	if (rc == PW_OK && *answered)
		*out = d->word;
	return rc;
}

/* ---- Why it does not answer ---- */

pw_status pw_dialogue_port_faults(pw_dialogue *d, unsigned *out_faults, pw_err *err)
{
	uint8_t port = 0;
	pw_err ignored = PW_ERR_INIT;
	pw_status rc = d->wire.ops->port_status(d->wire.ctx, &port, &ignored);
	*out_faults = rc == PW_OK ? 0 : PW_FAULT_SILENT;
	if (rc == PW_ERR_GONE) {
		if (err != NULL)
			*err = ignored;
		return rc;
	}
	if (rc == PW_OK && (port & PW_PORT_PAPER_EMPTY) != 0)
		*out_faults = PW_FAULT_PAPER_OUT;
	else if (rc == PW_OK && (port & PW_PORT_NO_ERROR) == 0)
		*out_faults = PW_FAULT_OTHER;
	return PW_OK;
}

pw_status pw_dialogue_look_closer(pw_dialogue *d, pw_printer_status *status, pw_err *err)
{
	pw_printer_word why;
	bool answered;
	pw_status rc = pw_dialogue_ask(d, PW_ASK_WHY, &why, &answered, err);
	if (rc == PW_OK && answered && why.status.faults != 0) {
		status->faults |= why.status.faults;
		status->activity = PW_PRINTER_STOPPED;
	}
	return rc;
}

pw_status pw_dialogue_diagnose(pw_dialogue *d, unsigned *out_faults, pw_err *err)
{
	pw_printer_word why;
	bool answered;
	pw_status rc = pw_dialogue_ask(d, PW_ASK_WHY, &why, &answered, err);
	if (rc != PW_OK)
		return rc;
	*out_faults = answered ? why.status.faults : 0;
	if (*out_faults == 0)
		rc = pw_dialogue_port_faults(d, out_faults, err);
	if (rc == PW_OK && *out_faults == 0)
		*out_faults = PW_FAULT_SILENT;
	return rc;
}
