/*
 * What a file is that no reader takes, in words for the person who chose it, and what to export
 * instead. Looks at content only: an Excel workbook is one under any name.
 */
#ifndef PW_EXCHANGE_RUN_UNKNOWN_H
#define PW_EXCHANGE_RUN_UNKNOWN_H

#include <stddef.h>

#include "core/base/str.h"

#define PW_RUN_SEEN_NO_TEXT \
	"not a text file: export the results as text or CSV from the instrument's software"

/* A static text for an empty file and for what starts like something that is not text ("an Excel workbook
 * (.xlsx): …"), else NULL. */
const char *pw_run_seen_binary(const void *bytes, size_t n);

/* For text: names the kind (HTML, XML, CFX's curves, …), or quotes the first line. */
void pw_run_seen_text(pw_slice text, char *out, size_t room);

#endif
