#include "core/model/pool_rule.h"

#include <math.h>
#include <string.h>

#include "core/base/str.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static const char *const confirm_names[] = {"singles", "all", "none"};
static const char *const next_names[] = {"rounds", "tests", "recollect"};
static const char *const verdict_names[] = {"negative", "positive", "to-confirm", "undecided",
					    "given-up"};
static const char *const must_test_names[] = {"alone", "pooled"};

const char *pw_pool_confirm_name(pw_pool_confirm confirm)
{
	return confirm_names[confirm];
}

const char *pw_pool_next_name(pw_pool_next next)
{
	return next_names[next];
}

const char *pw_pool_verdict_name(pw_pool_verdict verdict)
{
	return verdict_names[verdict];
}

static int find(const char *const *names, int count, const char *text)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], text) == 0)
			return i;
	return -1;
}

bool pw_pool_next_parse(const char *text, pw_pool_next *out)
{
	int i = find(next_names, COUNT(next_names), text);
	if (i >= 0)
		*out = (pw_pool_next)i;
	return i >= 0;
}

/* ---------------------------------------------------------------- reading */

/* One of the words, or the value that is there when the key is not. */
static pw_status read_word(const pw_yaml_node *map, const char *key, const char *const *names,
			   int count, int *value, pw_err *err)
{
	const char *text = NULL;
	pw_str words = PW_STR_INIT;
	char shown[PW_YAML_SHOW];
	pw_status rc = pw_yaml_opt_text(map, key, &text, err);
	if (rc != PW_OK || text == NULL)
		return rc;
	int i = find(names, count, text);
	if (i >= 0) {
		*value = i;
		return PW_OK;
	}
	for (int k = 0; k < count; k++)
		pw_str_addf(&words, "%s%s", k == 0 ? "" : k + 1 < count ? ", " : " and ", names[k]);
	rc = pw_yaml_fail(pw_yaml_find(map, key), err, "%s is no '%s': there are %s",
			  pw_yaml_show(pw_yaml_find(map, key), shown), key, pw_str_text(&words));
	pw_str_clear(&words);
	return rc;
}

/* A number from min to max. */
static pw_status read_chance(const pw_yaml_node *map, const char *key, double min, double max,
			     double *value, pw_err *err)
{
	const char *text = NULL;
	char shown[PW_YAML_SHOW];
	double number = 0;
	pw_status rc = pw_yaml_opt_text(map, key, &text, err);
	if (rc != PW_OK || text == NULL)
		return rc;
	if (!pw_parse_real(text, &number) || !(number >= min && number <= max))
		return pw_yaml_fail(pw_yaml_find(map, key), err,
				    "'%s' must be a number from %g to %g, not %s", key, min, max,
				    pw_yaml_show(pw_yaml_find(map, key), shown));
	*value = number;
	return PW_OK;
}

static pw_status read_count(const pw_yaml_node *map, const char *key, int min, int max, int *value,
			    pw_err *err)
{
	int64_t number = *value;
	pw_status rc = pw_yaml_opt_int(map, key, min, max, &number, err);
	*value = (int)number;
	return rc;
}

/* What each number may be stands above; what they must be to each other, here. */
static pw_status check(const pw_yaml_node *map, const pw_pool_rule *r, pw_err *err)
{
	double smallest = r->sensitivity / (r->dilution * (r->max_pool - 1) + 1);
	if (!(smallest > 1 - r->specificity))
		return pw_yaml_fail(
			map, err,
			"a pool of %d with one positive tube would read positive in %.3g of "
			"cases, and without any in %.3g: such a pool tells nothing",
			r->max_pool, smallest, 1 - r->specificity);
	if (r->grey_positive < r->grey_negative || (r->grey_negative <= 0 && r->grey_positive > 0))
		return pw_yaml_fail(
			map, err,
			"a pool with a positive is inconclusive in %g of cases, and without "
			"any in %g: the first can't be the smaller, nor the second nothing",
			r->grey_positive, r->grey_negative);
	if (!(r->prevalence < r->confidence))
		return pw_yaml_fail(map, err,
				    "a prevalence of %g is above the confidence of %g: everybody "
				    "would be positive before any test",
				    r->prevalence, r->confidence);
	return PW_OK;
}

