/* Runs of labels on simulated printers to which one thing happens, and what must come of it. */
#include <check.h>
#include <string.h>

#include "scenario.h"

/* Whatever else: in order, none twice, and nothing strange. */
static void sane(const scenario *s)
{
	size_t last = 0;
	for (size_t i = 0; i < s->count; i++) {
		ck_assert_uint_le(s->whole[i], 1);
		if (s->fate[i] == PW_FATE_CONFIRMED)
			ck_assert_uint_eq(s->whole[i], 1);
		if (s->fate[i] == PW_FATE_WAITING)
			ck_assert_uint_eq(s->whole[i] + s->fragments[i], 0);
	}
	ck_assert_uint_eq(s->strange, 0);
	ck_assert_uint_eq(scenario_count(s, PW_FATE_CONFIRMED), s->out.confirmed);
	ck_assert_uint_eq(scenario_count(s, PW_FATE_UNCONFIRMED), s->out.unconfirmed);
	ck_assert_uint_eq(scenario_count(s, PW_FATE_WAITING), s->out.waiting);
	for (const char *at = pw_str_text(&s->order_printed); *at != '\0'; at++) {
		if (*at < '0' || *at > '9' || (at > s->order_printed.ptr && at[-1] != ' '))
			continue;
		size_t number = strtoul(at, NULL, 10);
		ck_assert_uint_gt(number, last);
		last = number;
	}
}

/* ---- All is well ---- */

static const char *const languages[] = {"zpl", "tspl", "epl", "brother", "dymo"};

#define LANGUAGES 5

START_TEST(test_all_labels_come_out_in_order)
{
	const char *language = languages[_i % LANGUAGES];
	scenario s = {.language = language, .cable = (sim_cable)(_i / LANGUAGES), .count = 20};
	bool confirms = strcmp(language, "zpl") == 0 || strcmp(language, "brother") == 0;
	scenario_run(&s);
	sane(&s);
	ck_assert_msg(s.rc == PW_OK, "%s", s.err.msg);
	ck_assert_uint_eq(confirms ? s.out.confirmed : s.out.unconfirmed, 20);
	ck_assert_uint_eq(s.counts.whole, 20);
	ck_assert_uint_eq(s.counts.fragments + s.counts.inside, 0);
	ck_assert_uint_eq(s.out.faults, 0);
	ck_assert_int_eq(s.told + s.told_well, 0);
	ck_assert_msg(s.notes == 0, "%s", pw_str_text(&s.notes_text));
	scenario_clear(&s);
}
END_TEST

/* Reporting a fate costs nothing: 20 labels of 300 ms each take little more than that where the printer counts. */
START_TEST(test_a_printer_with_a_memory_is_kept_busy)
{
	scenario s = {.language = "zpl", .cable = SIM_USB, .count = 20};
	scenario_run(&s);
	ck_assert_int_lt(s.took, 20 * 300 + 2500);
	scenario_clear(&s);
}
END_TEST

START_TEST(test_no_labels_are_no_run)
{
	scenario s = {.language = "zpl", .cable = SIM_USB, .count = 0};
	scenario_run(&s);
	ck_assert_int_eq(s.rc, PW_OK);
	ck_assert_uint_eq(s.counts.bytes, 0);
	scenario_clear(&s);
}
END_TEST

START_TEST(test_a_printer_on_a_one_way_cable_is_not_asked)
{
	const char *language = languages[_i % LANGUAGES];
	scenario s = {.language = language,
		      .cable = (sim_cable)(_i / LANGUAGES),
		      .count = 5,
		      .script = "time 0: silent"};
	s.order.one_way = true;
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_OK);
	ck_assert_uint_eq(s.out.unconfirmed, 5);
	ck_assert_uint_eq(s.counts.whole, 5);
	ck_assert_uint_eq(s.counts.questions, 0);
	scenario_clear(&s);
}
END_TEST

/* ---- Faults that pass ---- */

