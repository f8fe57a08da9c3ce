#include "devices/transport/holder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether one of a process's descriptors is the file. */
static bool has_open(const char *process, const struct stat *file)
{
	char path[300];
	bool found = false;
	snprintf(path, sizeof(path), "/proc/%.20s/fd", process);
	DIR *dir = opendir(path);
	const struct dirent *entry;
	while (dir != NULL && !found && (entry = readdir(dir)) != NULL) {
		struct stat st;
		snprintf(path, sizeof(path), "/proc/%.20s/fd/%.20s", process, entry->d_name);
		found = entry->d_name[0] != '.' && stat(path, &st) == 0 &&
			st.st_dev == file->st_dev && st.st_ino == file->st_ino;
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

static void describe(const char *process, char out[PW_HOLDER_SIZE])
{
	char path[64], name[32] = "";
	snprintf(path, sizeof(path), "/proc/%.20s/comm", process);
	FILE *f = fopen(path, "r");
	if (f != NULL) {
		name[fread(name, 1, sizeof(name) - 1, f)] = '\0';
		fclose(f);
	}
	name[strcspn(name, "\n")] = '\0';
	snprintf(out, PW_HOLDER_SIZE, "%s (process %.20s)", name[0] != '\0' ? name : "a program",
		 process);
}

bool pw_holder_find(const char *path, char out[PW_HOLDER_SIZE])
{
	struct stat file;
	bool found = false;
	DIR *dir = stat(path, &file) == 0 ? opendir("/proc") : NULL;
	const struct dirent *entry;
	while (dir != NULL && !found && (entry = readdir(dir)) != NULL) {
		long process = strtol(entry->d_name, NULL, 10);
		if (process <= 0 || process == (long)getpid())
			continue;
		found = has_open(entry->d_name, &file);
		if (found)
			describe(entry->d_name, out);
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}
