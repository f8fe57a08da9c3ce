#include "core/pooling/scheme.h"

#include <inttypes.h>

#include "core/base/mem.h"
#include "core/base/vec.h"
#include "core/pooling/design_make.h"

static pw_status check_people(size_t people, size_t least, pw_err *err)
{
	if (people < least)
		return pw_fail(err, PW_ERR_ARG,
			       "%zu people are too few: this scheme takes %zu or more", people,
			       least);
	if (people > PW_DESIGN_MAX_SAMPLES)
		return pw_fail(err, PW_ERR_LIMIT, "%zu people are more than the %d we take", people,
			       PW_DESIGN_MAX_SAMPLES);
	return PW_OK;
}

static pw_scheme *new_scheme(pw_scheme_kind kind, size_t people, size_t stages)
{
	pw_scheme *scheme = pw_alloc(sizeof(*scheme));
	scheme->kind = kind;
	scheme->people = people;
	scheme->stages = stages;
	return scheme;
}

void pw_scheme_free(pw_scheme *scheme)
{
	if (scheme == NULL)
		return;
	pw_free(scheme->groups);
	pw_design_free(scheme->owned);
	pw_free(scheme);
}

/* ---- Forests ---- */

typedef struct forest {
	PW_VEC(pw_scheme_group) groups;
	PW_VEC(uint32_t) open; /* the groups not yet cut, in the order of the people */
	size_t people;
} forest;

static uint32_t add_group(forest *f, uint32_t start, uint32_t end, int32_t parent)
{
	uint32_t depth = parent < 0 ? 0 : f->groups.ptr[parent].depth + 1;
	pw_scheme_group group = {start, end, parent, 0, 0, depth};
	pw_vec_push(&f->groups, group);
	return (uint32_t)f->groups.len - 1;
}

/* Cuts one open group by the sizes from *at on; what is left open is appended to `next`. */
static pw_status cut_group(forest *f, uint32_t index, const pw_level *level, size_t *at,
			   uint32_t *next, size_t *next_len, pw_err *err)
{
	uint32_t start = f->groups.ptr[index].start, end = f->groups.ptr[index].end;
	if (level->sizes[*at] == end - start) {
		(*at)++;
		next[(*next_len)++] = index;
		return PW_OK;
	}
	f->groups.ptr[index].first_child = (uint32_t)f->groups.len;
	while (start < end) {
		uint32_t size = *at < level->count ? level->sizes[*at] : 0;
		if (size == 0 || size > end - start)
			return pw_fail(err, PW_ERR_ARG,
				       "part %zu, of %" PRIu32
				       ", does not fit into its pool, where %" PRIu32 " are left",
				       *at + 1, size, end - start);
		next[(*next_len)++] = add_group(f, start, start + size, (int32_t)index);
		f->groups.ptr[index].children++;
		start += size;
		(*at)++;
	}
	return PW_OK;
}

static pw_status cut_level(forest *f, const pw_level *level, pw_err *err)
{
	uint32_t *next = pw_alloc_array(f->people, sizeof(*next));
	size_t next_len = 0, at = 0;
	pw_status rc = PW_OK;
	for (size_t i = 0; i < f->open.len && rc == PW_OK; i++)
		rc = cut_group(f, f->open.ptr[i], level, &at, next, &next_len, err);
	f->open.len = 0;
	for (size_t i = 0; i < next_len; i++)
		pw_vec_push(&f->open, next[i]);
	pw_free(next);
	return rc;
}

static void cut_into_people(forest *f)
{
	for (size_t i = 0; i < f->open.len; i++) {
		uint32_t index = f->open.ptr[i];
		uint32_t start = f->groups.ptr[index].start, end = f->groups.ptr[index].end;
		if (end - start == 1)
			continue;
		f->groups.ptr[index].first_child = (uint32_t)f->groups.len;
		f->groups.ptr[index].children = end - start;
		for (uint32_t person = start; person < end; person++)
			add_group(f, person, person + 1, (int32_t)index);
	}
}

static pw_status check_levels(const pw_level *levels, size_t count, size_t *out_people, pw_err *err)
{
	if (count == 0 || count >= PW_SCHEME_MAX_STAGES)
		return pw_fail(err, PW_ERR_ARG, "give from 1 to %d rounds of pools",
			       PW_SCHEME_MAX_STAGES - 1);
	for (size_t l = 0; l < count; l++) {
		size_t sum = 0;
		for (size_t i = 0; i < levels[l].count; i++) {
			if (levels[l].sizes[i] == 0)
				return pw_fail(err, PW_ERR_ARG, "pool %zu of round %zu is empty",
					       i + 1, l + 1);
			sum += levels[l].sizes[i];
			if (sum > PW_DESIGN_MAX_SAMPLES)
				break;
		}
		if (l == 0)
			*out_people = sum;
		else if (sum != *out_people)
			return pw_fail(err, PW_ERR_ARG,
				       "round %zu has %zu people where round 1 has %zu", l + 1, sum,
				       *out_people);
	}
	return check_people(*out_people, 1, err);
}

