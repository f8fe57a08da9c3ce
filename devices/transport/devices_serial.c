/* The serial ports that are connected. */
#include <dirent.h>
#include <libserialport.h>
#include <stdio.h>
#include <string.h>

#include "devices/transport/devices_impl.h"
#include "devices/transport/serial_port.h"
#include "devices/transport/uri.h"

#define BY_ID "/dev/serial/by-id"

/* The name that udev gives a port for what is connected by it, whichever socket it is put in; "" for none. */
static void lasting_name(const char *node, pw_str *out)
{
	DIR *dir = opendir(BY_ID);
	const struct dirent *entry;
	while (dir != NULL && out->len == 0 && (entry = readdir(dir)) != NULL) {
		char path[512], leads_to[PW_SERIAL_NODE_SIZE];
		snprintf(path, sizeof(path), BY_ID "/%.250s", entry->d_name);
		pw_serial_node(path, leads_to);
		if (entry->d_name[0] != '.' && strcmp(leads_to, node) == 0)
			pw_str_add(out, path);
	}
	if (dir != NULL)
		closedir(dir);
}

static const char *make_uri(pw_arena *arena, const char *node)
{
	pw_str name = PW_STR_INIT, uri = PW_STR_INIT;
	lasting_name(node, &name);
	pw_str_add(&uri, "serial:");
	pw_uri_add_escaped(&uri, name.len > 0 ? pw_str_text(&name) : node);
	const char *text = pw_arena_strdup(arena, pw_str_text(&uri));
	pw_str_clear(&name);
	pw_str_clear(&uri);
	return text;
}

static void add_port(pw_device_found *found, const struct sp_port *port)
{
	pw_arena *arena = found->arena;
	const char *node = sp_get_port_name(port);
	pw_device d = {.kind = PW_DEVICE_SERIAL_PORT,
		       .maker = "",
		       .model = "",
		       .serial = "",
		       .vendor = -1,
		       .product = -1,
		       .device_id = "",
		       .driver = "",
		       .trouble = ""};
	d.uri = make_uri(arena, node);
	d.node = pw_arena_strdup(arena, node);
	d.description = pw_device_text(arena, sp_get_port_description(port));
	if (sp_get_port_transport(port) == SP_TRANSPORT_USB) {
		(void)sp_get_port_usb_vid_pid(port, &d.vendor, &d.product);
		d.maker = pw_device_text(arena, sp_get_port_usb_manufacturer(port));
		d.model = pw_device_text(arena, sp_get_port_usb_product(port));
		d.serial = pw_device_text(arena, sp_get_port_usb_serial(port));
	}
	pw_vec_push(&found->devices, d);
}

pw_status pw_device_list_serial(pw_device_found *found, pw_err *err)
{
	struct sp_port **ports;
	enum sp_return r = sp_list_ports(&ports);
	if (r == SP_ERR_MEM)
		return pw_fail(err, PW_ERR_NO_MEMORY, "memory ran out");
	if (r != SP_OK)
		return PW_OK; /* no /sys/class/tty: a container */
	for (size_t i = 0; ports[i] != NULL; i++)
		add_port(found, ports[i]);
	sp_free_port_list(ports);
	return PW_OK;
}
