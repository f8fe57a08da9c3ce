#include "devices/transport/usb_device.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libusb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "devices/transport/device_id.h"

#define CLASS_PRINTER    7
#define PROTOCOL_ONE_WAY 1
#define PROTOCOL_TWO_WAY 2
#define GET_DEVICE_ID    0
#define ANSWER_MS        1000
#define MOST_DEVICE_ID   1024
#define SYSFS            "/sys/bus/usb/devices"

/* ---- Interfaces ---- */

static bool is_printer(const struct libusb_interface_descriptor *d, int protocol)
{
	return d->bInterfaceClass == CLASS_PRINTER && d->bInterfaceSubClass == 1 &&
	       d->bInterfaceProtocol == protocol;
}

/* Its endpoints; false when there is none to print to. */
static bool read_endpoints(const struct libusb_interface_descriptor *d, pw_usb_printer *out)
{
	out->in = out->out = 0;
	for (int i = 0; i < d->bNumEndpoints; i++) {
		const struct libusb_endpoint_descriptor *e = &d->endpoint[i];
		if ((e->bmAttributes & 3) != LIBUSB_TRANSFER_TYPE_BULK)
			continue;
		if ((e->bEndpointAddress & LIBUSB_ENDPOINT_IN) == 0 && out->out == 0)
			out->out = e->bEndpointAddress;
		if ((e->bEndpointAddress & LIBUSB_ENDPOINT_IN) != 0 && out->in == 0) {
			out->in = e->bEndpointAddress;
			out->in_packet = e->wMaxPacketSize & 0x7ff;
		}
	}
	if (out->in_packet == 0)
		out->in = 0;
	return out->out != 0;
}

static bool read_interface(const struct libusb_interface *interface, int protocol,
			   pw_usb_printer *out)
{
	for (int i = 0; i < interface->num_altsetting; i++) {
		const struct libusb_interface_descriptor *d = &interface->altsetting[i];
		pw_usb_printer p = {.number = d->bInterfaceNumber,
				    .setting = d->bAlternateSetting,
				    .has_settings = interface->num_altsetting > 1};
		if (is_printer(d, protocol) && read_endpoints(d, &p)) {
			*out = p;
			return true;
		}
	}
	return false;
}

/* The index of the configuration whose value it is: what GET_DEVICE_ID wants. */
static int configuration_index(libusb_device *device, int value)
{
	struct libusb_device_descriptor d;
	libusb_get_device_descriptor(device, &d);
	for (uint8_t i = 0; i < d.bNumConfigurations; i++) {
		struct libusb_config_descriptor *c;
		if (libusb_get_config_descriptor(device, i, &c) != 0)
			continue;
		int found = c->bConfigurationValue;
		libusb_free_config_descriptor(c);
		if (found == value)
			return i;
	}
	return 0;
}

bool pw_usb_printer_find(libusb_device *device, int nth, pw_usb_printer *out)
{
	struct libusb_config_descriptor *config;
	bool found = false;
	if (libusb_get_active_config_descriptor(device, &config) != 0)
		return false;
	for (int i = 0; i < config->bNumInterfaces && !found; i++) {
		const struct libusb_interface *interface = &config->interface[i];
		found = (read_interface(interface, PROTOCOL_TWO_WAY, out) ||
			 read_interface(interface, PROTOCOL_ONE_WAY, out)) &&
			nth-- == 0;
	}
	if (found)
		out->configuration = configuration_index(device, config->bConfigurationValue);
	libusb_free_config_descriptor(config);
	return found;
}

/* ---- What the system knows ---- */

void pw_usb_place(libusb_device *device, char out[PW_USB_PLACE_SIZE])
{
	uint8_t ports[7];
	int count = libusb_get_port_numbers(device, ports, 7);
	int n = snprintf(out, PW_USB_PLACE_SIZE, "%d", libusb_get_bus_number(device));
	for (int i = 0; i < count; i++)
		n += snprintf(out + n, PW_USB_PLACE_SIZE - (size_t)n, "%c%d", i == 0 ? '-' : '.',
			      ports[i]);
}

void pw_usb_node(libusb_device *device, char out[PW_USB_PLACE_SIZE])
{
	snprintf(out, PW_USB_PLACE_SIZE, "/dev/bus/usb/%03d/%03d", libusb_get_bus_number(device),
		 libusb_get_device_address(device));
}

