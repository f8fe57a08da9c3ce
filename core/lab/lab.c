#include "core/lab/internal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/model/ident.h"
#include "core/model/shipped.h"

/* ---------------------------------------------------------------- begin */

static pw_status check_setup(const pw_lab_setup *setup, pw_err *err)
{
	if (setup->name == NULL || setup->name[0] == '\0')
		return pw_fail(err, PW_ERR_ARG, "a laboratory needs a name: give --name TEXT");
	if (!pw_ident_issuer_valid(setup->issuer))
		return pw_fail(
			err, PW_ERR_ARG,
			"'%s' can't be an issuer: 2 to 4 capital letters or digits, like SZ26",
			setup->issuer);
	if (setup->operator_count == 0)
		return pw_fail(err, PW_ERR_ARG,
			       "a laboratory needs somebody who works in it: give --operator ID");
	return PW_OK;
}

static pw_status first_facts(pw_lab *lab, const pw_lab_setup *setup, pw_err *err)
{
	pw_lab_created created = {.name = setup->name, .issuer = setup->issuer};
	pw_status rc = pw_lab_created_append(lab->store, &created, err);
	for (size_t i = 0; rc == PW_OK && i < setup->operator_count; i++)
		rc = pw_lab_add_operator(lab, setup->operators[i].id, setup->operators[i].name,
					 err);
	for (size_t i = 0; rc == PW_OK && i < setup->site_count; i++)
		rc = pw_lab_add_site(lab, setup->sites[i].id, setup->sites[i].name, err);
	if (rc == PW_OK)
		rc = pw_lab_enforce(lab, "profile", setup->profile, NULL, 0, NULL, err);
	for (const pw_embedded *e = pw_shipped_layouts; rc == PW_OK && e->name != NULL; e++) {
		char name[64];
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(e->name, "."), e->name);
		rc = pw_lab_enforce(lab, "layout", name, NULL, 0, NULL, err);
	}
	for (size_t i = 0; rc == PW_OK && i < setup->assay_count; i++)
		rc = pw_lab_enforce(lab, "assay", setup->assays[i], NULL, 0, NULL, err);
	return rc;
}

static void remove_database(const char *path)
{
	char side[4096];
	unlink(path);
	snprintf(side, sizeof(side), "%s-wal", path);
	unlink(side);
	snprintf(side, sizeof(side), "%s-shm", path);
	unlink(side);
}

pw_status pw_lab_init(const char *path, const pw_lab_setup *setup, pw_lab **out, pw_err *err)
{
	pw_status rc = check_setup(setup, err);
	if (rc != PW_OK)
		return rc;
	pw_store *store = NULL;
	if ((rc = pw_store_create(path, &store, err)) != PW_OK)
		return rc;
	pw_lab *lab = pw_alloc(sizeof(*lab));
	lab->store = store;
	lab->clock = setup->clock;
	lab->operator_id = pw_strdup(setup->operators[0].id);
	lab->station = pw_strdup(setup->station);
	pw_store_session(store, lab->operator_id, lab->station, &lab->clock);
	rc = pw_lab_begin(lab, err);
	if (rc == PW_OK)
		rc = pw_lab_end(lab, first_facts(lab, setup, err), err);
	pw_lab_close(lab);
	if (rc == PW_OK)
		rc = pw_lab_open(path, out, err);
	if (rc == PW_OK)
		return pw_lab_session(*out, setup->operators[0].id, setup->station, &setup->clock,
				      NULL, err);
	remove_database(path);
	return rc;
}

/* ---------------------------------------------------------------- open */

static pw_status load(pw_lab *lab, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_laboratory_row row;
	bool found;
	pw_status rc = pw_q_laboratory(lab->store, &arena, &row, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_CORRUPT, "'%s' has no laboratory in it: restore a copy",
			     pw_store_path(lab->store));
	if (rc == PW_OK) {
		lab->name = pw_strdup(row.name);
		lab->issuer = pw_strdup(row.issuer);
	}
	pw_arena_clear(&arena);
	return rc;
}

pw_status pw_lab_open(const char *path, pw_lab **out, pw_err *err)
{
	pw_store *store = NULL;
	pw_status rc = pw_store_open(path, &store, err);
	if (rc != PW_OK)
		return rc;
	pw_lab *lab = pw_alloc(sizeof(*lab));
	lab->store = store;
	lab->clock = pw_clock_system();
	rc = load(lab, err);
	if (rc == PW_OK)
		rc = pw_lab_load_profile(lab, err);
	if (rc != PW_OK) {
		pw_lab_close(lab);
		return rc;
	}
	*out = lab;
	return PW_OK;
}

void pw_lab_close(pw_lab *lab)
{
	if (lab == NULL)
		return;
	while (lab->rules != NULL) {
		pw_loaded_rule *rule = lab->rules;
		lab->rules = rule->next;
		pw_assay_free(rule->assay);
		pw_layout_free(rule->layout);
		pw_profile_free(rule->profile);
		pw_free(rule);
	}
	pw_store_close(lab->store);
	pw_free(lab->name);
	pw_free(lab->issuer);
	pw_free(lab->operator_id);
	pw_free(lab->station);
	pw_free(lab->reason);
	pw_free(lab);
}

/* ---------------------------------------------------------------- session */

