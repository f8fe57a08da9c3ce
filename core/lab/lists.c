/* Lists that sites send: collection logs and box manifests. Whole or not at all. */
#include "core/lab/internal.h"

#include <string.h>

#include "core/exchange/collection.h"
#include "core/exchange/manifest.h"

#define PER_FACT 1000 /* a fact stays small */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

/* Keeps the file; *known when its content came before, as what it is now. */
static pw_status keep(pw_lab *lab, pw_arena *arena, const char *kind, const void *bytes, size_t n,
		      char hex[PW_HASH_HEX], bool *known, pw_err *err)
{
	pw_hash hash;
	pw_document_find_row row;
	bool attached;
	pw_status rc = pw_store_attach(lab->store, bytes, n, &hash, &attached, err);
	pw_hash_hex(&hash, hex);
	if (rc == PW_OK)
		rc = pw_q_document_find(lab->store, arena, hex, &row, known, err);
	if (rc == PW_OK && *known && strcmp(row.kind, kind) != 0)
		rc = pw_lab_other_kind(row.kind, row.name, kind, err);
	return rc;
}

/* ---------------------------------------------------------------- collection logs */

static pw_status do_entry(pw_lab *lab, const pw_collection_row *row, const char *site,
			  pw_log_outcome *out, pw_err *err)
{
	pw_swab_outcome swab;
	pw_status rc;
	switch (row->action) {
	case PW_COLLECTION_OPEN: {
		pw_tube_opening opening = {.tube = row->tube,
					   .capacity = row->capacity == 0 ? 10 : row->capacity,
					   .site = site};
		rc = pw_lab_open_tube(lab, &opening, err);
		out->opened += rc == PW_OK ? 1 : 0;
		return rc;
	}
	case PW_COLLECTION_ADD:
		rc = pw_lab_take_swab(lab, row->tube, row->subject, &swab, err);
		out->swabs += rc == PW_OK ? 1 : 0;
		return rc;
	default:
		if (row->count < 0)
			return pw_refuse(err, "count-missing",
					 "tube '%s' is closed without a head-count: add it",
					 row->tube);
		rc = pw_lab_close_tube(lab, row->tube, row->count, err);
		out->closed += rc == PW_OK ? 1 : 0;
		return rc;
	}
}

/* Whether the failure is about this entry, so that the next ones can still be looked at. */
static bool about_entry(pw_status rc)
{
	return rc == PW_ERR_REFUSED || rc == PW_ERR_NOT_FOUND || rc == PW_ERR_EXISTS ||
	       rc == PW_ERR_ARG || rc == PW_ERR_FORMAT;
}

static pw_status do_log(pw_lab *lab, const pw_collection *log, const char *site, pw_time now,
			pw_log_outcome *out, pw_report *report, pw_err *err)
{
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < log->count; i++) {
		const pw_collection_row *row = &log->rows[i];
		pw_err wrong = PW_ERR_INIT;
		lab->log_at = row->at;
		lab->log_by = row->collector[0] != '\0' ? row->collector : NULL;
		if (row->at > now + PW_HOUR) {
			pw_report_add(
				report, PW_ERROR, "time-future", row->line, 0,
				"the entry is of a time to come: was the site's clock wrong?");
			continue;
		}
		rc = do_entry(lab, row, site, out, &wrong);
		if (rc != PW_OK && about_entry(rc)) {
			pw_report_add(report, PW_ERROR,
				      wrong.code != NULL ? wrong.code : pw_status_name(rc),
				      row->line, 0, "%s", wrong.msg);
			rc = PW_OK;
		} else if (rc != PW_OK && err != NULL) {
			*err = wrong;
		}
	}
	lab->log_at = 0;
	lab->log_by = NULL;
	if (rc == PW_OK && report->errors > 0)
		rc = pw_fail(err, PW_ERR_FORMAT,
			     "the rules refuse %zu entries of the log: nothing of it was taken",
			     report->errors);
	return rc;
}

static pw_status import_log(pw_lab *lab, pw_arena *arena, const void *bytes, size_t n,
			    const char *name, const char *site, const pw_collection *log,
			    pw_log_outcome *out, pw_report *report, pw_err *err)
{
	char hex[PW_HASH_HEX];
	pw_time now;
	pw_status rc = keep(lab, arena, "collection-log", bytes, n, hex, &out->known, err);
	if (rc != PW_OK || out->known)
		return rc;
	if ((rc = pw_store_now(lab->store, &now, err)) != PW_OK)
		return rc;
	if ((rc = pw_lab_check_site(lab, arena, site, err)) != PW_OK)
		return rc;
	pw_log_imported fact = {.hash = hex, .name = base_name(name), .rows = (int64_t)log->count};
	if ((rc = pw_log_imported_append(lab->store, &fact, err)) != PW_OK)
		return rc;
	return do_log(lab, log, site, now, out, report, err);
}