static const struct {
	const char *script;
	unsigned told;      /* at least */
	size_t unconfirmed; /* at most */
} passing[] = {
	{"label 3: paper out for 5000", PW_FAULT_PAPER_OUT, 0},
	{"label 3: ribbon out for 5000", PW_FAULT_RIBBON_OUT, 0},
	{"label 3: head open for 1200", PW_FAULT_HEAD_OPEN, 0},
	/* Whoever paused it may have cancelled some of what was inside. */
	{"label 3: pause for 3000", PW_FAULT_PAUSED, 4},
	{"label 3: hot for 4000", PW_FAULT_HOT, 0},
	{"label 3: cover open for 1200", PW_FAULT_HEAD_OPEN, 0},
	/* Of these ~HS says nothing; ~HQES is asked when it does not move. */
	{"label 3: cutter stuck for 8000", PW_FAULT_CUTTER, 0},
	{"label 3: jam for 8000", PW_FAULT_JAM, 0},
	{"label 3: cutter stuck for 4000", 0, 0},
	{"byte 500: stall for 3000", 0, 0},
	{"time 400: slow for 3000", 0, 0},
};

START_TEST(test_zpl_goes_on_after_what_passes)
{
	unsigned habits = _i % 2 != 0 ? PW_SIM_TALKATIVE : 0;
	const char *script = passing[_i / 2].script;
	scenario s = {.language = "zpl",
		      .cable = SIM_USB,
		      .count = 10,
		      .label_ms = 500,
		      .script = script,
		      .habits = habits};
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_OK);
	ck_assert_uint_eq(s.counts.whole, 10);
	ck_assert_msg(s.out.confirmed + passing[_i / 2].unconfirmed >= 10, "%s: %zu confirmed",
		      script, s.out.confirmed);
	ck_assert_msg((s.faults_told & passing[_i / 2].told) == passing[_i / 2].told, "%s: %x",
		      script, s.faults_told);
	ck_assert_int_eq(s.told > 0, s.told_well > 0);
	scenario_clear(&s);
}
END_TEST

/* Printers that tell nothing of a label, and would take many of them before they print the first. */
static const struct {
	const char *language, *script;
	unsigned told;
} mute[] = {
	{"tspl", "label 3: paper out", PW_FAULT_PAPER_OUT},
	{"tspl", "label 3: ribbon out", PW_FAULT_RIBBON_OUT},
	{"tspl", "label 3: head open", PW_FAULT_HEAD_OPEN},
	{"tspl", "label 3: cover open", PW_FAULT_COVER_OPEN},
	{"tspl", "label 3: pause", PW_FAULT_PAUSED},
	{"tspl", "label 3: hot", PW_FAULT_HOT},
	{"tspl", "label 3: jam", PW_FAULT_JAM},
	{"epl", "label 3: paper out", PW_FAULT_PAPER_OUT},
	{"epl", "label 3: head open", PW_FAULT_HEAD_OPEN},
	{"epl", "label 3: pause", PW_FAULT_PAUSED},
	{"epl", "label 3: hot", PW_FAULT_HOT},
	{"epl", "label 3: cutter stuck", PW_FAULT_CUTTER},
	/* It stops in the middle of a label, where only the port may be asked. */
	{"dymo", "label 3: paper out", PW_FAULT_PAPER_OUT},
	{"dymo", "label 3: jam", PW_FAULT_OTHER},
};

START_TEST(test_where_no_label_is_confirmed_a_stop_is_told_before_all_are_inside)
{
	scenario s = {.language = mute[_i].language,
		      .cable = SIM_USB,
		      .count = 12,
		      .script = mute[_i].script,
		      .gives_up_after = 3};
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_OK);
	ck_assert_msg((s.faults_told & mute[_i].told) != 0, "%s, %s: %x", mute[_i].language,
		      mute[_i].script, s.faults_told);
	ck_assert_msg(s.out.waiting >= 5, "%s, %s: %zu wait", mute[_i].language, mute[_i].script,
		      s.out.waiting);
	scenario_clear(&s);
}
END_TEST

