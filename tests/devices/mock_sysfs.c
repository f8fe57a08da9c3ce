/* The descriptors of a mocked printer, and its place in /sys and /dev. */
#include <string.h>

#include "tests/devices/mock_printer_impl.h"

#define OUT_ADDRESS 0x01
#define IN_ADDRESS  0x82

static void add_hex(pw_str *out, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pw_str_addf(out, "%02x", bytes[i]);
}

static void add_interface(pw_str *out, int number, int setting, int class, int protocol,
			  int endpoints)
{
	const uint8_t interface[] = {9,
				     4,
				     (uint8_t)number,
				     (uint8_t)setting,
				     (uint8_t)endpoints,
				     (uint8_t) class,
				     class == 7,
				     (uint8_t)protocol,
				     0};
	const uint8_t to[] = {7, 5, OUT_ADDRESS, 2, MOCK_PACKET, 0, 0};
	const uint8_t from[] = {7, 5, IN_ADDRESS, 2, MOCK_PACKET, 0, 0};
	add_hex(out, interface, sizeof(interface));
	if (endpoints > 0)
		add_hex(out, to, sizeof(to));
	if (endpoints > 1)
		add_hex(out, from, sizeof(from));
}

/* The device's and the configuration's descriptors, as sysfs has them. */
static void add_descriptors(const mock_model *m, pw_str *out)
{
	pw_str interfaces = PW_STR_INIT;
	if (m->composite) {
		add_interface(&interfaces, 0, 0, 0xff, 0, 0);
		add_interface(&interfaces, 1, 0, 7, 1, 1);
	}
	if (!m->composite || m->both_ways)
		add_interface(&interfaces, m->composite, m->composite, 7, m->both_ways ? 2 : 1,
			      m->both_ways ? 2 : 1);
	size_t total = 9 + interfaces.len / 2;
	const uint8_t device[] = {18,
				  1,
				  0,
				  2,
				  0,
				  0,
				  0,
				  64,
				  (uint8_t)m->vendor,
				  (uint8_t)(m->vendor >> 8),
				  (uint8_t)m->product,
				  (uint8_t)(m->product >> 8),
				  0,
				  1,
				  m->maker != NULL,
				  m->name != NULL ? 2 : 0,
				  m->serial != NULL ? 3 : 0,
				  1};
	const uint8_t configuration[] = {
		9, 2, (uint8_t)total, (uint8_t)(total >> 8), m->composite ? 2 : 1, 1, 0, 0xc0, 50};
	add_hex(out, device, sizeof(device));
	add_hex(out, configuration, sizeof(configuration));
	pw_str_add(out, pw_str_text(&interfaces));
	pw_str_clear(&interfaces);
}

static void add_attribute(pw_str *out, const char *name, const char *text)
{
	if (text == NULL)
		return;
	pw_str_addf(out, "A: %s=", name);
	for (; *text != '\0'; text++) /* umockdev's own escape */
		pw_str_addf(out, *text == '\\' ? "\\\\" : "%c", *text);
	pw_str_add(out, "\\n\n");
}

static void describe_device(const mock_printer *p, int address, pw_str *out)
{
	const mock_model *m = &p->model;
	pw_str_addf(out,
		    "P: %s\nN: %s\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: DRIVER=usb\n"
		    "E: BUSNUM=001\nE: DEVNUM=%03d\nE: DEVNAME=/dev/%s\nE: MAJOR=189\n"
		    "E: MINOR=%d\nA: bConfigurationValue=1\\n\nA: busnum=1\\n\nA: devnum=%d\\n\n"
		    "A: speed=480\\n\nA: idVendor=%04x\\n\nA: idProduct=%04x\\n\n",
		    p->sysfs, p->node + strlen("/dev/"), address, p->node + strlen("/dev/"),
		    address - 1, address, m->vendor, m->product);
	add_attribute(out, "serial", m->serial);
	add_attribute(out, "manufacturer", m->maker);
	add_attribute(out, "product", m->name);
	pw_str_add(out, "H: descriptors=");
	add_descriptors(m, out);
	pw_str_add(out, "\n\n");
}

static void describe_interface(const mock_printer *p, pw_str *out)
{
	int number = p->model.composite;
	pw_str_addf(out,
		    "P: %s/1-%d:1.%d\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\n"
		    "A: bInterfaceNumber=%02d\\n\nA: bInterfaceClass=07\\n\n",
		    p->sysfs, p->model.socket, number, number);
	if (p->model.driver != NULL)
		pw_str_addf(out, "E: DRIVER=%s\nL: driver=../../../../../../bus/usb/drivers/%s\n",
			    p->model.driver, p->model.driver);
	pw_str_add(out, "\n");
	if (p->model.driver != NULL)
		pw_str_addf(out,
			    "P: %s/1-%d:1.%d/usbmisc/lp%d\nN: usb/lp%d\nE: SUBSYSTEM=usbmisc\n"
			    "E: DEVNAME=/dev/usb/lp%d\nE: MAJOR=180\nE: MINOR=%d\n\n",
			    p->sysfs, p->model.socket, number, p->lp, p->lp, p->lp, p->lp);
}

void mock_printer_describe(const mock_printer *p, int address, pw_str *out)
{
	describe_device(p, address, out);
	describe_interface(p, out);
}
