/* The picture of `poolwell decode --draw`: what is said around the plate, which cli/pictures draws. */
#include "cli/decode_answer.h"
#include "cli/draw_opt.h"
#include "cli/pictures/posterior.h"
#include "core/base/mem.h"

/* One more than are drawn, so that the picture says that there are more. */
#define MOST_NOTES 64

typedef struct notes {
	pw_str text[MOST_NOTES];
	size_t count;
} notes;

/* A new note; the last one again and again when there is no room. */
static pw_str *note(notes *n)
{
	pw_str *text = &n->text[n->count < MOST_NOTES ? n->count++ : MOST_NOTES - 1];
	pw_str_truncate(text, 0);
	return text;
}

static void note_pools(const pw_decode_answer *a, const uint32_t *pools, size_t count, notes *n)
{
	for (size_t i = 0; i < count; i++) {
		pw_str *text = note(n);
		pw_str_addf(text, "pool %u is ", pools[i] + 1);
		pw_decode_answer_pool(a, pools[i], text);
	}
}

static void note_twins(const pw_decode_answer *a, notes *n)
{
	for (uint32_t j = 0; j < a->decoded.samples; j++) {
		uint32_t group[8];
		size_t count = 0;
		if (a->twin[j] != j || a->next_twin[j] == PW_NO_TWIN ||
		    !pw_decode_answer_matters(a, j))
			continue;
		for (uint32_t k = j; k != PW_NO_TWIN && count < 8; k = a->next_twin[k])
			group[count++] = k;
		pw_str *text = note(n);
		pw_str_add(text, "no result tells samples ");
		pw_decode_name_numbers(group, count, text);
		pw_str_add(text, " apart: they are in the same pools");
	}
}

static void name_set(const pw_decoded_set *set, pw_str *out)
{
	pw_str_add_char(out, '{');
	for (size_t k = 0; k < set->count; k++)
		pw_str_addf(out, "%s%u", k > 0 ? " " : "", set->at[k] + 1);
	pw_str_addf(out, "} %.3f", set->posterior);
}

/* The likeliest set and those that hit the same pools. */
static void note_alike(const pw_decode_answer *a, notes *n)
{
	const pw_decoded *d = &a->decoded;
	pw_str *text = NULL;
	size_t named = 0;
	for (size_t s = 1; s < d->set_count && named < 6; s++) {
		if (a->alike[s] != 0 || d->sets[s].posterior < 0.05 * d->sets[0].posterior)
			continue;
		if (named++ == 0) {
			text = note(n);
			pw_str_add(
				text,
				"these sets hit the same pools, so that no result tells them apart: ");
			name_set(&d->sets[0], text);
		}
		pw_str_add(text, ", ");
		name_set(&d->sets[s], text);
	}
}

static void note_all(const pw_decode_answer *a, notes *n)
{
	const pw_decoded *d = &a->decoded;
	pw_str_addf(note(n), "%.4g positives expected; every posterior within %s%.2g (%s)%s",
		    d->expected_positives, d->method == PW_DECODE_LOADS ? "about " : "", d->bound,
		    pw_decode_method_name(d->method),
		    d->stopped ? "; the search was ended by the deadline" : "");
	if (a->alarm.raised) {
		pw_str *text = note(n);
		pw_str_add(text, "ALARM: ");
		pw_decode_answer_alarm(a, text);
	}
	note_pools(a, a->left_over, a->left_over_count, n);
	note_pools(a, a->against, a->against_count, n);
	note_alike(a, n);
	note_twins(a, n);
}

static const char *typed(pw_ctx *ctx, const char *name)
{
	return pw_ctx_value(ctx, name, 0)->text;
}

/* What was decoded, as it was typed. */
static void name_evidence(pw_ctx *ctx, pw_str *out)
{
	pw_str_addf(out, "design %s", typed(ctx, "design"));
	if (pw_ctx_given(ctx, "ct"))
		pw_str_addf(out, ", Ct %s", typed(ctx, "ct"));
	pw_str_addf(out, "; prior %s, sensitivity %s, specificity %s; decided at %s",
		    typed(ctx, pw_ctx_given(ctx, "priors") ? "priors" : "prior"), typed(ctx, "se"),
		    typed(ctx, "sp"), typed(ctx, "confidence"));
}

pw_status pw_decode_answer_draw(pw_ctx *ctx, const pw_decode_answer *a, pw_canvas_format format,
				pw_err *err)
{
	notes n = {.count = 0};
	const char *lines[MOST_NOTES];
	pw_str title = PW_STR_INIT, subtitle = PW_STR_INIT, bytes = PW_STR_INIT;
	pw_str_addf(&title, "%zu people in %zu pools: %zu positive, %zu undecided, %zu negative",
		    a->decoded.samples, pw_design_pools(a->args.design), a->positive, a->undecided,
		    a->negative);
	name_evidence(ctx, &subtitle);
	note_all(a, &n);
	for (size_t i = 0; i < n.count; i++)
		lines[i] = pw_str_text(&n.text[i]);
	pw_posterior_picture p = {.title = pw_str_text(&title),
				  .subtitle = pw_str_text(&subtitle),
				  .notes = lines,
				  .note_count = n.count,
				  .design = a->args.design,
				  .readings = a->args.readings,
				  .decoded = &a->decoded,
				  .likely = a->likely,
				  .confidence = a->args.confidence};
	pw_status rc = pw_posterior_picture_draw(&p, format, PW_DRAW_DPI, &bytes, err);
	if (rc == PW_OK)
		rc = pw_draw_opt_write(ctx, &bytes, err);
	for (size_t i = 0; i < n.count; i++)
		pw_str_clear(&n.text[i]);
	pw_str_clear(&title);
	pw_str_clear(&subtitle);
	pw_str_clear(&bytes);
	return rc;
}
