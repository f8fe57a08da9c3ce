/*
 * `PW_WRITE_PICTURES=docs/pictures build-dev/tests/test_cli` makes docs/pictures/posterior.svg anew.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/pictures/posterior.h"
#include "core/base/mem.h"
#include "core/pooling/design_make.h"
#include "core/pooling/results.h"

/* What a page of docs may weigh. */
#define MAX_SAMPLE_BYTES (256 * 1024)

/* The inks as cairo writes them: of whoever and whatever is positive, of the undecided, of a small ring. */
#define POSITIVE  "fill:rgb(61.96%,10.58%,19.6%)"
#define UNDECIDED "fill:rgb(4.31%,36.07%,67.84%)"
#define NEGATIVE  "stroke:rgb(47.05%,47.05%,47.05%);"

/* A design, its results, their posterior, and the likeliest set. */
typedef struct plate {
	pw_design *design;
	pw_pool_reading *readings;
	pw_decoded decoded;
	bool *likely;
	pw_posterior_picture p;
} plate;

static void decode(plate *x, double prior)
{
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_evidence e = {.design = x->design,
			 .readings = x->readings,
			 .prior = prior,
			 .test = PW_POOL_MODEL_INIT,
			 .ct = PW_CT_MODEL_INIT};
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_decode(&e, &opts, &x->decoded, &err) == PW_OK, "%s", err.msg);
	x->likely = pw_alloc_array(x->decoded.samples, sizeof(*x->likely));
	ck_assert_uint_gt(x->decoded.set_count, 0);
	for (size_t k = 0; k < x->decoded.sets[0].count; k++)
		x->likely[x->decoded.sets[0].at[k]] = true;
	x->p = (pw_posterior_picture){.title = "a plate",
				      .design = x->design,
				      .readings = x->readings,
				      .decoded = &x->decoded,
				      .likely = x->likely,
				      .confidence = 0.99};
}

static plate new_plate(pw_make_opts opts, const char *results, double prior)
{
	plate x = {.design = NULL};
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_make(&opts, &x.design, &err) == PW_OK, "%s", err.msg);
	size_t pools = pw_design_pools(x.design);
	x.readings = pw_alloc_array(pools, sizeof(*x.readings));
	ck_assert_msg(pw_results_parse(results, strlen(results), pools, x.readings, &err) == PW_OK,
		      "%s", err.msg);
	decode(&x, prior);
	return x;
}

static void free_plate(plate *x)
{
	pw_decoded_clear(&x->decoded);
	pw_free(x->likely);
	pw_free(x->readings);
	pw_design_free(x->design);
}

static pw_str draw(const plate *x, pw_canvas_format format)
{
	pw_posterior_picture p = x->p; /* plates are handed about: point to where they are now */
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	p.decoded = &x->decoded;
	ck_assert_msg(pw_posterior_picture_draw(&p, format, 72, &out, &err) == PW_OK, "%s",
		      err.msg);
	return out;
}

static size_t count(const pw_str *bytes, const char *word)
{
	size_t n = 0, length = strlen(word);
	for (size_t i = 0; i + length <= bytes->len; i++)
		n += memcmp(bytes->ptr + i, word, length) == 0;
	return n;
}

static double height_of(const pw_str *svg)
{
	const char *at = strstr(svg->ptr, " height=\"");
	ck_assert_ptr_nonnull(at);
	return strtod(at + 9, NULL) * 25.4 / 72;
}

static pw_make_opts array_8x12(void)
{
	return (pw_make_opts){.family = PW_FAMILY_ARRAY,
			      .dims = {8, 12},
			      .dim_count = 2,
			      .plate_rows = 8,
			      .plate_cols = 12};
}

static pw_make_opts rs_48x384(void)
{
	return (pw_make_opts){.family = PW_FAMILY_RS, .samples = 384, .q = 8, .k = 3, .w = 6};
}

/* Rows A and C and columns 2 and 5: 2, 5, 26 and 29, and nobody can say which two. */
#define CROSSED    \
	"+-+-----" \
	"-+--+-------"

static const struct {
	const char *results; /* of an 8 x 12 array */
	size_t positive, undecided, by_bound, pools;
} arrays[] = {
	{"--------"
	 "------------",
	 0, 0, 0, 0},
	{"+-------"
	 "-+----------",
	 1, 0, 0, 2},
	{CROSSED, 0, 4, 0, 4},
	{"+!?-----"
	 "-+---------?",
	 1, 0, 0, 2},
};

