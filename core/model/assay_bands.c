/* Bands: the lines of a list, and the map of pieces that they come to. */
#include <math.h>
#include <string.h>

#include "core/base/str.h"
#include "core/model/assay_table.h"
#include "core/model/rule_file.h"

static int band_named(const assay_target *target, const char *name)
{
	for (int i = 0; i < target->band_count; i++)
		if (strcmp(target->bands[i], name) == 0)
			return i;
	return NO_BAND;
}

/* The band's index; a new name is added. */
static pw_status read_band_name(pw_assay *assay, assay_target *target, const pw_yaml_node *line,
				int *out, pw_err *err)
{
	const char *name = NULL;
	pw_status rc = pw_yaml_get_text(line, "band", &name, err);
	if (rc != PW_OK)
		return rc;
	const pw_yaml_node *node = pw_yaml_find(line, "band");
	if ((rc = pw_rule_word(node, "a band's name", BAND_NAME_SIZE, &name, err)) != PW_OK)
		return rc;
	if (strcmp(name, "any") == 0)
		return pw_yaml_fail(node, err, "'any' cannot be a band: it stands for all of them");
	int band = band_named(target, name);
	if (band == NO_BAND && target->band_count == MAX_BANDS)
		return pw_yaml_fail(node, err, "more than %d bands for target '%s'", MAX_BANDS,
				    target->name);
	if (band == NO_BAND) {
		band = target->band_count++;
		target->bands[band] = pw_arena_strdup(&assay->arena, name);
	}
	*out = band;
	return PW_OK;
}

/* "<", "<=", ">", ">=" and their one-character forms; the length of the sign, or 0. */
static size_t read_sign(const char *text, bool *is_upper, bool *is_in)
{
	static const struct sign {
		const char *text;
		bool upper, in;
	} signs[] = {
		{"<=", true, true}, {">=", false, true}, {"≤", true, true},
		{"≥", false, true}, {"<", true, false},  {">", false, false},
	};
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (!pw_text_starts(text, signs[i].text))
			continue;
		*is_upper = signs[i].upper;
		*is_in = signs[i].in;
		return strlen(signs[i].text);
	}
	return 0;
}

/* One side of a range, ">= 38". Each side may stand once. */
static bool read_side(pw_slice part, cq_range *range)
{
	char text[32];
	bool upper = false, in = false;
	part = pw_slice_trim(part);
	if (part.len == 0 || part.len >= sizeof(text))
		return false;
	memcpy(text, part.ptr, part.len);
	text[part.len] = '\0';
	size_t n = read_sign(text, &upper, &in);
	pw_slice number = pw_slice_trim(pw_slice_of(text + n));
	double value = 0;
	if (n == 0 || !pw_parse_real(number.ptr, &value) || value < 0 || value > 100)
		return false;
	if (isfinite(upper ? range->high : range->low))
		return false;
	if (upper) {
		range->high = value;
		range->high_in = in;
	} else {
		range->low = value;
		range->low_in = in;
	}
	return true;
}

static bool read_range(const char *text, cq_range *out)
{
	cq_range range = {.low = -INFINITY, .high = INFINITY};
	const char *comma = strchr(text, ',');
	size_t first = comma == NULL ? strlen(text) : (size_t)(comma - text);
	if (!read_side((pw_slice){text, first}, &range))
		return false;
	if (comma != NULL && !read_side(pw_slice_of(comma + 1), &range))
		return false;
	if (range.low > range.high)
		return false;
	if (range.low == range.high && !(range.low_in && range.high_in))
		return false;
	*out = range;
	return true;
}

static pw_status read_cq_word(const pw_yaml_node *node, band_entry *entry, pw_err *err)
{
	char shown[PW_YAML_SHOW];
	const char *text = pw_yaml_text(node);
	bool any = text != NULL && strcmp(text, "any") == 0;
	if (any || (text != NULL && strcmp(text, "none") == 0))
		entry->no_cq = true;
	if (text != NULL && strcmp(text, "none") == 0)
		return PW_OK;
	if (entry->range_count == MAX_RANGES)
		return pw_yaml_fail(node, err, "more than %d ranges in one line", MAX_RANGES);
	cq_range *range = &entry->ranges[entry->range_count++];
	*range = (cq_range){.low = -INFINITY, .high = INFINITY};
	if (any || (text != NULL && strcmp(text, "number") == 0))
		return PW_OK;
	if (text == NULL || !read_range(text, range))
		return pw_yaml_fail(
			node, err,
			"%s is not a range of Cq: write \"< 40\", \">= 38, < 40\", number (any Cq), "
			"none (no Cq) or any (both)",
			pw_yaml_show(node, shown));
	return PW_OK;
}

