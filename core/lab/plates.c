#include "core/lab/internal.h"
#include "core/lab/pool_internal.h"

#include <stdio.h>
#include <string.h>

pw_status pw_lab_plate_content(pw_lab *lab, pw_arena *arena, const char *plate,
			       pw_plate_content *out, pw_err *err)
{
	bool found;
	*out = (pw_plate_content){.well_count = 0};
	pw_status rc = pw_q_plate_find(lab->store, arena, plate, &out->plate, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_refuse(err, "plate-unknown",
			       "no plate '%s': 'poolwell plate list' shows the plates in work",
			       plate);
	if (rc == PW_OK)
		rc = pw_q_plate_wells(lab->store, arena, plate, &out->wells, &out->well_count, err);
	if (rc != PW_OK)
		return rc;
	PW_BUG_IF(!pw_plate_format_of(out->plate.wells, &out->format));
	for (size_t i = 0; i < out->well_count; i++)
		out->at[out->wells[i].position] = &out->wells[i];
	return PW_OK;
}

const char *pw_lab_specimen(const pw_plate_wells_row *well)
{
	return well->tube != NULL ? well->tube : well->pool;
}

pw_status pw_lab_elsewhere(pw_lab *lab, pw_arena *arena, const char *code, const char *plate,
			   pw_elsewhere *out, pw_err *err)
{
	pw_wells_of_row *wells;
	size_t count;
	pw_time here = 0;
	*out = (pw_elsewhere){.waits = false};
	pw_status rc = pw_q_wells_of(lab->store, arena, code, &wells, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		if (strcmp(wells[i].plate, plate) == 0)
			here = wells[i].filled_at;
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		const char *state = wells[i].plate_state;
		if (strcmp(wells[i].plate, plate) == 0 || strcmp(state, "voided") == 0)
			continue;
		if (strcmp(state, "filling") == 0 || strcmp(state, "sealed") == 0)
			out->waits = true;
		if (strcmp(wells[i].kind, "extraction") == 0 && wells[i].filled_at > here)
			out->extracted_later = true;
	}
	return rc;
}

/* ---------------------------------------------------------------- create */

static pw_status create_plate(pw_lab *lab, pw_arena *arena, const char *plate,
			      const char *layout_name, pw_err *err)
{
	pw_plate_find_row row;
	const pw_layout *layout;
	bool found;
	char when[32], hash[PW_HASH_HEX];
	pw_status rc = pw_lab_layout(lab, layout_name, &layout, err);
	if (rc == PW_OK)
		rc = pw_q_plate_find(lab->store, arena, plate, &row, &found, err);
	if (rc != PW_OK)
		return rc;
	if (found)
		return pw_refuse(err, "plate-used",
				 "plate '%s' was begun on %s by %s: take a new plate", plate,
				 pw_lab_when(row.created_at, when), row.created_by);
	if ((rc = pw_labels_applied(lab, arena, plate, "new plate", true, err)) != PW_OK)
		return rc;
	pw_plate_created_item controls[PW_MAX_WELLS];
	size_t n = 0;
	for (size_t i = 0; i < layout->control_count; i++)
		if (layout->controls[i].stage == PW_STAGE_EXTRACTION)
			controls[n++] = (pw_plate_created_item){
				.position = pw_well_index(layout->controls[i].well, layout->format,
							  PW_BY_ROW),
				.control = layout->controls[i].control};
	pw_hash_hex(&layout->hash, hash);
	pw_plate_created fact = {.plate = plate,
				 .wells = pw_plate_wells(layout->format),
				 .layout = layout->name,
				 .layout_hash = hash,
				 .controls = controls,
				 .controls_count = n};
	return pw_plate_created_append(lab->store, &fact, err);
}

pw_status pw_lab_create_plate(pw_lab *lab, const char *plate, const char *layout, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	char barcode[64];
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = pw_lab_barcode(plate, barcode, NULL, err);
	if (rc == PW_OK)
		rc = create_plate(lab, &arena, barcode, layout, err);
	pw_arena_clear(&arena);
	return pw_lab_end_scan(lab, rc, "new plate", plate, err);
}

/* ---------------------------------------------------------------- fill */

/* The plate, which must be an extraction plate that is being filled, and its layout. */
static pw_status filling(pw_lab *lab, pw_arena *arena, const char *scan, pw_plate_content *content,
			 const pw_layout **layout, pw_err *err)
{
	char plate[64];
	pw_status rc = pw_lab_barcode(scan, plate, NULL, err);
	if (rc == PW_OK)
		rc = pw_lab_plate_content(lab, arena, plate, content, err);
	if (rc == PW_OK && strcmp(content->plate.kind, "extraction") != 0)
		rc = pw_refuse(err, "not-an-extraction-plate",
			       "plate '%s' is a PCR plate: tubes go onto extraction plates", plate);
	if (rc == PW_OK && strcmp(content->plate.state, "filling") != 0)
		rc = pw_refuse(err, "plate-closed", "plate '%s' is %s: begin a new plate", plate,
			       content->plate.state);
	if (rc == PW_OK)
		rc = pw_lab_layout_of(lab, content->plate.layout_hash, layout, err);
	return rc;
}

static void where_next(const pw_plate_content *content, const pw_layout *layout, int more,
		       const pw_well *just_filled, pw_filled *out)
{
	bool filled[PW_MAX_WELLS] = {false};
	int wells = pw_plate_wells(content->format);
	for (int i = 0; i < wells; i++) {
		filled[i] = content->at[i] != NULL;
		out->filled +=
			content->at[i] != NULL && pw_lab_specimen(content->at[i]) != NULL ? 1 : 0;
		out->room += pw_layout_is_specimen_well(layout,
							pw_well_at(i, content->format, PW_BY_ROW))
				     ? 1
				     : 0;
	}
	if (just_filled != NULL)
		filled[pw_well_index(*just_filled, content->format, PW_BY_ROW)] = true;
	out->filled += more;
	out->full = !pw_layout_next(layout, filled, &out->next);
}

pw_status pw_lab_refuse_plated(pw_lab *lab, pw_arena *arena, const char *what, const char *code,
			       const char *plate, pw_err *err)
{
	pw_wells_of_row *wells;
	size_t count;
	bool pool = strcmp(what, "tube") != 0;
	pw_status rc = pw_q_wells_of(lab->store, arena, code, &wells, &count, err);
	for (size_t i = count; rc == PW_OK && i-- > 0;) {
		pw_plate_format format;
		char well[8];
		if (strcmp(wells[i].plate_state, "voided") == 0 ||
		    !pw_plate_format_of(wells[i].wells, &format))
			continue;
		pw_well_name(pw_well_at((int)wells[i].position, format, PW_BY_ROW), well);
		const char *here =
			plate != NULL && strcmp(wells[i].plate, plate) == 0 ? ", this one" : "";
		if (pool)
			return pw_refuse(err, "pool-plated",
					 "%s '%s' is already in well %s of plate '%s'%s: %s", what,
					 code, well, wells[i].plate, here,
					 plate != NULL ? "scan the next one"
						       : "void the plate, or wait for its run");
		return pw_refuse(err, "tube-plated",
				 "tube '%s' is already in well %s of plate '%s'%s: scan the next "
				 "tube",
				 code, well, wells[i].plate, here);
	}
	return rc;
}

/* Whether the tube may go onto a plate now. */
static pw_status check_tube(pw_lab *lab, pw_arena *arena, const pw_tube_find_row *tube,
			    const char *plate, pw_err *err)
{
	pw_status rc = PW_OK;
	if (strcmp(tube->state, "received") == 0 || strcmp(tube->state, "retest") == 0)
		return PW_OK;
	if (strcmp(tube->state, "plated") == 0)
		rc = pw_lab_refuse_plated(lab, arena, "tube", tube->tube, plate, err);
	if (rc != PW_OK)
		return rc;
	if (strcmp(tube->state, "pooled") == 0)
		return pw_lab_refuse_pooled(lab, arena, tube->tube, err);
	if (strcmp(tube->state, "closed") == 0 || strcmp(tube->state, "open") == 0)
		return pw_refuse(err, "tube-not-received",
				 "tube '%s' is %s and was not received here: receive it first",
				 tube->tube, tube->state);
	return pw_refuse(err, "tube-done", "tube '%s' is %s%s%s: it needs no test; put it aside",
			 tube->tube, tube->state, tube->call != NULL ? ", called " : "",
			 tube->call != NULL ? tube->call : "");
}

/* What a scan puts into a well. */
typedef struct specimen {
	const char *tube, *pool; /* one of them */
	int swabs, pool_tubes, attempt;
} specimen;

static pw_status find_specimen(pw_lab *lab, pw_arena *arena, const char *scan, const char *plate,
			       specimen *out, pw_err *err)
{
	pw_pool_find_row pool;
	pw_tube_find_row tube;
	bool is_pool = false;
	pw_status rc = pw_lab_find_pool(lab, arena, scan, &pool, &is_pool, err);
	if (rc == PW_OK && is_pool) {
		rc = pw_lab_check_pool(lab, arena, &pool, plate, err);
		*out = (specimen){.pool = pool.pool,
				  .pool_tubes = (int)pool.tubes,
				  .attempt = (int)pool.attempts + 1};
		return rc;
	}
	if (rc == PW_OK)
		rc = pw_lab_known_tube(lab, arena, scan, &tube, err);
	if (rc == PW_OK)
		rc = check_tube(lab, arena, &tube, plate, err);
	if (rc == PW_OK)
		*out = (specimen){.tube = tube.tube,
				  .swabs = (int)tube.swabs,
				  .attempt = (int)tube.attempts + 1};
	return rc;
}

static pw_status append_filled(pw_lab *lab, const char *plate, int position, const specimen *what,
			       pw_err *err)
{
	const pw_pool_plated pool = {.plate = plate, .position = position, .pool = what->pool};
	const pw_well_filled tube = {.plate = plate, .position = position, .tube = what->tube};
	return what->pool != NULL ? pw_pool_plated_append(lab->store, &pool, err)
				  : pw_well_filled_append(lab->store, &tube, err);
}

/* The next well, which must be the one that somebody expects. */
static pw_status check_next(const pw_plate_content *content, const pw_filled *now,
			    const char *expected, pw_err *err)
{
	char name[8], want[8];
	pw_well well;
	if (now->full)
		return pw_refuse(err, "plate-full",
				 "plate '%s' is full (%d wells): seal it and begin a new plate",
				 content->plate.plate, now->filled);
	if (expected == NULL)
		return PW_OK;
	pw_status rc = pw_well_parse(expected, content->format, &well, err);
	if (rc != PW_OK || pw_well_eq(well, now->next))
		return rc;
	pw_well_name(now->next, name);
	pw_well_name(well, want);
	return pw_refuse(err, "wrong-well",
			 "the next well of plate '%s' is %s, not %s: look at the plate before "
			 "going on",
			 content->plate.plate, name, want);
}

static pw_status fill_well(pw_lab *lab, pw_arena *arena, const char *plate_scan, const char *scan,
			   const char *expected, pw_filled *out, pw_err *err)
{
	pw_plate_content content;
	const pw_layout *layout;
	specimen what;
	pw_filled now = {.filled = 0};
	pw_status rc = filling(lab, arena, plate_scan, &content, &layout, err);
	if (rc == PW_OK)
		rc = find_specimen(lab, arena, scan, content.plate.plate, &what, err);
	if (rc != PW_OK)
		return rc;
	where_next(&content, layout, 0, NULL, &now);
	if ((rc = check_next(&content, &now, expected, err)) != PW_OK)
		return rc;
	int position = pw_well_index(now.next, content.format, PW_BY_ROW);
	const char *code = what.pool != NULL ? what.pool : what.tube;
	if ((rc = pw_labels_applied(lab, arena, code, "filling a plate", false, err)) != PW_OK ||
	    (rc = append_filled(lab, content.plate.plate, position, &what, err)) != PW_OK)
		return rc;
	out->well = now.next;
	out->swabs = what.swabs;
	out->pool_tubes = what.pool_tubes;
	out->attempt = what.attempt;
	where_next(&content, layout, 1, &now.next, out);
	return PW_OK;
}

pw_status pw_lab_fill_well(pw_lab *lab, const char *plate, const char *specimen_scan,
			   const char *expected, pw_filled *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	char place[96];
	pw_filled filled = {.filled = 0};
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = fill_well(lab, &arena, plate, specimen_scan, expected, &filled, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, pw_lab_place("plate", plate, place), specimen_scan, err);
	if (rc == PW_OK)
		*out = filled;
	return rc;
}

pw_status pw_lab_next_well(pw_lab *lab, const char *plate, pw_filled *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_plate_content content;
	const pw_layout *layout;
	pw_status rc = filling(lab, &arena, plate, &content, &layout, err);
	if (rc == PW_OK) {
		*out = (pw_filled){.filled = 0};
		where_next(&content, layout, 0, NULL, out);
	}
	pw_arena_clear(&arena);
	return rc;
}

/* ---------------------------------------------------------------- take back, seal */

/* What was recalled, voided or answered meanwhile keeps that. */
static pw_status append_cleared(pw_lab *lab, const pw_plate_content *content,
				const pw_plate_wells_row *row, pw_err *err)
{
	const char *before = row->next != NULL ? "retest" : row->pool != NULL ? "made" : "received";
	const char *state = strcmp(row->state, "plated") == 0 ? before : row->state;
	const pw_pool_cleared pool = {.plate = content->plate.plate,
				      .position = row->position,
				      .pool = row->pool,
				      .state = state};
	const pw_well_cleared tube = {.plate = content->plate.plate,
				      .position = row->position,
				      .tube = row->tube,
				      .state = state};
	return row->pool != NULL ? pw_pool_cleared_append(lab->store, &pool, err)
				 : pw_well_cleared_append(lab->store, &tube, err);
}

static pw_status clear_well(pw_lab *lab, pw_arena *arena, const char *plate_scan,
			    const char *well_text, pw_err *err)
{
	pw_plate_content content;
	const pw_layout *layout;
	pw_well well;
	pw_status rc = filling(lab, arena, plate_scan, &content, &layout, err);
	if (rc == PW_OK)
		rc = pw_well_parse(well_text, content.format, &well, err);
	if (rc != PW_OK)
		return rc;
	int position = pw_well_index(well, content.format, PW_BY_ROW);
	const pw_plate_wells_row *row = content.at[position];
	if (row == NULL || pw_lab_specimen(row) == NULL)
		return pw_refuse(err, "well-empty",
				 "well %s of plate '%s' holds no tube's material: 'poolwell plate "
				 "show %s' says what is where",
				 well_text, content.plate.plate, content.plate.plate);
	return append_cleared(lab, &content, row, err);
}

pw_status pw_lab_clear_well(pw_lab *lab, const char *plate, const char *well, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	char place[96];
	pw_status rc = pw_lab_need_reason(lab, "taking a fill back", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = clear_well(lab, &arena, plate, well, err);
	pw_arena_clear(&arena);
	return pw_lab_end_scan(lab, rc, pw_lab_place("plate", plate, place), well, err);
}

pw_status pw_lab_seal_plate(pw_lab *lab, const char *plate, int *out_filled, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_plate_content content;
	const pw_layout *layout;
	int filled = 0;
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = filling(lab, &arena, plate, &content, &layout, err);
	for (size_t i = 0; rc == PW_OK && i < content.well_count; i++)
		filled += pw_lab_specimen(&content.wells[i]) != NULL ? 1 : 0;
	if (rc == PW_OK && filled == 0)
		rc = pw_refuse(err, "plate-empty",
			       "no tube was scanned onto plate '%s': fill it before sealing",
			       plate);
	pw_plate_sealed fact = {.plate = rc == PW_OK ? content.plate.plate : "", .filled = filled};
	if (rc == PW_OK)
		rc = pw_plate_sealed_append(lab->store, &fact, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, "sealing a plate", plate, err);
	if (rc == PW_OK)
		*out_filled = filled;
	return rc;
}
