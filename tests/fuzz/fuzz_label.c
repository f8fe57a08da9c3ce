/* Any bytes as a label template: refused with a place, or a label that can be filled from its own examples. */
#include <stdint.h>
#include <stdlib.h>

#include "labels/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A template's own texts are in order; only a form may not take an example. */
static void fill(const pw_label_template *t, const pw_label_values *values, const char *text)
{
	pw_str out = PW_STR_INIT;
	bool empty = false;
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_label_fill(t, values, text, &out, &empty, &err);
	if (rc != PW_OK && rc != PW_ERR_ARG)
		abort();
	pw_str_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_label_template *t = NULL;
	pw_label_value examples[PW_LABEL_MAX_FIELDS];
	pw_err err = PW_ERR_INIT;
	if (pw_label_template_parse(data, size, "fuzz.yaml", &t, &err) != PW_OK)
		return 0;
	for (size_t i = 0; i < t->field_count; i++)
		examples[i] = (pw_label_value){t->fields[i].name, t->fields[i].example};
	pw_label_values values = {examples, t->field_count};
	if (t->width <= 0 || t->height <= 0 || pw_label_template_room(t) < 1 ||
	    t->element_count == 0)
		abort();
	(void)!pw_label_values_check(t, &values, &err);
	for (size_t i = 0; i < t->element_count; i++)
		if (t->elements[i].text != NULL)
			fill(t, &values, t->elements[i].text);
	pw_label_template_free(t);
	return 0;
}
