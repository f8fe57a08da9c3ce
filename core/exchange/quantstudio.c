#include "core/exchange/quantstudio.h"

#include <stdio.h>
#include <string.h>

#include "core/exchange/quantstudio_table.h"
#include "core/exchange/run_build.h"
#include "core/exchange/run_parse.h"

/* Gives the lines of a text one by one; LF, CRLF and CR end one. */
typedef struct lines {
	const char *at, *end;
	int line; /* of the line given last */
	/* the first line feed not in front of `at`, or `end`; NULL: not looked for */
	const char *lf;
} lines;

static bool next_line(lines *l, pw_slice *out)
{
	if (l->at == l->end)
		return false;
	if (l->lf == NULL || l->lf < l->at) {
		l->lf = memchr(l->at, '\n', (size_t)(l->end - l->at));
		if (l->lf == NULL)
			l->lf = l->end;
	}
	const char *cr = memchr(l->at, '\r', (size_t)(l->lf - l->at));
	const char *stop = cr != NULL ? cr : l->lf;
	*out = (pw_slice){l->at, (size_t)(stop - l->at)};
	l->at = stop == l->end ? stop : stop + 1;
	if (cr != NULL && cr + 1 == l->lf && l->lf < l->end)
		l->at = l->lf + 1;
	l->line++;
	return true;
}

/* "[Results]", also with the delimiters that a spreadsheet puts behind it, → "Results". */
static bool is_block_name(pw_slice line, pw_slice *out)
{
	line = pw_slice_trim(line);
	while (line.len > 0 && strchr(",;\"", line.ptr[line.len - 1]) != NULL)
		line.len--;
	line = pw_slice_trim(line);
	if (line.len > 0 && line.ptr[0] == '"') {
		line.ptr++;
		line.len--;
	}
	if (line.len < 3 || line.ptr[0] != '[' || line.ptr[line.len - 1] != ']')
		return false;
	*out = (pw_slice){line.ptr + 1, line.len - 2};
	return memchr(out->ptr, ']', out->len) == NULL;
}

/* "* Key = Value", also without the spaces. */
static bool is_header(pw_slice line, pw_slice *key, pw_slice *value)
{
	line = pw_slice_trim(line);
	if (line.len > 1 && line.ptr[0] == '"' && line.ptr[line.len - 1] == '"')
		line = (pw_slice){line.ptr + 1, line.len - 2};
	const char *equals = line.len > 0 ? memchr(line.ptr, '=', line.len) : NULL;
	if (equals == NULL || line.ptr[0] != '*')
		return false;
	const char *end = line.ptr + line.len;
	*key = pw_slice_trim((pw_slice){line.ptr + 1, (size_t)(equals - line.ptr) - 1});
	*value = pw_slice_trim((pw_slice){equals + 1, (size_t)(end - equals) - 1});
	return true;
}

static pw_qs_block *block_named(pw_qs_export *qs, pw_slice name)
{
	return pw_run_same_word(name, pw_slice_of("Results"))              ? &qs->results
	       : pw_run_same_word(name, pw_slice_of("Sample Setup"))       ? &qs->setup
	       : pw_run_same_word(name, pw_slice_of("Amplification Data")) ? &qs->amplification
									   : NULL;
}

/* Finds the blocks. The header is what stands in front of the first. */
static pw_slice find_blocks(pw_qs_export *qs, pw_slice text)
{
	lines l = {text.ptr, text.ptr + text.len, 0, NULL};
	pw_slice line, name, header = text;
	pw_qs_block *open = NULL;
	bool any = false;
	while (next_line(&l, &line)) {
		if (line.len == 0 || (line.ptr[0] != '[' && line.ptr[0] != '"') ||
		    !is_block_name(line, &name))
			continue;
		if (open != NULL)
			open->text.len = (size_t)(line.ptr - open->text.ptr);
		if (!any)
			header.len = (size_t)(line.ptr - text.ptr);
		any = true;
		open = block_named(qs, name);
		if (open != NULL && open->text.ptr != NULL) {
			pw_report_add(qs->report, PW_ERROR, "duplicate-block", l.line, 0,
				      "[%.*s] is here and in line %d: these are two exports in one "
				      "file, part them",
				      pw_run_clip(name, 40), name.ptr, open->line - 1);
			open = NULL;
		}
		if (open != NULL)
			*open = (pw_qs_block){{l.at, (size_t)(l.end - l.at)}, l.line + 1};
	}
	return header;
}

/* Offset in seconds of the zone names that mean one thing only. CST is not among them: Chicago's,
 * China's or Cuba's. */
