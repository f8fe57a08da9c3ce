/* What is not said of a printer: its language and resolution, asked of the device or known of its kind. */
#include <string.h>

#include "cli/label_desk.h"
#include "devices/printers/printer.h"

#define GUESS_DPI 203

/* It may be busy with somebody else's labels, in the network without saying so. */
static pw_status ask_patiently(pw_printer *printer, pw_printer_identity *out, pw_err *err)
{
	bool tells =
		strcmp(pw_printer_language(printer), "zpl") == 0 && pw_printer_confirms(printer);
	pw_status rc = pw_printer_identify(printer, out, err);
	for (int again = 0; tells && rc == PW_OK && out->dpi == 0 && again < 4; again++)
		rc = pw_printer_identify(printer, out, err);
	return rc;
}

static pw_status ask_device(pw_ctx *ctx, pw_label_printer *p, pw_err *err)
{
	pw_printer *printer = NULL;
	pw_printer_identity who = {.dpi = 0};
	pw_status rc = pw_printer_open(p->uri, p->language, &printer, err);
	if (rc == PW_OK && p->dpi == 0)
		rc = ask_patiently(printer, &who, err);
	if (rc == PW_OK) {
		p->language = pw_arena_strdup(pw_ctx_arena(ctx), pw_printer_language(printer));
		p->dpi = p->dpi != 0 ? p->dpi : who.dpi;
	}
	pw_printer_close(printer);
	return rc;
}

/* Of some languages all printers are alike. */
static int dpi_of(const char *language)
{
	return strncmp(language, "brother", 7) == 0 || strcmp(language, "dymo") == 0 ? 300 : 0;
}

/* … of P-touch printers nearly all; a PT-P900 tells by USB that it has 360. */
static int usual_dpi_of(const char *language)
{
	return strcmp(language, "ptouch") == 0 ? 180 : dpi_of(language);
}

pw_status pw_label_desk_complete(pw_ctx *ctx, pw_label_printer *printer, bool guess, pw_err *err)
{
	pw_status rc = PW_OK;
	if (printer->language != NULL && printer->dpi == 0)
		printer->dpi = dpi_of(printer->language);
	if (pw_label_is_picture(printer->language)) {
		printer->dpi = printer->dpi != 0 ? printer->dpi : 300;
		return PW_OK;
	}
	if (printer->language == NULL || printer->dpi == 0)
		rc = ask_device(ctx, printer, err);
	if (rc == PW_OK && printer->dpi == 0)
		printer->dpi = usual_dpi_of(printer->language);
	if (rc == PW_OK && printer->dpi == 0 && !guess)
		rc = pw_fail(err, PW_ERR_ARG,
			     "'%s' does not tell the printer's dots per inch: give --dpi",
			     printer->uri);
	if (rc == PW_OK && printer->dpi == 0) {
		printer->dpi = GUESS_DPI;
		pw_ctx_warn(
			ctx,
			"the printer does not tell its dots per inch: %d are taken; if labels come "
			"out too small, give --dpi",
			GUESS_DPI);
	}
	return rc;
}
