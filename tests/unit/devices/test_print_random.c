/*
 * "Never twice, never lost": thousands of runs on simulated printers, to which at random what happens to printers happens. For
 * each label of each run:
 *
 *	confirmed     it came out, whole, once
 *	waiting       nothing of it came out, and nothing will
 *	unconfirmed   it came out at most once
 *
 * and when those that wait are printed afterwards, that is still so. PW_LONG=1 tries more of them, PW_SEED=n the one of
 * that number again.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "devices/printers/printer_private.h"
#include "numbered.h"
#include "sim_wire.h"

#define MOST_LABELS 16
#define VIRTUAL_END (30 * 60 * 1000) /* nobody waits longer */

typedef struct trial {
	const char *language;
	size_t count;
	pw_sim *sim;
	sim_wire wire;
	pw_rng rng;
	pw_str job;
	pw_label_fate fate[MOST_LABELS];
	size_t whole[MOST_LABELS], fragments[MOST_LABELS];
	size_t strange; /* whole labels that are none of ours, dot for dot */
	size_t first;   /* labels before it are not in the run */
	double gives_up;
	int window; /* 0: the driver's */
	pw_str story;
} trial;

/* Check cuts long messages off: the story goes ahead of it. */
static void must(const trial *t, bool right, const char *what, size_t label)
{
	if (right)
		return;
	fprintf(stderr, "%s\n", pw_str_text(&t->story));
	ck_abort_msg("%s (label %zu)", what, label);
}

static void printed(void *ctx, const pw_sim_label *label)
{
	trial *t = ctx;
	int number = numbered_read(t->language, label);
	pw_str_addf(&t->story, "%8lld  %s %d\n", (long long)t->wire.now,
		    label->whole ? "printed" : "fragment", number);
	if (number < 1 || (size_t)number > t->count)
		t->strange += label->whole ? 1 : 0;
	else if (label->whole)
		t->whole[number - 1]++;
	else
		t->fragments[number - 1]++;
}

static void noted(void *ctx, const char *text)
{
	trial *t = ctx;
	pw_str_addf(&t->story, "%8lld  # %s\n", (long long)t->wire.now, text);
}

/* ---- What a run calls ---- */

static pw_status source(void *ctx, size_t index, pw_label_bytes *out, pw_err *err)
{
	trial *t = ctx;
	(void)err;
	pw_str_clear(&t->job);
	t->job = numbered_job(t->language, (unsigned)(t->first + index + 1));
	*out = (pw_label_bytes){t->job.ptr, t->job.len};
	return PW_OK;
}

/* A label moves down the list only, but for one step back. */
static pw_status changed(void *ctx, size_t index, pw_label_fate fate, pw_err *err)
{
	trial *t = ctx;
	pw_label_fate *was = &t->fate[t->first + index];
	(void)err;
	pw_str_addf(&t->story, "%8lld  label %zu is %s\n", (long long)t->wire.now,
		    t->first + index + 1, pw_label_fate_name(fate));
	must(t, fate > *was || (*was == PW_FATE_SENDING && fate == PW_FATE_WAITING), "fate goes up",
	     t->first + index + 1);
	must(t, *was != PW_FATE_CONFIRMED, "confirmed is the end", t->first + index + 1);
	*was = fate;
	return PW_OK;
}

static bool stopped(void *ctx, const pw_printer_status *status, size_t index)
{
	trial *t = ctx;
	pw_str_addf(&t->story, "%8lld  stopped at %zu, faults %x\n", (long long)t->wire.now, index,
		    status->faults);
	if (status->faults == 0)
		return true;
	return t->wire.now < VIRTUAL_END && !pw_rng_chance(&t->rng, t->gives_up);
}

/* ---- A trial ---- */

