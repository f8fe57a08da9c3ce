#include "tests/unit/lab/sticker.h"

#include <string.h>

void fixture_printers(void)
{
	const pw_label_printer bench = {"bench", "tcp:printer:9100", "zpl", 300};
	const pw_label_printer desk = {"desk", "usb:0a5f:0187", "zpl", 203};
	fixture_cn();
	must(pw_lab_add_printer(fx.lab, &bench, &fx.err));
	must(pw_lab_add_printer(fx.lab, &desk, &fx.err));
}

pw_label_range reserve(int64_t count)
{
	pw_label_range range;
	must(pw_lab_reserve_labels(fx.lab, "tube", 0, count, NULL, &range, &fx.err));
	ck_assert_int_eq((int64_t)range.count, count);
	ck_assert_int_eq(range.last - range.first + 1, count);
	return range;
}

const pw_label_stock *stock(const char *name)
{
	pw_label_stock *s = pw_arena_alloc(&fx.arena, sizeof(*s));
	char *bytes = pw_arena_printf(&fx.arena, "poolwell: label/1\nname: %s\n", name);
	*s = (pw_label_stock){pw_arena_strdup(&fx.arena, name), 1, bytes, strlen(bytes)};
	return s;
}

int64_t queued(int64_t count)
{
	int64_t batch;
	pw_label_range range = reserve(count);
	must(pw_lab_queue_labels(fx.lab, &range, stock("tube"), "bench", "site=Gate\n", &batch,
				 &fx.err));
	return batch;
}

const char *code_of(char kind, int64_t serial)
{
	char code[PW_IDENT_SIZE];
	while (!pw_ident_make("SZ", kind, serial, code))
		serial++;
	return pw_arena_strdup(&fx.arena, code);
}

const char *nth(int64_t n)
{
	pw_label_find_row row;
	bool found;
	must(pw_q_label_find(pw_lab_store(fx.lab), &fx.arena, n, &row, &found, &fx.err));
	ck_assert_msg(found, "no label %lld", (long long)n);
	return row.id;
}

const pw_labels_of_id_row *label_row(const char *id)
{
	pw_labels_of_id_row *rows;
	size_t count;
	must(pw_q_labels_of_id(pw_lab_store(fx.lab), &fx.arena, id, &rows, &count, &fx.err));
	ck_assert_msg(count > 0, "no label of '%s'", id);
	return &rows[count - 1];
}

const char *label_state(const char *id)
{
	return label_row(id)->state;
}

int in_state(const char *state)
{
	pw_cursor cursor;
	pw_labels_row row;
	bool found = true;
	int n = -1;
	must(pw_q_labels_open(pw_lab_store(fx.lab), state, NULL, &cursor, &fx.err));
	for (; found; n++)
		must(pw_q_labels_next(&cursor, &row, &found, &fx.err));
	return n;
}

pw_status print_waiting(printer *p, pw_label_account *out)
{
	const pw_label_print what = {.printer = "bench"};
	fx.now += PW_SECOND;
	return pw_lab_print_labels(fx.lab, &what, &p->maker, out, &fx.err);
}
