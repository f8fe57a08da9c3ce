#include "devices/transport/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"

struct pw_recorder {
	int fd;
	int failed;  /* errno of the first failure */
	bool silent; /* the last entry was that nothing came */
	char *path;
};

static void put(pw_recorder *r, const pw_str *text)
{
	size_t done = 0;
	while (r->failed == 0 && done < text->len) {
		ssize_t n = write(r->fd, text->ptr + done, text->len - done);
		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			r->failed = errno;
	}
}

pw_status pw_recorder_open(const char *path, const char *uri, pw_recorder **out, pw_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0 && errno == EEXIST)
		return pw_fail(err, PW_ERR_EXISTS, "'%s' is there already: record into a new file",
			       path);
	if (fd < 0)
		return pw_fail(err, PW_ERR_IO, "'%s': %s", path, strerror(errno));
	pw_recorder *r = pw_alloc(sizeof(*r));
	r->fd = fd;
	r->path = pw_strdup(path);
	pw_str head = PW_STR_INIT;
	pw_str_addf(&head, "# poolwell transcript/1\n# %s\n", uri);
	put(r, &head);
	pw_str_clear(&head);
	*out = r;
	return PW_OK;
}

void pw_recorder_close(pw_recorder *r)
{
	if (r == NULL)
		return;
	close(r->fd);
	pw_free(r->path);
	pw_free(r);
}

pw_status pw_recorder_check(const pw_recorder *r, pw_err *err)
{
	if (r == NULL || r->failed == 0)
		return PW_OK;
	return pw_fail(err, PW_ERR_IO, "'%s': the recording broke off: %s", r->path,
		       strerror(r->failed));
}

void pw_recorder_bytes(pw_recorder *r, pw_entry_kind kind, const void *bytes, size_t n)
{
	if (r == NULL)
		return;
	bool silence = kind == PW_ENTRY_GOT && n == 0;
	if (silence && r->silent)
		return;
	r->silent = silence;
	pw_str text = PW_STR_INIT;
	pw_transcript_add(&text, kind, bytes, n);
	put(r, &text);
	pw_str_clear(&text);
}

void pw_recorder_word(pw_recorder *r, pw_entry_kind kind)
{
	pw_recorder_bytes(r, kind, "", 0);
}
