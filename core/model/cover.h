/*
 * Few words for many cells: a set of cells of a small many-dimensional space as a short list of
 * regions. A region is a set of values for each dimension ("N1 pos or doubt, RP neg"), or, over some
 * of the dimensions, a number of those that have a value ("at least 1 of N1/N2 pos"). The assay linter
 * says with it what a table leaves open.
 *
 * Greedy: from the first cell not yet described, regions are grown in several orders and the one that
 * describes most cells is taken. Exact in what it says (a region never holds a cell that is not of the
 * set), not always the fewest regions. The work is bounded by `budget`.
 */
#ifndef PW_MODEL_COVER_H
#define PW_MODEL_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PW_COVER_DIMS 10

/* What a cell is. A free one cannot occur: regions may hold it, and need not. */
enum { PW_CELL_OUT, PW_CELL_IN, PW_CELL_FREE, PW_CELL_SAID };

/* Dimensions that may be counted together, and the values that count in each. */
typedef struct pw_cover_group {
	uint64_t dims; /* a bit each */
	uint64_t values[PW_COVER_DIMS];
} pw_cover_group;

typedef struct pw_region {
	uint64_t take[PW_COVER_DIMS];
	const pw_cover_group *group; /* NULL: nothing is counted */
	int min, max;                /* of the group's dimensions have one of its values */
} pw_region;

typedef struct pw_cover {
	int dims;
	int size[PW_COVER_DIMS]; /* 1 to 64 values each */
	uint8_t *cells;          /* the first dimension changes fastest; IN becomes SAID */
	const pw_cover_group *groups;
	int group_count;
	long budget; /* cells that may be looked at; then regions stay as small as one cell */
	size_t next; /* where the search for the next cell begins; 0 at first */
} pw_cover;

size_t pw_cover_cells(const pw_cover *cover);

/* The next region, and the values of the cell that it grew from. false when every cell is said. */
bool pw_cover_next(pw_cover *cover, pw_region *out, int out_cell[PW_COVER_DIMS]);

#endif
