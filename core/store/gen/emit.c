#include "core/store/gen/sqlgen.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *c_type(const field *f)
{
	switch (f->type) {
	case T_INT:
		return f->optional ? "pw_opt_int " : "int64_t ";
	case T_REAL:
		return f->optional ? "pw_opt_real " : "double ";
	default:
		return "const char *";
	}
}

static const char *type_name(value_type t)
{
	static const char *const names[] = {"PW_TYPE_TEXT", "PW_TYPE_INT", "PW_TYPE_REAL",
					    "PW_TYPE_LIST"};
	return names[t];
}

/* A C string, one source line a text line. */
static void emit_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			fputs(text[1] != '\0' ? " \"\n\t \"" : "", out);
		else if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if (*text == '\t')
			fputc(' ', out);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

/* ------------------------------------------------------------------ header */

static void emit_struct(FILE *out, const char *name, const field *fields, int count,
			const char *more)
{
	fprintf(out, "typedef struct %s {\n", name);
	for (int i = 0; i < count; i++)
		fprintf(out, "\t%s%s;%s%s%s\n", c_type(&fields[i]), fields[i].name,
			fields[i].doc[0] != '\0' ? " /* " : "", fields[i].doc,
			fields[i].doc[0] != '\0' ? " */" : "");
	fprintf(out, "%s} %s;\n", more, name);
}

static void emit_fact_header(FILE *out, const fact *f)
{
	char name[2 * MAX_NAME], more[300] = "";
	fprintf(out, "\n/* %s: %s */\n", f->name, f->doc);
	if (f->list[0] != '\0') {
		snprintf(name, sizeof(name), "pw_%s_item", f->c_name);
		emit_struct(out, name, f->items, f->item_count, "");
		snprintf(more, sizeof(more), "\tconst pw_%s_item *%s;\n\tsize_t %s_count;\n",
			 f->c_name, f->list, f->list);
	} else if (f->field_count == 0) {
		snprintf(more, sizeof(more), "\tchar nothing;\n");
	}
	snprintf(name, sizeof(name), "pw_%s", f->c_name);
	emit_struct(out, name, f->fields, f->field_count, more);
	fprintf(out,
		"PW_NODISCARD pw_status pw_%s_append(pw_store *store, const pw_%s *fact, "
		"pw_err *err);\n",
		f->c_name, f->c_name);
}

static void emit_parameters(FILE *out, const statement *s)
{
	for (int i = 0; i < s->in_count; i++)
		fprintf(out, ", %s%s", c_type(&s->in[i]), s->in[i].name);
}

static void emit_signature(FILE *out, const statement *s)
{
	fprintf(out, "pw_status pw_q_%s%s(pw_store *store", s->name,
		s->kind == K_EACH ? "_open" : "");
	if (s->kind == K_ONE || s->kind == K_MANY)
		fputs(", pw_arena *arena", out);
	emit_parameters(out, s);
	if (s->kind == K_ONE)
		fprintf(out, ", pw_%s_row *out, bool *found", s->name);
	else if (s->kind == K_MANY)
		fprintf(out, ", pw_%s_row **out, size_t *count", s->name);
	else if (s->kind == K_EACH)
		fputs(", pw_cursor *cursor", out);
	fputs(", pw_err *err)", out);
}

static void emit_next_signature(FILE *out, const statement *s)
{
	fprintf(out,
		"pw_status pw_q_%s_next(pw_cursor *cursor, pw_%s_row *out, bool *found, "
		"pw_err *err)",
		s->name, s->name);
}

