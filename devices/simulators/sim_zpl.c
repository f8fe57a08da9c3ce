/*
 * A ZPL II printer. Read as the guide has it: ^ and ~ begin a command of two letters, whose arguments reach to the next one.
 * Drawn are ^GF, ^GB; texts and bar codes (^A, ^B) are noted, not drawn: our labels have none.
 */
#include <stdlib.h>
#include <string.h>

#include "devices/simulators/sim_zpl.h"

static pw_sim_zpl_state *state_of(pw_sim *sim)
{
	return sim->state;
}

static void clear(pw_sim *sim)
{
	pw_sim_zpl_state *s = state_of(sim);
	pw_sim_graphic_clear(&s->graphic);
	pw_sim_page_clear(&s->page);
}

static void reset(pw_sim *sim)
{
	clear(sim);
	*state_of(sim) = (pw_sim_zpl_state){.width = 812, .length = 1218, .copies = 1};
}

/* ---- Arguments ---- */

/* The i-th argument as a number, or what it is without. */
static int64_t argument(const pw_sim_zpl_state *s, int i, int64_t otherwise)
{
	const char *at = s->arguments;
	for (; i > 0 && at != NULL; i--) {
		at = strchr(at, ',');
		at = at == NULL ? NULL : at + 1;
	}
	if (at == NULL)
		return otherwise;
	char *end;
	long value = strtol(at, &end, 10);
	return end == at || value < -32000 || value > 99999999 ? otherwise : value;
}

static bool is(const pw_sim_zpl_state *s, const char *command)
{
	return s->prefix == command[0] && s->name[0] == command[1] && s->name[1] == command[2];
}

/* ---- Formats ---- */

static void begin_format(pw_sim *sim)
{
	pw_sim_zpl_state *s = state_of(sim);
	if (s->format)
		pw_sim_note(sim, "a format begins inside of another one, which is lost");
	pw_sim_page_clear(&s->page);
	s->format = true;
	s->filled = s->inverse = s->from_below = false;
	s->copies = 1;
	s->x = s->y = 0;
}

static void end_format(pw_sim *sim)
{
	pw_sim_zpl_state *s = state_of(sim);
	bool filled = s->format && s->filled;
	s->format = s->filled = false;
	if (!filled) {
		pw_sim_page_clear(&s->page);
		sim->coming = 0;
		return;
	}
	if (s->page.bits == NULL)
		pw_sim_page_init(&s->page, s->width, s->length);
	s->page.copies = (int)(s->copies < 1 ? 1 : s->copies > 9999 ? 9999 : s->copies);
	pw_sim_enqueue(sim, &s->page);
}

/* "~JA": all formats that have not been printed, and the one that has not ended. */
static void cancel_all(pw_sim *sim)
{
	pw_sim_zpl_state *s = state_of(sim);
	pw_sim_cancel(sim);
	pw_sim_page_clear(&s->page);
	s->format = s->filled = false;
	sim->coming = 0;
}

static pw_sim_page *page_of(pw_sim *sim)
{
	pw_sim_zpl_state *s = state_of(sim);
	if (s->page.bits == NULL)
		pw_sim_page_init(&s->page, s->width, s->length);
	return &s->page;
}

static void draw_box(pw_sim *sim)
{
	pw_sim_zpl_state *s = state_of(sim);
	int64_t t = argument(s, 2, 1), w = argument(s, 0, t), h = argument(s, 1, t);
	int64_t x = s->home_x + s->x, y = s->home_y + s->y;
	pw_sim_ink ink = s->inverse ? PW_SIM_INVERT : PW_SIM_BLACKEN;
	pw_sim_page *page = page_of(sim);
	t = t < 1 ? 1 : t;
	w = w < t ? t : w;
	h = h < t ? t : h;
	if (2 * t >= h || 2 * t >= w) {
		pw_sim_page_fill(page, x, y, w, h, ink);
		return;
	}
	pw_sim_page_fill(page, x, y, w, t, ink);
	pw_sim_page_fill(page, x, y + h - t, w, t, ink);
	pw_sim_page_fill(page, x, y + t, t, h - 2 * t, ink);
	pw_sim_page_fill(page, x + w - t, y + t, t, h - 2 * t, ink);
}

/* The picture is complete, or what follows it has begun. */
static void end_picture(pw_sim *sim)
{
	pw_sim_zpl_state *s = state_of(sim);
	pw_sim_graphic *g = &s->graphic;
	const char *why = NULL;
	s->place = PW_SIM_ZPL_BETWEEN;
	if (!pw_sim_graphic_end(g, &why)) {
		pw_sim_note(sim, "a picture is not drawn: %s", why);
	} else if (s->format) {
		size_t rows = g->size / g->stride;
		int64_t y = s->home_y + s->y - (s->from_below ? (int64_t)rows : 0);
		pw_sim_page_draw(page_of(sim), s->home_x + s->x, y, g->dots, g->stride, rows,
				 s->inverse ? PW_SIM_INVERT : PW_SIM_BLACKEN);
	}
	pw_sim_graphic_clear(g);
}

/* ---- Commands ---- */

/* Those that are carried out as soon as their name is there: they have no arguments. */
static bool run_at_once(pw_sim *sim)
{
	const pw_sim_zpl_state *s = state_of(sim);
	if (is(s, "^XA"))
		begin_format(sim);
	else if (is(s, "^XZ"))
		end_format(sim);
	else if (is(s, "~HS"))
		pw_sim_zpl_host_status(sim);
	else if (is(s, "~HI"))
		pw_sim_zpl_identity(sim);
	else if (is(s, "~JA"))
		cancel_all(sim);
	else if (is(s, "~JR"))
		pw_sim_forget(sim);
	else if (is(s, "~PP"))
		(void)!pw_sim_do(sim, "pause", NULL);
	else if (is(s, "~PS"))
		(void)!pw_sim_do(sim, "resume", NULL);
	else
		return false;
	return true;
}

