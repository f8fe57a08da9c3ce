/* From number to queue. */
#include "core/lab/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lab/internal.h"
#include "core/lab/labels_internal.h"

#define PER_FACT 1000 /* labels */

/* ---------------------------------------------------------------- things */

static const struct {
	const char *thing;
	char kind; /* of the numbers that are reserved for it; 0: none */
} things[] = {
	{"tube", PW_KIND_TUBE},
	{"extraction-plate", PW_KIND_EXTRACTION_PLATE},
	{"pcr-plate", PW_KIND_PCR_PLATE},
	{"box", PW_KIND_BOX},
	{"rack", PW_KIND_RACK},
	{"kit", PW_KIND_KIT},
	{"pool", 0},
	{"person", 0},
	{"other", 0},
};

#define THINGS (sizeof(things) / sizeof(things[0]))

const char *const pw_label_things[] = {
	"tube", "extraction-plate", "pcr-plate", "box", "rack", "kit",
	"pool", "person",           "other",     NULL};

bool pw_label_thing_valid(const char *thing)
{
	for (size_t i = 0; i < THINGS; i++)
		if (strcmp(things[i].thing, thing) == 0)
			return true;
	return false;
}

char pw_label_thing_kind(const char *thing)
{
	for (size_t i = 0; i < THINGS; i++)
		if (strcmp(things[i].thing, thing) == 0)
			return things[i].kind;
	return 0;
}

const char *pw_label_thing_word(const char *thing)
{
	const char *const *t = pw_label_things;
	while (*t != NULL && strcmp(*t, thing) != 0)
		t++;
	return *t != NULL ? *t : "other";
}

static pw_status check_thing(const char *thing, pw_err *err)
{
	return pw_label_thing_valid(thing)
		       ? PW_OK
		       : pw_fail(err, PW_ERR_ARG,
				 "'%s' is nothing that has labels: give tube, extraction-plate, "
				 "pcr-plate, box, rack, kit, pool, person or other",
				 thing);
}

pw_status pw_label_number_kind(const char *thing, char *out, pw_err *err)
{
	*out = pw_label_thing_kind(thing);
	return *out != 0 ? PW_OK
			 : pw_fail(err, PW_ERR_ARG,
				   "no numbers are reserved for '%s': give tube, extraction-plate, "
				   "pcr-plate, box, rack or kit",
				   thing);
}

/* ---------------------------------------------------------------- reserve */

/* What is being reserved, a fact at a time. */
typedef struct reserving {
	pw_lab *lab;
	const char *thing, *site;
	int64_t next; /* label */
	pw_arena ids; /* of the fact at hand */
	pw_labels_reserved_item items[PER_FACT];
	size_t item_count;
	pw_label_range *out;
} reserving;

static pw_status reserving_begin(reserving *r, pw_lab *lab, const char *thing, const char *site,
				 pw_label_range *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_label_last_row last = {.label = 0};
	bool found;
	pw_status rc = pw_q_label_last(lab->store, &arena, &last, &found, err);
	pw_arena_clear(&arena);
	r->lab = lab;
	r->thing = thing;
	r->site = site;
	r->next = last.label + 1;
	r->item_count = 0;
	r->ids = (pw_arena)PW_ARENA_INIT;
	r->out = out;
	*out = (pw_label_range){.first = r->next, .thing = pw_label_thing_word(thing)};
	return rc;
}

static pw_status reserving_flush(reserving *r, pw_err *err)
{
	pw_labels_reserved fact = {.thing = r->thing,
				   .site = r->site,
				   .labels = r->items,
				   .labels_count = r->item_count};
	pw_status rc =
		r->item_count > 0 ? pw_labels_reserved_append(r->lab->store, &fact, err) : PW_OK;
	r->item_count = 0;
	pw_arena_clear(&r->ids);
	return rc;
}

static pw_status reserving_add(reserving *r, const char *id, pw_opt_int serial, const char *texts,
			       pw_err *err)
{
	pw_label_range *out = r->out;
	snprintf(out->last_id, sizeof(out->last_id), "%s", id);
	if (out->count++ == 0)
		memcpy(out->first_id, out->last_id, sizeof(out->first_id));
	out->last = r->next;
	r->items[r->item_count++] = (pw_labels_reserved_item){.label = r->next++,
							      .id = pw_arena_strdup(&r->ids, id),
							      .serial = serial,
							      .texts = texts};
	return r->item_count == PER_FACT ? reserving_flush(r, err) : PW_OK;
}

/* The largest of our codes of a kind, from number `low` on and below `high`, that was scanned, announced or printed;
 * -1 for none. Foreign codes that look alike are passed by. */
