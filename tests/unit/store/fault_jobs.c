#include "tests/unit/store/fault_jobs.h"

#include <check.h>
#include <string.h>

#include "core/base/mem.h"

static pw_status create_store(pw_err *err)
{
	return pw_store_create(fx.path, &fx.store, err);
}

static pw_status open_store(pw_err *err)
{
	pw_head head;
	pw_status rc = pw_store_open(fx.path, &fx.store, err);
	return rc == PW_OK ? pw_store_head(fx.store, &head, err) : rc;
}

static pw_status collect(pw_err *err)
{
	const pw_tube_opened tube = {.tube = "T100",
				     .issuer = "SZP",
				     .symbology = "code128",
				     .capacity = 1,
				     .site = "S1"};
	const pw_swab_taken swab = {.tube = "T100", .place = 1, .subject = 2, .result = 100};
	const pw_tube_closed closed = {.tube = "T100", .count = 1};
	pw_status rc = pw_store_begin(fx.store, "a use case", err);
	if (rc != PW_OK)
		return rc;
	if ((rc = pw_tube_opened_append(fx.store, &tube, err)) == PW_OK &&
	    (rc = pw_swab_taken_append(fx.store, &swab, err)) == PW_OK)
		rc = pw_tube_closed_append(fx.store, &closed, err);
	return pw_store_end(fx.store, rc, err);
}

static pw_status register_many(pw_err *err)
{
	pw_status rc = pw_store_begin(fx.store, NULL, err);
	if (rc != PW_OK)
		return rc;
	for (int64_t i = 0; rc == PW_OK && i < 10; i++)
		rc = register_people(fx.store, 1000 + i * 1000, 1000, err);
	return pw_store_end(fx.store, rc, err);
}

static pw_status keep_file(pw_err *err)
{
	size_t n = 100000;
	char hex[PW_HASH_HEX], *bytes = pw_alloc(n);
	pw_hash hash = {{0}};
	bool known;
	pw_status rc = pw_store_begin(fx.store, NULL, err);
	if (rc == PW_OK) {
		rc = pw_store_attach(fx.store, bytes, n, &hash, &known, err);
		pw_hash_hex(&hash, hex);
		const pw_roster_imported fact = {.hash = hex, .name = "large.csv", .rows = 0};
		if (rc == PW_OK)
			rc = pw_roster_imported_append(fx.store, &fact, err);
		rc = pw_store_end(fx.store, rc, err);
	}
	pw_free(bytes);
	return rc;
}

/* Inner transactions of which one fails by itself, and the outer goes on. */
static pw_status nest(pw_err *err)
{
	const pw_site_added known = {.site = "S1", .name = "again"},
			    other = {.site = "S8", .name = "x"};
	pw_err inner = PW_ERR_INIT;
	pw_status rc = pw_store_begin(fx.store, NULL, err);
	if (rc != PW_OK)
		return rc;
	if ((rc = pw_store_begin(fx.store, NULL, err)) == PW_OK) {
		rc = pw_site_added_append(fx.store, &known, &inner);
		rc = pw_store_end(fx.store, rc, &inner);
		if (rc == PW_ERR_EXISTS)
			rc = pw_site_added_append(fx.store, &other, err);
		else
			*err = inner;
	}
	return pw_store_end(fx.store, rc, err);
}

static pw_status close_store(pw_err *err)
{
	(void)err;
	fixture_close();
	return PW_OK;
}

/* Everything read, and every byte of it right. */
static pw_status look_deep(pw_err *err)
{
	pw_report report = PW_REPORT_INIT;
	pw_head head;
	pw_status rc = pw_store_verify_deep(fx.store, &report, &head, NULL, NULL, err);
	if (rc == PW_OK && report.len > 0)
		rc = pw_fail(err, PW_ERR_CORRUPT, "%.400s", report_text(&report));
	pw_report_clear(&report);
	return rc;
}

/* In the last of the tables a row is changed: whatever fails meanwhile, nobody may say that all is well. */
static pw_status look_deep_at_tampered(pw_err *err)
{
	pw_report report = PW_REPORT_INIT;
	pw_head head;
	pw_status rc = pw_store_verify_deep(fx.store, &report, &head, NULL, NULL, err);
	if (rc == PW_OK && find_finding(&report, "table well_call", "rule is 'other'") == NULL)
		rc = pw_fail(err, PW_ERR_CORRUPT, "the changed row was not found");
	pw_report_clear(&report);
	return rc;
}

static pw_status ask(pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_tube_members_row *members;
	pw_subject_find_row subject;
	size_t count = 0;
	bool found = false;
	pw_status rc = pw_q_tube_members(fx.store, &arena, "T1", &members, &count, err);
	if (rc == PW_OK &&
	    (count != 2 || strcmp(members[0].name, "王小明") != 0 || members[1].phone != NULL))
		rc = pw_fail(err, PW_ERR_CORRUPT, "the members of T1 are wrong");
	if (rc == PW_OK)
		rc = pw_q_subject_find(fx.store, &arena, 1, &subject, &found, err);
	if (rc == PW_OK && (!found || strcmp(subject.village, "Dachong") != 0 ||
			    subject.phone == NULL || strcmp(subject.phone, "13800000001") != 0))
		rc = pw_fail(err, PW_ERR_CORRUPT, "the subject 1 is wrong");
	pw_arena_clear(&arena);
	return rc;
}

static void do_collect(void)
{
	fixture_open();
	must(collect(&fx.err));
}

/* Each commit is followed by a checkpoint, whose failure is no failure of the commit. */
static void open_checkpointing(void)
{
	fixture_open();
	raw_run(fx.store->db, "PRAGMA wal_autocheckpoint = 1");
}

const job jobs[] = {
	{"create", JOB_NONE, NULL, create_store, 0, 0, false},
	{"open", JOB_BASE, NULL, open_store, 0, 0, false},
	{"open after a crash", JOB_HOT, NULL, open_store, 1, 0, false},
	{"collect", JOB_BASE, fixture_open, collect, 0, 3, false},
	{"collect after a crash", JOB_HOT, fixture_open, collect, 1, 3, false},
	{"collect and checkpoint", JOB_BASE, open_checkpointing, collect, 0, 3, false},
	{"nest", JOB_BASE, fixture_open, nest, 0, 1, false},
	{"keep a file", JOB_BASE, fixture_open, keep_file, 0, 1, false},
	{"register 10,000", JOB_BASE, fixture_open, register_many, 0, 10, true},
	{"close", JOB_BASE, do_collect, close_store, 3, 0, false},
	{"ask", JOB_BASE, fixture_open, ask, 0, 0, false},
	{"verify deep", JOB_BASE, fixture_open, look_deep, 0, 0, false},
	{"verify deep a tampered file", JOB_TAMPERED, fixture_open, look_deep_at_tampered, 0, 0,
	 false},
};

const int job_count = (int)(sizeof(jobs) / sizeof(jobs[0]));
