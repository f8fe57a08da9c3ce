/* Lists that more than one command prints. */
#ifndef PW_CLI_LISTS_H
#define PW_CLI_LISTS_H

#include "cli/out.h"
#include "core/lab/lab.h"

/* Whom to swab again: everybody whose recall is open, or those of one tube. */
PW_NODISCARD pw_status pw_list_recalls(pw_lab *lab, const char *tube, pw_out *out, pw_err *err);

#endif
