/* `poolwell label …`: what labels there are, made into pictures and printers' jobs, checked, printed and accounted
 * for. The verbs are in the files that cli/label_verbs.h names. */
#include "cli/label_verbs.h"

static const char *const templates_examples[] = {"poolwell label templates",
						 "poolwell label templates --json", NULL};
static const char *const render_examples[] = {
	"poolwell label render --template tube-13x75 --set id=SZT00000124M --set name='Li Na' --out "
	"tube.png",
	"poolwell label render -t plate -s id=SZQ00000041A --dpi 203 --format zpl --out plate.zpl",
	"poolwell label render -t a4-tubes -s id=SZT00000124M -s id=SZT00000125K -f pdf -o sheet.pdf",
	NULL,
};
static const char *const preview_examples[] = {
	"poolwell label preview -t tube-13x75",
	"poolwell label preview -t ./our-tube.yaml -s id=SZT00000124M --open --format pdf",
	NULL,
};
static const char *const check_examples[] = {"poolwell label check our-tube.yaml --dpi 203", NULL};

static const char *const resume_examples[] = {
	"poolwell label resume --printer bench --lab city.db --as li",
	"poolwell label resume --printer bench --on desk --lab city.db --as li", NULL};
static const char *const queue_examples[] = {"poolwell label queue --lab city.db", NULL};
static const char *const settle_examples[] = {
	"poolwell label settle SZT00000124M --lab city.db --as li",
	"poolwell label settle --none 17 --lab city.db --as li", NULL};
static const char *const reserve_examples[] = {
	"poolwell label reserve tube 2000 --site gate --csv --lab city.db --as li", NULL};
static const char *const apply_examples[] = {
	"poolwell label apply SZT00000124M --lab city.db --as li",
	"poolwell label apply --lab city.db --as li < scans.txt", NULL};
static const char *const void_examples[] = {
	"poolwell label void SZT00000124M --reason torn --lab city.db --as li",
	"poolwell label void SZT00000124M --to SZT00000223M --reason 'roll lost' --lab city.db --as "
	"li",
	NULL};
static const char *const reprint_examples[] = {
	"poolwell label reprint SZT00000124M --reason smeared --lab city.db --as li", NULL};
static const char *const list_examples[] = {"poolwell label list --state unconfirmed --lab city.db",
					    "poolwell label list SZT00000124M --lab city.db", NULL};
static const char *const gaps_examples[] = {"poolwell label gaps tube --unused --lab city.db",
					    NULL};

