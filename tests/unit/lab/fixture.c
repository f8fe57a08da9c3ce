#include "tests/unit/lab/fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

fixture fx;

/* ---------------------------------------------------------------- the laboratory */

void fixture_folder(void)
{
	const char *tmp = getenv("TMPDIR");
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	fx = (fixture){.now = FIXTURE_NOW};
	int n = snprintf(fx.dir, sizeof(fx.dir), "%s/pw-lab-XXXXXX", tmp != NULL ? tmp : "/tmp");
	ck_assert_int_lt(n, (int)sizeof(fx.dir));
	ck_assert_ptr_nonnull(mkdtemp(fx.dir));
	snprintf(fx.path, sizeof(fx.path), "%s/lab.db", fx.dir);
}

/* Four to a household, ten to a village; E31 … E40 must be tested. */
static char *people_csv(void)
{
	char *text = pw_arena_strdup(&fx.arena, "name,external_id,national_id,phone,city,county,"
						"township,village,household,group\n");
	for (int i = 1; i <= PEOPLE; i++)
		text = pw_arena_printf(
			&fx.arena,
			"%s王%02d,E%02d,%s,138000000%02d,Shenzhen,Nanshan,Yuehai,V%d,H%d,%s\n",
			text, i, i, i == 1 ? E01_NATIONAL_ID : "", i, (i - 1) / 10 + 1,
			(i - 1) / 4 + 1, i > 30 ? "medical-staff" : "");
	return text;
}

static void create(const char *profile)
{
	static const pw_named operators[] = {{"anna", "Anna Ek"}, {"bo", NULL}};
	static const pw_named sites[] = {{"S1", "North gate"}, {"S2", NULL}};
	static const char *const assays[] = {"cdc-n1-n2-rp", "cn-orf1ab-n", "presence-ipc",
					     "sybr-single"};
	fixture_folder();
	pw_lab_setup setup = {.name = "Test laboratory",
			      .issuer = "SZ",
			      .profile = profile,
			      .operators = operators,
			      .operator_count = 2,
			      .sites = sites,
			      .site_count = 2,
			      .assays = assays,
			      .assay_count = 4,
			      .station = "bench-1",
			      .clock = pw_clock_fixed(&fx.now)};
	must(pw_lab_init(fx.path, &setup, &fx.lab, &fx.err));
	pw_roster_outcome out;
	must(roster("people.csv", people_csv(), false, &out));
	ck_assert_uint_eq(out.registered, PEOPLE);
}

void fixture_cn(void)
{
	create("cn");
}

void fixture_us(void)
{
	create("us");
}

void fixture_reopen(void)
{
	pw_lab_close(fx.lab);
	fx.lab = NULL;
	must(pw_lab_open(fx.path, &fx.lab, &fx.err));
	as("anna", NULL);
}

void as(const char *operator_id, const char *reason)
{
	pw_clock clock = pw_clock_fixed(&fx.now);
	must(pw_lab_session(fx.lab, operator_id, "bench-1", &clock, reason, &fx.err));
}

/* ---------------------------------------------------------------- after every test */

static void assert_proven(void)
{
	pw_report report = PW_REPORT_INIT;
	pw_head head;
	must(pw_store_verify_deep(pw_lab_store(fx.lab), &report, &head, NULL, NULL, &fx.err));
	for (size_t i = 0; i < report.len; i++)
		ck_abort_msg("the journal: %s", report.findings[i].text);
	pw_report_clear(&report);
}

/* A tube that nobody waits for any more is on nobody's list. */
static void assert_nothing_stuck_for_nothing(void)
{
	pw_cursor cursor;
	pw_stuck_row row;
	bool found;
	must(pw_q_stuck_open(pw_lab_store(fx.lab), &cursor, &fx.err));
	for (;;) {
		must(pw_q_stuck_next(&cursor, &row, &found, &fx.err));
		if (!found)
			return;
		bool done =
			strcmp(row.state, "recalled") == 0 || strcmp(row.state, "rejected") == 0;
		ck_assert_msg(!done || row.open > 0,
			      "tube '%s' is %s for ever: each of its people has an answer",
			      row.tube, row.state);
	}
}

/* Who waits is in a tube that goes on, or is recalled. */
static void assert_nobody_forgotten(void)
{
	pw_store *store = pw_lab_store(fx.lab);
	for (int64_t s = 1; s < 2 * PEOPLE; s++) {
		pw_result_open_row open;
		pw_recall_open_row recall;
		bool waits, recalled;
		must(pw_q_result_open(store, &fx.arena, s, &open, &waits, &fx.err));
		must(pw_q_recall_open(store, &fx.arena, s, &recall, &recalled, &fx.err));
		bool ended = waits && (strcmp(open.tube_state, "final") == 0 ||
				       strcmp(open.tube_state, "resolved") == 0 ||
				       strcmp(open.tube_state, "recalled") == 0 ||
				       strcmp(open.tube_state, "rejected") == 0);
		ck_assert_msg(!ended || recalled,
			      "subject %lld waits for tube '%s', which is %s, and is not recalled",
			      (long long)s, open.tube, open.tube_state);
	}
}

