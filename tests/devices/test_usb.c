/* usb: bytes to and from a printer, and what it is asked. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "tests/devices/usb_test.h"

/* ---- Bytes ---- */

START_TEST(test_bytes_go_and_come)
{
	usb_open(&mock_zebra);
	ck_assert_uint_eq(usb_put("~HS", 1000), 3);
	must(pw_transport_drain(ut.transport, 0, &ut.err));
	usb_printed("~HS");
	mock_printer_say(ut.printer, "\002030,0\003", 7);
	ck_assert_str_eq(usb_get(100, 1000), "\002030,0\003");
	ck_assert_int_eq(pw_transport_fd(ut.transport), -1);
}
END_TEST

START_TEST(test_a_printer_that_says_nothing_is_silence)
{
	usb_open(&mock_zebra);
	ck_assert_str_eq(usb_get(100, 0), "");
	ck_assert_str_eq(usb_get(100, 20), "");
	mock_printer_nod(ut.printer, true);
	ck_assert_str_eq(usb_get(100, 20), "");
	mock_printer_say(ut.printer, "late", 4);
	ck_assert_str_eq(usb_get(100, 1000), "late");
}
END_TEST

/* A packet is 64 bytes: a buffer of any size gets all of it, in order, and none of it twice. */
START_TEST(test_an_answer_can_be_read_in_any_pieces)
{
	char answer[200], got[200];
	size_t total = 0, n;
	usb_open(&mock_zebra);
	for (size_t i = 0; i < sizeof(answer); i++)
		answer[i] = (char)(i * 3);
	mock_printer_say(ut.printer, answer, sizeof(answer));
	for (size_t size = 1; total < sizeof(answer); size = size * 3 % 100) {
		size_t room = sizeof(got) - total < size ? sizeof(got) - total : size;
		must(pw_transport_read(ut.transport, got + total, room, 1000, &n, &ut.err));
		ck_assert_uint_gt(n, 0);
		total += n;
	}
	ck_assert_mem_eq(got, answer, sizeof(answer));
	ck_assert_str_eq(usb_get(100, 10), "");
}
END_TEST

/* Two full packets: nothing says that the answer ends there, and still it is there at once. */
START_TEST(test_a_full_packet_does_not_wait_for_the_next)
{
	char answer[128];
	size_t n;
	usb_open(&mock_zebra);
	memset(answer, 'x', sizeof(answer));
	mock_printer_say(ut.printer, answer, sizeof(answer));
	must(pw_transport_read(ut.transport, answer, sizeof(answer), 50000, &n, &ut.err));
	ck_assert_uint_eq(n, 64);
	must(pw_transport_read(ut.transport, answer, sizeof(answer), 50000, &n, &ut.err));
	ck_assert_uint_eq(n, 64);
}
END_TEST

START_TEST(test_a_printer_without_a_way_back_is_silent_at_once)
{
	mock_model deaf = mock_zebra;
	deaf.both_ways = false;
	usb_open(&deaf);
	ck_assert(pw_transport_is_mute(ut.transport));
	ck_assert_str_eq(usb_get(100, 50000), "");
	ck_assert_uint_eq(usb_put("^XA^XZ", 1000), 6);
}
END_TEST

/* As much as the printer takes, on a computer however busy. */
static size_t put_until_it_stops(const char *text)
{
	size_t total = 0, n;
	do {
		n = usb_put(text + total, 50);
		total += n;
	} while (n > 0 && text[total] != '\0');
	return total;
}

START_TEST(test_out_of_paper_ends_the_write_and_is_counted)
{
	char *job = pw_alloc(5001);
	usb_open(&mock_zebra);
	for (int i = 0; i < 5000; i++)
		job[i] = (char)('a' + i % 26);
	mock_printer_take(ut.printer, 1000);
	ck_assert_uint_eq(put_until_it_stops(job), 1000);
	ck_assert_uint_eq(usb_put(job + 1000, 0), 0);
	mock_printer_take(ut.printer, 1);
	ck_assert_uint_eq(put_until_it_stops(job + 1000), 1);
	mock_printer_take(ut.printer, SIZE_MAX);
	ck_assert_uint_eq(put_until_it_stops(job + 1001), 3999);
	usb_printed(job);
	pw_free(job);
}
END_TEST

START_TEST(test_a_large_job_goes_through)
{
	size_t size = 300000;
	char *job = pw_alloc(size + 1);
	usb_open(&mock_zebra);
	memset(job, 'A', size);
	ck_assert_uint_eq(usb_put(job, 20000), size);
	ck_assert_uint_eq(mock_printer_counts(ut.printer).taken, size);
	pw_free(job);
}
END_TEST

