/* What happens to a simulated printer, in words, at once or when it is time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/simulators/sim_private.h"

typedef enum effect { FAULT, WAY, CANCEL, LOSE, MEDIA } effect;

/* Each word and the one that takes it back. */
static const struct action {
	const char *begin, *end;
	effect effect;
	unsigned bit;
} actions[] = {
	{"paper out", "paper in", FAULT, PW_FAULT_PAPER_OUT},
	{"ribbon out", "ribbon in", FAULT, PW_FAULT_RIBBON_OUT},
	{"head open", "head closed", FAULT, PW_FAULT_HEAD_OPEN},
	{"cover open", "cover closed", FAULT, PW_FAULT_COVER_OPEN},
	{"pause", "resume", FAULT, PW_FAULT_PAUSED},
	{"hot", "cool", FAULT, PW_FAULT_HOT},
	{"jam", "no jam", FAULT, PW_FAULT_JAM},
	{"cutter stuck", "cutter free", FAULT, PW_FAULT_CUTTER},
	{"silent", "talk", WAY, PW_SIM_SILENT},
	{"garbage", "sense", WAY, PW_SIM_GARBAGE},
	{"slow", "quick", WAY, PW_SIM_SLOW},
	{"stall", "go", WAY, PW_SIM_STALLED},
	{"unplug", "plug", WAY, PW_SIM_UNPLUGGED},
	{"power off", "power on", WAY, PW_SIM_OFF},
	{"cancel", "", CANCEL, 0},
	{"lose", "", LOSE, 0},
	{"media", "", MEDIA, 0},
};

#define ACTIONS (sizeof(actions) / sizeof(actions[0]))

/* ---- Doing ---- */

static void begin_way(pw_sim *sim, unsigned way)
{
	sim->ways |= way;
	if ((way & (PW_SIM_UNPLUGGED | PW_SIM_OFF)) != 0)
		sim->said_n = 0;
	if ((way & PW_SIM_OFF) != 0)
		pw_sim_forget(sim);
}

static void begin_action(pw_sim *sim, const struct action *a)
{
	switch (a->effect) {
	case FAULT:
		sim->faults |= a->bit;
		pw_sim_stop(sim);
		break;
	case WAY:
		begin_way(sim, a->bit);
		break;
	case CANCEL:
		if ((sim->faults & PW_FAULT_PAUSED) != 0)
			pw_sim_cancel(sim);
		break;
	case LOSE:
		sim->loses = true;
		break;
	case MEDIA:
		break;
	}
}

static void end_action(pw_sim *sim, const struct action *a)
{
	bool was = (sim->faults & a->bit) != 0;
	if (a->effect == FAULT)
		sim->faults &= ~a->bit;
	else
		sim->ways &= ~a->bit;
	if (a->effect == FAULT && was && sim->language->resumed != NULL)
		sim->language->resumed(sim, a->bit);
	if (sim->ends_at >= 0 && sim->open && sim->ending && sim->feed_end < 0)
		sim->ends_at = sim->now + sim->opts.label_ms;
	pw_sim_start(sim);
}

static bool set_media(pw_sim *sim, const char *text)
{
	int64_t width, length = 0;
	char copy[16];
	if (strlen(text) >= sizeof(copy))
		return false;
	memcpy(copy, text, strlen(text) + 1);
	char *times = strchr(copy, 'x');
	if (times != NULL) {
		*times = '\0';
		if (!pw_parse_int(times + 1, &length))
			return false;
	}
	if (!pw_parse_int(copy, &width) || width < 1 || width > 255 || length < 0 || length > 255)
		return false;
	sim->opts.media_width = (int)width;
	sim->opts.media_length = (int)length;
	return true;
}

static pw_status no_action(const char *line, pw_err *err)
{
	pw_str words = PW_STR_INIT;
	for (size_t i = 0; i < ACTIONS; i++)
		pw_str_addf(&words, "%s%s%s%s", i > 0 ? ", " : "", actions[i].begin,
			    actions[i].end[0] != '\0' ? ", " : "", actions[i].end);
	pw_status rc = pw_fail(err, PW_ERR_ARG, "'%s' cannot be done: there are %s", line,
			       pw_str_text(&words));
	pw_str_clear(&words);
	return rc;
}

