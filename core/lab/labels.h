/*
 * Labels as objects that somebody answers for, from the number on one to the tube that it sticks on, and the
 * printers that they come from. docs/internals/printing.md has the life of a label, and what every failure
 * leaves behind.
 *
 * A label is one sticker and has a number, given in the order of the worksheet. What it identifies is text: a
 * code of ours or somebody else's. What it is of is a word, its *thing*: tube, extraction-plate, pcr-plate, box,
 * rack, kit; pool, person and other, which have their identifiers from elsewhere.
 *
 * Texts for a label's fields are lines "field=text\n" in one string, as the journal keeps them.
 *
 * Printing is never part of another use case: it has transactions of its own, and its failure leaves labels
 * queued, never work undone.
 */
#ifndef PW_LAB_LABELS_H
#define PW_LAB_LABELS_H

#include "core/lab/lab.h"
#include "core/model/ident.h"

/* ---------------------------------------------------------------- printers (printers.c) */

typedef struct pw_label_printer {
	const char *name;     /* short: no blank, no colon */
	const char *uri;      /* devices/transport/transport.h */
	const char *language; /* "zpl", …: devices/printers/printer.h; "pdf", "png" for files */
	int dpi;
} pw_label_printer;

/* PW_ERR_EXISTS when there is one of that name; one that was removed may come back with another address. */
PW_NODISCARD pw_status pw_lab_add_printer(pw_lab *lab, const pw_label_printer *printer,
					  pw_err *err);

/* Refused with "printer-needed" while labels wait for it. PW_ERR_NOT_FOUND. */
PW_NODISCARD pw_status pw_lab_remove_printer(pw_lab *lab, const char *name, pw_err *err);

/* The printer of a name, or, for NULL, the only one there is. Texts live in the arena. PW_ERR_NOT_FOUND, and
 * PW_ERR_ARG for NULL among several; both say which there are. */
PW_NODISCARD pw_status pw_lab_printer(pw_lab *lab, pw_arena *arena, const char *name,
				      pw_label_printer *out, pw_err *err);

/* Whether another process works the printer at the moment. */
bool pw_lab_printer_at_work(pw_lab *lab, const char *name);

/* ---------------------------------------------------------------- from number to queue (labels.c) */

#define PW_LABELS_MOST 100000 /* of one call */

/* Labels by their numbers, without a gap. */
typedef struct pw_label_range {
	int64_t first, last;
	size_t count;
	char first_id[64], last_id[64];
	const char *thing; /* static */
} pw_label_range;

/* Whether the word is a thing; and one whose numbers are reserved, with the letter of its codes, else 0. */
bool pw_label_thing_valid(const char *thing);
char pw_label_thing_kind(const char *thing);
extern const char *const pw_label_things[]; /* all of them, ended by NULL */

/*
 * Reserves `count` numbers of a thing, which nobody will be given again: from `first` on, or, when that is 0, from the
 * first behind all that were reserved, scanned, announced or printed. Numbers without a printable check character are
 * passed over. `site` (or NULL) is where they go. PW_ERR_ARG for a thing that has no numbers of ours, a count out of
 * bounds, a site that is not registered; PW_ERR_EXISTS when one of the numbers is taken; PW_ERR_LIMIT
 * behind the last number that fits a code.
 */
PW_NODISCARD pw_status pw_lab_reserve_labels(pw_lab *lab, const char *thing, int64_t first,
					     int64_t count, const char *site, pw_label_range *out,
					     pw_err *err);

/* A label for what has its identifier already. */
typedef struct pw_label_want {
	const char *id;
	const char *texts; /* its own, or NULL */
} pw_label_want;

/*
 * Sets labels aside for things that have their identifiers, in that order. Refused with "label-printed" when one of
 * them has a label of this template (or one that was printed elsewhere): that would be a reprint. PW_ERR_ARG for
 * an identifier that is no barcode, or is wanted twice.
 */
PW_NODISCARD pw_status pw_lab_want_labels(pw_lab *lab, const char *thing,
					  const pw_label_want *wants, size_t count,
					  const char *template_name, pw_label_range *out,
					  pw_err *err);

