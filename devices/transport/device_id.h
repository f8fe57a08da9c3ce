/*
 * IEEE 1284 device ids: "MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD421-300dpi ZPL;CLS:PRINTER;". A printer says by
 * them who made it and which languages it takes. Keys come in long and short forms, values with blanks around them,
 * the last ';' is often missing; what cannot be read is passed over, no id is refused.
 */
#ifndef PW_DEVICES_DEVICE_ID_H
#define PW_DEVICES_DEVICE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

/* All are slices of the id's text; length 0: not told. */
typedef struct pw_device_id {
	pw_slice maker;     /* MFG, MANUFACTURER */
	pw_slice model;     /* MDL, MODEL */
	pw_slice languages; /* CMD, COMMAND SET: "ZPL", "EPL,ZPL" */
	pw_slice serial;    /* SN, SERN, SERIALNUMBER */
} pw_device_id;

pw_device_id pw_device_id_parse(const char *text, size_t n);

/* The value of a key as the id has it, without blanks around it; keys are alike in any case. The first of several
 * counts. false when there is no such key. */
bool pw_device_id_get(const char *text, size_t n, const char *key, pw_slice *out);

/* Whether `word` is one of the words of a value such as "EPL,ZPL;": parted by anything but letters, digits and
 * '-', alike in any case. */
bool pw_device_id_has(pw_slice value, const char *word);

/*
 * The id in the answer to GET_DEVICE_ID, which begins with its length in two bytes: the larger first and both counted.
 * Devices have them the other way round, forget to count them, or promise more than they send; an answer is
 * never read beyond its end.
 */
pw_slice pw_device_id_strip(const uint8_t *answer, size_t n);

#endif
