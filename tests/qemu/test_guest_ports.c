/* serial: and the kernel's own drivers of serial adaptors, in the guest: cdc-acm to a gadget, ftdi_sio to QEMU's. */
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "devices/transport/devices.h"
#include "tests/qemu/gadget.h"

/* The other ends: the gadget's, and the second serial port, which QEMU joins to the FTDI adaptor. */
static const struct {
	const char *node, *other_end, *by_id;
} adaptors[] = {
	{"/dev/ttyACM0", "/dev/ttyGS0", "/dev/serial/by-id/usb-Symbol_CDC_Scanner_SCN0001-if00"},
	{"/dev/ttyUSB0", "/dev/ttyS1", "/dev/serial/by-id/usb-QEMU_QEMU_USB_SERIAL"},
};

static int open_other_end(int which)
{
	struct termios mode;
	int fd = open(adaptors[which].other_end, O_RDWR | O_NOCTTY | O_NONBLOCK);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(tcgetattr(fd, &mode), 0);
	mode.c_iflag = 0;
	mode.c_oflag = 0;
	mode.c_lflag = 0;
	mode.c_cflag = CS8 | CREAD | CLOCAL;
	cfsetispeed(&mode, B9600);
	cfsetospeed(&mode, B9600);
	ck_assert_int_eq(tcsetattr(fd, TCSAFLUSH, &mode), 0);
	return fd;
}

static void open_with(int which, const char *options)
{
	char uri[128];
	snprintf(uri, sizeof(uri), "serial:%s%s", adaptors[which].node, options);
	must(pw_transport_open(uri, &gt.transport, &gt.err));
}

/* Both ways, whole. */
static void talk(int fd)
{
	char buf[64];
	size_t n, total = 0;
	pw_str heard = PW_STR_INIT;
	must(pw_transport_write(gt.transport, "!STATUS\r\n", 9, 5000, &n, &gt.err));
	ck_assert_uint_eq(n, 9);
	while (heard.len < 9)
		gadget_hear(fd, 9 - heard.len, &heard);
	ck_assert_str_eq(pw_str_text(&heard), "!STATUS\r\n");
	must(pw_transport_drain(gt.transport, 5000, &gt.err));
	gadget_say(fd, "OK\r\n>");
	while (total < 5) {
		must(pw_transport_read(gt.transport, buf + total, sizeof(buf) - total, 5000, &n,
				       &gt.err));
		ck_assert_uint_gt(n, 0);
		total += n;
	}
	ck_assert_mem_eq(buf, "OK\r\n>", 5);
	pw_str_clear(&heard);
}

START_TEST(test_bytes_go_and_come)
{
	int fd = open_other_end(_i);
	open_with(_i, "");
	talk(fd);
	close(fd);
}
END_TEST

/* What pseudo-terminals do not have: the frames and flows of real adaptors. */
static const char *const options[] = {
	"?frame=7e1", "?frame=8o2&baud=19200", "?frame=7n2", "?flow=xonxoff", "?baud=115200",
};

START_TEST(test_real_adaptors_take_every_frame)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		int fd = open_other_end(_i);
		open_with(_i, options[i]);
		if (strstr(options[i], "frame") == NULL || _i == 0)
			talk(fd);
		pw_transport_close(gt.transport);
		gt.transport = NULL;
		close(fd);
	}
}
END_TEST

START_TEST(test_they_are_listed_by_names_that_last)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_device *list;
	size_t count;
	const pw_device *found = NULL;
	must(pw_device_list(&arena, &list, &count, &gt.err));
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].node, adaptors[_i].node) == 0)
			found = &list[i];
	ck_assert_ptr_nonnull(found);
	ck_assert_msg(strncmp(found->uri + strlen("serial:"), adaptors[_i].by_id,
			      strlen(adaptors[_i].by_id)) == 0,
		      "%s", found->uri);
	ck_assert_int_ne(found->vendor, -1);
	must(pw_transport_open(found->uri, &gt.transport, &gt.err));
	int fd = open_other_end(_i);
	talk(fd);
	close(fd);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_a_port_is_for_one_program)
{
	pw_transport *second = NULL;
	open_with(_i, "");
	char uri[64];
	snprintf(uri, sizeof(uri), "serial:%s", adaptors[_i].node);
	fails(pw_transport_open(uri, &second, &gt.err), PW_ERR_BUSY, "another program holds it");
}
END_TEST

START_TEST(test_an_unplugged_adaptor_is_gone_and_comes_back)
{
	char buf[8];
	size_t n;
	open_with(0, "");
	gadget_unplug("scanner");
	fails(pw_transport_read(gt.transport, buf, sizeof(buf), 5000, &n, &gt.err), PW_ERR_GONE,
	      "unplugged");
	fails(pw_transport_write(gt.transport, "x", 1, 5000, &n, &gt.err), PW_ERR_GONE, "gone");
	fails(pw_transport_reopen(gt.transport, &gt.err), PW_ERR_NOT_FOUND, "device list");
	gadget_plug("scanner");
	must(pw_transport_reopen(gt.transport, &gt.err));
	int fd = open_other_end(0);
	talk(fd);
	close(fd);
}
END_TEST

START_TEST(test_a_scanner_is_heard)
{
	char line[64];
	size_t n, total = 0;
	int fd = open_other_end(0);
	open_with(0, "");
	for (int i = 0; i < 20; i++)
		gadget_say(fd, "]d1SZT00000124M\r");
	while (total < 20 * 16) {
		must(pw_transport_read(gt.transport, line, sizeof(line), 5000, &n, &gt.err));
		ck_assert_uint_gt(n, 0);
		for (size_t i = 0; i < n; i++)
			ck_assert_int_eq(line[i], "]d1SZT00000124M\r"[(total + i) % 16]);
		total += n;
	}
	close(fd);
}
END_TEST

Suite *suite_guest_ports(void);

Suite *suite_guest_ports(void)
{
	Suite *suite = suite_create("guest_ports");
	TCase *tcase = guest_case(suite, "ports");
	tcase_add_loop_test(tcase, test_bytes_go_and_come, 0, 2);
	tcase_add_loop_test(tcase, test_real_adaptors_take_every_frame, 0, 2);
	tcase_add_loop_test(tcase, test_they_are_listed_by_names_that_last, 0, 2);
	tcase_add_loop_test(tcase, test_a_port_is_for_one_program, 0, 2);
	tcase_add_test(tcase, test_an_unplugged_adaptor_is_gone_and_comes_back);
	tcase_add_test(tcase, test_a_scanner_is_heard);
	return suite;
}
