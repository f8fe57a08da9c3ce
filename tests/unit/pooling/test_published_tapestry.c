/*
 * Tapestry's own figures (its stats files of 2020), found again by drawing plates from its model and reading them as
 * it reads them (peer_plate.h, peer_read.h), within what chance allows both. A fixed seed, so that a run is the same
 * everywhere. PW_SLOW_TESTS=1 draws many more, all rows, and prints the table of docs/internals/designs.md.
 *
 * How many plates theirs were: said (1,000), or 100 and 20 as the programs that made the files had it, which
 * their rounded figures bear out: no other round number below has whole people behind every one of them.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/pooling/design_make.h"
#include "tests/unit/pooling/peer_design.h"
#include "tests/unit/pooling/peer_read.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

/* Further off than this, in standard errors of both simulations together, is once in 16,000 by chance. */
#define FAR     4.0
#define ROUNDED 0.0005

static bool slow(void)
{
	return getenv("PW_SLOW_TESTS") != NULL;
}

/* ---- Designs ---- */

typedef enum which_design {
	GOLFERS,
	KIRKMAN_27,
	SHORTENED_60,
	KIRKMAN_93_500,
	KIRKMAN_93_1000,
	KIRKMAN_192,
	SPREAD_16,
	SPREAD_36,
	SPREAD_45,
	SPREAD_46_96,
	SPREAD_46_192,
	SPREAD_64,
	SPREAD_94
} which_design;

static const char *const design_names[] = {
	"48 × 384", "27 × 117", "60 × 500", "93 × 500", "93 × 1000", "192 × 1024", "16 × 40",
	"36 × 72",  "45 × 105", "46 × 96",  "46 × 192", "64 × 384",  "94 × 960"};

static pw_design *kirkman(uint32_t pools, size_t samples)
{
	pw_make_opts opts = {.family = PW_FAMILY_KIRKMAN, .pools = pools, .samples = samples};
	pw_design *d = NULL;
	ck_assert_int_eq(pw_design_make(&opts, &d, NULL), PW_OK);
	return d;
}

static pw_design *make_design(which_design which)
{
	switch (which) {
	case GOLFERS:
		return peer_design_golfers();
	case KIRKMAN_27:
		return kirkman(27, 117);
	case SHORTENED_60:
		return peer_design_shortened(63, 60, 500);
	case KIRKMAN_93_500:
		return kirkman(93, 500);
	case KIRKMAN_93_1000:
		return kirkman(93, 1000);
	case KIRKMAN_192:
		return kirkman(192, 1024);
	case SPREAD_16: /* as many ones, and pairs who share two pools, as theirs has */
		return peer_design_spread(16, 40, 120, 2, 22, 1);
	case SPREAD_36: /* as Kirkman's: three pools each, even pools, nobody shares two */
		return peer_design_spread(36, 72, 216, 0, 0, 1);
	case SPREAD_45:
		return peer_design_spread(45, 105, 315, 0, 0, 1);
	case SPREAD_46_96: /* as many ones, and as little overlap as a search gets to */
		return peer_design_spread(46, 96, 424, 0, 0, 1);
	case SPREAD_46_192:
		return peer_design_spread(46, 192, 719, 0, 0, 1);
	case SPREAD_64:
		return peer_design_spread(64, 384, 1979, 0, 0, 1);
	case SPREAD_94:
	default:
		return peer_design_spread(94, 960, 6674, 0, 0, 1);
	}
}

/* ---- Drawing and counting ---- */

typedef struct campaign {
	which_design design;
	size_t positives;
	peer_reader reader;
	peer_noise noise;
} campaign;

/* Found, wrongly called and wholly right, of a plate; sums, and sums of squares and products. */
typedef struct tally {
	double plates, positives, others;
	double found, wrong, exact, found2, wrong2, found_wrong;
} tally;

