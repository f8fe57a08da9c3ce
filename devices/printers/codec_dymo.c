#include "devices/printers/codec_dymo.h"

#define RESERVED 0x1CU

bool pw_dymo_is_status(uint8_t byte)
{
	return (byte & RESERVED) == 0;
}
