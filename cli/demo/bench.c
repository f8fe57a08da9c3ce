/* The bench: extraction plates, PCR plates, instruments; and people who come a second time. */
#include "cli/demo/demo.h"

#include <stdio.h>
#include <string.h>

#include "cli/open.h"
#include "cli/plate_view.h"
#include "core/exchange/run_writer.h"
#include "pw_sql.h"

#define ASSAY  "cn-orf1ab-n"
#define LAYOUT "std96"

/* The assay's targets, as the simulated instrument measures them. */
static const pw_sim_target targets[] = {
	{.name = "ORF1ab", .role = PW_SIM_VIRAL, .reporter = "FAM"},
	{.name = "N", .role = PW_SIM_VIRAL, .reporter = "ROX", .offset = -0.3},
	{.name = "IC", .role = PW_SIM_INTERNAL, .reporter = "Cy5"},
};
#define TARGETS (sizeof(targets) / sizeof(targets[0]))

/* ---------------------------------------------------------------- the instrument */

static pw_sim_content content_of(const pw_plate_wells_row *well)
{
	if (well->tube != NULL)
		return PW_SIM_TUBE;
	if (well->pool != NULL)
		return PW_SIM_POOL;
	if (strcmp(well->control, "NTC") == 0)
		return PW_SIM_NTC;
	return strcmp(well->control, "PC") == 0 ? PW_SIM_PC : PW_SIM_NEC;
}

/* What is in a pool, as the bench made it. */
static pw_status describe_pool(pw_demo *d, pw_arena *arena, const char *pool, pw_sim_well *well,
			       pw_err *err)
{
	pw_pool_aliquots_row *rows;
	size_t count;
	pw_status rc = pw_q_pool_aliquots(pw_lab_store(d->lab), arena, pool, &rows, &count, err);
	if (rc != PW_OK)
		return rc;
	const char **tubes = pw_arena_array(arena, count, sizeof(*tubes));
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].state, "pipetted") == 0)
			tubes[well->tube_count++] = rows[i].tube;
	well->tube = pool;
	well->tubes = tubes;
	return PW_OK;
}

static pw_status describe_plate(pw_demo *d, pw_arena *arena, const char *plate, pw_sim_plate *out,
				pw_err *err)
{
	pw_plate_wells_row *rows;
	size_t count;
	pw_status rc = pw_q_plate_wells(pw_lab_store(d->lab), arena, plate, &rows, &count, err);
	if (rc != PW_OK)
		return rc;
	pw_sim_well *wells = pw_arena_array(arena, count, sizeof(*wells));
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		wells[i].well = pw_well_at((int)rows[i].position, PW_PLATE_96, PW_BY_ROW);
		wells[i].content = content_of(&rows[i]);
		wells[i].tube = rows[i].tube;
		wells[i].extraction_plate = rows[i].source;
		if (rows[i].source != NULL)
			wells[i].extraction_well = pw_well_at((int)rows[i].source_position.value,
							      PW_PLATE_96, PW_BY_ROW);
		if (rows[i].pool != NULL)
			rc = describe_pool(d, arena, rows[i].pool, &wells[i], err);
	}
	*out = (pw_sim_plate){.barcode = plate,
			      .run = plate,
			      .format = PW_PLATE_96,
			      .wells = wells,
			      .count = count};
	return rc;
}

/* Keeps what the instrument wrote, under the names that its kind gives; *main_name lives in the arena. */
static pw_status keep_files(pw_demo *d, pw_arena *arena, const char *plate, pw_sim_instrument kind,
			    const pw_sim_files *files, const char **main_name, pw_err *err)
{
	pw_str name = PW_STR_INIT;
	pw_str_add(&name, "runs/");
	if (kind == PW_SIM_CFX)
		pw_cfx_file_name(plate, "Cq Results", "", &name);
	else
		pw_str_addf(&name, "%s.txt", plate);
	*main_name = pw_arena_strdup(arena, name.ptr);
	pw_status rc = pw_demo_write(d, name.ptr, &files->main, err);
	for (size_t i = 0; rc == PW_OK && i < files->curve_count; i++) {
		pw_str_truncate(&name, strlen("runs/"));
		pw_cfx_file_name(plate, "Amplification Results", files->curves[i].reporter, &name);
		rc = pw_demo_write(d, name.ptr, &files->curves[i].text, err);
	}
	pw_str_clear(&name);
	return rc;
}

