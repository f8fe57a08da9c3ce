/*
 * Whether an instrument's file is of the plate that it is said to be of: well by well, and every
 * disagreement named. A file is never bent to fit.
 */
#include "core/lab/internal.h"

#include <stdio.h>
#include <string.h>

static const char *well_text(pw_well well, char out[8])
{
	pw_well_name(well, out);
	return out;
}

static const pw_plate_wells_row *well_at(const pw_matched *m, pw_well well)
{
	if (well.row >= m->content.format.rows || well.col >= m->content.format.cols)
		return NULL;
	return m->content.at[pw_well_index(well, m->content.format, PW_BY_ROW)];
}

static const char *holds(const pw_plate_wells_row *row)
{
	return row->control != NULL ? row->control : pw_lab_specimen(row);
}

/* A reading of an empty well that says nothing: some instruments list every well of the block. */
static bool is_blank(const pw_reading *r)
{
	return !r->has_cq && r->sample[0] == '\0' && r->task_text[0] == '\0';
}

static bool check_name(const pw_reading *r, const pw_plate_wells_row *row, pw_report *report)
{
	char name[8];
	if (r->sample[0] == '\0' || pw_text_eq_nocase(r->sample, holds(row)))
		return true;
	/* Instruments call controls what they like; the task says whether it is one. */
	if (row->control != NULL && r->task != PW_TASK_UNKNOWN)
		return true;
	pw_report_add(report, PW_ERROR, "sample-differs", r->line, 0,
		      "well %s: the file says '%s', the plate has '%s'", well_text(r->well, name),
		      r->sample, holds(row));
	return false;
}

static bool check_task(const pw_reading *r, const pw_plate_wells_row *row, pw_report *report)
{
	char name[8];
	bool control = r->task == PW_TASK_NTC || r->task == PW_TASK_POSITIVE ||
		       r->task == PW_TASK_STANDARD;
	if (row->control != NULL || !control)
		return true;
	pw_report_add(report, PW_ERROR, "task-differs", r->line, 0,
		      "well %s: the file says it is a control (%s), the plate has %s '%s'",
		      well_text(r->well, name), r->task_text,
		      row->pool != NULL ? "laboratory pool" : "tube", holds(row));
	return false;
}

/* What is wrong with a well as a whole is said once, not once a target: *good says whether it still is. */
static void take_reading(const pw_run_opts *opts, pw_matched *m, const pw_reading *r, bool *good,
			 pw_report *report)
{
	char name[8];
	const pw_plate_wells_row *row = well_at(m, r->well);
	if (row == NULL) {
		if (*good && !is_blank(r)) {
			*good = false;
			pw_report_add(
				report, PW_ERROR, "well-empty", r->line, 0,
				"well %s: the file has a reading%s%s, and nothing is in it on the "
				"plate",
				well_text(r->well, name), r->sample[0] != '\0' ? " of " : "",
				r->sample);
		}
		return;
	}
	int target = pw_assay_target_find(m->assay, r->target);
	if (target < 0) {
		pw_report_add(report, PW_ERROR, "target-unknown", r->line, 0,
			      "well %s: target '%s' is none of assay '%s'",
			      well_text(r->well, name), r->target, pw_assay_name(m->assay));
		return;
	}
	if (*good && !opts->ignore_names)
		*good = check_name(r, row, report);
	if (*good)
		*good = check_task(r, row, report);
	pw_measure *measure = &m->measures[row->position][target];
	*measure = (pw_measure){
		.present = !r->omitted, .has_cq = r->has_cq, .cq = r->cq, .amp = r->amp};
}

/* A target that the file has under two of its names can't be read as one. */
static void see(const pw_matched *m, const pw_reading *r, bool *seen, pw_report *report)
{
	char name[8];
	int target = pw_assay_target_find(m->assay, r->target);
	if (*seen)
		pw_report_add(report, PW_ERROR, "target-twice", r->line, 0,
			      "well %s: a second reading of %s, called '%s'",
			      well_text(r->well, name),
			      pw_assay_target_name(m->assay, (size_t)target), r->target);
	*seen = true;
}

