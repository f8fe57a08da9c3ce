/* Transcripts, recorded from a device and played in its place. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devices/transport/transcript.h"
#include "tests/unit/devices/cable.h"

static char file[64];

static void make_file(void)
{
	snprintf(file, sizeof(file), "/tmp/pw-transcript-%ld.txt", (long)getpid());
	unlink(file);
}

static void remove_file(void)
{
	unlink(file);
}

static void write_file(const char *text)
{
	FILE *f = fopen(file, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, strlen(text), f), strlen(text));
	fclose(f);
}

static char *read_file(void)
{
	static char text[4096];
	FILE *f = fopen(file, "r");
	ck_assert_ptr_nonnull(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return text;
}

static void play(cable *c, const char *text)
{
	*c = (cable){.peer = -1, .listener = -1, .ours = -1, .err = PW_ERR_INIT};
	write_file(text);
	snprintf(c->uri, sizeof(c->uri), "replay:%s", file);
	must(c, pw_transport_open(c->uri, &c->transport, &c->err));
}

/* ---- Playing ---- */

START_TEST(test_a_transcript_stands_for_the_device)
{
	cable c;
	char buf[8];
	size_t n;
	uint8_t status = 0;
	pw_str id = PW_STR_INIT;
	play(&c, "id MFG:Zebra;\nport 30\n> 7e 48\n> 53\n< 01 02 03\n<\n< 04\nreset\n");
	must(&c, pw_transport_device_id(c.transport, &id, &c.err));
	ck_assert_str_eq(pw_str_text(&id), "MFG:Zebra;");
	must(&c, pw_transport_port_status(c.transport, &status, &c.err));
	ck_assert_uint_eq(status, PW_PORT_PAPER_EMPTY | PW_PORT_SELECTED);
	must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err));
	ck_assert_uint_eq(n, 0); /* the device waits to be asked */
	must(&c, pw_transport_write(c.transport, "~", 1, 1000, &n, &c.err));
	must(&c, pw_transport_write(c.transport, "HS", 2, 1000, &n, &c.err));
	ck_assert_uint_eq(n, 2);
	must(&c, pw_transport_read(c.transport, buf, 2, 1000, &n, &c.err));
	ck_assert_uint_eq(n, 2);
	must(&c, pw_transport_read(c.transport, buf, 2, 1000, &n, &c.err));
	ck_assert_uint_eq(n, 1);
	must(&c, pw_transport_read(c.transport, buf, 2, 1000, &n, &c.err));
	ck_assert_uint_eq(n, 0);
	must(&c, pw_transport_read(c.transport, buf, 2, 1000, &n, &c.err));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(buf[0], 4);
	fails(&c, pw_transport_replayed(c.transport, &c.err), PW_ERR_FORMAT, ":8: nobody came");
	must(&c, pw_transport_drain(c.transport, 0, &c.err));
	must(&c, pw_transport_soft_reset(c.transport, &c.err));
	must(&c, pw_transport_replayed(c.transport, &c.err));
	pw_str_clear(&id);
	cable_close(&c);
}
END_TEST

START_TEST(test_a_device_that_stops_taking_is_played_too)
{
	cable c;
	size_t n;
	play(&c, "> 41 42\n>\n>\n> 43\n");
	must(&c, pw_transport_write(c.transport, "ABC", 3, 1000, &n, &c.err));
	ck_assert_uint_eq(n, 2);
	must(&c, pw_transport_write(c.transport, "C", 1, 1000, &n, &c.err));
	ck_assert_uint_eq(n, 0);
	must(&c, pw_transport_write(c.transport, "C", 1, 1000, &n, &c.err));
	ck_assert_uint_eq(n, 1);
	must(&c, pw_transport_replayed(c.transport, &c.err));
	cable_close(&c);
}
END_TEST

START_TEST(test_a_device_that_goes_and_comes_is_played_too)
{
	cable c;
	char buf[8];
	size_t n;
	uint8_t status;
	play(&c, "> 41\ngone\n<\nagain\ngone\nagain\nport 18\ngone\n");
	fails(&c, pw_transport_write(c.transport, "AB", 2, 1000, &n, &c.err), PW_ERR_GONE, ":2");
	ck_assert_uint_eq(n, 1);
	must(&c, pw_transport_reopen(c.transport, &c.err));
	fails(&c, pw_transport_read(c.transport, buf, sizeof(buf), 0, &n, &c.err), PW_ERR_GONE,
	      ":5");
	must(&c, pw_transport_reopen(c.transport, &c.err));
	must(&c, pw_transport_port_status(c.transport, &status, &c.err));
	fails(&c, pw_transport_port_status(c.transport, &status, &c.err), PW_ERR_GONE, ":8");
	fails(&c, pw_transport_reopen(c.transport, &c.err), PW_ERR_NOT_FOUND, "does not open");
	cable_close(&c);
}
END_TEST

