/*
 * What a TSPL or TSPL2 printer is asked, and what it answers (TSC's programming manual, "Status Polling and
 * Immediate Commands"; Gprinter's manual lists the same). Pure; any bytes in any pieces.
 *
 *	ESC ! ?   one byte of flags; at any time, also while it is stopped. All printers of the family know it.
 *	ESC ! S   STX, four bytes, ETX, CR, LF; TSC's own printers from firmware V6.29 on
 *	~ ! T     the model's name and CR; answered only when it is ready
 *
 * One byte says nothing of what it answers: the decoder is told what was asked. No command that the manual does not
 * list may be sent: printers of other makers have dropped whole jobs at one (and printed blank labels).
 */
#ifndef PW_DEVICES_CODEC_TSPL_H
#define PW_DEVICES_CODEC_TSPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PW_TSPL_ASK_STATUS "\x1B!?"
#define PW_TSPL_ASK_LONG   "\x1B!S"
#define PW_TSPL_ASK_MODEL  "~!T"

/* ESC ! ?, a set of bits; 0 is ready. */
#define PW_TSPL_HEAD_OPEN  0x01U
#define PW_TSPL_JAM        0x02U
#define PW_TSPL_PAPER_OUT  0x04U
#define PW_TSPL_RIBBON_OUT 0x08U
#define PW_TSPL_PAUSED     0x10U
#define PW_TSPL_PRINTING   0x20U
#define PW_TSPL_COVER_OPEN 0x40U /* an option, of few models */
#define PW_TSPL_OTHER      0x80U /* TSC: another error; Gprinter: temperature out of range */

/* ESC ! S: the four bytes, each with bit 6 set. */
typedef struct pw_tspl_long {
	uint8_t message;  /* one of PW_TSPL_M_… */
	uint8_t warning;  /* PW_TSPL_W_… */
	uint8_t error[2]; /* PW_TSPL_E3_… and PW_TSPL_E4_…, sets of bits */
} pw_tspl_long;

#define PW_TSPL_M_READY      '@'
#define PW_TSPL_M_PAUSED     '`'
#define PW_TSPL_M_BACKING    'B'
#define PW_TSPL_M_CUTTING    'C'
#define PW_TSPL_M_ERROR      'E'
#define PW_TSPL_M_FEEDING    'F'
#define PW_TSPL_M_WAIT_KEY   'K' /* for its print key */
#define PW_TSPL_M_WAIT_TAKEN 'L' /* for the label to be taken */
#define PW_TSPL_M_PRINTING   'P'
#define PW_TSPL_M_IMAGING    'W'

#define PW_TSPL_W_BUFFER_FULL 0x08U

#define PW_TSPL_E3_HEAD_HOT  0x01U
#define PW_TSPL_E3_MOTOR_HOT 0x02U
#define PW_TSPL_E3_CUTTER    0x08U
#define PW_TSPL_E3_MEMORY    0x10U

#define PW_TSPL_E4_PAPER_OUT  0x01U
#define PW_TSPL_E4_JAM        0x02U
#define PW_TSPL_E4_RIBBON_OUT 0x04U
#define PW_TSPL_E4_RIBBON_JAM 0x08U
#define PW_TSPL_E4_HEAD_OPEN  0x20U

typedef enum pw_tspl_event {
	PW_TSPL_NOTHING,
	PW_TSPL_STATUS, /* decoder->flags */
	PW_TSPL_LONG,   /* decoder->status */
	PW_TSPL_MODEL,  /* decoder->model */
} pw_tspl_event;

/* All zeros is the beginning, and expects PW_TSPL_STATUS. */
typedef struct pw_tspl_decoder {
	uint8_t flags;
	pw_tspl_long status;
	char model[64];
	/* the rest is the decoder's own */
	pw_tspl_event expected;
	size_t n;
	char text[64];
} pw_tspl_decoder;

/* What was asked: PW_TSPL_STATUS, PW_TSPL_LONG or PW_TSPL_MODEL. What has come of an answer is forgotten. */
void pw_tspl_expect(pw_tspl_decoder *decoder, pw_tspl_event answer);

pw_tspl_event pw_tspl_feed(pw_tspl_decoder *decoder, uint8_t byte);

#endif
