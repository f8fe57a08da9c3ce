/* The 0/1 matrix as text. */
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/vec.h"
#include "core/pooling/design_impl.h"

/* Where the reader is, and the rows so far. */
typedef struct reader {
	const char *text;
	size_t n, at;
	size_t line, line_start;
	size_t width; /* samples, once the first row is read */
	size_t first_line;
	size_t pools;
	PW_VEC(uint32_t) row_start;
	PW_VEC(uint32_t) members;
	pw_design_wells sample_wells, pool_wells;
} reader;

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_separator(char c)
{
	return c == ' ' || c == '\t' || c == ',' || c == ';';
}

static void next_line(reader *r)
{
	if (r->at + 1 < r->n && r->text[r->at] == '\r' && r->text[r->at + 1] == '\n')
		r->at++;
	r->at++;
	r->line++;
	r->line_start = r->at;
}

static pw_status fail_character(const reader *r, pw_err *err)
{
	unsigned char c = (unsigned char)r->text[r->at];
	char shown[16];
	if (c > ' ' && c < 0x7F)
		snprintf(shown, sizeof(shown), "'%c'", c);
	else
		snprintf(shown, sizeof(shown), "byte 0x%02X", c);
	return pw_fail(
		err, PW_ERR_FORMAT,
		"line %zu:%zu: %s where only 0 and 1 may stand: give a pool a line, a digit a "
		"sample",
		r->line, r->at - r->line_start + 1, shown);
}

static pw_status take_digit(reader *r, size_t column, bool one, pw_err *err)
{
	if (column >= PW_DESIGN_MAX_SAMPLES)
		return pw_fail(err, PW_ERR_LIMIT, "line %zu: more than the %d samples we take",
			       r->line, PW_DESIGN_MAX_SAMPLES);
	if (!one)
		return PW_OK;
	if (r->members.len >= PW_DESIGN_MAX_ENTRIES)
		return pw_fail(err, PW_ERR_LIMIT, "line %zu: more than the %d ones we take",
			       r->line, PW_DESIGN_MAX_ENTRIES);
	pw_vec_push(&r->members, (uint32_t)column);
	return PW_OK;
}

/* Ends a row of `width` digits, which is not 0. */
static pw_status end_row(reader *r, size_t width, pw_err *err)
{
	if (r->pools == 0) {
		r->width = width;
		r->first_line = r->line;
	}
	if (width != r->width)
		return pw_fail(
			err, PW_ERR_FORMAT,
			"line %zu: %zu columns where line %zu has %zu; every pool needs a digit "
			"for each sample",
			r->line, width, r->first_line, r->width);
	if (r->members.len == r->row_start.ptr[r->pools])
		return pw_fail(err, PW_ERR_FORMAT,
			       "line %zu: pool %zu is empty: put somebody in or leave the line out",
			       r->line, r->pools + 1);
	if (r->pools >= PW_DESIGN_MAX_POOLS)
		return pw_fail(err, PW_ERR_LIMIT, "line %zu: more than the %d pools we take",
			       r->line, PW_DESIGN_MAX_POOLS);
	r->pools++;
	pw_vec_push(&r->row_start, (uint32_t)r->members.len);
	return PW_OK;
}

/* Passes a comment over, unless it says where things stand. */
static pw_status read_comment(reader *r, pw_err *err)
{
	const char *text = r->text + r->at;
	size_t n = 0, skip, column = r->at - r->line_start + 1;
	while (r->at + n < r->n && !is_line_end(text[n]))
		n++;
	r->at += n;
	if (pw_design_wells_begin(text, n, "samples", &skip))
		return pw_design_wells_parse(text + skip, n - skip, r->line, column + skip,
					     &r->sample_wells, err);
	if (pw_design_wells_begin(text, n, "pools", &skip))
		return pw_design_wells_parse(text + skip, n - skip, r->line, column + skip,
					     &r->pool_wells, err);
	return PW_OK;
}

