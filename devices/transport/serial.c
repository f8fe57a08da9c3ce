/*
 * serial: RS-232 and USB-serial adaptors. libserialport opens the port and sets it up; bytes then go through its
 * descriptor like everywhere else, because its own reads cannot tell an unplugged adaptor from silence, and
 * count their time on a clock that people set.
 */
#include <errno.h>
#include <libserialport.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>

#include "core/base/mem.h"
#include "devices/transport/holder.h"
#include "devices/transport/serial_port.h"
#include "devices/transport/transport_impl.h"

typedef struct settings {
	int baud, bits, stopbits;
	enum sp_parity parity;
	enum sp_flowcontrol flow;
} settings;

static pw_status read_frame(const char *text, settings *out, pw_err *err)
{
	static const char letters[] = "neoms";
	static const enum sp_parity parities[] = {SP_PARITY_NONE, SP_PARITY_EVEN, SP_PARITY_ODD,
						  SP_PARITY_MARK, SP_PARITY_SPACE};
	const char *letter = strlen(text) == 3 ? strchr(letters, text[1]) : NULL;
	if (letter == NULL || text[0] < '5' || text[0] > '8' || text[2] < '1' || text[2] > '2')
		return pw_fail(err, PW_ERR_ARG,
			       "frame=%s: data bits 5 to 8, parity n, e, o, m or s, stop bits 1 or "
			       "2, as in 8n1 and 7e1",
			       text);
	out->bits = text[0] - '0';
	out->parity = parities[letter - letters];
	out->stopbits = text[2] - '0';
	return PW_OK;
}

static pw_status read_flow(const char *text, settings *out, pw_err *err)
{
	static const char *const names[] = {"none", "rtscts", "xonxoff"};
	static const enum sp_flowcontrol flows[] = {SP_FLOWCONTROL_NONE, SP_FLOWCONTROL_RTSCTS,
						    SP_FLOWCONTROL_XONXOFF};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text, names[i]) == 0) {
			out->flow = flows[i];
			return PW_OK;
		}
	return pw_fail(err, PW_ERR_ARG, "flow=%s: none, rtscts or xonxoff", text);
}

static pw_status read_settings(const pw_uri *uri, settings *out, pw_err *err)
{
	pw_status rc;
	out->baud = 9600;
	if ((rc = pw_uri_get_int(uri, "baud", 50, 4000000, &out->baud, err)) != PW_OK ||
	    (rc = read_frame(pw_uri_get(uri, "frame", "8n1"), out, err)) != PW_OK)
		return rc;
	return read_flow(pw_uri_get(uri, "flow", "none"), out, err);
}

/* What libserialport's last failure means; `what` is what was tried. */
static pw_status said(const pw_transport *t, enum sp_return result, const char *what, pw_err *err)
{
	char holder[PW_HOLDER_SIZE];
	int code = result == SP_ERR_FAIL || result == SP_ERR_ARG ? sp_last_error_code() : 0;
	if (result == SP_ERR_MEM)
		return pw_fail(err, PW_ERR_NO_MEMORY, "memory ran out");
	switch (code) {
	case ENOENT:
	case ENXIO:
	case ENODEV:
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "no such port: 'poolwell device list' shows them");
	case EBUSY:
		return pw_holder_find(t->uri.place, holder)
			       ? pw_fail(err, PW_ERR_BUSY, "held by %s", holder)
			       : pw_fail(err, PW_ERR_BUSY, "another program holds it");
	case EACCES:
	case EPERM:
		return pw_fail(err, PW_ERR_IO,
			       "no permission: join the group dialout, or install "
			       "udev/70-poolwell.rules");
	default:
		return pw_fail(err, PW_ERR_IO, "%s: %s", what,
			       code != 0 ? strerror(code) : "not supported");
	}
}

/* Nobody else is to read our answers: locked against those who look (flock) and those who do not (TIOCEXCL). */
static pw_status lock(const pw_transport *t, int fd, pw_err *err)
{
	char holder[PW_HOLDER_SIZE];
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		(void)ioctl(fd, TIOCEXCL);
		return PW_OK;
	}
	if (errno != EWOULDBLOCK)
		return PW_OK; /* a file system without locks */
	return pw_holder_find(t->uri.place, holder)
		       ? pw_fail(err, PW_ERR_BUSY, "held by %s", holder)
		       : pw_fail(err, PW_ERR_BUSY, "another program holds it");
}

static pw_status set_up(const pw_transport *t, struct sp_port *port, const settings *s, pw_err *err)
{
	enum sp_return r;
	if ((r = sp_set_baudrate(port, s->baud)) != SP_OK)
		return said(t, r, "it cannot be set to this baud rate", err);
	if ((r = sp_set_bits(port, s->bits)) != SP_OK ||
	    (r = sp_set_parity(port, s->parity)) != SP_OK ||
	    (r = sp_set_stopbits(port, s->stopbits)) != SP_OK)
		return said(t, r, pw_uri_get(&t->uri, "frame", "8n1"), err);
	if ((r = sp_set_flowcontrol(port, s->flow)) != SP_OK)
		return said(t, r, pw_uri_get(&t->uri, "flow", "none"), err);
	(void)sp_flush(port, SP_BUF_INPUT); /* what came at another baud rate */
	return PW_OK;
}

static pw_status start(pw_transport *t, struct sp_port *port, const settings *s, pw_err *err)
{
	int fd = -1;
	enum sp_return r = sp_open(port, SP_MODE_READ_WRITE);
	if (r != SP_OK)
		return said(t, r, "it cannot be opened", err);
	pw_status rc = sp_get_port_handle(port, &fd) == SP_OK
			       ? lock(t, fd, err)
			       : pw_fail(err, PW_ERR_IO, "it has no descriptor");
	if (rc == PW_OK && (rc = set_up(t, port, s, err)) != PW_OK)
		(void)ioctl(
			fd,
			TIOCNXCL); /* a terminal that somebody else has open, too, would stay locked */
	if (rc != PW_OK) {
		sp_close(port);
		return rc;
	}
	t->channel = (pw_channel){fd, PW_CHANNEL_TERMINAL};
	return PW_OK;
}

static pw_status serial_open(pw_transport *t, pw_err *err)
{
	settings s;
	char node[PW_SERIAL_NODE_SIZE];
	struct sp_port *port = NULL;
	pw_status rc = read_settings(&t->uri, &s, err);
	if (rc != PW_OK)
		return rc;
	/* libserialport refuses symbolic links, and /dev/serial/by-id is full of them. */
	pw_serial_node(t->uri.place, node);
	enum sp_return r = sp_get_port_by_name(node, &port);
	if (r != SP_OK)
		return said(t, r, "it is no serial port", err);
	rc = start(t, port, &s, err);
	if (rc != PW_OK)
		sp_free_port(port);
	else
		t->state = port;
	return rc;
}

static void serial_close(pw_transport *t)
{
	struct sp_port *port = t->state;
	(void)ioctl(t->channel.fd, TIOCNXCL);
	sp_close(port);
	sp_free_port(port);
	t->state = NULL;
	t->channel.fd = -1;
}

static const char *const serial_options[] = {"baud", "frame", "flow", NULL};

const pw_transport_ops pw_transport_serial = {
	.scheme = "serial",
	.options = serial_options,
	.open = serial_open,
	.close = serial_close,
};
