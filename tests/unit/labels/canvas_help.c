#include "tests/unit/labels/canvas_help.h"

#include <check.h>
#include <string.h>

pw_canvas *open_canvas(pw_canvas_format format, bool colour)
{
	pw_canvas_opts opts = PW_CANVAS_OPTS_INIT;
	opts.format = format;
	opts.width = 60;
	opts.height = 30;
	opts.colour = colour;
	pw_canvas *c = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_canvas_new(&opts, &c, &err) == PW_OK, "%s", err.msg);
	return c;
}

pw_str close_canvas(pw_canvas *c)
{
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_canvas_finish(c, &out, &err) == PW_OK, "%s", err.msg);
	pw_canvas_free(c);
	return out;
}

bool same(pw_str a, pw_str b)
{
	bool equal = a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
	pw_str_clear(&a);
	pw_str_clear(&b);
	return equal;
}

size_t count(const pw_str *in, const char *word)
{
	size_t n = 0, length = strlen(word);
	for (size_t i = 0; i + length <= in->len; i++)
		n += memcmp(in->ptr + i, word, length) == 0;
	return n;
}

pw_str draw_text(pw_canvas_format format, const char *text, pw_box box, const pw_text_style *style)
{
	pw_canvas *c = open_canvas(format, false);
	pw_canvas_text_in(c, box, text, style);
	return close_canvas(c);
}

pw_str draw_shape(pw_canvas_format format, bool colour, const pw_shape *shape)
{
	pw_canvas *c = open_canvas(format, colour);
	pw_canvas_round_rect(c, (pw_box){5, 5, 20, 12}, 2, shape);
	pw_canvas_circle(c, (pw_point){40, 15}, 8, shape);
	return close_canvas(c);
}
