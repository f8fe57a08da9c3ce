#include "cli/label_make.h"

#include <string.h>

#include "labels/dialect.h"
#include "labels/shipped.h"

#define MAX_TEMPLATE ((size_t)1024 * 1024)

const char *const pw_label_dpi_words[] = {"203", "300", "600", "180", "360", NULL};
const int pw_label_dpi_numbers[] = {203, 300, 600, 180, 360, 0};

int pw_label_dpi(const pw_ctx *ctx)
{
	return pw_label_dpi_numbers[pw_ctx_choice(ctx, "dpi")];
}

static pw_status not_found(const char *name, pw_err *err)
{
	pw_str names = PW_STR_INIT;
	for (const pw_embedded *file = pw_shipped_templates; file->name != NULL; file++)
		pw_str_addf(&names, "%s%.*s", names.len > 0 ? ", " : "",
			    (int)strcspn(file->name, "."), file->name);
	pw_status rc = pw_fail(err, PW_ERR_NOT_FOUND,
			       "no label '%s': there are %s; a file is named with its dot", name,
			       pw_str_text(&names));
	pw_str_clear(&names);
	return rc;
}

pw_status pw_label_load(pw_ctx *ctx, const char *name, pw_label_template **out, pw_err *err)
{
	if (strchr(name, '.') == NULL && strchr(name, '/') == NULL) {
		const pw_embedded *file = pw_shipped_template(name);
		return file == NULL ? not_found(name, err)
				    : pw_label_template_parse(file->bytes, file->size, file->name,
							      out, err);
	}
	pw_str bytes = PW_STR_INIT;
	pw_status rc = pw_ctx_read(ctx, name, MAX_TEMPLATE, &bytes, err);
	if (rc == PW_OK)
		rc = pw_label_template_parse(pw_str_text(&bytes), bytes.len, name, out, err);
	pw_str_clear(&bytes);
	return rc;
}

/* Labels as they grow; every one has room for all fields. */
typedef struct sets {
	pw_arena *arena;
	const pw_label_template *t;
	pw_label_values *labels;
	pw_label_value *values; /* of the last label */
	bool set_here[PW_LABEL_MAX_FIELDS];
	size_t count;
} sets;

/* The next label, which begins as a copy of the last one. */
static void add_label(sets *s)
{
	size_t kept = s->count > 0 ? s->labels[s->count - 1].count : 0;
	pw_label_value *values = pw_arena_array(s->arena, PW_LABEL_MAX_FIELDS, sizeof(*values));
	for (size_t i = 0; i < kept; i++)
		values[i] = s->values[i];
	memset(s->set_here, 0, sizeof(s->set_here));
	s->values = values;
	s->labels[s->count++] = (pw_label_values){values, kept};
}

static pw_status set(sets *s, pw_label_value value, pw_err *err)
{
	const pw_label_field *field = pw_label_template_field(s->t, value.name);
	size_t index = field != NULL ? (size_t)(field - s->t->fields) : 0;
	if (field != NULL && s->set_here[index]) {
		if (pw_label_template_room(s->t) == 1)
			return pw_fail(err, PW_ERR_ARG,
				       "field '%s' is set twice, and label '%s' is one label",
				       value.name, s->t->name);
		add_label(s);
	}
	pw_label_values *label = &s->labels[s->count - 1];
	size_t at = 0;
	while (at < label->count && strcmp(s->values[at].name, value.name) != 0)
		at++;
	if (at == PW_LABEL_MAX_FIELDS)
		return pw_fail(err, PW_ERR_ARG, "more than %d fields are set", PW_LABEL_MAX_FIELDS);
	if (at == label->count)
		label->count++;
	s->values[at] = value;
	s->set_here[index] = field != NULL;
	return PW_OK;
}

pw_status pw_label_read_sets(pw_ctx *ctx, const pw_label_template *t, const char *option,
			     pw_label_values **out, size_t *out_count, pw_err *err)
{
	int words = pw_ctx_count(ctx, option);
	sets s = {.arena = pw_ctx_arena(ctx), .t = t};
	s.labels = pw_arena_array(s.arena, (size_t)words + 1, sizeof(*s.labels));
	add_label(&s);
	for (int i = 0; i < words; i++) {
		const char *word = pw_ctx_value(ctx, option, i)->text;
		const char *equals = strchr(word, '=');
		if (equals == NULL || equals == word)
			return pw_fail(err, PW_ERR_ARG, "--%s '%s': write FIELD=TEXT", option,
				       word);
		char *name = pw_arena_strndup(s.arena, word, (size_t)(equals - word));
		pw_status rc = set(&s, (pw_label_value){name, equals + 1}, err);
		if (rc != PW_OK)
			return rc;
	}
	*out = s.labels;
	*out_count = s.count;
	return PW_OK;
}

pw_label_values *pw_label_examples(pw_ctx *ctx, const pw_label_template *t)
{
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_label_values *label = pw_arena_alloc(arena, sizeof(*label));
	pw_label_value *values = pw_arena_array(arena, PW_LABEL_MAX_FIELDS, sizeof(*values));
	for (size_t i = 0; i < t->field_count; i++)
		values[i] = (pw_label_value){t->fields[i].name, t->fields[i].example};
	*label = (pw_label_values){values, t->field_count};
	return label;
}

/* The pictures first, then the dialects in their order. */
const char *const pw_label_formats[] = {"png",     "svg",  "pdf",          "zpl",    "tspl", "epl",
					"brother", "dymo", "brother-wide", "ptouch", NULL};

static pw_status burn(pw_press *press, const pw_label_layout *page, int format, pw_str *out,
		      pw_err *err)
{
	pw_raster raster = PW_RASTER_INIT;
	pw_print_job job = PW_PRINT_JOB_INIT;
	pw_dialect dialect;
	job.gap = page->template->gap;
	job.two_colours = page->template->red;
	pw_status rc = pw_press_raster(press, page, &raster, err);
	if (rc == PW_OK && pw_dialect_parse(pw_label_formats[format], &dialect))
		rc = pw_dialect_encode(dialect, &raster, &job, out, err);
	else if (rc == PW_OK)
		pw_raster_png(&raster, out);
	pw_raster_clear(&raster);
	return rc;
}

pw_status pw_label_encode(pw_press *press, pw_label_layout *const *pages, size_t count, int format,
			  pw_str *out, pw_err *err)
{
	const char *word = pw_label_formats[format];
	pw_canvas_format picture;
	if (count > 1 && strcmp(word, "pdf") != 0)
		return pw_fail(err, PW_ERR_ARG,
			       "the labels take %zu sheets, and a %s has one: use --format pdf",
			       count, word);
	if (strcmp(word, "png") != 0 && pw_canvas_format_parse(word, &picture))
		return pw_press_picture((const pw_label_layout *const *)pages, count, picture, out,
					err);
	return burn(press, pages[0], format, out, err);
}
