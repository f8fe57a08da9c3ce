/*
 * What the options of `poolwell decode` and `poolwell decode plan` say, as the structs of core/pooling. Both
 * take the same evidence.
 */
#ifndef PW_CLI_DECODE_ARGS_H
#define PW_CLI_DECODE_ARGS_H

#include "cli/cmd.h"
#include "core/pooling/decode.h"
#include "core/pooling/words.h"

/* The rows of the table of options that both commands have. */
/* clang-format off */
#define PW_DECODE_EVIDENCE_OPTS \
	{.name = "design", .kind = PW_OPT_FILE, .arg = "FILE", \
	 .help = "the matrix: a pool a line, 0 or 1 a sample", .required = true}, \
	{.name = "results", .kind = PW_OPT_TEXT, .arg = "CALLS", \
	 .help = "+ positive, - negative, ? grey, ! invalid or missing: one a pool"}, \
	{.name = "ct", .kind = PW_OPT_FILE, .arg = "FILE", \
	 .help = "a table pool,ct[,ct2...]: empty = did not amplify"}, \
	{.name = "prior", .kind = PW_OPT_PERCENT, .arg = "P", \
	 .help = "the chance that somebody is positive"}, \
	{.name = "priors", .kind = PW_OPT_FILE, .arg = "FILE", \
	 .help = "a table of everybody's own chance, and household"}, \
	{.name = "household", .kind = PW_OPT_TEXT, .arg = "E,C", .fallback = "0.02,20", \
	 .help = "a household is exposed with chance E, and then its members' odds are C times as high"}, \
	{.name = "se", .kind = PW_OPT_PERCENT, .arg = "SE", .fallback = "0.95", \
	 .help = "sensitivity of a pool; with --ct, that a well with something in it amplifies"}, \
	{.name = "sp", .kind = PW_OPT_PERCENT, .arg = "SP", .fallback = "0.99", \
	 .help = "specificity of a pool; with --ct, that an empty well does not amplify"}, \
	{.name = "dilution", .kind = PW_OPT_TEXT, .arg = "HOW", .fallback = "none", \
	 .help = "how sensitivity falls in pools: rate=0.005 counts the positives, ct=32,4,38 the size"}, \
	{.name = "extraction-failure", .kind = PW_OPT_PERCENT, .arg = "P", .fallback = "0", \
	 .help = "the chance that a pool behaves as if it were empty"}, \
	{.name = "max-positives", .kind = PW_OPT_INT, .arg = "K", .min = 1, .max = 1000000, \
	 .help = "it is known that no more are positive"}, \
	{.name = "epsilon", .kind = PW_OPT_PERCENT, .arg = "E", .fallback = "1e-6", \
	 .help = "the error that a search may leave"}, \
	{.name = "noise", .kind = PW_OPT_REAL, .arg = "SD", .fallback = "0.4", \
	 .help = "standard deviation of a well's Ct"}, \
	{.name = "cutoff", .kind = PW_OPT_REAL, .arg = "CT", \
	 .help = "later Ct count as not amplified; 40, or the latest Ct if there are later ones"}, \
	{.name = "loads", .kind = PW_OPT_TEXT, .arg = "MEAN,SD", \
	 .help = "of positive samples alone, as Ct; from the pools' Ct, if not given"}, \
	{.name = "undiluted", .kind = PW_OPT_FLAG, \
	 .help = "a sample shows the same Ct in a pool as alone"}, \
	{.name = "confidence", .kind = PW_OPT_PERCENT, .arg = "P", .fallback = "0.99", \
	 .help = "a person is decided when this sure"}, \
	{.name = "deadline", .kind = PW_OPT_DURATION, .arg = "TIME", .fallback = "10s", \
	 .help = "when a search has to end; the bound says what it has left out"}
/* clang-format on */

typedef struct pw_decode_args {
	pw_evidence evidence;
	pw_decode_opts opts;
	double confidence;
	/* what the evidence points to */
	pw_design *design;
	pw_pool_reading *readings;
	pw_priors priors;
	uint32_t *household_of;
	pw_household *households;
	pw_dilution dilution;
	double se; /* what the dilution is of */
	pw_clock clock;
	pw_time end;
} pw_decode_args;

/* Fills *out, which must not move afterwards and is cleared on failure too: pw_decode_args_clear. */
PW_NODISCARD pw_status pw_decode_args_read(pw_ctx *ctx, pw_decode_args *out, pw_err *err);
void pw_decode_args_clear(pw_decode_args *args);

/* decode plan */
int pw_decode_cmd_plan(pw_ctx *ctx);
extern const pw_opt pw_decode_plan_opts[];

#endif
