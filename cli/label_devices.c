/* Labels to a printer: their bytes, and what is said while it prints. */
#include <signal.h>
#include <string.h>
#include <time.h>

#include "cli/label_desk.h"
#include "cli/label_texts.h"
#include "cli/progress.h"
#include "devices/printers/printer.h"
#include "labels/dialect.h"

#define HELD_MOST (15 * PW_SECOND) /* to wait for a printer that another program has */

/* A run on its way. */
typedef struct run {
	pw_label_desk *desk;
	const pw_label_work *work;
	pw_dialect dialect;
	int tape, tape_length; /* that a Brother has; 0: it does not tell */
	size_t made;           /* the label whose bytes are at hand; SIZE_MAX: none */
	unsigned faults;       /* that were said last */
	pw_clock clock;
	pw_time since; /* it stands still */
	pw_progress *bar;
	pw_status rc; /* of what a function said that can't return it */
	pw_err err;
} run;

/* ---------------------------------------------------------------- stopped by hand */

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};

#define STOPPING (sizeof(stopping) / sizeof(stopping[0]))

/* The first signal ends the run in good order, the second one the program. */
static void heed_signals(struct sigaction before[STOPPING])
{
	struct sigaction heed = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
	interrupted = 0;
	for (size_t i = 0; i < STOPPING; i++)
		(void)sigaction(stopping[i], &heed, &before[i]);
}

static void unheed_signals(const struct sigaction before[STOPPING])
{
	for (size_t i = 0; i < STOPPING; i++)
		(void)sigaction(stopping[i], &before[i], NULL);
}

static void nap(void)
{
	const struct timespec while_it_is_mended = {0, 500000000L};
	(void)nanosleep(&while_it_is_mended, NULL);
}

/* ---------------------------------------------------------------- a label's bytes */

static pw_status encode(run *r, const pw_label_layout *layout, pw_err *err)
{
	pw_raster raster = PW_RASTER_INIT;
	pw_print_job job = PW_PRINT_JOB_INIT;
	job.gap = layout->template->gap;
	job.two_colours = layout->template->red;
	job.tape = r->tape;
	job.tape_length = r->tape_length;
	pw_status rc = pw_press_raster(r->desk->press, layout, &raster, err);
	pw_str_truncate(&r->desk->bytes, 0);
	if (rc == PW_OK)
		rc = pw_dialect_encode(r->dialect, &raster, &job, &r->desk->bytes, err);
	pw_raster_clear(&raster);
	return rc;
}

static pw_status source(void *ctx, size_t index, pw_label_bytes *out, pw_err *err)
{
	run *r = ctx;
	pw_label_layout *layout = NULL;
	pw_status rc = PW_OK;
	if (interrupted)
		return pw_fail(err, PW_ERR_IO, "stopped by hand: what has not left waits");
	if (index != r->made) {
		r->made = SIZE_MAX;
		rc = pw_label_desk_make(r->desk, r->work, index, &layout, err);
		if (rc == PW_OK)
			rc = encode(r, layout, err);
		pw_label_layout_free(layout);
	}
	if (rc != PW_OK)
		return rc;
	r->made = index;
	*out = (pw_label_bytes){r->desk->bytes.ptr, r->desk->bytes.len};
	return PW_OK;
}

/* ---------------------------------------------------------------- what the printer does */

static pw_work_fate fate_of(pw_label_fate fate)
{
	switch (fate) {
	case PW_FATE_WAITING:
		return PW_WORK_WAITING;
	case PW_FATE_SENDING:
		return PW_WORK_SENDING;
	case PW_FATE_SENT:
		return PW_WORK_SENT;
	case PW_FATE_CONFIRMED:
		return PW_WORK_CONFIRMED;
	case PW_FATE_UNCONFIRMED:
		break;
	}
	return PW_WORK_UNCONFIRMED;
}

static pw_status changed(void *ctx, size_t index, pw_label_fate fate, pw_err *err)
{
	run *r = ctx;
	if (fate == PW_FATE_CONFIRMED || fate == PW_FATE_UNCONFIRMED)
		pw_progress_step(r->bar);
	return r->work->changed(r->work->ctx, index, fate_of(fate), err);
}

