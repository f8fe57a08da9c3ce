/*
 * What printers speak: a one-bit raster → the bytes of a job that prints it. Pure: no printer, no clock, and
 * the same raster gives the same bytes. How a job gets to a printer, and what the printer answers, is the
 * drivers' matter (devices/).
 *
 * Only commands that the makers' manuals list are sent, and no setting that a laboratory made at the printer
 * (darkness, speed, kind of media) is touched. docs/internals/labels.md has the sources.
 */
#ifndef PW_LABELS_DIALECT_H
#define PW_LABELS_DIALECT_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/base/str.h"
#include "labels/raster.h"

/* Append only. */
typedef enum pw_dialect {
	PW_DIALECT_ZPL,          /* Zebra ZPL II: ^GFA with Z64 (zlib, base64, CRC-16) */
	PW_DIALECT_TSPL,         /* TSC and most printers from China: BITMAP */
	PW_DIALECT_EPL,          /* Zebra's older EPL2: GW */
	PW_DIALECT_BROTHER,      /* Brother QL with a head of 720 dots: raster mode, 300 dpi */
	PW_DIALECT_DYMO,         /* Dymo LabelWriter 400 and 450: 300 dpi */
	PW_DIALECT_BROTHER_WIDE, /* Brother QL with a head of 1296 dots: QL-1050 to 1115NWB, 300 dpi */
	PW_DIALECT_PTOUCH, /* Brother P-touch: 180 dpi with 128 dots, 360 dpi with 560 (P900) */
	PW_DIALECTS
} pw_dialect;

/* "zpl", "tspl", "epl", "brother", "dymo", "brother-wide", "ptouch"; never NULL. */
const char *pw_dialect_name(pw_dialect dialect);
bool pw_dialect_parse(const char *text, pw_dialect *out);

typedef struct pw_print_job {
	int copies;    /* 1 to PW_PRINT_MAX_COPIES */
	int gap;       /* between labels on the roll, µm; 0 = a roll without end */
	bool packbits; /* Brother QL: rows compressed; the models without it print garbage */
	/* Brother QL-800 series: the roll is one of two colours, and the printer takes no other job on it */
	bool two_colours;
	/* Brother: the roll or tape that is in the printer, mm, and a die-cut label's length; 0: not known. It is
	 * taken when the label has room on it. */
	int tape, tape_length;
} pw_print_job;

#define PW_PRINT_MAX_COPIES 999

/* clang-format off */
#define PW_PRINT_JOB_INIT { 1, 0, false, false, 0, 0 }
/* clang-format on */

/*
 * Appends the job to *out, nothing of it on failure. PW_ERR_ARG for copies out of bounds and for a raster
 * that such a printer can't print: of another resolution, wider than its head, or with dots where it leaves
 * a margin.
 */
PW_NODISCARD pw_status pw_dialect_encode(pw_dialect dialect, const pw_raster *raster,
					 const pw_print_job *job, pw_str *out, pw_err *err);

#endif
