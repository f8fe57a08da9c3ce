/* What the three files of the assay linter share. Not for other modules: they see core/model/assay.h. */
#ifndef PW_MODEL_ASSAY_LINT_H
#define PW_MODEL_ASSAY_LINT_H

#include "core/base/str.h"
#include "core/model/assay_table.h"
#include "core/model/cover.h"

enum { MAX_SAID = 24 }; /* findings of one code about one thing, before "and more" */

/* A cell of the space: the bands of a well, the state of its tube, the class of the instrument. */
typedef struct lint_place {
	int bands[MAX_TARGETS];
	int state, class;
} lint_place;

/* Holes and overlaps within the lists of bands (assay_lint_bands.c). */
void pw_assay_lint_bands(const pw_assay *assay, pw_report *report);

/* "36.00", "no Cq", "36.00 (amp no-amp)": one reading of a piece; the amplification only where it matters. */
void pw_assay_say_example(pw_str *out, const band_map *map, int piece, pw_amp amp);

/* "at least 1 of N1/N2 pos, RP neg, attempt 2": the dimensions are the targets, then state and class
 * (assay_lint_words.c). */
void pw_assay_say_region(pw_str *out, const pw_assay *assay, const pw_region *region);

/* "N1 36.00, N2 no Cq, RP 27.00, attempt 1": a reading for each band. */
void pw_assay_say_place(pw_str *out, const pw_assay *assay, const lint_place *at);

#endif
