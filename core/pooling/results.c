#include "core/pooling/results.h"

#include <string.h>

#include "core/base/csv.h"
#include "core/base/mem.h"

/* ---- A string of calls ---- */

static bool read_call(char c, pw_pool_call *out)
{
	for (int call = PW_POOL_MISSING; call <= PW_POOL_GREY; call++)
		if (pw_pool_call_char((pw_pool_call)call) == c) {
			*out = (pw_pool_call)call;
			return true;
		}
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static pw_status fail_call(const char *text, size_t n, size_t at, int line, int column, pw_err *err)
{
	char shown[48];
	size_t length = 1;
	while (at + length < n && ((unsigned char)text[at + length] & 0xC0) == 0x80)
		length++;
	return pw_fail(err, PW_ERR_FORMAT,
		       "line %d:%d: '%s' where only + - ? ! may stand: give one of them a pool",
		       line, column, pw_slice_show((pw_slice){text + at, length}, shown));
}

pw_status pw_results_parse(const char *text, size_t n, size_t pools, pw_pool_reading *out,
			   pw_err *err)
{
	size_t count = 0;
	int line = 1, column = 0;
	for (size_t i = 0; i < n; i++) {
		pw_pool_call call;
		if (text[i] == '\n') {
			line++;
			column = 0;
			continue;
		}
		column += ((unsigned char)text[i] & 0xC0) != 0x80;
		if (is_space(text[i]))
			continue;
		if (!read_call(text[i], &call))
			return fail_call(text, n, i, line, column, err);
		if (count < pools)
			out[count] = (pw_pool_reading){.call = call};
		count++;
	}
	if (count != pools)
		return pw_fail(err, PW_ERR_FORMAT,
			       "%zu results for %zu pools: give one of + - ? ! a pool", count,
			       pools);
	return PW_OK;
}

/* ---- A table of Ct ---- */

static const char *const blank_words[] = {"undetermined", "undet",    "undet.", "no ct",
					  "noct",         "no cq",    "nd",     "n.d.",
					  "neg",          "negative", "none",   "not detected"};
static const char *const invalid_words[] = {"!", "invalid", "na", "n/a"};

static bool is_word(pw_slice text, const char *const *words, size_t count)
{
	char word[16];
	if (text.len >= sizeof(word))
		return false;
	memcpy(word, text.ptr, text.len);
	word[text.len] = '\0';
	for (size_t i = 0; i < count; i++)
		if (pw_text_eq_nocase(word, words[i]))
			return true;
	return false;
}

/* No number of a Ct is longer. */
#define LONGEST_CT 31

static bool read_number(pw_slice text, char delimiter, double *out)
{
	return text.len <= LONGEST_CT && pw_csv_real(text, delimiter, out);
}

typedef struct table {
	size_t pools;
	pw_pool_reading *readings;
	int *line; /* by pool: where it stands, 0 = nowhere */
	char delimiter;
	size_t columns; /* further ones are not of the table */
} table;

static bool is_header(const pw_csv_field *row, size_t count)
{
	static const char *const names[] = {"pool", "pools", "well", "no", "nr", NULL};
	return pw_csv_find(row, count, names) == 0;
}

static pw_status read_pool(table *t, const pw_csv_field *field, size_t *out, pw_err *err)
{
	char shown[48], number[16];
	int64_t pool = 0;
	pw_slice text = pw_slice_trim(field->text);
	pw_slice_show(text, shown);
	bool fits = text.len > 0 && text.len < sizeof(number);
	if (fits) {
		memcpy(number, text.ptr, text.len);
		number[text.len] = '\0';
	}
	if (!fits || !pw_parse_int(number, &pool))
		return pw_fail(err, PW_ERR_FORMAT,
			       "line %d:%d: '%s' is no number of a pool: give 1 to %zu",
			       field->line, field->column, shown, t->pools);
	if (pool < 1 || (uint64_t)pool > t->pools)
		return pw_fail(err, PW_ERR_FORMAT,
			       "line %d:%d: there is no pool %s: the design has 1 to %zu",
			       field->line, field->column, shown, t->pools);
	*out = (size_t)pool - 1;
	if (t->line[*out] != 0)
		return pw_fail(err, PW_ERR_FORMAT,
			       "line %d:%d: pool %s stands in line %d already: put its wells into "
			       "one row",
			       field->line, field->column, shown, t->line[*out]);
	t->line[*out] = field->line;
	return PW_OK;
}

static pw_status read_well(const table *t, const pw_csv_field *field, pw_pool_reading *r,
			   pw_err *err)
{
	char shown[48];
	double ct = 0;
	pw_slice text = pw_slice_trim(field->text);
	if (is_word(text, invalid_words, sizeof(invalid_words) / sizeof(*invalid_words)))
		return PW_OK;
	if (r->wells == PW_CT_WELLS_MAX)
		return pw_fail(err, PW_ERR_LIMIT,
			       "line %d:%d: more than the %d wells of a pool that are taken",
			       field->line, field->column, PW_CT_WELLS_MAX);
	bool blank = text.len == 0 ||
		     is_word(text, blank_words, sizeof(blank_words) / sizeof(*blank_words));
	if (!blank && (!read_number(text, t->delimiter, &ct) || !(ct >= 0 && ct <= 100)))
		return pw_fail(err, PW_ERR_FORMAT,
			       "line %d:%d: '%s' is no Ct: give a number above 0 and up to 100, or "
			       "leave the field empty for a well that did not amplify",
			       field->line, field->column, pw_slice_show(text, shown));
	r->well[r->wells++] = (pw_ct_well){.amplified = ct > 0, .ct = ct};
	if (ct > 0)
		r->call = PW_POOL_POSITIVE;
	return PW_OK;
}

static pw_status read_row(table *t, const pw_csv_field *row, size_t count, pw_err *err)
{
	size_t pool;
	pw_status rc;
	if ((rc = read_pool(t, &row[0], &pool, err)) != PW_OK)
		return rc;
	if (count < 2)
		return pw_fail(
			err, PW_ERR_FORMAT,
			"line %d: pool %zu has no Ct column: write '%zu,' for a pool that did "
			"not amplify",
			row[0].line, pool + 1, pool + 1);
	pw_pool_reading r = {.call = PW_POOL_NEGATIVE};
	for (size_t c = 1; c < count && c < t->columns; c++)
		if ((rc = read_well(t, &row[c], &r, err)) != PW_OK)
			return rc;
	if (r.wells == 0)
		r.call = PW_POOL_MISSING;
	t->readings[pool] = r;
	return PW_OK;
}

static pw_status read_table(table *t, pw_csv *csv, pw_err *err)
{
	const pw_csv_field *row;
	size_t count, rows = 0;
	bool first = true;
	pw_status rc;
	while ((rc = pw_csv_next(csv, &row, &count, err)) == PW_OK && count > 0) {
		if (pw_csv_is_comment(row))
			continue;
		bool header = first && is_header(row, count);
		first = false;
		if (header)
			continue;
		if ((rc = read_row(t, row, count, err)) != PW_OK)
			return rc;
		rows++;
	}
	if (rc == PW_OK && rows == 0)
		return pw_fail(err, PW_ERR_FORMAT,
			       "no pool in it: give a pool a line, 'pool,ct', nothing behind the "
			       "comma where there was no Ct");
	return rc;
}

/* The columns that the header names or somebody has something in, two at least: spreadsheets end rows with delimiters
 * behind the last. Without a header nobody knows how many there should be. */
static size_t count_columns(const char *text, size_t n, char delimiter)
{
	const pw_csv_field *row;
	size_t count, columns = 0;
	pw_csv *csv = pw_csv_new(text, n, delimiter);
	while (pw_csv_next(csv, &row, &count, NULL) == PW_OK && count > 0) {
		if (pw_csv_is_comment(row))
			continue;
		if (columns == 0 && !is_header(row, count)) {
			columns = SIZE_MAX;
			break;
		}
		while (count > columns && pw_slice_trim(row[count - 1].text).len == 0)
			count--;
		columns = count > columns ? count : columns;
	}
	pw_csv_free(csv);
	return columns < 2 ? 2 : columns;
}

/* That of the first line that is no comment. */
static char find_delimiter(const char *text, size_t n)
{
	size_t at = 0;
	while (at < n && (text[at] == '#' || is_space(text[at]))) {
		while (at < n && text[at] != '\n' && text[at] != '\r')
			at++;
		while (at < n && is_space(text[at]))
			at++;
	}
	pw_csv *csv = pw_csv_new(text + at, n - at, 0);
	char delimiter = pw_csv_delimiter(csv);
	pw_csv_free(csv);
	return delimiter;
}

pw_status pw_ct_parse(const char *text, size_t n, size_t pools, pw_pool_reading *out, pw_err *err)
{
	table t = {.pools = pools};
	if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		text += 3;
		n -= 3;
	}
	t.delimiter = find_delimiter(text, n);
	t.columns = count_columns(text, n, t.delimiter);
	pw_csv *csv = pw_csv_new(text, n, t.delimiter);
	t.readings = pw_alloc_array(pools, sizeof(*t.readings));
	t.line = pw_alloc_array(pools, sizeof(*t.line));
	for (size_t i = 0; i < pools; i++)
		t.readings[i].call = PW_POOL_MISSING;
	pw_status rc = read_table(&t, csv, err);
	if (rc == PW_OK)
		memcpy(out, t.readings, pools * sizeof(*out));
	pw_free(t.readings);
	pw_free(t.line);
	pw_csv_free(csv);
	return rc;
}
