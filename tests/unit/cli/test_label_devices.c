/* `label print` through a simulated printer: another process at the other end of a pair of sockets. */
#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "devices/simulators/sim.h"
#include "tests/unit/cli/fixture.h"

/* ---------------------------------------------------------------- the printer */

static pid_t printer;
static int cable = -1, paper = -1;

static int64_t milliseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void printed(void *ctx, const pw_sim_label *label)
{
	int fd = *(int *)ctx;
	if (write(fd, label->whole ? "W" : "f", 1) != 1)
		_exit(1);
}

/* Takes and says what it has to, until the cable's other end is closed. */
static void work(pw_sim *sim, int fd)
{
	char bytes[4096];
	size_t have = 0;
	for (;;) {
		struct pollfd p = {.fd = fd, .events = have < sizeof(bytes) ? POLLIN : 0};
		(void)poll(&p, 1, 5);
		pw_sim_advance(sim, milliseconds());
		if ((p.revents & POLLIN) != 0) {
			ssize_t n = read(fd, bytes + have, sizeof(bytes) - have);
			if (n <= 0)
				return;
			have += (size_t)n;
		}
		size_t taken = pw_sim_take(sim, bytes, have);
		memmove(bytes, bytes + taken, have - taken);
		have -= taken;
		char words[512];
		size_t said = pw_sim_say(sim, words, sizeof(words));
		if (said > 0 && write(fd, words, said) != (ssize_t)said)
			return;
	}
}

static void begin(const char *language, const char *script)
{
	int pair[2], strip[2];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(pipe(strip), 0);
	printer = fork();
	ck_assert_int_ge(printer, 0);
	if (printer == 0) {
		pw_sim *sim = NULL;
		pw_err err = PW_ERR_INIT;
		pw_sim_opts opts = PW_SIM_OPTS_INIT;
		const pw_sim_hooks hooks = {.printed = printed, .ctx = &strip[1]};
		opts.language = language;
		opts.label_ms = 30;
		opts.habits = PW_SIM_TALKATIVE;
		close(pair[0]);
		if (pw_sim_new(&opts, &hooks, &sim, &err) != PW_OK)
			_exit(1);
		pw_sim_advance(sim, milliseconds());
		if (script != NULL && pw_sim_script(sim, script, &err) != PW_OK)
			_exit(2);
		work(sim, pair[1]);
		/* what it has, it prints, whoever is gone */
		for (int64_t next; (next = pw_sim_next(sim)) >= 0 && pw_sim_count(sim).inside > 0;)
			pw_sim_advance(sim, next);
		pw_sim_free(sim);
		_exit(0);
	}
	close(pair[1]);
	close(strip[1]);
	cable = pair[0];
	paper = strip[0];
}

/* The labels that came out, in all. */
static int end(void)
{
	char byte;
	int labels = 0, status;
	close(cable);
	while (read(paper, &byte, 1) == 1)
		labels += byte == 'W' ? 1 : 0;
	close(paper);
	ck_assert_int_eq(waitpid(printer, &status, 0), printer);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	printer = 0;
	return labels;
}

/* As wide as the tape of 62 mm that the Brother has, and without end. */
static const char template[] = "poolwell: label/1\nname: roll\nversion: 1\nsize: [62, 20]\n"
			       "fields:\n  id: {required: yes, example: SZT00000124M}\nelements:\n"
			       "  - {box: [2, 1, 58, 18]}\n"
			       "  - {code128: \"{id}\", at: [3, 4, 56, 8]}\n"
			       "  - {text: \"{id}\", at: [3, 13, 56, 4]}\n";

static char template_file[] = "/tmp/poolwell-roll-XXXXXX";

static void setup(void)
{
	fixture_reset();
	fixture_cli.nouns = pw_nouns;
	printer = 0;
	memcpy(template_file, "/tmp/poolwell-roll-XXXXXX", sizeof(template_file));
	int fd = mkstemp(template_file);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, template, strlen(template)), (ssize_t)strlen(template));
	close(fd);
}

static void teardown(void)
{
	if (printer > 0)
		kill(printer, SIGKILL);
	unlink(template_file);
}

/* ---------------------------------------------------------------- printing */

static const char *template_for(const char *language)
{
	if (strcmp(language, "ptouch") == 0)
		return "cryotube-side";
	return strcmp(language, "brother") == 0 ? template_file : "tube-13x75";
}

static ran print(const char *language, const char *more)
{
	char line[400];
	snprintf(line, sizeof(line),
		 "poolwell label print -t %s -s id=SZT00000124M --printer fd:%d?language=%s %s",
		 template_for(language), cable, language, more);
	return run_line(line);
}

static void has(const char *text, const char *words)
{
	ck_assert_msg(strstr(text, words) != NULL, "no '%s' in: %s", words, text);
}

static const char *const telling[] = {"zpl", "brother"};
static const char *const silent[] = {"tspl", "epl", "dymo"};

START_TEST(test_labels_are_confirmed_by_the_device)
{
	begin(telling[_i], NULL);
	ran r = print(telling[_i], "--copies 5 --json --dpi 300");
	ck_assert_msg(r.code == PW_EXIT_DONE, "%s: exit %d: %s%s", telling[_i], r.code, r.out,
		      r.err);
	has(r.out, "\"confirmed\": 5");
	has(r.out, "{\"label\": 5, \"id\": \"SZT00000124M\", \"fate\": \"confirmed\"}");
	ran_clear(&r);
	ck_assert_int_eq(end(), 5);
}
END_TEST

