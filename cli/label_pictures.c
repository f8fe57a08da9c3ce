/*
 * Files in the place of printers: a PDF of all labels, or a PNG each. All labels of a run are on their way before
 * the first file is written, and confirmed when the files are whole and on the disk.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/file.h"
#include "cli/label_desk.h"
#include "cli/label_texts.h"
#include "core/base/mem.h"
#include "devices/transport/uri.h"

#define MOST_PAGES 5000

bool pw_label_is_picture(const char *language)
{
	return language != NULL && (strcmp(language, "pdf") == 0 || strcmp(language, "png") == 0);
}

/* ---------------------------------------------------------------- names of files */

/* "labels.pdf" → "labels-2.pdf" */
static char *numbered(pw_arena *arena, const char *path, size_t number)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
	if (dot == NULL || dot < path + (slash != NULL ? slash - path + 2 : 1))
		dot = path + strlen(path);
	return pw_arena_printf(arena, "%.*s-%zu%s", (int)(dot - path), path, number, dot);
}

static const char *free_name(pw_label_desk *desk, const char *path)
{
	const char *name = path;
	for (size_t n = 2; !desk->overwrite && access(name, F_OK) == 0; n++)
		name = numbered(pw_ctx_arena(desk->ctx), path, n);
	return name;
}

static pw_status path_of(pw_label_desk *desk, const char *uri, const char **out, pw_err *err)
{
	static const char *const known[] = {"language", "dpi", NULL};
	pw_uri parsed;
	pw_status rc = pw_uri_parse(uri, &parsed, err);
	if (rc == PW_OK && strcmp(parsed.scheme, "file") != 0)
		rc = pw_fail(err, PW_ERR_ARG,
			     "'%s': pictures go into a file: file:NAME.pdf?language=pdf", uri);
	if (rc == PW_OK)
		rc = pw_uri_check(&parsed, known, err);
	if (rc == PW_OK && parsed.place[0] == '\0')
		rc = pw_fail(err, PW_ERR_ARG, "'%s' names no file", uri);
	if (rc == PW_OK)
		*out = pw_arena_strdup(pw_ctx_arena(desk->ctx), parsed.place);
	return rc;
}

/* ---------------------------------------------------------------- pages */

/* As many labels of the work as there is room for on a page. */
static pw_status lay_out_page(pw_label_desk *desk, const pw_label_work *work, size_t first,
			      size_t count, pw_label_layout **out, pw_err *err)
{
	pw_label_values *labels;
	pw_label_content content;
	pw_label_layout *one = NULL;
	pw_arena arena = PW_ARENA_INIT;
	pw_status rc = PW_OK;
	labels = pw_arena_array(&arena, count, sizeof(*labels));
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		rc = pw_label_desk_make(desk, work, first + i, &one, err);
		if (rc == PW_OK)
			rc = work->content(work->ctx, first + i, &content, err);
		if (rc == PW_OK)
			labels[i] = *pw_label_values_of(&arena, desk->t, &content);
		pw_label_layout_free(one);
		one = NULL;
	}
	if (rc == PW_OK)
		rc = pw_press_layout(desk->press, labels, count, out, err);
	pw_arena_clear(&arena);
	return rc;
}

static pw_status write_pdf(pw_label_desk *desk, const pw_label_work *work, const char *path,
			   pw_err *err)
{
	size_t room = (size_t)pw_label_template_room(desk->t);
	size_t pages = (work->count + room - 1) / room, made = 0;
	if (pages > MOST_PAGES)
		return pw_fail(
			err, PW_ERR_LIMIT,
			"%zu pages are more than the %d of a PDF: print fewer labels at once",
			pages, MOST_PAGES);
	pw_label_layout **layouts = pw_alloc_array(pages, sizeof(pw_label_layout *));
	pw_status rc = PW_OK;
	while (rc == PW_OK && made < pages) {
		size_t first = made * room;
		size_t count = work->count - first < room ? work->count - first : room;
		rc = lay_out_page(desk, work, first, count, &layouts[made], err);
		made += rc == PW_OK ? 1 : 0;
	}
	pw_str_truncate(&desk->bytes, 0);
	if (rc == PW_OK)
		rc = pw_press_picture((const pw_label_layout *const *)layouts, pages, PW_CANVAS_PDF,
				      &desk->bytes, err);
	if (rc == PW_OK)
		rc = pw_file_write(path, desk->bytes.ptr, desk->bytes.len, desk->overwrite, err);
	for (size_t i = 0; i < made; i++)
		pw_label_layout_free(layouts[i]);
	pw_free(layouts);
	return rc;
}

