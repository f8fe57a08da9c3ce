/* The evening: what lies in the folder, and how well it went. */
#include "cli/demo/demo.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/daily.h"
#include "cli/file.h"
#include "cli/lists.h"
#include "cli/open.h"
#include "cli/out.h"
#include "core/base/csv.h"
#include "core/base/vec.h"
#include "pw_sql.h"

pw_status pw_demo_write_recall(pw_demo *d, pw_err *err)
{
	const char *path = pw_arena_printf(pw_ctx_arena(d->ctx), "%s/recall.csv", d->dir);
	FILE *f = fopen(path, "w");
	if (f == NULL)
		return pw_fail(err, PW_ERR_IO, "%s: %s", path, strerror(errno));
	pw_term term = {.width = 80};
	pw_out *out = pw_out_new(f, NULL, term);
	pw_out_set_format(out, PW_OUT_CSV);
	pw_status rc = pw_list_recalls(d->lab, NULL, out, err);
	if (rc == PW_OK)
		rc = pw_out_flush(out, err);
	pw_out_free(out);
	if (fclose(f) != 0 && rc == PW_OK)
		rc = pw_fail(err, PW_ERR_IO, "%s: %s", path, strerror(errno));
	return rc;
}

/* Everybody's status by external id; who was never swabbed is open: nobody has answered for them. */
static pw_status write_results(pw_demo *d, pw_err *err)
{
	pw_cursor cursor;
	pw_str csv = PW_STR_INIT;
	pw_str_add(&csv, "person,status\n");
	pw_status rc = pw_q_results_open(pw_lab_store(d->lab), &cursor, err);
	while (rc == PW_OK) {
		pw_results_row row;
		bool found;
		rc = pw_q_results_next(&cursor, &row, &found, err);
		if (rc != PW_OK || !found)
			break;
		pw_csv_write(&csv, row.external_id, ',');
		pw_str_addf(&csv, ",%s\n", row.status != NULL ? row.status : "open");
	}
	if (rc == PW_OK)
		rc = pw_demo_write(d, "results.csv", &csv, err);
	pw_str_clear(&csv);
	return rc;
}

static pw_status write_daily(pw_demo *d, pw_time day, const char *name, pw_err *err)
{
	pw_daily report = {.day = day};
	pw_str page = PW_STR_INIT;
	pw_status rc = pw_daily_read(d->ctx, &report, err);
	if (rc == PW_OK) {
		pw_daily_page(d->ctx, &report, &page);
		rc = pw_demo_write(d, name, &page, err);
	}
	pw_str_clear(&page);
	return rc;
}

/* A report for each day that the campaign took. */
pw_status pw_demo_write_end(pw_demo *d, pw_err *err)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	pw_status rc = write_results(d, err);
	for (pw_time day = opts.day_start; rc == PW_OK && pw_time_day_start(day) <= d->now;
	     day += PW_DAY) {
		char date[32], name[48];
		pw_time_format_local(pw_time_day_start(day), date);
		snprintf(name, sizeof(name), "daily-%.10s.txt", date);
		rc = write_daily(d, day, name, err);
	}
	return rc;
}

/* ---------------------------------------------------------------- the comparison */

typedef struct confusion {
	PW_VEC(bool)
	infected; /* by subject; numbers whose code would have no check character are left out */
	int people;
	int swabbed;
	int all_infected, infected_swabbed, found, missed;
	int false_positive, negative, inconclusive, open, never;
} confusion;

static void count_person(confusion *c, bool infected, const char *status)
{
	c->people++;
	c->all_infected += infected ? 1 : 0;
	if (status == NULL) {
		c->never++;
		return;
	}
	c->swabbed++;
	c->infected_swabbed += infected ? 1 : 0;
	if (strcmp(status, "positive") == 0) {
		c->found += infected ? 1 : 0;
		c->false_positive += infected ? 0 : 1;
	} else if (strcmp(status, "negative") == 0) {
		c->missed += infected ? 1 : 0;
		c->negative += infected ? 0 : 1;
	} else if (strcmp(status, "inconclusive") == 0) {
		c->inconclusive++;
	} else {
		c->open++;
	}
}

