#include "devices/printers/print_run.h"

#include "devices/printers/printer_private.h"

#define PATIENCE_MS 5000
#define PUSH_MS     250  /* for the device to take some bytes */
#define STALL_MS    50   /* between two pushes that come back at once */
#define TELL_MS     1000 /* between two calls of `stopped` */
#define REOPEN_MS   500
#define HOLD_MS     1000 /* after an error, so that no run is used up by a printer that refuses all */

int64_t pw_run_now(const pw_run *r)
{
	return r->talk->wire.ops->now(r->talk->wire.ctx);
}

void pw_run_pause(const pw_run *r, int ms)
{
	r->talk->wire.ops->sleep(r->talk->wire.ctx, ms);
}

/* ---- Trouble ---- */

/* The label that it is about. */
static size_t concerned(const pw_run *r)
{
	return pw_account_inside(&r->account) > 0 ? r->account.settled : r->account.next;
}

static bool ask_person(pw_run *r, unsigned faults)
{
	pw_printer_status status = r->status;
	status.faults = faults;
	status.activity = faults != 0 ? PW_PRINTER_STOPPED : PW_PRINTER_READY;
	if (r->order->stopped == NULL)
		return faults == 0;
	return r->order->stopped(r->order->ctx, &status, concerned(r));
}

bool pw_run_trouble(pw_run *r, unsigned faults)
{
	const unsigned patient =
		PW_FAULT_SILENT | PW_FAULT_GONE | PW_FAULT_HELD | (unsigned)PW_FAULT_BUFFER_FULL;
	int64_t now = pw_run_now(r);
	if (r->trouble_since < 0)
		r->trouble_since = now;
	r->faults = faults;
	bool wait = (faults & ~patient) == 0 && now - r->trouble_since < r->patience_ms;
	if (wait || (r->told_at >= 0 && now - r->told_at < TELL_MS))
		return true;
	r->told = true;
	r->told_at = now;
	if (!ask_person(r, faults))
		r->give_up = true;
	return !r->give_up;
}

void pw_run_fine(pw_run *r)
{
	r->trouble_since = r->told_at = -1;
	r->faults = 0;
	if (r->told)
		(void)ask_person(r, 0);
	r->told = false;
}

pw_status pw_run_wire(pw_run *r, pw_status rc)
{
	if (rc != PW_OK)
		r->lost = true;
	return rc;
}

/* ---- Bytes ---- */

pw_status pw_run_heard(pw_run *r, pw_err *err)
{
	if (r->heard_rc != PW_OK)
		*err = r->heard_err;
	return r->heard_rc;
}

static void hear(void *ctx, const pw_printer_word *word)
{
	pw_run *r = ctx;
	r->heard_at = pw_run_now(r);
	r->noted = (word->said & (PW_SAID_ERROR | PW_SAID_NOTE)) != 0 ? word->status.faults : 0;
	if ((word->said & PW_SAID_NOTE) != 0 && r->noted != 0)
		(void)pw_run_trouble(r, r->noted);
	else if ((word->said & PW_SAID_NOTE) != 0)
		pw_run_fine(r);
	if ((word->said & PW_SAID_ERROR) != 0) {
		r->ready = false;
		r->hold_until = r->heard_at + HOLD_MS;
		(void)pw_run_trouble(r, word->status.faults);
	}
	if (r->heard_rc == PW_OK)
		r->heard_rc = pw_account_heard(&r->account, word, r->heard_at, &r->heard_err);
}

/* The device takes nothing: why? In the middle of a label nothing may be asked but the port. */
static pw_status stall(pw_run *r, pw_err *err)
{
	unsigned faults = 0;
	pw_status rc = pw_run_wire(r, pw_dialogue_listen(r->talk, 0, err));
	if (rc == PW_OK && (rc = pw_run_heard(r, err)) == PW_OK)
		rc = pw_run_wire(r, pw_dialogue_port_faults(r->talk, &faults, err));
	if (rc != PW_OK)
		return rc;
	/* A port that says that all is well: its buffer is full. Else a person may be at it. */
	if (faults != 0)
		pw_account_unanswered(&r->account);
	if (r->noted != 0)
		faults = r->noted;
	(void)pw_run_trouble(r, faults != 0 ? faults : PW_FAULT_SILENT);
	pw_run_pause(r, STALL_MS);
	return PW_OK;
}