START_TEST(test_a_printer_that_can_not_tell_leaves_them_unconfirmed)
{
	begin(silent[_i], NULL);
	ran r = print(silent[_i], "--copies 3 --dpi 300");
	ck_assert_int_eq(r.code, PW_EXIT_FOUND);
	has(r.out, "unconfirmed  3");
	has(r.err, "3 labels were sent and not confirmed");
	ran_clear(&r);
	ck_assert_int_eq(end(), 3);
}
END_TEST

/* A print server that passes nothing on. */
START_TEST(test_a_printer_whose_answers_do_not_come_is_printed_to_when_told_so)
{
	begin("zpl", "time 0: silent");
	ran r = print("zpl&answers=no", "--copies 3 --dpi 203");
	ck_assert_msg(r.code == PW_EXIT_FOUND, "exit %d: %s%s", r.code, r.out, r.err);
	has(r.out, "unconfirmed  3");
	ran_clear(&r);
	ck_assert_int_eq(end(), 3);
}
END_TEST

START_TEST(test_out_of_paper_is_said_and_mended)
{
	begin("zpl", "label 3: paper out for 1500");
	ran r = print("zpl", "--copies 6 --dpi 203");
	ck_assert_msg(r.code == PW_EXIT_DONE, "exit %d: %s%s", r.code, r.out, r.err);
	has(r.err, "out of labels: load a roll, close the printer and press feed");
	has(r.err, "goes on");
	has(r.out, "confirmed    6");
	ran_clear(&r);
	ck_assert_int_eq(end(), 6);
}
END_TEST

START_TEST(test_what_is_not_mended_in_time_is_given_up)
{
	begin("zpl", "label 3: paper out");
	ran r = print("zpl", "--copies 6 --dpi 203 --give-up-after 2s --json");
	ck_assert_msg(r.code == PW_EXIT_FOUND, "exit %d: %s%s", r.code, r.out, r.err);
	has(r.err, "was not mended in time");
	has(r.out, "\"fate\": \"confirmed\"");
	has(r.out, "\"fate\": \"waiting\"");
	ran_clear(&r);
	(void)end();
}
END_TEST

START_TEST(test_other_labels_than_are_needed_are_refused)
{
	begin("brother", "time 0: media 29x90");
	ran r = print("brother", "--give-up-after 1s");
	ck_assert_msg(r.code == PW_EXIT_FAILED, "exit %d: %s%s", r.code, r.out, r.err);
	has(r.err, "load the right ones");
	has(r.err, "[wrong-media]");
	ck_assert_str_eq(r.out, "");
	ran_clear(&r);
	ck_assert_int_eq(end(), 0);
}
END_TEST

static const struct {
	const char *language, *script;
	bool waits;
} tapes[] = {
	{"brother", "time 0: media 29", false}, /* on its side */
	{"brother", "time 0: media 12; time 1500: media 62", true},
	{"ptouch", "time 0: media 18", false},
	{"ptouch", "time 0: media 24", false},
	{"ptouch", "time 0: media 6; time 1500: media 12; time 2000: media 24", true},
};

START_TEST(test_a_label_goes_on_the_tape_that_is_loaded)
{
	begin(tapes[_i].language, tapes[_i].script);
	ran r = print(tapes[_i].language, "--give-up-after 20s --copies 2");
	ck_assert_msg(r.code == PW_EXIT_DONE, "%s: exit %d: %s%s", tapes[_i].script, r.code, r.out,
		      r.err);
	ck_assert_int_eq(strstr(r.err, "load the right ones") != NULL, tapes[_i].waits);
	has(r.out, "confirmed    2");
	ran_clear(&r);
	ck_assert_int_eq(end(), 2);
}
END_TEST

/* The device tells what it is; where it does not, a guess is said. */
START_TEST(test_dots_are_asked_of_the_device)
{
	begin("zpl", NULL);
	ran r = print("zpl", "");
	ck_assert_msg(r.code == PW_EXIT_DONE, "exit %d: %s%s", r.code, r.out, r.err);
	ck_assert_ptr_null(strstr(r.err, "dots per inch"));
	ran_clear(&r);
	ck_assert_int_eq(end(), 1);
}
END_TEST

Suite *suite_label_devices(void);

Suite *suite_label_devices(void)
{
	Suite *suite = suite_create("label_devices");
	TCase *tcase = tcase_create("printers");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_labels_are_confirmed_by_the_device, 0, 2);
	tcase_add_loop_test(tcase, test_a_printer_that_can_not_tell_leaves_them_unconfirmed, 0, 3);
	tcase_add_test(tcase, test_a_printer_whose_answers_do_not_come_is_printed_to_when_told_so);
	tcase_add_test(tcase, test_out_of_paper_is_said_and_mended);
	tcase_add_test(tcase, test_what_is_not_mended_in_time_is_given_up);
	tcase_add_test(tcase, test_other_labels_than_are_needed_are_refused);
	tcase_add_loop_test(tcase, test_a_label_goes_on_the_tape_that_is_loaded, 0, 5);
	tcase_add_test(tcase, test_dots_are_asked_of_the_device);
	suite_add_tcase(suite, tcase);
	return suite;
}
