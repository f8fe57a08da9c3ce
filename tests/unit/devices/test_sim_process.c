/* A printer from end to end: `pw_printer_*` in one process, a simulator in another, a network or a terminal between them. */
#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "devices/simulators/serve.h"
#include "promise.h"

/* Processes of a test say what is wrong and end: their exit status is for the test. */
#define demand(right, ...)                            \
	do {                                          \
		if (!(right)) {                       \
			fprintf(stderr, __VA_ARGS__); \
			fputc('\n', stderr);          \
			exit(1);                      \
		}                                     \
	} while (0)

/* ---- The printer ---- */

typedef struct outside {
	const char *language;
	int paper; /* where labels fall down: lines of "number whole" */
	pw_sim *sim;
	bool leaving;
} outside;

static void fell_out(void *ctx, const pw_sim_label *label)
{
	outside *o = ctx;
	dprintf(o->paper, "%d %d\n", numbered_read(o->language, label), label->whole ? 1 : 0);
}

static bool hand(void *ctx, const char *line)
{
	outside *o = ctx;
	if (strcmp(line, "leave") != 0)
		return false;
	o->leaving = true;
	return true;
}

/* When all is out. */
static bool has_left(void *ctx)
{
	const outside *o = ctx;
	return o->leaving && pw_sim_count(o->sim).inside == 0;
}

static void simulate(const char *language, const char *address, const char *script, int hands,
		     int paper)
{
	outside o = {.language = language, .paper = paper};
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {fell_out, NULL, &o};
	pw_sim_host *host = NULL;
	pw_err err = PW_ERR_INIT;
	const pw_sim_service service = {hands, hand, NULL, has_left, &o, NULL};
	opts.language = language;
	opts.label_ms = 150;
	opts.media_width = 12;
	opts.serial = pw_sim_host_is_serial(address);
	demand(pw_sim_new(&opts, &hooks, &o.sim, &err) == PW_OK &&
		       pw_sim_script(o.sim, script, &err) == PW_OK &&
		       pw_sim_host_new(address, &host, &err) == PW_OK,
	       "%s", err.msg);
	dprintf(paper, "%s\n", pw_sim_host_uri(host));
	demand(pw_sim_serve(host, o.sim, &service, &err) == PW_OK, "%s", err.msg);
	pw_sim_host_free(host);
	pw_sim_free(o.sim);
	close(paper);
}

/* ---- One who prints ---- */

typedef struct bench {
	promise labels;
	pid_t printer;
	int hands;
	FILE *paper;
	char uri[256];
	int told, most_told; /* how often it stood still */
	unsigned faults;
} bench;

static void begin(bench *b, const char *address, const char *script)
{
	int hands[2], paper[2];
	demand(pipe(hands) == 0 && pipe(paper) == 0, "no pipes");
	b->printer = fork();
	demand(b->printer >= 0, "no process");
	if (b->printer == 0) {
		close(hands[1]);
		close(paper[0]);
		simulate(b->labels.language, address, script, hands[0], paper[1]);
		exit(0);
	}
	close(hands[0]);
	close(paper[1]);
	b->hands = hands[1];
	b->paper = fdopen(paper[0], "r");
	demand(b->paper != NULL && fgets(b->uri, sizeof(b->uri), b->paper) != NULL, "no simulator");
	b->uri[strcspn(b->uri, "\n")] = '\0';
}

/* It is left alone, until all it has is out; what fell out is counted. */
static void end(bench *b)
{
	int number, whole, status = -1;
	demand(write(b->hands, "leave\n", 6) == 6, "no hands");
	while (fscanf(b->paper, "%d %d", &number, &whole) == 2)
		promise_printed(&b->labels, number, whole == 1);
	demand(waitpid(b->printer, &status, 0) == b->printer && status == 0,
	       "the simulator ends with %x", (unsigned)status);
	close(b->hands);
	fclose(b->paper);
}

static bool stopped(void *ctx, const pw_printer_status *status, size_t index)
{
	bench *b = (bench *)ctx;
	(void)index;
	b->faults |= status->faults;
	return status->faults == 0 || ++b->told < b->most_told;
}

static pw_status bench_source(void *ctx, size_t index, pw_label_bytes *out, pw_err *err)
{
	return promise_source(&((bench *)ctx)->labels, index, out, err);
}

