#include "tests/cli/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_WORDS 16

const char *process_program;

static void show_talk(void)
{
	char text[600];
	int fd = open("err", O_RDONLY);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : 0;
	if (fd >= 0)
		close(fd);
	if (n > 0)
		fprintf(stderr, "%.*s\n", (int)n, text);
}

void process_stop(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	show_talk();
	exit(1);
}

/* ---------------------------------------------------------------- start */

static void become(const char *const *words, int in, int out)
{
	char *argv[MAX_WORDS + 2] = {(char *)(uintptr_t)process_program};
	for (int i = 0; words[i] != NULL; i++)
		argv[i + 1] = (char *)(uintptr_t)words[i];
	int err = open("err", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	execv(process_program, argv);
	_exit(127);
}

static process start(const char *const *words, int in, int out)
{
	process p = {.pid = fork(), .in = -1, .out = -1};
	if (p.pid < 0)
		process_stop("fork: %s", strerror(errno));
	if (p.pid == 0)
		become(words, in, out);
	close(in);
	close(out);
	return p;
}

process process_start(const char *const *words)
{
	int to[2], from[2];
	if (pipe(to) != 0 || pipe(from) != 0)
		process_stop("pipe: %s", strerror(errno));
	if (fcntl(to[1], F_SETFD, FD_CLOEXEC) != 0 || fcntl(from[0], F_SETFD, FD_CLOEXEC) != 0)
		process_stop("fcntl: %s", strerror(errno));
	process p = start(words, to[0], from[1]);
	p.in = to[1];
	p.out = from[0];
	return p;
}

/* ---------------------------------------------------------------- talk with it */

void process_feed(process *p, const char *text)
{
	size_t n = strlen(text);
	while (n > 0) {
		ssize_t sent = write(p->in, text, n);
		if (sent < 0 && errno == EPIPE)
			return;
		if (sent < 0 && errno != EINTR)
			process_stop("write: %s", strerror(errno));
		if (sent > 0) {
			text += sent;
			n -= (size_t)sent;
		}
	}
}

bool process_line(process *p, char *line, size_t size)
{
	size_t n = 0;
	char c;
	ssize_t got;
	while ((got = read(p->out, &c, 1)) == 1 && c != '\n')
		if (n + 1 < size)
			line[n++] = c;
	line[n] = '\0';
	return got == 1; /* a line that was cut off in the middle was never said */
}

void process_kill(process *p)
{
	kill(p->pid, SIGKILL);
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int process_end(process *p)
{
	int status;
	close_end(&p->in);
	while (waitpid(p->pid, &status, 0) < 0)
		if (errno != EINTR)
			process_stop("waitpid: %s", strerror(errno));
	close_end(&p->out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

int process_run(const char *const *words)
{
	int in = open("/dev/null", O_RDONLY);
	int out = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (in < 0 || out < 0)
		process_stop("out: %s", strerror(errno));
	process p = start(words, in, out);
	return process_end(&p);
}

/* ---------------------------------------------------------------- chance, time, files */

static uint64_t chance;

void chance_begin(void)
{
	const char *given = getenv("PW_SEED");
	chance = given != NULL && given[0] != '\0' ? strtoull(given, NULL, 10)
						   : microseconds_now() ^ (uint64_t)getpid() << 32;
	printf("PW_SEED=%" PRIu64 "\n", chance);
	fflush(stdout);
}

/* SplitMix64 (Steele, Lea, Flood 2014) */
uint64_t chance_below(uint64_t n)
{
	uint64_t z = chance += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (z ^ z >> 31) % n;
}

void pause_for(uint64_t microseconds)
{
	struct timespec t = {(time_t)(microseconds / 1000000),
			     (long)(microseconds % 1000000) * 1000};
	while (nanosleep(&t, &t) != 0)
		if (errno != EINTR)
			return;
}

uint64_t microseconds_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

void file_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		process_stop("%s: %s", path, strerror(errno));
}

static void remove_side(const char *path, const char *end)
{
	char side[256];
	snprintf(side, sizeof(side), "%s%s", path, end);
	unlink(side);
}

void file_copy_database(const char *from, const char *to)
{
	char block[65536];
	size_t n;
	remove_side(to, "-wal");
	remove_side(to, "-shm");
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	if (in == NULL || out == NULL)
		process_stop("%s: %s", in == NULL ? from : to, strerror(errno));
	while ((n = fread(block, 1, sizeof(block), in)) > 0)
		if (fwrite(block, 1, n, out) != n)
			process_stop("%s: %s", to, strerror(errno));
	fclose(in);
	if (fclose(out) != 0)
		process_stop("%s: %s", to, strerror(errno));
}