void emit_header(const input *in, FILE *out)
{
	fputs("/* Made by core/store/gen/sqlgen from core/store/sql: do not edit. */\n"
	      "#ifndef PW_SQL_H\n#define PW_SQL_H\n\n"
	      "#include \"core/store/store.h\"\n\n"
	      "/* Facts. */\n",
	      out);
	for (int i = 0; i < in->fact_count; i++)
		emit_fact_header(out, &in->facts[i]);
	fputs("\n/* Queries. */\n", out);
	for (int i = 0; i < in->statement_count; i++) {
		const statement *s = &in->statements[i];
		if (s->kind == K_APPLY)
			continue;
		char name[3 * MAX_NAME];
		fprintf(out, "\n/* %s */\n", s->doc);
		snprintf(name, sizeof(name), "pw_%s_row", s->name);
		if (s->kind != K_EXEC)
			emit_struct(out, name, s->out, s->out_count, "");
		fputs("PW_NODISCARD ", out);
		emit_signature(out, s);
		fputs(";\n", out);
		if (s->kind == K_EACH) {
			fputs("PW_NODISCARD ", out);
			emit_next_signature(out, s);
			fputs(";\n", out);
		}
	}
	fputs("\n#endif\n", out);
}

/* ------------------------------------------------------------------ source */

static int by_name(const void *a, const void *b)
{
	return strcmp(((const field *)a)->name, ((const field *)b)->name);
}

/* Rows of pw_field in the order of the keys in canonical JSON. */
static void emit_fields(FILE *out, const char *table, const char *structure, const field *fields,
			int count, const char *list)
{
	field sorted[MAX_FIELDS + 1];
	memcpy(sorted, fields, (size_t)count * sizeof(field));
	if (list[0] != '\0') {
		sorted[count] = (field){.type = T_LIST};
		snprintf(sorted[count++].name, MAX_NAME, "%s", list);
	}
	qsort(sorted, (size_t)count, sizeof(field), by_name);
	fprintf(out, "static const pw_field %s[] = {\n", table);
	for (int i = 0; i < count; i++) {
		fprintf(out, "\t{\"%s\", %s, %s, %s, offsetof(%s, %s), ", sorted[i].name,
			type_name(sorted[i].type), sorted[i].optional ? "true" : "false",
			sorted[i].phi ? "true" : "false", structure, sorted[i].name);
		emit_string(out, sorted[i].doc);
		fputs("},\n", out);
	}
	fputs(count == 0 ? "\t{NULL, PW_TYPE_TEXT, false, false, 0, NULL},\n};\n" : "};\n", out);
}

static int sorted_index(const field *fields, int count, const char *list, const char *name)
{
	int index = 0;
	bool there = false;
	for (int i = 0; i < count; i++) {
		index += strcmp(fields[i].name, name) < 0 ? 1 : 0;
		there = there || strcmp(fields[i].name, name) == 0;
	}
	if (list[0] != '\0' && strcmp(list, name) < 0)
		index++;
	return there ? index : -1;
}

static void emit_sources(FILE *out, const fact *f, const statement *s, int number)
{
	static const char *const envelope[] = {"seq", "at", "actor", "station", "reason"};
	fprintf(out, "static const pw_source sources_%d[] = {\n", number);
	for (int i = 0; i < s->in_count; i++) {
		const char *name = s->in[i].name;
		int at = sorted_index(f->fields, f->field_count, f->list, name);
		const char *from = "PW_FROM_FIELD";
		if (at < 0) {
			at = sorted_index(f->items, f->item_count, "", name);
			from = "PW_FROM_ITEM";
		}
		for (int k = 0; at < 0 && k < 5; k++)
			if (strcmp(envelope[k], name) == 0) {
				at = k;
				from = "PW_FROM_ENVELOPE";
				break;
			}
		fprintf(out, "\t{%s, %d},\n", from, at);
	}
	fputs(s->in_count == 0 ? "\t{PW_FROM_FIELD, 0},\n};\n" : "};\n", out);
}

