#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/store/internal.h"

/*
 * SQLite locks bytes of its own files; a file beside them keeps clear of that. It stays open: closing it would
 * give back every claim that the process has.
 */
static pw_status open_file(pw_store *store, int flags, pw_err *err)
{
	char path[4096];
	if (store->claims >= 0)
		return PW_OK;
	int n = snprintf(path, sizeof(path), "%s-claims", store->path);
	if (n < 0 || (size_t)n >= sizeof(path))
		return pw_fail(err, PW_ERR_LIMIT, "'%s' is too long a path", store->path);
	store->claims = open(path, O_RDWR | O_CLOEXEC | flags, 0666);
	if (store->claims < 0)
		return pw_fail(err, PW_ERR_IO, "'%s' can't be written: %s: check the rights", path,
			       strerror(errno));
	return PW_OK;
}

static struct flock byte_of(int64_t number, short type)
{
	return (struct flock){
		.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)number, .l_len = 1};
}

pw_status pw_store_claim(pw_store *store, int64_t number, pw_err *err)
{
	PW_BUG_IF(number <= 0);
	struct flock lock = byte_of(number, F_WRLCK), holder = lock;
	pw_status rc = open_file(store, O_CREAT, err);
	if (rc != PW_OK || fcntl(store->claims, F_SETLK, &lock) == 0)
		return rc;
	if (errno != EACCES && errno != EAGAIN)
		return pw_fail(err, PW_ERR_IO, "'%s-claims' can't be locked: %s", store->path,
			       strerror(errno));
	if (fcntl(store->claims, F_GETLK, &holder) == 0 && holder.l_type != F_UNLCK)
		return pw_fail(err, PW_ERR_BUSY,
			       "another program is at it (process %ld): wait until it has finished",
			       (long)holder.l_pid);
	return pw_fail(err, PW_ERR_BUSY, "another program was at it: try again");
}

void pw_store_release(pw_store *store, int64_t number)
{
	struct flock lock = byte_of(number, F_UNLCK);
	if (store->claims >= 0)
		(void)fcntl(store->claims, F_SETLK, &lock);
}

bool pw_store_claimed(pw_store *store, int64_t number)
{
	struct flock lock = byte_of(number, F_WRLCK);
	return open_file(store, 0, NULL) == PW_OK && fcntl(store->claims, F_GETLK, &lock) == 0 &&
	       lock.l_type != F_UNLCK;
}
