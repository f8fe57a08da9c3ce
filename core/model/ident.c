#include "core/model/ident.h"

#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/text.h"

#define SERIAL_DIGITS 8
#define TAIL          (1 + SERIAL_DIGITS + 1) /* kind, serial, check character */

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";

/* The value of a character in the first `count` of the alphabet, or -1. */
static int value_of(char c, int count)
{
	const char *at = c == '\0' ? NULL : memchr(alphabet, c, (size_t)count);
	return at == NULL ? -1 : (int)(at - alphabet);
}

/* The pure systems of ISO 7064 with radix 2: the check value makes the weighted sum 1 modulo m. */
static int check_value(const char *text, size_t n, int count, int modulus)
{
	int sum = 0;
	for (size_t i = 0; i < n; i++) {
		int value = value_of(text[i], count);
		if (value < 0)
			return -1;
		sum = (sum + value) * 2 % modulus;
	}
	return n == 0 ? -1 : (modulus + 1 - sum) % modulus;
}

char pw_mod37_2(const char *text, size_t n)
{
	int value = check_value(text, n, 36, 37);
	return (char)(value < 0 ? '\0' : alphabet[value]);
}

char pw_mod11_2(const char *digits, size_t n)
{
	int value = check_value(digits, n, 10, 11);
	return (char)(value < 0 ? '\0' : value == 10 ? 'X' : alphabet[value]);
}

bool pw_mod37_2_valid(const char *text)
{
	size_t n = strlen(text);
	return n >= 2 && pw_mod37_2(text, n - 1) == text[n - 1];
}

bool pw_mod11_2_valid(const char *text)
{
	size_t n = strlen(text);
	return n >= 2 && pw_mod11_2(text, n - 1) == text[n - 1];
}

const char *pw_ident_kind_name(char kind)
{
	switch (kind) {
	case PW_KIND_SUBJECT:
		return "subject";
	case PW_KIND_TUBE:
		return "tube";
	case PW_KIND_BOX:
		return "box";
	case PW_KIND_EXTRACTION_PLATE:
		return "extraction plate";
	case PW_KIND_PCR_PLATE:
		return "PCR plate";
	case PW_KIND_RACK:
		return "rack";
	case PW_KIND_LAB_POOL:
		return "laboratory pool";
	case PW_KIND_KIT:
		return "kit";
	case PW_KIND_STAFF:
		return "member of staff";
	default:
		return NULL;
	}
}

