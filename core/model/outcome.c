#include "core/model/outcome.h"

static pw_outcome decide(const char *status, bool isolate, const char *why)
{
	return (pw_outcome){PW_STEP_DECIDE, status, PW_NEXT_REPORT, isolate, false, why};
}

static pw_outcome retest(pw_next next, const char *why)
{
	return (pw_outcome){PW_STEP_RETEST, "", next, false, false, why};
}

static pw_outcome recall(bool isolate, bool notify, const char *why)
{
	return (pw_outcome){PW_STEP_RECALL, "", PW_NEXT_NEW_SPECIMEN, isolate, notify, why};
}

static bool may_go_again(const pw_outcome_in *in)
{
	return (in->next == PW_NEXT_REPEAT_PCR || in->next == PW_NEXT_RE_EXTRACT) &&
	       in->attempts < in->max_attempts;
}

static pw_outcome of_pool(const pw_profile *profile, const pw_outcome_in *in)
{
	bool isolate = profile->pool_positive_isolate, notify = profile->pool_positive_notify;
	switch (in->call) {
	case PW_CALL_NEGATIVE:
		return decide("negative", false, "the pool is negative");
	case PW_CALL_POSITIVE:
		return recall(isolate, notify, "the pool is positive");
	case PW_CALL_INCONCLUSIVE:
		if (profile->pool_inconclusive == PW_POOL_BY_ASSAY && may_go_again(in))
			return retest(in->next, "the pool is inconclusive");
		return recall(isolate, notify, "the pool is inconclusive");
	default:
		if (profile->pool_invalid == PW_POOL_BY_ASSAY && may_go_again(in))
			return retest(in->next, "the pool is invalid");
		return recall(false, false, "the pool gives no answer");
	}
}

static pw_outcome of_single(const pw_profile *profile, const pw_outcome_in *in)
{
	if (in->call == PW_CALL_POSITIVE)
		return decide("positive", profile->person_positive_isolate, "positive");
	if (in->call == PW_CALL_NEGATIVE)
		return decide("negative", false, "negative");
	bool grey = in->call == PW_CALL_INCONCLUSIVE;
	if (may_go_again(in))
		return retest(in->next, grey ? "inconclusive" : "invalid");
	if (grey && in->next == PW_NEXT_REPORT)
		return decide("inconclusive", false, "inconclusive again: the assay's last word");
	if (in->reswabs >= profile->max_reswabs)
		return decide("inconclusive", false, "no answer after the last swab allowed");
	return recall(false, false, grey ? "inconclusive again" : "invalid again");
}

pw_outcome pw_outcome_of(const pw_profile *profile, const pw_outcome_in *in)
{
	return in->swabs > 1 ? of_pool(profile, in) : of_single(profile, in);
}

pw_outcome pw_outcome_of_loss(void)
{
	return recall(false, false, "the tube can't be tested");
}
