/* The assays, layouts and profiles that come with the program (YAML files of this folder). */
#ifndef PW_MODEL_SHIPPED_H
#define PW_MODEL_SHIPPED_H

#include "core/base/embed.h"

/* Tables ended by a row whose name is NULL; names are file names, "cdc-n1-n2-rp.yaml". */
extern const pw_embedded pw_shipped_assays[];
extern const pw_embedded pw_shipped_layouts[];
extern const pw_embedded pw_shipped_profiles[];

#endif
