/* Judging a well: readings → bands → rows → the call, and the sentence for people. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/str.h"
#include "core/model/assay_table.h"

int pw_assay_state_of(const pw_assay *assay, int attempt, pw_call previous)
{
	if (attempt > assay->attempts)
		attempt = assay->attempts;
	if (!assay->uses_after || attempt == 1)
		return attempt - 1;
	return 1 + 2 * (attempt - 2) + (previous == PW_CALL_INVALID);
}

int pw_assay_state_attempt(const pw_assay *assay, int state)
{
	if (!assay->uses_after || state == 0)
		return state + 1;
	return 2 + (state - 1) / 2;
}

pw_call pw_assay_state_previous(const pw_assay *assay, int state)
{
	if (!assay->uses_after || state == 0)
		return PW_CALL_NONE;
	return state % 2 == 1 ? PW_CALL_INCONCLUSIVE : PW_CALL_INVALID;
}

static bool count_holds(const pw_assay *assay, const row_count *count, const int *bands)
{
	unsigned n = 0;
	for (int t = 0; t < assay->target_count; t++)
		n += (count->targets >> t) & (count->bands[t] >> bands[t]) & 1;
	return (int)n >= count->min && (int)n <= count->max;
}

uint64_t pw_assay_rows_counted(const pw_assay *assay, uint64_t rows, const int *bands)
{
	for (int i = 0; i < assay->row_count; i++) {
		if ((rows >> i & 1) == 0)
			continue;
		for (int c = 0; c < assay->rows[i].count_count; c++)
			if (!count_holds(assay, &assay->rows[i].counts[c], bands))
				rows &= ~((uint64_t)1 << i);
	}
	return rows;
}

/* ---- the sentence: printf would take longer than all the rest ---- */

typedef struct sentence {
	char *text;
	size_t len, size;
} sentence;

/* Adds what fits, never half a character; after a cut nothing more. */
static void say(sentence *s, const char *text)
{
	size_t n = strlen(text);
	if (n >= s->size - s->len) {
		n = s->size - s->len - 1;
		/* There are n bytes and more of it, which the analyser does not see. NOLINTNEXTLINE(clang-analyzer-*) */
		while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
			n--;
		s->size = s->len + n + 1;
	}
	memcpy(s->text + s->len, text, n);
	s->len += n;
	s->text[s->len] = '\0';
}

static void two_decimals(double cq, char out[32])
{
	char digits[16];
	int n = 0;
	long long hundredths = llround(cq * 100);
	bool negative = hundredths < 0;
	if (negative)
		hundredths = -hundredths;
	for (; n < 3 || hundredths > 0; hundredths /= 10)
		digits[n++] = (char)('0' + hundredths % 10);
	if (negative)
		*out++ = '-';
	while (n > 2)
		*out++ = digits[--n];
	*out++ = '.';
	*out++ = digits[1];
	*out++ = digits[0];
	*out = '\0';
}

/* Two decimals, unless they would show the number in another band than it is in: 39.999 is not 40. */
static void say_cq(sentence *s, const band_map *map, const pw_measure *measure)
{
	char text[32];
	double shown = round(measure->cq * 100) / 100;
	if (fabs(measure->cq) < 1e6 &&
	    pw_assay_piece_of(map, shown) == pw_assay_piece_of(map, measure->cq))
		two_decimals(measure->cq, text);
	else
		pw_format_real(measure->cq, text);
	say(s, text);
}

static bool is_reading(const pw_measure *measure)
{
	PW_BUG_IF((int)measure->amp < 0 || (int)measure->amp >= AMP_STATES);
	return measure->present && (!measure->has_cq || isfinite(measure->cq));
}

/* "N1 36.10 no-amp doubt" */
static void say_measure(sentence *s, const assay_target *target, const band_map *map,
			const pw_measure *measure, int band)
{
	if (s->len > 0)
		say(s, ", ");
	say(s, target->name);
	if (!is_reading(measure)) {
		say(s, " no reading");
		return;
	}
	say(s, " ");
	if (measure->has_cq)
		say_cq(s, map, measure);
	else
		say(s, "no Cq");
	if (measure->amp == PW_AMP_NO || measure->amp == PW_AMP_INCONCLUSIVE) {
		say(s, measure->amp == PW_AMP_NO ? " no-amp" : " amp?");
	}
	say(s, " ");
	say(s, band == NO_BAND ? "(no band)" : target->bands[band]);
}

