#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/str.h"
#include "core/base/yaml.h"

static pw_yaml *parse(const char *text)
{
	pw_yaml *yaml = NULL;
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_yaml_parse(text, strlen(text), "t.yaml", &yaml, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	return yaml;
}

START_TEST(test_tree_keeps_order_text_and_places)
{
	pw_yaml *yaml = parse("# rules\n"
			      "name: cdc\n"
			      "targets:\n"
			      "  - {N1: pos, 中文: 阳性, x: 1}\n"
			      "  - \"two words\"\n");
	const pw_yaml_node *root = pw_yaml_root(yaml);
	ck_assert_int_eq(pw_yaml_kind_of(root), PW_YAML_MAP);
	ck_assert_uint_eq(pw_yaml_count(root), 2);
	ck_assert_str_eq(pw_yaml_key(root, 0), "name");
	ck_assert_str_eq(pw_yaml_key(root, 1), "targets");
	ck_assert_int_eq(pw_yaml_line(pw_yaml_key_node(root, 1)), 3);

	const pw_yaml_node *list = pw_yaml_find(root, "targets");
	ck_assert_int_eq(pw_yaml_kind_of(list), PW_YAML_LIST);
	ck_assert_ptr_null(pw_yaml_text(list));
	const pw_yaml_node *map = pw_yaml_item(list, 0);
	ck_assert_str_eq(pw_yaml_text(pw_yaml_item(map, 1)), "阳性");
	/* columns count characters, so the ones behind Chinese text are right too */
	const pw_yaml_node *x = pw_yaml_find(map, "x");
	ck_assert_int_eq(pw_yaml_line(x), 4);
	ck_assert_int_eq(pw_yaml_column(x), 26);
	ck_assert_str_eq(pw_yaml_text(pw_yaml_item(list, 1)), "two words");
	ck_assert_ptr_null(pw_yaml_find(root, "nothing"));
	ck_assert_ptr_null(pw_yaml_find(list, "name"));
	pw_yaml_free(yaml);
}
END_TEST

START_TEST(test_alias_is_the_node_it_names)
{
	pw_yaml *yaml = parse("a: &std [1, 2]\nb: *std\nc: &std x\nd: *std\n");
	const pw_yaml_node *root = pw_yaml_root(yaml);
	ck_assert_ptr_eq(pw_yaml_find(root, "a"), pw_yaml_find(root, "b"));
	ck_assert_int_eq(pw_yaml_line(pw_yaml_find(root, "b")), 1);
	ck_assert_str_eq(pw_yaml_text(pw_yaml_find(root, "d")), "x");
	pw_yaml_free(yaml);
}
END_TEST

static const struct bad {
	const char *text;
	const char *message;
} bads[] = {
	{"", "t.yaml: the file is empty"},
	{"# only a comment\n", "t.yaml: the file is empty"},
	{"a: 1\nb: 2\na: 3\n", "t.yaml:3:1: 'a' stands here a second time (first on line 1)"},
	{"a: {b: 1, b: 2}", "t.yaml:1:11: 'b' stands here a second time"},
	{"a: [1, 2\nb: 3\n", "t.yaml:2:2: not YAML: "},
	{"a: 'x\n", "not YAML: found unexpected end of stream"},
	{"a: 1\n\tb: 2\n", "t.yaml:2:1: not YAML: "},
	{"a: 1\n  b: 2\n", "t.yaml:2:4: not YAML: "},
	{"a: !!int 3\n", "t.yaml:1:4: tags (!!int and the like) are not taken"},
	{"a: ! x\n", "tags"},
	{"? [a, b]\n: 1\n", "t.yaml:1:3: a key must be a word"},
	{"a: *b\n", "t.yaml:1:4: an alias (*) of an anchor (&) that does not stand before it"},
	{"a: &a [*a]\n", "t.yaml:1:8: this alias stands inside what it names, on line 1: a loop"},
	{"&r\na: {b: [*r]}\n", "a loop"},
	{"a: 1\n---\nb: 2\n", "t.yaml:2:1: a second document starts here"},
	{"a: \"x\\0y\"\n", "t.yaml:1:4: text with a NUL"},
	{"a: \xff\xfe\n", "t.yaml: byte 4: invalid leading UTF-8 octet; save the file as UTF-8"},
	{"%YAML 3.0\n---\na: 1\n", "not YAML: found incompatible YAML document"},
};

START_TEST(test_what_is_no_rule_file_is_refused_with_its_place)
{
	const struct bad *bad = &bads[_i];
	pw_yaml *yaml = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_yaml_parse(bad->text, strlen(bad->text), "t.yaml", &yaml, &err),
			 PW_ERR_FORMAT);
	ck_assert_msg(strstr(err.msg, bad->message) != NULL, "%s", err.msg);
	ck_assert_ptr_null(yaml);
}
END_TEST

