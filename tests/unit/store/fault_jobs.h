/*
 * The things that a store does, for a disk and a memory that fail meanwhile.
 */
#ifndef PW_TESTS_STORE_FAULT_JOBS_H
#define PW_TESTS_STORE_FAULT_JOBS_H

#include "tests/unit/store/fixture.h"

/* Which file a job starts with: none, the story's, that of a program which ended without a word after one
 * more fact (so that it is in the WAL alone), or one in which a row was changed. */
typedef enum job_file { JOB_NONE, JOB_BASE, JOB_HOT, JOB_TAMPERED } job_file;

typedef struct job {
	const char *name;
	job_file file;
	void (*before)(void);          /* opens fx.store, or NULL */
	pw_status (*run)(pw_err *err); /* while calls fail */
	int64_t has, adds; /* facts more than the story's when `run` begins; facts that it adds */
	bool slow;
} job;

extern const job jobs[];
extern const int job_count;

#endif
