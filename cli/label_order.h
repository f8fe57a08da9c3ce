/*
 * Labels that the laboratory answers for: from the options of `label print` to a batch in a printer's queue, and
 * from there through the printer.
 */
#ifndef PW_CLI_LABEL_ORDER_H
#define PW_CLI_LABEL_ORDER_H

#include "cli/label_desk.h"

/* What the labels are of, by the options that say so. */
typedef struct pw_label_source {
	const char *option;        /* "tubes"; NULL: --set id=… */
	const char *thing;         /* NULL: it depends */
	const char *template_name; /* that is taken when none is named; NULL: one must be */
	bool numbers;              /* the option says how many new ones */
} pw_label_source;

/* The one that the command line gives. PW_ERR_ARG when there are several. */
PW_NODISCARD pw_status pw_label_source_find(pw_ctx *ctx, const pw_label_source **out, pw_err *err);

/* The template that is taken for new numbers of a thing when none is named, or NULL. */
const char *pw_label_usual_template(const char *thing);

/* Labels for what has its identifier already. */
typedef struct pw_label_wants {
	const char *thing;
	pw_label_want *wants;
	size_t count;
} pw_label_wants;

/* What the source's option names, in the order of the worksheet, with the texts that the template has fields for. */
PW_NODISCARD pw_status pw_label_wants_find(pw_ctx *ctx, const pw_label_source *source,
					   const pw_label_template *t, pw_label_wants *out,
					   pw_err *err);

/* `label print` with a laboratory's printer: all of it. Returns the exit code. */
int pw_label_order(pw_ctx *ctx);

/*
 * Prints what waits, says and shows what became of it, and returns the exit code. `label_count` and its like are those of
 * the batch that is printed alone; of 0 (all batches) no single labels are shown.
 */
int pw_label_print_batches(pw_ctx *ctx, pw_label_desk *desk, const pw_label_print *what);

#endif
