#include "labels/canvas.h"

#include <math.h>
#include <string.h>

#include <cairo-pdf.h>
#include <cairo-svg.h>

#include "core/base/mem.h"
#include "labels/canvas_private.h"

#define MM_PER_INCH   25.4
#define POINTS_PER_MM (72.0 / MM_PER_INCH)
#define PDF_DATE      "2000-01-01T00:00:00Z" /* cairo writes one whatever we do: always the same */
#define MAX_TITLE     1000

/* One row per format: a new one is a new row. */
struct canvas_output {
	const char *name;
	bool many_pages, of_dots;
	double (*unit)(const pw_canvas_opts *opts); /* device units per millimetre */
	cairo_surface_t *(*open)(pw_canvas *c, double width, double height);
	cairo_status_t (*close)(pw_canvas *c); /* the surface is finished; the rest to c->bytes */
};

static cairo_status_t write_bytes(void *closure, const unsigned char *data, unsigned int length)
{
	pw_str_add_n(closure, (const char *)data, length);
	return CAIRO_STATUS_SUCCESS;
}

static double points(const pw_canvas_opts *opts)
{
	(void)opts;
	return POINTS_PER_MM;
}

static double dots(const pw_canvas_opts *opts)
{
	return opts->dpi / MM_PER_INCH;
}

static cairo_surface_t *open_svg(pw_canvas *c, double width, double height)
{
	return cairo_svg_surface_create_for_stream(write_bytes, &c->bytes, width, height);
}

static cairo_surface_t *open_pdf(pw_canvas *c, double width, double height)
{
	return cairo_pdf_surface_create_for_stream(write_bytes, &c->bytes, width, height);
}

static cairo_surface_t *open_png(pw_canvas *c, double width, double height)
{
	(void)c;
	return cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(width),
					  (int)lround(height));
}

static cairo_status_t close_vector(pw_canvas *c)
{
	cairo_surface_finish(c->surface);
	return cairo_surface_status(c->surface);
}

static cairo_status_t close_svg(pw_canvas *c)
{
	cairo_status_t status = close_vector(c);
	pw_str tidy = PW_STR_INIT;
	pw_canvas_tidy_svg(&c->bytes, &tidy);
	pw_str_clear(&c->bytes);
	c->bytes = tidy;
	return status;
}

static cairo_status_t close_png(pw_canvas *c)
{
	cairo_surface_flush(c->surface);
	return cairo_surface_write_to_png_stream(c->surface, write_bytes, &c->bytes);
}

static cairo_status_t close_bits(pw_canvas *c)
{
	size_t height = (size_t)c->window.height, stride = ((size_t)c->window.width + 7) / 8;
	uint8_t *bits = pw_alloc_array(height, stride);
	pw_canvas_take(c, bits, stride);
	pw_str_add_n(&c->bytes, (const char *)bits, height * stride);
	pw_free(bits);
	return cairo_surface_status(c->surface);
}

static const struct canvas_output outputs[] = {
	[PW_CANVAS_SVG] = {"svg", false, false, points, open_svg, close_svg},
	[PW_CANVAS_PNG] = {"png", false, true, dots, open_png, close_png},
	[PW_CANVAS_PDF] = {"pdf", true, false, points, open_pdf, close_vector},
	[PW_CANVAS_BITS] = {"bits", false, true, dots, open_png, close_bits},
};

#define OUTPUT_COUNT (sizeof(outputs) / sizeof(outputs[0]))

const char *pw_canvas_format_name(pw_canvas_format format)
{
	PW_BUG_IF((size_t)format >= OUTPUT_COUNT);
	return outputs[format].name;
}

bool pw_canvas_format_parse(const char *text, pw_canvas_format *out)
{
	for (size_t i = 0; i < OUTPUT_COUNT; i++) {
		if (strcmp(text, outputs[i].name) == 0) {
			*out = (pw_canvas_format)i;
			return true;
		}
	}
	return false;
}

