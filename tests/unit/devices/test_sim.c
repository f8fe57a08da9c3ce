/* The simulators: what they make of jobs, whatever the pieces, and what goes wrong with them. What each says is in
 * test_sim_zpl.c and test_sim_languages.c. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rng.h"
#include "devices/printers/printer.h"
#include "labels/press.h"
#include "labels/shipped.h"
#include "numbered.h"
#include "printout.h"

static const char *const languages[] = {"zpl",     "tspl",         "epl",   "dymo",
					"brother", "brother-wide", "ptouch"};

#define LANGUAGES 7

/* ---- Shipped labels ---- */

static const int dpis[] = {180, 203, 300, 360, 600};

#define DPIS 5

typedef struct box {
	int left, top, right, bottom; /* right and bottom behind it */
} box;

static box inked(const pw_raster *r)
{
	box b = {r->width, r->height, 0, 0};
	for (int y = 0; y < r->height; y++) {
		for (int x = 0; x < r->width; x++) {
			if (x % 8 == 0 && r->bits[(size_t)y * r->stride + (size_t)x / 8] == 0)
				x += 7;
			if (!pw_raster_get(r, x, y))
				continue;
			b.left = x < b.left ? x : b.left;
			b.right = x >= b.right ? x + 1 : b.right;
			b.top = y < b.top ? y : b.top;
			b.bottom = y >= b.bottom ? y + 1 : b.bottom;
		}
	}
	return b;
}

/* The same dots, as they lie or turned by a quarter; where on the head and on the tape they are is the printer's
 * matter. */
static bool is_same(const pw_raster *a, const pw_raster *b, bool turned)
{
	box p = inked(a), q = inked(b);
	int width = p.right - p.left, height = p.bottom - p.top;
	if ((turned ? height : width) != q.right - q.left ||
	    (turned ? width : height) != q.bottom - q.top)
		return false;
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			if (pw_raster_get(a, p.left + x, p.top + y) !=
			    (turned ? pw_raster_get(b, q.left + height - 1 - y, q.top + x)
				    : pw_raster_get(b, q.left + x, q.top + y)))
				return false;
	return true;
}

static void same_picture(const pw_raster *a, const pw_raster *b, const char *what)
{
	ck_assert_msg(is_same(a, b, false) || is_same(a, b, true), "%s is another picture", what);
}

static bool print_label(const pw_raster *raster, const char *language, int dpi, const char *what)
{
	printout p;
	pw_str job = PW_STR_INIT;
	pw_print_job how = PW_PRINT_JOB_INIT;
	how.gap = 3000;
	how.packbits = raster->width % 2 == 0;
	how.two_colours = raster->red != NULL;
	if (pw_dialect_encode(numbered_dialect(language), raster, &how, &job, NULL) != PW_OK)
		return false;
	printout_begin(&p, language, dpi, PW_SIM_TOUCHY);
	numbered_load(p.sim, &job);
	pw_str_clear(&p.notes);
	printout_give(&p, job.ptr, job.len, 4096);
	ck_assert_msg(p.whole == 1 && p.fragments == 0, "%s as %s: %s", what, language,
		      pw_str_text(&p.notes));
	ck_assert_msg(p.notes.len == 0, "%s", pw_str_text(&p.notes));
	same_picture(raster, &p.raster, what);
	if (strcmp(language, "zpl") == 0 || strcmp(language, "epl") == 0)
		ck_assert(pw_raster_eq(raster, &p.raster));
	printout_end(&p);
	pw_str_clear(&job);
	return true;
}

