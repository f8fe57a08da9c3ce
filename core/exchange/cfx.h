/*
 * The CSV exports of Bio-Rad CFX (CFX Maestro, CFX Manager: "Export All Data Sheets").
 *
 * "<run> -  Quantification Cq Results.csv" is read into a run: a row per well and dye, with the columns
 * Well ("A01"), Fluor, Target, Content, Sample and Cq among others, in any order, also behind the block
 * "File Name, … Run Started, …" that some versions write. The target is Target, or Fluor where that is
 * empty. No Cq is NaN or N/A. CFX says nothing of amplification: it is PW_AMP_UNKNOWN everywhere. With a
 * decimal comma the delimiter is ;, which is seen from the file. The plate is 384 when a well is beyond H12,
 * else 96: CFX lists the wells in use only and never says which plate it was.
 *
 * The run's name is the part of the file's name in front of "Quantification", or what File Name says; the
 * barcode is the block's ID, or the capitals and digits at the start of the name when they hold a digit and
 * are no date ("P00012_repeat" → "P00012", "sam_2024-12-12" → ""): a candidate, to be looked up.
 *
 * "<run> -  Quantification Amplification Results_<dye>.csv" holds the curves of one dye, a column per well
 * ("A1") and a row per cycle: baseline-subtracted fluorescence.
 */
#ifndef PW_EXCHANGE_CFX_H
#define PW_EXCHANGE_CFX_H

#include "core/exchange/run_reader.h"

/* "cfx-cq" */
extern const pw_run_reader pw_cfx_reader;

/*
 * Adds the curves of one dye to a run read from the Cq Results file. The dye comes from the file's name;
 * where that has none, a run of a single dye needs none. A curve goes to the targets that its well has in
 * that dye; a well beyond H12 makes the plate a 384. New memory is the arena's, which must be the run's or
 * live as long. The run is unchanged when it fails: PW_ERR_FORMAT for a file that is none or has errors in
 * *report (may be NULL), PW_ERR_NOT_FOUND when the run has no such dye, PW_ERR_EXISTS when a well and
 * target has a curve already, PW_ERR_LIMIT over 64 MiB. Warnings: "run-differs" when the file's name says
 * another run, "curve-without-reading" for wells that the run does not list, whose curves are left out.
 */
PW_NODISCARD pw_status pw_cfx_read_curves(const void *bytes, size_t n, const char *file_name,
					  pw_arena *arena, pw_run_file *io_run, pw_report *report,
					  pw_err *err);

/* The part of a CFX file's name in front of "Quantification", without the separators between; the whole
 * name without extension when it has no such word. */
pw_slice pw_cfx_run_name(const char *file_name);

#endif