static void count_plate(const double *load, const bool *called, size_t n, tally *t)
{
	double found = 0, wrong = 0;
	for (size_t j = 0; j < n; j++) {
		found += called[j] && load[j] > 0;
		wrong += called[j] && load[j] <= 0;
	}
	t->plates += 1;
	t->found += found;
	t->wrong += wrong;
	t->found2 += found * found;
	t->wrong2 += wrong * wrong;
	t->found_wrong += found * wrong;
	t->exact += found == t->positives && wrong == 0;
}

static tally draw_plates(const campaign *c, size_t plates, uint64_t seed)
{
	pw_design *d = make_design(c->design);
	size_t n = pw_design_samples(d);
	tally t = {.positives = (double)c->positives, .others = (double)(n - c->positives)};
	double *load = pw_alloc_array(n, sizeof(*load));
	double *measured = pw_alloc_array(pw_design_pools(d), sizeof(*measured));
	bool *called = pw_alloc_array(n, sizeof(*called));
	pw_rng rng;
	pw_rng_init(&rng, seed);
	for (size_t plate = 0; plate < plates; plate++) {
		peer_plate_draw(d, c->positives, c->noise, &rng, load, measured);
		peer_read(d, measured, c->reader, &rng, called);
		count_plate(load, called, n, &t);
	}
	pw_free(load);
	pw_free(measured);
	pw_free(called);
	pw_design_free(d);
	return t;
}

/* A share, and how much it varies from plate to plate. */
typedef struct share {
	double mean, sd;
} share;

static share recall_of(const tally *t)
{
	double mean = t->found / t->plates, square = t->found2 / t->plates;
	return (share){mean / t->positives, sqrt(fmax(square - mean * mean, 0)) / t->positives};
}

static share specificity_of(const tally *t)
{
	double mean = t->wrong / t->plates, square = t->wrong2 / t->plates;
	return (share){1 - mean / t->others, sqrt(fmax(square - mean * mean, 0)) / t->others};
}

/* All found over all called: a ratio, whose variance is that of (1 - p) found - p wrong over the mean called. */
static share precision_of(const tally *t)
{
	double p = t->found / (t->found + t->wrong), q = 1 - p, called = t->found + t->wrong;
	double square = q * q * t->found2 - 2 * p * q * t->found_wrong + p * p * t->wrong2;
	return (share){p, sqrt(fmax(square * t->plates, 0)) / called};
}

static share exact_of(const tally *t)
{
	double p = t->exact / t->plates;
	return (share){p, sqrt(p * (1 - p))};
}

/* ---- The tables ---- */

