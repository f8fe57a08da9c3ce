#include "tests/unit/store/tampering.h"

#include <check.h>
#include <stdio.h>

#include "core/base/mem.h"
#include "tests/unit/store/story.h"

pw_head story_head;
pw_report tampering_report;

const char *tampering_base(void)
{
	return fixture_file("base.db");
}

/* The story's database, closed, and a copy to tamper with. */
void tampering_setup(void)
{
	fixture_setup();
	must(story_tell(fx.store, &fx.err));
	must(pw_store_head(fx.store, &story_head, &fx.err));
	fixture_close();
	copy_file(fx.path, tampering_base());
	tampering_report = (pw_report)PW_REPORT_INIT;
}

void tampering_teardown(void)
{
	pw_report_clear(&tampering_report);
	fixture_teardown();
}

void tampering_start_anew(void)
{
	pw_report_clear(&tampering_report);
	fixture_empty_folder("base.db");
	copy_file(tampering_base(), fx.path);
}

void tampering_look(verify_fn *verify)
{
	pw_head head;
	pw_report_clear(&tampering_report);
	fixture_open();
	must(verify(fx.store, &tampering_report, &head, NULL, NULL, &fx.err));
	fixture_close();
}

void assert_found(const char *a, const char *b)
{
	ck_assert_msg(find_finding(&tampering_report, a, b) != NULL, "'%s', '%s':%s", a, b,
		      report_text(&tampering_report));
}

void assert_nothing_found(void)
{
	ck_assert_msg(tampering_report.len == 0, "%s", report_text(&tampering_report));
}

column *list_columns(int *count)
{
	sqlite3 *db = raw_open(tampering_base());
	sqlite3_stmt *st;
	column *list = pw_alloc_array(1000, sizeof(*list));
	int n = 0;
	ck_assert_int_eq(
		sqlite3_prepare_v2(
			db,
			"SELECT t.name, c.name, c.type, c.pk, c.\"notnull\", c.cid FROM "
			"sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = "
			"'table' AND t.name NOT IN ('journal', 'attachment') ORDER BY 1, 6",
			-1, &st, NULL),
		SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW && n < 1000) {
		column *c = &list[n++];
		snprintf(c->table, sizeof(c->table), "%s",
			 (const char *)sqlite3_column_text(st, 0));
		snprintf(c->name, sizeof(c->name), "%s", (const char *)sqlite3_column_text(st, 1));
		snprintf(c->type, sizeof(c->type), "%s", (const char *)sqlite3_column_text(st, 2));
		c->key = sqlite3_column_int(st, 3) > 0;
		c->not_null = sqlite3_column_int(st, 4) != 0;
		c->place = sqlite3_column_int(st, 5);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	ck_assert_int_gt(n, 100);
	*count = n;
	return list;
}
