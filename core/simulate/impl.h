/* The inside of a world: for the files of this folder and their tests. */
#ifndef PW_SIMULATE_IMPL_H
#define PW_SIMULATE_IMPL_H

#include "core/base/arena.h"
#include "core/base/rng.h"
#include "core/base/vec.h"
#include "core/model/roster.h"
#include "core/simulate/swabs.h"
#include "core/simulate/world.h"

/* An infection's course in log10 copies/mL: up from 2.5 to `peak` in `rise` days, then down by `fall` a
 * day; `age` days after it passed 2.5 the campaign's day starts. */
typedef struct pw_sim_load {
	double age, rise, peak, fall;
} pw_sim_load;

typedef struct pw_sim_subject {
	const char *name, *national_id;
	pw_subject_kind kind;
	pw_group group;
	int household;
	bool infected, no_show;
	bool missed; /* has stayed away from a recall once */
	pw_sim_load load;
} pw_sim_subject;

/* Members are subjects first … first + count - 1. A place is a household of its own. */
typedef struct pw_sim_household {
	int first, count;
	int village;
} pw_sim_household;

typedef struct pw_sim_tube {
	const char *code;
	int site, lane; /* 0 for a re-swab */
	int capacity;
	const int *members; /* subjects */
	int count;
	double viral_per_ml; /* copies in a mL of its medium */
	bool human;          /* somebody's cells are in it; else a place's */
	unsigned faults;     /* 1 << pw_sim_fault */
	pw_time closed_at;
} pw_sim_tube;

/* Tubes by code: open addressing, at most half full. */
typedef struct pw_sim_tubes {
	pw_sim_tube **slot;
	size_t len, room;
} pw_sim_tubes;

struct pw_world {
	pw_world_opts opts;
	pw_arena arena; /* texts and tubes */
	pw_sim_subject *subjects;
	size_t subject_count;
	pw_sim_household *households;
	size_t household_count;
	int village_count;
	pw_rng infection, plan; /* one stream a purpose; the people's are used up in pw_world_new */

	pw_sim_tubes tubes;
	bool swabbed;
	PW_VEC(pw_sim_tube *) day;  /* the day's tubes in the order of sites, lanes and time */
	PW_VEC(pw_sim_step) steps;  /* of sites on line */
	PW_VEC(pw_sim_step) logged; /* of the others */
	PW_VEC(pw_sim_box) boxes;
	PW_VEC(pw_sim_tube **) lists; /* by box: its list, box_size tubes at most, NULL-ended */
	int own_tubes, own_boxes;     /* codes given out by the world itself */
};

/* --- draws */

/* The generator of one thing: the same world, purpose, names and number give the same draws. */
pw_rng pw_sim_draw(const pw_world *world, const char *purpose, const char *a, const char *b,
		   int number);

/* --- people */

/* Subjects, households and their texts. */
void pw_sim_people(pw_world *world, pw_rng *rng);

/* A name of `script` (0 Chinese, 1 Latin, 2 Arabic, 3 Hindi); the Chinese family name is `family`. */
#define PW_SIM_SCRIPTS 4
char *pw_sim_name(pw_arena *arena, pw_rng *rng, int script, uint64_t family);

/* 18 characters for number `index`, different for each below 10,000,000. */
char *pw_sim_national_id(pw_arena *arena, pw_rng *rng, size_t index);

/* "R0000001" for subject 0. */
void pw_sim_external_id(size_t subject, char out[16]);
bool pw_sim_subject_find(const pw_world *world, const char *external_id, size_t *out);

/* --- infection */

/* Who is infected, so that the expected share is the options'. */
void pw_sim_infect(pw_world *world);

/* The chance of being infected from outside the household that gives the asked prevalence, and the
 * prevalence that a chance gives. */
double pw_sim_solve_outside(const pw_world *world);
double pw_sim_expected(const pw_world *world, double outside);

/* log10 copies/mL of a swab in its own tube, `days` after the campaign's day started. */
double pw_sim_load_at(const pw_sim_load *load, double days);

/* --- tubes */

/* A tube of code `code` (copied); NULL when the code has been used. */
pw_sim_tube *pw_sim_tube_add(pw_world *world, const char *code, int capacity);
pw_sim_tube *pw_sim_tube_find(const pw_world *world, const char *code);

/* Puts a subject's swab into the tube at a time. */
void pw_sim_tube_fill(pw_world *world, pw_sim_tube *tube, size_t subject, pw_time at);

/* --- the day: what pw_world_swab does, in this order */

/* World-wide: site of a household, and how many lanes work at a site with so many people. */
int pw_sim_site_of(const pw_world *world, const pw_sim_household *household);
pw_status pw_sim_pack(pw_world *world, const pw_sim_codes *codes, pw_err *err);
void pw_sim_choose_faults(pw_world *world);
void pw_sim_write_steps(pw_world *world);
pw_status pw_sim_fill_boxes(pw_world *world, const pw_sim_codes *codes, pw_err *err);

#endif
