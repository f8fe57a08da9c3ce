#include "core/simulate/impl.h"

#include <stdio.h>
#include <string.h>

#include "core/base/csv.h"
#include "core/base/mem.h"
#include "core/model/ident.h"

#define PEOPLE_PER_VILLAGE    500
#define VILLAGES_PER_TOWNSHIP 4
#define TOWNSHIPS_PER_COUNTY  3
#define COUNTIES_PER_CITY     8

static int draw_weighted(pw_rng *rng, const double *weight, int count)
{
	double total = 0.0;
	for (int i = 0; i < count; i++)
		total += weight[i];
	double x = pw_rng_uniform(rng) * total;
	for (int i = 0; i < count - 1; i++) {
		if (x < weight[i])
			return i;
		x -= weight[i];
	}
	return count - 1;
}

/* Households by size in percent: China's census of 2010, table 1-10, six and more taken as six. */
static int draw_household_size(pw_rng *rng)
{
	static const double percent[] = {14.53, 24.37, 26.86, 17.56, 10.03, 6.63};
	return 1 + draw_weighted(rng, percent, 6);
}

/* Nine in ten Chinese; the others equally. */
static int draw_script(pw_rng *rng)
{
	static const double percent[PW_SIM_SCRIPTS] = {91.0, 3.0, 3.0, 3.0};
	return draw_weighted(rng, percent, PW_SIM_SCRIPTS);
}

/* The kinds of must-test group in percent: a plain choice. The first eight people who belong to one
 * take one kind each, so that a day of any size has them all. */
static pw_group draw_group(pw_rng *rng, int nth)
{
	static const double percent[] = {15.0, 10.0, 15.0, 20.0, 20.0, 7.0, 5.0, 8.0};
	int kinds = PW_GROUP_COUNT - 1;
	int kind = nth < kinds ? nth : draw_weighted(rng, percent, kinds);
	return (pw_group)(1 + kind);
}

char *pw_sim_national_id(pw_arena *arena, pw_rng *rng, size_t index)
{
	/* 99 is no province. The rest of the region and the serial number tell the people apart,
	 * scattered so that neighbours don't look alike. */
	unsigned scattered = (unsigned)(index * 7654321u % 10000000u);
	int year = 1936 + (int)pw_rng_below(rng, 82), month = 1 + (int)pw_rng_below(rng, 12);
	int day = 1 + (int)pw_rng_below(rng, 28);
	char text[64];
	snprintf(text, sizeof(text), "99%04u%04d%02d%02d%03u", scattered / 1000, year, month, day,
		 scattered % 1000);
	return pw_arena_printf(arena, "%s%c", text, pw_mod11_2(text, 17));
}

/* Abroad, passports; one in a hundred has nothing to show. */
static const char *draw_national_id(pw_world *world, pw_rng *rng, int script, size_t index)
{
	if (pw_rng_chance(rng, 0.01))
		return "";
	if (script == 0)
		return pw_sim_national_id(&world->arena, rng, index);
	return pw_arena_printf(&world->arena, "P%08zu", index + 1);
}

static void add_household(pw_world *world, pw_rng *rng, int size)
{
	int first = (int)world->subject_count;
	pw_sim_household *home = &world->households[world->household_count];
	*home = (pw_sim_household){first, size, 0};
	int script = draw_script(rng);
	uint64_t family = pw_rng_next(rng);
	for (int i = first; i < first + size; i++) {
		pw_sim_subject *s = &world->subjects[i];
		s->kind = PW_PERSON;
		s->household = (int)world->household_count;
		s->name = pw_sim_name(&world->arena, rng, script, family);
		s->national_id = draw_national_id(world, rng, script, (size_t)i);
		s->no_show = pw_rng_chance(rng, world->opts.no_show);
	}
	world->subject_count += (size_t)size;
	world->household_count++;
}

static void add_place(pw_world *world, int number)
{
	pw_sim_subject *s = &world->subjects[world->subject_count];
	const char *form = number % 2 == 0 ? "Market stall %d" : "冷链箱%d号";
	s->kind = PW_PLACE;
	s->household = (int)world->household_count;
	s->name = pw_arena_printf(&world->arena, form, number + 1);
	s->national_id = "";
	world->households[world->household_count++] =
		(pw_sim_household){(int)world->subject_count, 1, number};
	world->subject_count++;
}

