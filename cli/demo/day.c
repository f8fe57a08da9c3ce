/* The morning: roster, swabbing, boxes. */
#include "cli/demo/demo.h"

#include <stdio.h>
#include <string.h>

#include "cli/file.h"

void pw_demo_pass(pw_demo *d, pw_time duration)
{
	d->now += duration;
}

pw_status pw_demo_write(pw_demo *d, const char *name, const pw_str *bytes, pw_err *err)
{
	const char *path = pw_arena_printf(pw_ctx_arena(d->ctx), "%s/%s", d->dir, name);
	return pw_file_write(path, bytes->ptr, bytes->len, true, err);
}

/* A file that somebody sends: it is kept in the folder and imported from memory. */
static pw_status roster(pw_demo *d, const pw_str *csv, pw_err *err)
{
	pw_roster_opts opts = {.link_known = false};
	pw_roster_outcome outcome;
	pw_report report = PW_REPORT_INIT;
	pw_status rc = pw_lab_import_roster(d->lab, csv->ptr, csv->len, "roster.csv", &opts,
					    &outcome, &report, err);
	if (rc == PW_OK)
		d->f.registered = (int)outcome.registered;
	pw_report_clear(&report);
	return rc;
}

pw_status pw_demo_register(pw_demo *d, pw_err *err)
{
	pw_str csv = PW_STR_INIT;
	pw_world_roster_csv(d->world, &csv);
	pw_status rc = pw_demo_write(d, "roster.csv", &csv, err);
	if (rc == PW_OK)
		rc = roster(d, &csv, err);
	pw_str_clear(&csv);
	return rc;
}

/* ---------------------------------------------------------------- swabbing */

static pw_status do_step(pw_demo *d, const pw_sim_step *step, pw_err *err)
{
	char site[24];
	pw_swab_outcome swab;
	pw_tube_opening opening = {.tube = step->tube, .capacity = step->capacity, .site = site};
	snprintf(site, sizeof(site), "site-%d", step->site);
	switch (step->action) {
	case PW_SIM_OPEN:
		return pw_lab_open_tube(d->lab, &opening, err);
	case PW_SIM_ADD:
		return pw_lab_take_swab(d->lab, step->tube, step->subject, &swab, err);
	default:
		return pw_lab_close_tube(d->lab, step->tube, step->count, err);
	}
}

static pw_status take_step(pw_demo *d, const pw_sim_step *step, pw_err *err)
{
	if (step->at > d->now)
		d->now = step->at;
	pw_status rc = do_step(d, step, err);
	if (step->fault == PW_SIM_RIGHT) {
		d->f.swabs += rc == PW_OK && step->action == PW_SIM_ADD ? 1 : 0;
		d->f.tubes += rc == PW_OK && step->action == PW_SIM_OPEN ? 1 : 0;
		return rc;
	}
	d->f.slips++;
	if (rc == PW_OK)
		return pw_fail(err, PW_ERR_CORRUPT, "the slip '%s' on tube '%s' was let through",
			       pw_sim_fault_name(step->fault), step->tube);
	if (rc != PW_ERR_REFUSED)
		return rc;
	d->f.slips_refused++;
	return PW_OK;
}

static pw_status take_log(pw_demo *d, int site, pw_err *err)
{
	char name[40], id[24];
	pw_str csv = PW_STR_INIT;
	pw_log_outcome outcome;
	pw_report report = PW_REPORT_INIT;
	snprintf(id, sizeof(id), "site-%d", site);
	snprintf(name, sizeof(name), "logs/%s.csv", id);
	pw_world_log_csv(d->world, site, &csv);
	pw_status rc = pw_demo_write(d, name, &csv, err);
	if (rc == PW_OK)
		rc = pw_lab_import_log(d->lab, csv.ptr, csv.len, name, id, &outcome, &report, err);
	if (rc == PW_OK) {
		d->f.swabs += outcome.swabs;
		d->f.tubes += outcome.opened;
	} else if (report.len > 0) {
		pw_fail_ctx(err, rc, "line %d: %s", report.findings[0].line,
			    report.findings[0].text);
	}
	pw_report_clear(&report);
	pw_str_clear(&csv);
	return rc;
}

pw_status pw_demo_collect(pw_demo *d, pw_err *err)
{
	size_t count;
	pw_status rc = pw_world_swab(d->world, NULL, err);
	if (rc != PW_OK)
		return rc;
	const pw_sim_step *steps = pw_world_steps(d->world, &count);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		rc = take_step(d, &steps[i], err);
		pw_progress_at(d->bar, (int64_t)i, (int64_t)count);
	}
	/* Whoever had no network comes back at night with a log. */
	pw_demo_pass(d, 6 * PW_HOUR);
	for (int site = 1; rc == PW_OK && site <= d->sites; site++)
		if (pw_world_site_offline(d->world, site))
			rc = take_log(d, site, err);
	return rc;
}

/* ---------------------------------------------------------------- reception */

static pw_status open_box(pw_demo *d, size_t index, const char *box, pw_err *err)
{
	char name[80];
	pw_str csv = PW_STR_INIT;
	pw_manifest_outcome outcome;
	pw_report report = PW_REPORT_INIT;
	snprintf(name, sizeof(name), "manifests/%.40s.csv", box);
	pw_world_manifest_csv(d->world, index, &csv);
	pw_status rc = pw_demo_write(d, name, &csv, err);
	if (rc == PW_OK)
		rc = pw_lab_import_manifest(d->lab, csv.ptr, csv.len, name, &outcome, &report, err);
	if (rc == PW_OK)
		rc = pw_lab_hand_over(d->lab, box, "driver", "reception", err);
	pw_report_clear(&report);
	pw_str_clear(&csv);
	return rc;
}

static pw_status scan_box(pw_demo *d, const pw_sim_box *box, pw_err *err)
{
	pw_status rc = PW_OK;
	pw_received received;
	int recalled;
	for (size_t i = 0; rc == PW_OK && i < box->arrival_count; i++) {
		const pw_sim_arrival *a = &box->arrivals[i];
		pw_demo_pass(d, 3 * PW_SECOND);
		rc = a->leaking ? pw_lab_reject_tube(d->lab, a->tube, "leaking", &recalled, err)
				: pw_lab_receive_tube(d->lab, a->tube, box->box, &received, err);
		d->f.rejected += a->leaking ? 1 : 0;
		d->f.received += a->leaking ? 0 : 1;
	}
	return rc;
}

pw_status pw_demo_receive(pw_demo *d, pw_err *err)
{
	size_t count;
	const pw_sim_box *boxes = pw_world_boxes(d->world, &count);
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		if (boxes[i].at > d->now)
			d->now = boxes[i].at;
		rc = open_box(d, i, boxes[i].box, err);
		if (rc == PW_OK)
			rc = scan_box(d, &boxes[i], err);
		d->f.boxes++;
		pw_progress_at(d->bar, (int64_t)i, (int64_t)count);
	}
	/* Closed when all are in: a tube that is missing in one box is extra in the next. */
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		pw_box_count c;
		rc = pw_lab_close_box(d->lab, boxes[i].box, &c, err);
	}
	return rc;
}
