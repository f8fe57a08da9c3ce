/* Transports whose other end is in the test's hands: sockets that were given, a pseudo-terminal, TCP. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tests/unit/devices/cable.h"

/* Every kind of cable runs each of these (_i is the kind). */
#define WITH_CABLE(c)                          \
	cable c;                               \
	if (!cable_open(&(c), (cable_kind)_i)) \
	return

START_TEST(test_bytes_come_as_they_are)
{
	WITH_CABLE(c);
	char all[256], got[300];
	size_t n = 0, total = 0;
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	must(&c, pw_transport_write(c.transport, all, sizeof(all), 1000, &n, &c.err));
	ck_assert_uint_eq(n, sizeof(all));
	pw_str heard = PW_STR_INIT;
	while (heard.len < sizeof(all))
		cable_hear(&c, sizeof(all) - heard.len, &heard);
	ck_assert_mem_eq(heard.ptr, all, sizeof(all));
	ck_assert_int_eq(write(c.peer, all, sizeof(all)), sizeof(all));
	while (total < sizeof(all)) {
		must(&c, pw_transport_read(c.transport, got + total, sizeof(got) - total, 1000, &n,
					   &c.err));
		total += n;
	}
	ck_assert_uint_eq(total, sizeof(all));
	ck_assert_mem_eq(got, all, sizeof(all));
	pw_str_clear(&heard);
	cable_close(&c);
}
END_TEST

START_TEST(test_silence_is_no_error)
{
	WITH_CABLE(c);
	char buf[8];
	size_t n = 9;
	must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 0, &n, &c.err));
	ck_assert_uint_eq(n, 0);
	n = 9;
	must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 20, &n, &c.err));
	ck_assert_uint_eq(n, 0);
	cable_close(&c);
}
END_TEST

START_TEST(test_a_read_gives_what_is_there_and_no_more)
{
	WITH_CABLE(c);
	char buf[4];
	size_t n;
	cable_say(&c, "123456");
	must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err));
	ck_assert_uint_eq(n, 4);
	ck_assert_mem_eq(buf, "1234", 4);
	must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err));
	ck_assert_uint_eq(n, 2);
	ck_assert_mem_eq(buf, "56", 2);
	cable_close(&c);
}
END_TEST

START_TEST(test_the_descriptor_becomes_readable_with_the_device)
{
	WITH_CABLE(c);
	struct pollfd p = {.fd = pw_transport_fd(c.transport), .events = POLLIN};
	ck_assert_int_ge(p.fd, 0);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	cable_say(&c, "x");
	ck_assert_int_eq(poll(&p, 1, 60000), 1);
	cable_close(&c);
}
END_TEST

/* Fills the cable; returns how many bytes that took. */
static size_t fill(cable *c)
{
	static const char zeros[65536];
	size_t total = 0, n = 0;
	do {
		must(c, pw_transport_write(c->transport, zeros, sizeof(zeros), 20, &n, &c->err));
		total += n;
	} while (n == sizeof(zeros));
	return total;
}

START_TEST(test_a_device_that_takes_nothing_ends_the_write_in_time)
{
	WITH_CABLE(c);
	size_t n = 9, total = fill(&c);
	ck_assert_uint_gt(total, 0);
	/* Of TCP, acknowledgements of what the small window took may free a little more. */
	while (n > 0)
		must(&c, pw_transport_write(c.transport, "more", 4, 50, &n, &c.err));
	if (c.kind != CABLE_PTY) /* the kernel passes on a pseudo-terminal's bytes as they come */
		fails(&c, pw_transport_drain(c.transport, 10, &c.err), PW_ERR_BUSY, "still wait");
	cable_close(&c);
}
END_TEST

START_TEST(test_what_was_written_can_be_waited_for)
{
	WITH_CABLE(c);
	size_t n;
	pw_str heard = PW_STR_INIT;
	must(&c, pw_transport_write(c.transport, "hello", 5, 1000, &n, &c.err));
	while (heard.len < 5)
		cable_hear(&c, 5, &heard);
	must(&c, pw_transport_drain(c.transport, 60000, &c.err));
	ck_assert_str_eq(pw_str_text(&heard), "hello");
	pw_str_clear(&heard);
	cable_close(&c);
}
END_TEST

