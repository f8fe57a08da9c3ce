/* The writer of a transcript while it happens (transcript.h). Every function accepts NULL: nothing is recorded. */
#ifndef PW_DEVICES_RECORDER_H
#define PW_DEVICES_RECORDER_H

#include "devices/transport/transcript.h"

typedef struct pw_recorder pw_recorder;

/* Begins a new file with the URI in its head. PW_ERR_EXISTS, PW_ERR_IO. */
PW_NODISCARD pw_status pw_recorder_open(const char *path, const char *uri, pw_recorder **out,
					pw_err *err);
void pw_recorder_close(pw_recorder *recorder);

/* PW_ERR_IO when something could not be written: the file ends there. */
PW_NODISCARD pw_status pw_recorder_check(const pw_recorder *recorder, pw_err *err);

/* An entry with bytes; several silences in a row are one. */
void pw_recorder_bytes(pw_recorder *recorder, pw_entry_kind kind, const void *bytes, size_t n);
void pw_recorder_word(pw_recorder *recorder, pw_entry_kind kind);

#endif
