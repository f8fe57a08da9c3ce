/*
 * A disk that fails on order: a SQLite VFS around the real one, and an allocator around SQLite's own.
 * Both are for one process and one thread.
 *
 * A plan says which kinds of call count, which one of them fails (1 = the first after fault_arm), with
 * which code, and whether all that follow fail too (a disk that stays full) or not (a hiccup). Nothing
 * fails while no plan is armed.
 *
 * xSync does not wait for the disk: it is noted, and fault_unsynced tells what a power cut would take.
 */
#ifndef PW_TESTS_STORE_FAULT_VFS_H
#define PW_TESTS_STORE_FAULT_VFS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum fault_call {
	FAULT_OPEN = 1,
	FAULT_READ = 2,
	FAULT_WRITE = 4,
	FAULT_TRUNCATE = 8,
	FAULT_SYNC = 16,
	FAULT_SIZE = 32,
	FAULT_LOCK = 64, /* locks of the file and of the shared memory */
	FAULT_SHM = 128, /* the shared memory itself */
	FAULT_DELETE = 256,
	FAULT_ALLOC = 512,
} fault_call;

typedef struct fault_plan {
	const char *name;
	unsigned calls; /* fault_call | … */
	int code;       /* SQLITE_FULL, SQLITE_IOERR_WRITE, … */
	bool stays;
} fault_plan;

/* Makes the failing disk the default VFS. Before any connection of the process is open. */
void fault_vfs_install(void);

/* Makes every allocation of SQLite one that may fail. No connection may be open. */
void fault_malloc_install(void);

void fault_arm(const fault_plan *plan, int64_t at);
void fault_disarm(void);

/* Whether a call has failed since fault_arm. */
bool fault_hit(void);

/* Writes to files whose name ends in `suffix` that no sync has followed. */
int64_t fault_unsynced(const char *suffix);

/* Files opened from now on can't share memory, as on some network drives. */
void fault_no_shared_memory(bool on);

#endif
