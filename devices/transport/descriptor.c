/* file:, pty: and fd: — descriptors that we open, make raw, or were given. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "devices/transport/transport_impl.h"

static const char *const no_options[] = {NULL};

static pw_status cannot_open(int code, pw_err *err)
{
	switch (code) {
	case ENOENT:
	case ENOTDIR:
	case ENXIO: /* a FIFO that nobody reads; a terminal whose other end is closed */
	case ENODEV:
	case EIO:
		return pw_fail(err, PW_ERR_NOT_FOUND, "%s", strerror(code));
	case EBUSY:
		return pw_fail(err, PW_ERR_BUSY, "another program has it open");
	case EACCES:
	case EPERM:
		return pw_fail(err, PW_ERR_IO, "no permission to open it");
	default:
		return pw_fail(err, PW_ERR_IO, "%s", strerror(code));
	}
}

static void close_channel(pw_transport *t)
{
	pw_channel_close(&t->channel);
}

/* ---- file ---- */

static pw_status file_open(pw_transport *t, pw_err *err)
{
	if (t->uri.place[0] == '\0')
		return pw_fail(err, PW_ERR_ARG, "the name of the file is missing");
	int fd = open(t->uri.place,
		      O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0666);
	if (fd < 0)
		return cannot_open(errno, err);
	t->channel = pw_channel_of(fd);
	return PW_OK;
}

static bool file_is_mute(const pw_transport *t)
{
	(void)t;
	return true;
}

static pw_status file_read(pw_transport *t, void *buf, size_t size, pw_deadline deadline,
			   size_t *out_n, pw_err *err)
{
	(void)t, (void)buf, (void)size, (void)deadline, (void)out_n, (void)err;
	return PW_OK;
}

const pw_transport_ops pw_transport_file = {
	.scheme = "file",
	.options = no_options,
	.open = file_open,
	.close = close_channel,
	.is_mute = file_is_mute,
	.read = file_read,
};

/* ---- pty ---- */

/* Bytes as they are, both ways. */
static void make_raw(struct termios *mode)
{
	mode->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL |
				     IXON | IXOFF | IXANY);
	mode->c_oflag &= ~(tcflag_t)OPOST;
	mode->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	mode->c_cflag = (mode->c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8 | CREAD | CLOCAL;
	mode->c_cc[VMIN] = 1;
	mode->c_cc[VTIME] = 0;
}

static pw_status pty_open(pw_transport *t, pw_err *err)
{
	struct termios mode;
	int fd = open(t->uri.place, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return cannot_open(errno, err);
	if (tcgetattr(fd, &mode) != 0) {
		close(fd);
		return pw_fail(err, PW_ERR_ARG, "this is no terminal: file: writes to others");
	}
	if (t->state == NULL)
		t->state = pw_alloc(sizeof(mode));
	memcpy(t->state, &mode, sizeof(mode));
	make_raw(&mode);
	if (tcsetattr(fd, TCSANOW, &mode) != 0) {
		pw_status rc = pw_fail(err, PW_ERR_IO, "%s", strerror(errno));
		close(fd);
		return rc;
	}
	t->channel = pw_channel_of(fd);
	return PW_OK;
}

static void pty_close(pw_transport *t)
{
	tcsetattr(t->channel.fd, TCSANOW, t->state);
	close_channel(t);
}

static void free_state(pw_transport *t)
{
	pw_free(t->state);
}

const pw_transport_ops pw_transport_pty = {
	.scheme = "pty",
	.options = no_options,
	.open = pty_open,
	.close = pty_close,
	.free = free_state,
};

/* ---- fd ---- */

/* The flags that the descriptor came with, to be given back. */
typedef struct given {
	int flags;
} given;

static pw_status fd_open(pw_transport *t, pw_err *err)
{
	char *end;
	long number = strtol(t->uri.place, &end, 10);
	if (t->state != NULL)
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "a descriptor that was given cannot be opened again");
	if (end == t->uri.place || *end != '\0' || number < 0 || number > 1 << 20)
		return pw_fail(err, PW_ERR_ARG, "the number of an open descriptor, as in fd:5");
	int fd = (int)number, flags = fcntl(fd, F_GETFL);
	if (flags < 0)
		return pw_fail(err, PW_ERR_NOT_FOUND, "no such descriptor is open");
	given *g = pw_alloc(sizeof(*g));
	g->flags = flags;
	t->state = g;
	t->channel = pw_channel_of(fd);
	if (t->channel.kind != PW_CHANNEL_FILE)
		(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	return PW_OK;
}

static void fd_close(pw_transport *t)
{
	const given *g = t->state;
	(void)fcntl(t->channel.fd, F_SETFL, g->flags);
	t->channel.fd = -1;
}

const pw_transport_ops pw_transport_fd_number = {
	.scheme = "fd",
	.options = no_options,
	.open = fd_open,
	.close = fd_close,
	.free = free_state,
};
