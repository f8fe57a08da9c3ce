#include "tests/unit/store/fixture.h"

#include <check.h>
#include <dirent.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/mem.h"

fixture fx;

/* ---------------------------------------------------------------- the folder */

void fixture_folder(void)
{
	const char *tmp = getenv("TMPDIR");
	fx = (fixture){.now = FIXTURE_NOW};
	int n = snprintf(fx.dir, sizeof(fx.dir), "%s/pw-store-XXXXXX", tmp != NULL ? tmp : "/tmp");
	ck_assert_int_lt(n, (int)sizeof(fx.dir));
	ck_assert_ptr_nonnull(mkdtemp(fx.dir));
	snprintf(fx.path, sizeof(fx.path), "%s/lab.db", fx.dir);
}

void fixture_setup(void)
{
	fixture_folder();
	fixture_create();
}

void fixture_empty_folder(const char *but)
{
	DIR *dir = opendir(fx.dir);
	ck_assert_ptr_nonnull(dir);
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
		if (e->d_name[0] != '.' && (but == NULL || strcmp(e->d_name, but) != 0))
			unlink(fixture_file(e->d_name));
	closedir(dir);
}

void fixture_teardown(void)
{
	fixture_close();
	fixture_empty_folder(NULL);
	ck_assert_int_eq(rmdir(fx.dir), 0);
}

void fixture_session(pw_store *store)
{
	pw_clock clock = pw_clock_fixed(&fx.now);
	pw_store_session(store, "anna", "bench-1", &clock);
}

void fixture_create(void)
{
	must(pw_store_create(fx.path, &fx.store, &fx.err));
	fixture_session(fx.store);
}

void fixture_open(void)
{
	must(pw_store_open(fx.path, &fx.store, &fx.err));
	fixture_session(fx.store);
}

void fixture_close(void)
{
	pw_store_close(fx.store);
	fx.store = NULL;
}

const char *fixture_file(const char *name)
{
	static char paths[4][400];
	static int next;
	char *path = paths[next++ % 4];
	snprintf(path, sizeof(paths[0]), "%s/%.300s", fx.dir, name);
	return path;
}

void copy_file(const char *from, const char *to)
{
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	ck_assert_msg(in != NULL && out != NULL, "%s or %s", from, to);
	char piece[65536];
	for (size_t n; (n = fread(piece, 1, sizeof(piece), in)) > 0;)
		ck_assert_uint_eq(fwrite(piece, 1, n, out), n);
	fclose(in);
	ck_assert_int_eq(fclose(out), 0);
}

/* ---------------------------------------------------------------- facts */

pw_status append_site(pw_store *store, const char *site, pw_err *err)
{
	const pw_site_added fact = {.site = site, .name = site};
	pw_status rc = pw_store_begin(store, NULL, err);
	if (rc != PW_OK)
		return rc;
	return pw_store_end(store, pw_site_added_append(store, &fact, err), err);
}

pw_status open_tube(pw_store *store, const char *tube, pw_err *err)
{
	const pw_tube_opened fact = {.tube = tube,
				     .issuer = "SZP",
				     .symbology = "code128",
				     .capacity = 10,
				     .site = "S1"};
	pw_status rc = pw_store_begin(store, NULL, err);
	if (rc != PW_OK)
		return rc;
	return pw_store_end(store, pw_tube_opened_append(store, &fact, err), err);
}

pw_status register_people(pw_store *store, int64_t first, size_t count, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_subjects_registered_item *people = pw_arena_array(&arena, count, sizeof(*people));
	for (size_t i = 0; i < count; i++) {
		long long number = (long long)first + (long long)i;
		people[i] = (pw_subjects_registered_item){
			.subject = number,
			.kind = "person",
			.name = pw_arena_printf(&arena, "陈 %lld", number),
			.external_id = pw_arena_printf(&arena, "X%lld", number),
			.region = 1,
			.grp = "voluntary"};
	}
	const pw_subjects_registered fact = {.subjects = people, .subjects_count = count};
	pw_status rc = pw_subjects_registered_append(store, &fact, err);
	pw_arena_clear(&arena);
	return rc;
}

/* ---------------------------------------------------------------- SQLite itself */

sqlite3 *raw_open(const char *path)
{
	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL);
	return db;
}

static void run(sqlite3 *db, const char *sql)
{
	char *problem = NULL;
	int code = sqlite3_exec(db, sql, NULL, NULL, &problem);
	ck_assert_msg(code == SQLITE_OK, "%s: %s", sql, problem != NULL ? problem : "");
}

void raw_run(sqlite3 *db, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *sql = sqlite3_vmprintf(format, args);
	va_end(args);
	run(db, sql);
	sqlite3_free(sql);
}

