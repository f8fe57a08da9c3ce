/*
 * What every rule file of a laboratory begins with, whatever it holds:
 *
 *	poolwell: assay/1        # the kind of file and the version of its language; the first key
 *	name: cdc-n1-n2-rp       # letters, digits and - ; how it is asked for
 *	version: 3               # of the rules in it; counted up by who changes them
 *	title: …                 # for people; optional
 *	source: …                # where the rules come from; optional
 *
 * Inside the model only: assay.c, layout.c and profile.c read their heads with it.
 */
#ifndef PW_MODEL_RULE_FILE_H
#define PW_MODEL_RULE_FILE_H

#include "core/base/yaml.h"

#define PW_RULE_NAME_SIZE  32
#define PW_RULE_TITLE_SIZE 128

typedef struct pw_rule_head {
	const char *name; /* all texts live with the document; never NULL */
	const char *title;
	const char *source;
	int version;
} pw_rule_head;

/*
 * Reads the head of a file of kind "assay", "layout" or "profile". PW_ERR_FORMAT, with the place: the
 * first key is not 'poolwell', the file is of another kind or of a newer language, the name or the
 * version is not one, a text is longer than the sizes above.
 */
PW_NODISCARD pw_status pw_rule_head_read(const pw_yaml_node *root, const char *kind,
					 pw_rule_head *out, pw_err *err);

/*
 * The word of a scalar: 1 to max-1 bytes of printable text without spaces at its ends; `what` names it
 * in messages ("a target's name"). PW_ERR_FORMAT else.
 */
PW_NODISCARD pw_status pw_rule_word(const pw_yaml_node *node, const char *what, size_t max,
				    const char **out, pw_err *err);

#endif