START_TEST(test_what_came_before_the_end_is_read)
{
	WITH_CABLE(c);
	char buf[8];
	size_t n;
	cable_say(&c, "last");
	if (c.kind == CABLE_PTY) { /* closing a pseudo-terminal discards what waits in it */
		must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err));
		cable_hang_up(&c);
	} else {
		cable_hang_up(&c);
		must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err));
	}
	ck_assert_uint_eq(n, 4);
	ck_assert_mem_eq(buf, "last", 4);
	fails(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err), PW_ERR_GONE,
	      c.uri);
	ck_assert_uint_eq(n, 0);
	cable_close(&c);
}
END_TEST

START_TEST(test_a_device_that_is_gone_is_not_asked_again)
{
	WITH_CABLE(c);
	char buf[8];
	size_t n = 9;
	uint8_t status;
	cable_hang_up(&c);
	fails(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err), PW_ERR_GONE,
	      c.uri);
	fails(&c, pw_transport_write(c.transport, "x", 1, 1000, &n, &c.err), PW_ERR_GONE,
	      "it is gone");
	ck_assert_uint_eq(n, 0);
	fails(&c, pw_transport_drain(c.transport, 1000, &c.err), PW_ERR_GONE, "it is gone");
	fails(&c, pw_transport_port_status(c.transport, &status, &c.err), PW_ERR_GONE, "gone");
	cable_close(&c);
}
END_TEST

START_TEST(test_a_write_to_a_device_that_hung_up_says_so)
{
	WITH_CABLE(c);
	size_t n = 9;
	cable_hang_up(&c);
	fails(&c, pw_transport_write(c.transport, "x", 1, 1000, &n, &c.err), PW_ERR_GONE, c.uri);
	ck_assert_uint_eq(n, 0);
	cable_close(&c);
}
END_TEST

START_TEST(test_waiting_to_write_ends_when_the_device_hangs_up)
{
	WITH_CABLE(c);
	size_t n = 9;
	fill(&c);
	if (c.kind == CABLE_TCP || c.kind == CABLE_TCP6)
		cable_reset(&c);
	else
		cable_hang_up(&c);
	fails(&c, pw_transport_write(c.transport, "more", 4, 5000, &n, &c.err), PW_ERR_GONE, c.uri);
	cable_close(&c);
}
END_TEST

/* ---- What is counted as taken is what the device has ---- */

/*
 * Writes of random sizes and patience against a device that reads in random pieces, and at last hangs up or not.
 * What it has read is then the beginning of what was counted, to the last byte when it read to the end.
 */
static void run_schedule(cable_kind kind, uint64_t seed)
{
	cable c;
	pw_rng rng;
	pw_str sent = PW_STR_INIT, heard = PW_STR_INIT;
	static char data[40000];
	if (!cable_open(&c, kind))
		return;
	pw_rng_init(&rng, seed);
	for (int step = 0; step < 40; step++) {
		size_t n = 1 + (size_t)pw_rng_below(&rng, sizeof(data)), taken;
		for (size_t i = 0; i < n; i += sizeof(uint64_t)) {
			uint64_t eight = pw_rng_next(&rng);
			memcpy(data + i, &eight, sizeof(eight));
		}
		must(&c, pw_transport_write(c.transport, data, n, (int)pw_rng_below(&rng, 3),
					    &taken, &c.err));
		ck_assert_uint_le(taken, n);
		pw_str_add_n(&sent, data, taken);
		cable_hear(&c, (size_t)pw_rng_below(&rng, 60000), &heard);
		ck_assert_uint_le(heard.len, sent.len);
	}
	bool to_the_end = pw_rng_chance(&rng, 0.7);
	while (to_the_end && heard.len < sent.len) {
		struct pollfd p = {.fd = c.peer, .events = POLLIN};
		ck_assert_msg(poll(&p, 1, 60000) == 1, "seed %d: %zu bytes of %zu never came",
			      (int)seed, sent.len - heard.len, sent.len);
		cable_hear(&c, sent.len, &heard);
	}
	ck_assert_mem_eq(heard.ptr, sent.ptr, heard.len);
	if (to_the_end)
		must(&c, pw_transport_drain(c.transport, 60000, &c.err));
	pw_str_clear(&sent);
	pw_str_clear(&heard);
	cable_close(&c);
}

