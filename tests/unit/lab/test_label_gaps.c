/* Every number is explained, and none twice. */
#include <string.h>

#include "tests/unit/lab/sticker.h"

static pw_label_numbers *rows;
static size_t count;

/* The rows of a thing; together they tell every number from 1 to the last once. */
static void explain(const char *thing)
{
	int64_t next = 1;
	must(pw_lab_label_numbers(fx.lab, thing, &fx.arena, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++) {
		ck_assert_int_eq(rows[i].first, next);
		ck_assert_int_ge(rows[i].last, rows[i].first);
		next = rows[i].last + 1;
		if (strcmp(rows[i].state, "not-reserved") != 0)
			ck_assert_int_eq(rows[i].labels + rows[i].passed_over,
					 rows[i].last - rows[i].first + 1);
	}
}

START_TEST(test_nothing_reserved_is_nothing_to_explain)
{
	explain("tube");
	ck_assert_uint_eq(count, 0);
	fails(pw_lab_label_numbers(fx.lab, "person", &fx.arena, &rows, &count, &fx.err), PW_ERR_ARG,
	      "'person'");
}
END_TEST

START_TEST(test_numbers_in_a_row_are_one_row)
{
	reserve(1000);
	explain("tube");
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(rows[0].labels, 1000);
	ck_assert_int_gt(rows[0].passed_over, 15);
	ck_assert_str_eq(rows[0].state, "reserved");
	ck_assert_str_eq(rows[0].first_id, nth(1));
	ck_assert_str_eq(rows[0].last_id, nth(1000));
	ck_assert_int_eq(rows[0].since, fx.now);
}
END_TEST

START_TEST(test_what_became_of_them_parts_them)
{
	pw_label_range range;
	pw_label_voided voided;
	printer p;
	pw_label_account account;
	printer_init(&p);
	p.gone_at = 25;
	queued(40);
	must(pw_lab_reserve_labels(fx.lab, "tube", 200, 10, "S1", &range, &fx.err));
	must(pw_lab_reserve_labels(fx.lab, "box", 0, 10, NULL, &range, &fx.err));
	ck_assert_int_eq(print_waiting(&p, &account), PW_ERR_GONE);
	for (int i = 1; i <= 5; i++)
		collect(nth(i), 1, i, 1);
	as("bo", "smeared");
	must(pw_lab_void_labels(fx.lab, nth(10), nth(12), &voided, &fx.err));
	as("bo", "torn");
	must(pw_lab_void_labels(fx.lab, nth(13), NULL, &voided, &fx.err));
	explain("tube");
	static const struct {
		const char *state;
		int64_t labels;
	} expected[] = {{"applied", 5}, {"confirmed", 4},    {"void", 3},
			{"void", 1},    {"confirmed", 12},   {"unconfirmed", 1},
			{"queued", 14}, {"not-reserved", 0}, {"reserved", 10}};
	ck_assert_uint_eq(count, COUNT(expected));
	for (size_t i = 0; i < count; i++) {
		ck_assert_str_eq(rows[i].state, expected[i].state);
		ck_assert_int_eq(rows[i].labels, expected[i].labels);
	}
	ck_assert_str_eq(rows[2].by, "bo");
	ck_assert_str_eq(rows[2].note, "smeared");
	ck_assert_str_eq(rows[3].note, "torn");
	ck_assert_int_eq(rows[7].last, 199);
	ck_assert_str_eq(rows[8].site, "S1");
	explain("box");
	ck_assert_uint_eq(count, 1);
}
END_TEST

/* A number is as good as its newest label. */
START_TEST(test_a_reprint_is_no_number_of_its_own)
{
	printer p;
	pw_label_account account;
	pw_label_copy copy;
	printer_init(&p);
	queued(3);
	must(print_waiting(&p, &account));
	as("anna", "torn");
	const pw_label_reprint again = {.scan = nth(2)};
	must(pw_lab_reprint_label(fx.lab, &again, &p.maker, &copy, &fx.err));
	explain("tube");
	ck_assert_uint_eq(count, 3);
	ck_assert_str_eq(rows[1].state, "queued");
	must(print_waiting(&p, &account));
	explain("tube");
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(rows[0].labels, 3);
}
END_TEST

Suite *suite_label_gaps(void);

Suite *suite_label_gaps(void)
{
	Suite *suite = suite_create("label_gaps");
	TCase *tcase = fixture_case(suite, "gaps", fixture_printers);
	tcase_add_test(tcase, test_nothing_reserved_is_nothing_to_explain);
	tcase_add_test(tcase, test_numbers_in_a_row_are_one_row);
	tcase_add_test(tcase, test_what_became_of_them_parts_them);
	tcase_add_test(tcase, test_a_reprint_is_no_number_of_its_own);
	return suite;
}
