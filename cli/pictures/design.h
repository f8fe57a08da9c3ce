/*
 * The picture of a design: its matrix, a pool a line, black where a sample is in; then each plate of
 * samples, with the numbers of the pools that go on from every well, and each plate of pools. What a technician pipettes by, and
 * what shows at a glance that a matrix is what it should be.
 *
 * A PDF has a page for the matrix and one for each plate; an SVG or PNG has them one below the other.
 */
#ifndef PW_CLI_PICTURES_DESIGN_H
#define PW_CLI_PICTURES_DESIGN_H

#include "core/pooling/design.h"
#include "labels/canvas.h"

/* Appends the picture's bytes. `dpi` is for PNG only. PW_ERR_LIMIT for more than 200,000 ones, and for
 * more than 8 plates in anything but a PDF; and the errors of pw_canvas_new and pw_canvas_finish. */
PW_NODISCARD pw_status pw_design_picture_draw(const pw_design *design, pw_canvas_format format,
					      double dpi, pw_str *out, pw_err *err);

#endif
