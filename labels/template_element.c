#include <string.h>

#include "labels/template_private.h"

#define MM          1000
#define MAX_SIDE    (1000 * MM)
#define MIN_TEXT    500  /* µm of capitals */
#define SMALL_TEXT  1400 /* what text shrinks to when nobody says */
#define LINE_WIDTH  250
#define MIN_MODULE  165 /* 6.5 mil: two dots at 300 dpi */
#define FILLED_BY   0.7 /* capitals of a line that fills its area */
#define COMMON_KEYS "at", "turn", "align", "valign"
#define SYMBOL_KEYS "module", "min_module", "quiet"

typedef pw_status read_kind(pw_template_reader *r, const pw_yaml_node *node, const char *key,
			    pw_element *out);

/* One of a NULL-ended list of words; *out is left alone when the key is not there. */
static pw_status opt_word(pw_template_reader *r, const pw_yaml_node *map, const char *key,
			  const char *const *words, int *out)
{
	char shown[PW_YAML_SHOW];
	const char *text = NULL;
	pw_status rc = pw_yaml_opt_text(map, key, &text, r->err);
	if (rc != PW_OK || text == NULL)
		return rc;
	pw_str all = PW_STR_INIT;
	for (int i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], text) == 0) {
			*out = i;
			pw_str_clear(&all);
			return PW_OK;
		}
		pw_str_addf(&all, "%s%s", i > 0 ? ", " : "", words[i]);
	}
	rc = pw_yaml_fail(pw_yaml_find(map, key), r->err, "'%s' must be one of %s, not %s", key,
			  pw_str_text(&all), pw_yaml_show(pw_yaml_find(map, key), shown));
	pw_str_clear(&all);
	return rc;
}

static pw_status read_area(pw_template_reader *r, const pw_yaml_node *node, const char *what,
			   pw_area *out)
{
	int at[4];
	pw_status rc = pw_template_lengths(r, node, what, 0, MAX_SIDE, at, 4);
	if (rc != PW_OK)
		return rc;
	if (at[2] == 0 || at[3] == 0)
		return pw_yaml_fail(node, r->err,
				    "%s is [left, top, width, height]: width and "
				    "height must be above 0",
				    what);
	*out = (pw_area){at[0], at[1], at[2], at[3]};
	return PW_OK;
}

/* Where a text or symbol stands and how it is turned. */
static pw_status read_place(pw_template_reader *r, const pw_yaml_node *node, pw_element *out)
{
	static const char *const turns[] = {"0", "90", "180", "270", NULL};
	static const char *const aligns[] = {"left", "centre", "right", NULL};
	static const char *const valigns[] = {"top", "middle", "bottom", NULL};
	const pw_yaml_node *at = NULL;
	int align = (int)out->align, valign = PW_ALIGN_MIDDLE;
	pw_status rc;
	if ((rc = pw_yaml_get_list(node, "at", &at, r->err)) != PW_OK ||
	    (rc = read_area(r, at, "at", &out->at)) != PW_OK ||
	    (rc = opt_word(r, node, "turn", turns, &out->turn)) != PW_OK ||
	    (rc = opt_word(r, node, "align", aligns, &align)) != PW_OK ||
	    (rc = opt_word(r, node, "valign", valigns, &valign)) != PW_OK)
		return rc;
	out->align = (pw_align)align;
	out->valign = (pw_valign)valign;
	return PW_OK;
}

/* The text of an element, whose fields must be the template's. */
static pw_status read_content(pw_template_reader *r, const pw_yaml_node *node, const char *key,
			      pw_element *out)
{
	const pw_yaml_node *value = pw_yaml_find(node, key);
	const char *text = NULL;
	pw_err wrong = PW_ERR_INIT;
	pw_status rc = pw_yaml_get_text(node, key, &text, r->err);
	if (rc != PW_OK)
		return rc;
	if (text[0] == '\0' || strlen(text) > PW_LABEL_MAX_TEXT)
		return pw_yaml_fail(value, r->err, "'%s' must have 1 to %d bytes of text", key,
				    PW_LABEL_MAX_TEXT);
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7F)
			return pw_yaml_fail(value, r->err, "'%s' has a control character", key);
	if (pw_label_text_check(r->t, text, &wrong) != PW_OK)
		return pw_yaml_fail(value, r->err, "%s", wrong.msg);
	out->text = pw_arena_strdup(&r->t->arena, text);
	return PW_OK;
}