pw_status pw_pool_rule_read(const pw_yaml_node *profile, pw_pool_rule *rule, pw_err *err)
{
	static const char *const keys[] = {
		"max_pool",    "must_test", "prevalence",    "sensitivity",
		"specificity", "dilution",  "grey_positive", "grey_negative",
		"confidence",  "confirm",   "own_wells",     "next",
		NULL};
	const pw_yaml_node *map = pw_yaml_find(profile, "laboratory_pools");
	pw_pool_rule r = *rule;
	int must_test = r.pool_must_test ? 1 : 0, confirm = (int)r.confirm, next = (int)r.next;
	pw_status rc;
	if (map == NULL)
		return PW_OK;
	if ((rc = pw_yaml_get_map(profile, "laboratory_pools", &map, err)) != PW_OK ||
	    (rc = pw_yaml_only(map, keys, err)) != PW_OK ||
	    (rc = read_count(map, "max_pool", 2, 1000, &r.max_pool, err)) != PW_OK ||
	    (rc = read_word(map, "must_test", must_test_names, COUNT(must_test_names), &must_test,
			    err)) != PW_OK ||
	    (rc = read_chance(map, "prevalence", 1e-6, 0.5, &r.prevalence, err)) != PW_OK ||
	    (rc = read_chance(map, "sensitivity", 0.5, 1, &r.sensitivity, err)) != PW_OK ||
	    (rc = read_chance(map, "specificity", 0.5, 1, &r.specificity, err)) != PW_OK ||
	    (rc = read_chance(map, "dilution", 0, 1, &r.dilution, err)) != PW_OK ||
	    (rc = read_chance(map, "grey_positive", 0, 1, &r.grey_positive, err)) != PW_OK ||
	    (rc = read_chance(map, "grey_negative", 0, 1, &r.grey_negative, err)) != PW_OK ||
	    (rc = read_chance(map, "confidence", 0.9, 0.999999, &r.confidence, err)) != PW_OK ||
	    (rc = read_word(map, "confirm", confirm_names, COUNT(confirm_names), &confirm, err)) !=
		    PW_OK ||
	    (rc = read_count(map, "own_wells", 1, 5, &r.own_wells, err)) != PW_OK ||
	    (rc = read_word(map, "next", next_names, COUNT(next_names), &next, err)) != PW_OK)
		return rc;
	r.pool_must_test = must_test == 1;
	r.confirm = (pw_pool_confirm)confirm;
	r.next = (pw_pool_next)next;
	if ((rc = check(map, &r, err)) == PW_OK)
		*rule = r;
	return rc;
}

/* ---------------------------------------------------------------- deciding */

double pw_pool_rule_prior(double prevalence, int swabs)
{
	return -expm1(swabs * log1p(-prevalence));
}

double pw_pool_rule_alone(const pw_pool_rule *rule, double prior, int own_negatives)
{
	double missed = prior * pow(1 - rule->sensitivity, own_negatives);
	double right = (1 - prior) * pow(rule->specificity, own_negatives);
	return missed + right > 0 ? missed / (missed + right) : 1;
}

static bool must_confirm(const pw_pool_rule *rule, const pw_pool_evidence *e)
{
	if (e->own_positives > 0)
		return false;
	return rule->confirm == PW_CONFIRM_ALL ||
	       (rule->confirm == PW_CONFIRM_SINGLES && e->swabs == 1);
}

pw_pool_verdict pw_pool_rule_decide(const pw_pool_rule *rule, const pw_pool_evidence *e)
{
	bool negative = e->posterior + e->error <= 1 - rule->confidence;
	bool positive = e->posterior - e->error >= rule->confidence;
	/* Its own well is enough of an answer, and what the search has seen of its pools is not against it. */
	bool alone = e->own_negatives > 0 && fmax(e->posterior, e->alone) <= 1 - rule->confidence;
	if (alone)
		return PW_POOL_VERDICT_NEGATIVE;
	if (negative && e->negatives > 0)
		return PW_POOL_VERDICT_NEGATIVE;
	if (positive && !must_confirm(rule, e))
		return PW_POOL_VERDICT_POSITIVE;
	if (e->own_negatives >= rule->own_wells)
		return PW_POOL_VERDICT_GIVE_UP;
	return positive ? PW_POOL_VERDICT_CONFIRM : PW_POOL_VERDICT_UNDECIDED;
}
