#include "core/base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "core/base/mem.h"

#define MAX_SIZE ((size_t)256 << 20)
#define SAMPLE   ((size_t)64 << 10)

static const char *const names[] = {"UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "Latin-1"};

/* What iconv calls them. */
static const char *const iconv_names[] = {"UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "ISO-8859-1"};

typedef struct mark {
	size_t len;
	pw_encoding encoding;
	char bytes[4];
} mark;

/* The byte order marks. */
static const mark marks[] = {
	{3, PW_UTF8, {'\xEF', '\xBB', '\xBF', 0}},
	{2, PW_UTF16LE, {'\xFF', '\xFE', 0, 0}},
	{2, PW_UTF16BE, {'\xFE', '\xFF', 0, 0}},
	{4, PW_GB18030, {'\x84', '\x31', '\x95', '\x33'}},
};

#define MARKS (sizeof(marks) / sizeof(marks[0]))

const char *pw_encoding_name(pw_encoding encoding)
{
	return names[encoding];
}

/* How many bytes from the start are valid: n when all are. */
static size_t utf8_valid_length(const char *bytes, size_t n)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)bytes;
	size_t i = 0;
	while (i < n) {
		if (p[i] < 0x80) {
			i++;
			continue;
		}
		size_t rest = n - i < 4 ? n - i : 4;
		utf8proc_int32_t c;
		utf8proc_ssize_t took = utf8proc_iterate(p + i, (utf8proc_ssize_t)rest, &c);
		if (took <= 0)
			break;
		i += (size_t)took;
	}
	return i;
}

bool pw_utf8_valid(const char *bytes, size_t n)
{
	return utf8_valid_length(bytes, n) == n;
}

static const mark *find_mark(const char *bytes, size_t n)
{
	for (size_t i = 0; i < MARKS; i++)
		if (n >= marks[i].len && memcmp(bytes, marks[i].bytes, marks[i].len) == 0)
			return &marks[i];
	return NULL;
}

/*
 * Digits, delimiters and line ends have a NUL as their high byte; a few Chinese characters (U+4E00)
 * have one as their low byte. So: NULs at one in thirty places at least, and clearly more of them on
 * one side than on the other.
 */
static bool looks_like_utf16(const char *bytes, size_t n, pw_encoding *out)
{
	size_t sample = (n < SAMPLE ? n : SAMPLE) & ~(size_t)1;
	size_t even = 0, odd = 0;
	for (size_t i = 0; i < sample; i += 2) {
		even += bytes[i] == '\0';
		odd += bytes[i + 1] == '\0';
	}
	size_t more = even > odd ? even : odd, less = even > odd ? odd : even;
	if (more == 0 || more < less * 2 || more * 30 < sample / 2)
		return false;
	*out = odd > even ? PW_UTF16LE : PW_UTF16BE;
	return true;
}

/* Appends the converted bytes to *out, which is as it was when it fails. *out_bad is then where. */
static pw_status convert(const char *to, const char *from, const char *bytes, size_t n, pw_str *out,
			 size_t *out_bad, pw_err *err)
{
	iconv_t cd = iconv_open(to, from);
	if (cd == (iconv_t)-1)
		return pw_fail(err, PW_ERR_IO,
			       "this computer cannot convert %s to %s: install the character sets "
			       "of its C library (gconv)",
			       from, to);
	pw_status rc = PW_OK;
	size_t length = out->len;
	char *in = (char *)(uintptr_t)bytes; /* iconv does not write there, whatever it declares */
	size_t left = n;
	char buffer[4096];
	bool flushing = false;
	for (;;) {
		char *to_ptr = buffer;
		size_t room = sizeof(buffer);
		size_t lost = flushing ? iconv(cd, NULL, NULL, &to_ptr, &room)
				       : iconv(cd, &in, &left, &to_ptr, &room);
		bool full = lost == (size_t)-1 && errno == E2BIG;
		pw_str_add_n(out, buffer, sizeof(buffer) - room);
		if (full)
			continue;
		/* More than 0: characters were replaced by others that look alike. */
		if (lost != 0) {
			*out_bad = n - left;
			pw_str_truncate(out, length);
			rc = pw_fail(err, PW_ERR_FORMAT, "byte %zu is not %s", *out_bad, from);
			break;
		}
		if (flushing)
			break;
		flushing = true;
	}
	iconv_close(cd);
	return rc;
}

static pw_status take_utf8(const char *bytes, size_t n, pw_str *out, size_t *out_bad, pw_err *err)
{
	*out_bad = utf8_valid_length(bytes, n);
	if (*out_bad < n)
		return pw_fail(err, PW_ERR_FORMAT, "byte %zu is not UTF-8", *out_bad);
	pw_str_add_n(out, bytes, n);
	return PW_OK;
}

/* `bytes` are without the mark of `skipped` bytes, which counts in the offset that is named. */
static pw_status take_announced(pw_encoding encoding, const char *bytes, size_t n, size_t skipped,
				pw_str *out, pw_err *err)
{
	size_t bad = 0;
	pw_err why = PW_ERR_INIT;
	pw_status rc = encoding == PW_UTF8
			       ? take_utf8(bytes, n, out, &bad, &why)
			       : convert("UTF-8", iconv_names[encoding], bytes, n, out, &bad, &why);
	if (rc == PW_ERR_FORMAT)
		return pw_fail(err, rc,
			       "byte %zu: the file says that it is %s and breaks it here: save or "
			       "copy it again",
			       bad + skipped, names[encoding]);
	return rc == PW_OK ? rc : pw_fail(err, rc, "%s", why.msg);
}

