/*
 * What `poolwell decode` has to say, before any face shows it: the posterior, what the results say at their
 * word, the smallest explanation, what cannot be told apart, which pools the likeliest set of positives
 * does not explain, and the alarm.
 */
#ifndef PW_CLI_DECODE_ANSWER_H
#define PW_CLI_DECODE_ANSWER_H

#include "cli/decode_args.h"
#include "cli/json.h"
#include "core/pooling/alarm.h"
#include "core/pooling/explain.h"
#include "labels/canvas.h"

#define PW_NO_TWIN UINT32_MAX

typedef struct pw_decode_answer {
	pw_decode_args args;
	pw_decoded decoded;
	pw_by_word by_word;
	pw_smallest smallest;
	pw_alarm alarm;
	uint32_t *twin;      /* by sample: the first of those whom no result tells apart */
	uint32_t *next_twin; /* by sample: the next of them, PW_NO_TWIN behind the last */
	uint32_t *alike;     /* by set: the first that no result of the design tells from it */
	bool *likely;        /* by sample: in the likeliest set */
	uint32_t *left_over; /* positive pools with nobody of that set */
	size_t left_over_count;
	uint32_t *against; /* negative pools with somebody of it */
	size_t against_count;
	size_t positive, negative, undecided;
	size_t by_bound; /* of the undecided: those whom only the bound keeps from being negative */
	size_t unread;   /* people in no pool that says anything: their prior is all there is */
} pw_decode_answer;

/* Reads the options and decodes. *out must not move afterwards, and is cleared on failure too. */
PW_NODISCARD pw_status pw_decode_answer_find(pw_ctx *ctx, pw_decode_answer *out, pw_err *err);
void pw_decode_answer_clear(pw_decode_answer *a);

pw_person_call pw_decode_answer_call(const pw_decode_answer *a, size_t sample);

/* Who matters: all but those who are as good as negative. */
bool pw_decode_answer_matters(const pw_decode_answer *a, size_t sample);

/* Appends the reason for one person, and who cannot be told from them. */
void pw_decode_answer_reason(const pw_decode_answer *a, size_t sample, pw_str *out);

/* Appends "3, 7 and 9"; of more than six the first five and how many more. */
void pw_decode_name_numbers(const uint32_t *at, size_t count, pw_str *out);

/* Appends what is to be said of a pool that the likeliest set leaves over, or that is against it. */
void pw_decode_answer_pool(const pw_decode_answer *a, size_t pool, pw_str *out);

/* Appends "3 pools are wrong even by the best explanation, where 0.2 are expected: the plate was turned …". */
void pw_decode_answer_alarm(const pw_decode_answer *a, pw_str *out);

/* The whole as JSON: decode_json.c. */
void pw_decode_answer_put(const pw_decode_answer *a, pw_json *json);

/* Draws it into the file of --draw: decode_draw.c. */
PW_NODISCARD pw_status pw_decode_answer_draw(pw_ctx *ctx, const pw_decode_answer *a,
					     pw_canvas_format format, pw_err *err);

#endif
