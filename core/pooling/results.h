/*
 * Results as people type or keep them, made into readings (decode.h): a string of calls, and tables of Ct.
 * Pure: from memory into memory. Pools are numbered from 1 in both.
 */
#ifndef PW_POOLING_RESULTS_H
#define PW_POOLING_RESULTS_H

#include "core/pooling/decode.h"

/*
 * "+--?!…": one character a pool, in their order: '+' positive, '-' negative, '?' grey, '!' invalid or missing;
 * white space between them is passed over. Fills out[0..pools-1]. PW_ERR_FORMAT for any other character,
 * with line and column, and for too few or too many.
 */
PW_NODISCARD pw_status pw_results_parse(const char *text, size_t n, size_t pools,
					pw_pool_reading *out, pw_err *err);

/*
 * A table "pool,ct[,ct2…]" (UTF-8, any of the delimiters of core/base/csv.h; a header row is optional, and
 * behind any other delimiter than the comma a decimal comma is taken): a pool a row, a replicate well a
 * column. An empty field, "undetermined", "no ct", "nd", "neg" and 0 are a well that did not amplify; "!"
 * and "invalid" are no well, nor are fields behind the last column that the header names or that anybody has
 * something in. Pools that the table does not name, or of which every well is invalid, are
 * missing. The call of the others is positive when a well amplified. Lines that start with '#' are comments.
 *
 * Fills out[0..pools-1]. PW_ERR_FORMAT, with line and column, for a pool that is not there or stands
 * twice, a field that is neither a Ct (above 0, up to 100) nor one of the words, a row without a Ct column,
 * a table without a row; PW_ERR_LIMIT for more wells than PW_CT_WELLS_MAX.
 */
PW_NODISCARD pw_status pw_ct_parse(const char *text, size_t n, size_t pools, pw_pool_reading *out,
				   pw_err *err);

#endif
