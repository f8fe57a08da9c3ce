#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/exchange/cfx.h"
#include "core/exchange/run_reader.h"
#include "core/exchange/run_writer.h"
#include "sim_help.h"

/* A plate of the first tubes of a day, NEC, NTC and PC in the last column, read back. */
typedef struct bench {
	pw_world *world;
	pw_sim_well wells[PW_MAX_WELLS];
	pw_sim_plate plate;
	pw_sim_files files;
	pw_arena arena;
	pw_run_file run;
} bench;

static void bench_init(bench *b, pw_world_opts opts, pw_plate_format format)
{
	*b = (bench){.world = sim_day(&opts)};
	size_t wells = (size_t)pw_plate_wells(format);
	for (size_t i = 0; i < wells; i++) {
		pw_sim_well *w = &b->wells[i];
		w->well = pw_well_at((int)i, format, PW_BY_COLUMN);
		w->content =
			i + 3 >= wells ? (pw_sim_content)(PW_SIM_NTC + wells - 1 - i) : PW_SIM_TUBE;
		w->tube = b->world->day.ptr[i]->code;
	}
	b->plate = (pw_sim_plate){.barcode = "PCR-0001",
				  .run = "Day 1 run 1",
				  .format = format,
				  .wells = b->wells,
				  .count = wells};
}

static void bench_run(bench *b, pw_sim_instrument kind)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_world_run(b->world, &b->plate, sim_targets, 3, kind,
				    b->world->opts.day_start + 9 * PW_HOUR, &b->files, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
}

static void bench_read(bench *b, const pw_str *text, const char *name)
{
	pw_err err = PW_ERR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_status rc =
		pw_run_file_read(text->ptr, text->len, name, &b->arena, &b->run, &report, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	ck_assert_uint_eq(report.errors, 0);
	pw_report_clear(&report);
}

static void bench_clear(bench *b)
{
	pw_sim_files_clear(&b->files);
	pw_arena_clear(&b->arena);
	pw_world_free(b->world);
}

static pw_world_opts many_infected(void)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.prevalence = 0.1;
	opts.people = 6000;
	opts.control_failure = 0.0;
	return opts;
}

/* Where the curve crosses, or -1. */
static double crossing(const pw_curve *curve, double threshold)
{
	for (size_t i = curve->cycles - 1; i > 0; i--) {
		double under = curve->value[i - 1], over = curve->value[i];
		if (under < threshold)
			return over >= threshold ? (double)i + (threshold - under) / (over - under)
						 : -1.0;
	}
	return -1.0;
}

static const pw_curve *find_curve(const pw_run_file *run, const pw_reading *reading)
{
	for (size_t i = 0; i < run->curve_count; i++) {
		if (pw_well_eq(run->curves[i].well, reading->well) &&
		    strcmp(run->curves[i].target, reading->target) == 0)
			return &run->curves[i];
	}
	return NULL;
}

static const pw_sim_well *well_at(const bench *b, pw_well well)
{
	for (size_t i = 0; i < b->plate.count; i++) {
		if (pw_well_eq(b->wells[i].well, well))
			return &b->wells[i];
	}
	return NULL;
}

/* Each reading has a curve, and a Cq where and only where that crosses. */
static void check_curves(const pw_run_file *run, double threshold, double tolerance)
{
	int with = 0, without = 0;
	ck_assert_uint_eq(run->curve_count, run->reading_count);
	for (size_t i = 0; i < run->reading_count; i++) {
		const pw_reading *r = &run->readings[i];
		const pw_curve *curve = find_curve(run, r);
		ck_assert_ptr_nonnull(curve);
		ck_assert_uint_eq(curve->cycles, PW_SIM_CYCLES);
		double at = crossing(curve, threshold);
		ck_assert(r->has_cq == (at > 0.0));
		if (r->has_cq)
			ck_assert_double_eq_tol(r->cq, at, tolerance);
		with += r->has_cq;
		without += !r->has_cq;
	}
	ck_assert_int_gt(with, (int)run->reading_count / 3);
	ck_assert_int_gt(without, 20);
}

