/* What the tests of making designs share. */
#ifndef PW_TESTS_POOLING_MAKE_HELP_H
#define PW_TESTS_POOLING_MAKE_HELP_H

#include "core/pooling/design_make.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

/* A design that can be made; the caller's to free. */
pw_design *make_must(const pw_make_opts *opts);

/* How many pairs of samples share so many pools. */
uint64_t make_meeting_pairs(const pw_design *d, uint32_t times);

#endif
