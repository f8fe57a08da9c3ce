#include "devices/printers/codec_tspl.h"

#include <string.h>

#include "devices/printers/codec_text.h"

#define FRAME 8 /* STX, four bytes, ETX, CR, LF */

void pw_tspl_expect(pw_tspl_decoder *d, pw_tspl_event answer)
{
	if (answer != d->expected)
		d->n = 0;
	d->expected = answer;
}

/* Whether a byte may stand at this place of a frame; 0 stands for the four that say something. */
static bool fits(size_t at, char c)
{
	static const char frame[FRAME] = {2, 0, 0, 0, 0, 3, '\r', '\n'};
	return frame[at] == 0 ? (unsigned char)c >= 0x40 && (unsigned char)c < 0x80
			      : c == frame[at];
}

static pw_tspl_event feed_frame(pw_tspl_decoder *d, char c)
{
	if (!fits(d->n, c)) {
		d->n = 0;
		if (!fits(0, c))
			return PW_TSPL_NOTHING;
	}
	d->text[d->n++] = c;
	if (d->n < FRAME)
		return PW_TSPL_NOTHING;
	const char *t = d->text;
	d->n = 0;
	d->status = (pw_tspl_long){
		(uint8_t)t[1], (uint8_t)t[2], {(uint8_t)(t[3] & 0x3F), (uint8_t)(t[4] & 0x3F)}};
	return PW_TSPL_LONG;
}

static pw_tspl_event feed_line(pw_tspl_decoder *d, char c)
{
	if (c != '\r' && c != '\n') {
		if (d->n < sizeof(d->text))
			d->text[d->n++] = c;
		return PW_TSPL_NOTHING;
	}
	size_t n = d->n;
	d->n = 0;
	if (n == 0)
		return PW_TSPL_NOTHING;
	pw_codec_copy((pw_slice){d->text, n}, d->model, sizeof(d->model));
	return PW_TSPL_MODEL;
}

pw_tspl_event pw_tspl_feed(pw_tspl_decoder *d, uint8_t byte)
{
	switch (d->expected) {
	case PW_TSPL_LONG:
		return feed_frame(d, (char)byte);
	case PW_TSPL_MODEL:
		return feed_line(d, (char)byte);
	default:
		d->flags = byte;
		return PW_TSPL_STATUS;
	}
}
