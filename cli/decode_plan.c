/* `poolwell decode plan`: the next wells to run. */
#include <string.h>

#include "cli/decode_args.h"
#include "cli/design_args.h"
#include "cli/out.h"
#include "core/base/mem.h"
#include "core/pooling/plan.h"

/* Sets of positives that a plan is made from. */
#define HYPOTHESES 4096

typedef struct planned {
	pw_decode_args args;
	pw_decoded decoded;
	pw_plan plan;
	bool *recollect;
} planned;

/* "3,7,20": samples, from 1. */
static pw_status read_recollect(pw_ctx *ctx, planned *p, pw_err *err)
{
	const char *text = pw_ctx_text(ctx, "recollect");
	size_t n = pw_design_samples(p->args.design);
	p->recollect = pw_alloc_array(n, sizeof(*p->recollect));
	while (text != NULL && *text != '\0') {
		char number[16];
		size_t length = strcspn(text, ",");
		int64_t sample = 0;
		bool fits = length > 0 && length < sizeof(number);
		if (fits) {
			memcpy(number, text, length);
			number[length] = '\0';
		}
		if (!fits || !pw_parse_int(number, &sample) || sample < 1 || (uint64_t)sample > n)
			return pw_fail(err, PW_ERR_ARG,
				       "--recollect: '%.*s' is no sample: give numbers from 1 to "
				       "%zu, parted by commas",
				       (int)(length < 40 ? length : 40), text, n);
		p->recollect[sample - 1] = true;
		text += length + (text[length] == ',');
	}
	if (pw_ctx_flag(ctx, "recollect-all"))
		memset(p->recollect, true, n * sizeof(*p->recollect));
	return PW_OK;
}

static pw_status find_plan(pw_ctx *ctx, planned *p, pw_err *err)
{
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	pw_decode_args *args = &p->args;
	pw_status rc;
	if ((rc = pw_decode_args_read(ctx, args, err)) != PW_OK ||
	    (rc = read_recollect(ctx, p, err)) != PW_OK)
		return rc;
	args->opts.sets = HYPOTHESES;
	if ((rc = pw_decode(&args->evidence, &args->opts, &p->decoded, err)) != PW_OK)
		return rc;
	opts.confidence = args->confidence;
	opts.test = args->evidence.test;
	opts.max_pool = (size_t)pw_ctx_int(ctx, "max-pool");
	opts.batch = (size_t)pw_ctx_int(ctx, "batch");
	opts.recollect = p->recollect;
	opts.expired = args->opts.expired;
	opts.ctx = args->opts.ctx;
	return pw_plan_make(&p->decoded, &opts, &p->plan, err);
}

/* ---- The design with the wells of the plan as further pools ---- */

static size_t add_entries(const planned *p, pw_design_entry *entries)
{
	const pw_design *d = p->args.design;
	size_t count = 0, pools = pw_design_pools(d);
	for (uint32_t i = 0; i < pools; i++) {
		pw_design_list members = pw_design_members(d, i);
		for (size_t x = 0; x < members.count; x++)
			entries[count++] = (pw_design_entry){i, members.at[x]};
	}
	for (size_t w = 0; w < p->plan.well_count; w++)
		for (size_t k = 0; k < p->plan.wells[w].count; k++)
			entries[count++] =
				(pw_design_entry){(uint32_t)(pools + w), p->plan.wells[w].at[k]};
	return count;
}

/* Where the samples are; the pools are where they were, and the new ones on a plate of their own. */
static void add_places(const planned *p, pw_place *pool_places, pw_place *sample_places)
{
	const pw_design *d = p->args.design;
	size_t pools = pw_design_pools(d);
	uint16_t plate = 0;
	for (size_t i = 0; i < pools; i++) {
		pool_places[i] = pw_design_pool_place(d, i);
		if (pool_places[i].plate >= plate)
			plate = (uint16_t)(pool_places[i].plate + 1);
	}
	for (size_t w = 0; w < p->plan.well_count; w++)
		pool_places[pools + w] = (pw_place){plate, (uint8_t)(w % 8), (uint8_t)(w / 8)};
	for (size_t j = 0; j < pw_design_samples(d); j++)
		sample_places[j] = pw_design_sample_place(d, j);
}