static bool zone_offset(const char *name, long *out)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = {{"UTC", 0},  {"GMT", 0},  {"EST", -5}, {"EDT", -4}, {"CDT", -5}, {"MDT", -6},
		     {"PST", -8}, {"PDT", -7}, {"CET", 1},  {"CEST", 2}, {"EET", 2},  {"EEST", 3},
		     {"HKT", 8},  {"SGT", 8},  {"JST", 9},  {"KST", 9},  {"AEST", 10}};
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (strcmp(name, zones[i].name) == 0) {
			*out = zones[i].hours * 3600L;
			return true;
		}
	return false;
}

/* "2010-10-01 01:44:54 AM EDT". The hour is 0 to 23 and AM or PM only repeats it; where it contradicts
 * ("01:44:54 PM") the clock has twelve hours. */
static bool parse_time(pw_slice text, pw_time *out)
{
	char buffer[64], date[16], clock[16], half[8] = "", zone[8] = "", whole[40];
	if (text.len >= sizeof(buffer))
		return false;
	pw_run_copy(text, buffer, sizeof(buffer));
	int words = sscanf(buffer, "%15s %15s %7s %7s", date, clock, half, zone);
	if (words < 2)
		return false;
	bool pm = pw_text_eq_nocase(half, "PM"), am = pw_text_eq_nocase(half, "AM");
	if (words == 3 && !am && !pm)
		memcpy(zone, half, sizeof(zone));
	long offset;
	bool known = zone_offset(zone, &offset);
	snprintf(whole, sizeof(whole), "%s %s%s", date, clock, known ? "Z" : "");
	pw_time at;
	if (!pw_time_parse(whole, &at))
		return false;
	int hour = (clock[0] - '0') * 10 + (clock[1] - '0');
	if (pm && hour < 12)
		at += 12 * PW_HOUR;
	else if (am && hour == 12)
		at -= 12 * PW_HOUR;
	*out = known ? at - offset * PW_SECOND : at;
	return true;
}

static const char *value_of(const pw_qs_export *qs, pw_slice value)
{
	return pw_run_is_absent(value) ? "" : pw_arena_strndup(qs->arena, value.ptr, value.len);
}

/* "C:\...\Plate 7.eds" → "Plate 7" */
static const char *stem_of(const pw_qs_export *qs, pw_slice path)
{
	size_t from = path.len, to = path.len;
	while (from > 0 && path.ptr[from - 1] != '\\' && path.ptr[from - 1] != '/')
		from--;
	for (size_t i = path.len; i > from; i--)
		if (path.ptr[i - 1] == '.') {
			to = i - 1;
			break;
		}
	return pw_arena_strndup(qs->arena, path.ptr + from, to - from);
}

typedef struct header_key {
	const char *name;
	size_t offset; /* in pw_run_file, of a text */
} header_key;

#define KEY(name, field)                           \
	{                                          \
		name, offsetof(pw_run_file, field) \
	}

static void read_key(pw_qs_export *qs, pw_slice key, pw_slice value, int line, pw_run_file *out)
{
	static const header_key keys[] = {
		KEY("Instrument Type", instrument),
		KEY("Instrument Serial Number", serial),
		KEY("Experiment Barcode", barcode),
		KEY("Plate Barcode", barcode),
		KEY("Experiment Name", name),
		KEY("Software Version", software),
		KEY("Software Name and Version", software),
		KEY("Analysis Software Version", software),
	};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char **field = (const char **)(void *)((char *)out + keys[i].offset);
		if (pw_run_same_word(key, pw_slice_of(keys[i].name)) && (*field)[0] == '\0')
			*field = value_of(qs, value);
	}
	if (pw_run_same_word(key, pw_slice_of("Block Type"))) {
		qs->block_type = value;
		qs->block_type_line = line;
	} else if (pw_run_same_word(key, pw_slice_of("Experiment Run End Time")) ||
		   pw_run_same_word(key, pw_slice_of("Run End Time"))) {
		bool started = !pw_run_is_absent(value) &&
			       !pw_run_same_word(value, pw_slice_of("Not Started"));
		if (started && !parse_time(value, &out->ended_at))
			pw_report_add(
				qs->report, PW_WARNING, "time", line, 0,
				"the run's end '%.*s' is no time that is known: it is left out",
				pw_run_clip(value, 40), value.ptr);
	}
}

