/* `poolwell sim …`: devices that are not there, for training, demonstrations and tests. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/file.h"
#include "cli/out.h"
#include "devices/simulators/serve.h"
#include "labels/raster.h"

#define RANDOM_FAULTS 5
#define RANDOM_LABELS 20
#define RANDOM_BYTES  100000

typedef struct printer_show {
	pw_ctx *ctx;
	const char *folder; /* NULL: no pictures */
	int64_t wanted;     /* whole labels, after which it ends; 0: never */
	pw_sim *sim;
	bool over;
	pw_status rc; /* of what could not be written */
	pw_err err;
} printer_show;

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

/* ---------------------------------------------------------------- what is shown */

static pw_status write_picture(const printer_show *s, const pw_sim_label *label, const char *path,
			       pw_err *err)
{
	pw_raster raster = PW_RASTER_INIT;
	pw_str png = PW_STR_INIT;
	pw_status rc = pw_raster_init(&raster, label->width, label->height, label->dpi, err);
	if (rc == PW_OK) {
		for (size_t y = 0; y < (size_t)label->height; y++)
			memcpy(raster.bits + y * raster.stride, label->bits + y * label->stride,
			       raster.stride);
		pw_raster_png(&raster, &png);
		rc = pw_ctx_write(s->ctx, path, png.ptr, png.len, true, err);
	}
	pw_str_clear(&png);
	pw_raster_clear(&raster);
	return rc;
}

static void printed(void *ctx, const pw_sim_label *label)
{
	printer_show *s = ctx;
	pw_str path = PW_STR_INIT;
	if (s->folder != NULL)
		pw_str_addf(&path, "%s/label-%04zu%s.png", s->folder, label->number,
			    label->whole ? "" : "-part");
	if (s->rc == PW_OK && s->folder != NULL)
		s->rc = write_picture(s, label, pw_str_text(&path), &s->err);
	if (s->rc == PW_OK) {
		pw_out_printf(pw_ctx_out(s->ctx), "%s %zu%s%s\n",
			      label->whole ? "printed" : "fragment", label->number,
			      path.len > 0 ? " " : "", pw_str_text(&path));
		s->rc = pw_out_flush(pw_ctx_out(s->ctx), &s->err);
	}
	pw_str_clear(&path);
}

static void noted(void *ctx, const char *text)
{
	pw_ctx_say(((printer_show *)ctx)->ctx, "%s", text);
}

static void refused(void *ctx, const pw_err *err)
{
	pw_ctx_say(((printer_show *)ctx)->ctx, "%s", err->msg);
}

static void say_counts(const printer_show *s)
{
	pw_sim_counts c = pw_sim_count(s->sim);
	pw_ctx_say(s->ctx,
		   "%zu labels came out whole, %zu in part, %zu are inside; %zu bytes taken",
		   c.whole, c.fragments, c.inside, c.bytes);
}

static bool command(void *ctx, const char *line)
{
	printer_show *s = ctx;
	if (strcmp(line, "quit") == 0)
		s->over = true;
	else if (strcmp(line, "counts") == 0)
		say_counts(s);
	else
		return false;
	return true;
}

static bool is_over(void *ctx)
{
	const printer_show *s = ctx;
	return s->over || s->rc != PW_OK ||
	       (s->wanted > 0 && (int64_t)pw_sim_count(s->sim).whole >= s->wanted);
}

/* ---------------------------------------------------------------- what is asked for */

static const char *const habit_words[] = {"talkative", "hides-one",  "hears-in-data", "touchy",
					  "blocks",    "no-reprint", "no-reset",      NULL};

static unsigned read_habits(const pw_ctx *ctx)
{
	unsigned habits = 0;
	for (int i = 0; i < pw_ctx_count(ctx, "habit"); i++)
		habits |= 1U << pw_ctx_value(ctx, "habit", i)->number;
	return habits;
}

