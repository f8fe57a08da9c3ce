/*
 * A testing scheme: which pools are run in which round, depending on what the rounds before said. A
 * design (design.h) is one round; a scheme is what becomes of everybody in the end.
 *
 * individual    everybody alone
 * dorfman       pools; who is in a positive pool is tested alone
 * hierarchical  a positive pool is tested in parts, these in parts, at last alone: a forest of groups
 * array         the rows and columns of a grid; alone who is in a positive row and a positive column,
 *               and, when rows are positive and no column is, whoever is in those rows (and the other
 *               way round): so a single missed pool costs tests and not a person (Kim and others 2007)
 * array-master  the same, after a pool of all
 * sterrett      a positive pool is tested alone, person by person, the riskiest first, until one is
 *               positive; the rest is pooled again (Sterrett 1957; Bilder, Tebbs and Chen 2010). After
 *               `depth` such returns to a pool, a positive one is tested alone to its end
 * design        all pools of a design; alone (or called at once) who has at most `misses` negative pools
 *
 * People are numbered from 0 in the order in which they are put into the scheme; which person stands
 * where is the evaluation's business (evaluate.h).
 */
#ifndef PW_POOLING_SCHEME_H
#define PW_POOLING_SCHEME_H

#include "core/pooling/design.h"

typedef enum pw_scheme_kind {
	PW_SCHEME_INDIVIDUAL,
	PW_SCHEME_DORFMAN,
	PW_SCHEME_HIERARCHICAL,
	PW_SCHEME_ARRAY,
	PW_SCHEME_ARRAY_MASTER,
	PW_SCHEME_STERRETT,
	PW_SCHEME_DESIGN
} pw_scheme_kind;

#define PW_SCHEME_MAX_STAGES 8

/* A pool of a forest: people start to end - 1. A group of one is that person, tested alone. */
typedef struct pw_scheme_group {
	uint32_t start, end;
	int32_t parent;       /* -1 for a first pool */
	uint32_t first_child; /* its children stand side by side; parents before children */
	uint32_t children;    /* 0 for a group of one */
	uint32_t depth;       /* the round, from 0 */
} pw_scheme_group;

/* Read it; make it with the functions below. */
typedef struct pw_scheme {
	pw_scheme_kind kind;
	size_t people;
	size_t stages;           /* rounds at most; for Sterrett, of pools and of people alone */
	pw_scheme_group *groups; /* individual, Dorfman, hierarchical */
	size_t group_count;
	size_t rows, cols;       /* arrays; person i is in row i / cols, column i % cols */
	size_t depth;            /* Sterrett */
	const pw_design *design; /* design */
	pw_design *owned;        /* the same, when it is the scheme's own */
	uint32_t misses;         /* design */
	bool alone;              /* design: candidates are tested alone before they are called */
} pw_scheme;

/* Everything is freed with pw_scheme_free, which accepts NULL. */
void pw_scheme_free(pw_scheme *scheme);

/* Each gives a scheme that belongs to the caller. PW_ERR_ARG for none or too few people, PW_ERR_LIMIT
 * over PW_DESIGN_MAX_SAMPLES. */
PW_NODISCARD pw_status pw_scheme_individual(size_t people, pw_scheme **out, pw_err *err);

/* People in pools of `size`, the last smaller. */
PW_NODISCARD pw_status pw_scheme_dorfman(size_t people, size_t size, pw_scheme **out, pw_err *err);

/* The sizes of the pools of one round, in the order of the people. */
typedef struct pw_level {
	const uint32_t *sizes;
	size_t count;
} pw_level;

/*
 * A forest from its rounds: the first level's pools are run at once; each next level cuts the pools of
 * the one before, and all levels have the same sum; people alone come last by themselves. A pool that a
 * level does not cut waits for the next that does. PW_ERR_ARG for no level, a size of 0, sums that
 * differ, a part that lies across two pools, or too many levels.
 */
PW_NODISCARD pw_status pw_scheme_hierarchical(const pw_level *levels, size_t count, pw_scheme **out,
					      pw_err *err);

/* Halving: every positive group is cut in two, the smaller first, until `stages` rounds are left for
 * people alone (stages 2 is Dorfman's). 0 stages: as many as it takes, PW_SCHEME_MAX_STAGES at most. */
PW_NODISCARD pw_status pw_scheme_halving(size_t people, size_t stages, pw_scheme **out,
					 pw_err *err);

/* `people` of rows × cols places, filled row by row; 0: all of them. */
PW_NODISCARD pw_status pw_scheme_array(size_t rows, size_t cols, bool master, size_t people,
				       pw_scheme **out, pw_err *err);

/* depth 1 and 2 are 1SIS and 2SIS; 0 is the full procedure, FIS. At least three people. */
PW_NODISCARD pw_status pw_scheme_sterrett(size_t people, size_t depth, pw_scheme **out,
					  pw_err *err);

/* `design` must outlive the scheme; or, as `own`, belongs to it from now on (and on error too). PW_ERR_ARG
 * when somebody is in no more than `misses` pools. */
PW_NODISCARD pw_status pw_scheme_of_design(const pw_design *design, pw_design *own, uint32_t misses,
					   bool alone, pw_scheme **out, pw_err *err);

/* All pools that the scheme may run before people alone, as one design; *out is the caller's. Not for
 * Sterrett (PW_ERR_ARG), whose pools depend on who is found. */
PW_NODISCARD pw_status pw_scheme_pools(const pw_scheme *scheme, pw_design **out, pw_err *err);

/* ---- Words ---- */

/*
 * The scheme of a word and a size, as a person types them:
 *   individual                         size "" or "20"
 *   dorfman        "11"                one pool of 11; "5,5,5,3" these pools
 *   hierarchical   "5,5,5,3"           a pool of 18, then these, then people alone
 *                  "25=5x5"            a pool of 25, then five of 5 (parentheses may stand)
 *                  "27=9,9,9=9x3"      and so on; the first are the pools of the first round
 *                  "11"                Dorfman's
 *   array, array-master  "8x12"; "10" is 10x10; array also "5x5x5": alone who is in three positive pools
 *   halving        "16", "16=3"        of three rounds
 *   sterrett, sterrett-1, sterrett-2   "10"
 *   design         needs `design`; size is ""
 * `people` is how many there are, or 0 for what the size says: one Dorfman size is repeated until all are
 * in, the last pool smaller; an array's last places stay empty; for the rest a number that differs from
 * the size's is PW_ERR_ARG. Texts name the word or the place in it.
 */
PW_NODISCARD pw_status pw_scheme_parse(const char *word, const char *size, const pw_design *design,
				       size_t people, pw_scheme **out, pw_err *err);

/* The words, as a NULL-ended list. */
const char *const *pw_scheme_words(void);

/* The word, and the size in the form above (three-stage schemes as "5,5,5,3"); the size is appended. */
const char *pw_scheme_word(const pw_scheme *scheme);
void pw_scheme_size(const pw_scheme *scheme, pw_str *out);

#endif
