#include "cli/pictures/plate_private.h"

/* The greys are for paper; red, amber, … come on top of them on a screen. */
#define INK_POSITIVE PW_INK_COLOUR(0, 0xA3142Bu)
#define INK_NEGATIVE PW_INK_COLOUR(0, 0x1F5E3Au)
#define INK_GREY     PW_INK_COLOUR(0, 0x8A5A00u)
#define INK_INVALID  PW_INK_COLOUR(0, 0x5B2A86u)
#define INK_PLAIN    PW_INK_BLACK

static pw_shape pen(double width, pw_ink ink)
{
	return (pw_shape){.stroke = width, .stroke_ink = ink};
}

/* A line of this width in a well, thinner in the small signs of a table. */
static double thin(double r, double width)
{
	return r < 2 ? width * r / 2 : width;
}

static pw_shape area(pw_fill fill, pw_ink ink)
{
	return (pw_shape){.fill = fill, .fill_ink = ink};
}

static void cross(pw_canvas *c, pw_point at, double arm, const pw_shape *shape)
{
	pw_canvas_line(c, (pw_point){at.x - arm, at.y - arm}, (pw_point){at.x + arm, at.y + arm},
		       shape);
	pw_canvas_line(c, (pw_point){at.x - arm, at.y + arm}, (pw_point){at.x + arm, at.y - arm},
		       shape);
}

static void letter(pw_canvas *c, pw_point at, double r, const char *text, pw_ink ink)
{
	pw_text_style style = {
		.size = r,
		.align = PW_ALIGN_CENTRE,
		.valign = PW_ALIGN_MIDDLE,
		.bold = true,
		.ink = ink,
	};
	pw_canvas_text(c, at, text, &style);
}

static void positive(pw_canvas *c, pw_point at, double r)
{
	pw_shape ring = pen(0.18 * r, INK_POSITIVE), disc = area(PW_FILL_SOLID, INK_POSITIVE);
	pw_shape plus = pen(0.2 * r, PW_INK_WHITE);
	double arm = 0.4 * r;
	pw_canvas_circle(c, at, 0.91 * r, &ring);
	pw_canvas_circle(c, at, 0.7 * r, &disc);
	pw_canvas_line(c, (pw_point){at.x - arm, at.y}, (pw_point){at.x + arm, at.y}, &plus);
	pw_canvas_line(c, (pw_point){at.x, at.y - arm}, (pw_point){at.x, at.y + arm}, &plus);
}

static void negative(pw_canvas *c, pw_point at, double r)
{
	pw_shape ring = pen(thin(r, 0.2), INK_NEGATIVE), dash = pen(0.12 * r, INK_NEGATIVE);
	pw_canvas_circle(c, at, 0.95 * r, &ring);
	pw_canvas_line(c, (pw_point){at.x - 0.35 * r, at.y}, (pw_point){at.x + 0.35 * r, at.y},
		       &dash);
}

static void inconclusive(pw_canvas *c, pw_point at, double r)
{
	pw_shape ring = pen(thin(r, 0.35), INK_GREY), ground = area(PW_FILL_SOLID, PW_INK_WHITE);
	ring.fill = PW_FILL_MEDIUM;
	ring.fill_ink = INK_GREY;
	pw_canvas_circle(c, at, 0.94 * r, &ring);
	pw_canvas_circle(c, at, 0.64 * r, &ground);
	letter(c, at, 0.85 * r, "?", INK_GREY);
}

static void invalid(pw_canvas *c, pw_point at, double r)
{
	pw_shape ring = pen(thin(r, 0.3), INK_INVALID), strokes = pen(0.17 * r, INK_INVALID);
	ring.dash = thin(r, 0.3) * 2.8;
	pw_canvas_circle(c, at, 0.94 * r, &ring);
	cross(c, at, 0.36 * r, &strokes);
}

static void unjudged(pw_canvas *c, pw_point at, double r)
{
	pw_shape ring = pen(thin(r, 0.25), INK_PLAIN);
	ring.fill = PW_FILL_DOTS;
	pw_canvas_circle(c, at, 0.95 * r, &ring);
}

static void square(pw_canvas *c, pw_point at, double r, double stroke, pw_ink ink)
{
	pw_shape shape = pen(stroke, ink);
	double side = 1.74 * r;
	pw_canvas_rect(c, (pw_box){at.x - side / 2, at.y - side / 2, side, side}, &shape);
}

static void passed(pw_canvas *c, pw_point at, double r)
{
	pw_shape tick = pen(0.17 * r, INK_NEGATIVE);
	pw_point points[] = {{at.x - 0.45 * r, at.y + 0.02 * r},
			     {at.x - 0.12 * r, at.y + 0.38 * r},
			     {at.x + 0.5 * r, at.y - 0.42 * r}};
	square(c, at, r, thin(r, 0.3), INK_NEGATIVE);
	pw_canvas_path(c, points, 3, false, &tick);
}

static void failed(pw_canvas *c, pw_point at, double r)
{
	pw_shape strokes = pen(0.24 * r, INK_POSITIVE);
	square(c, at, r, 0.2 * r, INK_POSITIVE);
	cross(c, at, 0.42 * r, &strokes);
}

