#include "cli/out.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "cli/out_table.h"
#include "core/base/csv.h"
#include "core/base/mem.h"

enum { FLUSH_AT = 65536 };

typedef enum { NOTHING, LIST, OBJECT } shape;

struct pw_out {
	FILE *file, *talk;
	pw_term term;
	pw_out_format format;
	pw_str text;     /* what is not handed on yet */
	int write_error; /* errno of the first failure */
	pw_json json;

	shape shape; /* of what is begun */
	const pw_column *columns;
	size_t column; /* of the next cell */
	size_t rows;   /* whole ones */
	pw_table table;
};

pw_out *pw_out_new(FILE *file, FILE *talk, pw_term term)
{
	pw_out *out = pw_alloc(sizeof(*out));
	out->file = file;
	out->talk = talk;
	out->term = term;
	return out;
}

void pw_out_free(pw_out *out)
{
	if (out == NULL)
		return;
	pw_table_clear(&out->table);
	pw_str_clear(&out->text);
	pw_free(out);
}

void pw_out_set_format(pw_out *out, pw_out_format format)
{
	out->format = format;
}

pw_out_format pw_out_get_format(const pw_out *out)
{
	return out->format;
}

pw_term pw_out_term(const pw_out *out)
{
	return out->term;
}

/* --- text ---------------------------------------------------------------------------------- */

static void hand_on(pw_out *out)
{
	if (out->write_error == 0 && out->text.len > 0) {
		errno = 0;
		size_t n = fwrite(out->text.ptr, 1, out->text.len, out->file);
		if (n != out->text.len || fflush(out->file) != 0)
			out->write_error = errno != 0 ? errno : EIO;
	}
	pw_str_truncate(&out->text, 0);
}

static void hand_on_much(pw_out *out)
{
	if (out->text.len >= FLUSH_AT)
		hand_on(out);
}

pw_status pw_out_flush(pw_out *out, pw_err *err)
{
	hand_on(out);
	if (out->write_error == 0)
		return PW_OK;
	const char *what = out->write_error == EPIPE    ? "its reader has gone"
			   : out->write_error == ENOSPC ? "the disk is full"
							: strerror(out->write_error);
	return pw_fail(err, PW_ERR_IO, "standard output: %s", what);
}

void pw_out_write(pw_out *out, const char *bytes, size_t n)
{
	pw_str_add_n(&out->text, bytes, n);
	hand_on_much(out);
}

void pw_out_puts(pw_out *out, const char *text)
{
	pw_out_write(out, text, strlen(text));
}