static void assign_groups(pw_world *world, pw_rng *rng)
{
	int nth = 0;
	for (size_t i = 0; i < (size_t)world->opts.people; i++) {
		if (pw_rng_chance(rng, world->opts.must_test))
			world->subjects[i].group = draw_group(rng, nth++);
	}
}

/* Villages are runs of the roster; places lie in them in turn. */
static void assign_villages(pw_world *world)
{
	int people = world->opts.people;
	int villages = (people + PEOPLE_PER_VILLAGE - 1) / PEOPLE_PER_VILLAGE;
	world->village_count = villages > world->opts.sites ? villages : world->opts.sites;
	for (size_t i = 0; i < world->household_count; i++) {
		pw_sim_household *home = &world->households[i];
		if (home->first < people)
			home->village = (int)((int64_t)home->first * world->village_count / people);
		else
			home->village %= world->village_count;
	}
}

void pw_sim_people(pw_world *world, pw_rng *rng)
{
	int people = world->opts.people;
	int places = (int)(world->opts.places * people + 0.5);
	size_t room = (size_t)people + (size_t)places;
	world->subjects = pw_alloc_array(room, sizeof(*world->subjects));
	world->households = pw_alloc_array(room, sizeof(*world->households));
	pw_rng homes = pw_rng_split(rng), sizes = pw_rng_split(rng), groups = pw_rng_split(rng);
	for (int left = people; left > 0;) {
		int size = draw_household_size(&sizes);
		size = size < left ? size : left;
		add_household(world, &homes, size);
		left -= size;
	}
	for (int i = 0; i < places; i++)
		add_place(world, i);
	assign_groups(world, &groups);
	assign_villages(world);
}

void pw_sim_external_id(size_t subject, char out[16])
{
	snprintf(out, 16, "R%07u", (unsigned)subject + 1);
}

bool pw_sim_subject_find(const pw_world *world, const char *external_id, size_t *out)
{
	int64_t number;
	if (external_id[0] != 'R' || !pw_parse_int(external_id + 1, &number) || number < 1 ||
	    (uint64_t)number > world->subject_count)
		return false;
	char exactly[16];
	pw_sim_external_id((size_t)number - 1, exactly);
	if (strcmp(exactly, external_id) != 0)
		return false;
	*out = (size_t)number - 1;
	return true;
}

/* --- the roster's text */

/* Every other one in Chinese characters. */
static void add_region(pw_str *out, int number, const char *english, const char *chinese)
{
	if (number % 2 == 0)
		pw_str_addf(out, ",%s %d", english, number + 1);
	else
		pw_str_addf(out, ",第%d%s", number + 1, chinese);
}

static void add_path(pw_str *out, int village)
{
	int township = village / VILLAGES_PER_TOWNSHIP, county = township / TOWNSHIPS_PER_COUNTY;
	add_region(out, county / COUNTIES_PER_CITY, "City", "市");
	add_region(out, county, "County", "县");
	add_region(out, township, "Township", "镇");
	add_region(out, village, "Village", "村");
}

static void add_roster_row(const pw_world *world, size_t index, pw_str *out)
{
	const pw_sim_subject *s = &world->subjects[index];
	char id[16];
	pw_sim_external_id(index, id);
	pw_csv_write(out, s->name, ',');
	pw_str_addf(out, ",%s,%s,", s->national_id, id);
	bool person = s->kind == PW_PERSON;
	if (person) /* no telephone number starts with 000 */
		pw_str_addf(out, "000-%04zu-%04zu", index / 10000 % 10000, index % 10000);
	add_path(out, world->households[s->household].village);
	if (person)
		pw_str_addf(out, ",H%07d", s->household + 1);
	else
		pw_str_add(out, ",");
	pw_str_addf(out, ",%s,%s\n", pw_group_name(s->group), pw_subject_kind_name(s->kind));
}

void pw_world_roster_csv(const pw_world *world, pw_str *out)
{
	pw_str_add(out, "name,national_id,external_id,phone,city,county,township,village,household,"
			"group,kind\n");
	for (size_t i = 0; i < world->subject_count; i++)
		add_roster_row(world, i, out);
}
