/* A table of people's priors. */
#include <stdlib.h>
#include <string.h>

#include "core/base/csv.h"
#include "core/base/mem.h"
#include "core/base/vec.h"
#include "core/pooling/words.h"

/* A person's household as it stands in the file. */
typedef struct house {
	char *name; /* NULL: none */
	uint32_t person;
} house;

typedef struct table {
	int prior_column, household_column; /* from 0; -1: none */
	PW_VEC(double) prior;
	PW_VEC(house) houses;
} table;

static bool is_comment(const pw_csv_field *row)
{
	pw_slice text = pw_slice_trim(row[0].text);
	return !row[0].quoted && text.len > 0 && text.ptr[0] == '#';
}

static bool read_number(pw_slice text, double *out)
{
	char number[64];
	text = pw_slice_trim(text);
	if (text.len == 0 || text.len >= sizeof(number))
		return false;
	memcpy(number, text.ptr, text.len);
	number[text.len] = '\0';
	return pw_parse_real(number, out);
}

/* Whether the first row is a header; then which columns are what. */
static pw_status read_header(table *t, const pw_csv_field *row, size_t count, bool *out_is,
			     pw_err *err)
{
	static const char *const prior_names[] = {"prior", "p", "risk", "probability", NULL};
	static const char *const house_names[] = {"household", "house", "family", NULL};
	double number;
	*out_is = !read_number(row[0].text, &number);
	t->prior_column = 0;
	t->household_column = -1;
	if (!*out_is && count == 1)
		return PW_OK;
	if (!*out_is)
		return pw_fail(
			err, PW_ERR_FORMAT,
			"line %d:%d: several columns without a header: name them in the first "
			"row, as in 'prior,household'",
			row[0].line, row[0].column);
	t->prior_column = pw_csv_find(row, count, prior_names);
	t->household_column = pw_csv_find(row, count, house_names);
	if (t->prior_column < 0)
		return pw_fail(err, PW_ERR_FORMAT,
			       "line %d:%d: no column of priors: name it 'prior' in the first row",
			       row[0].line, row[0].column);
	return PW_OK;
}

/* For a message: at most 40 bytes, on one line. */
static void show_value(pw_slice text, char out[48])
{
	size_t n = text.len < 40 ? text.len : 40;
	while (n < text.len && n > 0 && ((unsigned char)text.ptr[n] & 0xC0) == 0x80)
		n--; /* no half character at the end */
	for (size_t i = 0; i < n; i++)
		out[i] = (char)((unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]);
	out[n] = '\0';
}

static pw_status read_person(table *t, const pw_csv_field *row, size_t count, int line, pw_err *err)
{
	size_t at = (size_t)t->prior_column;
	double prior;
	if (at >= count)
		return pw_fail(err, PW_ERR_FORMAT,
			       "line %d: %zu columns, and the prior is in column %zu", line, count,
			       at + 1);
	if (!read_number(row[at].text, &prior) || !(prior >= 0.0 && prior <= 1.0)) {
		char shown[48];
		show_value(row[at].text, shown);
		return pw_fail(err, PW_ERR_FORMAT,
			       "line %d:%d: '%s' is no probability: give a number from 0 to 1",
			       row[at].line, row[at].column, shown);
	}
	if (t->prior.len == PW_DESIGN_MAX_SAMPLES)
		return pw_fail(err, PW_ERR_LIMIT, "line %d: more than the %d people we take", line,
			       PW_DESIGN_MAX_SAMPLES);
	house h = {NULL, (uint32_t)t->prior.len};
	if (t->household_column >= 0 && (size_t)t->household_column < count) {
		pw_slice name = pw_slice_trim(row[t->household_column].text);
		h.name = name.len > 0 ? pw_strndup(name.ptr, name.len) : NULL;
	}
	pw_vec_push(&t->prior, prior);
	pw_vec_push(&t->houses, h);
	return PW_OK;
}

static pw_status read_table(table *t, pw_csv *csv, pw_err *err)
{
	const pw_csv_field *row;
	size_t count;
	bool first = true, is_header = false;
	pw_status rc;
	while ((rc = pw_csv_next(csv, &row, &count, err)) == PW_OK && count > 0) {
		if (is_comment(row))
			continue;
		if (first && (rc = read_header(t, row, count, &is_header, err)) != PW_OK)
			return rc;
		if (!(first && is_header) &&
		    (rc = read_person(t, row, count, pw_csv_line(csv), err)) != PW_OK)
			return rc;
		first = false;
	}
	if (rc == PW_OK && t->prior.len == 0)
		return pw_fail(err, PW_ERR_FORMAT, "nobody in it: give a person a line");
	return rc;
}

static int by_name(const void *a, const void *b)
{
	const house *x = a, *y = b;
	if (x->name != NULL && y->name != NULL && strcmp(x->name, y->name) != 0)
		return strcmp(x->name, y->name);
	if ((x->name == NULL) != (y->name == NULL))
		return x->name == NULL ? -1 : 1;
	return x->person < y->person ? -1 : 1;
}

/* Numbers below the number of people: that of the first of a household. */
static uint32_t *number_households(const table *t)
{
	size_t n = t->houses.len;
	uint32_t *household = pw_alloc_array(n, sizeof(*household));
	qsort(t->houses.ptr, n, sizeof(*t->houses.ptr), by_name);
	for (size_t i = 0; i < n; i++) {
		const house *h = &t->houses.ptr[i];
		bool same = i > 0 && h->name != NULL && h[-1].name != NULL &&
			    strcmp(h->name, h[-1].name) == 0;
		household[h->person] = same ? household[h[-1].person] : h->person;
	}
	return household;
}

pw_status pw_priors_parse(const char *text, size_t n, pw_priors *out, pw_err *err)
{
	table t = {.household_column = -1};
	pw_csv *csv = pw_csv_new(text, n, 0);
	pw_status rc = read_table(&t, csv, err);
	if (rc == PW_OK) {
		out->count = t.prior.len;
		out->household = t.household_column >= 0 ? number_households(&t) : NULL;
		out->prior = t.prior.ptr;
		t.prior.ptr = NULL;
	}
	for (size_t i = 0; i < t.houses.len; i++)
		pw_free(t.houses.ptr[i].name);
	pw_vec_clear(&t.houses);
	pw_vec_clear(&t.prior);
	pw_csv_free(csv);
	return rc;
}

void pw_priors_clear(pw_priors *priors)
{
	pw_free(priors->prior);
	pw_free(priors->household);
	*priors = (pw_priors){.count = 0};
}
