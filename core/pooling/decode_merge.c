/*
 * The answer from the parts: chances of different parts multiply, so their logarithms, their counts
 * (convolved) and their sets (best first) come together without further error.
 */
#include "core/pooling/decode_impl.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* More positives than this are not told apart in the distribution of their number. */
#define MOST_COUNTS 1024

/* What is smaller than this at the end of the distribution is left out. */
#define LEAST_COUNT 1e-18

typedef struct counts {
	double p[MOST_COUNTS];
	size_t len;
	double next[MOST_COUNTS];
} counts;

static void trim(counts *c)
{
	while (c->len > 1 && c->p[c->len - 1] < LEAST_COUNT)
		c->len--;
}

static void convolve(counts *c, const double *with, size_t len)
{
	size_t total = c->len + len - 1;
	total = total < MOST_COUNTS ? total : MOST_COUNTS;
	memset(c->next, 0, total * sizeof(*c->next));
	for (size_t a = 0; a < c->len; a++)
		for (size_t b = 0; b < len && a + b < total; b++)
			c->next[a + b] += c->p[a] * with[b];
	memcpy(c->p, c->next, total * sizeof(*c->p));
	c->len = total;
	trim(c);
}

static void merge_counts(const pw_reduced *r, const pw_partial *partials, size_t samples,
			 pw_decoded *out)
{
	counts *c = pw_alloc(sizeof(*c));
	c->len = 1;
	c->p[0] = 1;
	for (size_t j = 0; j < samples; j++) {
		double q = r->posterior[j];
		if (!r->in_part[j] && q > 0 && q < 1)
			convolve(c, (double[]){1 - q, q}, 2);
	}
	for (size_t i = 0; i < r->part_count; i++)
		convolve(c, partials[i].count, partials[i].counts);
	out->counts = c->len + r->certain;
	out->count = pw_alloc_array(out->counts, sizeof(*out->count));
	memcpy(out->count + r->certain, c->p, c->len * sizeof(*c->p));
	pw_free(c);
}

/* ---- Sets ---- */

/*
 * The best sets of two lists: of the a-th best here and the b-th best there, from 0, only those with
 * (a+1)(b+1) <= room can be among the best `room`.
 */
static void multiply(pw_top *top, const pw_top *with, const uint32_t *id, size_t room)
{
	pw_top product;
	pw_top_init(&product, room);
	size_t space = 16;
	uint32_t *at = pw_alloc_array(space, sizeof(*at));
	for (size_t a = 0; a < top->len; a++) {
		const pw_top_entry *x = &top->entries[a];
		for (size_t b = 0; b < with->len && (a + 1) * (b + 1) <= room; b++) {
			const pw_top_entry *y = &with->entries[b];
			double weight = x->log_weight + y->log_weight;
			if (!(weight > pw_top_floor(&product)))
				break;
			if (space < (size_t)x->count + y->count) {
				space = (size_t)x->count + y->count + 16;
				at = pw_realloc_array(at, space, sizeof(*at));
			}
			if (x->count > 0)
				memcpy(at, x->at, x->count * sizeof(*at));
			for (uint32_t k = 0; k < y->count; k++)
				at[x->count + k] = id != NULL ? id[y->at[k]] : y->at[k];
			pw_top_offer(&product, weight, at, (size_t)x->count + y->count);
		}
	}
	pw_free(at);
	pw_top_sort(&product);
	pw_top_clear(top);
	*top = product;
}

/* A person by themselves is a list of two sets. */
static void multiply_person(pw_top *top, uint32_t sample, double q, size_t room)
{
	pw_top_entry both[2] = {{log1p(-q), NULL, 0, 0}, {log(q), &sample, 1, 1}};
	if (q > 0.5) {
		pw_top_entry t = both[0];
		both[0] = both[1];
		both[1] = t;
	}
	pw_top person = {both, q <= 0 || q >= 1 ? 1 : 2, 2};
	multiply(top, &person, NULL, room);
}

static void merge_sets(const pw_reduced *r, const pw_partial *partials, size_t samples, size_t room,
		       pw_decoded *out)
{
	pw_top top;
	pw_top_init(&top, room);
	pw_top_offer(&top, 0, NULL, 0);
	for (size_t j = 0; room > 0 && j < samples; j++)
		if (!r->in_part[j] && r->posterior[j] > 0)
			multiply_person(&top, (uint32_t)j, r->posterior[j], room);
	double logz = 0;
	for (size_t i = 0; room > 0 && i < r->part_count; i++) {
		multiply(&top, &partials[i].top, r->parts[i].id, room);
		logz += partials[i].logz;
	}
	size_t members = 0, at = 0;
	for (size_t s = 0; s < top.len; s++)
		members += top.entries[s].count;
	out->sets = pw_alloc_array(top.len + 1, sizeof(*out->sets));
	out->set_members = pw_alloc_array(members + 1, sizeof(*out->set_members));
	out->set_count = top.len;
	for (size_t s = 0; s < top.len; s++) {
		const pw_top_entry *e = &top.entries[s];
		if (e->count > 0)
			memcpy(out->set_members + at, e->at, e->count * sizeof(*e->at));
		double q = exp(e->log_weight - logz);
		out->sets[s] = (pw_decoded_set){q < 1 ? q : 1, out->set_members + at, e->count};
		at += e->count;
	}
	pw_top_clear(&top);
}

/* ---- The whole ---- */

static void merge_persons(const pw_reduced *r, const pw_partial *partials, size_t samples,
			  pw_decoded *out)
{
	pw_sum expected = {0, 0};
	out->posterior = pw_alloc_array(samples, sizeof(*out->posterior));
	out->error = pw_alloc_array(samples, sizeof(*out->error));
	memcpy(out->posterior, r->posterior, samples * sizeof(*out->posterior));
	for (size_t i = 0; i < r->part_count; i++) {
		const pw_problem *p = &r->parts[i];
		for (size_t j = 0; j < p->n; j++) {
			if (p->absent != NULL && p->absent[j])
				continue;
			out->posterior[p->id[j]] = partials[i].posterior[j];
			out->error[p->id[j]] = partials[i].error[j];
		}
	}
	for (size_t j = 0; j < samples; j++) {
		pw_sum_add(&expected, out->posterior[j]);
		out->bound = fmax(out->bound, out->error[j]);
	}
	out->expected_positives = pw_sum_value(&expected);
}

void pw_merge(const pw_evidence *evidence, const pw_reduced *r, const pw_partial *partials,
	      const pw_decode_opts *opts, pw_decoded *out)
{
	size_t samples = pw_design_samples(evidence->design);
	pw_decoded d = {.samples = samples, .parts = r->part_count, .logz = r->logz};
	d.method = PW_DECODE_INDEPENDENT;
	for (size_t i = 0; i < r->part_count; i++) {
		const pw_partial *x = &partials[i];
		d.logz += x->logz;
		d.logz_error += x->logz_error;
		d.beyond_limit = fmax(d.beyond_limit, x->beyond_limit);
		d.stopped = d.stopped || x->stopped;
		d.method = x->method > d.method ? x->method : d.method;
	}
	merge_persons(r, partials, samples, &d);
	merge_counts(r, partials, samples, &d);
	merge_sets(r, partials, samples, opts->sets, &d);
	*out = d;
}
