/*
 * Labels on a USB printer that is not there: libusb, unchanged, on one side; a simulator with random faults on the other,
 * whose endpoints stall, take little at a time and are pulled out. "Never twice, never lost" must hold here too.
 * PW_LONG=1 tries 200 fates, PW_SEED=n the one of that number again.
 */
#include <stdlib.h>
#include <string.h>

#include "devices/printers/printer_private.h"
#include "devices/printers/wire_transport.h"
#include "tests/devices/usb_brain.h"
#include "tests/devices/usb_test.h"
#include "tests/unit/devices/promise.h"

#define HASTE       10
#define VIRTUAL_END (10 * 60 * 1000)

typedef struct trial {
	promise labels;
	usb_brain brain;
	hasty_wire wire;
	pw_str story;
	int64_t began;
	double gives_up;
	pw_rng rng;
} trial;

static trial t;

static void must_be(bool right, const char *what, size_t label)
{
	if (right)
		return;
	fprintf(stderr, "%s\n", pw_str_text(&t.story));
	ck_abort_msg("%s (label %zu)", what, label);
}

/* Called by the brain's thread and by the test's: with the printer locked. */
static void tell(const char *what, int number)
{
	pw_str_addf(&t.story, "%8lld  %s %d\n", (long long)(usb_brain_now(&t.brain) - t.began),
		    what, number);
}

static void tell_locked(const char *what, int number)
{
	usb_brain_lock(&t.brain);
	tell(what, number);
	usb_brain_unlock(&t.brain);
}

static void printed(void *ctx, const pw_sim_label *label)
{
	int number = numbered_read(t.labels.language, label);
	(void)ctx;
	tell(label->whole ? "printed" : "fragment", number);
	promise_printed(&t.labels, number, label->whole);
}

static void noted(void *ctx, const char *text)
{
	(void)ctx;
	tell(text, 0);
}

static pw_status source(void *ctx, size_t index, pw_label_bytes *out, pw_err *err)
{
	(void)ctx;
	return promise_source(&t.labels, index, out, err);
}

static pw_status changed(void *ctx, size_t index, pw_label_fate fate, pw_err *err)
{
	(void)ctx;
	tell_locked(pw_label_fate_name(fate), (int)(t.labels.first + index + 1));
	return promise_changed(&t.labels, index, fate, err);
}

static bool stopped(void *ctx, const pw_printer_status *status, size_t index)
{
	(void)ctx;
	(void)index;
	tell_locked("stopped by", (int)status->faults);
	return status->faults == 0 || (usb_brain_now(&t.brain) - t.began < VIRTUAL_END &&
				       !pw_rng_chance(&t.rng, t.gives_up));
}

static pw_status run(pw_print_outcome *out)
{
	pw_dialogue talk;
	pw_err err = PW_ERR_INIT;
	pw_wire wire = hasty_wire_of(&t.wire);
	const pw_print_run order = {.count = t.labels.count - t.labels.first,
				    .source = source,
				    .changed = changed,
				    .stopped = stopped,
				    .patience_ms = 3000};
	const pw_printer_model *model = pw_printer_model_find(pw_sim_device_id(t.brain.sim));
	ck_assert_ptr_nonnull(model);
	ck_assert_str_eq(model->language, t.labels.language);
	pw_dialogue_init(&talk, &wire, pw_printer_driver_find(model->language), model->flags);
	pw_status rc = pw_run_print(&talk, &order, out, &err);
	tell_locked(rc == PW_OK ? "ends" : err.msg, (int)rc);
	return rc;
}

static void check(void)
{
	size_t label;
	const char *wrong = promise_broken(&t.labels, &label);
	must_be(wrong == NULL, wrong, label);
}

static void pass(int64_t ms)
{
	t.wire.inner.ops->sleep(t.wire.inner.ctx, (int)(ms / HASTE));
}

/* All is well again: what is inside comes out, and what waits is printed. */
static void print_the_rest(void)
{
	static const char *const well[] = {"paper in", "ribbon in", "head closed", "resume",
					   "cool",     "talk",      "sense",       "quick",
					   "go",       "plug",      "power on"};
	promise *p = &t.labels;
	pw_print_outcome out;
	pw_err err = PW_ERR_INIT;
	pass(15000);
	usb_brain_lock(&t.brain);
	for (size_t i = 0; i < sizeof(well) / sizeof(well[0]); i++)
		ck_assert_int_eq(pw_sim_do(t.brain.sim, well[i], NULL), PW_OK);
	usb_brain_unlock(&t.brain);
	pass(10000);
	check();
	while (p->first < p->count && p->fate[p->first] != PW_FATE_WAITING)
		p->first++;
	if (p->first == p->count)
		return;
	t.gives_up = 0;
	must(t.wire.inner.ops->reopen(t.wire.inner.ctx, &err));
	must_be(run(&out) == PW_OK && out.waiting == 0, "a printer that is well leaves labels", 0);
	pass(10000);
	check();
}

static const char *const languages[] = {"zpl", "tspl", "epl", "brother", "dymo"};

static void make_printer(uint64_t seed, const char *script)
{
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {printed, noted, NULL};
	pw_err err = PW_ERR_INIT;
	mock_model model = mock_zebra;
	opts.language = t.labels.language;
	opts.label_ms = 200 + (int)pw_rng_below(&t.rng, 900);
	opts.memory = 4096 + pw_rng_below(&t.rng, 20000);
	opts.media_width = 12;
	opts.habits = (unsigned)pw_rng_below(&t.rng, 1 << 7) & ~(unsigned)PW_SIM_NO_REPRINT;
	opts.seed = seed;
	ck_assert_msg(pw_sim_new(&opts, &hooks, &t.brain.sim, &err) == PW_OK, "%s", err.msg);
	ck_assert_msg(pw_sim_script(t.brain.sim, script, &err) == PW_OK, "%s", err.msg);
	model.device_id = pw_sim_device_id(t.brain.sim);
	usb_plug(&model);
	t.brain.printer = ut.printer;
	t.brain.haste = HASTE;
	t.brain.claims = pw_rng_chance(&t.rng, 0.5) ? 0.5 : 0;
	pw_rng_init(&t.brain.rng, pw_rng_next(&t.rng));
	t.began = usb_brain_now(&t.brain);
	t.wire.brain = &t.brain;
}

