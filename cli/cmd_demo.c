/* `poolwell demo`: a simulated campaign day, from the roster to everybody's answer. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/demo/demo.h"
#include "cli/file.h"
#include "cli/open.h"
#include "cli/out.h"

#define MAX_ROUNDS 20

static pw_status make_folders(pw_ctx *ctx, const char *dir, pw_err *err)
{
	static const char *const folders[] = {"", "/runs", "/plates", "/logs", "/manifests"};
	struct stat st;
	const char *database = pw_arena_printf(pw_ctx_arena(ctx), "%s/lab.db", dir);
	if (stat(database, &st) == 0)
		return pw_fail(err, PW_ERR_EXISTS,
			       "'%s' is there already: name another folder, or remove this one",
			       dir);
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < sizeof(folders) / sizeof(folders[0]); i++)
		rc = pw_file_make_folder(
			pw_arena_printf(pw_ctx_arena(ctx), "%s%s", dir, folders[i]), err);
	return rc;
}

static pw_status begin_lab(pw_demo *d, int sites, pw_err *err)
{
	static const pw_named operators[] = {{"demo", "Demonstration"}};
	static const char *const assays[] = {"cn-orf1ab-n"};
	pw_arena *arena = pw_ctx_arena(d->ctx);
	pw_named *named = pw_arena_array(arena, (size_t)sites, sizeof(*named));
	for (int i = 0; i < sites; i++)
		named[i].id = pw_arena_printf(arena, "site-%d", i + 1);
	pw_lab_setup setup = {.name = "Demonstration laboratory",
			      .issuer = "DL",
			      .profile = "cn",
			      .operators = operators,
			      .operator_count = 1,
			      .sites = named,
			      .site_count = (size_t)sites,
			      .assays = assays,
			      .assay_count = 1,
			      .station = "demo",
			      .clock = pw_clock_fixed(&d->now)};
	pw_status rc =
		pw_lab_init(pw_arena_printf(arena, "%s/lab.db", d->dir), &setup, &d->lab, err);
	if (rc != PW_OK)
		return rc;
	pw_ctx_set_lab(d->ctx, d->lab);
	if (d->design != NULL && (rc = pw_demo_allow_pools(d, err)) != PW_OK)
		return rc;
	/* Nobody's swab hangs on it: thousands of scans need not wait for the disk one by one. */
	return pw_store_relax(pw_lab_store(d->lab), err);
}

static void stage(pw_demo *d, const char *label, const char *unit)
{
	d->bar = pw_ctx_progress(d->ctx, label, unit, 0);
}

/* Tests, recalls and swabs again, until nobody waits. */
static pw_status rounds(pw_demo *d, pw_err *err)
{
	pw_status rc = PW_OK;
	for (int round = 1; rc == PW_OK && round <= MAX_ROUNDS; round++) {
		int tested = 0, swabbed = 0, waiting = 0;
		stage(d, "testing", "tubes");
		rc = pw_demo_test(d, &tested, err);
		if (rc == PW_OK && round == 1)
			rc = pw_demo_write_recall(d, err);
		stage(d, "swabbing again", "people");
		if (rc == PW_OK)
			rc = pw_demo_reswab(d, &swabbed, &waiting, err);
		if (rc == PW_OK && tested + swabbed + waiting == 0)
			break;
		d->f.rounds += tested > 0 ? 1 : 0;
	}
	return rc;
}

static pw_status campaign(pw_demo *d, pw_err *err)
{
	stage(d, "registering", "people");
	pw_status rc = pw_demo_register(d, err);
	stage(d, "swabbing", "scans");
	if (rc == PW_OK)
		rc = pw_demo_collect(d, err);
	stage(d, "receiving", "boxes");
	if (rc == PW_OK)
		rc = pw_demo_receive(d, err);
	if (rc == PW_OK)
		rc = rounds(d, err);
	if (rc == PW_OK)
		rc = pw_demo_write_end(d, err);
	pw_progress_end(d->bar);
	return rc != PW_OK ? rc : pw_demo_compare(d, err);
}

static void say_where(pw_ctx *ctx, const char *dir)
{
	pw_ctx_say(ctx, "look around: poolwell report results --status positive --lab %s/lab.db",
		   dir);
	pw_ctx_say(ctx, "             poolwell audit verify --deep --lab %s/lab.db", dir);
}

static const pw_demo_design *find_design(const char *name)
{
	for (const pw_demo_design *d = pw_demo_designs; name != NULL && d->name != NULL; d++)
		if (strcmp(d->name, name) == 0)
			return d;
	return NULL;
}

