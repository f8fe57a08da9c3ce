#include "core/lab/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/vec.h"
#include "core/exchange/roster.h"
#include "core/model/ident.h"

#define PER_FACT 1000 /* a fact stays small: a roster of ten thousand people is ten facts */

typedef struct importing {
	pw_lab *lab;
	pw_arena *arena; /* lives for the whole import */
	const pw_roster_opts *opts;
	pw_report *report;
	pw_roster_outcome *out;
	char hash[PW_HASH_HEX];
	/* the region of the row before: rosters are sorted by place */
	const pw_roster_row *last_row;
	int64_t last_region;
	int64_t next_region, next_subject;
	pw_subjects_registered_item *subjects;
	pw_roster_linked_item *links;
	size_t subject_count, link_count;
	PW_VEC(pw_roster_linked_item) linked; /* all of them */
} importing;

/* ---------------------------------------------------------------- regions */

static bool same_region(const pw_roster_row *a, const pw_roster_row *b)
{
	return a != NULL && strcmp(a->village, b->village) == 0 &&
	       strcmp(a->township, b->township) == 0 && strcmp(a->county, b->county) == 0 &&
	       strcmp(a->city, b->city) == 0;
}

static pw_status find_region(importing *im, const pw_roster_row *row, int64_t *out, pw_err *err)
{
	pw_region_find_row found_row;
	bool found;
	if (same_region(im->last_row, row)) {
		*out = im->last_region;
		return PW_OK;
	}
	pw_status rc = pw_q_region_find(im->lab->store, im->arena, row->city, row->county,
					row->township, row->village, &found_row, &found, err);
	if (rc == PW_OK && !found) {
		pw_region_added fact = {.region = ++im->next_region,
					.city = row->city,
					.county = row->county,
					.township = row->township,
					.village = row->village};
		found_row.region = fact.region;
		rc = pw_region_added_append(im->lab->store, &fact, err);
	}
	if (rc == PW_OK) {
		im->last_row = row;
		im->last_region = *out = found_row.region;
	}
	return rc;
}

/* ---------------------------------------------------------------- who is known already */

static void report_known(importing *im, const pw_roster_row *row, const char *what, const char *id,
			 int64_t subject, const char *name)
{
	char code[24];
	pw_lab_subject_code(im->lab, subject, code);
	bool same = strcmp(name, row->name) == 0;
	pw_report_add(
		im->report, PW_ERROR, same ? "known" : "known-other-name", row->line, 0,
		same && !im->opts->link_known
			? "%s %s is registered already, as %s '%s': take the row out, or import "
			  "with --known link"
			: "%s %s is registered already, as %s '%s', which is another name: find out "
			  "who is right",
		what, id, code, name);
}

/* The subject that the row's ids name, 0 for none; what does not fit together goes into the report. */
static pw_status find_known(importing *im, const pw_roster_row *row, int64_t *out, pw_err *err)
{
	pw_subject_by_national_id_row national = {.subject = 0};
	pw_subject_by_external_id_row external = {.subject = 0};
	bool by_national = false, by_external = false;
	pw_status rc = PW_OK;
	*out = 0;
	if (row->national_id[0] != '\0')
		rc = pw_q_subject_by_national_id(im->lab->store, im->arena, row->national_id,
						 &national, &by_national, err);
	if (rc == PW_OK && row->external_id[0] != '\0')
		rc = pw_q_subject_by_external_id(im->lab->store, im->arena, row->external_id,
						 &external, &by_external, err);
	if (rc != PW_OK || (!by_national && !by_external))
		return rc;
	*out = by_national ? national.subject : external.subject;
	const char *name = by_national ? national.name : external.name;
	if (by_national && by_external && national.subject != external.subject)
		pw_report_add(
			im->report, PW_ERROR, "known-twice", row->line, 0,
			"national id %s is of '%s' and external id %s of '%s': two people in one "
			"row",
			row->national_id, national.name, row->external_id, external.name);
	else if (!im->opts->link_known || strcmp(name, row->name) != 0)
		report_known(im, row, by_national ? "national id" : "external id",
			     by_national ? row->national_id : row->external_id, *out, name);
	return PW_OK;
}

