/*
 * The text export of Applied Biosystems instruments: QuantStudio 6, 7 and 12K Flex, ViiA 7, 7500 (software
 * v2), StepOne (v2). `* Key = Value` lines, then tab-separated blocks under [Sample Setup],
 * [Amplification Data], [Results] and others; a comma or semicolon in place of the tab is taken too.
 *
 * Taken from it: the header (instrument, serial, barcode, name, end), [Results] → readings,
 * [Amplification Data] → curves (Delta Rn; Rn where that is missing). [Sample Setup] is only compared with
 * [Results], to see a cut file. The plate is what Block Type says; where the file has none, 384 wells when
 * a well is beyond H12 or numbered as on such a plate, else 96.
 *
 * The Cq column may be called CT, Ct, CRT, Cq or, with a Cyrillic letter, Cт. Thousands are grouped with
 * commas ("1,250.000"); an export made under a European locale has it the other way round, which is seen
 * from the Cq column. "Undetermined" is no Cq; a number stays one.
 *
 * Amplification: from `Amp Status` where the table has that column. Without it there is only the
 * quality flag NOAMP, which is no status of one target:
 *   - the flag is raised for the well. In a two-target run of a QuantStudio 6 all wells without the pathogen
 *     have NOAMP = Y in both rows, though their internal control amplified (Cq 32.7, score 0.96);
 *   - it is not raised for wells that nothing is expected of: blocked and no-template wells, with no
 *     Cq in any target, have NOAMP = N there; so do weak curves (score 0.6) without a Cq elsewhere.
 * So a flag counts only where the Cq of its own row agrees, or where no other row can explain it:
 *   Y without Cq → PW_AMP_NO. N with Cq → PW_AMP_YES. N without Cq → PW_AMP_UNKNOWN.
 *   Y with Cq → PW_AMP_UNKNOWN when another target of the well is flagged and has no Cq, as that is what
 *   was flagged; else PW_AMP_NO, next to the Cq, which stays ("noamp-with-cq" is reported).
 * EXPFAIL and the other flags are not read.
 *
 * Times: "2010-10-01 01:44:54 AM EDT" (a 24-hour clock with a needless AM or PM). A zone whose name means one
 * thing only is taken; another one (CST) or none is this station's.
 */
#ifndef PW_EXCHANGE_QUANTSTUDIO_H
#define PW_EXCHANGE_QUANTSTUDIO_H

#include "core/exchange/run_reader.h"

/* "quantstudio-text" */
extern const pw_run_reader pw_quantstudio_reader;

#endif
