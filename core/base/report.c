#include "core/base/report.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/base/mem.h"

void pw_report_add(pw_report *report, pw_severity severity, const char *code, int line, int column,
		   const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	PW_BUG_IF(n < 0);
	char *text = pw_alloc((size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	if (report->len == report->room) {
		report->room = report->room == 0 ? 8 : report->room * 2;
		report->findings = pw_realloc_array(report->findings, report->room,
						    sizeof(report->findings[0]));
	}
	report->findings[report->len++] = (pw_finding){severity, code, line, column, text};
	if (severity == PW_ERROR)
		report->errors++;
}

void pw_report_clear(pw_report *report)
{
	for (size_t i = 0; i < report->len; i++)
		pw_free(report->findings[i].text);
	pw_free(report->findings);
	*report = (pw_report)PW_REPORT_INIT;
}
