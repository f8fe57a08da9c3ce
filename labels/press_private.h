/* What the parts of the press share: tiles and rasters (press.c), drawing and pictures (press_draw.c). */
#ifndef PW_LABELS_PRESS_PRIVATE_H
#define PW_LABELS_PRESS_PRIVATE_H

#include "labels/press.h"

/* Draws whatever an item is, but for symbols. */
void pw_press_draw(pw_canvas *canvas, const pw_label_item *item);

/* What a run of dark modules becomes: dots of a raster, or a rectangle of a picture. */
typedef void pw_press_run(void *to, pw_area dots);

/* Calls `draw` for every run of dark modules in a row of the symbol as it is read. */
void pw_press_each_run(const pw_label_item *item, pw_press_run *draw, void *to);

/* Whether a symbol is burnt; NULL for all. */
typedef bool pw_press_filter(const pw_label_item *item);

/* As pw_press_raster, with those of the symbols that are wanted. */
PW_NODISCARD pw_status pw_press_burn(pw_press *press, const pw_label_layout *layout,
				     pw_press_filter *wanted, pw_raster *out, pw_err *err);

#endif
