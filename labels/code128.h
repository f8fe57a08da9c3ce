/* Code 128 (ISO/IEC 15417): which characters the bars of a symbol are. */
#ifndef PW_LABELS_CODE128_H
#define PW_LABELS_CODE128_H

#include "labels/symbol.h"

#define PW_CODE128_MAX     (PW_SYMBOL_MAX_TEXT + 8)
#define PW_CODE128_START_A 103

/* The values of a symbol of bars from its start to its check character, without the stop; how many. 0 when they
 * are no Code 128, or the check is not right. */
size_t pw_code128_values(const pw_symbol *symbol, int values[PW_CODE128_MAX]);

#endif
