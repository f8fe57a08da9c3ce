/* Any text is scanned and read as an identifier; what is taken is written and read back the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/str.h"
#include "core/base/text.h"
#include "core/model/ident.h"
#include "core/model/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_ident(const char *text)
{
	pw_ident ident, again;
	if (pw_ident_parse(text, &ident, NULL) != PW_OK)
		return;
	char plain[PW_IDENT_SIZE], grouped[PW_IDENT_SIZE];
	pw_ident_text(&ident, plain);
	pw_ident_grouped(&ident, grouped);
	if (!pw_mod37_2_valid(plain) || pw_ident_parse(grouped, &again, NULL) != PW_OK ||
	    strcmp(ident.issuer, again.issuer) != 0 || ident.kind != again.kind ||
	    ident.serial != again.serial)
		abort();
}

static void check_scan(const char *text)
{
	pw_scan scan;
	if (pw_scan_parse(text, &scan, NULL) != PW_OK)
		return;
	size_t n = strlen(scan.value);
	if (n == 0 || n > 4 * PW_SCAN_MAX || !pw_utf8_valid(scan.value, n) ||
	    pw_utf8_has_control(scan.value))
		abort();
	check_ident(scan.value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_str text = PW_STR_INIT;
	pw_str_add_n(&text, (const char *)data, size);
	pw_group group;
	check_ident(pw_str_text(&text));
	check_scan(pw_str_text(&text));
	(void)pw_group_parse(pw_str_text(&text), &group);
	if (pw_national_id_cn_valid(pw_str_text(&text)) && text.ptr[18] != '\0')
		abort();
	pw_str_clear(&text);
	return 0;
}