START_TEST(test_a_quantstudio_file_reads_back_with_curves_that_cross_at_their_cq)
{
	bench b;
	bench_init(&b, many_infected(), _i == 0 ? PW_PLATE_96 : PW_PLATE_384);
	bench_run(&b, PW_SIM_QUANTSTUDIO);
	ck_assert_uint_eq(b.files.curve_count, 0);
	bench_read(&b, &b.files.main, "run.txt");
	ck_assert_str_eq(b.run.format, "quantstudio-text");
	ck_assert_str_eq(b.run.barcode, "PCR-0001");
	ck_assert_str_eq(b.run.name, "Day 1 run 1");
	ck_assert_int_eq(b.run.ended_at, b.world->opts.day_start + 9 * PW_HOUR);
	ck_assert_uint_eq(b.run.reading_count, b.plate.count * 3);
	ck_assert_uint_eq(b.run.curve_count, b.plate.count * 3);
	check_curves(&b.run, pw_sim_threshold(PW_SIM_QUANTSTUDIO), 0.00051);
	bench_clear(&b);
}
END_TEST

START_TEST(test_a_cfx_pair_reads_back_and_its_cq_is_its_curve_to_the_last_digit)
{
	bench b;
	bench_init(&b, many_infected(), PW_PLATE_96);
	bench_run(&b, PW_SIM_CFX);
	bench_read(&b, &b.files.main, "Day 1 run 1 -  Quantification Cq Results.csv");
	ck_assert_str_eq(b.run.format, "cfx-cq");
	ck_assert_str_eq(b.run.name, "Day 1 run 1");
	ck_assert_uint_eq(b.run.reading_count, 96 * 3);
	ck_assert_uint_eq(b.files.curve_count, 3);
	for (size_t t = 0; t < 3; t++) {
		const pw_str *text = &b.files.curves[t].text;
		pw_str name = PW_STR_INIT;
		pw_err err = PW_ERR_INIT;
		ck_assert_str_eq(b.files.curves[t].reporter, sim_targets[t].reporter);
		pw_cfx_file_name(b.plate.run, "Amplification Results", b.files.curves[t].reporter,
				 &name);
		pw_status rc = pw_cfx_read_curves(text->ptr, text->len, name.ptr, &b.arena, &b.run,
						  NULL, &err);
		ck_assert_msg(rc == PW_OK, "%s", err.msg);
		pw_str_clear(&name);
	}
	check_curves(&b.run, pw_sim_threshold(PW_SIM_CFX), 1e-9);
	bench_clear(&b);
}
END_TEST

START_TEST(test_readings_tell_what_is_in_the_tubes)
{
	pw_world_opts opts = many_infected();
	opts.extraction_failure = opts.false_positive = opts.drift = 0.0;
	bench b;
	bench_init(&b, opts, PW_PLATE_96);
	bench_run(&b, PW_SIM_QUANTSTUDIO);
	bench_read(&b, &b.files.main, "run.txt");
	for (size_t i = 0; i < b.run.reading_count; i++) {
		const pw_reading *r = &b.run.readings[i];
		const pw_sim_well *w = well_at(&b, r->well);
		ck_assert_ptr_nonnull(w);
		bool viral = strcmp(r->target, "RP") != 0;
		if (w->content == PW_SIM_TUBE) {
			ck_assert_str_eq(r->sample, w->tube);
			ck_assert_int_eq(r->task, PW_TASK_UNKNOWN);
			double load = pw_sim_tube_find(b.world, w->tube)->viral_per_ml;
			ck_assert(!viral || load > 0.0 || !r->has_cq);
			ck_assert(!viral || load < 1e5 || r->has_cq);
			ck_assert(viral || r->has_cq);
		} else {
			bool expected =
				w->content == PW_SIM_PC || (w->content == PW_SIM_NEC && !viral);
			ck_assert_int_eq(r->has_cq, expected);
			ck_assert_int_eq(r->task,
					 w->content == PW_SIM_PC ? PW_TASK_POSITIVE : PW_TASK_NTC);
		}
	}
	bench_clear(&b);
}
END_TEST

