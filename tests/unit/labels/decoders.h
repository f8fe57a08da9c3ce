/* Decoders that are not ours, in the process of the test: zbar reads bars and QR, libdmtx reads Data Matrix. */
#ifndef PW_TEST_DECODERS_H
#define PW_TEST_DECODERS_H

#include <stdbool.h>

#include "core/base/str.h"
#include "labels/layout.h"
#include "labels/raster.h"

/* Whether there is one for a kind; else says "skipped: …". */
bool decoders_have(pw_symbol_kind kind);

/* What is read from the part of a page that is a symbol with its quiet zone: its text, with FNC1 as '\x1D'; ""
 * when nothing is. */
pw_str decoders_read(const pw_raster *page, const pw_label_item *item);

#endif
