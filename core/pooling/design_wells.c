/*
 * Where samples and pools stand, as a comment of the matrix: "# wells of samples: A1 A2 … 2:A1", the plate's
 * number from 1 in front of a well that is not on the first. Other programs pass it over.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/design_impl.h"

#define MOST_PLATES 20000
#define PLATE_WELLS ((size_t)16 * 24)

/* ---- Writing ---- */

void pw_design_wells_format(const char *what, const pw_place *places, size_t count, pw_str *out)
{
	pw_str_addf(out, "# wells of %s:", what);
	for (size_t i = 0; i < count; i++) {
		pw_str_add_char(out, ' ');
		if (places[i].plate > 0)
			pw_str_addf(out, "%u:", places[i].plate + 1U);
		pw_str_addf(out, "%c%u", (char)('A' + places[i].row), places[i].col + 1U);
	}
	pw_str_add_char(out, '\n');
}

/* ---- Reading ---- */

bool pw_design_wells_title(const char *text, size_t n, const char *what)
{
	char title[40];
	size_t length = (size_t)snprintf(title, sizeof(title), "# wells of %s:", what);
	return n == length && memcmp(text, title, length) == 0;
}

/* Up to `most`, of at most 5 digits; 0 when there is none. */
static uint32_t read_number(const char *text, size_t n, size_t *at, uint32_t most)
{
	uint32_t number = 0;
	for (int digits = 0; digits < 5 && *at < n && text[*at] >= '0' && text[*at] <= '9';
	     digits++)
		number = number * 10 + (uint32_t)(text[(*at)++] - '0');
	return number <= most ? number : 0;
}

static bool read_well(const char *text, size_t n, pw_place *out)
{
	size_t at = 0;
	uint32_t plate = read_number(text, n, &at, MOST_PLATES);
	if (at > 0 && (plate == 0 || at >= n || text[at++] != ':'))
		return false;
	if (at >= n || text[at] < 'A' || text[at] > 'P')
		return false;
	uint8_t row = (uint8_t)(text[at++] - 'A');
	uint32_t column = read_number(text, n, &at, 24);
	*out = (pw_place){(uint16_t)(plate > 0 ? plate - 1 : 0), row, (uint8_t)(column - 1)};
	return column > 0 && at == n;
}

pw_status pw_design_wells_begin(pw_design_wells *wells, size_t line, pw_err *err)
{
	if (wells->line != 0)
		return pw_fail(err, PW_ERR_FORMAT, "line %zu: wells stand in line %zu already",
			       line, wells->line);
	wells->line = line;
	return PW_OK;
}

pw_status pw_design_wells_add(pw_design_wells *wells, const char *text, size_t n, size_t line,
			      size_t column, pw_err *err)
{
	pw_place place;
	char shown[48];
	if (!read_well(text, n, &place))
		return pw_fail(err, PW_ERR_FORMAT,
			       "line %zu:%zu: '%s' is no well: give A1 to P24, on further plates "
			       "2:A1",
			       line, column,
			       pw_slice_show((pw_slice){text, n < 20 ? n : 20}, shown));
	pw_vec_push(&wells->places, place);
	if (wells->places.len > PW_DESIGN_MAX_SAMPLES)
		return pw_fail(err, PW_ERR_LIMIT, "line %zu: more than the %d wells we take", line,
			       PW_DESIGN_MAX_SAMPLES);
	return PW_OK;
}

pw_status pw_design_wells_check(const pw_design_wells *wells, const char *what, size_t count,
				pw_err *err)
{
	size_t plates = 0;
	pw_status rc = PW_OK;
	if (wells->line == 0)
		return PW_OK;
	if (wells->places.len != count)
		return pw_fail(err, PW_ERR_FORMAT, "line %zu: %zu wells for %zu %s: give each one",
			       wells->line, wells->places.len, count, what);
	for (size_t i = 0; i < count; i++)
		plates = wells->places.ptr[i].plate >= plates ? wells->places.ptr[i].plate + 1U
							      : plates;
	bool *taken = pw_alloc_array(plates * PLATE_WELLS, sizeof(*taken));
	for (size_t i = 0; i < count && rc == PW_OK; i++) {
		pw_place p = wells->places.ptr[i];
		size_t well = p.plate * PLATE_WELLS + p.row * (size_t)24 + p.col;
		if (taken[well])
			rc = pw_fail(err, PW_ERR_FORMAT,
				     "line %zu: well %c%u of plate %u stands twice", wells->line,
				     (char)('A' + p.row), p.col + 1U, p.plate + 1U);
		taken[well] = true;
	}
	pw_free(taken);
	return rc;
}
