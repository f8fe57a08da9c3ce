#include "devices/printers/printer.h"

#include <string.h>

#include "core/base/mem.h"
#include "devices/printers/printer_private.h"
#include "devices/printers/wire_transport.h"
#include "devices/transport/transport.h"
#include "devices/transport/uri.h"

/* ---- Opening ---- */

pw_printer *pw_printer_new(const pw_wire *wire, const pw_printer_driver *driver, unsigned model)
{
	pw_printer *p = pw_alloc(sizeof(*p));
	pw_dialogue_init(&p->talk, wire, driver, model);
	return p;
}

static void list_languages(pw_str *out)
{
	for (const pw_printer_driver *const *d = pw_printer_drivers; *d != NULL; d++)
		pw_str_addf(out, "%s%s", d == pw_printer_drivers ? "" : ", ", (*d)->name);
}

static pw_status unknown_language(const char *language, pw_err *err)
{
	pw_str names = PW_STR_INIT;
	list_languages(&names);
	pw_status rc = pw_fail(err, PW_ERR_ARG, "'%s' is no printers' language: there are %s",
			       language, pw_str_text(&names));
	pw_str_clear(&names);
	return rc;
}

static pw_status no_language(const char *uri, const char *device_id, pw_err *err)
{
	pw_str names = PW_STR_INIT;
	list_languages(&names);
	pw_status rc =
		pw_fail(err, PW_ERR_ARG,
			"%s: %s%s%s does not tell its language; add '?language=' with one of %s",
			uri, device_id[0] != '\0' ? "'" : "the printer", device_id,
			device_id[0] != '\0' ? "'" : "", pw_str_text(&names));
	pw_str_clear(&names);
	return rc;
}

typedef struct choice {
	const pw_printer_driver *driver;
	unsigned model;
} choice;

static pw_status choose(const char *uri, const char *language, const char *device_id, choice *out,
			pw_err *err)
{
	const pw_printer_model *model = pw_printer_model_find(device_id);
	if (language == NULL && model == NULL)
		return no_language(uri, device_id, err);
	if (language == NULL && (model->flags & PW_MODEL_OTHER) != 0)
		return pw_fail(err, PW_ERR_ARG,
			       "%s: '%s' is a printer that no labels can be made for", uri,
			       device_id);
	out->driver = pw_printer_driver_find(language != NULL ? language : model->language);
	if (out->driver == NULL)
		return unknown_language(language != NULL ? language : model->language, err);
	out->model =
		model != NULL && strcmp(model->language, out->driver->name) == 0 ? model->flags : 0;
	return PW_OK;
}

static void ask_device_id(const pw_wire *wire, char *out, size_t size)
{
	pw_str id = PW_STR_INIT;
	pw_err ignored = PW_ERR_INIT;
	out[0] = '\0';
	if (wire->ops->device_id(wire->ctx, &id, &ignored) == PW_OK && id.len < size)
		memcpy(out, pw_str_text(&id), id.len + 1);
	pw_str_clear(&id);
}

pw_status pw_printer_open(const char *uri, const char *language, pw_printer **out, pw_err *err)
{
	pw_uri parsed;
	pw_wire wire;
	choice chosen = {NULL, 0};
	char device_id[1024];
	pw_status rc = pw_uri_parse(uri, &parsed, err);
	if (rc != PW_OK)
		return rc;
	if (language == NULL)
		language = pw_uri_get(&parsed, "language", NULL);
	if (language != NULL && pw_printer_driver_find(language) == NULL)
		return unknown_language(language, err);
	if ((rc = pw_wire_open(uri, &wire, err)) != PW_OK)
		return rc;
	ask_device_id(&wire, device_id, sizeof(device_id));
	rc = choose(uri, language, device_id, &chosen, err);
	if (rc != PW_OK) {
		wire.ops->close(wire.ctx);
		return rc;
	}
	*out = pw_printer_new(&wire, chosen.driver, chosen.model);
	memcpy((*out)->device_id, device_id, sizeof(device_id));
	return PW_OK;
}

void pw_printer_close(pw_printer *p)
{
	if (p == NULL)
		return;
	p->talk.wire.ops->close(p->talk.wire.ctx);
	pw_free(p);
}

/* ---- Who and how it is ---- */

static void merge(char *to, const char *from, size_t size)
{
	if (to[0] == '\0')
		memcpy(to, from, size);
}

pw_status pw_printer_identify(pw_printer *p, pw_printer_identity *out, pw_err *err)
{
	pw_printer_identity who = {.dpi = 0};
	pw_printer_word word;
	bool answered = false;
	const pw_printer_model *model = pw_printer_model_find(p->device_id);
	pw_status rc = pw_dialogue_ask(&p->talk, PW_ASK_WHO, &word, &answered, err);
	if (rc != PW_OK)
		return rc;
	if (answered)
		who = word.who;
	memcpy(who.language, p->talk.driver->name, strlen(p->talk.driver->name) + 1);
	pw_printer_identity told = pw_printer_identity_of(p->device_id);
	merge(who.maker, told.maker, sizeof(who.maker));
	merge(who.model, told.model, sizeof(who.model));
	merge(who.serial, told.serial, sizeof(who.serial));
	if (who.dpi == 0 && model != NULL)
		who.dpi = model->dpi;
	*out = who;
	return PW_OK;
}

pw_status pw_printer_ask(pw_printer *p, pw_printer_status *out, pw_err *err)
{
	pw_printer_word word;
	pw_printer_status status = PW_PRINTER_STATUS_INIT;
	bool answered = false;
	pw_status rc = pw_dialogue_ask(&p->talk, PW_ASK_STATUS, &word, &answered, err);
	if (rc == PW_OK && answered) {
		status = word.status;
		if (status.faults == 0)
			rc = pw_dialogue_look_closer(&p->talk, &status, err);
	} else if (rc == PW_OK) {
		rc = pw_dialogue_diagnose(&p->talk, &status.faults, err);
		status.activity = PW_PRINTER_STOPPED;
	}
	if (rc == PW_OK)
		*out = status;
	return rc;
}

bool pw_printer_confirms(const pw_printer *p)
{
	return p->talk.driver->confirm != PW_CONFIRM_NEVER &&
	       (p->talk.wire.traits & PW_WIRE_MUTE) == 0;
}

const char *pw_printer_language(const pw_printer *p)
{
	return p->talk.driver->name;
}

pw_status pw_printer_print(pw_printer *p, const pw_print_run *run, pw_print_outcome *out,
			   pw_err *err)
{
	return pw_run_print(&p->talk, run, out, err);
}
