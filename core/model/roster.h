/*
 * Who is to be swabbed: the rows of a roster, and the words for the groups of the population. A
 * subject is a person, or a place that is swabbed (a market stall, a cold-chain box).
 */
#ifndef PW_MODEL_ROSTER_H
#define PW_MODEL_ROSTER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum pw_subject_kind { PW_PERSON, PW_PLACE } pw_subject_kind;

/* The eight groups that must be tested (China, 2020-06-08: 应检尽检) and everybody who comes of their
 * own will (愿检尽检). The must-test groups are swabbed singly in later practice; the report keeps the
 * two apart always. */
typedef enum pw_group {
	PW_GROUP_VOLUNTARY,
	PW_GROUP_CLOSE_CONTACT,
	PW_GROUP_INBOUND_TRAVELLER,
	PW_GROUP_FEVER_CLINIC,
	PW_GROUP_INPATIENT, /* new inpatients and those who stay with them */
	PW_GROUP_MEDICAL_STAFF,
	PW_GROUP_PORT_STAFF, /* port and border quarantine */
	PW_GROUP_PRISON,
	PW_GROUP_ELDERLY_CARE,
	PW_GROUP_COUNT
} pw_group;

/* "voluntary", "close-contact", …; never NULL. */
const char *pw_group_name(pw_group group);

/* The English word or the Chinese one (密切接触者, 愿检尽检, …); "" is voluntary. */
bool pw_group_parse(const char *text, pw_group *out);
bool pw_group_must_test(pw_group group);

const char *pw_subject_kind_name(pw_subject_kind kind); /* "person", "place" */
bool pw_subject_kind_parse(const char *text, pw_subject_kind *out);

/* One row, every text UTF-8 (NFC), trimmed, never NULL; "" where the roster says nothing. */
typedef struct pw_roster_row {
	int line; /* in the file, from 1 */
	pw_subject_kind kind;
	const char *name;
	const char *national_id; /* upper case; check digit verified where the number is Chinese */
	const char *external_id; /* the sender's own number for this subject */
	const char *phone;
	/* the region path, from the largest: a report can stop at any level */
	const char *city, *county, *township, *village, *household;
	pw_group group;
	const char *tube; /* barcode, where the roster also says who goes into which tube; or "" */
} pw_roster_row;

/*
 * ISO 7064 MOD 11-2 over the 17 digits of a Chinese resident identity number; the check character is
 * 0-9 or X. True when `text` is 18 characters of that form, its check character is right and its
 * birth date is in the calendar.
 */
bool pw_national_id_cn_valid(const char *text);

/* True when `text` has the form of a Chinese number (17 digits and a digit or X), right or wrong: such
 * a number is checked, any other national id is taken as it is. */
bool pw_national_id_cn_form(const char *text);

#endif
