/* Laboratory pools for the laboratory's tests: policies, tubes, and pools brought to a result. */
#ifndef PW_TESTS_LAB_POOL_BENCH_H
#define PW_TESTS_LAB_POOL_BENCH_H

#include "core/lab/pools.h"
#include "tests/unit/lab/bench.h"

/* Puts a policy in force whose laboratory_pools are these ("max_pool: 10, next: tests"). */
void pool_policy(const char *laboratory_pools);

/* Singles T<first> … T<last> of the persons of the same numbers, received. */
void singles(int first, int last);

/* "T7"; as a NULL-ended list from first to last. */
const char *single(int n);
const char *const *single_list(int first, int last);

/* A planning of these tubes by a family; 20 µl aliquots, wells of 200 µl, std96. */
pw_pool_planning planning_of(pw_family family, const char *const *tubes);

/* Dorfman pools of `size`; an array. Planned and made: the number of the batch. */
int64_t dorfman(uint32_t size, const char *const *tubes);
int64_t array(uint32_t rows, uint32_t cols, const char *const *tubes);

/* Two Dorfman pools of five, T1 … T10. And an array: rows 1 to 3 are pools 1 to 3, columns 1 to 4 are pools 4 to 7;
 * T7 is in pools 2 and 6. With the policy. */
int64_t two_pools_of_five(void);
int64_t three_by_four(const char *policy);

const pw_pool_find_row *pool_row(const char *code);
const char *pool_of(int64_t batch, int64_t number); /* its code */
const char *pool_state(int64_t batch, int64_t number);
void make_pools(int64_t batch);

/* All pools of a batch that were made or go again, on new plates "PE<k>" and "PQ<k>", stamped for
 * cdc-n1-n2-rp. Returns the PCR plate. */
const char *plate_pools(int64_t batch);

/* The same for what goes again alone: the tubes in the state "retest". */
const char *plate_retests(void);

/* The well of a pool, or of a tube, on a PCR plate. */
const char *well_of(const char *pcr, const char *code);

/* What the instrument says of the plate when these pools (by number, 0 ends) are positive. */
bench_run *run_of_pools(const char *pcr, int64_t batch, const int *positive_pools);

/* Plates the pools and imports that. */
pw_run_outcome read_pools(int64_t batch, const int *positive_pools);

/* Plates what goes again alone, and imports: these singles are positive (0 ends). */
pw_run_outcome read_singles(const int *positive_singles);

#define NUMBERS(...) ((const int[]){__VA_ARGS__, 0})
#define NONE         ((const int[]){0})

const pw_batch_find_row *batch_row(int64_t batch);
const pw_batch_tubes_row *batch_tube(int64_t batch, const char *tube);

/* A second later. */
pw_status decode_again(int64_t batch, bool now, bool accept, pw_batch_outcome *out);

const pw_decodes_of_batch_row *last_decode(int64_t batch);

pw_next_plan next_wells(int64_t batch);
pw_status try_next(int64_t batch);

/* How many wells of that kind the plan has. */
int count_wells(const pw_next_plan *plan, pw_next_kind kind);

/* What working a batch off took. */
typedef struct pool_work {
	int rounds;       /* PCR plates, one after the other */
	int pools, alone; /* wells of pools, and of tubes alone */
	int recalled;     /* tubes */
} pool_work;

/* Makes, plates, reads and continues until nothing of the batch waits; the tests never err: T<n> is positive
 * where truth[n] is. */
pool_work work_off(int64_t batch, const bool *truth);

#endif
