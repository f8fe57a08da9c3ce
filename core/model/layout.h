/*
 * A plate layout: which wells are for controls, which stay free, and in which order specimens fill the
 * rest. Written as YAML (docs/reference/layouts.md), versioned, and recorded by the hash of its bytes with
 * every plate that follows it. One layout serves both plates of a batch: a control of the extraction
 * stage is put onto the extraction plate and comes along; the well of one of the PCR stage stays empty
 * until the PCR plate is made.
 */
#ifndef PW_MODEL_LAYOUT_H
#define PW_MODEL_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/hash.h"
#include "core/model/assay.h"
#include "core/model/well.h"

#define PW_LAYOUT_MAX_CONTROLS 96

typedef struct pw_layout_control {
	pw_well well;
	char control[16]; /* the name that the assay knows: "NTC" */
	pw_stage stage;
} pw_layout_control;

/* Read only once it is parsed; many threads may read it. */
typedef struct pw_layout {
	char name[32];
	char title[128]; /* or "" */
	int version;
	pw_hash hash; /* of the bytes it was read from */
	pw_plate_format format;
	pw_fill_order order;
	pw_layout_control controls[PW_LAYOUT_MAX_CONTROLS]; /* in the order of filling */
	size_t control_count;
	bool keep_free[PW_MAX_WELLS]; /* by row-major index (PW_BY_ROW) */
} pw_layout;

/*
 * Reads and checks one layout; `name` stands in front of messages. PW_ERR_FORMAT with line and column: a
 * well that is not on the plate, a well named twice (both places), an unknown stage or order, a layout
 * without a specimen well. On success *out belongs to the caller; free with pw_layout_free.
 */
PW_NODISCARD pw_status pw_layout_parse(const void *bytes, size_t n, const char *name,
				       pw_layout **out, pw_err *err);
void pw_layout_free(pw_layout *layout);

/* True for a well on the plate that is neither a control's nor kept free. */
bool pw_layout_is_specimen_well(const pw_layout *layout, pw_well well);

/* The control of a well, or NULL. */
const pw_layout_control *pw_layout_control_at(const pw_layout *layout, pw_well well);

/* How many specimens go onto a plate. */
int pw_layout_specimen_wells(const pw_layout *layout);

/*
 * The first specimen well, in the layout's order, that is not filled; `filled` goes by row-major index.
 * false, with *out left alone, when there is none.
 */
bool pw_layout_next(const pw_layout *layout, const bool filled[PW_MAX_WELLS], pw_well *out);

#endif
