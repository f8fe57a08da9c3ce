/* The kernel's interface to a mocked printer: what libusb asks of /dev/bus/usb/001/002. */
#include <errno.h>
#include <stddef.h>
#include <sys/ioctl.h>

#include "tests/devices/mock_printer_impl.h"

static void submit(mock_printer *p, UMockdevIoctlClient *client, UMockdevIoctlData *arg)
{
	if (!p->plugged || p->cut) {
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
		if (mock_printer_proceed(p, (void *)data->data)) {
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
		umockdev_ioctl_client_complete(client, -1, p->plugged && !p->cut ? EAGAIN : ENODEV);
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
	p->cut = false;
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

gboolean mock_printer_on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer ctx)
{
	mock_printer *p = ctx;
	UMockdevIoctlData *arg = umockdev_ioctl_client_get_arg(client);
	gboolean known = TRUE;
	(void)base;
	mock_printer_lock(p);
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
	mock_printer_unlock(p);
	return known;
}
