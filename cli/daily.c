#include "cli/daily.h"

#include <inttypes.h>
#include <string.h>

#include "cli/open.h"
#include "cli/out.h"

/* ---------------------------------------------------------------- read */

static void put(pw_split *split, int64_t must, int64_t count)
{
	if (must == 1)
		split->must = count;
	else
		split->voluntary = count;
}

static pw_status read_people(pw_store *store, pw_arena *arena, pw_daily *d, pw_err *err)
{
	pw_day_registered_row *registered;
	pw_day_swabs_row *swabs;
	pw_day_results_row *results;
	pw_day_open_row *open;
	size_t n = 0, m = 0, k = 0, o = 0;
	pw_status rc = pw_q_day_registered(store, arena, d->from, d->to, &registered, &n, err);
	if (rc == PW_OK)
		rc = pw_q_day_swabs(store, arena, d->from, d->to, &swabs, &m, err);
	if (rc == PW_OK)
		rc = pw_q_day_results(store, arena, d->from, d->to, &results, &k, err);
	if (rc == PW_OK)
		rc = pw_q_day_open(store, arena, d->to, &open, &o, err);
	if (rc != PW_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		put(&d->registered, registered[i].must, registered[i].subjects);
	for (size_t i = 0; i < m; i++) {
		put(&d->swabbed, swabs[i].must, swabs[i].subjects);
		put(&d->swabs, swabs[i].must, swabs[i].swabs);
	}
	for (size_t i = 0; i < k; i++) {
		pw_split *split = strcmp(results[i].status, "positive") == 0   ? &d->positive
				  : strcmp(results[i].status, "negative") == 0 ? &d->negative
									       : &d->inconclusive;
		put(split, results[i].must, results[i].subjects);
	}
	for (size_t i = 0; i < o; i++)
		put(&d->open, open[i].must, open[i].subjects);
	return PW_OK;
}

static pw_status read_bench(pw_store *store, pw_arena *arena, pw_daily *d, pw_err *err)
{
	pw_day_opened_row opened = {.tubes = 0};
	pw_day_refusals_row refusals = {.scans = 0};
	bool found;
	pw_status rc = pw_q_day_opened(store, arena, d->from, d->to, &opened, &found, err);
	if (rc == PW_OK)
		rc = pw_q_day_tubes(store, arena, d->from, d->to, &d->tubes, &found, err);
	if (rc == PW_OK)
		rc = pw_q_day_wells(store, arena, d->from, d->to, &d->wells, &found, err);
	if (rc == PW_OK)
		rc = pw_q_day_tests(store, arena, d->from, d->to, &d->tests, &found, err);
	if (rc == PW_OK)
		rc = pw_q_day_lab_pools(store, arena, d->from, d->to, &d->lab_pools, &found, err);
	if (rc == PW_OK)
		rc = pw_q_day_recalls(store, arena, d->from, d->to, &d->recalls, &found, err);
	if (rc == PW_OK)
		rc = pw_q_day_refusals(store, arena, d->from, d->to, &refusals, &found, err);
	d->tubes_opened = opened.tubes;
	d->refused = refusals.scans;
	return rc;
}

pw_status pw_daily_read(pw_ctx *ctx, pw_daily *d, pw_err *err)
{
	pw_store *store = pw_ctx_store(ctx);
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_head head;
	d->from = pw_time_day_start(d->day);
	d->to = pw_time_day_end(d->day);
	pw_status rc = pw_store_begin_read(store, err);
	if (rc != PW_OK)
		return rc;
	rc = read_people(store, arena, d, err);
	if (rc == PW_OK)
		rc = read_bench(store, arena, d, err);
	if (rc == PW_OK)
		rc = pw_q_day_regions(store, arena, d->from, d->to, &d->regions, &d->region_count,
				      err);
	if (rc == PW_OK)
		rc = pw_q_pools_without_positive(store, arena, d->from, d->to, &d->without,
						 &d->positive_without, err);
	if (rc == PW_OK)
		rc = pw_store_head(store, &head, err);
	if (rc == PW_OK)
		pw_head_format(&head, d->head);
	return pw_store_end(store, rc, err);
}

/* ---------------------------------------------------------------- figures */

/* Every figure once, for all three forms. */
typedef struct figure {
	const char *key, *text, *counts; /* counts: what it is a number of */
	bool split;
	pw_split of; /* not split: `must` holds the number */
} figure;

static figure whole(const char *key, const char *text, const char *counts, int64_t number)
{
	return (figure){key, text, counts, false, {number, 0}};
}

static figure parted(const char *key, const char *text, const char *counts, pw_split of)
{
	return (figure){key, text, counts, true, of};
}

#define MAX_FIGURES 40

static size_t list_figures(const pw_daily *d, figure f[MAX_FIGURES])
{
	size_t n = 0;
	f[n++] = parted("registered", "registered", "subjects", d->registered);
	f[n++] = parted("swabbed", "swabbed", "subjects", d->swabbed);
	f[n++] = parted("positive", "positive", "subjects", d->positive);
	f[n++] = parted("negative", "negative", "subjects", d->negative);
	f[n++] = parted("inconclusive", "inconclusive", "subjects", d->inconclusive);
	f[n++] = parted("open", "still open now", "subjects", d->open);
	f[n++] = parted("swabs", "taken", "swabs", d->swabs);
	f[n++] = whole("tubes_opened", "opened", "tubes", d->tubes_opened);
	f[n++] = whole("tubes_closed", "closed", "tubes", d->tubes.closed);
	f[n++] = whole("tubes_received", "received", "tubes", d->tubes.received);
	f[n++] = whole("tubes_rejected", "of them rejected", "tubes", d->tubes.rejected);
	f[n++] = whole("wells_extraction", "filled for extraction", "wells", d->wells.extraction);
	f[n++] = whole("wells_pcr", "filled for PCR", "wells", d->wells.pcr);
	f[n++] = whole("runs", "imported", "runs", d->tests.runs);
	const pw_day_lab_pools_row *pools = &d->lab_pools;
	f[n++] = whole("tests", "judged", "tests", d->tests.tests + pools->tests);
	f[n++] = whole("tests_held", "of them held by a failed control", "tests",
		       d->tests.held + pools->held);
	f[n++] = whole("pools_positive", "of collected pools: positive", "tests",
		       d->tests.pools_positive);
	f[n++] = whole("pools_negative", "of collected pools: negative", "tests",
		       d->tests.pools_negative);
	f[n++] = whole("pools_inconclusive", "of collected pools: inconclusive", "tests",
		       d->tests.pools_inconclusive);
	f[n++] = whole("pools_invalid", "of collected pools: invalid", "tests",
		       d->tests.pools_invalid);
	f[n++] = whole("singles_positive", "of singles: positive", "tests",
		       d->tests.singles_positive);
	f[n++] = whole("singles_negative", "of singles: negative", "tests",
		       d->tests.singles_negative);
	f[n++] = whole("singles_inconclusive", "of singles: inconclusive", "tests",
		       d->tests.singles_inconclusive);
	f[n++] = whole("singles_invalid", "of singles: invalid", "tests", d->tests.singles_invalid);
	f[n++] = whole("lab_pools_positive", "of laboratory pools: positive", "tests",
		       pools->positive);
	f[n++] = whole("lab_pools_negative", "of laboratory pools: negative", "tests",
		       pools->negative);
	f[n++] = whole("lab_pools_inconclusive", "of laboratory pools: inconclusive", "tests",
		       pools->inconclusive);
	f[n++] =
		whole("lab_pools_invalid", "of laboratory pools: invalid", "tests", pools->invalid);
	f[n++] = whole("lab_pools_made", "made", "laboratory pools", pools->made);
	f[n++] = whole("recalled", "recalled", "subjects", d->recalls.opened);
	f[n++] = whole("recall_waiting", "recalled and not come yet, now", "subjects",
		       d->recalls.waiting);
	f[n++] = whole("isolated", "of them isolated", "subjects", d->recalls.isolated);
	f[n++] = whole("pools_without_positive", "positive, and every member came out negative",
		       "pools", (int64_t)d->positive_without);
	f[n++] = whole("refused", "refused", "scans", d->refused);
	return n;
}

/* ---------------------------------------------------------------- the page */

static void page_regions(const pw_daily *d, pw_str *out)
{
	pw_str_add(out,
		   "\nBy region          swabbed     swabs  positive  negative  inconclusive\n");
	if (d->region_count == 0)
		pw_str_add(out, "  none\n");
	for (size_t i = 0; i < d->region_count; i++) {
		const pw_day_regions_row *r = &d->regions[i];
		pw_str_addf(out,
			    "  %s %s %s %s, %s\n"
			    "            %14" PRId64 "%10" PRId64 "%10" PRId64 "%10" PRId64
			    "%14" PRId64 "\n",
			    r->city, r->county, r->township, r->village,
			    r->must == 1 ? "must-test" : "voluntary", r->subjects, r->swabs,
			    r->positive, r->negative, r->inconclusive);
	}
}

void pw_daily_page(pw_ctx *ctx, const pw_daily *d, pw_str *out)
{
	figure figures[MAX_FIGURES];
	size_t n = list_figures(d, figures);
	char day[32], now[32];
	pw_clock clock = pw_lab_clock(pw_ctx_lab(ctx));
	pw_time_format_local(d->from, day);
	pw_time_format_local(pw_clock_now(&clock), now);
	day[10] = '\0';
	pw_str_addf(out, "%s\nDaily report of %s, made at %s\n\n", pw_lab_name(pw_ctx_lab(ctx)),
		    day, now);
	pw_str_add(out,
		   "                                          must-test  voluntary      total\n");
	const char *counts = "";
	for (size_t i = 0; i < n; i++) {
		const figure *f = &figures[i];
		if (strcmp(f->counts, counts) != 0)
			pw_str_addf(out, "%s\n", f->counts);
		counts = f->counts;
		if (f->split)
			pw_str_addf(out, "  %-38s %10" PRId64 " %10" PRId64 " %10" PRId64 "\n",
				    f->text, f->of.must, f->of.voluntary,
				    f->of.must + f->of.voluntary);
		else
			pw_str_addf(out, "  %-60s %10" PRId64 "\n", f->text, f->of.must);
	}
	page_regions(d, out);
	for (size_t i = 0; i < d->positive_without; i++)
		pw_str_addf(out,
			    "\nLook at pool %s: it was positive, and all %" PRId64
			    " of its members came out negative.\n",
			    d->without[i].tube, d->without[i].swabs);
	pw_str_addf(out, "\nJournal %s   Operator ________________   Manager ________________\n",
		    d->head);
}

/* ---------------------------------------------------------------- the other forms */

static void show_rows(pw_ctx *ctx, const pw_daily *d)
{
	static const pw_column columns[] = {
		{.key = "figure"},
		{.key = "counts"},
		{.key = "must_test", .kind = PW_COL_INT},
		{.key = "voluntary", .kind = PW_COL_INT},
		{.key = "total", .kind = PW_COL_INT},
		PW_COLUMNS_END,
	};
	figure figures[MAX_FIGURES];
	size_t n = list_figures(d, figures);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < n; i++) {
		pw_out_text(out, figures[i].key);
		pw_out_text(out, figures[i].counts);
		if (figures[i].split) {
			pw_out_int(out, figures[i].of.must);
			pw_out_int(out, figures[i].of.voluntary);
		} else {
			pw_out_null(out);
			pw_out_null(out);
		}
		pw_out_int(out, figures[i].of.must + figures[i].of.voluntary);
	}
	pw_out_end(out, NULL, NULL);
}

