#include "cli/lists.h"

#include <string.h>

#include "pw_sql.h"

pw_status pw_list_recalls(pw_lab *lab, const char *tube, pw_out *out, pw_err *err)
{
	static const pw_column columns[] = {
		{.key = "tube", .flags = PW_COL_WHOLE},
		{.key = "why"},
		{.key = "code", .flags = PW_COL_WHOLE},
		{.key = "name"},
		{.key = "phone", .flags = PW_COL_OPTIONAL | PW_COL_WHOLE},
		{.key = "external_id", .flags = PW_COL_OPTIONAL},
		{.key = "city", .flags = PW_COL_OPTIONAL},
		{.key = "county", .flags = PW_COL_OPTIONAL},
		{.key = "township", .flags = PW_COL_OPTIONAL},
		{.key = "village", .flags = PW_COL_OPTIONAL},
		{.key = "household", .flags = PW_COL_OPTIONAL},
		{.key = "group"},
		{.key = "isolate", .kind = PW_COL_BOOL},
		{.key = "notify", .kind = PW_COL_BOOL},
		{.key = "since", .kind = PW_COL_TIME},
		{.key = "waiting_s", .title = "waiting", .kind = PW_COL_DURATION},
		PW_COLUMNS_END,
	};
	pw_cursor cursor;
	pw_clock clock = pw_lab_clock(lab);
	pw_time now = pw_clock_now(&clock);
	pw_status rc = pw_q_recalls_open(pw_lab_store(lab), &cursor, err);
	pw_out_list(out, columns);
	while (rc == PW_OK) {
		pw_recalls_row r;
		bool found;
		char code[24];
		rc = pw_q_recalls_next(&cursor, &r, &found, err);
		if (rc != PW_OK || !found)
			break;
		if (tube != NULL && strcmp(tube, r.tube) != 0)
			continue;
		pw_lab_subject_code(lab, r.subject, code);
		pw_out_text(out, r.tube);
		pw_out_text(out, r.why);
		pw_out_text(out, code);
		pw_out_text(out, r.name);
		pw_out_text(out, r.phone);
		pw_out_text(out, r.external_id);
		pw_out_text(out, r.city);
		pw_out_text(out, r.county);
		pw_out_text(out, r.township);
		pw_out_text(out, r.village);
		pw_out_text(out, r.household);
		pw_out_text(out, r.grp);
		pw_out_bool(out, r.isolate == 1);
		pw_out_bool(out, r.notify == 1);
		pw_out_time(out, r.opened_at);
		pw_out_duration(out, now > r.opened_at ? now - r.opened_at : 0);
	}
	pw_out_end(out, "person to swab again", "people to swab again");
	return rc;
}
