/* `poolwell design …`: which pools to make, and what they can tell. No laboratory is needed. */
#include <math.h>
#include <string.h>

#include "cli/design_args.h"
#include "cli/out.h"
#include "core/base/mem.h"

/* ---- evaluate ---- */

static void real_or_null(pw_out *out, double value)
{
	if (isfinite(value))
		pw_out_real(out, value);
	else
		pw_out_null(out);
}

static void show_overall(pw_out *out, const pw_scheme *scheme, const pw_evaluation *e, double bound)
{
	static const pw_column columns[] = {
		{.key = "scheme"},
		{.key = "size", .flags = PW_COL_WHOLE},
		{.key = "people", .kind = PW_COL_INT},
		{.key = "stages", .title = "rounds", .kind = PW_COL_INT},
		{.key = "expected_tests", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "tests_per_person", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "sd_tests", .kind = PW_COL_REAL, .decimals = 6, .flags = PW_COL_OPTIONAL},
		{.key = "pipettings", .kind = PW_COL_REAL, .decimals = 3},
		{.key = "pse", .title = "PSe", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "psp", .title = "PSp", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "pppv", .title = "PPPV", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "pnpv", .title = "PNPV", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "bound",
		 .title = "least tests per person",
		 .kind = PW_COL_REAL,
		 .decimals = 6},
		PW_COLUMNS_END,
	};
	pw_str size = PW_STR_INIT;
	pw_scheme_size(scheme, &size);
	pw_out_object(out, columns);
	pw_out_text(out, pw_scheme_word(scheme));
	pw_out_text(out, pw_str_text(&size));
	pw_out_int(out, (int64_t)e->people);
	pw_out_int(out, (int64_t)e->stages);
	pw_out_real(out, e->expected_tests);
	pw_out_real(out, e->tests_per_person);
	real_or_null(out, e->variance_known ? sqrt(fmax(e->variance, 0.0)) : (double)NAN);
	pw_out_real(out, e->pipettings);
	real_or_null(out, e->pse);
	real_or_null(out, e->psp);
	real_or_null(out, e->pppv);
	real_or_null(out, e->pnpv);
	real_or_null(out, bound);
	pw_out_end(out, NULL, NULL);
	pw_str_clear(&size);
}

static void show_each(pw_out *out, const pw_people *people, const pw_evaluation *e)
{
	static const pw_column columns[] = {
		{.key = "person", .kind = PW_COL_INT},
		{.key = "prior", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "place", .kind = PW_COL_INT},
		{.key = "pse", .title = "PSe", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "psp", .title = "PSp", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "pppv", .title = "PPPV", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "pnpv", .title = "PNPV", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "tests_alone", .kind = PW_COL_REAL, .decimals = 6},
		PW_COLUMNS_END,
	};
	size_t *place = pw_alloc_array(e->people, sizeof(*place));
	for (size_t k = 0; k < e->people; k++)
		place[e->place[k]] = k;
	pw_out_list(out, columns);
	for (size_t i = 0; i < e->people; i++) {
		pw_out_int(out, (int64_t)i + 1);
		pw_out_real(out, people->prior != NULL ? people->prior[i] : people->prevalence);
		pw_out_int(out, (int64_t)place[i] + 1);
		real_or_null(out, e->each[i].pse);
		real_or_null(out, e->each[i].psp);
		real_or_null(out, e->each[i].pppv);
		real_or_null(out, e->each[i].pnpv);
		real_or_null(out, e->each[i].tests);
	}
	pw_out_end(out, "person", "people");
	pw_free(place);
}

/* What no scheme does better than, with the better of the tests of the first and of the last round. */
static double bound_of(const pw_people *people, const pw_test_model *model)
{
	double capacity = 0.0, entropy = 0.0;
	for (size_t i = 0; i < PW_SCHEME_MAX_STAGES; i++) {
		double se = model->se[i < model->se_count ? i : 0];
		double sp = model->sp[i < model->sp_count ? i : 0];
		capacity = fmax(capacity, pw_test_capacity(se, sp));
	}
	for (size_t i = 0; i < people->count; i++)
		entropy +=
			pw_entropy(people->prior != NULL ? people->prior[i] : people->prevalence);
	return capacity > 0.0 ? entropy / (double)people->count / capacity : (double)NAN;
}

typedef struct question {
	pw_design *design;
	pw_priors priors;
	pw_scheme *scheme;
	pw_people people;
	pw_test_model model;
	pw_evaluate_opts how;
} question;

/* What the scheme has no use for is not passed over. */
static pw_status check_scheme(pw_ctx *ctx, pw_err *err)
{
	static const char *const of_design[] = {"design", "misses", "at-once"};
	const char *word = pw_ctx_text(ctx, "scheme");
	bool design = strcmp(word, "design") == 0;
	for (size_t i = 0; i < sizeof(of_design) / sizeof(*of_design); i++)
		if (!design && pw_ctx_given(ctx, of_design[i]))
			return pw_fail(
				err, PW_ERR_ARG,
				"--%s is for the scheme 'design', not for '%s': leave it out",
				of_design[i], word);
	if (!design && strcmp(word, "individual") != 0 && !pw_ctx_given(ctx, "size"))
		return pw_fail(err, PW_ERR_ARG, "give --size: how large the scheme '%s' is", word);
	return PW_OK;
}

