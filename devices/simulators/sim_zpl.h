/* The state of a simulated ZPL printer, between the files that read its language. Source: Zebra's Programming Guide. */
#ifndef PW_DEVICES_SIM_ZPL_H
#define PW_DEVICES_SIM_ZPL_H

#include "devices/simulators/sim_private.h"

#define PW_SIM_ZPL_ARGUMENTS 128

/* A picture that is being received: ^GFa,b,c,d,data. */
typedef struct pw_sim_graphic {
	char kind;                    /* 'A', 'B', 'C' */
	size_t coming;                /* b: bytes to come, of binary ones */
	size_t size, stride;          /* c, d */
	uint8_t *dots;                /* of the size; NULL: too large, only read over */
	size_t at;                    /* dots: the next byte, */
	bool low;                     /* … and its lower half */
	int repeat;                   /* of the next digit */
	struct pw_sim_packed *packed; /* :Z64: and :B64: */
	char head[5];                 /* ":Z64:" as far as it has come */
	size_t head_n;
	bool broken;
} pw_sim_graphic;

void pw_sim_graphic_begin(pw_sim_graphic *graphic, const char *arguments);
void pw_sim_graphic_feed(pw_sim_graphic *graphic, uint8_t byte);

/* No more will come. True: all of it was there, and its checksum was right. */
bool pw_sim_graphic_end(pw_sim_graphic *graphic, const char **out_why);
void pw_sim_graphic_clear(pw_sim_graphic *graphic);

/* Whether the next byte belongs to it, whatever it is. */
bool pw_sim_graphic_is_raw(const pw_sim_graphic *graphic);

typedef enum pw_sim_zpl_place {
	PW_SIM_ZPL_BETWEEN,
	PW_SIM_ZPL_NAME,
	PW_SIM_ZPL_ARGS,
	PW_SIM_ZPL_PICTURE
} pw_sim_zpl_place;

typedef struct pw_sim_zpl_state {
	pw_sim_zpl_place place;
	char prefix, name[2];
	size_t name_n, arguments_n;
	char arguments[PW_SIM_ZPL_ARGUMENTS + 1];
	int commas;
	pw_sim_graphic graphic;
	/* of the printer, kept between formats */
	int64_t width, length, home_x, home_y;
	bool diagnostic;
	/* of the format */
	bool format; /* it has begun */
	bool filled; /* it has a field */
	int64_t x, y;
	bool from_below; /* ^FT: y is the lower edge */
	int64_t copies;
	bool inverse; /* ^FR */
	pw_sim_page page;
} pw_sim_zpl_state;

/* ~HS, ~HQES and ~HI. */
void pw_sim_zpl_host_status(pw_sim *sim);
void pw_sim_zpl_host_query(pw_sim *sim);
void pw_sim_zpl_identity(pw_sim *sim);

#endif