static void expect_limit(const char *text, size_t n, const char *message)
{
	pw_yaml *yaml = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_yaml_parse(text, n, "t.yaml", &yaml, &err), PW_ERR_LIMIT);
	ck_assert_msg(strstr(err.msg, message) != NULL, "%s", err.msg);
	ck_assert_ptr_null(yaml);
}

/* The laughing billion: 9 levels of 10 aliases each would be 10^9 values. */
START_TEST(test_alias_bomb_is_refused_while_reading)
{
	pw_str text = PW_STR_INIT;
	pw_str_add(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 10; i++) {
		pw_str_addf(&text, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			pw_str_addf(&text, "%s*a%d", k == 0 ? "" : ", ", i - 1);
		pw_str_add(&text, "]\n");
	}
	expect_limit(pw_str_text(&text), text.len, "t.yaml:5:");
	expect_limit(pw_str_text(&text), text.len, "more than 100000 values");
	pw_str_clear(&text);
}
END_TEST

/* Each alias one level deeper than the one before: not many values, but a deep tree. */
START_TEST(test_aliases_cannot_build_a_deep_tree)
{
	pw_str text = PW_STR_INIT;
	pw_str_add(&text, "- &a0 [x]\n");
	for (int i = 1; i < 100; i++)
		pw_str_addf(&text, "- &a%d [*a%d]\n", i, i - 1);
	expect_limit(pw_str_text(&text), text.len, "t.yaml:64:9: more than 64 levels deep");
	pw_str_clear(&text);
}
END_TEST

/* libyaml's own loader takes time by the square: 47 s for 160 kB of brackets (yaml/libyaml#227). */
START_TEST(test_a_wall_of_brackets_is_refused_at_once)
{
	static char wall[1 << 20];
	static const char *const units[] = {"[", "{", "- ", "? ", "[{", "[? "};
	for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		size_t length = strlen(units[u]);
		for (size_t i = 0; i < sizeof(wall); i++)
			wall[i] = units[u][i % length];
		pw_yaml *yaml = NULL;
		pw_err err = PW_ERR_INIT;
		pw_status rc = pw_yaml_parse(wall, sizeof(wall), "t.yaml", &yaml, &err);
		ck_assert_msg(rc == PW_ERR_LIMIT || rc == PW_ERR_FORMAT, "%s", units[u]);
		ck_assert_ptr_null(yaml);
	}
}
END_TEST

START_TEST(test_levels_values_anchors_and_bytes_are_limited)
{
	char levels[160];
	memset(levels, '[', 64);
	memset(levels + 64, ']', 64);
	pw_yaml *yaml = NULL;
	ck_assert_int_eq(pw_yaml_parse(levels, 128, "t.yaml", &yaml, NULL), PW_OK);
	pw_yaml_free(yaml);
	memset(levels, '[', 65);
	memset(levels + 65, ']', 65);
	expect_limit(levels, 130, "t.yaml:1:65: more than 64 levels deep");

	pw_str text = PW_STR_INIT;
	for (int i = 0; i < 100001; i++)
		pw_str_add(&text, "- x\n");
	expect_limit(pw_str_text(&text), text.len, "t.yaml:100000:3: more than 100000 values");
	pw_str_truncate(&text, 0);
	for (int i = 0; i < 257; i++)
		pw_str_addf(&text, "- &a%d x\n", i);
	expect_limit(pw_str_text(&text), text.len, "t.yaml:257:3: more than 256 anchors");
	pw_str_truncate(&text, 0);
	for (int i = 0; i < 40000; i++)
		pw_str_add(&text, "# a comment line with words\n");
	expect_limit(pw_str_text(&text), text.len, "at most 1 MiB");
	pw_str_clear(&text);
}
END_TEST

