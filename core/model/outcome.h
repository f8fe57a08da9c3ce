/*
 * What a call means for a tube and the people in it: the rule that decides between an answer, another
 * attempt and a new swab. Pure; the only place where it stands.
 *
 * A tube with one swab (a single) can give its person an answer. A tube with several swabs (a collected
 * pool) can give all of them one answer, negative; anything else is worked back to the people by
 * swabbing each of them again, singly, because swabs in one tube can't be told apart any more.
 */
#ifndef PW_MODEL_OUTCOME_H
#define PW_MODEL_OUTCOME_H

#include <stdbool.h>

#include "core/model/call.h"
#include "core/model/profile.h"

typedef struct pw_outcome_in {
	pw_call call;
	pw_next next;     /* what the assay asks for */
	int swabs;        /* in the tube */
	int attempts;     /* judged attempts of the tube, this one included */
	int max_attempts; /* of the assay */
	int reswabs;      /* how often the person of a single was swabbed again for this result */
} pw_outcome_in;

typedef enum pw_step {
	PW_STEP_DECIDE, /* the members have their answer: `status` */
	PW_STEP_RETEST, /* the tube goes again: `next` is repeat-pcr or re-extract */
	PW_STEP_RECALL, /* the members are swabbed again, singly */
} pw_step;

typedef struct pw_outcome {
	pw_step step;
	const char *status; /* DECIDE: "positive", "negative", "inconclusive" */
	pw_next next;       /* RETEST */
	bool isolate;       /* RECALL, or a positive person: kept apart until the answer */
	bool notify;        /* RECALL: told at once; else the pool is not reported */
	const char *why;    /* static, for people: "the pool is positive" */
} pw_outcome;

pw_outcome pw_outcome_of(const pw_profile *profile, const pw_outcome_in *in);

/* A tube that will not be tested (rejected, lost): its people are swabbed again. */
pw_outcome pw_outcome_of_loss(void);

#endif
