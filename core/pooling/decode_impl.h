/*
 * The inside of decoding, for decode*.c and its tests alone.
 *
 * Evidence becomes tables (decode_tables.c): for every pool the likelihood of what was read, by the number of
 * positives in it. What is certain is taken out and what is unconnected taken apart (decode_reduce.c); each
 * part is a pw_problem, solved by one of the methods into a pw_partial; the partials are put together
 * again (decode_merge.c).
 */
#ifndef PW_POOLING_DECODE_IMPL_H
#define PW_POOLING_DECODE_IMPL_H

#include "core/base/arena.h"
#include "core/pooling/decode.h"

struct pw_ct_curve;

/* The likelihood of each pool by its number k of positives. Never negative; the largest of a pool is 1, and log_scale
 * has what they were divided by (the reduction counts it, so that of a part it is 0). It is worked out whenever
 * somebody asks: with dilution a pool has as many as members, and all pools may have four million. */
typedef struct pw_tables {
	size_t pools;
	const pw_evidence *evidence;
	uint32_t *last; /* it is the same for any more positives than this */
	double *largest;
	double log_scale;
	const struct pw_ct_curve *
		*curve; /* a pool read by Ct: its likelihood by load; NULL: by count */
} pw_tables;

double pw_tables_like(const pw_tables *t, size_t pool, size_t k);

/* Whether two pools are known to have the same likelihoods: of as many, read alike. */
bool pw_tables_alike(const pw_tables *t, size_t a, size_t b);

/* The tables of a part: value[start[i] + k] for the first few k, which are what is mostly asked for; of households all.
 * Behind them pool whose[i] of the evidence is asked, `sure` members of which are positive for certain. */
typedef struct pw_part_tables {
	uint32_t *cap;   /* by pool: it is the same for any more positives than this */
	uint32_t *start; /* pools + 1 */
	double *value;
	const pw_tables *of;
	uint32_t *whose, *sure;
	const struct pw_ct_curve **curve;
} pw_part_tables;

/* So many values are held of every table, as far as it goes: of few and short tables all, and never less than a few. */
size_t pw_tables_held(const uint32_t *cap, size_t pools);

/*
 * A part: persons of an uncertain prior, and the pools that say something about them. Households are
 * pools too (their table is what sharing a risk does to the prior), and stand last.
 *
 * A part that is the design, or much of a large one, has the design's own matrix. Some who are in that may not be in the
 * part: they are marked, their prior is 0, and pools that are not in it have a table of a single 1.
 */
typedef struct pw_problem {
	size_t n, m;
	size_t persons; /* less than n where some are absent */
	uint32_t *id;   /* the sample of each person */
	double *prior;  /* strictly between 0 and 1 */
	/* The pools of a person and the persons of a pool, sorted; from pw_problem_open on. */
	uint32_t *col_start, *row_start;
	const uint32_t *col, *row;
	bool view;         /* these are the design's */
	bool *absent;      /* by person: not in the part; NULL: everybody and every pool is */
	bool *missing;     /* likewise by pool, */
	uint32_t *members; /* and how many of its members are not absent */
	pw_part_tables tables;
	double *boost;          /* 0, or of a household the factor on the odds */
	double *calm, *exposed; /* and its table is calm + exposed·boost^k */
	double *size;           /* of a pool that was read, before anybody was taken out */
	size_t limit;           /* most positives, SIZE_MAX for no limit */
	bool by_load;           /* a pool has a curve */
	const pw_ct_model *ct;
} pw_problem;

/* How far a pool's table goes: it is the same for any more positives than this. */
static inline size_t pw_problem_cap(const pw_problem *p, size_t pool)
{
	return p->tables.cap[pool];
}

/* value of pool at k positives */
double pw_problem_like(const pw_problem *p, size_t pool, size_t k);

/* Whether a pool is not in the part. */
static inline bool pw_problem_misses(const pw_problem *p, size_t pool)
{
	return p->missing != NULL && p->missing[pool];
}

/* How many persons of the part a pool has, and how many of its pools a person. */
static inline uint32_t pw_problem_members(const pw_problem *p, size_t pool)
{
	return p->members != NULL ? p->members[pool] : p->row_start[pool + 1] - p->row_start[pool];
}

size_t pw_problem_weight(const pw_problem *p, size_t person);

/* The likeliest sets, kept while a search goes on: a heap of at most `room`, the least at the top. */
typedef struct pw_top_entry {
	double log_weight;
	uint32_t *at;
	uint32_t count, room;
} pw_top_entry;

typedef struct pw_top {
	pw_top_entry *entries;
	size_t len, room;
} pw_top;

void pw_top_init(pw_top *top, size_t room);
void pw_top_clear(pw_top *top);

/* The log weight that a set must exceed to get in. */
double pw_top_floor(const pw_top *top);

/* `at` need not be sorted; it is copied. */
void pw_top_offer(pw_top *top, double log_weight, const uint32_t *at, size_t count);

/* Best first, each set sorted; afterwards nothing may be offered any more. */
void pw_top_sort(pw_top *top);

/* Sums that stay exact to the last digits over millions of terms (Neumaier). */
typedef struct pw_sum {
	double sum, rest;
} pw_sum;

static inline void pw_sum_add(pw_sum *s, double term)
{
	double t = s->sum + term, a = s->sum, b = term;
	if ((a < 0 ? -a : a) < (b < 0 ? -b : b)) {
		a = term;
		b = s->sum;
	}
	s->rest += (a - t) + b;
	s->sum = t;
}