/* What a line asks for: an action, its beginning or its end, and for how long. */
typedef struct order {
	const struct action *action;
	bool begin;
	int64_t ms; /* 0: for good */
	const char *rest;
} order;

static bool read_duration(char *line, int64_t *out)
{
	char *word = strstr(line, " for ");
	*out = 0;
	if (word == NULL)
		return true;
	*word = '\0';
	return pw_parse_int(word + 5, out) && *out > 0 && *out < 86400000;
}

/* `line` is cut off at " for ". */
static bool read_order(char *line, order *out)
{
	if (!read_duration(line, &out->ms))
		return false;
	for (size_t i = 0; i < ACTIONS; i++) {
		const struct action *a = &actions[i];
		out->action = a;
		out->begin = strcmp(line, a->begin) == 0;
		if (a->effect == MEDIA && pw_text_starts(line, "media ")) {
			out->rest = line + 6;
			return out->ms == 0;
		}
		if ((a->effect == CANCEL || a->effect == LOSE) && out->begin)
			return out->ms == 0;
		if (a->effect < CANCEL && (out->begin || strcmp(line, a->end) == 0))
			return out->begin || out->ms == 0;
	}
	return false;
}

static bool add_step(pw_sim *sim, pw_sim_when when, int64_t at, const char *line)
{
	pw_sim_step *step = NULL;
	for (size_t i = 0; i < sim->step_count && step == NULL; i++)
		if (sim->steps[i].at < 0)
			step = &sim->steps[i];
	if (step == NULL && sim->step_count < PW_SIM_MOST_STEPS)
		step = &sim->steps[sim->step_count++];
	if (step == NULL || strlen(line) >= sizeof(step->line))
		return false;
	step->when = when;
	step->at = at;
	memcpy(step->line, line, strlen(line) + 1);
	return true;
}

pw_status pw_sim_do(pw_sim *sim, const char *line, pw_err *err)
{
	char copy[48];
	order o = {NULL, false, 0, NULL};
	pw_slice text = pw_slice_trim(pw_slice_of(line));
	if (text.len >= sizeof(copy))
		return no_action(line, err);
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	if (!read_order(copy, &o) || (o.action->effect == MEDIA && !set_media(sim, o.rest)))
		return no_action(line, err);
	pw_sim_note(sim, "%.*s", (int)text.len, text.ptr);
	if (o.begin)
		begin_action(sim, o.action);
	else if (o.action->effect < CANCEL)
		end_action(sim, o.action);
	if (o.action->bit == PW_SIM_OFF && o.action->effect == WAY && o.ms > 0 &&
	    o.ms < PW_SIM_BOOT_MS)
		o.ms = PW_SIM_BOOT_MS;
	if (o.ms > 0 &&
	    !add_step(sim, PW_SIM_AT_TIME, (sim->began < 0 ? 0 : sim->now - sim->began) + o.ms,
		      o.action->end))
		end_action(sim, o.action);
	return PW_OK;
}

/* ---- Scripts ---- */

void pw_sim_steps(pw_sim *sim, pw_sim_when when, int64_t at)
{
	for (size_t i = 0; i < sim->step_count; i++) {
		pw_sim_step *step = &sim->steps[i];
		if (step->at < 0 || step->when != when || step->at > at)
			continue;
		char line[sizeof(step->line)];
		memcpy(line, step->line, sizeof(line));
		step->at = -1;
		(void)!pw_sim_do(sim, line, NULL);
	}
}

int64_t pw_sim_steps_next(const pw_sim *sim)
{
	int64_t next = -1;
	for (size_t i = 0; i < sim->step_count; i++) {
		const pw_sim_step *step = &sim->steps[i];
		if (step->at < 0 || step->when != PW_SIM_AT_TIME)
			continue;
		if (next < 0 || sim->began + step->at < next)
			next = sim->began + step->at;
	}
	return next;
}

/* "label 3" */
static bool read_when(pw_slice text, pw_sim_when *out, int64_t *at)
{
	static const char *const words[] = {"label ", "byte ", "time ", "question "};
	char copy[32];
	if (text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!pw_text_starts(copy, words[i]))
			continue;
		*out = (pw_sim_when)i;
		return pw_parse_int(copy + strlen(words[i]), at) && *at >= 0;
	}
	return false;
}

