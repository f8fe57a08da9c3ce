#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/opts.h"
#include "cli/suggest.h"
#include "core/base/text.h"

static bool is_bounded(const pw_opt *opt)
{
	return opt->min != 0 || opt->max != 0;
}

static void add_bounds(const pw_opt *opt, pw_str *out)
{
	if (opt->max == INT64_MAX)
		pw_str_addf(out, "at least %" PRId64, opt->min);
	else if (opt->min == INT64_MIN)
		pw_str_addf(out, "at most %" PRId64, opt->max);
	else
		pw_str_addf(out, "%" PRId64 " to %" PRId64, opt->min, opt->max);
}

static void add_choices(const pw_opt *opt, pw_str *out)
{
	for (size_t i = 0; opt->choices[i] != NULL; i++)
		pw_str_addf(out, "%s%s", i == 0 ? "" : ", ", opt->choices[i]);
}

static pw_status out_of_bounds(const pw_opt *opt, const char *text, pw_err *err)
{
	pw_str bounds = PW_STR_INIT;
	add_bounds(opt, &bounds);
	pw_status rc =
		pw_fail(err, PW_ERR_ARG, "'%s' is out of range: %s", text, pw_str_text(&bounds));
	pw_str_clear(&bounds);
	return rc;
}

static pw_status read_int(const pw_opt *opt, const char *text, pw_opt_value *out, pw_err *err)
{
	int64_t number;
	if (!pw_parse_int(text, &number))
		return pw_fail(err, PW_ERR_ARG, "'%s' is not a whole number", text);
	if (is_bounded(opt) && (number < opt->min || number > opt->max))
		return out_of_bounds(opt, text, err);
	*out = (pw_opt_value){text, number, (double)number};
	return PW_OK;
}

static pw_status read_real(const pw_opt *opt, const char *text, pw_opt_value *out, pw_err *err)
{
	double real;
	if (!pw_parse_real(text, &real))
		return pw_fail(err, PW_ERR_ARG, "'%s' is not a number (write 12.5)", text);
	if (is_bounded(opt) && (real < (double)opt->min || real > (double)opt->max))
		return out_of_bounds(opt, text, err);
	*out = (pw_opt_value){text, 0, real};
	return PW_OK;
}

static pw_status read_percent(const char *text, pw_opt_value *out, pw_err *err)
{
	char number[64];
	size_t n = strlen(text);
	bool percent = n > 0 && text[n - 1] == '%';
	if (percent)
		n--;
	double real;
	if (n >= sizeof(number))
		return pw_fail(err, PW_ERR_ARG, "'%s' is not a share (write 1.5%%)", text);
	memcpy(number, text, n);
	number[n] = '\0';
	if (!pw_parse_real(number, &real))
		return pw_fail(err, PW_ERR_ARG, "'%s' is not a share (write 1.5%%)", text);
	if (!percent && real > 1 && real <= 100)
		return pw_fail(err, PW_ERR_ARG, "'%s' could be %s%% or a fraction: write the %%",
			       text, text);
	if (percent)
		real /= 100;
	if (real < 0 || real > 1)
		return pw_fail(err, PW_ERR_ARG, "'%s' is out of range: 0%% to 100%%", text);
	*out = (pw_opt_value){text, 0, real};
	return PW_OK;
}

static pw_status read_choice(const pw_opt *opt, const char *text, pw_opt_value *out, pw_err *err)
{
	pw_suggestion near = {.wrong = text};
	for (size_t i = 0; opt->choices[i] != NULL; i++) {
		if (strcmp(opt->choices[i], text) == 0) {
			*out = (pw_opt_value){text, (int64_t)i, 0};
			return PW_OK;
		}
		pw_suggest(&near, opt->choices[i]);
	}
	if (near.best != NULL)
		return pw_fail(err, PW_ERR_ARG, "there is no '%s'; did you mean '%s'?", text,
			       near.best);
	pw_str choices = PW_STR_INIT;
	add_choices(opt, &choices);
	pw_status rc =
		pw_fail(err, PW_ERR_ARG, "'%s' is not one of %s", text, pw_str_text(&choices));
	pw_str_clear(&choices);
	return rc;
}

