/*
 * Who holds a device: /proc says which programs have a file open, as far as we may look (programs of other users
 * only when we are root). For the text of PW_ERR_BUSY.
 */
#ifndef PW_DEVICES_HOLDER_H
#define PW_DEVICES_HOLDER_H

#include <stdbool.h>
#include <stddef.h>

#define PW_HOLDER_SIZE 64

/* "cupsd (process 812)" of the first other program that has the file open; false when none is seen. */
bool pw_holder_find(const char *path, char out[PW_HOLDER_SIZE]);

#endif
