#include "core/pooling/alarm.h"

#include <math.h>

#include "core/base/mem.h"
#include "core/pooling/explain.h"

#define LEAST_FACTOR 6.907755278982137 /* log 1000 */
#define STEPS_EACH   (UINT64_C(1) << 22)
#define STEPS_FEWEST (UINT64_C(1) << 22)

const char *pw_mishap_text(pw_mishap mishap)
{
	static const char *const texts[PW_MISHAP_COUNT] = {
		NULL,
		"the plate was turned by half a turn",
		"left and right of the plate were exchanged",
		"top and bottom of the plate were exchanged",
		"the pools were numbered along the rows, not down the columns",
		"the pools were numbered down the columns, not along the rows",
		"everything is one column to the right of where it belongs",
		"everything is one column to the left of where it belongs",
		"everything is one row below where it belongs",
		"everything is one row above where it belongs",
		"the first and the second plate were exchanged",
	};
	PW_BUG_IF((int)mishap < 0 || mishap >= PW_MISHAP_COUNT);
	return texts[mishap];
}

/* ---- Places ---- */

typedef struct plates {
	int rows, cols, plates;
} plates;

static plates plates_of(const pw_design *d)
{
	plates p = {8, 12, 1};
	for (size_t i = 0; i < pw_design_pools(d); i++) {
		pw_place place = pw_design_pool_place(d, i);
		if (place.row >= 8 || place.col >= 12) {
			p.rows = 16;
			p.cols = 24;
		}
		p.plates = place.plate >= p.plates ? place.plate + 1 : p.plates;
	}
	return p;
}

/* The well of the same number in the other order. */
static void reorder(const plates *p, bool from_rows, int *row, int *col)
{
	int index = from_rows ? *row * p->cols + *col : *col * p->rows + *row;
	*row = from_rows ? index % p->rows : index / p->cols;
	*col = from_rows ? index / p->rows : index % p->cols;
}

/* Where what belongs to a place went; false when off the plate. */
static bool move(const plates *p, pw_mishap mishap, int *plate, int *row, int *col)
{
	bool turned = mishap == PW_MISHAP_TURNED;
	if (turned || mishap == PW_MISHAP_LEFT_RIGHT)
		*col = p->cols - 1 - *col;
	if (turned || mishap == PW_MISHAP_TOP_BOTTOM)
		*row = p->rows - 1 - *row;
	if (mishap == PW_MISHAP_BY_ROWS || mishap == PW_MISHAP_BY_COLUMNS)
		reorder(p, mishap == PW_MISHAP_BY_COLUMNS, row, col);
	if (mishap == PW_MISHAP_EXCHANGED)
		*plate = *plate < 2 ? 1 - *plate : *plate;
	*col += (mishap == PW_MISHAP_RIGHT) - (mishap == PW_MISHAP_LEFT);
	*row += (mishap == PW_MISHAP_DOWN) - (mishap == PW_MISHAP_UP);
	return *plate < p->plates && *row >= 0 && *row < p->rows && *col >= 0 && *col < p->cols;
}

static size_t cell(const plates *p, int plate, int row, int col)
{
	return ((size_t)plate * (size_t)p->rows + (size_t)row) * (size_t)p->cols + (size_t)col;
}

/* from[i]: the pool in whose place pool i's reading stands, from 1; 0: in no pool's. */
static void find_sources(const pw_design *d, pw_mishap mishap, uint32_t *from)
{
	plates p = plates_of(d);
	size_t cells = cell(&p, p.plates, 0, 0);
	uint32_t *pool_at = pw_alloc_array(cells, sizeof(*pool_at));
	for (uint32_t i = 0; i < pw_design_pools(d); i++) {
		pw_place place = pw_design_pool_place(d, i);
		pool_at[cell(&p, place.plate, place.row, place.col)] = i + 1;
	}
	for (size_t i = 0; i < pw_design_pools(d); i++) {
		pw_place place = pw_design_pool_place(d, i);
		int plate = place.plate, row = place.row, col = place.col;
		bool there = move(&p, mishap, &plate, &row, &col);
		from[i] = there ? pool_at[cell(&p, plate, row, col)] : 0;
	}
	pw_free(pool_at);
}

static size_t put_back(const uint32_t *from, const pw_pool_reading *readings, size_t pools,
		       pw_pool_reading *out)
{
	size_t kept = 0;
	for (size_t i = 0; i < pools; i++) {
		out[i] = (pw_pool_reading){.call = PW_POOL_MISSING};
		if (from[i] != 0)
			out[i] = readings[from[i] - 1];
		kept += from[i] != 0;
	}
	return kept;
}

size_t pw_mishap_undo(const pw_design *d, const pw_pool_reading *readings, pw_mishap mishap,
		      pw_pool_reading *out)
{
	uint32_t *from = pw_alloc_array(pw_design_pools(d), sizeof(*from));
	find_sources(d, mishap, from);
	size_t kept = put_back(from, readings, pw_design_pools(d), out);
	pw_free(from);
	return kept;
}

/* ---- How badly the results are explained ---- */

