#include "core/exchange/run_writer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/csv.h"

#define NEWLINE "\r\n"

/* ------------------------------------------------------ Applied Biosystems */

/* "1,250.000": three decimals, thousands in groups, in every locale. */
static void add_fixed(pw_str *out, double value)
{
	char digits[32];
	if (!(fabs(value) < 1e12)) { /* nothing that an instrument measures */
		pw_format_real(value, digits);
		pw_str_add(out, digits);
		return;
	}
	long long milli = llround(fabs(value) * 1000);
	int n = snprintf(digits, sizeof(digits), "%lld", milli / 1000);
	if (value < 0 && milli > 0)
		pw_str_add_char(out, '-');
	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			pw_str_add_char(out, ',');
		pw_str_add_char(out, digits[i]);
	}
	pw_str_addf(out, ".%03d", (int)(milli % 1000));
}

/* One line of the header; a value is one line and never empty. */
static void add_key(pw_str *out, const char *key, const char *value)
{
	pw_str_addf(out, "* %s = ", key);
	if (value[0] == '\0')
		pw_str_add(out, "NA");
	for (const char *p = value; *p != '\0';) {
		size_t n = strcspn(p, "\r\n");
		pw_str_add_n(out, p, n);
		p += n;
		if (*p != '\0') {
			pw_str_add_char(out, ' ');
			p++;
		}
	}
	pw_str_add(out, NEWLINE);
}

/* "2010-10-01 01:44:54 AM UTC" */
static void format_end(pw_time at, char out[40])
{
	char utc[32];
	out[0] = '\0';
	if (at == 0)
		return;
	pw_time_format_utc(at, utc);
	bool am = (utc[11] - '0') * 10 + (utc[12] - '0') < 12;
	snprintf(out, 40, "%.10s %.8s %s UTC", utc, utc + 11, am ? "AM" : "PM");
}

static void add_header(const pw_run_file *run, pw_str *out)
{
	char end[40];
	bool large = pw_plate_wells(run->plate) == 384;
	format_end(run->ended_at, end);
	add_key(out, "Block Type", large ? "384-Well Block" : "96-Well Block (0.2mL)");
	add_key(out, "Chemistry", "TAQMAN");
	add_key(out, "Experiment Barcode", run->barcode);
	add_key(out, "Experiment Comment", "");
	add_key(out, "Experiment File Name", "");
	add_key(out, "Experiment Name", run->name);
	add_key(out, "Experiment Run End Time", end);
	add_key(out, "Experiment Type", "Presence/Absence");
	add_key(out, "Instrument Name", run->serial);
	add_key(out, "Instrument Serial Number", run->serial);
	add_key(out, "Instrument Type", run->instrument);
	add_key(out, "Passive Reference", "ROX");
	add_key(out, "Quantification Cycle Method", "Ct");
	add_key(out, "Signal Smoothing On", "true");
	if (run->software[0] != '\0')
		add_key(out, "Software Version", run->software);
	add_key(out, "Stage/ Cycle where Analysis is performed", "Stage 3, Step 2");
	add_key(out, "User Name", "");
	pw_str_add(out, NEWLINE);
}

static const char *quantstudio_task(const pw_reading *r)
{
	static const char *const words[] = {
		[PW_TASK_UNKNOWN] = "UNKNOWN",
		[PW_TASK_NTC] = "NTC",
		[PW_TASK_POSITIVE] = "POSITIVE_CONTROL",
		[PW_TASK_STANDARD] = "STANDARD",
		[PW_TASK_OTHER] = "",
	};
	return r->task_text[0] != '\0' ? r->task_text : words[r->task];
}

static void add_cell(pw_str *out, const char *text)
{
	pw_csv_write(out, text, '\t');
	pw_str_add_char(out, '\t');
}

/* "13<tab>B1<tab>" */
static void add_well(const pw_run_file *run, pw_well well, pw_str *out)
{
	char name[8];
	pw_well_name(well, name);
	pw_str_addf(out, "%d\t%s\t", pw_well_index(well, run->plate, PW_BY_ROW) + 1, name);
}

