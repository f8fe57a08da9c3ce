/* `poolwell help facts` and `poolwell help schema`: the journal and the tables, from the declarations. */
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "core/base/text.h"
#include "core/store/store.h"

#define PW_TOPIC(name, summary) int pw_topic_##name(pw_ctx *ctx);
#include "cli/topics.def"
#undef PW_TOPIC

enum { NAME_COLUMN = 22, DOC_COLUMN = 34, MOST_WIDTH = 100 };

/* "text? phi", as it is declared in core/store/sql. */
static void add_type(pw_str *out, const pw_field *f)
{
	static const char *const names[] = {"text", "int", "real", "list"};
	pw_str_addf(out, "%s%s%s", names[f->type], f->optional ? "?" : "", f->phi ? " phi" : "");
}

static const char *doc_of(const pw_field *f)
{
	return f->type == PW_TYPE_LIST ? "Records of the fields below." : f->doc;
}

/* --- facts as text ------------------------------------------------------------------------- */

static void text_field(pw_out *out, const char *list, const pw_field *f)
{
	int width = pw_out_term(out).width;
	pw_str line = PW_STR_INIT, type = PW_STR_INIT;
	pw_str_addf(&line, "  %s%s%s", list, list[0] != '\0' ? "." : "", f->name);
	add_type(&type, f);
	int gap = NAME_COLUMN - pw_utf8_width(pw_str_text(&line));
	pw_str_addf(&line, "%*s%s", gap > 1 ? gap : 1, "", pw_str_text(&type));
	gap = DOC_COLUMN - pw_utf8_width(pw_str_text(&line));
	pw_str_addf(&line, "%*s", gap > 1 ? gap : 1, "");
	pw_term_wrap(&line, doc_of(f), DOC_COLUMN, DOC_COLUMN,
		     width < MOST_WIDTH ? width : MOST_WIDTH);
	pw_out_printf(out, "%s\n", pw_str_text(&line));
	pw_str_clear(&line);
	pw_str_clear(&type);
}

static void text_fact(pw_out *out, const pw_fact_info *fact)
{
	pw_out_puts(out, "\n");
	pw_out_heading(out, fact->name);
	pw_help_prose(out, fact->doc);
	const char *list = "";
	for (int i = 0; i < fact->field_count; i++) {
		text_field(out, "", &fact->fields[i]);
		if (fact->fields[i].type == PW_TYPE_LIST)
			list = fact->fields[i].name;
	}
	for (int i = 0; i < fact->item_count; i++)
		text_field(out, list, &fact->items[i]);
}

/* --- facts as Markdown --------------------------------------------------------------------- */

/* A cell of a table: what Markdown would read as its own signs gets a backslash. */
static void add_cell(pw_str *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr("\\`*<[|_", *text) != NULL)
			pw_str_add_char(out, '\\');
		pw_str_add_char(out, *text);
	}
}

static void markdown_field(pw_out *out, const char *list, const pw_field *f)
{
	pw_str line = PW_STR_INIT;
	pw_str_addf(&line, "| `%s%s%s` | ", list, list[0] != '\0' ? "." : "", f->name);
	add_type(&line, f);
	pw_str_add(&line, " | ");
	add_cell(&line, doc_of(f));
	pw_out_printf(out, "%s |\n", pw_str_text(&line));
	pw_str_clear(&line);
}

static void markdown_fact(pw_out *out, const pw_fact_info *fact)
{
	pw_out_printf(out, "\n## %s\n\n", fact->name);
	pw_help_prose_markdown(out, fact->doc);
	if (fact->field_count > 0)
		pw_out_puts(out, "\n| field | type | |\n|---|---|---|\n");
	const char *list = "";
	for (int i = 0; i < fact->field_count; i++) {
		markdown_field(out, "", &fact->fields[i]);
		if (fact->fields[i].type == PW_TYPE_LIST)
			list = fact->fields[i].name;
	}
	for (int i = 0; i < fact->item_count; i++)
		markdown_field(out, list, &fact->items[i]);
}

