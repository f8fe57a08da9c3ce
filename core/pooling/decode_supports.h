/*
 * The search over supports, between decode_supports.c (passes and the answer), decode_supports_tree.c (where it
 * goes) and decode_supports_tally.c (what it finds), and for nobody else.
 */
#ifndef PW_POOLING_DECODE_SUPPORTS_H
#define PW_POOLING_DECODE_SUPPORTS_H

#include "core/pooling/decode_support.h"

/* More positives than this are not told apart here. */
#define PW_SUPPORTS_COUNTS 256

/* More flat persons than this at once are still summed exactly; only their number is cut off. */
#define PW_SUPPORTS_FLAT_COUNTS 32

/* What a pass has found. Weights are relative to e^ref. */
typedef struct pw_tally {
	pw_sum mass;
	double left; /* bound on what was not visited */
	double *marginal;
	double count[PW_SUPPORTS_COUNTS];
	size_t largest; /* set looked at */
	size_t visits;  /* sets whose children were summed: each a rounding of the marginals */
	pw_top top;
} pw_tally;

/* A person whose gain nobody else changes any more. */
typedef struct pw_flat {
	uint32_t person;
	double gain;
	double most; /* what the flat persons up to this one can bring at most */
} pw_flat;

typedef struct pw_search {
	const pw_problem *p;
	pw_support s;
	pw_effort *effort;
	uint64_t grace; /* steps that may still be taken when the time is over */
	double ref;
	double threshold;
	double known;   /* the mass that a pass before found, or that one set is known to weigh */
	double largest; /* gain from the empty set */
	pw_tally *t;
	double phi;                             /* product of 1 + gain of the flat persons */
	double number[PW_SUPPORTS_FLAT_COUNTS]; /* and how it falls apart by how many of them are
						 * positive */
	pw_flat *flats;
	size_t flat_count;
	double floor;              /* of the likeliest sets, relative to e^ref */
	double *partners;          /* by person: of the pairs recorded last */
	pw_support_cover **covers; /* by the size of the set they are for, once made */
	size_t cover_room;
} pw_search;

/* ---- decode_supports_tally.c ---- */

double pw_search_mass(const pw_search *x);

/* Of the current set, with the flat persons; and without. */
double pw_search_weight(const pw_search *x);
double pw_search_bare_weight(const pw_search *x);

/* The current set, with every choice of flat persons. */
void pw_search_record(pw_search *x);

/* All sets of one person more, of the gains. */
void pw_search_record_children(pw_search *x);

/* All sets of two persons more, of the gains. `everybody`: fills x->partners, and `tails` (of pw_support_pairs)
 * unless it is NULL; else those who bring next to nothing may be left out, and it is cheaper. */
void pw_search_record_pairs(pw_search *x, bool everybody, double *tails);

/* What is not visited weighs at most so much. */
void pw_search_leave(pw_search *x, double weight);

/* Persons who have become flat are taken out of the tree; what they add to the current set, which was
 * recorded without them, is recorded now. */
void pw_search_take_flats(pw_search *x);

/* ---- decode_supports_tree.c ---- */

/* One pass: everything, down to the threshold. */
void pw_search_tree(pw_search *x);

#endif
