#include "devices/printers/print_account.h"

/* Why a label that is inside cannot be confirmed; a set of bits. */
#define DOUBT_UNSEEN 0x01U /* the count has not shown it yet */
#define DOUBT_MISSED 0x02U /* … and did not when it should have */
#define DOUBT_LOST   0x04U /* the device was gone */
#define DOUBT_OTHER  0x08U

void pw_account_init(pw_account *a, const pw_account_rules *rules,
		     pw_status (*tell)(void *ctx, size_t index, pw_label_fate fate, pw_err *err),
		     void *ctx)
{
	*a = (pw_account){.rules = *rules, .tell = tell, .ctx = ctx};
	a->heard_at = a->clean_since = a->done_at = a->sent_at = -1;
}

size_t pw_account_inside(const pw_account *a)
{
	return a->next - a->settled;
}

/* Behind the last label that is wholly inside. */
static size_t whole(const pw_account *a)
{
	return a->next - (a->sending ? 1 : 0);
}

static uint8_t *doubts_of(pw_account *a, size_t index)
{
	return &a->doubts[index % PW_ACCOUNT_MOST_INSIDE];
}

static void doubt_all(pw_account *a, unsigned doubt)
{
	for (size_t i = a->settled; i < a->next; i++)
		*doubts_of(a, i) |= (uint8_t)doubt;
}

static void believe_all(pw_account *a, unsigned doubt)
{
	for (size_t i = a->settled; i < whole(a); i++)
		*doubts_of(a, i) &= (uint8_t)~doubt;
}

static bool doubts_any(pw_account *a, unsigned doubt)
{
	for (size_t i = a->settled; i < whole(a); i++)
		if ((*doubts_of(a, i) & doubt) != 0)
			return true;
	return false;
}

/* Labels before `end` get their last fate. */
static pw_status settle(pw_account *a, size_t end, pw_err *err)
{
	while (a->settled < end) {
		size_t i = a->settled++;
		bool sure = a->rules.confirm != PW_CONFIRM_NEVER && *doubts_of(a, i) == 0;
		if (sure)
			a->confirmed++;
		else
			a->unconfirmed++;
		pw_status rc =
			a->tell(a->ctx, i, sure ? PW_FATE_CONFIRMED : PW_FATE_UNCONFIRMED, err);
		if (rc != PW_OK)
			return rc;
	}
	if (a->done < a->settled)
		a->done = a->settled;
	return PW_OK;
}

/* ---- A label is sent ---- */

pw_status pw_account_begin(pw_account *a, pw_err *err)
{
	PW_BUG_IF(a->sending || pw_account_inside(a) >= PW_ACCOUNT_MOST_INSIDE);
	*doubts_of(a, a->next) = 0;
	a->sending = true;
	a->risky = a->refused = false;
	return a->tell(a->ctx, a->next++, PW_FATE_SENDING, err);
}

void pw_account_risk(pw_account *a)
{
	a->risky = true;
}

pw_status pw_account_sent(pw_account *a, int64_t now, pw_err *err)
{
	PW_BUG_IF(!a->sending);
	a->sending = false;
	a->sent_at = now;
	a->waiting++;
	a->clean_since = -1;
	if (a->rules.confirm == PW_CONFIRM_COUNT)
		*doubts_of(a, a->next - 1) |= DOUBT_UNSEEN;
	return a->tell(a->ctx, a->next - 1, PW_FATE_SENT, err);
}

pw_status pw_account_dropped(pw_account *a, pw_err *err)
{
	PW_BUG_IF(!a->sending || a->risky);
	a->sending = false;
	return a->tell(a->ctx, --a->next, PW_FATE_WAITING, err);
}

pw_status pw_account_abandon(pw_account *a, pw_err *err)
{
	PW_BUG_IF(!a->sending);
	a->sending = false;
	doubt_all(a, DOUBT_OTHER);
	return settle(a, a->next, err);
}

/* ---- By count ---- */

/* The first answer since it was gone: memory that still holds something was not lost. */
static void look_for_proof(pw_account *a, const pw_printer_status *s)
{
	if (a->reconnected && a->rules.exact && !a->strangers && (s->waiting > 0 || s->partial))
		believe_all(a, DOUBT_LOST);
	a->reconnected = a->strangers = false;
}

/*
 * On a cable that does not show it: was it long enough away to have been switched off? Not if it still holds a
 * label, when nothing was sent since it was last heard of, or nothing but this one label.
 */
static void look_for_silence(pw_account *a, int waiting, int64_t now)
{
	bool away =
		a->rules.forgets && a->heard_at >= 0 && now - a->heard_at >= PW_ACCOUNT_REBOOT_MS;
	bool kept = waiting > 0 && (pw_account_inside(a) == 1 || !doubts_any(a, DOUBT_UNSEEN));
	if (away && !kept)
		doubt_all(a, DOUBT_OTHER);
}

