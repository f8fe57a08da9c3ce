#include "core/store/gen/sqlgen.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Where the reader is: which fact or statement the next line belongs to. */
typedef struct reader {
	input *in;
	const char *file;
	int line;
	fact *fact;
	statement *statement;
	bool schema;
	char *text; /* SQL gathered for the statement or schema at hand */
	size_t len, room;
} reader;

void fail_at(const char *file, int line, const char *format, ...)
{
	va_list args;
	fprintf(stderr, "%s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	_Exit(1); /* at once: what is held goes with it, and is no leak to whoever looks for leaks */
}

static void gather(reader *r, const char *text, size_t n)
{
	if (r->len + n + 1 > r->room) {
		r->room = (r->len + n + 1) * 2;
		r->text = realloc(r->text, r->room);
		if (r->text == NULL)
			fail_at(r->file, r->line, "out of memory");
	}
	memcpy(r->text + r->len, text, n);
	r->len += n;
	r->text[r->len] = '\0';
}

static char *take_text(reader *r)
{
	char *text = r->text != NULL ? r->text : calloc(1, 1);
	r->text = NULL;
	r->len = r->room = 0;
	size_t n = strlen(text);
	while (n > 0 && (isspace((unsigned char)text[n - 1]) || text[n - 1] == ';'))
		text[--n] = '\0';
	return text;
}

static const field *find(const field *fields, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

/* What every fact brings along. */
static const field envelope[] = {
	{"seq", T_INT, false, false, ""},    {"at", T_INT, false, false, ""},
	{"actor", T_TEXT, false, false, ""}, {"station", T_TEXT, false, false, ""},
	{"reason", T_TEXT, true, false, ""},
};

/* The parameter `name` of the statement: its number from 1. An :apply finds its parameters among the
 * fact's names and lists them as it meets them; a query has said its own. */
static int parameter(reader *r, const char *name)
{
	statement *s = r->statement;
	for (int i = 0; i < s->in_count; i++)
		if (strcmp(s->in[i].name, name) == 0)
			return i + 1;
	if (s->kind != K_APPLY)
		fail_at(r->file, s->line, "%s: $%s has no :in", s->name, name);
	const field *f = find(r->fact->fields, r->fact->field_count, name);
	if (f == NULL && s->each)
		f = find(r->fact->items, r->fact->item_count, name);
	if (f == NULL)
		f = find(envelope, sizeof(envelope) / sizeof(envelope[0]), name);
	if (f == NULL)
		fail_at(r->file, s->line, "%s: $%s is no field of %s", s->name, name,
			r->fact->name);
	if (s->in_count == MAX_FIELDS)
		fail_at(r->file, s->line, "%s: too many parameters", s->name);
	s->in[s->in_count++] = *f;
	return s->in_count;
}

/* `$name` → the engine's own form. Text in '' is left alone. */
static char *rewrite_parameters(reader *r, const char *sql)
{
	size_t room = strlen(sql) * 2 + 64, n = 0;
	char *out = malloc(room);
	bool quoted = false;
	for (const char *p = sql; *p != '\0';) {
		if (*p == '\'')
			quoted = !quoted;
		if (quoted || *p != '$' || !isalpha((unsigned char)p[1])) {
			out[n++] = *p++;
			continue;
		}
		char name[MAX_NAME];
		size_t k = 0;
		for (p++; isalnum((unsigned char)*p) || *p == '_'; p++)
			if (k < MAX_NAME - 1)
				name[k++] = *p;
		name[k] = '\0';
		n += (size_t)snprintf(out + n, room - n, "%c%d",
				      r->in->engine == SQLITE ? '?' : '$', parameter(r, name));
	}
	out[n] = '\0';
	return out;
}

/* Whether the parameter of a number occurs: "?1" is not in "?10". */
static bool uses(const statement *s, char mark, int number)
{
	char form[16];
	int n = snprintf(form, sizeof(form), "%c%d", mark, number);
	for (const char *p = strstr(s->sql, form); p != NULL; p = strstr(p + 1, form))
		if (!isdigit((unsigned char)p[n]))
			return true;
	return false;
}

/* An :apply has listed its own parameters; a query has to use what it said, and to say what it gives. */
static void check_statement(const reader *r)
{
	const statement *s = r->statement;
	if (s->kind == K_APPLY)
		return;
	for (int i = 0; i < s->in_count; i++)
		if (!uses(s, r->in->engine == SQLITE ? '?' : '$', i + 1))
			fail_at(r->file, s->line, "%s: :in %s is not used", s->name, s->in[i].name);
	if ((s->out_count == 0) != (s->kind == K_EXEC))
		fail_at(r->file, s->line, "%s: a query has an :out, an :exec has none", s->name);
}

/* Ends whatever SQL was being gathered. */
static void finish_sql(reader *r)
{
	char *text = take_text(r);
	if (r->statement != NULL) {
		if (*text == '\0')
			fail_at(r->file, r->statement->line, "%s: no SQL follows",
				r->statement->name);
		r->statement->sql = rewrite_parameters(r, text);
		check_statement(r);
		free(text);
	} else if (r->schema) {
		if (r->in->schema != NULL)
			fail_at(r->file, r->line, "the schema is already in another file");
		r->in->schema = text;
	} else {
		if (*text != '\0')
			fail_at(r->file, r->line, "SQL without a label");
		free(text);
	}
	r->statement = NULL;
	r->schema = false;
}

static char *word(char **p)
{
	while (isspace((unsigned char)**p))
		(*p)++;
	char *start = *p;
	while (**p != '\0' && !isspace((unsigned char)**p))
		(*p)++;
	if (**p != '\0')
		*(*p)++ = '\0';
	while (isspace((unsigned char)**p))
		(*p)++;
	return start;
}

static void copy(reader *r, char *to, size_t size, const char *text)
{
	if (strlen(text) >= size)
		fail_at(r->file, r->line, "too long: %s", text);
	memcpy(to, text, strlen(text) + 1);
}

static void add_field(reader *r, field *fields, int *count, char *rest)
{
	if (*count == MAX_FIELDS)
		fail_at(r->file, r->line, "too many fields");
	field *f = &fields[(*count)++];
	*f = (field){.optional = false};
	copy(r, f->name, sizeof(f->name), word(&rest));
	char *type = word(&rest);
	size_t n = strlen(type);
	f->optional = n > 0 && type[n - 1] == '?';
	if (f->optional)
		type[n - 1] = '\0';
	if (strcmp(type, "text") == 0)
		f->type = T_TEXT;
	else if (strcmp(type, "int") == 0)
		f->type = T_INT;
	else if (strcmp(type, "real") == 0)
		f->type = T_REAL;
	else
		fail_at(r->file, r->line, "unknown type '%s'", type);
	if (strncmp(rest, "phi ", 4) == 0) {
		f->phi = true;
		rest += 4;
	}
	copy(r, f->doc, sizeof(f->doc), rest);
}

static void start_fact(reader *r, char *rest)
{
	if (r->in->fact_count == MAX_FACTS)
		fail_at(r->file, r->line, "too many facts");
	fact *f = &r->in->facts[r->in->fact_count++];
	copy(r, f->name, sizeof(f->name), word(&rest));
	copy(r, f->doc, sizeof(f->doc), rest);
	char *slash = strchr(f->name, '/');
	if (slash == NULL || f->doc[0] == '\0')
		fail_at(r->file, r->line, "write :fact name/version What happened.");
	snprintf(f->c_name, sizeof(f->c_name), "%.*s", (int)(slash - f->name), f->name);
	if (strcmp(slash, "/1") != 0)
		snprintf(f->c_name + strlen(f->c_name), 8, "_%.4s", slash + 1);
	for (char *p = f->c_name; *p != '\0'; p++)
		if (*p == '.' || *p == '-')
			*p = '_';
	for (int i = 0; i < r->in->fact_count - 1; i++)
		if (strcmp(r->in->facts[i].c_name, f->c_name) == 0)
			fail_at(r->file, r->line, "the fact %s is already declared", f->name);
	r->fact = f;
}

static void start_statement(reader *r, statement_kind kind, char *rest)
{
	if (r->in->statement_count == MAX_STATEMENTS)
		fail_at(r->file, r->line, "too many statements");
	statement *s = &r->in->statements[r->in->statement_count];
	*s = (statement){.kind = kind, .file = r->file, .line = r->line};
	if (kind == K_APPLY) {
		fact *f = r->fact;
		if (f == NULL || f->apply_count == MAX_APPLIES)
			fail_at(r->file, r->line, ":apply without a fact, or too many");
		const char *each = word(&rest);
		s->each = strcmp(each, "each") == 0;
		if (*each != '\0' && (!s->each || f->list[0] == '\0'))
			fail_at(r->file, r->line, ":apply, or :apply each of a fact with a list");
		snprintf(s->name, sizeof(s->name), "%s #%d", f->name, f->apply_count + 1);
		f->applies[f->apply_count++] = r->in->statement_count;
	} else {
		r->fact = NULL;
		copy(r, s->name, sizeof(s->name), word(&rest));
		copy(r, s->doc, sizeof(s->doc), rest);
		for (int i = 0; i < r->in->statement_count; i++)
			if (strcmp(r->in->statements[i].name, s->name) == 0)
				fail_at(r->file, r->line, "%s is already at %s:%d", s->name,
					r->in->statements[i].file, r->in->statements[i].line);
	}
	r->in->statement_count++;
	r->statement = s;
}

static void label(reader *r, char *rest)
{
	char *name = word(&rest);
	if (strcmp(name, "in") == 0 || strcmp(name, "out") == 0 || strcmp(name, "scan-ok") == 0) {
		statement *s = r->statement;
		if (s == NULL)
			fail_at(r->file, r->line, ":%s without a statement", name);
		if (name[0] == 'i')
			add_field(r, s->in, &s->in_count, rest);
		else if (name[0] == 'o')
			add_field(r, s->out, &s->out_count, rest);
		else
			copy(r, s->scan_ok, sizeof(s->scan_ok), rest);
		return;
	}
	if (strcmp(name, "field") == 0 && r->fact != NULL) {
		add_field(r, r->fact->fields, &r->fact->field_count, rest);
		return;
	}
	if (strcmp(name, "item") == 0 && r->fact != NULL && r->fact->list[0] != '\0') {
		add_field(r, r->fact->items, &r->fact->item_count, rest);
		return;
	}
	if (strcmp(name, "list") == 0 && r->fact != NULL && r->fact->list[0] == '\0') {
		copy(r, r->fact->list, sizeof(r->fact->list), word(&rest));
		return;
	}
	finish_sql(r);
	if (strcmp(name, "fact") == 0)
		start_fact(r, rest);
	else if (strcmp(name, "apply") == 0)
		start_statement(r, K_APPLY, rest);
	else if (strcmp(name, "one") == 0)
		start_statement(r, K_ONE, rest);
	else if (strcmp(name, "many") == 0)
		start_statement(r, K_MANY, rest);
	else if (strcmp(name, "each") == 0)
		start_statement(r, K_EACH, rest);
	else if (strcmp(name, "exec") == 0)
		start_statement(r, K_EXEC, rest);
	else if (strcmp(name, "schema") == 0)
		r->schema = true;
	else
		fail_at(r->file, r->line, "unknown label ':%s'", name);
}

void parse_file(input *in, const char *path)
{
	reader r = {.in = in, .file = path};
	FILE *f = fopen(path, "r");
	if (f == NULL)
		fail_at(path, 0, "cannot read");
	char line[2000];
	while (fgets(line, sizeof(line), f) != NULL) {
		r.line++;
		size_t n = strlen(line);
		if (n == sizeof(line) - 1)
			fail_at(path, r.line, "line too long");
		if (n > 0 && line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (strncmp(line, "-- :", 4) == 0) {
			label(&r, line + 4);
			continue;
		}
		if (strncmp(line, "--", 2) == 0)
			continue;
		if (r.statement == NULL && !r.schema && strspn(line, " \t") == strlen(line))
			continue;
		gather(&r, line, strlen(line));
		gather(&r, "\n", 1);
	}
	finish_sql(&r);
	fclose(f);
}
