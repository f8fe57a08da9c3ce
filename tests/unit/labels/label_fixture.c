#include "tests/unit/labels/label_fixture.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "labels/shipped.h"

pw_label_template *fixture_template(const char *yaml)
{
	pw_label_template *t = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_label_template_parse(yaml, strlen(yaml), "t.yaml", &t, &err) == PW_OK,
		      "%s", err.msg);
	return t;
}

pw_label_template *fixture_with(const char *elements)
{
	pw_str yaml = PW_STR_INIT;
	pw_str_addf(&yaml,
		    "poolwell: label/1\nname: test\nversion: 1\nsize: [50, 30]\ngap: 3\nfields:\n"
		    "  id: {example: A}\n  name: {example: B}\nelements:\n%s",
		    elements);
	pw_label_template *t = fixture_template(pw_str_text(&yaml));
	pw_str_clear(&yaml);
	return t;
}

pw_label_template *fixture_shipped(const char *name)
{
	const pw_embedded *file = pw_shipped_template(name);
	ck_assert_msg(file != NULL, "no template '%s'", name);
	pw_label_template *t = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_label_template_parse(file->bytes, file->size, file->name, &t, &err) ==
			      PW_OK,
		      "%s", err.msg);
	return t;
}

static pw_label_value values[PW_LABEL_MAX_FIELDS];

pw_label_values fixture_values(const char *const *words)
{
	size_t n = 0;
	for (; words[2 * n] != NULL; n++)
		values[n] = (pw_label_value){words[2 * n], words[2 * n + 1]};
	return (pw_label_values){values, n};
}

pw_label_values fixture_examples(const pw_label_template *t)
{
	for (size_t i = 0; i < t->field_count; i++)
		values[i] = (pw_label_value){t->fields[i].name, t->fields[i].example};
	return (pw_label_values){values, t->field_count};
}

void fixture_make(const pw_label_template *t, const pw_label_values *label, int dpi,
		  pw_label_layout **out_layout, pw_raster *out_raster)
{
	pw_press *press = NULL;
	pw_label_layout *layout = NULL;
	pw_raster raster = PW_RASTER_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_press_new(t, dpi, &press, &err) == PW_OK, "%s", err.msg);
	ck_assert_msg(pw_press_layout(press, label, 1, &layout, &err) == PW_OK, "%s", err.msg);
	ck_assert_msg(pw_press_raster(press, layout, &raster, &err) == PW_OK, "%s", err.msg);
	pw_press_free(press);
	if (out_layout != NULL)
		*out_layout = layout;
	else
		pw_label_layout_free(layout);
	if (out_raster != NULL)
		*out_raster = raster;
	else
		pw_raster_clear(&raster);
}

char *fixture_folder(void)
{
	char name[] = "/tmp/pw-labels-XXXXXX";
	ck_assert_ptr_nonnull(mkdtemp(name));
	return pw_strdup(name);
}

void fixture_remove(char *folder)
{
	pw_str nothing = fixture_run("rm -rf '%s'", folder);
	pw_str_clear(&nothing);
	pw_free(folder);
}

void fixture_write(const char *folder, const char *name, const char *bytes, size_t n)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "wb");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

pw_str fixture_run(const char *format, ...)
{
	char command[8192], buffer[4096];
	va_list args;
	va_start(args, format);
	int length = vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	ck_assert(length > 0 && (size_t)length < sizeof(command));
	pw_str out = PW_STR_INIT;
	FILE *f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	size_t n;
	while ((n = fread(buffer, 1, sizeof(buffer), f)) > 0)
		pw_str_add_n(&out, buffer, n);
	pclose(f);
	return out;
}

bool fixture_has(const char *program)
{
	pw_str found = fixture_run("command -v %s", program);
	bool there = found.len > 0;
	pw_str_clear(&found);
	if (!there)
		printf("skipped: %s is not there, nothing else reads these symbols\n", program);
	return there;
}

const char *fixture_decoder(pw_symbol_kind kind)
{
	switch (kind) {
	case PW_SYMBOL_CODE128:
	case PW_SYMBOL_GS1_128:
	case PW_SYMBOL_QR:
		return fixture_has("zbarimg") ? "zbarimg --nodbus -q --raw" : NULL;
	case PW_SYMBOL_DATAMATRIX:
	case PW_SYMBOL_DATAMATRIX_RECT:
	case PW_SYMBOL_GS1_DATAMATRIX:
		return fixture_has("dmtxread") ? "dmtxread -n -N1 -m5000" : NULL;
	case PW_SYMBOL_MICRO_QR:
	case PW_SYMBOL_KINDS:
		break;
	}
	printf("skipped: no decoder for %s is in Debian's packages here\n", pw_symbol_name(kind));
	return NULL;
}