/* Without the end of the line that sysfs adds. */
static void read_attribute(const char *path, pw_str *out)
{
	char text[1024];
	FILE *f = fopen(path, "r");
	if (f == NULL)
		return;
	size_t n = fread(text, 1, sizeof(text), f);
	if (n > 0 && text[n - 1] == '\n')
		n--;
	pw_str_add_n(out, text, n);
	fclose(f);
}

void pw_usb_text(libusb_device *device, const char *attribute, pw_str *out)
{
	char place[PW_USB_PLACE_SIZE], path[128];
	pw_usb_place(device, place);
	snprintf(path, sizeof(path), SYSFS "/%s/%s", place, attribute);
	read_attribute(path, out);
}

/* "/sys/bus/usb/devices/1-4:1.0/WHAT" */
static void interface_path(libusb_device *device, int interface, const char *what, char out[128])
{
	char place[PW_USB_PLACE_SIZE];
	struct libusb_config_descriptor *config;
	int value = 1;
	if (libusb_get_active_config_descriptor(device, &config) == 0) {
		value = config->bConfigurationValue;
		libusb_free_config_descriptor(config);
	}
	pw_usb_place(device, place);
	snprintf(out, 128, SYSFS "/%s:%d.%d/%s", place, value, interface, what);
}

void pw_usb_driver(libusb_device *device, int interface, char out[PW_USB_PLACE_SIZE])
{
	char path[128], target[256];
	interface_path(device, interface, "driver", path);
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	const char *slash = strrchr(target, '/');
	snprintf(out, PW_USB_PLACE_SIZE, "%.30s", slash != NULL ? slash + 1 : target);
}

/* usblp lets one program open it: whoever is the second is told, also where /proc hides the first. */
static bool is_printing(const char *node, char out[PW_HOLDER_SIZE])
{
	if (pw_holder_find(node, out))
		return true;
	int fd = open(node, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	bool busy = fd < 0 && errno == EBUSY;
	if (fd >= 0)
		close(fd);
	if (busy)
		snprintf(out, PW_HOLDER_SIZE, "another program");
	return busy;
}

bool pw_usb_printing(libusb_device *device, int interface, char out[PW_HOLDER_SIZE])
{
	char path[128];
	bool found = false;
	interface_path(device, interface, "usbmisc", path);
	DIR *dir = opendir(path);
	const struct dirent *entry;
	while (dir != NULL && !found && (entry = readdir(dir)) != NULL) {
		char node[64];
		snprintf(node, sizeof(node), "/dev/usb/%.30s", entry->d_name);
		found = entry->d_name[0] != '.' && is_printing(node, out);
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

/* ---- Asking and failing ---- */

int pw_usb_device_id(libusb_device_handle *handle, const pw_usb_printer *p, pw_str *out)
{
	unsigned char answer[MOST_DEVICE_ID];
	const uint8_t request =
		LIBUSB_ENDPOINT_IN | LIBUSB_REQUEST_TYPE_CLASS | LIBUSB_RECIPIENT_INTERFACE;
	int n = libusb_control_transfer(handle, request, GET_DEVICE_ID, (uint16_t)p->configuration,
					(uint16_t)(p->number << 8 | p->setting), answer,
					sizeof(answer), ANSWER_MS);
	if (n < 0)
		return n;
	pw_slice id = pw_device_id_strip(answer, (size_t)n);
	pw_str_add_n(out, id.ptr, id.len);
	return 0;
}

pw_status pw_usb_fail(libusb_device *device, int code, pw_err *err)
{
	char node[PW_USB_PLACE_SIZE], holder[PW_HOLDER_SIZE];
	pw_usb_node(device, node);
	switch (code) {
	case LIBUSB_ERROR_NO_DEVICE:
	case LIBUSB_ERROR_NOT_FOUND: /* the node is gone already */
		return pw_fail(err, PW_ERR_GONE, "it is gone: look at its cable and its power");
	case LIBUSB_ERROR_ACCESS:
		return pw_fail(
			err, PW_ERR_IO,
			"no permission for %s: install udev/70-poolwell.rules and plug it in "
			"again, or join the group lp",
			node);
	case LIBUSB_ERROR_BUSY:
		return pw_holder_find(node, holder)
			       ? pw_fail(err, PW_ERR_BUSY, "held by %s", holder)
			       : pw_fail(err, PW_ERR_BUSY,
					 "another program holds it: CUPS does where it is set up "
					 "as a printer");
	case LIBUSB_ERROR_NO_MEM:
		return pw_fail(err, PW_ERR_NO_MEMORY, "memory ran out");
	default:
		return pw_fail(err, PW_ERR_IO, "%s", libusb_strerror(code));
	}
}
