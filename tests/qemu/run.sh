#!/bin/sh
# run.sh TREE BUILD: the tests of USB and serial devices against the real Linux kernel. Boots Debian's stock kernel in
# QEMU (no root, no KVM needed) with gadgets plugged into its USB host: a printer class device with usblp bound, a CDC
# modem; and QEMU's FTDI adaptor, whose other end is the guest's second serial port.
#
# What is downloaded (the kernel's and udev's packages) is kept in TREE/build-qemu.
set -eu
tree=$1
build=$2
here=$tree/tests/qemu
cache=$tree/build-qemu
mkdir -p "$cache"
cd "$cache"

say() {
	printf '%s\n' "qemu: $*" >&2
}

# unpack PACKAGE: the package of Debian's, downloaded and unpacked once, in $cache/PACKAGE
unpack() {
	[ -e "$1/.whole" ] && return 0
	say "downloading $1"
	rm -rf "$1" "$1"_*.deb
	apt-get -q download "$1" >/dev/null 2>&1 || {
		say "there is no package '$1': is apt's list fresh? (apt-get update)"
		exit 1
	}
	dpkg-deb -x "$1"_*.deb "$1"
	rm -f "$1"_*.deb
	: >"$1/.whole"
}

kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' | head -n 1)
[ -n "$kernel" ] || {
	say 'apt knows no linux-image-amd64: apt-get update'
	exit 1
}
unpack "$kernel"
unpack udev
version=${kernel#linux-image-}
modules=$cache/$kernel/lib/modules
[ -e "$modules/$version/modules.dep" ] || /sbin/depmod -b "$cache/$kernel" "$version"

# ---- the guest's files

root=$cache/root
rm -rf "$root"
mkdir -p "$root/bin" "$root/modules" "$root/tests" "$root/proc" "$root/sys" "$root/dev" "$root/run" \
	"$root/tmp" "$root/etc/udev/rules.d" "$root/lib/systemd" "$root/lib/udev/rules.d"

# with_libraries PROGRAM PLACE
with_libraries() {
	cp -L "$1" "$root/$2"
	ldd "$1" | grep -o '/[^ ]*' | while read -r library; do
		[ -e "$root$library" ] && continue
		mkdir -p "$root$(dirname "$library")"
		cp -L "$library" "$root$library"
	done
}

cp /bin/busybox "$root/bin/busybox"
cp "$here/init.sh" "$root/init"
chmod +x "$root/init"
with_libraries "$build/tests/qemu/test_guest" tests/test_guest
with_libraries "$build/poolwell" bin/poolwell
with_libraries "$cache/udev/bin/udevadm" bin/udevadm
ln -s ../../bin/udevadm "$root/lib/systemd/systemd-udevd"
for rules in 50-udev-default 60-serial 80-drivers; do
	cp "$cache/udev/lib/udev/rules.d/$rules.rules" "$root/lib/udev/rules.d/"
done
cp "$tree/udev/70-poolwell.rules" "$root/etc/udev/rules.d/"
printf 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\ntty:x:5:\nlp:x:7:\ndialout:x:20:\nkmem:x:15:\ninput:x:101:\nnogroup:x:65534:\n' \
	>"$root/etc/group"
for group in disk cdrom audio video sgx kvm render tape lpadmin; do
	printf '%s:x:%d:\n' "$group" "$((200 + $(printf %s "$group" | wc -c)))" >>"$root/etc/group"
done

# Two hosts to plug gadgets into. What a module needs stands in front of it.
for module in dummy_hcd usb_f_printer usb_f_acm usblp cdc-acm ftdi_sio xhci-pci; do
	/sbin/modprobe -d "$cache/$kernel" -S "$version" --show-depends "$module"
done | awk '/^insmod/ && !seen[$2]++ { print $2 }' | while read -r file; do
	name=$(basename "$file")
	cp "$file" "$root/modules/$name"
	case $name in
	dummy_hcd.*) echo "$name num=2" ;;
	*) echo "$name" ;;
	esac
done >"$root/modules/order"

(cd "$root" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >initrd.gz

# ---- the machine

say "booting $version"
rm -f ftdi.sock
timeout "${POOLWELL_QEMU_SECONDS:-600}" qemu-system-x86_64 -accel tcg -cpu max -m 512 -nographic \
	-no-reboot -kernel "$cache/$kernel/boot/vmlinuz-$version" -initrd initrd.gz \
	-append 'console=ttyS0 quiet oops=panic panic=1 loglevel=3' \
	-serial stdio -monitor none \
	-device qemu-xhci \
	-chardev socket,id=adaptor,path=ftdi.sock,server=on,wait=off \
	-device usb-serial,chardev=adaptor \
	-chardev socket,id=port,path=ftdi.sock -serial chardev:port \
	</dev/null >console.log 2>qemu.log || true
tr -d '\r' <console.log | sed -n '/^Running suite/,$p' >results.txt
cat results.txt
grep -qx 'POOLWELL-GUEST 0' results.txt || {
	say "the tests in the guest failed: $cache/console.log"
	tail -n 20 console.log qemu.log >&2
	exit 1
}
