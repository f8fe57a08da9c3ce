#!/bin/sh
# Does what a page says, in an empty folder, and compares what comes out with what the page prints.
# usage: run_tutorial.sh [--write] PROGRAM PAGE [DATA]
#
#   ```console     "$ command" lines, each with "> " continuation lines, and the output behind it
#   ```sh          commands that print nothing and must not fail
#   <!-- sh … -->  the same, for the test alone: what the page takes for granted
#   <!-- needs FILE -->  a file under DATA, which is $DATA for the commands; the page is skipped without it
#
# Times, dates, durations and hashes may differ, and how many spaces there are; a line "…" stands for any
# number of lines. Everything runs in one shell, so that what is set in one block holds in the next. $PAGES is
# this folder. With --write, blocks that are not true any more get what came out, but for those with a "…".
set -u
write=
if [ "$1" = --write ]; then
	write=1
	shift
fi
program=$1 page=$2 data=${3:-}
PAGES=$(cd "$(dirname "$0")" && pwd)
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT

sed -n 's/^<!-- needs \(.*\) -->$/\1/p' "$page" >"$here/needs"
while read -r file; do
	[ -r "$data/$file" ] && continue
	echo "skipped: ../shared/data is not there ($file)"
	exit 0
done <"$here/needs"

# The page → a script that also prints its commands, and the transcript as the page has it. Console blocks
# end with a line "@@" in both.
awk -v script="$here/script" -v expected="$here/expected" '
function finish() {
	if (shown != "") {
		print "cat <<\047end of a command\047\n" shown "\nend of a command" > script
		print command > script
	}
	shown = ""
}
BEGIN { printf "" > script; printf "" > expected }
/^```console$/ { mode = "console"; next }
/^```sh$/ || /^<!-- sh$/ { mode = "sh"; print "set -e" > script; next }
mode == "console" && /^```$/ {
	finish()
	print "echo @@" > script
	print "@@" > expected
	mode = ""
	next
}
mode == "sh" && (/^```$/ || /^-->$/) { print "set +e" > script; mode = ""; next }
mode == "sh" { print > script }
mode == "console" { print > expected }
mode == "console" && /^\$ / { finish(); shown = $0; command = substr($0, 3); more = 1; next }
mode == "console" && /^> / && more { shown = shown "\n" $0; command = command "\n" substr($0, 3); next }
mode == "console" { more = 0 }
END {
	print "exit 0" > script
	if (mode != "") {
		print "a block is not ended" > "/dev/stderr"
		exit 1
	}
}
' "$page" || exit 1

mkdir "$here/bin" "$here/work"
ln -s "$program" "$here/bin/poolwell"
unset POOLWELL_LAB POOLWELL_OPERATOR POOLWELL_STATION POOLWELL_SITE NO_COLOR COLUMNS
export PATH="$here/bin:$PATH" DATA="$data" PAGES LC_ALL=C.UTF-8
# It is about noon, so that no day ends while the page is worked through.
hour=$(date -u +%H)
export TZ="LAB$((${hour#0} - 12))"

(cd "$here/work" && sh ../script </dev/null >../actual 2>&1) || {
	cat "$here/actual"
	echo "$page: a block of commands failed" >&2
	exit 1
}

mask() {
	tr -d '\r' <"$1" | sed -E -e 's/[0-9a-f]{64}/HASH/g' -e 's/[0-9a-f]{16}…/HASH/g' \
		-e 's/([0-9]+)-[0-9a-f]{16}/\1-HASH/g' \
		-e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}[-+0-9:Z]*)?/TIME/g' \
		-e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}/DATE/g' \
		-e 's/(^|[^0-9])[0-9]{16}([^0-9]|$)/\1MICROSECONDS\2/g' \
		-e 's/(^| )[0-9]+ (s|min|h [0-9]{2} min|d [0-9]{2} h)( |$)/\1LONG\3/g' \
		-e 's/ +/ /g' -e 's/ $//'
}
mask "$here/expected" >"$here/page"
mask "$here/actual" >"$here/program"

if [ -n "$write" ]; then
	# Blocks that differ, and have no "…", get what came out.
	awk '
	FNR == 1 { file++; n = 0 }
	file < 4 && /^@@$/ { n++; next }
	file == 1 { page[n] = page[n] $0 "\n"; next }
	file == 2 { made[n] = made[n] $0 "\n"; next }
	file == 3 { sub(/[ \r]+$/, ""); raw[n] = raw[n] $0 "\n"; next }
	/^```console$/ { print; inside = 1; old = ""; next }
	inside && /^```$/ {
		printf "%s", page[n] == made[n] || page[n] ~ /(^|\n)…\n/ ? old : raw[n]
		n++
		inside = 0
	}
	inside { old = old $0 "\n"; next }
	{ print }' "$here/page" "$here/program" "$here/actual" "$page" >"$here/new" &&
		cat "$here/new" >"$page"
	exit
fi

# A line of "…" is met by whatever comes before the line that follows it.
awk '
FNR == NR { page[++n] = $0; next }
{ line[++m] = $0 }
END {
	k = 1
	for (i = 1; i <= n; i++) {
		if (page[i] == "…") {
			while (k <= m && line[k] != page[i + 1])
				k++
		} else if (page[i] != line[k++]) {
			exit 1
		}
	}
	exit k <= m
}' "$here/page" "$here/program" && exit 0
diff -u "$here/page" "$here/program"
echo "$page prints other things than the program does" >&2
exit 1
