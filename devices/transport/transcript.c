#include "devices/transport/transcript.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/vec.h"

#define MOST_BYTES   ((size_t)64 << 20)
#define BYTES_A_LINE 32

static const char *const words[] = {
	[PW_ENTRY_PUT] = ">",       [PW_ENTRY_GOT] = "<",       [PW_ENTRY_ID] = "id",
	[PW_ENTRY_PORT] = "port",   [PW_ENTRY_RESET] = "reset", [PW_ENTRY_GONE] = "gone",
	[PW_ENTRY_AGAIN] = "again",
};

/* ---- Reading ---- */

typedef struct reader {
	pw_transcript *t;
	PW_VEC(pw_entry) entries;
	const char *line, *end, *at; /* the line without its end, and how far it is read */
	int number;
} reader;

static pw_status wrong(const reader *r, const char *what, pw_err *err)
{
	return pw_fail(err, PW_ERR_FORMAT, "%s:%d:%d: %s", r->t->file, r->number,
		       (int)(r->at - r->line) + 1, what);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void skip_blanks(reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
		r->at++;
}

/* Whether the rest of the line says nothing more. */
static bool at_end(reader *r)
{
	skip_blanks(r);
	return r->at == r->end || *r->at == '#';
}

static pw_status read_bytes(reader *r, pw_entry *entry, pw_err *err)
{
	while (!at_end(r)) {
		int high = hex_digit(*r->at);
		int low = high >= 0 && r->at + 1 < r->end ? hex_digit(r->at[1]) : -1;
		if (low < 0)
			return wrong(r, "a byte is two hexadecimal digits, as in '> 7e 48 53'",
				     err);
		pw_str_add_char(&r->t->bytes, (char)(high * 16 + low));
		entry->n++;
		r->at += 2;
	}
	return PW_OK;
}

static pw_status read_rest(reader *r, pw_entry *entry, pw_err *err)
{
	switch (entry->kind) {
	case PW_ENTRY_PUT:
	case PW_ENTRY_GOT:
		return read_bytes(r, entry, err);
	case PW_ENTRY_ID:
		skip_blanks(r);
		entry->n = (size_t)(r->end - r->at);
		pw_str_add_n(&r->t->bytes, r->at, entry->n);
		return PW_OK;
	case PW_ENTRY_PORT: {
		pw_status rc = read_bytes(r, entry, err);
		return rc == PW_OK && entry->n != 1
			       ? wrong(r, "a port status is one byte, as in 'port 18'", err)
			       : rc;
	}
	default:
		return at_end(r) ? PW_OK : wrong(r, "nothing stands behind this word", err);
	}
}

/* The word that the line begins with, as an entry; -1 for none that we know. */
static int read_word(reader *r)
{
	size_t n = strcspn(r->at, " \t#<>\r\n");
	if (r->at < r->end && (*r->at == '<' || *r->at == '>'))
		n = 1;
	for (int kind = 0; kind <= PW_ENTRY_AGAIN; kind++)
		if (strlen(words[kind]) == n && (size_t)(r->end - r->at) >= n &&
		    memcmp(words[kind], r->at, n) == 0) {
			r->at += n;
			return kind;
		}
	return -1;
}

static pw_status read_line(reader *r, pw_err *err)
{
	pw_entry *last = r->entries.len > 0 ? &r->entries.ptr[r->entries.len - 1] : NULL;
	bool more = r->line < r->end && (*r->line == ' ' || *r->line == '\t');
	if (at_end(r))
		return PW_OK;
	if (more && (last == NULL || last->kind > PW_ENTRY_GOT))
		return wrong(r, "nothing with bytes stands above that this could go on with", err);
	if (more)
		return read_bytes(r, last, err);
	int kind = read_word(r);
	if (kind < 0)
		return wrong(r,
			     "a line begins with '>', '<', 'id', 'port', 'reset', 'gone', 'again' "
			     "or '#'",
			     err);
	pw_entry entry = {(pw_entry_kind)kind, r->number, r->t->bytes.len, 0};
	pw_status rc = read_rest(r, &entry, err);
	pw_vec_push(&r->entries, entry);
	return rc;
}

pw_status pw_transcript_parse(const char *text, size_t n, const char *file, pw_transcript *out,
			      pw_err *err)
{
	pw_status rc = PW_OK;
	/* A copy that ends with a NUL, which none of the words can pass. */
	char *copy = pw_strndup(text, n);
	pw_transcript made = {.file = pw_strdup(file)};
	reader r = {.t = &made, .entries = PW_VEC_INIT, .line = copy};
	while (rc == PW_OK && r.line < copy + n) {
		const char *newline = memchr(r.line, '\n', (size_t)(copy + n - r.line));
		const char *next = newline != NULL ? newline + 1 : copy + n;
		r.end = newline != NULL ? newline : copy + n;
		while (r.end > r.line && r.end[-1] == '\r')
			r.end--;
		r.at = r.line;
		r.number++;
		rc = read_line(&r, err);
		r.line = next;
	}
	made.entries = r.entries.ptr;
	made.count = r.entries.len;
	if (rc == PW_OK)
		*out = made;
	else
		pw_transcript_clear(&made);
	pw_free(copy);
	return rc;
}

pw_status pw_transcript_load(const char *path, pw_transcript *out, pw_err *err)
{
	pw_status rc = PW_OK;
	pw_str text = PW_STR_INIT;
	char piece[4096];
	size_t n;
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return pw_fail(err, errno == ENOENT ? PW_ERR_NOT_FOUND : PW_ERR_IO, "'%s': %s",
			       path, strerror(errno));
	while (text.len <= MOST_BYTES && (n = fread(piece, 1, sizeof(piece), f)) > 0)
		pw_str_add_n(&text, piece, n);
	if (ferror(f))
		rc = pw_fail(err, PW_ERR_IO, "'%s': %s", path, strerror(errno));
	else if (text.len > MOST_BYTES)
		rc = pw_fail(err, PW_ERR_LIMIT, "'%s': a transcript has at most 64 MiB", path);
	else
		rc = pw_transcript_parse(pw_str_text(&text), text.len, path, out, err);
	fclose(f);
	pw_str_clear(&text);
	return rc;
}

void pw_transcript_clear(pw_transcript *t)
{
	pw_free(t->file);
	pw_free(t->entries);
	pw_str_clear(&t->bytes);
	*t = (pw_transcript){0};
}

/* ---- Writing ---- */

/* Up to a line's worth of bytes, and behind those of a cable what they read as. */
static void add_line(pw_str *out, bool readable, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pw_str_addf(out, " %02x", bytes[i]);
	if (readable)
		pw_str_add(out, "  # ");
	for (size_t i = 0; readable && i < n; i++)
		if (bytes[i] > ' ' && bytes[i] < 0x7f)
			pw_str_add_char(out, (char)bytes[i]);
		else
			pw_str_add_char(out, '.');
	pw_str_add_char(out, '\n');
}

void pw_transcript_add(pw_str *out, pw_entry_kind kind, const void *bytes, size_t n)
{
	const uint8_t *at = bytes;
	pw_str_add(out, words[kind]);
	if (kind == PW_ENTRY_ID) {
		pw_str_add_char(out, ' ');
		pw_str_add_n(out, bytes, n);
	}
	if (kind == PW_ENTRY_ID || n == 0) {
		pw_str_add_char(out, '\n');
		return;
	}
	for (size_t i = 0; i < n; i += BYTES_A_LINE) {
		if (i > 0)
			pw_str_add_char(out, ' ');
		add_line(out, kind != PW_ENTRY_PORT, at + i,
			 n - i < BYTES_A_LINE ? n - i : BYTES_A_LINE);
	}
}
