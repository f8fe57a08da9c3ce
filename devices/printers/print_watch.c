/* How the printer is while a run waits: what it is asked and when, what its status means for the next label. */
#include <stdio.h>

#include "devices/printers/print_run.h"

#define LISTEN_MS  250   /* for what it says unasked */
#define POLL_MS    100   /* between questions while it prints */
#define STOPPED_MS 200   /* … and while it stands still */
#define RECEIPT_MS 10000 /* of nothing heard while it prints, until it is asked */
#define MOVE_MS    60000 /* in which a printer that says it is well must have moved */

/* ---- What a status says ---- */

static bool is_wrong_media(const pw_run *r, const pw_printer_status *s)
{
	return r->order->media_width != 0 && s->media_width != 0 &&
	       (s->media_width != r->order->media_width ||
		s->media_length != r->order->media_length);
}

static pw_status refuse_media(const pw_run *r, const pw_printer_status *s, pw_err *err)
{
	char loaded[32] = "without end", needed[32] = "without end";
	if (s->media_length != 0)
		snprintf(loaded, sizeof(loaded), "× %d mm", s->media_length);
	if (r->order->media_length != 0)
		snprintf(needed, sizeof(needed), "× %d mm", r->order->media_length);
	return pw_refuse(
		err, "wrong-media",
		"the printer has labels of %d mm %s, these are %d mm %s: load the right ones",
		s->media_width, loaded, r->order->media_width, needed);
}

/* Whether the next label may begin. */
static bool is_ready(const pw_run *r, const pw_printer_status *s)
{
	if (s->faults != 0 || s->partial || s->activity == PW_PRINTER_STOPPED)
		return false;
	if (r->driver->confirm == PW_CONFIRM_RECEIPT)
		return s->activity == PW_PRINTER_READY;
	return s->waiting < (int)r->window;
}

/* A status whose count changes shows that the printer moves. */
static void note_movement(pw_run *r, const pw_printer_status *s)
{
	if (s->waiting != r->status.waiting || s->activity == PW_PRINTER_READY || r->moved_at < 0)
		r->moved_at = pw_run_now(r);
}

static pw_status note_status(pw_run *r, pw_printer_status *s, pw_err *err)
{
	if (is_wrong_media(r, s)) {
		if (!r->began)
			return refuse_media(r, s, err);
		s->faults |= PW_FAULT_WRONG_MEDIA;
		s->activity = PW_PRINTER_STOPPED;
	}
	note_movement(r, s);
	r->status = *s;
	r->ready = is_ready(r, s);
	/* What it noted of itself holds until it says otherwise; its answers need not repeat it. */
	unsigned faults = s->activity == PW_PRINTER_PRINTING ? s->faults | r->noted : s->faults;
	if (faults != 0)
		(void)pw_run_trouble(r, faults);
	else if (pw_run_now(r) - r->moved_at >= MOVE_MS)
		(void)pw_run_trouble(r, PW_FAULT_OTHER);
	else
		pw_run_fine(r);
	return PW_OK;
}

/* ---- Asking ---- */

/* Why it does not answer; *out_stopped: a fault that will go by itself, or by a person's hand, keeps it from that. */
static pw_status diagnose(pw_run *r, bool *out_stopped, pw_err *err)
{
	unsigned faults = 0;
	pw_status rc = pw_run_wire(r, pw_dialogue_diagnose(r->talk, &faults, err));
	if (rc != PW_OK)
		return rc;
	if (r->stopped && faults == PW_FAULT_SILENT)
		pw_dialogue_forget(r->talk);
	*out_stopped = faults != PW_FAULT_SILENT;
	if (*out_stopped || !r->stopped)
		(void)pw_run_trouble(r, r->noted != 0 ? r->noted : faults);
	return PW_OK;
}

/* It has labels, says that it is well, and does not move. */
static bool is_stuck(const pw_run *r, const pw_printer_status *s)
{
	return s->faults == 0 && s->waiting > 0 && s->waiting == r->status.waiting &&
	       r->moved_at >= 0 && pw_run_now(r) - r->moved_at >= r->patience_ms;
}

/* A printer that stands still and is silent is asked again as soon as what stopped it is over: what it counts then is
 * what it counted before. */
pw_status pw_run_look(pw_run *r, bool *answered, pw_err *err)
{
	pw_printer_word word;
	pw_status rc = PW_OK;
	*answered = false;
	if (r->stopped && (rc = diagnose(r, &r->stopped, err)) != PW_OK)
		return rc;
	if (r->stopped)
		return PW_OK;
	rc = pw_run_wire(r, pw_dialogue_ask(r->talk, PW_ASK_STATUS, &word, answered, err));
	if (rc != PW_OK || (rc = pw_run_heard(r, err)) != PW_OK)
		return rc;
	if (*answered && is_stuck(r, &word.status))
		rc = pw_run_wire(r, pw_dialogue_look_closer(r->talk, &word.status, err));
	if (rc == PW_OK && *answered)
		rc = pw_account_answer(&r->account, &word.status, pw_run_now(r), err);
	if (rc != PW_OK || *answered)
		return rc == PW_OK ? note_status(r, &word.status, err) : rc;
	r->ready = false;
	pw_account_unanswered(&r->account);
	return diagnose(r, &r->stopped, err);
}

/* Brother's printers may not be asked while they print; they say themselves how it ends. */
static bool must_only_listen(const pw_run *r)
{
	const pw_account *a = &r->account;
	int64_t since = r->heard_at > a->sent_at ? r->heard_at : a->sent_at;
	return r->driver->confirm == PW_CONFIRM_RECEIPT && a->done < a->next &&
	       pw_run_now(r) - since < RECEIPT_MS;
}

pw_status pw_run_watch(pw_run *r, pw_err *err)
{
	bool answered = false;
	pw_status rc;
	if (must_only_listen(r)) {
		rc = pw_run_wire(r, pw_dialogue_listen(r->talk, LISTEN_MS, err));
		return rc == PW_OK ? pw_run_heard(r, err) : rc;
	}
	rc = pw_run_look(r, &answered, err);
	if (rc != PW_OK)
		return rc;
	if (answered && r->status.partial && r->status.waiting <= 0 &&
	    pw_account_inside(&r->account) == 0)
		r->dirty = true;
	else if (!pw_run_may_begin(r))
		pw_run_pause(r, r->faults != 0 ? STOPPED_MS : POLL_MS);
	return PW_OK;
}
