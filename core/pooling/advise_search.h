/* Inside core/pooling: between advise.c, which asks and judges, and advise_search.c, which tries. */
#ifndef PW_POOLING_ADVISE_SEARCH_H
#define PW_POOLING_ADVISE_SEARCH_H

#include "core/base/vec.h"
#include "core/pooling/advise.h"

typedef struct pw_search {
	pw_advise_plan plan;
	PW_VEC(pw_advice_option) options; /* the caller clears them, on error too */
	size_t seen;                      /* evaluated, those too that find too few */
	pw_err *err;
} pw_search;

/* Adds every scheme that the plan allows. PW_ERR_NOT_FOUND when there is none. */
PW_NODISCARD pw_status pw_advise_search(pw_search *search);

#endif