/* --- facts --------------------------------------------------------------------------------- */

static const char facts_text[] =
	"Whatever changes in a laboratory is a fact of its journal. Besides its own fields, which stand "
	"under 'data', every fact has these:\n"
	"\n"
	"  seq      its number, from 1 without a gap\n"
	"  at       when: UTC microseconds since 1970\n"
	"  actor    the operator\n"
	"  station  the bench or computer\n"
	"  reason   why, where somebody said so\n"
	"  fact     its name and version\n"
	"\n"
	"A field is text, a whole number (int), a real number or a list of records; '?' means that it "
	"may be absent; 'phi' marks what identifies a person. Fields stand in the order of canonical "
	"JSON.";

static int by_name(const void *a, const void *b)
{
	return strcmp(((const pw_fact_info *)a)->name, ((const pw_fact_info *)b)->name);
}

int pw_topic_facts(pw_ctx *ctx)
{
	pw_out *out = pw_ctx_out(ctx);
	bool markdown = pw_ctx_flag(ctx, "markdown");
	size_t count = (size_t)pw_fact_count();
	pw_fact_info *facts = pw_arena_array(pw_ctx_arena(ctx), count, sizeof(*facts));
	for (size_t i = 0; i < count; i++)
		facts[i] = pw_fact_info_at((int)i);
	qsort(facts, count, sizeof(*facts), by_name);
	if (markdown)
		pw_out_puts(out,
			    "# Facts\n\nMade by `poolwell help facts --markdown` from the "
			    "declarations in core/store/sql. How facts are\nwritten and chained: "
			    "[the journal](../internals/journal.md).\n\n");
	if (markdown)
		pw_help_prose_markdown(out, facts_text);
	else
		pw_help_prose(out, facts_text);
	for (size_t i = 0; i < count; i++) {
		if (markdown)
			markdown_fact(out, &facts[i]);
		else
			text_fact(out, &facts[i]);
	}
	return PW_EXIT_DONE;
}

/* --- schema -------------------------------------------------------------------------------- */

static const char schema_text[] =
	"The journal, the kept files, and the tables that are made from the journal; nothing else is in "
	"a laboratory's database. Read them with any SQLite tool; whoever writes into them is found out "
	"by 'poolwell audit verify --deep'. Times are UTC microseconds since 1970.";

/* Each table under a heading, with its indexes; the text comes without its last semicolon. */
static void markdown_tables(pw_out *out, const char *sql)
{
	static const char create[] = "CREATE TABLE ";
	bool open = false;
	while (*sql != '\0') {
		size_t n = strcspn(sql, "\n");
		if (strncmp(sql, create, sizeof(create) - 1) == 0) {
			const char *name = sql + sizeof(create) - 1;
			pw_out_puts(out, open ? "```\n" : "");
			pw_out_printf(out, "\n## %.*s\n\n```sql\n", (int)strcspn(name, " ("), name);
			open = true;
		}
		if (n > 0)
			pw_out_printf(out, "%.*s%s\n", (int)n, sql, sql[n] == '\0' ? ";" : "");
		sql += sql[n] == '\n' ? n + 1 : n;
	}
	pw_out_puts(out, open ? "```\n" : "");
}

int pw_topic_schema(pw_ctx *ctx)
{
	pw_out *out = pw_ctx_out(ctx);
	if (pw_ctx_flag(ctx, "markdown")) {
		pw_out_puts(out,
			    "# Tables\n\nMade by `poolwell help schema --markdown` from "
			    "core/store/sql/schema.sql. What writes which table:\nthe `:apply` "
			    "statements beside the [facts](facts.md).\n\n");
		pw_help_prose_markdown(out, schema_text);
		markdown_tables(out, pw_schema_text());
		return PW_EXIT_DONE;
	}
	pw_help_prose(out, schema_text);
	const char *sql = pw_schema_text();
	pw_out_printf(out, "\n%s;\n", sql + strspn(sql, "\n"));
	return PW_EXIT_DONE;
}
