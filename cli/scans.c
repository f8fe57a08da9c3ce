#include "cli/scans.h"

#include <stdio.h>
#include <string.h>

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

static pw_status scan_lines(loop *l, pw_err *err)
{
	char line[1024];
	pw_status rc = PW_OK;
	while (rc == PW_OK && fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] != '\0')
			rc = scan(l, line, err);
	}
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
