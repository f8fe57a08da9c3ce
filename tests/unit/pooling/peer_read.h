/* Tapestry's readers, each as the whole of what it calls positive: COMP first, whoever is certain (DD) called too. */
#ifndef PW_TESTS_POOLING_PEER_READ_H
#define PW_TESTS_POOLING_PEER_READ_H

#include "tests/unit/pooling/peer_plate.h"

typedef enum peer_reader {
	PEER_COMP,
	PEER_SCOMP,
	PEER_SBL_FIRST, /* sparse Bayesian learning, by what they took for its noise (peer_sbl.h) */
	PEER_SBL_SECOND,
	PEER_SBL,
	PEER_NNOMP,      /* after cross validation */
	PEER_NNOMP_ALONE /* their first: without COMP or DD before it, all pools taken for measured */
} peer_reader;

const char *peer_reader_name(peer_reader reader);

/* Writes who is called, one a person. The random numbers are for cross validation. */
void peer_read(const pw_design *design, const double *measured, peer_reader reader, pw_rng *rng,
	       bool *out_called);

#endif
