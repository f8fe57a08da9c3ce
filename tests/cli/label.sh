#!/bin/sh
# label.sh PROGRAM ROWS FUTURE TREE: labels from the outside, without a laboratory.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
tree=$4

# What there is
expect 0 label templates --json
for name in tube-13x75 cryotube-side cryotube-cap plate box person-card reagent-lot a4-tubes command-card; do
	grep -q "\"name\": *\"$name\"" out || fail "no label '$name'"
	expect 0 label check "$name"
	silent
	says "can be printed and read at 203, 300 and 600 dpi"
	expect 0 label templates --json
done
grep -q '"size_mm"' out || fail 'no sizes'
expect 0 label templates
grep -q '^tube-13x75 .*50.8 × 25.4 .*id\*' out || fail 'the table has no tube'

# starts FORMAT TEXT: the label in that format begins like this
starts() {
	expect 0 label render --template tube-13x75 --set id=SZT00000124M --set 'name=Li Na' \
		--dpi 300 --format "$1" --out "label.$1"
	silent
	[ "$(head -c "${#2}" "label.$1" | tr -d '\0')" = "$2" ] || fail "a $1 does not begin with '$2'"
}

starts svg '<?xml'
starts pdf '%PDF-'
starts zpl '^XA^PW600^LL300^LH0,0^FO0,0^GFA,22500,22500,75,:Z64:'
starts tspl 'SIZE 50.8 mm,25.4 mm'
starts epl '
N'
starts png "$(printf '\211PNG')"
starts brother ''
starts dymo "$(printf '\033\033\033')"
starts brother-wide ''
expect 0 label render -t cryotube-side -s id=SZT00000124M --dpi 180 -f ptouch -o label.ptouch
expect 0 label render -t tube-13x75 -s id=SZT00000124M --dpi 360 -f ptouch -o label.ptouch
expect 2 label render -t tube-13x75 -s id=SZT00000124M --dpi 300 -f ptouch
says 'ptouch printers have 180 or 360 dpi, not 300'
expect 0 label render -t tube-13x75 -s id=SZT00000124M --dpi 203
"$program" label render -t tube-13x75 -s id=SZT00000124M --dpi 203 -o same.png
cmp -s out same.png || fail 'standard output and a file differ'

# The printer's own symbols
expect 0 label render -t tube-13x75 -s id=SZT00000124M -f zpl --native --dpi 203 -o native.zpl
grep -q '\^BY2\^BCN,87,N,N,N,A\^FDSZT00000124M\^FS\^PQ1' native.zpl || fail 'no ^BC in a native job'
expect 2 label render -t tube-13x75 -s id=SZT00000124M -f tspl --native
says 'native is for --format zpl'

# What is refused
expect 2 label render -t tube-13x75
says "needs the field 'id'"
expect 2 label render -t tube-13x75 -s id
says 'write FIELD=TEXT'
expect 2 label render -t tube-13x75 -s id=A -s nmae=B
says "'nmae' is no field of label 'tube-13x75': it has id, name, note, site, date"
expect 2 label render -t tube-13x75 -s id=A -s id=B
says "field 'id' is set twice"
expect 1 label render -t tub -s id=A
says 'there are a4-tubes, box'
expect 2 label render -t tube-13x75 -s id=A --dpi 250
expect 2 label render -t tube-13x75 -s id=A --dpi 203 --format dymo
says 'dymo printers have 300 dpi, not 203'
expect 1 label render -t tube-13x75 -s id=A-VERY-LONG-IDENTIFIER-OF-SOMEBODY-ELSE -o none.png
says 'tube-13x75.yaml:'
says 'is not made'
[ ! -e none.png ] || fail 'a label that was refused was written'

# On the screen
expect 0 label preview -t cryotube-cap
[ "$(wc -l <out)" -gt 20 ] || fail 'nothing is drawn'
grep -q '█' out || fail 'nothing is black'
expect 0 label preview -t tube-13x75 -s id=SZT00000124M -s 'name=Li Na'
expect 3 label preview -t tube-13x75 -s id=A-VERY-LONG-IDENTIFIER-OF-SOMEBODY-ELSE
grep -q '█' out || fail 'a label that is refused is not shown'
says 'tube-13x75.yaml:'
mkdir bin
cat >bin/xdg-open <<'END'
#!/bin/sh
cp "$1" "$SHOWN"
END
chmod +x bin/xdg-open
SHOWN=$PWD/shown TMPDIR=$PWD PATH=$PWD/bin:$PATH
export SHOWN TMPDIR PATH
expect 0 label preview -t plate -s id=SZQ00000041A --open --format svg
[ "$(head -c 5 shown)" = '<?xml' ] || fail 'the viewer is not given an SVG'
says '/plate.svg'
expect 0 label preview -t plate -s id=SZQ00000041A --open
printf '#!/bin/sh\nexit 4\n' >bin/xdg-open
expect 1 label preview -t plate -s id=SZQ00000041A --open
says 'open away to see the label here'

# A sheet: a field that is set once more begins the next label
set --
for i in 1 2 3 4 5 6 7; do
	for k in 1 2 3 4 5 6 7; do set -- "$@" -s "id=TUBE-$i$k"; done
done
expect 0 label render -t a4-tubes -f pdf -o sheets.pdf -s note='10 swabs' "$@"
if command -v pdfinfo >/dev/null; then
	same 'the number of sheets for 49 labels' 2 "$(pdfinfo sheets.pdf | sed -n 's/^Pages: *//p')"
fi
expect 2 label render -t a4-tubes -f png -o sheets.png "$@"
says 'use --format pdf'

# A label of one's own
in_file mine.yaml <<'END'
poolwell: label/1
name: mine
version: 1
size: [40, 20]
fields:
  id: {required: yes, example: SZT00000124M}
elements:
  - {code128: "{id}", at: [0, 1, 40, 10]}
  - {text: "{id}", at: [1, 12, 38, 4]}
END
expect 3 label check mine.yaml
says 'mine.yaml:8:5: error: Code 128 of'
says 'at 203 dpi'
expect 0 label check mine.yaml --dpi 600
in_file broken.yaml <<'END'
poolwell: label/1
name: broken
version: 1
size: [40, 20]
elements:
  - {code128: "{id}", at: [0, 1, 40, 10]}
END
expect 1 label check broken.yaml
says "broken.yaml:6:15: '{id}' is no field"
expect 1 label check ./no-such.yaml

# checks CODE ID NAME ELEMENTS: a label that has this finding, with its code behind it
checks() {
	printf 'poolwell: label/1\nname: t\nversion: 1\nsize: [50, 30]\nfields:\n' >t.yaml
	printf '  id: {required: yes, example: "%s"}\n  name: {example: "%s"}\nelements:\n%s\n' "$2" "$3" "$4" >>t.yaml
	case $1 in text-cut | text-small) expect 0 label check t.yaml ;; *) expect 3 label check t.yaml ;; esac
	says " [$1]"
	echo "$1" >>codes
}
read_by='  - {text: "{id}", at: [2, 25, 40, 4]}
'
: >codes
checks dense SZT00000124M Li "$read_by  - {code128: \"{id}\", at: [10, 2, 25, 10]}"
checks no-room 4711 Li "$read_by  - {qr: \"{id}\", at: [6, 2, 2, 2]}"
says 'QR of '"'4711'"' has 29 × 29 modules with its quiet zone'
checks quiet-zone 4711 Li "$read_by  - {code128: \"{id}\", at: [0, 2, 50, 10], quiet: 5}"
checks text-fit 4711 'Li Xiao Guang' '  - {text: "{name}", at: [2, 2, 10, 3], size: 2, min_size: 2}'
checks text-cut 4711 'Maximilian Mustermann' '  - {text: "{name}", at: [2, 2, 10, 3], cut: end}'
checks text-small 4711 Li '  - {text: "{name}", at: [2, 2, 10, 3], size: 0.9}'
checks unprintable 4711 "$(printf 'Li \315\270')" '  - {text: "{name}", at: [2, 2, 30, 4]}'
checks outside 4711 Li '  - {line: [2, 2, 2, 31]}'
checks unread 4711 Li '  - {qr: "{id}", at: [5, 2, 20, 20]}'
awk '/^## / { on = /What the linter refuses/ } on && /^\| .[a-z]+.?[-a-z]*/ {
	split($0, cell, "|"); gsub(/[^-a-z ]/, "", cell[2]); print cell[2] }' "$tree/docs/reference/labels.md" |
	tr ' ' '\n' | grep '[a-z]' | grep -vx code >listed
same 'the codes that the manual lists' "$(sort codes | paste -sd' ')" "$(sort listed | paste -sd' ')"

finish
