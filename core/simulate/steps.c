/*
 * The tubes of the day as steps, slips included. A slip never changes what is in a tube: the step that
 * is right follows it.
 */
#include <stdlib.h>
#include <string.h>

#include "core/simulate/impl.h"

#define OPEN_SECONDS  10
#define SWAB_SECONDS  12 /* and up to as many as below again */
#define SWAB_SPREAD   14
#define SLIP_SECONDS  6
#define CLOSE_SECONDS 5
#define FAULT_TRIES   400 /* draws for a tube in which a slip of a kind can happen */

/* The hand that writes the steps of one lane. */
typedef struct writer {
	pw_world *world;
	const pw_sim_tube *tube; /* in hand */
	const char *collector;
	pw_time at;
	bool offline;
} writer;

const char *pw_sim_action_name(pw_sim_action action)
{
	static const char *const name[] = {"open", "add", "close"};
	return name[action];
}

const char *pw_sim_fault_name(pw_sim_fault fault)
{
	static const char *const name[PW_SIM_FAULT_COUNT] = {
		"right", "person-twice", "tube-used", "over-full", "wrong-count", "unknown-subject",
	};
	return name[fault];
}

bool pw_world_site_offline(const pw_world *world, int site)
{
	int offline = (int)(world->opts.offline * world->opts.sites + 0.5);
	return site > world->opts.sites - offline;
}

/* --- slips */

static bool same_lane(const pw_sim_tube *a, const pw_sim_tube *b)
{
	return a->site == b->site && a->lane == b->lane;
}

static bool can_happen(const pw_world *world, size_t i, pw_sim_fault fault)
{
	const pw_sim_tube *t = world->day.ptr[i];
	if (pw_world_site_offline(world, t->site))
		return false;
	switch (fault) {
	case PW_SIM_PERSON_TWICE: /* with room left, so that there is one reason to refuse */
		return t->capacity > 1;
	case PW_SIM_TUBE_USED:
		return i > 0 && same_lane(t, world->day.ptr[i - 1]);
	case PW_SIM_OVER_FULL:
		return t->count == t->capacity && i + 1 < world->day.len &&
		       same_lane(t, world->day.ptr[i + 1]);
	case PW_SIM_UNKNOWN_SUBJECT:
	case PW_SIM_WRONG_COUNT:
		return true;
	default:
		return false;
	}
}

static void add_fault(pw_world *world, size_t i, pw_sim_fault fault)
{
	if (can_happen(world, i, fault))
		world->day.ptr[i]->faults |= 1U << fault;
}

/* One of each kind somewhere, if there is a place for it. */
static void ensure_fault(pw_world *world, pw_sim_fault fault)
{
	for (int i = 0; i < FAULT_TRIES; i++) {
		size_t at = (size_t)pw_rng_below(&world->plan, world->day.len);
		if (can_happen(world, at, fault)) {
			add_fault(world, at, fault);
			return;
		}
	}
}

void pw_sim_choose_faults(pw_world *world)
{
	if (world->opts.wrong_scan == 0.0 || world->day.len == 0)
		return;
	for (int fault = 1; fault < PW_SIM_FAULT_COUNT; fault++)
		ensure_fault(world, (pw_sim_fault)fault);
	for (size_t i = 0; i < world->day.len; i++) {
		int scans = world->day.ptr[i]->count + 2;
		for (int k = 0; k < scans; k++) {
			if (!pw_rng_chance(&world->plan, world->opts.wrong_scan))
				continue;
			int fault = 1 + (int)pw_rng_below(&world->plan, PW_SIM_FAULT_COUNT - 1);
			add_fault(world, i, (pw_sim_fault)fault);
		}
	}
}

/* --- steps */

static bool has_fault(const writer *w, pw_sim_fault fault)
{
	return (w->tube->faults & 1U << fault) != 0;
}

static void emit(writer *w, pw_sim_step step, int seconds)
{
	w->at += seconds * PW_SECOND;
	step.at = w->at;
	step.site = w->tube->site;
	step.collector = w->collector;
	if (step.tube == NULL)
		step.tube = w->tube->code;
	if (step.subject == NULL)
		step.subject = "";
	if (w->offline)
		pw_vec_push(&w->world->logged, step);
	else
		pw_vec_push(&w->world->steps, step);
}

