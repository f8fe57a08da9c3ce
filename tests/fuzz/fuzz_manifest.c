/* Any bytes are read as a manifest: rejected.h says what must hold. */
#include "core/exchange/manifest.h"
#include "tests/fuzz/rejected.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static pw_status read_rows(const void *bytes, size_t n, pw_arena *arena, table_rows *out,
			   pw_report *report)
{
	pw_manifest table;
	pw_status rc = pw_manifest_read(bytes, n, "fuzz", arena, &table, report, NULL);
	*out = (table_rows){table.count, table.wrong};
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const table_reader reader = {read_rows, pw_manifest_write_rejected};
	check_table(&reader, data, size);
	return 0;
}
