/* The 0/1 matrix, read block by block: of the text only the beginning of a comment and a well are ever held. */
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/vec.h"
#include "core/pooling/design_impl.h"

/* What the next byte belongs to. */
typedef enum part {
	MARK,    /* the byte order mark, if there is one */
	ROW,     /* digits */
	COMMENT, /* the first bytes of a comment, which say whether wells follow */
	WELLS,
	REST /* of a comment: passed over */
} part;

struct pw_design_reader {
	part part;
	size_t line, column; /* of the next byte, from 1 */
	bool after_cr;       /* a line feed now belongs to the line end before it */
	size_t digits;       /* of this row so far */
	size_t width;        /* samples, once the first row is read */
	size_t first_line;
	size_t pools;
	PW_VEC(uint32_t) row_start;
	PW_VEC(uint32_t) members;
	pw_design_wells sample_wells, pool_wells;
	pw_design_wells *wells; /* those being read */
	/* The mark, the beginning of a comment, or a well; `length` goes on where there is no more room. */
	char held[32];
	size_t length;
};

static const char byte_order_mark[] = "\xEF\xBB\xBF";

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_separator(char c)
{
	return is_space(c) || c == ',' || c == ';';
}

static void hold(pw_design_reader *r, char c)
{
	if (r->length < sizeof(r->held))
		r->held[r->length] = c;
	r->length++;
}

/* ---- A row ---- */

static pw_status fail_character(const pw_design_reader *r, char character, pw_err *err)
{
	unsigned char c = (unsigned char)character;
	char shown[16];
	if (c > ' ' && c < 0x7F)
		snprintf(shown, sizeof(shown), "'%c'", c);
	else
		snprintf(shown, sizeof(shown), "byte 0x%02X", c);
	return pw_fail(
		err, PW_ERR_FORMAT,
		"line %zu:%zu: %s where only 0 and 1 may stand: give a pool a line, a digit a "
		"sample",
		r->line, r->column, shown);
}

static pw_status take_digit(pw_design_reader *r, bool one, pw_err *err)
{
	if (r->digits >= PW_DESIGN_MAX_SAMPLES)
		return pw_fail(err, PW_ERR_LIMIT, "line %zu: more than the %d samples we take",
			       r->line, PW_DESIGN_MAX_SAMPLES);
	if (one && r->members.len >= PW_DESIGN_MAX_ENTRIES)
		return pw_fail(err, PW_ERR_LIMIT, "line %zu: more than the %d ones we take",
			       r->line, PW_DESIGN_MAX_ENTRIES);
	if (one)
		pw_vec_push(&r->members, (uint32_t)r->digits);
	r->digits++;
	return PW_OK;
}

/* Of at least one digit. */
static pw_status end_row(pw_design_reader *r, pw_err *err)
{
	if (r->pools == 0) {
		r->width = r->digits;
		r->first_line = r->line;
	}
	if (r->digits != r->width)
		return pw_fail(
			err, PW_ERR_FORMAT,
			"line %zu: %zu columns where line %zu has %zu; every pool needs a digit "
			"for each sample",
			r->line, r->digits, r->first_line, r->width);
	if (r->members.len == r->row_start.ptr[r->pools])
		return pw_fail(err, PW_ERR_FORMAT,
			       "line %zu: pool %zu is empty: put somebody in or leave the line out",
			       r->line, r->pools + 1);
	if (r->pools >= PW_DESIGN_MAX_POOLS)
		return pw_fail(err, PW_ERR_LIMIT, "line %zu: more than the %d pools we take",
			       r->line, PW_DESIGN_MAX_POOLS);
	r->pools++;
	r->digits = 0;
	pw_vec_push(&r->row_start, (uint32_t)r->members.len);
	return PW_OK;
}

/* ---- Wells ---- */

static pw_status end_well(pw_design_reader *r, pw_err *err)
{
	size_t kept = r->length < sizeof(r->held) ? r->length : sizeof(r->held);
	size_t column = r->column - r->length;
	if (r->length == 0)
		return PW_OK;
	r->length = 0;
	return pw_design_wells_add(r->wells, r->held, kept, r->line, column, err);
}

/* Whether the beginning of the comment is known to be that of wells, or to be no such thing. */
static pw_status look_at_comment(pw_design_reader *r, pw_err *err)
{
	bool samples = pw_design_wells_title(r->held, r->length, "samples");
	if (samples || pw_design_wells_title(r->held, r->length, "pools")) {
		r->wells = samples ? &r->sample_wells : &r->pool_wells;
		r->part = WELLS;
		r->length = 0;
		return pw_design_wells_begin(r->wells, r->line, err);
	}
	if (r->length == sizeof(r->held))
		r->part = REST;
	return PW_OK;
}

/* ---- Lines ---- */

/* What the line has in hand when it ends. */
static pw_status end_line(pw_design_reader *r, pw_err *err)
{
	pw_status rc = r->part == WELLS ? end_well(r, err) : PW_OK;
	if (rc == PW_OK && r->digits > 0)
		rc = end_row(r, err);
	return rc;
}

static pw_status pass_line_end(pw_design_reader *r, char c, pw_err *err)
{
	pw_status rc = end_line(r, err);
	r->line++;
	r->column = 1;
	r->after_cr = c == '\r';
	r->part = ROW;
	return rc;
}