static void add_setup(const pw_run_file *run, pw_str *out)
{
	pw_str_add(out, "[Sample Setup]" NEWLINE);
	pw_str_add(out, "Well\tWell Position\tSample Name\tSample Color\tTarget Name\t"
			"Target Color\tTask\tReporter\tQuencher\tComments" NEWLINE);
	for (size_t i = 0; i < run->reading_count; i++) {
		const pw_reading *r = &run->readings[i];
		add_well(run, r->well, out);
		add_cell(out, r->sample);
		pw_str_add(out, "\"RGB(0,139,69)\"\t");
		add_cell(out, r->target);
		pw_str_add(out, "\"RGB(0,0,255)\"\t");
		add_cell(out, quantstudio_task(r));
		add_cell(out, r->reporter);
		pw_str_add(out, "NFQ-MGB\t" NEWLINE);
	}
}

static void add_curves(const pw_run_file *run, pw_str *out)
{
	if (run->curve_count == 0)
		return;
	pw_str_add(out, "[Amplification Data]" NEWLINE);
	pw_str_add(out, "Well\tCycle\tTarget Name\tRn\tDelta Rn" NEWLINE);
	for (size_t i = 0; i < run->curve_count; i++) {
		const pw_curve *c = &run->curves[i];
		for (size_t k = 0; k < c->cycles; k++) {
			pw_str_addf(out, "%d\t%zu\t",
				    pw_well_index(c->well, run->plate, PW_BY_ROW) + 1, k + 1);
			add_cell(out, c->target);
			add_fixed(out, c->value[k] + 1);
			pw_str_add_char(out, '\t');
			add_fixed(out, c->value[k]);
			pw_str_add(out, NEWLINE);
		}
	}
}

static void add_results(const pw_run_file *run, pw_str *out)
{
	static const char *const amp[] = {
		[PW_AMP_UNKNOWN] = "",
		[PW_AMP_YES] = "Amp",
		[PW_AMP_NO] = "No Amp",
		[PW_AMP_INCONCLUSIVE] = "Inconclusive",
	};
	pw_str_add(out, "[Results]" NEWLINE);
	pw_str_add(
		out,
		"Well\tWell Position\tOmit\tSample Name\tTarget Name\tTask\tReporter\tQuencher\tRn\t"
		"Rn Mean\tRn SD\tThreshold Value\tCall\tComments\tAutomatic Ct Threshold\t"
		"Ct Threshold\tAutomatic Baseline\tBaseline Start\tBaseline End\tCT\tAmp Score\t"
		"Cq Conf\tAmp Status\tNOAMP\tEXPFAIL" NEWLINE);
	for (size_t i = 0; i < run->reading_count; i++) {
		const pw_reading *r = &run->readings[i];
		add_well(run, r->well, out);
		pw_str_add(out, r->omitted ? "true\t" : "false\t");
		add_cell(out, r->sample);
		add_cell(out, r->target);
		add_cell(out, quantstudio_task(r));
		add_cell(out, r->reporter);
		pw_str_add(out, "NFQ-MGB\t\t\t\t\t");
		add_cell(out, r->vendor_call);
		pw_str_add(out, "\tfalse\t0.200\ttrue\t3\t15\t");
		if (r->has_cq)
			add_fixed(out, r->cq);
		else
			pw_str_add(out, "Undetermined");
		pw_str_addf(out, "\t\t\t%s\t%s\tN" NEWLINE, amp[r->amp],
			    r->amp == PW_AMP_NO ? "Y" : "N");
	}
}

void pw_quantstudio_write(const pw_run_file *run, pw_str *out)
{
	add_header(run, out);
	add_setup(run, out);
	add_curves(run, out);
	add_results(run, out);
}

/* ------------------------------------------------------------- Bio-Rad CFX */

static const char *cfx_content(const pw_reading *r)
{
	static const char *const words[] = {
		[PW_TASK_UNKNOWN] = "Unkn", [PW_TASK_NTC] = "NTC", [PW_TASK_POSITIVE] = "Pos Ctrl",
		[PW_TASK_STANDARD] = "Std", [PW_TASK_OTHER] = "",
	};
	return r->task_text[0] != '\0' ? r->task_text : words[r->task];
}

