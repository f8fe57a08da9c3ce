/* Files, pipes, terminals and descriptors as devices, and addresses that name no device. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "tests/unit/devices/cable.h"

static char folder[64];

static void make_folder(void)
{
	snprintf(folder, sizeof(folder), "/tmp/pw-files-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
	char command[128];
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	ck_assert_int_eq(system(command), 0);
}

/* "SCHEME:FOLDER/NAME" */
static void name(cable *c, const char *scheme, const char *file)
{
	*c = (cable){.peer = -1, .listener = -1, .ours = -1, .err = PW_ERR_INIT};
	snprintf(c->uri, sizeof(c->uri), "%s:%s/%s", scheme, folder, file);
}

START_TEST(test_a_file_takes_everything_and_answers_nothing)
{
	cable c;
	char buf[16] = "";
	size_t n;
	name(&c, "file", "out.zpl");
	for (int i = 0; i < 2; i++) { /* two jobs: the second behind the first */
		must(&c, pw_transport_open(c.uri, &c.transport, &c.err));
		must(&c, pw_transport_write(c.transport, "^XA^XZ", 6, 0, &n, &c.err));
		ck_assert_uint_eq(n, 6);
		must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 10000, &n, &c.err));
		ck_assert_uint_eq(n, 0);
		must(&c, pw_transport_drain(c.transport, 0, &c.err));
		pw_transport_close(c.transport);
	}
	FILE *f = fopen(c.uri + strlen("file:"), "r");
	ck_assert_uint_eq(fread(buf, 1, sizeof(buf), f), 12);
	ck_assert_mem_eq(buf, "^XA^XZ^XA^XZ", 12);
	fclose(f);
}
END_TEST

START_TEST(test_a_full_disk_is_said_in_its_words)
{
	cable c = {.uri = "file:/dev/full", .err = PW_ERR_INIT};
	size_t n = 9;
	if (access("/dev/full", W_OK) != 0) {
		printf("skipped: there is no /dev/full here\n");
		return;
	}
	must(&c, pw_transport_open(c.uri, &c.transport, &c.err));
	fails(&c, pw_transport_write(c.transport, "x", 1, 1000, &n, &c.err), PW_ERR_IO,
	      "No space left");
	ck_assert_uint_eq(n, 0);
	pw_transport_close(c.transport);
}
END_TEST

START_TEST(test_a_pipe_that_nobody_reads_kills_nobody)
{
	cable c = {.err = PW_ERR_INIT};
	int ends[2];
	size_t n;
	ck_assert_int_eq(pipe(ends), 0);
	snprintf(c.uri, sizeof(c.uri), "fd:%d", ends[1]);
	must(&c, pw_transport_open(c.uri, &c.transport, &c.err));
	must(&c, pw_transport_write(c.transport, "x", 1, 1000, &n, &c.err));
	close(ends[0]);
	fails(&c, pw_transport_write(c.transport, "x", 1, 1000, &n, &c.err), PW_ERR_GONE, "gone");
	fails(&c, pw_transport_reopen(c.transport, &c.err), PW_ERR_NOT_FOUND,
	      "cannot be opened again");
	pw_transport_close(c.transport);
	close(ends[1]);
}
END_TEST

START_TEST(test_a_pipe_without_a_reader_is_no_device)
{
	cable c;
	name(&c, "file", "fifo");
	ck_assert_int_eq(mkfifo(c.uri + strlen("file:"), 0600), 0);
	fails(&c, pw_transport_open(c.uri, &c.transport, &c.err), PW_ERR_NOT_FOUND, c.uri);
}
END_TEST

