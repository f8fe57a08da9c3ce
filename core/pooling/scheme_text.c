/* Schemes as people type them. */
#include <inttypes.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/vec.h"
#include "core/pooling/design_make.h"
#include "core/pooling/scheme.h"

static const char *const words[] = {
	"individual", "dorfman",    "hierarchical", "array",  "array-master", "halving",
	"sterrett",   "sterrett-1", "sterrett-2",   "design", NULL,
};

const char *const *pw_scheme_words(void)
{
	return words;
}

/* ---- Numbers in a size ---- */

typedef struct cursor {
	const char *text, *at;
} cursor;

static void skip_blanks(cursor *c)
{
	while (*c->at == ' ' || *c->at == '(' || *c->at == ')')
		c->at++;
}

static bool take(cursor *c, char wanted)
{
	skip_blanks(c);
	if (*c->at != wanted && !(wanted == 'x' && (*c->at == 'X' || *c->at == '*')))
		return false;
	c->at++;
	return true;
}

static pw_status fail_at(const cursor *c, const char *wanted, pw_err *err)
{
	return pw_fail(err, PW_ERR_ARG, "size '%.40s': %s at character %zu", c->text, wanted,
		       (size_t)(c->at - c->text) + 1);
}

static pw_status take_number(cursor *c, uint32_t *out, pw_err *err)
{
	skip_blanks(c);
	const char *start = c->at;
	uint32_t n = 0;
	while (*c->at >= '0' && *c->at <= '9') {
		n = n * 10 + (uint32_t)(*c->at++ - '0');
		if (n > PW_DESIGN_MAX_SAMPLES) {
			c->at = start;
			return fail_at(c, "a number up to 100000 should stand", err);
		}
	}
	if (c->at == start || n == 0) {
		c->at = start;
		return fail_at(c, "a number of 1 or more should stand", err);
	}
	*out = n;
	return PW_OK;
}

static pw_status expect_end(cursor *c, pw_err *err)
{
	skip_blanks(c);
	return *c->at == '\0' ? PW_OK : fail_at(c, "nothing more should stand", err);
}

/* ---- Rounds: "25=5x5", "5,5,5,3" ---- */

typedef struct round_list {
	PW_VEC(uint32_t) sizes[PW_SCHEME_MAX_STAGES];
	size_t count;
} round_list;

static void clear_rounds(round_list *r)
{
	for (size_t i = 0; i < PW_SCHEME_MAX_STAGES; i++)
		pw_vec_clear(&r->sizes[i]);
}

/* "5" or "4x5", four times five. */
static pw_status take_term(cursor *c, round_list *r, pw_err *err)
{
	uint32_t size = 0, times = 1;
	pw_status rc = take_number(c, &size, err);
	if (rc == PW_OK && take(c, 'x')) {
		times = size;
		rc = take_number(c, &size, err);
	}
	if (rc == PW_OK && (uint64_t)times * size > PW_DESIGN_MAX_SAMPLES)
		rc = fail_at(c, "more than 100000 people before this, where fewer should stand",
			     err);
	for (uint32_t i = 0; rc == PW_OK && i < times; i++)
		pw_vec_push(&r->sizes[r->count], size);
	return rc;
}

static pw_status take_round(cursor *c, round_list *r, pw_err *err)
{
	if (r->count + 1 >= PW_SCHEME_MAX_STAGES)
		return fail_at(c, "no more rounds should stand", err);
	pw_status rc;
	do {
		if ((rc = take_term(c, r, err)) != PW_OK)
			return rc;
		if (r->sizes[r->count].len > PW_DESIGN_MAX_SAMPLES)
			return fail_at(c, "no more pools should stand", err);
	} while (take(c, ','));
	r->count++;
	return PW_OK;
}

static pw_status take_rounds(cursor *c, round_list *r, pw_err *err)
{
	pw_status rc;
	do {
		if ((rc = take_round(c, r, err)) != PW_OK)
			return rc;
	} while (take(c, '='));
	return expect_end(c, err);
}

static pw_status check_count(const pw_scheme *scheme, size_t people, pw_err *err)
{
	if (people == 0 || people == scheme->people)
		return PW_OK;
	return pw_fail(err, PW_ERR_ARG,
		       "%zu people in a scheme of %zu: give the sizes for as many as there are",
		       people, scheme->people);
}

/* One list of several pools is what a first pool of all is cut into. */
static pw_status parse_hierarchical(cursor *c, size_t people, pw_scheme **out, pw_err *err)
{
	round_list r = {.count = 0};
	pw_level levels[PW_SCHEME_MAX_STAGES];
	pw_scheme *scheme = NULL;
	pw_status rc = take_rounds(c, &r, err);
	if (rc != PW_OK)
		goto done;
	uint32_t whole = 0;
	size_t count = 0;
	if (r.count == 1 && r.sizes[0].len > 1) {
		for (size_t i = 0; i < r.sizes[0].len && whole <= PW_DESIGN_MAX_SAMPLES; i++)
			whole += r.sizes[0].ptr[i];
		levels[count++] = (pw_level){&whole, 1};
	}
	for (size_t l = 0; l < r.count && count < PW_SCHEME_MAX_STAGES; l++)
		levels[count++] = (pw_level){r.sizes[l].ptr, r.sizes[l].len};
	if ((rc = pw_scheme_hierarchical(levels, count, &scheme, err)) != PW_OK ||
	    (rc = check_count(scheme, people, err)) != PW_OK)
		goto done;
	*out = scheme;
	scheme = NULL;
done:
	pw_scheme_free(scheme);
	clear_rounds(&r);
	return rc;
}

