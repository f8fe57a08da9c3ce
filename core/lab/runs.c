#include "core/lab/internal.h"

#include <stdio.h>
#include <string.h>

#include "core/exchange/run_reader.h"
#include "core/model/ident.h"

#define PER_FACT 1000 /* a fact stays small */

/* ---------------------------------------------------------------- which plate */

static pw_status look_up_plate(pw_lab *lab, pw_arena *arena, const char *text, char out[64],
			       pw_err *err)
{
	pw_plate_find_row row;
	bool found;
	if (text[0] == '\0' || strlen(text) >= 64)
		return PW_OK;
	pw_status rc = pw_q_plate_find(lab->store, arena, text, &row, &found, err);
	if (rc == PW_OK && found && strcmp(row.kind, "pcr") == 0)
		snprintf(out, 64, "%s", row.plate);
	return rc;
}

/* The plate's barcode is the text, or, as in a file's name, one of its words. */
static pw_status plate_in_name(pw_lab *lab, pw_arena *arena, const char *text, char out[64],
			       pw_err *err)
{
	static const char separators[] = " _,;()[]";
	pw_status rc = look_up_plate(lab, arena, text, out, err);
	char *copy = pw_arena_strdup(arena, text);
	char *dot = strrchr(copy, '.');
	if (dot != NULL)
		*dot = '\0';
	if (rc == PW_OK && out[0] == '\0')
		rc = look_up_plate(lab, arena, copy, out, err);
	for (char *word = copy; rc == PW_OK && out[0] == '\0' && *word != '\0';) {
		word += strspn(word, separators);
		char *end = word + strcspn(word, separators);
		char after = *end;
		*end = '\0';
		rc = look_up_plate(lab, arena, word, out, err);
		word = after == '\0' ? end : end + 1;
	}
	return rc;
}

static pw_status choose_plate(pw_lab *lab, pw_arena *arena, const pw_run_file *file,
			      const char *file_name, const pw_run_opts *opts, char out[64],
			      pw_err *err)
{
	out[0] = '\0';
	if (opts->plate != NULL)
		return pw_lab_barcode(opts->plate, out, NULL, err);
	pw_status rc = PW_OK;
	if (file->barcode[0] != '\0')
		rc = plate_in_name(lab, arena, file->barcode, out, err);
	if (rc == PW_OK && out[0] == '\0')
		rc = plate_in_name(lab, arena, file->name, out, err);
	if (rc == PW_OK && out[0] == '\0')
		rc = plate_in_name(lab, arena, pw_run_base_name(file_name), out, err);
	if (rc == PW_OK && out[0] == '\0')
		rc = pw_refuse(
			err, "plate-not-named",
			"neither the file nor its name gives the barcode of a PCR plate: say "
			"which it is with --plate");
	return rc;
}

static pw_status check_plate(pw_lab *lab, pw_arena *arena, const pw_plate_content *content,
			     pw_err *err)
{
	pw_run_of_plate_row *rows;
	size_t count;
	const char *plate = content->plate.plate;
	if (strcmp(content->plate.kind, "pcr") != 0)
		return pw_refuse(
			err, "not-a-pcr-plate",
			"plate '%s' is an extraction plate: a run is of the PCR plate that was "
			"stamped from it",
			plate);
	if (strcmp(content->plate.state, "voided") == 0)
		return pw_refuse(err, "plate-voided", "plate '%s' was voided: nothing comes of it",
				 plate);
	pw_status rc = pw_q_run_of_plate(lab->store, arena, plate, &rows, &count, err);
	if (rc == PW_OK && count > 0)
		rc = pw_refuse(
			err, "plate-called",
			"plate '%s' has a result already, run %lld: is this the file of another "
			"plate?",
			plate, (long long)rows[0].run);
	return rc;
}

/* ---------------------------------------------------------------- the facts */

static pw_status append_readings(pw_lab *lab, pw_arena *arena, const pw_matched *m, int64_t run,
				 int *out_count, pw_err *err)
{
	pw_run_read_item *items = pw_arena_array(arena, m->file->reading_count, sizeof(*items));
	size_t n = 0;
	for (size_t i = 0; i < m->file->reading_count; i++) {
		const pw_reading *r = &m->file->readings[i];
		int target = pw_assay_target_find(m->assay, r->target);
		int position = pw_well_index(r->well, m->content.format, PW_BY_ROW);
		if (target < 0 || m->content.at[position] == NULL)
			continue; /* a blank well of the block: pw_lab_match lets no other pass */
		items[n++] = (pw_run_read_item){
			.position = position,
			.target = pw_assay_target_name(m->assay, (size_t)target),
			.cq = {r->has_cq, r->cq},
			.amp = pw_amp_name(r->amp),
			.vendor_call = r->vendor_call[0] != '\0' ? r->vendor_call : NULL,
			.sample = r->sample[0] != '\0' ? r->sample : NULL,
			.omitted = r->omitted ? 1 : 0};
	}
	pw_status rc = PW_OK;
	for (size_t from = 0; rc == PW_OK && from < n; from += PER_FACT) {
		pw_run_read fact = {.run = run,
				    .readings = items + from,
				    .readings_count = n - from < PER_FACT ? n - from : PER_FACT};
		rc = pw_run_read_append(lab->store, &fact, err);
	}
	*out_count = (int)n;
	return rc;
}

