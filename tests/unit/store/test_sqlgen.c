/* The generator, run as CMake runs it, on small inputs. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/unit/store/fixture.h"

/* What the generator wrote, or what it said when it refused. */
static char header[20000], source[20000], said[2000];

static void read_into(FILE *f, char *out, size_t size)
{
	ck_assert_ptr_nonnull(f);
	size_t n = fread(out, 1, size - 1, f);
	ck_assert_uint_lt(n, size - 1);
	out[n] = '\0';
}

static void read_file(const char *name, char *out, size_t size)
{
	FILE *f = fopen(fixture_file(name), "r");
	read_into(f, out, size);
	fclose(f);
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(fixture_file(name), "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

/* The exit code; its words, the folder's path taken out, are in `said`. */
static int run(const char *arguments)
{
	char command[1000];
	snprintf(command, sizeof(command), "cd '%s' && '%s' %s 2>&1", fx.dir, PW_SQLGEN, arguments);
	FILE *f = popen(command, "r");
	read_into(f, said, sizeof(said));
	int status = pclose(f);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void generate(const char *engine, const char *sql)
{
	char arguments[100];
	snprintf(arguments, sizeof(arguments), "--engine %s out.h out.c in.sql", engine);
	write_file("in.sql", sql);
	ck_assert_msg(run(arguments) == 0, "%s", said);
	ck_assert_str_eq(said, "");
	read_file("out.h", header, sizeof(header));
	read_file("out.c", source, sizeof(source));
}

#define assert_in(text, piece) ck_assert_msg(strstr((text), (piece)) != NULL, "%s", (text))

/* The schema is written as bytes: longer than a string literal may be. */
static void schema_text(char *out, size_t size)
{
	const char *p = strstr(source, "pw_sql_schema[] = {");
	ck_assert_ptr_nonnull(p);
	size_t n = 0;
	for (p = strchr(p, '{') + 1; n < size; n++) {
		char *end;
		out[n] = (char)strtol(p, &end, 10);
		if (out[n] == '\0')
			return;
		ck_assert(*end == ',');
		p = end + 1;
	}
	ck_abort_msg("the schema is long");
}

/* ---------------------------------------------------------------- what it writes */

static const char small[] =
	"-- A comment, with 'a quote.\n"
	"-- :fact tube.opened/2 A tube is opened.\n"
	"-- :field tube text Its barcode.\n"
	"-- :field name text? phi Whose.\n"
	"-- :field size int? How large.\n"
	"-- :field cq real?\n"
	"-- :list people\n"
	"-- :item subject int Who.\n"
	"-- :apply\n"
	"INSERT INTO tube (tube, size, at) VALUES ($tube, $size, $at);\n"
	"-- :apply each\n"
	"INSERT INTO member VALUES ($subject, $tube, $reason, '$tube', $tube);\n"
	"\n"
	"-- :one tube_find A tube \"here\".\n"
	"-- :in tube text\n"
	"-- :in size int?\n"
	"-- :out tube text\n"
	"-- :out size int?\n"
	"-- :scan-ok small\n"
	"SELECT tube,\n\tsize FROM tube\n"
	"WHERE tube = $tube OR size = $size;\n"
	"-- :exec forget Forgets.\n"
	"DELETE FROM tube\n";

START_TEST(test_header_has_a_struct_and_a_function_for_each_label)
{
	generate("sqlite", small);
	assert_in(header, "/* tube.opened/2: A tube is opened. */\n"
			  "typedef struct pw_tube_opened_2_item {\n"
			  "\tint64_t subject; /* Who. */\n"
			  "} pw_tube_opened_2_item;\n"
			  "typedef struct pw_tube_opened_2 {\n"
			  "\tconst char *tube; /* Its barcode. */\n"
			  "\tconst char *name; /* Whose. */\n"
			  "\tpw_opt_int size; /* How large. */\n"
			  "\tpw_opt_real cq;\n"
			  "\tconst pw_tube_opened_2_item *people;\n"
			  "\tsize_t people_count;\n"
			  "} pw_tube_opened_2;\n"
			  "PW_NODISCARD pw_status pw_tube_opened_2_append(pw_store *store, const "
			  "pw_tube_opened_2 *fact, pw_err *err);\n");
	assert_in(header, "PW_NODISCARD pw_status pw_q_tube_find(pw_store *store, pw_arena *arena, "
			  "const char *tube, pw_opt_int size, pw_tube_find_row *out, bool *found, "
			  "pw_err *err);\n");
	assert_in(header, "PW_NODISCARD pw_status pw_q_forget(pw_store *store, pw_err *err);\n");
}
END_TEST

START_TEST(test_fields_are_written_in_the_order_of_their_keys)
{
	generate("sqlite", small);
	assert_in(source,
		  "\t{\"cq\", PW_TYPE_REAL, true, false, offsetof(pw_tube_opened_2, cq), \"\"},\n"
		  "\t{\"name\", PW_TYPE_TEXT, true, true, offsetof(pw_tube_opened_2, name), "
		  "\"Whose.\"},\n"
		  "\t{\"people\", PW_TYPE_LIST, false, false, offsetof(pw_tube_opened_2, people), "
		  "\"\"},\n"
		  "\t{\"size\", PW_TYPE_INT, true, false, offsetof(pw_tube_opened_2, size), "
		  "\"How large.\"},\n"
		  "\t{\"tube\", PW_TYPE_TEXT, false, false, offsetof(pw_tube_opened_2, tube), "
		  "\"Its barcode.\"},\n");
	/* $tube, $size, $at: the fields of these places, and the time */
	assert_in(source, "sources_0[] = {\n\t{PW_FROM_FIELD, 4},\n\t{PW_FROM_FIELD, 3},\n"
			  "\t{PW_FROM_ENVELOPE, 1},\n};\n");
	assert_in(source, "sources_1[] = {\n\t{PW_FROM_ITEM, 0},\n\t{PW_FROM_FIELD, 4},\n"
			  "\t{PW_FROM_ENVELOPE, 4},\n};\n");
	assert_in(source, "\t{0, false, sources_0, 3},\n\t{1, true, sources_1, 3},\n");
}
END_TEST

START_TEST(test_parameters_have_the_form_of_the_engine)
{
	generate("sqlite", small);
	assert_in(source, "INSERT INTO tube (tube, size, at) VALUES (?1, ?2, ?3)");
	assert_in(source, "INSERT INTO member VALUES (?1, ?2, ?3, '$tube', ?2)");
	assert_in(source,
		  "SELECT tube, \"\n\t \" size FROM tube \"\n\t \"WHERE tube = ?1 OR size = ?2");
	generate("postgresql", small);
	assert_in(source, "INSERT INTO tube (tube, size, at) VALUES ($1, $2, $3)");
	assert_in(source, "INSERT INTO member VALUES ($1, $2, $3, '$tube', $2)");
	assert_in(source, "WHERE tube = $1 OR size = $2");
}
END_TEST

START_TEST(test_quotes_are_written_for_c)
{
	generate("sqlite", "-- :one a What is \"\\\".\n-- :out b text\n-- :scan-ok \"why \\ not\"\n"
			   "SELECT '\"\\' AS b;\n");
	assert_in(source, "\"SELECT '\\\"\\\\' AS b\"");
	assert_in(source, "\"\\\"why \\\\ not\\\"\"");
}
END_TEST

static const char tables[] =
	"-- The tables.\n-- :schema\n\n"
	"CREATE TABLE tube (\n  tube TEXT NOT NULL PRIMARY KEY,\n"
	"  size INTEGER NOT NULL,\n-- a comment\n  cq REAL,\n  bytes BLOB\n);\n"
	"CREATE INDEX tube_size ON tube (size);\n";

START_TEST(test_tables_are_strict_for_sqlite)
{
	char text[1000];
	generate("sqlite", tables);
	schema_text(text, sizeof(text));
	ck_assert_str_eq(text, "\nCREATE TABLE tube (\n  tube TEXT NOT NULL PRIMARY KEY,\n"
			       "  size INTEGER NOT NULL,\n  cq REAL,\n  bytes BLOB\n) STRICT;\n"
			       "CREATE INDEX tube_size ON tube (size)");
}
END_TEST

START_TEST(test_tables_have_the_types_of_postgresql)
{
	char text[1000];
	generate("postgresql", tables);
	schema_text(text, sizeof(text));
	ck_assert_str_eq(text,
			 "\nCREATE TABLE tube (\n  tube TEXT NOT NULL PRIMARY KEY,\n"
			 "  size BIGINT NOT NULL,\n  cq DOUBLE PRECISION,\n  bytes BYTEA\n);\n"
			 "CREATE INDEX tube_size ON tube (size)");
}
END_TEST

START_TEST(test_fact_without_fields_is_still_a_struct)
{
	generate("sqlite", "-- :fact day.begun/1 A day begins.\n");
	assert_in(header, "typedef struct pw_day_begun {\n\tchar nothing;\n} pw_day_begun;\n");
	assert_in(source, "fact_fields_0, 0, NULL, 0, 0, 0, applies_0, 0},\n");
}
END_TEST

START_TEST(test_facts_and_statements_may_be_in_several_files)
{
	write_file("a.sql", "-- :fact a.b/1 One.\n-- :field x int\n");
	write_file("b.sql", "-- :fact c.d/1 Two.\n-- :each q All.\n-- :out x int\nSELECT 1 AS x\n");
	ck_assert_msg(run("out.h out.c a.sql b.sql") == 0, "%s", said);
	read_file("out.h", header, sizeof(header));
	assert_in(header, "pw_a_b_append");
	assert_in(header, "pw_c_d_append");
	assert_in(header,
		  "pw_status pw_q_q_open(pw_store *store, pw_cursor *cursor, pw_err *err);");
	assert_in(header, "pw_status pw_q_q_next(pw_cursor *cursor, pw_q_row *out, bool *found, "
			  "pw_err *err);");
}
END_TEST

/* ---------------------------------------------------------------- what it refuses */

#define LONG_64 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"

static const struct {
	const char *sql, *says;
} mistakes[] = {
	{"SELECT 1;\n", "in.sql:1: SQL without a label"},
	{"-- :fact a.b/1 What.\nSELECT 1;\n-- :fact c.d/1 What.\n",
	 "in.sql:3: SQL without a label"},
	{"-- :query x\n", "in.sql:1: unknown label ':query'"},
	{"-- :field x int\n", "in.sql:1: unknown label ':field'"},
	{"-- :fact a.b/1 What.\n-- :item x int\n", "in.sql:2: unknown label ':item'"},
	{"-- :fact a.b/1 What.\n-- :list x\n-- :list y\n", "in.sql:3: unknown label ':list'"},
	{"-- :in x int\n", "in.sql:1: :in without a statement"},
	{"-- :out x int\n", "in.sql:1: :out without a statement"},
	{"-- :scan-ok why\n", "in.sql:1: :scan-ok without a statement"},
	{"-- :apply\n", "in.sql:1: :apply without a fact, or too many"},
	{"-- :fact a.b/1 What.\n-- :apply eech\n",
	 "in.sql:2: :apply, or :apply each of a fact with a list"},
	{"-- :fact a.b/1 What.\n-- :apply each\n",
	 "in.sql:2: :apply, or :apply each of a fact with a list"},
	{"-- :fact a.b What.\n", "in.sql:1: write :fact name/version What happened."},
	{"-- :fact a.b/1\n", "in.sql:1: write :fact name/version What happened."},
	{"-- :fact a.b/1 What.\n-- :fact a.b/1 Again.\n",
	 "in.sql:2: the fact a.b/1 is already declared"},
	{"-- :fact a.b/1 What.\n-- :fact a-b/1 Again.\n",
	 "in.sql:2: the fact a-b/1 is already declared"},
	{"-- :fact a.b/1 What.\n-- :field x number\n", "in.sql:2: unknown type 'number'"},
	{"-- :fact a.b/1 What.\n-- :field x\n", "in.sql:2: unknown type ''"},
	{"-- :fact a.b/1 What.\n-- :field " LONG_64 " int\n", "in.sql:2: too long: " LONG_64},
	{"-- :fact a.b/1 What.\n-- :apply\nSELECT $x;\n",
	 "in.sql:2: a.b/1 #1: $x is no field of a.b/1"},
	{"-- :fact a.b/1 What.\n-- :list l\n-- :item x int\n-- :apply\nSELECT $x;\n",
	 "in.sql:4: a.b/1 #1: $x is no field of a.b/1"},
	{"-- :fact a.b/1 What.\n-- :apply\n-- :apply\n", "in.sql:2: a.b/1 #1: no SQL follows"},
	{"-- :one q What.\n-- :out x int\n", "in.sql:1: q: no SQL follows"},
	{"-- :one q What.\n-- :out x int\nSELECT $y AS x;\n", "in.sql:1: q: $y has no :in"},
	{"-- :one q What.\n-- :in y int\n-- :out x int\nSELECT 1 AS x;\n",
	 "in.sql:1: q: :in y is not used"},
	{"-- :one q What.\n-- :in a int\n-- :in b int\n-- :in c int\n-- :in d int\n-- :in e int\n"
	 "-- :in f int\n-- :in g int\n-- :in h int\n-- :in i int\n-- :in j int\n-- :out x int\n"
	 "SELECT $b + $c + $d + $e + $f + $g + $h + $i + $j AS x;\n",
	 "in.sql:1: q: :in a is not used"},
	{"-- :many q What.\nSELECT 1;\n", "in.sql:1: q: a query has an :out, an :exec has none"},
	{"-- :exec q What.\n-- :out x int\nDELETE FROM t;\n",
	 "in.sql:1: q: a query has an :out, an :exec has none"},
	{"-- :exec q What.\nDELETE FROM t;\n-- :exec q Again.\nDELETE FROM u;\n",
	 "in.sql:3: q is already at in.sql:1"},
	{"-- :schema\nCREATE TABLE t (\n  x TEXT\n);\n-- :schema\nCREATE TABLE u (\n  x TEXT\n);\n",
	 "in.sql:8: the schema is already in another file"},
};

START_TEST(test_mistake_is_named_with_its_line)
{
	char expected[400];
	write_file("in.sql", mistakes[_i].sql);
	ck_assert_int_eq(run("out.h out.c in.sql"), 1);
	snprintf(expected, sizeof(expected), "%s\n", mistakes[_i].says);
	ck_assert_str_eq(said, expected);
	ck_assert_ptr_null(fopen(fixture_file("out.h"), "r"));
}
END_TEST

/* More of a thing than there is room for. */
static const struct {
	const char *begin, *repeat;
	int count;
	const char *end, *says;
} excesses[] = {
	{"-- :fact a.b/1 What.\n", "-- :field f%d int\n", 41, "", "in.sql:42: too many fields"},
	{"-- :one q What.\n", "-- :in f%d int\n", 41, "", "in.sql:42: too many fields"},
	{"-- :fact a.b/1 What.\n", "-- :apply\nSELECT %d;\n", 13, "",
	 "in.sql:26: :apply without a fact, or too many"},
	{"", "-- :fact a.b%d/1 What.\n", 101, "", "in.sql:101: too many facts"},
	{"", "-- :exec q%d What.\nDELETE FROM t;\n", 401, "", "in.sql:801: too many statements"},
	{"-- :fact a.b/1 What.\n-- :field f int ", "many words %d ", 30, "\n",
	 "in.sql:2: too long: "},
	{"-- :one q What.\n-- :scan-ok ", "many words %d ", 30, "\n", "in.sql:2: too long: "},
	{"-- :schema\n", "many words %d ", 200, "\n", "in.sql:2: line too long"},
};

START_TEST(test_too_much_is_named_with_its_line)
{
	pw_str sql = PW_STR_INIT;
	pw_str_add(&sql, excesses[_i].begin);
	for (int k = 0; k < excesses[_i].count; k++) {
		char line[100];
		const char *number = strstr(excesses[_i].repeat, "%d");
		snprintf(line, sizeof(line), "%.*s%d%s", (int)(number - excesses[_i].repeat),
			 excesses[_i].repeat, k, number + 2);
		pw_str_add(&sql, line);
	}
	pw_str_add(&sql, excesses[_i].end);
	write_file("in.sql", sql.ptr);
	ck_assert_int_eq(run("out.h out.c in.sql"), 1);
	ck_assert_msg(strncmp(said, excesses[_i].says, strlen(excesses[_i].says)) == 0, "%s", said);
	pw_str_clear(&sql);
}
END_TEST

START_TEST(test_too_many_parameters_of_a_fact_are_refused)
{
	pw_str sql = PW_STR_INIT;
	pw_str_add(&sql, "-- :fact a.b/1 What.\n");
	for (int k = 0; k < 40; k++)
		pw_str_addf(&sql, "-- :field f%d int\n", k);
	pw_str_add(&sql, "-- :apply\nSELECT $seq");
	for (int k = 0; k < 40; k++)
		pw_str_addf(&sql, ", $f%d", k);
	pw_str_add(&sql, ";\n");
	write_file("in.sql", sql.ptr);
	ck_assert_int_eq(run("out.h out.c in.sql"), 1);
	ck_assert_str_eq(said, "in.sql:42: a.b/1 #1: too many parameters\n");
	pw_str_clear(&sql);
}
END_TEST

START_TEST(test_files_that_are_not_there_are_named)
{
	ck_assert_int_eq(run("out.h out.c none.sql"), 1);
	ck_assert_str_eq(said, "none.sql:0: cannot read\n");
	write_file("in.sql", "");
	ck_assert_int_eq(run("none/out.h out.c in.sql"), 1);
	ck_assert_str_eq(said, "none/out.h:0: cannot write\n");
	ck_assert_int_eq(run("out.h none/out.c in.sql"), 1);
	ck_assert_str_eq(said, "none/out.c:0: cannot write\n");
	remove(fixture_file("out.h"));
}
END_TEST

START_TEST(test_wrong_usage_is_two)
{
	static const char *const usages[] = {"", "out.h out.c", "--engine sqlite out.h out.c",
					     "--engine oracle out.h out.c in.sql"};
	for (size_t i = 0; i < sizeof(usages) / sizeof(usages[0]); i++) {
		ck_assert_int_eq(run(usages[i]), 2);
		ck_assert_msg(strncmp(said, "usage: sqlgen ", 14) == 0, "%s", said);
	}
}
END_TEST

/* The real files: PostgreSQL's form of them is written without a word, and has no form of SQLite's in it. */
START_TEST(test_all_of_the_stores_sql_can_be_written_for_postgresql)
{
	char *text = malloc(2000000), *line = text;
	ck_assert_int_eq(
		run("--engine postgresql out.h out.c '" PW_SOURCE_DIR "'/core/store/sql/*.sql"), 0);
	FILE *f = fopen(fixture_file("out.c"), "r");
	read_into(f, text, 2000000);
	fclose(f);
	for (const char *form = strchr(line, '?'); form != NULL; form = strchr(form + 1, '?'))
		ck_assert_msg(form[1] < '0' || form[1] > '9', "%.60s", form);
	ck_assert_ptr_nonnull(strstr(text, "$1"));
	free(text);
}
END_TEST

Suite *suite_sqlgen(void);

Suite *suite_sqlgen(void)
{
	Suite *suite = suite_create("sqlgen");
	TCase *writes = tcase_create("writes");
	tcase_add_checked_fixture(writes, fixture_folder, fixture_teardown);
	tcase_add_test(writes, test_header_has_a_struct_and_a_function_for_each_label);
	tcase_add_test(writes, test_fields_are_written_in_the_order_of_their_keys);
	tcase_add_test(writes, test_parameters_have_the_form_of_the_engine);
	tcase_add_test(writes, test_quotes_are_written_for_c);
	tcase_add_test(writes, test_tables_are_strict_for_sqlite);
	tcase_add_test(writes, test_tables_have_the_types_of_postgresql);
	tcase_add_test(writes, test_fact_without_fields_is_still_a_struct);
	tcase_add_test(writes, test_facts_and_statements_may_be_in_several_files);
	tcase_add_test(writes, test_all_of_the_stores_sql_can_be_written_for_postgresql);
	tcase_set_timeout(writes, 60);
	suite_add_tcase(suite, writes);
	TCase *refuses = tcase_create("refuses");
	tcase_add_checked_fixture(refuses, fixture_folder, fixture_teardown);
	tcase_add_loop_test(refuses, test_mistake_is_named_with_its_line, 0,
			    (int)(sizeof(mistakes) / sizeof(mistakes[0])));
	tcase_add_loop_test(refuses, test_too_much_is_named_with_its_line, 0,
			    (int)(sizeof(excesses) / sizeof(excesses[0])));
	tcase_add_test(refuses, test_too_many_parameters_of_a_fact_are_refused);
	tcase_add_test(refuses, test_files_that_are_not_there_are_named);
	tcase_add_test(refuses, test_wrong_usage_is_two);
	tcase_set_timeout(refuses, 60);
	suite_add_tcase(suite, refuses);
	return suite;
}