pw_status pw_run_push(pw_run *r, const void *data, size_t n, size_t *out_n, pw_err *err)
{
	pw_status rc = pw_run_wire(r, pw_dialogue_send(r->talk, data, n, PUSH_MS, out_n, err));
	if (rc != PW_OK)
		return rc;
	if (*out_n == 0)
		return stall(r, err);
	r->moved_at = pw_run_now(r);
	r->noted = 0;
	pw_run_fine(r);
	return PW_OK;
}

bool pw_run_may_begin(const pw_run *r)
{
	return r->ready && !r->source_failed && r->account.next < r->order->count &&
	       pw_account_inside(&r->account) < r->window && pw_run_now(r) >= r->hold_until;
}

/* Nothing is asked: a label is settled as soon as the system has passed it on. */
static pw_status pass_on(pw_run *r, pw_err *err)
{
	const pw_printer_status idle = {PW_PRINTER_READY, 0, -1, false, 0, 0};
	pw_status rc = r->talk->wire.ops->drain(r->talk->wire.ctx, PUSH_MS, err);
	if (rc == PW_ERR_BUSY) {
		(void)pw_run_trouble(r, PW_FAULT_SILENT);
		return PW_OK;
	}
	if (rc != PW_OK)
		return pw_run_wire(r, rc);
	r->ready = true;
	return pw_account_answer(&r->account, &idle, pw_run_now(r), err);
}

/* ---- Sending ---- */

void pw_run_load(pw_run *r)
{
	size_t index = r->account.next;
	if (r->loaded == index + 1 || index == r->order->count || r->source_failed)
		return;
	pw_status rc = r->order->source(r->order->ctx, index, &r->label, &r->source_err);
	if (rc == PW_OK && !r->driver->look(r->label.data, r->label.n, &r->safe))
		rc = pw_fail(&r->source_err, PW_ERR_ARG,
			     "label %zu of the run is no %s job of exactly one label", index + 1,
			     r->driver->name);
	if (rc != PW_OK) {
		r->source_failed = true;
		r->source_err.status = rc;
		return;
	}
	r->loaded = index + 1;
	if (r->label.n > r->longest)
		r->longest = r->label.n;
}

/* Bytes of the label up to `end`; stops early when it is given up or the printer threw it away. */
static pw_status send_up_to(pw_run *r, size_t *at, size_t end, pw_err *err)
{
	while (*at < end && !r->give_up && !r->account.refused) {
		size_t taken = 0;
		pw_status rc =
			pw_run_push(r, (const char *)r->label.data + *at, end - *at, &taken, err);
		*at += taken;
		if (rc != PW_OK)
			return rc;
	}
	return PW_OK;
}

static pw_status send_label(pw_run *r, pw_err *err)
{
	size_t at = 0;
	pw_status rc = pw_account_begin(&r->account, err);
	r->ready = false;
	r->began = true;
	if (rc == PW_OK)
		rc = send_up_to(r, &at, r->safe, err);
	if (rc == PW_OK && at == r->safe && !r->give_up && !r->account.refused) {
		pw_account_risk(&r->account);
		rc = send_up_to(r, &at, r->label.n, err);
	}
	if (rc != PW_OK || r->give_up)
		return rc;
	if (r->account.refused) {
		r->dirty = true;
		return r->account.risky ? pw_account_abandon(&r->account, err) : PW_OK;
	}
	return pw_account_sent(&r->account, pw_run_now(r), err);
}

static pw_status turn(pw_run *r, pw_err *err)
{
	pw_run_load(r);
	if (r->source_failed && pw_account_inside(&r->account) == 0)
		return PW_OK;
	if (r->dirty)
		return pw_run_resync(r, err);
	if (pw_run_may_begin(r))
		return send_label(r, err);
	return r->one_way ? pass_on(r, err) : pw_run_watch(r, err);
}

/* ---- Gone ---- */