static pw_status draw(pw_demo *d, const char *plate, pw_err *err)
{
	char name[64];
	pw_str picture = PW_STR_INIT;
	pw_status rc = pw_plate_view_draw(d->ctx, plate, PW_CANVAS_SVG, 150, &picture, err);
	snprintf(name, sizeof(name), "plates/%.20s.svg", plate);
	if (rc == PW_OK)
		rc = pw_demo_write(d, name, &picture, err);
	pw_str_clear(&picture);
	return rc;
}

/* The plate goes into an instrument, and its file comes back. Instruments take turns. */
static pw_status run_plate(pw_demo *d, const char *plate, int *out_tested, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_sim_plate sim;
	pw_sim_files files = PW_SIM_FILES_INIT;
	pw_sim_instrument kind = d->f.pcr_plates % 2 == 0 ? PW_SIM_QUANTSTUDIO : PW_SIM_CFX;
	pw_run_opts opts = {.plate = NULL};
	pw_run_outcome outcome;
	pw_report report = PW_REPORT_INIT;
	const char *name = NULL;
	d->f.pcr_plates++;
	pw_demo_pass(d, 80 * PW_MINUTE);
	pw_status rc = describe_plate(d, &arena, plate, &sim, err);
	if (rc == PW_OK)
		rc = pw_world_run(d->world, &sim, targets, TARGETS, kind, d->now, &files, err);
	if (rc == PW_OK)
		rc = keep_files(d, &arena, plate, kind, &files, &name, err);
	if (rc == PW_OK)
		rc = pw_lab_import_run(d->lab, files.main.ptr, files.main.len, name, &opts,
				       &outcome, &report, err);
	if (rc == PW_OK) {
		d->f.tests += outcome.tests;
		d->f.pool_tests += outcome.pools;
		d->f.held += outcome.held;
		d->f.controls_failed += outcome.controls_failed;
		*out_tested += outcome.tests;
		rc = draw(d, plate, err);
	} else if (report.len > 0) {
		pw_fail_ctx(err, rc, "%s", report.findings[0].text);
	}
	pw_report_clear(&report);
	pw_sim_files_clear(&files);
	pw_arena_clear(&arena);
	return rc;
}

/* ---------------------------------------------------------------- plates */

static const char *new_plate(pw_demo *d, char kind)
{
	return pw_arena_printf(pw_ctx_arena(d->ctx), "%c%04d", kind, ++d->next_plate);
}

static pw_status stamp_and_run(pw_demo *d, const char *source, int *out_tested, pw_err *err)
{
	pw_stamped stamped;
	const char *plate = new_plate(d, 'Q');
	pw_demo_pass(d, 5 * PW_MINUTE);
	pw_status rc = pw_lab_stamp_plate(d->lab, plate, source, ASSAY, &stamped, err);
	return rc != PW_OK ? rc : run_plate(d, plate, out_tested, err);
}

/* What a tired hand does once a plate: a tube that is on it already, and one of another laboratory. */
static pw_status slip(pw_demo *d, const char *plate, const char *tube, pw_err *err)
{
	pw_filled filled;
	const char *const scans[] = {tube, "ELSEWHERE-1"};
	for (size_t i = 0; i < 2; i++) {
		d->f.slips++;
		pw_status rc = pw_lab_fill_well(d->lab, plate, scans[i], NULL, &filled, err);
		if (rc == PW_OK)
			return pw_fail(err, PW_ERR_CORRUPT, "a wrong scan of '%s' was let through",
				       scans[i]);
		if (rc != PW_ERR_REFUSED)
			return rc;
		d->f.slips_refused++;
	}
	return PW_OK;
}

/* Goes on in the list to what still waits: the plates before may have decided some of it. */
static pw_status next_waiting(pw_demo *d, const char *const *codes, size_t count, size_t *at,
			      pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_tube_find_row tube;
	bool found, decided = true;
	pw_status rc = PW_OK;
	while (rc == PW_OK && decided && *at < count) {
		rc = pw_q_tube_find(pw_lab_store(d->lab), &arena, codes[*at], &tube, &found, err);
		decided = rc == PW_OK && found && strcmp(tube.state, "received") != 0 &&
			  strcmp(tube.state, "retest") != 0;
		*at += decided ? 1 : 0;
	}
	pw_arena_clear(&arena);
	return rc;
}

