/*
 * The words for what a well, a tube and a person came to, and for what comes next. One list, used by
 * the assay language, the journal, the tables and every face.
 */
#ifndef PW_MODEL_CALL_H
#define PW_MODEL_CALL_H

#include <stdbool.h>

/* What an assay says of a well or a tube. */
typedef enum pw_call {
	PW_CALL_NONE, /* not judged */
	PW_CALL_POSITIVE,
	PW_CALL_NEGATIVE,
	PW_CALL_INCONCLUSIVE, /* the assay's grey: one target of two, late Cq, … */
	PW_CALL_INVALID,      /* the well says nothing: no internal control, no measurement */
} pw_call;

/* What an assay asks for after a call. */
typedef enum pw_next {
	PW_NEXT_REPORT,       /* the call is final for this specimen */
	PW_NEXT_REPEAT_PCR,   /* amplify the same extract again */
	PW_NEXT_RE_EXTRACT,   /* extract again from the retained tube */
	PW_NEXT_NEW_SPECIMEN, /* the specimen can't answer: swab again */
} pw_next;

/* Whether the instrument says that the curve is an amplification. Three fields stay three fields:
 * a numeric Cq is not a positive, and an amplification is not a call. */
typedef enum pw_amp {
	PW_AMP_UNKNOWN, /* the file does not say */
	PW_AMP_YES,
	PW_AMP_NO,
	PW_AMP_INCONCLUSIVE,
} pw_amp;

/* The words used in files and tables: "positive", "re-extract", "no-amp"; never NULL. */
const char *pw_call_name(pw_call call);
const char *pw_next_name(pw_next next);
const char *pw_amp_name(pw_amp amp);

/* The way back; false when the text is none of the words. */
bool pw_call_parse(const char *text, pw_call *out);
bool pw_next_parse(const char *text, pw_next *out);
bool pw_amp_parse(const char *text, pw_amp *out);

#endif
