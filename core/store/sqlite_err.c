#include "core/store/internal.h"

#include <string.h>

typedef struct meaning {
	int code; /* SQLite's primary result code */
	pw_status status;
	const char *text;
} meaning;

static const meaning meanings[] = {
	{SQLITE_FULL, PW_ERR_IO,
	 "the disk is full: free some space and do it again; nothing was recorded"},
	{SQLITE_READONLY, PW_ERR_IO,
	 "the database file can't be written: check the rights of the file and its folder"},
	{SQLITE_BUSY, PW_ERR_BUSY,
	 "another program is holding the database: try again; nothing was recorded"},
	{SQLITE_LOCKED, PW_ERR_BUSY,
	 "another program is holding the database: try again; nothing was recorded"},
	{SQLITE_NOMEM, PW_ERR_NO_MEMORY,
	 "memory ran out: close other programs and do it again; nothing was recorded"},
	{SQLITE_CANTOPEN, PW_ERR_IO,
	 "the database file can't be opened: check the path and rights"},
	{SQLITE_PERM, PW_ERR_IO, "no right to use the database file: check the rights"},
	{SQLITE_IOERR, PW_ERR_IO,
	 "the disk or network drive did not obey: check it before going on; nothing was recorded"},
	{SQLITE_CORRUPT, PW_ERR_CORRUPT,
	 "the database file is damaged: stop, keep the file, and restore a copy"},
	{SQLITE_NOTADB, PW_ERR_FORMAT, "this is not a poolwell database: check the path"},
	{SQLITE_TOOBIG, PW_ERR_LIMIT, "too large to be recorded"},
	{SQLITE_INTERRUPT, PW_ERR_IO, "interrupted; nothing was recorded"},
	{SQLITE_CONSTRAINT, PW_ERR_EXISTS, "the place is taken; nothing was recorded"},
};

pw_status pw_sqlite_status(sqlite3 *db, int code, const char *doing, pw_err *err)
{
	const char *own = db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(code);
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].code == (code & 0xff))
			return pw_fail(err, meanings[i].status, "%s: %s (%s)", doing,
				       meanings[i].text, own);
	return pw_fail(err, PW_ERR_IO, "%s: %s", doing, own);
}
