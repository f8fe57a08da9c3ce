#include "cli/opts.h"

#include <stdlib.h>
#include <string.h>

#include "cli/suggest.h"
#include "core/base/mem.h"
#include "core/base/text.h"

const pw_opt *pw_opt_find_n(const pw_opt *table, const char *name, size_t n)
{
	for (const pw_opt *opt = table; opt != NULL && opt->name != NULL; opt++)
		if (strncmp(opt->name, name, n) == 0 && opt->name[n] == '\0')
			return opt;
	return NULL;
}

const pw_opt *pw_opt_find(const pw_opt *table, const char *name)
{
	return pw_opt_find_n(table, name, strlen(name));
}

const pw_opt *pw_opt_by_letter(const pw_opt *table, char letter)
{
	for (const pw_opt *opt = table; opt != NULL && opt->name != NULL; opt++)
		if (letter != '\0' && opt->letter == letter)
			return opt;
	return NULL;
}

static const pw_opt *find_letter(const pw_opts *opts, char letter)
{
	const pw_opt *opt = pw_opt_by_letter(opts->own, letter);
	return opt != NULL ? opt : pw_opt_by_letter(opts->globals, letter);
}

const pw_opt_given *pw_opts_get(const pw_opts *opts, const pw_opt *opt, int i)
{
	for (size_t k = 0; k < opts->given.len; k++)
		if (opts->given.ptr[k].opt == opt && i-- == 0)
			return &opts->given.ptr[k];
	return NULL;
}

static bool is_negative_number(const char *word)
{
	return word[0] == '-' && (word[1] == '.' || (word[1] >= '0' && word[1] <= '9'));
}

/* A word that can only be meant as an option. */
static bool looks_like_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0' && !is_negative_number(word);
}

static pw_status add(pw_opts *opts, const pw_opt *opt, const char *text, pw_err *err)
{
	pw_opt_given given = {.opt = opt};
	const pw_opt_given *earlier = pw_opts_get(opts, opt, 0);
	if (earlier != NULL && !opt->repeat && opt->kind != PW_OPT_FLAG)
		return pw_fail(err, PW_ERR_ARG, "option '--%s' is given twice: '%s' and '%s'",
			       opt->name, earlier->value.text, text);
	pw_status rc = pw_opt_read(opt, text, opts->now, &given.value, err);
	if (rc != PW_OK)
		return pw_fail_ctx(err, rc, "option '--%s'", opt->name);
	pw_vec_push(&opts->given, given);
	return PW_OK;
}

/* A word that cannot be the value of an option that stands before it: "--name", "-n", "--". What has no letter
 * behind its dashes can ("----+--", a string of results). */
static bool cannot_be_value(const char *word)
{
	const char *behind = word + strspn(word, "-");
	bool letter = (*behind >= 'a' && *behind <= 'z') || (*behind >= 'A' && *behind <= 'Z');
	return looks_like_option(word) && (letter || strcmp(word, "--") == 0);
}

/* The value of an option that stands as a word of its own behind it. */
static pw_status add_next(pw_opts *opts, const pw_opt *opt, const char *next, pw_err *err)
{
	if (next == NULL)
		return pw_fail(err, PW_ERR_ARG, "option '--%s' needs a value: --%s %s", opt->name,
			       opt->name, opt->arg);
	if (cannot_be_value(next))
		return pw_fail(err, PW_ERR_ARG,
			       "option '--%s' needs a value, and '%s' looks like an option; "
			       "write --%s=%s if it is the value",
			       opt->name, next, opt->name, next);
	return add(opts, opt, next, err);
}

static void suggest_from(pw_suggestion *near, const pw_opt *table)
{
	for (const pw_opt *opt = table; opt != NULL && opt->name != NULL; opt++)
		pw_suggest(near, opt->name);
}

pw_status pw_opt_unknown(const pw_opt *own, const pw_opt *globals, const char *name, pw_err *err)
{
	char *wrong = pw_strndup(name, strcspn(name, "="));
	pw_suggestion near = {.wrong = wrong};
	suggest_from(&near, own);
	suggest_from(&near, globals);
	pw_status rc = near.best == NULL ? pw_fail(err, PW_ERR_ARG, "unknown option '--%s'", wrong)
					 : pw_fail(err, PW_ERR_ARG,
						   "unknown option '--%s'; did you mean '--%s'?",
						   wrong, near.best);
	pw_free(wrong);
	return rc;
}

/* "--name", "--name=value" or "--name value"; says in *used whether `next` was taken. */
static pw_status parse_long(pw_opts *opts, const char *word, const char *next, bool *used,
			    pw_err *err)
{
	size_t n = strcspn(word, "=");
	const char *value = word[n] == '=' ? word + n + 1 : NULL;
	const pw_opt *opt = pw_opt_find_n(opts->own, word, n);
	if (opt == NULL)
		opt = pw_opt_find_n(opts->globals, word, n);
	if (opt == NULL)
		return pw_opt_unknown(opts->own, opts->globals, word, err);
	if (opt->kind == PW_OPT_FLAG && value != NULL)
		return pw_fail(err, PW_ERR_ARG, "option '--%s' takes no value: '%s'", opt->name,
			       value);
	if (opt->kind == PW_OPT_FLAG)
		return add(opts, opt, "", err);
	if (value != NULL)
		return add(opts, opt, value, err);
	*used = next != NULL;
	return add_next(opts, opt, next, err);
}