/* What goes wrong on the cable alone. */
static void plan_the_cable(size_t bytes)
{
	static const mock_fault kinds[] = {MOCK_STALL, MOCK_STALL_IN, MOCK_IO_ERROR};
	if (pw_rng_chance(&t.rng, 0.5))
		mock_printer_bite(ut.printer, 1 + (size_t)pw_rng_below(&t.rng, 64));
	for (int i = (int)pw_rng_below(&t.rng, 4); i > 0; i--) {
		size_t at = (size_t)pw_rng_below(&t.rng, bytes);
		mock_fault kind = kinds[pw_rng_below(&t.rng, 3)];
		pw_str_addf(&t.story, "cable: fault %d at byte %zu\n", (int)kind, at);
		mock_printer_at(ut.printer, at, kind);
	}
}

START_TEST(test_labels_survive_a_live_cable)
{
	const char *from = getenv("PW_SEED");
	uint64_t seed = from != NULL ? strtoull(from, NULL, 10) : (uint64_t)_i + 1;
	pw_str script = PW_STR_INIT;
	pw_print_outcome out;
	t = (trial){.labels = {.language = languages[seed % 5], .job = PW_STR_INIT},
		    .story = PW_STR_INIT};
	pw_rng_init(&t.rng, seed);
	t.labels.count = 2 + (size_t)pw_rng_below(&t.rng, 7);
	t.gives_up = pw_rng_chance(&t.rng, 0.2) ? 0.1 : 0;
	pw_str job = numbered_job(t.labels.language, 1);
	size_t bytes = job.len * t.labels.count;
	pw_sim_random_script(&t.rng, t.labels.language, 1 + (int)pw_rng_below(&t.rng, 4),
			     (int)t.labels.count, (int)bytes, &script);
	pw_str_addf(&t.story, "%s, seed %llu\n%s\n", t.labels.language, (unsigned long long)seed,
		    pw_str_text(&script));
	make_printer(seed, pw_str_text(&script));
	plan_the_cable(bytes);
	must(pw_wire_open(mock_printer_uri(ut.printer), &t.wire.inner, &ut.err));
	usb_brain_begin(&t.brain);
	pw_status rc = run(&out);
	must_be(rc == PW_OK || rc == PW_ERR_GONE || rc == PW_ERR_BUSY || rc == PW_ERR_NOT_FOUND,
		"the run fails", 0);
	print_the_rest();
	printf("%-7s %2llu: %zu confirmed, %zu unconfirmed, %zu waiting first, %zu times again\n",
	       t.labels.language, (unsigned long long)seed,
	       promise_count(&t.labels, PW_FATE_CONFIRMED),
	       promise_count(&t.labels, PW_FATE_UNCONFIRMED), out.waiting, out.reconnects);
	if (from != NULL)
		printf("%s", pw_str_text(&t.story));
	usb_brain_end(&t.brain);
	t.wire.inner.ops->close(t.wire.inner.ctx);
	pw_sim_free(t.brain.sim);
	pw_str_clear(&job);
	pw_str_clear(&script);
	pw_str_clear(&t.story);
	pw_str_clear(&t.labels.job);
}
END_TEST

/* The door itself, in the computer's own time: nobody says which language it has. */
START_TEST(test_a_printer_on_usb_tells_its_language_and_prints)
{
	pw_printer *printer = NULL;
	pw_printer_identity who;
	pw_printer_status status;
	pw_print_outcome out;
	t = (trial){.labels = {.language = "zpl", .count = 3, .job = PW_STR_INIT},
		    .story = PW_STR_INIT};
	pw_rng_init(&t.rng, 1);
	make_printer(1, "");
	t.brain.haste = 1;
	usb_brain_begin(&t.brain);
	must(pw_printer_open(mock_printer_uri(ut.printer), NULL, &printer, &ut.err));
	ck_assert_str_eq(pw_printer_language(printer), "zpl");
	ck_assert(pw_printer_confirms(printer));
	must(pw_printer_identify(printer, &who, &ut.err));
	ck_assert_str_eq(who.language, "zpl");
	ck_assert_str_ne(who.maker, "");
	must(pw_printer_ask(printer, &status, &ut.err));
	ck_assert_int_eq(status.activity, PW_PRINTER_READY);
	const pw_print_run order = {
		.count = 3, .source = source, .changed = changed, .stopped = stopped};
	must(pw_printer_print(printer, &order, &out, &ut.err));
	pw_printer_close(printer);
	usb_brain_end(&t.brain);
	check();
	ck_assert_uint_eq(out.confirmed, 3);
	pw_sim_free(t.brain.sim);
	pw_str_clear(&t.story);
	pw_str_clear(&t.labels.job);
}
END_TEST

Suite *suite_usb_print(void);

Suite *suite_usb_print(void)
{
	Suite *suite = suite_create("usb_print");
	tcase_add_test(usb_case(suite, "door"),
		       test_a_printer_on_usb_tells_its_language_and_prints);
	TCase *random = usb_case(suite, "random");
	tcase_set_timeout(random, 240);
	tcase_add_loop_test(random, test_labels_survive_a_live_cable, 0,
			    getenv("PW_LONG") != NULL ? 200 : 10);
	return suite;
}
