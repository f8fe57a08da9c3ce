/* What the dialects share: one function each, listed in dialect.c. */
#ifndef PW_LABELS_DIALECT_PRIVATE_H
#define PW_LABELS_DIALECT_PRIVATE_H

#include "labels/dialect.h"

/* Appends a job; copies, resolution and width have been checked. */
typedef pw_status pw_dialect_write(const pw_raster *raster, const pw_print_job *job, pw_str *out,
				   pw_err *err);

pw_dialect_write pw_dialect_zpl;
pw_dialect_write pw_dialect_tspl;
pw_dialect_write pw_dialect_epl;
pw_dialect_write pw_dialect_brother;
pw_dialect_write pw_dialect_brother_wide;
pw_dialect_write pw_dialect_ptouch;
pw_dialect_write pw_dialect_dymo;

/* Whether the job can be of the dialect. */
pw_status pw_dialect_check_job(const pw_print_job *job, pw_err *err);

/* Z64's: CRC-16 with the polynomial 1021 that begins with 0 (XMODEM), over the base64 digits. */
unsigned pw_zpl_crc(const char *text, size_t n);

/* A ZPL format up to the picture's ^FS, and its end. Print width, label length and home are the label's own, so
 * that nothing is left of the one before. */
void pw_zpl_begin(const pw_raster *raster, pw_str *out);
void pw_zpl_end(const pw_print_job *job, pw_str *out);

/* The raster's bytes where 0 is black and the spare bits of a row are white. */
void pw_dialect_add_inverted(const pw_raster *raster, pw_str *out);

/* Bytes as they are: pw_dialect_add(out, 3, (const uint8_t[]){…}). */
void pw_dialect_add(pw_str *out, size_t n, const uint8_t *bytes);

/* "50.8": a length in millimetres with as few decimals as it takes. */
void pw_dialect_add_mm(pw_str *out, double um);

#endif