static void run(trial *t, pw_print_outcome *out)
{
	pw_dialogue talk;
	pw_err err = PW_ERR_INIT;
	pw_wire wire = sim_wire_of(&t->wire);
	pw_print_run order = {.count = t->count - t->first,
			      .source = source,
			      .changed = changed,
			      .stopped = stopped,
			      .ctx = t,
			      .window = t->window,
			      .patience_ms = 3000};
	pw_dialogue_init(&talk, &wire, pw_printer_driver_find(t->language), 0);
	pw_status rc = pw_run_print(&talk, &order, out, &err);
	pw_str_addf(&t->story,
		    "%8lld  ends with %s: %zu confirmed, %zu unconfirmed, %zu waiting %s\n",
		    (long long)t->wire.now, pw_status_name(rc), out->confirmed, out->unconfirmed,
		    out->waiting, rc == PW_OK ? "" : err.msg);
	must(t, rc == PW_OK || rc == PW_ERR_GONE || rc == PW_ERR_BUSY || rc == PW_ERR_NOT_FOUND,
	     "the run fails", 0);
}

/* The promise, label by label. */
static void check(const trial *t)
{
	for (size_t i = 0; i < t->count; i++) {
		bool right = t->whole[i] <= 1;
		if (t->fate[i] == PW_FATE_CONFIRMED)
			right = t->whole[i] == 1;
		else if (t->fate[i] == PW_FATE_WAITING)
			right = t->whole[i] == 0 && t->fragments[i] == 0;
		else
			right = right && t->fate[i] == PW_FATE_UNCONFIRMED;
		must(t, right, "came out otherwise than its fate says", i + 1);
	}
}

static void check_sums(const trial *t, const pw_print_outcome *out)
{
	size_t sums[3] = {0, 0, 0};
	for (size_t i = t->first; i < t->count; i++) {
		sums[0] += t->fate[i] == PW_FATE_CONFIRMED;
		sums[1] += t->fate[i] == PW_FATE_UNCONFIRMED;
		sums[2] += t->fate[i] == PW_FATE_WAITING;
	}
	must(t, sums[0] == out->confirmed && sums[1] == out->unconfirmed && sums[2] == out->waiting,
	     "the outcome has other sums", 0);
}

/* All is well again: what is inside comes out, and what waits is printed. */
static void print_the_rest(trial *t)
{
	static const char *const well[] = {"paper in", "ribbon in", "head closed", "resume",
					   "cool",     "talk",      "sense",       "quick",
					   "go",       "plug",      "power on"};
	pw_print_outcome out;
	for (int i = 0; i < 70; i++)
		sim_wire_pass(&t->wire, 1000);
	for (size_t i = 0; i < sizeof(well) / sizeof(well[0]); i++)
		ck_assert_int_eq(pw_sim_do(t->sim, well[i], NULL), PW_OK);
	sim_wire_pass(&t->wire, 20000);
	check(t);
	while (t->first < t->count && t->fate[t->first] != PW_FATE_WAITING)
		t->first++;
	for (size_t i = t->first; i < t->count; i++)
		must(t, t->fate[i] == PW_FATE_WAITING, "not in order", i + 1);
	if (t->first == t->count)
		return;
	t->gives_up = 0;
	pw_wire wire = sim_wire_of(&t->wire);
	(void)wire.ops->reopen(wire.ctx, NULL);
	run(t, &out);
	sim_wire_pass(&t->wire, 20000);
	must(t, out.waiting == 0, "a printer that is well leaves labels", 0);
	check(t);
	check_sums(t, &out);
}

typedef struct tally {
	size_t runs, labels, confirmed, unconfirmed, waiting, reconnects;
} tally;

static pw_sim_opts random_opts(trial *t, sim_cable cable)
{
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	opts.language = t->language;
	opts.label_ms = 200 + (int)pw_rng_below(&t->rng, 900);
	opts.memory = 4096 + pw_rng_below(&t->rng, 20000);
	opts.media_width = 12;
	opts.habits = (unsigned)pw_rng_below(&t->rng, 1 << 7) & ~(unsigned)PW_SIM_NO_REPRINT;
	if (pw_rng_chance(&t->rng, 0.8))
		opts.habits &= ~(unsigned)PW_SIM_HIDES_ONE;
	opts.serial = cable == SIM_SERIAL;
	opts.seed = pw_rng_next(&t->rng);
	return opts;
}

