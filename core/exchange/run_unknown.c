#include "core/exchange/run_unknown.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/exchange/run_parse.h"

static const char excel[] =
	"an Excel workbook: export the results as text (.txt) or CSV from the instrument's software";
static const char pcrd[] =
	"CFX's own data file (.pcrd), which only CFX Maestro can open: there choose "
	"Export, Export All Data Sheets, CSV";
static const char eds[] =
	"the experiment itself (.eds), which only the instrument's software can open: there choose "
	"Export, with Results and Amplification Data, as text (.txt)";
static const char rdml[] =
	"an RDML file: export the results as text (.txt) or CSV from the instrument's software";

/* Where `what` is in the first `n` bytes, or NULL. */
static const char *find(const char *bytes, size_t n, const char *what)
{
	size_t length = strlen(what);
	const char *end = bytes + n;
	for (const char *p = bytes; (size_t)(end - p) >= length; p++) {
		p = memchr(p, what[0], (size_t)(end - p) - length + 1);
		if (p == NULL)
			return NULL;
		if (memcmp(p, what, length) == 0)
			return p;
	}
	return NULL;
}

static bool starts(const char *bytes, size_t n, const char *what, size_t length)
{
	return n >= length && memcmp(bytes, what, length) == 0;
}

/* The members' names stand uncompressed in an archive, also in the encrypted ones of CFX. */
static const char *kind_of_zip(const char *bytes, size_t n)
{
	if (find(bytes, n, "xl/workbook") != NULL || find(bytes, n, "xl/worksheets") != NULL)
		return excel;
	if (find(bytes, n, "apldbio") != NULL || find(bytes, n, "APLDBIO") != NULL ||
	    find(bytes, n, "setup/plate_setup.json") != NULL)
		return eds;
	if (find(bytes, n, "rdml_data.xml") != NULL ||
	    find(bytes, n, "BioRad_qPCR_melt.xml") != NULL)
		return rdml;
	bool encrypted = n > 6 && (bytes[6] & 1) != 0;
	if (encrypted || find(bytes, n, "datafile.pcrd") != NULL)
		return pcrd;
	return "a ZIP archive: unpack it and choose the export in it";
}

const char *pw_run_seen_binary(const void *bytes, size_t n)
{
	static const struct {
		const char *start;
		size_t length;
		const char *seen;
	} kinds[] = {
		{"\xD0\xCF\x11\xE0", 4, excel},
		{"%PDF", 4,
		 "a PDF: it is for reading; export the results as text or CSV from the instrument's "
		 "software"},
		{"\x89PNG", 4, "a picture: export the results as text or CSV"},
		{"\xFF\xD8\xFF", 3, "a picture: export the results as text or CSV"},
		{"\x1F\x8B", 2, "a gzip archive: unpack it and choose the export in it"},
		{"7z\xBC\xAF", 4, "a 7z archive: unpack it and choose the export in it"},
		{"Rar!", 4, "a RAR archive: unpack it and choose the export in it"},
		{"SQLite format 3", 15, "a database: export the results as text or CSV"},
		{"{\\rtf", 5, "a text processor's document: export the results as text or CSV"},
	};
	const char *p = bytes;
	if (n == 0)
		return "the file is empty: export it again";
	if (starts(p, n, "PK\x03\x04", 4))
		return kind_of_zip(p, n);
	if (starts(p, n, "PK\x05\x06", 4))
		return "an empty ZIP archive: export it again";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (starts(p, n, kinds[i].start, kinds[i].length))
			return kinds[i].seen;
	return NULL;
}

/* The head of the text in lower case: enough to know a kind by. */
static void lower_head(pw_slice text, char out[512])
{
	size_t n = text.len < 511 ? text.len : 511;
	for (size_t i = 0; i < n; i++) {
		char c = text.ptr[i];
		out[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	out[n] = '\0';
}

static const char *kind_of_text(const char *head)
{
	static const struct {
		const char *start, *within, *seen;
	} kinds[] = {
		{"<!doctype html", NULL,
		 "a web page: save the file that the page offers, not the page"},
		{"<html", NULL, "a web page: save the file that the page offers, not the page"},
		{"<", "<rdml", rdml},
		{"<", "schemas-microsoft-com:office:spreadsheet", excel},
		{"<", NULL,
		 "an XML file: export the results as text or CSV from the instrument's software"},
		{"{", NULL,
		 "a JSON file: export the results as text or CSV from the instrument's software"},
		{"sds 2", NULL,
		 "an export of SDS 2: open the run in the 7500 software v2 or newer and export "
		 "there"},
		{"experiment: ", "selected filter:",
		 "an export of LightCycler 480: this instrument's files are not read"},
		{"", ",cycle,a",
		 "CFX's curves (Quantification Amplification Results): choose the 'Quantification Cq "
		 "Results' file of the run, and give the curves with it"},
		{"", ";cycle;a",
		 "CFX's curves (Quantification Amplification Results): choose the 'Quantification Cq "
		 "Results' file of the run, and give the curves with it"},
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(head, kinds[i].start, strlen(kinds[i].start)) == 0 &&
		    (kinds[i].within == NULL || strstr(head, kinds[i].within) != NULL))
			return kinds[i].seen;
	return NULL;
}

/* The first line, at most 60 bytes of it, with nothing that moves a cursor. */
static void quote_first_line(pw_slice text, char out[64])
{
	size_t length = 0;
	while (length < text.len && text.ptr[length] != '\n' && text.ptr[length] != '\r')
		length++;
	size_t n = (size_t)pw_run_clip((pw_slice){text.ptr, length}, 60);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		out[i] = (char)(c < 0x20 || c == 0x7F ? ' ' : c);
	}
	out[n] = '\0';
}

void pw_run_seen_text(pw_slice text, char *out, size_t room)
{
	char head[512], line[64];
	text = pw_slice_trim(text);
	if (text.len == 0) {
		snprintf(out, room, "the file holds nothing but white space: export it again");
		return;
	}
	lower_head(text, head);
	const char *kind = kind_of_text(head);
	quote_first_line(text, line);
	if (kind != NULL)
		snprintf(out, room, "%s", kind);
	else
		snprintf(
			out, room,
			"no export that is known; its first line is '%s': export the results again, "
			"with their column headers",
			line);
}
