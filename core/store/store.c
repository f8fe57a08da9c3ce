#include "core/store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/mem.h"

/*
 * Waiting for the write lock: short naps of uneven length, so that programs that wait together do not
 * wake together, and one that just had the lock has no head start over one that waits.
 */
static int wait_for_lock(void *ctx, int attempt)
{
	const pw_store *store = ctx;
	static _Thread_local pw_time waited;
	static _Thread_local unsigned salt;
	if (attempt == 0)
		waited = 0;
	if (waited >= store->patience)
		return 0;
	salt = salt * 1103515245u + 12345u + (unsigned)getpid();
	pw_time nap = 300 + (pw_time)((salt >> 16) % 1500);
	struct timespec ts = {0, (long)nap * 1000};
	nanosleep(&ts, NULL);
	waited += nap;
	return 1;
}

static int refuse_commit(void *ctx)
{
	const pw_store *store = ctx;
	/* Whoever commits beside pw_store_end has a bug, and would break the chain. */
	PW_BUG_IF(!store->in_commit);
	return 0;
}

pw_status pw_store_run(pw_store *store, const char *sql, pw_err *err)
{
	int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
	const char *place = *store->path != '\0' ? store->path : "database";
	return code == SQLITE_OK ? PW_OK : pw_sqlite_fail(store->db, code, place, err);
}

static pw_status pragma_int(pw_store *store, const char *sql, int64_t *out, pw_err *err)
{
	sqlite3_stmt *st;
	int code = sqlite3_prepare_v2(store->db, sql, -1, &st, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	pw_status rc =
		code == SQLITE_ROW ? PW_OK : pw_sqlite_fail(store->db, code, store->path, err);
	sqlite3_finalize(st);
	return rc;
}

/* The first word that a PRAGMA answers; belongs to the caller. */
static pw_status pragma_text(pw_store *store, const char *sql, char **out, pw_err *err)
{
	sqlite3_stmt *st;
	const char *text = NULL;
	int code = sqlite3_prepare_v2(store->db, sql, -1, &st, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	if (code == SQLITE_ROW && (text = (const char *)sqlite3_column_text(st, 0)) == NULL)
		code = SQLITE_NOMEM;
	pw_status rc = PW_OK;
	if (code == SQLITE_ROW)
		*out = pw_strdup(text);
	else
		rc = pw_sqlite_fail(store->db, code, store->path, err);
	sqlite3_finalize(st);
	return rc;
}

static pw_status open_connection(const char *path, int flags, pw_store **out, pw_err *err)
{
	pw_store *store = pw_alloc(sizeof(*store));
	store->claims = -1;
	store->path = pw_strdup(path);
	store->patience = 30 * PW_SECOND;
	store->clock = pw_clock_system();
	store->actor = pw_strdup("");
	store->station = pw_strdup("");
	store->prepared = pw_alloc_array((size_t)pw_sql_statement_count, sizeof(sqlite3_stmt *));
	store->in_use = pw_alloc_array((size_t)pw_sql_statement_count, sizeof(bool));
	int code = sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (code != SQLITE_OK) {
		pw_status rc = pw_sqlite_fail(store->db, code, path, err);
		pw_store_close(store);
		return rc;
	}
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_handler(store->db, wait_for_lock, store);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	*out = store;
	return PW_OK;
}

/* What every connection has: durable commits, and views of one moment while others write. */
static const char connection_pragmas[] = "PRAGMA synchronous=FULL;"
					 "PRAGMA foreign_keys=OFF;"
					 "PRAGMA cache_size=-65536;"
					 "PRAGMA temp_store=MEMORY;"
					 "PRAGMA wal_autocheckpoint=2000;";

static pw_status make_tables(pw_store *store, pw_err *err)
{
	char sql[160];
	snprintf(sql, sizeof(sql), "PRAGMA application_id=%d; PRAGMA user_version=%d;",
		 PW_APPLICATION_ID, PW_SCHEMA_VERSION);
	pw_status rc = pw_store_run(store, "BEGIN IMMEDIATE", err);
	if (rc == PW_OK)
		rc = pw_store_run(store, pw_schema_text(), err);
	if (rc == PW_OK)
		rc = pw_store_run(store, sql, err);
	if (rc == PW_OK)
		rc = pw_store_run(store, "COMMIT", err);
	if (rc == PW_OK)
		sqlite3_commit_hook(store->db, refuse_commit, store);
	return rc;
}

/* Writers and readers side by side need memory that programs share, which some network drives refuse. */
static pw_status use_wal(pw_store *store, pw_err *err)
{
	char *mode = NULL;
	pw_status rc = pw_store_run(store, "PRAGMA page_size=8192", err);
	if (rc == PW_OK)
		rc = pragma_text(store, "PRAGMA journal_mode=WAL", &mode, err);
	if (rc == PW_OK && strcmp(mode, "wal") != 0)
		rc = pw_fail(err, PW_ERR_IO,
			     "'%s': several programs can't work on a database in this folder (a "
			     "network drive?): put it on a disk of this computer",
			     store->path);
	pw_free(mode);
	return rc;
}

static pw_status fill_new_file(pw_store *store, pw_err *err)
{
	pw_status rc = use_wal(store, err);
	if (rc == PW_OK)
		rc = pw_store_run(store, connection_pragmas, err);
	return rc == PW_OK ? make_tables(store, err) : rc;
}

/* The file is ours from its first moment: nobody else's is opened, or removed when this goes wrong. */
static pw_status make_file(const char *path, pw_err *err)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
	if (fd >= 0) {
		close(fd);
		return PW_OK;
	}
	if (errno == EEXIST)
		return pw_fail(err, PW_ERR_EXISTS,
			       "'%s' is there already: name another file, or move it away", path);
	return pw_fail(err, PW_ERR_IO, "'%s': %s: check the folder", path, strerror(errno));
}

static void remove_file(const char *path)
{
	static const char *const endings[] = {"-journal", "-wal", "-shm", ""};
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		pw_str name = PW_STR_INIT;
		pw_str_addf(&name, "%s%s", path, endings[i]);
		unlink(name.ptr);
		pw_str_clear(&name);
	}
}

