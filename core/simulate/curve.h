/* Curves: what the optics see of an amplification, baseline taken off as the vendors do. */
#ifndef PW_SIMULATE_CURVE_H
#define PW_SIMULATE_CURVE_H

#include "core/base/rng.h"
#include "core/simulate/chemistry.h"
#include "core/simulate/instrument.h"

/* In the instrument's own units: ΔRn, or RFU. */
typedef struct pw_sim_optics {
	double threshold;
	double plateau;   /* far behind the Cq; wells differ by 8 % */
	double baseline;  /* under everything */
	double slope;     /* its drift in a cycle */
	double transient; /* how far the first cycle lies off it */
	double noise;     /* of a reading; 0.3 % of the signal comes on top */
	double steps;     /* in one unit, that the file can tell apart; 0: all */
} pw_sim_optics;

const pw_sim_optics *pw_sim_optics_of(pw_sim_instrument kind);

/* One target's curve in one well: PW_SIM_CYCLES values. */
void pw_sim_curve_draw(pw_rng *rng, const pw_sim_optics *optics, const pw_sim_fate *fate,
		       double *out);

/* The crossing: from the last cycle under the threshold to the next in a straight line. False when the
 * curve ends under it. */
bool pw_sim_curve_cq(const double *value, size_t cycles, double threshold, double *out);

#endif
