/* What is connected, and that each address opens the device that it stands for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/transport/devices.h"
#include "tests/devices/mock_port.h"
#include "tests/devices/usb_test.h"

static pw_arena arena;
static pw_device *list;
static size_t count;

static void look(void)
{
	pw_arena_clear(&arena);
	must(pw_device_list(&arena, &list, &count, &ut.err));
}

START_TEST(test_nothing_connected_is_an_empty_list)
{
	look();
	ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(test_a_printer_says_who_it_is)
{
	usb_plug(&mock_zebra);
	look();
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(list->kind, PW_DEVICE_USB_PRINTER);
	ck_assert_str_eq(pw_device_kind_name(list->kind), "usb-printer");
	ck_assert_str_eq(list->uri, "usb:0a5f:0187/D2J204700001");
	ck_assert_str_eq(list->maker, "Zebra Technologies");
	ck_assert_str_eq(list->model, "ZTC ZD421-300dpi ZPL");
	ck_assert_str_eq(list->serial, "D2J204700001");
	ck_assert_int_eq(list->vendor, 0x0a5f);
	ck_assert_int_eq(list->product, 0x0187);
	ck_assert_str_eq(list->node, "/dev/bus/usb/001/002");
	ck_assert_str_eq(list->device_id, mock_zebra.device_id);
	ck_assert_str_eq(list->driver, "usblp");
	ck_assert_str_eq(list->trouble, "");
	ck_assert_int_eq(mock_printer_counts(ut.printer).claims, 0);
}
END_TEST

START_TEST(test_a_printer_that_others_use_is_listed_too)
{
	usb_plug(&mock_zebra);
	mock_printer_claimed_elsewhere(ut.printer, true);
	look();
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(list->device_id, mock_zebra.device_id);
}
END_TEST

START_TEST(test_without_a_device_id_the_names_are_those_of_usb)
{
	mock_model model = mock_zebra;
	model.device_id = NULL;
	usb_plug(&model);
	look();
	ck_assert_str_eq(list->device_id, "");
	ck_assert_str_eq(list->trouble, "");
	ck_assert_str_eq(list->maker, "Zebra Technologies");
	ck_assert_str_eq(list->model, "ZTC ZD421-300dpi ZPL");
}
END_TEST

START_TEST(test_what_is_no_printer_is_not_listed)
{
	mock_port_new(ut.bus, 7, "A9");
	usb_plug(&mock_composite);
	look();
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(list[0].uri, "usb:1203:0230?port=1-2");
	ck_assert_str_eq(list[0].driver, "");
	ck_assert_str_eq(list[1].uri, "serial:/dev/ttyUSB7");
}
END_TEST

START_TEST(test_ports_are_listed_in_the_order_of_people)
{
	static const int numbers[] = {10, 2, 1};
	for (int i = 0; i < 3; i++)
		mock_port_new(ut.bus, numbers[i], "A9");
	usb_plug(&mock_zebra);
	look();
	ck_assert_uint_eq(count, 4);
	ck_assert_int_eq(list[0].kind, PW_DEVICE_USB_PRINTER);
	ck_assert_str_eq(list[1].node, "/dev/ttyUSB1");
	ck_assert_str_eq(list[2].node, "/dev/ttyUSB2");
	ck_assert_str_eq(list[3].node, "/dev/ttyUSB10");
	ck_assert_str_eq(list[1].uri, "serial:/dev/ttyUSB1");
	ck_assert_str_eq(list[1].maker, "FTDI");
	ck_assert_str_eq(list[1].model, "FT232R USB UART");
	ck_assert_str_eq(list[1].serial, "A9");
	ck_assert_int_eq(list[1].vendor, 0x0403);
	ck_assert_str_ne(list[1].description, "");
}
END_TEST

START_TEST(test_a_port_has_the_address_that_survives_unplugging)
{
	mock_port_link(mock_port_new(ut.bus, 7, "A9"), "usb-FTDI_FT232R_A9-if00-port0");
	mock_port_new(ut.bus, 8, "A8");
	look();
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(list[0].uri, "serial:/dev/serial/by-id/usb-FTDI_FT232R_A9-if00-port0");
	ck_assert_str_eq(list[0].node, "/dev/ttyUSB7");
	ck_assert_str_eq(list[1].uri, "serial:/dev/ttyUSB8");
}
END_TEST

/* Serial numbers as devices have them, doubled and missing ones among them. */
static const struct {
	const char *a, *b;
} serials[] = {
	{"AAA", "BBB"},
	{"AAA", "AAA"},
	{NULL, NULL},
	{NULL, "AAA"},
	{"A/B?C&D=E%F#G", "A/B"},
	{"000 000", "000000"},
	{"\xe5\xba\x8f\xe5\x8f\xb7\xef\xbc\x9a"
	 "1",
	 "'\"\\"},
	{"?port=1-2", "%41"},
};

