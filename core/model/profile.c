#include "core/model/profile.h"

#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/model/rule_file.h"

#define MAX_HOURS ((int64_t)24 * 30)

static const char *const action_names[] = {"recall", "by-assay"};

const char *pw_pool_action_name(pw_pool_action action)
{
	return action_names[action];
}

bool pw_pool_action_parse(const char *text, pw_pool_action *out)
{
	for (int i = 0; i < 2; i++) {
		if (strcmp(text, action_names[i]) == 0) {
			*out = (pw_pool_action)i;
			return true;
		}
	}
	return false;
}

/* A policy is never left to a default: what is not written down was not decided. */
static pw_status must_bool(const pw_yaml_node *map, const char *key, bool *out, pw_err *err)
{
	const char *text = NULL;
	pw_status rc = pw_yaml_get_text(map, key, &text, err);
	return rc != PW_OK ? rc : pw_yaml_opt_bool(map, key, out, err);
}

static pw_status read_action(const pw_yaml_node *map, const char *key, pw_pool_action *out,
			     pw_err *err)
{
	char shown[PW_YAML_SHOW];
	const char *text = NULL;
	pw_status rc = pw_yaml_get_text(map, key, &text, err);
	if (rc != PW_OK)
		return rc;
	if (!pw_pool_action_parse(text, out))
		return pw_yaml_fail(pw_yaml_find(map, key), err,
				    "%s is not an action: there are recall and by-assay",
				    pw_yaml_show(pw_yaml_find(map, key), shown));
	return PW_OK;
}

/* A text that must be there but may be empty (""). */
static pw_status read_statement(const pw_yaml_node *map, const char *key, char *out, size_t size,
				pw_err *err)
{
	const char *text = NULL;
	pw_status rc = pw_yaml_get_text(map, key, &text, err);
	if (rc != PW_OK)
		return rc;
	if (text[0] != '\0' &&
	    (rc = pw_rule_word(pw_yaml_find(map, key), "a statement", size, &text, err)) != PW_OK)
		return rc;
	snprintf(out, size, "%s", text);
	return PW_OK;
}

static pw_status read_pool(const pw_yaml_node *root, pw_profile *p, pw_err *err)
{
	static const char *const keys[] = {"positive_notify",
					   "positive_isolate",
					   "inconclusive",
					   "invalid",
					   "negative_says",
					   "open_says",
					   NULL};
	const pw_yaml_node *pool = NULL;
	pw_status rc;
	if ((rc = pw_yaml_get_map(root, "pool", &pool, err)) != PW_OK ||
	    (rc = pw_yaml_only(pool, keys, err)) != PW_OK ||
	    (rc = must_bool(pool, "positive_notify", &p->pool_positive_notify, err)) != PW_OK ||
	    (rc = must_bool(pool, "positive_isolate", &p->pool_positive_isolate, err)) != PW_OK ||
	    (rc = read_action(pool, "inconclusive", &p->pool_inconclusive, err)) != PW_OK ||
	    (rc = read_action(pool, "invalid", &p->pool_invalid, err)) != PW_OK ||
	    (rc = read_statement(pool, "negative_says", p->pool_negative_statement,
				 sizeof(p->pool_negative_statement), err)) != PW_OK)
		return rc;
	return read_statement(pool, "open_says", p->member_status_while_open,
			      sizeof(p->member_status_while_open), err);
}

static pw_status read_person(const pw_yaml_node *root, pw_profile *p, pw_err *err)
{
	static const char *const keys[] = {"positive_isolate", "max_reswabs", NULL};
	const pw_yaml_node *person = NULL;
	int64_t max = 0;
	pw_status rc;
	if ((rc = pw_yaml_get_map(root, "person", &person, err)) != PW_OK ||
	    (rc = pw_yaml_only(person, keys, err)) != PW_OK ||
	    (rc = must_bool(person, "positive_isolate", &p->person_positive_isolate, err)) !=
		    PW_OK ||
	    (rc = pw_yaml_get_int(person, "max_reswabs", 1, 20, &max, err)) != PW_OK)
		return rc;
	p->max_reswabs = (int)max;
	return PW_OK;
}

