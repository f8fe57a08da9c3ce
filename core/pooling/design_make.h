/*
 * Making designs: the families of nonadaptive designs, each from its own few numbers. A design holds so
 * many people and no more; with fewer the first columns are taken (which every family orders so that the
 * pools stay even) and pools that nobody is left in are dropped.
 *
 * family      numbers it needs                       pools              weight  people at most
 * individual  samples                                n                  1       -
 * dorfman     samples, size                          n/size             1       -
 * array       dims (2 or more, each 2 or more)       sum of dims (+1)   dims    product of dims
 * rs          q prime power, k, w                    w q                w       q^k
 * std         q prime, w (samples)                   w q                w       all (k = log_q n)
 * kirkman     pools, a multiple of 3                 v                  3       v^2/9 .. v(v-1)/6
 * steiner     pools, 1 or 3 modulo 6                 v                  3       v(v-1)/6
 * golfer      q groups of size players, w weeks      q size             size    q w
 * hyper       pools, splits 1, 2 or 3                m                  splits  all (repeats)
 * chinese     windows                                sum of windows     count   least common multiple
 * random      pools, w, seed                         m                  w       -
 *
 * rs takes pools and w (or q) in place of q (or w), and without k the least that holds the samples.
 * Sources and proofs are in docs/internals/designs.md.
 */
#ifndef PW_POOLING_DESIGN_MAKE_H
#define PW_POOLING_DESIGN_MAKE_H

#include "core/pooling/design.h"

typedef enum pw_family {
	PW_FAMILY_INDIVIDUAL,
	PW_FAMILY_DORFMAN,
	PW_FAMILY_ARRAY, /* two dimensions and more: cubes and hypercubes are arrays of 3^d and the like */
	PW_FAMILY_RS,
	PW_FAMILY_STD,
	PW_FAMILY_KIRKMAN,
	PW_FAMILY_STEINER,
	PW_FAMILY_GOLFER,
	PW_FAMILY_HYPER,
	PW_FAMILY_CHINESE,
	PW_FAMILY_RANDOM,
	PW_FAMILY_COUNT
} pw_family;

/* "rs"; and what it is, in a line, for people. Never NULL for a family. */
const char *pw_family_name(pw_family family);
const char *pw_family_summary(pw_family family);
bool pw_family_parse(const char *name, pw_family *out);

#define PW_DESIGN_MAX_DIMS 8

/* What a laboratory cannot exceed; 0 means no limit. Volumes in nanolitres. */
typedef struct pw_design_limits {
	uint32_t max_pool;     /* samples in a pool */
	uint32_t max_weight;   /* pools of a sample */
	int64_t aliquot;       /* what goes from a sample into each of its pools */
	int64_t sample_volume; /* what there is of a sample */
	int64_t pool_volume;   /* what a pool's well holds */
} pw_design_limits;

typedef struct pw_make_opts {
	pw_family family;
	uint32_t pools, size, q, k, w, splits;
	uint32_t
		dims[PW_DESIGN_MAX_DIMS]; /* arrays: extents; chinese: windows; dim_count of them */
	uint32_t dim_count;
	size_t samples; /* 0: as many as the design holds, where that is a number */
	uint64_t seed;
	pw_design_limits limits;
	/* Wells of every plate that are kept free (for controls), and the plate. An array of two
	 * dimensions that is just the plate keeps these cells free; elsewhere people and pools move on
	 * by one. */
	const pw_place *reserved;
	size_t reserved_count;
	uint8_t plate_rows,
		plate_cols; /* 0: 8 × 12 when all fits and what is reserved is on it, else
					 * 16 × 24 */
	bool master;        /* array: one more pool, of everybody */
	bool even; /* dorfman: sizes that differ by one at most, instead of a small last pool */
} pw_make_opts;

/*
 * Makes a design. PW_ERR_ARG for numbers that the family cannot have or that are missing (the text says
 * which and what is possible), and for reserved wells that are not on the plate; PW_ERR_LIMIT for a design beyond PW_DESIGN_MAX_…; PW_ERR_REFUSED, with
 * the code "pool-size", "weight", "sample-volume" or "pool-volume", for one beyond opts->limits.
 * On success *out belongs to the caller; free with pw_design_free.
 */
PW_NODISCARD pw_status pw_design_make(const pw_make_opts *opts, pw_design **out, pw_err *err);

/* The refusals above for any design, a matrix from a file too. */
PW_NODISCARD pw_status pw_design_check_limits(const pw_design *design,
					      const pw_design_limits *limits, pw_err *err);

/* ---- Inside core/pooling: one function a family, which fills a list of entries ---- */

/* A design while it is made. */
typedef struct pw_draft {
	size_t pools, samples;
	pw_design_entry *entries;
	size_t len, room;
	pw_str parameters;
	uint8_t rows, cols; /* the plate of an array that lies on it; else 0 */
} pw_draft;

/* Over PW_DESIGN_MAX_ENTRIES the entry is only counted, and pw_design_make refuses at the end. */
void pw_draft_add(pw_draft *draft, size_t pool, size_t sample);

pw_status pw_make_individual(const pw_make_opts *opts, pw_draft *draft, pw_err *err);
pw_status pw_make_dorfman(const pw_make_opts *opts, pw_draft *draft, pw_err *err);
pw_status pw_make_array(const pw_make_opts *opts, pw_draft *draft, pw_err *err);
pw_status pw_make_rs(const pw_make_opts *opts, pw_draft *draft, pw_err *err);
pw_status pw_make_std(const pw_make_opts *opts, pw_draft *draft, pw_err *err);
pw_status pw_make_chinese(const pw_make_opts *opts, pw_draft *draft, pw_err *err);
pw_status pw_make_random(const pw_make_opts *opts, pw_draft *draft, pw_err *err);
pw_status pw_make_hyper(const pw_make_opts *opts, pw_draft *draft, pw_err *err);
pw_status pw_make_kirkman(const pw_make_opts *opts, pw_draft *draft, pw_err *err);
pw_status pw_make_steiner(const pw_make_opts *opts, pw_draft *draft, pw_err *err);
pw_status pw_make_golfer(const pw_make_opts *opts, pw_draft *draft, pw_err *err);

#endif
