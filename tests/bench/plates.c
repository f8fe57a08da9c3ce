#include "tests/bench/plates.h"

#include <math.h>
#include <stdio.h>

#include "tests/bench/timing.h"

/* ---- Designs ---- */

pw_design *plates_made(pw_make_opts opts)
{
	pw_design *d = NULL;
	must(pw_design_make(&opts, &d, &timing_err));
	return d;
}

pw_design *plates_from_file(const char *path)
{
	static char text[65536];
	FILE *f = fopen(path, "rb");
	pw_design *d = NULL;
	if (f == NULL)
		return NULL;
	size_t n = fread(text, 1, sizeof(text), f);
	fclose(f);
	must(pw_design_parse(text, n, &d, &timing_err));
	return d;
}

/* ---- Means ---- */

void mean_add(mean *m, double value)
{
	m->sum += value;
	m->square += value * value;
	m->count++;
}

double mean_value(const mean *m)
{
	return m->count > 0 ? m->sum / m->count : 0;
}

double mean_error(const mean *m)
{
	double average = mean_value(m);
	return m->count > 1
		       ? sqrt(fmax(m->square / m->count - average * average, 0) / (m->count - 1))
		       : 1;
}
