#!/bin/sh
# account.sh PROGRAM ROWS FUTURE TREE: labels that somebody answers for, from the outside, into files in the place of
# printers. Through printers: print.sh.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# texts_of FILE.pdf: what stands on its labels, one identifier a line; without pdftotext, nothing is compared
if command -v pdftotext >/dev/null; then
	texts_of() {
		pdftotext -layout "$1" - | grep -oE '[A-Z0-9]+-[A-Z]-[0-9]{4}-[0-9]{4}-[0-9A-Z]( *R[0-9])?' |
			sed 's/   *R/ R/'
	}
else
	texts_of() { echo 'skipped: pdftotext is not there' >&2; }
fi

# --- without a laboratory -----------------------------------------------------------------------

unset POOLWELL_LAB
expect 0 label print --template tube-13x75 --set id=SZT00000124M --printer 'file:one.pdf?language=pdf' --json
[ "$(head -c 5 one.pdf)" = %PDF- ] || fail 'no PDF'
grep -q '"labels": \[{"label": 1, "id": "SZT00000124M", "fate": "confirmed"}\]' out || fail 'no fates'
for key in '"confirmed": 1' '"unconfirmed": 0' '"waiting": 0'; do
	grep -qF "$key" out || fail "no $key"
done
expect 0 label print -t tube-13x75 -s id=A1 --copies 3 --printer 'file:one.png?language=png'
gives 'confirmed    3'
for n in 1 2 3; do
	[ "$(head -c 4 one-$n.png | tail -c 3)" = PNG ] || fail "no one-$n.png"
done
in_file rows.csv <<'END'
id,reagent,lot,expiry
L-0001,"Mix, 5×",A1,2027-03-31
L-0002,Primers,B2,2027-01-15
END
expect 0 label print -t reagent-lot --from rows.csv --printer 'file:lots.pdf?language=pdf' --json
grep -q '"label": 2, "id": "L-0002"' out || fail 'the rows are not in their order'
cut -d, -f1 rows.csv >in
expect 0 label print -t a4-tubes --from - --printer 'file:sheet.pdf?language=pdf'
cp rows.csv in
expect 1 label print -t a4-tubes --from - --printer 'file:sheet.pdf?language=pdf'
says "standard input:1:4: error: 'reagent' is no field of label 'a4-tubes'"

# What can't be is said, before anything is printed.
expect 2 label print -t tube-13x75 --printer 'file:x.pdf?language=pdf'
says "needs the field 'id'"
expect 2 label print -t tube-13x75 -s id=A -s id=B --printer 'file:x.pdf?language=pdf'
says "field 'id' is set twice"
expect 2 label print -t tube-13x75 -s nmae=B --printer 'file:x.pdf?language=pdf'
says "'nmae' is no field"
expect 2 label print -s id=A --printer 'file:x.pdf?language=pdf'
says '--template'
expect 2 label print --tubes 3 --printer 'file:x.pdf?language=pdf'
says "--tubes is for a laboratory's printer"
expect 2 label print -t tube-13x75 -s id=A --later --printer 'file:x.pdf?language=pdf'
expect 2 label print -t tube-13x75 -s id=A --printer 'tcp:printer?language=pdf'
says 'pictures go into a file'
expect 2 label print -t tube-13x75 -s id=A
says 'say which laboratory'
expect 1 label print -t tube-13x75 -s id=A --printer 'file:no/such/folder.pdf?language=pdf'
printf 'id\nA1\nA-VERY-LONG-IDENTIFIER-OF-SOMEBODY-ELSE\n' >long.csv
expect 1 label print -t tube-13x75 --from long.csv --printer 'file:x.pdf?language=pdf'
says 'long.csv:3: '
printf 'id,nmae\nA1,B\nA2,B,C\n' >wrong.csv
expect 1 label print -t tube-13x75 --from wrong.csv --printer 'file:x.pdf?language=pdf'
says "wrong.csv:1:4: error: 'nmae' is no field"
says 'wrong.csv:3:6: error: the row has 3 cells'
[ ! -e x.pdf ] || fail 'something was printed'

# --- numbers, queue, files ----------------------------------------------------------------------

export POOLWELL_LAB=one.db
begin_lab --operator wang
expect 1 label print --tubes 3
says 'the laboratory has no printer'
expect 0 printer add office 'file:office.pdf?language=pdf'
expect 1 printer add office 'file:other.pdf?language=pdf'
says "there is a printer 'office' already"
expect 2 printer add 'file:x' 'file:y.pdf?language=pdf'
expect 0 label print --tubes 60 --template a4-tubes --site gate
says "60 labels from 'SZT000000017' to "
gives 'confirmed    60'
texts_of office.pdf >texts
[ ! -s texts ] || {
	value id label list --batch 1 >ids
	same 'the labels on paper, in their order' "$(cat ids)" "$(tr -d -- '- ' <texts)"
}
listed label list
listed label gaps
listed label queue
listed printer list
same 'what waits' 0 "$("$program" label queue --csv 2>/dev/null | "$rows" csv)"