static pw_status reconnect(pw_run *r, pw_err *err)
{
	pw_status rc = pw_account_gone(&r->account, err);
	if (rc != PW_OK)
		return rc;
	r->lost = r->ready = r->stopped = false;
	r->dirty = true;
	while ((rc = r->talk->wire.ops->reopen(r->talk->wire.ctx, err)) != PW_OK) {
		r->account.strangers = r->account.strangers || rc == PW_ERR_BUSY;
		if (!pw_run_trouble(r, rc == PW_ERR_BUSY ? PW_FAULT_HELD : PW_FAULT_GONE))
			return rc;
		pw_run_pause(r, REOPEN_MS);
	}
	pw_dialogue_begin_anew(r->talk);
	r->noted = 0;
	r->status = (pw_printer_status)PW_PRINTER_STATUS_INIT;
	r->moved_at = pw_run_now(r);
	r->reconnects++;
	return PW_OK;
}

/* ---- The run ---- */

static pw_status tell(void *ctx, size_t index, pw_label_fate fate, pw_err *err)
{
	const pw_run *r = ctx;
	return r->order->changed != NULL ? r->order->changed(r->order->ctx, index, fate, err)
					 : PW_OK;
}

static void begin(pw_run *r, pw_dialogue *talk, const pw_print_run *order)
{
	const pw_printer_driver *driver = talk->driver;
	unsigned traits = talk->wire.traits;
	*r = (pw_run){.talk = talk, .driver = driver, .order = order};
	r->one_way = order->one_way || (traits & PW_WIRE_MUTE) != 0;
	pw_account_rules rules = {r->one_way ? PW_CONFIRM_NEVER : driver->confirm, driver->hidden,
				  r->one_way ? 0 : driver->settle_ms, (traits & PW_WIRE_EXACT) != 0,
				  (traits & PW_WIRE_FORGETS) != 0};
	pw_account_init(&r->account, &rules, tell, r);
	r->window = order->window > 0 ? (size_t)order->window : (size_t)driver->window;
	if (rules.forgets || r->one_way)
		r->window = 1;
	if (r->window > PW_ACCOUNT_MOST_INSIDE)
		r->window = PW_ACCOUNT_MOST_INSIDE;
	r->patience_ms = order->patience_ms > 0 ? order->patience_ms : PATIENCE_MS;
	r->status = (pw_printer_status)PW_PRINTER_STATUS_INIT;
	r->ready = r->one_way;
	r->dirty = driver->flush.n > 0 && (traits & PW_WIRE_MUTE) == 0;
	r->trouble_since = r->told_at = r->moved_at = r->heard_at = -1;
	talk->heard = hear;
	talk->ctx = r;
}

static bool is_over(const pw_run *r)
{
	const pw_account *a = &r->account;
	return r->give_up ||
	       (pw_account_inside(a) == 0 && (a->next == r->order->count || r->source_failed));
}

/* The account is closed: nothing is left open but what nobody can know. */
static pw_status close_account(pw_run *r, pw_status rc, pw_err *err)
{
	pw_err second = PW_ERR_INIT;
	pw_status closing = PW_OK;
	if (r->account.sending && !r->account.risky && rc == PW_OK && pw_run_throw_away(r))
		closing = pw_account_dropped(&r->account, &second);
	if (closing == PW_OK)
		closing = pw_account_give_up(&r->account, &second);
	if (rc == PW_OK && closing != PW_OK) {
		rc = closing;
		*err = second;
	}
	return rc;
}

static void fill_outcome(const pw_run *r, pw_print_outcome *out)
{
	const pw_account *a = &r->account;
	out->confirmed = a->confirmed;
	out->unconfirmed = a->next - a->confirmed;
	out->waiting = r->order->count - a->next;
	out->faults = r->faults;
	out->reconnects = r->reconnects;
}

pw_status pw_run_print(pw_dialogue *talk, const pw_print_run *order, pw_print_outcome *out,
		       pw_err *err)
{
	pw_run r;
	pw_status rc = PW_OK;
	pw_err why = PW_ERR_INIT; /* also of what was overcome */
	begin(&r, talk, order);
	while (rc == PW_OK && !is_over(&r)) {
		rc = turn(&r, &why);
		if (rc != PW_OK && r.lost)
			rc = reconnect(&r, &why);
	}
	/* What `changed` could not write down is not told again; nor is anything after it. */
	if (rc == PW_OK || r.give_up)
		rc = close_account(&r, rc, &why);
	if (rc == PW_OK && r.source_failed) {
		rc = r.source_err.status;
		why = r.source_err;
	}
	if (rc != PW_OK && err != NULL)
		*err = why;
	fill_outcome(&r, out);
	talk->heard = NULL;
	return rc;
}
