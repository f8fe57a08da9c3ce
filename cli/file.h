/*
 * Files: read whole or block by block, written whole or not at all. Every message begins with the file's name.
 */
#ifndef PW_CLI_FILE_H
#define PW_CLI_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/base/blocks.h"
#include "core/base/err.h"
#include "core/base/str.h"

/* What "-" is called in messages, any other path is itself. */
const char *pw_file_name(const char *path);

/*
 * Appends the whole file to *out (which the caller clears; untouched on failure). PW_ERR_IO when it cannot
 * be read ("roster.csv: no such file"), PW_ERR_LIMIT when it has more than `limit` bytes. Devices and
 * pipes are read to their end.
 */
PW_NODISCARD pw_status pw_file_read(const char *path, size_t limit, pw_str *out, pw_err *err);

/* The same for an open stream, called `name` in messages. */
PW_NODISCARD pw_status pw_file_read_stream(FILE *in, const char *name, size_t limit, pw_str *out,
					   pw_err *err);

/*
 * The same without holding the file: its blocks, the bytes up to `limit`, go to take(to, …). What `take` says is
 * wrong gets the file's name in front, and ends the reading.
 */
PW_NODISCARD pw_status pw_file_read_blocks(const char *path, size_t limit, pw_take_fn take,
					   void *to, pw_err *err);
PW_NODISCARD pw_status pw_file_read_stream_blocks(FILE *in, const char *name, size_t limit,
						  pw_take_fn take, void *to, pw_err *err);

/*
 * Makes the file hold exactly these bytes: they are written beside it, brought to the disk, and only then
 * given its name, so that at any moment there is the old file or the new one. Without `overwrite`
 * PW_ERR_EXISTS when there is one. A symbolic link stays and its target is replaced; a device or pipe is
 * written to directly. A new file has the mode that the umask leaves, an old one keeps its own. PW_ERR_IO
 * otherwise; then nothing is left behind.
 */
PW_NODISCARD pw_status pw_file_write(const char *path, const void *bytes, size_t n, bool overwrite,
				     pw_err *err);

/* The same of the bytes that give(from, …) gives; what `give` itself says is wrong is returned as it is. */
PW_NODISCARD pw_status pw_file_write_blocks(const char *path, pw_give_fn give, const void *from,
					    bool overwrite, pw_err *err);

/* Whether it may be written: PW_ERR_EXISTS as pw_file_write, PW_ERR_IO when it is a folder or its folder is not
 * there. For before something is done that a failure afterwards would not undo. */
PW_NODISCARD pw_status pw_file_check(const char *path, bool overwrite, pw_err *err);

/* Makes the folder and those above it; PW_OK when it is there. PW_ERR_IO otherwise. */
PW_NODISCARD pw_status pw_file_make_folder(const char *path, pw_err *err);

#endif
