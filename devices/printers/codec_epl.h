/*
 * What an EPL2 printer is asked, and what it answers (EPL2 Programmer's Manual, ^ee and its codes; Intermec's ESim
 * manual for the remaining labels and for where it may be asked). Pure; any bytes in any pieces.
 *
 *	^ee LF    a line of codes of two digits, parted by commas: "00", "07", "07,11". 00 is ready. ESim adds what
 *	          remains of a batch: "07P012", "07R012" (12 labels, media or ribbon are out).
 *
 * Not answered inside of a picture (GW) or with a full buffer. XON and XOFF may stand anywhere.
 */
#ifndef PW_DEVICES_CODEC_EPL_H
#define PW_DEVICES_CODEC_EPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PW_EPL_ASK_STATUS "^ee\n"

/* Codes that stop the printer or say what it did not like. */
#define PW_EPL_OK            0
#define PW_EPL_SYNTAX        1
#define PW_EPL_BORDER        2 /* something reaches beyond the label */
#define PW_EPL_LENGTH        3
#define PW_EPL_MEMORY        4
#define PW_EPL_MEMORY_CONFIG 5
#define PW_EPL_SERIAL        6
#define PW_EPL_MEDIA_OUT     7 /* media or ribbon */
#define PW_EPL_HEAD_OPEN     11
#define PW_EPL_PAUSED        12
#define PW_EPL_HEAD_HOT      62 /* ESim */
#define PW_EPL_CUTTER        81 /* ESim */
#define PW_EPL_PAUSED_ESIM   92

#define PW_EPL_MOST_CODES 16

/* The last answer, and the decoder's state; all zeros is the beginning. */
typedef struct pw_epl_decoder {
	uint8_t code[PW_EPL_MOST_CODES];
	size_t codes;
	bool ribbon;   /* code 7 says that it is the ribbon */
	int remaining; /* labels, -1: not told */
	/* the rest is the decoder's own */
	bool spoilt; /* the line is no answer */
	size_t n;
	char line[8 * PW_EPL_MOST_CODES];
} pw_epl_decoder;

/* True with the byte that ends an answer. */
bool pw_epl_feed(pw_epl_decoder *decoder, uint8_t byte);

/* Whether the last answer has the code. */
bool pw_epl_has(const pw_epl_decoder *decoder, int code);

#endif
