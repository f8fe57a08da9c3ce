/*
 * Laboratory pools: received tubes are laid into pools by a design, pools are made, go onto plates as tubes do
 * (lab.h), and what they read is worked back to the tubes. The mechanism, the states and the rules:
 * docs/internals/laboratory-pools.md.
 *
 * What is decided is always a tube; what that means for its people is the business of core/model/outcome.h.
 * A batch is decoded by pw_lab_import_run as soon as its readings are complete; pw_lab_decode_batch is for
 * everything else.
 */
#ifndef PW_LAB_POOLS_H
#define PW_LAB_POOLS_H

#include "core/lab/lab.h"
#include "core/pooling/design_make.h"

/* Tubes of a batch at most: so many records has a fact. */
#define PW_BATCH_MAX_TUBES 1000

/* ---------------------------------------------------------------- plan (pool_plan.c) */

typedef enum pw_pool_source {
	PW_POOL_FROM_LIST,    /* these tubes; one that may not be pooled is an error */
	PW_POOL_FROM_BOX,     /* those of a box, by barcode; others stay where they are */
	PW_POOL_FROM_WAITING, /* all that were received and wait, the longest first */
} pw_pool_source;

typedef struct pw_pool_planning {
	pw_pool_source source;
	const char *const *tubes; /* FROM_LIST: as scanned, in the order of the racks */
	size_t tube_count;
	const char *box; /* FROM_BOX */

	const pw_design *design; /* a design of one's own; NULL: made by `make` */
	/* The family and its numbers; `samples` is how many tubes a batch has, 0: as many as the family
	 * holds, or a plate of pools where it holds any number. Limits and places are not looked at. */
	pw_make_opts make;

	const char *layout; /* in whose specimen wells the pools stand: "std96" */
	uint32_t max_pool;  /* tubes in a pool, on top of the policy's limit; 0: that alone */
	int64_t aliquot_nl; /* from a tube into each of its pools */
	int64_t well_nl;    /* what a tube's own well takes */
	int64_t tube_nl,
		dead_nl;   /* what there is of a tube (0: not known), what a tip can't reach */
	int64_t pool_nl;   /* what a pool's well holds; 0: no limit */
	double prevalence; /* the chance that a swab is positive; 0: the policy's */
} pw_pool_planning;

typedef struct pw_pools_planned {
	int64_t first_batch, last_batch; /* numbers; 0: none */
	size_t batches, pools, tubes;
	size_t unfit;   /* left where they are: may not be pooled */
	size_t too_few; /* left where they are: pools of so few would save nothing */
} pw_pools_planned;

/*
 * Lays tubes into pools, in as many batches as it takes; whole or not at all. Errors of the list are findings in
 * *report, by line of the list (codes "tube-twice", and those of the refusals of a scan), and PW_ERR_REFUSED
 * "tubes-unfit". Refused: "nothing-to-pool" without a tube, "pools-save-nothing" when a design has no
 * fewer pools than tubes, "pool-size", "sample-volume", "pool-volume" beyond a limit. Errors of
 * pw_design_make for numbers that a family can't have; PW_ERR_LIMIT for a design of more than
 * PW_BATCH_MAX_TUBES tubes; PW_ERR_NOT_FOUND for a layout that is not in force.
 */
PW_NODISCARD pw_status pw_lab_plan_pools(pw_lab *lab, const pw_pool_planning *in,
					 pw_pools_planned *out, pw_report *report, pw_err *err);

/* The design of a batch, from the kept matrix; *out belongs to the caller: pw_design_free. */
PW_NODISCARD pw_status pw_lab_batch_design(pw_lab *lab, int64_t batch, pw_design **out,
					   pw_err *err);

/* ---------------------------------------------------------------- make (pool_make.c) */

typedef struct pw_pool_done {
	char pool[24];
	int64_t batch, number;
	int tubes;     /* whose aliquots are in it */
	int undecided; /* of the batch, where it was decoded again */
	bool decoded;
} pw_pool_done;

/* The pool holds its aliquots. Refused: "pool-unknown", "pool-made", "pool-empty" when every aliquot was left
 * out, "pool-done". */
PW_NODISCARD pw_status pw_lab_make_pool(pw_lab *lab, const char *pool, pw_pool_done *out,
					pw_err *err);

/* All pools of a batch that are planned, but for those of which every aliquot was left out. Refused:
 * "batch-unknown", "batch-voided", "nothing-to-make". */
PW_NODISCARD pw_status pw_lab_make_batch(pw_lab *lab, int64_t batch, int *out_made, pw_err *err);

