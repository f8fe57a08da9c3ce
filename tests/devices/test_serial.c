/* serial: through libserialport, against adaptors that are not there. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "tests/devices/mock_port.h"
#include "tests/devices/usb_test.h"

static mock_port *port;

static void plug(void)
{
	port = mock_port_new(ut.bus, 7, "A9");
}

static void open_with(const char *options)
{
	char uri[128];
	plug();
	snprintf(uri, sizeof(uri), "%s%s", mock_port_uri(port), options);
	must(pw_transport_open(uri, &ut.transport, &ut.err));
}

static void device_says(const char *text)
{
	ck_assert_int_eq(write(mock_port_fd(port), text, strlen(text)), (ssize_t)strlen(text));
}

static void device_hears(const char *text)
{
	char got[256];
	size_t total = 0;
	while (total < strlen(text)) {
		ssize_t n = read(mock_port_fd(port), got + total, strlen(text) - total);
		if (n > 0)
			total += (size_t)n;
	}
	ck_assert_mem_eq(got, text, total);
}

START_TEST(test_bytes_go_and_come)
{
	open_with("");
	ck_assert_int_ge(pw_transport_fd(ut.transport), 0);
	ck_assert_uint_eq(usb_put("!STATUS\r\n", 1000), 9);
	device_hears("!STATUS\r\n");
	must(pw_transport_drain(ut.transport, 5000, &ut.err));
	device_says("OK\r\n>");
	ck_assert_str_eq(usb_get(100, 1000), "OK\r\n>");
	ck_assert_str_eq(usb_get(100, 20), "");
	ck_assert_str_eq(usb_get(100, 0), "");
}
END_TEST

static const struct {
	const char *options;
	mock_lines lines;
} settings[] = {
	{"", {.baud = 9600}},
	{"?baud=19200", {.baud = 19200}},
	{"?frame=8n2", {.baud = 9600, .two_stopbits = true}},
	{"?flow=xonxoff", {.baud = 9600, .xonxoff = true}},
	{"?flow=rtscts", {.baud = 9600}},
};

START_TEST(test_the_port_is_set_up_as_the_address_says)
{
	open_with(settings[_i].options);
	mock_lines lines = mock_port_lines(port), expected = settings[_i].lines;
	ck_assert_int_eq(lines.baud, expected.baud);
	ck_assert_int_eq(lines.two_stopbits, expected.two_stopbits);
	ck_assert_int_eq(lines.xonxoff, expected.xonxoff);
	ck_assert_uint_eq(usb_put("x", 1000), 1);
}
END_TEST

/* What the adaptor cannot do (this one is a pseudo-terminal, which has neither) is no other setting in silence. */
static const struct {
	const char *option, *text;
} impossible[] = {
	{"?frame=7e1", "7e1: Invalid argument"},
	{"?frame=8e1", "8e1: Invalid argument"},
	{"?frame=7n1", "7n1: Invalid argument"},
};

START_TEST(test_a_setting_that_the_adaptor_has_not_is_refused)
{
	char uri[128];
	plug();
	snprintf(uri, sizeof(uri), "%s%s", mock_port_uri(port), impossible[_i].option);
	fails(pw_transport_open(uri, &ut.transport, &ut.err), PW_ERR_IO, impossible[_i].text);
	/* And the port is free again. */
	must(pw_transport_open(mock_port_uri(port), &ut.transport, &ut.err));
}
END_TEST

START_TEST(test_a_port_is_opened_by_the_link_to_it)
{
	plug();
	mock_port_link(port, "usb-FTDI_FT232R_A9-if00-port0");
	must(pw_transport_open("serial:/dev/serial/by-id/usb-FTDI_FT232R_A9-if00-port0",
			       &ut.transport, &ut.err));
	ck_assert_uint_eq(usb_put("x", 1000), 1);
	device_hears("x");
}
END_TEST

START_TEST(test_a_port_is_for_one_program)
{
	pw_transport *second = NULL;
	open_with("");
	fails(pw_transport_open(mock_port_uri(port), &second, &ut.err), PW_ERR_BUSY,
	      "another program holds it");
	ck_assert_ptr_null(second);
	pw_transport_close(ut.transport);
	ut.transport = NULL;
	must(pw_transport_open(mock_port_uri(port), &ut.transport, &ut.err));
}
END_TEST

START_TEST(test_an_unplugged_adaptor_is_gone_and_not_silent)
{
	size_t n;
	char buf[8];
	open_with("");
	mock_port_unplug(port);
	fails(pw_transport_read(ut.transport, buf, sizeof(buf), 1000, &n, &ut.err), PW_ERR_GONE,
	      "serial:/dev/ttyUSB7: it was unplugged");
	fails(pw_transport_reopen(ut.transport, &ut.err), PW_ERR_NOT_FOUND, "device list");
}
END_TEST

START_TEST(test_writing_to_an_unplugged_adaptor_says_so)
{
	size_t n;
	open_with("");
	mock_port_unplug(port);
	fails(pw_transport_write(ut.transport, "x", 1, 1000, &n, &ut.err), PW_ERR_GONE, "gone");
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(test_a_full_line_ends_the_write_and_is_counted)
{
	static char zeros[100000];
	size_t n, heard = 0;
	char piece[4096];
	open_with("");
	must(pw_transport_write(ut.transport, zeros, sizeof(zeros), 30, &n, &ut.err));
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_lt(n, sizeof(zeros));
	for (ssize_t got = 1; got > 0; heard += got > 0 ? (size_t)got : 0)
		got = read(mock_port_fd(port), piece, sizeof(piece));
	ck_assert_uint_eq(heard, n);
}
END_TEST

Suite *suite_serial(void);

Suite *suite_serial(void)
{
	Suite *suite = suite_create("serial");
	TCase *tcase = usb_case(suite, "serial ports");
	tcase_add_test(tcase, test_bytes_go_and_come);
	tcase_add_loop_test(tcase, test_the_port_is_set_up_as_the_address_says, 0,
			    (int)(sizeof(settings) / sizeof(settings[0])));
	tcase_add_loop_test(tcase, test_a_setting_that_the_adaptor_has_not_is_refused, 0,
			    (int)(sizeof(impossible) / sizeof(impossible[0])));
	tcase_add_test(tcase, test_a_port_is_opened_by_the_link_to_it);
	tcase_add_test(tcase, test_a_port_is_for_one_program);
	tcase_add_test(tcase, test_an_unplugged_adaptor_is_gone_and_not_silent);
	tcase_add_test(tcase, test_writing_to_an_unplugged_adaptor_says_so);
	tcase_add_test(tcase, test_a_full_line_ends_the_write_and_is_counted);
	return suite;
}