START_TEST(test_a_descriptor_is_given_back_as_it_was)
{
	cable c = {.err = PW_ERR_INIT};
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	int before = fcntl(ends[0], F_GETFL);
	snprintf(c.uri, sizeof(c.uri), "fd:%d", ends[0]);
	must(&c, pw_transport_open(c.uri, &c.transport, &c.err));
	ck_assert_str_eq(pw_transport_uri(c.transport), c.uri);
	ck_assert_int_eq(pw_transport_fd(c.transport), ends[0]);
	pw_transport_close(c.transport);
	ck_assert_int_eq(fcntl(ends[0], F_GETFL), before);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(test_a_terminal_is_raw_while_it_is_open_and_then_as_before)
{
	cable c;
	struct termios before, during, after;
	if (!cable_open(&c, CABLE_PTY))
		return;
	int fd = open(c.uri + strlen("pty:"), O_RDWR | O_NOCTTY);
	ck_assert_int_eq(tcgetattr(fd, &during), 0);
	ck_assert_uint_eq(during.c_lflag & (ECHO | ICANON | ISIG), 0);
	ck_assert_uint_eq(during.c_oflag & OPOST, 0);
	ck_assert_uint_eq(during.c_cflag & CSIZE, CS8);
	pw_transport_close(c.transport);
	c.transport = NULL;
	ck_assert_int_eq(tcgetattr(fd, &after), 0);
	ck_assert_uint_ne(after.c_lflag & ICANON, 0);
	/* And so again, for whoever opens it twice. */
	must(&c, pw_transport_open(c.uri, &c.transport, &c.err));
	ck_assert_int_eq(tcgetattr(fd, &before), 0);
	ck_assert_uint_eq(before.c_lflag & ICANON, 0);
	close(fd);
	cable_close(&c);
}
END_TEST

START_TEST(test_what_is_no_terminal_is_refused)
{
	cable c;
	name(&c, "pty", "plain");
	fails(&c, pw_transport_open(c.uri, &c.transport, &c.err), PW_ERR_NOT_FOUND, "No such file");
	FILE *f = fopen(c.uri + strlen("pty:"), "w");
	fclose(f);
	fails(&c, pw_transport_open(c.uri, &c.transport, &c.err), PW_ERR_ARG, "no terminal");
}
END_TEST

static const struct {
	const char *uri;
	pw_status status;
	const char *text;
} wrong[] = {
	{"zebra:1", PW_ERR_ARG, "usb:, serial:, tcp:"},
	{"usb:", PW_ERR_ARG, "hexadecimal digits"},
	{"usb:0a5f", PW_ERR_ARG, "hexadecimal digits"},
	{"usb:0a5f:187", PW_ERR_ARG, "hexadecimal digits"},
	{"usb:0a5f:0187x", PW_ERR_ARG, "hexadecimal digits"},
	{"usb: a5f:0187", PW_ERR_ARG, "hexadecimal digits"},
	{"usb:0a5f:0187?interface=256", PW_ERR_ARG, "interface=256"},
	{"usb:0a5f:0187?baud=9600", PW_ERR_ARG, "has no option 'baud'"},
	{"usb:fffe:fffe/NONE", PW_ERR_NOT_FOUND, "device list"},
	{"serial:/dev/none", PW_ERR_NOT_FOUND, "device list"},
	{"serial:/dev/none?baud=fast", PW_ERR_ARG, "baud=fast"},
	{"serial:/dev/none?baud=10", PW_ERR_ARG, "baud=10"},
	{"serial:/dev/none?frame=8n3", PW_ERR_ARG, "frame=8n3"},
	{"serial:/dev/none?frame=9n1", PW_ERR_ARG, "frame=9n1"},
	{"serial:/dev/none?frame=8x1", PW_ERR_ARG, "frame=8x1"},
	{"serial:/dev/none?frame=8n", PW_ERR_ARG, "frame=8n"},
	{"serial:/dev/none?flow=often", PW_ERR_ARG, "flow=often"},
	{"serial:/dev/none?parity=e", PW_ERR_ARG, "has no option 'parity'"},
	{"fd:", PW_ERR_ARG, "fd:5"},
	{"fd:five", PW_ERR_ARG, "fd:5"},
	{"fd:-1", PW_ERR_ARG, "fd:5"},
	{"fd:99999", PW_ERR_NOT_FOUND, "no such descriptor"},
	{"file:", PW_ERR_ARG, "missing"},
	{"file:/none/there", PW_ERR_NOT_FOUND, "No such file"},
	{"file:/tmp", PW_ERR_IO, "directory"},
	{"tcp:localhost:9100?answers=maybe", PW_ERR_ARG, "'answers=maybe' is none of 'yes', 'no'"},
	{"replay:/none/there", PW_ERR_NOT_FOUND, "No such file"},
};

START_TEST(test_an_address_that_leads_nowhere_says_why)
{
	cable c = {.err = PW_ERR_INIT};
	fails(&c, pw_transport_open(wrong[_i].uri, &c.transport, &c.err), wrong[_i].status,
	      wrong[_i].text);
	ck_assert_ptr_null(c.transport);
}
END_TEST

START_TEST(test_every_address_may_have_a_language)
{
	cable c = {.uri = "file:/dev/null?language=zpl", .err = PW_ERR_INIT};
	must(&c, pw_transport_open(c.uri, &c.transport, &c.err));
	ck_assert_str_eq(pw_transport_uri(c.transport), c.uri);
	ck_assert(pw_transport_is_mute(c.transport));
	pw_transport_close(c.transport);
	pw_transport_close(NULL);
}
END_TEST

START_TEST(test_it_can_be_said_that_no_answers_come)
{
	int pair[2];
	char uri[32];
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pipe(pair), 0);
	for (int i = 0; i < 3; i++) {
		static const char *const options[] = {"", "?answers=yes", "?answers=no"};
		pw_transport *transport = NULL;
		snprintf(uri, sizeof(uri), "fd:%d%s", pair[1], options[i]);
		ck_assert_msg(pw_transport_open(uri, &transport, &err) == PW_OK, "%s", err.msg);
		ck_assert_int_eq(pw_transport_is_mute(transport), i == 2);
		pw_transport_close(transport);
	}
	close(pair[0]);
	close(pair[1]);
}
END_TEST

Suite *suite_transport_files(void);

Suite *suite_transport_files(void)
{
	Suite *suite = suite_create("transport_files");
	TCase *tcase = tcase_create("files");
	tcase_add_checked_fixture(tcase, make_folder, remove_folder);
	tcase_add_test(tcase, test_a_file_takes_everything_and_answers_nothing);
	tcase_add_test(tcase, test_a_full_disk_is_said_in_its_words);
	tcase_add_test(tcase, test_a_pipe_that_nobody_reads_kills_nobody);
	tcase_add_test(tcase, test_a_pipe_without_a_reader_is_no_device);
	tcase_add_test(tcase, test_a_descriptor_is_given_back_as_it_was);
	tcase_add_test(tcase, test_a_terminal_is_raw_while_it_is_open_and_then_as_before);
	tcase_add_test(tcase, test_what_is_no_terminal_is_refused);
	tcase_add_loop_test(tcase, test_an_address_that_leads_nowhere_says_why, 0,
			    (int)(sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_test(tcase, test_every_address_may_have_a_language);
	tcase_add_test(tcase, test_it_can_be_said_that_no_answers_come);
	suite_add_tcase(suite, tcase);
	return suite;
}