static pw_status bench_changed(void *ctx, size_t index, pw_label_fate fate, pw_err *err)
{
	return promise_changed(&((bench *)ctx)->labels, index, fate, err);
}

static void print(bench *b, pw_printer *printer)
{
	pw_err err = PW_ERR_INIT;
	pw_print_outcome out;
	const pw_print_run run = {.count = b->labels.count,
				  .source = bench_source,
				  .changed = bench_changed,
				  .stopped = stopped,
				  .ctx = b,
				  .patience_ms = 1000};
	b->most_told = 60;
	pw_status rc = pw_printer_print(printer, &run, &out, &err);
	demand(rc == PW_OK, "the run ends with %s: %s", pw_status_name(rc), err.msg);
	demand(out.waiting == 0, "%zu labels wait", out.waiting);
}

/* ---- Runs ---- */

static char folder[] = "/tmp/poolwell-sim-XXXXXX";

typedef struct story {
	const char *language, *address, *script;
	size_t count, confirmed; /* at least */
	unsigned faults;         /* one of which is told */
} story;

/* A printer that refuses connections may be away, or somebody else's. */
#define AWAY ((unsigned)PW_FAULT_GONE | PW_FAULT_HELD)

static const story stories[] = {
	{"zpl", "tcp:127.0.0.1:0", "", 5, 5, 0},
	{"zpl", "pty", "", 5, 5, 0},
	{"brother", "tcp:127.0.0.1:0", "", 3, 3, 0},
	{"brother", "pty", "", 3, 3, 0},
	{"tspl", "pty", "", 3, 0, 0},
	{"tspl", "tcp:127.0.0.1:0", "", 3, 0, 0},
	{"epl", "tcp:127.0.0.1:0", "", 3, 0, 0},
	{"epl", "pty", "", 3, 0, 0},
	{"dymo", "pty", "", 3, 0, 0},
	{"dymo", "tcp:127.0.0.1:0", "", 3, 0, 0},
	{"zpl", "tcp:127.0.0.1:0", "label 2: paper out for 2500", 5, 1, PW_FAULT_PAPER_OUT},
	{"zpl", "pty", "label 2: head open for 2500", 5, 1, PW_FAULT_HEAD_OPEN},
	{"brother", "tcp:127.0.0.1:0", "label 2: cover open for 2500", 4, 2, PW_FAULT_COVER_OPEN},
	{"tspl", "tcp:127.0.0.1:0", "label 2: ribbon out for 2500", 4, 0, PW_FAULT_RIBBON_OUT},
	{"epl", "pty", "byte 1: paper out for 2500", 4, 0, PW_FAULT_PAPER_OUT},
	{"zpl", "pty:cable-a", "label 2: unplug for 2500", 5, 0, AWAY},
	{"tspl", "pty:cable-b", "byte 300: unplug for 2500", 5, 0, AWAY},
	{"brother", "pty:cable-c", "byte 700: unplug for 2500", 4, 0, AWAY},
	{"zpl", "tcp:127.0.0.1:0", "label 2: unplug for 2500", 5, 0, AWAY},
	{"epl", "tcp:127.0.0.1:0", "byte 500: power off for 2500", 5, 0, AWAY},
	{"zpl", "tcp:127.0.0.1:0", "label 3: power off for 2500", 5, 0, AWAY},
	{"dymo", "tcp:127.0.0.1:0", "byte 500: stall for 2500", 5, 0, 0},
	{"zpl", "pty", "time 0: slow; label 1: silent for 2500", 4, 1, 0},
};

#define STORIES (sizeof(stories) / sizeof(stories[0]))

static void live(const story *s)
{
	bench b = {.labels = {.language = s->language, .count = s->count, .job = PW_STR_INIT}};
	pw_printer *printer = NULL;
	pw_err err = PW_ERR_INIT;
	size_t label;
	begin(&b, s->address, s->script);
	demand(pw_printer_open(b.uri, s->language, &printer, &err) == PW_OK, "%s", err.msg);
	print(&b, printer);
	pw_printer_close(printer);
	end(&b);
	const char *wrong = promise_broken(&b.labels, &label);
	demand(wrong == NULL, "label %zu %s", label, wrong);
	size_t confirmed = promise_count(&b.labels, PW_FATE_CONFIRMED);
	demand(confirmed >= s->confirmed, "%zu labels are confirmed", confirmed);
	demand(s->faults == 0 || (b.faults & s->faults) != 0, "faults %x were told", b.faults);
	pw_str_clear(&b.labels.job);
}

