#include "devices/printers/codec_epl.h"

#include "devices/printers/codec_text.h"

#define XON  0x11
#define XOFF 0x13

/* "07" or "07P012". */
static bool read_code(pw_slice word, pw_epl_decoder *d)
{
	int code, remaining;
	if (word.len < 2 || !pw_codec_number((pw_slice){word.ptr, 2}, 99, &code))
		return false;
	if (word.len > 2) {
		if (word.len != 6 || (word.ptr[2] != 'P' && word.ptr[2] != 'R') ||
		    !pw_codec_number((pw_slice){word.ptr + 3, 3}, 999, &remaining))
			return false;
		d->ribbon = d->ribbon || word.ptr[2] == 'R';
		d->remaining = remaining;
	}
	if (d->codes == PW_EPL_MOST_CODES)
		return false;
	d->code[d->codes++] = (uint8_t)code;
	return true;
}

/* The answer before is lost when this line is none: nobody asks for it any more. */
static bool end_line(pw_epl_decoder *d)
{
	size_t from = 0, n = d->n;
	bool spoilt = d->spoilt || n == 0;
	d->n = 0;
	d->spoilt = false;
	if (spoilt)
		return false;
	d->codes = 0;
	d->ribbon = false;
	d->remaining = -1;
	for (size_t i = 0; i <= n; i++) {
		if (i < n && d->line[i] != ',')
			continue;
		if (!read_code((pw_slice){d->line + from, i - from}, d))
			return false;
		from = i + 1;
	}
	return true;
}

bool pw_epl_feed(pw_epl_decoder *d, uint8_t byte)
{
	if (byte == XON || byte == XOFF || byte == '\r')
		return false;
	if (byte == '\n')
		return end_line(d);
	if (d->n == sizeof(d->line))
		d->spoilt = true;
	else
		d->line[d->n++] = (char)byte;
	return false;
}

bool pw_epl_has(const pw_epl_decoder *d, int code)
{
	for (size_t i = 0; i < d->codes; i++)
		if (d->code[i] == code)
			return true;
	return false;
}
