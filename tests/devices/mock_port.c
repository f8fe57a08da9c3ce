#include "tests/devices/mock_port.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "tests/devices/mock_bus.h"

struct mock_port {
	struct mock_port *next;
	mock_bus *bus;
	char uri[64], node[32], sysfs[96];
	int number, fd;
	pthread_mutex_t lock;
	int modem; /* TIOCM_… */
	UMockdevIoctlBase *handler;
};

/* ---- Lines ---- */

static void answer_int(UMockdevIoctlClient *client, UMockdevIoctlData *arg, int value)
{
	UMockdevIoctlData *data = umockdev_ioctl_data_resolve(arg, 0, sizeof(int), NULL);
	*(int *)(void *)data->data = value;
	umockdev_ioctl_client_complete(client, 0, 0);
	g_object_unref(data);
}

static int take_int(UMockdevIoctlClient *client, UMockdevIoctlData *arg)
{
	UMockdevIoctlData *data = umockdev_ioctl_data_resolve(arg, 0, sizeof(int), NULL);
	int value = *(int *)(void *)data->data;
	umockdev_ioctl_client_complete(client, 0, 0);
	g_object_unref(data);
	return value;
}

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer ctx)
{
	mock_port *p = ctx;
	UMockdevIoctlData *arg = umockdev_ioctl_client_get_arg(client);
	int code = 0, rc;
	(void)base;
	pthread_mutex_lock(&p->lock);
	switch (umockdev_ioctl_client_get_request(client)) {
	case TIOCMGET:
		answer_int(client, arg, p->modem);
		break;
	case TIOCMSET:
		p->modem = take_int(client, arg);
		break;
	case TIOCMBIS:
		p->modem |= take_int(client, arg);
		break;
	case TIOCMBIC:
		p->modem &= ~take_int(client, arg);
		break;
	case TCGETX: /* what a driver without it says */
		umockdev_ioctl_client_complete(client, -1, EINVAL);
		break;
	default: /* the pseudo-terminal's own business */
		rc = umockdev_ioctl_client_execute(client, &code, NULL);
		umockdev_ioctl_client_complete(client, rc, code);
	}
	pthread_mutex_unlock(&p->lock);
	return TRUE;
}

mock_lines mock_port_lines(const mock_port *p)
{
	struct termios mode;
	mock_lines lines = {0};
	PW_BUG_IF(tcgetattr(p->fd, &mode) != 0);
	speed_t speed = cfgetospeed(&mode);
	lines.baud = speed == B19200 ? 19200 : speed == B9600 ? 9600 : 0;
	lines.xonxoff = (mode.c_iflag & (IXON | IXOFF)) == (IXON | IXOFF);
	lines.two_stopbits = (mode.c_cflag & CSTOPB) != 0;
	return lines;
}

/* ---- Being plugged in ---- */

static void describe(const mock_port *p, const char *serial, pw_str *out)
{
	int n = p->number;
	pw_str_addf(out,
		    "P: %s\nN: bus/usb/001/%03d\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n"
		    "E: BUSNUM=001\nE: DEVNUM=%03d\nA: idVendor=0403\\n\nA: idProduct=6001\\n\n"
		    "A: busnum=1\\n\nA: devnum=%d\\n\nA: manufacturer=FTDI\\n\n"
		    "A: product=FT232R USB UART\\n\nA: serial=%s\\n\nA: bDeviceClass=00\\n\n\n",
		    p->sysfs, 100 + n, 100 + n, 100 + n, serial);
	pw_str_addf(out,
		    "P: %s/1-%d:1.0\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\n"
		    "A: bInterfaceNumber=00\\n\n\n",
		    p->sysfs, n);
	pw_str_addf(out,
		    "P: %s/1-%d:1.0/ttyUSB%d\nE: SUBSYSTEM=usb-serial\nA: port_number=0\\n\n\n",
		    p->sysfs, n, n);
	pw_str_addf(out,
		    "P: %s/1-%d:1.0/ttyUSB%d/tty/ttyUSB%d\nN: ttyUSB%d\nE: SUBSYSTEM=tty\n"
		    "E: DEVNAME=/dev/ttyUSB%d\nE: MAJOR=188\nE: MINOR=%d\n"
		    "L: device=../../../ttyUSB%d\n",
		    p->sysfs, n, n, n, n, n, n, n);
}

mock_port *mock_port_new(mock_bus *bus, int number, const char *serial)
{
	pw_str text = PW_STR_INIT;
	mock_port *p = pw_alloc(sizeof(*p));
	p->bus = bus;
	p->number = number;
	p->modem = TIOCM_CTS | TIOCM_DSR | TIOCM_CAR;
	pthread_mutex_init(&p->lock, NULL);
	snprintf(p->node, sizeof(p->node), "/dev/ttyUSB%d", number);
	snprintf(p->uri, sizeof(p->uri), "serial:%s", p->node);
	snprintf(p->sysfs, sizeof(p->sysfs), "/devices/pci0000:00/0000:00:14.0/usb1/1-%d", number);
	describe(p, serial, &text);
	mock_bus_add(bus, pw_str_text(&text));
	p->fd = umockdev_testbed_get_dev_fd(bus->testbed, p->node);
	PW_BUG_IF(p->fd < 0 || fcntl(p->fd, F_SETFL, O_NONBLOCK) != 0);
	p->handler = umockdev_ioctl_base_new();
	g_signal_connect(p->handler, "handle-ioctl", G_CALLBACK(on_ioctl), p);
	mock_bus_attach(bus, p->node, p->handler);
	p->next = bus->ports;
	bus->ports = p;
	pw_str_clear(&text);
	return p;
}

void mock_port_link(mock_port *p, const char *name)
{
	static const char *const folders[] = {"/dev/serial", "/dev/serial/by-id"};
	char path[512], target[64];
	gchar *root = umockdev_testbed_get_root_dir(p->bus->testbed);
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s%s", root, folders[i]);
		PW_BUG_IF(mkdir(path, 0755) != 0 && errno != EEXIST);
	}
	snprintf(path, sizeof(path), "%s/dev/serial/by-id/%s", root, name);
	snprintf(target, sizeof(target), "../../ttyUSB%d", p->number);
	PW_BUG_IF(symlink(target, path) != 0);
	g_free(root);
}

void mock_port_unplug(mock_port *p)
{
	char path[128];
	snprintf(path, sizeof(path), "/sys%s", p->sysfs);
	umockdev_testbed_uevent(p->bus->testbed, path, "remove");
	umockdev_testbed_remove_device(p->bus->testbed, path);
	close(p->fd);
	p->fd = -1;
}

void mock_ports_free(mock_port *p)
{
	while (p != NULL) {
		mock_port *next = p->next;
		g_object_unref(p->handler);
		pthread_mutex_destroy(&p->lock);
		pw_free(p);
		p = next;
	}
}

const char *mock_port_uri(const mock_port *p)
{
	return p->uri;
}

int mock_port_fd(const mock_port *p)
{
	return p->fd;
}
