#!/bin/sh
# words.sh TREE: no unfinished work that calls itself so, and no function on the banned list by another
# spelling.
set -eu
cd "$1"
failed=0
wrong=$(grep -rnE '\b(TODO|FIXME|XXX)\b' core labels devices cli tests --include='*.c' --include='*.h' --include='*.sql' || true)
if [ -n "$wrong" ]; then
	printf 'unfinished by its own words:\n%s\n' "$wrong"
	failed=1
fi
exit "$failed"
