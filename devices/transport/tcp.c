/*
 * tcp: a network printer's raw port. One connection at a time is all that printers take, so a refusal most often
 * means that another program prints; a close while the printer still says something would throw
 * away what it has not printed yet (the kernel answers unread bytes with a reset), so it is done in two steps.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "devices/transport/transport_impl.h"

#define WAIT_MS     5000 /* for a connection */
#define FAREWELL_MS 1000 /* for the other end to close, once we have said all */

/* How far this computer may be ahead of the printer. A printer that is out of paper stops taking: with the
 * system's own megabytes in between, hundreds of labels would count as sent that never left. The kernel doubles it. */
#define SEND_BUFFER (16 * 1024)

typedef struct address {
	char host[256], port[16];
} address;

static pw_status split(const char *place, address *out, pw_err *err)
{
	const char *host = place, *end = strchr(place, ':'), *port = "9100";
	if (place[0] == '[') {
		host = place + 1;
		end = strchr(place, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return pw_fail(err, PW_ERR_ARG,
				       "an IPv6 address stands in brackets: "
				       "tcp:[fe80::1]:9100");
		if (end[1] == ':')
			port = end + 2;
	} else if (end != NULL) {
		port = end + 1;
		if (strchr(port, ':') != NULL)
			return pw_fail(err, PW_ERR_ARG,
				       "an IPv6 address stands in brackets: "
				       "tcp:[fe80::1]:9100");
	}
	size_t n = end != NULL ? (size_t)(end - host) : strlen(host);
	if (n == 0 || n >= sizeof(out->host))
		return pw_fail(err, PW_ERR_ARG,
			       "the name or address of the printer is missing: "
			       "tcp:printer:9100");
	if (strspn(port, "0123456789") != strlen(port) || port[0] == '\0' || strlen(port) > 5)
		return pw_fail(err, PW_ERR_ARG, "'%s' is no port: 9100 is usual", port);
	memcpy(out->host, host, n);
	out->host[n] = '\0';
	memcpy(out->port, port, strlen(port) + 1);
	return PW_OK;
}

static pw_status refused(int code, pw_err *err)
{
	switch (code) {
	case ECONNREFUSED:
		return pw_fail(err, PW_ERR_BUSY,
			       "the connection was refused: another program holds the printer, or "
			       "it takes none on this port");
	case ETIMEDOUT:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EHOSTDOWN:
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "nobody answers: is it switched on, and in this network?");
	default:
		return pw_fail(err, PW_ERR_IO, "%s", strerror(code));
	}
}

/* 0, or the errno for which the connection did not come about. */
static int await_connection(int fd, pw_deadline deadline)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int ready, code = 0;
	socklen_t size = sizeof(code);
	do {
		ready = poll(&p, 1, pw_deadline_left(deadline));
	} while (ready < 0 && errno == EINTR);
	if (ready == 0)
		return ETIMEDOUT;
	if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) != 0)
		return errno;
	return code;
}

static int connect_one(const struct addrinfo *a, pw_deadline deadline, int *out_fd)
{
	const int on = 1, buffer = SEND_BUFFER, idle_s = 30;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
	if (fd < 0)
		return errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	int code = connect(fd, a->ai_addr, a->ai_addrlen) == 0 ? 0 : errno;
	if (code == EINPROGRESS || code == EINTR)
		code = await_connection(fd, deadline);
	if (code != 0)
		close(fd);
	else
		*out_fd = fd;
	return code;
}

/* The addresses one after the other; each gets its share of the time. */
static pw_status connect_any(const struct addrinfo *list, int wait_ms, int *out_fd, pw_err *err)
{
	int count = 0, code = ENOENT;
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next)
		count++;
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int result = connect_one(a, pw_deadline_in(wait_ms / count), out_fd);
		if (result == 0)
			return PW_OK;
		/* A refusal says more than that there is no way. */
		if (code != ECONNREFUSED)
			code = result;
	}
	return refused(code, err);
}

static pw_status tcp_open(pw_transport *t, pw_err *err)
{
	address where;
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *list;
	int wait_ms = WAIT_MS, fd = -1;
	pw_status rc = split(t->uri.place, &where, err);
	if (rc == PW_OK)
		rc = pw_uri_get_int(&t->uri, "wait", 1, 600000, &wait_ms, err);
	if (rc != PW_OK)
		return rc;
	hints.ai_flags = AI_NUMERICSERV;
	int code = getaddrinfo(where.host, where.port, &hints, &list);
	if (code != 0)
		return pw_fail(err, PW_ERR_NOT_FOUND, "'%s': %s", where.host, gai_strerror(code));
	rc = connect_any(list, wait_ms, &fd, err);
	freeaddrinfo(list);
	if (rc == PW_OK)
		t->channel = (pw_channel){fd, PW_CHANNEL_SOCKET};
	return rc;
}

static void tcp_close(pw_transport *t)
{
	char rest[512];
	size_t n = 1;
	pw_deadline deadline = pw_deadline_in(FAREWELL_MS);
	if (!t->gone && shutdown(t->channel.fd, SHUT_WR) == 0)
		while (n > 0 && pw_deadline_left(deadline) > 0 &&
		       pw_channel_read(&t->channel, rest, sizeof(rest), deadline, &n, NULL) ==
			       PW_OK)
			;
	pw_channel_close(&t->channel);
}

/* A printer that has closed is gone, though the network would take the bytes. */
static pw_status tcp_write(pw_transport *t, const void *data, size_t n, pw_deadline deadline,
			   size_t *out_n, pw_err *err)
{
	char one;
	ssize_t peeked = recv(t->channel.fd, &one, 1, MSG_PEEK | MSG_DONTWAIT);
	if (peeked == 0)
		return pw_fail(err, PW_ERR_GONE, "the other end closed the connection");
	return pw_channel_write(&t->channel, data, n, deadline, out_n, err);
}

static const char *const tcp_options[] = {"wait", NULL};

const pw_transport_ops pw_transport_tcp = {
	.scheme = "tcp",
	.options = tcp_options,
	.open = tcp_open,
	.close = tcp_close,
	.write = tcp_write,
};