static pw_status read_scheme(pw_ctx *ctx, question *q, pw_err *err)
{
	const char *word = pw_ctx_text(ctx, "scheme"), *path = pw_ctx_text(ctx, "design");
	const char *size = pw_ctx_given(ctx, "size") ? pw_ctx_text(ctx, "size") : "";
	int64_t misses = pw_ctx_int(ctx, "misses");
	pw_status rc = check_scheme(ctx, err);
	if (rc != PW_OK)
		return rc;
	if (path != NULL && (rc = pw_design_read_file(ctx, path, &q->design, err)) != PW_OK)
		return rc;
	if (q->design != NULL && strcmp(word, "design") == 0 &&
	    (misses > 0 || pw_ctx_flag(ctx, "at-once"))) {
		rc = pw_scheme_of_design(q->design, NULL, (uint32_t)misses,
					 !pw_ctx_flag(ctx, "at-once"), &q->scheme, err);
		return rc == PW_OK ? PW_OK : pw_fail_ctx(err, rc, "--misses");
	}
	return pw_scheme_parse(word, size, q->design, q->priors.count, &q->scheme, err);
}

static pw_status read_question(pw_ctx *ctx, question *q, pw_err *err)
{
	static const pw_arrangement arrangements[] = {PW_ARRANGE_RISK, PW_ARRANGE_GIVEN,
						      PW_ARRANGE_SPIRAL};
	pw_status rc;
	if ((rc = pw_design_read_priors(ctx, &q->priors, err)) != PW_OK ||
	    (rc = pw_design_read_model(ctx, PW_SCHEME_MAX_STAGES, &q->model, err)) != PW_OK ||
	    (rc = read_scheme(ctx, q, err)) != PW_OK)
		return rc;
	bool informed = q->priors.count > 0;
	if (informed && pw_ctx_given(ctx, "prevalence"))
		return pw_fail(err, PW_ERR_ARG, "give --prevalence or --priors, not both");
	if (!informed && !pw_ctx_given(ctx, "prevalence"))
		return pw_fail(err, PW_ERR_ARG, "give --prevalence, or --priors and a file");
	if (q->priors.household == NULL && pw_ctx_real(ctx, "correlation") != 0)
		return pw_fail(
			err, PW_ERR_ARG,
			"--correlation is between people of a household: give --priors with a "
			"column 'household'");
	q->people = (pw_people){.count = q->scheme->people,
				.prevalence = informed ? 0.0 : pw_ctx_real(ctx, "prevalence"),
				.prior = q->priors.prior,
				.household = q->priors.household,
				.correlation = pw_ctx_real(ctx, "correlation")};
	q->how.arrangement = arrangements[pw_ctx_choice(ctx, "order")];
	/* Households stay together as they come, unless somebody says otherwise. */
	if (q->priors.household != NULL && !pw_ctx_given(ctx, "order"))
		q->how.arrangement = PW_ARRANGE_GIVEN;
	return PW_OK;
}

static int evaluate(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	question q = {.design = NULL};
	pw_evaluation e = {.people = 0};
	pw_status rc = read_question(ctx, &q, &err);
	if (rc == PW_OK)
		rc = pw_scheme_evaluate(q.scheme, &q.people, &q.model, &q.how, &e, &err);
	if (rc == PW_OK && pw_ctx_flag(ctx, "each"))
		show_each(pw_ctx_out(ctx), &q.people, &e);
	else if (rc == PW_OK)
		show_overall(pw_ctx_out(ctx), q.scheme, &e, bound_of(&q.people, &q.model));
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	pw_evaluation_clear(&e);
	pw_scheme_free(q.scheme);
	pw_priors_clear(&q.priors);
	pw_design_free(q.design);
	return code;
}

static const char *const schemes[] = {
	"individual", "dorfman",    "hierarchical", "array", "array-master", "halving", "sterrett",
	"sterrett-1", "sterrett-2", "design",       NULL};
static const char *const orders[] = {"risk", "file", "spiral", NULL};
static const pw_opt evaluate_opts[] = {
	{.name = "scheme",
	 .kind = PW_OPT_CHOICE,
	 .arg = "SCHEME",
	 .help = "which scheme",
	 .choices = schemes,
	 .required = true},
	{.name = "size",
	 .kind = PW_OPT_TEXT,
	 .arg = "SIZE",
	 .help = "how large: 11, 5,5,5,3, 25=5x5, 8x12"},
	{.name = "design",
	 .kind = PW_OPT_FILE,
	 .arg = "FILE",
	 .help = "the matrix, for the scheme 'design'"},
	{.name = "prevalence",
	 .kind = PW_OPT_PERCENT,
	 .arg = "P",
	 .help = "the probability that somebody is positive"},
	{.name = "priors",
	 .kind = PW_OPT_FILE,
	 .arg = "FILE",
	 .help = "everybody's own: a person a line, or columns 'prior' and 'household'"},
	PW_DESIGN_MODEL_OPTS("S[,S...]", ", or that of each round"),
	{.name = "correlation",
	 .kind = PW_OPT_REAL,
	 .arg = "R",
	 .help = "between two people of a household, from 0 to below 1",
	 .fallback = "0"},
	{.name = "order",
	 .kind = PW_OPT_CHOICE,
	 .arg = "ORDER",
	 .help = "how people with priors are put into the pools; households: file",
	 .choices = orders,
	 .fallback = "risk"},
	{.name = "misses",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "design: how many negative pools a candidate may have",
	 .min = 0,
	 .max = 20,
	 .fallback = "0"},
	{.name = "at-once",
	 .kind = PW_OPT_FLAG,
	 .help = "design: candidates are called positive, and not tested alone first"},
	{.name = "each", .kind = PW_OPT_FLAG, .help = "a row a person"},
	PW_OPTS_END,
};