static inline double pw_sum_value(const pw_sum *s)
{
	return s->sum + s->rest;
}

/* What a method says of a part. Arrays are in the arena that was handed in. */
typedef struct pw_partial {
	double logz; /* without the tables' log_scale, which the method adds */
	double logz_error;
	double *posterior; /* n */
	double *error;     /* n */
	double *count;
	size_t counts;
	double beyond_limit;
	pw_top top; /* log weights, on the same scale as logz */
	pw_decode_method method;
	bool stopped;
} pw_partial;

/* Elementary steps left, and the caller's deadline. */
typedef struct pw_effort {
	uint64_t left;
	bool (*expired)(void *ctx);
	void *ctx;
	uint64_t until_asked;
	bool over;
} pw_effort;

void pw_effort_init(pw_effort *effort, const pw_decode_opts *opts);

/* Takes `steps` away; false when it is over. Asks the caller once in about 2^16 steps. */
bool pw_effort_spend(pw_effort *effort, uint64_t steps);

/* ---- The steps ---- */

PW_NODISCARD pw_status pw_evidence_check(const pw_evidence *evidence, pw_err *err);

/* decode_tables.c: everything in `arena`. */
PW_NODISCARD pw_status pw_tables_make(const pw_evidence *evidence, pw_arena *arena, pw_tables *out,
				      pw_err *err);

/* The reduction at work, between decode_reduce.c and decode_parts.c. */
enum { PW_FREE, PW_NEVER, PW_ALWAYS };

typedef struct pw_reduction {
	const pw_evidence *e;
	const pw_tables *tables;
	size_t n, m;    /* of the design */
	uint8_t *state; /* by person: may be either, cannot be positive, must be */
	double *prior;
	uint32_t *sure;   /* by pool: members who must be positive */
	uint32_t *unsure; /* by pool: members who may be either */
	uint32_t *stack;  /* pools to be looked at */
	size_t depth;
	bool *stacked;
	bool by_load;
	double logz;
	size_t certain;
	size_t households;
	double *house_calm, *house_exposed; /* their two parts */
	double *house_value;                /* the tables of the households, one after the other */
	uint32_t *house_start;              /* households + 1 */
	uint32_t *house_size;               /* members who may be either */
} pw_reduction;

/* The likelihood of the pool with k of its uncertain members positive, and how many of them it tells apart. */
double pw_reduction_like(const pw_reduction *r, size_t pool, size_t k);
size_t pw_reduction_last(const pw_reduction *r, size_t pool);

/* What the reduction leaves: what is certain or unconnected, and the parts. */
typedef struct pw_reduced {
	double *posterior; /* one a sample; of those in no part: the final one */
	uint8_t *in_part;  /* one a sample */
	double logz;       /* of everything outside the parts, with all of log_scale */
	size_t certain;    /* persons who are positive for certain */
	pw_problem *parts;
	size_t part_count;
	/* for the matrices */
	const pw_evidence *evidence;
	size_t households;
	uint32_t *pool_part, *pool_local; /* of pools, then households: which part, UINT32_MAX for
					   * none, and their number in it */
} pw_reduced;

/* decode_reduce.c */
PW_NODISCARD pw_status pw_reduce(const pw_evidence *evidence, const pw_tables *tables, size_t limit,
				 pw_arena *arena, pw_reduced *out, pw_err *err);

/* decode_parts.c: takes apart what is left. What is only needed for that is in `scratch`. */
void pw_parts_make(pw_reduction *r, size_t limit, pw_arena *scratch, pw_arena *arena,
		   pw_reduced *out);

/* decode_problem.c: problems of the parts, `part` being everybody's (UINT32_MAX for none). Before one is solved it is
 * opened: that makes its matrix, in an arena that may be cleared when it is solved. */
void pw_problems_make(const pw_reduction *r, const bool *useful, const uint32_t *part, size_t count,
		      pw_arena *scratch, pw_arena *arena, pw_reduced *out);
void pw_problem_open(const pw_reduced *reduced, size_t which, pw_arena *arena);

/* The methods. Each returns PW_ERR_LIMIT when the part is too large for it, and PW_ERR_REFUSED when no
 * set of positives can explain the evidence. The partial's top is the caller's to clear. */
PW_NODISCARD pw_status pw_solve_subsets(const pw_problem *p, const pw_decode_opts *opts,
					pw_effort *effort, pw_arena *arena, pw_partial *out,
					pw_err *err);
PW_NODISCARD pw_status pw_solve_states(const pw_problem *p, const pw_decode_opts *opts,
				       pw_effort *effort, pw_arena *arena, pw_partial *out,
				       pw_err *err);
PW_NODISCARD pw_status pw_solve_supports(const pw_problem *p, const pw_decode_opts *opts,
					 pw_effort *effort, pw_arena *arena, pw_partial *out,
					 pw_err *err);
PW_NODISCARD pw_status pw_solve_loads(const pw_problem *p, const pw_decode_opts *opts,
				      pw_effort *effort, pw_arena *arena, pw_partial *out,
				      pw_err *err);

/* What it would cost, in elementary steps; UINT64_MAX when it cannot. */
uint64_t pw_cost_subsets(const pw_problem *p);
uint64_t pw_cost_states(const pw_problem *p);

/* decode_merge.c: the answer from the parts. */
void pw_merge(const pw_evidence *evidence, const pw_reduced *reduced, const pw_partial *partials,
	      const pw_decode_opts *opts, pw_decoded *out);

/* "the results are impossible under the model: …" */
pw_status pw_impossible(pw_err *err);

#endif
