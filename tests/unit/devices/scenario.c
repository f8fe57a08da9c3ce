#include "scenario.h"

#include <check.h>
#include <string.h>

static void printed(void *ctx, const pw_sim_label *label)
{
	scenario *s = ctx;
	int number = numbered_read(s->language, label);
	if (label->whole)
		pw_str_addf(&s->order_printed, "%s%d", s->order_printed.len > 0 ? " " : "", number);
	if (number < 1 || (size_t)number > s->count)
		s->strange += label->whole ? 1 : 0;
	else if (label->whole)
		s->whole[number - 1]++;
	else
		s->fragments[number - 1]++;
}

static void noted(void *ctx, const char *text)
{
	scenario *s = ctx;
	s->notes++;
	pw_str_addf(&s->notes_text, "%s\n", text);
}

static pw_status source(void *ctx, size_t index, pw_label_bytes *out, pw_err *err)
{
	scenario *s = ctx;
	if (s->source_fails_at == index + 1)
		return pw_fail(err, PW_ERR_IO, "no label %zu", index + 1);
	pw_str_clear(&s->job);
	s->job = numbered_job(s->language, (unsigned)index + 1);
	*out = (pw_label_bytes){s->job.ptr, s->job.len};
	return PW_OK;
}

static pw_status changed(void *ctx, size_t index, pw_label_fate fate, pw_err *err)
{
	scenario *s = ctx;
	if (++s->changes == s->fails_at)
		return pw_fail(err, PW_ERR_IO, "the disk is full");
	s->fate[index] = fate;
	return PW_OK;
}

static bool stopped(void *ctx, const pw_printer_status *status, size_t index)
{
	scenario *s = ctx;
	ck_assert_uint_le(index, s->count);
	if (status->faults == 0) {
		s->told_well++;
		return true;
	}
	s->faults_told |= status->faults;
	return ++s->told != s->gives_up_after;
}

static void fill_order(scenario *s)
{
	s->order.count = s->count;
	s->order.ctx = s;
	if (s->order.source == NULL)
		s->order.source = source;
	s->order.changed = changed;
	s->order.stopped = stopped;
}

void scenario_run(scenario *s)
{
	pw_dialogue talk;
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {printed, noted, s};
	pw_err err = PW_ERR_INIT;
	opts.language = s->language;
	opts.habits = s->habits;
	opts.label_ms = s->label_ms;
	opts.memory = s->memory;
	opts.media_width = 12;
	opts.serial = s->cable == SIM_SERIAL;
	ck_assert_msg(pw_sim_new(&opts, &hooks, &s->sim, &err) == PW_OK, "%s", err.msg);
	if (s->script != NULL)
		ck_assert_msg(pw_sim_script(s->sim, s->script, &err) == PW_OK, "%s", err.msg);
	sim_wire_init(&s->wire, s->sim, s->cable, 1);
	s->wire.calm = true;
	fill_order(s);
	pw_wire wire = sim_wire_of(&s->wire);
	pw_dialogue_init(&talk, &wire, pw_printer_driver_find(s->language), s->model);
	int64_t from = s->wire.now;
	s->rc = pw_run_print(&talk, &s->order, &s->out, &s->err);
	s->took = s->wire.now - from;
	sim_wire_pass(&s->wire, 20000);
	s->counts = pw_sim_count(s->sim);
}

void scenario_clear(scenario *s)
{
	pw_sim_free(s->sim);
	pw_str_clear(&s->job);
	pw_str_clear(&s->order_printed);
	pw_str_clear(&s->notes_text);
}

size_t scenario_count(const scenario *s, pw_label_fate fate)
{
	size_t n = 0;
	for (size_t i = 0; i < s->count; i++)
		n += s->fate[i] == fate ? 1 : 0;
	return n;
}
