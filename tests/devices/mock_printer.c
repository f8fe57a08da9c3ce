#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "core/base/mem.h"
#include "tests/devices/mock_bus.h"

#define PACKET      64
#define MOST_FAULTS 64
#define OUT_ADDRESS 0x01
#define IN_ADDRESS  0x82

typedef struct fault {
	size_t offset;
	mock_fault kind;
} fault;

struct mock_printer {
	mock_printer *next;
	mock_bus *bus;
	mock_model model;
	char uri[600], node[64], sysfs[96];
	pthread_mutex_t lock; /* recursive: callbacks call the mock */
	UMockdevIoctlBase *handler;
	GList *flying, *discarded; /* UMockdevIoctlData of struct usbdevfs_urb */
	int lp;                    /* /dev/usb/lpN: umockdev takes a name for a node once only */
	bool plugged, in_sysfs, elsewhere;
	int port_status;
	size_t appetite, bite;
	bool stall_out, stall_in, io_error, nods;
	pw_str received, answers;
	fault faults[MOST_FAULTS];
	size_t fault_count;
	mock_counts counts;
	void (*on_received)(void *ctx, const uint8_t *bytes, size_t n);
	void *ctx;
};

const mock_model mock_zebra = {
	.vendor = 0x0a5f,
	.product = 0x0187,
	.socket = 4,
	.serial = "D2J204700001",
	.maker = "Zebra Technologies",
	.name = "ZTC ZD421-300dpi ZPL",
	.device_id = "MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD421-300dpi ZPL;CLS:PRINTER;",
	.both_ways = true,
	.driver = "usblp",
};

const mock_model mock_composite = {
	.vendor = 0x1203,
	.product = 0x0230,
	.socket = 2,
	.maker = "TSC",
	.name = "TE210",
	.device_id = "MFG:TSC;MDL:TE210;CMD:TSPL2;",
	.composite = true,
	.both_ways = true,
};

static void lock(mock_printer *p)
{
	pthread_mutex_lock(&p->lock);
}

static void unlock(mock_printer *p)
{
	pthread_mutex_unlock(&p->lock);
}

/* ---- Faults ---- */

static void happen(mock_printer *p, mock_fault kind)
{
	switch (kind) {
	case MOCK_STOP:
		p->appetite = 0;
		break;
	case MOCK_STALL:
		p->stall_out = true;
		break;
	case MOCK_STALL_IN:
		p->stall_in = true;
		break;
	case MOCK_IO_ERROR:
		p->io_error = true;
		break;
	case MOCK_UNPLUG:
		p->plugged =
			false; /* its node goes with mock_printer_unplug or _plug, a moment later */
		break;
	}
}

static void let_faults_happen(mock_printer *p)
{
	for (size_t i = 0; i < p->fault_count;) {
		if (p->faults[i].offset > p->received.len) {
			i++;
			continue;
		}
		mock_fault kind = p->faults[i].kind;
		p->faults[i] = p->faults[--p->fault_count];
		happen(p, kind);
	}
}

/* How many bytes until something happens. */
static size_t until_fault(const mock_printer *p)
{
	size_t least = SIZE_MAX;
	for (size_t i = 0; i < p->fault_count; i++)
		if (p->faults[i].offset - p->received.len < least)
			least = p->faults[i].offset - p->received.len;
	return least;
}

void mock_printer_at(mock_printer *p, size_t offset, mock_fault kind)
{
	lock(p);
	PW_BUG_IF(p->fault_count == MOST_FAULTS);
	p->faults[p->fault_count++] = (fault){offset, kind};
	let_faults_happen(p);
	unlock(p);
}

/* ---- Transfers ---- */

/* What answers a control request is behind its setup packet of 8 bytes. */
static int answer(struct usbdevfs_urb *urb, const void *bytes, size_t n)
{
	const uint8_t *setup = urb->buffer;
	size_t room = (size_t)setup[6] | (size_t)setup[7] << 8;
	n = n < room ? n : room;
	memcpy((uint8_t *)urb->buffer + 8, bytes, n);
	urb->actual_length = (int)n;
	return 0;
}

