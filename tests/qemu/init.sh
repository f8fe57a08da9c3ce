#!/bin/busybox sh
# shellcheck shell=dash
# The first and only process tree of the guest (run.sh): the kernel's own USB host, and gadgets that are plugged into
# it; udev with the rules of the tree; the tests. The last line says how they ended.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /run/udev /tmp
mount -t devpts pts /dev/pts
mount -t tmpfs tmp /run
chmod 1777 /tmp
while read -r module options; do
	# shellcheck disable=SC2086 # options are words
	insmod "/modules/$module" $options || echo "insmod $module failed"
done </modules/order
mount -t configfs none /sys/kernel/config

# gadget NAME VENDOR PRODUCT SERIAL MAKER MODEL FUNCTION: a device that can be plugged in
gadget() {
	g=/sys/kernel/config/usb_gadget/$1
	mkdir -p "$g/strings/0x409" "$g/functions/$7" "$g/configs/c.1"
	echo "$2" >"$g/idVendor"
	echo "$3" >"$g/idProduct"
	echo "$4" >"$g/strings/0x409/serialnumber"
	echo "$5" >"$g/strings/0x409/manufacturer"
	echo "$6" >"$g/strings/0x409/product"
	ln -s "$g/functions/$7" "$g/configs/c.1/"
}

gadget printer 0x0a5f 0x0187 'D2J 2047/00001' 'Zebra Technologies' 'ZTC ZD421-300dpi ZPL' printer.0
echo 'MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD421-300dpi ZPL;CLS:PRINTER;' \
	>/sys/kernel/config/usb_gadget/printer/functions/printer.0/pnp_string
gadget scanner 0x05e0 0x1701 SCN0001 Symbol 'CDC Scanner' acm.0

/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add
udevadm settle

status=0
CK_FORK=no CK_VERBOSITY=verbose /tests/test_guest || status=1
echo "POOLWELL-GUEST $status"
poweroff -f
