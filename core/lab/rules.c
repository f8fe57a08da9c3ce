#include "core/lab/internal.h"

#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/model/shipped.h"

/* ---------------------------------------------------------------- shipped */

static const pw_embedded *shipped_of(const char *kind)
{
	if (strcmp(kind, "assay") == 0)
		return pw_shipped_assays;
	return strcmp(kind, "layout") == 0 ? pw_shipped_layouts : pw_shipped_profiles;
}

static pw_status find_shipped(const char *kind, const char *name, const void **bytes, size_t *n,
			      pw_err *err)
{
	char file[80];
	pw_str names = PW_STR_INIT;
	snprintf(file, sizeof(file), "%s.yaml", name);
	for (const pw_embedded *e = shipped_of(kind); e->name != NULL; e++) {
		if (strcmp(e->name, file) == 0) {
			*bytes = e->bytes;
			*n = e->size;
			pw_str_clear(&names);
			return PW_OK;
		}
		pw_str_addf(&names, "%s%.*s", names.len > 0 ? ", " : "", (int)strcspn(e->name, "."),
			    e->name);
	}
	pw_status rc = pw_fail(err, PW_ERR_NOT_FOUND,
			       "no %s '%s' comes with the program: there are %s; or give a file",
			       kind, name, pw_str_text(&names));
	pw_str_clear(&names);
	return rc;
}

/* ---------------------------------------------------------------- put in force */

/* What a rule file says of itself, once it is parsed and checked. */
typedef struct checked {
	char name[64];
	int version;
} checked;

static pw_status check_assay(const void *bytes, size_t n, const char *file, checked *out,
			     pw_report *report, pw_err *err)
{
	pw_assay *assay = NULL;
	pw_report own = PW_REPORT_INIT;
	if (report == NULL)
		report = &own;
	pw_status rc = pw_assay_parse(bytes, n, file, &assay, err);
	if (rc == PW_OK) {
		pw_assay_lint(assay, report);
		if (report->errors > 0)
			rc = pw_refuse(
				err, "assay-incomplete",
				"assay '%s' has a hole or an overlap: mend the table and try again",
				pw_assay_name(assay));
		snprintf(out->name, sizeof(out->name), "%s", pw_assay_name(assay));
		out->version = pw_assay_version(assay);
	}
	pw_assay_free(assay);
	pw_report_clear(&own);
	return rc;
}

static pw_status check_rule(const char *kind, const void *bytes, size_t n, const char *file,
			    checked *out, pw_report *report, pw_err *err)
{
	if (strcmp(kind, "assay") == 0)
		return check_assay(bytes, n, file, out, report, err);
	pw_layout *layout = NULL;
	pw_profile *profile = NULL;
	pw_status rc;
	if (strcmp(kind, "layout") == 0) {
		rc = pw_layout_parse(bytes, n, file, &layout, err);
		if (rc == PW_OK) {
			snprintf(out->name, sizeof(out->name), "%s", layout->name);
			out->version = layout->version;
		}
	} else {
		rc = pw_profile_parse(bytes, n, file, &profile, err);
		if (rc == PW_OK) {
			snprintf(out->name, sizeof(out->name), "%s", profile->name);
			out->version = profile->version;
		}
	}
	pw_layout_free(layout);
	pw_profile_free(profile);
	return rc;
}

pw_status pw_lab_append_rule(pw_lab *lab, const char *kind, const char *name, int version,
			     const void *bytes, size_t n, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_rule_find_row row;
	pw_hash hash;
	char hex[PW_HASH_HEX];
	bool found, known;
	pw_status rc = pw_store_attach(lab->store, bytes, n, &hash, &known, err);
	pw_hash_hex(&hash, hex);
	if (rc == PW_OK)
		rc = pw_q_rule_find(lab->store, &arena, kind, name, version, &row, &found, err);
	bool other = rc == PW_OK && found && strcmp(row.hash, hex) != 0;
	if (other && strcmp(kind, "label") != 0)
		rc = pw_fail(err, PW_ERR_EXISTS,
			     "version %d of %s '%s' is in force with other content: give the new "
			     "content a new version",
			     version, kind, name);
	pw_rule_enforced fact = {.kind = kind, .name = name, .version = version, .hash = hex};
	if (rc == PW_OK && (!found || other || row.in_force == 0))
		rc = pw_rule_enforced_append(lab->store, &fact, err);
	pw_arena_clear(&arena);
	return rc;
}