/* Takes the scan of pw_lab_make_pool back, while the pool is on no plate. Needs the session's reason. */
PW_NODISCARD pw_status pw_lab_unmake_pool(pw_lab *lab, const char *pool, pw_err *err);

/* No reading will come of the pool: the others are decoded without it. Needs the session's reason. Refused for
 * a pool on a plate in work: void that first. */
PW_NODISCARD pw_status pw_lab_lose_pool(pw_lab *lab, const char *pool, pw_pool_done *out,
					pw_err *err);

typedef struct pw_aliquots_changed {
	char tube[64];
	int64_t batch;
	int pools; /* in which the tube's aliquot was planned or pipetted, and is not (or is) now */
	bool decoded;     /* a pool that was read is concerned: the batch was decoded again */
	int undecided;    /* of it */
	int contradicted; /* negatives that were given and that the evidence does not bear any more */
} pw_aliquots_changed;

/* The tube's aliquot is not in the pool (NULL: in none of its batch's). Needs the session's reason. */
PW_NODISCARD pw_status pw_lab_leave_out(pw_lab *lab, const char *tube, const char *pool,
					pw_aliquots_changed *out, pw_err *err);

/* Takes pw_lab_leave_out back. Needs the session's reason. */
PW_NODISCARD pw_status pw_lab_put_in(pw_lab *lab, const char *tube, const char *pool,
				     pw_aliquots_changed *out, pw_err *err);

/* The batch is given up: what it has not decided goes back to the waiting list. Needs the session's reason.
 * Refused while one of its pools, or a well of one of its tubes, is on a plate in work ("batch-plated"). */
PW_NODISCARD pw_status pw_lab_void_pools(pw_lab *lab, int64_t batch, int *out_tubes, pw_err *err);

/* ---------------------------------------------------------------- decode (pool_decode.c) */

typedef struct pw_decode_ask {
	bool now;    /* as if pools without a reading were lost */
	bool accept; /* the readings are right, whatever the alarm says; needs the session's reason */
} pw_decode_ask;

typedef struct pw_batch_outcome {
	bool changed; /* false: the evidence is the same as before, and nothing was recorded */
	int64_t batch, decode;
	int waiting;                      /* tubes whose pools are not all read */
	int negative, positive, given_up; /* tubes decided now */
	int undecided;                    /* tubes that want another well */
	int contradicted;                 /* as in pw_aliquots_changed */
	int decided, recalled;            /* people */
	double bound;                     /* on the error of every posterior */
	char method[24];
	bool held;
	char alarm[256];
} pw_batch_outcome;

/* Works the readings back to the tubes, and does what follows. Refused: "batch-unknown", "batch-voided",
 * "nothing-to-accept" when the batch is not held. */
PW_NODISCARD pw_status pw_lab_decode_batch(pw_lab *lab, int64_t batch, const pw_decode_ask *ask,
					   pw_batch_outcome *out, pw_err *err);

/* ---------------------------------------------------------------- next (pool_next.c) */

typedef struct pw_next_opts {
	bool has_prefer;
	pw_pool_next prefer; /* else the policy's */
	uint32_t max_pool;   /* of new pools; 0: the policy's */
	bool only_look;      /* nothing is recorded; new pools have no barcodes */
} pw_next_opts;

typedef enum pw_next_kind {
	PW_NEXT_SINGLE,    /* a tube gets a well of its own */
	PW_NEXT_REPEAT,    /* a pool is extracted again */
	PW_NEXT_NEW_POOL,  /* a pool is made */
	PW_NEXT_RECOLLECT, /* a tube's people are swabbed again */
} pw_next_kind;

const char *pw_next_kind_name(pw_next_kind kind); /* "single", "repeat", "pool", "recollect" */

typedef struct pw_next_well {
	pw_next_kind kind;
	const char *code; /* the tube, or the pool; "" for a new pool that was only looked at */
	const char *const *tubes; /* of a pool */
	size_t tube_count;
	const char *why;
} pw_next_well;

typedef struct pw_next_plan {
	int64_t batch;
	pw_pool_next prefer;
	const pw_next_well *wells; /* in the arena */
	size_t count;
	size_t undecided;      /* tubes that wanted a well */
	double expected_tests; /* to the end, these included; NaN where that is not known */
	double expected_rounds;
	int recalled; /* people */
} pw_next_plan;

/* Makes the next wells of a batch. Refused: "batch-unknown", "batch-voided", "batch-held",
 * "nothing-undecided". The plan lives in the arena. */
PW_NODISCARD pw_status pw_lab_next_wells(pw_lab *lab, pw_arena *arena, int64_t batch,
					 const pw_next_opts *opts, pw_next_plan *out, pw_err *err);

#endif
