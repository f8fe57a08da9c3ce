#include "core/lab/internal.h"

#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- what may be stamped */

static pw_status check_source(const pw_plate_content *source, pw_err *err)
{
	const char *state = source->plate.state;
	if (strcmp(source->plate.kind, "extraction") != 0)
		return pw_refuse(
			err, "not-an-extraction-plate",
			"plate '%s' is a PCR plate: a PCR plate is stamped from an extraction "
			"plate",
			source->plate.plate);
	if (strcmp(state, "filling") == 0)
		return pw_refuse(err, "plate-not-sealed",
				 "plate '%s' is still being filled: seal it first",
				 source->plate.plate);
	if (strcmp(state, "voided") == 0)
		return pw_refuse(err, "plate-voided", "plate '%s' was voided: nothing comes of it",
				 source->plate.plate);
	return PW_OK;
}

static pw_status check_new(pw_lab *lab, pw_arena *arena, const char *plate, pw_err *err)
{
	pw_plate_find_row row;
	bool found;
	char when[32];
	pw_status rc = pw_q_plate_find(lab->store, arena, plate, &row, &found, err);
	if (rc == PW_OK && found)
		rc = pw_refuse(err, "plate-used",
			       "plate '%s' was begun on %s by %s: take a new plate", plate,
			       pw_lab_when(row.created_at, when), row.created_by);
	return rc == PW_OK ? pw_labels_applied(lab, arena, plate, "new plate", true, err) : rc;
}

/* Every control of the layout must be one of the assay's, and every required one must be there. */
static pw_status check_controls(const pw_layout *layout, const pw_assay *assay, pw_err *err)
{
	for (size_t i = 0; i < layout->control_count; i++)
		if (pw_assay_control_find(assay, layout->controls[i].control) < 0)
			return pw_refuse(
				err, "control-unknown",
				"layout '%s' places a control '%s' that assay '%s' does not "
				"know: use another layout, or declare it in the assay",
				layout->name, layout->controls[i].control, pw_assay_name(assay));
	for (size_t k = 0; k < pw_assay_control_count(assay); k++) {
		pw_control_rule rule = pw_assay_control(assay, k);
		bool there = !rule.required;
		for (size_t i = 0; !there && i < layout->control_count; i++)
			there = strcmp(layout->controls[i].control, rule.name) == 0;
		if (!there)
			return pw_refuse(
				err, "control-missing",
				"assay '%s' needs the control %s and layout '%s' has none: use "
				"another layout",
				pw_assay_name(assay), rule.name, layout->name);
	}
	return PW_OK;
}

static bool is_plated(const pw_plate_wells_row *well)
{
	return strcmp(well->tube_state, "plated") == 0;
}

static bool repeats_pcr(const pw_plate_wells_row *well)
{
	return strcmp(well->tube_state, "retest") == 0 && well->next != NULL &&
	       strcmp(well->next, "repeat-pcr") == 0;
}

/* A tube is stamped while it needs an answer that its extract can give, and no other plate will. */
static pw_status needs_pcr(pw_lab *lab, pw_arena *arena, const char *source,
			   const pw_plate_wells_row *well, bool *out, pw_err *err)
{
	pw_elsewhere other;
	*out = false;
	if (well->tube == NULL || (!is_plated(well) && !repeats_pcr(well)))
		return PW_OK;
	pw_status rc = pw_lab_elsewhere(lab, arena, well->tube, source, &other, err);
	*out = rc == PW_OK && !other.waits && !other.extracted_later;
	return rc;
}

/* ---------------------------------------------------------------- stamp */

static pw_status gather(pw_lab *lab, pw_arena *arena, const pw_plate_content *source,
			const pw_layout *layout, pw_plate_stamped_item *items, size_t *out_n,
			pw_stamped *out, pw_err *err)
{
	size_t n = 0;
	for (size_t i = 0; i < source->well_count; i++) {
		const pw_plate_wells_row *well = &source->wells[i];
		bool needed;
		pw_status rc = needs_pcr(lab, arena, source->plate.plate, well, &needed, err);
		if (rc != PW_OK)
			return rc;
		if (well->control == NULL && !needed) {
			out->left_out++;
			continue;
		}
		items[n++] = (pw_plate_stamped_item){.position = well->position,
						     .tube = well->tube,
						     .control = well->control,
						     .stage = well->stage,
						     .stamped = 1};
		if (well->tube != NULL)
			out->tubes++;
		else
			out->controls++;
	}
	for (size_t i = 0; i < layout->control_count; i++) {
		if (layout->controls[i].stage != PW_STAGE_PCR)
			continue;
		items[n++] = (pw_plate_stamped_item){
			.position =
				pw_well_index(layout->controls[i].well, layout->format, PW_BY_ROW),
			.control = layout->controls[i].control,
			.stage = "pcr"};
		out->controls++;
	}
	*out_n = n;
	return PW_OK;
}