START_TEST(test_everybody_and_every_pool_has_a_sign)
{
	plate x = new_plate(array_8x12(), arrays[_i].results, 0.005);
	size_t positive = 0, undecided = 0;
	for (size_t j = 0; j < 96; j++) {
		pw_person_call call = pw_decoded_call(&x.decoded, j, 0.99);
		positive += call == PW_PERSON_POSITIVE;
		undecided += call == PW_PERSON_UNDECIDED;
	}
	pw_str svg = draw(&x, PW_CANVAS_SVG);
	size_t pools = arrays[_i].pools;
	/* the legend has one of each that there is, and of each call of a person */
	ck_assert_uint_eq(count(&svg, POSITIVE), positive + pools + 1 + (pools > 0));
	ck_assert_uint_eq(count(&svg, UNDECIDED), undecided + 1);
	ck_assert_uint_eq(count(&svg, NEGATIVE), 96 - positive - undecided + 1);
	ck_assert_uint_eq(count(&svg, "nan"), 0);
	ck_assert_uint_eq(count(&svg, "inf"), 0);
	pw_str_clear(&svg);
	free_plate(&x);
}
END_TEST

START_TEST(test_expected_calls_of_the_arrays)
{
	plate x = new_plate(array_8x12(), arrays[_i].results, 0.005);
	size_t positive = 0, undecided = 0;
	for (size_t j = 0; j < 96; j++) {
		pw_person_call call = pw_decoded_call(&x.decoded, j, 0.9);
		positive += call == PW_PERSON_POSITIVE;
		undecided += call == PW_PERSON_UNDECIDED;
	}
	ck_assert_uint_eq(positive, arrays[_i].positive);
	ck_assert_uint_eq(undecided, arrays[_i].undecided);
	free_plate(&x);
}
END_TEST

/* The frame of a pool that the likeliest set does not explain is a rectangle 0.6 mm thick. */
static size_t frames(const plate *x)
{
	pw_str svg = draw(x, PW_CANVAS_SVG);
	size_t n = count(&svg, "stroke-width:1.7;");
	pw_str_clear(&svg);
	return n;
}

START_TEST(test_what_is_not_explained_is_framed)
{
	char results[49];
	static const int positive[] = {6, 8, 15, 20, 21, 27, 31, 32, 34, 39, 41, 46};
	memset(results, '-', 48);
	results[48] = '\0';
	for (size_t i = 0; i < sizeof(positive) / sizeof(*positive); i++)
		results[positive[i] - 1] = '+';
	plate x = new_plate(rs_48x384(), results, 0.005);
	ck_assert_uint_eq(frames(&x), 1); /* pool 31 */
	results[5] = '-';
	plate y = new_plate(rs_48x384(), results, 0.005);
	ck_assert_uint_eq(frames(&y), 2); /* and pool 6, in which sample 142 is all the same */
	results[30] = '-';
	results[5] = '+';
	plate z = new_plate(rs_48x384(), results, 0.005);
	ck_assert_uint_eq(frames(&z), 0);
	free_plate(&x);
	free_plate(&y);
	free_plate(&z);
}
END_TEST

START_TEST(test_who_is_in_doubt_by_the_bound_alone_has_no_number)
{
	plate x = new_plate(array_8x12(), arrays[0].results, 0.005);
	pw_str before = draw(&x, PW_CANVAS_SVG);
	for (size_t j = 0; j < 96; j++)
		x.decoded.error[j] = 0.5;
	pw_str after = draw(&x, PW_CANVAS_SVG);
	ck_assert_uint_eq(count(&before, "dasharray"), 0);
	ck_assert_uint_eq(count(&after, "dasharray"), 96 + 1);
	ck_assert_uint_eq(count(&after, UNDECIDED), 1);
	pw_str_clear(&before);
	pw_str_clear(&after);
	free_plate(&x);
}
END_TEST

