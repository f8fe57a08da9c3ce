/*
 * The alarm over a whole plate: results that the likeliest set of positives explains badly, and what was
 * done to the plate that would explain them. A plate that was turned round, read in the wrong order or
 * filled one column off gives results that no few positives account for, while the same results put back in
 * place do.
 */
#ifndef PW_POOLING_ALARM_H
#define PW_POOLING_ALARM_H

#include "core/pooling/decode.h"

/* What may have happened to the plates that the pools are on. */
typedef enum pw_mishap {
	PW_MISHAP_NONE,
	PW_MISHAP_TURNED,     /* turned round by half a turn */
	PW_MISHAP_LEFT_RIGHT, /* left and right exchanged */
	PW_MISHAP_TOP_BOTTOM, /* top and bottom exchanged */
	PW_MISHAP_BY_ROWS,    /* numbered along the rows instead of down the columns */
	PW_MISHAP_BY_COLUMNS, /* the other way round */
	PW_MISHAP_RIGHT,      /* everything one column to the right of where it belongs */
	PW_MISHAP_LEFT,
	PW_MISHAP_DOWN,
	PW_MISHAP_UP,
	PW_MISHAP_EXCHANGED, /* the first plate read as the second, and the other way round */
	PW_MISHAP_COUNT
} pw_mishap;

/* "the plate was turned by half a turn"; NULL for PW_MISHAP_NONE. */
const char *pw_mishap_text(pw_mishap mishap);

/*
 * The readings as they would be had the mishap not happened: out[i] is the reading of the place where pool i
 * went to, missing where that is no pool's. Returns how many pools keep a reading.
 */
size_t pw_mishap_undo(const pw_design *design, const pw_pool_reading *readings, pw_mishap mishap,
		      pw_pool_reading *out);

typedef struct pw_alarm {
	size_t wrong;    /* pools that the likeliest set makes wrong; of a search that was stopped,
			  * those that the smallest explanation does, if they are fewer */
	double expected; /* how many there should be, by sensitivity and specificity */
	double chance;   /* of so many or more */
	bool raised;     /* that is less than the level asked for */
	pw_mishap cause; /* what would explain the results, if anything does */
	double factor;   /* natural logarithm of how much likelier the results are then */
} pw_alarm;

/*
 * Looks at the likeliest set of `decoded`; when the chance of as many wrong pools is below `level` (say 0.001),
 * decodes the results again under every mishap, within opts, and names the one that makes them likeliest, by
 * a factor of at least 1,000. Readings that would be of no pool then count as of empty wells, and a mishap
 * that would leave more than a quarter of the pools without a reading is not looked at. Errors are those of
 * pw_decode, of the first look only.
 */
PW_NODISCARD pw_status pw_alarm_check(const pw_evidence *evidence, const pw_decoded *decoded,
				      const pw_decode_opts *opts, double level, pw_alarm *out,
				      pw_err *err);

#endif
