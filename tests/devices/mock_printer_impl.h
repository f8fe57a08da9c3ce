/* Inside of the mocked printer: mock_printer.c is what a test sees of it, mock_transfer.c what it does with bytes and
 * questions, mock_usbfs.c the kernel's interface to it, mock_sysfs.c its descriptors. */
#ifndef PW_TESTS_DEVICES_MOCK_PRINTER_IMPL_H
#define PW_TESTS_DEVICES_MOCK_PRINTER_IMPL_H

#include <linux/usbdevice_fs.h>
#include <pthread.h>

#include "tests/devices/mock_bus.h"

#define MOCK_PACKET      64
#define MOCK_MOST_FAULTS 64

typedef struct mock_planned {
	size_t offset;
	mock_fault kind;
} mock_planned;

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
	bool cut; /* its player was away: who had it open has to open it again */
	int port_status;
	size_t appetite, bite;
	bool stall_out, stall_in, io_error, nods;
	pw_str received, answers;
	mock_planned faults[MOCK_MOST_FAULTS];
	size_t fault_count;
	mock_counts counts;
	mock_player player; /* its functions are NULL: nobody plays it */
	void (*on_received)(void *ctx, const uint8_t *bytes, size_t n);
	void *ctx;
};

void mock_printer_lock(mock_printer *printer);
void mock_printer_unlock(mock_printer *printer);

/* Faults whose offset has come happen; how many bytes it is until the next. */
void mock_printer_let_faults_happen(mock_printer *printer);
size_t mock_printer_until_fault(const mock_printer *printer);

/* Goes on with a transfer; true when it has come to its end. */
bool mock_printer_proceed(mock_printer *printer, struct usbdevfs_urb *urb);

/* The handler of "handle-ioctl"; `ctx` is the printer. */
gboolean mock_printer_on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer ctx);

/* Appends what umockdev has to be told of it, plugged in at an address. */
void mock_printer_describe(const mock_printer *printer, int address, pw_str *out);

#endif