static int demo(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = (int)pw_ctx_int(ctx, "people");
	opts.prevalence = pw_ctx_real(ctx, "prevalence");
	opts.seed = (uint64_t)pw_ctx_int(ctx, "seed");
	opts.pool_size = pw_ctx_given(ctx, "pool-size") || !pw_ctx_given(ctx, "design")
				 ? (int)pw_ctx_int(ctx, "pool-size")
				 : 1;
	pw_demo d = {.ctx = ctx,
		     .dir = pw_ctx_text(ctx, "out"),
		     .sites = opts.sites,
		     .design = find_design(pw_ctx_text(ctx, "design")),
		     .prevalence = opts.prevalence,
		     .prefer = pw_ctx_text(ctx, "next"),
		     .now = opts.day_start};
	if (opts.pool_size != 1 && opts.pool_size != 5 && opts.pool_size != 10 &&
	    opts.pool_size != 20)
		return pw_ctx_usage(ctx, "--pool-size is 1, 5, 10 or 20: such tubes there are");
	if (strcmp(d.dir, "-") == 0)
		return pw_ctx_usage(ctx, "--out names a folder");
	pw_status rc = pw_world_new(&opts, &d.world, &err);
	if (rc == PW_OK)
		rc = make_folders(ctx, d.dir, &err);
	if (rc == PW_OK)
		rc = begin_lab(&d, opts.sites, &err);
	if (rc == PW_OK) {
		pw_ctx_say(ctx, "a simulated day of %d people in %s", opts.people, d.dir);
		rc = campaign(&d, &err);
	}
	if (rc == PW_OK)
		say_where(ctx, d.dir);
	pw_ctx_set_lab(ctx, NULL);
	pw_lab_close(d.lab);
	pw_world_free(d.world);
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

static const char *const designs[] = {"dorfman-5", "dorfman-10",     "array-8x12",
				      "rs-48x384", "kirkman-45x105", NULL};
static const char *const next_words[] = {"rounds", "tests", NULL};
static const pw_opt demo_opts[] = {
	{.name = "out",
	 .letter = 'o',
	 .kind = PW_OPT_OUT,
	 .arg = "DIR",
	 .help = "the folder that is made",
	 .required = true},
	{.name = "people",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "how many people are on the roster",
	 .fallback = "2000",
	 .min = 1,
	 .max = 1000000},
	{.name = "prevalence",
	 .kind = PW_OPT_PERCENT,
	 .arg = "P",
	 .help = "which share of them is infected",
	 .fallback = "0.005"},
	{.name = "seed",
	 .kind = PW_OPT_INT,
	 .arg = "S",
	 .help = "the same seed gives the same day",
	 .fallback = "4",
	 .min = 0,
	 .max = INT64_MAX},
	{.name = "pool-size",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "swabs in a tube of those who come of their own will: 1, 5, 10 or 20",
	 .fallback = "10",
	 .min = 1,
	 .max = 20},
	{.name = "design",
	 .kind = PW_OPT_CHOICE,
	 .arg = "DESIGN",
	 .help = "lay the tubes into laboratory pools by this; they then hold one swab each, unless "
		 "--pool-size says otherwise",
	 .choices = designs},
	{.name = "next",
	 .kind = PW_OPT_CHOICE,
	 .arg = "WHAT",
	 .help = "what is spared when pools leave tubes undecided",
	 .fallback = "rounds",
	 .choices = next_words},
	PW_OPTS_END,
};
static const char *const demo_examples[] = {
	"poolwell demo --out demo",
	"poolwell demo --out demo --people 20000 --prevalence 1% --seed 7",
	"poolwell demo --out demo --people 20000 --design array-8x12", NULL};

const pw_cmd pw_cmds_demo[] = {
	{
		.name = "demo",
		.summary = "a simulated campaign day, from the roster to everybody's answer",
		.details =
			"Makes a town with a known truth, has it swabbed, and works the tubes through a "
			"laboratory by the same rules as everywhere: households, dilution, failed "
			"extractions, late Cqs, a leaking tube, wrong scans, failed controls, people who "
			"do not come. Instruments write real CFX and QuantStudio files. Positive pools are "
			"worked back to people until everybody has an answer; only then the truth is "
			"read. With a design, tubes are laid into laboratory pools, and what came of "
			"that stands beside what theory expects.\n\n"
			"DIR then holds lab.db (the laboratory), truth.csv and results.csv (person, "
			"status), runs/ (the instruments' files), plates/ (pictures), recall.csv (whom "
			"the first results called back), daily reports, roster, logs and manifests.",
		.examples = demo_examples,
		.opts = demo_opts,
		.run = demo,
	},
	PW_CMDS_END,
};
