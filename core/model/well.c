#include "core/model/well.h"

#include <stdio.h>

bool pw_plate_format_of(int64_t wells, pw_plate_format *out)
{
	if (wells == 96)
		*out = PW_PLATE_96;
	else if (wells == 384)
		*out = PW_PLATE_384;
	else
		return false;
	return true;
}

int pw_plate_wells(pw_plate_format format)
{
	return format.rows * format.cols;
}

void pw_well_name(pw_well well, char out[8])
{
	snprintf(out, 8, "%c%d", 'A' + well.row % 26, well.col + 1);
}

pw_status pw_well_parse(const char *text, pw_plate_format format, pw_well *out, pw_err *err)
{
	char letter = text[0];
	if (letter >= 'a' && letter <= 'z')
		letter = (char)(letter - 'a' + 'A');
	int column = 0, digits = 0;
	if (letter >= 'A' && letter <= 'Z')
		for (; text[1 + digits] >= '0' && text[1 + digits] <= '9' && digits < 3; digits++)
			column = column * 10 + (text[1 + digits] - '0');
	if (digits < 1 || digits > 2 || text[1 + digits] != '\0' || column == 0)
		return pw_fail(err, PW_ERR_FORMAT, "'%.20s' is not a well: write it like B7", text);
	if (letter - 'A' >= format.rows || column > format.cols)
		return pw_fail(err, PW_ERR_LIMIT,
			       "well '%.20s' is not on a %d-well plate (A1 to %c%d)", text,
			       pw_plate_wells(format), 'A' + format.rows - 1, format.cols);
	*out = (pw_well){(uint8_t)(letter - 'A'), (uint8_t)(column - 1)};
	return PW_OK;
}

bool pw_well_eq(pw_well a, pw_well b)
{
	return a.row == b.row && a.col == b.col;
}

int pw_well_index(pw_well well, pw_plate_format format, pw_fill_order order)
{
	return order == PW_BY_COLUMN ? well.col * format.rows + well.row
				     : well.row * format.cols + well.col;
}

pw_well pw_well_at(int index, pw_plate_format format, pw_fill_order order)
{
	int across = order == PW_BY_COLUMN ? format.rows : format.cols;
	int major = index / across, minor = index % across;
	return order == PW_BY_COLUMN ? (pw_well){(uint8_t)minor, (uint8_t)major}
				     : (pw_well){(uint8_t)major, (uint8_t)minor};
}
