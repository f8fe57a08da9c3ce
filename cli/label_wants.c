/* What labels are of: the options of `label print`, and what the laboratory knows of the things they name. */
#include <stdio.h>
#include <string.h>

#include "cli/label_order.h"
#include "cli/label_texts.h"
#include "cli/open.h"
#include "pw_sql.h"

static const pw_label_source sources[] = {
	{"tubes", "tube", "tube-13x75", true},
	{"extraction-plates", "extraction-plate", "plate", true},
	{"pcr-plates", "pcr-plate", "plate", true},
	{"boxes", "box", "box", true},
	{"racks", "rack", "box", true},
	{"kits", "kit", "reagent-lot", true},
	{"tube", "tube", "tube-13x75", false},
	{"wells", "tube", "cryotube-side", false},
	{"pools", "pool", "cryotube-side", false},
	{"plate", NULL, "plate", false},
	{"box", "box", "box", false},
	{"person", "person", "person-card", false},
	{"roster", "person", "person-card", false},
	{"reserved", NULL, NULL, false},
	{"from", "other", NULL, false},
	{NULL, "other", NULL, false},
};

pw_status pw_label_source_find(pw_ctx *ctx, const pw_label_source **out, pw_err *err)
{
	const pw_label_source *found = NULL, *s = sources;
	for (; s->option != NULL; s++) {
		if (!pw_ctx_given(ctx, s->option))
			continue;
		if (found != NULL)
			return pw_fail(err, PW_ERR_ARG,
				       "--%s and --%s: one of them says what the labels are of",
				       found->option, s->option);
		found = s;
	}
	*out = found != NULL ? found : s;
	return PW_OK;
}

const char *pw_label_usual_template(const char *thing)
{
	for (const pw_label_source *s = sources; s->option != NULL; s++)
		if (s->numbers && strcmp(s->thing, thing) == 0)
			return s->template_name;
	return NULL;
}

/* ---------------------------------------------------------------- what grows */

typedef struct gathering {
	pw_ctx *ctx;
	pw_store *store;
	const pw_label_template *t;
	pw_label_wants *out;
	size_t room;
	pw_str texts; /* of the label at hand */
} gathering;

static void say(gathering *g, const char *field, const char *text)
{
	pw_label_texts_add(&g->texts, g->t, field, text);
}

static void say_day(gathering *g, const char *field, pw_time at)
{
	char day[32];
	pw_time_format_local(at, day);
	day[10] = '\0';
	say(g, field, day);
}

static void say_swabs(gathering *g, int64_t swabs)
{
	if (swabs > 0)
		say(g, "note",
		    pw_arena_printf(pw_ctx_arena(g->ctx), "%lld swab%s", (long long)swabs,
				    swabs == 1 ? "" : "s"));
}

/* One more label, with what was said of it. */
static void want(gathering *g, const char *id)
{
	pw_arena *arena = pw_ctx_arena(g->ctx);
	if (g->out->count == g->room) {
		size_t more = g->room == 0 ? 64 : 2 * g->room;
		pw_label_want *grown = pw_arena_array(arena, more, sizeof(*grown));
		if (g->room > 0)
			memcpy(grown, g->out->wants, g->room * sizeof(*grown));
		g->out->wants = grown;
		g->room = more;
	}
	g->out->wants[g->out->count++] = (pw_label_want){
		pw_arena_strdup(arena, id),
		g->texts.len > 0 ? pw_arena_strdup(arena, pw_str_text(&g->texts)) : NULL};
	pw_str_truncate(&g->texts, 0);
}

/* ---------------------------------------------------------------- tubes */

static pw_status want_tube(gathering *g, const char *code, pw_err *err)
{
	pw_tube_find_row tube;
	bool found;
	pw_status rc = pw_q_tube_find(g->store, pw_ctx_arena(g->ctx), code, &tube, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_NOT_FOUND,
			     "no tube '%s' was opened: new numbers are printed with --tubes N",
			     code);
	if (rc != PW_OK)
		return rc;
	say_swabs(g, tube.swabs);
	say(g, "site", tube.site);
	say_day(g, "date", tube.opened_at);
	want(g, tube.tube);
	return PW_OK;
}

/* In the order in which the plate is filled, which is that of the worksheet. */
static pw_status want_wells(gathering *g, const char *code, pw_err *err)
{
	pw_arena *arena = pw_ctx_arena(g->ctx);
	pw_plate_find_row plate;
	pw_plate_wells_row *wells;
	const pw_layout *layout;
	const char *at[PW_MAX_WELLS] = {NULL};
	bool filled[PW_MAX_WELLS] = {false}, found;
	size_t count;
	pw_well well;
	pw_status rc = pw_q_plate_find(g->store, arena, code, &plate, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_NOT_FOUND,
			     "no plate '%s': 'poolwell plate list' shows them", code);
	if (rc == PW_OK)
		rc = pw_q_plate_wells(g->store, arena, plate.plate, &wells, &count, err);
	if (rc == PW_OK)
		rc = pw_lab_layout_of(pw_ctx_lab(g->ctx), plate.layout_hash, &layout, err);
	if (rc != PW_OK)
		return rc;
	for (size_t i = 0; i < count; i++)
		at[wells[i].position] = wells[i].tube;
	while (rc == PW_OK && pw_layout_next(layout, filled, &well)) {
		int position = pw_well_index(well, layout->format, PW_BY_ROW);
		filled[position] = true;
		if (at[position] != NULL)
			rc = want_tube(g, at[position], err);
	}
	return rc;
}