/* Labels that were reserved, from one identifier to another (NULL: that one alone). PW_ERR_NOT_FOUND; refused with
 * "label-queued" when one of them is not reserved any more. */
PW_NODISCARD pw_status pw_lab_reserved_labels(pw_lab *lab, const char *first, const char *last,
					      pw_label_range *out, pw_err *err);

/* A template, with its bytes. */
typedef struct pw_label_stock {
	const char *name;
	int version;
	const void *bytes;
	size_t size;
} pw_label_stock;

/* Puts a range of reserved labels into a printer's queue. `texts` (or NULL) stand on all of them. The template's
 * bytes are kept, and are what the labels are printed with, whatever becomes of the file. */
PW_NODISCARD pw_status pw_lab_queue_labels(pw_lab *lab, const pw_label_range *range,
					   const pw_label_stock *stock, const char *printer,
					   const char *texts, int64_t *out_batch, pw_err *err);

/* ---------------------------------------------------------------- what prints */

/* What has become of a label in a run, as devices/printers tells it: it only moves down this list, apart from
 * SENDING → WAITING, when the device certainly threw it away. */
typedef enum pw_work_fate {
	PW_WORK_WAITING,
	PW_WORK_SENDING,
	PW_WORK_SENT,
	PW_WORK_CONFIRMED,
	PW_WORK_UNCONFIRMED
} pw_work_fate;

/* What stands on one label. */
typedef struct pw_label_content {
	const char *id;
	int copy;             /* 1; of a reprint 2 and more, shown as "R2" in the field "copy" */
	const char *texts[2]; /* for all labels of the batch, and its own over them; or NULL */
} pw_label_content;

/* Labels of one template that are to be printed in their order. */
typedef struct pw_label_work {
	const pw_label_printer *printer;
	pw_label_stock stock;
	size_t count;
	void *ctx; /* for the functions */

	/* What stands on label `index`, from 0; borrowed until the next call. */
	pw_status (*content)(void *ctx, size_t index, pw_label_content *out, pw_err *err);

	/* Called for every change, in order; SENDING before the first byte leaves. After an error no byte
	 * of a label leaves any more. */
	pw_status (*changed)(void *ctx, size_t index, pw_work_fate fate, pw_err *err);

	/* The printer has stopped: `fault` a word, `text` a sentence; NULL, NULL: it goes on. Called once for
	 * each change. */
	pw_status (*stopped)(void *ctx, const char *fault, const char *text, pw_err *err);
} pw_label_work;

/* What a face fills with labels/press and devices/printers. */
typedef struct pw_label_maker {
	void *ctx;

	/*
	 * Prints the work. PW_OK when it is done or was given up: what became of each label was said by
	 * work->changed, and those of which nothing was said have not left. Errors: of the way to the printer, of a
	 * label that can't be made, of the work's own functions.
	 */
	pw_status (*print)(void *ctx, const pw_label_work *work, pw_err *err);

	/* Whether a template has the field "copy". */
	pw_status (*shows_copy)(void *ctx, const pw_label_stock *stock, bool *out, pw_err *err);
} pw_label_maker;

/* ---------------------------------------------------------------- printing (print.c) */

typedef struct pw_label_print {
	const char *printer; /* labels that wait for this one; NULL: the only one there is */
	const char *on;      /* come out of this one; NULL: the same */
	int64_t batch;       /* of this batch alone; 0: all */
} pw_label_print;

typedef struct pw_label_account {
	size_t confirmed, unconfirmed, waiting; /* of the labels that were to be printed */
	size_t leftover; /* found as sent by a program that ended, and unconfirmed now */
} pw_label_account;

/*
 * Prints what waits. PW_ERR_BUSY, and nothing is touched, when another process works the printer. *out is filled on
 * failure too. What is returned is the first failure: of the printer, or of the disk that its account is written
 * to; labels that have not left wait on.
 */
PW_NODISCARD pw_status pw_lab_print_labels(pw_lab *lab, const pw_label_print *what,
					   const pw_label_maker *maker, pw_label_account *out,
					   pw_err *err);

