#!/bin/sh
# udev.sh TREE BUILD: the udev rules are well-formed, cover what usb: and serial: open, are named rightly by the errors
# that speak of them, and are installed. (That udev itself grants by them is seen by ./dev test --qemu.)
set -eu
cd "$1"
rules=udev/70-poolwell.rules
failed=0

complain() {
	printf '%s\n' "$*"
	failed=1
}

# Every line is a comment, or KEY=="value", … parted by commas.
pair='[A-Z]+(\{[A-Za-z0-9_]+\})?(==|!=|=|\+=)"[^"]*"'
wrong=$(grep -vnE "^(#.*)?$" "$rules" | grep -vE "^[0-9]+:$pair(, $pair)*$" || true)
[ -z "$wrong" ] || complain "$rules has what is no rule:
$wrong"

# Whether one of the patterns that the rules have for a key matches a text, as udev matches: by the shell's rules.
covered() {
	grep -oE "$1==\"[^\"]*\"" "$rules" | sed 's/.*=="\(.*\)"/\1/' | tr '|' '\n' >"$list"
	while read -r pattern; do
		# shellcheck disable=SC2254 # it is a pattern
		case $2 in $pattern) return 0 ;; esac
	done <"$list"
	return 1
}

list=$(mktemp)
work=$(mktemp -d)
trap 'rm -rf "$list" "$work"' EXIT

# What devices/transport/usb_device.c takes for a printer: alone, behind and before other interfaces.
for interfaces in :070102: :070101: :ff0000:070102:070101: :070101:080650:030000:; do
	covered 'ENV\{ID_USB_INTERFACES\}' "$interfaces" || complain "no rule for a printer with $interfaces"
done
for interfaces in :080650: :030101: :060101: :0e0701:; do
	! covered 'ENV\{ID_USB_INTERFACES\}' "$interfaces" || complain "a rule for $interfaces, which is no printer"
done
for port in ttyUSB0 ttyUSB12 ttyACM0 lp0; do
	covered KERNEL "$port" || complain "no rule for $port"
done
! covered KERNEL ttyS0 || complain 'a rule for ttyS0, which has no USB'

# uaccess is looked at by 73-seat-late.rules.
number=$(basename "$rules" | cut -d- -f1)
[ "$number" -lt 73 ] || complain "$rules comes too late for uaccess"

# Whoever names the file names this one.
wrong=$(grep -rnoE '[0-9]+-poolwell\.rules' devices docs cli udev --include='*.c' --include='*.md' --include='*.rules' |
	grep -v ":$(basename "$rules")$" || true)
[ -z "$wrong" ] || complain "this is not the name of the rules:
$wrong"

cmake --install "$2" --component udev --prefix "$work" >/dev/null
cmp "$rules" "$work/lib/udev/rules.d/$(basename "$rules")" || complain "$rules is not installed"

exit "$failed"