static pw_status last_used(pw_lab *lab, char kind, int64_t low, int64_t high, int64_t *out,
			   pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_own_code_below_row row;
	pw_ident ident;
	char from[40], to[40], text[PW_IDENT_SIZE];
	bool found;
	pw_status rc;
	snprintf(from, sizeof(from), "%s%c%08lld", lab->issuer, kind, (long long)low);
	if (high > PW_IDENT_MAX_SERIAL) /* ':' is behind the digits */
		snprintf(to, sizeof(to), "%s%c:", lab->issuer, kind);
	else
		snprintf(to, sizeof(to), "%s%c%08lld", lab->issuer, kind, (long long)high);
	const char *below = to;
	*out = -1;
	for (;;) {
		rc = pw_q_own_code_below(lab->store, &arena, from, below, &row, &found, err);
		if (rc != PW_OK || !found || row.code == NULL)
			break;
		below = row.code;
		if (pw_ident_parse(row.code, &ident, NULL) != PW_OK)
			continue;
		pw_ident_text(&ident, text);
		if (strcmp(text, row.code) == 0 && ident.kind == kind) {
			*out = ident.serial;
			break;
		}
	}
	pw_arena_clear(&arena);
	return rc;
}

/* The first number behind all that were ever given or seen. */
static pw_status next_free(pw_lab *lab, const char *thing, char kind, int64_t *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_label_serial_last_row last = {.serial = 0};
	int64_t used = 0;
	bool found;
	pw_status rc = pw_q_label_serial_last(lab->store, &arena, thing, &last, &found, err);
	if (rc == PW_OK)
		rc = last_used(lab, kind, 0, PW_IDENT_MAX_SERIAL + 1, &used, err);
	pw_arena_clear(&arena);
	*out = (used > last.serial ? used : last.serial) + 1;
	return rc;
}

/* That none of the numbers was given or seen. */
static pw_status check_free(pw_lab *lab, const char *thing, char kind, int64_t first, int64_t last,
			    pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_label_serial_between_row row = {.serial = {false, 0}};
	int64_t used = -1;
	bool found;
	pw_status rc = pw_q_label_serial_between(lab->store, &arena, thing, first, last, &row,
						 &found, err);
	if (rc == PW_OK && row.serial.has)
		rc = pw_fail(
			err, PW_ERR_EXISTS,
			"number %lld of a %s is reserved already: leave the first number to the "
			"program",
			(long long)row.serial.value, thing);
	if (rc == PW_OK)
		rc = last_used(lab, kind, first, last + 1, &used, err);
	if (rc == PW_OK && used >= 0)
		rc = pw_fail(err, PW_ERR_EXISTS,
			     "number %lld of a %s is in use already: leave the first number to the "
			     "program",
			     (long long)used, thing);
	pw_arena_clear(&arena);
	return rc;
}

static pw_status reserve_numbers(reserving *r, char kind, int64_t first, int64_t count, pw_err *err)
{
	char id[PW_IDENT_SIZE];
	int64_t serial = first;
	pw_status rc = PW_OK;
	for (int64_t made = 0; rc == PW_OK && made < count; serial++) {
		if (serial > PW_IDENT_MAX_SERIAL)
			return pw_fail(
				err, PW_ERR_LIMIT,
				"there are not %lld numbers of a %s behind %lld: codes have eight "
				"digits; nothing was reserved",
				(long long)count, r->thing, (long long)first - 1);
		if (!pw_ident_make(r->lab->issuer, kind, serial, id))
			continue;
		rc = reserving_add(r, id, pw_some_int(serial), NULL, err);
		made++;
	}
	return rc == PW_OK ? reserving_flush(r, err) : rc;
}

/* The last number that is needed for so many with a check character. */
static int64_t last_needed(const pw_lab *lab, char kind, int64_t first, int64_t count)
{
	char id[PW_IDENT_SIZE];
	int64_t serial = first - 1;
	while (count > 0 && serial < PW_IDENT_MAX_SERIAL)
		count -= pw_ident_make(lab->issuer, kind, ++serial, id) ? 1 : 0;
	return serial;
}

static pw_status reserve(reserving *r, pw_lab *lab, char kind, int64_t first, int64_t count,
			 pw_err *err)
{
	pw_status rc = PW_OK;
	if (first == 0)
		rc = next_free(lab, r->thing, kind, &first, err);
	else
		rc = check_free(lab, r->thing, kind, first, last_needed(lab, kind, first, count),
				err);
	return rc == PW_OK ? reserve_numbers(r, kind, first, count, err) : rc;
}