static pw_status parse_dorfman(cursor *c, size_t people, pw_scheme **out, pw_err *err)
{
	round_list r = {.count = 0};
	pw_scheme *scheme = NULL;
	pw_status rc = take_round(c, &r, err);
	if (rc != PW_OK || (rc = expect_end(c, err)) != PW_OK)
		goto done;
	if (r.sizes[0].len == 1) {
		uint32_t size = r.sizes[0].ptr[0];
		rc = pw_scheme_dorfman(people > 0 ? people : size, size, &scheme, err);
	} else {
		pw_level level = {r.sizes[0].ptr, r.sizes[0].len};
		rc = pw_scheme_hierarchical(&level, 1, &scheme, err);
	}
	if (rc != PW_OK || (rc = check_count(scheme, people, err)) != PW_OK)
		goto done;
	*out = scheme;
	scheme = NULL;
done:
	pw_scheme_free(scheme);
	clear_rounds(&r);
	return rc;
}

/* ---- Grids ---- */

static pw_status cube_scheme(const uint32_t *dims, uint32_t count, size_t people, pw_scheme **out,
			     pw_err *err)
{
	pw_make_opts opts = {.family = PW_FAMILY_ARRAY, .samples = people, .dim_count = count};
	memcpy(opts.dims, dims, count * sizeof(*dims));
	pw_design *design = NULL;
	pw_status rc = pw_design_make(&opts, &design, err);
	return rc == PW_OK ? pw_scheme_of_design(NULL, design, 0, true, out, err) : rc;
}

static pw_status parse_array(cursor *c, bool master, size_t people, pw_scheme **out, pw_err *err)
{
	uint32_t dims[PW_DESIGN_MAX_DIMS] = {0}, count = 0;
	pw_status rc;
	do {
		if (count == (master ? 2 : PW_DESIGN_MAX_DIMS))
			return fail_at(c, "no more extents should stand", err);
		if ((rc = take_number(c, &dims[count++], err)) != PW_OK)
			return rc;
	} while (take(c, 'x'));
	if ((rc = expect_end(c, err)) != PW_OK)
		return rc;
	if (count == 1)
		dims[count++] = dims[0];
	return count == 2 ? pw_scheme_array(dims[0], dims[1], master, people, out, err)
			  : cube_scheme(dims, count, people, out, err);
}

/* ---- The rest ---- */

static pw_status parse_individual(cursor *c, size_t people, pw_scheme **out, pw_err *err)
{
	uint32_t n = 0;
	pw_status rc = PW_OK;
	skip_blanks(c);
	if (*c->at != '\0' &&
	    ((rc = take_number(c, &n, err)) != PW_OK || (rc = expect_end(c, err)) != PW_OK))
		return rc;
	if (n > 0 && people > 0 && n != people)
		return pw_fail(err, PW_ERR_ARG, "%zu people where the size says %" PRIu32, people,
			       n);
	return pw_scheme_individual(people > 0 ? people : n > 0 ? n : 1, out, err);
}

static pw_status parse_halving(cursor *c, size_t people, pw_scheme **out, pw_err *err)
{
	uint32_t n = 0, stages = 0;
	pw_status rc = take_number(c, &n, err);
	if (rc == PW_OK && take(c, '='))
		rc = take_number(c, &stages, err);
	if (rc != PW_OK || (rc = expect_end(c, err)) != PW_OK)
		return rc;
	if (people > 0 && n != people)
		return pw_fail(err, PW_ERR_ARG, "%zu people where the size says %" PRIu32, people,
			       n);
	return pw_scheme_halving(n, stages, out, err);
}

static pw_status parse_sterrett(cursor *c, size_t depth, size_t people, pw_scheme **out,
				pw_err *err)
{
	uint32_t n = 0;
	pw_status rc = take_number(c, &n, err);
	if (rc != PW_OK || (rc = expect_end(c, err)) != PW_OK)
		return rc;
	if (people > 0 && n != people)
		return pw_fail(err, PW_ERR_ARG, "%zu people where the size says %" PRIu32, people,
			       n);
	return pw_scheme_sterrett(n, depth, out, err);
}

static pw_status parse_design(cursor *c, const pw_design *design, size_t people, pw_scheme **out,
			      pw_err *err)
{
	if (design == NULL)
		return pw_fail(err, PW_ERR_ARG, "scheme 'design' needs a design: give its matrix");
	pw_status rc = expect_end(c, err);
	if (rc != PW_OK)
		return rc;
	if (people > 0 && people != pw_design_samples(design))
		return pw_fail(err, PW_ERR_ARG, "%zu people for a design of %zu samples", people,
			       pw_design_samples(design));
	return pw_scheme_of_design(design, NULL, 0, true, out, err);
}

