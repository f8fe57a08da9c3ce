#include "cli/suggest.h"

#include <string.h>

#include "core/base/str.h"

enum { MAX_WORD = 63, FAR_APART = 1000 };

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int least(int a, int b, int c)
{
	int ab = a < b ? a : b;
	return ab < c ? ab : c;
}

int pw_word_distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	if (n > MAX_WORD || m > MAX_WORD)
		return FAR_APART;
	/* Three rows of the table: the one before last is for swapped neighbours. */
	int rows[3][MAX_WORD + 1];
	int *before = rows[0], *last = rows[1], *row = rows[2];
	for (size_t j = 0; j <= m; j++)
		last[j] = (int)j;
	for (size_t i = 1; i <= n; i++) {
		row[0] = (int)i;
		for (size_t j = 1; j <= m; j++) {
			int same = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
			row[j] = least(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
			bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
				       lower(a[i - 2]) == lower(b[j - 1]);
			if (swapped && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		int *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[m];
}

void pw_suggest(pw_suggestion *s, const char *name)
{
	if (*name == '\0')
		return;
	size_t n = strlen(s->wrong);
	int near = n < 3 ? 1 : (int)n / 3;
	int distance = pw_word_distance(s->wrong, name);
	if (n >= 2 && distance > 1 && pw_text_starts(name, s->wrong))
		distance = 1;
	if (distance > near || (s->best != NULL && distance >= s->distance))
		return;
	s->best = name;
	s->distance = distance;
}