/* Wells of the plate that the file is silent about. */
static void check_missing(const pw_matched *m, const bool *seen, pw_report *report)
{
	char name[8];
	size_t targets = pw_assay_target_count(m->assay);
	for (size_t i = 0; i < m->content.well_count; i++) {
		const pw_plate_wells_row *row = &m->content.wells[i];
		pw_well well = pw_well_at((int)row->position, m->content.format, PW_BY_ROW);
		size_t read = 0;
		for (size_t t = 0; t < targets; t++)
			read += seen[(size_t)row->position * PW_ASSAY_MAX_TARGETS + t] ? 1 : 0;
		if (read == 0)
			pw_report_add(report, PW_ERROR, "well-missing", 0, 0,
				      "well %s: the plate has '%s', and the file has no reading",
				      well_text(well, name), holds(row));
		for (size_t t = 0; read > 0 && t < targets; t++)
			if (!seen[(size_t)row->position * PW_ASSAY_MAX_TARGETS + t])
				pw_report_add(report, PW_ERROR, "target-missing", 0, 0,
					      "well %s: the file has no reading of %s",
					      well_text(well, name),
					      pw_assay_target_name(m->assay, t));
	}
}

/* How many of the file's sample names would be right if the plate lay the other way round. */
static void look_for_rotation(const pw_matched *m, pw_report *report)
{
	int straight = 0, turned = 0, named = 0;
	pw_plate_format f = m->content.format;
	for (size_t i = 0; i < m->file->reading_count; i++) {
		const pw_reading *r = &m->file->readings[i];
		if (r->sample[0] == '\0' || r->well.row >= f.rows || r->well.col >= f.cols)
			continue;
		pw_well other = {(uint8_t)(f.rows - 1 - r->well.row),
				 (uint8_t)(f.cols - 1 - r->well.col)};
		const pw_plate_wells_row *here = well_at(m, r->well), *there = well_at(m, other);
		named++;
		straight += here != NULL && pw_text_eq_nocase(r->sample, holds(here)) ? 1 : 0;
		turned += there != NULL && pw_text_eq_nocase(r->sample, holds(there)) ? 1 : 0;
	}
	if (named > 3 && turned > straight && turned * 10 >= named * 9)
		pw_report_add(
			report, PW_ERROR, "rotated", 0, 0,
			"the names agree when the plate is turned by 180°: it was probably put "
			"into the instrument the wrong way round");
}

pw_status pw_lab_match(const pw_run_opts *opts, pw_matched *m, pw_report *report, pw_err *err)
{
	bool seen[PW_MAX_WELLS * PW_ASSAY_MAX_TARGETS] = {false};
	size_t before = report->errors;
	bool good = true;
	if (pw_plate_wells(m->file->plate) > pw_plate_wells(m->content.format))
		pw_report_add(report, PW_ERROR, "format-differs", 0, 0,
			      "the file is of a %d-well plate, and plate '%s' has %d wells",
			      pw_plate_wells(m->file->plate), m->content.plate.plate,
			      pw_plate_wells(m->content.format));
	for (size_t i = 0; i < m->file->reading_count; i++) {
		const pw_reading *r = &m->file->readings[i];
		if (i == 0 || !pw_well_eq(m->file->readings[i - 1].well, r->well))
			good = true;
		take_reading(opts, m, r, &good, report);
		const pw_plate_wells_row *row = well_at(m, r->well);
		int target = pw_assay_target_find(m->assay, r->target);
		if (row != NULL && target >= 0)
			see(m, r, &seen[row->position * PW_ASSAY_MAX_TARGETS + target], report);
	}
	check_missing(m, seen, report);
	if (report->errors == before)
		return PW_OK;
	if (!opts->ignore_names)
		look_for_rotation(m, report);
	return pw_refuse(
		err, "file-disagrees",
		"the file and plate '%s' disagree in %zu place%s: is it the file of another "
		"plate? nothing was imported",
		m->content.plate.plate, report->errors - before,
		report->errors - before == 1 ? "" : "s");
}