static void try_one(const char *language, sim_cable cable, uint64_t seed, tally *sum)
{
	trial t = {.language = language, .job = PW_STR_INIT, .story = PW_STR_INIT};
	pw_str script = PW_STR_INIT;
	pw_print_outcome out;
	pw_err err = PW_ERR_INIT;
	pw_rng_init(&t.rng, seed);
	t.count = 1 + (size_t)pw_rng_below(&t.rng, MOST_LABELS);
	t.gives_up = pw_rng_chance(&t.rng, 0.3) ? 0.1 : 0;
	pw_str job = numbered_job(language, 1);
	pw_sim_random_script(&t.rng, language, (int)pw_rng_below(&t.rng, 6), (int)t.count,
			     (int)(job.len * t.count), &script);
	pw_str_clear(&job);
	/* One by one, even a label that is lost inside of the printer is noticed. */
	if (pw_rng_chance(&t.rng, 0.3)) {
		t.window = 1;
		pw_str_addf(&script, "time %d: lose; ", (int)pw_rng_below(&t.rng, 10000));
	}
	pw_str_addf(&t.story, "%s, cable %d, seed %llu\n%s\n", language, cable,
		    (unsigned long long)seed, pw_str_text(&script));
	pw_sim_opts opts = random_opts(&t, cable);
	pw_sim_hooks hooks = {printed, noted, &t};
	ck_assert_int_eq(pw_sim_new(&opts, &hooks, &t.sim, NULL), PW_OK);
	ck_assert_msg(pw_sim_script(t.sim, pw_str_text(&script), &err) == PW_OK, "%s", err.msg);
	sim_wire_init(&t.wire, t.sim, cable, pw_rng_next(&t.rng));
	t.wire.stranger = pw_rng_chance(&t.rng, 0.2);
	run(&t, &out);
	check(&t);
	check_sums(&t, &out);
	sum->runs++;
	sum->labels += t.count;
	sum->confirmed += out.confirmed;
	sum->unconfirmed += out.unconfirmed;
	sum->waiting += out.waiting;
	sum->reconnects += out.reconnects;
	print_the_rest(&t);
	pw_sim_free(t.sim);
	pw_str_clear(&t.job);
	pw_str_clear(&t.story);
	pw_str_clear(&script);
}

static const char *const languages[] = {"zpl", "tspl", "epl", "brother", "dymo"};

#define LANGUAGES (sizeof(languages) / sizeof(languages[0]))

START_TEST(test_no_label_is_lost_or_doubled_whatever_happens)
{
	const char *language = languages[(size_t)_i / SIM_CABLES];
	sim_cable cable = (sim_cable)(_i % SIM_CABLES);
	const char *from = getenv("PW_SEED");
	uint64_t runs = getenv("PW_LONG") != NULL ? 20000 : 300, first = 1;
	tally sum = {0, 0, 0, 0, 0, 0};
	if (from != NULL) {
		first = strtoull(from, NULL, 10);
		runs = 1;
	}
	for (uint64_t seed = first; seed < first + runs; seed++)
		try_one(language, cable, seed, &sum);
	printf("%-7s %-6s %zu runs, %zu labels: %zu confirmed, %zu unconfirmed, %zu waiting; "
	       "%zu times connected again\n",
	       language,
	       cable == SIM_USB   ? "usb"
	       : cable == SIM_TCP ? "tcp"
				  : "serial",
	       sum.runs, sum.labels, sum.confirmed, sum.unconfirmed, sum.waiting, sum.reconnects);
	if (from == NULL)
		ck_assert_uint_gt(sum.labels, sum.waiting);
}
END_TEST

Suite *suite_print_random(void);

Suite *suite_print_random(void)
{
	Suite *suite = suite_create("print_random");
	TCase *tc = tcase_create("random");
	tcase_set_timeout(tc, getenv("PW_LONG") != NULL ? 3600 : 120);
	tcase_add_loop_test(tc, test_no_label_is_lost_or_doubled_whatever_happens, 0,
			    (int)(LANGUAGES * SIM_CABLES));
	suite_add_tcase(suite, tc);
	return suite;
}
