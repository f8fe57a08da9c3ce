/* What the files that make a batch's next wells share. */
#ifndef PW_LAB_POOL_NEXT_H
#define PW_LAB_POOL_NEXT_H

#include "core/lab/pool_internal.h"

typedef struct pw_continuing {
	pw_lab *lab;
	pw_arena *arena;
	pw_batch_view view;
	pw_batch_evidence evidence;
	pw_pool_next prefer;
	size_t max_pool;
	bool only_look;
	bool *open;    /* by tube: it wants a well, and none is planned for it yet */
	bool *used_up; /* by tube: too little is left of it for a well of its own */
	pw_next_well *wells;
	size_t count;
	pw_batch_continued_item *items;
	size_t item_count;
	size_t new_pools;
	int64_t serial;
	double tests, rounds;
	int recalled;
} pw_continuing;

const char *pw_next_tube_code(const pw_continuing *n, uint32_t tube);

/* The codes of the view's tubes, in the arena. */
const char **pw_next_codes_of(pw_continuing *n, const uint32_t *tubes, size_t count);

/* One more well of the plan; `code` and `why` are in the arena. */
pw_next_well *pw_next_add_well(pw_continuing *n, pw_next_kind kind, const char *code,
			       const char *why);

/* The tube waits for a pool: it is open no more. */
void pw_next_let_wait(pw_continuing *n, uint32_t tube, const char *pool);

/* A well of the tube's own, or a new swab of its people when too little is left of it. */
PW_NODISCARD pw_status pw_next_test_alone(pw_continuing *n, uint32_t tube, pw_err *err);

/* Every open tube gets what is expected to need the fewest tests; those of a part of which something is under
 * way stay open (pool_next_tests.c). */
PW_NODISCARD pw_status pw_next_fewest_tests(pw_continuing *n, pw_err *err);

#endif