static void pending(pw_canvas *c, pw_point at, double r)
{
	square(c, at, r, thin(r, 0.3), INK_PLAIN);
	letter(c, at, 0.8 * r, "C", INK_PLAIN);
}

static void kept_free(pw_canvas *c, pw_point at, double r)
{
	pw_shape ring = pen(thin(r, 0.2), INK_PLAIN);
	ring.dash = thin(r, 0.2) * 3;
	pw_canvas_circle(c, at, 0.5 * r, &ring);
}

static void empty(pw_canvas *c, pw_point at, double r)
{
	pw_shape dot = area(PW_FILL_SOLID, PW_INK_GREY(110));
	pw_canvas_circle(c, at, 0.08 * r + 0.1, &dot);
}

static const struct {
	const char *word;
	void (*draw)(pw_canvas *c, pw_point at, double r);
} signs[PW_SIGN_COUNT] = {
	[PW_SIGN_POSITIVE] = {"positive", positive},
	[PW_SIGN_INCONCLUSIVE] = {"inconclusive", inconclusive},
	[PW_SIGN_INVALID] = {"invalid", invalid},
	[PW_SIGN_NEGATIVE] = {"negative", negative},
	[PW_SIGN_UNJUDGED] = {"not judged", unjudged},
	[PW_SIGN_PASSED] = {"control ok", passed},
	[PW_SIGN_FAILED] = {"control failed", failed},
	[PW_SIGN_PENDING] = {"control pending", pending},
	[PW_SIGN_FREE] = {"kept free", kept_free},
	[PW_SIGN_EMPTY] = {"empty", empty},
};

static pw_plate_sign sign_of_call(pw_call call)
{
	switch (call) {
	case PW_CALL_POSITIVE:
		return PW_SIGN_POSITIVE;
	case PW_CALL_NEGATIVE:
		return PW_SIGN_NEGATIVE;
	case PW_CALL_INCONCLUSIVE:
		return PW_SIGN_INCONCLUSIVE;
	case PW_CALL_INVALID:
		return PW_SIGN_INVALID;
	case PW_CALL_NONE:
		break;
	}
	return PW_SIGN_UNJUDGED;
}

pw_plate_sign pw_plate_sign_of(const pw_picture_well *well)
{
	if (well == NULL || well->state == PW_PICTURE_EMPTY)
		return PW_SIGN_EMPTY;
	if (well->state == PW_PICTURE_FREE)
		return PW_SIGN_FREE;
	if (well->state == PW_PICTURE_SPECIMEN)
		return sign_of_call(well->call);
	if (well->verdict == PW_PICTURE_PENDING)
		return PW_SIGN_PENDING;
	return well->verdict == PW_PICTURE_PASSED ? PW_SIGN_PASSED : PW_SIGN_FAILED;
}

const char *pw_plate_sign_word(pw_plate_sign sign)
{
	return signs[sign].word;
}

/* A stroke that goes behind the sign, so that the sign stays readable. */
static void strike(pw_canvas *c, pw_point at, double r)
{
	pw_shape line = pen(0.16 * r, INK_PLAIN);
	double near = 0.76 * r, far = 0.98 * r;
	pw_canvas_line(c, (pw_point){at.x - far, at.y + far}, (pw_point){at.x - near, at.y + near},
		       &line);
	pw_canvas_line(c, (pw_point){at.x + near, at.y - near}, (pw_point){at.x + far, at.y - far},
		       &line);
}

static void padlock(pw_canvas *c, pw_point at, double r)
{
	pw_shape ground = area(PW_FILL_SOLID, PW_INK_WHITE), body = area(PW_FILL_SOLID, INK_PLAIN);
	pw_shape shackle = pen(0.12 * r, INK_PLAIN);
	pw_canvas_circle(c, at, 0.58 * r, &ground);
	pw_canvas_round_rect(c, (pw_box){at.x - 0.2 * r, at.y - 0.42 * r, 0.4 * r, 0.7 * r},
			     0.2 * r, &shackle);
	pw_canvas_round_rect(c, (pw_box){at.x - 0.36 * r, at.y - 0.08 * r, 0.72 * r, 0.52 * r},
			     0.06 * r, &body);
}

void pw_plate_sign_draw(pw_canvas *c, pw_plate_sign sign, pw_point at, double r, bool held)
{
	signs[sign].draw(c, at, r);
	if (!held)
		return;
	strike(c, at, r);
	padlock(c, (pw_point){at.x + 0.6 * r, at.y + 0.8 * r}, r);
}

void pw_plate_next_draw(pw_canvas *c, pw_point at, double r)
{
	pw_shape shape = area(PW_FILL_SOLID, INK_PLAIN);
	pw_point arrow[] = {{at.x - 0.26 * r, at.y - 0.9 * r},
			    {at.x + 0.26 * r, at.y - 0.9 * r},
			    {at.x + 0.26 * r, at.y - 0.1 * r},
			    {at.x + 0.66 * r, at.y - 0.1 * r},
			    {at.x, at.y + 0.8 * r},
			    {at.x - 0.66 * r, at.y - 0.1 * r},
			    {at.x - 0.26 * r, at.y - 0.1 * r}};
	pw_canvas_path(c, arrow, sizeof(arrow) / sizeof(arrow[0]), true, &shape);
}