START_TEST(test_a_stall_is_cleared_and_ends_the_write)
{
	usb_open(&mock_zebra);
	mock_printer_at(ut.printer, 4, MOCK_STALL);
	ck_assert_uint_eq(usb_put("^XA^FDx^XZ", 1000), 4);
	ck_assert_int_eq(mock_printer_counts(ut.printer).halts_cleared, 1);
	ck_assert_uint_eq(usb_put("FDx^XZ", 1000), 6);
	usb_printed("^XA^FDx^XZ");
}
END_TEST

START_TEST(test_a_stall_on_the_way_back_is_silence)
{
	usb_open(&mock_zebra);
	mock_printer_at(ut.printer, 0, MOCK_STALL_IN);
	mock_printer_say(ut.printer, "ready", 5);
	ck_assert_str_eq(usb_get(100, 1000), "");
	ck_assert_int_eq(mock_printer_counts(ut.printer).halts_cleared, 1);
	ck_assert_str_eq(usb_get(100, 1000), "ready");
}
END_TEST

START_TEST(test_a_bad_cable_is_no_missing_device)
{
	size_t n;
	usb_open(&mock_zebra);
	mock_printer_at(ut.printer, 3, MOCK_IO_ERROR);
	fails(pw_transport_write(ut.transport, "^XA^XZ", 6, 1000, &n, &ut.err), PW_ERR_IO,
	      mock_printer_uri(ut.printer));
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(usb_put("^XZ", 1000), 3);
	usb_printed("^XA^XZ");
}
END_TEST

/*
 * A job, whatever happens on its way but for the cable: stops, stalls, errors and short transfers at random places. Who
 * goes on behind what was counted has given the printer the job, once.
 */
START_TEST(test_going_on_behind_what_was_counted_gives_the_job_once)
{
	pw_rng rng;
	size_t size, at = 0, n;
	pw_rng_init(&rng, (uint64_t)_i + 1);
	size = 1 + (size_t)pw_rng_below(&rng, 60000);
	char *job = pw_alloc(size + 1);
	usb_open(&mock_zebra);
	for (size_t i = 0; i < size; i++)
		job[i] = (char)(1 + pw_rng_below(&rng, 255));
	for (int i = 0; i < 12; i++) {
		static const mock_fault faults[] = {MOCK_STOP, MOCK_STALL, MOCK_IO_ERROR};
		mock_printer_at(ut.printer, (size_t)pw_rng_below(&rng, size),
				faults[pw_rng_below(&rng, 3)]);
	}
	if (pw_rng_chance(&rng, 0.3))
		mock_printer_bite(ut.printer, 1 + (size_t)pw_rng_below(&rng, 5000));
	for (int idle = 0; at < size && idle < 1000;) {
		size_t piece = 1 + (size_t)pw_rng_below(&rng, size - at);
		pw_status rc = pw_transport_write(ut.transport, job + at, piece, 5, &n, &ut.err);
		ck_assert_msg(rc == PW_OK || rc == PW_ERR_IO, "%s", ut.err.msg);
		at += n;
		idle = n == 0 ? idle + 1 : 0;
		if (n < piece)
			mock_printer_take(ut.printer, SIZE_MAX);
	}
	ck_assert_uint_eq(at, size);
	usb_printed(job);
	pw_free(job);
}
END_TEST

/* ---- The printer class ---- */

static const struct {
	int claimed_length;
	bool reversed;
	const char *id, *expected;
} ids[] = {
	{0, false, "MFG:Zebra;MDL:ZD421;CMD:ZPL;", "MFG:Zebra;MDL:ZD421;CMD:ZPL;"},
	{0, true, "MFG:Zebra;MDL:ZD421;CMD:ZPL;", "MFG:Zebra;MDL:ZD421;CMD:ZPL;"},
	{28, false, "MFG:Zebra;MDL:ZD421;CMD:ZPL;", "MFG:Zebra;MDL:ZD421;CMD:ZPL;"},
	{29, false, "MFG:Zebra;MDL:ZD421;CMD:ZPL;", "MFG:Zebra;MDL:ZD421;CMD:ZPL;"},
	{1000, false, "MFG:Zebra;MDL:ZD421;CMD:ZPL;", "MFG:Zebra;MDL:ZD421;CMD:ZPL;"},
	{24, false, "MFG:Zebra;MDL:ZD421;\1\2CMD", "MFG:Zebra;MDL:ZD421;"},
	{0, false, "MFG:A;\x1b\x7fMDL:B;\r\n", "MFG:A;MDL:B;"},
	{0, false, "", ""},
};

