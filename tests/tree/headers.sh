#!/bin/sh
# headers.sh TREE COMPILER INCLUDES: every header of ours compiles alone, without extensions.
set -eu
cd "$1"
compiler=$2
includes=$3
failed=0
# The folders of the third argument, which are parted by semicolons, as arguments of ours.
set -f
ifs=$IFS
IFS=';'
set --
for folder in $includes; do
	set -- "$@" "-I$folder"
done
IFS=$ifs
set +f
for header in $(git ls-files -co --exclude-standard -- 'core/*.h' 'labels/*.h' 'devices/*.h' 'cli/*.h'); do
	case $header in
	core/store/internal.h | core/store/gen/*) continue ;; # sees SQLite, or is no part of the program
	labels/*private*) continue ;;                        # sees cairo
	core/base/banned.h) continue ;;
	esac
	if ! printf '#include "%s"\n' "$header" |
		"$compiler" -std=c17 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror \
			-I. "$@" -fsyntax-only -x c -; then
		printf '%s does not stand alone\n' "$header"
		failed=1
	fi
done
exit "$failed"