/* All stories at once, each in its process: most of their time is waiting. */
START_TEST(test_labels_come_out_at_the_end_of_real_cables)
{
	pid_t tellers[STORIES];
	char here[512];
	ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	for (size_t i = 0; i < STORIES; i++) {
		tellers[i] = fork();
		ck_assert_int_ge(tellers[i], 0);
		if (tellers[i] == 0) {
			live(&stories[i]);
			exit(0);
		}
	}
	size_t failed = 0;
	for (size_t i = 0; i < STORIES; i++) {
		int status = -1;
		ck_assert_int_eq(waitpid(tellers[i], &status, 0), tellers[i]);
		if (status == 0)
			continue;
		failed++;
		fprintf(stderr, "%s over %s, '%s': ends with %x\n", stories[i].language,
			stories[i].address, stories[i].script, (unsigned)status);
	}
	ck_assert_int_eq(chdir(here), 0);
	ck_assert_msg(rmdir(folder) == 0, "names of terminals stay in %s", folder);
	ck_assert_uint_eq(failed, 0);
}
END_TEST

/* ---- Questions ---- */

static bench asked;
static pw_printer *printer;

static void ask_of(const char *language, const char *address, const char *script)
{
	pw_err err = PW_ERR_INIT;
	asked = (bench){.labels = {.language = language, .job = PW_STR_INIT}};
	begin(&asked, address, script);
	ck_assert_msg(pw_printer_open(asked.uri, language, &printer, &err) == PW_OK, "%s", err.msg);
	ck_assert_str_eq(pw_printer_language(printer), language);
}

static void asked_enough(void)
{
	pw_printer_close(printer);
	end(&asked);
}

static pw_printer_status status_of(void)
{
	pw_printer_status status = PW_PRINTER_STATUS_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_printer_ask(printer, &status, &err) == PW_OK, "%s", err.msg);
	return status;
}

START_TEST(test_it_says_who_and_how_it_is)
{
	pw_printer_identity who;
	pw_err err = PW_ERR_INIT;
	ask_of("zpl", "tcp:127.0.0.1:0", "question 2: paper out");
	ck_assert(pw_printer_confirms(printer));
	ck_assert_msg(pw_printer_identify(printer, &who, &err) == PW_OK, "%s", err.msg);
	ck_assert_str_eq(who.language, "zpl");
	ck_assert_int_eq(who.dpi, 203);
	ck_assert_str_ne(who.model, "");
	pw_printer_status status = status_of();
	ck_assert_int_eq(status.activity, PW_PRINTER_READY);
	ck_assert_int_eq(status.waiting, 0);
	/* Out of paper it is silent; another question tells why. */
	status = status_of();
	ck_assert_int_eq(status.activity, PW_PRINTER_STOPPED);
	ck_assert_uint_eq(status.faults & PW_FAULT_PAPER_OUT, PW_FAULT_PAPER_OUT);
	asked_enough();
}
END_TEST

START_TEST(test_media_are_told_and_silence_has_a_name)
{
	pw_printer_identity who;
	pw_err err = PW_ERR_INIT;
	ask_of("brother", "pty", "question 2: silent for 3000");
	ck_assert_int_eq(status_of().media_width, 12);
	ck_assert_uint_eq(status_of().faults, PW_FAULT_SILENT);
	ck_assert_msg(pw_printer_identify(printer, &who, &err) == PW_OK, "%s", err.msg);
	ck_assert_str_eq(who.language, "brother");
	asked_enough();
	ask_of("dymo", "pty", "");
	ck_assert(!pw_printer_confirms(printer));
	asked_enough();
}
END_TEST

