/*
 * Runs of labels over the kernel's own USB stack, in the guest: the printer class gadget, with a simulator behind it that
 * takes what comes to the gadget, and to which what happens to printers happens.
 */
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "devices/printers/printer.h"
#include "devices/simulators/sim.h"
#include "tests/qemu/gadget.h"
#include "tests/unit/devices/numbered.h"

#define LABELS 8

typedef struct work {
	const char *language;
	pw_sim *sim;
	int fd; /* the gadget's own end */
	int64_t born;
	pthread_t player;
	pthread_mutex_t lock; /* of the simulator, and all below */
	bool over;
	uint8_t status;
	uint8_t coming[4096], going[256]; /* not taken yet by the simulator, by the gadget */
	size_t coming_at, coming_n, going_n;
	pw_str job;
	pw_label_fate fate[LABELS];
	size_t whole[LABELS], strange;
	unsigned faults; /* that the run was stopped by */
} work;

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- The printer's side ---- */

static void take(work *w)
{
	if (w->coming_at == w->coming_n) {
		ssize_t n = read(w->fd, w->coming, sizeof(w->coming));
		w->coming_at = 0;
		w->coming_n = n > 0 ? (size_t)n : 0;
	}
	w->coming_at += pw_sim_take(w->sim, w->coming + w->coming_at, w->coming_n - w->coming_at);
}

static void answer(work *w)
{
	uint8_t status = pw_sim_port_status(w->sim);
	if (status != w->status)
		gadget_printer_status(w->fd, status);
	w->status = status;
	w->going_n += pw_sim_say(w->sim, w->going + w->going_n, sizeof(w->going) - w->going_n);
	ssize_t n = w->going_n > 0 ? write(w->fd, w->going, w->going_n) : 0;
	if (n > 0) {
		w->going_n -= (size_t)n;
		memmove(w->going, w->going + n, w->going_n);
	}
}

static void *play(void *ctx)
{
	const struct timespec pause = {0, 2000000};
	work *w = ctx;
	for (bool over = false; !over; nanosleep(&pause, NULL)) {
		pthread_mutex_lock(&w->lock);
		pw_sim_advance(w->sim, now_ms() - w->born);
		take(w);
		answer(w);
		over = w->over;
		pthread_mutex_unlock(&w->lock);
	}
	return NULL;
}

static void printed(void *ctx, const pw_sim_label *label)
{
	work *w = ctx;
	int number = numbered_read(w->language, label);
	if (!label->whole)
		return;
	if (number >= 1 && number <= LABELS)
		w->whole[number - 1]++;
	else
		w->strange++;
}

/* ---- The run's side ---- */

static pw_status source(void *ctx, size_t index, pw_label_bytes *out, pw_err *err)
{
	work *w = ctx;
	(void)err;
	pw_str_clear(&w->job);
	w->job = numbered_job(w->language, (unsigned)index + 1);
	*out = (pw_label_bytes){w->job.ptr, w->job.len};
	return PW_OK;
}

static pw_status changed(void *ctx, size_t index, pw_label_fate fate, pw_err *err)
{
	work *w = ctx;
	(void)err;
	w->fate[index] = fate;
	return PW_OK;
}

static bool stopped(void *ctx, const pw_printer_status *status, size_t index)
{
	work *w = ctx;
	(void)index;
	w->faults |= status->faults;
	return true;
}

static const struct {
	const char *language, *script;
	size_t unconfirmed; /* at most */
	unsigned faults;    /* that it has to be stopped by */
} runs[] = {
	{"zpl", "label 2: paper out for 2000", 0, PW_FAULT_PAPER_OUT},
	/* Whoever pauses or opens it may have cancelled what was inside. */
	{"zpl", "label 3: pause for 1500", 4, PW_FAULT_PAUSED},
	{"zpl", "label 3: head open for 2000; byte 900: stall for 1500", 4, PW_FAULT_HEAD_OPEN},
	{"tspl", "label 2: paper out for 2000; label 5: pause for 1500", LABELS,
	 PW_FAULT_PAPER_OUT | PW_FAULT_PAUSED},
	{"epl", "label 3: ribbon out for 2000; byte 900: stall for 1500", LABELS, 0},
	{"brother", "byte 9000: stall for 1500", 0, 0},
	{"dymo", "label 2: paper out for 2000", LABELS, PW_FAULT_PAPER_OUT},
};

static void begin(work *w, const char *script)
{
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {.printed = printed, .ctx = w};
	opts.language = w->language;
	opts.media_width = 12;
	must(pw_sim_new(&opts, &hooks, &w->sim, &gt.err));
	must(pw_sim_script(w->sim, script, &gt.err));
	w->fd = gadget_printer_open();
	w->born = now_ms();
	pthread_mutex_init(&w->lock, NULL);
	ck_assert_int_eq(pthread_create(&w->player, NULL, play, w), 0);
}

static void end(work *w)
{
	pthread_mutex_lock(&w->lock);
	w->over = true;
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->player, NULL);
	pw_sim_advance(w->sim, now_ms() - w->born + 120000);
}

START_TEST(test_all_labels_come_out_once_through_a_real_kernel)
{
	work w = {.language = runs[_i].language};
	pw_print_run order = {.count = LABELS,
			      .source = source,
			      .changed = changed,
			      .stopped = stopped,
			      .ctx = &w};
	pw_print_outcome out;
	pw_printer *printer;
	begin(&w, runs[_i].script);
	must(pw_printer_open(PRINTER_URI, w.language, &printer, &gt.err));
	must(pw_printer_print(printer, &order, &out, &gt.err));
	pw_printer_close(printer);
	end(&w);
	printf("%s: %s: %zu confirmed, %zu unconfirmed, stopped by %x\n", w.language,
	       runs[_i].script, out.confirmed, out.unconfirmed, w.faults);
	ck_assert_uint_eq(w.strange, 0);
	ck_assert_uint_eq(out.waiting, 0);
	ck_assert_uint_le(out.unconfirmed, runs[_i].unconfirmed);
	ck_assert_uint_eq(w.faults & runs[_i].faults, runs[_i].faults);
	for (size_t i = 0; i < LABELS; i++)
		ck_assert_msg(w.whole[i] == 1, "label %zu: %zu times", i + 1, w.whole[i]);
	pw_sim_free(w.sim);
	pw_str_clear(&w.job);
}
END_TEST

Suite *suite_guest_print(void);

Suite *suite_guest_print(void)
{
	Suite *suite = suite_create("guest_print");
	TCase *tcase = guest_case(suite, "runs of labels");
	tcase_add_loop_test(tcase, test_all_labels_come_out_once_through_a_real_kernel, 0,
			    (int)(sizeof(runs) / sizeof(runs[0])));
	return suite;
}
