/* usb: which device an address names, who holds it, and what happens when its cable is pulled. */
#include <stdio.h>
#include <string.h>

#include "tests/devices/usb_test.h"

/* ---- Whose it is ---- */

START_TEST(test_the_interface_is_claimed_and_given_back)
{
	usb_open(&mock_zebra);
	ck_assert_int_eq(mock_printer_counts(ut.printer).claims, 1);
	ck_assert_int_eq(mock_printer_counts(ut.printer).releases, 0);
	ck_assert_int_eq(mock_printer_counts(ut.printer).interface,
			 -1); /* one setting: none is chosen */
	pw_transport_close(ut.transport);
	ut.transport = NULL;
	ck_assert_int_eq(mock_printer_counts(ut.printer).releases, 1);
	ck_assert_int_eq(mock_printer_counts(ut.printer).given_back, 1);
}
END_TEST

START_TEST(test_the_setting_that_talks_both_ways_is_chosen)
{
	uint8_t status;
	usb_open(&mock_composite);
	ck_assert_int_eq(mock_printer_counts(ut.printer).interface, 1);
	ck_assert_int_eq(mock_printer_counts(ut.printer).setting, 1);
	ck_assert_uint_eq(usb_put("CLS", 1000), 3);
	mock_printer_say(ut.printer, "\0", 1);
	size_t n;
	must(pw_transport_read(ut.transport, &status, 1, 1000, &n, &ut.err));
	ck_assert_uint_eq(n, 1);
	must(pw_transport_port_status(ut.transport, &status, &ut.err));
	pw_str id = PW_STR_INIT;
	must(pw_transport_device_id(ut.transport, &id, &ut.err));
	ck_assert_str_eq(pw_str_text(&id), mock_composite.device_id);
	pw_str_clear(&id);
}
END_TEST

START_TEST(test_a_device_that_another_program_has_is_busy)
{
	usb_plug(&mock_zebra);
	mock_printer_claimed_elsewhere(ut.printer, true);
	fails(pw_transport_open(mock_printer_uri(ut.printer), &ut.transport, &ut.err), PW_ERR_BUSY,
	      "another program holds it: CUPS");
	usb_holder_begin("/dev/bus/usb/001/002");
	fails(pw_transport_open(mock_printer_uri(ut.printer), &ut.transport, &ut.err), PW_ERR_BUSY,
	      "held by test_mocks (process ");
	usb_holder_end();
	mock_printer_claimed_elsewhere(ut.printer, false);
	must(pw_transport_open(mock_printer_uri(ut.printer), &ut.transport, &ut.err));
}
END_TEST

START_TEST(test_a_job_that_runs_through_usblp_is_not_torn)
{
	usb_plug(&mock_zebra);
	usb_holder_begin("/dev/usb/lp0");
	fails(pw_transport_open(mock_printer_uri(ut.printer), &ut.transport, &ut.err), PW_ERR_BUSY,
	      "held by test_mocks (process ");
	ck_assert_ptr_nonnull(strstr(ut.err.msg, "through usblp"));
	ck_assert_int_eq(mock_printer_counts(ut.printer).claims, 0);
	usb_holder_end();
	must(pw_transport_open(mock_printer_uri(ut.printer), &ut.transport, &ut.err));
}
END_TEST

/* ---- Which one it is ---- */

static mock_model zebra_with(const char *serial, int socket)
{
	mock_model model = mock_zebra;
	model.serial = serial;
	model.socket = socket;
	return model;
}

START_TEST(test_two_alike_are_told_apart)
{
	mock_model a = zebra_with("AAA", 1), b = zebra_with("BBB", 2);
	usb_plug(&a);
	usb_plug(&b);
	fails(pw_transport_open("usb:0a5f:0187", &ut.transport, &ut.err), PW_ERR_ARG,
	      "2 of these are connected");
	fails(pw_transport_open("usb:0a5f:0187/CCC", &ut.transport, &ut.err), PW_ERR_NOT_FOUND,
	      "device list");
	must(pw_transport_open("usb:0A5F:0187/BBB", &ut.transport, &ut.err));
	usb_put("b", 1000);
	usb_printed("b");
	pw_transport_close(ut.transport);
	ut.transport = NULL;
	must(pw_transport_open("usb:0a5f:0187?port=1-2", &ut.transport, &ut.err));
	usb_put("b", 1000);
	usb_printed("bb");
	fails(pw_transport_open("usb:0a5f:0187/AAA?port=1-2", &ut.transport, &ut.err),
	      PW_ERR_NOT_FOUND, "device list");
}
END_TEST