static pw_status fail_word(const char *word, pw_err *err)
{
	pw_str list = PW_STR_INIT;
	for (int i = 0; words[i] != NULL; i++)
		pw_str_addf(&list, "%s%s", i == 0 ? "" : ", ", words[i]);
	pw_status rc = pw_fail(err, PW_ERR_ARG, "no scheme '%.40s': take one of %s", word,
			       pw_str_text(&list));
	pw_str_clear(&list);
	return rc;
}

pw_status pw_scheme_parse(const char *word, const char *size, const pw_design *design,
			  size_t people, pw_scheme **out, pw_err *err)
{
	cursor c = {size, size};
	if (strcmp(word, "individual") == 0)
		return parse_individual(&c, people, out, err);
	if (strcmp(word, "dorfman") == 0)
		return parse_dorfman(&c, people, out, err);
	if (strcmp(word, "hierarchical") == 0)
		return parse_hierarchical(&c, people, out, err);
	if (strcmp(word, "array") == 0 || strcmp(word, "array-master") == 0)
		return parse_array(&c, word[5] != '\0', people, out, err);
	if (strcmp(word, "halving") == 0)
		return parse_halving(&c, people, out, err);
	if (strcmp(word, "sterrett") == 0 || strcmp(word, "sterrett-1") == 0 ||
	    strcmp(word, "sterrett-2") == 0)
		return parse_sterrett(&c, word[8] == '\0' ? 0 : (size_t)(word[9] - '0'), people,
				      out, err);
	if (strcmp(word, "design") == 0)
		return parse_design(&c, design, people, out, err);
	return fail_word(word, err);
}

/* ---- Writing ---- */

const char *pw_scheme_word(const pw_scheme *scheme)
{
	switch (scheme->kind) {
	case PW_SCHEME_INDIVIDUAL:
		return "individual";
	case PW_SCHEME_DORFMAN:
		return "dorfman";
	case PW_SCHEME_HIERARCHICAL:
		return "hierarchical";
	case PW_SCHEME_ARRAY:
		return "array";
	case PW_SCHEME_ARRAY_MASTER:
		return "array-master";
	case PW_SCHEME_STERRETT:
		return scheme->depth == 0   ? "sterrett"
		       : scheme->depth == 1 ? "sterrett-1"
					    : "sterrett-2";
	case PW_SCHEME_DESIGN:
		break;
	}
	return "design";
}

/* Whether a group is cut into more than people alone. */
static bool is_cut(const pw_scheme *scheme, const pw_scheme_group *group)
{
	for (uint32_t i = 0; i < group->children; i++)
		if (scheme->groups[group->first_child + i].children > 0)
			return true;
	return false;
}

/* The parts of a group that stand at the end of round `depth`; PW_SCHEME_MAX_STAGES deep at most. */
static void add_parts(const pw_scheme *scheme, const pw_scheme_group *group, uint32_t depth,
		      pw_str *out)
{
	if (group->depth < depth && is_cut(scheme, group)) {
		for (uint32_t i = 0; i < group->children; i++)
			add_parts(scheme, &scheme->groups[group->first_child + i], depth, out);
		return;
	}
	bool first = out->len == 0 || out->ptr[out->len - 1] == '=';
	pw_str_addf(out, "%s%" PRIu32, first ? "" : ",", group->end - group->start);
}

void pw_scheme_size(const pw_scheme *scheme, pw_str *out)
{
	switch (scheme->kind) {
	case PW_SCHEME_ARRAY:
	case PW_SCHEME_ARRAY_MASTER:
		pw_str_addf(out, "%zux%zu", scheme->rows, scheme->cols);
		return;
	case PW_SCHEME_DESIGN:
		pw_str_addf(out, "%zux%zu", pw_design_pools(scheme->design),
			    pw_design_samples(scheme->design));
		return;
	case PW_SCHEME_INDIVIDUAL:
	case PW_SCHEME_STERRETT:
		pw_str_addf(out, "%zu", scheme->people);
		return;
	case PW_SCHEME_DORFMAN:
	case PW_SCHEME_HIERARCHICAL:
		break;
	}
	/* One pool of all, cut once, is understood when its parts alone are said. */
	bool plain = scheme->stages == 3 && scheme->groups[0].end == scheme->people;
	pw_str text = PW_STR_INIT;
	for (uint32_t depth = plain ? 1 : 0; depth == 0 || depth + 1 < scheme->stages; depth++) {
		pw_str_add(&text, text.len == 0 ? "" : "=");
		for (size_t i = 0; i < scheme->group_count && scheme->groups[i].parent < 0; i++)
			add_parts(scheme, &scheme->groups[i], depth, &text);
	}
	pw_str_add(out, pw_str_text(&text));
	pw_str_clear(&text);
}
