/* Any bytes as a 0/1 matrix, in blocks of any size: what is taken is a design whose text reads back as the same. */
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/design.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In a copy of its own, so that who reads beyond a block is found out. */
static pw_status feed_copy(pw_design_reader *reader, const uint8_t *data, size_t n, pw_err *err)
{
	char *block = pw_alloc(n);
	if (n > 0)
		memcpy(block, data, n);
	pw_status rc = pw_design_reader_feed(reader, block, n, err);
	pw_free(block);
	return rc;
}

/* Blocks of 0 to `most` bytes. */
static pw_status parse_blocks(const uint8_t *data, size_t size, uint32_t most, pw_design **out,
			      pw_err *err)
{
	pw_design_reader *reader = pw_design_reader_new();
	pw_status rc = PW_OK;
	pw_rng rng;
	pw_rng_init(&rng, size);
	for (size_t at = 0; at < size && rc == PW_OK;) {
		size_t n = (size_t)pw_rng_below(&rng, most + 1);
		n = n < size - at ? n : size - at;
		rc = feed_copy(reader, data + at, n, err);
		at += n;
	}
	if (rc == PW_OK)
		rc = pw_design_reader_end(reader, out, err);
	pw_design_reader_free(reader);
	return rc;
}

static bool same_design(const pw_design *a, const pw_design *b)
{
	pw_str x = PW_STR_INIT, y = PW_STR_INIT;
	pw_design_format(a, true, &x);
	pw_design_format(b, true, &y);
	bool same = x.len == y.len && memcmp(x.ptr, y.ptr, x.len) == 0;
	pw_str_clear(&x);
	pw_str_clear(&y);
	return same;
}

/* Where blocks end changes neither the design nor the error. */
static void check_blocks(const uint8_t *data, size_t size, const pw_design *whole,
			 const pw_err *whole_err)
{
	static const uint32_t most[] = {1, 7, 200};
	for (size_t i = 0; i < sizeof(most) / sizeof(*most); i++) {
		pw_design *design = NULL;
		pw_err err = PW_ERR_INIT;
		pw_status rc = parse_blocks(data, size, most[i], &design, &err);
		PW_BUG_IF((rc == PW_OK) != (whole != NULL));
		PW_BUG_IF(rc == PW_OK && !same_design(design, whole));
		PW_BUG_IF(rc != PW_OK && rc != whole_err->status);
		PW_BUG_IF(strcmp(err.msg, whole_err->msg) != 0);
		pw_design_free(design);
	}
}

static void check_text(const pw_design *design)
{
	pw_design *back = NULL;
	pw_str text = PW_STR_INIT;
	pw_design_format(design, true, &text);
	PW_BUG_IF(pw_design_parse(text.ptr, text.len, &back, NULL) != PW_OK);
	PW_BUG_IF(!same_design(design, back));
	pw_str_clear(&text);
	pw_design_free(back);
}

/* Who shares all pools with another can never be told from it. */
static void check_promise(const pw_design *design)
{
	pw_design_guarantee guarantee;
	pw_design_guarantee_of(design, &guarantee);
	uint32_t *first = pw_alloc_array(pw_design_samples(design), sizeof(*first));
	size_t twins = pw_design_twins(design, first);
	PW_BUG_IF(twins > 0 && guarantee.known && guarantee.positives[0] > 0);
	pw_free(first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_design *design = NULL;
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_design_parse((const char *)data, size, &design, &err);
	check_blocks(data, size, design, &err);
	if (rc != PW_OK) {
		PW_BUG_IF(err.msg[0] == '\0' || strchr(err.msg, '\n') != NULL);
		return 0;
	}
	check_text(design);
	check_promise(design);
	pw_design_free(design);
	return 0;
}
