#include "tests/unit/lab/pool_bench.h"

#include <stdlib.h>
#include <string.h>

static int plates;

void pool_policy(const char *laboratory_pools)
{
	static int version = 10;
	const char *text = pw_arena_printf(
		&fx.arena,
		"poolwell: profile/1\nname: own\nversion: %d\n"
		"pool: {positive_notify: true, positive_isolate: true, inconclusive: by-assay,\n"
		"       invalid: by-assay, negative_says: \"\", open_says: wait}\n"
		"person: {positive_isolate: true, max_reswabs: 3}\n"
		"overdue_hours: {others: 24}\nlaboratory_pools: {%s}\n",
		++version, laboratory_pools);
	must(pw_lab_enforce(fx.lab, "profile", "own.yaml", text, strlen(text), NULL, &fx.err));
}

/* ---------------------------------------------------------------- tubes */

const char *single(int n)
{
	return pw_arena_printf(&fx.arena, "T%d", n);
}

void singles(int first, int last)
{
	for (int i = first; i <= last; i++)
		receive(single(i), 1, i, 1);
}

const char *const *single_list(int first, int last)
{
	const char **list = pw_arena_array(&fx.arena, (size_t)(last - first) + 2, sizeof(*list));
	for (int i = first; i <= last; i++)
		list[i - first] = single(i);
	return list;
}

/* ---------------------------------------------------------------- batches */

pw_pool_planning planning_of(pw_family family, const char *const *tubes)
{
	pw_pool_planning in = {.source = PW_POOL_FROM_LIST,
			       .tubes = tubes,
			       .make = {.family = family},
			       .layout = "std96",
			       .aliquot_nl = 20000,
			       .well_nl = 200000};
	for (; tubes[in.tube_count] != NULL; in.tube_count++)
		;
	return in;
}

static int64_t plan_and_make(const pw_pool_planning *in)
{
	pw_pools_planned out;
	fx.now += PW_SECOND;
	must(pw_lab_plan_pools(fx.lab, in, &out, &fx.report, &fx.err));
	ck_assert_uint_eq(out.batches, 1);
	make_pools(out.first_batch);
	return out.first_batch;
}

int64_t dorfman(uint32_t size, const char *const *tubes)
{
	pw_pool_planning in = planning_of(PW_FAMILY_DORFMAN, tubes);
	in.make.size = size;
	return plan_and_make(&in);
}

int64_t array(uint32_t rows, uint32_t cols, const char *const *tubes)
{
	pw_pool_planning in = planning_of(PW_FAMILY_ARRAY, tubes);
	in.make.dims[0] = rows;
	in.make.dims[1] = cols;
	in.make.dim_count = 2;
	return plan_and_make(&in);
}

int64_t two_pools_of_five(void)
{
	pool_policy("max_pool: 5");
	singles(1, 10);
	return dorfman(5, single_list(1, 10));
}

int64_t three_by_four(const char *policy)
{
	pool_policy(policy);
	singles(1, 12);
	return array(3, 4, single_list(1, 12));
}

pw_status try_next(int64_t batch)
{
	const pw_next_opts opts = {.only_look = false};
	pw_next_plan plan;
	return pw_lab_next_wells(fx.lab, &fx.arena, batch, &opts, &plan, &fx.err);
}

const pw_decodes_of_batch_row *last_decode(int64_t batch)
{
	pw_decodes_of_batch_row *rows;
	size_t count;
	must(pw_q_decodes_of_batch(pw_lab_store(fx.lab), &fx.arena, batch, &rows, &count, &fx.err));
	ck_assert_uint_gt(count, 0);
	return &rows[count - 1];
}

pw_status decode_again(int64_t batch, bool now, bool accept, pw_batch_outcome *out)
{
	const pw_decode_ask ask = {.now = now, .accept = accept};
	fx.now += PW_SECOND;
	return pw_lab_decode_batch(fx.lab, batch, &ask, out, &fx.err);
}