static pw_status find_operator(pw_lab *lab, const char *id, char out[64], pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_operators_row *rows;
	size_t count;
	pw_str names = PW_STR_INIT;
	pw_status rc = pw_q_operators(lab->store, &arena, &rows, &count, err);
	if (rc != PW_OK)
		goto done;
	const char *found = NULL;
	for (size_t i = 0; i < count; i++) {
		if (id != NULL && strcmp(rows[i].operator, id) == 0)
			found = rows[i].operator;
		if (i < 12)
			pw_str_addf(&names, "%s%s", i > 0 ? ", " : "", rows[i].operator);
	}
	if (id == NULL && count == 1)
		found = rows[0].operator;
	if (found != NULL)
		snprintf(out, 64, "%s", found);
	else if (id == NULL)
		rc = pw_fail(err, PW_ERR_ARG,
			     "say who works: --as OPERATOR, or POOLWELL_OPERATOR; operators are %s",
			     pw_str_text(&names));
	else
		rc = pw_fail(
			err, PW_ERR_NOT_FOUND,
			"no operator '%s' works here: operators are %s; 'poolwell lab operator' adds "
			"one",
			id, pw_str_text(&names));
done:
	pw_str_clear(&names);
	pw_arena_clear(&arena);
	return rc;
}

static void set_text(char **field, const char *text)
{
	pw_free(*field);
	*field = text != NULL ? pw_strdup(text) : NULL;
}

pw_status pw_lab_session(pw_lab *lab, const char *operator_id, const char *station,
			 const pw_clock *clock, const char *reason, pw_err *err)
{
	char id[64];
	pw_status rc = find_operator(lab, operator_id, id, err);
	if (rc != PW_OK)
		return rc;
	set_text(&lab->operator_id, id);
	set_text(&lab->station, station);
	set_text(&lab->reason, reason != NULL && reason[0] != '\0' ? reason : NULL);
	lab->clock = *clock;
	pw_store_session(lab->store, id, station, clock);
	return PW_OK;
}

pw_store *pw_lab_store(pw_lab *lab)
{
	return lab->store;
}

const char *pw_lab_name(const pw_lab *lab)
{
	return lab->name;
}

const char *pw_lab_issuer(const pw_lab *lab)
{
	return lab->issuer;
}

const char *pw_lab_operator(const pw_lab *lab)
{
	return lab->operator_id;
}

const pw_profile *pw_lab_profile(const pw_lab *lab)
{
	return lab->profile;
}

pw_clock pw_lab_clock(const pw_lab *lab)
{
	return lab->clock;
}

pw_status pw_lab_need_reason(const pw_lab *lab, const char *what, pw_err *err)
{
	if (lab->reason != NULL)
		return PW_OK;
	return pw_fail(err, PW_ERR_ARG, "%s needs a reason: give --reason TEXT", what);
}

/* ---------------------------------------------------------------- transactions */

pw_status pw_lab_begin(pw_lab *lab, pw_err *err)
{
	pw_status rc = pw_store_begin(lab->store, lab->reason, err);
	if (rc == PW_OK)
		lab->depth++;
	return rc;
}

pw_status pw_lab_end(pw_lab *lab, pw_status rc, pw_err *err)
{
	lab->depth--;
	return pw_store_end(lab->store, rc, err);
}

/* ---------------------------------------------------------------- people and places */

pw_status pw_lab_check_short_name(const char *id, const char *what, pw_err *err)
{
	size_t n = id != NULL ? strlen(id) : 0;
	if (n == 0 || n > 40 || strpbrk(id, " \t\r\n,;\"'") != NULL)
		return pw_fail(
			err, PW_ERR_ARG,
			"'%s' is no short name for %s: up to 40 characters, no spaces or commas",
			id != NULL ? id : "", what);
	return PW_OK;
}

pw_status pw_lab_add_operator(pw_lab *lab, const char *id, const char *name, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_operator_find_row row;
	bool found = false;
	pw_status rc = pw_lab_check_short_name(id, "an operator", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = pw_q_operator_find(lab->store, &arena, id, &row, &found, err);
	if (rc == PW_OK && found)
		rc = pw_fail(err, PW_ERR_EXISTS,
			     "operator '%s' is registered already, as %s: take another short name",
			     id, row.name);
	pw_operator_added fact = {.operator= id, .name = name != NULL ? name : id};
	if (rc == PW_OK)
		rc = pw_operator_added_append(lab->store, &fact, err);
	pw_arena_clear(&arena);
	return pw_lab_end(lab, rc, err);
}

pw_status pw_lab_add_site(pw_lab *lab, const char *site, const char *name, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_site_find_row row;
	bool found = false;
	pw_status rc = pw_lab_check_short_name(site, "a site", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = pw_q_site_find(lab->store, &arena, site, &row, &found, err);
	if (rc == PW_OK && found)
		rc = pw_fail(err, PW_ERR_EXISTS,
			     "site '%s' is registered already, as %s: take another short name",
			     site, row.name);
	pw_site_added fact = {.site = site, .name = name != NULL ? name : site};
	if (rc == PW_OK)
		rc = pw_site_added_append(lab->store, &fact, err);
	pw_arena_clear(&arena);
	return pw_lab_end(lab, rc, err);
}

pw_status pw_lab_accept_clock(pw_lab *lab, pw_err *err)
{
	pw_status rc = pw_lab_need_reason(lab, "accepting the clock", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	pw_time before = pw_store_last_at(lab->store), now = pw_clock_now(&lab->clock);
	if (now >= before)
		rc = pw_refuse(
			err, "clock-right",
			"this computer's clock is not behind the journal: there is nothing to "
			"accept");
	pw_store_accept_clock(lab->store);
	if (rc == PW_OK)
		rc = pw_store_now(lab->store, &now, err);
	pw_clock_accepted fact = {.before = before, .now = now};
	if (rc == PW_OK)
		rc = pw_clock_accepted_append(lab->store, &fact, err);
	return pw_lab_end(lab, rc, err);
}
