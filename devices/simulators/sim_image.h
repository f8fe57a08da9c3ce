/*
 * The label as EPL and TSPL build it: a page that commands draw on and that stays until it is cleared, and the picture of
 * raw bytes (0 is black) that is being received for it.
 */
#ifndef PW_DEVICES_SIM_IMAGE_H
#define PW_DEVICES_SIM_IMAGE_H

#include "devices/simulators/sim_private.h"

typedef struct pw_sim_image {
	int64_t width, height; /* of the label, in dots */
	pw_sim_page page;      /* without bits until something is drawn */
	bool raw;              /* bytes of a picture are coming */
	int64_t x, y;
	size_t row, rows, column, stride;
	pw_sim_ink ink;
} pw_sim_image;

/* What is drawn on. */
pw_sim_page *pw_sim_image_page(pw_sim_image *image);

/* A label of another size is empty. */
void pw_sim_image_resize(pw_sim_image *image, int64_t width, int64_t height);

void pw_sim_image_clear(pw_sim_image *image);

/* What is printed: a copy, of which there will be so many; what was drawn stays. */
pw_sim_page pw_sim_image_copy(pw_sim_image *image, int copies);

/* A picture at x, y, of `rows` times `stride` bytes: of these n[0..3], 1 at least of either, or false. */
bool pw_sim_image_begin(pw_sim_image *image, const int64_t n[4], pw_sim_ink ink);

/* Its next byte. */
void pw_sim_image_feed(pw_sim_image *image, uint8_t byte);

#endif
