/*
 * ZPL whose bar codes the printer draws itself: ^BC for Code 128 and GS1-128, ^BX for Data Matrix, at the places
 * and in the sizes of the layout. A job is shorter, and a printer that is set darker than it should be may widen
 * bars as its maker thinks best. Everything else is a picture as always, and so is a symbol that a printer
 * might draw larger than its place, or not as it is written: QR and Micro QR (^BQ can't be turned, chooses its own size, and
 * is printed lower than it should be by some), text that is not ASCII, modules of more than 10 dots.
 */
#ifndef PW_LABELS_NATIVE_H
#define PW_LABELS_NATIVE_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "labels/dialect.h"
#include "labels/press.h"

/* Appends the job of a layout of this press, nothing of it on failure; as pw_press_raster and
 * pw_dialect_encode with PW_DIALECT_ZPL. */
PW_NODISCARD pw_status pw_native_zpl(pw_press *press, const pw_label_layout *layout,
				     const pw_print_job *job, pw_str *out, pw_err *err);

/* Appends the command that draws a symbol, ^FO to ^FS, when it is one that the printer draws; whether it is. */
bool pw_native_command(const pw_label_item *item, pw_str *out);

#endif
