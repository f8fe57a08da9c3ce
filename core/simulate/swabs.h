/*
 * The day at the swabbing sites and on the road, as the steps that a driver performs on a laboratory.
 *
 * At each site people queue by household; a lane is one collector with one tube in hand. Who comes of
 * their own will goes into pools of the world's pool size, households together (a household is split
 * only when it is larger than a pool); members of must-test groups and places get a tube each.
 * Slips of the hand are steps of their own, marked with a fault: the laboratory has to refuse them, and
 * the next step without a fault does it right. Sites without a network have no steps; they hand
 * in a log. At the end of a lane's day its tubes go into boxes.
 */
#ifndef PW_SIMULATE_SWABS_H
#define PW_SIMULATE_SWABS_H

#include "core/simulate/world.h"

typedef enum pw_sim_action {
	PW_SIM_OPEN,  /* a new tube: tube, capacity, site, collector */
	PW_SIM_ADD,   /* a swab goes into it: tube, subject */
	PW_SIM_CLOSE, /* the cap goes on: tube, count = people counted in front of the table */
} pw_sim_action;

const char *pw_sim_action_name(pw_sim_action action); /* "open", "add", "close" */

/* What is wrong with a step that has to be refused. */
typedef enum pw_sim_fault {
	PW_SIM_RIGHT,           /* nothing */
	PW_SIM_PERSON_TWICE,    /* add: the person who has just been scanned into this tube */
	PW_SIM_TUBE_USED,       /* open: a tube that was closed earlier */
	PW_SIM_OVER_FULL,       /* add: one more than the tube holds */
	PW_SIM_WRONG_COUNT,     /* close: one more or one fewer than was scanned */
	PW_SIM_UNKNOWN_SUBJECT, /* add: an id that is not on the roster */
	PW_SIM_FAULT_COUNT
} pw_sim_fault;

const char *pw_sim_fault_name(pw_sim_fault fault); /* "right", "person-twice", … */

/* Texts live as long as the world; what an action does not use is "" or 0. */
typedef struct pw_sim_step {
	pw_time at;
	int site; /* from 1 */
	const char *collector;
	pw_sim_action action;
	const char *tube;
	const char *subject; /* external id */
	int capacity, count;
	pw_sim_fault fault;
} pw_sim_step;

/* Where the barcodes of tubes and boxes come from: each call gives a code that was not given before,
 * which is copied. A member that is NULL: the world's own ("CT…", "CB…"), as if pre-printed by a maker. */
typedef struct pw_sim_codes {
	const char *(*next_tube)(void *ctx);
	const char *(*next_box)(void *ctx);
	void *ctx;
} pw_sim_codes;

/* Plans and fills the tubes of the day; once in a world's life. `codes` may be NULL. PW_ERR_ARG: a
 * callback gave NULL or "". PW_ERR_EXISTS: a code was given twice, or the day is over already.
 * After an error about a code the world is half made: free it. */
PW_NODISCARD pw_status pw_world_swab(pw_world *world, const pw_sim_codes *codes, pw_err *err);

/* The steps of all sites on line, by time; none before pw_world_swab. Lives as long as the world. */
const pw_sim_step *pw_world_steps(const pw_world *world, size_t *out_count);

/* Whether site `site` (from 1) keeps a log instead. The offline ones are the last. */
bool pw_world_site_offline(const pw_world *world, int site);

/* Appends the log of an offline site, the bytes that core/exchange/collection.h reads (columns at,
 * action, tube, subject, capacity, count, collector); no slips in it. Only the header row for a site
 * that is on line. */
void pw_world_log_csv(const pw_world *world, int site, pw_str *out);

/* A tube that is really in a box when it is opened at the laboratory. */
typedef struct pw_sim_arrival {
	const char *tube;
	int swabs;
	bool leaking; /* to be rejected; its people are swabbed again */
	bool listed;  /* on this box's list; false: it belongs to another box */
} pw_sim_arrival;

typedef struct pw_sim_box {
	const char *box;
	int site;
	pw_time at; /* when it reaches the laboratory */
	const pw_sim_arrival *arrivals;
	size_t arrival_count;
	size_t missing; /* tubes on its list that are not in it; each arrives in another box */
} pw_sim_box;

/* The boxes by time of arrival; none before pw_world_swab. Lives as long as the world. */
const pw_sim_box *pw_world_boxes(const pw_world *world, size_t *out_count);

/* Appends the list that travels with box `index`: columns box, tube, swabs. */
void pw_world_manifest_csv(const pw_world *world, size_t index, pw_str *out);

#endif