# Each number once, whoever asks and however many at once.
for i in 1 2 3 4; do
	"$program" label print --tubes 25 --later >"out$i" 2>&1 &
done
wait
same 'the labels' 160 "$("$program" label list --csv 2>/dev/null | "$rows" csv)"
same 'the different ones' 160 "$(value id label list | sort -u | wc -l | tr -d ' ')"
same 'what waits' 4 "$("$program" label queue --csv 2>/dev/null | "$rows" csv)"
expect 0 label resume
gives 'confirmed    100'

# A thing has a label once; a second one needs a reason and says so.
expect 0 plate new E0001
expect 0 label print --plate E0001
refused label-printed label print --plate E0001
refused label-unknown label reprint E0002 --reason torn
expect 2 label reprint E0001
expect 0 label reprint E0001 --reason torn
says 'as R2'
expect 1 label print --plate E0009
expect 2 label print --plate E0001 --tubes 3
says 'one of them says what the labels are of'
expect 2 label print --tubes 3 --set id=X
expect 2 label print --tubes 3 --copies 2
expect 2 label print --kits 2
says "needs the field 'reagent'"
expect 0 label print --kits 2 --set reagent=Mix --set lot=A --set expiry=2027-01-01
printf 'name,external_id\n王小明,R1\nAnn Lee,R2\nBo,R3\n' >people.csv
expect 0 roster import people.csv
expect 0 label print --roster people.csv
gives 'confirmed    3'
refused label-printed label print --person R2
expect 0 label print -t tube-13x75 --set id=KIT-1 --set name=Ann
same 'the state of what somebody else numbered' confirmed "$(value state label list KIT-1)"

# Cryotubes in the order of the worksheet, which is not that of the codes; boxes and tubes that are there.
for tube in KIT-9 KIT-3 KIT-7 KIT-5; do
	expect 0 collect open $tube --site gate --capacity 1
done
for tube in KIT-9:R1 KIT-3:R2 KIT-7:R3; do
	expect 0 collect add "${tube%:*}" "${tube#*:}"
	expect 0 collect close "${tube%:*}" --count 1
	expect 0 receive tube "${tube%:*}"
	expect 0 plate fill E0001 "${tube%:*}"
done
expect 0 label print --wells E0001
batch=$(sed -n 's/^batch *//p' out)
same 'the order of the plate' 'KIT-9 KIT-3 KIT-7' "$(value id label list --batch "$batch" | tr '\n' ' ' | sed 's/ $//')"
expect 0 label print --tube KIT-5
refused label-printed label print --tube KIT-5
expect 1 label print --tube KIT-6
says "no tube 'KIT-6' was opened"
printf 'box,tube\nB7,KIT-5\n' >box.csv
expect 0 receive manifest box.csv
expect 0 label print --box B7 --set title='gate to laboratory'
expect 1 label print --box B8
expect 1 label print --roster nobody.csv

# Reserved for a print shop, printed here after all.
expect 0 label reserve tube 5 --site gate --csv
first=$(sed -n 2p out | cut -d, -f2)
final=$(sed -n 6p out | cut -d, -f2)
expect 0 label print --reserved "$first..$final"
refused label-queued label print --reserved "$first"
expect 2 label reserve person 5
expect 2 label reserve tube many

# Scanned where it is used; void ones are refused.
expect 0 collect open "$first" --site gate
same 'the state of an opened tube' applied "$(value state label list "$first")"
expect 2 label void "$final"
expect 0 label void "$final" --reason 'fell into the sink'
refused label-void collect open "$final" --site gate
says 'fell into the sink'
slips label-unknown label apply "$final" NOBODY
slips label-applied label void "$first" --reason 'by mistake'
expect 0 label gaps tube --unused
! grep -q applied out || fail '--unused shows what is in use'

# A printer that can't be written to stops nothing.
mkdir there
expect 0 printer add shelf 'file:there/shelf.png?language=png'
rm -r there
expect 3 label print --tubes 2 --printer shelf
says "2 labels wait: 'poolwell label resume --printer shelf' prints them"
says 'its folder is not there'
grep -q '^waiting      2' out || fail 'two wait'
"$program" label queue --csv 2>/dev/null | grep -q 'its folder is not there' || fail 'nothing says why they wait'
refused printer-needed printer remove shelf
expect 0 collect open T1 --site gate
mkdir there
expect 0 label resume --printer shelf
for n in 1 2; do
	[ -s there/shelf-$n.png ] || fail "there is no shelf-$n.png"
done
expect 0 printer remove shelf
expect 0 audit verify --deep
gives 'findings  0'

finish
