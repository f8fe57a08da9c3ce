/* Any bytes are read as a collection log; the rows that were wrong are written, and are wrong when they are read
 * again as they are. */
#include <stdint.h>
#include <stdlib.h>

#include "core/exchange/collection.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rejected(const uint8_t *data, size_t size, const pw_report *report, size_t wrong)
{
	pw_str rejected = PW_STR_INIT;
	pw_arena arena = PW_ARENA_INIT;
	pw_collection again;
	pw_report second = PW_REPORT_INIT;
	if (pw_collection_write_rejected(data, size, report, PW_UTF8, &rejected, NULL) != PW_OK)
		abort();
	pw_status rc = pw_collection_read(pw_str_text(&rejected), rejected.len, "rejected", &arena,
					  &again, &second, NULL);
	if ((rc != PW_OK) != (wrong > 0) || again.wrong != wrong || again.count != 0)
		abort();
	pw_report_clear(&second);
	pw_arena_clear(&arena);
	pw_str_clear(&rejected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_collection out;
	pw_report report = PW_REPORT_INIT;
	pw_status rc = pw_collection_read(data, size, "fuzz", &arena, &out, &report, NULL);
	if ((rc == PW_OK) != (report.errors == 0))
		abort();
	if (rc == PW_OK || out.count + out.wrong > 0)
		check_rejected(data, size, &report, out.wrong);
	pw_report_clear(&report);
	pw_arena_clear(&arena);
	return 0;
}
