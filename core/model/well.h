/*
 * Wells and plate geometry. A well is zero-based row and column inside, "A1"…"P24" outside; "A01"
 * and "a1" are accepted. Plates are 8 × 12 or 16 × 24; geometry is data, never code elsewhere.
 */
#ifndef PW_MODEL_WELL_H
#define PW_MODEL_WELL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"

typedef struct pw_well {
	uint8_t row, col;
} pw_well;

typedef struct pw_plate_format {
	uint8_t rows, cols;
} pw_plate_format;

#define PW_PLATE_96  ((pw_plate_format){8, 12})
#define PW_PLATE_384 ((pw_plate_format){16, 24})
#define PW_MAX_WELLS 384

/* The order in which a plate is filled: down the columns (A1, B1, …) or along the rows. */
typedef enum pw_fill_order { PW_BY_COLUMN, PW_BY_ROW } pw_fill_order;

/* 96 or 384 → geometry; false for any other number. */
bool pw_plate_format_of(int64_t wells, pw_plate_format *out);
int pw_plate_wells(pw_plate_format format);

/* "A1" at most "P24": 4 bytes with the NUL. */
void pw_well_name(pw_well well, char out[8]);

/* PW_ERR_FORMAT for what is no well, PW_ERR_LIMIT for one that is not on such a plate; the text
 * names the well and the plate's corner: "well 'I1' is not on a 96-well plate (A1 to H12)". */
PW_NODISCARD pw_status pw_well_parse(const char *text, pw_plate_format format, pw_well *out,
				     pw_err *err);

bool pw_well_eq(pw_well a, pw_well b);

/* Position in the fill order, from 0, and back. */
int pw_well_index(pw_well well, pw_plate_format format, pw_fill_order order);
pw_well pw_well_at(int index, pw_plate_format format, pw_fill_order order);

#endif