static int answer_id(const mock_printer *p, struct usbdevfs_urb *urb)
{
	uint8_t text[1024];
	if (p->model.device_id == NULL)
		return -EPIPE;
	size_t n = strlen(p->model.device_id) + 2;
	int claimed = p->model.id_length > 0 ? p->model.id_length : (int)n;
	text[p->model.id_reversed ? 1 : 0] = (uint8_t)(claimed >> 8);
	text[p->model.id_reversed ? 0 : 1] = (uint8_t)claimed;
	memcpy(text + 2, p->model.device_id, n - 2);
	return answer(urb, text, n);
}

static int soft_reset(mock_printer *p, bool old)
{
	if (old != p->model.old_reset) {
		p->counts.refused_resets++;
		return -EPIPE;
	}
	p->counts.resets++;
	pw_str_truncate(&p->answers, 0);
	return 0;
}

static int control(mock_printer *p, struct usbdevfs_urb *urb)
{
	const uint8_t *setup = urb->buffer;
	const int interface = p->model.composite ? 1 : 0;
	switch (setup[0] << 8 | setup[1]) {
	case 0xa100: /* GET_DEVICE_ID: the interface is the upper byte here, and the lower one elsewhere */
		return setup[5] == interface ? answer_id(p, urb) : -EPIPE;
	case 0xa101: {
		uint8_t status = (uint8_t)p->port_status;
		return p->port_status >= 0 && setup[4] == interface ? answer(urb, &status, 1)
								    : -EPIPE;
	}
	case 0x2102:
		return soft_reset(p, false);
	case 0x2302:
		return soft_reset(p, true);
	case 0x8000: /* GET_STATUS of the device */
		return answer(urb, "\1\0", 2);
	default:
		return -EPIPE;
	}
}

/* True when the transfer has come to its end; what it took so far is in actual_length. */
static bool take(mock_printer *p, struct usbdevfs_urb *urb)
{
	if (p->stall_out || p->io_error) {
		urb->status = p->stall_out ? -EPIPE : -EPROTO;
		p->stall_out = p->io_error = false;
		return true;
	}
	size_t done = (size_t)urb->actual_length, n = (size_t)urb->buffer_length - done;
	n = n < p->appetite ? n : p->appetite;
	n = n < until_fault(p) ? n : until_fault(p);
	if (p->bite > 0 && n > p->bite)
		n = p->bite;
	const uint8_t *bytes = (const uint8_t *)urb->buffer + done;
	pw_str_add_n(&p->received, (const char *)bytes, n);
	urb->actual_length += (int)n;
	if (p->appetite != SIZE_MAX)
		p->appetite -= n;
	let_faults_happen(p);
	if (n > 0 && p->on_received != NULL)
		p->on_received(p->ctx, bytes, n);
	return urb->actual_length == urb->buffer_length || (p->bite > 0 && n == p->bite);
}

static bool give(mock_printer *p, struct usbdevfs_urb *urb)
{
	if (p->stall_in) {
		p->stall_in = false;
		urb->status = -EPIPE;
		return true;
	}
	size_t n = p->answers.len < PACKET ? p->answers.len : PACKET;
	if (n > (size_t)urb->buffer_length) {
		urb->status = -EOVERFLOW;
		return true;
	}
	if (n == 0)
		return p->nods;
	memcpy(urb->buffer, p->answers.ptr, n);
	memmove(p->answers.ptr, p->answers.ptr + n, p->answers.len - n);
	pw_str_truncate(&p->answers, p->answers.len - n);
	urb->actual_length = (int)n;
	return true;
}

static bool proceed(mock_printer *p, struct usbdevfs_urb *urb)
{
	if (!p->plugged) {
		urb->status = -ENODEV;
		return true;
	}
	if (urb->type == USBDEVFS_URB_TYPE_CONTROL) {
		urb->status = control(p, urb);
		return true;
	}
	return (urb->endpoint & 0x80) != 0 ? give(p, urb) : take(p, urb);
}

/* ---- The kernel's side ---- */