/* Truth and results stand in the same order, that of the roster. */
static pw_status compare(pw_demo *d, const pw_str *truth, confusion *c, pw_err *err)
{
	pw_cursor cursor;
	pw_csv *csv = pw_csv_new(truth->ptr, truth->len, ',');
	const pw_csv_field *row;
	size_t count;
	pw_status rc = pw_csv_next(csv, &row, &count, err);
	if (rc == PW_OK)
		rc = pw_q_results_open(pw_lab_store(d->lab), &cursor, err);
	while (rc == PW_OK) {
		pw_results_row result;
		bool found;
		rc = pw_q_results_next(&cursor, &result, &found, err);
		if (rc != PW_OK || !found)
			break;
		rc = pw_csv_next(csv, &row, &count, err);
		if (rc == PW_OK && (count != 2 || !pw_slice_eq(row[0].text, result.external_id)))
			rc = pw_fail(err, PW_ERR_CORRUPT, "'%s' is not where the truth has it",
				     result.external_id);
		if (rc == PW_OK) {
			bool infected = pw_slice_eq(row[1].text, "positive");
			while (c->infected.len <= (size_t)result.subject)
				pw_vec_push(&c->infected, false);
			c->infected.ptr[result.subject] = infected;
			count_person(c, infected, result.status);
		}
	}
	pw_csv_free(csv);
	return rc;
}

static double share(int part, int whole)
{
	return whole > 0 ? (double)part / whole : 0.0;
}

/* Beside what happened: what the formulas of core/pooling expect of such a design and such tests. */
static void print_theory(pw_out *out, const pw_demo *d, const confusion *c,
			 const pw_demo_quality *q, const pw_demo_theory *t)
{
	pw_out_printf(out, "\nLaboratory pools: %-14s        here  in theory\n", d->design->name);
	pw_out_printf(out, "  tests a tube                      %8.4f   %8.4f\n",
		      share(q->tests, q->tubes), t->tests_per_tube);
	pw_out_printf(out, "  positive found                    %8.4f   %8.4f\n",
		      share(c->found, c->found + c->missed), t->pse);
	pw_out_printf(out, "  false alarms                      %8d   %8.1f\n", c->false_positive,
		      (1.0 - t->psp) * (c->false_positive + c->negative));
	pw_out_printf(out, "Theory is of %d tubes, %d of them positive, and of tests that find\n",
		      q->tubes, q->positive_tubes);
	pw_out_printf(out, "  a positive in a pool, + or ?      %8.4f   of %d pools\n",
		      share(q->found_pools, q->positive_pools), q->positive_pools);
	pw_out_printf(out, "  a positive alone                  %8.4f   of %d wells\n",
		      share(q->found_alone, q->positive_alone), q->positive_alone);
	pw_out_printf(out, "  nothing in a negative pool        %8.4f   of %d pools\n",
		      1.0 - share(q->false_pools, q->negative_pools), q->negative_pools);
	pw_out_printf(out, "  nothing in a negative tube alone  %8.4f   of %d wells\n",
		      1.0 - share(q->false_alone, q->negative_alone), q->negative_alone);
}

static void print_pools(pw_out *out, const pw_demo_figures *f)
{
	pw_out_printf(out, "Batches, laboratory pools           %8d  %d\n", f->batches,
		      f->lab_pools);
	pw_out_printf(out, "  tests of pools, of tubes alone    %8d  %d\n", f->pool_tests,
		      f->tests - f->pool_tests);
	pw_out_printf(out, "  aliquots left out                 %8d\n", f->left_out);
	pw_out_printf(out, "  batches looked at by the alarm    %8d\n", f->alarms);
}

