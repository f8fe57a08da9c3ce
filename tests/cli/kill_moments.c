#include "tests/cli/kill.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <unistd.h>

int kill_round;
kill_count kill_so_far;

/* ---------------------------------------------------------------- the program, the database */

void kill_must_run(const char *const *words)
{
	int code = process_run(words);
	if (code != 0)
		process_stop("round %d: poolwell %s %s: exit %d", kill_round, words[0], words[1],
			     code);
}

void kill_must_scan(const char *const *words, const char *scans)
{
	char line[256];
	process p = process_start(words);
	process_feed(&p, scans);
	close(p.in);
	p.in = -1;
	while (process_line(&p, line, sizeof(line)))
		;
	int code = process_end(&p);
	if (code != 0)
		process_stop("poolwell %s %s: exit %d", words[0], words[1], code);
}

void kill_prove(void)
{
	kill_must_run(WORDS("audit", "verify", "--deep"));
}

int64_t kill_ask(const char *format, ...)
{
	char sql[512];
	sqlite3 *db;
	sqlite3_stmt *st;
	va_list args;
	va_start(args, format);
	vsnprintf(sql, sizeof(sql), format, args);
	va_end(args);
	if (sqlite3_open_v2("lab.db", &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK ||
	    sqlite3_step(st) != SQLITE_ROW)
		process_stop("%s: %s", sql, sqlite3_errmsg(db));
	int64_t number = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return number;
}

void kill_same(const char *what, int64_t expected, int64_t is)
{
	if (is != expected)
		process_stop("round %d: %s is %" PRId64 ", not %" PRId64, kill_round, what, is,
			     expected);
}

/* ---------------------------------------------------------------- files */

FILE *kill_file_begin(const char *path, const char *head)
{
	FILE *f = fopen(path, "w");
	if (f == NULL)
		process_stop("%s can't be written", path);
	fputs(head, f);
	return f;
}

void kill_file_end(FILE *f)
{
	if (fclose(f) != 0)
		process_stop("the disk is full");
}

FILE *kill_cfx_begin(const char *path)
{
	return kill_file_begin(path, ",Well,Fluor,Target,Content,Sample,Biological Set Name,Cq\n");
}

void kill_cfx_well(FILE *f, int index, const char *content, const char *sample, double cq)
{
	static const char *const dyes[] = {"FAM", "ROX", "Cy5"};
	static const char *const targets[] = {"ORF1ab", "N", "IC"};
	for (int i = 0; i < 3; i++) {
		fprintf(f, ",%c%02d,%s,%s,%s,%s,,", 'A' + index % 8, index / 8 + 1, dyes[i],
			targets[i], content, sample);
		if (i == 2 || cq > 0)
			fprintf(f, "%.3f\n", i == 2 ? 27.5 : cq);
		else
			fputs("NaN\n", f);
	}
}

void kill_cfx_end(FILE *f)
{
	kill_cfx_well(f, 93, "NegCtrl", "NEC", 0);
	kill_cfx_well(f, 94, "NTC", "NTC", 0);
	kill_cfx_well(f, 95, "PosCtrl", "PC", 24.5);
	kill_file_end(f);
}

/* ---------------------------------------------------------------- killed */

const char *kill_scans(const char *prefix, int first, int count)
{
	static char text[4096];
	size_t n = 0;
	for (int i = 0; i < count; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%d\n", prefix, first + i);
	return text;
}

int kill_while_scanning(const char *const *words, const char *text, int count)
{
	char line[256];
	int answered = 0;
	process p = process_start(words);
	process_feed(&p, text);
	if (chance_below(4) > 0) {
		int until = (int)chance_below((uint64_t)count);
		while (answered < until && process_line(&p, line, sizeof(line)))
			answered++;
		pause_for(chance_below(4000));
	} else {
		pause_for(chance_below(80000));
	}
	process_kill(&p);
	while (process_line(&p, line, sizeof(line)))
		answered++;
	kill_so_far.middle += process_end(&p) > 255 && answered < count ? 1 : 0;
	kill_prove();
	return answered;
}

void kill_check_stream(int answered, int64_t there)
{
	if (there != answered && there != answered + 1)
		process_stop("round %d: %d scans were acknowledged, and %" PRId64 " are there",
			     kill_round, answered, there);
	kill_so_far.heard += answered;
	kill_so_far.unheard += (int)there - answered;
}

void kill_command(const char *database, const char *const *words, uint64_t duration)
{
	file_copy_database(database, "lab.db");
	process p = process_start(words);
	pause_for(chance_below(duration + duration / 10));
	process_kill(&p);
	kill_so_far.middle += process_end(&p) > 255 ? 1 : 0;
	kill_prove();
}