/* ---- The table ---- */

static const char *const evaluate_examples[] = {
	"poolwell design evaluate --scheme dorfman --size 11 --prevalence 1% --se 0.99 --sp 0.99",
	"poolwell design evaluate --scheme hierarchical --size 5,5,5,3 --prevalence 0.1% --se 0.95 "
	"--sp 0.95 --json",
	"poolwell design evaluate --scheme array --size 8x12 --priors risk.csv --se 0.95,0.99 --sp "
	"0.99",
	NULL,
};
static const char *const advise_examples[] = {
	"poolwell design advise --prevalence 1% --se 0.99 --sp 0.99 --max-pool 20",
	"poolwell design advise --scheme hierarchical --sizes 3:40 --stages 3 --prevalence 0.01 --se "
	"0.99 --sp 0.99 --json",
	NULL,
};
static const char *const make_examples[] = {
	"poolwell design make --family rs --pools 48 --weight 6 --samples 384 --out rs.txt",
	"poolwell design make --family array --size 8x12 --keep-free H11,H12",
	"poolwell design make --family hyper --pools 48 --samples 384 --splits 3 --out hyper.txt",
	NULL,
};
static const char *const show_examples[] = {
	"poolwell design show rs.txt",
	"poolwell design show rs.txt --positives 4 --draws 20000",
	NULL,
};

const pw_cmd pw_cmds_design[] = {
	{
		.name = "design evaluate",
		.summary = "how many tests a scheme takes, and how right it is, exactly",
		.details =
			"PSe is the probability that a positive person is called positive by the whole "
			"scheme, PSp that a negative one is called negative, PPPV and PNPV that who is "
			"called so is so. A pool is found with the sensitivity of its round when "
			"anybody in it is positive.\n"
			"\n"
			"With --priors people are put in order of risk: the likeliest into the small "
			"pools behind, down the columns of an array; --order file leaves them as they "
			"come.",
		.examples = evaluate_examples,
		.opts = evaluate_opts,
		.flags = PW_CMD_LIST,
		.run = evaluate,
	},
	{
		.name = "design advise",
		.summary = "the best scheme, what nothing beats, and when to shrink the pool",
		.details =
			"Every scheme of the kinds and sizes is evaluated. The best takes the fewest "
			"tests per person. The front are those that no other beats in tests, "
			"sensitivity, pipetting and rounds at once. 'bound' is what no scheme at all "
			"can do with less than.\n"
			"\n"
			"Give --material collected when swabs are pooled in one tube, so that a "
			"positive pool can only be swabbed again.",
		.examples = advise_examples,
		.opts = pw_design_advise_opts,
		.flags = PW_CMD_JSON,
		.run = pw_design_cmd_advise,
	},
	{
		.name = "design make",
		.summary = "a design as a 0/1 matrix, a pool a line",
		.details =
			"Which numbers a family needs:\n"
			"\n"
			"  individual   --samples\n"
			"  dorfman      --samples --size\n"
			"  array        --size 8x12, 5x5x5 or 3x3x3x3\n"
			"  rs           --field --dimension --weight --samples\n"
			"               or --pools --weight --samples\n"
			"  std          --field --weight --samples\n"
			"  kirkman      --pools --samples\n"
			"  steiner      --pools --samples\n"
			"  golfer       --groups --size (players a group) --weeks\n"
			"  hyper        --pools --samples --splits\n"
			"  chinese      --size 10,11,13 --samples\n"
			"  random       --pools --weight --samples --seed\n"
			"\n"
			"With fewer --samples than the design holds its first columns are taken, and "
			"pools that nobody is left in are dropped. What the design promises is said on "
			"standard error.",
		.examples = make_examples,
		.opts = pw_design_make_opts,
		.run = pw_design_cmd_make,
	},
	{
		.name = "design show",
		.args = "FILE",
		.min_args = 1,
		.max_args = 1,
		.summary = "what a matrix is, and what it promises",
		.details =
			"With --positives the plates of that many positives are read by COMP, DD and "
			"the smallest explanation: of all such plates, or of as many as --draws.",
		.examples = show_examples,
		.opts = pw_design_show_opts,
		.flags = PW_CMD_LIST,
		.run = pw_design_cmd_show,
	},
	PW_CMDS_END,
};