/* Neither mark nor NULs: the first of UTF-8, GB 18030 and Latin-1 in which the bytes are valid. */
static pw_status take_unmarked(const char *bytes, size_t n, pw_str *out, pw_encoding *encoding,
			       pw_err *err)
{
	size_t bad = 0;
	*encoding = PW_UTF8;
	if (take_utf8(bytes, n, out, &bad, NULL) == PW_OK)
		return PW_OK;
	*encoding = PW_GB18030;
	pw_status rc = convert("UTF-8", "GB18030", bytes, n, out, &bad, err);
	if (rc != PW_ERR_FORMAT)
		return rc;
	*encoding = PW_LATIN1;
	return convert("UTF-8", "ISO-8859-1", bytes, n, out, &bad, err);
}

pw_status pw_text_decode(const void *bytes, size_t n, pw_str *out, pw_encoding *out_encoding,
			 pw_err *err)
{
	if (n > MAX_SIZE)
		return pw_fail(err, PW_ERR_LIMIT,
			       "%zu bytes are more than the 256 MiB we take: split the file", n);
	const char *text = n > 0 ? bytes : "";
	const mark *found = find_mark(text, n);
	pw_encoding encoding;
	pw_status rc;
	if (found != NULL) {
		encoding = found->encoding;
		rc = take_announced(encoding, text + found->len, n - found->len, found->len, out,
				    err);
	} else if (looks_like_utf16(text, n, &encoding)) {
		rc = take_announced(encoding, text, n, 0, out, err);
	} else {
		pw_err why = PW_ERR_INIT;
		rc = take_unmarked(text, n, out, &encoding, &why);
		if (rc != PW_OK)
			return pw_fail(err, rc, "%s", why.msg);
	}
	if (rc == PW_OK && out_encoding != NULL)
		*out_encoding = encoding;
	return rc;
}

pw_status pw_text_encode(const char *text, size_t n, pw_encoding encoding, pw_str *out, pw_err *err)
{
	size_t valid = utf8_valid_length(text, n);
	if (valid < n)
		return pw_fail(err, PW_ERR_FORMAT, "byte %zu of the text is not UTF-8", valid);
	if (encoding == PW_UTF8) {
		pw_str_add_n(out, text, n);
		return PW_OK;
	}
	size_t length = out->len, bad = 0;
	for (size_t i = 0; i < MARKS; i++)
		if (marks[i].encoding == encoding && marks[i].len == 2)
			pw_str_add_n(out, marks[i].bytes, marks[i].len);
	pw_err why = PW_ERR_INIT;
	pw_status rc = convert(iconv_names[encoding], "UTF-8", text, n, out, &bad, &why);
	if (rc == PW_OK)
		return rc;
	if (out->ptr != NULL)
		pw_str_truncate(out, length);
	if (rc != PW_ERR_FORMAT)
		return pw_fail(err, rc, "%s", why.msg);
	size_t end = bad + 1;
	while (end < n && ((unsigned char)text[end] & 0xC0) == 0x80)
		end++;
	return pw_fail(err, rc, "%s has no character '%.*s': choose UTF-8", names[encoding],
		       (int)(end - bad), text + bad);
}

bool pw_utf8_is_plain(const char *bytes, size_t n)
{
	const unsigned char *p = (const unsigned char *)bytes, *end = p + n;
	while (p < end) {
		if (*p < 0x80)
			p++;
		/* U+0080 to U+02FF: what combines starts at U+0300 */
		else if (*p >= 0xC2 && *p <= 0xCB && end - p >= 2 && (p[1] & 0xC0) == 0x80)
			p += 2;
		/* U+4000 to U+9FFF */
		else if (*p >= 0xE4 && *p <= 0xE9 && end - p >= 3 && (p[1] & 0xC0) == 0x80 &&
			 (p[2] & 0xC0) == 0x80)
			p += 3;
		else
			return false;
	}
	return true;
}

char *pw_utf8_nfc(const char *text)
{
	if (pw_utf8_is_plain(text, strlen(text)))
		return pw_strdup(text);
	char *composed = (char *)utf8proc_NFC((const utf8proc_uint8_t *)text);
	return composed != NULL ? composed : pw_strdup(text);
}

/* Whether a character of one of the categories is in the text. */
static bool has_category(const char *text, unsigned categories)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text;
	while (*p != '\0') {
		if (*p >= 0x20 && *p < 0x7F) {
			p++;
			continue;
		}
		/* U+4000 to U+9FFF: Chinese characters and hexagrams */
		if (*p >= 0xE4 && *p <= 0xE9 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80) {
			p += 3;
			continue;
		}
		utf8proc_int32_t c;
		utf8proc_ssize_t took = utf8proc_iterate(p, -1, &c);
		if (took > 0 && (categories >> utf8proc_category(c) & 1) != 0)
			return true;
		p += took > 0 ? took : 1;
	}
	return false;
}

bool pw_utf8_has_control(const char *text)
{
	return has_category(text, 1u << UTF8PROC_CATEGORY_CC | 1u << UTF8PROC_CATEGORY_ZL |
					  1u << UTF8PROC_CATEGORY_ZP);
}

bool pw_utf8_has_invisible(const char *text)
{
	return has_category(text, 1u << UTF8PROC_CATEGORY_CF);
}

int pw_utf8_width(const char *text)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text;
	int width = 0;
	while (*p != '\0') {
		utf8proc_int32_t c;
		utf8proc_ssize_t took = utf8proc_iterate(p, -1, &c);
		/* A byte that is no UTF-8 is shown as one replacement character. */
		width += took > 0 ? utf8proc_charwidth(c) : 1;
		p += took > 0 ? took : 1;
	}
	return width;
}
