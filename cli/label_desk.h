/*
 * Where labels are made and go out: what core/lab asks for as a pw_label_maker, filled with labels/press and
 * devices/printers. It says what stops a printer and how to mend it, shows how far it is, waits, and gives up when
 * it was told to.
 */
#ifndef PW_CLI_LABEL_DESK_H
#define PW_CLI_LABEL_DESK_H

#include "cli/cmd.h"
#include "core/lab/labels.h"
#include "labels/press.h"

typedef struct pw_label_desk {
	pw_ctx *ctx;
	pw_time give_up_after; /* of standing still */
	bool overwrite;        /* files of pictures; else a free name is taken */

	/* the desk's own: the template and press at hand, and the bytes of the label at hand */
	pw_label_template *t;
	pw_press *press;
	int dpi;
	pw_arena values;
	pw_str bytes;
} pw_label_desk;

void pw_label_desk_init(pw_label_desk *desk, pw_ctx *ctx);
void pw_label_desk_clear(pw_label_desk *desk);

/* For pw_lab_print_labels and its like; borrowed from the desk. */
pw_label_maker pw_label_desk_maker(pw_label_desk *desk);

/* Takes a template onto the desk, for printers of so many dots. PW_ERR_FORMAT, PW_ERR_ARG as its parser and press. */
PW_NODISCARD pw_status pw_label_desk_take(pw_label_desk *desk, const pw_label_stock *stock, int dpi,
					  pw_err *err);

/* The label with the template at hand, laid out and linted: PW_ERR_FORMAT says what would not come out right. Free
 * with pw_label_layout_free. */
PW_NODISCARD pw_status pw_label_desk_lay_out(pw_label_desk *desk, const pw_label_content *content,
					     pw_label_layout **out, pw_err *err);

/* The same of a label of a work, in words about that label: PW_ERR_FORMAT for all that is wrong with it. */
PW_NODISCARD pw_status pw_label_desk_make(pw_label_desk *desk, const pw_label_work *work,
					  size_t index, pw_label_layout **out, pw_err *err);

/* Whether the label can be made for the printer: what is refused here would be refused when it is printed. */
PW_NODISCARD pw_status pw_label_desk_try(pw_label_desk *desk, const pw_label_printer *printer,
					 const pw_label_stock *stock,
					 const pw_label_content *content, pw_err *err);

/*
 * Completes what is known of a printer: its language and dots per inch, where they are missing, are asked of the
 * device. Where that does not tell its dots they are guessed, with a warning, or PW_ERR_ARG. Errors of the way to
 * the device.
 */
PW_NODISCARD pw_status pw_label_desk_complete(pw_ctx *ctx, pw_label_printer *printer, bool guess,
					      pw_err *err);

/* ---- Within cli/label_*.c ---- */

/* Prints the work on a device. */
PW_NODISCARD pw_status pw_label_print_device(pw_label_desk *desk, const pw_label_work *work,
					     pw_err *err);

/* A word that stands for a file of pictures: "pdf", "png". */
bool pw_label_is_picture(const char *language);

/* Prints the work into a file of pictures. */
PW_NODISCARD pw_status pw_label_print_pictures(pw_label_desk *desk, const pw_label_work *work,
					       pw_err *err);

#endif
