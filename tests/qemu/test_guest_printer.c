/* usb: and the kernel's own printer class device, in the guest. */
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "devices/transport/devices.h"
#include "tests/qemu/gadget.h"

#define ID "MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD421-300dpi ZPL;CLS:PRINTER"

/* The only USB printer of the list. */
static pw_device *listed(pw_arena *arena)
{
	pw_device *list, *printer = NULL;
	size_t count;
	must(pw_device_list(arena, &list, &count, &gt.err));
	for (size_t i = 0; i < count; i++)
		if (list[i].kind == PW_DEVICE_USB_PRINTER) {
			ck_assert_ptr_null(printer);
			printer = &list[i];
		}
	ck_assert_ptr_nonnull(printer);
	return printer;
}

START_TEST(test_it_is_listed_with_all_that_it_tells)
{
	pw_arena arena = PW_ARENA_INIT;
	const pw_device *d = listed(&arena);
	ck_assert_str_eq(d->uri, PRINTER_URI);
	ck_assert_str_eq(d->maker, "Zebra Technologies");
	ck_assert_str_eq(d->model, "ZTC ZD421-300dpi ZPL");
	ck_assert_str_eq(d->serial, "D2J 2047/00001");
	ck_assert_str_eq(d->driver, "usblp");
	ck_assert_str_eq(d->trouble, "");
	/* The kernel's gadget forgets the two bytes of the length, and so cuts the last of the id's. */
	ck_assert_msg(strncmp(d->device_id, ID, strlen(ID)) == 0, "%s", d->device_id);
	const char *shown = gadget_run("/bin/poolwell device list -q");
	ck_assert_msg(strstr(shown, PRINTER_URI) != NULL, "%s", shown);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_the_kernel_gets_its_driver_back)
{
	pw_arena arena = PW_ARENA_INIT;
	for (int i = 0; i < 3; i++) {
		must(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err));
		gadget_await("/dev/usb/lp0", false);
		ck_assert_str_eq(listed(&arena)->driver, "usbfs");
		pw_transport_close(gt.transport);
		gt.transport = NULL;
		gadget_await("/dev/usb/lp0", true);
		ck_assert_str_eq(listed(&arena)->driver, "usblp");
	}
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_the_printer_class_is_answered_by_the_kernel)
{
	static const unsigned char statuses[] = {0x18, 0x30, 0x10, 0x00};
	pw_str id = PW_STR_INIT;
	uint8_t status;
	int fd = gadget_printer_open();
	must(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err));
	must(pw_transport_device_id(gt.transport, &id, &gt.err));
	ck_assert_msg(strncmp(pw_str_text(&id), ID, strlen(ID)) == 0, "%s", pw_str_text(&id));
	for (size_t i = 0; i < sizeof(statuses); i++) {
		gadget_printer_status(fd, statuses[i]);
		must(pw_transport_port_status(gt.transport, &status, &gt.err));
		ck_assert_uint_eq(status, statuses[i]);
	}
	must(pw_transport_soft_reset(gt.transport, &gt.err));
	pw_str_clear(&id);
}
END_TEST

START_TEST(test_bytes_go_and_come)
{
	char buf[512];
	size_t n, total = 0;
	pw_str heard = PW_STR_INIT;
	int fd = gadget_printer_open();
	must(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err));
	must(pw_transport_read(gt.transport, buf, sizeof(buf), 0, &n, &gt.err));
	ck_assert_uint_eq(n, 0);
	must(pw_transport_write(gt.transport, "~HS", 3, 5000, &n, &gt.err));
	ck_assert_uint_eq(n, 3);
	gadget_hear(fd, 3, &heard);
	ck_assert_str_eq(pw_str_text(&heard), "~HS");
	gadget_say(fd, "\002030,0,0\003\r\n\002001,0,0\003\r\n");
	while (total < 22) {
		must(pw_transport_read(gt.transport, buf + total, 22 - total, 5000, &n, &gt.err));
		total += n;
	}
	ck_assert_mem_eq(buf, "\002030,0,0\003\r\n\002001,0,0\003\r\n", 22);
	pw_str_clear(&heard);
}
END_TEST

