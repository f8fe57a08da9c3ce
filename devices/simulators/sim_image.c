#include "devices/simulators/sim_image.h"

pw_sim_page *pw_sim_image_page(pw_sim_image *image)
{
	if (image->page.bits == NULL)
		pw_sim_page_init(&image->page, image->width, image->height);
	return &image->page;
}

void pw_sim_image_resize(pw_sim_image *image, int64_t width, int64_t height)
{
	image->width = width;
	image->height = height;
	pw_sim_page_clear(&image->page);
}

void pw_sim_image_clear(pw_sim_image *image)
{
	pw_sim_page_clear(&image->page);
}

pw_sim_page pw_sim_image_copy(pw_sim_image *image, int copies)
{
	const pw_sim_page *from = pw_sim_image_page(image);
	pw_sim_page page;
	pw_sim_page_init(&page, from->width, from->height);
	pw_sim_page_draw(&page, 0, 0, from->bits, from->stride, (size_t)from->height,
			 PW_SIM_REPLACE);
	page.copies = copies;
	return page;
}

bool pw_sim_image_begin(pw_sim_image *image, const int64_t n[4], pw_sim_ink ink)
{
	if (n[2] < 1 || n[3] < 1)
		return false;
	image->x = n[0];
	image->y = n[1];
	image->stride = (size_t)n[2];
	image->rows = (size_t)n[3];
	image->row = image->column = 0;
	image->ink = ink;
	image->raw = true;
	return true;
}

void pw_sim_image_feed(pw_sim_image *image, uint8_t byte)
{
	uint8_t black = (uint8_t)~byte;
	pw_sim_page_draw(pw_sim_image_page(image), image->x + (int64_t)image->column * 8,
			 image->y + (int64_t)image->row, &black, 1, 1, image->ink);
	if (++image->column < image->stride)
		return;
	image->column = 0;
	image->raw = ++image->row < image->rows;
}
