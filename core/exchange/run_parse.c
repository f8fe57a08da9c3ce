#include "core/exchange/run_parse.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

#define MAX_NUMBER 48 /* characters */
#define MAX_WORD   32
#define MAX_CQ     200.0

pw_slice pw_run_cell(const pw_csv_field *row, size_t count, int index)
{
	if (index < 0 || (size_t)index >= count)
		return (pw_slice){"", 0};
	return pw_slice_trim(row[index].text);
}

int pw_run_cell_column(const pw_csv_field *row, size_t count, int index)
{
	return index < 0 || (size_t)index >= count ? 0 : row[index].column;
}

/* Letters (lower) and digits only; "" when that is longer than any word we know. */
static const char *plain_word(pw_slice text, char out[MAX_WORD])
{
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9'))
			continue;
		if (n + 1 >= MAX_WORD) {
			n = 0;
			break;
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return out;
}

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

bool pw_run_is_absent(pw_slice text)
{
	static const char *const words[] = {"na", "none", "null", NULL};
	char word[MAX_WORD];
	text = pw_slice_trim(text);
	if (text.len == 0 || pw_slice_eq(text, "-"))
		return true;
	return text.len <= 4 && is_one_of(plain_word(text, word), words);
}

bool pw_run_is_no_cq(pw_slice text)
{
	static const char *const words[] = {"undetermined", "nan", "noct", "nocq", NULL};
	char word[MAX_WORD];
	text = pw_slice_trim(text);
	if (text.len > 0 && text.ptr[0] >= '0' && text.ptr[0] <= '9')
		return false; /* almost every cell of a curve */
	return pw_run_is_absent(text) || is_one_of(plain_word(text, word), words);
}

char pw_run_decimal(pw_slice text, bool small)
{
	text = pw_slice_trim(text);
	size_t seen[2] = {0, 0}, last = 0, digits = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '.' || c == ',') {
			seen[c == ',']++;
			last = i;
		} else if (c >= '0' && c <= '9') {
			digits++;
		} else if ((c == 'e' || c == 'E') && digits > 0) {
			text.len = i; /* 1.5E-09: what follows is the exponent */
		} else if (i > 0 || (c != '-' && c != '+')) {
			return 0;
		}
	}
	if (digits == 0 || seen[0] + seen[1] == 0)
		return 0;
	char mark = text.ptr[last], other = mark == '.' ? ',' : '.';
	if (seen[0] > 0 && seen[1] > 0)
		return mark;
	if (seen[0] + seen[1] > 1)
		return other;
	size_t sign = text.ptr[0] == '-' || text.ptr[0] == '+';
	size_t before = last - sign, after = text.len - last - 1;
	bool can_group = after == 3 && before >= 1 && before <= 3 && text.ptr[sign] != '0';
	if (!small && can_group)
		return 0;
	return mark;
}

/* Copies the digits in front of the decimal separator, checking the groups; false when they are bad. */
static bool copy_whole_part(pw_slice text, size_t *at, char grouping, char *out, size_t *n)
{
	size_t i = *at, in_group = 0, groups = 0;
	for (; i < text.len; i++) {
		char c = text.ptr[i];
		if (c >= '0' && c <= '9') {
			out[(*n)++] = c;
			in_group++;
		} else if (c == grouping) {
			if (in_group == 0 || in_group > 3 || (groups > 0 && in_group != 3))
				return false;
			groups++;
			in_group = 0;
		} else {
			break;
		}
	}
	*at = i;
	return groups == 0 || in_group == 3;
}

/*
 * A plain decimal of at most 15 digits, as the hundred thousands of a run's curves are. Digits and power
 * of ten are exact in a double, so their quotient is rounded once, to what strtod gives. false for
 * anything else.
 */
static bool parse_short(const char *plain, double *out)
{
	static const double tens[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
				      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	int64_t value = 0;
	int digits = 0, decimals = -1;
	const char *p = plain + (*plain == '-' || *plain == '+');
	for (; *p != '\0'; p++) {
		if (*p == '.' && decimals < 0) {
			decimals = 0;
			continue;
		}
		if (*p < '0' || *p > '9' || ++digits > 15)
			return false;
		value = value * 10 + (*p - '0');
		decimals += decimals >= 0;
	}
	if (digits == 0 || FLT_EVAL_METHOD != 0)
		return false;
	double size = (double)value / tens[decimals < 0 ? 0 : decimals];
	*out = *plain == '-' ? -size : size;
	return true;
}

bool pw_run_number(pw_slice text, char decimal, double *out)
{
	char plain[MAX_NUMBER + 1];
	size_t n = 0, i = 0;
	text = pw_slice_trim(text);
	if (text.len == 0 || text.len > MAX_NUMBER)
		return false;
	if (text.ptr[0] == '-' || text.ptr[0] == '+')
		plain[n++] = text.ptr[i++];
	if (!copy_whole_part(text, &i, decimal == '.' ? ',' : '.', plain, &n))
		return false;
	for (; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == decimal)
			c = '.';
		else if (c == '.' || c == ',')
			return false;
		plain[n++] = c;
	}
	plain[n] = '\0';
	return parse_short(plain, out) || pw_parse_real(plain, out);
}

