/* What template.c and template_element.c share: reading with the template at hand. */
#ifndef PW_LABELS_TEMPLATE_PRIVATE_H
#define PW_LABELS_TEMPLATE_PRIVATE_H

#include "core/base/yaml.h"
#include "labels/template.h"

typedef struct pw_template_reader {
	pw_label_template *t;
	pw_err *err;
} pw_template_reader;

/* A length of a map in micrometres: must be there, or may be (*out is left alone). Bounds in µm. */
pw_status pw_template_get_length(pw_template_reader *r, const pw_yaml_node *map, const char *key,
				 int min, int max, int *out);
pw_status pw_template_opt_length(pw_template_reader *r, const pw_yaml_node *map, const char *key,
				 int min, int max, int *out);

/* A list of exactly n lengths. */
pw_status pw_template_lengths(pw_template_reader *r, const pw_yaml_node *node, const char *what,
			      int min, int max, int *out, size_t n);

/* Reads one element into *out. */
pw_status pw_template_read_element(pw_template_reader *r, const pw_yaml_node *node,
				   pw_element *out);

#endif
