/*
 * What a Dymo LabelWriter (400 and 450 series) is asked, and what it answers (LabelWriter 400 Series Technical
 * Reference, "The Status Byte"). Pure; any bytes.
 *
 *	ESC A     one byte of flags
 *
 * Inside of a row of dots the question would be dots. LabelManager tape printers, which answer with eight bytes, and
 * the 550 series, which speaks otherwise, are not spoken to.
 */
#ifndef PW_DEVICES_CODEC_DYMO_H
#define PW_DEVICES_CODEC_DYMO_H

#include <stdbool.h>
#include <stdint.h>

#define PW_DYMO_ASK_STATUS \
	"\x1B"             \
	"A"

#define PW_DYMO_READY       0x01U /* always set, says the manual */
#define PW_DYMO_TOP_OF_FORM 0x02U
#define PW_DYMO_NO_PAPER    0x20U
#define PW_DYMO_JAM         0x40U
#define PW_DYMO_ERROR       0x80U /* also set when paper is out */

/* Whether the byte can be an answer: the three reserved bits are 0. */
bool pw_dymo_is_status(uint8_t byte);

#endif
