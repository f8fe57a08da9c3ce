/*
 * Beside the posterior, for the reader: what the results say taken at their word, the smallest explanation,
 * and the reason for each person in words. Nothing here has a prior; a pool counts as positive or negative
 * by its call (a pool read by Ct: positive when a well amplified), and grey and missing ones not at all.
 */
#ifndef PW_POOLING_EXPLAIN_H
#define PW_POOLING_EXPLAIN_H

#include "core/base/str.h"
#include "core/pooling/decode.h"

/* Sorted samples; belongs to whoever holds the struct it is in. */
typedef struct pw_sample_list {
	uint32_t *at;
	size_t count;
} pw_sample_list;

/*
 * comp: in a positive pool and in no negative one (COMP: nobody else can be positive if the pools are right).
 * dd: the only one of them in some positive pool (DD: positive for certain if the pools are right).
 * scomp: dd, and then, until every positive pool that can be has somebody, whoever is in most of the others.
 */
typedef struct pw_by_word {
	pw_sample_list comp, dd, scomp;
	uint32_t *candidates; /* by pool: members who are in comp */
	size_t pools;
} pw_by_word;

void pw_by_word_find(const pw_design *design, const pw_pool_reading *readings, pw_by_word *out);
void pw_by_word_clear(pw_by_word *w);

/* ---- The smallest explanation ---- */

/*
 * The set of positives that makes fewest pools wrong (positive without anybody in it, negative with
 * somebody), and among those fewest people positive. Found by deepening: no set with fewer errors, or as
 * many and fewer people, exists if `proved`; otherwise the effort ended first, `set` is the best met, and
 * no set has fewer than `least_errors` errors.
 */
typedef struct pw_smallest {
	pw_sample_list set;
	uint32_t *unexplained; /* positive pools without anybody in the set */
	size_t unexplained_count;
	uint32_t *against; /* negative pools with somebody */
	size_t against_count;
	bool proved;
	bool unique; /* proved, and no other set does as well */
	size_t least_errors;
} pw_smallest;

/* `effort` in elementary steps; 0: 2^24. */
void pw_smallest_find(const pw_design *design, const pw_pool_reading *readings, uint64_t effort,
		      pw_smallest *out);
void pw_smallest_clear(pw_smallest *s);

/* ---- In words ---- */

/*
 * Appends the reason for one person, "in 6 pools, 6 positive, the only explanation of pool 20" or "in 6 pools, 2
 * positive, 4 negative: 3, 7, 9, 14"; `w` is of the same results.
 */
void pw_explain_person(const pw_design *design, const pw_pool_reading *readings,
		       const pw_by_word *w, size_t sample, pw_str *out);

/*
 * Samples that these results cannot tell apart: they are in the same pools, as far as pools have a result.
 * out_first[j] (room for one a sample) becomes the lowest such sample, j itself when there is none below.
 * Returns how many samples share their pools with another.
 */
size_t pw_explain_twins(const pw_design *design, const pw_pool_reading *readings,
			uint32_t *out_first);

/*
 * Sets of positives that no result of this design can tell apart, because they hit the same pools:
 * out_first[s] (room for one a set of `decoded`) becomes the first set of `decoded` that hits what s hits.
 */
void pw_explain_alike(const pw_design *design, const pw_decoded *decoded, uint32_t *out_first);

#endif