static void read_header(pw_qs_export *qs, pw_slice header, pw_run_file *out)
{
	lines l = {header.ptr, header.ptr + header.len, 0, NULL};
	pw_slice line, key, value, path = {"", 0};
	while (next_line(&l, &line)) {
		if (!is_header(line, &key, &value))
			continue;
		read_key(qs, key, value, l.line, out);
		if (pw_run_same_word(key, pw_slice_of("Experiment File Name")))
			path = value;
	}
	if (out->name[0] == '\0' && !pw_run_is_absent(path))
		out->name = stem_of(qs, path);
}

/*
 * Which rows of a well could have raised its flag: those without a Cq. See quantstudio.h for what
 * the flag means.
 */
static void weigh_flags(pw_qs_export *qs)
{
	bool explained[PW_MAX_WELLS] = {false};
	size_t odd = 0;
	int odd_line = 0;
	for (size_t i = 0; i < qs->rows.len; i++) {
		const pw_qs_row *row = &qs->rows.ptr[i];
		if (row->has_flag && row->noamp && !row->reading.has_cq)
			explained[pw_well_index(row->reading.well, qs->plate, PW_BY_ROW)] = true;
	}
	for (size_t i = 0; i < qs->rows.len; i++) {
		pw_qs_row *row = &qs->rows.ptr[i];
		pw_reading *r = &row->reading;
		if (!row->has_flag)
			continue;
		if (!row->noamp) {
			r->amp = r->has_cq ? PW_AMP_YES : PW_AMP_UNKNOWN;
		} else if (!r->has_cq) {
			r->amp = PW_AMP_NO;
		} else if (!explained[pw_well_index(r->well, qs->plate, PW_BY_ROW)]) {
			r->amp = PW_AMP_NO;
			if (odd++ == 0)
				odd_line = r->line;
		}
	}
	if (odd > 0)
		pw_report_add(
			qs->report, PW_WARNING, "noamp-with-cq", odd_line, 0,
			"%zu readings have a Cq and are flagged NOAMP: both are kept, look at the "
			"curves",
			odd);
}

static void read_export(const pw_run_source *source, pw_arena *arena, pw_run_file *out,
			pw_report *report)
{
	pw_qs_export qs = {.arena = arena,
			   .report = report,
			   .errors_before = report->errors,
			   .file_end = source->text.ptr + source->text.len,
			   .plate = PW_PLATE_96,
			   .decimal = '.'};
	read_header(&qs, find_blocks(&qs, source->text), out);
	if (qs.results.text.ptr == NULL)
		pw_report_add(report, PW_ERROR, "no-results", 0, 0,
			      "there is no [Results] block: the file is cut, or Results was not "
			      "ticked; export it again with Results and Amplification Data");
	else
		pw_qs_survey(&qs);
	if (report->errors == qs.errors_before) {
		pw_qs_read_results(&qs);
		if (!qs.has_amp_status)
			weigh_flags(&qs);
		pw_run_build *build = pw_run_build_new(qs.plate, arena, report);
		for (size_t i = 0; i < qs.rows.len; i++)
			pw_run_build_add_reading(build, &qs.rows.ptr[i].reading);
		pw_qs_read_curves(&qs, build);
		pw_qs_compare_setup(&qs, build);
		pw_run_build_finish(build, out);
		pw_run_build_free(build);
	}
	pw_vec_clear(&qs.rows);
}

static bool is_known_key(pw_slice key)
{
	static const char *const starts[] = {"Block Type",  "Chemistry",         "Experiment ",
					     "Instrument ", "Passive Reference", NULL};
	for (size_t i = 0; starts[i] != NULL; i++)
		if (key.len >= strlen(starts[i]) &&
		    memcmp(key.ptr, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static int sniff_export(const pw_run_source *source)
{
	lines l = {source->text.ptr, source->text.ptr + source->text.len, 0, NULL};
	pw_slice line, name, key, value;
	pw_qs_export none = {.arena = NULL};
	bool results = false, other = false;
	while (!(results && other) && next_line(&l, &line)) {
		if (line.len == 0)
			continue;
		if ((line.ptr[0] == '[' || line.ptr[0] == '"') && is_block_name(line, &name)) {
			const pw_qs_block *known = block_named(&none, name);
			results = results || known == &none.results;
			other = other || (known != NULL && known != &none.results);
		} else if (!other && is_header(line, &key, &value)) {
			other = is_known_key(key);
		}
	}
	return results && other   ? PW_SNIFF_SURE - 5
	       : results || other ? PW_SNIFF_BROKEN
				  : PW_SNIFF_NOT_MINE;
}

const pw_run_reader pw_quantstudio_reader = {
	"quantstudio-text",
	"Applied Biosystems text export with [Results] (.txt)",
	sniff_export,
	read_export,
};
