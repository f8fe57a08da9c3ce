/* Any text is read to its end, and the rows that are good come back from what is written of them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The fields of a row as the writer takes them. The quotes keep a row of empty fields from being a
 * blank line, which is passed over. */
static void write_row(const pw_csv_field *row, size_t count, char delimiter, pw_str *out)
{
	for (size_t i = 0; i < count; i++) {
		pw_str field = PW_STR_INIT;
		for (size_t k = 0; k < row[i].text.len; k++)
			pw_str_add_char(&field, row[i].text.ptr[k] ? row[i].text.ptr[k] : '0');
		if (i > 0)
			pw_str_add_char(out, delimiter);
		if (i == 0 && field.len == 0)
			pw_str_add(out, "\"\"");
		pw_csv_write(out, pw_str_text(&field), delimiter);
		pw_str_clear(&field);
	}
	pw_str_add_char(out, '\n');
}

/* Reads all and writes it again; returns how many rows were broken. */
static size_t rewrite(const char *text, size_t n, char delimiter, pw_str *out)
{
	pw_csv *csv = pw_csv_new(text, n, delimiter);
	size_t broken = 0, count = 1;
	int last = 0;
	while (count > 0) {
		const pw_csv_field *row;
		if (pw_csv_next(csv, &row, &count, NULL) != PW_OK)
			broken++;
		else
			write_row(row, count, pw_csv_delimiter(csv), out);
		if (pw_csv_line(csv) < last)
			abort();
		last = pw_csv_line(csv);
	}
	pw_csv_free(csv);
	return broken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char delimiters[] = {'\0', ',', ';', '\t'};
	for (size_t i = 0; i < sizeof(delimiters); i++) {
		pw_csv *csv = pw_csv_new((const char *)data, size, delimiters[i]);
		char delimiter = pw_csv_delimiter(csv);
		pw_csv_free(csv);
		pw_str once = PW_STR_INIT, twice = PW_STR_INIT;
		rewrite((const char *)data, size, delimiter, &once);
		if (rewrite(pw_str_text(&once), once.len, delimiter, &twice) != 0 ||
		    strcmp(pw_str_text(&once), pw_str_text(&twice)) != 0)
			abort();
		pw_str_clear(&once);
		pw_str_clear(&twice);
	}
	return 0;
}
