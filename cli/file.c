#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"

enum { MOST_LINKS = 40 };

const char *pw_file_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* PW_ERR_IO in our own words for what happens every day, in the system's for the rest. */
static pw_status system_says(const char *path, int number, pw_err *err)
{
	static const struct {
		int number;
		const char *text;
	} words[] = {
		{ENOENT, "no such file"},
		{ENOTDIR, "a part of the path is not a folder"},
		{EISDIR, "is a folder, not a file"},
		{EACCES, "access is denied: ask for the right to it"},
		{EPERM, "access is denied: ask for the right to it"},
		{ENOSPC, "the disk is full"},
		{EDQUOT, "the disk quota is used up"},
		{EFBIG, "larger than a file may be here"},
		{EROFS, "the disk is read-only"},
		{ENAMETOOLONG, "the name is too long"},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].number == number)
			return pw_fail(err, PW_ERR_IO, "%s: %s", path, words[i].text);
	return pw_fail(err, PW_ERR_IO, "%s: %s", path, strerror(number));
}

/* --- reading ------------------------------------------------------------------------------- */

static pw_status too_large(const char *name, size_t limit, pw_err *err)
{
	if (limit >= 1048576)
		return pw_fail(err, PW_ERR_LIMIT, "%s: larger than the %zu MiB that are taken",
			       name, limit / 1048576);
	return pw_fail(err, PW_ERR_LIMIT, "%s: larger than the %zu bytes that are taken", name,
		       limit);
}

pw_status pw_file_read_stream_blocks(FILE *in, const char *name, size_t limit, pw_take_fn take,
				     void *to, pw_err *err)
{
	char bytes[16384];
	size_t n, left = limit;
	errno = 0;
	while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0) {
		if (n > left)
			return too_large(name, limit, err);
		pw_status rc = take(to, bytes, n, err);
		if (rc != PW_OK)
			return pw_fail_ctx(err, rc, "%s", name);
		left -= n;
	}
	return ferror(in) != 0 ? system_says(name, errno != 0 ? errno : EIO, err) : PW_OK;
}

pw_status pw_file_read_blocks(const char *path, size_t limit, pw_take_fn take, void *to,
			      pw_err *err)
{
	FILE *in = fopen(path, "rb");
	if (in == NULL)
		return system_says(path, errno, err);
	pw_status rc = pw_file_read_stream_blocks(in, path, limit, take, to, err);
	fclose(in);
	return rc;
}

/* Adds what was read whole to *out, if it was. */
static pw_status keep(pw_status rc, pw_str *text, pw_str *out)
{
	if (rc == PW_OK && out->len == 0) {
		pw_str room = *out; /* nothing to add to: no second copy of a large file */
		*out = *text;
		*text = room;
	} else if (rc == PW_OK) {
		pw_str_add_n(out, pw_str_text(text), text->len);
	}
	pw_str_clear(text);
	return rc;
}

pw_status pw_file_read_stream(FILE *in, const char *name, size_t limit, pw_str *out, pw_err *err)
{
	pw_str text = PW_STR_INIT;
	pw_status rc = pw_file_read_stream_blocks(in, name, limit, pw_take_into_str, &text, err);
	return keep(rc, &text, out);
}

pw_status pw_file_read(const char *path, size_t limit, pw_str *out, pw_err *err)
{
	pw_str text = PW_STR_INIT;
	pw_status rc = pw_file_read_blocks(path, limit, pw_take_into_str, &text, err);
	return keep(rc, &text, out);
}

/* --- writing ------------------------------------------------------------------------------- */

static int write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t took = write(fd, bytes, n);
		if (took < 0 && errno == EINTR)
			continue;
		if (took < 0)
			return errno;
		bytes += took;
		n -= (size_t)took;
	}
	return 0;
}

/* What a file is filled from. */
typedef struct source {
	pw_give_fn give;
	const void *from;
} source;

