/* From a tube to a Cq: extraction, copies into the reaction, amplification. */
#ifndef PW_SIMULATE_CHEMISTRY_H
#define PW_SIMULATE_CHEMISTRY_H

#include "core/simulate/impl.h"
#include "core/simulate/instrument.h"

/* What came out of an extraction well. Depends on the tube and the extract's place alone. */
typedef struct pw_sim_extract {
	bool failed;        /* nothing at all */
	int64_t viral;      /* copies in the eluate */
	double internal_cq; /* where the internal control will be, without offset and noise */
} pw_sim_extract;

/* What holds for all wells of a run. */
typedef struct pw_sim_run {
	double shift[PW_SIM_MAX_TARGETS]; /* cycles, by target: the mix, the block, the day */
	pw_sim_failure failure;           /* decided; never PW_SIM_BY_CHANCE */
	const pw_sim_well *contaminated;  /* the NTC in question, or NULL */
} pw_sim_run;

/* Whether one target in one well amplifies and where; without amplification a curve may creep. */
typedef struct pw_sim_fate {
	bool amplifies, creeps;
	double cq;
} pw_sim_fate;

/* A tube's material or a pool's, and no control. */
bool pw_sim_is_specimen(pw_sim_content content);

/* `tube` is NULL for the extraction control. */
pw_sim_extract pw_sim_extract_draw(const pw_world *world, const pw_sim_plate *plate,
				   const pw_sim_well *well, const pw_sim_tube *tube);

/* Decides the run, its control failure too. */
pw_sim_run pw_sim_run_draw(const pw_world *world, const pw_sim_plate *plate);

/* One well of it: out[i] for targets[i]. `tube` is the specimen's, else NULL. */
void pw_sim_amplify(const pw_world *world, const pw_sim_plate *plate, const pw_sim_run *run,
		    const pw_sim_well *well, const pw_sim_tube *tube, const pw_sim_target *targets,
		    size_t target_count, pw_sim_fate *out);

#endif