START_TEST(test_partial_writes_are_counted_exactly)
{
	for (uint64_t seed = 1; seed <= 40; seed++)
		run_schedule((cable_kind)_i, seed);
}
END_TEST

/* ---- Signals ---- */

static void on_signal(int number)
{
	(void)number;
}

typedef struct storm {
	pthread_t target;
	volatile sig_atomic_t over;
} storm;

static void *raise_storm(void *ctx)
{
	storm *s = ctx;
	const struct timespec pause = {0, 200000};
	while (!s->over) {
		pthread_kill(s->target, SIGUSR1);
		nanosleep(&pause, NULL);
	}
	return NULL;
}

START_TEST(test_signals_interrupt_nothing)
{
	WITH_CABLE(c);
	char buf[8];
	size_t n;
	pthread_t thread;
	storm s = {pthread_self(), 0};
	struct sigaction action = {.sa_handler = on_signal};
	ck_assert_int_eq(sigaction(SIGUSR1, &action, NULL), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, raise_storm, &s), 0);
	must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 50, &n, &c.err));
	ck_assert_uint_eq(n, 0);
	fill(&c);
	cable_say(&c, "x");
	must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err));
	ck_assert_uint_eq(n, 1);
	s.over = 1;
	pthread_join(thread, NULL);
	cable_close(&c);
}
END_TEST

START_TEST(test_only_usb_printers_have_a_port_status)
{
	WITH_CABLE(c);
	uint8_t status;
	pw_str id = PW_STR_INIT;
	fails(&c, pw_transport_port_status(c.transport, &status, &c.err), PW_ERR_NOT_FOUND,
	      "no port status");
	fails(&c, pw_transport_device_id(c.transport, &id, &c.err), PW_ERR_NOT_FOUND,
	      "no device id");
	fails(&c, pw_transport_soft_reset(c.transport, &c.err), PW_ERR_NOT_FOUND, "no soft reset");
	cable_close(&c);
}
END_TEST

Suite *suite_transport_cables(void);

/* Once for each kind of cable. */
static void add(Suite *suite, const char *name, const TTest *test)
{
	TCase *tcase = tcase_create(name);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test, 0, CABLE_KINDS);
	suite_add_tcase(suite, tcase);
}

Suite *suite_transport_cables(void)
{
	Suite *suite = suite_create("transport_cables");
	add(suite, "bytes", test_bytes_come_as_they_are);
	add(suite, "silence", test_silence_is_no_error);
	add(suite, "what is there", test_a_read_gives_what_is_there_and_no_more);
	add(suite, "poll", test_the_descriptor_becomes_readable_with_the_device);
	add(suite, "full", test_a_device_that_takes_nothing_ends_the_write_in_time);
	add(suite, "drain", test_what_was_written_can_be_waited_for);
	add(suite, "last words", test_what_came_before_the_end_is_read);
	add(suite, "gone", test_a_device_that_is_gone_is_not_asked_again);
	add(suite, "hung up", test_a_write_to_a_device_that_hung_up_says_so);
	add(suite, "hung up in a write", test_waiting_to_write_ends_when_the_device_hangs_up);
	add(suite, "counted", test_partial_writes_are_counted_exactly);
	add(suite, "signals", test_signals_interrupt_nothing);
	add(suite, "printer class", test_only_usb_printers_have_a_port_status);
	return suite;
}
