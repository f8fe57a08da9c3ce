/* What a printer's faults are called, and what a person does about them. */
#include "devices/printers/printer.h"

typedef struct fault_words {
	const char *name, *text, *help;
} fault_words;

#define OTHER 17 /* the place of PW_FAULT_OTHER */

static const fault_words faults[PW_FAULT_COUNT] = {
	{"paper-out", "out of labels", "load a roll, close the printer and press feed"},
	{"ribbon-out", "out of ribbon", "put in a new ribbon, close the printer and press feed"},
	{"head-open", "the print head is open", "close it until it clicks"},
	{"cover-open", "the cover is open", "close it"},
	{"paused", "paused", "press pause at the printer to go on"},
	{"hot", "too hot", "wait: it goes on when it has cooled"},
	{"cold", "too cold", "let it warm up"},
	{"buffer-full", "its memory is full", "wait: it goes on when it has printed some"},
	{"jam", "labels are jammed",
	 "open it, take out the jammed labels, close it and press feed"},
	{"cutter", "the cutter is stuck", "switch it off, free the cutter, switch it on"},
	{"wrong-media", "other labels are loaded than these need",
	 "load the roll that the template names"},
	{"memory", "its memory is damaged or too small",
	 "switch it off and on; if it stays, call service"},
	{"head", "the print head is damaged", "call service: bars may miss lines"},
	{"take-label", "a printed label waits to be taken", "take it"},
	{"power", "its power is low or off", "look at its plug and its switch"},
	{"link", "it received something it does not understand",
	 "switch it off and on; check which language it is set to"},
	{"silent", "it does not answer", "look at its lights, cable and switch"},
	{"other", "it reports an error", "look at its lights or display"},
	{"held", "another program has it", "wait until that has printed, or end it"},
	{"gone", "it is not connected", "look at its cable and its switch"},
};

static const fault_words *words_of(pw_printer_fault fault)
{
	for (int i = 0; i < PW_FAULT_COUNT; i++)
		if ((unsigned)fault == 1U << i)
			return &faults[i];
	return &faults[OTHER];
}

const char *pw_printer_fault_name(pw_printer_fault fault)
{
	return words_of(fault)->name;
}

const char *pw_printer_fault_text(pw_printer_fault fault)
{
	return words_of(fault)->text;
}

const char *pw_printer_fault_help(pw_printer_fault fault)
{
	return words_of(fault)->help;
}

const char *pw_label_fate_name(pw_label_fate fate)
{
	static const char *const names[] = {"waiting", "sending", "sent", "confirmed",
					    "unconfirmed"};
	return names[fate];
}
