/* What the files of core/lab that are about labels share. */
#ifndef PW_LAB_LABELS_INTERNAL_H
#define PW_LAB_LABELS_INTERNAL_H

#include "core/base/vec.h"
#include "core/lab/labels.h"

/* The printer of a name (NULL: the only one there is), as the table has it; not one that was removed. */
PW_NODISCARD pw_status pw_lab_find_printer(pw_lab *lab, pw_arena *arena, const char *name,
					   pw_printer_find_row *out, pw_err *err);

/* Until it is given back with pw_store_release, no other process prints on it, nor settles or voids what waits for
 * it. */
PW_NODISCARD pw_status pw_lab_claim_printer(pw_lab *lab, const pw_printer_find_row *printer,
					    pw_err *err);

/* The word as it is in pw_label_things; "other" for a word that is not. */
const char *pw_label_thing_word(const char *thing);

/* The letter of a thing's codes; PW_ERR_ARG for one that has no numbers of ours. */
PW_NODISCARD pw_status pw_label_number_kind(const char *thing, char *out, pw_err *err);

/* Labels as ranges of their numbers, for facts. */
typedef struct pw_run_of {
	int64_t first, last;
} pw_run_of;

typedef PW_VEC(pw_run_of) pw_runs_of;

/* Adds a label, which lengthens the last range where it is the next one. */
void pw_runs_add(pw_runs_of *runs, int64_t label);

/* The label of an identifier that its state goes by: the newest that is not void, else the newest. NULL for none. */
const pw_labels_of_id_row *pw_label_newest(const pw_labels_of_id_row *rows, size_t count);

/* The labels of an identifier that was scanned; refused with "label-unknown" when there is none. */
PW_NODISCARD pw_status pw_lab_labels_of_scan(pw_lab *lab, pw_arena *arena, const char *scan,
					     pw_labels_of_id_row **rows, size_t *count,
					     pw_err *err);

/* PW_ERR_NOT_FOUND says where batches are listed. */
PW_NODISCARD pw_status pw_lab_find_batch(pw_lab *lab, pw_arena *arena, int64_t batch,
					 pw_label_batch_find_row *out, pw_err *err);

/* What waits of one batch, and where it comes out. */
typedef struct pw_batch_print {
	const char *queue; /* the printer that it waits for */
	const pw_label_printer *printer;
	int64_t batch;
	int64_t *run; /* of all batches of a run: 0 until labels are announced */
} pw_batch_print;

PW_NODISCARD pw_status pw_lab_print_batch(pw_lab *lab, const pw_batch_print *what,
					  const pw_label_maker *maker, pw_label_account *out,
					  pw_err *err);

/* Queues labels with a template that is kept already; inside a transaction. */
typedef struct pw_label_queuing {
	int64_t first, last;
	size_t count;
	const char *template_name, *template_hash, *printer, *texts;
	int64_t version;
} pw_label_queuing;

PW_NODISCARD pw_status pw_lab_append_queued(pw_lab *lab, pw_arena *arena,
					    const pw_label_queuing *in, int64_t *out_batch,
					    pw_err *err);

#endif
