#include "devices/transport/transport.h"

#include <string.h>

#include "core/base/mem.h"
#include "devices/transport/recorder.h"
#include "devices/transport/transport_impl.h"

static const pw_transport_ops *const back_ends[] = {
	&pw_transport_usb, &pw_transport_serial,    &pw_transport_tcp,    &pw_transport_file,
	&pw_transport_pty, &pw_transport_fd_number, &pw_transport_replay,
};

/* ---- Opening ---- */

static const pw_transport_ops *find_back_end(const char *scheme)
{
	for (size_t i = 0; i < sizeof(back_ends) / sizeof(back_ends[0]); i++)
		if (strcmp(back_ends[i]->scheme, scheme) == 0)
			return back_ends[i];
	return NULL;
}

static pw_status check_options(const pw_transport *t, pw_err *err)
{
	const char *known[PW_URI_MOST_OPTIONS + 5] = {"language", "dpi", "record", "answers"};
	size_t count = 4;
	for (const char *const *own = t->ops->options; *own != NULL; own++)
		known[count++] = *own;
	const char *answers = pw_uri_get(&t->uri, "answers", "yes");
	if (strcmp(answers, "yes") != 0 && strcmp(answers, "no") != 0)
		return pw_fail(err, PW_ERR_ARG, "'answers=%s' is none of 'yes', 'no'", answers);
	return pw_uri_check(&t->uri, known, err);
}

static pw_status read_address(pw_transport *t, const char *uri, pw_err *err)
{
	pw_status rc = pw_uri_parse(uri, &t->uri, err);
	if (rc != PW_OK)
		return rc;
	t->ops = find_back_end(t->uri.scheme);
	if (t->ops == NULL)
		return pw_fail(err, PW_ERR_ARG,
			       "'%s' is no device's address: it begins with usb:, serial:, tcp:, "
			       "file:, pty:, fd: or replay:",
			       uri);
	t->text = pw_strdup(uri);
	t->name = pw_strndup(uri, strcspn(uri, "?"));
	return check_options(t, err);
}

/* Ends the connection; the handle stays. */
static void disconnect(pw_transport *t)
{
	if (t->open)
		t->ops->close(t);
	t->open = false;
}

static pw_status connect_to(pw_transport *t, pw_err *err)
{
	pw_status rc = t->ops->open(t, err);
	if (rc != PW_OK)
		return pw_fail_ctx(err, rc, "%s", t->name);
	t->open = true;
	t->gone = false;
	return PW_OK;
}

pw_status pw_transport_open(const char *uri, pw_transport **out, pw_err *err)
{
	pw_transport *t = pw_alloc(sizeof(*t));
	t->channel = (pw_channel)PW_CHANNEL_INIT;
	pw_status rc = read_address(t, uri, err);
	if (rc == PW_OK)
		rc = connect_to(t, err);
	const char *record = rc == PW_OK ? pw_uri_get(&t->uri, "record", NULL) : NULL;
	if (record != NULL)
		rc = pw_transport_record(t, record, err);
	if (rc != PW_OK)
		pw_transport_close(t);
	else
		*out = t;
	return rc;
}

void pw_transport_close(pw_transport *t)
{
	if (t == NULL)
		return;
	disconnect(t);
	if (t->ops != NULL && t->ops->free != NULL)
		t->ops->free(t);
	pw_recorder_close(t->recorder);
	pw_free(t->text);
	pw_free(t->name);
	pw_free(t);
}

pw_status pw_transport_reopen(pw_transport *t, pw_err *err)
{
	disconnect(t);
	t->gone = true;
	pw_status rc = connect_to(t, err);
	if (rc == PW_OK)
		pw_recorder_word(t->recorder, PW_ENTRY_AGAIN);
	return rc;
}

const char *pw_transport_uri(const pw_transport *t)
{
	return t->text;
}

bool pw_transport_is_mute(const pw_transport *t)
{
	return strcmp(pw_uri_get(&t->uri, "answers", "yes"), "no") == 0 ||
	       (t->ops->is_mute != NULL && t->ops->is_mute(t));
}

int pw_transport_fd(const pw_transport *t)
{
	return t->open ? t->channel.fd : -1;
}

pw_status pw_transport_record(pw_transport *t, const char *path, pw_err *err)
{
	PW_BUG_IF(t->recorder != NULL);
	return pw_recorder_open(path, t->text, &t->recorder, err);
}

pw_status pw_transport_record_end(pw_transport *t, pw_err *err)
{
	pw_status rc = pw_recorder_check(t->recorder, err);
	pw_recorder_close(t->recorder);
	t->recorder = NULL;
	return rc;
}

/* ---- Bytes ---- */

