#include "core/exchange/run_reader.h"

#include <string.h>

#include "core/base/text.h"
#include "core/exchange/cfx.h"
#include "core/exchange/quantstudio.h"
#include "core/exchange/run_parse.h"
#include "core/exchange/run_unknown.h"

#define MAX_SIZE ((size_t)64 << 20)

static const pw_run_reader *const readers[] = {&pw_quantstudio_reader, &pw_cfx_reader};

#define READERS (sizeof(readers) / sizeof(readers[0]))

const pw_run_reader *const *pw_run_readers(size_t *out_count)
{
	*out_count = READERS;
	return readers;
}

const char *pw_run_base_name(const char *file_name)
{
	const char *base = file_name;
	for (const char *p = file_name; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			base = p + 1;
	return base;
}

/* "an Excel workbook …; taken are: …" */
static pw_status refuse(const pw_run_source *source, const char *seen, pw_err *err)
{
	pw_str titles = PW_STR_INIT;
	for (size_t i = 0; i < READERS; i++)
		pw_str_addf(&titles, "%s%s", i > 0 ? ", " : "", readers[i]->title);
	pw_status rc = pw_fail(err, PW_ERR_FORMAT, "%.*s: %s; taken are: %s",
			       PW_RUN_SHOW(source->file_name, 100), seen, pw_str_text(&titles));
	pw_str_clear(&titles);
	return rc;
}

pw_status pw_run_source_open(const void *bytes, size_t n, const char *file_name, pw_str *text,
			     pw_run_source *out, pw_err *err)
{
	pw_run_source source = {pw_run_base_name(file_name), {"", 0}};
	if (n > MAX_SIZE)
		return pw_fail(err, PW_ERR_LIMIT,
			       "%.*s: more than 64 MiB: an export of one run is much smaller",
			       PW_RUN_SHOW(source.file_name, 100));
	const char *seen = pw_run_seen_binary(bytes, n);
	if (seen != NULL)
		return refuse(&source, seen, err);
	pw_status rc = pw_text_decode(bytes, n, text, NULL, err);
	if (rc != PW_OK)
		return pw_fail_ctx(err, rc, "%.*s", PW_RUN_SHOW(source.file_name, 100));
	if (memchr(pw_str_text(text), '\0', text->len) != NULL)
		return refuse(&source, PW_RUN_SEEN_NO_TEXT, err);
	source.text = (pw_slice){pw_str_text(text), text->len};
	*out = source;
	return PW_OK;
}

static const pw_run_reader *surest(const pw_run_source *source)
{
	const pw_run_reader *best = NULL;
	int most = PW_SNIFF_NOT_MINE;
	for (size_t i = 0; i < READERS; i++) {
		int sure = readers[i]->sniff(source);
		if (sure > most) {
			most = sure;
			best = readers[i];
		}
	}
	return best;
}

static pw_status read_source(const pw_run_source *source, pw_arena *arena, pw_run_file *out,
			     pw_report *report, pw_err *err)
{
	const pw_run_reader *reader = surest(source);
	if (reader == NULL) {
		char seen[240];
		pw_run_seen_text(source->text, seen, sizeof(seen));
		return refuse(source, seen, err);
	}
	pw_run_file run = {reader->name, "", "", "", "", "", 0, PW_PLATE_96, NULL, 0, NULL, 0};
	size_t from = report->len, errors = report->errors;
	reader->read(source, arena, &run, report);
	if (report->errors > errors)
		return pw_run_fail(report, from, source->file_name, err);
	*out = run;
	return PW_OK;
}

pw_status pw_run_file_read(const void *bytes, size_t n, const char *file_name, pw_arena *arena,
			   pw_run_file *out, pw_report *report, pw_err *err)
{
	pw_report own = PW_REPORT_INIT;
	pw_str text = PW_STR_INIT;
	pw_run_source source;
	pw_status rc = pw_run_source_open(bytes, n, file_name, &text, &source, err);
	if (rc == PW_OK)
		rc = read_source(&source, arena, out, report != NULL ? report : &own, err);
	pw_str_clear(&text);
	pw_report_clear(&own);
	return rc;
}