static pw_status check_size(double width, double height, pw_err *err)
{
	if (!(width > 0 && height > 0))
		return pw_fail(err, PW_ERR_ARG, "a page of %g × %g mm: both sides must be above 0",
			       width, height);
	if (width > PW_CANVAS_MAX_SIDE || height > PW_CANVAS_MAX_SIDE)
		return pw_fail(err, PW_ERR_LIMIT, "a page of %g × %g mm: a side is at most %g mm",
			       width, height, PW_CANVAS_MAX_SIDE);
	return PW_OK;
}

static pw_status check_dots(const pw_canvas_opts *opts, pw_err *err)
{
	if (!(opts->dpi > 0))
		return pw_fail(err, PW_ERR_ARG, "%g dots per inch: give a number above 0",
			       opts->dpi);
	if (opts->dpi > PW_CANVAS_MAX_DPI)
		return pw_fail(err, PW_ERR_LIMIT, "%g dots per inch: at most %g are drawn",
			       opts->dpi, PW_CANVAS_MAX_DPI);
	double pixels = round(opts->width * dots(opts)) * round(opts->height * dots(opts));
	if (pixels < 1)
		return pw_fail(err, PW_ERR_ARG,
			       "%g × %g mm at %g dpi have no dot: ask for more dpi", opts->width,
			       opts->height, opts->dpi);
	if (pixels > (double)PW_CANVAS_MAX_PIXELS)
		return pw_fail(err, PW_ERR_LIMIT,
			       "%g × %g mm at %g dpi are %.0f dots: at most %ld are drawn, ask for "
			       "fewer dpi",
			       opts->width, opts->height, opts->dpi, pixels, PW_CANVAS_MAX_PIXELS);
	return PW_OK;
}

static pw_status check_opts(const pw_canvas_opts *opts, pw_err *err)
{
	PW_BUG_IF((size_t)opts->format >= OUTPUT_COUNT);
	pw_status rc = check_size(opts->width, opts->height, err);
	if (rc == PW_OK && outputs[opts->format].of_dots)
		rc = check_dots(opts, err);
	return rc;
}

static pw_status cairo_problem(cairo_status_t status, pw_err *err)
{
	if (status == CAIRO_STATUS_NO_MEMORY)
		return pw_fail(err, PW_ERR_NO_MEMORY, "no memory for the picture: make it smaller");
	return pw_fail(err, PW_ERR_ARG, "the picture can't be drawn: %s",
		       cairo_status_to_string(status));
}

static void describe_pdf(pw_canvas *c, const char *title)
{
	cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_CREATE_DATE, PDF_DATE);
	cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_CREATOR, "poolwell");
	if (title != NULL) {
		/* cairo ends the process's patience with bytes that are not UTF-8. */
		char *text = g_utf8_make_valid(title, (gssize)strnlen(title, MAX_TITLE));
		cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_TITLE, text);
		g_free(text);
	}
}

static void paint_paper(pw_canvas *c)
{
	pw_canvas_set_ink(c, PW_INK_WHITE);
	cairo_paint(c->cr);
	c->pages++;
}

pw_status pw_canvas_new(const pw_canvas_opts *opts, pw_canvas **out, pw_err *err)
{
	pw_status rc = check_opts(opts, err);
	if (rc != PW_OK)
		return rc;
	pw_canvas *c = pw_alloc(sizeof(*c));
	c->output = &outputs[opts->format];
	c->dpi = opts->dpi;
	c->colour = opts->colour;
	double unit = c->output->unit(opts);
	c->surface = c->output->open(c, opts->width * unit, opts->height * unit);
	if (opts->format == PW_CANVAS_PDF)
		describe_pdf(c, opts->title);
	c->cr = cairo_create(c->surface);
	cairo_status_t status = cairo_status(c->cr);
	if (status != CAIRO_STATUS_SUCCESS) {
		rc = cairo_problem(status, err);
		pw_canvas_free(c);
		return rc;
	}
	cairo_scale(c->cr, unit, unit);
	c->language = pango_language_from_string(opts->language != NULL ? opts->language : "en");
	paint_paper(c);
	if (opts->format == PW_CANVAS_BITS)
		c->window = (pw_canvas_window){0, 0, cairo_image_surface_get_width(c->surface),
					       cairo_image_surface_get_height(c->surface)};
	*out = c;
	return PW_OK;
}

