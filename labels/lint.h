/*
 * Can this label be printed, read by a scanner and read by a person? Looks at a layout, that is, at a
 * template, its fields and a printer's dots together, and says what is wrong and where in the template:
 *
 *	dense         a module is narrower than two dots, or than the template's or the least width
 *	no-room       a symbol has no room in its area
 *	quiet-zone    the quiet zone is narrower than the standard's, or something stands in it
 *	text-fit      a text is too wide or too high at its smallest size
 *	text-cut      (warning) a text was shortened with "…", which its element allows
 *	text-small    (warning) capitals of fewer than PW_LINT_MIN_DOTS dots
 *	unprintable   a character that no installed font has
 *	outside       something reaches over the label's edge
 *	unread        no text on the label says what a symbol does, or the end of it
 */
#ifndef PW_LABELS_LINT_H
#define PW_LABELS_LINT_H

#include "core/base/report.h"
#include "labels/layout.h"

#define PW_LINT_MIN_DOTS   8 /* of capitals that can be read */
#define PW_LINT_MIN_MODULE 2 /* dots: a printer can't place the edges of fewer */

/* Adds what is wrong to the report, with the element's line and column. */
void pw_label_lint(const pw_label_layout *layout, pw_report *report);

#endif