/* Fills one plate from the list, the first of which waits; *from becomes the next place in it. */
static pw_status fill_plate(pw_demo *d, const char *plate, const char *const *codes, size_t count,
			    size_t *from, pw_err *err)
{
	pw_filled filled = {.full = false};
	const char *first = codes[*from];
	pw_status rc = pw_lab_create_plate(d->lab, plate, LAYOUT, err);
	int sealed;
	while (rc == PW_OK && *from < count && !filled.full) {
		pw_demo_pass(d, 4 * PW_SECOND);
		rc = pw_lab_fill_well(d->lab, plate, codes[*from], NULL, &filled, err);
		++*from;
		if (rc == PW_OK)
			rc = next_waiting(d, codes, count, from, err);
	}
	if (rc == PW_OK && !filled.full)
		rc = slip(d, plate, first, err);
	if (rc == PW_OK)
		rc = pw_lab_seal_plate(d->lab, plate, &sealed, err);
	d->f.extraction_plates++;
	pw_demo_pass(d, 40 * PW_MINUTE);
	return rc;
}

static bool repeats_pcr(const char *next)
{
	return next != NULL && strcmp(next, "repeat-pcr") == 0;
}

/* The tubes and laboratory pools that go onto an extraction plate now; pools of one batch side by side. */
static pw_status what_to_extract(pw_demo *d, pw_arena *arena, const char ***out, size_t *count,
				 pw_err *err)
{
	pw_tubes_in_state_row *received;
	pw_tubes_to_retest_row *retest;
	pw_pools_in_state_row *made, *again;
	size_t n = 0, m = 0, p = 0, q = 0;
	pw_store *store = pw_lab_store(d->lab);
	*count = 0;
	pw_status rc = pw_q_tubes_in_state(store, arena, "received", &received, &n, err);
	if (rc == PW_OK)
		rc = pw_q_tubes_to_retest(store, arena, &retest, &m, err);
	if (rc == PW_OK)
		rc = pw_q_pools_in_state(store, arena, "made", &made, &p, err);
	if (rc == PW_OK)
		rc = pw_q_pools_in_state(store, arena, "retest", &again, &q, err);
	if (rc != PW_OK)
		return rc;
	*out = pw_arena_array(arena, n + m + p + q, sizeof(**out));
	for (size_t i = 0; i < p; i++)
		(*out)[(*count)++] = made[i].pool;
	for (size_t i = 0; i < q; i++)
		if (!repeats_pcr(again[i].next))
			(*out)[(*count)++] = again[i].pool;
	for (size_t i = 0; i < n; i++)
		(*out)[(*count)++] = received[i].tube;
	for (size_t i = 0; i < m; i++)
		if (!repeats_pcr(retest[i].next))
			(*out)[(*count)++] = retest[i].tube;
	return PW_OK;
}

/* The newest extraction plate of a tube or a laboratory pool is stamped again. */
static pw_status stamp_again(pw_demo *d, pw_arena *arena, const char *code, int *out_tested,
			     pw_err *err)
{
	pw_wells_of_row *wells;
	const char *source = NULL;
	size_t n;
	pw_status rc = pw_q_wells_of(pw_lab_store(d->lab), arena, code, &wells, &n, err);
	for (size_t k = 0; rc == PW_OK && k < n; k++)
		if (strcmp(wells[k].kind, "extraction") == 0)
			source = wells[k].plate;
	if (rc == PW_OK && source != NULL)
		rc = stamp_and_run(d, source, out_tested, err);
	return rc;
}

/* Extraction plates of which something waits for another PCR. One stamping takes all of a plate along:
 * what stands behind it in the list waits no more. */
