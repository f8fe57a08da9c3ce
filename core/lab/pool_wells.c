/* Laboratory pools at the bench's scanner: which one is it, and may it go onto a plate. */
#include "core/lab/pool_internal.h"

#include <stdio.h>
#include <string.h>

#include "core/model/ident.h"

void pw_lab_pool_code(const pw_lab *lab, int64_t *serial, char out[24])
{
	/* A serial whose check character would be '*' is passed over. */
	do
		++*serial;
	while (!pw_ident_make(lab->issuer, PW_KIND_LAB_POOL, *serial, out));
}

size_t pw_lab_specimen_positions(const pw_layout *layout, int out[PW_MAX_WELLS])
{
	bool filled[PW_MAX_WELLS] = {false};
	size_t n = 0;
	for (pw_well well; pw_layout_next(layout, filled, &well);) {
		out[n] = pw_well_index(well, layout->format, PW_BY_ROW);
		filled[out[n++]] = true;
	}
	return n;
}

/* ---------------------------------------------------------------- which one */

/* The code as it was printed, when it is a laboratory pool's of this laboratory. */
static pw_status pool_code(const pw_lab *lab, const char *barcode, char out[24], bool *is_pool,
			   pw_err *err)
{
	pw_ident ident;
	pw_err not_ours = PW_ERR_INIT;
	*is_pool = false;
	pw_status rc = pw_ident_parse(barcode, &ident, &not_ours);
	if (rc == PW_ERR_REFUSED && pw_text_starts(barcode, lab->issuer)) {
		if (err != NULL)
			*err = not_ours;
		return rc;
	}
	if (rc != PW_OK || ident.kind != PW_KIND_LAB_POOL || strcmp(ident.issuer, lab->issuer) != 0)
		return PW_OK;
	pw_ident_text(&ident, out);
	*is_pool = true;
	return PW_OK;
}

pw_status pw_lab_find_pool(pw_lab *lab, pw_arena *arena, const char *scan, pw_pool_find_row *out,
			   bool *found, pw_err *err)
{
	char barcode[64], code[24];
	*found = false;
	pw_status rc = pw_lab_barcode(scan, barcode, NULL, err);
	if (rc == PW_OK)
		rc = pool_code(lab, barcode, code, found, err);
	if (rc != PW_OK || !*found)
		return rc;
	rc = pw_q_pool_find(lab->store, arena, code, out, found, err);
	if (rc == PW_OK && !*found)
		rc = pw_refuse(
			err, "pool-unknown",
			"no laboratory pool '%s' was planned: 'poolwell pool list' shows the "
			"batches",
			code);
	return rc;
}

pw_status pw_lab_known_pool(pw_lab *lab, pw_arena *arena, const char *scan, pw_pool_find_row *out,
			    pw_err *err)
{
	bool found;
	pw_status rc = pw_lab_find_pool(lab, arena, scan, out, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_refuse(err, "not-a-pool",
			       "'%s' is not the code of a laboratory pool: scan the label of the "
			       "pool",
			       scan);
	return rc;
}

/* ---------------------------------------------------------------- may it */

pw_status pw_lab_check_pool(pw_lab *lab, pw_arena *arena, const pw_pool_find_row *pool,
			    const char *plate, pw_err *err)
{
	pw_status rc = PW_OK;
	if (strcmp(pool->state, "made") == 0 || strcmp(pool->state, "retest") == 0)
		return PW_OK;
	if (strcmp(pool->state, "plated") == 0)
		rc = pw_lab_refuse_plated(lab, arena, "laboratory pool", pool->pool, plate, err);
	if (rc != PW_OK)
		return rc;
	if (strcmp(pool->state, "planned") == 0)
		return pw_refuse(
			err, "pool-not-made",
			"laboratory pool '%s' was not made: pipette its aliquots, then scan "
			"it with 'poolwell pool made'",
			pool->pool);
	return pw_refuse(err, "pool-done",
			 "laboratory pool '%s' is %s%s%s: it needs no well; put it aside",
			 pool->pool, pool->state, pool->call != NULL ? ", called " : "",
			 pool->call != NULL ? pool->call : "");
}

pw_status pw_lab_refuse_pooled(pw_lab *lab, pw_arena *arena, const char *tube, pw_err *err)
{
	pw_batch_of_tube_row row;
	pw_tube_find_row state;
	bool found, known;
	pw_status rc = pw_q_batch_of_tube(lab->store, arena, tube, &row, &found, err);
	if (rc == PW_OK)
		rc = pw_q_tube_find(lab->store, arena, tube, &state, &known, err);
	if (rc != PW_OK)
		return rc;
	PW_BUG_IF(!found || !known); /* only batch.planned makes a tube pooled */
	if (state.next != NULL)
		return pw_refuse(err, "tube-pooled",
				 "tube '%s' is not decided by its laboratory pools: 'poolwell pool "
				 "next %lld' says what comes next for it",
				 tube, (long long)row.batch);
	return pw_refuse(err, "tube-pooled",
			 "tube '%s' waits for its laboratory pools, of batch %lld: 'poolwell pool "
			 "show %lld' says how far they are",
			 tube, (long long)row.batch, (long long)row.batch);
}
