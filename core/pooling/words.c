#include "core/pooling/words.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* The next of a list: up to the separator, which *at then stands behind; false at the end. */
static bool next_item(const char **at, const char *separators, pw_slice *out)
{
	if (*at == NULL)
		return false;
	size_t n = strcspn(*at, separators);
	*out = pw_slice_trim((pw_slice){*at, n});
	*at = (*at)[n] == '\0' ? NULL : *at + n + 1;
	return true;
}

static bool read_real(pw_slice item, double *out)
{
	char number[64];
	if (item.len == 0 || item.len >= sizeof(number))
		return false;
	memcpy(number, item.ptr, item.len);
	number[item.len] = '\0';
	return pw_parse_real(number, out);
}

static bool read_probability(pw_slice item, double *out)
{
	double value, scale = 1.0;
	if (item.len > 0 && item.ptr[item.len - 1] == '%') {
		item.len--;
		scale = 0.01;
	}
	if (!read_real(item, &value) || !(value * scale >= 0.0 && value * scale <= 1.0))
		return false;
	*out = value * scale;
	return true;
}

static bool read_count(pw_slice item, size_t *out)
{
	char number[24];
	int64_t value;
	if (item.len == 0 || item.len >= sizeof(number))
		return false;
	memcpy(number, item.ptr, item.len);
	number[item.len] = '\0';
	if (!pw_parse_int(number, &value) || value < 1 || value > PW_DESIGN_MAX_SAMPLES)
		return false;
	*out = (size_t)value;
	return true;
}

static int shown(pw_slice item)
{
	return item.len > 40 ? 40 : (int)item.len;
}

pw_status pw_probabilities_parse(const char *text, size_t max, double *out, size_t *out_count,
				 pw_err *err)
{
	size_t count = 0;
	double numbers[PW_SCHEME_MAX_STAGES];
	pw_slice item;
	PW_BUG_IF(max > PW_SCHEME_MAX_STAGES);
	for (const char *at = text; next_item(&at, ",", &item); count++) {
		if (count == max)
			return pw_fail(err, PW_ERR_ARG,
				       "'%.40s' has more than the %zu numbers we take", text, max);
		if (!read_probability(item, &numbers[count]))
			return pw_fail(
				err, PW_ERR_ARG,
				"'%.*s' is no probability: give numbers from 0 to 1, as 0.95 or "
				"0.95,0.99",
				shown(item), item.ptr);
	}
	memcpy(out, numbers, count * sizeof(*out));
	*out_count = count;
	return PW_OK;
}

pw_status pw_range_parse(const char *text, size_t *out_from, size_t *out_to, pw_err *err)
{
	const char *at = text;
	pw_slice first = {NULL, 0}, second = {NULL, 0};
	size_t from, to;
	next_item(&at, ":", &first);
	if (at == NULL)
		second = first;
	else
		next_item(&at, ":", &second);
	if (at != NULL || !read_count(first, &from) || !read_count(second, &to) || from > to)
		return pw_fail(err, PW_ERR_ARG, "'%.40s' is no range of sizes: give it as 3:40",
			       text);
	*out_from = from;
	*out_to = to;
	return PW_OK;
}

pw_status pw_extents_parse(const char *text, uint32_t *out, uint32_t *out_count, pw_err *err)
{
	uint32_t extents[PW_DESIGN_MAX_DIMS], count = 0;
	pw_slice item;
	size_t value;
	for (const char *at = text; next_item(&at, "xX,", &item); count++) {
		if (count == PW_DESIGN_MAX_DIMS || !read_count(item, &value))
			return pw_fail(err, PW_ERR_ARG,
				       "'%.40s' is no size: give from 1 to %d numbers, as 8x12 or "
				       "10,11,13",
				       text, PW_DESIGN_MAX_DIMS);
		extents[count] = (uint32_t)value;
	}
	memcpy(out, extents, count * sizeof(*out));
	*out_count = count;
	return PW_OK;
}

/* ---- Dilution ---- */

static bool read_reals(const char *text, double *out, size_t max, size_t *out_count)
{
	size_t count = 0;
	pw_slice item;
	for (const char *at = text; next_item(&at, ",", &item); count++)
		if (count == max || !read_real(item, &out[count]))
			return false;
	*out_count = count;
	return true;
}

pw_status pw_dilution_parse(const char *text, pw_dilution *out, pw_err *err)
{
	double v[4] = {0};
	size_t count = 0;
	if (strcmp(text, "none") == 0) {
		*out = (pw_dilution){.kind = PW_DILUTION_NONE};
		return PW_OK;
	}
	if (pw_text_starts(text, "rate=") && read_reals(text + 5, v, 1, &count) && v[0] >= 0.0) {
		*out = (pw_dilution){.kind = PW_DILUTION_RATE, .rate = v[0]};
		return PW_OK;
	}
	if (pw_text_starts(text, "ct=") && read_reals(text + 3, v, 4, &count) && count >= 3 &&
	    v[1] > 0.0 && v[3] >= 0.0) {
		*out = (pw_dilution){.kind = PW_DILUTION_CT,
				     .ct_mean = v[0],
				     .ct_sd = v[1],
				     .ct_limit = v[2],
				     .cycles_per_doubling = v[3]};
		return PW_OK;
	}
	return pw_fail(err, PW_ERR_ARG,
		       "'%.40s' is no dilution: give none, rate=0.005, or ct=MEAN,SD,LIMIT as "
		       "ct=32,4,38",
		       text);
}

/* ---- Wells ---- */

static bool read_well(pw_slice item, pw_place *out)
{
	size_t col;
	if (item.len < 2 || item.len > 3)
		return false;
	char row = item.ptr[0];
	if (row >= 'a' && row <= 'p')
		row = (char)(row - 'a' + 'A');
	if (row < 'A' || row > 'P' || !read_count((pw_slice){item.ptr + 1, item.len - 1}, &col) ||
	    col > 24)
		return false;
	*out = (pw_place){0, (uint8_t)(row - 'A'), (uint8_t)(col - 1)};
	return true;
}

pw_status pw_reserved_parse(const char *text, pw_place *out, size_t max, size_t *out_count,
			    pw_err *err)
{
	size_t count = 0;
	pw_slice item;
	for (const char *at = text; next_item(&at, ",", &item); count++) {
		if (count == max)
			return pw_fail(err, PW_ERR_ARG, "more than the %zu wells we take", max);
		if (!read_well(item, &out[count]))
			return pw_fail(err, PW_ERR_ARG,
				       "'%.*s' is no well: give wells as A1,H11,H12", shown(item),
				       item.ptr);
	}
	*out_count = count;
	return PW_OK;
}