static void write_open(writer *w, const pw_sim_tube *previous)
{
	pw_sim_step open = {.action = PW_SIM_OPEN, .capacity = w->tube->capacity};
	if (has_fault(w, PW_SIM_TUBE_USED)) {
		pw_sim_step slip = open;
		PW_BUG_IF(previous == NULL); /* a day's first tube has no such fault */
		slip.tube = previous->code;
		slip.fault = PW_SIM_TUBE_USED;
		emit(w, slip, SLIP_SECONDS);
	}
	emit(w, open, OPEN_SECONDS);
}

static const char *id_text(writer *w, size_t subject)
{
	char id[16];
	pw_sim_external_id(subject, id);
	return pw_arena_strdup(&w->world->arena, id);
}

static void write_wrong_add(writer *w, size_t subject, pw_sim_fault fault)
{
	pw_sim_step slip = {.action = PW_SIM_ADD, .subject = id_text(w, subject), .fault = fault};
	emit(w, slip, SLIP_SECONDS);
}

static void write_adds(writer *w, pw_sim_tube *tube)
{
	pw_rng *rng = &w->world->plan;
	for (int i = 0; i < tube->count; i++) {
		size_t subject = (size_t)tube->members[i];
		if (i == 0 && has_fault(w, PW_SIM_UNKNOWN_SUBJECT))
			write_wrong_add(w, w->world->subject_count + pw_rng_below(rng, 1000),
					PW_SIM_UNKNOWN_SUBJECT);
		pw_sim_step add = {.action = PW_SIM_ADD, .subject = id_text(w, subject)};
		emit(w, add, SWAB_SECONDS + (int)pw_rng_below(rng, SWAB_SPREAD + 1));
		pw_sim_tube_fill(w->world, tube, subject, w->at);
		if (i == 0 && has_fault(w, PW_SIM_PERSON_TWICE))
			write_wrong_add(w, subject, PW_SIM_PERSON_TWICE);
	}
}

static void write_close(writer *w, pw_sim_tube *tube)
{
	pw_sim_step close = {.action = PW_SIM_CLOSE, .count = tube->count};
	if (has_fault(w, PW_SIM_WRONG_COUNT)) {
		pw_sim_step slip = close;
		bool fewer = tube->count > 1 && pw_rng_chance(&w->world->plan, 0.5);
		slip.count += fewer ? -1 : 1;
		slip.fault = PW_SIM_WRONG_COUNT;
		emit(w, slip, SLIP_SECONDS);
	}
	emit(w, close, CLOSE_SECONDS);
	tube->closed_at = w->at;
}

static void begin_lane(writer *w)
{
	w->at = w->world->opts.day_start + (pw_time)pw_rng_below(&w->world->plan, 60) * PW_SECOND;
	w->collector =
		pw_arena_printf(&w->world->arena, "S%02d-C%02d", w->tube->site, w->tube->lane);
	w->offline = pw_world_site_offline(w->world, w->tube->site);
}

/* Two steps of one collector are never at one time. */
static int compare_steps(const void *left, const void *right)
{
	const pw_sim_step *a = left, *b = right;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->site != b->site)
		return a->site < b->site ? -1 : 1;
	return strcmp(a->collector, b->collector);
}

void pw_sim_write_steps(pw_world *world)
{
	writer w = {.world = world};
	for (size_t i = 0; i < world->day.len; i++) {
		pw_sim_tube *tube = world->day.ptr[i];
		const pw_sim_tube *previous = i > 0 ? world->day.ptr[i - 1] : NULL;
		w.tube = tube;
		if (previous == NULL || !same_lane(tube, previous))
			begin_lane(&w);
		write_open(&w, previous);
		write_adds(&w, tube);
		if (has_fault(&w, PW_SIM_OVER_FULL))
			write_wrong_add(&w, (size_t)world->day.ptr[i + 1]->members[0],
					PW_SIM_OVER_FULL);
		write_close(&w, tube);
	}
	if (world->steps.len > 0)
		qsort(world->steps.ptr, world->steps.len, sizeof(*world->steps.ptr), compare_steps);
	if (world->logged.len > 0)
		qsort(world->logged.ptr, world->logged.len, sizeof(*world->logged.ptr),
		      compare_steps);
}