pw_status pw_lab_reserve_labels(pw_lab *lab, const char *thing, int64_t first, int64_t count,
				const char *site, pw_label_range *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_label_range range;
	char kind;
	pw_status rc = pw_label_number_kind(thing, &kind, err);
	if (rc == PW_OK && (count < 1 || count > PW_LABELS_MOST))
		rc = pw_fail(err, PW_ERR_ARG, "%lld labels: give 1 to %d", (long long)count,
			     PW_LABELS_MOST);
	if (rc == PW_OK && (first < 0 || first > PW_IDENT_MAX_SERIAL))
		rc = pw_fail(err, PW_ERR_ARG,
			     "%lld is no number of a label: they have eight digits",
			     (long long)first);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	reserving *r = pw_arena_alloc(&arena, sizeof(*r));
	if (site != NULL)
		rc = pw_lab_check_site(lab, &arena, site, err);
	if (rc == PW_OK)
		rc = reserving_begin(r, lab, thing, site, &range, err);
	if (rc == PW_OK)
		rc = reserve(r, lab, kind, first, count, err);
	pw_arena_clear(&r->ids);
	pw_arena_clear(&arena);
	rc = pw_lab_end(lab, rc, err);
	if (rc == PW_OK)
		*out = range;
	return rc;
}

/* ---------------------------------------------------------------- labels for what is there */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static pw_status check_once(const char *const *ids, size_t count, pw_arena *arena, pw_err *err)
{
	const char **sorted = pw_arena_array(arena, count + 1, sizeof(*sorted));
	memcpy(sorted, ids, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_text);
	for (size_t i = 1; i < count; i++)
		if (strcmp(sorted[i], sorted[i - 1]) == 0)
			return pw_fail(err, PW_ERR_ARG,
				       "'%s' is there twice: a label each is printed once",
				       sorted[i]);
	return PW_OK;
}

/* That the identifier has no label of the template yet, nor one of which nobody here knows what it looks like. */
static pw_status check_unprinted(pw_lab *lab, const char *id, const char *template_name,
				 pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_labels_of_id_row *rows;
	size_t count;
	char when[32];
	pw_status rc = pw_q_labels_of_id(lab->store, &arena, id, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		if (rows[i].template != NULL && strcmp(rows[i].template, template_name) != 0)
			continue;
		if (strcmp(rows[i].state, "reserved") == 0)
			rc = pw_refuse(
				err, "label-printed",
				"'%s' is reserved since %s: print it with 'poolwell label print "
				"--reserved %s'",
				id, pw_lab_when(rows[i].reserved_at, when), id);
		else
			rc = pw_refuse(
				err, "label-printed",
				"'%s' has a label since %s, which is %s: 'poolwell label reprint' "
				"makes another one, with a reason",
				id, pw_lab_when(rows[i].reserved_at, when), rows[i].state);
	}
	pw_arena_clear(&arena);
	return rc;
}

static pw_status want_labels(reserving *r, const pw_label_want *wants, size_t count,
			     const char *template_name, pw_arena *arena, pw_err *err)
{
	const char **ids = pw_arena_array(arena, count + 1, sizeof(*ids));
	char id[64];
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		if ((rc = pw_lab_barcode(wants[i].id, id, NULL, err)) == PW_OK)
			ids[i] = pw_arena_strdup(arena, id);
	if (rc == PW_OK)
		rc = check_once(ids, count, arena, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		rc = check_unprinted(r->lab, ids[i], template_name, err);
		if (rc == PW_OK)
			rc = reserving_add(r, ids[i], (pw_opt_int){false, 0}, wants[i].texts, err);
	}
	return rc == PW_OK ? reserving_flush(r, err) : rc;
}

pw_status pw_lab_want_labels(pw_lab *lab, const char *thing, const pw_label_want *wants,
			     size_t count, const char *template_name, pw_label_range *out,
			     pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_label_range range;
	pw_status rc = check_thing(thing, err);
	if (rc == PW_OK && (count == 0 || count > PW_LABELS_MOST))
		rc = pw_fail(err, PW_ERR_ARG, "%zu labels: give 1 to %d", count, PW_LABELS_MOST);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	reserving *r = pw_arena_alloc(&arena, sizeof(*r));
	rc = reserving_begin(r, lab, thing, NULL, &range, err);
	if (rc == PW_OK)
		rc = want_labels(r, wants, count, template_name, &arena, err);
	pw_arena_clear(&r->ids);
	pw_arena_clear(&arena);
	rc = pw_lab_end(lab, rc, err);
	if (rc == PW_OK)
		*out = range;
	return rc;
}
