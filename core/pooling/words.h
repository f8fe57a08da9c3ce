/*
 * What people type or keep in a file about pooling, made into the structs of this folder: lists of
 * probabilities, ranges of sizes, dilution, wells to keep free, priors of people. The schemes' own words
 * are in scheme.h. Every error names the place in the text.
 */
#ifndef PW_POOLING_WORDS_H
#define PW_POOLING_WORDS_H

#include "core/pooling/advise.h"
#include "core/pooling/design_make.h"

/* "0.95", "0.95,0.99": from 1 to `max` numbers from 0 to 1. "95%" is taken as 0.95. PW_ERR_ARG. */
PW_NODISCARD pw_status pw_probabilities_parse(const char *text, size_t max, double *out,
					      size_t *out_count, pw_err *err);

/* "3:40" or "10", which is 10:10. PW_ERR_ARG. */
PW_NODISCARD pw_status pw_range_parse(const char *text, size_t *out_from, size_t *out_to,
				      pw_err *err);

/* "8x12", "10,11,13": from 1 to PW_DESIGN_MAX_DIMS whole numbers. PW_ERR_ARG. */
PW_NODISCARD pw_status pw_extents_parse(const char *text, uint32_t *out, uint32_t *out_count,
					pw_err *err);

/*
 * "none"; "rate=0.005" (PW_DILUTION_RATE); "ct=32,4,38" or "ct=32,4,38,1.1" (mean, standard deviation,
 * limit, cycles per doubling: PW_DILUTION_CT). PW_ERR_ARG.
 */
PW_NODISCARD pw_status pw_dilution_parse(const char *text, pw_dilution *out, pw_err *err);

/* "H11,H12": wells by name, of any plate up to 16 × 24, as places on plate 0; `max` at most. PW_ERR_ARG. */
PW_NODISCARD pw_status pw_reserved_parse(const char *text, pw_place *out, size_t max,
					 size_t *out_count, pw_err *err);

/* People and their priors, from a file. */
typedef struct pw_priors {
	size_t count;
	double *prior;
	uint32_t *household; /* NULL when the file has none; who has no household is one alone */
} pw_priors;

/*
 * Reads a table (UTF-8, any of the delimiters of core/base/csv.h): a person a row. With a header row, whose
 * columns are prior (or p, risk, probability) and, if there is one, household (or house, family); other
 * columns are passed over. Without, a number alone in each row. "5%" is taken as 0.05; behind any other delimiter
 * than the comma a decimal comma is taken. Lines that start with '#' are comments.
 * PW_ERR_FORMAT, with line and column, for what is no number from 0 to 1, a missing column, nobody;
 * PW_ERR_LIMIT over PW_DESIGN_MAX_SAMPLES. Clear with pw_priors_clear.
 */
PW_NODISCARD pw_status pw_priors_parse(const char *text, size_t n, pw_priors *out, pw_err *err);

/* Accepts a zeroed value. */
void pw_priors_clear(pw_priors *priors);

#endif
