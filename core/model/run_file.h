/*
 * What a qPCR instrument's export says, whatever the vendor: the value that core/exchange reads out
 * of a file and that core/simulate writes into one. Nothing here is judged; fields that the file
 * does not have are empty.
 */
#ifndef PW_MODEL_RUN_FILE_H
#define PW_MODEL_RUN_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/model/call.h"
#include "core/model/well.h"

/* What the file says is in the well. */
typedef enum pw_task {
	PW_TASK_UNKNOWN, /* a specimen: UNKNOWN, Unkn */
	PW_TASK_NTC,     /* no template: NTC, Neg Ctrl, NAC, BlockedIPC */
	PW_TASK_POSITIVE,
	PW_TASK_STANDARD,
	PW_TASK_OTHER,
} pw_task;

/* One target in one well. */
typedef struct pw_reading {
	pw_well well;
	const char *sample;   /* as the file has it, or "" */
	const char *target;   /* as the file has it, never "" */
	const char *reporter; /* dye, or "" */
	const char *task_text;
	pw_task task;
	bool has_cq; /* absent is a state of its own, never 0, 40 or NaN */
	double cq;
	pw_amp amp;
	const char *vendor_call; /* the software's own word: "Presence", or "" */
	bool omitted;            /* the operator of the instrument struck it out */
	int line;                /* in the file, from 1: for messages */
} pw_reading;

/* A curve, as far as the file has one: fluorescence by cycle from 1. */
typedef struct pw_curve {
	pw_well well;
	const char *target;
	const double *value;
	size_t cycles;
} pw_curve;

typedef struct pw_run_file {
	const char *format;     /* the reader's name: "cfx-cq", "quantstudio-text" */
	const char *instrument; /* "QuantStudio(TM) 6 Flex System", or "" */
	const char *serial;
	const char *software;
	const char *barcode; /* the plate's, as the file has it, or "" */
	const char *name;    /* the experiment's */
	pw_time ended_at;    /* 0 when the file does not say */
	pw_plate_format plate;
	pw_reading *readings; /* in plate order (by row), then in the file's order of targets */
	size_t reading_count;
	pw_curve *curves;
	size_t curve_count;
} pw_run_file;

#endif
