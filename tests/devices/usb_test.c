#include "tests/devices/usb_test.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

usb_test ut;
static pid_t holder;

static void set_up(void)
{
	ut = (usb_test){.bus = mock_bus_new(), .err = PW_ERR_INIT};
	ck_assert_ptr_nonnull(ut.bus);
}

static void tear_down(void)
{
	usb_holder_end();
	pw_transport_close(ut.transport);
	mock_bus_free(ut.bus);
}

TCase *usb_case(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return tcase;
}

void usb_plug(const mock_model *model)
{
	ut.printer = mock_printer_new(ut.bus, model);
}

void usb_open(const mock_model *model)
{
	usb_plug(model);
	must(pw_transport_open(mock_printer_uri(ut.printer), &ut.transport, &ut.err));
}

size_t usb_put(const char *text, int timeout_ms)
{
	size_t n;
	must(pw_transport_write(ut.transport, text, strlen(text), timeout_ms, &n, &ut.err));
	return n;
}

const char *usb_get(size_t size, int timeout_ms)
{
	static char text[1024];
	size_t n;
	ck_assert_uint_lt(size, sizeof(text));
	must(pw_transport_read(ut.transport, text, size, timeout_ms, &n, &ut.err));
	text[n] = '\0';
	return text;
}

void usb_printed(const char *expected)
{
	pw_str all = PW_STR_INIT;
	mock_printer_received(ut.printer, &all);
	ck_assert_str_eq(pw_str_text(&all), expected);
	pw_str_clear(&all);
}

void usb_holder_begin(const char *path)
{
	int ready[2];
	char byte;
	ck_assert_int_eq(pipe(ready), 0);
	holder = fork();
	if (holder == 0) {
		int fd = open(path, O_RDWR);
		(void)!write(ready[1], fd >= 0 ? "y" : "n", 1);
		for (;;)
			pause();
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	ck_assert_msg(byte == 'y', "%s does not open", path);
	close(ready[0]);
	close(ready[1]);
}

void usb_holder_end(void)
{
	if (holder <= 0)
		return;
	kill(holder, SIGKILL);
	waitpid(holder, NULL, 0);
	holder = 0;
}
