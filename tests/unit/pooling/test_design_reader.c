/* A matrix that comes block by block: where blocks end must not matter. */
#include <check.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/design.h"

/* What is said of a text: the error, or the design as text. */
typedef struct said {
	pw_status rc;
	pw_str text;
} said;

static said end(pw_design_reader *reader, pw_status rc, pw_err *err)
{
	said s = {rc, PW_STR_INIT};
	pw_design *design = NULL;
	if (s.rc == PW_OK)
		s.rc = pw_design_reader_end(reader, &design, err);
	if (s.rc == PW_OK)
		pw_design_format(design, true, &s.text);
	else
		pw_str_add(&s.text, err->msg);
	pw_design_free(design);
	pw_design_reader_free(reader);
	return s;
}

/* A first block, then blocks of `size`. Each is a copy of its own, for sanitizers to guard. */
static said feed(const char *text, size_t first, size_t size)
{
	pw_err err = PW_ERR_INIT;
	pw_design_reader *reader = pw_design_reader_new();
	pw_status rc = PW_OK;
	size_t length = strlen(text), n = first;
	for (size_t at = 0; at < length && rc == PW_OK; at += n, n = size) {
		n = n < length - at ? n : length - at;
		char *block = pw_strndup(text + at, n);
		rc = pw_design_reader_feed(reader, block, n, &err);
		pw_free(block);
	}
	return end(reader, rc, &err);
}

static void same(const said *expected, said actual, size_t first, size_t size)
{
	ck_assert_msg(actual.rc == expected->rc &&
			      strcmp(pw_str_text(&actual.text), pw_str_text(&expected->text)) == 0,
		      "in blocks of %zu, then %zu: '%s', not '%s'", first, size,
		      pw_str_text(&actual.text), pw_str_text(&expected->text));
	pw_str_clear(&actual.text);
}

#define MARK "\xEF\xBB\xBF"

static const struct {
	const char *text;
	const char *says; /* NULL: it is a design */
} texts[] = {
	{"1 1 0\n0,1;1\n\n# a comment\n1\t0 1 # and one behind\n", NULL},
	{MARK "10\r\n01\r11", NULL},
	{"10\r\r\n\n01\n\r11\r\n", NULL},
	{MARK "# wells of samples: A1  2:P24\t\r\n# wells of pools: B1 20000:A1\r\n11\n01", NULL},
	{"# wells of sample: Z1\n# wells of poolswells: Z1\n1 # wells of samples: C3", NULL},
	{"# wells of samples:A1\n1\n", NULL},
	{"# a comment that is longer than anything we know how to begin with\n1\n", NULL},
	{"#\n##\n#wells of samples: Z1\n1", NULL},
	{"", "no pool: give a matrix of 0 and 1, a pool a line, a digit a sample"},
	{MARK, "no pool: give a matrix of 0 and 1, a pool a line, a digit a sample"},
	{"# wells of samples:\n",
	 "no pool: give a matrix of 0 and 1, a pool a line, a digit a sample"},
	{"\xEF\xBB",
	 "line 1:1: byte 0xEF where only 0 and 1 may stand: give a pool a line, a digit a sample"},
	{"\xEF\xBB"
	 "1\n",
	 "line 1:1: byte 0xEF where only 0 and 1 may stand: give a pool a line, a digit a sample"},
	{MARK "1" MARK,
	 "line 1:2: byte 0xEF where only 0 and 1 may stand: give a pool a line, a digit a sample"},
	{MARK "11\r\n\r0 x\n",
	 "line 3:3: 'x' where only 0 and 1 may stand: give a pool a line, a digit a sample"},
	{"11\n00\n", "line 2: pool 2 is empty: put somebody in or leave the line out"},
	{"11\r\n\r\n101",
	 "line 3: 3 columns where line 1 has 2; every pool needs a digit for each sample"},
	{"101\n001\n", "sample 2 is in no pool: give it a pool or take its column out"},
	{"# wells of samples: A1 Q1\n11\n",
	 "line 1:24: 'Q1' is no well: give A1 to P24, on further plates 2:A1"},
	{MARK "1 # wells of pools: \t Averylongwordthatisnowellofanyplate A1\n",
	 "line 1:23: 'Averylongwordthatisn' is no well: give A1 to P24, on further plates 2:A1"},
	{"# wells of samples: A1\n# wells of samples: A2\n1\n",
	 "line 2: wells stand in line 1 already"},
	{"# wells of samples: A1 A2\n1\n", "line 1: 2 wells for 1 samples: give each one"},
	{"# wells of samples: A1\n00 # wells of pools: X\n",
	 "line 2:22: 'X' is no well: give A1 to P24, on further plates 2:A1"},
};

START_TEST(test_where_a_block_ends_does_not_matter)
{
	const char *text = texts[_i].text;
	size_t length = strlen(text);
	said whole = feed(text, length, length);
	ck_assert_int_eq(whole.rc, texts[_i].says == NULL ? PW_OK : PW_ERR_FORMAT);
	if (texts[_i].says != NULL)
		ck_assert_str_eq(pw_str_text(&whole.text), texts[_i].says);
	for (size_t first = 0; first <= length; first++)
		for (size_t size = 1; size < 5; size++)
			same(&whole, feed(text, first, size), first, size);
	for (size_t first = 0; first <= length; first++)
		same(&whole, feed(text, first, length), first, length);
	pw_str_clear(&whole.text);
}
END_TEST

/* Refuses the third line. */
static pw_status take_two(void *to, const char *bytes, size_t n, pw_err *err)
{
	int *lines = to;
	ck_assert_int_eq(bytes[n - 1], '\n');
	if (*lines == 2)
		return pw_fail(err, PW_ERR_IO, "no more room");
	(*lines)++;
	return PW_OK;
}

START_TEST(test_who_cannot_take_a_line_is_given_no_more)
{
	pw_err err = PW_ERR_INIT;
	pw_design *design = NULL;
	int lines = 0;
	ck_assert_int_eq(pw_design_parse("10\n01\n11\n10\n", 12, &design, &err), PW_OK);
	ck_assert_int_eq(pw_design_give(design, true, take_two, &lines, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "no more room");
	ck_assert_int_eq(lines, 2);
	pw_design_free(design);
}
END_TEST

Suite *suite_design_reader(void);

Suite *suite_design_reader(void)
{
	Suite *suite = suite_create("design_reader");
	TCase *tcase = tcase_create("blocks");
	tcase_add_loop_test(tcase, test_where_a_block_ends_does_not_matter, 0,
			    (int)(sizeof(texts) / sizeof(*texts)));
	tcase_add_test(tcase, test_who_cannot_take_a_line_is_given_no_more);
	suite_add_tcase(suite, tcase);
	return suite;
}