/* What was being printed then is not certain, the rest is. */
START_TEST(test_brother_goes_on_after_an_error)
{
	scenario s = {.language = "brother",
		      .cable = (sim_cable)_i,
		      .count = 6,
		      .script = "label 3: paper out for 5000"};
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_OK);
	ck_assert_int_eq(s.fate[2], PW_FATE_UNCONFIRMED);
	ck_assert_uint_eq(s.out.confirmed, 5);
	ck_assert(s.faults_told & PW_FAULT_PAPER_OUT);
	scenario_clear(&s);
}
END_TEST

START_TEST(test_brother_cools_down_without_a_loss)
{
	scenario s = {.language = "brother",
		      .cable = SIM_USB,
		      .count = 4,
		      .script = "time 1200: hot for 6000"};
	scenario_run(&s);
	sane(&s);
	ck_assert_uint_eq(s.out.confirmed, 4);
	ck_assert_uint_eq(s.faults_told, PW_FAULT_HOT);
	ck_assert_int_gt(s.told_well, 0);
	scenario_clear(&s);
}
END_TEST

/* A printer that refuses every label must not use up a run in a moment. */
START_TEST(test_an_error_for_each_label_is_told_each_time)
{
	scenario s = {.language = "brother",
		      .cable = SIM_USB,
		      .count = 30,
		      .gives_up_after = 4,
		      .script = "time 0: media 29"};
	scenario_run(&s);
	sane(&s);
	ck_assert_uint_ge(s.out.waiting, 26);
	ck_assert(s.faults_told & PW_FAULT_WRONG_MEDIA);
	ck_assert_uint_eq(s.counts.whole + s.counts.fragments, 0);
	scenario_clear(&s);
}
END_TEST

/* ---- Media ---- */

START_TEST(test_wrong_media_are_refused_before_a_byte_of_a_label)
{
	scenario s = {.language = "brother", .cable = SIM_USB, .count = 3};
	s.order.media_width = 62;
	s.order.media_length = 29;
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_ERR_REFUSED);
	ck_assert_str_eq(s.err.code, "wrong-media");
	ck_assert_ptr_nonnull(strstr(s.err.msg, "12 mm without end, these are 62 mm × 29 mm"));
	ck_assert_uint_eq(s.out.waiting, 3);
	ck_assert_uint_eq(s.changes, 0);
	scenario_clear(&s);
}
END_TEST

START_TEST(test_media_that_are_changed_in_the_middle_stop_the_run)
{
	scenario s = {.language = "brother",
		      .cable = SIM_USB,
		      .count = 6,
		      .gives_up_after = 3,
		      .script = "label 3: media 29"};
	s.order.media_width = 12;
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_OK);
	ck_assert(s.faults_told & PW_FAULT_WRONG_MEDIA);
	ck_assert_uint_eq(s.out.waiting, 3);
	ck_assert_uint_eq(s.counts.whole, 3);
	scenario_clear(&s);
}
END_TEST

/* ---- Gone ---- */

START_TEST(test_labels_inside_of_a_printer_that_kept_its_memory_are_confirmed)
{
	scenario s = {.language = "zpl",
		      .cable = SIM_USB,
		      .count = 8,
		      .label_ms = 1000,
		      .script = "label 2: paper out for 4000; time 1600: unplug for 2000"};
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_OK);
	ck_assert_uint_eq(s.out.reconnects, 1);
	ck_assert_uint_eq(s.out.confirmed, 8);
	scenario_clear(&s);
}
END_TEST

START_TEST(test_labels_inside_of_a_printer_that_was_off_are_not)
{
	scenario s = {.language = "zpl",
		      .cable = (sim_cable)_i,
		      .count = 12,
		      .label_ms = 1000,
		      .script = "label 2: power off for 4000"};
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_OK);
	ck_assert_int_eq(s.fate[1], PW_FATE_UNCONFIRMED);
	ck_assert_uint_ge(s.out.confirmed, 3);
	ck_assert_uint_eq(s.out.waiting, 0);
	scenario_clear(&s);
}
END_TEST