static pw_status read_step(pw_sim *sim, pw_slice text, pw_err *err)
{
	pw_sim_when when;
	int64_t at;
	char line[sizeof(sim->steps[0].line)], checked[sizeof(line)];
	order o;
	const char *colon = memchr(text.ptr, ':', text.len);
	if (colon == NULL)
		return pw_fail(err, PW_ERR_ARG,
			       "'%.*s' should be 'WHEN: WHAT', as in 'label 3: paper out'",
			       (int)text.len, text.ptr);
	pw_slice head = pw_slice_trim((pw_slice){text.ptr, (size_t)(colon - text.ptr)});
	pw_slice what =
		pw_slice_trim((pw_slice){colon + 1, text.len - (size_t)(colon + 1 - text.ptr)});
	if (!read_when(head, &when, &at))
		return pw_fail(err, PW_ERR_ARG,
			       "'%.*s' should be label, byte, time or question, and a number",
			       (int)head.len, head.ptr);
	snprintf(line, sizeof(line), "%.*s", (int)what.len, what.ptr);
	memcpy(checked, line, sizeof(line));
	if (what.len >= sizeof(line) || !read_order(checked, &o))
		return no_action(line, err);
	if (!add_step(sim, when, at, line))
		return pw_fail(err, PW_ERR_LIMIT, "more than %d steps", PW_SIM_MOST_STEPS);
	return PW_OK;
}

pw_status pw_sim_script(pw_sim *sim, const char *script, pw_err *err)
{
	while (*script != '\0') {
		size_t n = strcspn(script, ";");
		pw_slice step = pw_slice_trim((pw_slice){script, n});
		pw_status rc = step.len > 0 ? read_step(sim, step, err) : PW_OK;
		if (rc != PW_OK)
			return rc;
		script += n;
		if (*script == ';')
			script++;
	}
	return PW_OK;
}

/* ---- Chance ---- */

/* A fault at random; printers without a memory of labels have no ribbon, and no button to pause them. */
static const char *random_fault(pw_rng *rng, bool thermal)
{
	static const char *const faults[] = {"pause", "ribbon out", "head open", "paper out",
					     "hot",   "silent",     "garbage",   "slow",
					     "stall", "unplug",     "power off"};
	uint64_t first = thermal ? 0 : 3, n = sizeof(faults) / sizeof(faults[0]);
	return faults[first + pw_rng_below(rng, n - first)];
}

static void random_when(pw_rng *rng, int labels, int bytes, pw_str *out)
{
	switch (pw_rng_below(rng, 4)) {
	case 0:
		pw_str_addf(out, "label %d", 1 + (int)pw_rng_below(rng, (uint64_t)labels));
		break;
	case 1:
		pw_str_addf(out, "time %d", (int)pw_rng_below(rng, (uint64_t)labels * 1000 + 1));
		break;
	case 2:
		pw_str_addf(out, "question %d", 1 + (int)pw_rng_below(rng, (uint64_t)labels * 3));
		break;
	default:
		pw_str_addf(out, "byte %d", (int)pw_rng_below(rng, (uint64_t)bytes + 1));
	}
}

void pw_sim_random_script(pw_rng *rng, const char *language, int faults, int labels, int bytes,
			  pw_str *out)
{
	bool thermal = strcmp(language, "zpl") == 0 || strcmp(language, "tspl") == 0 ||
		       strcmp(language, "epl") == 0;
	for (int i = 0; i < faults; i++) {
		const char *fault = random_fault(rng, thermal);
		/* Whoever pauses it, to cancel labels perhaps, is not done in a moment. */
		int least = strcmp(fault, "pause") == 0 ? 1500 : 50;
		random_when(rng, labels, bytes, out);
		pw_str_addf(out, ": %s for %d; ", fault, least + (int)pw_rng_below(rng, 6000));
		if (least > 50 && pw_rng_chance(rng, 0.5))
			pw_str_addf(out, "time %d: cancel; ",
				    (int)pw_rng_below(rng, (uint64_t)labels * 1000 + 1));
	}
}
