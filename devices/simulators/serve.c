#include "devices/simulators/serve.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "devices/simulators/host_private.h"

#define LONGEST_WAIT 200 /* ms, so that `is_over` is asked now and then */

typedef struct service {
	pw_sim_host *host;
	pw_sim *sim;
	const pw_sim_service *with;
	char coming[4096]; /* bytes that the printer has not taken yet */
	size_t coming_n;
	bool ended;       /* the other end has closed; what it sent before is still taken */
	char going[4096]; /* what it says, and the other end has not taken yet */
	size_t going_n;
	char line[256]; /* of commands */
	size_t line_n;
	bool commands;
} service;

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- Commands ---- */

static void run_line(service *s)
{
	pw_err err = PW_ERR_INIT;
	s->line[s->line_n] = '\0';
	pw_slice line = pw_slice_trim((pw_slice){s->line, s->line_n});
	s->line_n = 0;
	if (line.len == 0)
		return;
	char *text = s->line + (line.ptr - s->line);
	text[line.len] = '\0';
	if (s->with->command != NULL && s->with->command(s->with->ctx, text))
		return;
	if (pw_sim_do(s->sim, text, &err) != PW_OK && s->with->refused != NULL)
		s->with->refused(s->with->ctx, &err);
}

static void read_commands(service *s)
{
	char bytes[256];
	ssize_t n = read(s->with->commands, bytes, sizeof(bytes));
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		s->commands = false;
	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] == '\n')
			run_line(s);
		else if (s->line_n < sizeof(s->line) - 1)
			s->line[s->line_n++] = bytes[i];
	}
}

/* ---- The cable ---- */

static void hang_up(service *s)
{
	pw_sim_host_hang_up(s->host, true);
	s->coming_n = s->going_n = 0;
	s->ended = false;
	pw_sim_connect(s->sim);
}

/* Nothing, or an error, is the end of a connection; a terminal has no end but being pulled. */
static bool has_ended(const service *s, ssize_t n)
{
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)))
		return false;
	return !s->host->pty;
}

static void read_cable(service *s)
{
	ssize_t n = read(s->host->cable, s->coming + s->coming_n, sizeof(s->coming) - s->coming_n);
	if (n > 0)
		s->coming_n += (size_t)n;
	else if (has_ended(s, n))
		s->ended = true;
}

/* The printer takes what it can, and says what it has to say. */
static void exchange(service *s)
{
	size_t taken = pw_sim_take(s->sim, s->coming, s->coming_n);
	memmove(s->coming, s->coming + taken, s->coming_n - taken);
	s->coming_n -= taken;
	s->going_n += pw_sim_say(s->sim, s->going + s->going_n, sizeof(s->going) - s->going_n);
	ssize_t n = 0;
	if (s->going_n > 0 && s->host->cable >= 0)
		n = write(s->host->cable, s->going, s->going_n);
	if (n > 0) {
		memmove(s->going, s->going + n, s->going_n - (size_t)n);
		s->going_n -= (size_t)n;
	} else if (n < 0 && has_ended(s, n)) {
		s->ended = true;
	}
	if (s->ended && s->coming_n == 0)
		hang_up(s);
}

/* Plugged and unplugged, on and off, it comes and goes. */
static pw_status follow(service *s, pw_err *err)
{
	bool there = pw_sim_there(s->sim);
	bool open = s->host->cable >= 0 || s->host->listener >= 0;
	if (there == open)
		return PW_OK;
	if (there)
		return pw_sim_host_open(s->host, err);
	pw_sim_host_close(s->host);
	s->coming_n = s->going_n = 0;
	s->ended = false;
	return PW_OK;
}

/* ---- Waiting ---- */

static int wait_for(const service *s)
{
	int64_t next = pw_sim_next(s->sim), now = now_ms();
	if (next < 0 || next - now > LONGEST_WAIT)
		return LONGEST_WAIT;
	return next > now ? (int)(next - now) : 0;
}

static pw_status turn(service *s, pw_err *err)
{
	struct pollfd fds[3] = {{.fd = -1}, {.fd = -1}, {.fd = -1}};
	const pw_sim_host *h = s->host;
	int wait = wait_for(s);
	if (s->commands)
		fds[0] = (struct pollfd){.fd = s->with->commands, .events = POLLIN};
	if (h->cable < 0)
		fds[1] = (struct pollfd){.fd = h->listener, .events = POLLIN};
	else if (s->coming_n < sizeof(s->coming) && !s->ended)
		fds[2] = (struct pollfd){.fd = h->cable, .events = POLLIN};
	/* What it does not take keeps it busy: time will change that, not the cable. */
	if (s->coming_n > 0 && wait > 10)
		wait = 10;
	if (poll(fds, 3, wait) < 0 && errno != EINTR)
		return pw_fail(err, PW_ERR_IO, "poll: %s", strerror(errno));
	pw_sim_advance(s->sim, now_ms());
	if (fds[0].revents != 0)
		read_commands(s);
	if (fds[1].revents != 0)
		pw_sim_host_accept(s->host);
	if (fds[2].revents != 0)
		read_cable(s);
	exchange(s);
	return follow(s, err);
}

pw_status pw_sim_serve(pw_sim_host *host, pw_sim *sim, const pw_sim_service *with, pw_err *err)
{
	service s = {.host = host, .sim = sim, .with = with, .commands = with->commands >= 0};
	pw_status rc = PW_OK;
	pw_sim_advance(sim, now_ms());
	while (rc == PW_OK && (with->stop == NULL || *with->stop == 0) &&
	       (with->is_over == NULL || !with->is_over(with->ctx)))
		rc = turn(&s, err);
	return rc;
}