void fixture_check_people(void)
{
	assert_nobody_forgotten();
	assert_nothing_stuck_for_nothing();
}

static void remove_folder(void)
{
	DIR *dir = opendir(fx.dir);
	ck_assert_ptr_nonnull(dir);
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
		char path[512];
		snprintf(path, sizeof(path), "%s/%.300s", fx.dir, e->d_name);
		if (e->d_name[0] != '.')
			unlink(path);
	}
	closedir(dir);
	ck_assert_int_eq(rmdir(fx.dir), 0);
}

void fixture_teardown(void)
{
	if (fx.lab != NULL) {
		fixture_check_people();
		assert_proven();
	}
	pw_lab_close(fx.lab);
	pw_report_clear(&fx.report);
	pw_arena_clear(&fx.arena);
	remove_folder();
}

TCase *fixture_case(Suite *suite, const char *name, void (*setup)(void))
{
	TCase *tc = tcase_create(name);
	tcase_add_checked_fixture(tc, setup, fixture_teardown);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(suite, tc);
	return tc;
}

/* ---------------------------------------------------------------- refusals */

int64_t fact_count(void)
{
	pw_head head;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_store_head(pw_lab_store(fx.lab), &head, &err) == PW_OK, "%s", err.msg);
	return head.seq;
}

void fixture_mark(void)
{
	fx.err = (pw_err)PW_ERR_INIT;
	fx.facts = fx.lab != NULL ? fact_count() : 0;
}

/* One line that names the matter. */
static void check_sentence(const char *text, const char *const *words)
{
	size_t n = strlen(text);
	for (; *words != NULL; words++)
		ck_assert_msg(strstr(text, *words) != NULL, "'%s' is not in: %s", *words, text);
	ck_assert_msg(n > 0 && text[n - 1] != '.' && strchr(text, '\n') == NULL, "%s", text);
}

static void check_refused(pw_status rc, const char *code, const char *const *words)
{
	ck_assert_msg(rc == PW_ERR_REFUSED, "%s, not refused: %s", pw_status_name(rc), fx.err.msg);
	ck_assert_msg(fx.err.code != NULL && strcmp(fx.err.code, code) == 0, "%s, not %s: %s",
		      fx.err.code != NULL ? fx.err.code : "no code", code, fx.err.msg);
	check_sentence(fx.err.msg, words);
	/* What to do stands behind a colon or semicolon. */
	ck_assert_msg(strstr(fx.err.msg, ": ") != NULL || strstr(fx.err.msg, "; ") != NULL,
		      "nothing says what to do: %s", fx.err.msg);
}

void fixture_refused(pw_status rc, const char *code, const char *const *words)
{
	pw_refusals_row *rows;
	size_t count;
	pw_err err = PW_ERR_INIT;
	check_refused(rc, code, words);
	ck_assert_int_eq(fact_count(), fx.facts + 1);
	rc = pw_q_refusals(pw_lab_store(fx.lab), &fx.arena, 0, INT64_MAX, &rows, &count, &err);
	ck_assert_msg(rc == PW_OK && count > 0, "%s", err.msg);
	ck_assert_str_eq(rows[count - 1].code, code);
	ck_assert_str_eq(rows[count - 1].text, fx.err.msg);
	ck_assert_str_eq(rows[count - 1].actor, pw_lab_operator(fx.lab));
	ck_assert_str_eq(rows[count - 1].station, "bench-1");
	ck_assert_str_ne(rows[count - 1].place, "");
}

void fixture_refused_unrecorded(pw_status rc, const char *code, const char *const *words)
{
	check_refused(rc, code, words);
	ck_assert_int_eq(fact_count(), fx.facts);
}

void fixture_fails(pw_status rc, pw_status status, const char *const *words)
{
	ck_assert_msg(rc == status, "%s, not %s: %s", pw_status_name(rc), pw_status_name(status),
		      fx.err.msg);
	check_sentence(fx.err.msg, words);
	if (fx.lab != NULL)
		ck_assert_int_eq(fact_count(), fx.facts);
}

/* ---------------------------------------------------------------- findings */

static bool has_words(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(text, *words) == NULL)
			return false;
	return true;
}

