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

size_t pw_mishap_undo(const pw_design *d, const pw_pool_reading *readings, pw_mishap mishap,
		      pw_pool_reading *out)
{
	plates p = plates_of(d);
	size_t pools = pw_design_pools(d), kept = 0;
	size_t cells = cell(&p, p.plates, 0, 0);
	uint32_t *pool_at = pw_alloc_array(cells, sizeof(*pool_at));
	for (uint32_t i = 0; i < pools; i++) {
		pw_place place = pw_design_pool_place(d, i);
		pool_at[cell(&p, place.plate, place.row, place.col)] = i + 1;
	}
	for (size_t i = 0; i < pools; i++) {
		pw_place place = pw_design_pool_place(d, i);
		int plate = place.plate, row = place.row, col = place.col;
		uint32_t from = 0;
		if (move(&p, mishap, &plate, &row, &col))
			from = pool_at[cell(&p, plate, row, col)];
		out[i] = (pw_pool_reading){.call = PW_POOL_MISSING};
		if (from != 0)
			out[i] = readings[from - 1];
		kept += from != 0;
	}
	pw_free(pool_at);
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

/* The logarithm of the chance of the results had the mishap not happened; -INFINITY when impossible. Pools
 * that lost their reading say nothing, which is no merit: each is taken to be as likely as not. */
static double chance_without(const pw_evidence *e, const pw_decode_opts *opts, pw_mishap mishap,
			     pw_pool_reading *room)
{
	pw_evidence undone = *e;
	pw_decode_opts brief = *opts;
	pw_decoded decoded;
	size_t pools = pw_design_pools(e->design);
	size_t kept = pw_mishap_undo(e->design, e->readings, mishap, room);
	if (2 * kept < pools)
		return -INFINITY;
	undone.readings = room;
	brief.effort = opts->effort > 0 && opts->effort < STEPS_EACH ? opts->effort : STEPS_EACH;
	brief.epsilon = 0.01;
	brief.sets = 1;
	if (pw_decode(&undone, &brief, &decoded, NULL) != PW_OK)
		return -INFINITY;
	double logz = decoded.logz - (double)(pools - kept) * log(2);
	pw_decoded_clear(&decoded);
	return logz;
}

static void find_cause(const pw_evidence *e, const pw_decoded *decoded, const pw_decode_opts *opts,
		       pw_alarm *out)
{
	pw_pool_reading *room = pw_alloc_array(pw_design_pools(e->design), sizeof(*room));
	for (int mishap = PW_MISHAP_TURNED; mishap < PW_MISHAP_COUNT; mishap++) {
		double factor = chance_without(e, opts, (pw_mishap)mishap, room) - decoded->logz;
		if (factor > LEAST_FACTOR && factor > out->factor) {
			out->factor = factor;
			out->cause = (pw_mishap)mishap;
		}
	}
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
