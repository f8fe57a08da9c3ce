/*
 * embedgen SYMBOL OUT FILE...: writes a C file with the table `const pw_embedded SYMBOL[]`.
 * Byte arrays, because -Wpedantic warns at string literals over 4,095 bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

static void write_bytes(FILE *out, const char *path, int index)
{
	FILE *in = fopen(path, "rb");
	if (in == NULL) {
		perror(path);
		exit(1);
	}
	fprintf(out, "static const unsigned char file_%d[] = {", index);
	int c, n = 0;
	while ((c = fgetc(in)) != EOF)
		fprintf(out, "%s%d,", n++ % 24 == 0 ? "\n\t" : "", c);
	fprintf(out, "%s};\n\n", n == 0 ? "0" : "\n");
	fclose(in);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: embedgen SYMBOL OUT FILE...\n", stderr);
		return 2;
	}
	FILE *out = fopen(argv[2], "w");
	if (out == NULL) {
		perror(argv[2]);
		return 1;
	}
	fputs("#include \"core/base/embed.h\"\n\n", out);
	for (int i = 3; i < argc; i++)
		write_bytes(out, argv[i], i);
	fprintf(out, "extern const pw_embedded %s[];\nconst pw_embedded %s[] = {\n", argv[1],
		argv[1]);
	for (int i = 3; i < argc; i++)
		fprintf(out, "\t{\"%s\", file_%d, sizeof(file_%d)},\n", base_name(argv[i]), i, i);
	fputs("\t{NULL, NULL, 0},\n};\n", out);
	return fclose(out) == 0 ? 0 : 1;
}
