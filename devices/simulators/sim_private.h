/* What the simulators have in common, and what a language gives to it: the manual for whoever adds one. */
#ifndef PW_DEVICES_SIM_PRIVATE_H
#define PW_DEVICES_SIM_PRIVATE_H

#include "devices/printers/printer.h"
#include "devices/simulators/sim.h"

/* ---- Pages ---- */

/* The dots of a label. */
typedef struct pw_sim_page {
	int width, height;
	size_t stride;
	uint8_t *bits; /* NULL: white */
	int copies;
	size_t cost; /* bytes that were received for it */
} pw_sim_page;

/* A white page; sides are cut down to what a printer can have. Free with pw_sim_page_clear. */
void pw_sim_page_init(pw_sim_page *page, int64_t width, int64_t height);
void pw_sim_page_clear(pw_sim_page *page);

typedef enum pw_sim_ink { PW_SIM_BLACKEN, PW_SIM_REPLACE, PW_SIM_INVERT, PW_SIM_WHITEN } pw_sim_ink;

/* Sets dots from rows of `stride` bytes where 1 is black; what reaches beyond the page is lost. */
void pw_sim_page_draw(pw_sim_page *page, int64_t x, int64_t y, const uint8_t *rows, size_t stride,
		      size_t height, pw_sim_ink ink);

/* Fills a rectangle. */
void pw_sim_page_fill(pw_sim_page *page, int64_t x, int64_t y, int64_t width, int64_t height,
		      pw_sim_ink ink);

bool pw_sim_page_is_blank(const pw_sim_page *page);

/* ---- A language ---- */

typedef struct pw_sim_language {
	const char *name, *device_id;
	int dpi;
	bool row_by_row; /* prints as the rows come, with pw_sim_row_… */
	size_t state_size;
	void (*reset)(pw_sim *sim);              /* power on, or all is thrown away */
	void (*clear)(pw_sim *sim);              /* frees what the state owns */
	void (*feed)(pw_sim *sim, uint8_t byte); /* the next byte */
	/* Something happened to the mechanism; may be NULL. */
	void (*begun)(pw_sim *sim); /* row by row: the first row of a label is printed */
	void (*done)(pw_sim *sim);  /* … the last is; its end is still fed out */
	void (*stopped)(pw_sim *sim, unsigned faults); /* it stands still, for all of these */
	void (*resumed)(pw_sim *sim, unsigned fault);  /* one of them is over */
	/* Where the next byte may not be taken while it stands still or prints; may be NULL. */
	bool (*waits)(const pw_sim *sim);
} pw_sim_language;

extern const pw_sim_language pw_sim_zpl, pw_sim_tspl, pw_sim_epl, pw_sim_brother,
	pw_sim_brother_wide, pw_sim_ptouch, pw_sim_dymo;

/* ---- The printer ---- */

#define PW_SIM_MOST_PAGES 64
#define PW_SIM_MOST_STEPS 64
#define PW_SIM_MOST_SAID  4096
#define PW_SIM_SLOW_MS    700
#define PW_SIM_BOOT_MS    3000 /* at least, from power on until it works */
#define PW_SIM_FEED_MS    300  /* row by row: from the last row until the label is out */

typedef enum pw_sim_when {
	PW_SIM_AT_LABEL,
	PW_SIM_AT_BYTE,
	PW_SIM_AT_TIME,
	PW_SIM_AT_QUESTION
} pw_sim_when;

/* A line that waits for its time. */
typedef struct pw_sim_step {
	pw_sim_when when;
	int64_t at; /* -1: done */
	char line[48];
} pw_sim_step;

/* How it behaves on its cable; a set of bits. */
#define PW_SIM_SILENT    0x01U
#define PW_SIM_GARBAGE   0x02U
#define PW_SIM_SLOW      0x04U
#define PW_SIM_STALLED   0x08U
#define PW_SIM_UNPLUGGED 0x10U
#define PW_SIM_OFF       0x20U

struct pw_sim {
	pw_sim_opts opts;
	pw_sim_hooks hooks;
	const pw_sim_language *language;
	void *state; /* the language's */
	pw_rng rng;
	int64_t now, began;

	unsigned faults; /* of pw_printer_fault, that stop the mechanism */
	unsigned ways;   /* of PW_SIM_SILENT and so on */
	pw_sim_step steps[PW_SIM_MOST_STEPS];
	size_t step_count;

	char said[PW_SIM_MOST_SAID];
	size_t said_n;
	int64_t said_due;

	pw_sim_page queue[PW_SIM_MOST_PAGES]; /* queue[0] is in the mechanism while `printing` */
	size_t queued, used;                  /* pages; bytes of memory */
	size_t coming;                        /* bytes of the label that is being received */
	bool printing, loses;                 /* the next label */
	int64_t printing_since, half_at, ends_at; /* -1: not */

	pw_sim_page page;  /* row by row: the label that comes, */
	bool open, ending; /* its first row was there, and its last */
	int64_t feed_end;

	size_t bytes, questions, labels, whole, fragments, blank;
};

/* ---- For the languages ---- */

void pw_sim_note(pw_sim *sim, const char *format, ...) PW_PRINTF(2, 3);

/* It says something, now or later, as it behaves. */
void pw_sim_answer(pw_sim *sim, const void *bytes, size_t n);

/* It was asked for its status; steps that wait for that are done. Call before answering. */
void pw_sim_asked(pw_sim *sim);

/* A whole label goes into the memory; the page becomes the printer's. */
void pw_sim_enqueue(pw_sim *sim, pw_sim_page *page);

/* Throws away the labels that are not being printed. */
void pw_sim_cancel(pw_sim *sim);

/* Row by row: the page's next row, of 1 for black; PW_SIM_MOST_DOTS at most, more are lost. */
void pw_sim_row(pw_sim *sim, const uint8_t *row, size_t n, int width);

/* … it ends here, */
void pw_sim_row_end(pw_sim *sim);

/* … or is cut off: what is printed of it comes out as a fragment. */
void pw_sim_row_cut(pw_sim *sim);

/* ---- Between the files of the simulator ---- */

void pw_sim_start(pw_sim *sim);     /* if the mechanism can, it begins the next label */
void pw_sim_stop(pw_sim *sim);      /* a fault stopped it */
void pw_sim_mechanism(pw_sim *sim); /* what is due at sim->now */
int64_t pw_sim_mechanism_next(const pw_sim *sim);
void pw_sim_forget(pw_sim *sim); /* all labels and half labels are lost */
void pw_sim_steps(pw_sim *sim, pw_sim_when when, int64_t at); /* those whose time it is */
int64_t pw_sim_steps_next(const pw_sim *sim);

#endif
