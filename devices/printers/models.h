/*
 * Which printer a device id names: the IEEE 1284 string of USB printers, "MFG:Zebra;MDL:…;CMD:ZPL;", against the rows
 * of models.def.
 */
#ifndef PW_DEVICES_MODELS_H
#define PW_DEVICES_MODELS_H

#include <stdbool.h>
#include <stddef.h>

#include "devices/printers/printer.h"

/* What is particular to a model. */
typedef enum pw_model_flag {
	PW_MODEL_LONG_STATUS = 1 << 0, /* TSPL: answers ESC ! S and ~!T */
	/* It belongs to a family that is known, but its head or its language is one that no labels are made
	 * for (labels/dialect.h). */
	PW_MODEL_OTHER = 1 << 1
} pw_model_flag;

typedef struct pw_printer_model {
	/* What the device id says, with '*' for any characters and '?' for one, whatever the case. NULL: anything
	 * or nothing. */
	const char *maker, *model, *commands;
	const char *language; /* a driver's name */
	int dpi;              /* 0: not told by the name */
	unsigned flags;
	const char *sample; /* a device id that the row is for */
} pw_printer_model;

/* The first row that the device id fits, or NULL. */
const pw_printer_model *pw_printer_model_find(const char *device_id);

/* What a device id tells: maker, model and serial number. */
pw_printer_identity pw_printer_identity_of(const char *device_id);

/* All rows. */
extern const pw_printer_model pw_printer_models[];
extern const size_t pw_printer_model_count;

/* Whether the text fits the pattern: '*' stands for any characters, '?' for one, and ASCII letters are equal in
 * both cases. */
bool pw_model_matches(const char *pattern, const char *text);

#endif