/* ---------------------------------------------------------------- rows */

static const char *or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

/* The next number whose code has a check character that every scanner reads. */
static int64_t next_number(importing *im)
{
	char code[PW_IDENT_SIZE];
	do
		im->next_subject++;
	while (!pw_ident_make(im->lab->issuer, PW_KIND_SUBJECT, im->next_subject, code));
	return im->next_subject;
}

static pw_status flush(importing *im, size_t at_least, pw_err *err)
{
	pw_status rc = PW_OK;
	if (im->subject_count >= at_least && im->subject_count > 0) {
		pw_subjects_registered fact = {.document = im->hash,
					       .subjects = im->subjects,
					       .subjects_count = im->subject_count};
		rc = pw_subjects_registered_append(im->lab->store, &fact, err);
		im->subject_count = 0;
	}
	if (rc == PW_OK && im->link_count >= at_least && im->link_count > 0) {
		pw_roster_linked fact = {
			.document = im->hash, .rows = im->links, .rows_count = im->link_count};
		rc = pw_roster_linked_append(im->lab->store, &fact, err);
		im->link_count = 0;
	}
	return rc;
}

static pw_status take_row(importing *im, const pw_roster_row *row, pw_err *err)
{
	int64_t known, region;
	size_t errors = im->report->errors;
	pw_status rc = find_known(im, row, &known, err);
	if (rc != PW_OK)
		return rc;
	if (im->report->errors > errors) {
		im->out->left_out++;
		return PW_OK;
	}
	if (errors > 0 && !im->opts->leave_wrong)
		return PW_OK; /* nothing will be kept: only look for more that is wrong */
	if (known != 0) {
		pw_roster_linked_item link = {.line = row->line, .subject = known};
		im->links[im->link_count++] = link;
		pw_vec_push(&im->linked, link);
		im->out->linked++;
		return flush(im, PER_FACT, err);
	}
	if ((rc = find_region(im, row, &region, err)) != PW_OK)
		return rc;
	im->subjects[im->subject_count++] =
		(pw_subjects_registered_item){.subject = next_number(im),
					      .kind = pw_subject_kind_name(row->kind),
					      .name = row->name,
					      .national_id = or_null(row->national_id),
					      .external_id = or_null(row->external_id),
					      .phone = or_null(row->phone),
					      .region = region,
					      .household = or_null(row->household),
					      .grp = pw_group_name(row->group),
					      .line = {true, row->line}};
	if (im->out->registered++ == 0)
		im->out->first_subject = im->next_subject;
	im->out->last_subject = im->next_subject;
	return flush(im, PER_FACT, err);
}

static int by_subject(const void *a, const void *b)
{
	const pw_roster_linked_item *x = a, *y = b;
	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	return x->line < y->line ? -1 : 1;
}

static void report_linked_twice(importing *im, int64_t line, int64_t other, int64_t subject)
{
	char code[24];
	pw_lab_subject_code(im->lab, subject, code);
	pw_report_add(
		im->report, PW_ERROR, "known-in-two-rows", (int)line, 0,
		"this row and line %lld are one person by their ids, registered as %s: mend one "
		"of the two, or take it out",
		(long long)other, code);
}

/* One row names a person by the national id, another by the external id: only the register knows that they
 * are one. */
static void check_linked_once(importing *im)
{
	pw_roster_linked_item *l = im->linked.ptr;
	if (im->linked.len > 1)
		qsort(l, im->linked.len, sizeof(*l), by_subject);
	for (size_t i = 1; i < im->linked.len; i++)
		if (l[i].subject == l[i - 1].subject) {
			report_linked_twice(im, l[i - 1].line, l[i].line, l[i].subject);
			report_linked_twice(im, l[i].line, l[i - 1].line, l[i].subject);
		}
}