pw_status pw_scheme_hierarchical(const pw_level *levels, size_t count, pw_scheme **out, pw_err *err)
{
	forest f = {.people = 0};
	pw_status rc = check_levels(levels, count, &f.people, err);
	if (rc != PW_OK)
		return rc;
	uint32_t start = 0;
	for (size_t i = 0; i < levels[0].count; i++) {
		uint32_t index = add_group(&f, start, start + levels[0].sizes[i], -1);
		pw_vec_push(&f.open, index);
		start += levels[0].sizes[i];
	}
	for (size_t l = 1; l < count && rc == PW_OK; l++)
		if ((rc = cut_level(&f, &levels[l], err)) != PW_OK)
			rc = pw_fail_ctx(err, rc, "round %zu", l + 1);
	if (rc == PW_OK) {
		cut_into_people(&f);
		pw_scheme *scheme = new_scheme(PW_SCHEME_HIERARCHICAL, f.people, 1);
		scheme->groups = f.groups.ptr;
		scheme->group_count = f.groups.len;
		for (size_t i = 0; i < f.groups.len; i++)
			if (f.groups.ptr[i].depth + 1 > scheme->stages)
				scheme->stages = f.groups.ptr[i].depth + 1;
		if (scheme->stages <= 2)
			scheme->kind = scheme->group_count == f.people ? PW_SCHEME_INDIVIDUAL
								       : PW_SCHEME_DORFMAN;
		*out = scheme;
	} else {
		pw_vec_clear(&f.groups);
	}
	pw_vec_clear(&f.open);
	return rc;
}

pw_status pw_scheme_individual(size_t people, pw_scheme **out, pw_err *err)
{
	return pw_scheme_dorfman(people, 1, out, err);
}

pw_status pw_scheme_dorfman(size_t people, size_t size, pw_scheme **out, pw_err *err)
{
	pw_status rc = check_people(people, 1, err);
	if (rc != PW_OK)
		return rc;
	if (size == 0)
		return pw_fail(err, PW_ERR_ARG, "a pool holds one person or more");
	size_t pools = (people + size - 1) / size;
	uint32_t *sizes = pw_alloc_array(pools, sizeof(*sizes));
	for (size_t i = 0; i < pools; i++)
		sizes[i] = (uint32_t)(i + 1 < pools ? size : people - i * size);
	pw_level level = {sizes, pools};
	rc = pw_scheme_hierarchical(&level, 1, out, err);
	pw_free(sizes);
	return rc;
}

pw_status pw_scheme_halving(size_t people, size_t stages, pw_scheme **out, pw_err *err)
{
	pw_status rc = check_people(people, 1, err);
	if (rc != PW_OK)
		return rc;
	if (stages == 1 || stages > PW_SCHEME_MAX_STAGES)
		return pw_fail(err, PW_ERR_ARG, "%zu rounds: halving takes from 2 to %d", stages,
			       PW_SCHEME_MAX_STAGES);
	size_t rounds = stages == 0 ? PW_SCHEME_MAX_STAGES : stages, count = 0;
	uint32_t *sizes[PW_SCHEME_MAX_STAGES];
	pw_level levels[PW_SCHEME_MAX_STAGES];
	uint32_t whole = (uint32_t)people;
	levels[0] = (pw_level){&whole, 1};
	for (count = 1; count + 1 < rounds; count++) {
		const pw_level *above = &levels[count - 1];
		uint32_t *parts = sizes[count] = pw_alloc_array(2 * above->count, sizeof(*parts));
		size_t n = 0;
		for (size_t i = 0; i < above->count; i++) {
			if (above->sizes[i] > 1)
				parts[n++] = above->sizes[i] / 2;
			parts[n++] = above->sizes[i] - above->sizes[i] / 2;
		}
		levels[count] = (pw_level){parts, n};
	}
	rc = pw_scheme_hierarchical(levels, count, out, err);
	for (size_t l = 1; l < count; l++)
		pw_free(sizes[l]);
	return rc;
}

/* ---- The others ---- */

pw_status pw_scheme_array(size_t rows, size_t cols, bool master, size_t people, pw_scheme **out,
			  pw_err *err)
{
	if (rows < 2 || cols < 2)
		return pw_fail(err, PW_ERR_ARG,
			       "an array of %zu rows and %zu columns: it has 2 or more of each",
			       rows, cols);
	if (rows > PW_DESIGN_MAX_SAMPLES || cols > PW_DESIGN_MAX_SAMPLES / rows)
		return pw_fail(err, PW_ERR_LIMIT,
			       "an array of %zu × %zu is more than the %d we take", rows, cols,
			       PW_DESIGN_MAX_SAMPLES);
	if (people == 0)
		people = rows * cols;
	if (people > rows * cols || people <= cols)
		return pw_fail(err, PW_ERR_ARG,
			       "%zu people in an array of %zu × %zu: it takes from %zu to %zu",
			       people, rows, cols, cols + 1, rows * cols);
	pw_scheme *scheme = new_scheme(master ? PW_SCHEME_ARRAY_MASTER : PW_SCHEME_ARRAY, people,
				       master ? 3 : 2);
	scheme->rows = (people + cols - 1) / cols;
	scheme->cols = cols;
	*out = scheme;
	return PW_OK;
}