/* `others` for all groups, then the groups that are named. */
static pw_status read_hours(const pw_yaml_node *root, pw_profile *p, pw_err *err)
{
	const char *keys[PW_GROUP_COUNT + 2] = {"others"};
	const pw_yaml_node *hours = NULL;
	int64_t others = 0;
	for (int g = 0; g < PW_GROUP_COUNT; g++)
		keys[g + 1] = pw_group_name((pw_group)g);
	pw_status rc;
	if ((rc = pw_yaml_get_map(root, "overdue_hours", &hours, err)) != PW_OK ||
	    (rc = pw_yaml_only(hours, keys, err)) != PW_OK ||
	    (rc = pw_yaml_get_int(hours, "others", 1, MAX_HOURS, &others, err)) != PW_OK)
		return rc;
	for (int g = 0; g < PW_GROUP_COUNT && rc == PW_OK; g++) {
		p->overdue_hours[g] = others;
		rc = pw_yaml_opt_int(hours, keys[g + 1], 1, MAX_HOURS, &p->overdue_hours[g], err);
	}
	return rc;
}

static pw_status read_own_labels(const pw_yaml_node *root, pw_profile *p, pw_err *err)
{
	char shown[PW_YAML_SHOW];
	const char *text = NULL;
	const pw_yaml_node *node = pw_yaml_find(root, "own_labels");
	pw_status rc = node != NULL ? pw_yaml_get_text(root, "own_labels", &text, err) : PW_OK;
	if (rc != PW_OK || node == NULL || strcmp(text, "any") == 0)
		return rc;
	if (strcmp(text, "reserved") != 0)
		return pw_yaml_fail(node, err,
				    "%s is not a rule for labels: there are any and reserved",
				    pw_yaml_show(node, shown));
	p->own_labels = PW_OWN_LABELS_RESERVED;
	return PW_OK;
}

static pw_status read_profile(const pw_yaml_node *root, pw_profile *p, pw_err *err)
{
	static const char *const keys[] = {
		"poolwell", "name",   "version",       "title",      "source",
		"pool",     "person", "overdue_hours", "own_labels", "laboratory_pools",
		NULL};
	pw_rule_head head;
	pw_status rc;
	if ((rc = pw_rule_head_read(root, "profile", &head, err)) != PW_OK ||
	    (rc = pw_yaml_only(root, keys, err)) != PW_OK ||
	    (rc = read_pool(root, p, err)) != PW_OK || (rc = read_person(root, p, err)) != PW_OK ||
	    (rc = read_hours(root, p, err)) != PW_OK ||
	    (rc = read_own_labels(root, p, err)) != PW_OK ||
	    (rc = pw_pool_rule_read(root, &p->pools, err)) != PW_OK)
		return rc;
	snprintf(p->name, sizeof(p->name), "%s", head.name);
	snprintf(p->title, sizeof(p->title), "%s", head.title);
	p->version = head.version;
	return PW_OK;
}

pw_status pw_profile_parse(const void *bytes, size_t n, const char *name, pw_profile **out,
			   pw_err *err)
{
	pw_yaml *yaml = NULL;
	pw_status rc = pw_yaml_parse(bytes, n, name, &yaml, err);
	if (rc != PW_OK)
		return rc;
	pw_profile *profile = pw_alloc(sizeof(*profile));
	profile->hash = pw_hash_bytes(bytes, n);
	profile->pools = (pw_pool_rule)PW_POOL_RULE_INIT;
	rc = read_profile(pw_yaml_root(yaml), profile, err);
	pw_yaml_free(yaml);
	if (rc != PW_OK) {
		pw_profile_free(profile);
		return rc;
	}
	*out = profile;
	return PW_OK;
}

void pw_profile_free(pw_profile *profile)
{
	pw_free(profile);
}
