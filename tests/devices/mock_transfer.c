/* What a mocked printer does with bytes and questions. */
#include <errno.h>
#include <string.h>

#include "tests/devices/mock_printer_impl.h"

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
	if (p->player.soft_reset != NULL)
		p->player.soft_reset(p->player.ctx);
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
		uint8_t status = p->player.port_status != NULL
					 ? p->player.port_status(p->player.ctx)
					 : (uint8_t)p->port_status;
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
	n = n < mock_printer_until_fault(p) ? n : mock_printer_until_fault(p);
	if (p->bite > 0 && n > p->bite)
		n = p->bite;
	const uint8_t *bytes = (const uint8_t *)urb->buffer + done;
	if (p->player.take != NULL)
		n = p->player.take(p->player.ctx, bytes, n);
	pw_str_add_n(&p->received, (const char *)bytes, n);
	urb->actual_length += (int)n;
	if (p->appetite != SIZE_MAX)
		p->appetite -= n;
	mock_printer_let_faults_happen(p);
	if (n > 0 && p->on_received != NULL)
		p->on_received(p->ctx, bytes, n);
	return urb->actual_length == urb->buffer_length || (p->bite > 0 && n == p->bite);
}

static void listen_to_player(mock_printer *p)
{
	uint8_t said[MOCK_PACKET];
	if (p->player.say == NULL || p->answers.len >= MOCK_PACKET)
		return;
	size_t n = p->player.say(p->player.ctx, said, sizeof(said));
	pw_str_add_n(&p->answers, (const char *)said, n);
}

static bool give(mock_printer *p, struct usbdevfs_urb *urb)
{
	if (p->stall_in) {
		p->stall_in = false;
		urb->status = -EPIPE;
		return true;
	}
	listen_to_player(p);
	size_t n = p->answers.len < MOCK_PACKET ? p->answers.len : MOCK_PACKET;
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

bool mock_printer_proceed(mock_printer *p, struct usbdevfs_urb *urb)
{
	if (p->player.there != NULL)
		mock_printer_follow(p);
	if (!p->plugged || p->cut) {
		urb->status = -ENODEV;
		return true;
	}
	if (urb->type == USBDEVFS_URB_TYPE_CONTROL) {
		urb->status = control(p, urb);
		return true;
	}
	return (urb->endpoint & 0x80) != 0 ? give(p, urb) : take(p, urb);
}