static void submit(mock_printer *p, UMockdevIoctlClient *client, UMockdevIoctlData *arg)
{
	if (!p->plugged) {
		umockdev_ioctl_client_complete(client, -1, ENODEV);
		return;
	}
	UMockdevIoctlData *data =
		umockdev_ioctl_data_resolve(arg, 0, sizeof(struct usbdevfs_urb), NULL);
	struct usbdevfs_urb *urb = (void *)data->data;
	UMockdevIoctlData *buffer = umockdev_ioctl_data_resolve(
		data, offsetof(struct usbdevfs_urb, buffer), (gsize)urb->buffer_length, NULL);
	if (buffer != NULL)
		g_object_unref(buffer);
	urb->actual_length = 0;
	urb->status = 0;
	p->flying = g_list_append(p->flying, data);
	umockdev_ioctl_client_complete(client, 0, 0);
}

/* The next transfer that has ended, discarded ones first; NULL when none has. */
static UMockdevIoctlData *next_ended(mock_printer *p)
{
	if (p->discarded != NULL) {
		UMockdevIoctlData *data = p->discarded->data;
		p->discarded = g_list_delete_link(p->discarded, p->discarded);
		return data;
	}
	for (GList *l = p->flying; l != NULL; l = l->next) {
		UMockdevIoctlData *data = l->data;
		if (proceed(p, (void *)data->data)) {
			p->flying = g_list_delete_link(p->flying, l);
			return data;
		}
	}
	return NULL;
}

static void reap(mock_printer *p, UMockdevIoctlClient *client, UMockdevIoctlData *arg)
{
	UMockdevIoctlData *data = next_ended(p);
	if (data == NULL) {
		umockdev_ioctl_client_complete(client, -1, p->plugged ? EAGAIN : ENODEV);
		return;
	}
	UMockdevIoctlData *where = umockdev_ioctl_data_resolve(arg, 0, sizeof(void *), NULL);
	umockdev_ioctl_data_set_ptr(where, 0, data);
	umockdev_ioctl_client_complete(client, 0, 0);
	g_object_unref(where);
	g_object_unref(data);
}

/* A cancelled transfer keeps its count of what was taken. */
static void discard(mock_printer *p, UMockdevIoctlClient *client, UMockdevIoctlData *arg)
{
	gulong address = *(gulong *)(void *)arg->data;
	for (GList *l = p->flying; l != NULL; l = l->next) {
		UMockdevIoctlData *data = l->data;
		if (data->client_addr != address)
			continue;
		struct usbdevfs_urb *urb = (void *)data->data;
		urb->status = -ENOENT;
		p->flying = g_list_delete_link(p->flying, l);
		p->discarded = g_list_append(p->discarded, data);
		umockdev_ioctl_client_complete(client, 0, 0);
		return;
	}
	umockdev_ioctl_client_complete(client, -1, EINVAL);
}

static void claim(mock_printer *p, UMockdevIoctlClient *client)
{
	if (!p->plugged || p->elsewhere) {
		umockdev_ioctl_client_complete(client, -1, p->plugged ? EBUSY : ENODEV);
		return;
	}
	p->counts.claims++;
	umockdev_ioctl_client_complete(client, 0, 0);
}

/* The driver is handed back by an ioctl inside of an ioctl. */
static void driver_request(mock_printer *p, UMockdevIoctlClient *client, UMockdevIoctlData *arg)
{
	UMockdevIoctlData *data =
		umockdev_ioctl_data_resolve(arg, 0, sizeof(struct usbdevfs_ioctl), NULL);
	const struct usbdevfs_ioctl *request = (void *)data->data;
	bool back = request->ioctl_code == (int)USBDEVFS_CONNECT;
	p->counts.given_back += back;
	umockdev_ioctl_client_complete(client, back ? 0 : -1, back ? 0 : ENODATA);
	g_object_unref(data);
}