START_TEST(test_a_run_asked_twice_is_the_same_and_another_run_is_not)
{
	bench b;
	bench_init(&b, many_infected(), PW_PLATE_96);
	bench_run(&b, (pw_sim_instrument)_i);
	pw_hash first = pw_hash_bytes(b.files.main.ptr, b.files.main.len);
	bench_run(&b, (pw_sim_instrument)_i);
	pw_hash second = pw_hash_bytes(b.files.main.ptr, b.files.main.len);
	ck_assert(pw_hash_eq(&first, &second));
	b.plate.run = "Day 1 run 2";
	bench_run(&b, (pw_sim_instrument)_i);
	second = pw_hash_bytes(b.files.main.ptr, b.files.main.len);
	ck_assert(!pw_hash_eq(&first, &second));
	bench_clear(&b);
}
END_TEST

START_TEST(test_the_order_of_wells_changes_nothing)
{
	bench b;
	bench_init(&b, many_infected(), PW_PLATE_96);
	bench_run(&b, PW_SIM_QUANTSTUDIO);
	pw_hash first = pw_hash_bytes(b.files.main.ptr, b.files.main.len);
	for (size_t i = 0; i < 48; i++) {
		pw_sim_well swap = b.wells[i];
		b.wells[i] = b.wells[95 - i];
		b.wells[95 - i] = swap;
	}
	bench_run(&b, PW_SIM_QUANTSTUDIO);
	pw_hash second = pw_hash_bytes(b.files.main.ptr, b.files.main.len);
	ck_assert(pw_hash_eq(&first, &second));
	bench_clear(&b);
}
END_TEST

START_TEST(test_failing_controls_show_in_the_file)
{
	bench b;
	bench_init(&b, many_infected(), PW_PLATE_96);
	b.plate.failure = _i == 0 ? PW_SIM_NTC_CONTAMINATED : PW_SIM_PC_DEAD;
	bench_run(&b, PW_SIM_QUANTSTUDIO);
	bench_read(&b, &b.files.main, "run.txt");
	int ntc = 0, pc = 0;
	for (size_t i = 0; i < b.run.reading_count; i++) {
		const pw_reading *r = &b.run.readings[i];
		ntc += r->has_cq && strcmp(r->sample, "NTC") == 0;
		pc += r->has_cq && strcmp(r->sample, "PC") == 0;
	}
	ck_assert_int_eq(ntc > 0, _i == 0);
	ck_assert_int_eq(pc, _i == 0 ? 3 : 0);
	bench_clear(&b);
}
END_TEST

START_TEST(test_creeping_curves_have_a_cq_and_no_amplification)
{
	pw_world_opts opts = sim_faultless();
	opts.drift = 0.2;
	opts.prevalence = 0.0;
	bench b;
	bench_init(&b, opts, PW_PLATE_96);
	bench_run(&b, PW_SIM_QUANTSTUDIO);
	bench_read(&b, &b.files.main, "run.txt");
	int crept = 0;
	for (size_t i = 0; i < b.run.reading_count; i++) {
		const pw_reading *r = &b.run.readings[i];
		if (strcmp(r->target, "RP") == 0 || r->task != PW_TASK_UNKNOWN || !r->has_cq)
			continue;
		ck_assert_int_eq(r->amp, PW_AMP_NO);
		ck_assert_double_gt(r->cq, 30.0);
		crept++;
	}
	ck_assert_int_gt(crept, 15);
	bench_clear(&b);
}
END_TEST

