/* The way to the laboratory: tubes into boxes, boxes with a list each, and what goes wrong with them. */
#include <stdlib.h>
#include <string.h>

#include "core/base/csv.h"
#include "core/simulate/impl.h"

/* From the last cap to the laboratory's door. */
#define DRIVE_MINUTES 20
#define DRIVE_SPREAD  40

typedef PW_VEC(pw_sim_tube *) tube_list;

/* A box as it is packed; its arrivals can grow by the one tube that strays in from the box before. */
typedef struct packed {
	pw_sim_tube **list; /* NULL-ended */
	pw_sim_arrival *arrivals;
	pw_sim_box box;
} packed;

typedef PW_VEC(packed) packed_list;

static int compare_closed(const void *left, const void *right)
{
	const pw_sim_tube *a = *(pw_sim_tube *const *)left, *b = *(pw_sim_tube *const *)right;
	if (a->closed_at != b->closed_at)
		return a->closed_at < b->closed_at ? -1 : 1;
	return a->lane < b->lane ? -1 : a->lane > b->lane;
}

static int compare_codes(const void *left, const void *right)
{
	return strcmp(((const packed *)left)->box.box, ((const packed *)right)->box.box);
}

static int compare_boxes(const void *left, const void *right)
{
	const packed *a = left, *b = right;
	if (a->box.at != b->box.at)
		return a->box.at < b->box.at ? -1 : 1;
	return compare_codes(a, b);
}

static const char *next_code(pw_world *world, const pw_sim_codes *codes)
{
	if (codes != NULL && codes->next_box != NULL)
		return codes->next_box(codes->ctx);
	return pw_arena_printf(&world->arena, "CB%06d", ++world->own_boxes);
}

static pw_status pack_box(pw_world *world, const pw_sim_codes *codes, pw_sim_tube *const *tubes,
			  size_t count, packed *out, pw_err *err)
{
	const char *code = next_code(world, codes);
	if (code == NULL || code[0] == '\0')
		return pw_fail(err, PW_ERR_ARG, "next_box gave no code; give one for each box");
	packed p = {.box = {.site = tubes[0]->site, .arrival_count = count}};
	p.list = pw_arena_array(&world->arena, count + 1, sizeof(*p.list));
	memcpy(p.list, tubes, count * sizeof(*p.list));
	p.arrivals = pw_arena_array(&world->arena, count + 1, sizeof(*p.arrivals));
	for (size_t i = 0; i < count; i++)
		p.arrivals[i] = (pw_sim_arrival){
			.tube = tubes[i]->code, .swabs = tubes[i]->count, .listed = true};
	p.box.box = pw_arena_strdup(&world->arena, code);
	p.box.at = tubes[count - 1]->closed_at +
		   (DRIVE_MINUTES + (pw_time)pw_rng_below(&world->plan, DRIVE_SPREAD)) * PW_MINUTE;
	*out = p;
	return PW_OK;
}

static pw_status pack_boxes(pw_world *world, const pw_sim_codes *codes, tube_list *tubes,
			    packed_list *out, pw_err *err)
{
	if (tubes->len > 0)
		qsort(tubes->ptr, tubes->len, sizeof(*tubes->ptr), compare_closed);
	size_t size = (size_t)world->opts.box_size;
	for (size_t i = 0; i < tubes->len; i += size) {
		size_t count = tubes->len - i < size ? tubes->len - i : size;
		packed p;
		pw_status rc = pack_box(world, codes, tubes->ptr + i, count, &p, err);
		if (rc != PW_OK)
			return rc;
		pw_vec_push(out, p);
	}
	return PW_OK;
}

static pw_status refuse_doubles(packed_list *boxes, pw_err *err)
{
	qsort(boxes->ptr, boxes->len, sizeof(*boxes->ptr), compare_codes);
	for (size_t i = 1; i < boxes->len; i++) {
		const char *code = boxes->ptr[i].box.box;
		if (strcmp(code, boxes->ptr[i - 1].box.box) == 0)
			return pw_fail(err, PW_ERR_EXISTS,
				       "next_box gave '%s' a second time; give each code once",
				       code);
	}
	return PW_OK;
}