bool pw_run_count(pw_slice text, int *out)
{
	int value = 0;
	size_t i = 0;
	text = pw_slice_trim(text);
	for (; i < text.len && i < 5 && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
		value = value * 10 + (text.ptr[i] - '0');
	if (value == 0)
		return false;
	if (i + 1 < text.len && (text.ptr[i] == '.' || text.ptr[i] == ','))
		for (i++; i < text.len && text.ptr[i] == '0'; i++)
			continue;
	if (i < text.len)
		return false;
	*out = value;
	return true;
}

bool pw_run_cq(pw_slice text, char decimal, bool *out_has, double *out_cq)
{
	double cq;
	if (pw_run_is_no_cq(text)) {
		*out_has = false;
		*out_cq = 0;
		return true;
	}
	if (!pw_run_number(text, decimal, &cq) || cq <= 0 || cq > MAX_CQ)
		return false;
	*out_has = true;
	*out_cq = cq;
	return true;
}

bool pw_run_flag(pw_slice text, bool *out)
{
	static const char *const yes[] = {"true", "yes", "y", "1", NULL};
	static const char *const no[] = {"false", "no", "n", "0", NULL};
	char word[MAX_WORD];
	plain_word(text, word);
	bool is_yes = is_one_of(word, yes);
	if (!is_yes && !is_one_of(word, no) && !pw_run_is_absent(text))
		return false;
	*out = is_yes;
	return true;
}

pw_task pw_run_task(pw_slice text)
{
	static const char *const unknown[] = {"unknown", "unkn", NULL};
	static const char *const none[] = {
		"ntc", "nac", "blockedipc", "neg", "negctrl", "negativecontrol", "negative", NULL};
	static const char *const positive[] = {"pos",          "posctrl",   "positivecontrol",
					       "positive",     "pcallele1", "pcallele2",
					       "pcalleleboth", NULL};
	static const char *const standard[] = {"standard", "std", NULL};
	char word[MAX_WORD];
	plain_word(text, word);
	if (is_one_of(word, positive))
		return PW_TASK_POSITIVE;
	for (size_t n = strlen(word); n > 0 && word[n - 1] >= '0' && word[n - 1] <= '9'; n--)
		word[n - 1] = '\0'; /* "Unkn-01": the number of the sample */
	return is_one_of(word, unknown)    ? PW_TASK_UNKNOWN
	       : is_one_of(word, none)     ? PW_TASK_NTC
	       : is_one_of(word, positive) ? PW_TASK_POSITIVE
	       : is_one_of(word, standard) ? PW_TASK_STANDARD
					   : PW_TASK_OTHER;
}

bool pw_run_amp(pw_slice text, pw_amp *out)
{
	char word[MAX_WORD];
	plain_word(text, word);
	if (pw_run_is_absent(text))
		*out = PW_AMP_UNKNOWN;
	else if (strcmp(word, "amp") == 0)
		*out = PW_AMP_YES;
	else if (strcmp(word, "noamp") == 0)
		*out = PW_AMP_NO;
	else if (strcmp(word, "inconclusive") == 0)
		*out = PW_AMP_INCONCLUSIVE;
	else
		return false;
	return true;
}

bool pw_run_same_word(pw_slice a, pw_slice b)
{
	char word_a[MAX_WORD], word_b[MAX_WORD];
	return strcmp(plain_word(a, word_a), plain_word(b, word_b)) == 0 && word_a[0] != '\0';
}

size_t pw_run_header_count(const pw_csv_field *row, size_t count)
{
	while (count > 0 && pw_slice_trim(row[count - 1].text).len == 0)
		count--;
	return count;
}

int pw_run_clip(pw_slice text, size_t max)
{
	size_t n = text.len < max ? text.len : max;
	while (n > 0 && n < text.len && ((unsigned char)text.ptr[n] & 0xC0) == 0x80)
		n--;
	return (int)n;
}

void pw_run_copy(pw_slice text, char *out, size_t room)
{
	size_t n = (size_t)pw_run_clip(text, room - 1);
	memcpy(out, text.ptr, n);
	out[n] = '\0';
}

void pw_run_report_csv(pw_report *report, const pw_csv *csv, int first_line, const pw_err *err)
{
	int line, column;
	pw_csv_error_place(csv, &line, &column);
	/* The place stands in front of the text too, counted from where `csv` started. */
	const char *text = strstr(err->msg, ": ");
	pw_report_add(report, PW_ERROR, "csv", first_line - 1 + line, column, "%s",
		      text != NULL ? text + 2 : err->msg);
}

pw_status pw_run_fail(const pw_report *report, size_t from, const char *file_name, pw_err *err)
{
	size_t first = from, errors = 0;
	for (size_t i = report->len; i > from; i--)
		if (report->findings[i - 1].severity == PW_ERROR) {
			first = i - 1;
			errors++;
		}
	PW_BUG_IF(errors == 0);
	const pw_finding *f = &report->findings[first];
	char place[48] = "", more[48] = "";
	if (f->line > 0 && f->column > 0)
		snprintf(place, sizeof(place), ":%d:%d", f->line, f->column);
	else if (f->line > 0)
		snprintf(place, sizeof(place), ":%d", f->line);
	if (errors > 1)
		snprintf(more, sizeof(more), " (and %zu more)", errors - 1);
	return pw_fail(err, PW_ERR_FORMAT, "%.*s%s: %.*s%s", PW_RUN_SHOW(file_name, 100), place,
		       PW_RUN_SHOW(f->text, 300), more);
}