bool pw_ident_issuer_valid(const char *issuer)
{
	size_t n = strspn(issuer, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	return n >= 2 && n <= PW_IDENT_MAX_ISSUER && issuer[n] == '\0';
}

bool pw_ident_make(const char *issuer, char kind, int64_t serial, char out[PW_IDENT_SIZE])
{
	PW_BUG_IF(!pw_ident_issuer_valid(issuer));
	PW_BUG_IF(pw_ident_kind_name(kind) == NULL);
	PW_BUG_IF(serial < 0 || serial > PW_IDENT_MAX_SERIAL);
	char text[PW_IDENT_SIZE];
	int n = snprintf(text, sizeof(text), "%.4s%c%08d", issuer, kind, (int)serial);
	char check = pw_mod37_2(text, (size_t)n);
	if (check == '*')
		return false;
	snprintf(out, PW_IDENT_SIZE, "%.13s%c", text, check);
	return true;
}

void pw_ident_text(const pw_ident *ident, char out[PW_IDENT_SIZE])
{
	PW_BUG_IF(!pw_ident_make(ident->issuer, ident->kind, ident->serial, out));
}

void pw_ident_grouped(const pw_ident *ident, char out[PW_IDENT_SIZE])
{
	char text[PW_IDENT_SIZE];
	pw_ident_text(ident, text);
	const char *tail = text + strlen(ident->issuer);
	snprintf(out, PW_IDENT_SIZE, "%s-%c-%.4s-%.4s-%c", ident->issuer, tail[0], tail + 1,
		 tail + 5, tail[9]);
}

/* The characters without hyphens and spaces, in upper case. Returns 0 when they are too many, or one
 * is neither letter nor digit. */
static size_t squeeze(const char *text, char out[PW_IDENT_SIZE])
{
	size_t n = 0;
	for (; *text != '\0'; text++) {
		char c = *text;
		if (c == '-' || c == ' ')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (value_of(c, 36) < 0 || n == PW_IDENT_MAX_ISSUER + TAIL)
			return 0;
		out[n++] = c;
	}
	out[n] = '\0';
	return n;
}

/* Whether the tail is kind, serial and check character. The letters that are taken for digits, and
 * that nobody can tell from them in print, do not make it something else. */
static bool has_our_form(const char *tail)
{
	if (pw_ident_kind_name(tail[0]) == NULL)
		return false;
	return strspn(tail + 1, "0123456789ILOU") >= SERIAL_DIGITS;
}

pw_status pw_ident_parse(const char *text, pw_ident *out, pw_err *err)
{
	char squeezed[PW_IDENT_SIZE];
	size_t n = squeeze(text, squeezed);
	const char *tail = n >= 2 + TAIL ? squeezed + n - TAIL : NULL;
	if (tail == NULL || !has_our_form(tail))
		return pw_err_set(err, PW_ERR_NOT_FOUND, "not-ours", __FILE__, __LINE__,
				  "'%s' is not one of ours", text);
	if (!pw_mod37_2_valid(squeezed) || strspn(tail + 1, "0123456789") < SERIAL_DIGITS)
		return pw_refuse(err, "check-character",
				 "'%s': wrong check character: a mistyped or misread code, scan it "
				 "again",
				 squeezed);
	pw_ident ident = {"", tail[0], 0};
	memcpy(ident.issuer, squeezed, n - TAIL);
	for (int i = 1; i <= SERIAL_DIGITS; i++)
		ident.serial = ident.serial * 10 + (tail[i] - '0');
	*out = ident;
	return PW_OK;
}

const char *pw_symbology_name(char letter, char modifier)
{
	switch (letter) {
	case 'A':
		return "code39";
	case 'C':
		return modifier == '1' ? "gs1-128" : "code128";
	case 'E':
		return "ean";
	case 'I':
		return "itf";
	case 'Q':
		return "qr";
	case 'd':
		return "datamatrix";
	default:
		return "unknown";
	}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "]C1" and its like in front of a scan. */
static bool has_aim(pw_slice s)
{
	return s.len >= 3 && s.ptr[0] == ']' && is_letter(s.ptr[1]) &&
	       (is_letter(s.ptr[2]) || (s.ptr[2] >= '0' && s.ptr[2] <= '9'));
}

static size_t count_characters(const char *text)
{
	size_t n = 0;
	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

/* What was scanned must be one short line of text. */
static pw_status check_value_text(const char *value, pw_err *err)
{
	if (*value == '\0')
		return pw_refuse(err, "scan-empty", "nothing was read: scan it again");
	if (!pw_utf8_valid(value, strlen(value)))
		return pw_refuse(err, "scan-control",
				 "the scan is not text in UTF-8: set the scanner to plain text, or "
				 "scan another code");
	size_t n = count_characters(value);
	if (n > PW_SCAN_MAX)
		return pw_refuse(err, "scan-long",
				 "%zu characters are more than the %d of the longest code: scan "
				 "another one",
				 n, PW_SCAN_MAX);
	if (pw_utf8_has_control(value) || pw_utf8_has_invisible(value))
		return pw_refuse(err, "scan-control",
				 "there is a control or invisible character in the scan: set the "
				 "scanner to plain text, or scan another code");
	return PW_OK;
}

pw_status pw_scan_parse(const char *text, pw_scan *out, pw_err *err)
{
	pw_slice s = pw_slice_trim(pw_slice_of(text));
	bool scanned = has_aim(s);
	const char *symbology = scanned ? pw_symbology_name(s.ptr[1], s.ptr[2]) : "unknown";
	if (scanned)
		s = pw_slice_trim((pw_slice){s.ptr + 3, s.len - 3});
	char *raw = pw_strndup(s.ptr, s.len);
	char *value = pw_utf8_nfc(raw);
	pw_status rc = check_value_text(value, err);
	if (rc == PW_OK && strcmp(symbology, "ean") == 0)
		rc = pw_refuse(err, "scan-product",
			       "'%s' is the product code of a package (EAN or UPC): scan the "
			       "laboratory's label",
			       value);
	if (rc == PW_OK) {
		*out = (pw_scan){.symbology = symbology, .scanned = scanned};
		snprintf(out->value, sizeof(out->value), "%s", value);
	}
	pw_free(value);
	pw_free(raw);
	return rc;
}
