#!/bin/sh
# docs/reference/{commands,facts,schema}.md are what the program says of itself.
# usage: reference.sh PROGRAM FOLDER
set -u
program=$1 folder=$2
made=$(mktemp) || exit 1
trap 'rm -f "$made"' EXIT
failures=0

# same FILE HELP-ARGUMENTS...
same() {
	file=$folder/$1
	shift
	"$program" help "$@" --markdown >"$made" || exit 1
	diff -u "$file" "$made" && return
	echo "$file is out of date; make it anew: $program help $* --markdown > $file" >&2
	failures=$((failures + 1))
}

same commands.md
same facts.md facts
same schema.md schema

[ "$failures" -eq 0 ]