static const struct {
	const char *text, *written, *error;
	size_t taken;
} off_script[] = {
	{"> 41 42\n", "AX", ":1: byte 2 is 42 in the transcript, and 58 was written", 1},
	{"> 41\n> 42\n", "AX", ":2: byte 1 is 42 in the transcript, and 58 was written", 1},
	{"> 41\n< 06\n", "AB", ":2: more was written, and the transcript has something else", 1},
	{"> 41\n", "AB", "more was written, and the transcript has ended", 1},
	{"< 06\n", "A", ":1: more was written", 0},
};

START_TEST(test_a_driver_that_does_otherwise_is_told_where)
{
	cable c;
	size_t n = 9;
	play(&c, off_script[_i].text);
	fails(&c,
	      pw_transport_write(c.transport, off_script[_i].written,
				 strlen(off_script[_i].written), 0, &n, &c.err),
	      PW_ERR_FORMAT, off_script[_i].error);
	ck_assert_uint_eq(n, off_script[_i].taken);
	cable_close(&c);
}
END_TEST

START_TEST(test_questions_have_their_place_too)
{
	cable c;
	uint8_t status;
	pw_str id = PW_STR_INIT;
	play(&c, "> 41\nport 18\n");
	fails(&c, pw_transport_port_status(c.transport, &status, &c.err), PW_ERR_FORMAT, ":1:");
	fails(&c, pw_transport_device_id(c.transport, &id, &c.err), PW_ERR_NOT_FOUND,
	      "no device id");
	fails(&c, pw_transport_soft_reset(c.transport, &c.err), PW_ERR_NOT_FOUND, "no soft reset");
	cable_close(&c);
}
END_TEST

START_TEST(test_a_broken_transcript_does_not_open)
{
	cable c = {.err = PW_ERR_INIT};
	write_file("> 7e\n> 7\n");
	snprintf(c.uri, sizeof(c.uri), "replay:%s", file);
	fails(&c, pw_transport_open(c.uri, &c.transport, &c.err), PW_ERR_FORMAT, ":2:3:");
}
END_TEST

/* ---- Recording ---- */

START_TEST(test_a_recording_has_all_that_happened)
{
	cable c;
	char buf[8];
	size_t n;
	pw_str heard = PW_STR_INIT;
	if (!cable_open(&c, CABLE_SOCKETS))
		return;
	must(&c, pw_transport_record(c.transport, file, &c.err));
	must(&c, pw_transport_write(c.transport, "~HS", 3, 1000, &n, &c.err));
	for (int i = 0; i < 3; i++)
		must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 0, &n, &c.err));
	cable_say(&c, "\002030\003");
	must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err));
	cable_hear(&c, 3, &heard);
	cable_hang_up(&c);
	fails(&c, pw_transport_read(c.transport, buf, sizeof(buf), 1000, &n, &c.err), PW_ERR_GONE,
	      "closed");
	must(&c, pw_transport_record_end(c.transport, &c.err));
	pw_str expected = PW_STR_INIT;
	pw_str_addf(&expected,
		    "# poolwell transcript/1\n# %s\n> 7e 48 53  # ~HS\n<\n"
		    "< 02 30 33 30 03  # .030.\ngone\n",
		    c.uri);
	ck_assert_str_eq(read_file(), pw_str_text(&expected));
	pw_str_clear(&expected);
	pw_str_clear(&heard);
	cable_close(&c);
}
END_TEST

START_TEST(test_a_write_that_was_cut_short_is_recorded_so)
{
	cable c;
	static char zeros[1 << 20];
	size_t n;
	if (!cable_open(&c, CABLE_SOCKETS))
		return;
	must(&c, pw_transport_record(c.transport, file, &c.err));
	must(&c, pw_transport_write(c.transport, zeros, sizeof(zeros), 0, &n, &c.err));
	ck_assert_uint_lt(n, sizeof(zeros));
	cable_close(&c);
	pw_transcript t;
	ck_assert_int_eq(pw_transcript_load(file, &t, NULL), PW_OK);
	ck_assert_uint_eq(t.count, 2);
	ck_assert_uint_eq(t.entries[0].n, n);
	ck_assert_int_eq(t.entries[1].kind, PW_ENTRY_PUT);
	ck_assert_uint_eq(t.entries[1].n, 0);
	pw_transcript_clear(&t);
}
END_TEST

