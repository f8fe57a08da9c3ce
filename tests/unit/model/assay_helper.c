#include "assay_helper.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/str.h"
#include "core/model/shipped.h"

static pw_assay *parse(const void *bytes, size_t n, const char *name)
{
	pw_assay *assay = NULL;
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_assay_parse(bytes, n, name, &assay, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	return assay;
}

pw_assay *assay_of(const char *text)
{
	return parse(text, strlen(text), "t.yaml");
}

pw_assay *shipped_assay(const char *file)
{
	for (const pw_embedded *e = pw_shipped_assays; e->name != NULL; e++)
		if (strcmp(e->name, file) == 0)
			return parse(e->bytes, e->size, file);
	ck_abort_msg("no shipped assay '%s'", file);
	return NULL;
}

pw_assay *assay_file(const char *path_in_source)
{
	static char bytes[65536];
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", PW_SOURCE_DIR, path_in_source);
	FILE *f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "%s: cannot be read", path);
	size_t n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	return parse(bytes, n, path_in_source);
}

static void reading(const pw_assay *assay, char *item, pw_measure *measures)
{
	char *value = strchr(item, '=');
	ck_assert_msg(value != NULL, "'%s' is no reading", item);
	*value++ = '\0';
	int t = pw_assay_target_find(assay, item);
	ck_assert_msg(t >= 0, "no target '%s'", item);
	char *amp = strchr(value, '/');
	if (amp != NULL) {
		*amp++ = '\0';
		ck_assert_msg(pw_amp_parse(amp, &measures[t].amp), "no amplification '%s'", amp);
	}
	if (strcmp(value, "absent") == 0)
		measures[t].present = false;
	else if (strcmp(value, "none") != 0)
		measures[t].has_cq = pw_parse_real(value, &measures[t].cq);
}

void readings(const pw_assay *assay, const char *text, pw_measure measures[PW_ASSAY_MAX_TARGETS])
{
	char copy[512];
	snprintf(copy, sizeof(copy), "%s", text);
	for (size_t t = 0; t < PW_ASSAY_MAX_TARGETS; t++)
		measures[t] = (pw_measure){.present = t < pw_assay_target_count(assay)};
	for (char *item = copy; *item != '\0';) {
		char *end = item + strcspn(item, " ");
		char *next = *end == '\0' ? end : end + 1;
		*end = '\0';
		reading(assay, item, measures);
		item = next;
	}
}

pw_verdict judge(const pw_assay *assay, const char *text)
{
	return judge_again(assay, 1, PW_CALL_NONE, text);
}

pw_verdict judge_again(const pw_assay *assay, int attempt, pw_call previous, const char *text)
{
	pw_measure measures[PW_ASSAY_MAX_TARGETS];
	pw_verdict verdict;
	readings(assay, text, measures);
	pw_assay_judge_after(assay, "", attempt, previous, measures, &verdict);
	return verdict;
}

bool control_good(const pw_assay *assay, const char *control, const char *text, char out[200])
{
	pw_measure measures[PW_ASSAY_MAX_TARGETS];
	int c = pw_assay_control_find(assay, control);
	ck_assert_msg(c >= 0, "no control '%s'", control);
	readings(assay, text, measures);
	return pw_assay_judge_control(assay, (size_t)c, "", measures, out);
}

size_t count_code(const pw_report *report, const char *code)
{
	size_t n = 0;
	for (size_t i = 0; i < report->len; i++)
		n += strcmp(report->findings[i].code, code) == 0;
	return n;
}

const char *first_of(const pw_report *report, const char *code)
{
	for (size_t i = 0; i < report->len; i++)
		if (strcmp(report->findings[i].code, code) == 0)
			return report->findings[i].text;
	return "";
}
