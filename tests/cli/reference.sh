#!/bin/sh
# docs/reference/commands.md is what the program says of itself.
# usage: reference.sh PROGRAM FILE
set -u
program=$1 file=$2
made=$(mktemp) || exit 1
trap 'rm -f "$made"' EXIT

"$program" help --markdown >"$made" || exit 1
if ! diff -u "$file" "$made"; then
	echo "$file is out of date; make it anew: $program help --markdown > $file" >&2
	exit 1
fi