START_TEST(test_the_serial_number_may_be_left_out)
{
	usb_plug(&mock_zebra);
	must(pw_transport_open("usb:0a5f:0187?interface=0", &ut.transport, &ut.err));
}
END_TEST

START_TEST(test_an_interface_that_is_no_printer_is_refused)
{
	usb_plug(&mock_composite);
	fails(pw_transport_open("usb:1203:0230?interface=0", &ut.transport, &ut.err),
	      PW_ERR_NOT_FOUND, "no such printer interface");
	must(pw_transport_open("usb:1203:0230?interface=1", &ut.transport, &ut.err));
}
END_TEST

/* ---- The cable ---- */

START_TEST(test_a_pulled_cable_is_a_device_that_is_gone)
{
	size_t n;
	char buf[8];
	usb_open(&mock_zebra);
	mock_printer_unplug(ut.printer);
	fails(pw_transport_read(ut.transport, buf, sizeof(buf), 1000, &n, &ut.err), PW_ERR_GONE,
	      "gone");
	fails(pw_transport_reopen(ut.transport, &ut.err), PW_ERR_NOT_FOUND, "device list");
	fails(pw_transport_write(ut.transport, "x", 1, 1000, &n, &ut.err), PW_ERR_GONE, "gone");
	mock_printer_plug(ut.printer);
	must(pw_transport_reopen(ut.transport, &ut.err));
	ck_assert_uint_eq(usb_put("^XA^XZ", 1000), 6);
	usb_printed("^XA^XZ");
	ck_assert_int_eq(mock_printer_counts(ut.printer).claims, 2);
}
END_TEST

START_TEST(test_what_was_taken_before_the_cable_was_pulled_is_counted)
{
	size_t n;
	uint8_t status;
	usb_open(&mock_zebra);
	mock_printer_at(ut.printer, 4, MOCK_UNPLUG);
	fails(pw_transport_write(ut.transport, "^XA^XZ", 6, 1000, &n, &ut.err), PW_ERR_GONE,
	      "gone");
	ck_assert_uint_eq(n, 4);
	usb_printed("^XA^");
	fails(pw_transport_port_status(ut.transport, &status, &ut.err), PW_ERR_GONE, "gone");
	/* Its node is still there for a moment. */
	fails(pw_transport_reopen(ut.transport, &ut.err), PW_ERR_NOT_FOUND, "unplugged");
	mock_printer_plug(ut.printer);
	must(pw_transport_reopen(ut.transport, &ut.err));
}
END_TEST

START_TEST(test_a_pulled_cable_is_noticed_by_questions)
{
	uint8_t status;
	pw_str id = PW_STR_INIT;
	usb_open(&mock_zebra);
	mock_printer_unplug(ut.printer);
	fails(pw_transport_port_status(ut.transport, &status, &ut.err), PW_ERR_GONE, "gone");
	mock_printer_plug(ut.printer);
	must(pw_transport_reopen(ut.transport, &ut.err));
	mock_printer_unplug(ut.printer);
	fails(pw_transport_device_id(ut.transport, &id, &ut.err), PW_ERR_GONE, "gone");
	mock_printer_plug(ut.printer);
	must(pw_transport_reopen(ut.transport, &ut.err));
	mock_printer_unplug(ut.printer);
	fails(pw_transport_soft_reset(ut.transport, &ut.err), PW_ERR_GONE, "gone");
}
END_TEST

/* The labels that the first one has in its memory are not the second one's. */
START_TEST(test_another_printer_in_its_place_is_not_the_same)
{
	mock_model other = zebra_with("OTHER", 5);
	usb_plug(&mock_zebra);
	mock_printer *first = ut.printer;
	must(pw_transport_open("usb:0a5f:0187", &ut.transport, &ut.err));
	mock_printer_unplug(first);
	usb_plug(&other);
	fails(pw_transport_reopen(ut.transport, &ut.err), PW_ERR_NOT_FOUND, "device list");
	mock_printer_plug(first);
	must(pw_transport_reopen(ut.transport, &ut.err));
	usb_put("mine", 1000);
	ck_assert_uint_eq(mock_printer_counts(first).taken, 4);
	usb_printed("");
}
END_TEST