static pw_status read_text(pw_template_reader *r, const pw_yaml_node *node, const char *key,
			   pw_element *out)
{
	static const char *const keys[] = {"text", COMMON_KEYS, "size",   "min_size", "lines",
					   "cut",  "bold",      "invert", "red",      NULL};
	static const char *const cuts[] = {"none", "middle", "end", NULL};
	int64_t lines = 1;
	int cut = PW_CUT_NONE;
	pw_status rc;
	out->kind = PW_ELEMENT_TEXT;
	if ((rc = pw_yaml_only(node, keys, r->err)) != PW_OK ||
	    (rc = read_content(r, node, key, out)) != PW_OK ||
	    (rc = read_place(r, node, out)) != PW_OK ||
	    (rc = pw_yaml_opt_int(node, "lines", 1, 20, &lines, r->err)) != PW_OK ||
	    (rc = opt_word(r, node, "cut", cuts, &cut)) != PW_OK ||
	    (rc = pw_yaml_opt_bool(node, "bold", &out->bold, r->err)) != PW_OK ||
	    (rc = pw_yaml_opt_bool(node, "red", &out->red, r->err)) != PW_OK ||
	    (rc = pw_yaml_opt_bool(node, "invert", &out->invert, r->err)) != PW_OK)
		return rc;
	out->lines = (int)lines;
	out->cut = (pw_cut)cut;
	int across = (out->turn & 1) != 0 ? out->at.w : out->at.h;
	out->size = (int)(across * FILLED_BY / out->lines);
	if (out->size < MIN_TEXT)
		out->size = MIN_TEXT;
	if ((rc = pw_template_opt_length(r, node, "size", MIN_TEXT, MAX_SIDE, &out->size)) != PW_OK)
		return rc;
	out->min_size = out->size < SMALL_TEXT ? out->size : SMALL_TEXT;
	return pw_template_opt_length(r, node, "min_size", MIN_TEXT, out->size, &out->min_size);
}

/* The level of a QR, the shape of a Data Matrix. */
static pw_status read_variant(pw_template_reader *r, const pw_yaml_node *node, const char *key,
			      pw_element *out)
{
	static const char *const levels[] = {"L", "M", "Q", "H", NULL};
	static const char *const shapes[] = {"square", "rectangle", NULL};
	int level = -1, shape = 0;
	pw_status rc = PW_OK;
	(void)pw_symbol_parse(key, &out->symbol);
	if (out->symbol == PW_SYMBOL_QR || out->symbol == PW_SYMBOL_MICRO_QR)
		rc = opt_word(r, node, "level", levels, &level);
	if (out->symbol == PW_SYMBOL_DATAMATRIX)
		rc = opt_word(r, node, "shape", shapes, &shape);
	if (level >= 0)
		out->level = levels[level][0];
	if (shape == 1)
		out->symbol = PW_SYMBOL_DATAMATRIX_RECT;
	return rc;
}

static pw_status read_symbol(pw_template_reader *r, const pw_yaml_node *node, const char *key,
			     pw_element *out)
{
	static const char *const gs1_keys[] = {"gs1-128", "gs1-datamatrix", COMMON_KEYS,
					       SYMBOL_KEYS, NULL};
	static const char *const bar_keys[] = {"code128", COMMON_KEYS, SYMBOL_KEYS, NULL};
	static const char *const qr_keys[] = {"qr",        "micro-qr",  "level",
					      COMMON_KEYS, SYMBOL_KEYS, NULL};
	static const char *const dm_keys[] = {"datamatrix", "shape", COMMON_KEYS, SYMBOL_KEYS,
					      NULL};
	pw_status rc = read_variant(r, node, key, out);
	if (rc != PW_OK)
		return rc;
	const char *const *keys = strstr(key, "gs1") != NULL    ? gs1_keys
				  : strstr(key, "qr") != NULL   ? qr_keys
				  : strcmp(key, "code128") == 0 ? bar_keys
								: dm_keys;
	int64_t quiet = pw_symbol_quiet(out->symbol);
	out->kind = PW_ELEMENT_SYMBOL;
	out->align = PW_ALIGN_CENTRE;
	out->min_module = MIN_MODULE;
	if ((rc = pw_yaml_only(node, keys, r->err)) != PW_OK ||
	    (rc = read_content(r, node, key, out)) != PW_OK ||
	    (rc = read_place(r, node, out)) != PW_OK ||
	    (rc = pw_yaml_opt_int(node, "quiet", 0, 100, &quiet, r->err)) != PW_OK ||
	    (rc = pw_template_opt_length(r, node, "min_module", 50, 10 * MM, &out->min_module)) !=
		    PW_OK)
		return rc;
	out->quiet = (int)quiet;
	return pw_template_opt_length(r, node, "module", out->min_module, 10 * MM, &out->module);
}

