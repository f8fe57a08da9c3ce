/*
 * A pooling design: which person's sample goes into which pool. Every nonadaptive design, from single
 * tubes to arrays, hypercubes and Reed-Solomon codes, is this one type: a sparse 0/1 matrix of pools
 * (rows) by samples (columns), with the plate positions of both and a word on how it was made. Schemes
 * of several stages are scheme.h.
 *
 * Invariants: at least one pool and one sample; no pool is empty; every sample is in a pool; the lists
 * are sorted and hold nothing twice. Pools and samples are numbered from 0 inside and from 1 in every
 * text. A design never changes once it is made, so threads may share it and nobody has to copy it.
 *
 * Threads: every function may run at the same time on the same design. Nothing here has global state.
 */
#ifndef PW_POOLING_DESIGN_H
#define PW_POOLING_DESIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/blocks.h"
#include "core/base/err.h"
#include "core/base/str.h"

/* What we take. The entries (ones of the matrix) bound the memory: a design takes 8 bytes an entry and
 * 24 a pool and a sample, 36 MB at the most. */
#define PW_DESIGN_MAX_SAMPLES 100000
#define PW_DESIGN_MAX_POOLS   20000
#define PW_DESIGN_MAX_ENTRIES 4000000

typedef struct pw_design pw_design;

/* A one of the matrix. */
typedef struct pw_design_entry {
	uint32_t pool, sample;
} pw_design_entry;

/* A borrowed, sorted list of pools or samples; lives as long as the design. */
typedef struct pw_design_list {
	const uint32_t *at;
	size_t count;
} pw_design_list;

/* A well: plate, row and column from 0. */
typedef struct pw_place {
	uint16_t plate;
	uint8_t row, col;
} pw_place;

/* What a design is made of. Texts, entries and places are copied. */
typedef struct pw_design_spec {
	size_t pools, samples;
	const pw_design_entry *entries; /* in any order */
	size_t entry_count;
	const char *family;            /* one word, "rs"; NULL: "matrix" */
	const char *parameters;        /* what the generator was told, "q=8 k=3 w=6"; NULL: "" */
	const pw_place *pool_places;   /* one a pool, or NULL: plates filled down their columns, the
					* smallest of 96 and 384 wells that holds all, else 384 */
	const pw_place *sample_places; /* likewise, one a sample */
} pw_design_spec;

/*
 * Makes a design. PW_ERR_ARG for an entry outside the matrix or given twice, an empty pool, a sample
 * in no pool (each named by its number from 1); PW_ERR_LIMIT for more than the limits above.
 * On success *out belongs to the caller; free with pw_design_free.
 */
PW_NODISCARD pw_status pw_design_new(const pw_design_spec *spec, pw_design **out, pw_err *err);

/* Accepts NULL. */
void pw_design_free(pw_design *design);

/*
 * Reads a 0/1 matrix: a pool a line, a sample a column. Spaces, tabs, commas and semicolons between
 * the digits are optional; '#' starts a comment; empty lines are passed over; LF, CRLF or CR; a byte
 * order mark is skipped. A comment line "# wells of samples: A1 B1 … 2:A1", or "of pools", says where
 * they stand (plates of up to 16 × 24; in front the plate's number, if it is not the first).
 *
 * PW_ERR_FORMAT, with line and column in front, for any other character, a line whose number of columns
 * differs from the first's, a line of zeros (an empty pool), a column of zeros (a sample in no pool), no
 * line at all, wells that are none, too few, too many or given twice; PW_ERR_LIMIT beyond the limits above.
 * Memory is bounded by the limits and not by `n`. Family "matrix". *out belongs to the caller.
 */
PW_NODISCARD pw_status pw_design_parse(const char *text, size_t n, pw_design **out, pw_err *err);

/*
 * The same for a text that comes block by block, of which none is kept: beside the ones, a reader holds some
 * bytes. It does not matter where a block ends, in the middle of a line, a well or a CRLF: the design and the
 * errors are those of pw_design_parse, which is a reader that is fed once.
 *
 * pw_design_reader_feed is a pw_take_fn. Once it or pw_design_reader_end was called in vain, or the end was
 * reached, all that is left is pw_design_reader_free (which accepts NULL).
 */
typedef struct pw_design_reader pw_design_reader;

