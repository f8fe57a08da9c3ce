#include "cli/progress.h"

#include <inttypes.h>
#include <time.h>

#include "cli/term.h"

enum { BAR = 20, DRAWS_A_SECOND = 10 };

static pw_time steady_now(void *ctx)
{
	(void)ctx;
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (pw_time)ts.tv_sec * PW_SECOND + ts.tv_nsec / 1000;
}

pw_clock pw_clock_steady(void)
{
	return (pw_clock){steady_now, NULL};
}

void pw_progress_begin(pw_progress *p, const char *label, const char *unit, int64_t total)
{
	pw_progress_hide(p);
	p->label = label;
	p->unit = unit;
	p->done = 0;
	p->total = total;
	if (p->talk != NULL)
		p->begun = p->drawn = pw_clock_now(&p->clock);
}

static void add_bar(const pw_progress *p, pw_str *out)
{
	double share = (double)p->done / (double)p->total;
	int full = (int)(share * BAR);
	pw_str_add_char(out, '[');
	for (int i = 0; i < BAR; i++)
		pw_str_add(out, i < full ? "=" : i == full ? ">" : " ");
	pw_str_addf(out, "] %3d %%  ", (int)(share * 100));
}

static void add_left(const pw_progress *p, double rate, pw_str *out)
{
	double seconds = (double)(p->total - p->done) / rate;
	char text[32];
	if (seconds > 100.0 * 86400)
		return;
	pw_duration_format((pw_time)(seconds * (double)PW_SECOND), text);
	pw_str_addf(out, ", %s left", text);
}

static void add_rate(double rate, pw_str *out)
{
	if (rate >= 10)
		pw_str_addf(out, ", %.0f/s", rate);
	else if (rate >= 1)
		pw_str_addf(out, ", %.1f/s", rate);
	else if (rate > 0)
		pw_str_addf(out, ", %.1f/min", rate * 60);
}

void pw_progress_line(const pw_progress *p, pw_time now, pw_str *out)
{
	double seconds = (double)(now - p->begun) / (double)PW_SECOND;
	double rate = seconds > 0 ? (double)p->done / seconds : 0;
	bool known = p->total > 0 && p->done <= p->total;
	pw_str_addf(out, "%s  ", p->label);
	if (known) {
		add_bar(p, out);
		pw_str_addf(out, "%" PRId64 " of %" PRId64 " %s", p->done, p->total, p->unit);
	} else {
		pw_str_addf(out, "%" PRId64 " %s", p->done, p->unit);
	}
	add_rate(rate, out);
	if (known && rate > 0 && p->done < p->total)
		add_left(p, rate, out);
}

static void draw(pw_progress *p, pw_time now)
{
	pw_str line = PW_STR_INIT, cut = PW_STR_INIT;
	pw_progress_line(p, now, &line);
	/* One column is left free: a full line would make some terminals go on to the next. */
	pw_term_clip(&cut, pw_str_text(&line), p->width - 1);
	fprintf(p->talk, "\r%s\033[K", pw_str_text(&cut));
	fflush(p->talk);
	pw_str_clear(&line);
	pw_str_clear(&cut);
	p->drawn = now;
	p->visible = true;
}

void pw_progress_at(pw_progress *p, int64_t done, int64_t total)
{
	p->done = done;
	p->total = total;
	if (p->talk == NULL)
		return;
	pw_time now = pw_clock_now(&p->clock);
	if (now - p->begun >= PW_SECOND && now - p->drawn >= PW_SECOND / DRAWS_A_SECOND)
		draw(p, now);
}

void pw_progress_step(pw_progress *p)
{
	pw_progress_at(p, p->done + 1, p->total);
}

void pw_progress_hide(pw_progress *p)
{
	if (!p->visible)
		return;
	fputs("\r\033[K", p->talk);
	fflush(p->talk);
	p->visible = false;
}

void pw_progress_end(pw_progress *p)
{
	pw_progress_hide(p);
	p->label = NULL;
}