START_TEST(test_the_device_id_is_read_whatever_length_it_claims)
{
	mock_model model = mock_zebra;
	pw_str id = PW_STR_INIT;
	model.device_id = ids[_i].id;
	model.id_length = ids[_i].claimed_length;
	model.id_reversed = ids[_i].reversed;
	usb_open(&model);
	pw_str_add(&id, "id: ");
	must(pw_transport_device_id(ut.transport, &id, &ut.err));
	ck_assert_str_eq(pw_str_text(&id) + 4, ids[_i].expected);
	pw_str_clear(&id);
}
END_TEST

START_TEST(test_a_refused_question_is_not_found)
{
	mock_model model = mock_zebra;
	pw_str id = PW_STR_INIT;
	uint8_t status;
	model.device_id = NULL;
	usb_open(&model);
	mock_printer_port_status(ut.printer, -1);
	fails(pw_transport_device_id(ut.transport, &id, &ut.err), PW_ERR_NOT_FOUND, "no device id");
	fails(pw_transport_port_status(ut.transport, &status, &ut.err), PW_ERR_NOT_FOUND,
	      "no port status");
	ck_assert_uint_eq(usb_put("^XA^XZ", 1000), 6);
	pw_str_clear(&id);
}
END_TEST

START_TEST(test_the_port_status_is_as_the_printer_says)
{
	static const int all[] = {0x18, 0x30, 0x10, 0x00};
	uint8_t status;
	usb_open(&mock_zebra);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		mock_printer_port_status(ut.printer, all[i]);
		must(pw_transport_port_status(ut.transport, &status, &ut.err));
		ck_assert_uint_eq(status, (unsigned)all[i]);
	}
}
END_TEST

START_TEST(test_a_soft_reset_forgets_what_was_said)
{
	usb_open(&mock_zebra);
	mock_printer_say(ut.printer, "stale answer", 12);
	ck_assert_str_eq(usb_get(5, 1000), "stale");
	must(pw_transport_soft_reset(ut.transport, &ut.err));
	ck_assert_int_eq(mock_printer_counts(ut.printer).resets, 1);
	ck_assert_str_eq(usb_get(100, 20), "");
}
END_TEST

START_TEST(test_printers_of_the_first_standard_are_reset_too)
{
	mock_model model = mock_zebra;
	model.old_reset = true;
	usb_open(&model);
	must(pw_transport_soft_reset(ut.transport, &ut.err));
	ck_assert_int_eq(mock_printer_counts(ut.printer).refused_resets, 1);
	ck_assert_int_eq(mock_printer_counts(ut.printer).resets, 1);
}
END_TEST

Suite *suite_usb(void);

Suite *suite_usb(void)
{
	Suite *suite = suite_create("usb");
	TCase *bytes = usb_case(suite, "bytes");
	tcase_add_test(bytes, test_bytes_go_and_come);
	tcase_add_test(bytes, test_a_printer_that_says_nothing_is_silence);
	tcase_add_test(bytes, test_an_answer_can_be_read_in_any_pieces);
	tcase_add_test(bytes, test_a_full_packet_does_not_wait_for_the_next);
	tcase_add_test(bytes, test_a_printer_without_a_way_back_is_silent_at_once);
	tcase_add_test(bytes, test_out_of_paper_ends_the_write_and_is_counted);
	tcase_add_test(bytes, test_a_large_job_goes_through);
	tcase_add_test(bytes, test_a_stall_is_cleared_and_ends_the_write);
	tcase_add_test(bytes, test_a_stall_on_the_way_back_is_silence);
	tcase_add_test(bytes, test_a_bad_cable_is_no_missing_device);
	tcase_add_loop_test(bytes, test_going_on_behind_what_was_counted_gives_the_job_once, 0, 40);
	TCase *questions = usb_case(suite, "the printer class");
	tcase_add_loop_test(questions, test_the_device_id_is_read_whatever_length_it_claims, 0,
			    (int)(sizeof(ids) / sizeof(ids[0])));
	tcase_add_test(questions, test_a_refused_question_is_not_found);
	tcase_add_test(questions, test_the_port_status_is_as_the_printer_says);
	tcase_add_test(questions, test_a_soft_reset_forgets_what_was_said);
	tcase_add_test(questions, test_printers_of_the_first_standard_are_reset_too);
	return suite;
}