/* One tube of `from` travels in the next box, somewhere among its own. */
static void stray(pw_world *world, packed *from, packed *to)
{
	size_t left = from->box.arrival_count, i;
	do { /* at most one of them strayed in itself */
		i = (size_t)pw_rng_below(&world->plan, left);
	} while (!from->arrivals[i].listed);
	pw_sim_arrival tube = from->arrivals[i];
	tube.listed = false;
	memmove(&from->arrivals[i], &from->arrivals[i + 1], (left - i - 1) * sizeof(tube));
	from->box.arrival_count--;
	from->box.missing++;
	size_t place = (size_t)pw_rng_below(&world->plan, to->box.arrival_count + 1);
	memmove(&to->arrivals[place + 1], &to->arrivals[place],
		(to->box.arrival_count - place) * sizeof(tube));
	to->arrivals[place] = tube;
	to->box.arrival_count++;
}

static void misbox(pw_world *world, packed_list *boxes)
{
	if (world->opts.misboxed == 0.0 || boxes->len < 2)
		return;
	size_t surely = (size_t)pw_rng_below(&world->plan, boxes->len - 1);
	for (size_t i = 0; i + 1 < boxes->len; i++) {
		bool chance = pw_rng_chance(&world->plan, world->opts.misboxed);
		if (chance || i == surely)
			stray(world, &boxes->ptr[i], &boxes->ptr[i + 1]);
	}
}

static void leak(pw_world *world, packed_list *boxes)
{
	if (world->opts.leak == 0.0 || boxes->len == 0)
		return;
	size_t surely = (size_t)pw_rng_below(&world->plan, boxes->len);
	size_t which = 0;
	if (boxes->ptr[surely].box.arrival_count > 0)
		which = (size_t)pw_rng_below(&world->plan, boxes->ptr[surely].box.arrival_count);
	for (size_t i = 0; i < boxes->len; i++) {
		for (size_t k = 0; k < boxes->ptr[i].box.arrival_count; k++) {
			bool chance = pw_rng_chance(&world->plan, world->opts.leak);
			boxes->ptr[i].arrivals[k].leaking = chance || (i == surely && k == which);
		}
	}
}

pw_status pw_sim_fill_boxes(pw_world *world, const pw_sim_codes *codes, pw_err *err)
{
	packed_list boxes = PW_VEC_INIT;
	pw_status rc = PW_OK;
	for (size_t from = 0, to; rc == PW_OK && from < world->day.len; from = to) {
		tube_list site = PW_VEC_INIT;
		for (to = from;
		     to < world->day.len && world->day.ptr[to]->site == world->day.ptr[from]->site;
		     to++)
			pw_vec_push(&site, world->day.ptr[to]);
		rc = pack_boxes(world, codes, &site, &boxes, err);
		pw_vec_clear(&site);
	}
	if (rc == PW_OK && boxes.len > 0 && (rc = refuse_doubles(&boxes, err)) == PW_OK) {
		qsort(boxes.ptr, boxes.len, sizeof(*boxes.ptr), compare_boxes);
		misbox(world, &boxes);
		leak(world, &boxes);
	}
	for (size_t i = 0; rc == PW_OK && i < boxes.len; i++) {
		boxes.ptr[i].box.arrivals = boxes.ptr[i].arrivals;
		pw_vec_push(&world->boxes, boxes.ptr[i].box);
		pw_vec_push(&world->lists, boxes.ptr[i].list);
	}
	pw_vec_clear(&boxes);
	return rc;
}

void pw_world_manifest_csv(const pw_world *world, size_t index, pw_str *out)
{
	pw_str_add(out, "box,tube,swabs\n");
	for (pw_sim_tube **t = world->lists.ptr[index]; *t != NULL; t++) {
		pw_csv_write(out, world->boxes.ptr[index].box, ',');
		pw_str_add_char(out, ',');
		pw_csv_write(out, (*t)->code, ',');
		pw_str_addf(out, ",%d\n", (*t)->count);
	}
}
