/*
 * A parsed assay from inside: what assay_parse.c builds and assay_judge.c and assay_lint.c read. Not
 * for other modules: they see core/model/assay.h.
 *
 * Everything that a judgement asks is a table. A target's Cq axis is cut at every number that its
 * bands name; the cuts and the gaps between them are "pieces" (and "no Cq" is one more), and a map says
 * the band of every piece and amplification state. A row of the table is one bit, and every band of
 * every target knows the rows that take it, so that the rows for a well are the AND of one word per
 * target.
 */
#ifndef PW_MODEL_ASSAY_TABLE_H
#define PW_MODEL_ASSAY_TABLE_H

#include <stdint.h>

#include "core/base/yaml.h"
#include "core/model/assay.h"

enum {
	MAX_TARGETS = PW_ASSAY_MAX_TARGETS,
	MAX_ALIASES = 16, /* of one target */
	MAX_BANDS = 12,   /* of one target, those of its controls included */
	MAX_ENTRIES = 24, /* lines of one list of bands */
	MAX_RANGES = 4,   /* of one line */
	MAX_CUTS = 16,    /* different numbers in one list of bands */
	MAX_PIECES = 2 * MAX_CUTS + 2,
	MAX_CLASSES = 9, /* instruments with thresholds of their own, and all others */
	MAX_ATTEMPTS = 5,
	MAX_STATES = 2 * MAX_ATTEMPTS - 1,
	MAX_ROWS = 64,
	MAX_COUNTS = 4, /* of one row */
	MAX_CONTROLS = 16,
	MAX_CELLS = 200000, /* combinations of bands, attempts and instruments */
	AMP_STATES = 4,
	NO_BAND = -1,
	TARGET_NAME_SIZE = 25,
	BAND_NAME_SIZE = 17,
	CONTROL_NAME_SIZE = 16,
};

typedef struct cq_range {
	double low, high; /* infinite where open */
	bool low_in, high_in;
} cq_range;

/* One line of a list of bands. */
typedef struct band_entry {
	int band; /* index in the target's names */
	int line, column;
	bool no_cq;
	cq_range ranges[MAX_RANGES];
	int range_count;
	unsigned amps; /* a bit for each pw_amp */
} band_entry;

typedef struct band_map {
	const char *instrument; /* "" for the target's own */
	int line, column;
	const band_entry *entries;
	int entry_count;
	double cuts[MAX_CUTS];
	int cut_count;
	int8_t band[MAX_PIECES][AMP_STATES]; /* or NO_BAND; of overlapping lines the first */
} band_map;

typedef struct assay_target {
	const char *name;
	const char *aliases[MAX_ALIASES];
	int alias_count;
	const char *no_reading; /* "no reading of N1" */
	int line, column;
	const char *bands[MAX_BANDS];
	int band_count;
	int own_count;  /* the bands of the target itself; those behind are its controls' */
	unsigned named; /* bands that some row or control asks for by name */
	const band_map *maps[MAX_CLASSES];
	int map_count;                         /* the first is the target's own */
	const band_map *of_class[MAX_CLASSES]; /* never NULL below class_count */
} assay_target;

typedef struct row_count {
	unsigned targets;            /* a bit each */
	unsigned bands[MAX_TARGETS]; /* that count, by target */
	int min, max;
} row_count;

typedef struct assay_row {
	int line, column;
	unsigned takes[MAX_TARGETS]; /* bands, a bit each; a target not named takes all of its */
	row_count counts[MAX_COUNTS];
	int count_count;
	unsigned states;
	pw_call call;
	pw_next next[MAX_ATTEMPTS];
	const char *text;
	const char *note;
} assay_row;

typedef struct assay_control {
	pw_control_rule rule;
	int line, column;
	unsigned expect[MAX_TARGETS];     /* bands, a bit each */
	bool spoken[MAX_TARGETS];         /* `expect` names the target */
	const band_map *own[MAX_TARGETS]; /* NULL: the target's bands are used */
} assay_control;

struct pw_assay {
	pw_arena arena;
	pw_hash hash;
	const char *name, *title;
	int version;
	int attempts;
	bool uses_after; /* some row asks what the attempt before came to */
	int state_count;
	assay_target targets[MAX_TARGETS];
	int target_count;
	const char *classes[MAX_CLASSES]; /* [0] is "": every other instrument */
	int class_count;
	assay_row rows[MAX_ROWS];
	int row_count;
	assay_control controls[MAX_CONTROLS];
	int control_count;
	uint64_t rows_of_band[MAX_TARGETS][MAX_BANDS]; /* rows that take it, a bit each */
	uint64_t rows_of_state[MAX_STATES];
	int cells;
	int calls_line, calls_column; /* where the list of rows begins: for holes */
};

/* ---- bands (assay_bands.c) ---- */

/* Reads a list of bands of `target`, adding names that are new to it. *out lives with the assay. */
PW_NODISCARD pw_status pw_assay_bands_read(pw_assay *assay, assay_target *target,
					   const pw_yaml_node *list, const char *instrument,
					   const band_map **out, pw_err *err);

int pw_assay_piece_count(const band_map *map); /* the last one is "no Cq" */
int pw_assay_piece_of(const band_map *map, double cq);
bool pw_assay_entry_takes(const band_map *map, const band_entry *entry, int piece, pw_amp amp);

/* A Cq in the middle of people's sense of a piece; false for "no Cq". */
bool pw_assay_piece_example(const band_map *map, int piece, double *out_cq);

/* NO_BAND where the bands have a hole. */
int pw_assay_band_of(const band_map *map, const pw_measure *measure);

/* The bands of the map's lines, a bit each. */
unsigned pw_assay_map_bands(const band_map *map);

/* The word or words of a node ("pos", [pos, doubt] or any) as bits of the target's bands; only those
 * in `offered` may be named. */
PW_NODISCARD pw_status pw_assay_band_words(const assay_target *target, unsigned offered,
					   const pw_yaml_node *node, unsigned *out, pw_err *err);

/* ---- rows (assay_rows.c) ---- */

PW_NODISCARD pw_status pw_assay_rows_read(pw_assay *assay, const pw_yaml_node *list, pw_err *err);

/* ---- controls (assay_controls.c) ---- */

PW_NODISCARD pw_status pw_assay_controls_read(pw_assay *assay, const pw_yaml_node *list,
					      pw_err *err);

/* ---- judging (assay_judge.c) ---- */

/* 0 for the first attempt; later ones also by what the one before came to where rows ask for it. */
int pw_assay_state_of(const pw_assay *assay, int attempt, pw_call previous);
int pw_assay_state_attempt(const pw_assay *assay, int state);
pw_call pw_assay_state_previous(const pw_assay *assay, int state); /* PW_CALL_NONE: not asked */

/* Those of `rows` whose counts hold for a well with these bands. */
uint64_t pw_assay_rows_counted(const pw_assay *assay, uint64_t rows, const int *bands);

/* ---- names (assay.c) ---- */

/* The target called exactly `text`, or -1. */
int pw_assay_target_named(const pw_assay *assay, const char *text);

/* The class of an instrument: the longest `match` that its name contains, or 0. */
int pw_assay_class_of(const pw_assay *assay, const char *instrument);

#endif