/* ---------------------------------------------------------------- laboratory pools */

/* Whether there is a label of the template, or one that was printed elsewhere. */
static pw_status find_label(gathering *g, const char *id, bool *out, pw_err *err)
{
	pw_labels_of_id_row *rows;
	size_t count;
	pw_status rc = pw_q_labels_of_id(g->store, pw_ctx_arena(g->ctx), id, &rows, &count, err);
	*out = false;
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		*out = *out || rows[i].template == NULL ||
		       strcmp(rows[i].template, g->t->name) == 0;
	return rc;
}

static void want_pool(gathering *g, int64_t batch, const pw_batch_pools_row *pool)
{
	pw_arena *arena = pw_ctx_arena(g->ctx);
	say(g, "name",
	    pw_arena_printf(arena, "batch %lld, pool %lld", (long long)batch,
			    (long long)pool->number));
	say(g, "volume",
	    pw_arena_printf(arena, "%lld tube%s", (long long)pool->tubes,
			    pool->tubes == 1 ? "" : "s"));
	want(g, pool->pool);
}

/*
 * Those that are still to be made and have no label, in the order of the worklist: a batch gets new pools while it is
 * decoded. When all of them have one, all are wanted, and the use case says why not.
 */
static pw_status want_pools(gathering *g, int64_t batch, pw_err *err)
{
	pw_batch_pools_row *pools;
	size_t count, planned = 0;
	pw_status rc = pw_q_batch_pools(g->store, pw_ctx_arena(g->ctx), batch, &pools, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		if (strcmp(pools[i].state, "planned") == 0 && pools[i].tubes > 0)
			pools[planned++] = pools[i];
	if (rc == PW_OK && planned == 0)
		rc = pw_fail(err, PW_ERR_NOT_FOUND,
			     "no laboratory pool of batch %lld is still to be made: 'poolwell pool "
			     "list' shows the batches",
			     (long long)batch);
	bool *labelled = pw_arena_array(pw_ctx_arena(g->ctx), planned + 1, sizeof(*labelled));
	size_t without = 0;
	for (size_t i = 0; rc == PW_OK && i < planned; i++) {
		rc = find_label(g, pools[i].pool, &labelled[i], err);
		without += labelled[i] ? 0 : 1;
	}
	for (size_t i = 0; rc == PW_OK && i < planned; i++)
		if (!labelled[i] || without == 0)
			want_pool(g, batch, &pools[i]);
	return rc;
}

/* ---------------------------------------------------------------- plates and boxes */

static pw_status want_plate(gathering *g, const char *code, pw_err *err)
{
	pw_plate_find_row plate;
	bool found;
	pw_status rc = pw_q_plate_find(g->store, pw_ctx_arena(g->ctx), code, &plate, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_NOT_FOUND,
			     "no plate '%s' was begun: new numbers are printed with "
			     "--extraction-plates N or --pcr-plates N",
			     code);
	if (rc != PW_OK)
		return rc;
	const char *thing =
		strcmp(plate.kind, "extraction") == 0 ? "extraction-plate" : "pcr-plate";
	if (g->out->thing != NULL && strcmp(g->out->thing, thing) != 0)
		return pw_fail(
			err, PW_ERR_ARG,
			"these are extraction plates and PCR plates: print them one after the "
			"other");
	g->out->thing = thing;
	say(g, "title", plate.assay != NULL ? plate.assay : plate.layout);
	say_day(g, "date", plate.created_at);
	want(g, plate.plate);
	return PW_OK;
}

static pw_status want_box(gathering *g, const char *code, pw_err *err)
{
	pw_arena *arena = pw_ctx_arena(g->ctx);
	pw_box_find_row box;
	pw_box_tubes_row *tubes;
	size_t count;
	bool found;
	pw_status rc = pw_q_box_find(g->store, arena, code, &box, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_NOT_FOUND,
			     "no manifest names box '%s': new numbers are printed with --boxes N",
			     code);
	if (rc == PW_OK)
		rc = pw_q_box_tubes(g->store, arena, code, &tubes, &count, err);
	if (rc != PW_OK)
		return rc;
	say(g, "count", pw_arena_printf(arena, "%zu tube%s", count, count == 1 ? "" : "s"));
	say_day(g, "date", box.announced_at);
	want(g, code);
	return PW_OK;
}

/* ---------------------------------------------------------------- people */

static void want_card(gathering *g, int64_t subject, const char *name, const char *group)
{
	char code[24];
	pw_lab *lab = pw_ctx_lab(g->ctx);
	pw_lab_subject_code(lab, subject, code);
	say(g, "name", name);
	say(g, "group", group);
	say(g, "laboratory", pw_lab_name(lab));
	want(g, code);
}

static pw_status want_person(gathering *g, const char *who, pw_err *err)
{
	pw_subject_find_row row;
	int64_t subject;
	bool found = false;
	pw_status rc = pw_lab_find_subject(pw_ctx_lab(g->ctx), who, &subject, err);
	if (rc == PW_OK)
		rc = pw_q_subject_find(g->store, pw_ctx_arena(g->ctx), subject, &row, &found, err);
	if (rc == PW_OK && found)
		want_card(g, subject, row.name, row.grp);
	return rc;
}

static pw_status want_roster(gathering *g, const char *name, pw_err *err)
{
	pw_arena *arena = pw_ctx_arena(g->ctx);
	pw_document_by_prefix_row *rosters;
	pw_subjects_of_roster_row *people;
	size_t count;
	pw_status rc =
		pw_q_document_by_prefix(g->store, arena, "roster", name, &rosters, &count, err);
	if (rc == PW_OK && count != 1)
		rc = pw_fail(
			err, PW_ERR_NOT_FOUND,
			"%s roster is called '%s': 'poolwell audit files' shows their names and "
			"hashes",
			count == 0 ? "no" : "more than one", name);
	if (rc == PW_OK)
		rc = pw_q_subjects_of_roster(g->store, arena, rosters[0].hash, &people, &count,
					     err);
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		want_card(g, people[i].subject, people[i].name, people[i].grp);
	return rc;
}

/* ---------------------------------------------------------------- anything */

static pw_status want_id(gathering *g, const char *texts, int line, pw_err *err)
{
	pw_slice id = pw_label_texts_find(texts, "id");
	if (id.ptr == NULL && line > 0)
		return pw_fail(err, PW_ERR_ARG, "line %d: a label needs the field 'id'", line);
	if (id.ptr == NULL)
		return pw_fail(
			err, PW_ERR_ARG,
			"say what the labels are of: --tubes N, --plate PLATE, --roster NAME, … "
			"or --set id=TEXT");
	for (const char *p = texts; *p != '\0'; p += strcspn(p, "\n") + 1) {
		size_t n = strcspn(p, "\n");
		if (p + strlen("id=") != id.ptr)
			pw_str_addf(&g->texts, "%.*s\n", (int)n, p);
	}
	want(g, pw_arena_strndup(pw_ctx_arena(g->ctx), id.ptr, id.len));
	return PW_OK;
}

static pw_status want_rows(gathering *g, pw_err *err)
{
	const char *path = pw_ctx_text(g->ctx, "from");
	pw_label_rows rows;
	pw_report report = PW_REPORT_INIT;
	pw_status rc = pw_label_rows_read(g->ctx, path, g->t, &rows, &report, err);
	pw_ctx_report(g->ctx, path, &report);
	for (size_t i = 0; rc == PW_OK && i < rows.count; i++)
		rc = want_id(g, rows.texts[i], rows.lines[i], err);
	pw_report_clear(&report);
	return rc;
}

static pw_status want_set(gathering *g, pw_err *err)
{
	pw_str texts = PW_STR_INIT;
	pw_status rc = pw_label_texts_set(g->ctx, g->t, true, &texts, err);
	if (rc == PW_OK)
		rc = want_id(g, pw_str_text(&texts), 0, err);
	pw_str_clear(&texts);
	return rc;
}

static pw_status want_one(gathering *g, const char *option, const pw_opt_value *given, pw_err *err)
{
	const char *value = given->text;
	if (strcmp(option, "tube") == 0)
		return want_tube(g, value, err);
	if (strcmp(option, "wells") == 0)
		return want_wells(g, value, err);
	if (strcmp(option, "pools") == 0)
		return want_pools(g, given->number, err);
	if (strcmp(option, "plate") == 0)
		return want_plate(g, value, err);
	if (strcmp(option, "box") == 0)
		return want_box(g, value, err);
	if (strcmp(option, "person") == 0)
		return want_person(g, value, err);
	return want_roster(g, value, err);
}

pw_status pw_label_wants_find(pw_ctx *ctx, const pw_label_source *source,
			      const pw_label_template *t, pw_label_wants *out, pw_err *err)
{
	gathering g = {.ctx = ctx, .store = pw_ctx_store(ctx), .t = t, .out = out};
	pw_status rc = PW_OK;
	*out = (pw_label_wants){.thing = source->thing};
	if (source->option == NULL)
		rc = want_set(&g, err);
	else if (strcmp(source->option, "from") == 0)
		rc = want_rows(&g, err);
	else
		for (int i = 0; rc == PW_OK && i < pw_ctx_count(ctx, source->option); i++)
			rc = want_one(&g, source->option, pw_ctx_value(ctx, source->option, i),
				      err);
	pw_str_clear(&g.texts);
	return rc;
}