static pw_status prepare(printer_show *s, pw_err *err)
{
	pw_str script = PW_STR_INIT;
	const char *faults = pw_ctx_text(s->ctx, "faults"), *media = pw_ctx_text(s->ctx, "media");
	pw_status rc = PW_OK;
	if (media != NULL) {
		pw_str_addf(&script, "media %s", media);
		rc = pw_sim_do(s->sim, pw_str_text(&script), err);
		pw_str_truncate(&script, 0);
	}
	if (rc == PW_OK && pw_ctx_given(s->ctx, "seed")) {
		pw_rng rng;
		pw_rng_init(&rng, (uint64_t)pw_ctx_int(s->ctx, "seed"));
		pw_sim_random_script(&rng, pw_ctx_arg(s->ctx, 0), RANDOM_FAULTS, RANDOM_LABELS,
				     RANDOM_BYTES, &script);
		pw_ctx_say(s->ctx, "--faults '%s'", pw_str_text(&script));
	}
	if (faults != NULL)
		pw_str_add(&script, faults);
	if (rc == PW_OK)
		rc = pw_sim_script(s->sim, pw_str_text(&script), err);
	pw_str_clear(&script);
	if (rc == PW_OK && s->folder != NULL)
		rc = pw_file_make_folder(s->folder, err);
	return rc;
}

static pw_status make_printer(printer_show *s, pw_err *err)
{
	const pw_ctx *ctx = s->ctx;
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {printed, noted, s};
	opts.language = pw_ctx_arg(ctx, 0);
	opts.dpi = (int)pw_ctx_int(ctx, "dpi");
	opts.label_ms = (int)pw_ctx_int(ctx, "label-time");
	opts.memory = (size_t)pw_ctx_int(ctx, "memory") * 1024;
	opts.habits = read_habits(ctx);
	opts.serial = pw_sim_host_is_serial(pw_ctx_text(ctx, "listen"));
	opts.seed = (uint64_t)pw_ctx_int(ctx, "seed");
	pw_status rc = pw_sim_new(&opts, &hooks, &s->sim, err);
	return rc == PW_OK ? prepare(s, err) : rc;
}

/* ---------------------------------------------------------------- the show */

static pw_status serve(printer_show *s, pw_err *err)
{
	pw_sim_host *host = NULL;
	const pw_sim_service service = {STDIN_FILENO, command, refused, is_over, s, &stop};
	struct sigaction heed = {.sa_handler = on_signal}, before_int, before_term;
	pw_status rc = pw_sim_host_new(pw_ctx_text(s->ctx, "listen"), &host, err);
	if (rc != PW_OK)
		return rc;
	stop = 0;
	(void)sigaction(SIGINT, &heed, &before_int);
	(void)sigaction(SIGTERM, &heed, &before_term);
	pw_out_printf(pw_ctx_out(s->ctx), "listening %s\n", pw_sim_host_uri(host));
	rc = pw_out_flush(pw_ctx_out(s->ctx), err);
	if (rc == PW_OK)
		rc = pw_sim_serve(host, s->sim, &service, err);
	(void)sigaction(SIGINT, &before_int, NULL);
	(void)sigaction(SIGTERM, &before_term, NULL);
	pw_sim_host_free(host);
	return rc;
}

