/*
 * A reporting policy: what follows from a pool's call and from a person's, who is told what meanwhile,
 * and when somebody is overdue. Countries do the opposite of each other here, so it is data: YAML
 * (docs/reference/profiles.md, with the sources), versioned, recorded by hash when it is put in force.
 */
#ifndef PW_MODEL_PROFILE_H
#define PW_MODEL_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/hash.h"
#include "core/model/pool_rule.h"
#include "core/model/roster.h"

/* What becomes of the members of a collected pool that did not come out negative. A positive pool is
 * always recalled: its members are swabbed again, singly. */
typedef enum pw_pool_action {
	PW_POOL_RECALL,   /* recall the members at once */
	PW_POOL_BY_ASSAY, /* do what the assay asks for next; recall when its attempts are used up */
} pw_pool_action;

const char *pw_pool_action_name(pw_pool_action action); /* "recall", "by-assay" */
bool pw_pool_action_parse(const char *text, pw_pool_action *out);

/* Which codes with the laboratory's own issuer a tube or plate may begin with. */
typedef enum pw_own_labels {
	PW_OWN_LABELS_ANY,     /* any: labels may come from elsewhere */
	PW_OWN_LABELS_RESERVED /* those whose number was reserved here */
} pw_own_labels;

/* Read only once it is parsed; many threads may read it. */
typedef struct pw_profile {
	char name[32];
	char title[128]; /* or "" */
	int version;
	pw_hash hash; /* of the bytes it was read from */

	bool pool_positive_notify;  /* tell the authority of a positive pool at once */
	bool pool_positive_isolate; /* its members are isolated until each has an answer */
	pw_pool_action pool_inconclusive;
	pw_pool_action pool_invalid;
	char pool_negative_statement[256];  /* printed with the result of a pool's member, or "" */
	char member_status_while_open[128]; /* what a member of an open pool is told */

	bool person_positive_isolate;
	int max_reswabs; /* after so many without an answer the person's result is inconclusive */

	int64_t overdue_hours[PW_GROUP_COUNT]; /* from the swab to the result, by group */

	pw_own_labels own_labels; /* ANY when it is not written down */
	pw_pool_rule pools;       /* of the laboratory's own pools */
} pw_profile;

/*
 * Reads and checks one profile; `name` stands in front of messages. PW_ERR_FORMAT with line and column:
 * a key is missing or not known, a word is not one, a number is out of range. Nothing of a policy has a
 * default but the overdue hours of single groups, own_labels, and what it says of
 * laboratory pools (pool_rule.h). On success *out belongs to the caller; free with
 * pw_profile_free.
 */
PW_NODISCARD pw_status pw_profile_parse(const void *bytes, size_t n, const char *name,
					pw_profile **out, pw_err *err);
void pw_profile_free(pw_profile *profile);

#endif
