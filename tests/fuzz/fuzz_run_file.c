/*
 * Any bytes as an instrument's file: whatever is accepted keeps the promises of run_file.h, and can be
 * written in both vendors' formats.
 */
#include <math.h>
#include <stdint.h>

#include "core/exchange/run_reader.h"
#include "core/exchange/run_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const pw_run_file *run)
{
	PW_BUG_IF(run->reading_count == 0);
	for (size_t i = 0; i < run->reading_count; i++) {
		const pw_reading *r = &run->readings[i];
		PW_BUG_IF(r->target[0] == '\0' || r->well.row >= run->plate.rows ||
			  r->well.col >= run->plate.cols || r->line < 1);
		PW_BUG_IF(r->has_cq ? !(r->cq > 0 && r->cq <= 200) : r->cq != 0);
		PW_BUG_IF(i > 0 && pw_well_index(r->well, run->plate, PW_BY_ROW) <
					   pw_well_index(r[-1].well, run->plate, PW_BY_ROW));
	}
	for (size_t i = 0; i < run->curve_count; i++)
		for (size_t k = 0; k < run->curves[i].cycles; k++)
			PW_BUG_IF(!isfinite(run->curves[i].value[k]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_err err = PW_ERR_INIT;
	pw_str text = PW_STR_INIT;
	pw_run_file run;
	pw_status rc = pw_run_file_read(data, size, "P00012 -  Quantification Cq Results.csv",
					&arena, &run, &report, &err);
	PW_BUG_IF((rc == PW_OK) != (err.msg[0] == '\0') || (rc == PW_OK && report.errors > 0));
	if (rc == PW_OK) {
		check(&run);
		pw_cfx_cq_write(&run, &text);
		pw_quantstudio_write(&run, &text);
	}
	pw_str_clear(&text);
	pw_report_clear(&report);
	pw_arena_clear(&arena);
	return 0;
}
