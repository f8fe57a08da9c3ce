/* "did you mean …": the nearest of some names. */
#ifndef PW_CLI_SUGGEST_H
#define PW_CLI_SUGGEST_H

/* How many letters have to be changed, added, left out or swapped with their neighbour to make one word
 * of the other, without regard to case (optimal string alignment). Words over 63 bytes are far apart. */
int pw_word_distance(const char *a, const char *b);

/* The best of some names so far. */
typedef struct pw_suggestion {
	const char *wrong; /* what was typed */
	const char *best;  /* NULL: none is near */
	int distance;
} pw_suggestion;

/* Looks at one more name. Near is: one mistake in three letters, or the beginning of the name. Of equals
 * the first is kept. */
void pw_suggest(pw_suggestion *s, const char *name);

#endif