static void capabilities(UMockdevIoctlClient *client, UMockdevIoctlData *arg)
{
	UMockdevIoctlData *data = umockdev_ioctl_data_resolve(arg, 0, sizeof(guint32), NULL);
	*(guint32 *)(void *)data->data = USBDEVFS_CAP_ZERO_PACKET |
					 USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
					 USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
	umockdev_ioctl_client_complete(client, 0, 0);
	g_object_unref(data);
}

static void set_interface(mock_printer *p, UMockdevIoctlClient *client, UMockdevIoctlData *arg)
{
	UMockdevIoctlData *data =
		umockdev_ioctl_data_resolve(arg, 0, sizeof(struct usbdevfs_setinterface), NULL);
	const struct usbdevfs_setinterface *wanted = (void *)data->data;
	p->counts.interface = (int)wanted->interface;
	p->counts.setting = (int)wanted->altsetting;
	umockdev_ioctl_client_complete(client, 0, 0);
	g_object_unref(data);
}

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer ctx)
{
	mock_printer *p = ctx;
	UMockdevIoctlData *arg = umockdev_ioctl_client_get_arg(client);
	gboolean known = TRUE;
	(void)base;
	lock(p);
	switch (umockdev_ioctl_client_get_request(client)) {
	case USBDEVFS_GET_CAPABILITIES:
		capabilities(client, arg);
		break;
	case USBDEVFS_CLAIMINTERFACE:
	case USBDEVFS_DISCONNECT_CLAIM:
		claim(p, client);
		break;
	case USBDEVFS_RELEASEINTERFACE:
		p->counts.releases++;
		umockdev_ioctl_client_complete(client, 0, 0);
		break;
	case USBDEVFS_IOCTL:
		driver_request(p, client, arg);
		break;
	case USBDEVFS_SETINTERFACE:
		set_interface(p, client, arg);
		break;
	case USBDEVFS_CLEAR_HALT:
		p->counts.halts_cleared++;
		umockdev_ioctl_client_complete(client, p->plugged ? 0 : -1,
					       p->plugged ? 0 : ENODEV);
		break;
	case USBDEVFS_SUBMITURB:
		submit(p, client, arg);
		break;
	case USBDEVFS_REAPURB:
	case USBDEVFS_REAPURBNDELAY:
		reap(p, client, arg);
		break;
	case USBDEVFS_DISCARDURB:
		discard(p, client, arg);
		break;
	default:
		known = FALSE;
	}
	unlock(p);
	return known;
}

/* ---- Being plugged in ---- */

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
	const uint8_t to[] = {7, 5, OUT_ADDRESS, 2, PACKET, 0, 0};
	const uint8_t from[] = {7, 5, IN_ADDRESS, 2, PACKET, 0, 0};
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

/* umockdev takes devices out one by one, the inner ones first. */
static void leave_sysfs(mock_printer *p)
{
	UMockdevTestbed *testbed = p->bus->testbed;
	char path[128], inner[192];
	int number = p->model.composite;
	if (!p->in_sysfs)
		return;
	p->in_sysfs = false;
	snprintf(path, sizeof(path), "/sys%s", p->sysfs);
	umockdev_testbed_uevent(testbed, path, "remove");
	umockdev_testbed_detach_ioctl(testbed, p->node, NULL);
	snprintf(inner, sizeof(inner), "%s/1-%d:1.%d/usbmisc/lp%d", path, p->model.socket, number,
		 p->lp);
	if (p->model.driver != NULL)
		umockdev_testbed_remove_device(testbed, inner);
	snprintf(inner, sizeof(inner), "%s/1-%d:1.%d", path, p->model.socket, number);
	umockdev_testbed_remove_device(testbed, inner);
	umockdev_testbed_remove_device(testbed, path);
}

void mock_printer_unplug(mock_printer *p)
{
	lock(p);
	p->plugged = false;
	unlock(p);
	leave_sysfs(p);
}

