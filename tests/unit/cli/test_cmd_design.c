/* `poolwell design …`: the words of the command line and the shape of the answers; the numbers are
 * tested where they are made, in tests/unit/pooling. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/cli/fixture.h"

static char folder[] = "/tmp/pw-design-XXXXXX";

static void setup(void)
{
	fixture_reset();
	fixture_cli.nouns = pw_nouns;
	snprintf(folder, sizeof(folder), "/tmp/pw-design-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
	static const char *const names[] = {"matrix", "priors", "picture.svg"};
	char path[64];
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

static void write_file(const char *name, const char *text)
{
	char path[64];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

/* Runs with every "@" of the line replaced by the folder. */
static ran run_here(const char *line)
{
	char whole[1024];
	size_t n = 0;
	for (const char *p = line; *p != '\0' && n + sizeof(folder) < sizeof(whole); p++) {
		if (*p == '@')
			n += (size_t)snprintf(whole + n, sizeof(whole) - n, "%s", folder);
		else
			whole[n++] = *p;
	}
	whole[n] = '\0';
	return run_line(whole);
}

/* The number behind "key": in JSON. */
static double number_of(const char *json, const char *key)
{
	char quoted[64];
	snprintf(quoted, sizeof(quoted), "\"%s\": ", key);
	const char *at = strstr(json, quoted);
	ck_assert_msg(at != NULL, "no %s in %s", key, json);
	return strtod(at + strlen(quoted), NULL);
}

static const struct {
	const char *line;
	double tests, pse;
} evaluations[] = {
	{"poolwell design evaluate --scheme array --size 10x10 --prevalence 0.01 --se 0.99 --sp 0.99 "
	 "--json",
	 22.6112373983, .9776163980},
	{"poolwell design evaluate --scheme hierarchical --size 5,5,5,3 --prevalence 0.1% --se 0.95 "
	 "--sp 0.95 --json",
	 1.3953930409, .857375},
	{"poolwell design evaluate --scheme dorfman --size 11 --prevalence 1% --se 99% --sp .99 --json",
	 2.2382536191, .9801},
	{"poolwell design evaluate --scheme array-master --size 5x5 --prevalence 0.02 --se "
	 ".95,.95,.99 --sp .98,.98,.99 --json",
	 5.6724875640, .9050228961},
	{"poolwell design evaluate --scheme individual --prevalence 0.02 --se 0.95 --sp 0.98 --json",
	 1, .95},
};

START_TEST(test_evaluate_answers_in_json)
{
	ran r = run_here(evaluations[_i].line);
	ck_assert_msg(r.code == 0, "%s", r.err);
	ck_assert_double_eq_tol(number_of(r.out, "expected_tests"), evaluations[_i].tests, 1e-10);
	ck_assert_double_eq_tol(number_of(r.out, "pse"), evaluations[_i].pse, 1e-10);
	ck_assert_double_eq_tol(number_of(r.out, "tests_per_person") * number_of(r.out, "people"),
				evaluations[_i].tests, 1e-9);
	static const char *const keys[] = {"psp", "pppv", "pnpv"};
	for (int k = 0; k < 3; k++)
		ck_assert(number_of(r.out, keys[k]) > 0.4);
	ran_clear(&r);
}
END_TEST

START_TEST(test_priors_are_put_in_order_of_risk)
{
	write_file("priors", "prior\n.012\n.014\n.011\n.012\n.010\n.015\n");
	ran r = run_here(
		"poolwell design evaluate --scheme hierarchical --size 3,3 --priors @/priors "
		"--se 0.99 --sp 0.99 --json");
	ck_assert_msg(r.code == 0, "%s", r.err);
	ck_assert_double_eq_tol(number_of(r.out, "expected_tests"), 1.3781945001, 1e-10);
	ran_clear(&r);
	r = run_here("poolwell design evaluate --scheme hierarchical --size 3,3 --priors @/priors "
		     "--se 0.99 --sp 0.99 --each --csv");
	ck_assert_ptr_nonnull(strstr(r.out, "\n6,0.015,6,"));
	ck_assert_ptr_nonnull(strstr(r.out, "\n5,0.01,1,"));
	ran_clear(&r);
	r = run_here(
		"poolwell design advise --scheme hierarchical --priors @/priors --se 0.99 --sp "
		"0.99 --json");
	ck_assert_ptr_nonnull(strstr(r.out, "\"size\": \"3,3\""));
	ran_clear(&r);
}
END_TEST