/* Reads to the end of the line, which it leaves standing. */
static pw_status read_line(reader *r, pw_err *err)
{
	size_t width = 0;
	pw_status rc;
	for (; r->at < r->n && !is_line_end(r->text[r->at]); r->at++) {
		char c = r->text[r->at];
		if (is_separator(c))
			continue;
		if (c == '#') {
			if ((rc = read_comment(r, err)) != PW_OK)
				return rc;
			break;
		}
		if (c != '0' && c != '1')
			return fail_character(r, err);
		if ((rc = take_digit(r, width, c == '1', err)) != PW_OK)
			return rc;
		width++;
	}
	return width > 0 ? end_row(r, width, err) : PW_OK;
}

static pw_status read_rows(reader *r, pw_err *err)
{
	if (r->n >= 3 && memcmp(r->text, "\xEF\xBB\xBF", 3) == 0)
		r->at = r->line_start = 3;
	pw_vec_push(&r->row_start, 0);
	while (r->at < r->n) {
		pw_status rc = read_line(r, err);
		if (rc != PW_OK)
			return rc;
		if (r->at < r->n)
			next_line(r);
	}
	if (r->pools == 0)
		return pw_fail(
			err, PW_ERR_FORMAT,
			"no pool: give a matrix of 0 and 1, a pool a line, a digit a sample");
	return PW_OK;
}

static pw_status read_all(reader *r, pw_err *err)
{
	pw_status rc;
	if ((rc = read_rows(r, err)) != PW_OK ||
	    (rc = pw_design_wells_check(&r->sample_wells, "samples", r->width, err)) != PW_OK)
		return rc;
	return pw_design_wells_check(&r->pool_wells, "pools", r->pools, err);
}

pw_status pw_design_parse(const char *text, size_t n, pw_design **out, pw_err *err)
{
	reader r = {.text = text, .n = n, .line = 1};
	pw_status rc = read_all(&r, err);
	if (rc == PW_OK) {
		pw_design_spec spec = {.pools = r.pools,
				       .samples = r.width,
				       .sample_places = r.sample_wells.places.ptr,
				       .pool_places = r.pool_wells.places.ptr};
		rc = pw_design_from_rows(&spec, r.row_start.ptr, r.members.ptr, out, err);
	} else {
		pw_vec_clear(&r.row_start);
		pw_vec_clear(&r.members);
	}
	pw_vec_clear(&r.sample_wells.places);
	pw_vec_clear(&r.pool_wells.places);
	return rc;
}

/* Nothing for wells that the reader takes anyway. */
static void format_wells(const char *what, const pw_place *places, size_t count, pw_str *out)
{
	pw_place *usual = pw_alloc_array(count, sizeof(*usual));
	bool same = true;
	pw_design_default_places(usual, count);
	for (size_t i = 0; i < count && same; i++)
		same = places[i].plate == usual[i].plate && places[i].row == usual[i].row &&
		       places[i].col == usual[i].col;
	pw_free(usual);
	if (!same)
		pw_design_wells_format(what, places, count, out);
}

void pw_design_format(const pw_design *design, bool comment, pw_str *out)
{
	if (comment) {
		pw_str_addf(out, "# %s%s%s: %zu pools, %zu samples\n", design->family,
			    design->parameters[0] != '\0' ? " " : "", design->parameters,
			    design->pools, design->samples);
		format_wells("samples", design->sample_places, design->samples, out);
		format_wells("pools", design->pool_places, design->pools, out);
	}
	size_t width = 2 * design->samples;
	char *line = pw_alloc(width);
	for (size_t i = 0; i < design->pools; i++) {
		for (size_t j = 0; j < width; j += 2) {
			line[j] = '0';
			line[j + 1] = ' ';
		}
		line[width - 1] = '\n';
		pw_design_list members = pw_design_members(design, i);
		for (size_t k = 0; k < members.count; k++)
			line[2 * (size_t)members.at[k]] = '1';
		pw_str_add_n(out, line, width);
	}
	pw_free(line);
}
