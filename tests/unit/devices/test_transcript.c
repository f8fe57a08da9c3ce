/* The text of transcripts, read and written. */
#include <string.h>

#include "devices/transport/transcript.h"
#include "tests/unit/devices/cable.h"

static const char shown[] = "# poolwell transcript/1\n"
			    "> 7e 48 53                 # these bytes went to the device\n"
			    "<0230 33302c 30            # these came\r\n"
			    "  2c 30 03                 # more of the line above\n"
			    "\n"
			    "<                          # nothing\n"
			    ">\n"
			    "   # a comment further in\n"
			    "id MFG:Zebra;CMD:ZPL; # no comment\n"
			    "port 18\n"
			    "reset\n"
			    "gone\n"
			    "again";

START_TEST(test_a_transcript_is_read)
{
	static const struct {
		pw_entry_kind kind;
		int line;
		const char *bytes;
	} expected[] = {
		{PW_ENTRY_PUT, 2, "~HS"},
		{PW_ENTRY_GOT, 3,
		 "\00203"
		 "0,0,0\003"},
		{PW_ENTRY_GOT, 6, ""},
		{PW_ENTRY_PUT, 7, ""},
		{PW_ENTRY_ID, 9, "MFG:Zebra;CMD:ZPL; # no comment"},
		{PW_ENTRY_PORT, 10, "\030"},
		{PW_ENTRY_RESET, 11, ""},
		{PW_ENTRY_GONE, 12, ""},
		{PW_ENTRY_AGAIN, 13, ""},
	};
	pw_transcript t;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_transcript_parse(shown, strlen(shown), "t", &t, &err) == PW_OK, "%s",
		      err.msg);
	ck_assert_uint_eq(t.count, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < t.count; i++) {
		const pw_entry *e = &t.entries[i];
		ck_assert_int_eq(e->kind, expected[i].kind);
		ck_assert_int_eq(e->line, expected[i].line);
		ck_assert_uint_eq(e->n, strlen(expected[i].bytes));
		ck_assert_mem_eq(pw_str_text(&t.bytes) + e->start, expected[i].bytes, e->n);
	}
	pw_transcript_clear(&t);
	pw_transcript_clear(&t);
}
END_TEST

static const struct {
	const char *text, *place;
} wrong[] = {
	{"> 7\n", "t:1:3:"},
	{"> 7e 4\n", "t:1:6:"},
	{"> 7e 4x\n", "t:1:6:"},
	{"> 7e\n< zz\n", "t:2:3:"},
	{"> 7e\n  4\n", "t:2:3:"},
	{"  7e\n", "t:1:3: nothing with bytes"},
	{"reset\n  7e\n", "t:2:3: nothing with bytes"},
	{"port\n", "t:1:5: a port status is one byte"},
	{"port 18 18\n", "t:1:11: a port status is one byte"},
	{"gone away\n", "t:1:6: nothing stands behind"},
	{"went\n", "t:1:1: a line begins with"},
	{"idMFG\n", "t:1:1: a line begins with"},
	{"7e 48\n", "t:1:1: a line begins with"},
};

START_TEST(test_what_is_no_transcript_is_said_with_its_place)
{
	pw_transcript t = {0};
	cable c = {.err = PW_ERR_INIT};
	fails(&c, pw_transcript_parse(wrong[_i].text, strlen(wrong[_i].text), "t", &t, &c.err),
	      PW_ERR_FORMAT, wrong[_i].place);
	ck_assert_ptr_null(t.entries);
}
END_TEST

START_TEST(test_long_entries_are_written_in_lines_and_read_as_one)
{
	char bytes[1000];
	pw_str text = PW_STR_INIT;
	pw_transcript t;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7);
	pw_transcript_add(&text, PW_ENTRY_GOT, bytes, sizeof(bytes));
	for (const char *line = pw_str_text(&text), *end; (end = strchr(line, '\n')) != NULL;
	     line = end + 1)
		ck_assert_int_lt(end - line, 140);
	ck_assert_int_eq(pw_transcript_parse(text.ptr, text.len, "t", &t, NULL), PW_OK);
	ck_assert_uint_eq(t.count, 1);
	ck_assert_uint_eq(t.entries[0].n, sizeof(bytes));
	ck_assert_mem_eq(pw_str_text(&t.bytes), bytes, sizeof(bytes));
	pw_transcript_clear(&t);
	pw_str_clear(&text);
}
END_TEST

Suite *suite_transcript(void);

Suite *suite_transcript(void)
{
	Suite *suite = suite_create("transcript");
	TCase *tcase = tcase_create("text");
	tcase_add_test(tcase, test_a_transcript_is_read);
	tcase_add_loop_test(tcase, test_what_is_no_transcript_is_said_with_its_place, 0,
			    (int)(sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_test(tcase, test_long_entries_are_written_in_lines_and_read_as_one);
	suite_add_tcase(suite, tcase);
	return suite;
}