static const struct row {
	campaign of;
	double theirs;                                /* plates */
	double precision, recall, specificity, exact; /* 0: not told */
	size_t quick, slow;                           /* plates of ours; 0: none */
} rows[] = {
#define SHARE  PEER_NOISE_SHARE
#define CYCLES PEER_NOISE_CYCLES
	{{GOLFERS, 2, PEER_COMP, SHARE}, 1000, .980, 1, 1.000, 0, 500, 20000},
	{{GOLFERS, 3, PEER_COMP, SHARE}, 1000, .848, 1, .999, 0, 500, 20000},
	{{GOLFERS, 4, PEER_COMP, SHARE}, 1000, .678, 1, .995, 0, 500, 20000},
	{{GOLFERS, 5, PEER_COMP, SHARE}, 1000, .531, 1, .988, 0, 500, 20000},
	{{GOLFERS, 6, PEER_COMP, SHARE}, 1000, .428, 1, .979, 0, 500, 20000},
	{{GOLFERS, 2, PEER_SBL_SECOND, SHARE}, 1000, .990, 1, 1.000, 0, 500, 10000},
	{{GOLFERS, 3, PEER_SBL_SECOND, SHARE}, 1000, .912, 1, .999, 0, 500, 10000},
	{{GOLFERS, 4, PEER_SBL_SECOND, SHARE}, 1000, .810, 1, .998, 0, 500, 10000},
	{{GOLFERS, 5, PEER_SBL_SECOND, SHARE}, 1000, .694, .999, .994, 0, 500, 10000},
	{{GOLFERS, 6, PEER_SBL_SECOND, SHARE}, 1000, .601, .998, .989, 0, 500, 10000},
	{{SPREAD_45, 5, PEER_COMP, CYCLES}, 100, .835, 1, .990, 0, 500, 10000},
	{{SPREAD_45, 8, PEER_COMP, CYCLES}, 100, .635, 1, .953, 0, 500, 10000},
	{{SPREAD_45, 12, PEER_COMP, CYCLES}, 100, .503, 1, .872, 0, 500, 10000},
	{{SPREAD_45, 15, PEER_COMP, CYCLES}, 100, .432, 1, .781, 0, 500, 10000},
	{{SPREAD_45, 17, PEER_COMP, CYCLES}, 100, .411, 1, .724, 0, 500, 10000},
	{{SPREAD_45, 8, PEER_SCOMP, CYCLES}, 1000, .895, .875, .992, 0, 1000, 10000},
	{{SPREAD_45, 5, PEER_SBL_SECOND, CYCLES}, 100, .912, 1, .995, 0, 300, 4000},
	{{SPREAD_45, 8, PEER_SBL_SECOND, CYCLES}, 100, .761, .994, .974, 0, 200, 4000},
	{{SPREAD_45, 12, PEER_SBL_SECOND, CYCLES}, 100, .660, .968, .936, 0, 100, 4000},
	{{SPREAD_45, 15, PEER_SBL_SECOND, CYCLES}, 100, .575, .963, .881, 0, 0, 4000},
	{{SPREAD_45, 17, PEER_SBL_SECOND, CYCLES}, 100, .559, .972, .852, 0, 0, 4000},
	{{SPREAD_45, 5, PEER_NNOMP, CYCLES}, 100, .977, .998, .999, 0, 300, 4000},
	{{SPREAD_45, 8, PEER_NNOMP, CYCLES}, 100, .901, .981, .991, 0, 0, 2000},
	{{SPREAD_45, 12, PEER_NNOMP, CYCLES}, 100, .764, .965, .962, 0, 0, 2000},
	{{SPREAD_45, 15, PEER_NNOMP, CYCLES}, 100, .713, .931, .938, 0, 0, 2000},
	{{SPREAD_45, 17, PEER_NNOMP, CYCLES}, 100, .697, .879, .926, 0, 0, 2000},
	{{SPREAD_45, 10, PEER_SBL, CYCLES}, 100, .690, .997, .953, 0, 100, 4000},
	{{SPREAD_36, 7, PEER_SBL, CYCLES}, 100, .82, .996, .976, 0, 200, 4000},
	{{KIRKMAN_27, 5, PEER_SBL, CYCLES}, 20, .637, 1, .975, 0, 200, 4000},
	{{KIRKMAN_27, 5, PEER_SBL, CYCLES}, 20, 0, 1, .973, 0, 0, 4000},
	{{SHORTENED_60, 10, PEER_SBL, CYCLES}, 20, .423, .990, .972, 0, 0, 1000},
	{{KIRKMAN_93_500, 17, PEER_SBL, CYCLES}, 20, .493, .985, .964, 0, 0, 500},
	{{KIRKMAN_93_1000, 15, PEER_SBL, CYCLES}, 20, .356, .963, .974, 0, 0, 500},
	{{KIRKMAN_192, 30, PEER_SBL, CYCLES}, 20, .567, .985, .977, 0, 0, 500},
	{{SPREAD_16, 2, PEER_NNOMP_ALONE, SHARE}, 1000, .996, .958, 0, .914, 0, 10000},
	{{SPREAD_16, 3, PEER_NNOMP_ALONE, SHARE}, 1000, .966, .922, 0, .833, 500, 10000},
	{{SPREAD_16, 4, PEER_NNOMP_ALONE, SHARE}, 1000, .914, .771, 0, .559, 0, 10000},
	{{SPREAD_16, 5, PEER_NNOMP_ALONE, SHARE}, 1000, .803, .597, 0, .238, 0, 10000},
};