int64_t raw_int(sqlite3 *db, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *sql = sqlite3_vmprintf(format, args);
	va_end(args);
	sqlite3_stmt *st = NULL;
	int code = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
	ck_assert_msg(code == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
	code = sqlite3_step(st);
	ck_assert_msg(code == SQLITE_ROW, "%s: %s", sql, sqlite3_errmsg(db));
	int64_t value = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_free(sql);
	return value;
}

void tamper(const char *path, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *sql = sqlite3_vmprintf(format, args);
	va_end(args);
	sqlite3 *db = raw_open(path);
	run(db, sql);
	sqlite3_close(db);
	sqlite3_free(sql);
}

/* ---------------------------------------------------------------- findings */

const pw_finding *find_finding(const pw_report *report, const char *a, const char *b)
{
	for (size_t i = 0; i < report->len; i++)
		if (strstr(report->findings[i].text, a) != NULL &&
		    strstr(report->findings[i].text, b) != NULL)
			return &report->findings[i];
	return NULL;
}

const char *report_text(const pw_report *report)
{
	static char text[4000];
	size_t n = 0;
	text[0] = '\0';
	for (size_t i = 0; i < report->len && n < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "\n  %s",
				      report->findings[i].text);
	return text;
}

void assert_clean(const char *path)
{
	pw_report report = PW_REPORT_INIT;
	pw_head head;
	pw_store *store;
	must(pw_store_open(path, &store, &fx.err));
	must(pw_store_verify_deep(store, &report, &head, NULL, NULL, &fx.err));
	ck_assert_msg(report.len == 0, "%s", report_text(&report));
	pw_store_close(store);
	pw_report_clear(&report);
}

/* ---------------------------------------------------------------- facts of any kind */

uint64_t test_seed(void)
{
	const char *given = getenv("PW_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10)
				      : (uint64_t)time(NULL) * 1000003u + (uint64_t)getpid();
	printf("PW_SEED=%llu\n", (unsigned long long)seed);
	fflush(stdout);
	return seed;
}

static const char *draw_text(pw_rng *rng, pw_arena *arena)
{
	static const char *const pieces[] = {
		"A",
		"tube",
		"\"",
		"\\",
		"/",
		"\n",
		"\t",
		"\x01",
		"\x1f",
		"\x7f",
		"é",
		"王",
		"\u2028",
		"\xf0\x9f\xa7\xaa",
		" ",
		"\xf4\x8f\xbf\xbf",
		"\xef\xbf\xbf",
		"{}[]",
		"null",
		"\\u0041",
	};
	pw_str text = PW_STR_INIT;
	for (uint64_t n = pw_rng_below(rng, 6); n > 0; n--)
		pw_str_add(&text, pieces[pw_rng_below(rng, sizeof(pieces) / sizeof(pieces[0]))]);
	char *copy = pw_arena_strdup(arena, pw_str_text(&text));
	pw_str_clear(&text);
	return copy;
}

static int64_t draw_int(pw_rng *rng)
{
	static const int64_t odd[] = {0, 1, -1, 9, 10, -10, INT64_MAX, INT64_MIN, 1000000000000};
	uint64_t at = pw_rng_below(rng, 18);
	return at < 9 ? odd[at] : (int64_t)(pw_rng_next(rng) >> pw_rng_below(rng, 64));
}

static double draw_real(pw_rng *rng)
{
	static const double odd[] = {0.0,    -0.0,   1.0,     28.5, 0.1,         1e300,
				     -1e300, 5e-324, 1e15,    1e17, 123456789e9, 39.99,
				     0x1p53, 0x1p63, -0x1p63, 1e-7};
	uint64_t at = pw_rng_below(rng, 32);
	if (at < 16)
		return odd[at];
	if (at < 24)
		return pw_rng_uniform(rng) * 45.0;
	/* any bits that are a number */
	double value;
	do {
		uint64_t bits = pw_rng_next(rng);
		memcpy(&value, &bits, sizeof(value));
	} while (!isfinite(value));
	return value;
}

static pw_value draw_value(pw_rng *rng, const pw_field *f, pw_arena *arena)
{
	if (f->optional && pw_rng_chance(rng, 0.4))
		return (pw_value){PW_NULL, 0, 0, NULL};
	if (f->type == PW_TYPE_INT)
		return pw_value_int(draw_int(rng));
	if (f->type == PW_TYPE_REAL)
		return pw_value_real(draw_real(rng));
	if (f->type == PW_TYPE_TEXT)
		return pw_value_text(draw_text(rng, arena));
	return (pw_value){PW_NULL, 0, 0, NULL};
}

void draw_fact(pw_rng *rng, const pw_fact *fact, pw_arena *arena, pw_fact_values *out)
{
	*out = (pw_fact_values){.fact = fact};
	out->envelope = (pw_envelope){draw_int(rng), draw_int(rng), draw_text(rng, arena),
				      draw_text(rng, arena),
				      pw_rng_chance(rng, 0.5) ? draw_text(rng, arena) : NULL};
	out->fields = pw_arena_array(arena, (size_t)fact->field_count + 1, sizeof(pw_value));
	for (int i = 0; i < fact->field_count; i++)
		out->fields[i] = draw_value(rng, &fact->fields[i], arena);
	if (fact->items == NULL)
		return;
	out->item_count = (size_t)pw_rng_below(rng, 5);
	size_t n = out->item_count * (size_t)fact->item_count;
	out->items = pw_arena_array(arena, n + 1, sizeof(pw_value));
	for (size_t i = 0; i < n; i++)
		out->items[i] = draw_value(rng, &fact->items[i % (size_t)fact->item_count], arena);
}