static void emit_fact_tables(FILE *out, const input *in, const fact *f, int number)
{
	char table[MAX_NAME], structure[2 * MAX_NAME];
	snprintf(table, sizeof(table), "fact_fields_%d", number);
	snprintf(structure, sizeof(structure), "pw_%s", f->c_name);
	emit_fields(out, table, structure, f->fields, f->field_count, f->list);
	if (f->list[0] != '\0') {
		snprintf(table, sizeof(table), "fact_items_%d", number);
		snprintf(structure, sizeof(structure), "pw_%s_item", f->c_name);
		emit_fields(out, table, structure, f->items, f->item_count, "");
	}
	for (int i = 0; i < f->apply_count; i++)
		emit_sources(out, f, &in->statements[f->applies[i]], f->applies[i]);
	fprintf(out, "static const pw_apply applies_%d[] = {\n", number);
	for (int i = 0; i < f->apply_count; i++)
		fprintf(out, "\t{%d, %s, sources_%d, %d},\n", f->applies[i],
			in->statements[f->applies[i]].each ? "true" : "false", f->applies[i],
			in->statements[f->applies[i]].in_count);
	fputs(f->apply_count == 0 ? "\t{0, false, NULL, 0},\n};\n\n" : "};\n\n", out);
}

static void emit_fact_row(FILE *out, const fact *f, int number)
{
	bool list = f->list[0] != '\0';
	fprintf(out, "\t{\"%s\", ", f->name);
	emit_string(out, f->doc);
	fprintf(out, ", fact_fields_%d, %d, ", number, f->field_count + (list ? 1 : 0));
	if (list)
		fprintf(out, "fact_items_%d, %d, sizeof(pw_%s_item), offsetof(pw_%s, %s_count), ",
			number, f->item_count, f->c_name, f->c_name, f->list);
	else
		fputs("NULL, 0, 0, 0, ", out);
	fprintf(out, "applies_%d, %d},\n", number, f->apply_count);
}

static void emit_columns(FILE *out, const statement *s, int number)
{
	fprintf(out, "static const pw_field columns_%d[] = {\n", number);
	for (int i = 0; i < s->out_count; i++)
		fprintf(out, "\t{\"%s\", %s, %s, false, offsetof(pw_%s_row, %s), \"\"},\n",
			s->out[i].name, type_name(s->out[i].type),
			s->out[i].optional ? "true" : "false", s->name, s->out[i].name);
	fputs("};\n", out);
}

static void emit_statement_row(FILE *out, const statement *s, int number)
{
	fputs("\t{", out);
	emit_string(out, s->name);
	fputs(",\n\t ", out);
	emit_string(out, s->sql);
	fprintf(out, ",\n\t %d, ", s->in_count);
	if (s->out_count > 0)
		fprintf(out, "columns_%d, %d, sizeof(pw_%s_row), ", number, s->out_count, s->name);
	else
		fputs("NULL, 0, 0, ", out);
	if (s->scan_ok[0] != '\0')
		emit_string(out, s->scan_ok);
	else
		fputs("NULL", out);
	fputs("},\n", out);
}

static void emit_value(FILE *out, const field *f)
{
	const char *of = f->type == T_TEXT ? "text" : f->type == T_INT ? "int" : "real";
	const char *opt = f->optional && f->type != T_TEXT ? "opt_" : "";
	fprintf(out, "pw_value_%s%s(%s)", opt, of, f->name);
}

static void emit_query(FILE *out, const statement *s, int number)
{
	emit_signature(out, s);
	fputs("\n{\n", out);
	if (s->in_count > 0) {
		fputs("\tconst pw_value values[] = {", out);
		for (int i = 0; i < s->in_count; i++) {
			fputs(i > 0 ? ", " : "", out);
			emit_value(out, &s->in[i]);
		}
		fputs("};\n", out);
	}
	const char *values = s->in_count > 0 ? "values" : "NULL";
	if (s->kind == K_ONE)
		fprintf(out, "\treturn pw_query_one(store, %d, %s, arena, out, found, err);\n}\n\n",
			number, values);
	else if (s->kind == K_MANY)
		fprintf(out,
			"\treturn pw_query_many(store, %d, %s, arena, (void **)out, count, "
			"err);\n}\n\n",
			number, values);
	else if (s->kind == K_EACH)
		fprintf(out, "\treturn pw_cursor_open(store, %d, %s, cursor, err);\n}\n\n", number,
			values);
	else
		fprintf(out, "\treturn pw_query_exec(store, %d, %s, err);\n}\n\n", number, values);
	if (s->kind == K_EACH) {
		emit_next_signature(out, s);
		fputs("\n{\n\treturn pw_cursor_next(cursor, out, found, err);\n}\n\n", out);
	}
}