static pw_status read_cq(const pw_yaml_node *line, band_entry *entry, pw_err *err)
{
	const pw_yaml_node *node = pw_yaml_find(line, "cq");
	if (node == NULL)
		return pw_yaml_fail(line, err,
				    "'cq' is missing here: say which Cq the band takes, or any");
	if (pw_yaml_kind_of(node) != PW_YAML_LIST)
		return read_cq_word(node, entry, err);
	if (pw_yaml_count(node) == 0)
		return pw_yaml_fail(node, err, "the list of Cq ranges is empty");
	pw_status rc = PW_OK;
	for (size_t i = 0; i < pw_yaml_count(node) && rc == PW_OK; i++)
		rc = read_cq_word(pw_yaml_item(node, i), entry, err);
	return rc;
}

static pw_status read_amp_word(const pw_yaml_node *node, unsigned *amps, pw_err *err)
{
	char shown[PW_YAML_SHOW];
	const char *text = pw_yaml_text(node);
	pw_amp amp;
	if (text != NULL && strcmp(text, "any") == 0)
		*amps |= (1u << AMP_STATES) - 1;
	else if (text != NULL && pw_amp_parse(text, &amp))
		*amps |= 1u << amp;
	else
		return pw_yaml_fail(
			node, err,
			"%s is not an amplification: there are amp, no-amp, inconclusive, "
			"unknown (the file does not say) and any",
			pw_yaml_show(node, shown));
	return PW_OK;
}

static pw_status read_amps(const pw_yaml_node *line, band_entry *entry, pw_err *err)
{
	const pw_yaml_node *node = pw_yaml_find(line, "amp");
	if (node == NULL) {
		entry->amps = (1u << AMP_STATES) - 1;
		return PW_OK;
	}
	if (pw_yaml_kind_of(node) != PW_YAML_LIST)
		return read_amp_word(node, &entry->amps, err);
	if (pw_yaml_count(node) == 0)
		return pw_yaml_fail(node, err, "the list of amplifications is empty");
	pw_status rc = PW_OK;
	for (size_t i = 0; i < pw_yaml_count(node) && rc == PW_OK; i++)
		rc = read_amp_word(pw_yaml_item(node, i), &entry->amps, err);
	return rc;
}

static pw_status read_entry(pw_assay *assay, assay_target *target, const pw_yaml_node *line,
			    band_entry *out, pw_err *err)
{
	static const char *const keys[] = {"band", "cq", "amp", NULL};
	band_entry entry = {.line = pw_yaml_line(line), .column = pw_yaml_column(line)};
	pw_status rc;
	if ((rc = pw_yaml_only(line, keys, err)) != PW_OK ||
	    (rc = read_band_name(assay, target, line, &entry.band, err)) != PW_OK ||
	    (rc = read_cq(line, &entry, err)) != PW_OK ||
	    (rc = read_amps(line, &entry, err)) != PW_OK)
		return rc;
	*out = entry;
	return PW_OK;
}

/* Keeps the cuts sorted; false when there is no room for another. */
static bool add_cut(band_map *map, double cut)
{
	int at = 0;
	if (!isfinite(cut))
		return true;
	while (at < map->cut_count && map->cuts[at] < cut)
		at++;
	if (at < map->cut_count && map->cuts[at] == cut)
		return true;
	if (map->cut_count == MAX_CUTS)
		return false;
	memmove(&map->cuts[at + 1], &map->cuts[at],
		(size_t)(map->cut_count - at) * sizeof(map->cuts[0]));
	map->cuts[at] = cut;
	map->cut_count++;
	return true;
}

int pw_assay_piece_count(const band_map *map)
{
	return 2 * map->cut_count + 2;
}

/* Even pieces are the gaps, odd ones the cuts themselves: 0 below cut 0, 1 at it, 2 above it, … */
int pw_assay_piece_of(const band_map *map, double cq)
{
	int i = 0;
	while (i < map->cut_count && map->cuts[i] < cq)
		i++;
	return i < map->cut_count && map->cuts[i] == cq ? 2 * i + 1 : 2 * i;
}

/* A number inside the piece: that it is inside is all that counts. */
static double inside(const band_map *map, int piece)
{
	int cut = piece / 2;
	if (piece % 2 == 1)
		return map->cuts[cut];
	if (map->cut_count == 0)
		return 30;
	if (cut == 0)
		return map->cuts[0] - 1;
	if (cut == map->cut_count)
		return map->cuts[cut - 1] + 1;
	return (map->cuts[cut - 1] + map->cuts[cut]) / 2;
}

bool pw_assay_piece_example(const band_map *map, int piece, double *out_cq)
{
	if (piece == pw_assay_piece_count(map) - 1)
		return false;
	*out_cq = inside(map, piece);
	return true;
}

