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
	return strcmp(well->state, "plated") == 0;
}

static bool repeats_pcr(const pw_plate_wells_row *well)
{
	return strcmp(well->state, "retest") == 0 && well->next != NULL &&
	       strcmp(well->next, "repeat-pcr") == 0;
}

/* A tube or a laboratory pool is stamped while it needs an answer that its extract can give, and no other plate will. */
static pw_status needs_pcr(pw_lab *lab, pw_arena *arena, const char *source,
			   const pw_plate_wells_row *well, bool *out, pw_err *err)
{
	pw_elsewhere other;
	*out = false;
	const char *code = pw_lab_specimen(well);
	if (code == NULL || (!is_plated(well) && !repeats_pcr(well)))
		return PW_OK;
	pw_status rc = pw_lab_elsewhere(lab, arena, code, source, &other, err);
	*out = rc == PW_OK && !other.waits && !other.extracted_later;
	return rc;
}

/* ---------------------------------------------------------------- stamp */

/* What the new plate will hold. */
typedef struct stamping {
	pw_plate_stamped_item items[PW_MAX_WELLS];
	pw_pools_stamped_item pools[PW_MAX_WELLS];
	size_t item_count, pool_count;
} stamping;

static void take_along(stamping *s, const pw_plate_wells_row *well, pw_stamped *out)
{
	if (well->pool != NULL) {
		s->pools[s->pool_count++] = (pw_pools_stamped_item){well->position, well->pool};
		out->pools++;
		return;
	}
	s->items[s->item_count++] = (pw_plate_stamped_item){.position = well->position,
							    .tube = well->tube,
							    .control = well->control,
							    .stage = well->stage,
							    .stamped = 1};
	if (well->tube != NULL)
		out->tubes++;
	else
		out->controls++;
}

static void add_controls(stamping *s, const pw_layout *layout, pw_stamped *out)
{
	for (size_t i = 0; i < layout->control_count; i++) {
		if (layout->controls[i].stage != PW_STAGE_PCR)
			continue;
		s->items[s->item_count++] = (pw_plate_stamped_item){
			.position =
				pw_well_index(layout->controls[i].well, layout->format, PW_BY_ROW),
			.control = layout->controls[i].control,
			.stage = "pcr"};
		out->controls++;
	}
}

static pw_status gather(pw_lab *lab, pw_arena *arena, const pw_plate_content *source,
			const pw_layout *layout, stamping *s, pw_stamped *out, pw_err *err)
{
	for (size_t i = 0; i < source->well_count; i++) {
		const pw_plate_wells_row *well = &source->wells[i];
		bool needed;
		pw_status rc = needs_pcr(lab, arena, source->plate.plate, well, &needed, err);
		if (rc != PW_OK)
			return rc;
		if (well->control != NULL || needed)
			take_along(s, well, out);
		else
			out->left_out++;
	}
	add_controls(s, layout, out);
	return PW_OK;
}

static pw_status append_stamped(pw_lab *lab, const char *plate, const pw_plate_content *source,
				const pw_layout *layout, const pw_assay *assay, const stamping *s,
				pw_err *err)
{
	char layout_hash[PW_HASH_HEX], assay_hash[PW_HASH_HEX];
	pw_hash_hex(&layout->hash, layout_hash);
	pw_hash_hex(pw_assay_hash(assay), assay_hash);
	const pw_plate_stamped fact = {.plate = plate,
				       .source = source->plate.plate,
				       .wells = source->plate.wells,
				       .layout = layout->name,
				       .layout_hash = layout_hash,
				       .assay = pw_assay_name(assay),
				       .assay_hash = assay_hash,
				       .content = s->items,
				       .content_count = s->item_count};
	const pw_pools_stamped pools = {.plate = plate,
					.source = source->plate.plate,
					.pools = s->pools,
					.pools_count = s->pool_count};
	pw_status rc = pw_plate_stamped_append(lab->store, &fact, err);
	if (rc == PW_OK && s->pool_count > 0)
		rc = pw_pools_stamped_append(lab->store, &pools, err);
	return rc;
}