const pw_pool_find_row *pool_row(const char *code)
{
	pw_pool_find_row *row = pw_arena_alloc(&fx.arena, sizeof(*row));
	bool found;
	must(pw_q_pool_find(pw_lab_store(fx.lab), &fx.arena, code, row, &found, &fx.err));
	ck_assert_msg(found, "no pool '%s'", code);
	return row;
}

static pw_batch_pools_row *pools_of(int64_t batch, size_t *count)
{
	pw_batch_pools_row *rows;
	must(pw_q_batch_pools(pw_lab_store(fx.lab), &fx.arena, batch, &rows, count, &fx.err));
	return rows;
}

const char *pool_of(int64_t batch, int64_t number)
{
	size_t count;
	pw_batch_pools_row *rows = pools_of(batch, &count);
	ck_assert_int_le(number, (int64_t)count);
	ck_assert_int_eq(rows[number - 1].number, number);
	return rows[number - 1].pool;
}

const char *pool_state(int64_t batch, int64_t number)
{
	return pool_row(pool_of(batch, number))->state;
}

void make_pools(int64_t batch)
{
	size_t count;
	pw_pool_done done;
	pw_batch_pools_row *rows = pools_of(batch, &count);
	for (size_t i = 0; i < count; i++) {
		fx.now += PW_SECOND;
		if (strcmp(rows[i].state, "planned") == 0)
			must(pw_lab_make_pool(fx.lab, rows[i].pool, &done, &fx.err));
	}
}

/* ---------------------------------------------------------------- plates */

static const char *finish_plate(const char *plate)
{
	const char *pcr = pw_arena_printf(&fx.arena, "PQ%d", plates);
	seal(plate);
	stamp(pcr, plate, "cdc-n1-n2-rp");
	return pcr;
}

static const char *begin_plate(void)
{
	const char *plate = pw_arena_printf(&fx.arena, "PE%d", ++plates);
	new_plate(plate, "std96");
	return plate;
}

const char *plate_pools(int64_t batch)
{
	size_t count;
	const char *plate = begin_plate();
	pw_batch_pools_row *rows = pools_of(batch, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].state, "made") == 0 || strcmp(rows[i].state, "retest") == 0)
			fill(plate, rows[i].pool);
	return finish_plate(plate);
}