/* A file that is open for writing, called `path` in messages. */
typedef struct drain {
	int fd;
	const char *path;
} drain;

static pw_status take_to_disk(void *to, const char *bytes, size_t n, pw_err *err)
{
	const drain *d = to;
	int number = write_all(d->fd, bytes, n);
	return number == 0 ? PW_OK : system_says(d->path, number, err);
}

static pw_status fill(int fd, const char *path, const source *what, pw_err *err)
{
	drain d = {fd, path};
	return what->give(what->from, take_to_disk, &d, err);
}

/* Into what is no ordinary file: nothing to keep whole. */
static pw_status write_through(const char *path, const source *what, pw_err *err)
{
	int fd = open(path, O_WRONLY);
	if (fd < 0)
		return system_says(path, errno, err);
	pw_status rc = fill(fd, path, what, err);
	if (close(fd) != 0 && rc == PW_OK)
		rc = system_says(path, errno, err);
	return rc;
}

static size_t folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* A name beside `path` that nobody else has; opened for writing. */
static int open_beside(const char *path, mode_t mode, char **out_name)
{
	size_t folder = folder_length(path);
	for (int i = 0; i < 1000; i++) {
		pw_str name = PW_STR_INIT;
		pw_str_add_n(&name, path, folder);
		pw_str_addf(&name, ".poolwell-%ld-%d.new", (long)getpid(), i);
		int fd = open(pw_str_text(&name), O_WRONLY | O_CREAT | O_EXCL, mode);
		int number = errno;
		if (fd >= 0) {
			*out_name = pw_str_take(&name);
			return fd;
		}
		pw_str_clear(&name);
		errno = number;
		if (number != EEXIST)
			break;
	}
	return -1;
}

/* The folder's entry is brought to the disk too. Some file systems cannot: then it is theirs to keep. */
static void sync_folder(const char *path)
{
	size_t n = folder_length(path);
	char *folder = n == 0 ? pw_strdup(".") : pw_strndup(path, n);
	int fd = open(folder, O_RDONLY);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	pw_free(folder);
}

/* link() refuses to replace, which rename() does not; where there are no links the name is claimed by an
 * empty file first. */
static int take_name(const char *beside, const char *path, bool overwrite)
{
	if (overwrite)
		return rename(beside, path) == 0 ? 0 : errno;
	if (link(beside, path) == 0) {
		unlink(beside);
		return 0;
	}
	if (errno == EEXIST)
		return EEXIST;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (fd < 0)
		return errno;
	close(fd);
	return rename(beside, path) == 0 ? 0 : errno;
}

static pw_status no_folder(const char *path, pw_err *err)
{
	return pw_fail(err, PW_ERR_IO, "%s: its folder is not there: make it first", path);
}

static pw_status exists(const char *path, pw_err *err)
{
	return pw_fail(err, PW_ERR_EXISTS,
		       "%s: there is a file of this name: choose another, or remove it", path);
}

/* Writes beside `path`, then takes its name. `old` is what is there, or NULL. */
static pw_status replace(const char *path, const struct stat *old, const source *what,
			 bool overwrite, pw_err *err)
{
	char *beside = NULL;
	int fd = open_beside(path, old != NULL ? 0600 : 0666, &beside);
	if (fd < 0 && errno == ENOENT)
		return no_folder(path, err);
	if (fd < 0)
		return system_says(path, errno, err);
	pw_status rc = fill(fd, path, what, err);
	int number = 0;
	if (rc == PW_OK && old != NULL && fchmod(fd, old->st_mode & 07777) != 0)
		number = errno;
	if (rc == PW_OK && number == 0 && fsync(fd) != 0)
		number = errno;
	if (close(fd) != 0 && number == 0)
		number = errno;
	if (rc == PW_OK && number == 0)
		number = take_name(beside, path, overwrite);
	if (rc != PW_OK || number != 0)
		unlink(beside);
	pw_free(beside);
	if (rc != PW_OK)
		return rc;
	if (number == EEXIST)
		return exists(path, err);
	if (number != 0)
		return system_says(path, number, err);
	sync_folder(path);
	return PW_OK;
}

