#include "promise.h"

pw_status promise_source(void *ctx, size_t index, pw_label_bytes *out, pw_err *err)
{
	promise *p = ctx;
	(void)err;
	pw_str_clear(&p->job);
	p->job = numbered_job(p->language, (unsigned)(p->first + index + 1));
	*out = (pw_label_bytes){p->job.ptr, p->job.len};
	return PW_OK;
}

pw_status promise_changed(void *ctx, size_t index, pw_label_fate fate, pw_err *err)
{
	promise *p = ctx;
	pw_label_fate *was = &p->fate[p->first + index];
	(void)err;
	if (fate <= *was && !(*was == PW_FATE_SENDING && fate == PW_FATE_WAITING))
		p->wrong = "a fate goes back";
	if (*was == PW_FATE_CONFIRMED)
		p->wrong = "confirmed was not the end";
	*was = fate;
	return PW_OK;
}

void promise_printed(promise *p, int number, bool whole)
{
	if (number < 1 || (size_t)number > p->count)
		p->strange += whole ? 1 : 0;
	else if (whole)
		p->whole[number - 1]++;
	else
		p->fragments[number - 1]++;
}

const char *promise_broken(const promise *p, size_t *label)
{
	for (size_t i = 0; i < p->count; i++) {
		*label = i + 1;
		if (p->whole[i] > 1)
			return "came out twice";
		if (p->fate[i] == PW_FATE_CONFIRMED && p->whole[i] != 1)
			return "is confirmed, and did not come out";
		if (p->fate[i] == PW_FATE_WAITING && p->whole[i] + p->fragments[i] > 0)
			return "waits, and came out";
		if (p->fate[i] == PW_FATE_SENDING || p->fate[i] == PW_FATE_SENT)
			return "has no end";
	}
	*label = 0;
	return p->wrong;
}

size_t promise_count(const promise *p, pw_label_fate fate)
{
	size_t n = 0;
	for (size_t i = 0; i < p->count; i++)
		n += p->fate[i] == fate ? 1 : 0;
	return n;
}