/* "out of labels: load a roll, …; the cover is open: close it", and the first one's word. */
static const char *describe(unsigned faults, pw_str *out)
{
	const char *word = NULL;
	for (int i = 0; i < PW_FAULT_COUNT; i++) {
		pw_printer_fault fault = (pw_printer_fault)(1U << i);
		if ((faults & (unsigned)fault) == 0)
			continue;
		pw_str_addf(out, "%s%s: %s", out->len > 0 ? "; " : "", pw_printer_fault_text(fault),
			    pw_printer_fault_help(fault));
		if (word == NULL)
			word = pw_printer_fault_name(fault);
	}
	return word != NULL ? word : pw_printer_fault_name(PW_FAULT_OTHER);
}

/* Says why it stands still, once for each reason, and writes down what is known so far. */
static pw_status say_stop(run *r, const char *word, const char *text, pw_err *err)
{
	pw_ctx_say(r->desk->ctx, "printer '%s': %s", r->work->printer->name, text);
	return r->work->stopped(r->work->ctx, word, text, err);
}

/* Whether it is worth waiting on. */
static bool patient(run *r)
{
	pw_time now = pw_clock_now(&r->clock);
	if (r->since == 0)
		r->since = now;
	if (interrupted)
		return false;
	if (now - r->since < r->desk->give_up_after)
		return true;
	pw_ctx_say(r->desk->ctx, "printer '%s' was not mended in time", r->work->printer->name);
	return false;
}

static bool stopped(void *ctx, const pw_printer_status *status, size_t index)
{
	run *r = ctx;
	pw_str text = PW_STR_INIT;
	(void)index;
	if (status->faults == 0) {
		pw_ctx_say(r->desk->ctx, "printer '%s' goes on", r->work->printer->name);
		r->since = 0;
		r->faults = 0;
		r->rc = r->work->stopped(r->work->ctx, NULL, NULL, &r->err);
		return r->rc == PW_OK;
	}
	if (status->faults != r->faults) {
		const char *word = describe(status->faults, &text);
		r->rc = say_stop(r, word, pw_str_text(&text), &r->err);
	}
	r->faults = status->faults;
	pw_str_clear(&text);
	return r->rc == PW_OK && patient(r);
}

/* ---------------------------------------------------------------- the run */

/* QL and P-touch: labels lie on tapes, which have widths of their own. */
static bool has_tape(const run *r)
{
	return r->dialect == PW_DIALECT_BROTHER || r->dialect == PW_DIALECT_BROTHER_WIDE ||
	       r->dialect == PW_DIALECT_PTOUCH;
}

/* A printer that does not answer is the run's matter. */
static void look_at_tape(run *r, pw_printer *printer)
{
	pw_printer_status status = PW_PRINTER_STATUS_INIT;
	pw_err ignored = PW_ERR_INIT;
	r->made = SIZE_MAX;
	r->tape = r->tape_length = 0;
	if (!has_tape(r) || pw_printer_ask(printer, &status, &ignored) != PW_OK)
		return;
	r->tape = status.media_width;
	r->tape_length = status.media_length;
}

/*
 * What must be loaded. A Brother's job says so itself (ESC i z, then a byte of flags, kind, width and length in
 * millimetres): a label may be on a wider tape. Other printers get the label's own size.
 */
static pw_status find_media(run *r, pw_print_run *order, pw_err *err)
{
	static const char command[] = "\x1b"
				      "iz";
	pw_label_bytes job = {0};
	const pw_label_template *t = r->desk->t;
	order->media_width = (t->width + 500) / 1000;
	order->media_length = t->gap > 0 ? (t->height + 500) / 1000 : 0;
	if (!has_tape(r))
		return PW_OK;
	pw_status rc = source(r, 0, &job, err);
	const unsigned char *bytes = job.data;
	order->media_width = order->media_length = 0;
	for (size_t i = 0; rc == PW_OK && i + 7 <= job.n && order->media_width == 0; i++)
		if (memcmp(bytes + i, command, 3) == 0) {
			order->media_width = bytes[i + 5];
			order->media_length = bytes[i + 6];
		}
	return rc;
}