const pw_cmd pw_cmds_label[] = {
	{
		.name = "label templates",
		.summary = "the labels there are, their sizes and fields",
		.details =
			"A field with a star must be set. docs/reference/labels.md says how to write "
			"a label of your own.",
		.examples = templates_examples,
		.flags = PW_CMD_JSON,
		.run = pw_label_templates_verb,
	},
	{
		.name = "label render",
		.summary = "a label as a picture, or as the bytes that print it",
		.details =
			"PNG, and the languages of printers, have the very dots that a printer burns; SVG "
			"and PDF show the same. What the linter refuses is not made: a symbol too dense "
			"for the printer, a quiet zone too small, a text that does not fit, a character "
			"that no font has.\n\n"
			"On a sheet of labels a field that is set once more begins the next label, which "
			"keeps what the one before it had; a PDF has as many sheets as that takes.\n\n"
			"Brother QL and Dymo LabelWriter printers have 300 dpi, P-touch printers 180 or 360. "
			"'brother' is a QL for tapes to 62 mm, 'brother-wide' one for 102 mm.\n\n"
			"--native leaves Code 128 and Data Matrix to a Zebra printer, where it can't make them "
			"larger than their place; other symbols and all texts stay dots.",
		.examples = render_examples,
		.opts = pw_label_render_opts,
		.run = pw_label_render_verb,
	},
	{
		.name = "label preview",
		.summary = "a label on the screen",
		.details =
			"Draws the label in the terminal, in shades of grey where that has them, or with --open in "
			"the desktop's viewer. When nothing is set the fields say their examples. What the linter "
			"refuses is shown all the same, and then why; that exits 3. Of sheets the first is shown.",
		.examples = preview_examples,
		.opts = pw_label_preview_opts,
		.run = pw_label_preview_verb,
	},
	{
		.name = "label check",
		.args = "FILE",
		.min_args = 1,
		.max_args = 1,
		.summary = "whether a label can be printed, and read by scanners and people",
		.details =
			"Fills the template with the examples of its fields and lints it for printers of "
			"203, 300 and 600 dpi. Exits 3 when something is wrong, and says on which line.",
		.examples = check_examples,
		.opts = pw_label_check_opts,
		.run = pw_label_check_verb,
	},
	{
		.name = "label print",
		.summary = "print labels, and account for each of them",
		.details = pw_label_print_details,
		.examples = pw_label_print_examples,
		.opts = pw_label_print_opts,
		.flags = PW_CMD_WRITE | PW_CMD_JSON,
		.run = pw_label_print_verb,
	},
	{
		.name = "label resume",
		.summary = "print on from the first label that waits",
		.details =
			"Prints what waits for a printer, batch by batch. Labels of a run that was broken "
			"off (a kill, a power cut) may have come out, and are not printed again: they are "
			"unconfirmed until they are scanned, voided, or settled with 'label settle'. To keep "
			"the order, settle first.",
		.examples = resume_examples,
		.opts = pw_label_resume_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE | PW_CMD_JSON,
		.run = pw_label_resume_verb,
	},
	{
		.name = "label queue",
		.summary = "what waits for a printer, and why",
		.details =
			"Lists the batches of which labels wait, or of which nobody knows whether "
			"some came out.",
		.examples = queue_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = pw_label_queue_verb,
	},
	{
		.name = "label settle",
		.args = "[LAST]",
		.min_args = 0,
		.max_args = 1,
		.summary = "say which labels of a run came out",
		.details =
			"After a run that was broken off, or with a printer that can't tell: scan the last "
			"label that came out. Those before it in the same run are confirmed by your word; "
			"those that were sent after it wait again, and 'label resume' prints them. Wait "
			"until the printer stands still before you look.",
		.examples = settle_examples,
		.opts = pw_label_settle_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = pw_label_settle_verb,
	},
	{
		.name = "label reserve",
		.args = "THING COUNT",
		.min_args = 2,
		.max_args = 2,
		.summary = "set numbers aside, which nobody is given again",
		.details =
			"THING is tube, extraction-plate, pcr-plate, box, rack or kit. The numbers are "
			"listed, for a print shop or to be printed later with 'label print --reserved'.",
		.examples = reserve_examples,
		.opts = pw_label_reserve_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE | PW_CMD_LIST,
		.run = pw_label_reserve_verb,
	},
	{
		.name = "label apply",
		.args = "[ID...]",
		.min_args = 0,
		.max_args = -1,
		.summary = "scan labels back: they are where they belong",
		.details =
			"Whatever opens a tube or begins a plate does the same by itself. Without ID, "
			"scans are read from standard input, a line each.",
		.examples = apply_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = pw_label_apply_verb,
	},
	{
		.name = "label void",
		.args = "[ID...]",
		.min_args = 0,
		.max_args = -1,
		.summary = "labels must not be used: lost, torn, misprinted",
		.details =
			"Needs --reason. A scan of a void label is refused where a tube or plate begins "
			"with it, and says why. Labels that are in use stay as they are, but for a "
			"person's card. Without ID, scans are read from standard input, a line each.",
		.examples = void_examples,
		.opts = pw_label_void_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = pw_label_void_verb,
	},
	{
		.name = "label reprint",
		.args = "ID",
		.min_args = 1,
		.max_args = 1,
		.summary = "another label for one that is lost, torn or smeared",
		.details =
			"Needs --reason. The new label says R2, then R3; the one before it is void.",
		.examples = reprint_examples,
		.opts = pw_label_reprint_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE | PW_CMD_JSON,
		.run = pw_label_reprint_verb,
	},
	{
		.name = "label list",
		.args = "[ID...]",
		.min_args = 0,
		.max_args = -1,
		.summary = "labels, and what became of them",
		.details = "All labels, those of some identifiers, of a batch, or in one state.",
		.examples = list_examples,
		.opts = pw_label_list_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = pw_label_list_verb,
	},
	{
		.name = "label gaps",
		.args = "[THING]",
		.min_args = 0,
		.max_args = 1,
		.summary = "every number explained: in use, unused, void, passed over",
		.details =
			"Numbers in a row of which the same can be said are one line. 'passed over' counts "
			"numbers that are no labels, as their check character is none that scanners read. "
			"THING is tube unless told.",
		.examples = gaps_examples,
		.opts = pw_label_gaps_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = pw_label_gaps_verb,
	},
	PW_CMDS_END,
};
