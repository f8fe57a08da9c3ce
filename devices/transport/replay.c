/* A transcript in the place of a device (transcript.h). */
#include <string.h>

#include "core/base/mem.h"
#include "devices/transport/transcript.h"
#include "devices/transport/transport_impl.h"

typedef struct player {
	pw_transcript transcript;
	size_t next;   /* the entry */
	size_t offset; /* how much of its bytes has been played */
} player;

static const pw_entry *current(const player *p)
{
	return p->next < p->transcript.count ? &p->transcript.entries[p->next] : NULL;
}

static void advance(player *p)
{
	p->next++;
	p->offset = 0;
}

static bool is_silence(const pw_entry *entry)
{
	return entry != NULL && entry->kind == PW_ENTRY_GOT && entry->n == 0;
}

/* The entry that stands there once silence has passed. */
static const pw_entry *behind_silence(player *p)
{
	while (is_silence(current(p)))
		advance(p);
	return current(p);
}

static pw_status off_script(const player *p, const char *did, pw_err *err)
{
	const pw_entry *entry = current(p);
	if (entry == NULL)
		return pw_fail(err, PW_ERR_FORMAT, "%s, and the transcript has ended", did);
	return pw_fail(err, PW_ERR_FORMAT, "%s:%d: %s, and the transcript has something else",
		       p->transcript.file, entry->line, did);
}

static pw_status gone(player *p, pw_err *err)
{
	int line = current(p)->line;
	advance(p);
	return pw_fail(err, PW_ERR_GONE, "it is gone (%s:%d)", p->transcript.file, line);
}

static pw_status replay_open(pw_transport *t, pw_err *err)
{
	player *p = t->state;
	if (p != NULL) {
		const pw_entry *entry = behind_silence(p);
		if (entry == NULL || entry->kind != PW_ENTRY_AGAIN)
			return pw_fail(err, PW_ERR_NOT_FOUND,
				       "the transcript does not open it again here");
		advance(p);
		return PW_OK;
	}
	pw_transcript transcript = {0};
	pw_status rc = pw_transcript_load(t->uri.place, &transcript, err);
	if (rc != PW_OK)
		return rc;
	p = pw_alloc(sizeof(*p));
	p->transcript = transcript;
	t->state = p;
	return PW_OK;
}

static void replay_close(pw_transport *t)
{
	(void)t; /* where the transcript stands is remembered, for the next open */
}

static void replay_free(pw_transport *t)
{
	player *p = t->state;
	if (p != NULL)
		pw_transcript_clear(&p->transcript);
	pw_free(p);
}

static pw_status replay_read(pw_transport *t, void *buf, size_t size, pw_deadline deadline,
			     size_t *out_n, pw_err *err)
{
	player *p = t->state;
	const pw_entry *entry = current(p);
	(void)deadline;
	if (entry != NULL && entry->kind == PW_ENTRY_GONE)
		return gone(p, err);
	if (entry == NULL || entry->kind != PW_ENTRY_GOT)
		return PW_OK;
	size_t rest = entry->n - p->offset, n = rest < size ? rest : size;
	memcpy(buf, pw_str_text(&p->transcript.bytes) + entry->start + p->offset, n);
	p->offset += n;
	if (p->offset == entry->n)
		advance(p);
	*out_n = n;
	return PW_OK;
}

/* As much of the entry as is written; PW_ERR_FORMAT at the first byte that is another. */
static pw_status match(player *p, const pw_entry *entry, const uint8_t *data, size_t n,
		       size_t *out_n, pw_err *err)
{
	const char *bytes = pw_str_text(&p->transcript.bytes) + entry->start;
	while (*out_n < n && p->offset < entry->n) {
		uint8_t expected = (uint8_t)bytes[p->offset];
		if (data[*out_n] != expected)
			return pw_fail(err, PW_ERR_FORMAT,
				       "%s:%d: byte %zu is %02x in the transcript, and %02x was "
				       "written",
				       p->transcript.file, entry->line, p->offset + 1, expected,
				       data[*out_n]);
		p->offset++;
		(*out_n)++;
	}
	if (p->offset == entry->n)
		advance(p);
	return PW_OK;
}

static pw_status replay_write(pw_transport *t, const void *data, size_t n, pw_deadline deadline,
			      size_t *out_n, pw_err *err)
{
	player *p = t->state;
	(void)deadline;
	while (*out_n < n) {
		const pw_entry *entry = *out_n == 0 ? behind_silence(p) : current(p);
		if (entry != NULL && entry->kind == PW_ENTRY_GONE)
			return gone(p, err);
		if (entry == NULL || entry->kind != PW_ENTRY_PUT)
			return off_script(p, "more was written", err);
		if (entry->n == 0) {
			advance(p);
			return PW_OK;
		}
		pw_status rc = match(p, entry, data, n, out_n, err);
		if (rc != PW_OK)
			return rc;
	}
	return PW_OK;
}

static pw_status replay_drain(pw_transport *t, pw_deadline deadline, pw_err *err)
{
	(void)t, (void)deadline, (void)err;
	return PW_OK;
}

/* The entry of this kind that stands here. A device without any such entry has no such thing. */
static pw_status ask(player *p, pw_entry_kind kind, const char *what, const pw_entry **out,
		     pw_err *err)
{
	const pw_entry *entry = behind_silence(p);
	bool any = false;
	if (entry != NULL && entry->kind == PW_ENTRY_GONE)
		return gone(p, err);
	for (size_t i = 0; i < p->transcript.count; i++)
		any = any || p->transcript.entries[i].kind == kind;
	if (!any)
		return pw_fail(err, PW_ERR_NOT_FOUND, "the transcript has no %s", what);
	if (entry == NULL || entry->kind != kind)
		return off_script(p, "it was asked for something", err);
	*out = entry;
	advance(p);
	return PW_OK;
}

static pw_status replay_device_id(pw_transport *t, pw_str *out, pw_err *err)
{
	player *p = t->state;
	const pw_entry *entry;
	pw_status rc = ask(p, PW_ENTRY_ID, "device id", &entry, err);
	if (rc == PW_OK)
		pw_str_add_n(out, pw_str_text(&p->transcript.bytes) + entry->start, entry->n);
	return rc;
}

static pw_status replay_port_status(pw_transport *t, uint8_t *out, pw_err *err)
{
	player *p = t->state;
	const pw_entry *entry;
	pw_status rc = ask(p, PW_ENTRY_PORT, "port status", &entry, err);
	if (rc == PW_OK)
		*out = (uint8_t)pw_str_text(&p->transcript.bytes)[entry->start];
	return rc;
}

static pw_status replay_soft_reset(pw_transport *t, pw_err *err)
{
	const pw_entry *entry;
	return ask(t->state, PW_ENTRY_RESET, "soft reset", &entry, err);
}

pw_status pw_transport_replayed(const pw_transport *t, pw_err *err)
{
	PW_BUG_IF(t->ops != &pw_transport_replay);
	player *p = t->state;
	const pw_entry *entry = behind_silence(p);
	if (entry == NULL)
		return PW_OK;
	return pw_fail(err, PW_ERR_FORMAT, "%s:%d: nobody came as far as this", p->transcript.file,
		       entry->line);
}

static const char *const no_options[] = {NULL};

const pw_transport_ops pw_transport_replay = {
	.scheme = "replay",
	.options = no_options,
	.open = replay_open,
	.close = replay_close,
	.free = replay_free,
	.read = replay_read,
	.write = replay_write,
	.drain = replay_drain,
	.device_id = replay_device_id,
	.port_status = replay_port_status,
	.soft_reset = replay_soft_reset,
};
