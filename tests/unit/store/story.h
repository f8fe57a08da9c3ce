/*
 * A short day of a laboratory, told in facts alone: every fact type occurs and every table ends with
 * rows, some with and some without their optional values. Whoever declares a new fact adds it here;
 * test_story_tells_every_fact says so.
 */
#ifndef PW_TESTS_STORE_STORY_H
#define PW_TESTS_STORE_STORY_H

#include "core/store/store.h"

/* Appends the story to an empty store with the fixture's session. */
pw_status story_tell(pw_store *store, pw_err *err);

#endif
