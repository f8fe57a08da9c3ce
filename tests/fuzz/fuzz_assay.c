/* Any bytes as an assay: refused with a place, or linted and judged without a fault, in bounded time. */
#include <stdint.h>
#include <stdlib.h>

#include "core/model/assay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Readings that touch every piece: the numbers of most tables, between them, beyond, none. */
static void judge_some(const pw_assay *assay)
{
	static const double cqs[] = {-1, 0, 35, 36.995, 37, 38, 39.999, 40, 45, 1e300};
	pw_measure measures[PW_ASSAY_MAX_TARGETS];
	pw_verdict verdict;
	char text[200];
	for (unsigned i = 0; i < 40; i++) {
		for (unsigned t = 0; t < PW_ASSAY_MAX_TARGETS; t++)
			measures[t] = (pw_measure){.present = (i + t) % 13 != 0,
						   .has_cq = (i + t) % 4 != 0,
						   .cq = cqs[(i * 3 + t * 7) % 10],
						   .amp = (pw_amp)((i + t * 3) % 4)};
		pw_assay_judge_after(assay, i % 2 == 0 ? "" : "ABI 7500 Fast Dx", 1 + (int)(i % 6),
				     (pw_call)(i % 5), measures, &verdict);
		if (verdict.call == PW_CALL_NONE || verdict.rule == NULL || verdict.note == NULL)
			abort();
		for (size_t c = 0; c < pw_assay_control_count(assay); c++)
			pw_assay_judge_control(assay, c, "CFX", measures, text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_assay *assay = NULL;
	pw_err err = PW_ERR_INIT;
	if (pw_assay_parse(data, size, "fuzz.yaml", &assay, &err) != PW_OK)
		return 0;
	pw_report report = PW_REPORT_INIT;
	pw_assay_lint(assay, &report);
	judge_some(assay);
	pw_report_clear(&report);
	pw_assay_free(assay);
	return 0;
}