/* Half a label is thrown away by the printer or on purpose, and sent again: it comes out once. */
START_TEST(test_a_label_that_was_cut_off_is_printed_once)
{
	scenario s = {.language = languages[_i],
		      .cable = SIM_USB,
		      .count = 3,
		      .script = "byte 200: unplug for 2000"};
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_OK);
	for (size_t i = 0; i < 3; i++)
		ck_assert_uint_eq(s.whole[i], 1);
	ck_assert_uint_eq(s.out.waiting, 0);
	ck_assert_uint_eq(s.counts.blank + s.counts.fragments, 0);
	scenario_clear(&s);
}
END_TEST

START_TEST(test_a_printer_that_stays_away_is_given_up_on)
{
	scenario s = {.language = languages[_i],
		      .cable = SIM_USB,
		      .count = 5,
		      .gives_up_after = 2,
		      .script = "byte 500: unplug"};
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_ERR_NOT_FOUND);
	ck_assert(s.faults_told & PW_FAULT_GONE);
	ck_assert_uint_eq(s.out.faults, PW_FAULT_GONE);
	ck_assert_uint_gt(s.out.unconfirmed + s.out.waiting, 0);
	scenario_clear(&s);
}
END_TEST

/* ---- Given up ---- */

/* With labels inside, and one half sent: that one is thrown away, and waits. */
START_TEST(test_what_is_half_sent_is_thrown_away_when_it_is_given_up)
{
	scenario s = {.language = languages[_i % 3],
		      .cable = (sim_cable)(_i / 3),
		      .count = 30,
		      .gives_up_after = 3,
		      .habits = PW_SIM_BLOCKS,
		      .script = "byte 700: paper out"};
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_OK);
	ck_assert(s.out.waiting >= 2);
	scenario_clear(&s);
}
END_TEST

START_TEST(test_nobody_to_ask_means_to_give_up)
{
	scenario s = {.language = "zpl",
		      .cable = SIM_USB,
		      .count = 3,
		      .gives_up_after = 1,
		      .script = "time 0: head open"};
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_OK);
	ck_assert_uint_eq(s.out.waiting, 3);
	ck_assert_uint_eq(s.out.faults, PW_FAULT_HEAD_OPEN);
	ck_assert_uint_eq(s.changes, 0);
	scenario_clear(&s);
}
END_TEST

/* ---- Errors of the caller's ---- */

START_TEST(test_a_fate_that_cannot_be_written_down_stops_the_run)
{
	scenario s = {.language = "zpl", .cable = SIM_USB, .count = 5, .fails_at = (size_t)_i + 1};
	scenario_run(&s);
	ck_assert_int_eq(s.rc, PW_ERR_IO);
	ck_assert_str_eq(s.err.msg, "the disk is full");
	ck_assert_uint_eq(s.changes, s.fails_at);
	/* What was not told as begun has not left. */
	for (size_t i = 0; i < 5; i++)
		ck_assert(s.fate[i] != PW_FATE_WAITING || s.whole[i] == 0);
	ck_assert_uint_eq(s.out.confirmed + s.out.unconfirmed + s.out.waiting, 5);
	scenario_clear(&s);
}
END_TEST

START_TEST(test_labels_before_one_that_cannot_be_made_are_printed)
{
	scenario s = {
		.language = languages[_i], .cable = SIM_USB, .count = 5, .source_fails_at = 4};
	scenario_run(&s);
	sane(&s);
	ck_assert_int_eq(s.rc, PW_ERR_IO);
	ck_assert_str_eq(s.err.msg, "no label 4");
	ck_assert_uint_eq(s.out.waiting, 2);
	ck_assert_uint_eq(s.counts.whole, 3);
	scenario_clear(&s);
}
END_TEST

static pw_status two_labels(void *ctx, size_t index, pw_label_bytes *out, pw_err *err)
{
	(void)ctx;
	(void)index;
	(void)err;
	*out = (pw_label_bytes){"^XA^PQ2^XZ", 10};
	return PW_OK;
}

START_TEST(test_a_job_of_two_labels_is_refused)
{
	scenario s = {.language = "zpl", .cable = SIM_USB, .count = 2};
	s.order.source = two_labels;
	scenario_run(&s);
	ck_assert_int_eq(s.rc, PW_ERR_ARG);
	ck_assert_ptr_nonnull(strstr(s.err.msg, "label 1 of the run is no zpl job of exactly one"));
	ck_assert_uint_eq(s.changes, 0);
	scenario_clear(&s);
}
END_TEST

