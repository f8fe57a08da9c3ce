/*
 * Runs of labels on printers that are not there, through everything that is: an address, libusb, and a mocked bus, at
 * whose end is a simulator to which at random what happens to printers happens. For each label:
 *
 *	confirmed     it came out, whole, once
 *	waiting       nothing of it came out
 *	unconfirmed   it came out at most once
 *
 * (tests/unit/devices/test_print_random.c has thousands of such runs, on a wire and a clock of its own.) PW_LONG=1
 * tries 200 instead of one for each language, PW_SEED=n the one of that number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "core/base/rng.h"
#include "devices/printers/printer.h"
#include "tests/devices/played_sim.h"
#include "tests/devices/usb_test.h"
#include "tests/unit/devices/numbered.h"

#define MOST_LABELS 12
#define SPEED       10 /* of the simulator's clock */

static const char *const languages[] = {"zpl", "tspl", "epl", "brother", "dymo"};

#define LANGUAGES ((int)(sizeof(languages) / sizeof(languages[0])))

typedef struct trial {
	const char *language;
	size_t count;
	uint64_t seed;
	pw_sim *sim;
	played_sim *played;
	pw_str job, story, script;
	pw_label_fate fate[MOST_LABELS];
	size_t whole[MOST_LABELS], fragments[MOST_LABELS];
	size_t strange; /* whole labels that are none of ours, dot for dot */
} trial;

/* ---- What is told of it ---- */

static void printed(void *ctx, const pw_sim_label *label)
{
	trial *t = ctx;
	int number = numbered_read(t->language, label);
	pw_str_addf(&t->story, "%s %d\n", label->whole ? "printed" : "fragment", number);
	if (number < 1 || (size_t)number > t->count)
		t->strange += label->whole;
	else if (label->whole)
		t->whole[number - 1]++;
	else
		t->fragments[number - 1]++;
}

static void noted(void *ctx, const char *text)
{
	trial *t = ctx;
	pw_str_addf(&t->story, "# %s\n", text);
}

static pw_status source(void *ctx, size_t index, pw_label_bytes *out, pw_err *err)
{
	trial *t = ctx;
	(void)err;
	pw_str_clear(&t->job);
	t->job = numbered_job(t->language, (unsigned)index + 1);
	*out = (pw_label_bytes){t->job.ptr, t->job.len};
	return PW_OK;
}

static pw_status changed(void *ctx, size_t index, pw_label_fate fate, pw_err *err)
{
	trial *t = ctx;
	(void)err;
	played_sim_enter(t->played);
	t->fate[index] = fate;
	pw_str_addf(&t->story, "label %zu is %s\n", index + 1, pw_label_fate_name(fate));
	played_sim_leave(t->played);
	return PW_OK;
}

static bool stopped(void *ctx, const pw_printer_status *status, size_t index)
{
	(void)ctx, (void)status, (void)index;
	return true;
}

/* ---- A trial ---- */

static void begin(trial *t, const char *script)
{
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {printed, noted, t};
	opts.language = t->language;
	opts.media_width = 12;
	opts.memory = 8192;
	opts.seed = t->seed;
	must(pw_sim_new(&opts, &hooks, &t->sim, &ut.err));
	must(pw_sim_script(t->sim, script, &ut.err));
	usb_plug(&mock_zebra);
	t->played = played_sim_new(ut.printer, t->sim, SPEED);
}

static void end(trial *t)
{
	pw_sim_free(t->sim);
	pw_str_clear(&t->job);
	pw_str_clear(&t->story);
	pw_str_clear(&t->script);
}

static void run(trial *t, pw_print_outcome *out)
{
	pw_printer *printer;
	pw_print_run order = {.count = t->count,
			      .source = source,
			      .changed = changed,
			      .stopped = stopped,
			      .ctx = t,
			      .patience_ms = 2000};
	pw_status rc;
	/* It may be off from the first moment on. */
	while ((rc = pw_printer_open(mock_printer_uri(ut.printer), t->language, &printer,
				     &ut.err)) == PW_ERR_NOT_FOUND)
		;
	ck_assert_msg(rc == PW_OK, "seed %d: %s", (int)t->seed, ut.err.msg);
	rc = pw_printer_print(printer, &order, out, &ut.err);
	ck_assert_msg(rc == PW_OK || rc == PW_ERR_GONE || rc == PW_ERR_BUSY, "seed %d: %s",
		      (int)t->seed, ut.err.msg);
	pw_printer_close(printer);
}

