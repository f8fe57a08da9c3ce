#include "core/simulate/curve.h"

#include <math.h>

/* The growth of the early cycles that the slope of the standard curve stands for: 10^(1/3.2416). */
#define EARLY_RATE 0.710323 /* its natural logarithm */
#define LATE_RATE  0.42     /* how fast the plateau is reached */

#define PLATEAU_SD   0.08
#define SIGNAL_NOISE 0.003
#define FADE_CYCLES  1.2 /* of the transient */

/* The window in which the baseline is fitted. */
#define WINDOW_START 3
#define WINDOW_LEAST 6 /* its end at the earliest */
#define WINDOW_AHEAD 6 /* cycles between its end and the Cq */
#define WINDOW_CREEP 15

const pw_sim_optics *pw_sim_optics_of(pw_sim_instrument kind)
{
	static const pw_sim_optics quantstudio = {
		.threshold = 0.2,
		.plateau = 2.2,
		.baseline = 0.6,
		.slope = 0.0016,
		.transient = -0.006,
		.noise = 0.0015,
		.steps = 1000.0,
	};
	static const pw_sim_optics cfx = {
		.threshold = 500.0,
		.plateau = 5500.0,
		.baseline = 1800.0,
		.slope = 4.0,
		.transient = -36.0,
		.noise = 4.0,
	};
	return kind == PW_SIM_CFX ? &cfx : &quantstudio;
}

double pw_sim_threshold(pw_sim_instrument kind)
{
	return pw_sim_optics_of(kind)->threshold;
}

/* Richards' curve through (cq, threshold): exponential below, slower into the plateau than out of it. */
static double sigmoid(const pw_sim_optics *o, double plateau, double cq, double cycle)
{
	const double power = EARLY_RATE / LATE_RATE;
	double middle = cq + log(pow(plateau / o->threshold, 1.0 / power) - 1.0) / LATE_RATE;
	return plateau * pow(1.0 + exp(-(cycle - middle) * LATE_RATE), -power);
}

/* Least squares through the window (cycles from 1), taken off everywhere. */
static void subtract_baseline(double *value, int start, int end)
{
	double n = end - start + 1, sx = 0, sy = 0, sxx = 0, sxy = 0;
	for (int c = start; c <= end; c++) {
		double y = value[c - 1];
		sx += c;
		sy += y;
		sxx += (double)c * c;
		sxy += c * y;
	}
	double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
	double level = (sy - slope * sx) / n;
	for (int c = 1; c <= PW_SIM_CYCLES; c++)
		value[c - 1] -= level + slope * c;
}

static int window_end(const pw_sim_fate *fate)
{
	if (fate->creeps)
		return WINDOW_CREEP;
	int end = fate->amplifies ? (int)floor(fate->cq) - WINDOW_AHEAD : PW_SIM_CYCLES;
	if (end < WINDOW_LEAST)
		return WINDOW_LEAST;
	return end < PW_SIM_CYCLES ? end : PW_SIM_CYCLES;
}

void pw_sim_curve_draw(pw_rng *rng, const pw_sim_optics *optics, const pw_sim_fate *fate,
		       double *out)
{
	double plateau = optics->plateau * (1.0 + pw_rng_normal(rng, 0.0, PLATEAU_SD));
	if (plateau < 2.0 * optics->threshold)
		plateau = 2.0 * optics->threshold;
	double slope = optics->slope * (0.5 + pw_rng_uniform(rng));
	double transient = optics->transient * 2.0 * pw_rng_uniform(rng);
	double creep = fate->creeps ? optics->threshold * (1.3 + 0.7 * pw_rng_uniform(rng)) : 0.0;
	for (int c = 1; c <= PW_SIM_CYCLES; c++) {
		double signal = fate->amplifies ? sigmoid(optics, plateau, fate->cq, c) : 0.0;
		signal += creep * pow((double)c / PW_SIM_CYCLES, 5.0);
		double base =
			optics->baseline + slope * c + transient * exp(-(c - 1) / FADE_CYCLES);
		double noise = optics->noise + SIGNAL_NOISE * signal;
		out[c - 1] = base + signal + pw_rng_normal(rng, 0.0, noise);
	}
	subtract_baseline(out, WINDOW_START, window_end(fate));
	for (int c = 0; optics->steps > 0.0 && c < PW_SIM_CYCLES; c++)
		out[c] = round(out[c] * optics->steps) / optics->steps;
}

bool pw_sim_curve_cq(const double *value, size_t cycles, double threshold, double *out)
{
	size_t above = cycles; /* how many cycles up to the last one under the threshold */
	while (above > 0 && value[above - 1] >= threshold)
		above--;
	if (above == cycles || above == 0)
		return false;
	double under = value[above - 1], over = value[above];
	*out = (double)above + (threshold - under) / (over - under);
	return true;
}
