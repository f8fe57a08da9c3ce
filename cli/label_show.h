/* A label on the screen: as half blocks in a terminal, or in the desktop's viewer. */
#ifndef PW_CLI_LABEL_SHOW_H
#define PW_CLI_LABEL_SHOW_H

#include "cli/cmd.h"
#include "labels/raster.h"

/*
 * Appends the raster as lines of at most `columns` characters, each of two squares one above the other: dots, or as
 * many as it takes to be no wider. With `grey` in the shades of terminals with 256 colours, else a block where a third is
 * black.
 */
void pw_label_blocks(const pw_raster *raster, int columns, bool grey, pw_str *out);

/* Shows a picture of which `name` is the file's, "tube.png", with xdg-open: in a folder that is left for the viewer. Its
 * path is said. PW_ERR_NOT_FOUND when there is no xdg-open or it finds no viewer or display, PW_ERR_IO when
 * the file can't be written. */
PW_NODISCARD pw_status pw_label_open(pw_ctx *ctx, const char *name, const pw_str *bytes,
				     pw_err *err);

#endif
