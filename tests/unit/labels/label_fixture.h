/* What the tests of labels share: templates from text, labels from them, and decoders that are not ours. */
#ifndef PW_TEST_LABEL_FIXTURE_H
#define PW_TEST_LABEL_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"
#include "labels/press.h"

/* The template of a text, which must be one. */
pw_label_template *fixture_template(const char *yaml);

/* A template of 50 × 30 mm with the fields id and name and these elements. */
pw_label_template *fixture_with(const char *elements);

/* A shipped template. */
pw_label_template *fixture_shipped(const char *name);

/* Values from "name", "text", …, NULL; they live until the next call. */
pw_label_values fixture_values(const char *const *words);

/* The examples of a template's fields; until the next call. */
pw_label_values fixture_examples(const pw_label_template *t);

/* One label, laid out and burnt; whatever of the outputs is NULL is freed. */
void fixture_make(const pw_label_template *t, const pw_label_values *values, int dpi,
		  pw_label_layout **out_layout, pw_raster *out_raster);

/* A folder of the test's own, gone with fixture_remove. */
char *fixture_folder(void);
void fixture_remove(char *folder);
void fixture_write(const char *folder, const char *name, const char *bytes, size_t n);

/* Whether a program can be run; else says "skipped: …" once for each. */
bool fixture_has(const char *program);

/* Everything a shell command prints on standard output. */
pw_str fixture_run(const char *format, ...) PW_PRINTF(1, 2);

/* "zbarimg …" or "dmtxread …" for symbols of a kind; NULL when nothing installed here reads it. */
const char *fixture_decoder(pw_symbol_kind kind);

#endif
