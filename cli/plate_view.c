#include "cli/plate_view.h"

#include <stdio.h>
#include <string.h>

#include "cli/open.h"
#include "cli/pictures/plate.h"

/* Everything that is drawn, before it is put into wells. */
typedef struct view {
	pw_ctx *ctx;
	pw_plate_find_row plate;
	pw_plate_format format;
	const pw_layout *layout;
	pw_picture_well wells[PW_MAX_WELLS];
	int index[PW_MAX_WELLS]; /* by position: the place in wells + 1, 0: none */
	size_t count;
} view;

pw_status pw_plate_view_find(pw_ctx *ctx, const char *scan, pw_plate_find_row *out, pw_err *err)
{
	bool found = false;
	pw_status rc =
		pw_q_plate_find(pw_ctx_store(ctx), pw_ctx_arena(ctx), scan, out, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_NOT_FOUND,
			     "no plate '%s': 'poolwell plate list --all' shows all plates", scan);
	return rc;
}

static pw_picture_well *add(view *v, int64_t position)
{
	pw_picture_well *well = &v->wells[v->count++];
	well->well = pw_well_at((int)position, v->format, PW_BY_ROW);
	v->index[position] = (int)v->count;
	return well;
}

static pw_status add_contents(view *v, pw_err *err)
{
	pw_plate_wells_row *rows;
	size_t count;
	pw_arena *arena = pw_ctx_arena(v->ctx);
	pw_status rc =
		pw_q_plate_wells(pw_ctx_store(v->ctx), arena, v->plate.plate, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		pw_picture_well *well = add(v, rows[i].position);
		const char *specimen = rows[i].tube != NULL ? rows[i].tube : rows[i].pool;
		well->state = specimen != NULL ? PW_PICTURE_SPECIMEN : PW_PICTURE_CONTROL;
		well->label = specimen != NULL ? specimen : rows[i].control;
		if (rows[i].pool_tubes.has)
			well->sub_label = pw_arena_printf(arena, "pool of %lld",
							  (long long)rows[i].pool_tubes.value);
		if (rows[i].swabs.has)
			well->sub_label = pw_arena_printf(arena, "%lld swab%s",
							  (long long)rows[i].swabs.value,
							  rows[i].swabs.value == 1 ? "" : "s");
	}
	return rc;
}

/* Wells that the layout keeps for controls or keeps free. */
static void add_kept(view *v)
{
	for (int i = 0; i < pw_plate_wells(v->format); i++) {
		pw_well well = pw_well_at(i, v->format, PW_BY_ROW);
		if (v->index[i] == 0 && !pw_layout_is_specimen_well(v->layout, well))
			add(v, i)->state = PW_PICTURE_FREE;
	}
}

static void add_cq(pw_picture_well *well, pw_arena *arena, const pw_run_readings_row *reading)
{
	for (int i = 0; i < PW_PICTURE_LINES; i++)
		if (well->lines[i] == NULL) {
			well->lines[i] =
				reading->cq.has ? pw_arena_printf(arena, "%s %.1f", reading->target,
								  reading->cq.value)
						: pw_arena_printf(arena, "%s –", reading->target);
			return;
		}
}

/* Target by target in the order of the assay, which is how people say them. */
static pw_status add_readings(view *v, int64_t run, pw_err *err)
{
	pw_run_readings_row *readings;
	size_t count;
	const pw_assay *assay;
	pw_status rc = pw_q_run_readings(pw_ctx_store(v->ctx), pw_ctx_arena(v->ctx), run, &readings,
					 &count, err);
	if (rc == PW_OK)
		rc = pw_lab_assay_of(pw_ctx_lab(v->ctx), v->plate.assay_hash, &assay, err);
	if (rc != PW_OK)
		return rc;
	for (size_t t = 0; t < pw_assay_target_count(assay); t++)
		for (size_t i = 0; i < count; i++)
			if (v->index[readings[i].position] > 0 &&
			    strcmp(readings[i].target, pw_assay_target_name(assay, t)) == 0)
				add_cq(&v->wells[v->index[readings[i].position] - 1],
				       pw_ctx_arena(v->ctx), &readings[i]);
	return PW_OK;
}

static void add_call(view *v, int64_t position, const char *call, bool held)
{
	if (v->index[position] == 0)
		return;
	pw_picture_well *well = &v->wells[v->index[position] - 1];
	pw_call_parse(call, &well->call);
	well->held = held;
}

