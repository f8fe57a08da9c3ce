#include "tests/unit/store/fault_vfs.h"

#include <check.h>
#include <sqlite3.h>
#include <string.h>

static struct {
	const fault_plan *plan;
	int64_t at, seen;
	bool hit;
} armed;

static sqlite3_vfs *real;
static bool no_shared_memory;

void fault_arm(const fault_plan *plan, int64_t at)
{
	armed.plan = plan;
	armed.at = at;
	armed.seen = 0;
	armed.hit = false;
}

void fault_disarm(void)
{
	armed.plan = NULL;
}

bool fault_hit(void)
{
	return armed.hit;
}

void fault_no_shared_memory(bool on)
{
	no_shared_memory = on;
}

/* Whether this call is the one to fail. */
static bool fails(fault_call call)
{
	if (armed.plan == NULL || (armed.plan->calls & call) == 0)
		return false;
	armed.seen++;
	bool now = armed.seen == armed.at || (armed.plan->stays && armed.seen > armed.at);
	armed.hit = armed.hit || now;
	return now;
}

/* ---------------------------------------------------------------- what is not yet on the disk */

/* The few files of a test, by name; a file that is opened again is the same one. */
static struct {
	char name[300];
	int64_t unsynced;
} files[64];

static int file_number(const char *name)
{
	int i = 0;
	while (i < 63 && files[i].name[0] != '\0' && strcmp(files[i].name, name) != 0)
		i++;
	strncpy(files[i].name, name, sizeof(files[i].name) - 1);
	return i;
}

int64_t fault_unsynced(const char *suffix)
{
	int64_t sum = 0;
	for (int i = 0; i < 64; i++) {
		size_t n = strlen(files[i].name), m = strlen(suffix);
		if (n >= m && strcmp(files[i].name + n - m, suffix) == 0)
			sum += files[i].unsynced;
	}
	return sum;
}

/* ---------------------------------------------------------------- a file */

typedef struct fault_file {
	sqlite3_file base;
	int number; /* in files[]; -1 for one without a name */
	sqlite3_file *real;
} fault_file;

#define REAL(file) (((fault_file *)(file))->real)

static int file_close(sqlite3_file *file)
{
	return REAL(file)->pMethods->xClose(REAL(file));
}

static int file_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
	if (fails(FAULT_READ))
		return armed.plan->code;
	return REAL(file)->pMethods->xRead(REAL(file), out, n, at);
}