/*
 * The schema in the engine's own words, a character a call: CREATE TABLE … ) STRICT for SQLite, other
 * names of types for PostgreSQL.
 */
static void walk_schema(const input *in, void (*put)(char c, FILE *out), FILE *out)
{
	static const struct {
		const char *ours, *theirs;
	} types[] = {{" INTEGER", " BIGINT"}, {" BLOB", " BYTEA"}, {" REAL", " DOUBLE PRECISION"}};
	bool table = false;
	for (const char *p = in->schema != NULL ? in->schema : ""; *p != '\0';) {
		const char *piece = NULL;
		size_t skip = 0;
		if (strncmp(p, "CREATE TABLE", 12) == 0)
			table = true;
		if (table && strncmp(p, "\n);", 3) == 0) {
			piece = in->engine == SQLITE ? "\n) STRICT;" : "\n);";
			skip = 3;
			table = false;
		}
		for (size_t i = 0; in->engine == POSTGRESQL && i < 3; i++)
			if (strncmp(p, types[i].ours, strlen(types[i].ours)) == 0) {
				piece = types[i].theirs;
				skip = strlen(types[i].ours);
			}
		if (piece == NULL)
			put(*p++, out);
		else
			for (p += skip; *piece != '\0'; piece++)
				put(*piece, out);
	}
}

static void put_number(char c, FILE *out)
{
	fprintf(out, c == '\n' ? "%d,\n\t" : "%d,", c);
}

static void put_text(char c, FILE *out)
{
	fputc(c, out);
}

static void emit_schema(FILE *out, const input *in)
{
	fputs("const unsigned char pw_sql_schema[] = {\n\t", out);
	walk_schema(in, put_number, out);
	fputs("0};\n\n", out);
}

void emit_dump(const input *in, FILE *out)
{
	static const char *const types[] = {"text", "bigint", "double precision"};
	walk_schema(in, put_text, out);
	fputs(";\n", out);
	for (int i = 0; i < in->statement_count; i++) {
		const statement *s = &in->statements[i];
		fprintf(out, "\n-- %s\nPREPARE s%d", s->name, i);
		for (int k = 0; k < s->in_count; k++)
			fprintf(out, "%s%s", k == 0 ? " (" : ", ", types[s->in[k].type]);
		fprintf(out, "%sAS\n%s;\n", s->in_count > 0 ? ") " : " ", s->sql);
	}
}

void emit_source(const input *in, FILE *out)
{
	fputs("/* Made by core/store/gen/sqlgen from core/store/sql: do not edit. */\n"
	      "#include \"pw_sql.h\"\n\n#include \"core/store/internal.h\"\n\n",
	      out);
	emit_schema(out, in);
	for (int i = 0; i < in->statement_count; i++)
		if (in->statements[i].out_count > 0)
			emit_columns(out, &in->statements[i], i);
	fputs("\nconst pw_statement pw_sql_statements[] = {\n", out);
	for (int i = 0; i < in->statement_count; i++)
		emit_statement_row(out, &in->statements[i], i);
	fprintf(out, "};\nconst int pw_sql_statement_count = %d;\n\n", in->statement_count);
	for (int i = 0; i < in->fact_count; i++)
		emit_fact_tables(out, in, &in->facts[i], i);
	fputs("const pw_fact pw_sql_facts[] = {\n", out);
	for (int i = 0; i < in->fact_count; i++)
		emit_fact_row(out, &in->facts[i], i);
	fprintf(out, "};\nconst int pw_sql_fact_count = %d;\n\n", in->fact_count);
	for (int i = 0; i < in->fact_count; i++)
		fprintf(out,
			"pw_status pw_%s_append(pw_store *store, const pw_%s *fact, pw_err *err)\n"
			"{\n\treturn pw_fact_append(store, %d, fact, err);\n}\n\n",
			in->facts[i].c_name, in->facts[i].c_name, i);
	for (int i = 0; i < in->statement_count; i++)
		if (in->statements[i].kind != K_APPLY)
			emit_query(out, &in->statements[i], i);
}
