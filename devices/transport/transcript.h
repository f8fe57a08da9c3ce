/*
 * Transcripts: what went over a cable, as text that a person can read, mend and send in. A device that
 * misbehaves is recorded (?record=FILE on any URI), and the recording replayed (replay:FILE) until the
 * driver copes: it is the form of bug reports and of drivers' tests.
 *
 *	# poolwell transcript/1
 *	> 7e 48 53                 # these bytes went to the device
 *	< 02 30 33 30 2c 30        # these came, in one piece
 *	  2c 30 03                 # more of the line above
 *	<                          # nothing came before the time was up
 *	>                          # the device took no more before the time was up
 *	id MFG:Zebra;CMD:ZPL;      # the device id was asked for; this line has no comment of its own
 *	port 18                    # the port status was asked for
 *	reset                      # a soft reset
 *	gone                       # the device was gone
 *	again                      # it was opened again
 *
 * Bytes are pairs of hexadecimal digits, with or without spaces. '#' begins a comment anywhere but in "id".
 *
 * A transcript has what was printed, names of people among it: record with examples.
 */
#ifndef PW_DEVICES_TRANSCRIPT_H
#define PW_DEVICES_TRANSCRIPT_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/str.h"
#include "devices/transport/transport.h"

typedef enum pw_entry_kind {
	PW_ENTRY_PUT, /* >  */
	PW_ENTRY_GOT, /* <  */
	PW_ENTRY_ID,
	PW_ENTRY_PORT, /* one byte */
	PW_ENTRY_RESET,
	PW_ENTRY_GONE,
	PW_ENTRY_AGAIN
} pw_entry_kind;

typedef struct pw_entry {
	pw_entry_kind kind;
	int line;
	size_t start, n; /* its bytes, in pw_transcript.bytes */
} pw_entry;

typedef struct pw_transcript {
	char *file; /* what errors call it */
	pw_entry *entries;
	size_t count;
	pw_str bytes;
} pw_transcript;

/*
 * Reads a transcript's text. PW_ERR_FORMAT with file, line and column for what is none. Free with
 * pw_transcript_clear, which accepts a zeroed value.
 */
PW_NODISCARD pw_status pw_transcript_parse(const char *text, size_t n, const char *file,
					   pw_transcript *out, pw_err *err);

/* The same of a file: also PW_ERR_NOT_FOUND, PW_ERR_IO, and PW_ERR_LIMIT over 64 MiB. */
PW_NODISCARD pw_status pw_transcript_load(const char *path, pw_transcript *out, pw_err *err);
void pw_transcript_clear(pw_transcript *transcript);

/* Appends an entry as text, long ones in several lines, bytes with what they read as behind them. */
void pw_transcript_add(pw_str *out, pw_entry_kind kind, const void *bytes, size_t n);

/* ---- Recording and replaying ---- */

/*
 * Writes what happens on this handle from now on into a new file, each thing at once, until the handle is closed
 * or pw_transport_record_end. PW_ERR_EXISTS when the file is there already, PW_ERR_IO. A disk that is full
 * ends the recording, not the work of the device: pw_transport_record_end says so (PW_ERR_IO).
 */
PW_NODISCARD pw_status pw_transport_record(pw_transport *transport, const char *path, pw_err *err);
PW_NODISCARD pw_status pw_transport_record_end(pw_transport *transport, pw_err *err);

/*
 * Of a handle opened by replay: — PW_OK when all of the transcript was played but for silence, else
 * PW_ERR_FORMAT with the line that nobody asked for.
 *
 * Playing: a read gives at most one "<" entry, and silence where the transcript goes on with something else; a write
 * must be what the ">" entries say, cut in any way, and PW_ERR_FORMAT names the line where it is not. What
 * the device is asked has to be asked in the same order; "<" without bytes may be passed over.
 */
PW_NODISCARD pw_status pw_transport_replayed(const pw_transport *transport, pw_err *err);

#endif