/* ---- What others left behind ---- */

static void leave_half(scenario *s, const char *language, size_t part)
{
	pw_str job = numbered_job(language, 9);
	size_t n = job.len * part / 10;
	ck_assert_uint_eq(pw_sim_take(s->sim, job.ptr, n), n);
	pw_str_clear(&job);
}

/* Somebody's half label is in the printer when the run begins: it neither comes out nor swallows the first one. */
START_TEST(test_half_a_label_of_somebody_else_is_cleared_first)
{
	const char *language = languages[_i % LANGUAGES];
	scenario s = {.language = language, .cable = SIM_USB, .count = 0};
	scenario_run(&s);
	leave_half(&s, language, 1 + (size_t)_i / LANGUAGES);
	pw_dialogue talk;
	pw_wire wire = sim_wire_of(&s.wire);
	pw_dialogue_init(&talk, &wire, pw_printer_driver_find(language), 0);
	s.count = s.order.count = 3;
	ck_assert_int_eq(pw_run_print(&talk, &s.order, &s.out, &s.err), PW_OK);
	sim_wire_pass(&s.wire, 10000);
	sane(&s);
	for (size_t i = 0; i < 3; i++)
		ck_assert_uint_eq(s.whole[i], 1);
	ck_assert_uint_eq(pw_sim_count(s.sim).whole, 3);
	scenario_clear(&s);
}
END_TEST

/* ---- Asking ---- */

static pw_printer_status ask(const char *language, sim_cable cable, const char *fault)
{
	scenario s = {.language = language, .cable = cable, .count = 0};
	pw_printer_status status;
	pw_err err = PW_ERR_INIT;
	scenario_run(&s);
	if (fault != NULL)
		ck_assert_int_eq(pw_sim_do(s.sim, fault, NULL), PW_OK);
	pw_wire wire = sim_wire_of(&s.wire);
	pw_printer *p = pw_printer_new(&wire, pw_printer_driver_find(language), 0);
	ck_assert_msg(pw_printer_ask(p, &status, &err) == PW_OK, "%s", err.msg);
	pw_printer_close(p);
	scenario_clear(&s);
	return status;
}

static const struct {
	const char *language, *fault;
	sim_cable cable;
	unsigned faults;
} asked[] = {
	{"zpl", NULL, SIM_USB, 0},
	{"zpl", "paper out", SIM_USB, PW_FAULT_PAPER_OUT},
	{"zpl", "head open", SIM_TCP, PW_FAULT_HEAD_OPEN},
	{"zpl", "hot", SIM_SERIAL, PW_FAULT_HOT},
	{"zpl", "pause", SIM_TCP, PW_FAULT_PAUSED},
	{"zpl", "silent", SIM_TCP, PW_FAULT_SILENT},
	{"zpl", "garbage", SIM_TCP, PW_FAULT_SILENT},
	{"tspl", "paper out", SIM_TCP, PW_FAULT_PAPER_OUT},
	{"zpl", "cover open", SIM_TCP, PW_FAULT_HEAD_OPEN},
	{"zpl", "jam", SIM_TCP, PW_FAULT_JAM},
	{"zpl", "cutter stuck", SIM_USB, PW_FAULT_CUTTER},
	{"tspl", "cover open", SIM_TCP, PW_FAULT_COVER_OPEN},
	{"tspl", "hot", SIM_TCP, PW_FAULT_HOT | PW_FAULT_OTHER},
	{"tspl", "silent", SIM_USB, PW_FAULT_SILENT},
	{"epl", "head open", SIM_USB, PW_FAULT_HEAD_OPEN},
	{"epl", "cutter stuck", SIM_TCP, PW_FAULT_CUTTER},
	{"brother", "paper out", SIM_USB, PW_FAULT_PAPER_OUT},
	{"brother", "jam", SIM_TCP, PW_FAULT_JAM},
	{"dymo", "paper out", SIM_USB, PW_FAULT_PAPER_OUT},
	{"dymo", "jam", SIM_USB, PW_FAULT_JAM},
};

