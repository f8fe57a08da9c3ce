#!/bin/sh
# What the pages say of the program and of each other is so.
# usage: pages.sh PROGRAM TREE
# shellcheck disable=SC2016 # the backtick and the dollar are Markdown's and sed's
set -u
program=$1
cd "$2" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failures=0

complain() {
	printf '%s\n' "$*"
	failures=$((failures + 1))
}

find README.md CHANGELOG.md CONTRIBUTING.md docs -name '*.md' | sort >"$work/pages"

# --- links: the file is there, and so is the heading behind '#'; every page is linked from another one

# The anchors of a page's headings, as they are made from them everywhere.
anchors() {
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed -e 's/[^a-z0-9 _-]//g' -e 's/ /-/g'
}

: >"$work/linked"
while read -r page; do
	folder=$(dirname "$page")
	sed -e '/^```/,/^```/d' "$page" | grep -oE '\]\([^)]+\)|src="[^"]+"' |
		sed -e 's/^](//' -e 's/)$//' -e 's/^src="//' -e 's/"$//' | grep -vE '^https?:' >"$work/links"
	while read -r link; do
		file=${link%%#*}
		if [ -z "$file" ]; then file=$page; else file=$folder/$file; fi
		if [ ! -e "$file" ]; then
			complain "$page: the link to $link leads nowhere"
			continue
		fi
		realpath --relative-to=. "$file" >>"$work/linked"
		case $link in
		*'#'*) anchors "$file" | grep -qxF -e "${link#*#}" ||
			complain "$page: $file has no heading #${link#*#}" ;;
		esac
	done <"$work/links"
done <"$work/pages"
grep '^docs/' "$work/pages" | while read -r page; do
	grep -qxF -e "$page" -e "$(dirname "$page")" "$work/linked" || echo "$page: no page links to it"
done >"$work/orphans"
[ ! -s "$work/orphans" ] || complain "$(cat "$work/orphans")"

# --- commands that are named in `…` exist; CONTRIBUTING.md invents one

"$program" help --csv -q | sed 1d | cut -d, -f1 >"$work/commands"
cut -d' ' -f1 "$work/commands" | sort -u >"$work/nouns"
grep -v '^CONTRIBUTING' "$work/pages" | xargs grep -noE '`poolwell [a-z]+( [a-z-]+)?' | sed 's/`poolwell //' |
	while IFS=: read -r page line words; do
		noun=${words%% *}
		grep -qxF -e "$words" "$work/commands" && continue
		grep -qxF -e "$noun" "$work/commands" && continue
		[ "$words" = "$noun" ] && grep -qxF -e "$noun" "$work/nouns" && continue
		echo "$page:$line: there is no command 'poolwell $words'"
	done >"$work/wrong"
[ ! -s "$work/wrong" ] || complain "$(cat "$work/wrong")"

# --- the README's summaries of the demonstration are those that it prints

# said MARK: the block behind <!-- MARK -->
said() {
	awk -v mark="<!-- $1 -->" '$0 == mark { found = 1; next }
		found && /^```$/ { if (inside) exit; inside = 1; next } inside' README.md
}
said 'demo' >"$work/said"
"$program" demo --out "$work/demo" -q | sed '/./,$!d' >"$work/printed"
diff -u "$work/said" "$work/printed" || complain "README.md: the demonstration ends otherwise"
said 'demo --design array-8x12' >"$work/said"
"$program" demo --out "$work/demo/pools" --design array-8x12 -q |
	sed -n '/^Laboratory pools/,/^  false alarms/p' >"$work/printed"
diff -u "$work/said" "$work/printed" || complain "README.md: the demonstration of laboratory pools ends otherwise"

# --- docs/internals/errors.md lists every code of a refusal, and every status

cat core/lab/*.c core/model/*.c | tr -s '\n\t ' ' ' | grep -oE 'pw_refuse\( ?err, "[a-z-]+"' |
	sed 's/.*"\(.*\)"/\1/' | sort -u >"$work/codes"
sed -n '/^## Refusals/,$p' docs/internals/errors.md | sed -n 's/^| `\([a-z-]*\)` |.*/\1/p' |
	sort >"$work/listed"
diff -u "$work/listed" "$work/codes" || complain "docs/internals/errors.md: its list of refusals is not that of the sources"
grep -oE 'PW_ERR_[A-Z_]+ = ' core/base/err.h | sed 's/ = //' | while read -r status; do
	grep -q "^| \`$status\` |" docs/internals/errors.md || echo "docs/internals/errors.md: no $status"
done >"$work/missing"
[ ! -s "$work/missing" ] || complain "$(cat "$work/missing")"

[ "$failures" -eq 0 ]