pw_status pw_store_create(const char *path, pw_store **out, pw_err *err)
{
	pw_store *store = NULL;
	pw_status rc = make_file(path, err);
	if (rc != PW_OK)
		return rc;
	rc = open_connection(path, SQLITE_OPEN_READWRITE, &store, err);
	if (rc == PW_OK)
		rc = fill_new_file(store, err);
	if (rc != PW_OK) {
		pw_store_close(store);
		/* Half made, and nobody can have put anything into it. */
		remove_file(path);
		return rc;
	}
	*out = store;
	return PW_OK;
}

pw_status pw_store_open_scratch(pw_store **out, pw_err *err)
{
	pw_store *store = NULL;
	/* "": a private temporary file that SQLite deletes on close, in memory as long as it is small */
	pw_status rc = open_connection("", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &store, err);
	if (rc == PW_OK)
		rc = pw_store_run(store,
				  "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"
				  "PRAGMA cache_size=-262144;",
				  err);
	if (rc == PW_OK)
		rc = make_tables(store, err);
	if (rc == PW_OK)
		*out = store;
	else
		pw_store_close(store);
	return rc;
}

static pw_status check_file(pw_store *store, pw_err *err)
{
	int64_t id = 0, version = 0;
	pw_status rc = pragma_int(store, "PRAGMA application_id", &id, err);
	if (rc == PW_OK)
		rc = pragma_int(store, "PRAGMA user_version", &version, err);
	if (rc != PW_OK)
		return rc;
	if (id != PW_APPLICATION_ID)
		return pw_fail(err, PW_ERR_FORMAT,
			       "'%s' is not a poolwell database: check the path", store->path);
	if (version != PW_SCHEMA_VERSION)
		return pw_fail(
			err, PW_ERR_FORMAT,
			"'%s' has tables of version %lld and this program knows version %d: use "
			"the program it was last opened with, or a newer one",
			store->path, (long long)version, PW_SCHEMA_VERSION);
	return PW_OK;
}

pw_status pw_store_open(const char *path, pw_store **out, pw_err *err)
{
	struct stat st;
	if (stat(path, &st) != 0 && errno == ENOENT)
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "'%s': %s; 'poolwell lab init' makes a new laboratory", path,
			       strerror(errno));
	if (stat(path, &st) != 0)
		return pw_fail(err, PW_ERR_IO,
			       "'%s': %s: check the path and the rights of its folder", path,
			       strerror(errno));
	if (!S_ISREG(st.st_mode))
		return pw_fail(err, PW_ERR_FORMAT, "'%s' is not a file: check the path", path);
	pw_store *store = NULL;
	pw_status rc = open_connection(path, SQLITE_OPEN_READWRITE, &store, err);
	if (rc != PW_OK)
		return rc;
	rc = pw_store_run(store, connection_pragmas, err);
	if (rc == PW_OK)
		rc = check_file(store, err);
	if (rc != PW_OK && (sqlite3_errcode(store->db) & 0xff) == SQLITE_READONLY)
		rc = pw_fail(err, PW_ERR_IO,
			     "'%s': its folder can't be written, and even reading needs that: copy "
			     "the file to another folder",
			     path);
	if (rc != PW_OK) {
		pw_store_close(store);
		return rc;
	}
	sqlite3_commit_hook(store->db, refuse_commit, store);
	*out = store;
	return PW_OK;
}

void pw_store_close(pw_store *store)
{
	if (store == NULL)
		return;
	for (int i = 0; i < pw_sql_statement_count; i++)
		sqlite3_finalize(store->prepared[i]);
	for (int i = 0; i < store->depth; i++)
		pw_free(store->levels[i].reason);
	sqlite3_close(store->db);
	if (store->claims >= 0)
		close(store->claims);
	pw_free(store->prepared);
	pw_free(store->in_use);
	pw_free(store->actor);
	pw_free(store->station);
	pw_free(store->path);
	pw_free(store);
}

const char *pw_store_path(const pw_store *store)
{
	return store->path;
}

void pw_store_session(pw_store *store, const char *actor, const char *station,
		      const pw_clock *clock)
{
	pw_free(store->actor);
	pw_free(store->station);
	store->actor = pw_strdup(actor);
	store->station = pw_strdup(station);
	store->clock = *clock;
}

void pw_store_patience(pw_store *store, pw_time patience)
{
	store->patience = patience;
}

pw_status pw_store_relax(pw_store *store, pw_err *err)
{
	return pw_store_run(store, "PRAGMA synchronous=NORMAL", err);
}

const char *pw_schema_text(void)
{
	return (const char *)pw_sql_schema;
}

int pw_fact_count(void)
{
	return pw_sql_fact_count;
}

pw_fact_info pw_fact_info_at(int index)
{
	const pw_fact *f = &pw_sql_facts[index];
	return (pw_fact_info){f->name, f->doc, f->fields, f->items, f->field_count, f->item_count};
}