const pw_finding *finding(const char *code, const char *const *words)
{
	char *all = pw_arena_strdup(&fx.arena, "");
	for (size_t i = 0; i < fx.report.len; i++) {
		const pw_finding *f = &fx.report.findings[i];
		if (strcmp(f->code, code) == 0 && has_words(f->text, words))
			return f;
		all = pw_arena_printf(&fx.arena, "%s\n  %d %s: %s", all, f->line, f->code, f->text);
	}
	ck_abort_msg("no finding '%s' with '%s' in it, but%s", code, words[0], all);
	return NULL;
}

int findings(const char *code)
{
	int n = 0;
	for (size_t i = 0; i < fx.report.len; i++)
		n += strcmp(fx.report.findings[i].code, code) == 0 ? 1 : 0;
	return n;
}

/* ---------------------------------------------------------------- people */

const char *person(int n)
{
	return pw_arena_printf(&fx.arena, "E%02d", n);
}

int64_t subject(int n)
{
	int64_t out = 0;
	must(pw_lab_find_subject(fx.lab, person(n), &out, &fx.err));
	return out;
}

const char *status_of(int n)
{
	pw_results_of_subject_row *rows;
	size_t count;
	must(pw_q_results_of_subject(pw_lab_store(fx.lab), &fx.arena, subject(n), &rows, &count,
				     &fx.err));
	return count > 0 ? rows[count - 1].status : "";
}

void all_are(int first, int last, const char *status)
{
	for (int i = first; i <= last; i++)
		ck_assert_msg(strcmp(status_of(i), status) == 0, "%s is '%s', not '%s'", person(i),
			      status_of(i), status);
}

int open_recalls(void)
{
	pw_cursor cursor;
	pw_recalls_row row;
	bool found = true;
	int n = -1;
	must(pw_q_recalls_open(pw_lab_store(fx.lab), &cursor, &fx.err));
	for (; found; n++)
		must(pw_q_recalls_next(&cursor, &row, &found, &fx.err));
	return n;
}

const pw_recalls_of_tube_row *recall_of(const char *tube, int n)
{
	pw_recalls_of_tube_row *rows;
	size_t count;
	int64_t who = subject(n);
	must(pw_q_recalls_of_tube(pw_lab_store(fx.lab), &fx.arena, tube, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++)
		if (rows[i].subject == who)
			return &rows[i];
	return NULL;
}

/* ---------------------------------------------------------------- tubes */

void open_tube(const char *tube, int capacity)
{
	const pw_tube_opening in = {.tube = tube, .capacity = capacity, .site = "S1"};
	fx.now += PW_SECOND;
	must(pw_lab_open_tube(fx.lab, &in, &fx.err));
}

void swab(const char *tube, int n)
{
	pw_swab_outcome out;
	fx.now += PW_SECOND;
	must(pw_lab_take_swab(fx.lab, tube, person(n), &out, &fx.err));
}

void collect(const char *tube, int capacity, int first, int count)
{
	open_tube(tube, capacity);
	for (int i = 0; i < count; i++)
		swab(tube, first + i);
	fx.now += PW_SECOND;
	must(pw_lab_close_tube(fx.lab, tube, count, &fx.err));
}

void receive(const char *tube, int capacity, int first, int count)
{
	pw_received out;
	collect(tube, capacity, first, count);
	fx.now += PW_SECOND;
	must(pw_lab_receive_tube(fx.lab, tube, NULL, &out, &fx.err));
	ck_assert_int_eq(out.swabs, count);
}

const pw_tube_find_row *tube_row(const char *tube)
{
	pw_tube_find_row *row = pw_arena_alloc(&fx.arena, sizeof(*row));
	bool found;
	must(pw_q_tube_find(pw_lab_store(fx.lab), &fx.arena, tube, row, &found, &fx.err));
	ck_assert_msg(found, "no tube '%s'", tube);
	return row;
}

const char *state_of(const char *tube)
{
	return tube_row(tube)->state;
}

/* ---------------------------------------------------------------- texts from outside */

pw_status roster(const char *name, const char *text, bool link_known, pw_roster_outcome *out)
{
	const pw_roster_opts opts = {.link_known = link_known};
	pw_report_clear(&fx.report);
	return pw_lab_import_roster(fx.lab, text, strlen(text), name, &opts, out, &fx.report,
				    &fx.err);
}

bool shared_file(const char *name, const char **out, size_t *out_n)
{
	char path[1024];
	snprintf(path, sizeof(path), "%s/qpcr/%s", PW_SHARED_DATA, name);
	FILE *f = fopen(path, "rb");
	if (f == NULL) {
		printf("skipped: ../shared/data is not there\n");
		return false;
	}
	char *bytes = pw_arena_alloc(&fx.arena, (size_t)1 << 20);
	*out_n = fread(bytes, 1, (size_t)1 << 20, f);
	*out = bytes;
	fclose(f);
	return true;
}