static int file_write(sqlite3_file *file, const void *data, int n, sqlite3_int64 at)
{
	if (fails(FAULT_WRITE)) {
		/* Half of it arrives, as on a disk that fills up. */
		if (n > 1)
			REAL(file)->pMethods->xWrite(REAL(file), data, n / 2, at);
		return armed.plan->code;
	}
	if (((fault_file *)file)->number >= 0)
		files[((fault_file *)file)->number].unsynced++;
	return REAL(file)->pMethods->xWrite(REAL(file), data, n, at);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	if (fails(FAULT_TRUNCATE))
		return armed.plan->code;
	return REAL(file)->pMethods->xTruncate(REAL(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
	(void)flags;
	if (fails(FAULT_SYNC))
		return armed.plan->code;
	if (((fault_file *)file)->number >= 0)
		files[((fault_file *)file)->number].unsynced = 0;
	return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *out)
{
	if (fails(FAULT_SIZE))
		return armed.plan->code;
	return REAL(file)->pMethods->xFileSize(REAL(file), out);
}

static int file_lock(sqlite3_file *file, int level)
{
	if (fails(FAULT_LOCK))
		return armed.plan->code;
	return REAL(file)->pMethods->xLock(REAL(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return REAL(file)->pMethods->xUnlock(REAL(file), level);
}

static int file_reserved(sqlite3_file *file, int *out)
{
	return REAL(file)->pMethods->xCheckReservedLock(REAL(file), out);
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
	return REAL(file)->pMethods->xFileControl(REAL(file), op, arg);
}

static int file_sector(sqlite3_file *file)
{
	return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int file_character(sqlite3_file *file)
{
	return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static int shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
	if (fails(FAULT_SHM))
		return armed.plan->code;
	return REAL(file)->pMethods->xShmMap(REAL(file), region, size, extend, out);
}

static int shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	if ((flags & SQLITE_SHM_LOCK) != 0 && fails(FAULT_LOCK))
		return armed.plan->code;
	return REAL(file)->pMethods->xShmLock(REAL(file), offset, n, flags);
}

static void shm_barrier(sqlite3_file *file)
{
	REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static int shm_unmap(sqlite3_file *file, int delete)
{
	return REAL(file)->pMethods->xShmUnmap(REAL(file), delete);
}

static const sqlite3_io_methods with_shared_memory = {
	2,
	file_close,
	file_read,
	file_write,
	file_truncate,
	file_sync,
	file_size,
	file_lock,
	file_unlock,
	file_reserved,
	file_control,
	file_sector,
	file_character,
	shm_map,
	shm_lock,
	shm_barrier,
	shm_unmap,
	NULL,
	NULL,
};

static const sqlite3_io_methods without_shared_memory = {
	1,
	file_close,
	file_read,
	file_write,
	file_truncate,
	file_sync,
	file_size,
	file_lock,
	file_unlock,
	file_reserved,
	file_control,
	file_sector,
	file_character,
	NULL,
	NULL,
	NULL,
	NULL,
	NULL,
	NULL,
};

/* ---------------------------------------------------------------- the VFS */

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	(void)vfs;
	fault_file *f = (fault_file *)file;
	f->base.pMethods = NULL;
	if (fails(FAULT_OPEN))
		return armed.plan->code;
	f->real = (sqlite3_file *)(f + 1);
	f->number = name != NULL ? file_number(name) : -1;
	int code = real->xOpen(real, name, f->real, flags, out);
	if (f->real->pMethods != NULL)
		f->base.pMethods = no_shared_memory ? &without_shared_memory : &with_shared_memory;
	return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	(void)sync;
	if (fails(FAULT_DELETE))
		return armed.plan->code;
	files[file_number(name)].unsynced = 0;
	return real->xDelete(real, name, 0);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	(void)vfs;
	return real->xAccess(real, name, flags, out);
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	(void)vfs;
	return real->xFullPathname(real, name, size, out);
}

static int vfs_random(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	return real->xRandomness(real, n, out);
}

static int vfs_sleep(sqlite3_vfs *vfs, int micros)
{
	(void)vfs;
	return real->xSleep(real, micros);
}

static int vfs_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	return real->xCurrentTime(real, out);
}

static int vfs_last_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	return real->xGetLastError(real, n, out);
}

void fault_vfs_install(void)
{
	static sqlite3_vfs vfs = {
		.iVersion = 1,
		.zName = "fault",
		.xOpen = vfs_open,
		.xDelete = vfs_delete,
		.xAccess = vfs_access,
		.xFullPathname = vfs_full_path,
		.xRandomness = vfs_random,
		.xSleep = vfs_sleep,
		.xCurrentTime = vfs_time,
		.xGetLastError = vfs_last_error,
	};
	real = sqlite3_vfs_find("unix");
	ck_assert_ptr_nonnull(real);
	vfs.mxPathname = real->mxPathname;
	vfs.szOsFile = (int)sizeof(fault_file) + real->szOsFile;
	ck_assert_int_eq(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

/* ---------------------------------------------------------------- memory */

static sqlite3_mem_methods allocator;

static void *failing_malloc(int n)
{
	return fails(FAULT_ALLOC) ? NULL : allocator.xMalloc(n);
}

static void *failing_realloc(void *ptr, int n)
{
	return fails(FAULT_ALLOC) ? NULL : allocator.xRealloc(ptr, n);
}

void fault_malloc_install(void)
{
	sqlite3_mem_methods failing;
	sqlite3_shutdown();
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &allocator), SQLITE_OK);
	failing = allocator;
	failing.xMalloc = failing_malloc;
	failing.xRealloc = failing_realloc;
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &failing), SQLITE_OK);
	/* Small pieces would come from memory that was taken in advance. */
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK);
	ck_assert_int_eq(sqlite3_initialize(), SQLITE_OK);
}