static const char sample[] = "text: abc\n"
			     "empty:\n"
			     "quoted: ''\n"
			     "number: 12\n"
			     "real: 1.5\n"
			     "yes: yes\n"
			     "off: false\n"
			     "list: [1]\n"
			     "map: {a: 1}\n";

START_TEST(test_reading_by_expectation)
{
	pw_yaml *yaml = parse(sample);
	const pw_yaml_node *root = pw_yaml_root(yaml);
	const char *text = "old";
	int64_t number = 7;
	bool flag = false;
	const pw_yaml_node *node = NULL;
	ck_assert_int_eq(pw_yaml_get_text(root, "text", &text, NULL), PW_OK);
	ck_assert_str_eq(text, "abc");
	ck_assert_int_eq(pw_yaml_get_text(root, "quoted", &text, NULL), PW_OK);
	ck_assert_str_eq(text, "");
	ck_assert_int_eq(pw_yaml_opt_text(root, "absent", &text, NULL), PW_OK);
	ck_assert_str_eq(text, "");
	ck_assert_int_eq(pw_yaml_get_int(root, "number", 12, 12, &number, NULL), PW_OK);
	ck_assert_int_eq(number, 12);
	ck_assert_int_eq(pw_yaml_opt_int(root, "absent", 0, 9, &number, NULL), PW_OK);
	ck_assert_int_eq(number, 12);
	ck_assert_int_eq(pw_yaml_opt_bool(root, "yes", &flag, NULL), PW_OK);
	ck_assert(flag);
	ck_assert_int_eq(pw_yaml_opt_bool(root, "absent", &flag, NULL), PW_OK);
	ck_assert(flag);
	ck_assert_int_eq(pw_yaml_opt_bool(root, "off", &flag, NULL), PW_OK);
	ck_assert(!flag);
	ck_assert_int_eq(pw_yaml_get_list(root, "list", &node, NULL), PW_OK);
	ck_assert_uint_eq(pw_yaml_count(node), 1);
	ck_assert_int_eq(pw_yaml_get_map(root, "map", &node, NULL), PW_OK);
	ck_assert_int_eq(pw_yaml_kind_of(node), PW_YAML_MAP);
	ck_assert_int_eq(pw_yaml_opt_list(root, "absent", &node, NULL), PW_OK);
	ck_assert_int_eq(pw_yaml_kind_of(node), PW_YAML_MAP);
	pw_yaml_free(yaml);
}
END_TEST

START_TEST(test_disappointed_expectations_say_what_stands_there)
{
	pw_yaml *yaml = parse(sample);
	const pw_yaml_node *root = pw_yaml_root(yaml);
	const pw_yaml_node *node = NULL;
	const char *text = NULL;
	int64_t number = 0;
	bool flag = false;
	pw_err err = PW_ERR_INIT;
#define REFUSED(call, message)                         \
	do {                                           \
		ck_assert_int_eq(call, PW_ERR_FORMAT); \
		ck_assert_str_eq(err.msg, message);    \
	} while (0)
	REFUSED(pw_yaml_get_text(root, "absent", &text, &err),
		"t.yaml:1:1: 'absent' is missing here: add a line 'absent: …'");
	REFUSED(pw_yaml_get_text(root, "empty", &text, &err),
		"t.yaml:2:7: 'empty' must be text, not nothing");
	REFUSED(pw_yaml_opt_text(root, "map", &text, &err),
		"t.yaml:9:6: 'map' must be text, not a map");
	REFUSED(pw_yaml_get_int(root, "number", 1, 5, &number, &err),
		"t.yaml:4:9: 'number' must be a whole number from 1 to 5, not '12'");
	REFUSED(pw_yaml_get_int(root, "real", 1, 5, &number, &err),
		"t.yaml:5:7: 'real' must be a whole number from 1 to 5, not '1.5'");
	REFUSED(pw_yaml_opt_int(root, "list", 1, 5, &number, &err),
		"t.yaml:8:7: 'list' must be a whole number from 1 to 5, not a list");
	REFUSED(pw_yaml_opt_bool(root, "text", &flag, &err),
		"t.yaml:1:7: 'text' must be true or false, not 'abc'");
	REFUSED(pw_yaml_opt_bool(root, "list", &flag, &err),
		"t.yaml:8:7: 'list' must be true or false, not a list");
	REFUSED(pw_yaml_get_list(root, "map", &node, &err),
		"t.yaml:9:6: 'map' must be a list (- item, or [item, item]), not a map");
	REFUSED(pw_yaml_get_map(root, "text", &node, &err),
		"t.yaml:1:7: 'text' must be a map (key: value), not 'abc'");
	REFUSED(pw_yaml_get_text(pw_yaml_find(root, "list"), "a", &text, &err),
		"t.yaml:8:7: here must stand a map (key: value), not a list");
	static const char *const some[] = {"text", "empty", "quoted", "number", "real", NULL};
	REFUSED(pw_yaml_only(root, some, &err),
		"t.yaml:6:1: there is no key 'yes' here; there are: text, empty, quoted, number, "
		"real");
	REFUSED(pw_yaml_only(pw_yaml_find(root, "text"), some, &err),
		"t.yaml:1:7: here must stand a map (key: value), not 'abc'");
#undef REFUSED
	static const char *const all[] = {"text", "empty", "quoted", "number", "real",
					  "yes",  "off",   "list",   "map",    NULL};
	ck_assert_int_eq(pw_yaml_only(root, all, &err), PW_OK);
	pw_yaml_free(yaml);
}
END_TEST

