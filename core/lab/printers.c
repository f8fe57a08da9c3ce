#include "core/lab/labels.h"

#include <string.h>

#include "core/lab/internal.h"
#include "core/lab/labels_internal.h"

/* ---------------------------------------------------------------- find */

/* "bench, office" */
static void names_of(const pw_printers_row *rows, size_t count, pw_str *out)
{
	for (size_t i = 0; i < count; i++)
		pw_str_addf(out, "%s%s", i > 0 ? ", " : "", rows[i].printer);
}

static pw_status not_found(pw_lab *lab, pw_arena *arena, const char *name, pw_err *err)
{
	pw_printers_row *rows;
	size_t count;
	pw_str names = PW_STR_INIT;
	pw_status rc = pw_q_printers(lab->store, arena, &rows, &count, err);
	if (rc != PW_OK)
		return rc;
	names_of(rows, count, &names);
	if (count == 0)
		rc = pw_fail(
			err, PW_ERR_NOT_FOUND,
			"the laboratory has no printer '%s', nor any other: 'poolwell printer add' "
			"adds one",
			name);
	else
		rc = pw_fail(
			err, PW_ERR_NOT_FOUND,
			"the laboratory has no printer '%s': there are %s; 'poolwell printer add' "
			"adds one",
			name, pw_str_text(&names));
	pw_str_clear(&names);
	return rc;
}

static pw_status the_only_one(pw_lab *lab, pw_arena *arena, const char **out, pw_err *err)
{
	pw_printers_row *rows;
	size_t count;
	pw_str names = PW_STR_INIT;
	pw_status rc = pw_q_printers(lab->store, arena, &rows, &count, err);
	if (rc != PW_OK)
		return rc;
	if (count == 1) {
		*out = rows[0].printer;
		return PW_OK;
	}
	if (count == 0)
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "the laboratory has no printer: 'poolwell printer add' adds one");
	names_of(rows, count, &names);
	rc = pw_fail(err, PW_ERR_ARG, "say which printer: --printer NAME; there are %s",
		     pw_str_text(&names));
	pw_str_clear(&names);
	return rc;
}

pw_status pw_lab_find_printer(pw_lab *lab, pw_arena *arena, const char *name,
			      pw_printer_find_row *out, pw_err *err)
{
	bool found;
	pw_status rc = PW_OK;
	if (name == NULL)
		rc = the_only_one(lab, arena, &name, err);
	if (rc == PW_OK)
		rc = pw_q_printer_find(lab->store, arena, name, out, &found, err);
	if (rc == PW_OK && (!found || out->removed_at.has))
		rc = not_found(lab, arena, name, err);
	return rc;
}

pw_status pw_lab_printer(pw_lab *lab, pw_arena *arena, const char *name, pw_label_printer *out,
			 pw_err *err)
{
	pw_printer_find_row row;
	pw_status rc = pw_lab_find_printer(lab, arena, name, &row, err);
	if (rc == PW_OK)
		*out = (pw_label_printer){row.printer, row.uri, row.language, (int)row.dpi};
	return rc;
}

bool pw_lab_printer_at_work(pw_lab *lab, const char *name)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_printer_find_row row;
	bool found = false;
	pw_status rc = pw_q_printer_find(lab->store, &arena, name, &row, &found, NULL);
	bool at_work = rc == PW_OK && found && pw_store_claimed(lab->store, row.number);
	pw_arena_clear(&arena);
	return at_work;
}

pw_status pw_lab_claim_printer(pw_lab *lab, const pw_printer_find_row *printer, pw_err *err)
{
	pw_status rc = pw_store_claim(lab->store, printer->number, err);
	return rc == PW_OK ? rc : pw_fail_ctx(err, rc, "printer '%s'", printer->printer);
}

/* ---------------------------------------------------------------- add, remove */

static pw_status add_printer(pw_lab *lab, pw_arena *arena, const pw_label_printer *p, pw_err *err)
{
	pw_printer_find_row row;
	bool found;
	pw_status rc = pw_q_printer_find(lab->store, arena, p->name, &row, &found, err);
	if (rc == PW_OK && found && !row.removed_at.has)
		rc = pw_fail(
			err, PW_ERR_EXISTS,
			"there is a printer '%s' already, at %s: take another name, or remove it "
			"first",
			p->name, row.uri);
	pw_printer_added fact = {
		.printer = p->name, .uri = p->uri, .language = p->language, .dpi = p->dpi};
	return rc != PW_OK ? rc : pw_printer_added_append(lab->store, &fact, err);
}

pw_status pw_lab_add_printer(pw_lab *lab, const pw_label_printer *printer, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_status rc = pw_lab_check_short_name(printer->name, "a printer", err);
	if (rc == PW_OK && strchr(printer->name, ':') != NULL)
		rc = pw_fail(err, PW_ERR_ARG,
			     "'%s' is an address, not a name: 'poolwell printer add NAME ADDRESS'",
			     printer->name);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = add_printer(lab, &arena, printer, err);
	pw_arena_clear(&arena);
	return pw_lab_end(lab, rc, err);
}

static pw_status remove_printer(pw_lab *lab, pw_arena *arena, const char *name, pw_err *err)
{
	pw_printer_find_row row;
	pw_label_batches_waiting_row *batches;
	size_t count;
	pw_status rc = pw_lab_find_printer(lab, arena, name, &row, err);
	if (rc == PW_OK)
		rc = pw_q_label_batches_waiting(lab->store, arena, name, &batches, &count, err);
	if (rc == PW_OK && count > 0)
		rc = pw_refuse(err, "printer-needed",
			       "labels wait for printer '%s': print them on another one with "
			       "'poolwell label resume --printer %s --on NAME', or void them",
			       name, name);
	pw_printer_removed fact = {.printer = name};
	return rc != PW_OK ? rc : pw_printer_removed_append(lab->store, &fact, err);
}

pw_status pw_lab_remove_printer(pw_lab *lab, const char *name, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = remove_printer(lab, &arena, name, err);
	pw_arena_clear(&arena);
	return pw_lab_end(lab, rc, err);
}