void mock_printer_plug(mock_printer *p)
{
	pw_str text = PW_STR_INIT;
	char path[128];
	if (mock_printer_is_plugged(p))
		return;
	leave_sysfs(p);
	int address = p->bus->next_address++;
	p->lp = address - FIRST_ADDRESS;
	snprintf(p->node, sizeof(p->node), "/dev/bus/usb/001/%03d", address);
	describe_device(p, address, &text);
	describe_interface(p, &text);
	lock(p);
	p->plugged = true;
	p->in_sysfs = true;
	p->stall_in = p->stall_out = p->io_error = false;
	unlock(p);
	mock_bus_attach(p->bus, p->node, p->handler);
	mock_bus_add(p->bus, pw_str_text(&text));
	snprintf(path, sizeof(path), "/sys%s", p->sysfs);
	umockdev_testbed_uevent(p->bus->testbed, path, "add");
	pw_str_clear(&text);
}

bool mock_printer_is_plugged(mock_printer *p)
{
	lock(p);
	bool plugged = p->plugged;
	unlock(p);
	return plugged;
}

mock_printer *mock_printer_new(mock_bus *bus, const mock_model *model)
{
	pthread_mutexattr_t kind;
	mock_printer *p = pw_alloc(sizeof(*p));
	p->bus = bus;
	p->model = *model;
	p->port_status = 0x18;
	p->appetite = SIZE_MAX;
	p->counts.interface = -1;
	pthread_mutexattr_init(&kind);
	pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&p->lock, &kind);
	pthread_mutexattr_destroy(&kind);
	snprintf(p->sysfs, sizeof(p->sysfs), "/devices/pci0000:00/0000:00:14.0/usb1/1-%d",
		 model->socket);
	snprintf(p->uri, sizeof(p->uri), "usb:%04x:%04x%s%.500s", model->vendor, model->product,
		 model->serial != NULL ? "/" : "", model->serial != NULL ? model->serial : "");
	p->handler = umockdev_ioctl_base_new();
	g_signal_connect(p->handler, "handle-ioctl", G_CALLBACK(on_ioctl), p);
	mock_printer_plug(p);
	p->next = bus->printers;
	bus->printers = p;
	return p;
}

static void drop(gpointer data)
{
	g_object_unref(data);
}

void mock_printers_free(mock_printer *p)
{
	while (p != NULL) {
		mock_printer *next = p->next;
		mock_printer_unplug(p);
		g_list_free_full(p->flying, drop);
		g_list_free_full(p->discarded, drop);
		g_object_unref(p->handler);
		pw_str_clear(&p->received);
		pw_str_clear(&p->answers);
		pthread_mutex_destroy(&p->lock);
		pw_free(p);
		p = next;
	}
}

const char *mock_printer_uri(const mock_printer *p)
{
	return p->uri;
}

/* ---- What the test sets and sees ---- */

void mock_printer_on_received(mock_printer *p,
			      void (*received)(void *ctx, const uint8_t *bytes, size_t n),
			      void *ctx)
{
	lock(p);
	p->on_received = received;
	p->ctx = ctx;
	unlock(p);
}

void mock_printer_say(mock_printer *p, const void *bytes, size_t n)
{
	lock(p);
	pw_str_add_n(&p->answers, bytes, n);
	unlock(p);
}

void mock_printer_nod(mock_printer *p, bool nods)
{
	lock(p);
	p->nods = nods;
	unlock(p);
}

void mock_printer_take(mock_printer *p, size_t bytes)
{
	lock(p);
	p->appetite = bytes;
	unlock(p);
}

void mock_printer_bite(mock_printer *p, size_t bytes)
{
	lock(p);
	p->bite = bytes;
	unlock(p);
}

void mock_printer_port_status(mock_printer *p, int status)
{
	lock(p);
	p->port_status = status;
	unlock(p);
}

void mock_printer_claimed_elsewhere(mock_printer *p, bool claimed)
{
	lock(p);
	p->elsewhere = claimed;
	unlock(p);
}

void mock_printer_received(mock_printer *p, pw_str *out)
{
	lock(p);
	pw_str_add_n(out, pw_str_text(&p->received), p->received.len);
	unlock(p);
}

mock_counts mock_printer_counts(mock_printer *p)
{
	lock(p);
	mock_counts counts = p->counts;
	counts.taken = p->received.len;
	unlock(p);
	return counts;
}