START_TEST(test_what_cannot_be_opened)
{
	pw_err err = PW_ERR_INIT;
	asked = (bench){.labels = {.language = "epl", .job = PW_STR_INIT}};
	begin(&asked, "tcp:127.0.0.1:0", "");
	printer = NULL;
	ck_assert_int_eq(pw_printer_open(asked.uri, NULL, &printer, &err), PW_ERR_ARG);
	ck_assert_ptr_nonnull(strstr(err.msg, "does not tell its language"));
	ck_assert_int_eq(pw_printer_open(asked.uri, "pcl", &printer, &err), PW_ERR_ARG);
	ck_assert_ptr_nonnull(strstr(err.msg, "'pcl' is no printers' language: there are zpl"));
	ck_assert_int_eq(pw_printer_open("tcp:", "zpl", &printer, &err), PW_ERR_ARG);
	char uri[300];
	snprintf(uri, sizeof(uri), "%s?language=epl", asked.uri);
	ck_assert_msg(pw_printer_open(uri, NULL, &printer, &err) == PW_OK, "%s", err.msg);
	asked_enough();
	ck_assert_int_ne(pw_printer_open(uri, NULL, &printer, &err), PW_OK);
	pw_printer_close(NULL);
}
END_TEST

/* A file is printed to without a question; nothing is confirmed. */
START_TEST(test_a_file_takes_all_and_says_nothing)
{
	char path[] = "/tmp/poolwell-job-XXXXXX", uri[100];
	bench b = {.labels = {.language = "zpl", .count = 3, .job = PW_STR_INIT}};
	pw_str wanted = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	snprintf(uri, sizeof(uri), "file:%s?language=zpl", path);
	ck_assert_msg(pw_printer_open(uri, NULL, &printer, &err) == PW_OK, "%s", err.msg);
	ck_assert(!pw_printer_confirms(printer));
	print(&b, printer);
	pw_printer_close(printer);
	ck_assert_uint_eq(promise_count(&b.labels, PW_FATE_UNCONFIRMED), 3);
	for (unsigned i = 1; i <= 3; i++) {
		pw_str job = numbered_job("zpl", i);
		pw_str_add_n(&wanted, job.ptr, job.len);
		pw_str_clear(&job);
	}
	char *got = calloc(1, wanted.len + 1);
	ck_assert_int_eq(pread(fd, got, wanted.len + 1, 0), (int)wanted.len);
	ck_assert_mem_eq(got, wanted.ptr, wanted.len);
	free(got);
	close(fd);
	unlink(path);
	pw_str_clear(&wanted);
	pw_str_clear(&b.labels.job);
}
END_TEST

/* ---- Addresses ---- */

static pw_status open_host(const char *address, const char *text)
{
	pw_sim_host *host = NULL;
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_sim_host_new(address, &host, &err);
	if (rc != PW_OK)
		ck_assert_msg(strstr(err.msg, text) != NULL, "%s", err.msg);
	pw_sim_host_free(host);
	return rc;
}

START_TEST(test_addresses_of_simulators)
{
	static const char *const wrong[] = {"",
					    "tcp:",
					    "tcp:9100",
					    "tcp:a:b",
					    "tcp:localhost",
					    "tcp:127.0.0.1:70000",
					    "pty:",
					    "usb:1:2",
					    "tcp::1",
					    "tcp:no such place:9100"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(open_host(wrong[i], "") == PW_ERR_ARG, "%s", wrong[i]);
	ck_assert_int_eq(open_host("pty:/no/such/folder/printer", "/no/such/folder"), PW_ERR_IO);
	ck_assert_int_eq(open_host("pty:/dev/null", "/dev/null"), PW_ERR_EXISTS);
	pw_sim_host *first = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_sim_host_new("tcp:127.0.0.1:0", &first, &err) == PW_OK, "%s", err.msg);
	ck_assert_int_eq(open_host(pw_sim_host_uri(first), "127.0.0.1"), PW_ERR_EXISTS);
	pw_sim_host_free(first);
	pw_sim_host_free(NULL);
}
END_TEST

Suite *suite_sim_process(void);

Suite *suite_sim_process(void)
{
	Suite *suite = suite_create("sim_process");
	TCase *tc = tcase_create("cables");
	tcase_set_timeout(tc, 240);
	tcase_add_test(tc, test_labels_come_out_at_the_end_of_real_cables);
	tcase_add_test(tc, test_it_says_who_and_how_it_is);
	tcase_add_test(tc, test_media_are_told_and_silence_has_a_name);
	tcase_add_test(tc, test_what_cannot_be_opened);
	tcase_add_test(tc, test_a_file_takes_all_and_says_nothing);
	tcase_add_test(tc, test_addresses_of_simulators);
	suite_add_tcase(suite, tc);
	return suite;
}
