/* Real files for the tests, kept beside the repository; a test that misses one says so and passes. */
#ifndef PW_TESTS_POOLING_SHARED_DATA_H
#define PW_TESTS_POOLING_SHARED_DATA_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of PW_SHARED_DATA/`file`, which the caller frees; false, with a word on stdout, when it is
 * not there. */
bool shared_data_read(const char *file, char **out, size_t *out_n);

#endif
