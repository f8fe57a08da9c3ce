#include "cli/scans.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "cli/open.h"
#include "cli/out.h"

typedef struct loop {
	pw_ctx *ctx;
	pw_scan_fn one;
	void *data;
	int done, refused;
} loop;

/* A refusal is about this scan; a full disk is about all of them. */
static bool goes_on(pw_status rc)
{
	return rc == PW_ERR_REFUSED || rc == PW_ERR_NOT_FOUND || rc == PW_ERR_EXISTS ||
	       rc == PW_ERR_FORMAT;
}

static pw_status scan(loop *l, const char *text, pw_err *err)
{
	pw_str answer = PW_STR_INIT;
	pw_err own = PW_ERR_INIT;
	pw_status rc = l->one(l->ctx, l->data, text, &answer, &own);
	if (rc == PW_OK) {
		l->done++;
		pw_out_printf(pw_ctx_out(l->ctx), "ok %s %s\n", text, pw_str_text(&answer));
		rc = pw_out_flush(pw_ctx_out(l->ctx), err);
	} else if (goes_on(rc)) {
		l->refused++;
		pw_ctx_fail(l->ctx, rc, &own);
		rc = PW_OK;
	} else if (err != NULL) {
		*err = own;
	}
	pw_str_clear(&answer);
	return rc;
}

/* Lines of any length: a long one is one scan, to be refused as a whole. */
static pw_status scan_lines(loop *l, pw_err *err)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	pw_status rc = PW_OK;
	while (rc == PW_OK && (n = getline(&line, &room, stdin)) >= 0) {
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			line[--n] = '\0';
		/* A NUL would hide what follows it; any other control character is refused just so. */
		for (ssize_t i = 0; i < n; i++)
			if (line[i] == '\0')
				line[i] = '\1';
		if (n > 0)
			rc = scan(l, line, err);
	}
	if (rc == PW_OK && ferror(stdin))
		rc = pw_fail(err, PW_ERR_IO, "standard input can't be read: %s", strerror(errno));
	free(line);
	return rc;
}

int pw_scans(pw_ctx *ctx, int first, pw_scan_fn one, void *data)
{
	loop l = {ctx, one, data, 0, 0};
	pw_err err = PW_ERR_INIT;
	pw_status rc = PW_OK;
	if (pw_ctx_args(ctx) > first)
		for (int i = first; rc == PW_OK && i < pw_ctx_args(ctx); i++)
			rc = scan(&l, pw_ctx_arg(ctx, i), &err);
	else
		rc = scan_lines(&l, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "%d scanned, %d refused", l.done, l.refused);
	return l.refused > 0 ? PW_EXIT_FOUND : PW_EXIT_DONE;
}
