#include "devices/transport/channel.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

pw_channel pw_channel_of(int fd)
{
	struct stat st;
	pw_channel channel = {fd, PW_CHANNEL_FILE};
	if (isatty(fd))
		channel.kind = PW_CHANNEL_TERMINAL;
	else if (fstat(fd, &st) != 0)
		return channel;
	else if (S_ISSOCK(st.st_mode))
		channel.kind = PW_CHANNEL_SOCKET;
	else if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode))
		channel.kind = PW_CHANNEL_PIPE;
	return channel;
}

static bool means_gone(const pw_channel *channel, int code)
{
	switch (code) {
	case EPIPE:
	case ENXIO:
	case ENODEV:
	case ECONNRESET:
	case ECONNABORTED:
	case ENOTCONN:
	case ESHUTDOWN:
	case ETIMEDOUT:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case ENETDOWN:
	case ENETRESET:
		return true;
	case EIO: /* of a file it is the disk that fails */
		return channel->kind != PW_CHANNEL_FILE;
	default:
		return false;
	}
}

pw_status pw_channel_fail(const pw_channel *channel, int code, pw_err *err)
{
	if (!means_gone(channel, code))
		return pw_fail(err, PW_ERR_IO, "%s", strerror(code));
	return pw_fail(err, PW_ERR_GONE, "it is gone (%s): look at its cable and its power",
		       strerror(code));
}

static pw_status end_of(const pw_channel *channel, pw_err *err)
{
	return channel->kind == PW_CHANNEL_TERMINAL
		       ? pw_fail(err, PW_ERR_GONE, "it was unplugged or hung up")
		       : pw_fail(err, PW_ERR_GONE, "the other end closed the connection");
}

/* 1: something happened; 0: the deadline passed; -1: errno. */
static int await(const pw_channel *channel, short events, pw_deadline deadline, short *out_events)
{
	for (;;) {
		struct pollfd p = {.fd = channel->fd, .events = events};
		int ready = poll(&p, 1, pw_deadline_left(deadline));
		*out_events = p.revents;
		if (ready >= 0 || errno != EINTR)
			return ready;
	}
}

bool pw_channel_hung_up(const pw_channel *channel)
{
	short events;
	return await(channel, 0, pw_deadline_in(0), &events) > 0 &&
	       (events & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

pw_status pw_channel_read(const pw_channel *channel, void *buf, size_t size, pw_deadline deadline,
			  size_t *out_n, pw_err *err)
{
	short events;
	*out_n = 0;
	for (;;) {
		int ready = await(channel, POLLIN, deadline, &events);
		if (ready <= 0)
			return ready == 0 ? PW_OK : pw_channel_fail(channel, errno, err);
		ssize_t n = read(channel->fd, buf, size);
		if (n > 0) {
			*out_n = (size_t)n;
			return PW_OK;
		}
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return pw_channel_fail(channel, errno, err);
		if (n == 0 && channel->kind != PW_CHANNEL_TERMINAL)
			return end_of(channel, err);
		if (n <= 0 && (events & (POLLHUP | POLLERR)) != 0)
			return end_of(channel, err);
	}
}

/* write(2) to what may have nobody at its other end, without the signal that kills for it. */
static ssize_t write_to_pipe(int fd, const void *data, size_t n)
{
	const struct timespec at_once = {0, 0};
	sigset_t pipe_signal, before, pending;
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	ssize_t wrote = write(fd, data, n);
	int code = errno;
	if (wrote < 0 && code == EPIPE && !sigismember(&pending, SIGPIPE))
		while (sigtimedwait(&pipe_signal, NULL, &at_once) < 0 && errno == EINTR)
			;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = code;
	return wrote;
}

static ssize_t put(const pw_channel *channel, const void *data, size_t n)
{
	if (channel->kind == PW_CHANNEL_SOCKET)
		return send(channel->fd, data, n, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (channel->kind == PW_CHANNEL_PIPE)
		return write_to_pipe(channel->fd, data, n);
	return write(channel->fd, data, n);
}

pw_status pw_channel_write(const pw_channel *channel, const void *data, size_t n,
			   pw_deadline deadline, size_t *out_n, pw_err *err)
{
	short events;
	*out_n = 0;
	while (*out_n < n) {
		int ready = await(channel, POLLOUT, deadline, &events);
		if (ready <= 0)
			return ready == 0 ? PW_OK : pw_channel_fail(channel, errno, err);
		ssize_t put_n = put(channel, (const char *)data + *out_n, n - *out_n);
		if (put_n >= 0)
			*out_n += (size_t)put_n;
		else if (errno != EINTR && errno != EAGAIN)
			return pw_channel_fail(channel, errno, err);
		else if (errno == EAGAIN && (events & (POLLHUP | POLLERR)) != 0)
			return end_of(channel, err);
	}
	return PW_OK;
}

pw_status pw_channel_drain(const pw_channel *channel, pw_deadline deadline, pw_err *err)
{
	if (channel->kind == PW_CHANNEL_FILE && fsync(channel->fd) != 0 && errno != EINVAL)
		return pw_channel_fail(channel, errno, err);
	if (channel->kind != PW_CHANNEL_TERMINAL && channel->kind != PW_CHANNEL_SOCKET)
		return PW_OK;
	for (;;) {
		int waiting = 0;
		if (pw_channel_hung_up(channel))
			return end_of(channel, err);
		if (ioctl(channel->fd, TIOCOUTQ, &waiting) !=
		    0) /* a socket's SIOCOUTQ is the same */
			return errno == EINVAL || errno == ENOTTY || errno == EOPNOTSUPP
				       ? PW_OK
				       : pw_channel_fail(channel, errno, err);
		if (waiting == 0)
			return PW_OK;
		if (pw_deadline_left(deadline) == 0)
			return pw_fail(err, PW_ERR_BUSY, "%d bytes still wait to be taken",
				       waiting);
		pw_deadline_sleep(deadline, 2);
	}
}

void pw_channel_close(pw_channel *channel)
{
	if (channel->fd >= 0)
		close(channel->fd);
	channel->fd = -1;
}