static pw_status read_line(pw_template_reader *r, const pw_yaml_node *node, const char *key,
			   pw_element *out)
{
	static const char *const keys[] = {"line", "width", "dash", "red", NULL};
	int ends[4];
	pw_status rc;
	out->kind = PW_ELEMENT_LINE;
	out->width = LINE_WIDTH;
	if ((rc = pw_yaml_only(node, keys, r->err)) != PW_OK ||
	    (rc = pw_template_lengths(r, pw_yaml_find(node, key), "line [x1, y1, x2, y2]", 0,
				      MAX_SIDE, ends, 4)) != PW_OK ||
	    (rc = pw_template_opt_length(r, node, "width", 50, 20 * MM, &out->width)) != PW_OK)
		return rc;
	out->at = (pw_area){ends[0], ends[1], ends[2] - ends[0], ends[3] - ends[1]};
	rc = pw_yaml_opt_bool(node, "red", &out->red, r->err);
	return rc != PW_OK ? rc : pw_yaml_opt_bool(node, "dash", &out->dash, r->err);
}

static pw_status read_box(pw_template_reader *r, const pw_yaml_node *node, const char *key,
			  pw_element *out)
{
	static const char *const keys[] = {"box", "width", "radius", "fill", "red", NULL};
	pw_status rc;
	out->kind = PW_ELEMENT_BOX;
	out->width = LINE_WIDTH;
	if ((rc = pw_yaml_only(node, keys, r->err)) != PW_OK ||
	    (rc = read_area(r, pw_yaml_find(node, key), "box", &out->at)) != PW_OK ||
	    (rc = pw_template_opt_length(r, node, "width", 0, 20 * MM, &out->width)) != PW_OK ||
	    (rc = pw_template_opt_length(r, node, "radius", 0, MAX_SIDE, &out->radius)) != PW_OK)
		return rc;
	rc = pw_yaml_opt_bool(node, "red", &out->red, r->err);
	return rc != PW_OK ? rc : pw_yaml_opt_bool(node, "fill", &out->fill, r->err);
}

/* The key that says what an element is. */
static const struct kind {
	const char *key;
	read_kind *read;
} kinds[] = {
	{"text", read_text},
	{"code128", read_symbol},
	{"gs1-128", read_symbol},
	{"datamatrix", read_symbol},
	{"gs1-datamatrix", read_symbol},
	{"qr", read_symbol},
	{"micro-qr", read_symbol},
	{"line", read_line},
	{"box", read_box},
};

pw_status pw_template_read_element(pw_template_reader *r, const pw_yaml_node *node, pw_element *out)
{
	const struct kind *found = NULL;
	*out = (pw_element){.line = pw_yaml_line(node), .column = pw_yaml_column(node)};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (pw_yaml_kind_of(node) != PW_YAML_MAP ||
		    pw_yaml_find(node, kinds[i].key) == NULL)
			continue;
		if (found != NULL)
			return pw_yaml_fail(node, r->err, "an element can't be '%s' and '%s' both",
					    found->key, kinds[i].key);
		found = &kinds[i];
	}
	if (found == NULL)
		return pw_yaml_fail(node, r->err,
				    "an element is one of text, code128, gs1-128, datamatrix, "
				    "gs1-datamatrix, qr, micro-qr, line, box");
	return found->read(r, node, found->key, out);
}
