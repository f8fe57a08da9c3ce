/*
 * The press: layouts → pictures. One layout gives the one-bit raster that every printer gets, and the same
 * picture as SVG and PDF for the screen and for office printers. A press keeps its canvas and fonts from
 * label to label; it is for one template and one resolution, and for one thread at a time.
 */
#ifndef PW_LABELS_PRESS_H
#define PW_LABELS_PRESS_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "labels/layout.h"
#include "labels/raster.h"
#include "labels/template.h"

typedef struct pw_press pw_press;

#define PW_PRESS_MIN_DPI 100
#define PW_PRESS_MAX_DPI 1200

/* The template must outlive the press. PW_ERR_ARG for a dpi out of bounds, PW_ERR_LIMIT for a page of
 * more dots than are drawn (canvas.h). Free with pw_press_free, which accepts NULL. */
PW_NODISCARD pw_status pw_press_new(const pw_label_template *t, int dpi, pw_press **out,
				    pw_err *err);
void pw_press_free(pw_press *press);

/* As pw_label_layout_new. */
PW_NODISCARD pw_status pw_press_layout(pw_press *press, const pw_label_values *labels, size_t count,
				       pw_label_layout **out, pw_err *err);

/* Burns a layout of this press into *out, which it initialises; free with pw_raster_clear. */
PW_NODISCARD pw_status pw_press_raster(pw_press *press, const pw_label_layout *layout,
				       pw_raster *out, pw_err *err);

/* Layouts as the pages of a picture; PW_CANVAS_SVG takes one, PW_CANVAS_PDF as many as it has pages.
 * Appended to *out. Other formats are PW_ERR_ARG: a PNG is pw_raster_png of the raster. */
PW_NODISCARD pw_status pw_press_picture(const pw_label_layout *const *layouts, size_t count,
					pw_canvas_format format, pw_str *out, pw_err *err);

#endif
