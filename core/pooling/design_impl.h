/* The inside of a design, for design*.c alone. */
#ifndef PW_POOLING_DESIGN_IMPL_H
#define PW_POOLING_DESIGN_IMPL_H

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

/*
 * Finishes a design whose rows are known: takes over `row_start` (pools + 1) and `members` (sorted in
 * every row, without repeats), which the caller must not touch again, makes the columns and the places.
 * On error (PW_ERR_FORMAT: a sample in no pool) both are freed.
 */
PW_NODISCARD pw_status pw_design_from_rows(const pw_design_spec *spec, uint32_t *row_start,
					   uint32_t *members, pw_design **out, pw_err *err);

#endif
