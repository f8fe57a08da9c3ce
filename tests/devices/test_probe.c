/* `poolwell device probe` as it is run by a person, on a mocked USB printer at whose end is a simulator. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/devices/usb_brain.h"
#include "tests/devices/usb_test.h"

/* What it prints, and its exit code. */
static const char *probe(const char *options, int *out_code)
{
	static char text[4096];
	char command[768];
	snprintf(command, sizeof(command), "'" PW_PROGRAM "' device probe '%s' %s 2>&1",
		 mock_printer_uri(ut.printer), options);
	FILE *f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	int status = pclose(f);
	ck_assert(WIFEXITED(status));
	*out_code = WEXITSTATUS(status);
	return text;
}

static void has(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "no '%s' in '%s'", part, text);
}

static void plug_zpl(usb_brain *brain)
{
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	const pw_sim_hooks hooks = {NULL, NULL, NULL};
	opts.language = "zpl";
	must(pw_sim_new(&opts, &hooks, &brain->sim, &ut.err));
	usb_plug(&mock_zebra);
	brain->printer = ut.printer;
	brain->haste = 1;
	pw_rng_init(&brain->rng, 1);
	usb_brain_begin(brain);
}

START_TEST(test_the_program_asks_how_a_printer_is)
{
	int code;
	usb_brain brain = {.printer = NULL};
	plug_zpl(&brain);
	const char *text = probe("--json", &code);
	ck_assert_msg(code == 0, "%s", text);
	has(text, "\"language\": \"zpl\"");
	has(text, "\"state\": \"ready\"");
	has(text, "\"faults\": []");
	has(probe("", &code), "Zebra Technologies");
	usb_brain_lock(&brain);
	must(pw_sim_do(brain.sim, "paper out", &ut.err));
	usb_brain_unlock(&brain);
	text = probe("--json", &code);
	ck_assert_msg(code == 3, "%s", text);
	has(text, "\"paper-out\"");
	has(text, "warning: out of labels: load a roll");
	usb_brain_end(&brain);
	pw_sim_free(brain.sim);
}
END_TEST

Suite *suite_probe(void);

Suite *suite_probe(void)
{
	Suite *suite = suite_create("probe");
	tcase_add_test(usb_case(suite, "asking"), test_the_program_asks_how_a_printer_is);
	return suite;
}