START_TEST(test_a_recalled_person_is_found_again_in_the_single)
{
	pw_world_opts opts = sim_faultless();
	opts.prevalence = 0.2;
	opts.people = 400;
	pw_world *world = sim_day(&opts);
	int infected = 0, found = 0;
	for (size_t i = 0; i < 90; i++) {
		char id[16], code[16];
		bool came;
		pw_sim_external_id(i, id);
		snprintf(code, sizeof(code), "again %zu", i);
		ck_assert_int_eq(
			pw_world_reswab(world, id, code, opts.day_start + PW_DAY, &came, NULL),
			PW_OK);
		pw_sim_well well = {.content = PW_SIM_TUBE, .tube = code, .extraction_plate = "E"};
		well.extraction_well = pw_well_at((int)i, PW_PLATE_96, PW_BY_COLUMN);
		pw_sim_plate plate = {"P", id, PW_PLATE_96, &well, 1, PW_SIM_BY_CHANCE};
		pw_sim_files files = PW_SIM_FILES_INIT;
		ck_assert_int_eq(
			pw_world_run(world, &plate, sim_targets, 1, PW_SIM_CFX, 0, &files, NULL),
			PW_OK);
		pw_arena arena = PW_ARENA_INIT;
		pw_run_file run;
		ck_assert_int_eq(pw_run_file_read(files.main.ptr, files.main.len, "x.csv", &arena,
						  &run, NULL, NULL),
				 PW_OK);
		bool detected = run.readings[0].has_cq;
		pw_arena_clear(&arena);
		pw_sim_files_clear(&files);
		ck_assert(!detected || world->subjects[i].infected);
		infected += world->subjects[i].infected;
		found += detected;
	}
	ck_assert_int_gt(infected, 5);
	ck_assert_int_ge(found, infected - 2);
	pw_world_free(world);
}
END_TEST

/* --- laboratory pools */

/* Cq of N1 in a pool of `tubes`, 0 for none. */
static double pool_cq(const pw_world *world, const char *const *tubes, size_t count, int number)
{
	char plate_name[16];
	snprintf(plate_name, sizeof(plate_name), "P%d", number);
	pw_sim_well well = {
		.content = PW_SIM_POOL, .tube = "A1", .tubes = tubes, .tube_count = count};
	pw_sim_plate plate = {plate_name, "run", PW_PLATE_96, &well, 1, PW_SIM_NO_FAILURE};
	pw_sim_files files = PW_SIM_FILES_INIT;
	pw_arena arena = PW_ARENA_INIT;
	pw_run_file run;
	ck_assert_int_eq(pw_world_run(world, &plate, sim_targets, 1, PW_SIM_CFX, 0, &files, NULL),
			 PW_OK);
	ck_assert_int_eq(
		pw_run_file_read(files.main.ptr, files.main.len, "x.csv", &arena, &run, NULL, NULL),
		PW_OK);
	ck_assert_str_eq(run.readings[0].sample, "A1");
	ck_assert_int_eq(run.readings[0].task, PW_TASK_UNKNOWN);
	double cq = run.readings[0].has_cq ? run.readings[0].cq : 0.0;
	pw_arena_clear(&arena);
	pw_sim_files_clear(&files);
	return cq;
}

START_TEST(test_a_pool_of_ten_aliquots_dilutes_by_ten)
{
	static const char *const tubes[] = {"T0", "T1", "T2", "T3", "T4",
					    "T5", "T6", "T7", "T8", "T9"};
	pw_world_opts opts = sim_faultless();
	opts.people = 10;
	pw_world *world = sim_world(&opts);
	for (size_t i = 0; i < 10; i++) {
		pw_sim_tube *tube = pw_sim_tube_add(world, tubes[i], 1);
		tube->human = true;
		tube->viral_per_ml = i == 7 ? 1e7 : 0.0;
	}
	double later = 0.0;
	for (int n = 0; n < 200; n++) {
		double alone = pool_cq(world, tubes + 7, 1, n);
		double pooled = pool_cq(world, tubes, 10, 1000 + n);
		ck_assert(alone > 0.0 && pooled > 0.0);
		later += (pooled - alone) / 200.0;
	}
	ck_assert_double_eq_tol(later, PW_SIM_SLOPE, 0.15);
	for (int n = 0; n < 50; n++)
		ck_assert(pool_cq(world, tubes, 7, 2000 + n) == 0.0);
	pw_world_free(world);
}
END_TEST

/* --- refusals */

typedef struct refusal {
	pw_sim_well wells[2];
	size_t well_count, target_count;
	const char *second_name, *second_dye;
	pw_status status;
	const char *text;
} refusal;

