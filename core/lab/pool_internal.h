/* What the files of core/lab about laboratory pools share. */
#ifndef PW_LAB_POOL_INTERNAL_H
#define PW_LAB_POOL_INTERNAL_H

#include "core/lab/internal.h"
#include "core/lab/pools.h"
#include "core/pooling/decode.h"

/* ---- scans (pool_wells.c) */

/* The laboratory pool of a scan; *found is false for a barcode that is none of ours. Refused: "pool-unknown",
 * and "check-character" for a mistyped code of ours. */
PW_NODISCARD pw_status pw_lab_find_pool(pw_lab *lab, pw_arena *arena, const char *scan,
					pw_pool_find_row *out, bool *found, pw_err *err);

/* The same, and "not-a-pool" for any other barcode. */
PW_NODISCARD pw_status pw_lab_known_pool(pw_lab *lab, pw_arena *arena, const char *scan,
					 pw_pool_find_row *out, pw_err *err);

/* Whether the pool may go onto a plate now; else refused with what to do. */
PW_NODISCARD pw_status pw_lab_check_pool(pw_lab *lab, pw_arena *arena, const pw_pool_find_row *pool,
					 const char *plate, pw_err *err);

/* A tube that is in laboratory pools: refused with "tube-pooled", naming its batch. */
PW_NODISCARD pw_status pw_lab_refuse_pooled(pw_lab *lab, pw_arena *arena, const char *tube,
					    pw_err *err);

/* ---- the tubes of a planning (pool_pick.c) */

typedef struct pw_picked_tubes {
	const char *const *tubes; /* in the order in which they are laid; in the arena */
	size_t count;
	size_t unfit; /* lie there too, and may not be pooled */
} pw_picked_tubes;

/* Refused: "tubes-unfit" with a finding for each line of a list, "box-unknown", "nothing-to-pool". */
PW_NODISCARD pw_status pw_lab_pick_tubes(pw_lab *lab, pw_arena *arena, const pw_pool_planning *in,
					 pw_picked_tubes *out, pw_report *report, pw_err *err);

/* ---- a batch, read in one go (pool_evidence.c) */

typedef struct pw_batch_view {
	pw_batch_find_row batch;
	pw_plate_format format;    /* of the plates that its pools stand in */
	pw_batch_tubes_row *tubes; /* tubes[i] has sample i + 1 */
	size_t tube_count;
	pw_batch_pools_row *pools; /* pools[i] has number i + 1 */
	size_t pool_count;
	pw_batch_aliquots_row *aliquots;
	size_t aliquot_count;
	pw_batch_own_wells_row *own; /* judged wells of tubes alone */
	size_t own_count;
} pw_batch_view;

/* Refused: "batch-unknown", "batch-voided". Lives in the arena. */
PW_NODISCARD pw_status pw_lab_view_batch(pw_lab *lab, pw_arena *arena, int64_t batch,
					 pw_batch_view *out, pw_err *err);

/* Whether a pool of this state has no reading and may still get one. */
bool pw_lab_pool_waits(const char *state);

/* Whether its reading tells anything: it is not invalid. */
bool pw_lab_pool_tells(const pw_batch_pools_row *pool);

/* "+" for "positive", and "-", "?", "!". */
const char *pw_lab_reading_of(const char *call);

/* ---- what is known of its tubes (pool_evidence.c) */

typedef struct pw_tube_evidence {
	int positives, negatives, greys; /* laboratory pools with its aliquot that read so */
	int own_positives, own_negatives, own_greys;
	bool waits; /* a pool of its part has no reading yet */
} pw_tube_evidence;

/* Tubes that share pools, directly or through others. */
typedef struct pw_batch_part {
	const uint32_t *tubes; /* places in the view's tubes, in order */
	size_t count;
	bool waits;
} pw_batch_part;

typedef struct pw_batch_evidence {
	const pw_batch_view *view;
	const pw_pool_rule *rule;
	double prevalence;
	pw_tube_evidence *tubes; /* as the view's */
	pw_batch_part *parts;
	size_t part_count;
} pw_batch_evidence;

/* `now`: pools without a reading count as lost. The view and the rule must outlive *out. */
void pw_lab_gather(const pw_batch_view *view, const pw_pool_rule *rule, bool now, pw_arena *arena,
		   pw_batch_evidence *out);

/* The evidence as text: "1+ 2- 3! 7lost T0017-", pools by number, then wells of tubes alone. */
void pw_lab_evidence_text(const pw_batch_evidence *e, pw_str *out);

/* ---- decoding one part (pool_part.c) */

typedef struct pw_part_decoded {
	bool decoded; /* false: no well tells anything; every posterior is the prior */
	pw_decoded of;
	uint32_t *tubes; /* by column of the decode: the place in the view's tubes; in the arena */
	char alarm[256]; /* why the readings make no sense, or "" */
} pw_part_decoded;

/* `sets`: how many of the likeliest sets to give. `alarm`: ask whether the readings make sense. Clear with
 * pw_decoded_clear(&out->of). */
PW_NODISCARD pw_status pw_lab_decode_part(const pw_batch_evidence *e, const pw_batch_part *part,
					  size_t sets, bool alarm, pw_arena *arena,
					  pw_part_decoded *out, pw_err *err);

/* What the policy takes a well to tell. */
pw_pool_model pw_lab_pool_model(const pw_pool_rule *rule);

/* ---- inside of a transaction */

/* pw_lab_decode_batch without a transaction of its own (pool_decode.c). */
PW_NODISCARD pw_status pw_lab_decode_now(pw_lab *lab, pw_arena *arena, int64_t batch,
					 const pw_decode_ask *ask, pw_batch_outcome *out,
					 pw_err *err);

/* A barcode for the next laboratory pool; *serial is the last one used, and becomes the new one. */
void pw_lab_pool_code(const pw_lab *lab, int64_t *serial, char out[24]);

/* The specimen wells of a layout in its order, as positions by row; returns how many. */
size_t pw_lab_specimen_positions(const pw_layout *layout, int out[PW_MAX_WELLS]);

#endif