void pw_out_printf(pw_out *out, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	PW_BUG_IF(n < 0);
	char *text = pw_alloc((size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	pw_out_write(out, text, (size_t)n);
	pw_free(text);
}

void pw_out_heading(pw_out *out, const char *text)
{
	bool bold = out->term.out && out->term.color;
	pw_out_printf(out, "%s%s%s\n", bold ? PW_BOLD : "", text, bold ? PW_PLAIN : "");
}

pw_json *pw_out_json(pw_out *out)
{
	pw_json_init(&out->json, &out->text);
	return &out->json;
}

/* --- cells --------------------------------------------------------------------------------- */

/* A cell as it is handed in. */
typedef struct {
	pw_col_kind kind;
	bool null;
	const char *text; /* TEXT */
	int64_t number;   /* INT, TIME, DURATION, BOOL */
	double real;
	const pw_hash *hash;
} cell;

/* The shortest of seconds: a duration in JSON and CSV. */
static void seconds_text(pw_time duration, char out[32])
{
	pw_format_real((double)duration / (double)PW_SECOND, out);
}

static void json_cell(pw_json *json, const cell *c)
{
	char hex[PW_HASH_HEX];
	if (c->null) {
		pw_json_null(json);
		return;
	}
	switch (c->kind) {
	case PW_COL_TEXT:
		pw_json_text(json, c->text);
		break;
	case PW_COL_INT:
		pw_json_int(json, c->number);
		break;
	case PW_COL_REAL:
		pw_json_real(json, c->real);
		break;
	case PW_COL_TIME:
		pw_json_time(json, c->number);
		break;
	case PW_COL_DURATION:
		pw_json_real(json, (double)c->number / (double)PW_SECOND);
		break;
	case PW_COL_BOOL:
		pw_json_bool(json, c->number != 0);
		break;
	case PW_COL_HASH:
		pw_hash_hex(c->hash, hex);
		pw_json_text(json, hex);
		break;
	}
}

/* The text of a cell in a table or CSV: c->text itself, or written into `room`. NULL for null. */
static const char *cell_text(const pw_out *out, const cell *c, char room[PW_HASH_HEX])
{
	bool table = out->format == PW_OUT_TABLE;
	int decimals = out->columns[out->column].decimals;
	if (c->null)
		return NULL;
	switch (c->kind) {
	case PW_COL_TEXT:
		return c->text;
	case PW_COL_INT:
		snprintf(room, PW_HASH_HEX, "%" PRId64, c->number);
		break;
	case PW_COL_REAL:
		if (table && decimals > 0 && c->real > -1e15 && c->real < 1e15)
			snprintf(room, PW_HASH_HEX, "%.*f", decimals, c->real);
		else
			pw_format_real(c->real, room);
		break;
	case PW_COL_TIME:
		pw_time_format_local(c->number, room);
		break;
	case PW_COL_DURATION:
		if (table)
			pw_duration_format(c->number, room);
		else
			seconds_text(c->number, room);
		break;
	case PW_COL_BOOL:
		if (table)
			return c->number != 0 ? "yes" : "no";
		return c->number != 0 ? "true" : "false";
	case PW_COL_HASH:
		pw_hash_hex(c->hash, room);
		if (table && out->term.out)
			room[12] = '\0';
		break;
	}
	return room;
}

static void begin_row(pw_out *out)
{
	if (out->format == PW_OUT_JSON && (out->shape == LIST || out->rows == 0))
		pw_json_begin_object(&out->json);
}

static void end_row(pw_out *out)
{
	out->column = 0;
	out->rows++;
	if (out->format == PW_OUT_JSON)
		pw_json_end_object(&out->json);
	else if (out->format == PW_OUT_CSV)
		pw_str_add_char(&out->text, '\n');
	hand_on_much(out);
}

static void csv_cell(pw_out *out, const char *text)
{
	bool alone = out->column == 0 && out->columns[1].key == NULL;
	if (out->column > 0)
		pw_str_add_char(&out->text, ',');
	if (text != NULL && *text != '\0')
		pw_csv_write(&out->text, text, ',');
	else if (alone) /* an empty line would be no row */
		pw_str_add(&out->text, "\"\"");
}

static void put(pw_out *out, const cell *c)
{
	char room[PW_HASH_HEX];
	PW_BUG_IF(out->shape == NOTHING);
	PW_BUG_IF(out->shape == OBJECT && out->rows > 0);
	PW_BUG_IF(!c->null && c->kind != out->columns[out->column].kind);
	if (out->column == 0)
		begin_row(out);
	if (out->format == PW_OUT_JSON) {
		pw_json_key(&out->json, out->columns[out->column].key);
		json_cell(&out->json, c);
	} else if (out->format == PW_OUT_CSV) {
		csv_cell(out, cell_text(out, c, room));
	} else {
		pw_table_add(&out->table, cell_text(out, c, room));
	}
	if (out->columns[++out->column].key == NULL)
		end_row(out);
}

void pw_out_text(pw_out *out, const char *text)
{
	put(out, &(cell){.kind = PW_COL_TEXT, .null = text == NULL, .text = text});
}

void pw_out_int(pw_out *out, int64_t number)
{
	put(out, &(cell){.kind = PW_COL_INT, .number = number});
}

void pw_out_real(pw_out *out, double number)
{
	put(out, &(cell){.kind = PW_COL_REAL, .real = number});
}

void pw_out_time(pw_out *out, pw_time at)
{
	put(out, &(cell){.kind = PW_COL_TIME, .number = at});
}

void pw_out_duration(pw_out *out, pw_time duration)
{
	put(out, &(cell){.kind = PW_COL_DURATION, .number = duration});
}

void pw_out_bool(pw_out *out, bool value)
{
	put(out, &(cell){.kind = PW_COL_BOOL, .number = value ? 1 : 0});
}

void pw_out_hash(pw_out *out, const pw_hash *hash)
{
	put(out, &(cell){.kind = PW_COL_HASH, .null = hash == NULL, .hash = hash});
}

void pw_out_null(pw_out *out)
{
	put(out, &(cell){.null = true});
}

/* --- lists and objects --------------------------------------------------------------------- */

static void csv_header(pw_out *out)
{
	for (size_t i = 0; out->columns[i].key != NULL; i++) {
		if (i > 0)
			pw_str_add_char(&out->text, ',');
		pw_csv_write(&out->text, out->columns[i].key, ',');
	}
	pw_str_add_char(&out->text, '\n');
}

static void begin(pw_out *out, const pw_column *columns, shape what)
{
	PW_BUG_IF(out->shape != NOTHING || columns[0].key == NULL);
	out->shape = what;
	out->columns = columns;
	out->column = 0;
	out->rows = 0;
	if (out->format == PW_OUT_CSV)
		csv_header(out);
	if (out->format == PW_OUT_JSON)
		pw_json_init(&out->json, &out->text);
	if (out->format == PW_OUT_JSON && what == LIST)
		pw_json_begin_array(&out->json);
	if (out->format == PW_OUT_TABLE)
		pw_table_init(&out->table, columns, &out->term);
}

void pw_out_list(pw_out *out, const pw_column *columns)
{
	begin(out, columns, LIST);
}

void pw_out_object(pw_out *out, const pw_column *columns)
{
	begin(out, columns, OBJECT);
}

static void say_count(pw_out *out, const char *one, const char *many)
{
	if (out->talk == NULL || one == NULL || out->format != PW_OUT_TABLE)
		return;
	hand_on(out); /* the table stands above its sum */
	if (out->rows == 0)
		fprintf(out->talk, "no %s\n", many);
	else
		fprintf(out->talk, "%zu %s\n", out->rows, out->rows == 1 ? one : many);
}

void pw_out_end(pw_out *out, const char *one, const char *many)
{
	PW_BUG_IF(out->shape == NOTHING || out->column != 0);
	PW_BUG_IF(out->shape == OBJECT && out->rows != 1);
	if (out->format == PW_OUT_JSON && out->shape == LIST)
		pw_json_end_array(&out->json);
	if (out->format == PW_OUT_TABLE && out->shape == LIST)
		pw_table_print_list(&out->table, &out->text);
	if (out->format == PW_OUT_TABLE && out->shape == OBJECT)
		pw_table_print_object(&out->table, &out->text);
	pw_table_clear(&out->table);
	say_count(out, one, many);
	hand_on_much(out);
	out->shape = NOTHING;
}
