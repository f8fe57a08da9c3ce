#include <math.h>

#include "cli/pictures/posterior_private.h"

/* Red and blue are told apart by nearly everybody; the greys are for paper. */
#define INK_POSITIVE  PW_INK_COLOUR(0, 0x9E1B32u)
#define INK_UNDECIDED PW_INK_COLOUR(40, 0x0B5CADu)
#define INK_NEGATIVE  PW_INK_GREY(120)

#define TAU 6.283185307179586

static const char *const words[PW_POSTERIOR_SIGN_COUNT] = {
	[PW_POSTERIOR_POSITIVE] = "person positive",
	[PW_POSTERIOR_UNDECIDED] = "undecided, filled by the chance",
	[PW_POSTERIOR_NEGATIVE] = "negative",
	[PW_POSTERIOR_BY_BOUND] = "undecided only by the bound",
	[PW_POSTERIOR_POOL_POSITIVE] = "pool positive",
	[PW_POSTERIOR_POOL_NEGATIVE] = "negative",
	[PW_POSTERIOR_POOL_GREY] = "grey",
	[PW_POSTERIOR_POOL_MISSING] = "without a result",
	[PW_POSTERIOR_POOL_WRONG] = "not explained",
};

const char *pw_posterior_sign_word(pw_posterior_sign sign)
{
	return words[sign];
}

pw_posterior_sign pw_posterior_sign_of_person(const pw_posterior_sheet *s, size_t sample)
{
	switch (pw_decoded_call(s->p->decoded, sample, s->p->confidence)) {
	case PW_PERSON_POSITIVE:
		return PW_POSTERIOR_POSITIVE;
	case PW_PERSON_NEGATIVE:
		return PW_POSTERIOR_NEGATIVE;
	case PW_PERSON_UNDECIDED:
		break;
	}
	double q = s->p->decoded->posterior[sample];
	bool by_bound = q < PW_POSTERIOR_LEAST && 1 - q >= s->p->confidence;
	return by_bound ? PW_POSTERIOR_BY_BOUND : PW_POSTERIOR_UNDECIDED;
}

pw_posterior_sign pw_posterior_sign_of_pool(const pw_posterior_sheet *s, size_t pool)
{
	switch (s->p->readings[pool].call) {
	case PW_POOL_POSITIVE:
		return PW_POSTERIOR_POOL_POSITIVE;
	case PW_POOL_NEGATIVE:
		return PW_POSTERIOR_POOL_NEGATIVE;
	case PW_POOL_GREY:
		return PW_POSTERIOR_POOL_GREY;
	case PW_POOL_MISSING:
		break;
	}
	return PW_POSTERIOR_POOL_MISSING;
}

/* ---- Drawing ---- */

static void stroke(pw_canvas *c, pw_point from, pw_point to, double width, pw_ink ink)
{
	pw_shape line = {.stroke = width, .stroke_ink = ink};
	pw_canvas_line(c, from, to, &line);
}

static void plus(pw_canvas *c, pw_point at, double r, pw_ink ink)
{
	double arm = 0.5 * r;
	stroke(c, (pw_point){at.x - arm, at.y}, (pw_point){at.x + arm, at.y}, 0.22 * r, ink);
	stroke(c, (pw_point){at.x, at.y - arm}, (pw_point){at.x, at.y + arm}, 0.22 * r, ink);
}

/* A slice of the disc, clockwise from the top. */
static void slice(pw_canvas *c, pw_point at, double r, double part, pw_ink ink)
{
	enum { STEPS = 72 };
	pw_shape area = {.fill = PW_FILL_SOLID, .fill_ink = ink};
	pw_point points[STEPS + 2] = {at};
	size_t n = 1;
	for (int k = 0; k <= STEPS; k++) {
		double angle = TAU * part * k / STEPS;
		points[n++] = (pw_point){at.x + r * sin(angle), at.y - r * cos(angle)};
	}
	if (part >= 1)
		pw_canvas_circle(c, at, r, &area);
	else if (part > 0)
		pw_canvas_path(c, points, n, true, &area);
}