START_TEST(test_advise_answers_in_json)
{
	ran r = run_here(
		"poolwell design advise --scheme array --sizes 3:40 --stages 3 --prevalence "
		"0.01 --se 0.99 --sp 0.99 --json");
	ck_assert_msg(r.code == 0, "%s", r.err);
	ck_assert_ptr_nonnull(strstr(r.out, "\"scheme\": \"array\""));
	ck_assert_ptr_nonnull(strstr(r.out, "\"size\": \"25x25\""));
	ck_assert_double_eq_tol(number_of(r.out, "expected_tests"), 86.1085073257, 1e-10);
	ck_assert_ptr_nonnull(
		strstr(r.out, "\"front\": [{\"scheme\": \"array\", \"size\": \"25x25\""));
	ck_assert_ptr_nonnull(strstr(r.out, "\"switches\": [{\"from\": 0.0001,"));
	ran_clear(&r);
	r = run_here(
		"poolwell design advise --prevalence 1% --se 0.95 --sp 0.99 --material collected "
		"--max-pool 20");
	ck_assert_int_eq(r.code, 0);
	ck_assert_ptr_nonnull(strstr(r.err, "best: dorfman 11, 0.1993 tests per person"));
	ck_assert_ptr_nonnull(strstr(r.out, "as prevalence moves"));
	ran_clear(&r);
	r = run_here("poolwell design advise --prevalence 1% --se 0.5 --sp 0.5 --scheme dorfman");
	ck_assert_int_eq(r.code, 0);
	ck_assert_ptr_nonnull(strstr(r.err, "tells nothing"));
	ran_clear(&r);
}
END_TEST

START_TEST(test_make_writes_a_pool_a_line)
{
	expect("poolwell design make --family array --size 2x3 -q", 0,
	       "1 1 1 0 0 0\n0 0 0 1 1 1\n1 0 0 1 0 0\n0 1 0 0 1 0\n0 0 1 0 0 1\n", "");
	expect("poolwell design make --family dorfman --samples 3 --size 2", 0, "1 1 0\n0 0 1\n",
	       "dorfman size=2: 2 pools of 1 to 2 of 3 samples, in 1 pool each; no number of "
	       "positives is always found\n");
	ran r = run_here(
		"poolwell design make --family rs --pools 48 --weight 6 --samples 384 --out "
		"@/matrix");
	ck_assert_str_eq(r.out, "");
	ck_assert_str_eq(r.err,
			 "rs q=8 k=3 w=6: 48 pools of 48 of 384 samples, in 6 pools "
			 "each; up to 2 positives without error; up to 1 with 1 wrong pool\n");
	ran_clear(&r);
	r = run_here("poolwell design make --family rs --pools 48 --weight 6 --samples 384 --out "
		     "@/matrix");
	ck_assert_int_eq(r.code, 1); /* it is there already */
	ran_clear(&r);
	r = run_here("poolwell design show @/matrix --json");
	ck_assert_double_eq(number_of(r.out, "pools"), 48);
	ck_assert_double_eq(number_of(r.out, "most_pools_shared"), 2);
	ck_assert_double_eq(number_of(r.out, "positives_always_found"), 2);
	ran_clear(&r);
	r = run_here("poolwell design show @/matrix --positives 2 --draws 300 --json");
	ck_assert_double_eq(number_of(r.out, "plates"), 300);
	ck_assert_double_eq(number_of(r.out, "comp_exact"), 1);
	ran_clear(&r);
	r = run_here(
		"poolwell design evaluate --scheme design --design @/matrix --prevalence 1% --se "
		"1 --sp 1 --json");
	ck_assert_double_eq_tol(number_of(r.out, "expected_tests"), 55.370766, 0.51e-6);
	ran_clear(&r);
	r = run_here(
		"poolwell design evaluate --scheme design --design @/matrix --prevalence 1% --se "
		"1 --sp 1 --at-once --misses 1 --json");
	ck_assert_double_eq(number_of(r.out, "expected_tests"), 48);
	ran_clear(&r);
}
END_TEST

START_TEST(test_a_design_is_drawn)
{
	ran r = run_here("poolwell design make --family array --size 4x6 --out @/matrix --draw "
			 "@/picture.svg");
	ck_assert_msg(r.code == 0, "%s", r.err);
	char path[64];
	snprintf(path, sizeof(path), "%s/picture.svg", folder);
	ck_assert_int_eq(access(path, R_OK), 0);
	ran_clear(&r);
	r = run_here("poolwell design show @/matrix --draw @/picture.svg --overwrite");
	ck_assert_int_eq(r.code, 0);
	ran_clear(&r);
}
END_TEST

START_TEST(test_an_array_leaves_the_controls_out)
{
	ran r = run_here("poolwell design make --family array --size 8x12 --keep-free H11,H12");
	ck_assert_int_eq(r.code, 0);
	ck_assert_ptr_nonnull(strstr(r.err, "20 pools of 7 to 12 of 94 samples"));
	ran_clear(&r);
}
END_TEST