static pw_status begin_numbers(importing *im, pw_err *err)
{
	pw_subject_last_row subject = {.subject = 0};
	pw_region_last_row region = {.region = 0};
	bool found;
	pw_status rc = pw_q_subject_last(im->lab->store, im->arena, &subject, &found, err);
	if (rc == PW_OK)
		rc = pw_q_region_last(im->lab->store, im->arena, &region, &found, err);
	im->next_subject = subject.subject;
	im->next_region = region.region;
	return rc;
}

static pw_status import_rows(importing *im, const pw_roster *roster, const void *bytes, size_t n,
			     const char *name, pw_err *err)
{
	pw_hash hash;
	pw_document_find_row document;
	bool known, found;
	pw_status rc = pw_store_attach(im->lab->store, bytes, n, &hash, &known, err);
	pw_hash_hex(&hash, im->hash);
	memcpy(im->out->hash, im->hash, sizeof(im->hash));
	if (rc == PW_OK)
		rc = pw_q_document_find(im->lab->store, im->arena, im->hash, &document, &found,
					err);
	if (rc != PW_OK)
		return rc;
	if (found && strcmp(document.kind, "roster") != 0)
		return pw_lab_other_kind(document.kind, document.name, "roster", err);
	if (found) {
		im->out->known = true;
		return PW_OK;
	}
	rc = begin_numbers(im, err);
	for (size_t i = 0; rc == PW_OK && i < roster->count; i++)
		rc = take_row(im, &roster->rows[i], err);
	size_t errors = im->report->errors;
	check_linked_once(im);
	if (rc == PW_OK && (im->report->errors > errors || (errors > 0 && !im->opts->leave_wrong)))
		return pw_fail(err, PW_ERR_FORMAT,
			       "%zu rows are registered already or contradict what is registered: "
			       "nothing was imported",
			       im->report->errors);
	if (rc == PW_OK)
		rc = flush(im, 1, err);
	pw_roster_imported fact = {.hash = im->hash,
				   .name = name,
				   .rows = (int64_t)(im->out->registered + im->out->linked),
				   .left_out = (int64_t)im->out->left_out};
	return rc != PW_OK ? rc : pw_roster_imported_append(im->lab->store, &fact, err);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

pw_status pw_lab_import_roster(pw_lab *lab, const void *bytes, size_t n, const char *name,
			       const pw_roster_opts *opts, pw_roster_outcome *out,
			       pw_report *report, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_report own = PW_REPORT_INIT;
	pw_roster roster = {.count = 0};
	pw_roster_outcome outcome = {.known = false};
	importing im = {.lab = lab,
			.arena = &arena,
			.opts = opts,
			.report = report != NULL ? report : &own,
			.out = &outcome};
	/* Read before the write lock is taken: benches go on scanning meanwhile. */
	pw_status rc = pw_roster_read(bytes, n, name, &arena, &roster, im.report, err);
	if (rc == PW_ERR_FORMAT && opts->leave_wrong && roster.count > 0) {
		outcome.left_out = roster.wrong;
		rc = PW_OK;
	}
	if (rc == PW_OK && (rc = pw_lab_begin(lab, err)) == PW_OK) {
		im.subjects = pw_arena_array(&arena, PER_FACT, sizeof(*im.subjects));
		im.links = pw_arena_array(&arena, PER_FACT, sizeof(*im.links));
		rc = import_rows(&im, &roster, bytes, n, base_name(name), err);
		rc = pw_lab_end(lab, rc, err);
	}
	if (rc == PW_OK)
		*out = outcome;
	pw_vec_clear(&im.linked);
	pw_report_clear(&own);
	pw_arena_clear(&arena);
	return rc;
}
