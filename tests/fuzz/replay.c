/*
 * Replays every file of a corpus folder through a fuzz target, so that the corpora are ordinary
 * tests under any compiler. A missing or empty folder is an error: a corpus is there from a
 * parser's first day.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return -1;
	static uint8_t buffer[1 << 22];
	size_t n = fread(buffer, 1, sizeof(buffer), f);
	fclose(f);
	/* A copy of the exact size, so that a read past the end is a read past the allocation. */
	uint8_t *copy = malloc(n > 0 ? n : 1);
	if (copy == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		copy[i] = buffer[i];
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
	return 0;
}

int main(int argc, char **argv)
{
	int count = 0;
	for (int i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);
		if (dir == NULL) {
			fprintf(stderr, "%s: no corpus folder\n", argv[i]);
			return 1;
		}
		const struct dirent *entry;
		while ((entry = readdir(dir)) != NULL) {
			if (entry->d_name[0] == '.')
				continue;
			char path[4096];
			snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
			if (replay(path) != 0) {
				fprintf(stderr, "%s: cannot read\n", path);
				closedir(dir);
				return 1;
			}
			count++;
		}
		closedir(dir);
	}
	printf("%d inputs replayed\n", count);
	return count > 0 ? 0 : 1;
}
