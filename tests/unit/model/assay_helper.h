/* What the three test files of assays share. */
#ifndef PW_TEST_ASSAY_HELPER_H
#define PW_TEST_ASSAY_HELPER_H

#include "core/model/assay.h"

/* Parses or fails the test with the message. */
pw_assay *assay_of(const char *text);
pw_assay *shipped_assay(const char *file);
pw_assay *assay_file(const char *path_in_source);

/*
 * "N1=39.99 N2=none/no-amp RP=absent": readings by target name. A number is a Cq, none is no Cq, absent
 * is no reading; behind a slash the amplification, unknown when it is not said. A target that is not
 * named has no Cq.
 */
void readings(const pw_assay *assay, const char *text, pw_measure measures[PW_ASSAY_MAX_TARGETS]);

/* Judges on attempt 1, or on `attempt` after a call of `previous`. */
pw_verdict judge(const pw_assay *assay, const char *text);
pw_verdict judge_again(const pw_assay *assay, int attempt, pw_call previous, const char *text);

bool control_good(const pw_assay *assay, const char *control, const char *text, char out[200]);

/* The findings with a code, and the text of the first of them or "". */
size_t count_code(const pw_report *report, const char *code);
const char *first_of(const pw_report *report, const char *code);

#endif