/* What every operation does first: a device that is gone is not asked. */
static pw_status present(const pw_transport *t, pw_err *err)
{
	return t->gone ? pw_fail(err, PW_ERR_GONE, "%s: it is gone", t->name) : PW_OK;
}

/* What every operation does last. */
static pw_status settle(pw_transport *t, pw_status rc, pw_err *err)
{
	if (rc == PW_OK)
		return PW_OK;
	if (rc == PW_ERR_GONE) {
		t->gone = true;
		pw_recorder_word(t->recorder, PW_ENTRY_GONE);
	}
	return pw_fail_ctx(err, rc, "%s", t->name);
}

pw_status pw_transport_read(pw_transport *t, void *buf, size_t size, int timeout_ms, size_t *out_n,
			    pw_err *err)
{
	pw_deadline deadline = pw_deadline_in(timeout_ms);
	pw_status rc = present(t, err);
	*out_n = 0;
	if (rc != PW_OK || size == 0)
		return rc;
	rc = t->ops->read != NULL ? t->ops->read(t, buf, size, deadline, out_n, err)
				  : pw_channel_read(&t->channel, buf, size, deadline, out_n, err);
	if (rc == PW_OK)
		pw_recorder_bytes(t->recorder, PW_ENTRY_GOT, buf, *out_n);
	return settle(t, rc, err);
}

pw_status pw_transport_write(pw_transport *t, const void *data, size_t n, int timeout_ms,
			     size_t *out_n, pw_err *err)
{
	pw_deadline deadline = pw_deadline_in(timeout_ms);
	pw_status rc = present(t, err);
	*out_n = 0;
	if (rc != PW_OK || n == 0)
		return rc;
	rc = t->ops->write != NULL ? t->ops->write(t, data, n, deadline, out_n, err)
				   : pw_channel_write(&t->channel, data, n, deadline, out_n, err);
	if (*out_n > 0)
		pw_recorder_bytes(t->recorder, PW_ENTRY_PUT, data, *out_n);
	if (rc == PW_OK && *out_n < n)
		pw_recorder_bytes(t->recorder, PW_ENTRY_PUT, data, 0);
	return settle(t, rc, err);
}

pw_status pw_transport_drain(pw_transport *t, int timeout_ms, pw_err *err)
{
	pw_deadline deadline = pw_deadline_in(timeout_ms);
	pw_status rc = present(t, err);
	if (rc != PW_OK)
		return rc;
	rc = t->ops->drain != NULL ? t->ops->drain(t, deadline, err)
				   : pw_channel_drain(&t->channel, deadline, err);
	return settle(t, rc, err);
}

/* ---- The USB printer class ---- */

static pw_status has_no(const pw_transport *t, const char *what, pw_err *err)
{
	return pw_fail(err, PW_ERR_NOT_FOUND, "%s: has no %s: only USB printers do", t->name, what);
}

/* Without control characters and what stands behind the first NUL. */
static void add_visible(pw_str *out, const pw_str *raw)
{
	for (size_t i = 0; i < raw->len && raw->ptr[i] != '\0'; i++)
		if ((unsigned char)raw->ptr[i] >= ' ' && raw->ptr[i] != 0x7f)
			pw_str_add_char(out, raw->ptr[i]);
}

pw_status pw_transport_device_id(pw_transport *t, pw_str *out, pw_err *err)
{
	pw_str raw = PW_STR_INIT;
	size_t before = out->len;
	pw_status rc = present(t, err);
	if (rc != PW_OK)
		return rc;
	if (t->ops->device_id == NULL)
		return has_no(t, "device id", err);
	rc = t->ops->device_id(t, &raw, err);
	if (rc == PW_OK) {
		add_visible(out, &raw);
		pw_recorder_bytes(t->recorder, PW_ENTRY_ID, pw_str_text(out) + before,
				  out->len - before);
	}
	pw_str_clear(&raw);
	return settle(t, rc, err);
}

pw_status pw_transport_port_status(pw_transport *t, uint8_t *out, pw_err *err)
{
	pw_status rc = present(t, err);
	if (rc != PW_OK)
		return rc;
	if (t->ops->port_status == NULL)
		return has_no(t, "port status", err);
	rc = t->ops->port_status(t, out, err);
	if (rc == PW_OK)
		pw_recorder_bytes(t->recorder, PW_ENTRY_PORT, out, 1);
	return settle(t, rc, err);
}

pw_status pw_transport_soft_reset(pw_transport *t, pw_err *err)
{
	pw_status rc = present(t, err);
	if (rc != PW_OK)
		return rc;
	if (t->ops->soft_reset == NULL)
		return has_no(t, "soft reset", err);
	rc = t->ops->soft_reset(t, err);
	if (rc == PW_OK)
		pw_recorder_word(t->recorder, PW_ENTRY_RESET);
	return settle(t, rc, err);
}
