/* Labels for the commands of `poolwell label`: a template by name, the labels that --set describes, and the
 * bytes of each --format. */
#ifndef PW_CLI_LABEL_MAKE_H
#define PW_CLI_LABEL_MAKE_H

#include "cli/cmd.h"
#include "labels/press.h"

/* The options that the commands share. */
#define PW_LABEL_OPT_TEMPLATE                                                                    \
	{                                                                                        \
		.name = "template", .letter = 't', .kind = PW_OPT_TEXT, .arg = "NAME",           \
		.help = "a label that comes with the program, or a file when there is a dot or " \
			"slash in it",                                                           \
		.required = true                                                                 \
	}
#define PW_LABEL_OPT_SET                                                                \
	{                                                                               \
		.name = "set", .letter = 's', .kind = PW_OPT_TEXT, .arg = "FIELD=TEXT", \
		.help = "what a field says", .repeat = true                             \
	}
#define PW_LABEL_OPT_DPI                                                  \
	{                                                                 \
		.name = "dpi", .kind = PW_OPT_CHOICE, .arg = "N",         \
		.help = "the printer's dots per inch", .fallback = "300", \
		.choices = pw_label_dpi_words                             \
	}

/* Every --dpi, those of most printers first, and the one that was asked for. */
#define PW_LABEL_DPI_COMMON 3
extern const char *const pw_label_dpi_words[];
extern const int pw_label_dpi_numbers[];
int pw_label_dpi(const pw_ctx *ctx);

/* The template of a name that comes with the program, or of a file when there is a dot or a slash in it.
 * PW_ERR_NOT_FOUND names those there are. Free with pw_label_template_free. */
PW_NODISCARD pw_status pw_label_load(pw_ctx *ctx, const char *name, pw_label_template **out,
				     pw_err *err);

/*
 * The labels that "FIELD=TEXT" words describe, in the command's arena: one, on a roll. On a sheet a field
 * that is set once more begins the next label, which keeps what the one before it had. PW_ERR_ARG for a
 * word without "=" and for a field that is set twice for one label.
 */
PW_NODISCARD pw_status pw_label_read_sets(pw_ctx *ctx, const pw_label_template *t,
					  const char *option, pw_label_values **out,
					  size_t *out_count, pw_err *err);

/* The examples of a template's fields, as a label. */
pw_label_values *pw_label_examples(pw_ctx *ctx, const pw_label_template *t);

/* Every --format, and the one of a word's index: a picture, or a printer's language. */
extern const char *const pw_label_formats[];

/* The bytes of laid-out pages in the format. PW_ERR_ARG when the format has one page and there are more. */
PW_NODISCARD pw_status pw_label_encode(pw_press *press, pw_label_layout *const *pages, size_t count,
				       int format, pw_str *out, pw_err *err);

#endif