static pw_status repeat_pcr(pw_demo *d, pw_arena *arena, int *out_tested, pw_err *err)
{
	pw_tubes_to_retest_row *tubes;
	pw_pools_in_state_row *pools;
	size_t tube_count, pool_count = 0;
	bool found;
	pw_store *store = pw_lab_store(d->lab);
	pw_status rc = pw_q_tubes_to_retest(store, arena, &tubes, &tube_count, err);
	if (rc == PW_OK)
		rc = pw_q_pools_in_state(store, arena, "retest", &pools, &pool_count, err);
	for (size_t i = 0; rc == PW_OK && i < tube_count; i++) {
		pw_tube_find_row tube;
		rc = pw_q_tube_find(store, arena, tubes[i].tube, &tube, &found, err);
		if (rc == PW_OK && strcmp(tube.state, "retest") == 0 && repeats_pcr(tube.next))
			rc = stamp_again(d, arena, tube.tube, out_tested, err);
	}
	for (size_t i = 0; rc == PW_OK && i < pool_count; i++) {
		pw_pool_find_row pool;
		rc = pw_q_pool_find(store, arena, pools[i].pool, &pool, &found, err);
		if (rc == PW_OK && strcmp(pool.state, "retest") == 0 && repeats_pcr(pool.next))
			rc = stamp_again(d, arena, pool.pool, out_tested, err);
	}
	return rc;
}

pw_status pw_demo_test(pw_demo *d, int *out_tested, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	const char **tubes;
	size_t count = 0;
	pw_status rc = repeat_pcr(d, &arena, out_tested, err);
	if (rc == PW_OK && d->design != NULL && !d->planned)
		rc = pw_demo_plan_pools(d, err);
	if (rc == PW_OK && d->design != NULL)
		rc = pw_demo_make_pools(d, err);
	if (rc == PW_OK)
		rc = what_to_extract(d, &arena, &tubes, &count, err);
	for (size_t from = 0; rc == PW_OK && from < count;) {
		rc = next_waiting(d, tubes, count, &from, err);
		if (rc != PW_OK || from == count)
			break;
		const char *plate = new_plate(d, 'E');
		rc = fill_plate(d, plate, tubes, count, &from, err);
		if (rc == PW_OK)
			rc = stamp_and_run(d, plate, out_tested, err);
		pw_progress_at(d->bar, (int64_t)from, (int64_t)count);
	}
	if (rc == PW_OK && d->design != NULL)
		rc = pw_demo_next_wells(d, err);
	pw_arena_clear(&arena);
	return rc;
}

/* ---------------------------------------------------------------- the second swab */

static pw_status swab_again(pw_demo *d, const char *external_id, bool *came, pw_err *err)
{
	char tube[24];
	pw_swab_outcome swab;
	pw_received received;
	snprintf(tube, sizeof(tube), "RS%06d", d->next_tube + 1);
	pw_demo_pass(d, 2 * PW_MINUTE);
	pw_status rc = pw_world_reswab(d->world, external_id, tube, d->now, came, err);
	if (rc != PW_OK || !*came)
		return rc;
	d->next_tube++;
	pw_tube_opening opening = {.tube = tube, .capacity = 1, .site = "site-1"};
	rc = pw_lab_open_tube(d->lab, &opening, err);
	if (rc == PW_OK)
		rc = pw_lab_take_swab(d->lab, tube, external_id, &swab, err);
	if (rc == PW_OK)
		rc = pw_lab_close_tube(d->lab, tube, 1, err);
	if (rc == PW_OK)
		rc = pw_lab_receive_tube(d->lab, tube, NULL, &received, err);
	d->f.reswabs++;
	return rc;
}

pw_status pw_demo_reswab(pw_demo *d, int *out_swabbed, int *out_waiting, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_cursor cursor = {.open = false};
	PW_VEC(const char *) people = PW_VEC_INIT;
	pw_demo_pass(d, 4 * PW_HOUR);
	pw_status rc = pw_q_recalls_open(pw_lab_store(d->lab), &cursor, err);
	while (rc == PW_OK) {
		pw_recalls_row row;
		bool found;
		rc = pw_q_recalls_next(&cursor, &row, &found, err);
		if (rc != PW_OK || !found)
			break;
		pw_vec_push(&people, pw_arena_strdup(&arena, row.external_id));
	}
	pw_cursor_close(&cursor);
	for (size_t i = 0; rc == PW_OK && i < people.len; i++) {
		bool came;
		rc = swab_again(d, people.ptr[i], &came, err);
		*out_swabbed += rc == PW_OK && came ? 1 : 0;
		*out_waiting += rc == PW_OK && !came ? 1 : 0;
		pw_progress_at(d->bar, (int64_t)i, (int64_t)people.len);
	}
	pw_vec_clear(&people);
	pw_arena_clear(&arena);
	return rc;
}