static void burn(const pw_embedded *file, int dpi, pw_raster *out)
{
	pw_label_template *t = NULL;
	pw_press *press = NULL;
	pw_label_layout *layout = NULL;
	pw_err err = PW_ERR_INIT;
	pw_label_value values[PW_LABEL_MAX_FIELDS];
	pw_status rc = pw_label_template_parse(file->bytes, file->size, file->name, &t, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	for (size_t i = 0; i < t->field_count; i++)
		values[i] = (pw_label_value){t->fields[i].name, t->fields[i].example};
	pw_label_values label = {values, t->field_count};
	rc = pw_press_new(t, dpi, &press, &err);
	if (rc == PW_OK)
		rc = pw_press_layout(press, &label, 1, &layout, &err);
	if (rc == PW_OK)
		rc = pw_press_raster(press, layout, out, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	pw_label_layout_free(layout);
	pw_press_free(press);
	pw_label_template_free(t);
}

START_TEST(test_every_shipped_label_is_printed_dot_for_dot)
{
	const pw_embedded *file = &pw_shipped_templates[_i / DPIS];
	int dpi = dpis[_i % DPIS];
	pw_raster raster = PW_RASTER_INIT;
	burn(file, dpi, &raster);
	size_t printed_by = 0;
	for (size_t k = 0; k < LANGUAGES; k++)
		printed_by += print_label(&raster, languages[k], dpi, file->name) ? 1 : 0;
	ck_assert_uint_ge(printed_by, 3);
	pw_raster_clear(&raster);
}
END_TEST

/* ---- Pieces ---- */

START_TEST(test_pieces_make_no_difference)
{
	const char *language = languages[_i % LANGUAGES];
	pw_rng rng;
	pw_rng_init(&rng, (uint64_t)_i);
	pw_raster expected = numbered_raster(language, 300 + (unsigned)_i);
	pw_str job = numbered_job(language, 300 + (unsigned)_i);
	printout p;
	printout_begin(&p, language, 0, 0);
	numbered_load(p.sim, &job);
	printout_give(&p, job.ptr, job.len, 1 + (size_t)pw_rng_below(&rng, 40));
	ck_assert_uint_eq(p.whole, 1);
	same_picture(&expected, &p.raster, language);
	printout_end(&p);
	pw_str_clear(&job);
	pw_raster_clear(&expected);
}
END_TEST

/* Labels sent one behind the other do not mix. */
START_TEST(test_many_labels_follow_one_another)
{
	printout p;
	pw_str all = PW_STR_INIT;
	for (unsigned i = 0; i < 20; i++) {
		pw_str job = numbered_job(languages[_i], i);
		pw_str_add_n(&all, job.ptr, job.len);
		pw_str_clear(&job);
	}
	printout_begin(&p, languages[_i], 0, 0);
	numbered_load(p.sim, &all);
	pw_str_clear(&p.notes);
	printout_give(&p, all.ptr, all.len, 1000);
	ck_assert_uint_eq(p.whole, 20);
	ck_assert_uint_eq(p.fragments, 0);
	ck_assert_msg(p.notes.len == 0, "%s", pw_str_text(&p.notes));
	printout_end(&p);
	pw_str_clear(&all);
}
END_TEST

/* ---- Faults ---- */

START_TEST(test_a_label_that_is_stopped_comes_out_in_part_and_then_whole)
{
	printout p;
	pw_str job = numbered_job("zpl", 5);
	printout_begin(&p, "zpl", 0, 0);
	pw_sim_take(p.sim, job.ptr, job.len);
	pw_sim_advance(p.sim, 150);
	ck_assert_int_eq(pw_sim_do(p.sim, "paper out for 1000", NULL), PW_OK);
	ck_assert_uint_eq(p.fragments, 1);
	pw_sim_advance(p.sim, 1149);
	ck_assert_uint_eq(pw_sim_count(p.sim).faults, PW_FAULT_PAPER_OUT);
	ck_assert_int_eq(pw_sim_port_status(p.sim), 0x30);
	pw_sim_advance(p.sim, 1449);
	ck_assert_int_eq(pw_sim_port_status(p.sim), 0x18);
	ck_assert_uint_eq(p.whole, 0);
	pw_sim_advance(p.sim, 1450);
	ck_assert_uint_eq(p.whole, 1);
	pw_str_clear(&job);
	printout_end(&p);
}
END_TEST

START_TEST(test_power_takes_all_labels_with_it)
{
	printout p;
	pw_str job = numbered_job("zpl", 5);
	printout_begin(&p, "zpl", 0, 0);
	for (int i = 0; i < 3; i++)
		pw_sim_take(p.sim, job.ptr, job.len);
	ck_assert_uint_eq(pw_sim_count(p.sim).inside, 3);
	ck_assert_int_eq(pw_sim_do(p.sim, "power off for 10", NULL), PW_OK);
	ck_assert(!pw_sim_there(p.sim));
	ck_assert_uint_eq(pw_sim_take(p.sim, "x", 1), 0);
	pw_sim_advance(p.sim, 2999);
	ck_assert(!pw_sim_there(p.sim));
	pw_sim_advance(p.sim, 3000);
	ck_assert(pw_sim_there(p.sim));
	ck_assert_uint_eq(pw_sim_count(p.sim).inside, 0);
	pw_str_clear(&job);
	printout_end(&p);
}
END_TEST

START_TEST(test_a_memory_that_is_full_takes_no_more)
{
	pw_sim *sim = NULL;
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {NULL, NULL, NULL};
	pw_str job = numbered_job("zpl", 5);
	opts.language = "zpl";
	opts.memory = 1500;
	ck_assert_int_eq(pw_sim_new(&opts, &hooks, &sim, NULL), PW_OK);
	pw_sim_advance(sim, 0);
	size_t taken = 0;
	for (int i = 0; i < 10; i++)
		taken += pw_sim_take(sim, job.ptr, job.len);
	ck_assert_uint_lt(taken, 10 * job.len);
	ck_assert_uint_lt(pw_sim_count(sim).inside, 5);
	pw_sim_advance(sim, 5000);
	ck_assert_uint_eq(pw_sim_take(sim, "~HS", 3), 3);
	pw_str_clear(&job);
	pw_sim_free(sim);
}
END_TEST

static const struct {
	const char *script, *said; /* NULL: right */
} scripts[] = {
	{"", NULL},
	{" ; ;", NULL},
	{"label 3: paper out for 2000; byte 5000: unplug for 1500 ; time 800: cancel", NULL},
	{"question 2: silent", NULL},
	{"time 0: media 62x29", NULL},
	{"label 3", "should be 'WHEN: WHAT'"},
	{"never: pause", "should be label, byte, time or question"},
	{"label x: pause", "should be label, byte, time or question"},
	{"label 3: dance", "'dance' cannot be done: there are paper out, paper in"},
	{"label 3: pause for ever", "cannot be done"},
	{"label 3: pause for 0", "cannot be done"},
	{"label 3: resume for 5", "cannot be done"},
	{"label 3: cancel for 5", "cannot be done"},
	{"label 3: paper out paper out paper out paper out paper out paper out", "cannot be done"},
};

START_TEST(test_scripts_are_read_or_refused_with_words)
{
	printout p;
	pw_err err = PW_ERR_INIT;
	printout_begin(&p, "zpl", 0, 0);
	pw_status rc = pw_sim_script(p.sim, scripts[_i].script, &err);
	ck_assert_int_eq(rc, scripts[_i].said == NULL ? PW_OK : PW_ERR_ARG);
	if (scripts[_i].said != NULL)
		ck_assert_msg(strstr(err.msg, scripts[_i].said) != NULL, "%s", err.msg);
	printout_end(&p);
}
END_TEST

START_TEST(test_scripts_have_a_limit)
{
	printout p;
	pw_str script = PW_STR_INIT;
	printout_begin(&p, "zpl", 0, 0);
	for (int i = 0; i < 65; i++)
		pw_str_addf(&script, "label %d: pause;", i);
	ck_assert_int_eq(pw_sim_script(p.sim, pw_str_text(&script), NULL), PW_ERR_LIMIT);
	pw_str_clear(&script);
	printout_end(&p);
}
END_TEST

START_TEST(test_random_scripts_are_right)
{
	pw_rng rng;
	pw_str script = PW_STR_INIT;
	pw_rng_init(&rng, (uint64_t)_i);
	printout p;
	pw_err err = PW_ERR_INIT;
	pw_sim_random_script(&rng, languages[_i % LANGUAGES], 10, 20, 10000, &script);
	printout_begin(&p, languages[_i % LANGUAGES], 0, 0);
	ck_assert_msg(pw_sim_script(p.sim, pw_str_text(&script), &err) == PW_OK, "%s", err.msg);
	printout_end(&p);
	pw_str_clear(&script);
}
END_TEST

START_TEST(test_unknown_languages_and_words_are_refused)
{
	pw_sim *sim = NULL;
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {NULL, NULL, NULL};
	pw_err err = PW_ERR_INIT;
	opts.language = "pcl";
	ck_assert_int_eq(pw_sim_new(&opts, &hooks, &sim, &err), PW_ERR_ARG);
	ck_assert_ptr_nonnull(
		strstr(err.msg, "there are zpl, tspl, epl, brother, brother-wide, ptouch, dymo"));
	printout p;
	printout_begin(&p, "brother", 0, 0);
	static const char *const wrong[] = {
		"",          "media",         "media 0", "media 62x", "media 62x29x1",
		"media 999", "media 62 for 5"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_int_eq(pw_sim_do(p.sim, wrong[i], NULL), PW_ERR_ARG);
	printout_end(&p);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

static TCase *jobs(void)
{
	TCase *tc = tcase_create("jobs");
	tcase_set_timeout(tc, 60);
	int shipped = 0;
	while (pw_shipped_templates[shipped].name != NULL)
		shipped++;
	tcase_add_loop_test(tc, test_every_shipped_label_is_printed_dot_for_dot, 0, DPIS * shipped);
	tcase_add_loop_test(tc, test_pieces_make_no_difference, 0, 100);
	tcase_add_loop_test(tc, test_many_labels_follow_one_another, 0, LANGUAGES);
	return tc;
}

Suite *suite_sim(void);

Suite *suite_sim(void)
{
	Suite *suite = suite_create("sim");
	suite_add_tcase(suite, jobs());
	TCase *tc = tcase_create("faults");
	tcase_add_test(tc, test_a_label_that_is_stopped_comes_out_in_part_and_then_whole);
	tcase_add_test(tc, test_power_takes_all_labels_with_it);
	tcase_add_test(tc, test_a_memory_that_is_full_takes_no_more);
	tcase_add_loop_test(tc, test_scripts_are_read_or_refused_with_words, 0, ROWS(scripts));
	tcase_add_test(tc, test_scripts_have_a_limit);
	tcase_add_loop_test(tc, test_random_scripts_are_right, 0, 200);
	tcase_add_test(tc, test_unknown_languages_and_words_are_refused);
	suite_add_tcase(suite, tc);
	return suite;
}