typedef struct pw_label_settled {
	size_t confirmed, requeued;
} pw_label_settled;

/*
 * A person has looked: the label that was scanned is the last that came out of its run. Those that were sent before
 * it in that run are confirmed, for a printer keeps their order; those that were sent after it wait again. Of
 * other runs nothing is concluded. Refused with "label-unknown" for a code that no label has, with
 * "label-not-sent" for one that was not sent; PW_ERR_BUSY while a process works the printer.
 */
PW_NODISCARD pw_status pw_lab_settle_labels(pw_lab *lab, const char *last, pw_label_settled *out,
					    pw_err *err);

/* A person has looked: none of a batch's unconfirmed labels came out. PW_ERR_NOT_FOUND for a batch that is not there. */
PW_NODISCARD pw_status pw_lab_settle_none(pw_lab *lab, int64_t batch, pw_label_settled *out,
					  pw_err *err);

/* ---------------------------------------------------------------- at the bench (labels_bench.c) */

typedef struct pw_label_scan {
	char id[64];
	const char *thing; /* static */
	size_t applied;    /* labels of it that are applied now and were not before */
} pw_label_scan;

/* A label was scanned back. Refused with "label-unknown", "label-void". */
PW_NODISCARD pw_status pw_lab_apply_label(pw_lab *lab, const char *scan, pw_label_scan *out,
					  pw_err *err);

typedef struct pw_label_voided {
	size_t voided, applied; /* applied: left as they are, for they are in use */
} pw_label_voided;

/*
 * Labels from one identifier to another (NULL: that one alone) must not be used any more. Needs the session's
 * reason. Refused with "label-unknown", with "label-applied" when a single label is in use (but a person's
 * card may be voided), PW_ERR_BUSY while a printer that they wait for is at work.
 */
PW_NODISCARD pw_status pw_lab_void_labels(pw_lab *lab, const char *first, const char *last,
					  pw_label_voided *out, pw_err *err);

/* All of a batch that are not in use. */
PW_NODISCARD pw_status pw_lab_void_batch(pw_lab *lab, int64_t batch, pw_label_voided *out,
					 pw_err *err);

typedef struct pw_label_reprint {
	const char *scan;
	const char *template_name;   /* which of its labels; NULL: the only one */
	const pw_label_stock *stock; /* for one that was printed elsewhere; else NULL */
	const char *printer;         /* NULL: where it was printed, or the only one there is */
} pw_label_reprint;

typedef struct pw_label_copy {
	char id[64];
	int copy;
	int64_t batch;
	char printer[64];
} pw_label_copy;

/*
 * Another label for one that is lost, torn or smeared, which becomes void. Needs the session's reason. Refused
 * with "label-unknown"; with "label-queued" when it has not been printed yet; with "copy-unseen" when the
 * template has no field "copy". PW_ERR_ARG when it has labels of several templates and none is named.
 */
PW_NODISCARD pw_status pw_lab_reprint_label(pw_lab *lab, const pw_label_reprint *in,
					    const pw_label_maker *maker, pw_label_copy *out,
					    pw_err *err);

/* ---------------------------------------------------------------- every number explained (label_gaps.c) */

/* Numbers in a row of which the same can be said. */
typedef struct pw_label_numbers {
	int64_t first, last;            /* numbers */
	int64_t labels;                 /* that there are of them */
	int64_t passed_over;            /* that have no check character, and are no labels */
	char first_id[64], last_id[64]; /* of the first and the last label; "" for none */
	const char *state;              /* of the labels; "not-reserved" */
	const char *site, *by, *note;   /* or NULL; who voided them, and why */
	pw_time since;                  /* of the first of them; 0 where nothing happened */
} pw_label_numbers;

/* All numbers of a thing from 1 to the last that was reserved, in the arena. PW_ERR_ARG as for reserving. */
PW_NODISCARD pw_status pw_lab_label_numbers(pw_lab *lab, const char *thing, pw_arena *arena,
					    pw_label_numbers **out, size_t *count, pw_err *err);

#endif
