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
	char delimiter;
	PW_VEC(double) prior;
	PW_VEC(house) houses;
} table;

/* A number, or one of hundred parts with '%'. */
static bool read_number(pw_slice text, char delimiter, double *out)
{
	text = pw_slice_trim(text);
	bool percent = text.len > 0 && text.ptr[text.len - 1] == '%';
	if (percent)
		text = pw_slice_trim((pw_slice){text.ptr, text.len - 1});
	if (!pw_csv_real(text, delimiter, out))
		return false;
	*out = percent ? *out / 100 : *out;
	return true;
}

/* Whether the first row is a header; then which columns are what. */
static pw_status read_header(table *t, const pw_csv_field *row, size_t count, bool *out_is,
			     pw_err *err)
{
	static const char *const prior_names[] = {"prior", "p", "risk", "probability", NULL};
	static const char *const house_names[] = {"household", "house", "family", NULL};
	double number;
	*out_is = !read_number(row[0].text, t->delimiter, &number);
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
	if (t->prior_column < 0) {
		char shown[48];
		return pw_fail(
			err, PW_ERR_FORMAT,
			"line %d:%d: '%s' is no probability, and no column is named 'prior': give "
			"numbers from 0 to 1, or name the columns in the first row",
			row[0].line, row[0].column, pw_slice_show(row[0].text, shown));
	}
	return PW_OK;
}

static pw_status read_person(table *t, const pw_csv_field *row, size_t count, int line, pw_err *err)
{
	size_t at = (size_t)t->prior_column;
	double prior;
	char shown[48];
	if (at >= count)
		return pw_fail(
			err, PW_ERR_FORMAT,
			"line %d: ends before column %zu, where the prior should stand: give "
			"everybody one",
			line, at + 1);
	if (!read_number(row[at].text, t->delimiter, &prior) || !(prior >= 0.0 && prior <= 1.0))
		return pw_fail(err, PW_ERR_FORMAT,
			       "line %d:%d: '%s' is no probability: give a number from 0 to 1",
			       row[at].line, row[at].column, pw_slice_show(row[at].text, shown));
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
		if (pw_csv_is_comment(row))
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
	t.delimiter = pw_csv_delimiter(csv);
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