/* How far apart, in errors of both; what rounding explains is not counted. */
static double off_by(share ours, double plates, double told, double theirs)
{
	double apart = fabs(ours.mean - told), error = ours.sd * sqrt(1 / plates + 1 / theirs);
	return apart <= ROUNDED ? 0 : copysign((apart - ROUNDED) / error, ours.mean - told);
}

static void compare(const struct row *r, const tally *t, const char *what, share ours, double told)
{
	if (told <= 0) {
		if (slow())
			printf(" |");
		return;
	}
	double off = off_by(ours, t->plates, told, r->theirs);
	if (slow())
		printf(" %.3f, %.3f (%+.1f) |", told, ours.mean, off);
	ck_assert_msg(fabs(off) < FAR, "%s %.4f, told %.3f: %.1f errors (%s, %zu by %s)", what,
		      ours.mean, told, off, design_names[r->of.design], r->of.positives,
		      peer_reader_name(r->of.reader));
}

START_TEST(test_tapestrys_tables_come_out_again)
{
	const struct row *r = &rows[_i];
	size_t plates = slow() ? r->slow : r->quick;
	if (plates == 0)
		return;
	tally t = draw_plates(&r->of, plates, 100 + (uint64_t)_i);
	if (slow())
		printf("| %s | %s | %zu | %.0f | %zu |", design_names[r->of.design],
		       peer_reader_name(r->of.reader), r->of.positives, r->theirs, plates);
	compare(r, &t, "precision", precision_of(&t), r->precision);
	compare(r, &t, "recall", recall_of(&t), r->recall);
	compare(r, &t, "specificity", specificity_of(&t), r->specificity);
	compare(r, &t, "exact", exact_of(&t), r->exact);
	if (slow())
		printf("\n");
}
END_TEST

/*
 * Up to how many positives recall is at least .99 and specificity at least .95. Their matrices were optimized and
 * are in no table of ours, so theirs and ours must agree in this number, as far as the plates can tell, and no more.
 */
static const struct largest {
	which_design design;
	size_t told;
	peer_reader reader;
	size_t plates;
} largest[] = {
	{SPREAD_46_96, 9, PEER_SBL_FIRST, 2000},
	{SPREAD_46_192, 9, PEER_SBL_FIRST, 2000},
	{SPREAD_64, 12, PEER_SBL_SECOND, 1000},
	{SPREAD_94, 16, PEER_SBL_SECOND, 500},
};

START_TEST(test_tapestrys_largest_numbers_come_out_again)
{
	const struct largest *l = &largest[_i];
	if (!slow())
		return;
	for (size_t more = 0; more < 2; more++) {
		campaign c = {l->design, l->told + more, l->reader, PEER_NOISE_SHARE};
		tally t = draw_plates(&c, l->plates, 200 + (uint64_t)_i);
		share recall = recall_of(&t), specificity = specificity_of(&t);
		double error = specificity.sd / sqrt(t.plates);
		printf("| %s | %s | %zu | %.4f | %.4f ± %.4f |\n", design_names[l->design],
		       peer_reader_name(l->reader), c.positives, recall.mean, specificity.mean,
		       error);
		ck_assert_double_ge(recall.mean, .99);
		if (more == 0)
			ck_assert_double_ge(specificity.mean, .95 - 3 * error);
		else
			ck_assert_double_le(specificity.mean, .95 + 3 * error);
	}
}
END_TEST

Suite *suite_published_tapestry(void);

Suite *suite_published_tapestry(void)
{
	Suite *s = suite_create("published_tapestry");
	TCase *tc = tcase_create("simulated");
	tcase_set_timeout(tc, slow() ? 3600 : 120);
	tcase_add_loop_test(tc, test_tapestrys_tables_come_out_again, 0, COUNT(rows));
	tcase_add_loop_test(tc, test_tapestrys_largest_numbers_come_out_again, 0, COUNT(largest));
	suite_add_tcase(s, tc);
	return s;
}