static pw_status try_run(run *r, pw_printer *printer, pw_err *err)
{
	pw_print_run order = {.count = r->work->count,
			      .source = source,
			      .changed = changed,
			      .stopped = stopped,
			      .ctx = r};
	pw_print_outcome outcome;
	look_at_tape(r, printer);
	pw_status rc = find_media(r, &order, err);
	if (rc == PW_OK)
		rc = pw_printer_print(printer, &order, &outcome, err);
	if (r->rc == PW_OK)
		return rc;
	if (err != NULL)
		*err = r->err;
	return r->rc;
}

static bool is_wrong_media(pw_status rc, const pw_err *err)
{
	return rc == PW_ERR_REFUSED && err->code != NULL && strcmp(err->code, "wrong-media") == 0;
}

/* Until other labels are loaded, or nobody does that. */
static pw_status print_run(run *r, pw_printer *printer, pw_err *err)
{
	for (bool said = false;; nap()) {
		pw_err own = PW_ERR_INIT;
		pw_status rc = try_run(r, printer, &own), saying = PW_OK;
		bool waits = is_wrong_media(rc, &own);
		/* A printer that was empty, and has a tape now, may have the right one. */
		if (waits && !said && (!has_tape(r) || r->tape != 0)) {
			saying = say_stop(r, own.code, own.msg, err);
			said = true;
		}
		if (saying != PW_OK)
			return saying;
		if (waits && patient(r))
			continue;
		if (rc != PW_OK && err != NULL)
			*err = own;
		return rc;
	}
}

/* Another program that has the printer is waited for, but not as long as for somebody who mends it. */
static pw_status open_printer(run *r, pw_printer **out, pw_err *err)
{
	const pw_label_printer *p = r->work->printer;
	bool said = false;
	pw_time begun = pw_clock_now(&r->clock), most = r->desk->give_up_after;
	if (most > HELD_MOST)
		most = HELD_MOST;
	for (;;) {
		pw_err own = PW_ERR_INIT;
		pw_status rc = pw_printer_open(p->uri, p->language, out, &own);
		if (rc == PW_ERR_BUSY && !said) {
			rc = say_stop(r, "held", own.msg, &own);
			rc = rc == PW_OK ? PW_ERR_BUSY : rc;
			said = true;
		}
		if (rc != PW_ERR_BUSY || interrupted || pw_clock_now(&r->clock) - begun >= most) {
			if (rc != PW_OK && err != NULL)
				*err = own;
			return rc;
		}
		nap();
	}
}

static pw_status find_dialect(const char *language, pw_dialect *out, pw_err *err)
{
	if (pw_dialect_parse(language, out))
		return PW_OK;
	return pw_fail(err, PW_ERR_ARG, "'%s' is a language that no labels are made in", language);
}

static pw_status prepare(pw_label_desk *desk, const pw_label_work *work, pw_err *err)
{
	pw_status rc = pw_label_desk_take(desk, &work->stock, work->printer->dpi, err);
	if (rc == PW_OK && pw_label_template_room(desk->t) > 1)
		rc = pw_fail(
			err, PW_ERR_ARG,
			"label '%s' is a sheet, and printer '%s' has a roll: print it into a file, "
			"file:NAME.pdf?language=pdf",
			desk->t->name, work->printer->name);
	return rc;
}

pw_status pw_label_print_device(pw_label_desk *desk, const pw_label_work *work, pw_err *err)
{
	run r = {.desk = desk, .work = work, .made = SIZE_MAX, .clock = pw_clock_steady()};
	struct sigaction before[STOPPING];
	pw_printer *printer = NULL;
	pw_status rc = prepare(desk, work, err);
	if (rc != PW_OK)
		return rc;
	heed_signals(before);
	rc = open_printer(&r, &printer, err);
	if (rc == PW_OK)
		rc = find_dialect(pw_printer_language(printer), &r.dialect, err);
	if (rc == PW_OK) {
		r.bar = pw_ctx_progress(desk->ctx, "printing", "labels", (int64_t)work->count);
		rc = print_run(&r, printer, err);
		pw_progress_end(r.bar);
	}
	pw_printer_close(printer);
	unheed_signals(before);
	return rc;
}
