/*
 * What a list of the program says, for scripts: is it JSON, is it CSV, how many rows, which values.
 *
 *	rows json          how many rows the JSON on standard input has (an object is one row)
 *	rows csv           how many rows the CSV has behind its header, all of them as long as it
 *	rows keys          the keys of a JSON list's rows, the same in all, one a line
 *	rows head          the fields of a CSV's header, one a line
 *	rows get KEY       the values of that key, one a line; "a.b" goes into nested objects
 *
 * Exit 1, and a word on standard error, when the input is not what it should be.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void stop(const char *what, const char *detail)
{
	fprintf(stderr, "rows: %s%s%s\n", what, detail[0] != '\0' ? ": " : "", detail);
	exit(1);
}

/* ---------------------------------------------------------------- JSON */

static json_t *load(void)
{
	json_error_t error;
	json_t *root = json_loadf(stdin, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		stop("this is no JSON", error.text);
	return root;
}

/* A list's i-th row; an object is a list of one. */
static json_t *row_at(json_t *root, size_t i)
{
	json_t *row = json_is_array(root) ? json_array_get(root, i) : root;
	if (!json_is_object(row))
		stop("a row is no object", "");
	return row;
}

static size_t row_count(json_t *root)
{
	return json_is_array(root) ? json_array_size(root) : 1;
}

static void check_keys(json_t *first, json_t *row)
{
	const char *key;
	json_t *value;
	if (json_object_size(first) != json_object_size(row))
		stop("rows have different numbers of keys", "");
	json_object_foreach(first, key, value) if (json_object_get(row, key) == NULL)
		stop("a row lacks a key", key);
}

static void count_json(json_t *root)
{
	size_t n = row_count(root);
	for (size_t i = 0; i < n; i++)
		check_keys(row_at(root, 0), row_at(root, i));
	printf("%zu\n", n);
}

static void print_keys(json_t *root)
{
	const char *key;
	json_t *value;
	if (row_count(root) == 0)
		return;
	json_object_foreach(row_at(root, 0), key, value) puts(key);
}

/* "a.b": the value of b in the object of a; NULL when there is none. */
static json_t *find(json_t *row, const char *path)
{
	const char *dot = strchr(path, '.');
	if (dot == NULL)
		return json_object_get(row, path);
	return find(json_object_getn(row, path, (size_t)(dot - path)), dot + 1);
}

static void print_value(json_t *value)
{
	if (json_is_string(value))
		puts(json_string_value(value));
	else if (json_is_null(value))
		puts("null");
	else if (json_dumpf(value, stdout, JSON_ENCODE_ANY | JSON_COMPACT) == 0)
		putchar('\n');
	else
		stop("a value can't be written", "");
}

static void print_values(json_t *root, const char *path)
{
	for (size_t i = 0; i < row_count(root); i++) {
		json_t *value = find(row_at(root, i), path);
		if (value == NULL)
			stop("a row lacks a key", path);
		print_value(value);
	}
}

/* ---------------------------------------------------------------- CSV, RFC 4180 with LF */

/* Reads a field up to its end and says what ended it: ',', '\n' or EOF; prints it when asked to. */
static int read_field(int c, bool print)
{
	bool quoted = c == '"';
	if (quoted)
		c = getchar();
	for (;; c = getchar()) {
		if (quoted && c == '"') {
			c = getchar();
			if (c != '"')
				break;
		} else if (!quoted && (c == ',' || c == '\n' || c == EOF)) {
			break;
		} else if (c == EOF || c == '\r' || (!quoted && c == '"')) {
			stop("this is no CSV", c == EOF ? "a quote is open" : "a stray character");
		}
		if (print)
			putchar(c);
	}
	if (c != ',' && c != '\n')
		stop("this is no CSV", "a row has no end");
	if (print)
		putchar('\n');
	return c;
}

/* How many fields the next row has, 0 at the end. */
static size_t read_row(bool print)
{
	int c = getchar();
	if (c == EOF)
		return 0;
	size_t fields = 1;
	while (read_field(c, print) == ',') {
		fields++;
		c = getchar();
	}
	return fields;
}

static void count_csv(void)
{
	size_t head = read_row(false), rows = 0, fields;
	if (head == 0)
		stop("this is no CSV", "it has no header");
	while ((fields = read_row(false)) != 0) {
		if (fields != head)
			stop("a row is not as long as the header", "");
		rows++;
	}
	printf("%zu\n", rows);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	json_t *root = NULL;
	if (strcmp(what, "json") == 0)
		count_json(root = load());
	else if (strcmp(what, "keys") == 0)
		print_keys(root = load());
	else if (strcmp(what, "get") == 0 && argc == 3)
		print_values(root = load(), argv[2]);
	else if (strcmp(what, "csv") == 0)
		count_csv();
	else if (strcmp(what, "head") == 0)
		read_row(true);
	else
		stop("usage: rows json|csv|keys|head|get KEY", "");
	json_decref(root);
	return 0;
}
