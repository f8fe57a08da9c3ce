/*
 * What a ZPL II printer is asked, and what it answers (Zebra Programming Guide, ~HS, ~HQ, ~HI). Bytes only: no
 * cable, no clock, no memory of its own; any bytes in any pieces are safe to feed.
 *
 * Answers come as frames between STX and ETX, in whatever pieces the cable makes of them:
 *
 *	~HS      three frames, each followed by CR LF, of 12, 11 and 2 fields parted by commas. They count only
 *	         together, complete, in their order, with nothing else between them: a half answer is none.
 *	~HQES    one frame of lines: "PRINTER STATUS", "ERRORS: 1 00000000 00000005", "WARNINGS: 0 …"
 *	~HI      one frame: model, firmware, dots per millimetre, memory, …
 *
 * Zebra says that ~HS is not answered while media or ribbon are out, the head is open or too hot, or a rewinder
 * is full; ~HQES then tells why.
 */
#ifndef PW_DEVICES_CODEC_ZPL_H
#define PW_DEVICES_CODEC_ZPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PW_ZPL_ASK_STATUS   "~HS"
#define PW_ZPL_ASK_ERRORS   "~HQES"
#define PW_ZPL_ASK_IDENTITY "~HI"

/* ~HS. In front of each field: the string and the letter that the guide gives it. */
typedef struct pw_zpl_status {
	bool paper_out;        /* 1b */
	bool paused;           /* 1c */
	int label_length;      /* 1d, dots */
	int formats;           /* 1e, formats in the receive buffer */
	bool buffer_full;      /* 1f */
	bool diagnostic;       /* 1g, it prints what it receives as hexadecimal numbers */
	bool partial;          /* 1h, a format has begun and not ended */
	bool corrupt;          /* 1j, its memory lost its settings */
	bool cold, hot;        /* 1k, 1l */
	bool head_open;        /* 2o */
	bool ribbon_out;       /* 2p */
	bool thermal_transfer; /* 2q */
	char print_mode;       /* 2r: '0' rewind, '1' peel off, '2' tear off, '3' cutter, … */
	bool label_waiting;    /* 2t, a printed label has not been taken (peel off) */
	int remaining;         /* 2u, labels that remain in the batch */
} pw_zpl_status;

/* ~HQES, the second group of eight hexadecimal digits (nibble 1 is the last digit). The first group is always 0. */
typedef struct pw_zpl_errors {
	uint32_t errors; /* of PW_ZPL_E_…; 0 when the flag in front says that there are none */
	uint32_t warnings;
} pw_zpl_errors;

#define PW_ZPL_E_MEDIA_OUT       0x00000001U
#define PW_ZPL_E_RIBBON_OUT      0x00000002U
#define PW_ZPL_E_HEAD_OPEN       0x00000004U
#define PW_ZPL_E_CUTTER          0x00000008U
#define PW_ZPL_E_HEAD_HOT        0x00000010U
#define PW_ZPL_E_MOTOR_HOT       0x00000020U
#define PW_ZPL_E_HEAD_ELEMENT    0x00000040U
#define PW_ZPL_E_HEAD_DETECTION  0x00000080U
#define PW_ZPL_E_FIRMWARE        0x00000100U
#define PW_ZPL_E_HEAD_THERMISTOR 0x00000200U
#define PW_ZPL_E_JAM_RETRACT     0x00001000U
#define PW_ZPL_E_PRESENTER       0x00002000U
#define PW_ZPL_E_PAPER_FEED      0x00004000U
#define PW_ZPL_E_PAPER_PATH      0x00008000U

/* ~HI. What is longer is cut off. */
typedef struct pw_zpl_identity {
	char model[64], firmware[32];
	int dots_per_mm; /* 0: not told */
} pw_zpl_identity;

typedef enum pw_zpl_event {
	PW_ZPL_NOTHING,
	PW_ZPL_STATUS,   /* decoder->status is a whole new one */
	PW_ZPL_ERRORS,   /* decoder->errors */
	PW_ZPL_IDENTITY, /* decoder->identity */
} pw_zpl_event;

#define PW_ZPL_LONGEST_FRAME 512

/* All zeros is the beginning. */
typedef struct pw_zpl_decoder {
	pw_zpl_status status;
	pw_zpl_errors errors;
	pw_zpl_identity identity;
	/* the rest is the decoder's own */
	pw_zpl_status coming;
	int strings; /* of a status that have come */
	bool inside; /* of a frame */
	size_t n;
	char frame[PW_ZPL_LONGEST_FRAME];
} pw_zpl_decoder;

/* Takes in one byte that the printer sent. */
pw_zpl_event pw_zpl_feed(pw_zpl_decoder *decoder, uint8_t byte);

#endif
