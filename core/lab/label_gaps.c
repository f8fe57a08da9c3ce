/* Every number of a kind explained: which labels there are, what became of them, and why others are missing. */
#include <stdio.h>
#include <string.h>

#include "core/lab/internal.h"
#include "core/lab/labels_internal.h"

typedef struct explaining {
	const pw_lab *lab;
	pw_arena *arena;
	char kind;
	PW_VEC(pw_label_numbers) rows;
	int64_t next; /* the first number that nothing was said of yet */
} explaining;

static bool same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* How many numbers from `first` to `last` have no check character; counts no further than to the first that has. */
static int64_t passed_over(const explaining *e, int64_t first, int64_t last)
{
	char id[PW_IDENT_SIZE];
	int64_t n = first;
	while (n <= last && !pw_ident_make(e->lab->issuer, e->kind, n, id))
		n++;
	return n - first;
}

/* The numbers before `until`: no numbers at all, or numbers that were never reserved. */
static void explain_missing(explaining *e, int64_t until)
{
	int64_t missing = until - e->next;
	if (missing <= 0)
		return;
	int64_t over = passed_over(e, e->next, until - 1);
	if (over == missing && e->rows.len > 0) {
		pw_label_numbers *last = &e->rows.ptr[e->rows.len - 1];
		last->last = until - 1;
		last->passed_over += over;
	} else {
		pw_vec_push(&e->rows, ((pw_label_numbers){.first = e->next,
							  .last = until - 1,
							  .passed_over = over == missing ? over : 0,
							  .state = "not-reserved"}));
	}
	e->next = until;
}

/* Where a label was applied is its own matter; why it is void is that of the row. */
static bool continues(const pw_label_numbers *last, const pw_label_numbers_row *row)
{
	if (strcmp(last->state, row->state) != 0 || !same(last->site, row->site))
		return false;
	return strcmp(row->state, "void") != 0 ||
	       (same(last->by, row->void_by) && same(last->note, row->note));
}

static void explain(explaining *e, const pw_label_numbers_row *row)
{
	int64_t serial = row->serial.value;
	bool is_void = strcmp(row->state, "void") == 0;
	explain_missing(e, serial);
	if (e->rows.len == 0 || !continues(&e->rows.ptr[e->rows.len - 1], row)) {
		pw_label_numbers begun = {.first = serial,
					  .state = pw_arena_strdup(e->arena, row->state),
					  .site = pw_arena_strdup(e->arena, row->site),
					  .since = row->state_at};
		if (is_void) {
			begun.by = pw_arena_strdup(e->arena, row->void_by);
			begun.note = pw_arena_strdup(e->arena, row->note);
		}
		snprintf(begun.first_id, sizeof(begun.first_id), "%s", row->id);
		pw_vec_push(&e->rows, begun);
	}
	pw_label_numbers *last = &e->rows.ptr[e->rows.len - 1];
	last->last = serial;
	last->labels++;
	snprintf(last->last_id, sizeof(last->last_id), "%s", row->id);
	e->next = serial + 1;
}

pw_status pw_lab_label_numbers(pw_lab *lab, const char *thing, pw_arena *arena,
			       pw_label_numbers **out, size_t *count, pw_err *err)
{
	explaining e = {.lab = lab, .arena = arena, .next = 1};
	pw_cursor cursor;
	pw_label_numbers_row row;
	bool found = true;
	pw_status rc = pw_label_number_kind(thing, &e.kind, err);
	if (rc != PW_OK || (rc = pw_q_label_numbers_open(lab->store, thing, &cursor, err)) != PW_OK)
		return rc;
	while ((rc = pw_q_label_numbers_next(&cursor, &row, &found, err)) == PW_OK && found)
		explain(&e, &row);
	pw_cursor_close(&cursor);
	if (rc == PW_OK) {
		*out = pw_arena_array(arena, e.rows.len + 1, sizeof(**out));
		if (e.rows.len > 0)
			memcpy(*out, e.rows.ptr, e.rows.len * sizeof(**out));
		*count = e.rows.len;
	}
	pw_vec_clear(&e.rows);
	return rc;
}