bool pw_assay_entry_takes(const band_map *map, const band_entry *entry, int piece, pw_amp amp)
{
	double cq = 0;
	if ((entry->amps >> amp & 1) == 0)
		return false;
	if (!pw_assay_piece_example(map, piece, &cq))
		return entry->no_cq;
	for (int i = 0; i < entry->range_count; i++) {
		const cq_range *range = &entry->ranges[i];
		bool above = range->low_in ? cq >= range->low : cq > range->low;
		bool below = range->high_in ? cq <= range->high : cq < range->high;
		if (above && below)
			return true;
	}
	return false;
}

static void fill_map(band_map *map)
{
	for (int piece = 0; piece < pw_assay_piece_count(map); piece++) {
		for (int amp = 0; amp < AMP_STATES; amp++) {
			int band = NO_BAND;
			for (int i = map->entry_count; i-- > 0;)
				if (pw_assay_entry_takes(map, &map->entries[i], piece, (pw_amp)amp))
					band = map->entries[i].band;
			map->band[piece][amp] = (int8_t)band;
		}
	}
}

pw_status pw_assay_bands_read(pw_assay *assay, assay_target *target, const pw_yaml_node *list,
			      const char *instrument, const band_map **out, pw_err *err)
{
	size_t count = pw_yaml_kind_of(list) == PW_YAML_LIST ? pw_yaml_count(list) : 0;
	if (count == 0 || count > MAX_ENTRIES)
		return pw_yaml_fail(list, err, "here must stand a list of 1 to %d bands",
				    MAX_ENTRIES);
	band_entry *entries = pw_arena_array(&assay->arena, count, sizeof(*entries));
	band_map *map = pw_arena_alloc(&assay->arena, sizeof(*map));
	map->instrument = instrument;
	map->line = pw_yaml_line(list);
	map->column = pw_yaml_column(list);
	map->entries = entries;
	map->entry_count = (int)count;
	for (size_t i = 0; i < count; i++) {
		const pw_yaml_node *line = pw_yaml_item(list, i);
		pw_status rc = read_entry(assay, target, line, &entries[i], err);
		if (rc != PW_OK)
			return rc;
		bool room = true;
		for (int r = 0; r < entries[i].range_count; r++)
			room = room && add_cut(map, entries[i].ranges[r].low) &&
			       add_cut(map, entries[i].ranges[r].high);
		if (!room)
			return pw_yaml_fail(line, err, "more than %d different Cq in one list",
					    MAX_CUTS);
	}
	fill_map(map);
	*out = map;
	return PW_OK;
}

int pw_assay_band_of(const band_map *map, const pw_measure *measure)
{
	int piece = measure->has_cq ? pw_assay_piece_of(map, measure->cq)
				    : pw_assay_piece_count(map) - 1;
	return map->band[piece][measure->amp];
}

unsigned pw_assay_map_bands(const band_map *map)
{
	unsigned bands = 0;
	for (int i = 0; i < map->entry_count; i++)
		bands |= 1u << map->entries[i].band;
	return bands;
}

static pw_status no_such_band(const assay_target *target, unsigned offered,
			      const pw_yaml_node *node, pw_err *err)
{
	char shown[PW_YAML_SHOW];
	pw_str known = PW_STR_INIT;
	for (int i = 0; i < target->band_count; i++)
		if (offered >> i & 1)
			pw_str_addf(&known, "%s, ", target->bands[i]);
	pw_status rc =
		pw_yaml_fail(node, err, "%s is no band of target '%s' here; there are: %sany",
			     pw_yaml_show(node, shown), target->name, pw_str_text(&known));
	pw_str_clear(&known);
	return rc;
}

static pw_status read_band_word(const assay_target *target, unsigned offered,
				const pw_yaml_node *node, unsigned *bands, pw_err *err)
{
	const char *text = pw_yaml_text(node);
	if (text != NULL && strcmp(text, "any") == 0) {
		*bands |= offered;
		return PW_OK;
	}
	int band = text == NULL ? NO_BAND : band_named(target, text);
	if (band == NO_BAND || (offered >> band & 1) == 0)
		return no_such_band(target, offered, node, err);
	*bands |= 1u << band;
	return PW_OK;
}

pw_status pw_assay_band_words(const assay_target *target, unsigned offered,
			      const pw_yaml_node *node, unsigned *out, pw_err *err)
{
	unsigned bands = 0;
	pw_status rc = PW_OK;
	if (pw_yaml_kind_of(node) == PW_YAML_LIST && pw_yaml_count(node) > 0) {
		for (size_t i = 0; i < pw_yaml_count(node) && rc == PW_OK; i++)
			rc = read_band_word(target, offered, pw_yaml_item(node, i), &bands, err);
	} else {
		rc = read_band_word(target, offered, node, &bands, err);
	}
	if (rc == PW_OK)
		*out = bands;
	return rc;
}