/* ---- Blocks: each takes of *at..end-1 what is of its part, or turns to the next part ---- */

static pw_status take_mark(pw_design_reader *r, const char **at, pw_err *err)
{
	if (**at != byte_order_mark[r->length]) {
		r->part = ROW;
		return r->length > 0 ? fail_character(r, byte_order_mark[0], err) : PW_OK;
	}
	(*at)++;
	r->length++;
	if (r->length == sizeof(byte_order_mark) - 1)
		r->part = ROW;
	return PW_OK;
}

static pw_status take_row(pw_design_reader *r, const char **at, const char *end, pw_err *err)
{
	const char *p = *at, *from = p;
	pw_status rc = PW_OK;
	for (; p < end && rc == PW_OK; p++) {
		if (*p == '0' || *p == '1')
			rc = take_digit(r, *p == '1', err);
		else if (!is_separator(*p))
			break;
	}
	r->column += (size_t)(p - from);
	if (rc == PW_OK && p < end && *p == '#') {
		r->part = COMMENT;
		r->length = 0;
	} else if (rc == PW_OK && p < end) {
		rc = is_line_end(*p) ? pass_line_end(r, *p, err) : fail_character(r, *p, err);
		p++;
	}
	*at = p;
	return rc;
}

static pw_status take_comment(pw_design_reader *r, const char **at, pw_err *err)
{
	char c = *(*at)++;
	if (is_line_end(c))
		return pass_line_end(r, c, err);
	hold(r, c);
	r->column++;
	return look_at_comment(r, err);
}

static pw_status take_wells(pw_design_reader *r, const char **at, pw_err *err)
{
	char c = *(*at)++;
	pw_status rc = PW_OK;
	if (is_line_end(c))
		return pass_line_end(r, c, err);
	if (is_space(c))
		rc = end_well(r, err);
	else
		hold(r, c);
	r->column++;
	return rc;
}

static pw_status take_rest(pw_design_reader *r, const char **at, const char *end, pw_err *err)
{
	while (*at < end && !is_line_end(**at))
		(*at)++;
	return *at < end ? pass_line_end(r, *(*at)++, err) : PW_OK;
}

static pw_status take_some(pw_design_reader *r, const char **at, const char *end, pw_err *err)
{
	if (r->after_cr) {
		r->after_cr = false;
		if (**at == '\n') {
			(*at)++;
			return PW_OK;
		}
	}
	switch (r->part) {
	case MARK:
		return take_mark(r, at, err);
	case ROW:
		return take_row(r, at, end, err);
	case COMMENT:
		return take_comment(r, at, err);
	case WELLS:
		return take_wells(r, at, err);
	case REST:
		break;
	}
	return take_rest(r, at, end, err);
}

/* ---- The whole ---- */

pw_design_reader *pw_design_reader_new(void)
{
	pw_design_reader *r = pw_alloc(sizeof(*r));
	r->line = r->column = 1;
	pw_vec_push(&r->row_start, 0);
	return r;
}

void pw_design_reader_free(pw_design_reader *r)
{
	if (r == NULL)
		return;
	pw_vec_clear(&r->row_start);
	pw_vec_clear(&r->members);
	pw_vec_clear(&r->sample_wells.places);
	pw_vec_clear(&r->pool_wells.places);
	pw_free(r);
}

pw_status pw_design_reader_feed(void *reader, const char *text, size_t n, pw_err *err)
{
	pw_status rc = PW_OK;
	for (const char *at = text, *end = text + n; at < end && rc == PW_OK;)
		rc = take_some(reader, &at, end, err);
	return rc;
}

static pw_status end_text(pw_design_reader *r, pw_err *err)
{
	pw_status rc;
	if (r->part == MARK && r->length > 0)
		return fail_character(r, byte_order_mark[0], err);
	if ((rc = end_line(r, err)) != PW_OK)
		return rc;
	if (r->pools == 0)
		return pw_fail(
			err, PW_ERR_FORMAT,
			"no pool: give a matrix of 0 and 1, a pool a line, a digit a sample");
	if ((rc = pw_design_wells_check(&r->sample_wells, "samples", r->width, err)) != PW_OK)
		return rc;
	return pw_design_wells_check(&r->pool_wells, "pools", r->pools, err);
}

pw_status pw_design_reader_end(pw_design_reader *r, pw_design **out, pw_err *err)
{
	pw_status rc = end_text(r, err);
	if (rc != PW_OK)
		return rc;
	pw_design_spec spec = {.pools = r->pools,
			       .samples = r->width,
			       .sample_places = r->sample_wells.places.ptr,
			       .pool_places = r->pool_wells.places.ptr};
	rc = pw_design_from_rows(&spec, r->row_start.ptr, r->members.ptr, out, err);
	r->row_start.ptr = r->members.ptr = NULL; /* the design's now, or freed */
	return rc;
}

pw_status pw_design_parse(const char *text, size_t n, pw_design **out, pw_err *err)
{
	pw_design_reader *r = pw_design_reader_new();
	pw_status rc = pw_design_reader_feed(r, text, n, err);
	if (rc == PW_OK)
		rc = pw_design_reader_end(r, out, err);
	pw_design_reader_free(r);
	return rc;
}
