/* The names of serial ports: nodes ("/dev/ttyUSB0"), and the links in /dev/serial that udev keeps to them. */
#ifndef PW_DEVICES_SERIAL_PORT_H
#define PW_DEVICES_SERIAL_PORT_H

#define PW_SERIAL_NODE_SIZE 64

/*
 * "/dev/ttyUSB0", for itself and for any chain of links to it ("/dev/serial/by-id/usb-FTDI_…"). A path that is no
 * link stays as it is, as far as there is room.
 */
void pw_serial_node(const char *path, char out[PW_SERIAL_NODE_SIZE]);

#endif