const char *plate_retests(void)
{
	pw_tubes_to_retest_row *rows;
	size_t count;
	const char *plate = begin_plate();
	must(pw_q_tubes_to_retest(pw_lab_store(fx.lab), &fx.arena, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++)
		fill(plate, rows[i].tube);
	return finish_plate(plate);
}

const char *well_of(const char *pcr, const char *code)
{
	pw_plate_wells_row *rows;
	size_t count;
	char name[8] = "";
	must(pw_q_plate_wells(pw_lab_store(fx.lab), &fx.arena, pcr, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++) {
		const char *what = rows[i].tube != NULL ? rows[i].tube : rows[i].pool;
		if (what != NULL && strcmp(what, code) == 0)
			pw_well_name(pw_well_at((int)rows[i].position, PW_PLATE_96, PW_BY_ROW),
				     name);
	}
	ck_assert_msg(name[0] != '\0', "'%s' is not on plate '%s'", code, pcr);
	return pw_arena_strdup(&fx.arena, name);
}

bench_run *run_of_pools(const char *pcr, int64_t batch, const int *positive_pools)
{
	bench_run *run = run_of(pcr);
	for (; *positive_pools != 0; positive_pools++)
		positive(run, well_of(pcr, pool_of(batch, *positive_pools)));
	return run;
}

pw_run_outcome read_pools(int64_t batch, const int *positive_pools)
{
	bench_run *run = run_of_pools(plate_pools(batch), batch, positive_pools);
	must_import(run);
	return run->out;
}

pw_run_outcome read_singles(const int *positive_singles)
{
	const char *pcr = plate_retests();
	bench_run *run = run_of(pcr);
	for (; *positive_singles != 0; positive_singles++)
		positive(run, well_of(pcr, single(*positive_singles)));
	must_import(run);
	return run->out;
}

/* ---------------------------------------------------------------- what came of it */

const pw_batch_find_row *batch_row(int64_t batch)
{
	pw_batch_find_row *row = pw_arena_alloc(&fx.arena, sizeof(*row));
	bool found;
	must(pw_q_batch_find(pw_lab_store(fx.lab), &fx.arena, batch, row, &found, &fx.err));
	ck_assert(found);
	return row;
}

const pw_batch_tubes_row *batch_tube(int64_t batch, const char *tube)
{
	pw_batch_tubes_row *rows;
	size_t count;
	must(pw_q_batch_tubes(pw_lab_store(fx.lab), &fx.arena, batch, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].tube, tube) == 0)
			return &rows[i];
	ck_abort_msg("tube '%s' is not in batch %lld", tube, (long long)batch);
	return NULL;
}

pw_next_plan next_wells(int64_t batch)
{
	const pw_next_opts opts = {.only_look = false};
	pw_next_plan plan;
	fx.now += PW_SECOND;
	must(pw_lab_next_wells(fx.lab, &fx.arena, batch, &opts, &plan, &fx.err));
	return plan;
}

int count_wells(const pw_next_plan *plan, pw_next_kind kind)
{
	int n = 0;
	for (size_t i = 0; i < plan->count; i++)
		n += plan->wells[i].kind == kind ? 1 : 0;
	return n;
}

/* ---------------------------------------------------------------- worked off */

static bool is_positive(const char *pool, const bool *truth)
{
	pw_pool_aliquots_row *rows;
	size_t count;
	bool positive = false;
	must(pw_q_pool_aliquots(pw_lab_store(fx.lab), &fx.arena, pool, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++)
		positive = positive || (strcmp(rows[i].state, "pipetted") == 0 &&
					truth[strtol(rows[i].tube + 1, NULL, 10)]);
	return positive;
}

/* Everything that goes onto a plate now, on one; and its run. False when there is nothing. */
static bool read_round(int64_t batch, const bool *truth, pool_work *work)
{
	size_t pool_count, tube_count, n = 0;
	const char *codes[2 * PW_MAX_WELLS];
	bool positives[2 * PW_MAX_WELLS];
	pw_tubes_to_retest_row *tubes;
	pw_batch_pools_row *pools = pools_of(batch, &pool_count);
	must(pw_q_tubes_to_retest(pw_lab_store(fx.lab), &fx.arena, &tubes, &tube_count, &fx.err));
	for (size_t i = 0; i < pool_count; i++)
		if (strcmp(pools[i].state, "made") == 0 || strcmp(pools[i].state, "retest") == 0) {
			positives[n] = is_positive(pools[i].pool, truth);
			codes[n++] = pools[i].pool;
			work->pools++;
		}
	for (size_t i = 0; i < tube_count; i++) {
		positives[n] = truth[strtol(tubes[i].tube + 1, NULL, 10)];
		codes[n++] = tubes[i].tube;
		work->alone++;
	}
	if (n == 0)
		return false;
	const char *plate = begin_plate();
	for (size_t i = 0; i < n; i++)
		fill(plate, codes[i]);
	const char *pcr = finish_plate(plate);
	bench_run *run = run_of(pcr);
	for (size_t i = 0; i < n; i++)
		if (positives[i])
			positive(run, well_of(pcr, codes[i]));
	must_import(run);
	work->rounds++;
	return true;
}

static bool continue_batch(int64_t batch, pool_work *work)
{
	pw_batches_row *rows;
	size_t count;
	must(pw_q_batches(pw_lab_store(fx.lab), &fx.arena, 1, &rows, &count, &fx.err));
	if (rows[batch - 1].undecided == 0)
		return false;
	pw_next_plan plan = next_wells(batch);
	work->recalled += count_wells(&plan, PW_NEXT_RECOLLECT);
	return plan.count > 0;
}

pool_work work_off(int64_t batch, const bool *truth)
{
	pool_work work = {.rounds = 0};
	bool goes_on = true;
	for (int i = 0; goes_on; i++) {
		ck_assert_int_lt(i, 40);
		make_pools(batch);
		bool read = read_round(batch, truth, &work);
		goes_on = continue_batch(batch, &work) || read;
	}
	return work;
}
