/*
 * Who goes into which tube: the queues at the sites, cut into lanes of one collector, packed into
 * tubes with households together.
 */
#include <string.h>

#include "core/simulate/impl.h"

/* A collector swabs so many people on a day of eight hours, at 22 s each. */
#define PEOPLE_PER_LANE 1300

/* How far down the queue a collector looks for a household that fits into the rest of a tube. */
#define LOOK_AHEAD 8

typedef PW_VEC(int) int_list;

typedef struct packer {
	pw_world *world;
	const pw_sim_codes *codes;
	int site, lane;
	int_list pool;    /* in the tube in hand */
	int_list singles; /* waiting beside the table until it is closed */
} packer;

int pw_sim_site_of(const pw_world *world, const pw_sim_household *household)
{
	return household->village % world->opts.sites + 1;
}

static bool is_single(const pw_sim_subject *s)
{
	return s->kind == PW_PLACE || pw_group_must_test(s->group);
}

/* Members who are there, of one kind. */
static int count_present(const pw_world *world, int home, bool single)
{
	const pw_sim_household *h = &world->households[home];
	int count = 0;
	for (int i = h->first; i < h->first + h->count; i++) {
		const pw_sim_subject *s = &world->subjects[i];
		if (!s->no_show && is_single(s) == single)
			count++;
	}
	return count;
}

static const char *next_code(packer *p)
{
	if (p->codes != NULL && p->codes->next_tube != NULL)
		return p->codes->next_tube(p->codes->ctx);
	return pw_arena_printf(&p->world->arena, "CT%08d", ++p->world->own_tubes);
}

static pw_status add_tube(packer *p, const int *members, size_t count, int capacity, pw_err *err)
{
	const char *code = next_code(p);
	if (code == NULL || code[0] == '\0')
		return pw_fail(err, PW_ERR_ARG, "next_tube gave no code; give one for each tube");
	pw_sim_tube *tube = pw_sim_tube_add(p->world, code, capacity);
	if (tube == NULL)
		return pw_fail(err, PW_ERR_EXISTS,
			       "next_tube gave '%s' a second time; give each code once", code);
	int *copy = pw_arena_array(&p->world->arena, count, sizeof(*copy));
	memcpy(copy, members, count * sizeof(*copy));
	tube->members = copy;
	tube->count = (int)count;
	tube->site = p->site;
	tube->lane = p->lane;
	pw_vec_push(&p->world->day, tube);
	return PW_OK;
}

/* Closes the tube in hand; then those who waited get a tube each. */
static pw_status flush(packer *p, pw_err *err)
{
	pw_status rc = PW_OK;
	if (p->pool.len > 0)
		rc = add_tube(p, p->pool.ptr, p->pool.len, p->world->opts.pool_size, err);
	p->pool.len = 0;
	for (size_t i = 0; rc == PW_OK && i < p->singles.len; i++)
		rc = add_tube(p, &p->singles.ptr[i], 1, 1, err);
	p->singles.len = 0;
	return rc;
}

static pw_status serve(packer *p, int home, pw_err *err)
{
	const pw_sim_household *h = &p->world->households[home];
	pw_status rc = PW_OK;
	for (int i = h->first; rc == PW_OK && i < h->first + h->count; i++) {
		const pw_sim_subject *s = &p->world->subjects[i];
		if (s->no_show)
			continue;
		if (is_single(s))
			pw_vec_push(&p->singles, i);
		else
			pw_vec_push(&p->pool, i);
		if (p->pool.len == (size_t)p->world->opts.pool_size)
			rc = flush(p, err);
	}
	if (rc == PW_OK && p->pool.len == 0)
		rc = flush(p, err);
	return rc;
}

/* The first household near the front that fits into the tube in hand, or -1. */
static int find_fitting(const packer *p, const int *queue, size_t count)
{
	int room = p->world->opts.pool_size - (int)p->pool.len;
	for (size_t i = 0; i < count && i < LOOK_AHEAD; i++) {
		if (count_present(p->world, queue[i], false) <= room)
			return (int)i;
	}
	return -1;
}

static pw_status pack_lane(packer *p, int *queue, size_t count, pw_err *err)
{
	pw_status rc = PW_OK;
	while (rc == PW_OK && count > 0) {
		int fitting = find_fitting(p, queue, count);
		if (fitting < 0 && (rc = flush(p, err)) != PW_OK)
			break;
		size_t place = fitting < 0 ? 0 : (size_t)fitting;
		int home = queue[place];
		memmove(queue + 1, queue, place * sizeof(*queue));
		rc = serve(p, home, err);
		queue++;
		count--;
	}
	return rc == PW_OK ? flush(p, err) : rc;
}

/* Fills *out with the households that come to the site; returns how many people that is. */
static int list_queue(const pw_world *world, int site, int_list *out)
{
	int people = 0;
	for (size_t i = 0; i < world->household_count; i++) {
		if (pw_sim_site_of(world, &world->households[i]) != site)
			continue;
		int here = count_present(world, (int)i, false) + count_present(world, (int)i, true);
		if (here > 0)
			pw_vec_push(out, (int)i);
		people += here;
	}
	return people;
}

static pw_status pack_site(packer *p, pw_err *err)
{
	int_list queue = PW_VEC_INIT;
	int people = list_queue(p->world, p->site, &queue);
	size_t lanes = (size_t)(people / PEOPLE_PER_LANE) + 1;
	if (queue.len > 0)
		pw_rng_shuffle(&p->world->plan, queue.ptr, queue.len, sizeof(*queue.ptr));
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < lanes; i++) {
		size_t from = queue.len * i / lanes, to = queue.len * (i + 1) / lanes;
		p->lane = (int)i + 1;
		if (to > from)
			rc = pack_lane(p, queue.ptr + from, to - from, err);
	}
	pw_vec_clear(&queue);
	return rc;
}

pw_status pw_sim_pack(pw_world *world, const pw_sim_codes *codes, pw_err *err)
{
	packer p = {.world = world, .codes = codes};
	pw_status rc = PW_OK;
	for (p.site = 1; rc == PW_OK && p.site <= world->opts.sites; p.site++)
		rc = pack_site(&p, err);
	pw_vec_clear(&p.pool);
	pw_vec_clear(&p.singles);
	return rc;
}
