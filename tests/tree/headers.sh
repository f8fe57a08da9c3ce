#!/bin/sh
# headers.sh TREE COMPILER INCLUDES: every header of ours compiles alone, without extensions.
set -eu
cd "$1"
compiler=$2
includes=$(printf '%s' "$3" | tr ';' '\n' | sed 's/^/-I/')
failed=0
for header in $(git ls-files -co --exclude-standard -- 'core/*.h' 'labels/*.h' 'devices/*.h' 'cli/*.h'); do
	case $header in
	core/store/internal.h | core/store/gen/*) continue ;; # sees SQLite, or is no part of the program
	labels/*private*) continue ;;                        # sees cairo
	core/base/banned.h) continue ;;
	esac
	# shellcheck disable=SC2086
	if ! printf '#include "%s"\n' "$header" |
		"$compiler" -std=c17 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror \
			-I. $includes -fsyntax-only -x c -; then
		printf '%s does not stand alone\n' "$header"
		failed=1
	fi
done
exit "$failed"