static bool is_right(const trial *t, size_t i)
{
	if (t->fate[i] == PW_FATE_CONFIRMED)
		return t->whole[i] == 1;
	if (t->fate[i] == PW_FATE_WAITING)
		return t->whole[i] == 0 && t->fragments[i] == 0;
	return t->fate[i] == PW_FATE_UNCONFIRMED && t->whole[i] <= 1;
}

static void check(const trial *t)
{
	for (size_t i = 0; i < t->count; i++) {
		if (is_right(t, i) && t->strange == 0)
			continue;
		fprintf(stderr, "%s, seed %d\n%s\n%s", t->language, (int)t->seed,
			pw_str_text(&t->script), pw_str_text(&t->story));
		ck_abort_msg("label %zu came out otherwise than its fate says", i + 1);
	}
}

static void try_one(uint64_t seed)
{
	pw_rng rng;
	pw_print_outcome out;
	trial t = {.language = languages[seed % (uint64_t)LANGUAGES], .seed = seed};
	pw_rng_init(&rng, seed);
	t.count = 2 + (size_t)pw_rng_below(&rng, MOST_LABELS - 1);
	pw_str job = numbered_job(t.language, 1);
	pw_sim_random_script(&rng, t.language, 1 + (int)pw_rng_below(&rng, 4), (int)t.count,
			     (int)(job.len * t.count), &t.script);
	pw_str_clear(&job);
	begin(&t, pw_str_text(&t.script));
	run(&t, &out);
	played_sim_free(t.played);
	check(&t);
	printf("%s, seed %d: %zu labels, %zu confirmed, %zu unconfirmed, %zu waiting; %zu times "
	       "connected again\n",
	       t.language, (int)seed, t.count, out.confirmed, out.unconfirmed, out.waiting,
	       out.reconnects);
	end(&t);
}

START_TEST(test_no_label_is_lost_or_doubled)
{
	const char *seed = getenv("PW_SEED");
	try_one(seed != NULL ? strtoull(seed, NULL, 10) : (uint64_t)_i + 1);
}
END_TEST

/* ---- Asking ---- */

/* What `poolwell device probe` prints of the printer, and its exit code. */
static const char *probe(const char *options, int *out_code)
{
	static char text[4096];
	char command[768];
	snprintf(command, sizeof(command), PW_PROGRAM " device probe '%s' %s 2>&1",
		 mock_printer_uri(ut.printer), options);
	FILE *f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	int status = pclose(f);
	ck_assert(WIFEXITED(status));
	*out_code = WEXITSTATUS(status);
	return text;
}

static void has(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "no '%s' in '%s'", part, text);
}

START_TEST(test_the_program_asks_how_a_printer_is)
{
	int code;
	trial t = {.language = "zpl", .seed = 1};
	begin(&t, "");
	const char *text = probe("--json", &code);
	ck_assert_msg(code == 0, "%s", text);
	has(text, "\"language\": \"zpl\"");
	has(text, "\"state\": \"ready\"");
	has(text, "\"faults\": []");
	text = probe("", &code);
	has(text, "Zebra Technologies");
	must(pw_sim_do(played_sim_enter(t.played), "paper out", &ut.err));
	played_sim_leave(t.played);
	text = probe("--json", &code);
	ck_assert_msg(code == 3, "%s", text);
	has(text, "\"paper-out\"");
	has(text, "warning: out of labels: load a roll");
	played_sim_free(t.played);
	end(&t);
}
END_TEST

Suite *suite_print_usb(void);

Suite *suite_print_usb(void)
{
	Suite *suite = suite_create("print_usb");
	TCase *runs = usb_case(suite, "runs");
	tcase_add_loop_test(runs, test_no_label_is_lost_or_doubled, 0,
			    getenv("PW_LONG") != NULL ? 200 : LANGUAGES);
	TCase *asking = usb_case(suite, "asking");
	tcase_add_test(asking, test_the_program_asks_how_a_printer_is);
	return suite;
}