static void print_summary(pw_demo *d, const confusion *c)
{
	const pw_demo_figures *f = &d->f;
	pw_out *out = pw_ctx_out(d->ctx);
	int settled = c->found + c->missed + c->false_positive + c->negative;
	pw_out_printf(out, "\nPeople and places on the roster     %8d\n", c->people);
	pw_out_printf(out, "  swabbed                           %8d\n", c->swabbed);
	pw_out_printf(out, "  did not come                      %8d\n", c->never);
	pw_out_printf(out, "Swabs taken                         %8d\n", f->swabs + f->reswabs);
	pw_out_printf(out, "  of them second swabs              %8d\n", f->reswabs);
	pw_out_printf(out, "Tubes                               %8d\n", f->tubes + f->reswabs);
	pw_out_printf(out, "  rejected, leaking                 %8d\n", f->rejected);
	pw_out_printf(out, "Extraction plates, PCR plates       %8d  %d\n", f->extraction_plates,
		      f->pcr_plates);
	pw_out_printf(out, "Tests (specimen wells judged)       %8d  %.3f a person swabbed\n",
		      f->tests, c->swabbed > 0 ? (double)f->tests / c->swabbed : 0.0);
	pw_out_printf(out, "  held by a failed control          %8d  failed controls: %d\n",
		      f->held, f->controls_failed);
	if (d->design != NULL)
		print_pools(out, f);
	pw_out_printf(out, "Wrong scans refused                 %8d  of %d\n", f->slips_refused,
		      f->slips);
	pw_out_printf(out, "Rounds until the last answer        %8d\n", f->rounds);
	pw_out_printf(out, "\nFinal answers                       %8d  of %d swabbed\n",
		      settled + c->inconclusive, c->swabbed);
	pw_out_printf(out, "  positive                          %8d\n",
		      c->found + c->false_positive);
	pw_out_printf(out, "  negative                          %8d\n", c->missed + c->negative);
	pw_out_printf(out, "  inconclusive                      %8d\n", c->inconclusive);
	pw_out_printf(out, "  open                              %8d\n", c->open);
	pw_out_printf(out, "\nAgainst the truth (read only now)\n");
	pw_out_printf(out, "  infected and swabbed              %8d\n", c->infected_swabbed);
	pw_out_printf(out, "  found                             %8d", c->found);
	if (c->infected_swabbed > 0)
		pw_out_printf(out, "  %.1f %%", 100.0 * c->found / c->infected_swabbed);
	pw_out_puts(out, "\n");
	pw_out_printf(out, "  missed                            %8d\n", c->missed);
	pw_out_printf(out, "  false alarms                      %8d\n", c->false_positive);
}

/* How the design did, once it is known who is positive. */
static pw_status compare_design(pw_demo *d, const confusion *c, pw_err *err)
{
	pw_demo_quality quality;
	pw_demo_theory theory;
	pw_status rc = pw_demo_measure_pools(d, c->infected.ptr, &quality, err);
	if (rc == PW_OK)
		rc = pw_demo_theory_of(d->design, &quality, &theory, err);
	if (rc == PW_OK)
		print_theory(pw_ctx_out(d->ctx), d, c, &quality, &theory);
	return rc;
}

pw_status pw_demo_compare(pw_demo *d, pw_err *err)
{
	confusion c = {.people = 0};
	pw_str truth = PW_STR_INIT;
	pw_world_truth_csv(d->world, &truth);
	pw_status rc = pw_demo_write(d, "truth.csv", &truth, err);
	if (rc == PW_OK)
		rc = compare(d, &truth, &c, err);
	if (rc == PW_OK)
		print_summary(d, &c);
	if (rc == PW_OK && d->design != NULL)
		rc = compare_design(d, &c, err);
	pw_vec_clear(&c.infected);
	pw_str_clear(&truth);
	return rc;
}
