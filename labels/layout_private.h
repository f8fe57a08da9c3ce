/* What the parts of the layout share: layout.c places elements, layout_text.c fits texts,
 * layout_symbol.c puts symbols on dots. */
#ifndef PW_LABELS_LAYOUT_PRIVATE_H
#define PW_LABELS_LAYOUT_PRIVATE_H

#include "labels/layout.h"

/* Fills in lines, size, over, missing and ink of a text item whose text and area are there. */
void pw_label_fit_text(pw_label_layout *layout, pw_label_item *item, pw_canvas *canvas);

/* Makes and places the symbol of an item whose text and area are there. */
PW_NODISCARD pw_status pw_label_place_symbol(pw_label_layout *layout, pw_label_item *item,
					     pw_err *err);

/* Turns an area within `at`, given as the element is read (from its upper left as one reads), onto the
 * page. */
pw_area pw_label_turned(pw_area at, pw_area local, int turn);

#endif
