#include <stdio.h>

#include "core/base/mem.h"
#include "tests/devices/mock_printer_impl.h"

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

void mock_printer_lock(mock_printer *p)
{
	pthread_mutex_lock(&p->lock);
}

void mock_printer_unlock(mock_printer *p)
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

void mock_printer_let_faults_happen(mock_printer *p)
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
size_t mock_printer_until_fault(const mock_printer *p)
{
	size_t least = SIZE_MAX;
	for (size_t i = 0; i < p->fault_count; i++)
		if (p->faults[i].offset - p->received.len < least)
			least = p->faults[i].offset - p->received.len;
	return least;
}

void mock_printer_at(mock_printer *p, size_t offset, mock_fault kind)
{
	mock_printer_lock(p);
	PW_BUG_IF(p->fault_count == MOCK_MOST_FAULTS);
	p->faults[p->fault_count++] = (mock_planned){offset, kind};
	mock_printer_let_faults_happen(p);
	mock_printer_unlock(p);
}

/* ---- Being plugged in ---- */

/* umockdev takes devices out one by one, the inner ones first. The handler stays at the old node: whoever still has it
 * open learns from it that the device is gone. */
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
	mock_printer_lock(p);
	p->plugged = false;
	mock_printer_unlock(p);
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
	mock_printer_describe(p, address, &text);
	mock_printer_lock(p);
	p->plugged = true;
	p->cut = false;
	p->in_sysfs = true;
	p->stall_in = p->stall_out = p->io_error = false;
	mock_printer_unlock(p);
	mock_bus_attach(p->bus, p->node, p->handler);
	mock_bus_add(p->bus, pw_str_text(&text));
	snprintf(path, sizeof(path), "/sys%s", p->sysfs);
	umockdev_testbed_uevent(p->bus->testbed, path, "add");
	pw_str_clear(&text);
}

bool mock_printer_is_plugged(mock_printer *p)
{
	mock_printer_lock(p);
	bool plugged = p->plugged;
	mock_printer_unlock(p);
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
	g_signal_connect(p->handler, "handle-ioctl", G_CALLBACK(mock_printer_on_ioctl), p);
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
	mock_printer_lock(p);
	p->on_received = received;
	p->ctx = ctx;
	mock_printer_unlock(p);
}

void mock_printer_play(mock_printer *p, const mock_player *player)
{
	mock_printer_lock(p);
	p->player = *player;
	mock_printer_unlock(p);
}

void mock_printer_follow(mock_printer *p)
{
	mock_printer_lock(p);
	p->plugged = p->player.there(p->player.ctx);
	p->cut = p->cut || !p->plugged;
	mock_printer_unlock(p);
}

void mock_printer_say(mock_printer *p, const void *bytes, size_t n)
{
	mock_printer_lock(p);
	pw_str_add_n(&p->answers, bytes, n);
	mock_printer_unlock(p);
}

void mock_printer_nod(mock_printer *p, bool nods)
{
	mock_printer_lock(p);
	p->nods = nods;
	mock_printer_unlock(p);
}

void mock_printer_take(mock_printer *p, size_t bytes)
{
	mock_printer_lock(p);
	p->appetite = bytes;
	mock_printer_unlock(p);
}

void mock_printer_bite(mock_printer *p, size_t bytes)
{
	mock_printer_lock(p);
	p->bite = bytes;
	mock_printer_unlock(p);
}

void mock_printer_port_status(mock_printer *p, int status)
{
	mock_printer_lock(p);
	p->port_status = status;
	mock_printer_unlock(p);
}

void mock_printer_claimed_elsewhere(mock_printer *p, bool claimed)
{
	mock_printer_lock(p);
	p->elsewhere = claimed;
	mock_printer_unlock(p);
}

void mock_printer_received(mock_printer *p, pw_str *out)
{
	mock_printer_lock(p);
	pw_str_add_n(out, pw_str_text(&p->received), p->received.len);
	mock_printer_unlock(p);
}

mock_counts mock_printer_counts(mock_printer *p)
{
	mock_printer_lock(p);
	mock_counts counts = p->counts;
	counts.taken = p->received.len;
	mock_printer_unlock(p);
	return counts;
}