static pw_status stamp(pw_lab *lab, pw_arena *arena, const char *plate, const char *source_scan,
		       const char *assay_name, pw_stamped *out, pw_err *err)
{
	pw_plate_content source;
	const pw_layout *layout;
	const pw_assay *assay;
	char source_plate[64], layout_hash[PW_HASH_HEX], assay_hash[PW_HASH_HEX];
	pw_plate_stamped_item items[PW_MAX_WELLS];
	size_t n = 0;
	pw_status rc = pw_lab_barcode(source_scan, source_plate, NULL, err);
	if (rc == PW_OK)
		rc = check_new(lab, arena, plate, err);
	if (rc == PW_OK)
		rc = pw_lab_plate_content(lab, arena, source_plate, &source, err);
	if (rc == PW_OK)
		rc = check_source(&source, err);
	if (rc == PW_OK)
		rc = pw_lab_assay(lab, assay_name, &assay, err);
	if (rc == PW_OK)
		rc = pw_lab_layout_of(lab, source.plate.layout_hash, &layout, err);
	if (rc == PW_OK)
		rc = check_controls(layout, assay, err);
	if (rc == PW_OK)
		rc = gather(lab, arena, &source, layout, items, &n, out, err);
	if (rc != PW_OK)
		return rc;
	if (out->tubes == 0)
		return pw_refuse(
			err, "nothing-to-stamp",
			"no tube of plate '%s' waits for a PCR: 'poolwell resolve list' shows "
			"what does",
			source.plate.plate);
	pw_hash_hex(&layout->hash, layout_hash);
	pw_hash_hex(pw_assay_hash(assay), assay_hash);
	pw_plate_stamped fact = {.plate = plate,
				 .source = source.plate.plate,
				 .wells = source.plate.wells,
				 .layout = layout->name,
				 .layout_hash = layout_hash,
				 .assay = pw_assay_name(assay),
				 .assay_hash = assay_hash,
				 .content = items,
				 .content_count = n};
	return pw_plate_stamped_append(lab->store, &fact, err);
}

pw_status pw_lab_stamp_plate(pw_lab *lab, const char *plate, const char *source, const char *assay,
			     pw_stamped *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	char barcode[64];
	pw_stamped stamped = {.tubes = 0};
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = pw_lab_barcode(plate, barcode, NULL, err);
	if (rc == PW_OK)
		rc = stamp(lab, &arena, barcode, source, assay, &stamped, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, "new PCR plate", plate, err);
	if (rc == PW_OK)
		*out = stamped;
	return rc;
}

/* ---------------------------------------------------------------- void */

/* What a tube goes back to when the plate is lost. False when it does not wait for this plate: another
 * one will answer, or it has its answer. */
static bool returns(const pw_plate_wells_row *well, bool pcr, const pw_elsewhere *other,
		    pw_plate_voided_item *out)
{
	bool waits = is_plated(well) && !other->waits;
	bool extract_lost = !pcr && repeats_pcr(well) && !other->extracted_later;
	bool untouched = !pcr && well->attempts.value == 0 && well->next == NULL;
	*out = (pw_plate_voided_item){.tube = well->tube, .state = "retest"};
	if (untouched)
		out->state = "received";
	else
		out->next = pcr ? "repeat-pcr" : "re-extract";
	return waits || extract_lost;
}

static pw_status gather_returning(pw_lab *lab, pw_arena *arena, const pw_plate_content *content,
				  pw_plate_voided_item *items, size_t *out_n, pw_err *err)
{
	bool pcr = strcmp(content->plate.kind, "pcr") == 0;
	for (size_t i = 0; i < content->well_count; i++) {
		const pw_plate_wells_row *well = &content->wells[i];
		pw_elsewhere other;
		if (well->tube == NULL)
			continue;
		pw_status rc =
			pw_lab_elsewhere(lab, arena, well->tube, content->plate.plate, &other, err);
		if (rc != PW_OK)
			return rc;
		if (returns(well, pcr, &other, &items[*out_n]))
			++*out_n;
	}
	return PW_OK;
}

static pw_status check_voidable(pw_lab *lab, pw_arena *arena, const pw_plate_content *content,
				pw_err *err)
{
	pw_plates_from_row *children;
	size_t count;
	const char *plate = content->plate.plate, *state = content->plate.state;
	if (strcmp(state, "voided") == 0 || strcmp(state, "called") == 0)
		return pw_refuse(
			err, "plate-done",
			"plate '%s' is %s: it can't be voided; take the plate that was lost", plate,
			state);
	pw_status rc = pw_q_plates_from(lab->store, arena, plate, &children, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		if (strcmp(children[i].state, "sealed") == 0)
			return pw_refuse(
				err, "plate-in-use",
				"PCR plate '%s' was stamped from plate '%s' and has no result: "
				"void it first",
				children[i].plate, plate);
	return rc;
}

pw_status pw_lab_void_plate(pw_lab *lab, const char *plate, int *out_tubes, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_plate_content content;
	pw_plate_voided_item items[PW_MAX_WELLS];
	char barcode[64];
	size_t n = 0;
	pw_status rc = pw_lab_need_reason(lab, "voiding a plate", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = pw_lab_barcode(plate, barcode, NULL, err);
	if (rc == PW_OK)
		rc = pw_lab_plate_content(lab, &arena, barcode, &content, err);
	if (rc == PW_OK)
		rc = check_voidable(lab, &arena, &content, err);
	if (rc == PW_OK)
		rc = gather_returning(lab, &arena, &content, items, &n, err);
	if (rc == PW_OK) {
		pw_plate_voided fact = {
			.plate = content.plate.plate, .tubes = items, .tubes_count = n};
		rc = pw_plate_voided_append(lab->store, &fact, err);
	}
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, "voiding a plate", plate, err);
	if (rc == PW_OK)
		*out_tubes = (int)n;
	return rc;
}
