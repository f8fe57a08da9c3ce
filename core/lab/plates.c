#include "core/lab/internal.h"

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

pw_status pw_lab_elsewhere(pw_lab *lab, pw_arena *arena, const char *tube, const char *plate,
			   pw_elsewhere *out, pw_err *err)
{
	pw_wells_of_tube_row *wells;
	size_t count;
	pw_time here = 0;
	*out = (pw_elsewhere){.waits = false};
	pw_status rc = pw_q_wells_of_tube(lab->store, arena, tube, &wells, &count, err);
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
		out->filled += content->at[i] != NULL && content->at[i]->tube != NULL ? 1 : 0;
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

/* Whether the tube may go onto a plate now. */
static pw_status check_tube(pw_lab *lab, pw_arena *arena, const pw_tube_find_row *tube,
			    const char *plate, pw_err *err)
{
	if (strcmp(tube->state, "received") == 0 || strcmp(tube->state, "retest") == 0)
		return PW_OK;
	if (strcmp(tube->state, "plated") == 0) {
		pw_wells_of_tube_row *wells;
		size_t count;
		pw_status rc =
			pw_q_wells_of_tube(lab->store, arena, tube->tube, &wells, &count, err);
		if (rc != PW_OK)
			return rc;
		for (size_t i = count; i-- > 0;) {
			pw_plate_format format;
			char well[8];
			if (strcmp(wells[i].plate_state, "voided") == 0 ||
			    !pw_plate_format_of(wells[i].wells, &format))
				continue;
			pw_well_name(pw_well_at((int)wells[i].position, format, PW_BY_ROW), well);
			return pw_refuse(
				err, "tube-plated",
				"tube '%s' is already in well %s of plate '%s'%s: scan the "
				"next tube",
				tube->tube, well, wells[i].plate,
				strcmp(wells[i].plate, plate) == 0 ? ", this one" : "");
		}
	}
	if (strcmp(tube->state, "closed") == 0 || strcmp(tube->state, "open") == 0)
		return pw_refuse(err, "tube-not-received",
				 "tube '%s' is %s and was not received here: receive it first",
				 tube->tube, tube->state);
	return pw_refuse(err, "tube-done", "tube '%s' is %s%s%s: it needs no test; put it aside",
			 tube->tube, tube->state, tube->call != NULL ? ", called " : "",
			 tube->call != NULL ? tube->call : "");
}

static pw_status fill_well(pw_lab *lab, pw_arena *arena, const char *plate_scan,
			   const char *tube_scan, const char *expected, pw_filled *out, pw_err *err)
{
	pw_plate_content content;
	const pw_layout *layout;
	pw_tube_find_row tube;
	pw_filled now = {.filled = 0};
	char name[8], want[8];
	pw_well well;
	pw_status rc = filling(lab, arena, plate_scan, &content, &layout, err);
	if (rc == PW_OK)
		rc = pw_lab_known_tube(lab, arena, tube_scan, &tube, err);
	if (rc == PW_OK)
		rc = check_tube(lab, arena, &tube, content.plate.plate, err);
	if (rc != PW_OK)
		return rc;
	where_next(&content, layout, 0, NULL, &now);
	if (now.full)
		return pw_refuse(err, "plate-full",
				 "plate '%s' is full (%d tubes): seal it and begin a new plate",
				 content.plate.plate, now.filled);
	if (expected != NULL && (rc = pw_well_parse(expected, content.format, &well, err)) != PW_OK)
		return rc;
	if (expected != NULL && !pw_well_eq(well, now.next)) {
		pw_well_name(now.next, name);
		pw_well_name(well, want);
		return pw_refuse(
			err, "wrong-well",
			"the next well of plate '%s' is %s, not %s: look at the plate before "
			"going on",
			content.plate.plate, name, want);
	}
	pw_well_filled fact = {.plate = content.plate.plate,
			       .position = pw_well_index(now.next, content.format, PW_BY_ROW),
			       .tube = tube.tube};
	if ((rc = pw_labels_applied(lab, arena, tube.tube, "filling a plate", false, err)) !=
		    PW_OK ||
	    (rc = pw_well_filled_append(lab->store, &fact, err)) != PW_OK)
		return rc;
	out->well = now.next;
	out->swabs = (int)tube.swabs;
	out->attempt = (int)tube.attempts + 1;
	where_next(&content, layout, 1, &now.next, out);
	return PW_OK;
}

pw_status pw_lab_fill_well(pw_lab *lab, const char *plate, const char *tube, const char *expected,
			   pw_filled *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	char place[96];
	pw_filled filled = {.filled = 0};
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = fill_well(lab, &arena, plate, tube, expected, &filled, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, pw_lab_place("plate", plate, place), tube, err);
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
	if (row == NULL || row->tube == NULL)
		return pw_refuse(err, "well-empty",
				 "well %s of plate '%s' holds no tube's material: 'poolwell plate "
				 "show %s' says what is where",
				 well_text, content.plate.plate, content.plate.plate);
	/* A tube that was recalled or got its answer meanwhile keeps that. */
	const char *before = row->next != NULL ? "retest" : "received";
	bool waits = strcmp(row->tube_state, "plated") == 0;
	pw_well_cleared fact = {.plate = content.plate.plate,
				.position = position,
				.tube = row->tube,
				.state = waits ? before : row->tube_state};
	return pw_well_cleared_append(lab->store, &fact, err);
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
		filled += content.wells[i].tube != NULL ? 1 : 0;
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