/* ---- specimens ---- */

static int first_row(uint64_t rows)
{
	int i = 0;
	while ((rows >> i & 1) == 0)
		i++;
	return i;
}

static void decide(const pw_assay *assay, int attempt, int state, const int *bands, bool in_a_hole,
		   pw_verdict *out)
{
	uint64_t rows = in_a_hole ? 0 : assay->rows_of_state[state];
	for (int t = 0; t < assay->target_count && rows != 0; t++)
		rows &= assay->rows_of_band[t][bands[t]];
	if (rows != 0)
		rows = pw_assay_rows_counted(assay, rows, bands);
	if (rows != 0) {
		const assay_row *row = &assay->rows[first_row(rows)];
		out->call = row->call;
		out->next = row->next[attempt - 1];
		out->rule = row->text;
		out->note = row->note;
		return;
	}
	out->call = PW_CALL_INCONCLUSIVE;
	out->next = attempt < assay->attempts ? PW_NEXT_REPEAT_PCR : PW_NEXT_REPORT;
	out->rule = "no rule";
}

void pw_assay_judge_after(const pw_assay *assay, const char *instrument, int attempt,
			  pw_call previous, const pw_measure *measures, pw_verdict *out)
{
	PW_BUG_IF(attempt < 1);
	if (attempt > assay->attempts)
		attempt = assay->attempts;
	int class = pw_assay_class_of(assay, instrument);
	int bands[MAX_TARGETS];
	const assay_target *missing = NULL;
	bool in_a_hole = false;
	sentence s = {.text = out->text, .size = sizeof(out->text)};
	out->note = "";
	for (int t = 0; t < assay->target_count; t++) {
		const assay_target *target = &assay->targets[t];
		const band_map *map = target->of_class[class];
		bool reading = is_reading(&measures[t]);
		bands[t] = reading ? pw_assay_band_of(map, &measures[t]) : NO_BAND;
		in_a_hole = in_a_hole || bands[t] == NO_BAND;
		if (!reading && missing == NULL)
			missing = target;
		say_measure(&s, target, map, &measures[t], bands[t]);
	}
	if (missing == NULL) {
		decide(assay, attempt, pw_assay_state_of(assay, attempt, previous), bands,
		       in_a_hole, out);
		return;
	}
	out->call = PW_CALL_INVALID;
	out->next = attempt < assay->attempts ? PW_NEXT_REPEAT_PCR : PW_NEXT_NEW_SPECIMEN;
	out->rule = missing->no_reading;
}

void pw_assay_judge(const pw_assay *assay, const char *instrument, int attempt,
		    const pw_measure *measures, pw_verdict *out)
{
	pw_assay_judge_after(assay, instrument, attempt, PW_CALL_INCONCLUSIVE, measures, out);
}

/* ---- controls ---- */

static void say_expected(sentence *s, const assay_control *control, const assay_target *target,
			 const band_map *map, int t)
{
	unsigned bands = control->expect[t] & pw_assay_map_bands(map);
	const char *gap = " (expected ";
	for (int b = 0; b < target->band_count; b++) {
		if ((bands >> b & 1) == 0)
			continue;
		say(s, gap);
		say(s, target->bands[b]);
		gap = " or ";
	}
	say(s, ")");
}

bool pw_assay_judge_control(const pw_assay *assay, size_t control, const char *instrument,
			    const pw_measure *measures, char out_text[200])
{
	PW_BUG_IF(control >= (size_t)assay->control_count);
	const assay_control *rule = &assay->controls[control];
	int class = pw_assay_class_of(assay, instrument);
	sentence s = {.text = out_text, .size = 200};
	bool good = true;
	for (int t = 0; t < assay->target_count; t++) {
		const assay_target *target = &assay->targets[t];
		const band_map *map = rule->own[t] != NULL ? rule->own[t] : target->of_class[class];
		int band = is_reading(&measures[t]) ? pw_assay_band_of(map, &measures[t]) : NO_BAND;
		say_measure(&s, target, map, &measures[t], band);
		bool any = rule->expect[t] == ~0u;
		if (any ? is_reading(&measures[t])
			: band != NO_BAND && (rule->expect[t] >> band & 1))
			continue;
		good = false;
		if (!any)
			say_expected(&s, rule, target, map, t);
	}
	return good;
}