/* At the edges of an array its pools take no place from the plate; a pool more goes beside it. */
START_TEST(test_an_array_has_its_pools_at_the_edges)
{
	pw_make_opts by_number = array_8x12();
	by_number.plate_rows = by_number.plate_cols = 0; /* as a matrix without wells is read */
	plate lined = new_plate(array_8x12(), CROSSED, 0.005);
	plate paneled = new_plate(by_number, CROSSED, 0.005);
	pw_str a = draw(&lined, PW_CANVAS_SVG), b = draw(&paneled, PW_CANVAS_SVG);
	ck_assert_uint_eq(count(&a, POSITIVE), count(&b, POSITIVE));
	ck_assert_uint_ne(a.len, b.len);
	pw_str_clear(&a);
	pw_str_clear(&b);
	free_plate(&lined);
	free_plate(&paneled);
}
END_TEST

START_TEST(test_many_pools_and_samples_take_pages)
{
	char results[201];
	memset(results, '-', 200);
	results[200] = '\0';
	plate one = new_plate(rs_48x384(), results + 152, 0.005);
	plate many = new_plate((pw_make_opts){.family = PW_FAMILY_RANDOM,
					      .pools = 200,
					      .w = 4,
					      .samples = 1000,
					      .seed = 1},
			       results, 0.001);
	pw_str svg = draw(&one, PW_CANVAS_SVG), pdf = draw(&one, PW_CANVAS_PDF);
	ck_assert_double_eq_tol(height_of(&svg), 210, 0.5);
	ck_assert_uint_eq(count(&pdf, "/Type /Page %"), 1);
	pw_str_clear(&svg);
	pw_str_clear(&pdf);
	svg = draw(&many, PW_CANVAS_SVG);
	pdf = draw(&many, PW_CANVAS_PDF);
	ck_assert_double_eq_tol(height_of(&svg), 4 * 210, 1); /* pools, and three plates */
	ck_assert_uint_eq(count(&pdf, "/Type /Page %"), 4);
	pw_str_clear(&svg);
	pw_str_clear(&pdf);
	free_plate(&one);
	free_plate(&many);
}
END_TEST

START_TEST(test_what_no_paper_holds_is_refused)
{
	char results[40];
	memset(results, '-', 39);
	results[39] = '\0';
	plate x =
		new_plate((pw_make_opts){.family = PW_FAMILY_DORFMAN, .samples = 3900, .size = 100},
			  results, 0.001);
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	x.p.decoded = &x.decoded;
	ck_assert_int_eq(pw_posterior_picture_draw(&x.p, PW_CANVAS_PNG, 72, &out, &err),
			 PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg, "3900 samples and 39 pools take 11 pages, of which a picture "
				  "holds 9: draw a PDF");
	ck_assert_uint_eq(out.len, 0);
	ck_assert_int_eq(pw_posterior_picture_draw(&x.p, PW_CANVAS_PDF, 72, &out, NULL), PW_OK);
	pw_str_clear(&out);
	free_plate(&x);
}
END_TEST

START_TEST(test_notes_beyond_the_room_are_counted)
{
	const char *notes[PW_POSTERIOR_NOTES + 3];
	plate x = new_plate(array_8x12(), CROSSED, 0.005);
	for (size_t i = 0; i < PW_POSTERIOR_NOTES + 3; i++)
		notes[i] = "iiii";
	x.p.notes = notes;
	x.p.note_count = PW_POSTERIOR_NOTES;
	pw_str fits = draw(&x, PW_CANVAS_SVG);
	x.p.note_count = PW_POSTERIOR_NOTES + 3;
	pw_str more = draw(&x, PW_CANVAS_SVG);
	/* "… and 4 more" in place of the last "iiii" */
	ck_assert_uint_eq(count(&more, "<use") - count(&fits, "<use"), 12 - 4);
	pw_str_clear(&fits);
	pw_str_clear(&more);
	free_plate(&x);
}
END_TEST

START_TEST(test_the_same_plate_is_the_same_bytes)
{
	static const pw_canvas_format formats[] = {PW_CANVAS_SVG, PW_CANVAS_PNG, PW_CANVAS_PDF};
	plate x = new_plate(array_8x12(), CROSSED, 0.005);
	pw_str a = draw(&x, formats[_i]), b = draw(&x, formats[_i]);
	ck_assert_uint_gt(a.len, 1000);
	ck_assert_uint_eq(a.len, b.len);
	ck_assert(memcmp(a.ptr, b.ptr, a.len) == 0);
	pw_str_clear(&a);
	pw_str_clear(&b);
	free_plate(&x);
}
END_TEST

/* 81 people of whom three are positive, in 36 pools of which one is a false alarm, one missed, one grey and
 * one lost: for docs/internals/decoding.md. */