/* Labels that left around a pause, or unseen, may have been cancelled by a person; `waiting` has those sent since. */
static void look_for_cancelling(pw_account *a, const pw_printer_status *s)
{
	bool paused = (s->faults & PW_FAULT_PAUSED) != 0;
	if ((a->paused || paused || a->blind) && s->waiting < a->waiting)
		doubt_all(a, DOUBT_OTHER);
	a->paused = paused;
	a->waiting = s->waiting;
}

/* Each label is asked for once it is sent, and is the youngest then: a count above zero has it in it. */
static void look_for_labels(pw_account *a, const pw_printer_status *s)
{
	bool seen = s->waiting > 0;
	if (!seen && doubts_any(a, DOUBT_UNSEEN))
		for (size_t i = a->settled; i < whole(a); i++)
			if ((*doubts_of(a, i) & DOUBT_UNSEEN) != 0)
				*doubts_of(a, i) |= DOUBT_MISSED;
	believe_all(a, DOUBT_UNSEEN);
}

static pw_status count(pw_account *a, const pw_printer_status *s, int64_t now, pw_err *err)
{
	size_t inside = (size_t)(s->waiting > 0 ? s->waiting : 0) + (size_t)a->rules.hidden;
	if (s->waiting < 0)
		return PW_OK;
	look_for_labels(a, s);
	look_for_cancelling(a, s);
	if (s->waiting > 0 || s->faults != 0)
		a->clean_since = -1;
	else if (a->clean_since < 0)
		a->clean_since = now;
	else if (now - a->clean_since >= a->rules.settle_ms)
		inside = 0;
	size_t end = whole(a);
	return settle(a, end - a->settled > inside ? end - inside : a->settled, err);
}

/* ---- By receipt ---- */

static pw_status receipt(pw_account *a, const pw_printer_status *s, int64_t now, pw_err *err)
{
	pw_status rc;
	/* "Done", and then silence: it may have stopped with the label's end still inside, and told nobody. */
	if (s->faults != 0 || (a->blind && a->done > a->settled)) {
		doubt_all(a, DOUBT_OTHER);
		return settle(a, whole(a), err);
	}
	if (s->activity == PW_PRINTER_PRINTING)
		return PW_OK;
	if (a->done > a->settled && now - a->done_at >= a->rules.settle_ms &&
	    (rc = settle(a, a->done, err)) != PW_OK)
		return rc;
	if (a->done == a->settled && whole(a) > a->settled &&
	    now - a->sent_at >= PW_ACCOUNT_RECEIPT_MS) {
		doubt_all(a, DOUBT_OTHER);
		return settle(a, whole(a), err);
	}
	return PW_OK;
}

/* ---- The device says something ---- */

pw_status pw_account_answer(pw_account *a, const pw_printer_status *s, int64_t now, pw_err *err)
{
	pw_status rc = PW_OK;
	look_for_proof(a, s);
	look_for_silence(a, s->waiting, now);
	if (a->rules.confirm == PW_CONFIRM_COUNT)
		rc = count(a, s, now, err);
	else if (a->rules.confirm == PW_CONFIRM_RECEIPT)
		rc = receipt(a, s, now, err);
	else if (s->activity == PW_PRINTER_READY && s->faults == 0 &&
		 now - a->sent_at >= a->rules.settle_ms)
		rc = settle(a, whole(a), err);
	a->heard_at = now;
	a->blind = false;
	return rc;
}

/* A printer that was silent may have stood still, with a label in it that it does not count. */
void pw_account_unanswered(pw_account *a)
{
	a->clean_since = -1;
	a->blind = true;
}

pw_status pw_account_heard(pw_account *a, const pw_printer_word *word, int64_t now, pw_err *err)
{
	if (a->rules.confirm != PW_CONFIRM_RECEIPT)
		return PW_OK;
	look_for_silence(a, -1, now);
	a->heard_at = now;
	if ((word->said & PW_SAID_ERROR) != 0) {
		a->refused = a->sending;
		doubt_all(a, DOUBT_OTHER);
		return settle(a, whole(a), err);
	}
	if ((word->said & PW_SAID_BEGUN) != 0 && a->done < a->next)
		return settle(a, a->done, err);
	if ((word->said & PW_SAID_DONE) != 0 && a->done < whole(a)) {
		a->done++;
		a->done_at = now;
		a->blind = false;
	}
	return PW_OK;
}

pw_status pw_account_gone(pw_account *a, pw_err *err)
{
	if (a->sending && a->risky) {
		a->sending = false;
		*doubts_of(a, a->next - 1) |= DOUBT_OTHER;
	}
	doubt_all(a, DOUBT_LOST);
	a->reconnected = true;
	a->clean_since = -1;
	a->paused = false;
	a->blind = true;
	if (a->rules.confirm == PW_CONFIRM_COUNT && a->rules.exact)
		return PW_OK;
	return settle(a, whole(a), err);
}

pw_status pw_account_give_up(pw_account *a, pw_err *err)
{
	a->sending = false;
	doubt_all(a, DOUBT_OTHER);
	return settle(a, a->next, err);
}
