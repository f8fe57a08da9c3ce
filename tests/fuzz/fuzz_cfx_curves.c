/* Any bytes as CFX's curves for a run of two dyes: the run gets whole curves or stays as it was. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/exchange/cfx.h"
#include "core/exchange/run_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROW(row, col, target, reporter)                                                 \
	{                                                                               \
		{row, col}, "S", target, reporter, "Unkn", PW_TASK_UNKNOWN, true, 25.5, \
			PW_AMP_UNKNOWN, "", false, 1                                    \
	}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_reading readings[] = {ROW(0, 0, "N1", "FAM"), ROW(0, 0, "RP", "VIC"),
				 ROW(0, 1, "N1", "FAM"), ROW(7, 11, "N1", "FAM")};
	pw_run_file run = {"cfx-cq", "", "", "", "", "x", 0, PW_PLATE_96, readings, 4, NULL, 0};
	const pw_run_file before = run;
	pw_arena arena = PW_ARENA_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_err err = PW_ERR_INIT;
	pw_str text = PW_STR_INIT;
	pw_status rc =
		pw_cfx_read_curves(data, size, "x -  Quantification Amplification Results_FAM.csv",
				   &arena, &run, &report, &err);
	PW_BUG_IF((rc == PW_OK) != (err.msg[0] == '\0'));
	PW_BUG_IF(rc != PW_OK && (run.curve_count != 0 || run.plate.rows != before.plate.rows));
	for (size_t i = 0; i < run.curve_count; i++) {
		PW_BUG_IF(run.curves[i].cycles == 0 || strcmp(run.curves[i].target, "N1") != 0);
		for (size_t k = 0; k < run.curves[i].cycles; k++)
			PW_BUG_IF(!isfinite(run.curves[i].value[k]));
	}
	pw_cfx_amplification_write(&run, "FAM", &text);
	pw_str_clear(&text);
	pw_report_clear(&report);
	pw_arena_clear(&arena);
	return 0;
}
