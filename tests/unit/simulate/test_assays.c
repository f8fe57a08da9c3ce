/* Every shipped assay on a simulated plate: its controls are as expected, its answers are the truth. */
#include <string.h>

#include "core/exchange/run_reader.h"
#include "core/model/assay.h"
#include "core/model/shipped.h"
#include "sim_help.h"

typedef struct shipped_case {
	const char *file;
	size_t count;
	pw_sim_target targets[4];
} shipped_case;

/* clang-format off */
#define VIRAL(n, dye) {.name = (n), .reporter = (dye)}
#define CONTROL(n, r, dye) {.name = (n), .role = (r), .reporter = (dye)}
#define CONTROL_NO_PC(n, dye) \
	{.name = (n), .role = PW_SIM_INTERNAL, .reporter = (dye), .not_in_pc = true}

static const shipped_case cases[] = {
	{"cdc-n1-n2-rp.yaml", 3,
	 {VIRAL("N1", "FAM"), VIRAL("N2", "HEX"), CONTROL("RP", PW_SIM_INTERNAL, "Cy5")}},
	{"cn-orf1ab-n.yaml", 3,
	 {VIRAL("ORF1ab", "FAM"), VIRAL("N", "ROX"), CONTROL("IC", PW_SIM_INTERNAL, "Cy5")}},
	{"salivadirect.yaml", 2, {VIRAL("N1", "FAM"), CONTROL_NO_PC("RP", "Cy5")}},
	{"stanford-e-rnasep.yaml", 2,
	 {VIRAL("E", "FAM"), CONTROL("RNaseP", PW_SIM_INTERNAL, "HEX")}},
	{"taqpath-3gene-ms2.yaml", 4,
	 {VIRAL("N", "VIC"), VIRAL("S", "ABY"), VIRAL("ORF1ab", "FAM"), CONTROL_NO_PC("MS2", "JUN")}},
	{"presence-ipc.yaml", 2, {VIRAL("TGFb", "FAM"), CONTROL("IPC", PW_SIM_ADDED, "VIC")}},
	{"sybr-single.yaml", 1, {VIRAL("target", "SYBR")}},
};
/* clang-format on */

#define CASES ((int)(sizeof(cases) / sizeof(cases[0])))

static const struct {
	const char *name;
	pw_sim_content content;
} controls[] = {
	{"NTC", PW_SIM_NTC},
	{"NEC", PW_SIM_NEC},
	{"PC", PW_SIM_PC},
	{"NAC", PW_SIM_NAC},
};

static pw_assay *load(const char *file)
{
	pw_assay *assay = NULL;
	pw_err err = PW_ERR_INIT;
	for (const pw_embedded *e = pw_shipped_assays; e->name != NULL; e++) {
		if (strcmp(e->name, file) == 0)
			ck_assert_msg(pw_assay_parse(e->bytes, e->size, file, &assay, &err) ==
					      PW_OK,
				      "%s", err.msg);
	}
	ck_assert_msg(assay != NULL, "%s is not shipped", file);
	return assay;
}

static void collect(const pw_run_file *run, const pw_assay *assay, pw_well well,
		    pw_measure measures[PW_ASSAY_MAX_TARGETS])
{
	memset(measures, 0, PW_ASSAY_MAX_TARGETS * sizeof(*measures));
	for (size_t i = 0; i < run->reading_count; i++) {
		const pw_reading *r = &run->readings[i];
		int target = pw_assay_target_find(assay, r->target);
		if (!pw_well_eq(r->well, well))
			continue;
		ck_assert_int_ge(target, 0);
		measures[target] = (pw_measure){
			.present = true, .has_cq = r->has_cq, .cq = r->cq, .amp = r->amp};
	}
}

static void check_well(const pw_world *world, const pw_run_file *run, const pw_assay *assay,
		       const pw_sim_well *well, int *found)
{
	pw_measure measures[PW_ASSAY_MAX_TARGETS];
	collect(run, assay, well->well, measures);
	if (well->content != PW_SIM_TUBE) {
		char text[200];
		int rule = pw_assay_control_find(assay, well->sample);
		bool good = rule < 0 || pw_assay_judge_control(assay, (size_t)rule, run->instrument,
							       measures, text);
		ck_assert_msg(good, "%s: %s", well->sample, text);
		return;
	}
	pw_verdict verdict;
	pw_assay_judge(assay, run->instrument, 1, measures, &verdict);
	double load = pw_sim_tube_find(world, well->tube)->viral_per_ml;
	if (load == 0.0)
		ck_assert_msg(verdict.call == PW_CALL_NEGATIVE, "%s", verdict.text);
	if (load > 1e5)
		ck_assert_msg(verdict.call == PW_CALL_POSITIVE, "%s", verdict.text);
	*found += verdict.call == PW_CALL_POSITIVE;
}

START_TEST(test_a_shipped_assay_is_content_with_its_simulated_plate)
{
	const shipped_case *c = &cases[_i % CASES];
	pw_sim_instrument kind = _i < CASES ? PW_SIM_QUANTSTUDIO : PW_SIM_CFX;
	pw_world_opts opts = sim_faultless();
	opts.prevalence = 0.1;
	pw_world *world = sim_day(&opts);
	pw_assay *assay = load(c->file);
	ck_assert_uint_eq(pw_assay_target_count(assay), c->count);
	pw_sim_well wells[96];
	for (int i = 0; i < 96; i++) {
		wells[i] = (pw_sim_well){.well = pw_well_at(i, PW_PLATE_96, PW_BY_COLUMN),
					 .tube = world->day.ptr[i]->code};
		if (i >= 92) {
			wells[i].content = controls[i - 92].content;
			wells[i].sample = controls[i - 92].name;
		}
	}
	pw_sim_plate plate = {"P", "run", PW_PLATE_96, wells, 96, PW_SIM_NO_FAILURE};
	pw_sim_files files = PW_SIM_FILES_INIT;
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_world_run(world, &plate, c->targets, c->count, kind,
				    opts.day_start + PW_DAY, &files, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	pw_arena arena = PW_ARENA_INIT;
	pw_run_file run;
	rc = pw_run_file_read(files.main.ptr, files.main.len, "run", &arena, &run, NULL, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	int found = 0;
	for (int i = 0; i < 96; i++)
		check_well(world, &run, assay, &wells[i], &found);
	ck_assert_int_gt(found, 10);
	pw_arena_clear(&arena);
	pw_sim_files_clear(&files);
	pw_assay_free(assay);
	pw_world_free(world);
}
END_TEST

START_TEST(test_every_shipped_assay_is_tried)
{
	int shipped = 0;
	for (const pw_embedded *e = pw_shipped_assays; e->name != NULL; e++)
		shipped++;
	ck_assert_int_eq(shipped, CASES);
}
END_TEST

Suite *suite_assays(void);

Suite *suite_assays(void)
{
	Suite *suite = suite_create("assays");
	TCase *tc = tcase_create("assays");
	tcase_add_loop_test(tc, test_a_shipped_assay_is_content_with_its_simulated_plate, 0,
			    2 * CASES);
	tcase_add_test(tc, test_every_shipped_assay_is_tried);
	suite_add_tcase(suite, tc);
	return suite;
}
