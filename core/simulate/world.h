/*
 * A simulated campaign: a town whose truth is known. People in households, some of them infected, with
 * a viral load that runs its course; the day on which they are swabbed (core/simulate/swabs.h); the
 * chemistry of their tubes and the instrument that writes a real vendor's files
 * (core/simulate/instrument.h). Laboratories train on it and are measured against it; the model and
 * where each number comes from is docs/internals/simulation.md.
 *
 * The rule of the game: a driver hands a laboratory only what a laboratory would see (the roster, the
 * scans, the boxes, the instrument's files). The truth is read once, at the end, by whoever compares.
 *
 * Everything follows from the options: the same options and the same calls give the same bytes. What
 * happens in a tube, an extraction well or a PCR well is drawn from the seed and the names of those
 * things, so it does not depend on the order in which a driver asks. No files, no clock, no store. One
 * world belongs to one thread.
 *
 *	pw_world_opts opts = PW_WORLD_OPTS_INIT;
 *	pw_world_new(&opts, &world, &err);        the people
 *	pw_world_roster_csv(world, &text);        what the laboratory gets beforehand
 *	pw_world_swab(world, NULL, &err);         the day: steps, logs, boxes (swabs.h)
 *	pw_world_run(world, &plate, …);           a PCR plate's files (instrument.h), as often as it takes
 *	pw_world_reswab(world, "R0000017", …);    who is called back
 *	pw_world_truth_csv(world, &text);         the answers
 *
 * "Subject" is a person or a place that is swabbed (a market stall, a cold-chain box); subjects are
 * named by their external id, "R0000001" on.
 */
#ifndef PW_SIMULATE_WORLD_H
#define PW_SIMULATE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/str.h"

typedef struct pw_world pw_world;

/* Shares and rates are from 0 to 1; a fault at rate 0 never happens. Each kind of wrong scan, a
 * misboxed tube and a leak at a rate above 0 happen at least once wherever the day is large enough to
 * hold them, so that nobody trains on a day without them. */
typedef struct pw_world_opts {
	int people;        /* on the roster: 1 to 1,000,000 */
	double places;     /* places swabbed, per person, on top of the people */
	double prevalence; /* expected share of the people who are infected: at most 0.5 */
	double attack; /* chance that an infected person infects a given other of the household */
	double must_test; /* share of people in the eight must-test groups; they are swabbed singly */
	uint64_t seed;
	int pool_size; /* swabs in a tube of those who come of their own will: 1 to 20 */
	int sites;     /* where people are swabbed: 1 to 1000 */
	int box_size;  /* tubes in a transport box: 1 to 200 */
	pw_time day_start;

	double no_show;     /* on the roster and not there on the day */
	double recall_miss; /* called back and not there the first time */
	double offline;     /* share of sites that keep a log instead of scanning on line */

	double wrong_scan; /* per scan: a slip that the laboratory has to refuse (pw_sim_fault) */
	double misboxed;   /* per box: one tube of its list travels in the next box */
	double leak;       /* per tube: arrives leaking */

	double extraction_failure; /* per extraction well: nothing comes out, no internal control */
	double false_positive; /* per specimen's PCR well: a few copies of somebody else's virus */
	double drift; /* per PCR well and target: creeps over the threshold without amplification */
	double control_failure; /* per run: a contaminated NTC or a dead positive control */
} pw_world_opts;

/* 2,000 people, 0.5 % infected, 10 to a tube, four sites, 2026-01-05 00:00 UTC. */
/* clang-format off */
#define PW_WORLD_OPTS_INIT                                                                         \
	{                                                                                          \
		.people = 2000, .places = 0.005, .prevalence = 0.005, .attack = 0.166,             \
		.must_test = 0.05, .seed = 1, .pool_size = 10, .sites = 4, .box_size = 80,         \
		.day_start = (pw_time)1767571200 * PW_SECOND, .no_show = 0.03,                     \
		.recall_miss = 0.1, .offline = 0.25, .wrong_scan = 0.002, .misboxed = 0.1,         \
		.leak = 0.003, .extraction_failure = 0.005, .false_positive = 0.001,               \
		.drift = 0.0002, .control_failure = 0.03                                           \
	}
/* clang-format on */

/* The people, who of them is infected, and how far each infection has gone. PW_ERR_ARG for an option
 * out of range, named with its range. On success *out belongs to the caller: pw_world_free. */
PW_NODISCARD pw_status pw_world_new(const pw_world_opts *opts, pw_world **out, pw_err *err);
void pw_world_free(pw_world *world);

/* People and places; their external ids are R0000001 to this number. */
size_t pw_world_subject_count(const pw_world *world);

/*
 * Appends the roster: a header row (name, national_id, external_id, phone, city, county, township,
 * village, household, group, kind) and one row a subject, households together. Chinese national ids
 * have a right check character and a region code that is no region; one person in a hundred has no
 * national id; nine households in ten have a Chinese name, the others are Latin, Arabic and Hindi.
 */
void pw_world_roster_csv(const pw_world *world, pw_str *out);

/*
 * Swabs one subject alone, into a tube of its own: who is called back, did not come on the day, or was
 * in a tube that was lost. The load is that of the moment `at`, and the swab takes its own share of it.
 * *out_came false: did not come this time and no tube was used; asked again, the subject comes.
 * PW_ERR_NOT_FOUND: nobody has that id. PW_ERR_EXISTS: the tube has been used; take another.
 */
PW_NODISCARD pw_status pw_world_reswab(pw_world *world, const char *external_id, const char *tube,
				       pw_time at, bool *out_came, pw_err *err);

/* Appends the truth: columns person (external id) and status ("positive" or "negative"), one row a
 * subject in the order of the roster. Positive is infected with a load of 300 copies/mL or more at
 * the start of the day. */
void pw_world_truth_csv(const pw_world *world, pw_str *out);

#endif
