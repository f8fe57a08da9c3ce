/* What is particular to network printers: addresses, refusals, and a farewell that loses nothing. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/devices/cable.h"

START_TEST(test_a_refusal_speaks_of_other_programs)
{
	cable c = {.err = PW_ERR_INIT};
	int port;
	close(cable_listen(AF_INET, &port));
	snprintf(c.uri, sizeof(c.uri), "tcp:127.0.0.1:%d", port);
	fails(&c, pw_transport_open(c.uri, &c.transport, &c.err), PW_ERR_BUSY,
	      "another program holds the printer");
	fails(&c, pw_transport_open(c.uri, &c.transport, &c.err), PW_ERR_BUSY, c.uri);
}
END_TEST

/* A listener whose queue is full drops who knocks, as a switched-off printer does. */
START_TEST(test_a_printer_that_does_not_answer_is_given_up)
{
	cable c = {.err = PW_ERR_INIT};
	int port, knocking[4];
	int listener = cable_listen(AF_INET, &port);
	ck_assert_int_eq(listen(listener, 0), 0);
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	for (int i = 0; i < 4; i++) {
		knocking[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		int rc = connect(knocking[i], (struct sockaddr *)&to, sizeof(to));
		ck_assert(rc == 0 || errno == EINPROGRESS);
	}
	snprintf(c.uri, sizeof(c.uri), "tcp:127.0.0.1:%d?wait=60", port);
	fails(&c, pw_transport_open(c.uri, &c.transport, &c.err), PW_ERR_NOT_FOUND,
	      "nobody answers");
	for (int i = 0; i < 4; i++)
		close(knocking[i]);
	close(listener);
}
END_TEST

static const struct {
	const char *uri, *text;
} wrong[] = {
	{"tcp:", "the name or address of the printer is missing"},
	{"tcp::9100", "the name or address of the printer is missing"},
	{"tcp:fe80::1:9100", "in brackets"},
	{"tcp:[fe80::1", "in brackets"},
	{"tcp:[fe80::1]9100", "in brackets"},
	{"tcp:printer:", "'' is no port"},
	{"tcp:printer:http", "'http' is no port"},
	{"tcp:printer:123456", "is no port"},
	{"tcp:printer:9100?wait=soon", "wait=soon"},
	{"tcp:printer:9100?wait=0", "wait=0"},
	{"tcp:printer:9100?baud=9600", "has no option 'baud'"},
};

START_TEST(test_addresses_that_make_no_sense_are_refused)
{
	cable c = {.err = PW_ERR_INIT};
	fails(&c, pw_transport_open(wrong[_i].uri, &c.transport, &c.err), PW_ERR_ARG,
	      wrong[_i].text);
}
END_TEST

/* Reads to the end, and then hangs up: a printer. */
static void *print(void *ctx)
{
	cable *c = ctx;
	char piece[4096];
	ssize_t n;
	size_t total = 0;
	ck_assert_int_eq(fcntl(c->peer, F_SETFL, 0), 0);
	while ((n = read(c->peer, piece, sizeof(piece))) > 0)
		total += (size_t)n;
	cable_hang_up(c);
	/* -1 when the connection was torn instead of ended. */
	return (void *)(n == 0 ? (intptr_t)total : (intptr_t)-1);
}

START_TEST(test_closing_loses_nothing_that_was_written)
{
	cable c;
	static char job[20000];
	size_t n;
	pthread_t printer;
	void *printed;
	if (!cable_open(&c, CABLE_TCP))
		return;
	/* Unread bytes at a close are what makes the kernel tear the connection. */
	cable_say(&c, "a status that nobody reads");
	ck_assert_int_eq(pthread_create(&printer, NULL, print, &c), 0);
	must(&c, pw_transport_write(c.transport, job, sizeof(job), 5000, &n, &c.err));
	pw_transport_close(c.transport);
	c.transport = NULL;
	pthread_join(printer, &printed);
	ck_assert_int_eq((intptr_t)printed, (intptr_t)n);
	ck_assert_uint_eq(n, sizeof(job));
	cable_close(&c);
}
END_TEST

START_TEST(test_a_printer_that_talks_without_end_does_not_hold_up_the_close)
{
	cable c;
	static char noise[4096];
	if (!cable_open(&c, CABLE_TCP))
		return;
	while (write(c.peer, noise, sizeof(noise)) > 0)
		;
	pw_transport_close(c.transport);
	c.transport = NULL;
	cable_close(&c);
}
END_TEST

START_TEST(test_a_printer_is_found_again_after_it_hung_up)
{
	cable c;
	char buf[8];
	size_t n;
	pw_str heard = PW_STR_INIT;
	if (!cable_open(&c, CABLE_TCP))
		return;
	cable_hang_up(&c);
	fails(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err), PW_ERR_GONE,
	      "closed the connection");
	must(&c, pw_transport_reopen(c.transport, &c.err));
	cable_accept(&c);
	must(&c, pw_transport_write(c.transport, "again", 5, 1000, &n, &c.err));
	while (heard.len < 5)
		cable_hear(&c, 5 - heard.len, &heard);
	ck_assert_str_eq(pw_str_text(&heard), "again");
	pw_str_clear(&heard);
	cable_close(&c);
}
END_TEST

START_TEST(test_a_reset_is_a_device_that_is_gone)
{
	cable c;
	char buf[8];
	size_t n;
	if (!cable_open(&c, CABLE_TCP))
		return;
	cable_reset(&c);
	fails(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err), PW_ERR_GONE,
	      "Connection reset");
	close(c.listener);
	c.listener = -1;
	fails(&c, pw_transport_reopen(c.transport, &c.err), PW_ERR_BUSY, "refused");
	fails(&c, pw_transport_write(c.transport, "x", 1, 0, &n, &c.err), PW_ERR_GONE, "gone");
	cable_close(&c);
}
END_TEST

Suite *suite_transport_tcp(void);

Suite *suite_transport_tcp(void)
{
	Suite *suite = suite_create("transport_tcp");
	TCase *tcase = tcase_create("tcp");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_a_refusal_speaks_of_other_programs);
	tcase_add_test(tcase, test_a_printer_that_does_not_answer_is_given_up);
	tcase_add_loop_test(tcase, test_addresses_that_make_no_sense_are_refused, 0,
			    (int)(sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_test(tcase, test_closing_loses_nothing_that_was_written);
	tcase_add_test(tcase, test_a_printer_that_talks_without_end_does_not_hold_up_the_close);
	tcase_add_test(tcase, test_a_printer_is_found_again_after_it_hung_up);
	tcase_add_test(tcase, test_a_reset_is_a_device_that_is_gone);
	suite_add_tcase(suite, tcase);
	return suite;
}
