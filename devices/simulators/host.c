#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "devices/simulators/host_private.h"

static pw_status system_says(const char *what, pw_err *err)
{
	return pw_fail(err, errno == EEXIST || errno == EADDRINUSE ? PW_ERR_EXISTS : PW_ERR_IO,
		       "%s: %s", what, strerror(errno));
}

static void set_up(int fd)
{
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* ---- TCP ---- */

/* "127.0.0.1:9100", "[::1]:9100" */
static pw_status read_place(pw_sim_host *h, const char *place, pw_err *err)
{
	const char *colon = strrchr(place, ':');
	int64_t port;
	if (colon == NULL || !pw_parse_int(colon + 1, &port) || port < 0 || port > 65535 ||
	    colon == place)
		return pw_fail(err, PW_ERR_ARG,
			       "'tcp:%s': an address and a port, as in tcp:127.0.0.1:9100", place);
	size_t n = (size_t)(colon - place);
	bool brackets = place[0] == '[' && place[n - 1] == ']' && n > 2;
	snprintf(h->host, sizeof(h->host), "%.*s", (int)(brackets ? n - 2 : n),
		 brackets ? place + 1 : place);
	h->port = (int)port;
	return PW_OK;
}

static void tell_address(pw_sim_host *h)
{
	struct sockaddr_storage at;
	socklen_t n = sizeof(at);
	char port[16] = "0";
	if (getsockname(h->listener, (struct sockaddr *)&at, &n) == 0)
		(void)getnameinfo((struct sockaddr *)&at, n, NULL, 0, port, sizeof(port),
				  NI_NUMERICSERV);
	h->port = (int)strtol(port, NULL, 10);
	bool six = strchr(h->host, ':') != NULL;
	snprintf(h->uri, sizeof(h->uri), "tcp:%s%s%s:%d", six ? "[" : "", h->host, six ? "]" : "",
		 h->port);
}

static pw_status listen_on(pw_sim_host *h, pw_err *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *list = NULL;
	char port[16];
	const int on = 1;
	snprintf(port, sizeof(port), "%d", h->port);
	int code = getaddrinfo(h->host, port, &hints, &list);
	if (code != 0)
		return pw_fail(err, PW_ERR_ARG, "'%s': %s", h->host, gai_strerror(code));
	h->listener = socket(list->ai_family, SOCK_STREAM, 0);
	bool ok = h->listener >= 0 &&
		  setsockopt(h->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
		  bind(h->listener, list->ai_addr, list->ai_addrlen) == 0 &&
		  listen(h->listener, 4) == 0;
	freeaddrinfo(list);
	if (!ok) {
		pw_status rc = system_says(h->host, err);
		close_fd(&h->listener);
		return rc;
	}
	set_up(h->listener);
	tell_address(h);
	return PW_OK;
}

void pw_sim_host_accept(pw_sim_host *h)
{
	if (h->cable >= 0)
		return;
	h->cable = accept(h->listener, NULL, NULL);
	if (h->cable >= 0)
		set_up(h->cable);
}

/* ---- Pseudo-terminals ---- */

static void make_raw(int fd)
{
	struct termios t;
	if (tcgetattr(fd, &t) != 0)
		return;
	t.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	t.c_oflag &= ~(tcflag_t)OPOST;
	t.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	t.c_cflag = (t.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
	(void)tcsetattr(fd, TCSANOW, &t);
}

static pw_status make_terminal(pw_sim_host *h, pw_err *err)
{
	char name[64] = "";
	h->cable = posix_openpt(O_RDWR | O_NOCTTY);
	if (h->cable < 0 || grantpt(h->cable) != 0 || unlockpt(h->cable) != 0)
		return system_says("a pseudo-terminal", err);
	snprintf(name, sizeof(name), "%s", ptsname(h->cable));
	h->other_end = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (h->other_end < 0)
		return system_says(name, err);
	make_raw(h->other_end);
	set_up(h->cable);
	if (h->link[0] != '\0' && symlink(name, h->link) != 0)
		return system_says(h->link, err);
	snprintf(h->uri, sizeof(h->uri), "pty:%s", h->link[0] != '\0' ? h->link : name);
	return PW_OK;
}

/* ---- Both ---- */

bool pw_sim_host_is_serial(const char *address)
{
	return pw_text_starts(address, "pty");
}

static pw_status read_address(pw_sim_host *h, const char *address, pw_err *err)
{
	h->pty = pw_sim_host_is_serial(address);
	if (pw_text_starts(address, "tcp:"))
		return read_place(h, address + 4, err);
	if (strcmp(address, "pty") == 0)
		return PW_OK;
	if (pw_text_starts(address, "pty:") && address[4] != '\0' &&
	    strlen(address + 4) < sizeof(h->link)) {
		snprintf(h->link, sizeof(h->link), "%s", address + 4);
		return PW_OK;
	}
	return pw_fail(err, PW_ERR_ARG,
		       "'%s' is no address for a simulator: tcp:127.0.0.1:9100, pty, or pty:NAME",
		       address);
}

pw_status pw_sim_host_open(pw_sim_host *h, pw_err *err)
{
	return h->pty ? make_terminal(h, err) : listen_on(h, err);
}

pw_status pw_sim_host_new(const char *address, pw_sim_host **out, pw_err *err)
{
	pw_sim_host *h = pw_alloc(sizeof(*h));
	h->listener = h->cable = h->other_end = -1;
	pw_status rc = read_address(h, address, err);
	if (rc == PW_OK)
		rc = pw_sim_host_open(h, err);
	if (rc != PW_OK) {
		h->link[0] = '\0'; /* not ours */
		pw_sim_host_free(h);
		return rc;
	}
	*out = h;
	return PW_OK;
}

void pw_sim_host_hang_up(pw_sim_host *h, bool politely)
{
	const struct linger at_once = {1, 0};
	if (h->cable >= 0 && !h->pty && !politely)
		(void)setsockopt(h->cable, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close_fd(&h->cable);
}

void pw_sim_host_close(pw_sim_host *h)
{
	pw_sim_host_hang_up(h, false);
	close_fd(&h->listener);
	close_fd(&h->other_end);
	if (h->pty && h->link[0] != '\0')
		(void)unlink(h->link);
}

void pw_sim_host_free(pw_sim_host *h)
{
	if (h == NULL)
		return;
	pw_sim_host_close(h);
	pw_free(h);
}

const char *pw_sim_host_uri(const pw_sim_host *h)
{
	return h->uri;
}
