#include "tests/unit/lab/paper.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *paper_path(void)
{
	return pw_arena_printf(&fx.arena, "%s/paper", fx.dir);
}

/* ---------------------------------------------------------------- what comes out */

const char *const *paper(size_t *count)
{
	char line[100];
	const char **ids = pw_arena_array(&fx.arena, 20000, sizeof(*ids));
	size_t n = 0;
	FILE *f = fopen(paper_path(), "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		ck_assert_uint_lt(n, 19999);
		ids[n++] = pw_arena_strdup(&fx.arena, line);
	}
	if (f != NULL)
		fclose(f);
	*count = n;
	return ids;
}

int came_out(const char *id)
{
	size_t count;
	const char *const *ids = paper(&count);
	int n = 0;
	for (size_t i = 0; i < count; i++)
		n += strcspn(ids[i], " ") == strlen(id) && strncmp(ids[i], id, strlen(id)) == 0;
	return n;
}

static const char *name_of(const char *id, int64_t copy)
{
	return copy > 1 ? pw_arena_printf(&fx.arena, "%s R%lld", id, (long long)copy) : id;
}

int copy_came_out(const char *id, int64_t copy)
{
	size_t count;
	const char *const *ids = paper(&count);
	int n = 0;
	for (size_t i = 0; i < count; i++)
		n += strcmp(ids[i], name_of(id, copy)) == 0 ? 1 : 0;
	return n;
}

static void put_out(const pw_label_content *label)
{
	char line[100];
	int n = snprintf(line, sizeof(line), "%s\n", name_of(label->id, label->copy));
	int fd = open(paper_path(), O_WRONLY | O_APPEND | O_CREAT, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, line, (size_t)n), n);
	close(fd);
}

/* ---------------------------------------------------------------- a run */

/* One more thing is done; the process may be killed behind any of them. */
static void step(printer *p)
{
	if (p->things++ == p->dies_after)
		raise(SIGKILL);
}

static pw_status tell(printer *p, const pw_label_work *work, size_t index, pw_work_fate fate,
		      pw_err *err)
{
	step(p);
	pw_status rc = work->changed(work->ctx, index, fate, err);
	step(p);
	return rc;
}

static pw_status look(printer *p, const pw_label_work *work, size_t index, pw_err *err)
{
	pw_label_content content;
	pw_status rc = work->content(work->ctx, index, &content, err);
	if (rc != PW_OK)
		return rc;
	if (index == p->cant_make)
		return pw_fail(err, PW_ERR_FORMAT, "label '%s' has no room", content.id);
	const char *all = content.texts[0] != NULL ? content.texts[0] : "";
	const char *own = content.texts[1] != NULL ? content.texts[1] : "";
	snprintf(p->last, sizeof(p->last), "%s%s %s%s", content.id,
		 content.copy == 1 ? "" : pw_arena_printf(&fx.arena, " R%d", content.copy), all,
		 own);
	for (char *c = p->last; *c != '\0'; c++)
		*c = (char)(*c == '\n' ? ' ' : *c);
	return PW_OK;
}

static pw_status halt(printer *p, const pw_label_work *work, const char *fault, pw_err *err)
{
	p->stops++;
	return work->stopped(work->ctx, fault, fault != NULL ? "out of labels: load a roll" : NULL,
			     err);
}

/* All bytes of it leave, and it comes out, whatever becomes of this process. */
static pw_status send_one(printer *p, const pw_label_work *work, size_t index, pw_err *err)
{
	pw_label_content content;
	pw_status rc = look(p, work, index, err);
	if (rc == PW_OK)
		rc = tell(p, work, index, PW_WORK_SENDING, err);
	if (rc == PW_OK && index == p->gone_at) {
		rc = tell(p, work, index, PW_WORK_UNCONFIRMED, err);
		return rc != PW_OK ? rc : pw_fail(err, PW_ERR_GONE, "the printer is gone");
	}
	if (rc == PW_OK && index == p->dropped_at) {
		rc = tell(p, work, index, PW_WORK_WAITING, err);
		if (rc == PW_OK)
			rc = tell(p, work, index, PW_WORK_SENDING, err);
	}
	if (rc == PW_OK)
		rc = work->content(work->ctx, index, &content, err);
	if (rc != PW_OK)
		return rc;
	step(p);
	put_out(&content);
	p->labels++;
	return tell(p, work, index, PW_WORK_SENT, err);
}

static pw_status settle(printer *p, const pw_label_work *work, size_t *settled, size_t to,
			pw_err *err)
{
	pw_status rc = PW_OK;
	while (rc == PW_OK && *settled < to)
		rc = tell(p, work, (*settled)++, p->tells ? PW_WORK_CONFIRMED : PW_WORK_UNCONFIRMED,
			  err);
	return rc;
}

static pw_status print(void *ctx, const pw_label_work *work, pw_err *err)
{
	printer *p = ctx;
	size_t settled = 0, n = strlen(p->templates);
	pw_status rc = PW_OK;
	if (p->runs < 8)
		p->sizes[p->runs] = work->stock.size;
	p->runs++;
	snprintf(p->templates + n, sizeof(p->templates) - n, "%s%s", n > 0 ? " " : "",
		 work->stock.name);
	ck_assert_uint_gt(work->count, 0);
	for (size_t i = 0; rc == PW_OK && i < work->count; i++) {
		if (i == p->mended_at || i == p->out_of_paper_at)
			rc = settle(p, work, &settled, i, err);
		if (rc == PW_OK && i == p->mended_at &&
		    (rc = halt(p, work, "paper-out", err)) == PW_OK)
			rc = halt(p, work, NULL, err);
		if (rc == PW_OK && i == p->out_of_paper_at)
			return halt(p, work, "paper-out", err);
		if (rc == PW_OK)
			rc = send_one(p, work, i, err);
		if (rc == PW_OK && i + 1 - settled >= p->window)
			rc = settle(p, work, &settled, i + 1, err);
	}
	return rc == PW_OK ? settle(p, work, &settled, work->count, err) : rc;
}

static pw_status shows_copy(void *ctx, const pw_label_stock *stock, bool *out, pw_err *err)
{
	printer *p = ctx;
	(void)err;
	ck_assert_uint_gt(stock->size, 0);
	*out = !p->no_copy;
	return PW_OK;
}

void printer_init(printer *p)
{
	*p = (printer){.window = 1,
		       .tells = true,
		       .out_of_paper_at = NEVER,
		       .mended_at = NEVER,
		       .gone_at = NEVER,
		       .dropped_at = NEVER,
		       .cant_make = NEVER,
		       .dies_after = NEVER};
	p->maker = (pw_label_maker){.ctx = p, .print = print, .shows_copy = shows_copy};
}