static void place_field(pw_sim_zpl_state *s, bool from_below)
{
	s->x = argument(s, 0, 0);
	s->y = argument(s, 1, 0);
	s->from_below = from_below;
}

/* Those that set something. */
static bool run_setting(pw_sim_zpl_state *s)
{
	if (is(s, "^PW"))
		s->width = argument(s, 0, s->width);
	else if (is(s, "^LL"))
		s->length = argument(s, 0, s->length);
	else if (is(s, "^PQ"))
		s->copies = argument(s, 0, 1);
	else if (is(s, "^FO") || is(s, "^FT"))
		place_field(s, s->name[1] == 'T');
	else if (is(s, "^FR"))
		s->inverse = true;
	else if (is(s, "^LH")) {
		s->home_x = argument(s, 0, s->home_x);
		s->home_y = argument(s, 1, s->home_y);
	} else if (is(s, "^FS")) {
		s->filled = true;
		s->inverse = false;
	} else {
		return false;
	}
	return true;
}

/* Without effect on the dots: character sets, speed, darkness, comments and the like. */
static bool is_harmless(const pw_sim_zpl_state *s)
{
	static const char *const known[] = {"^CI", "^FH", "^FX", "^MM", "^MN", "^MT", "^MD", "^PR",
					    "^PO", "^PM", "^LS", "^LT", "^LR", "^BY", "^FW", "^CF",
					    "^JM", "^JZ", "^JU", "^DF", "^XF", "^FN", "~SD", "~TA",
					    "~JS", "~JC", "~JL", "^SZ", "^PH", "~PH", "~PR", "^FB"};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (is(s, known[i]))
			return true;
	return false;
}

static void run(pw_sim *sim)
{
	pw_sim_zpl_state *s = state_of(sim);
	s->arguments[s->arguments_n] = '\0';
	if (run_setting(s))
		return;
	if (is(s, "^GB"))
		draw_box(sim);
	else if (s->prefix == '^' && (s->name[0] == 'A' || s->name[0] == 'B' ||
				      (s->name[0] == 'F' && s->name[1] == 'D')))
		pw_sim_note(sim, "not drawn: ^%.2s%s", s->name, s->arguments);
	else if (!is_harmless(s))
		pw_sim_note(sim, "not known: %c%.2s%s", s->prefix, s->name, s->arguments);
}

/* ---- Bytes ---- */

static void begin_command(pw_sim *sim, char prefix)
{
	pw_sim_zpl_state *s = state_of(sim);
	if (s->place == PW_SIM_ZPL_PICTURE)
		end_picture(sim);
	else if (s->place == PW_SIM_ZPL_ARGS)
		run(sim);
	s->place = PW_SIM_ZPL_NAME;
	s->prefix = prefix;
	s->name_n = s->arguments_n = 0;
	s->commas = 0;
}

static void feed_name(pw_sim *sim, char c)
{
	pw_sim_zpl_state *s = state_of(sim);
	s->name[s->name_n++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	if (s->name_n < 2)
		return;
	s->place = PW_SIM_ZPL_ARGS;
	/* It may be reset by what it is told, so its place is set before. */
	char prefix = s->prefix;
	s->place = PW_SIM_ZPL_BETWEEN;
	if (!run_at_once(sim)) {
		s->prefix = prefix;
		s->place = PW_SIM_ZPL_ARGS;
	}
}

static void feed_argument(pw_sim *sim, char c)
{
	pw_sim_zpl_state *s = state_of(sim);
	if (s->arguments_n < PW_SIM_ZPL_ARGUMENTS && c != '\r' && c != '\n')
		s->arguments[s->arguments_n++] = c;
	s->arguments[s->arguments_n] = '\0';
	if (is(s, "~HQ") && s->arguments_n == 2) {
		s->place = PW_SIM_ZPL_BETWEEN;
		if (memcmp(s->arguments, "ES", 2) == 0)
			pw_sim_zpl_host_query(sim);
	} else if (is(s, "^GF") && c == ',' && ++s->commas == 4) {
		s->place = PW_SIM_ZPL_PICTURE;
		pw_sim_graphic_begin(&s->graphic, s->arguments);
	}
}

static void feed(pw_sim *sim, uint8_t byte)
{
	pw_sim_zpl_state *s = state_of(sim);
	char c = (char)byte;
	bool raw = s->place == PW_SIM_ZPL_PICTURE && pw_sim_graphic_is_raw(&s->graphic);
	if (!raw && (c == '^' || c == '~')) {
		begin_command(sim, c);
		return;
	}
	switch (s->place) {
	case PW_SIM_ZPL_BETWEEN:
		if (!s->format)
			sim->coming = 0;
		break;
	case PW_SIM_ZPL_NAME:
		feed_name(sim, c);
		break;
	case PW_SIM_ZPL_ARGS:
		feed_argument(sim, c);
		break;
	case PW_SIM_ZPL_PICTURE:
		pw_sim_graphic_feed(&s->graphic, byte);
		if (raw && !pw_sim_graphic_is_raw(&s->graphic))
			end_picture(sim);
		break;
	}
}

const pw_sim_language pw_sim_zpl = {
	.name = "zpl",
	.device_id = "MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD421-203dpi ZPL;CLS:PRINTER;",
	.dpi = 203,
	.state_size = sizeof(pw_sim_zpl_state),
	.reset = reset,
	.clear = clear,
	.feed = feed,
};