static pw_status unknown_letters(const pw_opts *opts, const char *letters, char letter, pw_err *err)
{
	if (pw_opt_find(opts->own, letters) != NULL || pw_opt_find(opts->globals, letters) != NULL)
		return pw_fail(err, PW_ERR_ARG, "unknown option '-%s'; did you mean '--%s'?",
			       letters, letters);
	if (letters[1] == '\0')
		return pw_fail(err, PW_ERR_ARG, "unknown option '-%s'", letters);
	return pw_fail(err, PW_ERR_ARG, "unknown option '-%c' in '-%s'", letter, letters);
}

/* "-n 5", "-n5", "-qn5": letters of flags, the last may take a value. */
static pw_status parse_letters(pw_opts *opts, const char *letters, const char *next, bool *used,
			       pw_err *err)
{
	for (const char *p = letters; *p != '\0'; p++) {
		const pw_opt *opt = find_letter(opts, *p);
		if (opt == NULL)
			return unknown_letters(opts, letters, *p, err);
		if (opt->kind != PW_OPT_FLAG && p[1] != '\0')
			return add(opts, opt, p + 1, err);
		if (opt->kind != PW_OPT_FLAG) {
			*used = next != NULL;
			return add_next(opts, opt, next, err);
		}
		pw_status rc = add(opts, opt, "", err);
		if (rc != PW_OK)
			return rc;
	}
	return PW_OK;
}

/* "-5" is a number unless the command has an option of that letter. */
static bool is_option(const pw_opts *opts, const char *word)
{
	return looks_like_option(word) ||
	       (is_negative_number(word) && find_letter(opts, word[1]) != NULL);
}

static pw_status parse_words(pw_opts *opts, const char *const *words, size_t n, pw_err *err)
{
	pw_status rc = PW_OK;
	for (size_t i = 0; i < n && rc == PW_OK; i++) {
		const char *word = words[i];
		const char *next = i + 1 < n ? words[i + 1] : NULL;
		bool used = false;
		if (strcmp(word, "--") == 0) {
			for (i++; i < n; i++)
				pw_vec_push(&opts->args, words[i]);
		} else if (!is_option(opts, word)) {
			pw_vec_push(&opts->args, word);
		} else if (word[1] == '-') {
			rc = parse_long(opts, word + 2, next, &used, err);
		} else {
			rc = parse_letters(opts, word + 1, next, &used, err);
		}
		if (used)
			i++;
	}
	return rc;
}

static pw_status add_missing(pw_opts *opts, const pw_opt *table, pw_err *err)
{
	pw_status rc;
	for (const pw_opt *opt = table; opt != NULL && opt->name != NULL; opt++) {
		if (pw_opts_get(opts, opt, 0) != NULL)
			continue;
		const char *text = opt->env != NULL ? getenv(opt->env) : NULL;
		if (text != NULL && *text != '\0') {
			if ((rc = add(opts, opt, text, err)) != PW_OK)
				return pw_fail_ctx(err, rc, "environment variable %s", opt->env);
		} else if (opt->required) {
			return pw_fail(err, PW_ERR_ARG, "option '--%s %s' is missing", opt->name,
				       opt->arg);
		} else if (opt->fallback != NULL) {
			/* The table is checked by a test; a default that cannot be read is a bug. */
			PW_BUG_IF(add(opts, opt, opt->fallback, NULL) != PW_OK);
			opts->given.ptr[opts->given.len - 1].fallback = true;
		}
	}
	return PW_OK;
}

pw_status pw_opts_parse(pw_opts *opts, const char *const *words, size_t n, pw_err *err)
{
	pw_status rc;
	if ((rc = parse_words(opts, words, n, err)) != PW_OK)
		return rc;
	if ((rc = add_missing(opts, opts->own, err)) != PW_OK)
		return rc;
	return add_missing(opts, opts->globals, err);
}

void pw_opts_clear(pw_opts *opts)
{
	pw_vec_clear(&opts->args);
	pw_vec_clear(&opts->given);
}

/* The i-th word of "TUBE [SUBJECT...]", without its brackets and dots. */
static pw_slice arg_name(const char *template, size_t i)
{
	const char *p = template;
	for (;;) {
		p += strspn(p, " []|.");
		size_t n = strcspn(p, " []|.");
		if (i == 0 || n == 0)
			return (pw_slice){p, n};
		p += n;
		i--;
	}
}

/* Names of files are bytes; everything else is text that will be stored and shown. */
static pw_status check_utf8(const pw_opts *opts, const pw_cmd *cmd, pw_err *err)
{
	if (cmd->args != NULL && strstr(cmd->args, "FILE") != NULL)
		return PW_OK;
	for (size_t i = 0; i < opts->args.len; i++)
		if (!pw_utf8_valid(opts->args.ptr[i], strlen(opts->args.ptr[i])))
			return pw_fail(err, PW_ERR_ARG, "argument %zu is not UTF-8 text", i + 1);
	return PW_OK;
}

pw_status pw_opts_check_args(const pw_opts *opts, const pw_cmd *cmd, pw_err *err)
{
	size_t n = opts->args.len;
	if (n < (size_t)cmd->min_args) {
		pw_slice name = arg_name(cmd->args, n);
		return pw_fail(err, PW_ERR_ARG, "%.*s is missing: poolwell %s %s", (int)name.len,
			       name.ptr, cmd->name, cmd->args);
	}
	if (cmd->max_args >= 0 && n > (size_t)cmd->max_args) {
		const char *extra = opts->args.ptr[cmd->max_args];
		if (cmd->max_args == 0)
			return pw_fail(err, PW_ERR_ARG,
				       "'%s' takes no arguments, but there is '%s'", cmd->name,
				       extra);
		return pw_fail(err, PW_ERR_ARG, "'%s' is one too many: poolwell %s %s", extra,
			       cmd->name, cmd->args);
	}
	return check_utf8(opts, cmd, err);
}
