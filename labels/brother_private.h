/*
 * Brother's tapes: which one a label is printed on, and what each pin of the head burns. Shared by what finds
 * that (brother_page.c) and what writes the job (dialect_brother.c).
 */
#ifndef PW_LABELS_BROTHER_PRIVATE_H
#define PW_LABELS_BROTHER_PRIVATE_H

#include "labels/dialect.h"

#define PW_BROTHER_MAX_ROW 162 /* bytes, of 1,296 dots */

/* The heads; a row of a job has all of a head's dots. */
typedef enum pw_brother_head {
	PW_BROTHER_QL,    /* 720 dots, 300 dpi */
	PW_BROTHER_WIDE,  /* 1,296 dots, 300 dpi: QL-1050, 1060N, 1100, 1110NWB, 1115NWB */
	PW_BROTHER_PT,    /* 128 dots, 180 dpi */
	PW_BROTHER_PT_360 /* 560 dots, 360 dpi: PT-P900 and its kin */
} pw_brother_head;

typedef struct pw_brother_page {
	int mm;           /* the tape, as the printer calls it */
	int length_mm;    /* of a die-cut label; 0: a tape without end */
	pw_raster raster; /* as wide as the head, the first pin on the left; owned by the page */
} pw_brother_page;

/*
 * Puts a label on the tape that the job says is loaded, or else on the narrowest, that shows all of its dots: upright on
 * a QL's tape, or on its side when it does not fit so; along a P-touch's tape, or across. PW_ERR_ARG when it fits
 * on none. Free with pw_raster_clear of its raster.
 */
PW_NODISCARD pw_status pw_brother_find_page(pw_brother_head head, const pw_raster *raster,
					    const pw_print_job *job, pw_brother_page *out,
					    pw_err *err);

#endif