START_TEST(test_every_address_opens_the_device_that_it_stands_for)
{
	mock_printer *printers[2];
	mock_model model = mock_zebra;
	model.socket = 1;
	model.serial = serials[_i].a;
	printers[0] = mock_printer_new(ut.bus, &model);
	model.socket = 2;
	model.serial = serials[_i].b;
	printers[1] = mock_printer_new(ut.bus, &model);
	look();
	ck_assert_uint_eq(count, 2);
	ck_assert_str_ne(list[0].uri, list[1].uri);
	for (size_t i = 0; i < 2; i++) {
		size_t n, before[2];
		for (int k = 0; k < 2; k++)
			before[k] = mock_printer_counts(printers[k]).taken;
		must(pw_transport_open(list[i].uri, &ut.transport, &ut.err));
		must(pw_transport_write(ut.transport, "x", 1, 1000, &n, &ut.err));
		pw_transport_close(ut.transport);
		ut.transport = NULL;
		/* The node tells which of the two it is. */
		int which = strcmp(list[i].node, "/dev/bus/usb/001/002") == 0 ? 0 : 1;
		ck_assert_uint_eq(mock_printer_counts(printers[which]).taken, before[which] + 1);
		ck_assert_uint_eq(mock_printer_counts(printers[1 - which]).taken,
				  before[1 - which]);
	}
}
END_TEST

START_TEST(test_texts_of_devices_are_harmless)
{
	mock_model model = mock_zebra;
	model.device_id = "MFG:\xc9\xe8;MDL:a\x1b[31mb;CMD:ZPL;";
	usb_plug(&model);
	look();
	ck_assert_str_eq(list->model, "a[31mb");
	ck_assert_str_eq(list->maker, "\xe8\xae\xbe"); /* it was GBK */
}
END_TEST

/* Everything that the program prints, which must succeed. */
static const char *program(const char *arguments)
{
	static char text[8192];
	char command[512];
	snprintf(command, sizeof(command), "'" PW_PROGRAM "' %s 2>&1", arguments);
	FILE *f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	ck_assert_int_eq(pclose(f), 0);
	return text;
}

static void has(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "no '%s' in '%s'", part, text);
}

START_TEST(test_the_program_shows_them)
{
	usb_plug(&mock_zebra);
	usb_plug(&mock_composite);
	mock_port_new(ut.bus, 7, "A9");
	const char *text = program("device list");
	has(text, "usb:0a5f:0187/D2J204700001  Zebra Technologies ZTC ZD421-300dpi ZPL  zpl");
	has(text, "usb:1203:0230?port=1-2      TSC TE210                                tspl");
	has(text, "serial:/dev/ttyUSB7         FTDI FT232R USB UART");
	has(text, "3 devices");
	text = program("device list --json");
	has(text, "\"uri\": \"usb:0a5f:0187/D2J204700001\"");
	has(text, "\"language\": \"zpl\"");
	has(text, "\"commands\": \"TSPL2\"");
	has(text, "\"driver\": \"usblp\"");
	has(text, "\"kind\": \"serial-port\"");
	has(text, "\"vendor_id\": \"0a5f\"");
	has(text, "\"device_id\": \"MFG:TSC;MDL:TE210;CMD:TSPL2;\"");
}
END_TEST

START_TEST(test_the_program_shows_that_there_is_nothing)
{
	has(program("device list"), "no devices");
	has(program("device list --json"), "[]");
}
END_TEST

static void forget(void)
{
	pw_arena_clear(&arena);
}

Suite *suite_list(void);

Suite *suite_list(void)
{
	Suite *suite = suite_create("list");
	TCase *tcase = usb_case(suite, "what is connected");
	tcase_add_checked_fixture(tcase, NULL, forget);
	tcase_add_test(tcase, test_nothing_connected_is_an_empty_list);
	tcase_add_test(tcase, test_a_printer_says_who_it_is);
	tcase_add_test(tcase, test_a_printer_that_others_use_is_listed_too);
	tcase_add_test(tcase, test_without_a_device_id_the_names_are_those_of_usb);
	tcase_add_test(tcase, test_what_is_no_printer_is_not_listed);
	tcase_add_test(tcase, test_ports_are_listed_in_the_order_of_people);
	tcase_add_test(tcase, test_a_port_has_the_address_that_survives_unplugging);
	tcase_add_loop_test(tcase, test_every_address_opens_the_device_that_it_stands_for, 0,
			    (int)(sizeof(serials) / sizeof(serials[0])));
	tcase_add_test(tcase, test_texts_of_devices_are_harmless);
	tcase_add_test(tcase, test_the_program_shows_them);
	tcase_add_test(tcase, test_the_program_shows_that_there_is_nothing);
	return suite;
}
