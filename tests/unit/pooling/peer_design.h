/*
 * Designs with the numbers of Tapestry's, where core/pooling has no family for them. None is theirs entry by entry.
 * Each belongs to the caller; free with pw_design_free.
 */
#ifndef PW_TESTS_POOLING_PEER_DESIGN_H
#define PW_TESTS_POOLING_PEER_DESIGN_H

#include "core/pooling/design.h"

/*
 * 48 pools, 384 people in three pools each, 24 people a pool ("almost social golfer": 384 triples have more pairs than
 * 48 pools). The Steiner system of 49 without its last pool, and a round of three neighbours, which repeats pairs:
 * 48 pairs of people share two pools, 49 in theirs.
 */
pw_design *peer_design_golfers(void);

/*
 * `samples` triples of a Steiner system of `points` pools without its last ones, so that `pools` are left; nobody
 * shares two pools, and pools hold people to within one as evenly as can be.
 */
pw_design *peer_design_shortened(uint32_t points, size_t pools, size_t samples);

/*
 * `entries` ones spread evenly over people and pools by chance, but that `uneven` people are in one pool less and as
 * many in one more; then swapped until `overlaps` pairs of people share a second pool (a third counts once more, and so
 * on), or as few as half a million tries get to.
 */
pw_design *peer_design_spread(size_t pools, size_t samples, size_t entries, size_t uneven,
			      size_t overlaps, uint64_t seed);

#endif
