#include "core/pooling/points.h"

#include "core/base/wider.h"

static inline void add_scaled(pw_points *restrict to, const pw_points *restrict from, size_t count,
			      double by)
{
	for (size_t u = 0; u < count; u++)
		for (int k = 0; k < PW_POINTS; k++) {
			to[u].re[k] += by * from[u].re[k];
			to[u].im[k] += by * from[u].im[k];
		}
}

PW_WIDER void pw_points_blend(pw_points *x, size_t end, size_t step, size_t count, size_t high,
			      double by)
{
	for (size_t base = 0; base < end; base += step)
		add_scaled(x + base, x + base + high, count, by);
}

PW_WIDER void pw_points_join(pw_points *restrict f, const pw_points *restrict x,
			     const pw_points *restrict v, size_t count, const pw_points *scale,
			     double keep)
{
	for (size_t u = 0; u < count; u++) {
		pw_points by = pw_points_mul(scale, &v[u]);
		for (int k = 0; k < PW_POINTS; k++) {
			double re = by.re[k] * x[u].re[k] - by.im[k] * x[u].im[k];
			double im = by.re[k] * x[u].im[k] + by.im[k] * x[u].re[k];
			f[u].re[k] = re + keep * f[u].re[k];
			f[u].im[k] = im + keep * f[u].im[k];
		}
	}
}