static void json_regions(pw_json *json, const pw_daily *d)
{
	pw_json_key(json, "regions");
	pw_json_begin_array(json);
	for (size_t i = 0; i < d->region_count; i++) {
		const pw_day_regions_row *r = &d->regions[i];
		const char *const keys[] = {"swabbed", "swabs", "positive", "negative",
					    "inconclusive"};
		const int64_t values[] = {r->subjects, r->swabs, r->positive, r->negative,
					  r->inconclusive};
		pw_json_begin_object(json);
		pw_json_key(json, "city");
		pw_json_text(json, r->city);
		pw_json_key(json, "county");
		pw_json_text(json, r->county);
		pw_json_key(json, "township");
		pw_json_text(json, r->township);
		pw_json_key(json, "village");
		pw_json_text(json, r->village);
		pw_json_key(json, "must_test");
		pw_json_bool(json, r->must == 1);
		for (size_t k = 0; k < 5; k++) {
			pw_json_key(json, keys[k]);
			pw_json_int(json, values[k]);
		}
		pw_json_end_object(json);
	}
	pw_json_end_array(json);
}

static void show_json(pw_ctx *ctx, const pw_daily *d)
{
	figure figures[MAX_FIGURES];
	size_t n = list_figures(d, figures);
	pw_json *json = pw_out_json(pw_ctx_out(ctx));
	pw_json_begin_object(json);
	pw_json_key(json, "laboratory");
	pw_json_text(json, pw_lab_name(pw_ctx_lab(ctx)));
	pw_json_key(json, "from");
	pw_json_time(json, d->from);
	pw_json_key(json, "to");
	pw_json_time(json, d->to);
	pw_json_key(json, "head");
	pw_json_text(json, d->head);
	for (size_t i = 0; i < n; i++) {
		pw_json_key(json, figures[i].key);
		pw_json_begin_object(json);
		pw_json_key(json, "counts");
		pw_json_text(json, figures[i].counts);
		if (figures[i].split) {
			pw_json_key(json, "must_test");
			pw_json_int(json, figures[i].of.must);
			pw_json_key(json, "voluntary");
			pw_json_int(json, figures[i].of.voluntary);
		}
		pw_json_key(json, "total");
		pw_json_int(json, figures[i].of.must + figures[i].of.voluntary);
		pw_json_end_object(json);
	}
	json_regions(json, d);
	pw_json_end_object(json);
}

void pw_daily_show(pw_ctx *ctx, const pw_daily *d)
{
	pw_out *out = pw_ctx_out(ctx);
	pw_str page = PW_STR_INIT;
	switch (pw_out_get_format(out)) {
	case PW_OUT_JSON:
		show_json(ctx, d);
		break;
	case PW_OUT_CSV:
		show_rows(ctx, d);
		break;
	default:
		pw_daily_page(ctx, d, &page);
		pw_out_write(out, page.ptr, page.len);
		pw_str_clear(&page);
	}
}
