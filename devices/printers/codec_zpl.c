#include "devices/printers/codec_zpl.h"

#include <string.h>

#include "devices/printers/codec_text.h"

#define STX         2
#define ETX         3
#define MOST_FIELDS 12
#define MOST_COUNT  99999999

/* ---- Fields ---- */

typedef struct fields {
	pw_slice field[MOST_FIELDS];
	size_t n; /* MOST_FIELDS + 1: there are more */
} fields;

static fields split(const char *text, size_t n)
{
	fields f = {.n = 0};
	size_t from = 0;
	for (size_t i = 0; i <= n; i++) {
		if (i < n && text[i] != ',')
			continue;
		if (f.n == MOST_FIELDS) {
			f.n++;
			break;
		}
		f.field[f.n++] = (pw_slice){text + from, i - from};
		from = i + 1;
	}
	return f;
}

static bool flag(pw_slice field, bool *out)
{
	int value;
	if (!pw_codec_number(field, 1, &value))
		return false;
	*out = value == 1;
	return true;
}

/* A field that says nothing that we need must still be a number: what isn't is no status. */
static bool number(pw_slice field)
{
	int ignored;
	return pw_codec_number(field, MOST_COUNT, &ignored);
}

/* ---- ~HS ---- */

static bool first_string(const fields *f, pw_zpl_status *s)
{
	const pw_slice *v = f->field;
	return f->n == 12 && number(v[0]) && flag(v[1], &s->paper_out) && flag(v[2], &s->paused) &&
	       pw_codec_number(v[3], MOST_COUNT, &s->label_length) &&
	       pw_codec_number(v[4], MOST_COUNT, &s->formats) && flag(v[5], &s->buffer_full) &&
	       flag(v[6], &s->diagnostic) && flag(v[7], &s->partial) && number(v[8]) &&
	       flag(v[9], &s->corrupt) && flag(v[10], &s->cold) && flag(v[11], &s->hot);
}

static bool second_string(const fields *f, pw_zpl_status *s)
{
	const pw_slice *v = f->field;
	if (f->n != 11 || v[5].len != 1)
		return false;
	s->print_mode = v[5].ptr[0];
	return number(v[0]) && number(v[1]) && flag(v[2], &s->head_open) &&
	       flag(v[3], &s->ribbon_out) && flag(v[4], &s->thermal_transfer) && number(v[6]) &&
	       flag(v[7], &s->label_waiting) && pw_codec_number(v[8], MOST_COUNT, &s->remaining) &&
	       number(v[9]) && number(v[10]);
}

static bool third_string(const fields *f)
{
	return f->n == 2 && number(f->field[0]) && number(f->field[1]);
}

/* ---- ~HI and ~HQES ---- */

static bool read_identity(const fields *f, pw_zpl_identity *out)
{
	if (f->n < 3 || f->n > MOST_FIELDS || f->field[0].len == 0 || f->field[1].len == 0 ||
	    f->field[1].ptr[0] != 'V')
		return false;
	*out = (pw_zpl_identity){.dots_per_mm = 0};
	pw_codec_copy(f->field[0], out->model, sizeof(out->model));
	pw_codec_copy(f->field[1], out->firmware, sizeof(out->firmware));
	int dots;
	if (pw_codec_number(f->field[2], 100, &dots))
		out->dots_per_mm = dots;
	return true;
}

/* "ERRORS: 1 00000000 00000005" somewhere in the text, which is moved behind it: the last group, or 0 behind a flag
 * of 0. */
static bool read_flags(pw_slice *text, const char *word, uint32_t *out)
{
	uint32_t flagged, zeros, bits;
	if (!pw_codec_skip_to(text, word) || !pw_codec_hex(text, 1, &flagged) || flagged > 1 ||
	    !pw_codec_hex(text, 8, &zeros) || !pw_codec_hex(text, 8, &bits))
		return false;
	*out = flagged == 1 ? bits : 0;
	return true;
}

static bool read_errors(pw_slice text, pw_zpl_errors *out)
{
	pw_zpl_errors e;
	if (!read_flags(&text, "ERRORS:", &e.errors) ||
	    !read_flags(&text, "WARNINGS:", &e.warnings))
		return false;
	*out = e;
	return true;
}

/* ---- Frames ---- */

/* The string of a status whose turn it is. */
static bool next_string(pw_zpl_decoder *d, const fields *f)
{
	switch (d->strings) {
	case 0:
		return first_string(f, &d->coming);
	case 1:
		return second_string(f, &d->coming);
	default:
		return third_string(f);
	}
}

static pw_zpl_event end_frame(pw_zpl_decoder *d)
{
	fields f = split(d->frame, d->n);
	d->inside = false;
	if (next_string(d, &f)) {
		if (++d->strings < 3)
			return PW_ZPL_NOTHING;
		d->strings = 0;
		d->status = d->coming;
		return PW_ZPL_STATUS;
	}
	d->strings = first_string(&f, &d->coming) ? 1 : 0;
	if (read_identity(&f, &d->identity))
		return PW_ZPL_IDENTITY;
	return read_errors((pw_slice){d->frame, d->n}, &d->errors) ? PW_ZPL_ERRORS : PW_ZPL_NOTHING;
}

pw_zpl_event pw_zpl_feed(pw_zpl_decoder *d, uint8_t byte)
{
	if (byte == STX) {
		if (d->inside && d->n > 0)
			d->strings = 0;
		d->inside = true;
		d->n = 0;
	} else if (d->inside && byte == ETX) {
		return end_frame(d);
	} else if (d->inside && d->n < sizeof(d->frame)) {
		d->frame[d->n++] = (char)byte;
	} else if (d->inside || (byte != '\r' && byte != '\n')) {
		d->inside = false;
		d->strings = 0;
	}
	return PW_ZPL_NOTHING;
}