static const refusal refusals[] = {
	{.well_count = 0,
	 .target_count = 1,
	 .status = PW_ERR_ARG,
	 .text = "plate 'P': no wells; list what is in them"},
	{.wells = {{.content = PW_SIM_NTC}},
	 .well_count = 1,
	 .target_count = 0,
	 .status = PW_ERR_ARG,
	 .text = "0 targets: give 1 to 8"},
	{.wells = {{.content = PW_SIM_TUBE, .tube = "nobody's"}},
	 .well_count = 1,
	 .target_count = 1,
	 .status = PW_ERR_NOT_FOUND,
	 .text = "well A1: nobody was swabbed into tube 'nobody's'; take a tube of this world"},
	{.wells = {{.content = PW_SIM_POOL, .tube = "A1"}},
	 .well_count = 1,
	 .target_count = 1,
	 .status = PW_ERR_NOT_FOUND,
	 .text = "well A1: pool 'A1' holds no tube's aliquot; say which it holds"},
	{.wells = {{.well = {1, 2}, .content = PW_SIM_NTC}, {.well = {1, 2}, .content = PW_SIM_PC}},
	 .well_count = 2,
	 .target_count = 1,
	 .status = PW_ERR_EXISTS,
	 .text = "well B3: listed twice; list it once"},
	{.wells = {{.well = {8, 0}, .content = PW_SIM_NTC}},
	 .well_count = 1,
	 .target_count = 1,
	 .status = PW_ERR_LIMIT,
	 .text = "well I1: not on a plate of 96 wells"},
	{.wells = {{.content = PW_SIM_NTC}},
	 .well_count = 1,
	 .target_count = 2,
	 .second_name = "N",
	 .second_dye = "VIC",
	 .status = PW_ERR_ARG,
	 .text = "target 'N' is there twice; give each a name"},
	{.wells = {{.content = PW_SIM_NTC}},
	 .well_count = 1,
	 .target_count = 2,
	 .second_name = "RP",
	 .second_dye = "FAM",
	 .status = PW_ERR_ARG,
	 .text = "targets 'N' and 'RP' have one dye 'FAM'; a CFX measures one target a dye"},
};

START_TEST(test_a_plate_that_cannot_be_is_refused)
{
	const refusal *c = &refusals[_i];
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	pw_world *world = sim_world(&opts);
	pw_sim_target targets[2] = {
		{.name = "N", .reporter = "FAM"},
		{.name = c->second_name, .reporter = c->second_dye},
	};
	pw_sim_plate plate = {"P", "run", PW_PLATE_96, c->wells, c->well_count, PW_SIM_BY_CHANCE};
	pw_sim_files files = PW_SIM_FILES_INIT;
	pw_err err = PW_ERR_INIT;
	pw_status rc =
		pw_world_run(world, &plate, targets, c->target_count, PW_SIM_CFX, 0, &files, &err);
	ck_assert_int_eq(rc, c->status);
	ck_assert_str_eq(err.msg, c->text);
	ck_assert_uint_eq(files.main.len, 0);
	pw_world_free(world);
}
END_TEST

Suite *suite_instrument(void);

Suite *suite_instrument(void)
{
	Suite *suite = suite_create("instrument");
	TCase *tc = tcase_create("instrument");
	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(
		tc, test_a_quantstudio_file_reads_back_with_curves_that_cross_at_their_cq, 0, 2);
	tcase_add_test(tc, test_a_cfx_pair_reads_back_and_its_cq_is_its_curve_to_the_last_digit);
	tcase_add_test(tc, test_readings_tell_what_is_in_the_tubes);
	tcase_add_loop_test(tc, test_a_run_asked_twice_is_the_same_and_another_run_is_not, 0, 2);
	tcase_add_test(tc, test_the_order_of_wells_changes_nothing);
	tcase_add_loop_test(tc, test_failing_controls_show_in_the_file, 0, 2);
	tcase_add_test(tc, test_creeping_curves_have_a_cq_and_no_amplification);
	tcase_add_test(tc, test_a_recalled_person_is_found_again_in_the_single);
	tcase_add_test(tc, test_a_pool_of_ten_aliquots_dilutes_by_ten);
	tcase_add_loop_test(tc, test_a_plate_that_cannot_be_is_refused, 0, 8);
	suite_add_tcase(suite, tc);
	return suite;
}
