/* IEEE 1284 device ids as printers send them. */
#include <check.h>
#include <string.h>

#include "devices/transport/device_id.h"

static void same(pw_slice got, const char *expected)
{
	ck_assert_msg(got.len == strlen(expected) && memcmp(got.ptr, expected, got.len) == 0,
		      "'%.*s', not '%s'", (int)got.len, got.ptr, expected);
}

static const struct {
	const char *text, *maker, *model, *languages, *serial;
} ids[] = {
	{"MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD421-300dpi ZPL;CLS:PRINTER;OPT:XR06C;",
	 "Zebra Technologies", "ZTC ZD421-300dpi ZPL", "ZPL", ""},
	{"MANUFACTURER:TSC;COMMAND SET:TSPL;MODEL:TE210;SERN:A1", "TSC", "TE210", "TSPL", "A1"},
	{"mfg:Brother;mdl:QL-820NWB;cmd:PT-CBP;sn:E7Z", "Brother", "QL-820NWB", "PT-CBP", "E7Z"},
	{" MFG : A : B ; MDL:", "A : B", "", "", ""},
	{"MFG:;MANUFACTURER:Late;", "Late", "", "", ""},
	{"MFG:first;MFG:second;", "first", "", "", ""},
	{";;;:;:x;MFG;=", "", "", "", ""},
	{"", "", "", "", ""},
};

START_TEST(test_keys_are_found_in_every_form)
{
	pw_device_id id = pw_device_id_parse(ids[_i].text, strlen(ids[_i].text));
	same(id.maker, ids[_i].maker);
	same(id.model, ids[_i].model);
	same(id.languages, ids[_i].languages);
	same(id.serial, ids[_i].serial);
}
END_TEST

START_TEST(test_languages_are_whole_words)
{
	pw_slice value = pw_slice_of("EPL,ZPL; TSPL2/PCL-3");
	ck_assert(pw_device_id_has(value, "EPL"));
	ck_assert(pw_device_id_has(value, "zpl"));
	ck_assert(pw_device_id_has(value, "TSPL2"));
	ck_assert(pw_device_id_has(value, "PCL-3"));
	ck_assert(!pw_device_id_has(value, "TSPL"));
	ck_assert(!pw_device_id_has(value, "PL"));
	ck_assert(!pw_device_id_has(value, ""));
	ck_assert(!pw_device_id_has(pw_slice_of(""), "ZPL"));
}
END_TEST

/* "MFG:Z;MDL:Y;" is 12 characters: a right length is 14. */
static const struct {
	const char *what, *answer;
	size_t n;
	const char *id;
} answers[] = {
	{"right", "\0\016MFG:Z;MDL:Y;", 14, "MFG:Z;MDL:Y;"},
	{"right, and padded", "\0\016MFG:Z;MDL:Y;\0\0\0\0", 18, "MFG:Z;MDL:Y;"},
	{"the smaller first", "\016\0MFG:Z;MDL:Y;", 14, "MFG:Z;MDL:Y;"},
	{"the smaller first, and padded", "\016\0MFG:Z;MDL:Y;xxxx", 18, "MFG:Z;MDL:Y;"},
	{"without counting itself", "\0\014MFG:Z;MDL:Y;", 14, "MFG:Z;MDL:Y;"},
	{"one short, and so sent", "\0\015MFG:Z;MDL:Y;", 13, "MFG:Z;MDL:Y"},
	{"promises more", "\0\100MFG:Z;MDL:Y;", 14, "MFG:Z;MDL:Y;"},
	{"promises much more", "\2\0MFG:Z;MDL:Y;", 14, "MFG:Z;MDL:Y;"},
	{"says nothing", "\0\0MFG:Z;MDL:Y;", 14, "MFG:Z;MDL:Y;"},
	{"empty", "\0\2", 2, ""},
	{"half a length", "\0", 1, ""},
	{"nothing", "", 0, ""},
};

START_TEST(test_wrong_lengths_are_seen_through)
{
	uint8_t *exact = malloc(answers[_i].n > 0 ? answers[_i].n : 1);
	memcpy(exact, answers[_i].answer, answers[_i].n);
	same(pw_device_id_strip(exact, answers[_i].n), answers[_i].id);
	free(exact);
}
END_TEST

Suite *suite_device_id(void);

Suite *suite_device_id(void)
{
	Suite *suite = suite_create("device_id");
	TCase *tcase = tcase_create("device ids");
	tcase_add_loop_test(tcase, test_keys_are_found_in_every_form, 0,
			    (int)(sizeof(ids) / sizeof(ids[0])));
	tcase_add_test(tcase, test_languages_are_whole_words);
	tcase_add_loop_test(tcase, test_wrong_lengths_are_seen_through, 0,
			    (int)(sizeof(answers) / sizeof(answers[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