/* The chance of `count` or more, when so many are expected and they come at random. */
static double tail(double expected, size_t count)
{
	double term = exp(-expected), below = 0;
	for (size_t k = 0; k < count; k++) {
		below += term;
		term *= expected / (double)(k + 1);
	}
	return fmax(1 - below, 0);
}

static void count_wrong(const pw_evidence *e, const pw_decoded_set *set, pw_alarm *out)
{
	size_t pools = pw_design_pools(e->design);
	bool *hit = pw_alloc_array(pools, sizeof(*hit));
	for (size_t k = 0; k < set->count; k++) {
		pw_design_list list = pw_design_pools_of(e->design, set->at[k]);
		for (size_t x = 0; x < list.count; x++)
			hit[list.at[x]] = true;
	}
	for (size_t i = 0; i < pools; i++) {
		bool positive = e->readings[i].call == PW_POOL_POSITIVE;
		if (!positive && e->readings[i].call != PW_POOL_NEGATIVE)
			continue;
		double se = e->test.pool_se != NULL ? e->test.pool_se[i] : e->test.se;
		double sp = e->test.pool_sp != NULL ? e->test.pool_sp[i] : e->test.sp;
		out->expected += hit[i] ? 1 - se * (1 - e->test.extraction_failure) : 1 - sp;
		out->wrong += positive != hit[i];
	}
	pw_free(hit);
}

/* A search that was stopped may not have come to the likeliest set: what makes fewest pools wrong counts. */
static size_t fewest_wrong(const pw_evidence *e)
{
	pw_smallest smallest;
	pw_smallest_find(e->design, e->readings, STEPS_FEWEST, &smallest);
	size_t wrong = smallest.unexplained_count + smallest.against_count;
	pw_smallest_clear(&smallest);
	return wrong;
}

/* The logarithm of the chance of the readings that would be no pool's: of wells with nothing in them. */
static double chance_of_empty(const pw_evidence *e, const uint32_t *from)
{
	size_t pools = pw_design_pools(e->design);
	bool *used = pw_alloc_array(pools, sizeof(*used));
	double log_chance = 0;
	for (size_t i = 0; i < pools; i++)
		if (from[i] != 0)
			used[from[i] - 1] = true;
	for (size_t i = 0; i < pools; i++) {
		double sp = e->test.pool_sp != NULL ? e->test.pool_sp[i] : e->test.sp;
		if (!used[i] && e->readings[i].call == PW_POOL_POSITIVE)
			log_chance += log(1 - sp);
		else if (!used[i] && e->readings[i].call == PW_POOL_NEGATIVE)
			log_chance += log(sp);
	}
	pw_free(used);
	return log_chance;
}

/* The logarithm of the chance of all readings under the mishap; -INFINITY when impossible. */
static double chance_under(const pw_evidence *e, const pw_decode_opts *opts, pw_mishap mishap,
			   pw_pool_reading *room, uint32_t *from)
{
	pw_evidence undone = *e;
	pw_decode_opts brief = *opts;
	pw_decoded decoded;
	size_t pools = pw_design_pools(e->design);
	find_sources(e->design, mishap, from);
	if (4 * put_back(from, e->readings, pools, room) < 3 * pools)
		return -INFINITY; /* what is left would be explained by anything */
	undone.readings = room;
	brief.effort = opts->effort > 0 && opts->effort < STEPS_EACH ? opts->effort : STEPS_EACH;
	brief.epsilon = 0.01;
	brief.sets = 1;
	if (pw_decode(&undone, &brief, &decoded, NULL) != PW_OK)
		return -INFINITY;
	double logz = decoded.logz + chance_of_empty(e, from);
	pw_decoded_clear(&decoded);
	return logz;
}

static void find_cause(const pw_evidence *e, const pw_decoded *decoded, const pw_decode_opts *opts,
		       pw_alarm *out)
{
	pw_pool_reading *room = pw_alloc_array(pw_design_pools(e->design), sizeof(*room));
	uint32_t *from = pw_alloc_array(pw_design_pools(e->design), sizeof(*from));
	for (int mishap = PW_MISHAP_TURNED; mishap < PW_MISHAP_COUNT; mishap++) {
		double factor =
			chance_under(e, opts, (pw_mishap)mishap, room, from) - decoded->logz;
		if (factor > LEAST_FACTOR && factor > out->factor) {
			out->factor = factor;
			out->cause = (pw_mishap)mishap;
		}
	}
	pw_free(from);
	pw_free(room);
}

pw_status pw_alarm_check(const pw_evidence *e, const pw_decoded *decoded,
			 const pw_decode_opts *opts, double level, pw_alarm *out, pw_err *err)
{
	pw_alarm a = {.cause = PW_MISHAP_NONE};
	if (decoded->set_count == 0)
		return pw_fail(err, PW_ERR_ARG,
			       "the alarm needs the likeliest set: ask for at least one set");
	count_wrong(e, &decoded->sets[0], &a);
	if (decoded->stopped && a.wrong > 0) {
		size_t fewest = fewest_wrong(e);
		a.wrong = fewest < a.wrong ? fewest : a.wrong;
	}
	a.chance = tail(a.expected, a.wrong);
	a.raised = a.chance < level;
	if (a.raised)
		find_cause(e, decoded, opts, &a);
	*out = a;
	return PW_OK;
}