START_TEST(test_a_large_job_goes_through)
{
	static char job[300000];
	size_t n, sent = 0;
	pw_str heard = PW_STR_INIT;
	int fd = gadget_printer_open();
	for (size_t i = 0; i < sizeof(job); i++)
		job[i] = (char)(i * 7);
	must(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err));
	while (heard.len < sizeof(job)) {
		must(pw_transport_write(gt.transport, job + sent, sizeof(job) - sent, 200, &n,
					&gt.err));
		sent += n;
		gadget_hear(fd, sizeof(job), &heard);
	}
	ck_assert_uint_eq(sent, sizeof(job));
	ck_assert_mem_eq(heard.ptr, job, sizeof(job));
	pw_str_clear(&heard);
}
END_TEST

/*
 * A printer that takes what it likes: the kernel cancels what it has not, and its count of what went through is the
 * truth, to the byte.
 */
static void run_schedule(uint64_t seed)
{
	static char data[60000];
	pw_rng rng;
	pw_str sent = PW_STR_INIT, heard = PW_STR_INIT;
	pw_rng_init(&rng, seed);
	int fd = gadget_printer_open();
	must(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err));
	for (int step = 0; step < 12; step++) {
		size_t n = 1 + (size_t)pw_rng_below(&rng, sizeof(data)), taken;
		for (size_t i = 0; i < n; i++)
			data[i] = (char)pw_rng_next(&rng);
		must(pw_transport_write(gt.transport, data, n, (int)pw_rng_below(&rng, 60), &taken,
					&gt.err));
		pw_str_add_n(&sent, data, taken);
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (poll(&p, 1, 0) == 1 && pw_rng_chance(&rng, 0.7))
			gadget_hear(fd, (size_t)1 + (size_t)pw_rng_below(&rng, 80000), &heard);
		ck_assert_uint_le(heard.len, sent.len);
	}
	while (heard.len < sent.len)
		gadget_hear(fd, sent.len - heard.len, &heard);
	ck_assert_mem_eq(heard.ptr, sent.ptr, sent.len);
	pw_str_clear(&sent);
	pw_str_clear(&heard);
	pw_transport_close(gt.transport);
	gt.transport = NULL;
	gadget_printer_close();
	gadget_await("/dev/usb/lp0", true);
}

START_TEST(test_partial_writes_are_counted_exactly)
{
	for (uint64_t seed = 1; seed <= 20; seed++)
		run_schedule(seed);
}
END_TEST

/* ---- The cable ---- */

START_TEST(test_a_pulled_cable_is_a_device_that_is_gone)
{
	char buf[64];
	size_t n;
	uint8_t status;
	pw_str heard = PW_STR_INIT;
	must(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err));
	gadget_unplug("printer");
	fails(pw_transport_read(gt.transport, buf, sizeof(buf), 5000, &n, &gt.err), PW_ERR_GONE,
	      "gone");
	fails(pw_transport_port_status(gt.transport, &status, &gt.err), PW_ERR_GONE, "gone");
	fails(pw_transport_reopen(gt.transport, &gt.err), PW_ERR_NOT_FOUND, "device list");
	gadget_plug("printer");
	must(pw_transport_reopen(gt.transport, &gt.err));
	int fd = gadget_printer_open();
	must(pw_transport_write(gt.transport, "again", 5, 5000, &n, &gt.err));
	gadget_hear(fd, 5, &heard);
	ck_assert_str_eq(pw_str_text(&heard), "again");
	pw_str_clear(&heard);
}
END_TEST

/* Another process pulls the cable while this one waits in a write that the printer does not take. */
START_TEST(test_waiting_ends_when_the_cable_is_pulled)
{
	static char zeros[1 << 20];
	size_t n;
	must(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err));
	pid_t child = fork();
	if (child == 0) {
		sleep(1);
		_exit(system("echo '' >/sys/kernel/config/usb_gadget/printer/UDC"));
	}
	fails(pw_transport_write(gt.transport, zeros, sizeof(zeros), 60000, &n, &gt.err),
	      PW_ERR_GONE, "gone");
	ck_assert_uint_lt(n, sizeof(zeros));
	waitpid(child, NULL, 0);
}
END_TEST

/* ---- Others ---- */