pw_status pw_canvas_page(pw_canvas *c, double width, double height, pw_err *err)
{
	PW_BUG_IF(c->cr == NULL);
	pw_status rc = check_size(width, height, err);
	if (rc != PW_OK)
		return rc;
	if (!c->output->many_pages)
		return pw_fail(err, PW_ERR_ARG, "%s has one page: draw many pages as pdf",
			       c->output->name);
	if (c->pages >= PW_CANVAS_MAX_PAGES)
		return pw_fail(err, PW_ERR_LIMIT, "a document has at most %d pages",
			       PW_CANVAS_MAX_PAGES);
	cairo_show_page(c->cr);
	cairo_pdf_surface_set_size(c->surface, width * POINTS_PER_MM, height * POINTS_PER_MM);
	paint_paper(c);
	return PW_OK;
}

/* Lines and context are of no use once the page is finished. */
static void drop_pens(pw_canvas *c)
{
	pw_kept_drop(c);
	if (c->cr != NULL)
		cairo_destroy(c->cr);
	c->cr = NULL;
}

pw_status pw_canvas_finish(pw_canvas *c, pw_str *out, pw_err *err)
{
	PW_BUG_IF(c->cr == NULL);
	cairo_status_t status = cairo_status(c->cr);
	drop_pens(c);
	if (status == CAIRO_STATUS_SUCCESS)
		status = c->output->close(c);
	if (status != CAIRO_STATUS_SUCCESS)
		return cairo_problem(status, err);
	if (c->bad_number)
		return pw_fail(err, PW_ERR_ARG, "the picture has a length that is not a number");
	pw_str_add_n(out, pw_str_text(&c->bytes), c->bytes.len);
	return PW_OK;
}

void pw_canvas_free(pw_canvas *c)
{
	if (c == NULL)
		return;
	drop_pens(c);
	if (c->surface != NULL)
		cairo_surface_destroy(c->surface); /* may still write to c->bytes */
	pw_str_clear(&c->bytes);
	pw_free(c);
}

size_t pw_canvas_missing(const pw_canvas *c)
{
	return c->missing;
}

void pw_canvas_set_ink(pw_canvas *c, pw_ink ink)
{
	PW_BUG_IF(c->cr == NULL);
	if (c->colour)
		cairo_set_source_rgb(c->cr, (double)(ink.rgb >> 16 & 0xFF) / 255,
				     (double)(ink.rgb >> 8 & 0xFF) / 255,
				     (double)(ink.rgb & 0xFF) / 255);
	else
		cairo_set_source_rgb(c->cr, ink.grey / 255.0, ink.grey / 255.0, ink.grey / 255.0);
}

bool pw_canvas_numbers_ok(pw_canvas *c, const double *numbers, size_t n)
{
	PW_BUG_IF(c->cr == NULL);
	for (size_t i = 0; i < n; i++)
		if (!isfinite(numbers[i]))
			c->bad_number = true;
	return !c->bad_number;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED_FOR_LEAKS
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WATCHED_FOR_LEAKS
#endif

#ifdef WATCHED_FOR_LEAKS
/* fontconfig keeps its settings behind relative pointers, which LeakSanitizer takes for lost; cairo
 * 1.16 loses 768 bytes per OpenType font and PDF. What is our own is still reported. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig.so\nleak:libcairo.so\n";
}

const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}
#endif