static pw_status make_next(const planned *p, pw_design **out, pw_err *err)
{
	const pw_design *d = p->args.design;
	size_t pools = pw_design_pools(d) + p->plan.well_count, entries = pw_design_entries(d);
	for (size_t w = 0; w < p->plan.well_count; w++)
		entries += p->plan.wells[w].count;
	pw_design_entry *list = pw_alloc_array(entries, sizeof(*list));
	pw_place *pool_places = pw_alloc_array(pools, sizeof(*pool_places));
	pw_place *sample_places = pw_alloc_array(pw_design_samples(d), sizeof(*sample_places));
	add_places(p, pool_places, sample_places);
	pw_design_spec spec = {.pools = pools,
			       .samples = pw_design_samples(d),
			       .entries = list,
			       .entry_count = add_entries(p, list),
			       .family = pw_design_family(d),
			       .pool_places = pool_places,
			       .sample_places = sample_places};
	pw_status rc = pw_design_new(&spec, out, err);
	pw_free(list);
	pw_free(pool_places);
	pw_free(sample_places);
	return rc;
}

static pw_status write_next(pw_ctx *ctx, const planned *p, pw_err *err)
{
	const char *path = pw_ctx_text(ctx, "out");
	pw_design *next = NULL;
	if (path == NULL || p->plan.well_count == 0)
		return PW_OK;
	pw_status rc = make_next(p, &next, err);
	if (rc == PW_OK)
		rc = pw_design_write_file(ctx, path, next, true, err);
	pw_design_free(next);
	return rc;
}

/* ---- JSON ---- */

static void put_well(pw_json *json, const pw_plan_well *w)
{
	pw_json_begin_object(json);
	pw_json_key(json, "samples");
	pw_json_begin_array(json);
	for (size_t k = 0; k < w->count; k++)
		pw_json_int(json, (int64_t)w->at[k] + 1);
	pw_json_end_array(json);
	pw_json_key(json, "kind");
	pw_json_text(json, w->recollect ? "recollect" : w->count > 1 ? "pool" : "single");
	pw_json_key(json, "positive");
	pw_json_real(json, w->positive);
	pw_json_key(json, "bits");
	pw_json_real(json, w->information);
	pw_json_end_object(json);
}

static void put_undecided(pw_json *json, const planned *p)
{
	pw_json_key(json, "undecided");
	pw_json_begin_array(json);
	for (size_t j = 0; j < p->decoded.samples; j++)
		if (pw_decoded_call(&p->decoded, j, p->args.confidence) == PW_PERSON_UNDECIDED)
			pw_json_int(json, (int64_t)j + 1);
	pw_json_end_array(json);
}

static void put_positive(pw_json *json, const planned *p)
{
	pw_json_key(json, "positive");
	pw_json_begin_array(json);
	for (size_t j = 0; j < p->decoded.samples; j++)
		if (pw_decoded_call(&p->decoded, j, p->args.confidence) == PW_PERSON_POSITIVE)
			pw_json_int(json, (int64_t)j + 1);
	pw_json_end_array(json);
}

static void put_plan(pw_ctx *ctx, const planned *p)
{
	pw_json *json = pw_out_json(pw_ctx_out(ctx));
	pw_json_begin_object(json);
	pw_json_key(json, "decided");
	pw_json_bool(json, p->plan.undecided == 0);
	put_positive(json, p);
	put_undecided(json, p);
	pw_json_key(json, "wells");
	pw_json_begin_array(json);
	for (size_t w = 0; w < p->plan.well_count; w++)
		put_well(json, &p->plan.wells[w]);
	pw_json_end_array(json);
	pw_json_key(json, "expected_tests");
	pw_json_real(json, p->plan.expected_tests);
	pw_json_key(json, "expected_rounds");
	pw_json_real(json, p->plan.expected_rounds);
	pw_json_key(json, "most_tests");
	pw_json_int(json, (int64_t)p->plan.most_tests);
	pw_json_key(json, "unfollowed");
	pw_json_real(json, p->plan.unfollowed);
	pw_json_key(json, "hypotheses");
	pw_json_real(json, p->plan.hypotheses);
	pw_json_key(json, "method");
	pw_json_text(json, pw_decode_method_name(p->decoded.method));
	pw_json_key(json, "bound");
	pw_json_real(json, p->decoded.bound);
	pw_json_end_object(json);
}

