#include "cli/cli.h"
#include "cli/open.h"

int main(int argc, char **argv)
{
	pw_cli cli = pw_cli_standard();
	cli.lab_open = pw_open_lab;
	cli.lab_close = pw_close_lab;
	return pw_cli_main(&cli, argc, argv);
}