/* Runs `work` in another process, which then waits; returns its number once `work` is done. */
static pid_t elsewhere(void (*work)(void))
{
	int ready[2];
	char byte;
	ck_assert_int_eq(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		work();
		(void)!write(ready[1], "r", 1);
		for (;;)
			pause();
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return child;
}

static void end_elsewhere(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void open_by_libusb(void)
{
	must(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err));
}

static void open_by_usblp(void)
{
	ck_assert_int_ge(open("/dev/usb/lp0", O_WRONLY), 0);
}

START_TEST(test_who_holds_it_is_named)
{
	char name[64];
	pid_t child = elsewhere(open_by_libusb);
	snprintf(name, sizeof(name), "held by test_guest (process %ld)", (long)child);
	fails(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err), PW_ERR_BUSY, name);
	end_elsewhere(child);
	must(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err));
	pw_transport_close(gt.transport);
	gt.transport = NULL;
	gadget_await("/dev/usb/lp0", true);
	child = elsewhere(open_by_usblp);
	snprintf(name, sizeof(name), "held by test_guest (process %ld), through usblp",
		 (long)child);
	fails(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err), PW_ERR_BUSY, name);
	end_elsewhere(child);
	must(pw_transport_open(PRINTER_URI, &gt.transport, &gt.err));
}
END_TEST

/* The exit code of opening the printer as nobody, with these groups. */
static int open_as_nobody(const gid_t *groups, size_t count, const char *expected)
{
	pid_t child = fork();
	if (child == 0) {
		bool dropped =
			setgroups(count, groups) == 0 && setgid(65534) == 0 && setuid(65534) == 0;
		pw_status rc = pw_transport_open(PRINTER_URI, &gt.transport, &gt.err);
		bool said = rc == PW_OK ? expected == NULL
					: expected != NULL && strstr(gt.err.msg, expected) != NULL;
		if (!dropped || !said)
			fprintf(stderr, "as nobody: %s: %s\n", pw_status_name(rc), gt.err.msg);
		pw_transport_close(gt.transport);
		_exit(dropped && said ? 0 : 1);
	}
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

/* udev has run the rules of the tree. */
START_TEST(test_the_rules_let_the_group_and_nobody_else)
{
	const gid_t lp = 7;
	pw_arena arena = PW_ARENA_INIT;
	char command[128];
	const pw_device *d = listed(&arena);
	snprintf(command, sizeof(command), "stat -c '%%a %%G' %s", d->node);
	ck_assert_str_eq(gadget_run(command), "660 lp\n");
	snprintf(command, sizeof(command), "udevadm info -q property -n %s | grep TAGS", d->node);
	ck_assert_ptr_nonnull(strstr(gadget_run(command), ":uaccess:"));
	ck_assert_str_eq(gadget_run("stat -c '%a %G' /dev/usb/lp0"), "660 lp\n");
	ck_assert_int_eq(open_as_nobody(NULL, 0, "no permission for /dev/bus/usb/"), 0);
	ck_assert_int_eq(open_as_nobody(&lp, 1, NULL), 0);
	gadget_await("/dev/usb/lp0", true);
	/* Whom nobody may see in /proc, usblp still tells of. */
	pid_t child = elsewhere(open_by_usblp);
	ck_assert_int_eq(open_as_nobody(&lp, 1, "held by another program, through usblp"), 0);
	end_elsewhere(child);
	pw_arena_clear(&arena);
}
END_TEST

Suite *suite_guest_printer(void);

Suite *suite_guest_printer(void)
{
	Suite *suite = suite_create("guest_printer");
	TCase *bytes = guest_case(suite, "bytes");
	tcase_add_test(bytes, test_it_is_listed_with_all_that_it_tells);
	tcase_add_test(bytes, test_the_kernel_gets_its_driver_back);
	tcase_add_test(bytes, test_the_printer_class_is_answered_by_the_kernel);
	tcase_add_test(bytes, test_bytes_go_and_come);
	tcase_add_test(bytes, test_a_large_job_goes_through);
	tcase_add_test(bytes, test_partial_writes_are_counted_exactly);
	TCase *cable = guest_case(suite, "the cable");
	tcase_add_test(cable, test_a_pulled_cable_is_a_device_that_is_gone);
	tcase_add_test(cable, test_waiting_ends_when_the_cable_is_pulled);
	TCase *others = guest_case(suite, "others");
	tcase_add_test(others, test_who_holds_it_is_named);
	tcase_add_test(others, test_the_rules_let_the_group_and_nobody_else);
	return suite;
}