static void person(pw_canvas *c, pw_posterior_sign sign, pw_point at, double r, double part)
{
	pw_shape disc = {.fill = PW_FILL_SOLID, .fill_ink = INK_POSITIVE};
	pw_shape ring = {.stroke = 0.1 * r, .stroke_ink = INK_UNDECIDED};
	pw_shape small = {.stroke = 0.07 * r, .stroke_ink = INK_NEGATIVE};
	if (sign == PW_POSTERIOR_POSITIVE) {
		pw_canvas_circle(c, at, r, &disc);
		plus(c, at, r, PW_INK_WHITE);
	} else if (sign == PW_POSTERIOR_UNDECIDED) {
		slice(c, at, 0.86 * r, part, INK_UNDECIDED);
		pw_canvas_circle(c, at, 0.95 * r, &ring);
	} else {
		small.dash = sign == PW_POSTERIOR_BY_BOUND ? 0.16 * r : 0;
		pw_canvas_circle(c, at, 0.4 * r, &small);
	}
}

static void square(pw_canvas *c, pw_point at, double r, const pw_shape *shape)
{
	double side = 1.7 * r;
	pw_canvas_round_rect(c, (pw_box){at.x - side / 2, at.y - side / 2, side, side}, 0.2 * r,
			     shape);
}

static void question(pw_canvas *c, pw_point at, double r)
{
	pw_shape ground = {.fill = PW_FILL_SOLID, .fill_ink = PW_INK_WHITE};
	pw_text_style style = {
		.size = r, .align = PW_ALIGN_CENTRE, .valign = PW_ALIGN_MIDDLE, .bold = true};
	pw_canvas_circle(c, at, 0.62 * r, &ground);
	pw_canvas_text(c, at, "?", &style);
}

static void pool(pw_canvas *c, pw_posterior_sign sign, pw_point at, double r)
{
	pw_shape full = {.fill = PW_FILL_SOLID, .fill_ink = INK_POSITIVE};
	pw_shape empty = {.stroke = 0.1 * r, .stroke_ink = PW_INK_GREY(90)};
	pw_shape grey = {.stroke = 0.12 * r, .fill = PW_FILL_MEDIUM};
	pw_shape broken = {.stroke = 0.1 * r, .stroke_ink = PW_INK_GREY(90), .dash = 0.3 * r};
	double arm = 0.4 * r;
	if (sign == PW_POSTERIOR_POOL_POSITIVE) {
		square(c, at, r, &full);
		plus(c, at, r, PW_INK_WHITE);
	} else if (sign == PW_POSTERIOR_POOL_NEGATIVE) {
		square(c, at, r, &empty);
		stroke(c, (pw_point){at.x - arm, at.y}, (pw_point){at.x + arm, at.y}, 0.12 * r,
		       PW_INK_GREY(90));
	} else if (sign == PW_POSTERIOR_POOL_GREY) {
		square(c, at, r, &grey);
		question(c, at, r);
	} else {
		square(c, at, r, &broken);
		stroke(c, (pw_point){at.x - arm, at.y - arm}, (pw_point){at.x + arm, at.y + arm},
		       0.12 * r, PW_INK_GREY(90));
		stroke(c, (pw_point){at.x - arm, at.y + arm}, (pw_point){at.x + arm, at.y - arm},
		       0.12 * r, PW_INK_GREY(90));
	}
}

/* A frame with its upper right corner black. */
static void corner(pw_canvas *c, pw_point at, double r)
{
	pw_shape frame = {.stroke = 0.25 * r}, black = {.fill = PW_FILL_SOLID};
	pw_box box = {at.x - r, at.y - r, 2 * r, 2 * r};
	double x = at.x + r, y = at.y - r;
	pw_canvas_rect(c, box, &frame);
	pw_canvas_path(c, (pw_point[]){{x - 1.2 * r, y}, {x, y}, {x, y + 1.2 * r}}, 3, true,
		       &black);
}

void pw_posterior_sign_draw(pw_canvas *c, pw_posterior_sign sign, pw_point at, double r,
			    double part)
{
	if (sign == PW_POSTERIOR_POOL_WRONG)
		corner(c, at, r);
	else if (sign <= PW_POSTERIOR_BY_BOUND)
		person(c, sign, at, r, part);
	else
		pool(c, sign, at, r);
}