pw_status pw_lab_enforce(pw_lab *lab, const char *kind, const char *name, const void *bytes,
			 size_t n, pw_report *report, pw_err *err)
{
	checked rule = {.version = 0};
	pw_status rc = PW_OK;
	if (bytes == NULL)
		rc = find_shipped(kind, name, &bytes, &n, err);
	if (rc == PW_OK)
		rc = check_rule(kind, bytes, n, name, &rule, report, err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = pw_lab_append_rule(lab, kind, rule.name, rule.version, bytes, n, err);
	rc = pw_lab_end(lab, rc, err);
	if (rc == PW_OK && strcmp(kind, "profile") == 0)
		rc = pw_lab_load_profile(lab, err);
	return rc;
}

/* ---------------------------------------------------------------- load */

static pw_status load(pw_lab *lab, const char *kind, const char *hash, pw_loaded_rule **out,
		      pw_err *err)
{
	for (pw_loaded_rule *r = lab->rules; r != NULL; r = r->next)
		if (strcmp(r->hash, hash) == 0) {
			*out = r;
			return PW_OK;
		}
	pw_arena arena = PW_ARENA_INIT;
	const void *bytes = NULL;
	size_t n = 0;
	pw_loaded_rule *rule = pw_alloc(sizeof(*rule));
	snprintf(rule->hash, sizeof(rule->hash), "%s", hash);
	pw_status rc = pw_store_attached(lab->store, &arena, hash, &bytes, &n, err);
	if (rc == PW_OK && strcmp(kind, "assay") == 0)
		rc = pw_assay_parse(bytes, n, "assay", &rule->assay, err);
	else if (rc == PW_OK && strcmp(kind, "layout") == 0)
		rc = pw_layout_parse(bytes, n, "layout", &rule->layout, err);
	else if (rc == PW_OK)
		rc = pw_profile_parse(bytes, n, "profile", &rule->profile, err);
	pw_arena_clear(&arena);
	if (rc != PW_OK) {
		pw_free(rule);
		return rc;
	}
	rule->next = lab->rules;
	lab->rules = rule;
	*out = rule;
	return PW_OK;
}

static pw_status load_in_force(pw_lab *lab, const char *kind, const char *name,
			       pw_loaded_rule **out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_rule_in_force_row row;
	bool found;
	pw_status rc = pw_q_rule_in_force(lab->store, &arena, kind, name, &row, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(
			err, PW_ERR_NOT_FOUND,
			"no %s '%s' is in force: 'poolwell rule list' shows which are, 'poolwell "
			"rule enforce %s NAME' puts one in force",
			kind, name, kind);
	if (rc == PW_OK)
		rc = load(lab, kind, row.hash, out, err);
	pw_arena_clear(&arena);
	return rc;
}

pw_status pw_lab_load_profile(pw_lab *lab, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_rules_row *rows;
	size_t count;
	pw_loaded_rule *rule = NULL;
	pw_status rc = pw_q_rules(lab->store, &arena, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && rule == NULL && i < count; i++)
		if (strcmp(rows[i].kind, "profile") == 0 && rows[i].in_force == 1)
			rc = load(lab, "profile", rows[i].hash, &rule, err);
	if (rc == PW_OK && rule == NULL)
		rc = pw_fail(err, PW_ERR_CORRUPT,
			     "no reporting policy is in force: restore a copy of the laboratory");
	if (rc == PW_OK)
		lab->profile = rule->profile;
	pw_arena_clear(&arena);
	return rc;
}

pw_status pw_lab_assay(pw_lab *lab, const char *name, const pw_assay **out, pw_err *err)
{
	pw_loaded_rule *rule;
	pw_status rc = load_in_force(lab, "assay", name, &rule, err);
	if (rc == PW_OK)
		*out = rule->assay;
	return rc;
}

pw_status pw_lab_assay_of(pw_lab *lab, const char *hash, const pw_assay **out, pw_err *err)
{
	pw_loaded_rule *rule;
	pw_status rc = load(lab, "assay", hash, &rule, err);
	if (rc == PW_OK)
		*out = rule->assay;
	return rc;
}

pw_status pw_lab_layout(pw_lab *lab, const char *name, const pw_layout **out, pw_err *err)
{
	pw_loaded_rule *rule;
	pw_status rc = load_in_force(lab, "layout", name, &rule, err);
	if (rc == PW_OK)
		*out = rule->layout;
	return rc;
}

pw_status pw_lab_layout_of(pw_lab *lab, const char *hash, const pw_layout **out, pw_err *err)
{
	pw_loaded_rule *rule;
	pw_status rc = load(lab, "layout", hash, &rule, err);
	if (rc == PW_OK)
		*out = rule->layout;
	return rc;
}