static plate sample_plate(void)
{
	static char title[80], expected[120];
	static const char *const notes[] = {
		expected,
		"pool 18 is positive, but unexplained: nobody in it is of the likeliest set",
		"pool 23 is negative, although sample 52 of the likeliest set is in it",
	};
	size_t called[3] = {0};
	plate x = new_plate(
		(pw_make_opts){.family = PW_FAMILY_RS, .samples = 81, .q = 9, .k = 2, .w = 4},
		"---+--+--?-+-+---+--+--+----+-!-++--", 0.02);
	for (size_t j = 0; j < 81; j++)
		called[pw_decoded_call(&x.decoded, j, x.p.confidence)]++;
	snprintf(title, sizeof(title),
		 "81 people in 36 pools: %zu positive, %zu undecided, %zu negative",
		 called[PW_PERSON_POSITIVE], called[PW_PERSON_UNDECIDED],
		 called[PW_PERSON_NEGATIVE]);
	snprintf(expected, sizeof(expected),
		 "%.4g positives expected; every posterior within 1e-06 (%s)",
		 x.decoded.expected_positives, pw_decode_method_name(x.decoded.method));
	ck_assert_double_lt(x.decoded.bound, 1e-6);
	ck_assert(!x.likely[51] || x.decoded.sets[0].count == 3);
	x.p.title = title;
	x.p.subtitle = "a Reed-Solomon design over GF(9); prior 2%, sensitivity 0.95, "
		       "specificity 0.99; decided at 0.99";
	x.p.notes = notes;
	x.p.note_count = 3;
	return x;
}

static void write_file(const char *folder, const char *name, const pw_str *bytes)
{
	pw_str path = PW_STR_INIT;
	pw_str_addf(&path, "%s/%s", folder, name);
	FILE *file = fopen(path.ptr, "wb");
	ck_assert_msg(file != NULL, "can't write %s", path.ptr);
	ck_assert_uint_eq(fwrite(bytes->ptr, 1, bytes->len, file), bytes->len);
	ck_assert_int_eq(fclose(file), 0);
	pw_str_clear(&path);
}

/* The picture of the page is one that was drawn here; its bytes depend on the fonts of the day. */
START_TEST(test_the_sample_is_small_enough_for_a_page)
{
	plate x = sample_plate();
	pw_str svg = draw(&x, PW_CANVAS_SVG);
	ck_assert_ptr_nonnull(strstr(svg.ptr, "<svg"));
	const char *folder = getenv("PW_WRITE_PICTURES");
	if (folder != NULL && folder[0] != '\0')
		write_file(folder, "posterior.svg", &svg);
	FILE *shipped = fopen(PW_SOURCE_DIR "/docs/pictures/posterior.svg", "rb");
	ck_assert_ptr_nonnull(shipped);
	ck_assert_int_eq(fseek(shipped, 0, SEEK_END), 0);
	ck_assert_int_lt(ftell(shipped), MAX_SAMPLE_BYTES);
	fclose(shipped);
	pw_str_clear(&svg);
	free_plate(&x);
}
END_TEST

Suite *suite_posterior_picture(void);

Suite *suite_posterior_picture(void)
{
	Suite *s = suite_create("posterior_picture");
	TCase *tc = tcase_create("posterior");
	int cases = (int)(sizeof(arrays) / sizeof(arrays[0]));
	tcase_set_timeout(tc, 60); /* many pictures, under sanitizers too */
	tcase_add_loop_test(tc, test_everybody_and_every_pool_has_a_sign, 0, cases);
	tcase_add_loop_test(tc, test_expected_calls_of_the_arrays, 0, cases);
	tcase_add_test(tc, test_what_is_not_explained_is_framed);
	tcase_add_test(tc, test_who_is_in_doubt_by_the_bound_alone_has_no_number);
	tcase_add_test(tc, test_an_array_has_its_pools_at_the_edges);
	tcase_add_test(tc, test_many_pools_and_samples_take_pages);
	tcase_add_test(tc, test_what_no_paper_holds_is_refused);
	tcase_add_test(tc, test_notes_beyond_the_room_are_counted);
	tcase_add_loop_test(tc, test_the_same_plate_is_the_same_bytes, 0, 3);
	tcase_add_test(tc, test_the_sample_is_small_enough_for_a_page);
	suite_add_tcase(s, tc);
	return s;
}
