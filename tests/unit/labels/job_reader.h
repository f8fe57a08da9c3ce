/* Readers of printers' jobs for the tests: bytes → the raster that would be burnt. Written from the manuals, and
 * apart from the encoders. Each fails the test at a byte that it does not expect. */
#ifndef PW_TEST_JOB_READER_H
#define PW_TEST_JOB_READER_H

#include "core/base/str.h"
#include "labels/raster.h"

/* ^XA … ^GFA with Z64 … ^XZ; *out_copies from ^PQ. */
void job_read_zpl(const pw_str *job, int dpi, pw_raster *out, int *out_copies);

/* SIZE … BITMAP … PRINT, and N … GW … P. */
void job_read_tspl(const pw_str *job, int dpi, pw_raster *out, int *out_copies);
void job_read_epl(const pw_str *job, int dpi, pw_raster *out, int *out_copies);

/* Which of Brother's printers a job is for. */
typedef struct job_brother {
	int dots, dpi, reset;
	bool ptouch, two_colours;
} job_brother;

/* The last page of a Brother job as wide as the head: of a QL as it is seen on the label, from left to right; of a
 * P-touch a row for each column of the label. */
void job_read_brother(const pw_str *job, const job_brother *what, pw_raster *out, int *out_copies);

void job_read_dymo(const pw_str *job, pw_raster *out, int *out_copies);

#endif
