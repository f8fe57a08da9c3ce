#include "labels/dialect.h"

#include <string.h>

#include "labels/dialect_private.h"

/* One row per dialect: a new one is a new row. */
static const struct dialect {
	const char *name;
	int dpi[2];   /* the only ones there are; 0 = any */
	int max_dots; /* of the head; 0 = not known here */
	pw_dialect_write *write;
} dialects[] = {
	[PW_DIALECT_ZPL] = {"zpl", {0, 0}, 0, pw_dialect_zpl},
	[PW_DIALECT_TSPL] = {"tspl", {0, 0}, 0, pw_dialect_tspl},
	[PW_DIALECT_EPL] = {"epl", {0, 0}, 0, pw_dialect_epl},
	[PW_DIALECT_BROTHER] = {"brother", {300, 300}, 0, pw_dialect_brother},
	[PW_DIALECT_DYMO] = {"dymo", {300, 300}, 672, pw_dialect_dymo},
	[PW_DIALECT_BROTHER_WIDE] = {"brother-wide", {300, 300}, 0, pw_dialect_brother_wide},
	[PW_DIALECT_PTOUCH] = {"ptouch", {180, 360}, 0, pw_dialect_ptouch},
};

const char *pw_dialect_name(pw_dialect dialect)
{
	PW_BUG_IF((unsigned)dialect >= PW_DIALECTS);
	return dialects[dialect].name;
}

bool pw_dialect_parse(const char *text, pw_dialect *out)
{
	for (int i = 0; i < PW_DIALECTS; i++) {
		if (strcmp(text, dialects[i].name) == 0) {
			*out = (pw_dialect)i;
			return true;
		}
	}
	return false;
}

void pw_dialect_add(pw_str *out, size_t n, const uint8_t *bytes)
{
	pw_str_add_n(out, (const char *)bytes, n);
}

void pw_dialect_add_inverted(const pw_raster *raster, pw_str *out)
{
	char some[1024];
	size_t n = pw_raster_bytes(raster), here;
	for (size_t at = 0; at < n; at += here) {
		here = n - at < sizeof(some) ? n - at : sizeof(some);
		for (size_t i = 0; i < here; i++)
			some[i] = (char)(uint8_t)~raster->bits[at + i];
		pw_str_add_n(out, some, here);
	}
}

void pw_dialect_add_mm(pw_str *out, double um)
{
	long tenths = (long)(um / 100 + 0.5);
	pw_str_addf(out, "%ld", tenths / 10);
	if (tenths % 10 != 0)
		pw_str_addf(out, ".%ld", tenths % 10);
}

pw_status pw_dialect_check_job(const pw_print_job *job, pw_err *err)
{
	if (job->copies < 1 || job->copies > PW_PRINT_MAX_COPIES)
		return pw_fail(err, PW_ERR_ARG, "%d copies: 1 to %d", job->copies,
			       PW_PRINT_MAX_COPIES);
	return PW_OK;
}

static pw_status wrong_dpi(const struct dialect *d, int dpi, pw_err *err)
{
	if (d->dpi[0] == d->dpi[1])
		return pw_fail(err, PW_ERR_ARG, "%s printers have %d dpi, not %d", d->name,
			       d->dpi[0], dpi);
	return pw_fail(err, PW_ERR_ARG, "%s printers have %d or %d dpi, not %d", d->name, d->dpi[0],
		       d->dpi[1], dpi);
}

pw_status pw_dialect_encode(pw_dialect dialect, const pw_raster *raster, const pw_print_job *job,
			    pw_str *out, pw_err *err)
{
	const struct dialect *d = &dialects[dialect];
	pw_status rc = pw_dialect_check_job(job, err);
	if (rc != PW_OK)
		return rc;
	if (d->dpi[0] != 0 && raster->dpi != d->dpi[0] && raster->dpi != d->dpi[1])
		return wrong_dpi(d, raster->dpi, err);
	if (d->max_dots != 0 && raster->width > d->max_dots)
		return pw_fail(err, PW_ERR_ARG,
			       "the label is %.1f mm wide: %s printers print %.1f mm at most",
			       pw_um_of(raster->width, raster->dpi) / 1000, d->name,
			       pw_um_of(d->max_dots, raster->dpi) / 1000);
	size_t before = out->len;
	rc = d->write(raster, job, out, err);
	if (rc != PW_OK)
		pw_str_truncate(out, before);
	return rc;
}