static pw_status read_time(const char *text, pw_time now, pw_opt_value *out, pw_err *err)
{
	pw_time at;
	if (strcmp(text, "now") == 0)
		at = now;
	else if (strcmp(text, "today") == 0)
		at = pw_time_day_start(now);
	else if (strcmp(text, "yesterday") == 0)
		at = pw_time_day_start(pw_time_day_start(now) - 1);
	else if (!pw_time_parse(text, &at))
		return pw_fail(err, PW_ERR_ARG,
			       "'%s' is not a time (write 2026-11-23, '2026-11-23 14:05', today, "
			       "yesterday or now)",
			       text);
	*out = (pw_opt_value){text, at, 0};
	return PW_OK;
}

static bool unit_of(const char *name, pw_time *out)
{
	static const struct {
		const char *name;
		pw_time length;
	} units[] = {
		{"s", PW_SECOND}, {"min", PW_MINUTE}, {"h", PW_HOUR}, {"d", PW_DAY}, {NULL, 0},
	};
	for (size_t i = 0; units[i].name != NULL; i++) {
		if (strcmp(units[i].name, name) == 0) {
			*out = units[i].length;
			return true;
		}
	}
	return false;
}

static pw_status read_duration(const char *text, pw_opt_value *out, pw_err *err)
{
	char digits[24];
	size_t n = strspn(text, "0123456789.");
	pw_time unit;
	double count = 0;
	bool ok = n > 0 && n < sizeof(digits) && unit_of(text + n, &unit);
	if (ok) {
		memcpy(digits, text, n);
		digits[n] = '\0';
		ok = pw_parse_real(digits, &count);
	}
	if (!ok)
		return pw_fail(err, PW_ERR_ARG,
			       "'%s' is not a length of time (write 90s, 15min, 36h or 2d)", text);
	if (count * (double)unit > 36500.0 * (double)PW_DAY)
		return pw_fail(err, PW_ERR_ARG, "'%s' is longer than a hundred years", text);
	*out = (pw_opt_value){text, (int64_t)llround(count * (double)unit), 0};
	return PW_OK;
}

pw_status pw_opt_read(const pw_opt *opt, const char *text, pw_time now, pw_opt_value *out,
		      pw_err *err)
{
	switch (opt->kind) {
	case PW_OPT_INT:
		return read_int(opt, text, out, err);
	case PW_OPT_REAL:
		return read_real(opt, text, out, err);
	case PW_OPT_PERCENT:
		return read_percent(text, out, err);
	case PW_OPT_CHOICE:
		return read_choice(opt, text, out, err);
	case PW_OPT_TIME:
		return read_time(text, now, out, err);
	case PW_OPT_DURATION:
		return read_duration(text, out, err);
	case PW_OPT_TEXT:
		if (!pw_utf8_valid(text, strlen(text)))
			return pw_fail(err, PW_ERR_ARG, "the text is not UTF-8");
		break;
	case PW_OPT_FILE:
	case PW_OPT_OUT:
		if (*text == '\0')
			return pw_fail(err, PW_ERR_ARG, "the file's name is empty");
		break;
	case PW_OPT_FLAG:
		break;
	}
	*out = (pw_opt_value){text, opt->kind == PW_OPT_FLAG ? 1 : 0, 0};
	return PW_OK;
}

static const char *separator(const pw_str *out, size_t start)
{
	return out->len > start ? "; " : "";
}

void pw_opt_describe(const pw_opt *opt, pw_str *out)
{
	size_t start = out->len;
	if (opt->kind == PW_OPT_CHOICE) {
		pw_str_add(out, "one of ");
		add_choices(opt, out);
	}
	if (is_bounded(opt))
		add_bounds(opt, out);
	if (opt->required)
		pw_str_addf(out, "%srequired", separator(out, start));
	if (opt->repeat)
		pw_str_addf(out, "%smay be repeated", separator(out, start));
	if (opt->fallback != NULL)
		pw_str_addf(out, "%sdefault %s", separator(out, start), opt->fallback);
	if (opt->env != NULL)
		pw_str_addf(out, "%sor %s", separator(out, start), opt->env);
}
