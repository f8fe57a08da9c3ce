/*
 * Writes runs as the instruments do, for simulated instruments and for tests: the other direction of
 * quantstudio.h and cfx.h, byte for byte in the vendors' layout. What was written reads back as the same
 * pw_run_file, but for `line`, within what each format can say:
 *   quantstudio: Cq and fluorescence to three decimals; `ended_at` to the second, as UTC;
 *   cfx: well, sample, target, reporter, task, Cq and curves, exactly; not amplification, calls, omitted
 *   wells (which CFX does not list) or the instrument. A run of 384 needs a well beyond H12 to be seen
 *   as one, and its name is in the file's name (pw_cfx_file_name).
 * Texts are single lines; space around them is lost. Everything appends to *out.
 */
#ifndef PW_EXCHANGE_RUN_WRITER_H
#define PW_EXCHANGE_RUN_WRITER_H

#include "core/base/str.h"
#include "core/model/run_file.h"

/* Header, [Sample Setup], [Amplification Data] when there are curves, [Results]; CRLF. The table has the
 * columns of a QuantStudio 6 Flex presence/absence export, and Amp Status behind Cq Conf. Rn, which a run
 * does not keep, is Delta Rn above a background of one. */
void pw_quantstudio_write(const pw_run_file *run, pw_str *out);

/* Quantification Cq Results.csv: a row per reading, dye after dye; CRLF. */
void pw_cfx_cq_write(const pw_run_file *run, pw_str *out);

/* Quantification Amplification Results_<reporter>.csv: the curves of one dye; CRLF. */
void pw_cfx_amplification_write(const pw_run_file *run, const char *reporter, pw_str *out);

/* "P00012", "Cq Results", "" → "P00012 -  Quantification Cq Results.csv";
 * "P00012", "Amplification Results", "FAM" → "P00012 -  Quantification Amplification Results_FAM.csv". */
void pw_cfx_file_name(const char *run_name, const char *sheet, const char *reporter, pw_str *out);

#endif
