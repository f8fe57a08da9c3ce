/*
 * A qPCR instrument: takes a plate of known wells and gives the files that a real one would write,
 * curves included. What it measures follows from what is in the tubes: dilution, the extract's yield,
 * whole copies into each reaction, Cq = intercept - slope × log10(copies), noise; the Cq in the file
 * is the crossing of the very curve that is in the file (docs/internals/simulation.md).
 *
 * An extract is named by the place where it lies: plate barcode and well. Amplified again, it holds
 * the same copies; extracted again elsewhere, the tube gives another extract. A run is named by
 * the PCR plate's barcode and the run's name: asked twice, it gives the same bytes.
 */
#ifndef PW_SIMULATE_INSTRUMENT_H
#define PW_SIMULATE_INSTRUMENT_H

#include "core/model/well.h"
#include "core/simulate/world.h"

#define PW_SIM_CYCLES      40
#define PW_SIM_MAX_TARGETS 8

/* Cq of one copy in the reaction, and cycles per tenfold more: a real SARS-CoV-2 standard curve over
 * twelve decades (efficiency 103.5 %, R2 0.9994). */
#define PW_SIM_INTERCEPT 39.399
#define PW_SIM_SLOPE     3.2416

typedef enum pw_sim_instrument {
	PW_SIM_QUANTSTUDIO, /* text export of a QuantStudio: one file */
	PW_SIM_CFX,         /* CSV exports of a CFX: Cq results, and amplification per dye */
} pw_sim_instrument;

const char *pw_sim_instrument_name(pw_sim_instrument kind); /* "quantstudio", "cfx" */

typedef enum pw_sim_role {
	PW_SIM_VIRAL,    /* a part of the virus */
	PW_SIM_INTERNAL, /* an internal control that has been through extraction with the specimen */
	PW_SIM_ADDED,    /* one that the PCR mix brings into every well */
} pw_sim_role;

typedef struct pw_sim_target {
	const char *name; /* "N1" */
	pw_sim_role role;
	const char *reporter; /* dye: "FAM"; on a CFX each target has its own */
	double offset;   /* cycles later than the standard curve (viral) or than 27 (internal) */
	bool not_in_pc;  /* the kit's positive control does not hold this target */
	bool not_in_nec; /* internal: the extraction control does not (no human cells in it) */
} pw_sim_target;

typedef enum pw_sim_content {
	PW_SIM_TUBE, /* a specimen: `tube` says which */
	PW_SIM_NTC,  /* no template: water, put in at PCR; nothing amplifies */
	PW_SIM_NEC,  /* negative extraction control: the internal control alone */
	PW_SIM_PC,   /* positive control: every target, at Cq 28 */
	PW_SIM_NAC, /* no amplification control: blocked, nothing amplifies, what is added neither */
	PW_SIM_POOL, /* a laboratory pool: equal aliquots of `tubes`; `tube` is its name */
} pw_sim_content;

typedef struct pw_sim_well {
	pw_well well;
	pw_sim_content content;
	const char *tube;         /* of a specimen; else not read */
	const char *const *tubes; /* of a pool */
	size_t tube_count;
	const char *sample; /* what the file calls it; NULL: the tube, or "NTC", "NEC", … */
	/* where the extract lies; NULL: extracted into this very well */
	const char *extraction_plate;
	pw_well extraction_well;
} pw_sim_well;

/* A control to go wrong, on request. */
typedef enum pw_sim_failure {
	PW_SIM_BY_CHANCE, /* at the world's rate */
	PW_SIM_NO_FAILURE,
	PW_SIM_NTC_CONTAMINATED, /* the first NTC amplifies the viral targets, late */
	PW_SIM_PC_DEAD,          /* no target amplifies in any positive control */
} pw_sim_failure;

typedef struct pw_sim_plate {
	const char *barcode;
	const char *run; /* its name, the experiment's name in the file */
	pw_plate_format format;
	const pw_sim_well *wells; /* in any order; wells that are not listed are empty */
	size_t count;
	pw_sim_failure failure;
} pw_sim_plate;

/* What the instrument wrote. */
typedef struct pw_sim_files {
	pw_str main; /* results: readings and Cq; of a QuantStudio the curves too */
	struct {
		char reporter[32];
		pw_str text;
	} curves[PW_SIM_MAX_TARGETS]; /* of a CFX: an amplification file per dye */
	size_t curve_count;
} pw_sim_files;

/* clang-format off */
#define PW_SIM_FILES_INIT { .curve_count = 0 }
/* clang-format on */

/*
 * Runs the plate and writes the files into *out (a PW_SIM_FILES_INIT value of the caller's, freed with
 * pw_sim_files_clear). PW_ERR_NOT_FOUND: a well holds a tube that nobody was swabbed into, or a pool of none.
 * PW_ERR_EXISTS: two contents for one well. PW_ERR_LIMIT: a well that is not on such a plate.
 * PW_ERR_ARG: no wells, no targets or more than PW_SIM_MAX_TARGETS, two targets of one name, or, on a
 * CFX, of one dye.
 */
PW_NODISCARD pw_status pw_world_run(const pw_world *world, const pw_sim_plate *plate,
				    const pw_sim_target *targets, size_t target_count,
				    pw_sim_instrument kind, pw_time ended_at, pw_sim_files *out,
				    pw_err *err);

/* Frees; accepts a zeroed value, and leaves one. */
void pw_sim_files_clear(pw_sim_files *files);

/* The fluorescence at which the instrument reads a Cq: the curve in the file crosses it there (straight
 * line between the cycles on either side). QuantStudio: ΔRn 0.2; CFX: 500 RFU. */
double pw_sim_threshold(pw_sim_instrument kind);

#endif