pw_status pw_scheme_sterrett(size_t people, size_t depth, pw_scheme **out, pw_err *err)
{
	pw_status rc = check_people(people, 3, err);
	if (rc != PW_OK)
		return rc;
	if (people > 500)
		return pw_fail(err, PW_ERR_LIMIT, "%zu people are more than the 500 we take",
			       people);
	pw_scheme *scheme = new_scheme(PW_SCHEME_STERRETT, people, 2);
	scheme->depth = depth;
	*out = scheme;
	return PW_OK;
}

pw_status pw_scheme_of_design(const pw_design *design, pw_design *own, uint32_t misses, bool alone,
			      pw_scheme **out, pw_err *err)
{
	if (own != NULL)
		design = own;
	uint32_t least = pw_design_shape_of(design).min_weight;
	if (misses >= least) {
		pw_design_free(own);
		return pw_fail(err, PW_ERR_ARG,
			       "%" PRIu32 " negative pools allowed, where somebody is in %" PRIu32
			       " in all: allow fewer",
			       misses, least);
	}
	pw_scheme *scheme = new_scheme(PW_SCHEME_DESIGN, pw_design_samples(design), alone ? 2 : 1);
	scheme->owned = own;
	scheme->design = design;
	scheme->misses = misses;
	scheme->alone = alone;
	*out = scheme;
	return PW_OK;
}

static pw_status forest_pools(const pw_scheme *scheme, pw_design **out, pw_err *err)
{
	PW_VEC(pw_design_entry) entries = PW_VEC_INIT;
	size_t pools = 0;
	for (size_t i = 0; i < scheme->group_count; i++) {
		const pw_scheme_group *group = &scheme->groups[i];
		if (group->children == 0 && group->parent >= 0)
			continue;
		for (uint32_t person = group->start; person < group->end; person++) {
			pw_design_entry entry = {(uint32_t)pools, person};
			pw_vec_push(&entries, entry);
		}
		pools++;
	}
	pw_str size = PW_STR_INIT;
	pw_scheme_size(scheme, &size);
	pw_design_spec spec = {.pools = pools,
			       .samples = scheme->people,
			       .entries = entries.ptr,
			       .entry_count = entries.len,
			       .family = pw_scheme_word(scheme),
			       .parameters = pw_str_text(&size)};
	pw_status rc = pw_design_new(&spec, out, err);
	pw_str_clear(&size);
	pw_vec_clear(&entries);
	return rc;
}

static pw_status copy_design(const pw_design *design, pw_design **out, pw_err *err)
{
	PW_VEC(pw_design_entry) entries = PW_VEC_INIT;
	for (size_t i = 0; i < pw_design_pools(design); i++) {
		pw_design_list members = pw_design_members(design, i);
		for (size_t k = 0; k < members.count; k++) {
			pw_design_entry entry = {(uint32_t)i, members.at[k]};
			pw_vec_push(&entries, entry);
		}
	}
	pw_design_spec spec = {.pools = pw_design_pools(design),
			       .samples = pw_design_samples(design),
			       .entries = entries.ptr,
			       .entry_count = entries.len,
			       .family = pw_design_family(design),
			       .parameters = pw_design_parameters(design)};
	pw_status rc = pw_design_new(&spec, out, err);
	pw_vec_clear(&entries);
	return rc;
}

pw_status pw_scheme_pools(const pw_scheme *scheme, pw_design **out, pw_err *err)
{
	switch (scheme->kind) {
	case PW_SCHEME_INDIVIDUAL:
	case PW_SCHEME_DORFMAN:
	case PW_SCHEME_HIERARCHICAL:
		return forest_pools(scheme, out, err);
	case PW_SCHEME_DESIGN:
		return copy_design(scheme->design, out, err);
	case PW_SCHEME_STERRETT:
		break;
	case PW_SCHEME_ARRAY:
	case PW_SCHEME_ARRAY_MASTER: {
		pw_make_opts opts = {.family = PW_FAMILY_ARRAY,
				     .samples = scheme->people,
				     .dims = {(uint32_t)scheme->rows, (uint32_t)scheme->cols},
				     .dim_count = 2,
				     .master = scheme->kind == PW_SCHEME_ARRAY_MASTER};
		return pw_design_make(&opts, out, err);
	}
	}
	return pw_fail(err, PW_ERR_ARG,
		       "a Sterrett scheme has no fixed pools: they depend on who is found");
}
