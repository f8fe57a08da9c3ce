/* The laboratory of a command: opened by --lab, signed by --as, at --station. */
#ifndef PW_CLI_OPEN_H
#define PW_CLI_OPEN_H

#include "cli/cli.h"
#include "core/lab/lab.h"

/* pw_cli.lab_open and pw_cli.lab_close of the program. */
PW_NODISCARD pw_status pw_open_lab(pw_ctx *ctx, pw_err *err);
void pw_close_lab(pw_ctx *ctx);

/* --station, or this computer's name. */
const char *pw_station_name(pw_ctx *ctx);

/* The file alone, for commands with PW_CMD_STORE: an audit looks at a laboratory that can't be opened any
 * more. Free with pw_store_close. */
PW_NODISCARD pw_status pw_open_store(pw_ctx *ctx, pw_store **out, pw_err *err);

/* The store of the command's laboratory, for the queries of pw_sql.h. Faces append no facts. */
pw_store *pw_ctx_store(pw_ctx *ctx);

/* A well's name from its position by row on a plate of so many wells. */
const char *pw_position_name(int64_t position, int64_t wells, char out[8]);

#endif
