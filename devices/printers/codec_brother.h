/*
 * What a Brother QL or PT printer is asked, and what it answers (raster command references of the QL-500 … 1060N, 700,
 * 710W/720NW, 8xx and 11xx, "Status information request", "Flow Charts"). Pure; any bytes in any pieces.
 *
 *	ESC i S   32 bytes. Not to be asked while it prints: it then says by itself, in the same 32 bytes, that
 *	          printing began (phase change), that a page is done, that it waits for data again, or what
 *	          went wrong.
 *
 * An answer begins with 80 20 'B'; what follows differs between models (series '4' or '0', an unused byte of
 * '0' or 0), so nothing else of the head is insisted on: a driver that did rejected a QL-1050's answer.
 */
#ifndef PW_DEVICES_CODEC_BROTHER_H
#define PW_DEVICES_CODEC_BROTHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PW_BROTHER_ASK_STATUS "\x1BiS"
#define PW_BROTHER_ANSWER     32

/* Error information 1, byte 8, and 2, byte 9. */
#define PW_BROTHER_E1_NO_MEDIA 0x01U
#define PW_BROTHER_E1_END      0x02U /* of die-cut labels */
#define PW_BROTHER_E1_CUTTER   0x04U
#define PW_BROTHER_E1_IN_USE   0x10U
#define PW_BROTHER_E1_OFF      0x20U
#define PW_BROTHER_E1_FAN      0x80U
#define PW_BROTHER_E2_MEDIA    0x01U /* other media than the job asks for */
#define PW_BROTHER_E2_BUFFER   0x02U
#define PW_BROTHER_E2_LINK     0x04U
#define PW_BROTHER_E2_COVER    0x10U
#define PW_BROTHER_E2_FEED     0x40U /* it cannot feed, or the media are at their end */
#define PW_BROTHER_E2_SYSTEM   0x80U

typedef enum pw_brother_type {
	PW_BROTHER_REPLY = 0, /* to the question */
	PW_BROTHER_DONE = 1,  /* a page is printed; its end may still be on its way out */
	PW_BROTHER_ERROR = 2, /* what it had received is thrown away */
	PW_BROTHER_OFF = 4,
	PW_BROTHER_NOTE = 5, /* `note` */
	PW_BROTHER_PHASE = 6 /* `printing` has changed */
} pw_brother_type;

#define PW_BROTHER_NOTE_COVER_OPEN   1
#define PW_BROTHER_NOTE_COVER_CLOSED 2
#define PW_BROTHER_NOTE_COOLING      3
#define PW_BROTHER_NOTE_COOLED       4

typedef struct pw_brother_status {
	pw_brother_type type;   /* byte 18 */
	bool printing;          /* byte 19: 0 waits for data, 1 prints */
	uint8_t series, model;  /* bytes 3 and 4 */
	uint8_t error1, error2; /* bytes 8 and 9 */
	int width;              /* byte 10, mm; 0: no media */
	int length;             /* byte 17, mm; 0: a tape without end */
	bool die_cut, no_media; /* byte 11: 0B and 4B, 0 */
	uint8_t note;           /* byte 22 */
} pw_brother_status;

/* All zeros is the beginning. */
typedef struct pw_brother_decoder {
	pw_brother_status status;
	/* the rest is the decoder's own */
	size_t n;
	uint8_t bytes[PW_BROTHER_ANSWER];
} pw_brother_decoder;

/* True with the byte that ends an answer. Garbage in front of an answer is passed over. */
bool pw_brother_feed(pw_brother_decoder *decoder, uint8_t byte);

/* "QL-820NWB", of the series and model bytes; NULL for one that is not known here. */
const char *pw_brother_model(uint8_t series, uint8_t model);

#endif
