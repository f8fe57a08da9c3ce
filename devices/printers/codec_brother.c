#include "devices/printers/codec_brother.h"

#include <string.h>

static const uint8_t head[3] = {0x80, 0x20, 'B'};

const char *pw_brother_model(uint8_t series, uint8_t model)
{
	static const struct {
		char series, model;
		const char *name;
	} models[] = {
		{'0', 'O', "QL-500/550"}, {'4', '1', "QL-560"},    {'4', '2', "QL-570"},
		{'4', '3', "QL-580N"},    {'0', 'Q', "QL-650TD"},  {'4', '5', "QL-700"},
		{'4', '6', "QL-710W"},    {'4', '7', "QL-720NW"},  {'4', '8', "QL-800"},
		{'4', '9', "QL-810W"},    {'4', 'A', "QL-820NWB"}, {'0', 'P', "QL-1050"},
		{'4', '4', "QL-1060N"},   {'4', 'C', "QL-1100"},   {'4', 'D', "QL-1110NWB"},
		{'4', 'E', "QL-1115NWB"}, {'4', 'G', "QL-600"},
	};
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (models[i].series == (char)series && models[i].model == (char)model)
			return models[i].name;
	return NULL;
}

/* Whether the bytes so far can be the beginning of an answer. */
static bool begins(const pw_brother_decoder *d)
{
	size_t n = d->n < sizeof(head) ? d->n : sizeof(head);
	return memcmp(d->bytes, head, n) == 0;
}

/* Forgets bytes from the front until what remains can be the beginning of an answer. */
static void resync(pw_brother_decoder *d)
{
	while (d->n > 0 && !begins(d))
		memmove(d->bytes, d->bytes + 1, --d->n);
}

/* An answer that can be none is cut short by one byte: the right beginning may be further on. */
static bool is_status(const uint8_t *b)
{
	return b[18] <= PW_BROTHER_PHASE && b[19] <= 1;
}

bool pw_brother_feed(pw_brother_decoder *d, uint8_t byte)
{
	const uint8_t *b = d->bytes;
	d->bytes[d->n++] = byte;
	resync(d);
	if (d->n < PW_BROTHER_ANSWER)
		return false;
	if (!is_status(b)) {
		memmove(d->bytes, d->bytes + 1, --d->n);
		resync(d);
		return false;
	}
	d->n = 0;
	d->status = (pw_brother_status){
		.type = (pw_brother_type)b[18],
		.printing = b[19] == 1,
		.series = b[3],
		.model = b[4],
		.error1 = b[8],
		.error2 = b[9],
		.width = b[10],
		.length = b[17],
		.die_cut = b[11] == 0x0B || b[11] == 0x4B,
		.no_media = b[11] == 0,
		.note = b[22],
	};
	return true;
}
