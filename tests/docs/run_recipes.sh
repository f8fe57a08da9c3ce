#!/bin/sh
# Carries out the recipes of CONTRIBUTING.md on a copy of the tree, so that a recipe that rots is found.
# usage: run_recipes.sh TREE
#
# A comment before a fenced block says what to do with the block:
#
#   <!-- new FILE -->            it is the whole file, which must not be there
#   <!-- before FILE: LINE -->   it goes before the one line that reads so
#   <!-- behind FILE: LINE -->   … behind it
#   <!-- instead FILE: LINE -->  … in its place
#
# ```sh blocks from the heading "# Recipes" on are run in the copy, and must not fail.
set -u
tree=$1
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT
copy=$here/tree
mkdir "$copy"

# What git knows or would take; without git, everything but what was built.
if git -C "$tree" rev-parse --git-dir >/dev/null 2>&1; then
	git -C "$tree" ls-files -co --exclude-standard | while read -r file; do
		[ -e "$tree/$file" ] && printf '%s\n' "$file"
	done >"$here/files"
	tar -C "$tree" -cf - -T "$here/files" | tar -C "$copy" -xf -
else
	tar -C "$tree" --exclude='./build*' --exclude='./demo*' --exclude=./.git -cf - . | tar -C "$copy" -xf -
fi

# The page → a script of its steps, with the blocks as files beside it.
awk -v here="$here" '
function step(text) { print text > (here "/steps") }
BEGIN { printf "" > (here "/steps") }
/^# Recipes$/ { recipes = 1 }
!recipes { next }
/^## / { step("echo \"" $0 "\"") }
/^<!-- (new|before|behind|instead) .* -->$/ {
	action = $2
	rest = substr($0, length("<!-- " action " ") + 1)
	rest = substr(rest, 1, length(rest) - length(" -->"))
	colon = index(rest, ": ")
	path = action == "new" ? rest : substr(rest, 1, colon - 1)
	mark = action == "new" ? "" : substr(rest, colon + 2)
	next
}
/^```$/ && block != "" { close(block); block = ""; next }
/^```/ && block == "" {
	block = here "/block." ++n
	printf "" > block
	if (action != "") {
		print path > (block ".path")
		print mark > (block ".mark")
		step("apply " action " " block)
	} else if ($0 == "```sh") {
		step("run " block)
	}
	action = ""
	next
}
block != "" { print > block }
' "$tree/CONTRIBUTING.md" || exit 1

fail() {
	echo "CONTRIBUTING.md: $*" >&2
	exit 1
}

# apply ACTION BLOCK
apply() {
	file=$copy/$(cat "$2.path")
	if [ "$1" = new ]; then
		[ ! -e "$file" ] || fail "$file is there already"
		cp "$2" "$file"
		printf '%s\n' "$file" >>"$here/new"
		return
	fi
	[ "$(grep -cxF -e "$(cat "$2.mark")" "$file")" = 1 ] ||
		fail "$file has not one line that reads: $(cat "$2.mark")"
	awk -v action="$1" -v block="$2" '
	function put(  line) {
		while ((getline line < block) > 0)
			print line
	}
	FILENAME == block ".mark" { mark = $0; next }
	$0 == mark && action == "before" { put() }
	$0 != mark || action != "instead" { print }
	$0 == mark && action != "before" { put() }
	' "$2.mark" "$file" >"$here/changed" && cat "$here/changed" >"$file"
}

# run BLOCK
run() {
	# Check is content with a suite that is not there.
	(cd "$copy" && sh -eu "$1") >"$here/log" 2>&1 && ! grep -q 'Checks: 0,' "$here/log" && return
	tail -n 60 "$here/log"
	fail "this block failed:
$(cat "$1")"
}

export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-2}"
unset POOLWELL_LAB POOLWELL_OPERATOR POOLWELL_STATION POOLWELL_SITE
# shellcheck disable=SC1091 # made above
. "$here/steps"

if command -v clang-format >/dev/null; then
	grep '\.[ch]$' "$here/new" | xargs clang-format --dry-run --Werror || fail "run ./dev fmt on it"
fi
