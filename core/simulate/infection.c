/*
 * Who is infected, and how far it has gone. An infection comes from outside, more often for some
 * groups, or from somebody of the household who was infected outside.
 */
#include "core/simulate/impl.h"

#define MAX_OUTSIDE   0.9
#define MAX_DAYS      25.0 /* as long as a PCR finds it */
#define START_LOG10   2.5  /* the load at which the course begins: about what a PCR can find */
#define SETTLED_LOG10 6.0  /* the load whose passing sets the speed of the fall */

/* How much more often than a neighbour: a plain choice. */
static double risk(const pw_sim_subject *s)
{
	switch (s->group) {
	case PW_GROUP_CLOSE_CONTACT:
		return 10.0;
	case PW_GROUP_INBOUND_TRAVELLER:
	case PW_GROUP_FEVER_CLINIC:
		return 5.0;
	default:
		return s->kind == PW_PLACE ? 0.3 : 1.0;
	}
}

static double outside_chance(const pw_sim_subject *s, double outside)
{
	double p = outside * risk(s);
	return p < MAX_OUTSIDE ? p : MAX_OUTSIDE;
}

/* Expected infected members of a household. */
static double expect_household(const pw_world *world, const pw_sim_household *home, double outside)
{
	const pw_sim_subject *s = world->subjects + home->first;
	double expected = 0.0;
	for (int i = 0; i < home->count; i++) {
		double spared = 1.0 - outside_chance(&s[i], outside);
		for (int j = 0; j < home->count; j++) {
			if (j != i)
				spared *= 1.0 - world->opts.attack * outside_chance(&s[j], outside);
		}
		expected += 1.0 - spared;
	}
	return expected;
}

double pw_sim_expected(const pw_world *world, double outside)
{
	double expected = 0.0;
	for (size_t i = 0; i < world->household_count; i++) {
		if (world->subjects[world->households[i].first].kind == PW_PERSON)
			expected += expect_household(world, &world->households[i], outside);
	}
	return expected / world->opts.people;
}

double pw_sim_solve_outside(const pw_world *world)
{
	double low = 0.0, high = MAX_OUTSIDE;
	for (int i = 0; i < 50; i++) {
		double middle = (low + high) / 2.0;
		if (pw_sim_expected(world, middle) < world->opts.prevalence)
			low = middle;
		else
			high = middle;
	}
	return low;
}

double pw_sim_load_at(const pw_sim_load *load, double days)
{
	double t = load->age + days;
	if (t < load->rise)
		return START_LOG10 + (load->peak - START_LOG10) * t / load->rise;
	return load->peak - load->fall * (t - load->rise);
}

/* A moment of the course, all equally likely: the campaign does not choose its day by the person. */
static pw_sim_load draw_course(pw_rng *rng)
{
	pw_sim_load load;
	load.rise = 0.5 + 2.5 * pw_rng_uniform(rng);
	load.peak = 7.0 + 2.5 * pw_rng_uniform(rng);
	load.fall = (load.peak - SETTLED_LOG10) / (4.0 + 5.0 * pw_rng_uniform(rng));
	double days = load.rise + (load.peak - START_LOG10) / load.fall;
	load.age = pw_rng_uniform(rng) * (days < MAX_DAYS ? days : MAX_DAYS);
	return load;
}

/* On a surface the virus only fades. */
static pw_sim_load draw_trace(pw_rng *rng)
{
	return (pw_sim_load){0.0, 0.0, START_LOG10 + 2.5 * pw_rng_uniform(rng), 0.1};
}

static void infect(pw_sim_subject *s, pw_rng *rng)
{
	if (s->infected)
		return;
	s->infected = true;
	s->load = s->kind == PW_PLACE ? draw_trace(rng) : draw_course(rng);
}

static void infect_household(pw_world *world, const pw_sim_household *home, double outside)
{
	pw_sim_subject *s = world->subjects + home->first;
	bool index_case[8] = {false};
	for (int i = 0; i < home->count; i++) {
		index_case[i] = pw_rng_chance(&world->infection, outside_chance(&s[i], outside));
		if (index_case[i])
			infect(&s[i], &world->infection);
	}
	for (int i = 0; i < home->count; i++) {
		for (int j = 0; index_case[i] && j < home->count; j++) {
			if (j != i && pw_rng_chance(&world->infection, world->opts.attack))
				infect(&s[j], &world->infection);
		}
	}
}

void pw_sim_infect(pw_world *world)
{
	double outside = pw_sim_solve_outside(world);
	for (size_t i = 0; i < world->household_count; i++)
		infect_household(world, &world->households[i], outside);
}