static int printer(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	printer_show s = {
		.ctx = ctx, .folder = pw_ctx_text(ctx, "out"), .wanted = pw_ctx_int(ctx, "labels")};
	pw_status rc = make_printer(&s, &err);
	if (rc == PW_OK)
		rc = serve(&s, &err);
	if (rc == PW_OK && s.rc != PW_OK) {
		rc = s.rc;
		err = s.err;
	}
	if (rc == PW_OK)
		say_counts(&s);
	pw_sim_free(s.sim);
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

static const pw_opt printer_opts[] = {
	{.name = "listen",
	 .letter = 'l',
	 .kind = PW_OPT_TEXT,
	 .arg = "ADDRESS",
	 .help = "tcp:HOST:PORT (port 0: any that is free), pty, or pty:NAME",
	 .fallback = "tcp:127.0.0.1:9100"},
	{.name = "out",
	 .letter = 'o',
	 .kind = PW_OPT_TEXT,
	 .arg = "FOLDER",
	 .help = "where the labels go, as PNG"},
	{.name = "faults",
	 .letter = 'f',
	 .kind = PW_OPT_TEXT,
	 .arg = "SCRIPT",
	 .help = "what happens to it, and when"},
	{.name = "seed",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "faults at random: the same ones for the same number",
	 .min = 0,
	 .max = 999999999},
	{.name = "labels",
	 .letter = 'n',
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "end when so many labels have come out whole",
	 .min = 1,
	 .max = 1000000},
	{.name = "dpi",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "its dots per inch; else those that are usual with the language",
	 .min = 100,
	 .max = 1200},
	{.name = "media",
	 .kind = PW_OPT_TEXT,
	 .arg = "WIDTHxLENGTH",
	 .help = "what is loaded, in mm; the width alone: without end (Brother, 62)"},
	{.name = "label-time",
	 .kind = PW_OPT_INT,
	 .arg = "MS",
	 .help = "how long a label takes to print",
	 .fallback = "300",
	 .min = 1,
	 .max = 60000},
	{.name = "memory",
	 .kind = PW_OPT_INT,
	 .arg = "KIB",
	 .help = "what it can hold of labels",
	 .fallback = "1024",
	 .min = 1,
	 .max = 65536},
	{.name = "habit",
	 .kind = PW_OPT_CHOICE,
	 .arg = "HABIT",
	 .help = "in what it differs from others of its language",
	 .choices = habit_words,
	 .repeat = true},
	PW_OPTS_END,
};

static const char *const printer_examples[] = {
	"poolwell sim printer zpl --out labels",
	"poolwell sim printer brother --listen pty:printer --media 62x29",
	"poolwell sim printer tspl -l tcp:127.0.0.1:0 -f 'label 3: paper out for 20000'",
	NULL,
};

const pw_cmd pw_cmds_sim[] = {
	{
		.name = "sim printer",
		.args = "LANGUAGE",
		.min_args = 1,
		.max_args = 1,
		.summary = "a label printer that is not there, and its troubles",
		.details =
			"Prints as a printer of that language does (zpl, tspl, epl, brother, "
			"brother-wide, ptouch, dymo): labels go to --out, questions about its "
			"status are answered, and what is typed happens to it. On standard output: "
			"'listening URI', the address for 'label print --printer URI?language=…', "
			"and a line for each label that comes out, 'printed N' or, when it was "
			"stopped in the middle, 'fragment N'.\n\n"
			"Lines on standard input, at once or for some milliseconds ('paper out for "
			"5000'):\n\n"
			"  paper out, paper in      ribbon out, ribbon in    head open, head closed\n"
			"  cover open, cover closed pause, resume            hot, cool\n"
			"  jam, no jam              cutter stuck, cutter free\n"
			"  silent, talk             it answers nothing\n"
			"  garbage, sense           it answers garbage\n"
			"  slow, quick              it answers 0.7 s late\n"
			"  stall, go                it takes nothing\n"
			"  unplug, plug             the cable\n"
			"  power off, power on      and all that it had is lost\n"
			"  cancel                   while paused: what waits in it is thrown away\n"
			"  lose                     the next label is lost on its way in\n"
			"  media 62, media 62x29    other labels are loaded (Brother)\n"
			"  counts, quit\n\n"
			"--faults does the same when it is time: 'WHEN: WHAT', parted by ';'. WHEN "
			"is 'label N' (while the N-th label is printed), 'byte N' (behind the N-th "
			"byte), 'time MS' or 'question N' (when it is asked the N-th time).\n\n"
			"Habits: talkative answers ~HS also while it is stopped; hides-one does not "
			"count the label that it prints (ZPL). hears-in-data hears questions in the "
			"middle of a picture; touchy throws away a job with an unknown command and "
			"feeds blank labels (TSPL). blocks takes nothing while it is stopped; "
			"no-reprint loses the label that was stopped; no-reset does not empty its "
			"memory when told to.",
		.examples = printer_examples,
		.opts = printer_opts,
		.flags = 0,
		.run = printer,
	},
	PW_CMDS_END,
};
