/*
 * The account of a run of labels: what is certain of each. It is told what happened on the cable and says, label by label,
 * what became of it. Pure: no cable, no clock; the rules are here and nowhere else.
 *
 *	confirmed     it came out, once
 *	waiting       it did not come out, and cannot any more
 *	unconfirmed   it may have come out, once
 *
 * Labels are sent one after the other, each of them at most once unless it is certain that nothing of it can come out
 * any more. In the device there is therefore always a run of neighbours: [settled, next).
 *
 * When a label is out:
 *
 * NEVER told. It is settled, as unconfirmed, when the printer is well and idle, `settle_ms` after it was sent: what stops
 * a printer that swallows labels whole is seen before all of them are inside.
 *
 * By COUNT: the status counts the labels inside. A label is confirmed when it was seen inside, and then the count said
 * that it is not any more. A printer may hold `hidden` labels that it does not count, so the last ones are out when
 * the count stayed at zero, without a fault, for `settle_ms`. A label that the count never showed may have been
 * lost on its way in: unconfirmed. So are labels that vanish while a printer stands still or does not answer (somebody
 * may have cancelled them), and those inside when the printer may have been switched off: when it was gone, or, on a cable that would
 * not show that (`forgets`), when it was not heard of for longer than it takes to start. They are saved from that doubt
 * when the first answer afterwards still counts them: the memory was kept then. That is proof only on a cable that is
 * `exact` and where no other program had the printer in between.
 *
 * By RECEIPT: the printer says "done" for each label, and its end is out when it begins the next one or is well
 * `settle_ms` later. An error in between, or a question that was not answered, is a doubt: unconfirmed.
 */
#ifndef PW_DEVICES_PRINT_ACCOUNT_H
#define PW_DEVICES_PRINT_ACCOUNT_H

#include "devices/printers/driver.h"

#define PW_ACCOUNT_MOST_INSIDE 64   /* labels in the device at a time */
#define PW_ACCOUNT_REBOOT_MS   2500 /* no printer is switched off and on, and answers, in less */
#define PW_ACCOUNT_RECEIPT_MS \
	3000 /* an idle printer whose receipt did not come so long gives none */

typedef struct pw_account_rules {
	pw_printer_confirm confirm;
	int hidden, settle_ms; /* of the driver */
	bool exact, forgets;   /* of the wire */
} pw_account_rules;

typedef struct pw_account {
	pw_account_rules rules;
	pw_status (*tell)(void *ctx, size_t index, pw_label_fate fate, pw_err *err);
	void *ctx;
	size_t settled; /* labels before this one have their last fate */
	size_t next;    /* the first that waits */
	bool sending;   /* bytes of label next - 1 leave */
	bool risky;     /* … and some have that may print it */
	bool refused;   /* the printer threw it away while it was sent */
	size_t confirmed, unconfirmed;
	/* the rest is the account's own */
	size_t done;      /* labels before this one the printer called done */
	bool reconnected; /* and has not answered since */
	bool strangers;   /* another program had it meanwhile */
	int waiting;      /* what the last answer counted, and what was sent since */
	bool paused;      /* … */
	bool blind;       /* questions since then were not answered */
	int64_t heard_at, clean_since, done_at, sent_at; /* -1: not */
	uint8_t doubts[PW_ACCOUNT_MOST_INSIDE];
} pw_account;

/* `tell` is called for each change of fate, in order; its error is returned by what caused the change. */
void pw_account_init(pw_account *account, const pw_account_rules *rules,
		     pw_status (*tell)(void *ctx, size_t index, pw_label_fate fate, pw_err *err),
		     void *ctx);

/* Labels that are in the device, or on their way, and not settled. */
size_t pw_account_inside(const pw_account *account);

/* ---- A label is sent ---- */

/* Its first byte is about to leave. Fewer than PW_ACCOUNT_MOST_INSIDE are inside. */
PW_NODISCARD pw_status pw_account_begin(pw_account *account, pw_err *err);

/* The first byte that may print it is about to leave. */
void pw_account_risk(pw_account *account);

/* All bytes have left. */
PW_NODISCARD pw_status pw_account_sent(pw_account *account, int64_t now, pw_err *err);

/* The device has thrown away what it had of it; only while it is not risky. The label waits again. */
PW_NODISCARD pw_status pw_account_dropped(pw_account *account, pw_err *err);

/* No more of it will be sent, and it is risky: unconfirmed. */
PW_NODISCARD pw_status pw_account_abandon(pw_account *account, pw_err *err);

/* ---- The device says something ---- */

/* The answer to a question that was asked after the last byte of the last label. */
PW_NODISCARD pw_status pw_account_answer(pw_account *account, const pw_printer_status *status,
					 int64_t now, pw_err *err);

/* It did not answer, or took nothing, and not just because its buffer is full. */
void pw_account_unanswered(pw_account *account);

/* Something unasked: PW_SAID_BEGUN, PW_SAID_DONE, PW_SAID_ERROR. */
PW_NODISCARD pw_status pw_account_heard(pw_account *account, const pw_printer_word *word,
					int64_t now, pw_err *err);

/* It is gone, whether unplugged or switched off. */
PW_NODISCARD pw_status pw_account_gone(pw_account *account, pw_err *err);

/* Nobody waits any longer: what is inside stays unconfirmed, also a label half sent. */
PW_NODISCARD pw_status pw_account_give_up(pw_account *account, pw_err *err);

#endif
