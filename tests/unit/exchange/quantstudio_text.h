/* Pieces of text exports that the tests of QuantStudio files put together. */
#ifndef PW_TESTS_QUANTSTUDIO_TEXT_H
#define PW_TESTS_QUANTSTUDIO_TEXT_H

#define HEAD                                                       \
	"* Block Type = 96-Well Block (0.2mL)\n"                   \
	"* Experiment Barcode = P00012\n"                          \
	"* Experiment Name = Plate 12\n"                           \
	"* Experiment Run End Time = 2020-04-02 17:53:33 PM UTC\n" \
	"* Instrument Serial Number = 278880034\n"                 \
	"* Instrument Type = QuantStudio(TM) 7 Flex System\n"      \
	"\n"

#define COLUMNS "Well\tWell Position\tOmit\tSample Name\tTarget Name\tTask\tReporter\tCT\n"

#define ONE_RESULT "[Results]\nWell\tTarget Name\tCT\n1\tN1\t20.5\n"

#define LOOP(test, table) \
	tcase_add_loop_test(tc, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

#endif
