#include "tests/qemu/gadget.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usb/g_printer.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define GADGETS "/sys/kernel/config/usb_gadget"
#define WAIT_MS 20000

guest gt;
static int printer_fd = -1;

static void sleep_ms(int ms)
{
	struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
	nanosleep(&t, NULL);
}

void gadget_await(const char *path, bool there)
{
	for (int waited = 0; (access(path, F_OK) == 0) != there; waited += 20) {
		ck_assert_msg(waited < WAIT_MS, "%s does not %s", path, there ? "come" : "go");
		sleep_ms(20);
	}
}

/* Which controller a gadget is plugged into, and what tells that it is. */
typedef struct place {
	const char *name, *controller, *node, *device_node;
} place;

static const place places[] = {
	{"printer", "dummy_udc.0", "/dev/usb/lp0", "/dev/g_printer0"},
	{"scanner", "dummy_udc.1", "/dev/ttyACM0", "/dev/ttyGS0"},
};

static const place *place_of(const char *name)
{
	return strcmp(name, "printer") == 0 ? &places[0] : &places[1];
}

static bool switch_to(const place *p, const char *controller)
{
	char path[128];
	snprintf(path, sizeof(path), GADGETS "/%s/UDC", p->name);
	int fd = open(path, O_WRONLY);
	ck_assert_int_ge(fd, 0);
	bool done = write(fd, controller, strlen(controller)) > 0;
	close(fd);
	return done;
}

void gadget_plug(const char *name)
{
	const place *p = place_of(name);
	if (!switch_to(p, p->controller))
		return; /* it is plugged in */
	gadget_await(p->node, true);
	gadget_await(p->device_node, true);
	ck_assert_int_eq(system("udevadm settle"), 0);
}

void gadget_unplug(const char *name)
{
	const place *p = place_of(name);
	/* The kernel does not survive it open (6.1: its cdev is freed with the function). */
	gadget_printer_close();
	if (!switch_to(p, "\n"))
		return;
	gadget_await(p->node, false);
	ck_assert_int_eq(system("udevadm settle"), 0);
}

int gadget_printer_open(void)
{
	char byte;
	gadget_printer_close();
	int fd = open("/dev/g_printer0", O_RDWR | O_NONBLOCK);
	ck_assert_msg(fd >= 0, "/dev/g_printer0: %s", strerror(errno));
	gadget_printer_status(fd, PRINTER_NOT_ERROR | PRINTER_SELECTED);
	ck_assert_int_eq(read(fd, &byte, 1),
			 -1); /* the gadget takes nothing before it was read from once */
	printer_fd = fd;
	return fd;
}

void gadget_printer_close(void)
{
	if (printer_fd >= 0)
		close(printer_fd);
	printer_fd = -1;
}

void gadget_printer_status(int fd, unsigned char status)
{
	ck_assert_int_ge(ioctl(fd, GADGET_SET_PRINTER_STATUS, (unsigned long)status), 0);
}

size_t gadget_hear(int fd, size_t most, pw_str *out)
{
	static char piece[65536];
	size_t heard = 0;
	for (int waited = 0; heard == 0; waited += 20) {
		ssize_t n;
		ck_assert_msg(waited < WAIT_MS, "nothing comes");
		while (heard < most &&
		       (n = read(fd, piece,
				 most - heard < sizeof(piece) ? most - heard : sizeof(piece))) >
			       0) {
			pw_str_add_n(out, piece, (size_t)n);
			heard += (size_t)n;
		}
		if (heard == 0)
			sleep_ms(20);
	}
	return heard;
}

void gadget_say(int fd, const char *text)
{
	size_t done = 0, n = strlen(text);
	for (int waited = 0; done < n; waited += 20) {
		ssize_t put = write(fd, text + done, n - done);
		if (put > 0)
			done += (size_t)put;
		else
			sleep_ms(20);
		ck_assert_msg(waited < WAIT_MS, "it takes nothing");
	}
}

const char *gadget_run(const char *command)
{
	static char text[16384];
	FILE *f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	int status = pclose(f);
	ck_assert_msg(status == 0, "%s: %d: %s", command, status, text);
	return text;
}

static void set_up(void)
{
	gt = (guest){.err = PW_ERR_INIT};
	gadget_plug("printer");
	gadget_plug("scanner");
}

static void tear_down(void)
{
	pw_transport_close(gt.transport);
	gt.transport = NULL;
	gadget_printer_close();
}

TCase *guest_case(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 0);
	suite_add_tcase(suite, tcase);
	return tcase;
}