static pw_status add_run(view *v, int64_t run, pw_err *err)
{
	pw_run_controls_row *controls;
	pw_run_calls_row *calls;
	pw_run_pool_calls_row *pools;
	size_t n_controls = 0, n_calls = 0, n_pools = 0;
	pw_store *store = pw_ctx_store(v->ctx);
	pw_arena *arena = pw_ctx_arena(v->ctx);
	pw_status rc = pw_q_run_controls(store, arena, run, &controls, &n_controls, err);
	if (rc == PW_OK)
		rc = pw_q_run_calls(store, arena, run, &calls, &n_calls, err);
	if (rc == PW_OK)
		rc = pw_q_run_pool_calls(store, arena, run, &pools, &n_pools, err);
	if (rc != PW_OK)
		return rc;
	for (size_t i = 0; i < n_controls; i++)
		if (v->index[controls[i].position] > 0)
			v->wells[v->index[controls[i].position] - 1].verdict =
				controls[i].passed == 1 ? PW_PICTURE_PASSED : PW_PICTURE_FAILED;
	for (size_t i = 0; i < n_calls; i++)
		add_call(v, calls[i].position, calls[i].call, calls[i].held != NULL);
	for (size_t i = 0; i < n_pools; i++)
		add_call(v, pools[i].position, pools[i].call, pools[i].held != NULL);
	return add_readings(v, run, err);
}

static pw_status load(view *v, const char *scan, int64_t *out_run, pw_err *err)
{
	pw_run_of_plate_row *runs;
	size_t count = 0;
	*out_run = 0;
	pw_status rc = pw_plate_view_find(v->ctx, scan, &v->plate, err);
	if (rc != PW_OK)
		return rc;
	pw_plate_format_of(v->plate.wells, &v->format);
	rc = pw_lab_layout_of(pw_ctx_lab(v->ctx), v->plate.layout_hash, &v->layout, err);
	if (rc == PW_OK)
		rc = add_contents(v, err);
	if (rc == PW_OK)
		rc = pw_q_run_of_plate(pw_ctx_store(v->ctx), pw_ctx_arena(v->ctx), v->plate.plate,
				       &runs, &count, err);
	if (rc != PW_OK)
		return rc;
	add_kept(v);
	if (count == 0)
		return PW_OK;
	*out_run = runs[count - 1].run;
	return add_run(v, *out_run, err);
}

static const char *footer(view *v)
{
	pw_head head;
	char text[40], when[32];
	pw_lab *lab = pw_ctx_lab(v->ctx);
	pw_clock clock = pw_lab_clock(lab);
	pw_time_format_local(pw_clock_now(&clock), when);
	if (pw_store_head(pw_lab_store(lab), &head, NULL) != PW_OK)
		return NULL;
	pw_head_format(&head, text);
	return pw_arena_printf(pw_ctx_arena(v->ctx), "%s · %s · journal %s", pw_lab_name(lab), when,
			       text);
}

pw_status pw_plate_view_draw(pw_ctx *ctx, const char *scan, pw_canvas_format format, double dpi,
			     pw_str *out, pw_err *err)
{
	pw_arena *arena = pw_ctx_arena(ctx);
	view *v = pw_arena_alloc(arena, sizeof(*v));
	const char *lines[PW_PICTURE_SUBTITLES];
	pw_filled next;
	int64_t run;
	size_t n = 0;
	v->ctx = ctx;
	pw_status rc = load(v, scan, &run, err);
	if (rc != PW_OK)
		return rc;
	pw_plate_picture p = PW_PLATE_PICTURE_INIT;
	p.title = pw_lab_name(pw_ctx_lab(ctx));
	p.barcode = v->plate.plate;
	p.kind = strcmp(v->plate.kind, "pcr") == 0 ? "PCR plate" : "extraction plate";
	if (v->plate.assay != NULL)
		lines[n++] = pw_arena_printf(arena, "assay %s", v->plate.assay);
	if (v->plate.source != NULL)
		lines[n++] = pw_arena_printf(arena, "stamped from %s", v->plate.source);
	if (run > 0)
		lines[n++] = pw_arena_printf(arena, "run %lld", (long long)run);
	p.subtitles = lines;
	p.subtitle_count = n;
	p.format = v->format;
	p.order = v->layout->order;
	p.wells = v->wells;
	p.well_count = v->count;
	p.footer = footer(v);
	if (strcmp(v->plate.state, "filling") == 0 &&
	    pw_lab_next_well(pw_ctx_lab(ctx), v->plate.plate, &next, NULL) == PW_OK && !next.full) {
		p.has_next = true;
		p.next = next.next;
	}
	return pw_plate_picture_draw(&p, format, dpi, out, err);
}
