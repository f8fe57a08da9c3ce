#include "tests/fuzz/rejected.h"

#include <stdlib.h>

static void check_rejected(const table_reader *reader, const uint8_t *data, size_t size,
			   const pw_report *report, size_t wrong)
{
	pw_str rejected = PW_STR_INIT;
	pw_arena arena = PW_ARENA_INIT;
	table_rows again;
	pw_report second = PW_REPORT_INIT;
	if (reader->write_rejected(data, size, report, PW_UTF8, &rejected, NULL) != PW_OK)
		abort();
	pw_status rc = reader->read(pw_str_text(&rejected), rejected.len, &arena, &again, &second);
	if ((rc != PW_OK) != (wrong > 0) || again.wrong != wrong || again.count != 0)
		abort();
	pw_report_clear(&second);
	pw_arena_clear(&arena);
	pw_str_clear(&rejected);
}

void check_table(const table_reader *reader, const uint8_t *data, size_t size)
{
	pw_arena arena = PW_ARENA_INIT;
	table_rows out;
	pw_report report = PW_REPORT_INIT;
	pw_status rc = reader->read(data, size, &arena, &out, &report);
	if ((rc == PW_OK) != (report.errors == 0))
		abort();
	if (rc == PW_OK || out.count + out.wrong > 0)
		check_rejected(reader, data, size, &report, out.wrong);
	pw_report_clear(&report);
	pw_arena_clear(&arena);
}