static pw_status append_run(pw_lab *lab, const pw_matched *m, const pw_run_opts *opts,
			    const char *file_name, const pw_hash *hash, int64_t run, pw_err *err)
{
	char hex[PW_HASH_HEX];
	pw_hash_hex(hash, hex);
	const pw_run_file *f = m->file;
	pw_run_imported fact = {.run = run,
				.plate = m->content.plate.plate,
				.hash = hex,
				.file = pw_run_base_name(file_name),
				.format = f->format,
				.name = f->name,
				.instrument = f->instrument,
				.serial = f->serial,
				.software = f->software,
				.ended_at = {f->ended_at != 0, f->ended_at},
				.names_checked = opts->ignore_names ? 0 : 1,
				.readings = (int64_t)f->reading_count};
	return pw_run_imported_append(lab->store, &fact, err);
}

static pw_status known_run(pw_lab *lab, pw_arena *arena, const pw_hash *hash, pw_run_outcome *out,
			   pw_err *err)
{
	char hex[PW_HASH_HEX];
	pw_run_of_document_row row;
	pw_document_find_row document;
	bool found;
	pw_hash_hex(hash, hex);
	pw_status rc = pw_q_run_of_document(lab->store, arena, hex, &row, &found, err);
	if (rc == PW_OK && found) {
		out->known = true;
		out->run = row.run;
		snprintf(out->plate, sizeof(out->plate), "%s", row.plate);
		return PW_OK;
	}
	if (rc == PW_OK)
		rc = pw_q_document_find(lab->store, arena, hex, &document, &found, err);
	if (rc == PW_OK && found)
		rc = pw_lab_other_kind(document.kind, document.name, "run", err);
	return rc;
}

static pw_status import_run(pw_lab *lab, pw_arena *arena, const void *bytes, size_t n,
			    const char *file_name, const pw_run_opts *opts, const pw_run_file *file,
			    pw_run_outcome *out, pw_report *report, pw_err *err)
{
	pw_matched m = {.file = file};
	pw_hash hash;
	pw_run_last_row last;
	bool known, found;
	pw_status rc = pw_store_attach(lab->store, bytes, n, &hash, &known, err);
	if (rc != PW_OK)
		return rc;
	if (known && ((rc = known_run(lab, arena, &hash, out, err)) != PW_OK || out->known))
		return rc;
	if ((rc = choose_plate(lab, arena, file, file_name, opts, out->plate, err)) != PW_OK)
		return rc;
	if ((rc = pw_lab_plate_content(lab, arena, out->plate, &m.content, err)) != PW_OK)
		return rc;
	if ((rc = check_plate(lab, arena, &m.content, err)) != PW_OK)
		return rc;
	if ((rc = pw_lab_assay_of(lab, m.content.plate.assay_hash, &m.assay, err)) != PW_OK)
		return rc;
	m.measures = pw_arena_array(arena, PW_MAX_WELLS, sizeof(*m.measures));
	if ((rc = pw_lab_match(opts, &m, report, err)) != PW_OK)
		return rc;
	if ((rc = pw_q_run_last(lab->store, arena, &last, &found, err)) != PW_OK)
		return rc;
	if ((rc = pw_lab_load_profile(lab, err)) != PW_OK)
		return rc;
	out->run = last.run + 1;
	if ((rc = append_run(lab, &m, opts, file_name, &hash, out->run, err)) != PW_OK)
		return rc;
	if ((rc = append_readings(lab, arena, &m, out->run, &out->readings, err)) != PW_OK)
		return rc;
	return pw_lab_judge(lab, arena, &m, out->run, out, err);
}

pw_status pw_lab_import_run(pw_lab *lab, const void *bytes, size_t n, const char *file_name,
			    const pw_run_opts *opts, pw_run_outcome *out, pw_report *report,
			    pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_run_file file;
	pw_report own = PW_REPORT_INIT;
	pw_run_outcome outcome = {.known = false};
	if (report == NULL)
		report = &own;
	pw_status rc = PW_OK;
	if (opts->ignore_names)
		rc = pw_lab_need_reason(lab, "ignoring the file's sample names", err);
	/* Read before the write lock is taken: other benches go on meanwhile. */
	if (rc == PW_OK)
		rc = pw_run_file_read(bytes, n, file_name, &arena, &file, report, err);
	if (rc == PW_OK && (rc = pw_lab_begin(lab, err)) == PW_OK) {
		rc = import_run(lab, &arena, bytes, n, file_name, opts, &file, &outcome, report,
				err);
		rc = pw_lab_end_scan(lab, rc, "run import", file_name, err);
	}
	if (rc == PW_OK)
		*out = outcome;
	pw_report_clear(&own);
	pw_arena_clear(&arena);
	return rc;
}