START_TEST(test_a_claim_elsewhere_keeps_it_away)
{
	size_t n;
	usb_open(&mock_zebra);
	mock_printer_unplug(ut.printer);
	fails(pw_transport_write(ut.transport, "x", 1, 1000, &n, &ut.err), PW_ERR_GONE, "gone");
	mock_printer_plug(ut.printer);
	mock_printer_claimed_elsewhere(ut.printer, true);
	fails(pw_transport_reopen(ut.transport, &ut.err), PW_ERR_BUSY, "CUPS");
	mock_printer_claimed_elsewhere(ut.printer, false);
	must(pw_transport_reopen(ut.transport, &ut.err));
}
END_TEST

/* ---- A printer that is played ---- */

/* Takes three bytes at a time, says them back in capitals, and leaves at the tenth. */
typedef struct parrot {
	char heard[64];
	size_t n, said;
	int resets;
	bool away;
} parrot;

static size_t parrot_take(void *ctx, const uint8_t *bytes, size_t n)
{
	parrot *p = ctx;
	size_t taken = n < 3 ? n : 3;
	memcpy(p->heard + p->n, bytes, taken);
	p->n += taken;
	p->away = p->n >= 10;
	return taken;
}

static size_t parrot_say(void *ctx, uint8_t *buf, size_t size)
{
	parrot *p = ctx;
	size_t n = 0;
	while (n < size && p->said < p->n)
		buf[n++] = (uint8_t)(p->heard[p->said++] - 'a' + 'A');
	return n;
}

static uint8_t parrot_status(void *ctx)
{
	(void)ctx;
	return 0x30;
}

static void parrot_reset(void *ctx)
{
	((parrot *)ctx)->resets++;
}

static bool parrot_there(void *ctx)
{
	return !((parrot *)ctx)->away;
}

START_TEST(test_a_printer_can_be_played)
{
	parrot p = {.n = 0};
	size_t n;
	uint8_t status;
	usb_open(&mock_zebra);
	mock_printer_play(ut.printer, &(mock_player){parrot_take, parrot_say, parrot_status,
						     parrot_reset, parrot_there, &p});
	ck_assert_uint_eq(usb_put("abcde", 5000), 5);
	ck_assert_str_eq(usb_get(100, 1000), "ABCDE");
	must(pw_transport_port_status(ut.transport, &status, &ut.err));
	ck_assert_uint_eq(status, 0x30);
	must(pw_transport_soft_reset(ut.transport, &ut.err));
	ck_assert_int_eq(p.resets, 1);
	fails(pw_transport_write(ut.transport, "fghijklm", 8, 5000, &n, &ut.err), PW_ERR_GONE,
	      "gone");
	ck_assert_uint_eq(n, 6);
	usb_printed("abcdefghijk");
	mock_printer_follow(ut.printer);
	fails(pw_transport_reopen(ut.transport, &ut.err), PW_ERR_NOT_FOUND, "unplugged");
	p.n = p.said = 0;
	p.away = false;
	mock_printer_follow(ut.printer);
	must(pw_transport_reopen(ut.transport, &ut.err));
	ck_assert_uint_eq(usb_put("xyz", 5000), 3);
	ck_assert_str_eq(usb_get(100, 1000), "XYZ");
}
END_TEST

Suite *suite_usb_plug(void);

Suite *suite_usb_plug(void)
{
	Suite *suite = suite_create("usb_plug");
	TCase *claims = usb_case(suite, "whose it is");
	tcase_add_test(claims, test_the_interface_is_claimed_and_given_back);
	tcase_add_test(claims, test_the_setting_that_talks_both_ways_is_chosen);
	tcase_add_test(claims, test_a_device_that_another_program_has_is_busy);
	tcase_add_test(claims, test_a_job_that_runs_through_usblp_is_not_torn);
	TCase *names = usb_case(suite, "which one it is");
	tcase_add_test(names, test_two_alike_are_told_apart);
	tcase_add_test(names, test_the_serial_number_may_be_left_out);
	tcase_add_test(names, test_an_interface_that_is_no_printer_is_refused);
	TCase *cable = usb_case(suite, "the cable");
	tcase_add_test(cable, test_a_pulled_cable_is_a_device_that_is_gone);
	tcase_add_test(cable, test_what_was_taken_before_the_cable_was_pulled_is_counted);
	tcase_add_test(cable, test_a_pulled_cable_is_noticed_by_questions);
	tcase_add_test(cable, test_another_printer_in_its_place_is_not_the_same);
	tcase_add_test(cable, test_a_claim_elsewhere_keeps_it_away);
	TCase *played = usb_case(suite, "played");
	tcase_add_test(played, test_a_printer_can_be_played);
	return suite;
}
