#include "core/pooling/decode_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/* ---- The likeliest sets ---- */

void pw_top_init(pw_top *top, size_t room)
{
	top->room = room;
	top->len = 0;
	top->entries = pw_alloc_array(room > 0 ? room : 1, sizeof(*top->entries));
}

void pw_top_clear(pw_top *top)
{
	for (size_t i = 0; top->entries != NULL && i < top->room; i++)
		pw_free(top->entries[i].at);
	pw_free(top->entries);
	*top = (pw_top){NULL, 0, 0};
}

double pw_top_floor(const pw_top *top)
{
	if (top->room == 0)
		return INFINITY;
	return top->len < top->room ? -INFINITY : top->entries[0].log_weight;
}

static void swap(pw_top_entry *a, pw_top_entry *b)
{
	pw_top_entry t = *a;
	*a = *b;
	*b = t;
}

static void sift_down(pw_top_entry *e, size_t len, size_t i)
{
	for (;;) {
		size_t least = i;
		for (size_t c = 2 * i + 1; c <= 2 * i + 2 && c < len; c++)
			if (e[c].log_weight < e[least].log_weight)
				least = c;
		if (least == i)
			return;
		swap(&e[i], &e[least]);
		i = least;
	}
}

static void sift_up(pw_top_entry *e, size_t i)
{
	while (i > 0 && e[i].log_weight < e[(i - 1) / 2].log_weight) {
		swap(&e[i], &e[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static void set_entry(pw_top_entry *e, double log_weight, const uint32_t *at, size_t count)
{
	if (count > e->room) {
		e->room = (uint32_t)count + 4;
		e->at = pw_realloc_array(e->at, e->room, sizeof(*e->at));
	}
	if (count > 0)
		memcpy(e->at, at, count * sizeof(*at));
	e->count = (uint32_t)count;
	e->log_weight = log_weight;
}

void pw_top_offer(pw_top *top, double log_weight, const uint32_t *at, size_t count)
{
	if (!(log_weight > pw_top_floor(top)))
		return;
	if (top->len < top->room) {
		set_entry(&top->entries[top->len], log_weight, at, count);
		sift_up(top->entries, top->len++);
		return;
	}
	set_entry(&top->entries[0], log_weight, at, count);
	sift_down(top->entries, top->len, 0);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* Heavier first; of equal weight the smaller, and then the one with the lower samples, so that the order
 * does not depend on the way of the search. */
static int by_weight(const void *a, const void *b)
{
	const pw_top_entry *x = a, *y = b;
	if (x->log_weight != y->log_weight)
		return x->log_weight < y->log_weight ? 1 : -1;
	if (x->count != y->count)
		return x->count < y->count ? -1 : 1;
	for (size_t i = 0; i < x->count; i++)
		if (x->at[i] != y->at[i])
			return x->at[i] < y->at[i] ? -1 : 1;
	return 0;
}

void pw_top_sort(pw_top *top)
{
	for (size_t i = 0; i < top->len; i++)
		if (top->entries[i].count > 1)
			qsort(top->entries[i].at, top->entries[i].count, sizeof(uint32_t),
			      by_number);
	if (top->len > 1)
		qsort(top->entries, top->len, sizeof(*top->entries), by_weight);
}

/* ---- Effort ---- */

#define STEPS_BETWEEN_QUESTIONS 65536

void pw_effort_init(pw_effort *effort, const pw_decode_opts *opts)
{
	effort->left = opts->effort > 0 ? opts->effort : UINT64_C(1) << 30;
	effort->expired = opts->expired;
	effort->ctx = opts->ctx;
	effort->until_asked = 0;
	effort->over = false;
}

bool pw_effort_spend(pw_effort *effort, uint64_t steps)
{
	if (effort->over)
		return false;
	if (effort->left < steps) {
		effort->left = 0;
		effort->over = true;
		return false;
	}
	effort->left -= steps;
	if (effort->expired == NULL)
		return true;
	if (effort->until_asked >= steps) {
		effort->until_asked -= steps;
		return true;
	}
	effort->until_asked = STEPS_BETWEEN_QUESTIONS;
	effort->over = effort->expired(effort->ctx);
	return !effort->over;
}

pw_status pw_impossible(pw_err *err)
{
	return pw_refuse(
		err, "impossible-evidence",
		"the results are impossible under the model: no set of positives explains "
		"them; check them, or allow for errors (sensitivity and specificity below 1)");
}