START_TEST(test_long_values_are_cut_at_a_whole_character)
{
	pw_yaml *yaml =
		parse("- 阳性阳性阳性阳性阳性阳性阳性阳性阳性阳性阳性阳性阳性阳性\n- ab\n- []\n");
	char shown[PW_YAML_SHOW];
	const pw_yaml_node *root = pw_yaml_root(yaml);
	ck_assert_str_eq(pw_yaml_show(pw_yaml_item(root, 0), shown),
			 "'阳性阳性阳性阳性阳性阳性阳性阳性阳性阳性阳性…'");
	ck_assert_str_eq(pw_yaml_show(pw_yaml_item(root, 1), shown), "'ab'");
	ck_assert_str_eq(pw_yaml_show(pw_yaml_item(root, 2), shown), "a list");
	pw_yaml_free(yaml);
}
END_TEST

START_TEST(test_utf16_with_its_mark_is_read)
{
	static const char text[] = "\xff\xfe"
				   "a\0:\0 \0\x7b\x53\n\0";
	pw_yaml *yaml = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_yaml_parse(text, sizeof(text) - 1, "t.yaml", &yaml, &err) == PW_OK, "%s",
		      err.msg);
	ck_assert_str_eq(pw_yaml_text(pw_yaml_find(pw_yaml_root(yaml), "a")), "卻");
	pw_yaml_free(yaml);
	pw_yaml_free(NULL);
}
END_TEST

Suite *suite_yaml(void);

Suite *suite_yaml(void)
{
	Suite *suite = suite_create("yaml");
	TCase *tcase = tcase_create("yaml");
	tcase_add_test(tcase, test_tree_keeps_order_text_and_places);
	tcase_add_test(tcase, test_alias_is_the_node_it_names);
	tcase_add_loop_test(tcase, test_what_is_no_rule_file_is_refused_with_its_place, 0,
			    sizeof(bads) / sizeof(bads[0]));
	tcase_add_test(tcase, test_alias_bomb_is_refused_while_reading);
	tcase_add_test(tcase, test_aliases_cannot_build_a_deep_tree);
	tcase_add_test(tcase, test_a_wall_of_brackets_is_refused_at_once);
	tcase_add_test(tcase, test_levels_values_anchors_and_bytes_are_limited);
	tcase_add_test(tcase, test_reading_by_expectation);
	tcase_add_test(tcase, test_disappointed_expectations_say_what_stands_there);
	tcase_add_test(tcase, test_long_values_are_cut_at_a_whole_character);
	tcase_add_test(tcase, test_utf16_with_its_mark_is_read);
	suite_add_tcase(suite, tcase);
	return suite;
}
