/* Killed while labels are reserved, queued and printed: into a file; for printers see print.sh. */
#include <stdio.h>

#include "tests/cli/kill.h"

#define LABELS 96 /* two sheets */

#define ORDER \
	WORDS("label", "print", "--tubes", "96", "--printer", "office", "--template", "a4-tubes")

static int64_t labels_that_are(const char *state)
{
	return kill_ask("SELECT count(*) FROM label WHERE state = '%s'", state);
}

/* All numbers of an order are there or none; none waits that may have left; the rest is printed afterwards. */
static void kill_labels(uint64_t duration)
{
	remove("labels.pdf");
	kill_command("people.db", ORDER, duration);
	int64_t whole = kill_ask("SELECT count(*) FROM label_batch");
	kill_same("the number of labels", whole * LABELS, kill_ask("SELECT count(*) FROM label"));
	kill_same("the number of different ones", whole * LABELS,
		  kill_ask("SELECT count(DISTINCT id) FROM label"));
	int64_t doubtful = labels_that_are("sent");
	int code = process_run(WORDS("label", "resume"));
	if (code != 0 && code != 3)
		process_stop("round %d: label resume: exit %d", kill_round, code);
	kill_prove();
	kill_same("the number of labels in doubt", doubtful, labels_that_are("unconfirmed"));
	kill_same("the number of the others", whole * LABELS - doubtful,
		  labels_that_are("confirmed"));
	kill_must_run(ORDER);
	kill_same("the number of different labels after all", (whole + 1) * LABELS,
		  kill_ask("SELECT count(DISTINCT id) FROM label"));
}

const kill_work kill_label_works[] = {
	{"labels", "people.db", ORDER, kill_labels},
	{NULL, NULL, NULL, NULL},
};
