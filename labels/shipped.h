/* The label templates that come with the program (labels/templates, YAML). */
#ifndef PW_LABELS_SHIPPED_H
#define PW_LABELS_SHIPPED_H

#include "core/base/embed.h"

/* Ended by a row whose name is NULL; names are file names, "tube-13x75.yaml". */
extern const pw_embedded pw_shipped_templates[];

/* The template of a name without ".yaml", or NULL. */
const pw_embedded *pw_shipped_template(const char *name);

#endif
