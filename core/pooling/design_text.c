/* The 0/1 matrix as text; design_reader.c reads it back. */
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/design_impl.h"

/* Nothing for wells that the reader takes anyway. */
static void format_wells(const char *what, const pw_place *places, size_t count, pw_str *out)
{
	pw_place *usual = pw_alloc_array(count, sizeof(*usual));
	bool same = true;
	pw_design_default_places(usual, count);
	for (size_t i = 0; i < count && same; i++)
		same = places[i].plate == usual[i].plate && places[i].row == usual[i].row &&
		       places[i].col == usual[i].col;
	pw_free(usual);
	if (!same)
		pw_design_wells_format(what, places, count, out);
}

/* How it was made, and where things stand. */
static void format_comments(const pw_design *design, pw_str *out)
{
	pw_str_addf(out, "# %s%s%s: %zu pools, %zu samples\n", design->family,
		    design->parameters[0] != '\0' ? " " : "", design->parameters, design->pools,
		    design->samples);
	format_wells("samples", design->sample_places, design->samples, out);
	format_wells("pools", design->pool_places, design->pools, out);
}

/* `line` has room for a pool, two characters a sample. */
static void format_pool(const pw_design *design, size_t pool, char *line)
{
	pw_design_list members = pw_design_members(design, pool);
	for (size_t j = 0; j < design->samples; j++) {
		line[2 * j] = '0';
		line[2 * j + 1] = ' ';
	}
	line[2 * design->samples - 1] = '\n';
	for (size_t k = 0; k < members.count; k++)
		line[2 * (size_t)members.at[k]] = '1';
}

pw_status pw_design_give(const pw_design *design, bool comment, pw_take_fn take, void *to,
			 pw_err *err)
{
	pw_str comments = PW_STR_INIT;
	char *line = pw_alloc(2 * design->samples);
	pw_status rc = PW_OK;
	if (comment) {
		format_comments(design, &comments);
		rc = take(to, pw_str_text(&comments), comments.len, err);
		pw_str_clear(&comments);
	}
	for (size_t i = 0; i < design->pools && rc == PW_OK; i++) {
		format_pool(design, i, line);
		rc = take(to, line, 2 * design->samples, err);
	}
	pw_free(line);
	return rc;
}

void pw_design_format(const pw_design *design, bool comment, pw_str *out)
{
	PW_BUG_IF(pw_design_give(design, comment, pw_take_into_str, out, NULL) != PW_OK);
}