/* A usage error, or what the file or the numbers are not. */
static const struct {
	const char *line;
	int code;
	const char *says;
} bad[] = {
	{"poolwell design evaluate --scheme dorfman --size 11 --se .9 --sp .9", 2,
	 "give --prevalence, or --priors and a file"},
	{"poolwell design evaluate --scheme dorfman --size 11 --prevalence .1 --priors @/priors --se "
	 ".9 --sp .9",
	 2, "give --prevalence or --priors, not both"},
	{"poolwell design evaluate --scheme dorfman --size x --prevalence .1 --se .9 --sp .9", 2,
	 "size 'x': a number of 1 or more should stand at character 1"},
	{"poolwell design evaluate --scheme dorfman --size 3 --prevalence .1 --se 1.9 --sp .9", 2,
	 "--se: '1.9' is no probability"},
	{"poolwell design evaluate --scheme design --prevalence .1 --se .9 --sp .9", 2,
	 "scheme 'design' needs a design: give its matrix"},
	{"poolwell design evaluate --scheme design --design @/matrix --prevalence .1 --se .9 --sp .9",
	 1, "matrix: line 2: 2 columns where line 1 has 3"},
	{"poolwell design evaluate --scheme dorfman --size 3 --priors @/matrix --se .9 --sp .9", 1,
	 "matrix: line 1:1: '111' is no probability"},
	{"poolwell design advise --prevalence .1 --se .9 --sp .9 --sizes 40:3", 2,
	 "--sizes: '40:3' is no range of sizes"},
	{"poolwell design advise --prevalence .1 --se .9 --sp .9 --dilution half", 2,
	 "--dilution: 'half' is no dilution"},
	{"poolwell design make --family rs --field 6 --dimension 2 --weight 2", 2,
	 "rs: field q is 6: it must be a power of a prime"},
	{"poolwell design make --family array --size 8x12 --keep-free Z1", 2,
	 "--keep-free: 'Z1' is no well"},
	{"poolwell design make --family dorfman --size 30 --samples 60 --max-pool 20", 1,
	 "dorfman: pools of 30 samples are more than the 20 allowed"},
	{"poolwell design make --family rs --pools 48 --weight 6 --samples 384 --aliquot 50 "
	 "--sample-volume 200",
	 1, "rs: 6 aliquots of 50000 nl are more than the 200000 nl of a sample"},
	{"poolwell design show @/absent", 1, "absent"},
	{"poolwell design evaluate --scheme array --prevalence .1 --se .9 --sp .9", 2,
	 "give --size: how large the scheme 'array' is"},
	{"poolwell design evaluate --scheme array --size 3 --design @/matrix --prevalence .1 --se .9 --sp "
	 ".9",
	 2, "--design is for the scheme 'design', not for 'array': leave it out"},
	{"poolwell design evaluate --scheme dorfman --size 3 --misses 1 --prevalence .1 --se .9 --sp .9",
	 2, "--misses is for the scheme 'design', not for 'dorfman'"},
	{"poolwell design evaluate --scheme dorfman --size 3 --correlation .2 --prevalence .1 --se .9 --sp "
	 ".9",
	 2, "--correlation is between people of a household"},
	{"poolwell design advise --prevalence .1 --se .9 --sp .9 --turnaround 4h", 2,
	 "give --round-time and --turnaround together"},
	{"poolwell design make --family array --size 8x12 --keep-free P24", 2,
	 "wells to keep free that are not on the plate of 8 × 12"},
	{"poolwell design make --family array --size 8x12 --draw @/there.svg", 1,
	 "there.svg: there is a file of this name: choose another, or remove it"},
	{"poolwell design make --family array --size 8x12 --draw @/no/such.svg", 1,
	 "such.svg: its folder is not there: make it first"},
	{"poolwell design make --family dorfman --size 3 --out @/other --draw @/x.bmp", 2,
	 "--draw: '"},
};

START_TEST(test_what_makes_no_sense_is_said)
{
	write_file("matrix", "111\n11\n");
	write_file("priors", "0.1\n");
	write_file("there.svg", "mine");
	ran r = run_here(bad[_i].line);
	ck_assert_int_eq(r.code, bad[_i].code);
	ck_assert_msg(strstr(r.err, bad[_i].says) != NULL, "%s", r.err);
	ck_assert_str_eq(r.out, "");
	ran_clear(&r);
}
END_TEST

Suite *suite_cmd_design(void);

Suite *suite_cmd_design(void)
{
	Suite *s = suite_create("cmd_design");
	TCase *tc = tcase_create("answers");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_evaluate_answers_in_json, 0,
			    (int)(sizeof(evaluations) / sizeof(evaluations[0])));
	tcase_add_test(tc, test_priors_are_put_in_order_of_risk);
	tcase_add_test(tc, test_advise_answers_in_json);
	tcase_add_test(tc, test_make_writes_a_pool_a_line);
	tcase_add_test(tc, test_a_design_is_drawn);
	tcase_add_test(tc, test_an_array_leaves_the_controls_out);
	tcase_add_loop_test(tc, test_what_makes_no_sense_is_said, 0,
			    (int)(sizeof(bad) / sizeof(bad[0])));
	suite_add_tcase(s, tc);
	return s;
}
