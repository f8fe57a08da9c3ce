#include "cli/out_table.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"

enum { GAP = 2, LEAST_TEXT = 8 };

/* What a column looks like once all its cells are known. */
typedef struct {
	char *title;
	int width;
	bool hidden;
	bool right;
} look;

void pw_table_init(pw_table *table, const pw_column *columns, const pw_term *term)
{
	pw_table_clear(table);
	table->columns = columns;
	table->term = term;
	while (columns[table->width].key != NULL)
		table->width++;
}

void pw_table_clear(pw_table *table)
{
	pw_arena_clear(&table->arena);
	pw_vec_clear(&table->cells);
	*table = (pw_table){.columns = NULL};
}

void pw_table_add(pw_table *table, const char *text)
{
	const char *copy = NULL;
	if (text != NULL) {
		pw_str visible = PW_STR_INIT;
		pw_term_visible(&visible, text);
		copy = pw_arena_strndup(&table->arena, pw_str_text(&visible), visible.len);
		pw_str_clear(&visible);
	}
	pw_vec_push(&table->cells, copy);
}

static char *title_of(const pw_column *column)
{
	char *title = pw_strdup(column->title != NULL ? column->title : column->key);
	if (column->title == NULL)
		for (char *p = title; *p != '\0'; p++)
			if (*p == '_')
				*p = ' ';
	return title;
}

static const char *shown(const char *cell)
{
	return cell == NULL ? "-" : cell;
}

static bool is_right(const pw_column *column)
{
	return (column->flags & PW_COL_RIGHT) != 0 || column->kind == PW_COL_INT ||
	       column->kind == PW_COL_REAL || column->kind == PW_COL_DURATION;
}

static look look_of(const pw_table *table, size_t i)
{
	const pw_column *column = &table->columns[i];
	look l = {.title = title_of(column), .right = is_right(column)};
	bool any = false;
	l.width = pw_utf8_width(l.title);
	for (size_t k = i; k < table->cells.len; k += table->width) {
		int width = pw_utf8_width(shown(table->cells.ptr[k]));
		if (width > l.width)
			l.width = width;
		any = any || table->cells.ptr[k] != NULL;
	}
	l.hidden = !any && (column->flags & PW_COL_OPTIONAL) != 0;
	return l;
}

static look *looks_new(const pw_table *table)
{
	look *looks = pw_alloc_array(table->width, sizeof(*looks));
	for (size_t i = 0; i < table->width; i++)
		looks[i] = look_of(table, i);
	return looks;
}

static void looks_free(const pw_table *table, look *looks)
{
	for (size_t i = 0; i < table->width; i++)
		pw_free(looks[i].title);
	pw_free(looks);
}

static bool may_shrink(const pw_table *table, const look *looks, size_t i)
{
	const pw_column *column = &table->columns[i];
	int title = pw_utf8_width(looks[i].title);
	return !looks[i].hidden && column->kind == PW_COL_TEXT &&
	       (column->flags & PW_COL_WHOLE) == 0 && looks[i].width > LEAST_TEXT &&
	       looks[i].width > title;
}

/* Takes from the widest text, a column at a time, until the table fits or nothing can give. */
static void fit(const pw_table *table, look *looks)
{
	int total = -GAP;
	for (size_t i = 0; i < table->width; i++)
		total += looks[i].hidden ? 0 : looks[i].width + GAP;
	for (; total > table->term->width; total--) {
		look *widest = NULL;
		for (size_t i = 0; i < table->width; i++)
			if (may_shrink(table, looks, i) &&
			    (widest == NULL || looks[i].width > widest->width))
				widest = &looks[i];
		if (widest == NULL)
			return;
		widest->width--;
	}
}

static void add_spaces(pw_str *out, int n)
{
	if (n > 0)
		pw_str_addf(out, "%*s", n, "");
}

static void add_aligned(pw_str *out, const char *text, const look *l, bool last)
{
	pw_str cut = PW_STR_INIT;
	pw_term_clip(&cut, text, l->width);
	int pad = l->width - pw_utf8_width(pw_str_text(&cut));
	if (l->right)
		add_spaces(out, pad);
	pw_str_add(out, pw_str_text(&cut));
	if (!l->right && !last)
		add_spaces(out, pad);
	pw_str_clear(&cut);
}

static bool is_wrapped(const pw_table *table, size_t i)
{
	return (table->columns[i].flags & PW_COL_WRAP) != 0 && i + 1 == table->width;
}

/* A text that goes on under itself; `indent` is where its column begins. */
static void add_wrapped(pw_str *out, const char *text, const look *l, int indent)
{
	pw_term_wrap(out, text, indent, indent, indent + l->width);
}

/* The row of cells, or the titles when `row` is NULL. */
static void add_row(const pw_table *table, const look *looks, const char *const *row, pw_str *out)
{
	size_t last = table->width - 1;
	while (last > 0 && looks[last].hidden)
		last--;
	bool first = true;
	size_t start = out->len;
	int at = 0;
	for (size_t i = 0; i <= last; i++) {
		if (looks[i].hidden)
			continue;
		if (!first)
			add_spaces(out, GAP);
		at += first ? 0 : GAP;
		first = false;
		const char *text = row != NULL ? shown(row[i]) : looks[i].title;
		if (is_wrapped(table, i))
			add_wrapped(out, text, &looks[i], at);
		else
			add_aligned(out, text, &looks[i], i == last);
		at += looks[i].width;
	}
	while (out->len > start && out->ptr[out->len - 1] == ' ')
		pw_str_truncate(out, out->len - 1);
}

static bool is_bold(const pw_table *table)
{
	return table->term->out && table->term->color;
}

void pw_table_print_list(const pw_table *table, pw_str *out)
{
	if (table->cells.len == 0)
		return;
	look *looks = looks_new(table);
	if (table->term->out)
		fit(table, looks);
	pw_str_add(out, is_bold(table) ? PW_BOLD : "");
	add_row(table, looks, NULL, out);
	pw_str_add(out, is_bold(table) ? PW_PLAIN "\n" : "\n");
	for (size_t k = 0; k < table->cells.len; k += table->width) {
		add_row(table, looks, table->cells.ptr + k, out);
		pw_str_add_char(out, '\n');
	}
	looks_free(table, looks);
}

void pw_table_print_object(const pw_table *table, pw_str *out)
{
	look *looks = looks_new(table);
	int widest = 0;
	for (size_t i = 0; i < table->width; i++)
		if (!looks[i].hidden && pw_utf8_width(looks[i].title) > widest)
			widest = pw_utf8_width(looks[i].title);
	for (size_t i = 0; i < table->width; i++) {
		if (looks[i].hidden)
			continue;
		pw_str_addf(out, "%s%s%s", is_bold(table) ? PW_BOLD : "", looks[i].title,
			    is_bold(table) ? PW_PLAIN : "");
		add_spaces(out, widest - pw_utf8_width(looks[i].title) + GAP);
		pw_str_addf(out, "%s\n", shown(table->cells.ptr[i]));
	}
	looks_free(table, looks);
}
