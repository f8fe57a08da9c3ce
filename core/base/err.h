/*
 * Errors: a status that says what the caller can do, and a struct of the caller's that says in
 * words what a person can do.
 *
 * Every function that can fail returns a pw_status and takes `pw_err *err` as its last parameter.
 * NULL means "don't care". On success *err is untouched. Failing never allocates.
 *
 * The text of an error is one line without a full stop: what is wrong, with the place ("line 7:",
 * "well B3:") in front, then, after a colon or semicolon, what to do. Values a person typed are
 * quoted with ''. A refusal also carries a `code`, a short word that programs and tests can match
 * ("tube-full"); the journal keeps it with refused scans.
 *
 * Many problems at once (an import with forty wrong rows) are data, not an error: see report.h.
 * A programming mistake is neither: PW_BUG_IF aborts.
 */
#ifndef PW_BASE_ERR_H
#define PW_BASE_ERR_H

#include <stddef.h>

/* Append only: the numbers are seen by other programs. */
typedef enum pw_status {
	PW_OK = 0,
	PW_ERR_ARG = -1,        /* the caller's argument makes no sense: say usage */
	PW_ERR_NOT_FOUND = -2,  /* what was named is not there: ask again */
	PW_ERR_EXISTS = -3,     /* the name or place is taken: both claims are in the text */
	PW_ERR_REFUSED = -4,    /* a rule of the laboratory says no; `code` says which */
	PW_ERR_FORMAT = -5,     /* bytes from outside are not what they should be */
	PW_ERR_LIMIT = -6,      /* larger or more than we take */
	PW_ERR_IO = -7,         /* the operating system said no: disk full, no such file, … */
	PW_ERR_BUSY = -8,       /* somebody else holds it: try again */
	PW_ERR_CORRUPT = -9,    /* stored data contradicts itself: stop and call somebody */
	PW_ERR_CLOCK = -10,     /* this station's clock contradicts the journal */
	PW_ERR_NO_MEMORY = -11, /* memory ran out inside a library */
	PW_ERR_GONE = -12 /* the device or the other end is not there any more: look at the cable */
} pw_status;

typedef struct pw_err {
	pw_status status;
	const char *code; /* static string, or NULL */
	const char *file; /* where in our source it was raised: for bug reports, not for users */
	int line;
	char msg[512];
} pw_err;

/* clang-format off */
#define PW_ERR_INIT { PW_OK, NULL, NULL, 0, "" }
/* clang-format on */

#if defined(__GNUC__)
#define PW_NODISCARD        __attribute__((warn_unused_result))
#define PW_PRINTF(fmt, arg) __attribute__((format(printf, fmt, arg)))
#define PW_NORETURN         __attribute__((noreturn))
#else
#define PW_NODISCARD
#define PW_PRINTF(fmt, arg)
#define PW_NORETURN
#endif

/* Fill *err and return `status`: `return pw_fail(err, PW_ERR_ARG, "no tube named '%s'", t);` */
#define pw_fail(err, status, ...) \
	pw_failed(pw_err_set((err), (status), NULL, __FILE__, __LINE__, __VA_ARGS__))
/* The same with the short word that names the rule: for PW_ERR_REFUSED and its like. */
#define pw_refuse(err, code, ...) \
	pw_failed(pw_err_set((err), PW_ERR_REFUSED, (code), __FILE__, __LINE__, __VA_ARGS__))

/* Put "context: " in front of the text that is there, and return `status` unchanged. */
pw_status pw_fail_ctx(pw_err *err, pw_status status, const char *format, ...) PW_PRINTF(3, 4);

/* What pw_fail and pw_refuse call. `code` must be a static string or NULL. */
pw_status pw_err_set(pw_err *err, pw_status status, const char *code, const char *file, int line,
		     const char *format, ...) PW_PRINTF(6, 7);

/* A short lower-case name of a status, "not-found"; never NULL. */
const char *pw_status_name(pw_status status);

/* A condition that only a mistake in this program can make true: prints it and aborts. */
#define PW_BUG_IF(condition)                                    \
	do {                                                    \
		if (condition)                                  \
			pw_bug(#condition, __FILE__, __LINE__); \
	} while (0)

PW_NORETURN void pw_bug(const char *what, const char *file, int line);

/* A status that is not PW_OK: tells readers and analyzers what pw_fail's caller knows. */
static inline pw_status pw_failed(pw_status status)
{
	PW_BUG_IF(status == PW_OK);
	return status;
}

#endif
