#!/bin/sh
# judge.sh PROGRAM MODULES TREE: programs that are not ours (npm: zpl-renderer-js, a ZPL printer in software; zxing-wasm,
# a reader of symbols) look at every shipped label and every symbology. MODULES is where npm put them.
set -u
program=$1
modules=$2
tree=$3
if ! command -v node >/dev/null || [ ! -d "$modules/zpl-renderer-js" ] || [ ! -d "$modules/zxing-wasm" ]; then
	echo "skipped: zpl-renderer-js and zxing-wasm are not there: './dev judges' gets them from npm"
	exit 0
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
tab=$(printf '\t')
id=SZT00000124M

# render NAME DPI FORMAT OUT ARGUMENT...
render() {
	name=$1 dpi=$2 format=$3 out=$4
	shift 4
	"$program" label render -t "$name" --dpi "$dpi" -f "$format" -o "$out" "$@" || exit 1
}

# judge_label NAME TEXT ARGUMENT...: as a picture in ZPL, and with the symbols that the printer draws
judge_label() {
	name=$1 text=$2
	shift 2
	for dpi in 203 300 600; do
		case $dpi in 203) dpmm=8 ;; 300) dpmm=12 ;; *) dpmm=24 ;; esac
		render "$name" "$dpi" png "$name-$dpi.png" "$@"
		render "$name" "$dpi" zpl "$name-$dpi.zpl" "$@"
		render "$name" "$dpi" zpl "$name-$dpi-native.zpl" --native "$@"
		{
			printf 'same\t%s.zpl\t%s\t%s.png\t%s\n' "$name-$dpi" $dpmm "$name-$dpi" "$text"
			printf 'like\t%s-native.zpl\t%s\t%s.png\t%s\n' "$name-$dpi" $dpmm "$name-$dpi" "$text"
		} >>list
	done
}

judge_label tube-13x75 "]C0 $id" -s id=$id -s 'name=欧阳小明 José' -s note='born 1968-02-29'
judge_label cryotube-side "]d1 $id" -s id=$id -s 'name=प्रियंका श्रीवास्तव'
judge_label cryotube-cap "]d1 $id" -s id=$id
judge_label plate "]C0 $id" -s id=$id -s title=cdc-n1-n2-rp -s date=2026-11-23
judge_label box "]C0 $id" -s id=$id -s 'title=Village hall East → City laboratory'
judge_label person-card "]Q1 $id" -s id=$id -s 'name=محمد عبد الله الحسيني 😀'
judge_label reagent-lot "]d1 $id" -s id=$id -s reagent=mix -s lot=7 -s expiry=2027-03-31

# Words that mean something to a printer must come out as they are; so must separators of GS1.
gs1='(01)09501101530003(17)261231(10)A7-3(21)99'
gs1_read=$(printf '01095011015300031726123110A7-3\0352199')
cat >words.yaml <<'END'
poolwell: label/1
name: words
version: 1
size: [100, 100]
fields:
  bars: {example: A}
  matrix: {example: A}
  gs1: {example: (10)A}
elements:
  - {code128: "{bars}", at: [0, 1, 100, 10], module: 0.25}
  - {code128: "{bars}", at: [0, 13, 14, 86], turn: 90, module: 0.25}
  - {datamatrix: "{matrix}", at: [20, 14, 24, 24]}
  - {datamatrix: "{matrix}", at: [46, 14, 24, 24], turn: 90}
  - {datamatrix: "{matrix}", shape: rectangle, at: [72, 14, 26, 12], module: 0.4}
  - {gs1-datamatrix: "{gs1}", at: [20, 40, 24, 24], turn: 180}
  - {gs1-128: "{gs1}", at: [16, 66, 84, 10], module: 0.25}
  - {text: "{bars}", at: [20, 80, 78, 3]}
  - {text: "{matrix}", at: [20, 84, 78, 3]}
  - {text: "{gs1}", at: [20, 88, 78, 3]}
END
# words BARS MATRIX
words() {
	for option in '' --native; do
		job=words-$count$option.zpl
		count=$((count + 1))
		# shellcheck disable=SC2086 # no option, or one
		render ./words.yaml 300 zpl "$job" $option -s "bars=$1" -s "matrix=$2" -s "gs1=$gs1"
		printf 'like\t%s\t12\twords.png\t]C0 %s\t]d1 %s\t]d2 %s\t]C1 %s\n' "$job" "$1" "$2" \
			"$gs1_read" "$gs1_read" >>list
	done
}
count=0
render ./words.yaml 300 png words.png -s bars=A -s matrix=A -s "gs1=$gs1"
words 'PLAIN-1234567' 'plain-1234567'
words 'a^b~c>d_e' 'a^b~c>d_e'
words '1234' '\5E^FS^XZ'
words '>;>8>9x' '_1_d065__' # the renderer loses a last character behind >0
words 'x>5y ,:' '{"a": 1, b}'

# Sheets, as they are printed on paper
card='PW:YES|PW:NO|PW:UNDO|PW:REPEAT|PW:DONE|PW:SKIP|PW:FULL|PW:PRINT|PW:REJECT LEAKING|PW:REJECT EMPTY'
card="$card|PW:REJECT UNLABELLED|PW:REJECT WRONG-TUBE|PW:PAUSE|PW:HELP"
render command-card 203 png card.png
printf 'page\tcard.png\t%s\n' "$(printf '%s' "$card" | tr '|' '\t')" >>list

# What nothing of Debian's reads: Micro QR, at random, in each of its sizes
cat >micro.yaml <<'END'
poolwell: label/1
name: micro
version: 1
size: [20, 14]
sheet: {paper: [200, 280], columns: 10, rows: 20, left: 0, top: 0, across: 20, down: 14}
fields: {id: {example: A}}
elements:
  - {micro-qr: "{id}", at: [0.5, 0.5, 13, 10], module: 0.5}
  - {text: "{id}", at: [0.5, 10.6, 19, 3]}
END
awk 'BEGIN {
	srand(20261123)
	letters = "ABCDEFGHJKMNPQRSTVWXYZ0123456789abcdefghjkmnpqrstvwxyz-./:"
	for (i = 0; i < 200; i++) {
		n = 1 + int(rand() * 15); text = ""
		for (k = 0; k < n; k++)
			text = text (i % 2 ? int(rand() * 10) : substr(letters, 1 + int(rand() * length(letters)), 1))
		print text
	}
}' >ids
set --
while read -r text; do set -- "$@" -s "id=$text"; done <ids
for dpi in 203 300 600; do
	render ./micro.yaml "$dpi" png micro-$dpi.png "$@"
	printf 'sheet\tmicro-%s.png\t10\t20\t]Q1\t%s\n' "$dpi" "$(paste -s -d "$tab" ids)" >>list
done

node "$tree/tests/judges/judge.mjs" "$modules" list