/* Everything that a transcript can hold, played and recorded anew, is the same again. */
START_TEST(test_a_recording_of_a_replay_is_the_transcript)
{
	static const char text[] = "id MFG:Zebra;\nport 18\nreset\n> 7e 48 53  # ~HS\n"
				   "< 02 03  # ..\n<\n< 04  # .\n>\ngone\nagain\n> 41  # A\n";
	cable c;
	char copy[80], buf[8];
	size_t n;
	uint8_t status;
	pw_str id = PW_STR_INIT;
	play(&c, text);
	cable_close(&c);
	snprintf(copy, sizeof(copy), "%s.source", file);
	ck_assert_int_eq(rename(file, copy), 0);
	snprintf(c.uri, sizeof(c.uri), "replay:%s?record=%s", copy, file);
	must(&c, pw_transport_open(c.uri, &c.transport, &c.err));
	must(&c, pw_transport_device_id(c.transport, &id, &c.err));
	must(&c, pw_transport_port_status(c.transport, &status, &c.err));
	must(&c, pw_transport_soft_reset(c.transport, &c.err));
	must(&c, pw_transport_write(c.transport, "~HS", 3, 0, &n, &c.err));
	for (int i = 0; i < 3; i++)
		must(&c, pw_transport_read(c.transport, buf, sizeof(buf), 0, &n, &c.err));
	must(&c, pw_transport_write(c.transport, "x", 1, 0, &n, &c.err));
	fails(&c, pw_transport_write(c.transport, "x", 1, 0, &n, &c.err), PW_ERR_GONE, "gone");
	must(&c, pw_transport_reopen(c.transport, &c.err));
	must(&c, pw_transport_write(c.transport, "A", 1, 0, &n, &c.err));
	must(&c, pw_transport_replayed(c.transport, &c.err));
	cable_close(&c);
	ck_assert_str_eq(strstr(read_file(), "id "), text);
	unlink(copy);
	pw_str_clear(&id);
}
END_TEST

START_TEST(test_a_recording_overwrites_nothing)
{
	cable c = {.err = PW_ERR_INIT};
	write_file("precious");
	snprintf(c.uri, sizeof(c.uri), "file:/dev/null?record=%s", file);
	fails(&c, pw_transport_open(c.uri, &c.transport, &c.err), PW_ERR_EXISTS, "new file");
	ck_assert_ptr_null(c.transport);
	ck_assert_str_eq(read_file(), "precious");
	fails(&c, pw_transport_open("file:/dev/null?record=/none/there", &c.transport, &c.err),
	      PW_ERR_IO, "No such file");
}
END_TEST

START_TEST(test_a_recording_that_broke_off_is_told)
{
	cable c = {.err = PW_ERR_INIT};
	size_t n;
	must(&c, pw_transport_open("file:/dev/null", &c.transport, &c.err));
	must(&c, pw_transport_record(c.transport, file, &c.err));
	/* The recorder's descriptor is the newest one: what it writes goes nowhere. */
	int recorder = dup(0) - 1, full = open("/dev/full", O_WRONLY);
	ck_assert_int_ge(full, 0);
	ck_assert_int_eq(dup2(full, recorder), recorder);
	must(&c, pw_transport_write(c.transport, "job", 3, 0, &n, &c.err));
	ck_assert_uint_eq(n, 3);
	fails(&c, pw_transport_record_end(c.transport, &c.err), PW_ERR_IO,
	      "the recording broke off");
	must(&c, pw_transport_write(c.transport, "job", 3, 0, &n, &c.err));
	pw_transport_close(c.transport);
}
END_TEST

Suite *suite_transport_replay(void);

Suite *suite_transport_replay(void)
{
	Suite *suite = suite_create("transport_replay");
	TCase *tcase = tcase_create("transcripts");
	tcase_add_checked_fixture(tcase, make_file, remove_file);
	tcase_add_test(tcase, test_a_transcript_stands_for_the_device);
	tcase_add_test(tcase, test_a_device_that_stops_taking_is_played_too);
	tcase_add_test(tcase, test_a_device_that_goes_and_comes_is_played_too);
	tcase_add_loop_test(tcase, test_a_driver_that_does_otherwise_is_told_where, 0,
			    (int)(sizeof(off_script) / sizeof(off_script[0])));
	tcase_add_test(tcase, test_questions_have_their_place_too);
	tcase_add_test(tcase, test_a_broken_transcript_does_not_open);
	tcase_add_test(tcase, test_a_recording_has_all_that_happened);
	tcase_add_test(tcase, test_a_write_that_was_cut_short_is_recorded_so);
	tcase_add_test(tcase, test_a_recording_of_a_replay_is_the_transcript);
	tcase_add_test(tcase, test_a_recording_overwrites_nothing);
	tcase_add_test(tcase, test_a_recording_that_broke_off_is_told);
	suite_add_tcase(suite, tcase);
	return suite;
}