START_TEST(test_a_printer_says_how_it_is)
{
	pw_printer_status status = ask(asked[_i].language, asked[_i].cable, asked[_i].fault);
	ck_assert_uint_eq(status.faults, asked[_i].faults);
	ck_assert_int_eq(status.activity,
			 asked[_i].faults == 0 ? PW_PRINTER_READY : PW_PRINTER_STOPPED);
	if (strcmp(asked[_i].language, "brother") == 0 && asked[_i].faults == PW_FAULT_JAM)
		ck_assert_int_eq(status.media_width, 12);
}
END_TEST

START_TEST(test_a_silent_port_tells_why)
{
	pw_printer_status status = ask("epl", SIM_USB, "paper out");
	ck_assert_uint_eq(status.faults, PW_FAULT_PAPER_OUT);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

static TCase *well(void)
{
	TCase *tc = tcase_create("well");
	tcase_add_loop_test(tc, test_all_labels_come_out_in_order, 0, LANGUAGES * SIM_CABLES);
	tcase_add_test(tc, test_a_printer_with_a_memory_is_kept_busy);
	tcase_add_test(tc, test_no_labels_are_no_run);
	tcase_add_loop_test(tc, test_a_printer_on_a_one_way_cable_is_not_asked, 0,
			    LANGUAGES * SIM_CABLES);
	tcase_add_loop_test(tc, test_half_a_label_of_somebody_else_is_cleared_first, 0,
			    LANGUAGES * 9);
	return tc;
}

static TCase *faults(void)
{
	TCase *tc = tcase_create("faults");
	tcase_add_loop_test(tc, test_zpl_goes_on_after_what_passes, 0, 2 * ROWS(passing));
	tcase_add_loop_test(tc,
			    test_where_no_label_is_confirmed_a_stop_is_told_before_all_are_inside,
			    0, ROWS(mute));
	tcase_add_loop_test(tc, test_brother_goes_on_after_an_error, 0, SIM_CABLES);
	tcase_add_test(tc, test_brother_cools_down_without_a_loss);
	tcase_add_test(tc, test_an_error_for_each_label_is_told_each_time);
	tcase_add_test(tc, test_wrong_media_are_refused_before_a_byte_of_a_label);
	tcase_add_test(tc, test_media_that_are_changed_in_the_middle_stop_the_run);
	return tc;
}

static TCase *gone(void)
{
	TCase *tc = tcase_create("gone");
	tcase_add_test(tc, test_labels_inside_of_a_printer_that_kept_its_memory_are_confirmed);
	tcase_add_loop_test(tc, test_labels_inside_of_a_printer_that_was_off_are_not, 0,
			    SIM_CABLES);
	tcase_add_loop_test(tc, test_a_label_that_was_cut_off_is_printed_once, 0, 3);
	tcase_add_loop_test(tc, test_a_printer_that_stays_away_is_given_up_on, 0, LANGUAGES);
	tcase_add_loop_test(tc, test_what_is_half_sent_is_thrown_away_when_it_is_given_up, 0,
			    3 * SIM_CABLES);
	tcase_add_test(tc, test_nobody_to_ask_means_to_give_up);
	return tc;
}

static TCase *callers(void)
{
	TCase *tc = tcase_create("callers");
	tcase_add_loop_test(tc, test_a_fate_that_cannot_be_written_down_stops_the_run, 0, 15);
	tcase_add_loop_test(tc, test_labels_before_one_that_cannot_be_made_are_printed, 0,
			    LANGUAGES);
	tcase_add_test(tc, test_a_job_of_two_labels_is_refused);
	tcase_add_loop_test(tc, test_a_printer_says_how_it_is, 0, ROWS(asked));
	tcase_add_test(tc, test_a_silent_port_tells_why);
	return tc;
}

Suite *suite_print_run(void);

Suite *suite_print_run(void)
{
	Suite *suite = suite_create("print_run");
	suite_add_tcase(suite, well());
	suite_add_tcase(suite, faults());
	suite_add_tcase(suite, gone());
	suite_add_tcase(suite, callers());
	return suite;
}
