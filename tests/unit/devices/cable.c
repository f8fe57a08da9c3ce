#include "tests/unit/devices/cable.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool open_sockets(cable *c)
{
	int ends[2];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	c->ours = ends[0];
	c->peer = ends[1];
	snprintf(c->uri, sizeof(c->uri), "fd:%d", ends[0]);
	return true;
}

static bool open_pty(cable *c)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0) {
		printf("skipped: there are no pseudo-terminals here\n");
		return false;
	}
	ck_assert_int_eq(grantpt(master) | unlockpt(master), 0);
	snprintf(c->uri, sizeof(c->uri), "pty:%s", ptsname(master));
	/* It is cooked and echoes, as a new one is: the transport has to make it raw. */
	c->peer = master;
	return true;
}

int cable_listen(int family, int *out_port)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in four = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 got;
	socklen_t size = sizeof(got);
	int fd = socket(family, SOCK_STREAM, 0), small = 4096;
	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	int rc = family == AF_INET6 ? bind(fd, (struct sockaddr *)&six, sizeof(six))
				    : bind(fd, (struct sockaddr *)&four, sizeof(four));
	if (rc != 0 || listen(fd, 4) != 0) {
		close(fd);
		return -1;
	}
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&got, &size), 0);
	*out_port = ntohs(got.sin6_port); /* at the same place in both */
	return fd;
}

static bool open_tcp(cable *c, int family)
{
	int port;
	c->listener = cable_listen(family, &port);
	if (c->listener < 0) {
		printf("skipped: no %s here\n", family == AF_INET6 ? "IPv6" : "IPv4");
		return false;
	}
	snprintf(c->uri, sizeof(c->uri), "tcp:%s:%d", family == AF_INET6 ? "[::1]" : "127.0.0.1",
		 port);
	return true;
}

void cable_accept(cable *c)
{
	c->peer = accept(c->listener, NULL, NULL);
	ck_assert_int_ge(c->peer, 0);
}

bool cable_open(cable *c, cable_kind kind)
{
	*c = (cable){.kind = kind, .peer = -1, .listener = -1, .ours = -1, .err = PW_ERR_INIT};
	bool there = kind == CABLE_SOCKETS ? open_sockets(c)
		     : kind == CABLE_PTY   ? open_pty(c)
		     : kind == CABLE_TCP   ? open_tcp(c, AF_INET)
					   : open_tcp(c, AF_INET6);
	if (!there)
		return false;
	must(c, pw_transport_open(c->uri, &c->transport, &c->err));
	if (c->listener >= 0)
		cable_accept(c);
	ck_assert_int_eq(fcntl(c->peer, F_SETFL, O_NONBLOCK), 0);
	return true;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void cable_close(cable *c)
{
	close_fd(&c->peer);
	pw_transport_close(c->transport);
	c->transport = NULL;
	close_fd(&c->listener);
	close_fd(&c->ours);
}

void cable_hang_up(cable *c)
{
	close_fd(&c->peer);
}

void cable_reset(cable *c)
{
	struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	ck_assert_int_eq(setsockopt(c->peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)), 0);
	close_fd(&c->peer);
}

void cable_say(cable *c, const char *text)
{
	ck_assert_int_eq(write(c->peer, text, strlen(text)), (ssize_t)strlen(text));
}

size_t cable_hear(cable *c, size_t most, pw_str *out)
{
	char piece[4096];
	size_t heard = 0;
	while (heard < most) {
		size_t want = most - heard < sizeof(piece) ? most - heard : sizeof(piece);
		ssize_t n = read(c->peer, piece, want);
		if (n <= 0)
			break;
		pw_str_add_n(out, piece, (size_t)n);
		heard += (size_t)n;
	}
	return heard;
}
