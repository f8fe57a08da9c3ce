#include "core/simulate/world.h"

#include <inttypes.h>
#include <math.h>

#include "core/base/hash.h"
#include "core/base/mem.h"
#include "core/simulate/impl.h"

static pw_status check_counts(const pw_world_opts *o, pw_err *err)
{
	const struct {
		const char *name;
		int value, max;
	} count[] = {
		{"people", o->people, 1000000},
		{"pool_size", o->pool_size, 20},
		{"sites", o->sites, 1000},
		{"box_size", o->box_size, 200},
	};
	for (size_t i = 0; i < sizeof(count) / sizeof(count[0]); i++) {
		if (count[i].value < 1 || count[i].value > count[i].max)
			return pw_fail(err, PW_ERR_ARG, "%s %d: give 1 to %d", count[i].name,
				       count[i].value, count[i].max);
	}
	return PW_OK;
}

static pw_status check_shares(const pw_world_opts *o, pw_err *err)
{
	const struct {
		const char *name;
		double value, max;
	} share[] = {
		{"places", o->places, 1.0},
		{"prevalence", o->prevalence, 0.5},
		{"attack", o->attack, 1.0},
		{"must_test", o->must_test, 1.0},
		{"no_show", o->no_show, 1.0},
		{"recall_miss", o->recall_miss, 1.0},
		{"offline", o->offline, 1.0},
		{"wrong_scan", o->wrong_scan, 1.0},
		{"misboxed", o->misboxed, 1.0},
		{"leak", o->leak, 1.0},
		{"extraction_failure", o->extraction_failure, 1.0},
		{"false_positive", o->false_positive, 1.0},
		{"drift", o->drift, 1.0},
		{"control_failure", o->control_failure, 1.0},
	};
	for (size_t i = 0; i < sizeof(share) / sizeof(share[0]); i++) {
		/* Written so that NaN is out of range too. */
		if (!(share[i].value >= 0.0 && share[i].value <= share[i].max))
			return pw_fail(err, PW_ERR_ARG, "%s %g: give 0 to %g", share[i].name,
				       share[i].value, share[i].max);
	}
	return PW_OK;
}

pw_status pw_world_new(const pw_world_opts *opts, pw_world **out, pw_err *err)
{
	pw_status rc;
	if ((rc = check_counts(opts, err)) != PW_OK || (rc = check_shares(opts, err)) != PW_OK)
		return rc;
	pw_world *world = pw_alloc(sizeof(*world));
	world->opts = *opts;
	pw_rng root;
	pw_rng_init(&root, opts->seed);
	pw_rng people = pw_rng_split(&root);
	world->infection = pw_rng_split(&root);
	world->plan = pw_rng_split(&root);
	pw_sim_people(world, &people);
	pw_sim_infect(world);
	*out = world;
	return PW_OK;
}

void pw_world_free(pw_world *world)
{
	if (world == NULL)
		return;
	pw_free(world->subjects);
	pw_free(world->households);
	pw_free(world->tubes.slot);
	pw_vec_clear(&world->day);
	pw_vec_clear(&world->steps);
	pw_vec_clear(&world->logged);
	pw_vec_clear(&world->boxes);
	pw_vec_clear(&world->lists);
	pw_arena_clear(&world->arena);
	pw_free(world);
}

size_t pw_world_subject_count(const pw_world *world)
{
	return world->subject_count;
}

pw_rng pw_sim_draw(const pw_world *world, const char *purpose, const char *a, const char *b,
		   int number)
{
	/* A line end parts the names; no barcode holds one. */
	pw_str key = PW_STR_INIT;
	pw_str_addf(&key, "%" PRIu64 "\n%s\n%s\n%s\n%d", world->opts.seed, purpose, a, b, number);
	pw_hash hash = pw_hash_bytes(pw_str_text(&key), key.len);
	pw_str_clear(&key);
	uint64_t seed = 0;
	for (int i = 0; i < 8; i++)
		seed = seed << 8 | hash.bytes[i];
	pw_rng rng;
	pw_rng_init(&rng, seed);
	return rng;
}

void pw_world_truth_csv(const pw_world *world, pw_str *out)
{
	pw_str_add(out, "person,status\n");
	for (size_t i = 0; i < world->subject_count; i++) {
		char id[16];
		pw_sim_external_id(i, id);
		pw_str_addf(out, "%s,%s\n", id,
			    world->subjects[i].infected ? "positive" : "negative");
	}
}

pw_status pw_world_reswab(pw_world *world, const char *external_id, const char *tube, pw_time at,
			  bool *out_came, pw_err *err)
{
	size_t index;
	if (!pw_sim_subject_find(world, external_id, &index))
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "subject '%s' is not on the roster; take an external id from it",
			       external_id);
	if (pw_sim_tube_find(world, tube) != NULL)
		return pw_fail(err, PW_ERR_EXISTS, "tube '%s' has been used; take a new one", tube);
	pw_sim_subject *s = &world->subjects[index];
	pw_rng rng = pw_sim_draw(world, "recall", external_id, "", 0);
	if (!s->missed && s->kind == PW_PERSON && pw_rng_chance(&rng, world->opts.recall_miss)) {
		s->missed = true;
		*out_came = false;
		return PW_OK;
	}
	pw_sim_tube *t = pw_sim_tube_add(world, tube, 1);
	pw_sim_tube_fill(world, t, index, at);
	*out_came = true;
	return PW_OK;
}
