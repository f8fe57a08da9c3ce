/* The inside of a design, for design*.c alone. */
#ifndef PW_POOLING_DESIGN_IMPL_H
#define PW_POOLING_DESIGN_IMPL_H

#include "core/base/vec.h"
#include "core/pooling/design.h"

struct pw_design {
	size_t pools, samples, entries;
	uint32_t *row_start; /* pools + 1 */
	uint32_t *members;   /* by pool, sorted */
	uint32_t *col_start; /* samples + 1 */
	uint32_t *pools_of;  /* by sample, sorted */
	pw_place *pool_places, *sample_places;
	char *family, *parameters;
};

/* pw_design_new that also frees *entries (spec->entries, or NULL) and makes it NULL, as soon as they are rows: there may
 * be four million. */
PW_NODISCARD pw_status pw_design_take(const pw_design_spec *spec, pw_design_entry **entries,
				      pw_design **out, pw_err *err);

/*
 * Finishes a design whose rows are known: takes over `row_start` (pools + 1) and `members` (sorted in
 * every row, without repeats), which the caller must not touch again, makes the columns and the places.
 * On error (PW_ERR_FORMAT: a sample in no pool) both are freed.
 */
PW_NODISCARD pw_status pw_design_from_rows(const pw_design_spec *spec, uint32_t *row_start,
					   uint32_t *members, pw_design **out, pw_err *err);

/* Where things stand that the file does not say: plates filled down their columns. */
void pw_design_default_places(pw_place *places, size_t count);

/* ---- design_wells.c ---- */

/* Wells as the comment of a matrix has them. */
typedef struct pw_design_wells {
	PW_VEC(pw_place) places;
	size_t line; /* where they stand; 0: nowhere */
} pw_design_wells;

/* Appends the comment; `what` is "samples" or "pools". */
void pw_design_wells_format(const char *what, const pw_place *places, size_t count, pw_str *out);

/* Whether text[0..n-1] is exactly what such a comment begins with. */
bool pw_design_wells_title(const char *text, size_t n, const char *what);

/* Wells follow in this line; PW_ERR_FORMAT when there were some already. */
PW_NODISCARD pw_status pw_design_wells_begin(pw_design_wells *wells, size_t line, pw_err *err);

/* Reads the well text[0..n-1], which stands at line:column. Of a text longer than any well the beginning
 * is enough. */
PW_NODISCARD pw_status pw_design_wells_add(pw_design_wells *wells, const char *text, size_t n,
					   size_t line, size_t column, pw_err *err);

/* Whether each of the `count` things has one, and of its own; and so if there are none. */
PW_NODISCARD pw_status pw_design_wells_check(const pw_design_wells *wells, const char *what,
					     size_t count, pw_err *err);

#endif
