#include "core/lab/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/ident.h"
#include "core/model/roster.h"

void pw_lab_subject_code(const pw_lab *lab, int64_t subject, char out[24])
{
	if (!pw_ident_make(lab->issuer, PW_KIND_SUBJECT, subject, out))
		snprintf(out, 24, "%lld", (long long)subject);
}

static pw_status find_by_code(pw_lab *lab, pw_arena *arena, const pw_ident *ident, const char *text,
			      int64_t *out, pw_err *err)
{
	pw_subject_find_row row;
	bool found;
	if (ident->kind != PW_KIND_SUBJECT)
		return pw_refuse(err, "not-a-subject",
				 "'%s' is a code of a %s: scan the person's card", text,
				 pw_ident_kind_name(ident->kind));
	pw_status rc = pw_q_subject_find(lab->store, arena, ident->serial, &row, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_refuse(err, "subject-unknown",
			       "'%s' is well formed, and nobody here has it: is it of another "
			       "laboratory?",
			       text);
	if (rc == PW_OK)
		*out = row.subject;
	return rc;
}

/* "ROSTER:LINE" */
static pw_status find_by_line(pw_lab *lab, pw_arena *arena, const char *text, int64_t *out,
			      pw_err *err)
{
	const char *colon = strrchr(text, ':');
	int64_t line = 0;
	pw_document_by_prefix_row *rows;
	pw_subject_by_line_row row;
	size_t count;
	bool found;
	if (colon == NULL || !pw_parse_int(colon + 1, &line))
		return PW_ERR_NOT_FOUND;
	char *name = pw_arena_strndup(arena, text, (size_t)(colon - text));
	pw_status rc =
		pw_q_document_by_prefix(lab->store, arena, "roster", name, &rows, &count, err);
	if (rc == PW_OK && count == 0)
		return PW_ERR_NOT_FOUND;
	if (rc == PW_OK && count > 1)
		return pw_refuse(
			err, "roster-ambiguous",
			"%zu rosters are called '%s': give the beginning of the hash, '%.8s:%lld'",
			count, name, rows[0].hash, (long long)line);
	if (rc == PW_OK)
		rc = pw_q_subject_by_line(lab->store, arena, rows[0].hash, line, &row, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_refuse(
			err, "subject-unknown",
			"roster '%s' has nobody in line %lld: look at the file, the header is "
			"line 1",
			name, (long long)line);
	if (rc == PW_OK)
		*out = row.subject;
	return rc;
}

#define NATIONAL_ID_SIZE 64

/* As rosters keep it: upper case, without spaces, and a Chinese number without hyphens. */
static void national_id_of(const char *text, char out[NATIONAL_ID_SIZE])
{
	char bare[NATIONAL_ID_SIZE];
	size_t n = 0, m = 0;
	for (; *text != '\0'; text++) {
		char c = (char)(*text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text);
		if (c != ' ')
			out[n++] = c;
		if (c != ' ' && c != '-')
			bare[m++] = c;
	}
	out[n] = bare[m] = '\0';
	if (pw_national_id_cn_form(bare))
		memcpy(out, bare, m + 1);
}

static pw_status find_by_id(pw_lab *lab, pw_arena *arena, const char *text, int64_t *out,
			    pw_err *err)
{
	pw_subject_by_external_id_row external;
	pw_subject_by_national_id_row national;
	char national_id[NATIONAL_ID_SIZE];
	bool found;
	pw_status rc = pw_q_subject_by_external_id(lab->store, arena, text, &external, &found, err);
	if (rc == PW_OK && found) {
		*out = external.subject;
		return PW_OK;
	}
	if (rc != PW_OK || strlen(text) >= NATIONAL_ID_SIZE)
		return rc != PW_OK ? rc : PW_ERR_NOT_FOUND;
	national_id_of(text, national_id);
	rc = pw_q_subject_by_national_id(lab->store, arena, national_id, &national, &found, err);
	if (rc == PW_OK && !found)
		return PW_ERR_NOT_FOUND;
	if (rc == PW_OK)
		*out = national.subject;
	return rc;
}

pw_status pw_lab_find_subject(pw_lab *lab, const char *text, int64_t *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_scan scan;
	pw_ident ident;
	pw_err wrong = PW_ERR_INIT;
	pw_status rc = pw_scan_parse(text, &scan, err);
	if (rc != PW_OK)
		return rc;
	rc = find_by_id(lab, &arena, scan.value, out, err);
	if (rc == PW_ERR_NOT_FOUND)
		rc = find_by_line(lab, &arena, scan.value, out, err);
	if (rc != PW_ERR_NOT_FOUND)
		goto done;
	/* Last, as a foreign number may look like one of ours with a wrong check character. */
	rc = pw_ident_parse(scan.value, &ident, &wrong);
	bool ours = rc == PW_OK && strcmp(ident.issuer, lab->issuer) == 0;
	if (ours)
		rc = find_by_code(lab, &arena, &ident, scan.value, out, err);
	else if (rc == PW_ERR_REFUSED && pw_text_starts(scan.value, lab->issuer))
		rc = pw_refuse(err, "check-character", "%s", wrong.msg);
	else
		rc = pw_refuse(err, "subject-unknown",
			       "'%s' is on no roster: register the person, or scan again",
			       scan.value);
done:
	pw_arena_clear(&arena);
	return rc;
}