static pw_status stamp(pw_lab *lab, pw_arena *arena, const char *plate, const char *source_scan,
		       const char *assay_name, pw_stamped *out, pw_err *err)
{
	pw_plate_content source;
	const pw_layout *layout;
	const pw_assay *assay;
	char source_plate[64];
	stamping *s = pw_arena_alloc(arena, sizeof(*s));
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
		rc = gather(lab, arena, &source, layout, s, out, err);
	if (rc == PW_OK && out->tubes + out->pools == 0)
		rc = pw_refuse(
			err, "nothing-to-stamp",
			"nothing on plate '%s' waits for a PCR: 'poolwell resolve list' shows "
			"what does",
			source.plate.plate);
	return rc != PW_OK ? rc : append_stamped(lab, plate, &source, layout, assay, s, err);
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

/* What goes back when the plate is lost. */
typedef struct returning {
	pw_plate_voided_item tubes[PW_MAX_WELLS];
	pw_pools_returned_item pools[PW_MAX_WELLS];
	size_t tube_count, pool_count;
} returning;

/* False when the tube or pool does not wait for this plate: another one will answer, or it has its answer. */
static bool goes_back(const pw_plate_wells_row *well, bool pcr, const pw_elsewhere *other)
{
	bool extract_lost = !pcr && repeats_pcr(well) && !other->extracted_later;
	return (is_plated(well) && !other->waits) || extract_lost;
}

static void put_back(returning *r, const pw_plate_wells_row *well, bool pcr)
{
	bool untouched = !pcr && well->attempts.value == 0 && well->next == NULL;
	const char *next = untouched ? NULL : pcr ? "repeat-pcr" : "re-extract";
	if (well->pool != NULL)
		r->pools[r->pool_count++] = (pw_pools_returned_item){
			.pool = well->pool, .state = untouched ? "made" : "retest", .next = next};
	else
		r->tubes[r->tube_count++] =
			(pw_plate_voided_item){.tube = well->tube,
					       .state = untouched ? "received" : "retest",
					       .next = next};
}

static pw_status gather_returning(pw_lab *lab, pw_arena *arena, const pw_plate_content *content,
				  returning *r, pw_err *err)
{
	bool pcr = strcmp(content->plate.kind, "pcr") == 0;
	for (size_t i = 0; i < content->well_count; i++) {
		const pw_plate_wells_row *well = &content->wells[i];
		const char *code = pw_lab_specimen(well);
		pw_elsewhere other;
		if (code == NULL)
			continue;
		pw_status rc =
			pw_lab_elsewhere(lab, arena, code, content->plate.plate, &other, err);
		if (rc != PW_OK)
			return rc;
		if (goes_back(well, pcr, &other))
			put_back(r, well, pcr);
	}
	return PW_OK;
}

static pw_status append_voided(pw_lab *lab, const char *plate, const returning *r, pw_err *err)
{
	const pw_plate_voided tubes = {
		.plate = plate, .tubes = r->tubes, .tubes_count = r->tube_count};
	const pw_pools_returned pools = {
		.plate = plate, .pools = r->pools, .pools_count = r->pool_count};
	pw_status rc = pw_plate_voided_append(lab->store, &tubes, err);
	if (rc == PW_OK && r->pool_count > 0)
		rc = pw_pools_returned_append(lab->store, &pools, err);
	return rc;
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

pw_status pw_lab_void_plate(pw_lab *lab, const char *plate, int *out_returned, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_plate_content content;
	returning *r = pw_arena_alloc(&arena, sizeof(*r));
	char barcode[64];
	pw_status rc = pw_lab_need_reason(lab, "voiding a plate", err);
	if (rc == PW_OK && (rc = pw_lab_begin(lab, err)) == PW_OK) {
		rc = pw_lab_barcode(plate, barcode, NULL, err);
		if (rc == PW_OK)
			rc = pw_lab_plate_content(lab, &arena, barcode, &content, err);
		if (rc == PW_OK)
			rc = check_voidable(lab, &arena, &content, err);
		if (rc == PW_OK)
			rc = gather_returning(lab, &arena, &content, r, err);
		if (rc == PW_OK)
			rc = append_voided(lab, content.plate.plate, r, err);
		rc = pw_lab_end_scan(lab, rc, "voiding a plate", plate, err);
	}
	if (rc == PW_OK)
		*out_returned = (int)(r->tube_count + r->pool_count);
	pw_arena_clear(&arena);
	return rc;
}