/* ---- A table, or CSV ---- */

static void show_plan(pw_ctx *ctx, const planned *p)
{
	static const pw_column columns[] = {
		{.key = "pool", .kind = PW_COL_INT},
		{.key = "samples", .flags = PW_COL_WHOLE},
		{.key = "kind"},
		{.key = "positive",
		 .title = "chance of positive",
		 .kind = PW_COL_REAL,
		 .decimals = 3},
		{.key = "bits", .kind = PW_COL_REAL, .decimals = 3},
		PW_COLUMNS_END,
	};
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t w = 0; w < p->plan.well_count; w++) {
		const pw_plan_well *well = &p->plan.wells[w];
		pw_str samples = PW_STR_INIT;
		for (size_t k = 0; k < well->count; k++)
			pw_str_addf(&samples, "%s%u", k > 0 ? " " : "", well->at[k] + 1);
		pw_out_int(out, (int64_t)(pw_design_pools(p->args.design) + w) + 1);
		pw_out_text(out, pw_str_text(&samples));
		pw_out_text(out, well->recollect   ? "recollect"
				 : well->count > 1 ? "pool"
						   : "single");
		pw_out_real(out, well->positive);
		pw_out_real(out, well->information);
		pw_str_clear(&samples);
	}
	pw_out_end(out, NULL, NULL);
}

static void talk(pw_ctx *ctx, const planned *p)
{
	if (p->decoded.stopped)
		pw_ctx_warn(
			ctx,
			"decoding was ended by the deadline with a bound of %.2g, which alone may "
			"keep people undecided: --deadline gives it more time",
			p->decoded.bound);
	if (p->plan.undecided == 0) {
		pw_ctx_say(ctx, "everybody is decided: nothing more to run");
		return;
	}
	if (p->plan.unfollowed > 0.5)
		pw_ctx_say(
			ctx,
			"%zu undecided; the end is farther away than was looked ahead: more than "
			"%.1f tests in %.1f rounds",
			p->plan.undecided, p->plan.expected_tests, p->plan.expected_rounds);
	else
		pw_ctx_say(ctx,
			   "%zu undecided; to the end about %.1f tests in %.1f rounds, with chance "
			   "%.3g at most %zu",
			   p->plan.undecided, p->plan.expected_tests, p->plan.expected_rounds,
			   1 - p->plan.unfollowed, p->plan.most_tests);
	if (p->plan.hypotheses < 0.9)
		pw_ctx_warn(ctx,
			    "the plan is made from sets of positives that are true with chance "
			    "%.2f only: it is a beginning",
			    p->plan.hypotheses);
}

int pw_decode_cmd_plan(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	planned p = {.recollect = NULL};
	pw_status rc = find_plan(ctx, &p, &err);
	if (rc == PW_OK)
		rc = write_next(ctx, &p, &err);
	if (rc == PW_OK) {
		if (pw_out_get_format(pw_ctx_out(ctx)) == PW_OUT_JSON)
			put_plan(ctx, &p);
		else
			show_plan(ctx, &p);
		talk(ctx, &p);
	}
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	pw_plan_clear(&p.plan);
	pw_decoded_clear(&p.decoded);
	pw_free(p.recollect);
	pw_decode_args_clear(&p.args);
	return code;
}

const pw_opt pw_decode_plan_opts[] = {
	PW_DECODE_EVIDENCE_OPTS,
	{.name = "max-pool",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "people in a new pool at most; 1: singles only",
	 .fallback = "8",
	 .min = 1,
	 .max = 64},
	{.name = "batch",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "wells to run at once: more take fewer rounds and more tests",
	 .fallback = "1",
	 .min = 1,
	 .max = 6},
	{.name = "recollect",
	 .kind = PW_OPT_TEXT,
	 .arg = "SAMPLES",
	 .help = "who can only be swabbed again: 3,7,20"},
	{.name = "recollect-all", .kind = PW_OPT_FLAG, .help = "nobody has an aliquot left"},
	{.name = "out",
	 .kind = PW_OPT_OUT,
	 .arg = "FILE",
	 .help = "writes the design with these wells as further pools, if there are any"},
	{.name = "overwrite", .kind = PW_OPT_FLAG, .help = "the file may be there already"},
	PW_OPTS_END,
};