static pw_status write_png(pw_label_desk *desk, const pw_label_work *work, size_t page,
			   const char *path, pw_err *err)
{
	size_t room = (size_t)pw_label_template_room(desk->t), first = page * room;
	size_t count = work->count - first < room ? work->count - first : room;
	pw_label_layout *layout = NULL;
	pw_raster raster = PW_RASTER_INIT;
	pw_status rc = lay_out_page(desk, work, first, count, &layout, err);
	if (rc == PW_OK)
		rc = pw_press_raster(desk->press, layout, &raster, err);
	pw_str_truncate(&desk->bytes, 0);
	if (rc == PW_OK) {
		pw_raster_png(&raster, &desk->bytes);
		rc = pw_file_write(path, desk->bytes.ptr, desk->bytes.len, desk->overwrite, err);
	}
	pw_raster_clear(&raster);
	pw_label_layout_free(layout);
	return rc;
}

/* ---------------------------------------------------------------- the run */

static pw_status tell_all(const pw_label_work *work, size_t first, size_t end, pw_work_fate fate,
			  pw_err *err)
{
	pw_status rc = PW_OK;
	for (size_t i = first; rc == PW_OK && i < end; i++)
		rc = work->changed(work->ctx, i, fate, err);
	return rc;
}

/* Labels first … end-1 go into one file; where it can't be written, none of them has left. */
static pw_status write_labels(pw_label_desk *desk, const pw_label_work *work, size_t first,
			      size_t end, const char *path, pw_err *err)
{
	bool pdf = strcmp(work->printer->language, "pdf") == 0;
	size_t room = (size_t)pw_label_template_room(desk->t);
	pw_status rc = tell_all(work, first, end, PW_WORK_SENDING, err);
	if (rc != PW_OK)
		return rc;
	rc = pdf ? write_pdf(desk, work, path, err)
		 : write_png(desk, work, first / room, path, err);
	pw_status told =
		tell_all(work, first, end, rc == PW_OK ? PW_WORK_CONFIRMED : PW_WORK_WAITING,
			 rc == PW_OK ? err : NULL);
	return rc != PW_OK ? rc : told;
}

pw_status pw_label_print_pictures(pw_label_desk *desk, const pw_label_work *work, pw_err *err)
{
	const char *path;
	bool pdf = strcmp(work->printer->language, "pdf") == 0;
	pw_status rc = path_of(desk, work->printer->uri, &path, err);
	if (rc == PW_OK)
		rc = pw_label_desk_take(desk, &work->stock, work->printer->dpi, err);
	if (rc != PW_OK)
		return rc;
	size_t room = (size_t)pw_label_template_room(desk->t);
	size_t each = pdf ? work->count : room;
	for (size_t i = 0, n = 1; rc == PW_OK && i < work->count; i += each, n++) {
		size_t end = work->count - i < each ? work->count : i + each;
		const char *name = !pdf && work->count > room
					   ? numbered(pw_ctx_arena(desk->ctx), path, n)
					   : path;
		name = free_name(desk, name);
		rc = write_labels(desk, work, i, end, name, err);
		if (rc == PW_OK)
			pw_ctx_say(desk->ctx, "%zu label%s in %s", end - i,
				   end - i == 1 ? " is" : "s are", name);
	}
	return rc;
}
