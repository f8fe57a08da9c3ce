/*
 * A laboratory whose journal ends later than now: what a bench finds after its clock was set back.
 *
 *	future FILE SECONDS          begins a laboratory, as the program does, so many seconds from now
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/lab/lab.h"

int main(int argc, char **argv)
{
	static const pw_named operators[] = {{"li", "Li Na"}};
	static const pw_named sites[] = {{"gate", NULL}};
	if (argc != 3) {
		fputs("usage: future FILE SECONDS\n", stderr);
		return 2;
	}
	pw_err err = PW_ERR_INIT;
	pw_lab *lab = NULL;
	pw_clock system = pw_clock_system();
	pw_time later = pw_clock_now(&system) + strtol(argv[2], NULL, 10) * PW_SECOND;
	pw_lab_setup setup = {.name = "Tomorrow",
			      .issuer = "SZ",
			      .profile = "cn",
			      .operators = operators,
			      .operator_count = 1,
			      .sites = sites,
			      .site_count = 1,
			      .station = "future",
			      .clock = pw_clock_fixed(&later)};
	pw_status rc = pw_lab_init(argv[1], &setup, &lab, &err);
	if (rc != PW_OK)
		fprintf(stderr, "future: %s\n", err.msg);
	pw_lab_close(lab);
	return rc == PW_OK ? 0 : 1;
}
