#include "cli/label_show.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define DARK   80 /* of 255: from here on a square is a block, so that thin strokes are seen */
#define SHADES 24 /* of grey in the palette of 256 colours: from 232, nearly black, to 255 */

extern char **environ;

/* How much of a square of the page is black, from 0 to 255. */
static int darkness(const pw_raster *raster, double left, double top, double side)
{
	int from = (int)left, to = (int)(left + side), black = 0, all = 0;
	int above = (int)top, below = (int)(top + side);
	for (int y = above; y < below || y == above; y++) {
		for (int x = from; x < to || x == from; x++) {
			black += pw_raster_get(raster, x, y);
			all++;
		}
	}
	return black * 255 / all;
}

static int shade(int dark)
{
	return 232 + (SHADES - 1) - dark * (SHADES - 1) / 255;
}

/* Two squares, one above the other. */
static void add_cell(int upper, int lower, bool grey, int last[2], pw_str *out)
{
	static const char *const blocks[] = {" ", "▀", "▄", "█"};
	if (!grey) {
		pw_str_add(out, blocks[(upper > DARK) + 2 * (lower > DARK)]);
		return;
	}
	if (shade(upper) != last[0])
		pw_str_addf(out, "\033[38;5;%dm", shade(upper));
	if (shade(lower) != last[1])
		pw_str_addf(out, "\033[48;5;%dm", shade(lower));
	last[0] = shade(upper);
	last[1] = shade(lower);
	pw_str_add(out, "▀");
}

void pw_label_blocks(const pw_raster *raster, int columns, bool grey, pw_str *out)
{
	double side = raster->width > columns ? (double)raster->width / columns : 1;
	int across = raster->width > columns ? columns : raster->width;
	int down = (int)ceil(raster->height / (2 * side));
	for (int k = 0; k < down; k++) {
		int last[2] = {-1, -1};
		double y = 2 * side * k;
		for (int i = 0; i < across; i++)
			add_cell(darkness(raster, i * side, y, side),
				 darkness(raster, i * side, y + side, side), grey, last, out);
		while (!grey && out->len > 0 && out->ptr[out->len - 1] == ' ')
			pw_str_truncate(out, out->len - 1);
		pw_str_add(out, grey ? "\033[0m\n" : "\n");
	}
}

/* Whether xdg-open did. */
static bool run_viewer(const char *path)
{
	const char *const words[] = {"xdg-open", path, NULL};
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status = -1;
	posix_spawn_file_actions_init(&actions);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_addopen(&actions, i, "/dev/null", O_RDWR, 0);
	bool ok = posix_spawnp(&pid, words[0], &actions, NULL, (char *const *)words, environ) == 0;
	while (ok && waitpid(pid, &status, 0) < 0)
		ok = errno == EINTR;
	posix_spawn_file_actions_destroy(&actions);
	return ok && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

pw_status pw_label_open(pw_ctx *ctx, const char *name, const pw_str *bytes, pw_err *err)
{
	const char *base = getenv("TMPDIR");
	char *folder = pw_arena_printf(pw_ctx_arena(ctx), "%s/poolwell-XXXXXX",
				       base != NULL && base[0] != '\0' ? base : "/tmp");
	if (mkdtemp(folder) == NULL)
		return pw_fail(err, PW_ERR_IO, "no folder for the picture in '%s': %s", folder,
			       strerror(errno));
	const char *path = pw_arena_printf(pw_ctx_arena(ctx), "%s/%s", folder, name);
	pw_status rc = pw_ctx_write(ctx, path, bytes->ptr, bytes->len, true, err);
	if (rc != PW_OK)
		return rc;
	if (!run_viewer(path))
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "xdg-open shows no '%s': leave --open away to see the label here",
			       path);
	pw_ctx_say(ctx, "%s", path);
	return PW_OK;
}