pw_design_reader *pw_design_reader_new(void);
PW_NODISCARD pw_status pw_design_reader_feed(void *reader, const char *text, size_t n, pw_err *err);
PW_NODISCARD pw_status pw_design_reader_end(pw_design_reader *reader, pw_design **out, pw_err *err);
void pw_design_reader_free(pw_design_reader *reader);

/* Appends the matrix: '0' and '1' parted by single spaces, a pool a line; when `comment` is true with
 * "# family parameters" in front and with the wells, if they are others than those taken without. What
 * pw_design_parse reads back. */
void pw_design_format(const pw_design *design, bool comment, pw_str *out);

/* The same text, a line at a time. Fails only where `take` does. */
PW_NODISCARD pw_status pw_design_give(const pw_design *design, bool comment, pw_take_fn take,
				      void *to, pw_err *err);

/* ---- The matrix ---- */

size_t pw_design_pools(const pw_design *design);
size_t pw_design_samples(const pw_design *design);
size_t pw_design_entries(const pw_design *design);

/* The samples in a pool, and the pools that a sample is in. The lists of all pools stand one behind the other in
 * memory, and so do those of all samples. An index outside the matrix is a bug. */
pw_design_list pw_design_members(const pw_design *design, size_t pool);
pw_design_list pw_design_pools_of(const pw_design *design, size_t sample);
bool pw_design_has(const pw_design *design, size_t pool, size_t sample);

/* How it was made; never NULL. */
const char *pw_design_family(const pw_design *design);
const char *pw_design_parameters(const pw_design *design);

pw_place pw_design_pool_place(const pw_design *design, size_t pool);
pw_place pw_design_sample_place(const pw_design *design, size_t sample);

/* ---- Its statistics ---- */

typedef struct pw_design_shape {
	uint32_t min_size, max_size;     /* samples in a pool */
	uint32_t min_weight, max_weight; /* pools of a sample */
} pw_design_shape;

pw_design_shape pw_design_shape_of(const pw_design *design);

/* pairs[k] counts the pairs of samples that share exactly k pools; the last bin, that many or more. */
#define PW_DESIGN_OVERLAP_BINS 16

typedef struct pw_design_overlap {
	bool known;   /* false: too large to be counted at once (over 2^27 steps); the rest is 0 */
	uint32_t max; /* most pools that two samples share */
	uint64_t pairs[PW_DESIGN_OVERLAP_BINS];
} pw_design_overlap;

/* Takes one step for every pair of samples in every pool. */
void pw_design_overlap_of(const pw_design *design, pw_design_overlap *out);

/* ---- What it promises ---- */

/*
 * For each number E of wrong pools (any pool flipped either way): the largest t such that up to t
 * positives are always found, and nobody else, by calling positive who has at most E negative pools.
 *
 * It holds exactly when every sample keeps at least 2E+1 pools outside the union of the pools of any
 * t others (the matrix is t-disjunct with that margin). tG + 2E + 1 <= w, of weight w and largest
 * overlap G, is enough for it (Kautz and Singleton 1964; Thierry-Mieg 2006), but not needed: where all
 * samples are in at most 12 pools, the margin itself is computed, and `exact` says so.
 */
#define PW_DESIGN_MAX_FLIPS 4

typedef struct pw_design_guarantee {
	bool known; /* false: the overlaps are not (see pw_design_overlap) and nothing is promised */
	bool exact; /* true: t + 1 has a counterexample; false: t is a proved lower bound */
	int32_t positives[PW_DESIGN_MAX_FLIPS + 1]; /* t by E; -1: E wrong pools can make a positive
						     * of somebody where there is none */
} pw_design_guarantee;

void pw_design_guarantee_of(const pw_design *design, pw_design_guarantee *out);

/* "up to 2 positives without error; up to 1 with 1 wrong pool", for people; appended. */
void pw_design_guarantee_format(const pw_design_guarantee *guarantee, pw_str *out);

/*
 * Samples that no result can tell apart because they are in the same pools. out_first[j] (room for one
 * a sample) becomes the lowest sample with the pools of j: j itself when there is none below. Returns how
 * many samples share their pools with another.
 */
size_t pw_design_twins(const pw_design *design, uint32_t *out_first);

#endif