/* Where a chain of symbolic links ends; `path` itself when it is none. For pw_free. (realpath() is not in
 * the base of POSIX.1-2008.) */
static char *follow_links(const char *path)
{
	char *at = pw_strdup(path);
	for (int i = 0; i < MOST_LINKS; i++) {
		char target[4096];
		ssize_t n = readlink(at, target, sizeof(target) - 1);
		if (n < 0)
			break;
		target[n] = '\0';
		pw_str next = PW_STR_INIT;
		if (target[0] != '/')
			pw_str_add_n(&next, at, folder_length(at));
		pw_str_add(&next, target);
		pw_free(at);
		at = pw_str_take(&next);
	}
	return at;
}

pw_status pw_file_write_blocks(const char *path, pw_give_fn give, const void *from, bool overwrite,
			       pw_err *err)
{
	struct stat old;
	const source what = {give, from};
	bool there = stat(path, &old) == 0;
	if (there && S_ISDIR(old.st_mode))
		return system_says(path, EISDIR, err);
	if (there && !S_ISREG(old.st_mode))
		return write_through(path, &what, err);
	if (there && !overwrite)
		return exists(path, err);
	if (!there)
		return replace(path, NULL, &what, overwrite, err);
	char *target = follow_links(path);
	pw_status rc = replace(target, &old, &what, overwrite, err);
	pw_free(target);
	return rc;
}

static pw_status give_slice(const void *from, pw_take_fn take, void *to, pw_err *err)
{
	const pw_slice *bytes = from;
	return take(to, bytes->ptr, bytes->len, err);
}

pw_status pw_file_write(const char *path, const void *bytes, size_t n, bool overwrite, pw_err *err)
{
	const pw_slice whole = {bytes, n};
	return pw_file_write_blocks(path, give_slice, &whole, overwrite, err);
}

pw_status pw_file_check(const char *path, bool overwrite, pw_err *err)
{
	struct stat there;
	if (stat(path, &there) == 0) {
		if (S_ISDIR(there.st_mode))
			return system_says(path, EISDIR, err);
		return S_ISREG(there.st_mode) && !overwrite ? exists(path, err) : PW_OK;
	}
	pw_str folder = PW_STR_INIT;
	pw_str_add_n(&folder, path, folder_length(path));
	int number = folder.len > 0 && stat(folder.ptr, &there) != 0 ? errno : 0;
	pw_str_clear(&folder);
	if (number == ENOENT)
		return no_folder(path, err);
	return number != 0 ? system_says(path, number, err) : PW_OK;
}

/* --- folders ------------------------------------------------------------------------------- */

static pw_status make_one(const char *path, pw_err *err)
{
	struct stat there;
	if (mkdir(path, 0777) == 0)
		return PW_OK;
	int number = errno;
	/* mkdir on "/" or a mount point may say EROFS or EACCES though it is there. */
	if (stat(path, &there) == 0) {
		if (S_ISDIR(there.st_mode))
			return PW_OK;
		return pw_fail(err, PW_ERR_IO, "%s: is a file, not a folder", path);
	}
	if (number == ENOENT)
		return pw_fail(err, PW_ERR_IO, "%s: no such folder", path);
	return system_says(path, number, err);
}

pw_status pw_file_make_folder(const char *path, pw_err *err)
{
	char *part = pw_strdup(path);
	pw_status rc = PW_OK;
	for (char *p = part; rc == PW_OK && *p != '\0'; p++) {
		if (*p != '/' || p == part)
			continue;
		*p = '\0';
		rc = make_one(part, err);
		*p = '/';
	}
	if (rc == PW_OK)
		rc = make_one(part, err);
	pw_free(part);
	return rc;
}