pw_status pw_lab_import_log(pw_lab *lab, const void *bytes, size_t n, const char *name,
			    const char *site, pw_log_outcome *out, pw_report *report, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_report own = PW_REPORT_INIT;
	pw_collection log;
	pw_log_outcome outcome = {.known = false};
	if (report == NULL)
		report = &own;
	pw_status rc = pw_collection_read(bytes, n, name, &arena, &log, report, err);
	if (rc == PW_OK && (rc = pw_lab_begin(lab, err)) == PW_OK) {
		rc = import_log(lab, &arena, bytes, n, name, site, &log, &outcome, report, err);
		rc = pw_lab_end(lab, rc, err);
	}
	if (rc == PW_OK)
		*out = outcome;
	pw_report_clear(&own);
	pw_arena_clear(&arena);
	return rc;
}

/* ---------------------------------------------------------------- manifests */

static pw_status announce(pw_lab *lab, const char *box, const char *hex,
			  const pw_box_announced_item *items, size_t n, pw_err *err)
{
	pw_box_announced fact = {.box = box, .document = hex, .tubes = items, .tubes_count = n};
	return pw_box_announced_append(lab->store, &fact, err);
}

static pw_status announce_box(pw_lab *lab, pw_arena *arena, const pw_manifest *manifest,
			      const char *box, const char *hex, bool *done, pw_err *err)
{
	pw_box_announced_item items[PER_FACT];
	pw_box_find_row row;
	size_t n = 0;
	bool found;
	pw_status rc = pw_q_box_find(lab->store, arena, box, &row, &found, err);
	if (rc == PW_OK && found)
		return pw_refuse(
			err, "box-known",
			"box '%s' is in a manifest that was imported before: which one is right?",
			box);
	for (size_t i = 0; rc == PW_OK && i < manifest->count; i++) {
		const pw_manifest_row *r = &manifest->rows[i];
		if (strcmp(r->box, box) != 0)
			continue;
		done[i] = true;
		items[n++] =
			(pw_box_announced_item){.tube = r->tube, .swabs = {r->swabs > 0, r->swabs}};
		if (n == PER_FACT) {
			rc = announce(lab, box, hex, items, n, err);
			n = 0;
		}
	}
	return rc == PW_OK && n > 0 ? announce(lab, box, hex, items, n, err) : rc;
}

static pw_status import_manifest(pw_lab *lab, pw_arena *arena, const void *bytes, size_t n,
				 const char *name, const pw_manifest *manifest,
				 pw_manifest_outcome *out, pw_err *err)
{
	char hex[PW_HASH_HEX];
	pw_status rc = keep(lab, arena, "manifest", bytes, n, hex, &out->known, err);
	if (rc != PW_OK || out->known)
		return rc;
	pw_manifest_imported fact = {
		.hash = hex, .name = base_name(name), .rows = (int64_t)manifest->count};
	rc = pw_manifest_imported_append(lab->store, &fact, err);
	bool *done = pw_arena_array(arena, manifest->count, sizeof(*done));
	for (size_t i = 0; rc == PW_OK && i < manifest->count; i++) {
		if (done[i])
			continue;
		rc = announce_box(lab, arena, manifest, manifest->rows[i].box, hex, done, err);
		out->boxes++;
	}
	out->tubes = (int)manifest->count;
	return rc;
}

pw_status pw_lab_import_manifest(pw_lab *lab, const void *bytes, size_t n, const char *name,
				 pw_manifest_outcome *out, pw_report *report, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_report own = PW_REPORT_INIT;
	pw_manifest manifest;
	pw_manifest_outcome outcome = {.known = false};
	pw_status rc = pw_manifest_read(bytes, n, name, &arena, &manifest,
					report != NULL ? report : &own, err);
	if (rc == PW_OK && (rc = pw_lab_begin(lab, err)) == PW_OK) {
		rc = import_manifest(lab, &arena, bytes, n, name, &manifest, &outcome, err);
		rc = pw_lab_end_scan(lab, rc, "manifest import", name, err);
	}
	if (rc == PW_OK)
		*out = outcome;
	pw_report_clear(&own);
	pw_arena_clear(&arena);
	return rc;
}
