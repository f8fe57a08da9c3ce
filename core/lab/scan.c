/* What every scan goes through: its text, what is told of it, and the record of its refusal. */
#include "core/lab/internal.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/ident.h"

/* ---------------------------------------------------------------- the text of a scan */

pw_status pw_lab_barcode(const char *scan, char out[64], const char **out_symbology, pw_err *err)
{
	pw_scan parsed;
	pw_status rc = pw_scan_parse(scan, &parsed, err);
	if (rc != PW_OK)
		return rc;
	char head[41];
	pw_lab_copy_text(parsed.value, head, sizeof(head));
	if (strlen(parsed.value) >= 64)
		return pw_refuse(err, "scan-long", "'%s…' is too long for a barcode: scan it again",
				 head);
	memcpy(out, parsed.value, strlen(parsed.value) + 1);
	if (out_symbology != NULL)
		*out_symbology = parsed.symbology;
	return PW_OK;
}

pw_status pw_lab_known_tube(pw_lab *lab, pw_arena *arena, const char *scan, pw_tube_find_row *out,
			    pw_err *err)
{
	char tube[64];
	bool found;
	pw_status rc = pw_lab_barcode(scan, tube, NULL, err);
	if (rc == PW_OK)
		rc = pw_q_tube_find(lab->store, arena, tube, out, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_refuse(
			err, "tube-not-opened",
			"nobody opened a tube '%s': put it aside, and ask the site whose it is",
			tube);
	return rc;
}

const char *pw_lab_when(pw_time at, char out[32])
{
	pw_time_format_local(at, out);
	out[10] = ' ';
	out[16] = '\0';
	return out;
}

/* ---------------------------------------------------------------- what is told of it */

void pw_lab_copy_text(const char *text, char *out, size_t size)
{
	size_t n = strnlen(text, size);
	if (n == size)
		for (n--; n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80; n--)
			;
	memcpy(out, text, n);
	out[n] = '\0';
}

pw_status pw_lab_other_kind(const char *kind, const char *name, const char *wanted, pw_err *err)
{
	return pw_fail(err, PW_ERR_EXISTS,
		       "this file was imported before as a %s, '%s': give the %s", kind, name,
		       wanted);
}

const char *pw_lab_place(const char *what, const char *code, char out[96])
{
	int n = snprintf(out, 96, "%s ", what);
	pw_lab_copy_text(code, out + n, 96 - (size_t)n);
	return out;
}

#define KEPT_SCAN 256 /* with the NUL */

/* What a scanner sent, as the journal can keep it: not too long, and UTF-8. */
static const char *keepable(const char *scan, char out[KEPT_SCAN])
{
	pw_lab_copy_text(scan, out, KEPT_SCAN);
	if (!pw_utf8_valid(out, strlen(out)))
		for (char *c = out; *c != '\0'; c++)
			if (((unsigned char)*c & 0x80) != 0)
				*c = '?';
	return out;
}

pw_status pw_lab_end_scan(pw_lab *lab, pw_status rc, const char *place, const char *scan,
			  pw_err *err)
{
	char kept_place[KEPT_SCAN], kept_scan[KEPT_SCAN];
	pw_err own = PW_ERR_INIT;
	if (err == NULL) {
		err = &own;
		if (rc == PW_ERR_REFUSED)
			pw_refuse(err, "refused", "nobody asked why");
	}
	rc = pw_lab_end(lab, rc, err);
	if (rc == PW_OK || err->code == NULL || lab->depth > 0)
		return rc;
	/* The refusal itself is a fact. When that can't be recorded, the refusal still stands. */
	pw_scan_refused fact = {.place = keepable(place, kept_place),
				.scan = keepable(scan, kept_scan),
				.code = err->code,
				.text = err->msg};
	pw_err ignored = PW_ERR_INIT;
	pw_status again = pw_lab_begin(lab, &ignored);
	if (again == PW_OK) {
		again = pw_scan_refused_append(lab->store, &fact, &ignored);
		again = pw_lab_end(lab, again, &ignored);
	}
	char why[81];
	pw_lab_copy_text(ignored.msg, why, sizeof(why));
	if (again != PW_OK)
		pw_fail_ctx(err, rc, "(this refusal could not be recorded: %s)", why);
	return rc;
}