static void add_cfx_cell(pw_str *out, const char *text)
{
	pw_csv_write(out, text, ',');
	pw_str_add_char(out, ',');
}

static void add_cfx_row(const pw_reading *r, pw_str *out)
{
	char cq[32];
	pw_str_addf(out, ",%c%02d,", 'A' + r->well.row, r->well.col + 1);
	add_cfx_cell(out, r->reporter);
	add_cfx_cell(out, r->target);
	add_cfx_cell(out, cfx_content(r));
	add_cfx_cell(out, r->sample);
	if (r->has_cq) {
		pw_format_real(r->cq, cq);
		pw_str_addf(out, ",%s,%s,0,NaN,NaN,NaN,NaN,60," NEWLINE, cq, cq);
	} else {
		pw_str_add(out, ",NaN,0,0,NaN,NaN,0,0,60," NEWLINE);
	}
}

/* Whether no reading in front of `i` has its reporter. */
static bool is_first_of_reporter(const pw_run_file *run, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(run->readings[j].reporter, run->readings[i].reporter) == 0)
			return false;
	return true;
}

void pw_cfx_cq_write(const pw_run_file *run, pw_str *out)
{
	pw_str_add(out, ",Well,Fluor,Target,Content,Sample,Biological Set Name,Cq,Cq Mean,Cq Std. "
			"Dev,Starting Quantity (SQ),Log Starting Quantity,SQ Mean,SQ Std. Dev,Set "
			"Point,Well Note" NEWLINE);
	for (size_t i = 0; i < run->reading_count; i++) {
		if (!is_first_of_reporter(run, i))
			continue;
		for (size_t j = i; j < run->reading_count; j++)
			if (!run->readings[j].omitted &&
			    strcmp(run->readings[j].reporter, run->readings[i].reporter) == 0)
				add_cfx_row(&run->readings[j], out);
	}
}

static bool has_reporter(const pw_run_file *run, const pw_curve *curve, const char *reporter)
{
	for (size_t i = 0; i < run->reading_count; i++) {
		const pw_reading *r = &run->readings[i];
		if (pw_well_eq(r->well, curve->well) && strcmp(r->target, curve->target) == 0)
			return strcmp(r->reporter, reporter) == 0;
	}
	return false;
}

/* The curve of the dye in the well, or NULL. */
static const pw_curve *find_curve(const pw_run_file *run, pw_well well, const char *reporter)
{
	for (size_t i = 0; i < run->curve_count; i++)
		if (pw_well_eq(run->curves[i].well, well) &&
		    has_reporter(run, &run->curves[i], reporter))
			return &run->curves[i];
	return NULL;
}

void pw_cfx_amplification_write(const pw_run_file *run, const char *reporter, pw_str *out)
{
	const pw_curve *curves[PW_MAX_WELLS];
	size_t count = 0, cycles = 0;
	pw_str_add(out, ",Cycle");
	for (int w = 0; w < pw_plate_wells(run->plate); w++) {
		char name[8];
		pw_well well = pw_well_at(w, run->plate, PW_BY_ROW);
		const pw_curve *curve = find_curve(run, well, reporter);
		if (curve == NULL)
			continue;
		pw_well_name(well, name);
		pw_str_addf(out, ",%s", name);
		curves[count++] = curve;
		if (curve->cycles > cycles)
			cycles = curve->cycles;
	}
	pw_str_add(out, NEWLINE);
	for (size_t k = 0; k < cycles; k++) {
		pw_str_addf(out, ",%zu", k + 1);
		for (size_t i = 0; i < count; i++) {
			char value[32] = "";
			if (k < curves[i]->cycles)
				pw_format_real(curves[i]->value[k], value);
			pw_str_addf(out, ",%s", value);
		}
		pw_str_add(out, NEWLINE);
	}
}

void pw_cfx_file_name(const char *run_name, const char *sheet, const char *reporter, pw_str *out)
{
	pw_str_addf(out, "%s -  Quantification %s", run_name, sheet);
	if (reporter[0] != '\0')
		pw_str_addf(out, "_%s", reporter);
	pw_str_add(out, ".csv");
}
