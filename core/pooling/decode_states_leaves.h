/*
 * Between decode_states_leaves.c and decode_states_points.c: the chance of the results with everybody's odds
 * multiplied by z, at four points z at once.
 *
 * A kept pool whose likelihood is less with a positive than without needs no forcing: its likelihood is a mixture of
 * "anybody may be positive" (weight `some`) and "nobody is" (`none` - `some`), both positive. Such kinds are open
 * or shut: a tree over them decides how many pools are open, and with all decided their people are a factor 1 + o z
 * each, o being the odds, or no factor. Only the other kinds are forced, and each leaf of the tree is a sum over
 * their states, small enough for a near cache; where it would be very small, single open pools are states of the
 * leaf too (inner), instead of branches. All chances are divided by that of nobody being positive, which is
 * multiplied in pool by pool.
 *
 * In f(U) z^(pools hit in U) a person in one forced pool adds o times the state with it hit, which is real: what z
 * does is left to the states in which the pool is hit already, a factor for each, and these are
 * multiplied in for the whole pool that is summed out at once, if everybody in it is in a forced pool of their own.
 */
#ifndef PW_POOLING_DECODE_STATES_LEAVES_H
#define PW_POOLING_DECODE_STATES_LEAVES_H

#include "core/pooling/decode_states.h"

/* Somebody's pools among those of either sort. */
typedef struct pw_leaf_person {
	uint32_t open;   /* bits among the open kinds of the tree */
	uint32_t inner;  /* among the inner ones, in the states of a leaf */
	uint32_t forced; /* and among the forced ones */
	/* By which of the tree, from 1, it is known whether they may be positive; 0: by none. */
	uint32_t decided;
	bool open_among, forced_among; /* the kind of several that they are in is one of these */
	double odds;
	pw_points factor; /* 1 + o z */
} pw_leaf_person;

/* A person in a forced pool, for pw_points_blend. */
typedef struct pw_leaf_blend {
	size_t step, count, high;
	double odds;
} pw_leaf_blend;

/* A pool that is summed out. */
typedef struct pw_leaf_column {
	/* What its members weigh, and what nobody of them does, by the chance of nobody. */
	double scale, keep;
	bool steep; /* nothing may be subtracted: its scalar and its sum are without nobody */
	/* Where everybody's part in a leaf comes down to these; else they are NULL. */
	pw_points *low, *high; /* the factors in each state: of its first digits, of the others */
	pw_leaf_blend *blends; /* and what those in forced pools that are not hit add to it */
	size_t blend_count;
} pw_leaf_column;

typedef struct pw_leaves {
	const pw_state_plan *s;
	pw_effort *effort;
	pw_points power[PW_STATES_BITS + 2]; /* z^(1 - k) */
	pw_leaf_person *person;
	pw_leaf_column *column; /* one a group, and the loose persons */
	size_t opens, leafs, inner;
	uint32_t *open;     /* the kinds of the tree, in the order of deciding */
	uint32_t *leaf;     /* the kinds of the leaves: first the inner ones, then the forced */
	size_t *stride;     /* of those, by kind */
	size_t states, low; /* of a leaf; those of its first half of digits */
	uint32_t
		*decided; /* persons who are no part of leaves, by the kind that decides on them, */
	uint32_t *decided_start; /* each from here */
	uint32_t *group_of;      /* by person: their column */
	uint32_t *digit;         /* by kind of the tree: how many are open */
	uint32_t open_bits;      /* the single ones that are */
	pw_points *scalars;      /* by depth and column: the factors of those decided */
	pw_points *start, *f, *x;
	pw_points sum;
	bool over;
} pw_leaves;

/* Somebody is no part of leaves: all of their kept pools are of the tree. */
static inline bool pw_leaf_has_no(const pw_leaf_person *person)
{
	return person->inner == 0 && person->forced == 0 && !person->forced_among;
}

/* decode_states_leaves.c: everything but the sum. The plan's prior must be filled. Clear with pw_leaves_clear. */
void pw_leaves_init(pw_leaves *leaves, const pw_state_plan *plan, const pw_points *z,
		    pw_effort *effort);
void pw_leaves_clear(pw_leaves *leaves);

#endif
