#!/bin/sh
# A day of laboratory pools by hand: planned by a design, pipetted by the worklist, made, plated, read, decoded,
# and continued until everybody has an answer; and each thing that goes wrong on such a day, once.
# usage: pools.sh PROGRAM ROWS
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export POOLWELL_SITE=gate

begin_lab --profile us
{
	echo external_id,name,city,group
	i=1
	while [ $i -le 120 ]; do
		echo "P$i,Person $i,Suzhou,$([ $i -eq 60 ] && echo inpatient || echo voluntary)"
		i=$((i + 1))
	done
} >people.csv
expect 0 roster import people.csv

# log FIRST LAST: a single for each of these people, T1 for P1
log() {
	awk -v first="$1" -v last="$2" 'BEGIN {
		print "at,action,tube,subject,capacity,count,collector"
		for (i = first; i <= last; i++) {
			printf "2026-01-05 09:00,open,T%d,,1,,Zhao\n2026-01-05 09:01,add,T%d,P%d,,,Zhao\n", i, i, i
			printf "2026-01-05 09:02,close,T%d,,,1,Zhao\n", i
		}
	}' >"log$1.csv"
	expect 0 collect log "log$1.csv" --site gate
	seq "$1" "$2" | sed 's/^/T/' >in
	expect 0 receive tube
}

# pool BATCH NUMBER: its code
pool() {
	"$program" pool show "$1" --csv -q 2>/dev/null </dev/null | awk -F, -v n="$2" '$1 == n { print $2 }'
}

# plate EXTRACTION PCR: what the file `codes` has goes onto them
plate() {
	expect 0 plate new "$1"
	cp codes in
	expect 0 plate fill "$1"
	expect 0 plate seal "$1"
	expect 0 plate stamp "$2" --from "$1" --assay cn-orf1ab-n
}

# run PCR POSITIVE...: the instrument's file of the plate; everything else on it is negative
run() {
	pcr=$1
	shift
	"$program" plate show "$pcr" --csv -q 2>/dev/null </dev/null | sed 1d | awk -F, -v positive=" $* " '
		$4 == "" { what = $2 != "" ? $2 : $3
			cq = index(positive, " " what " ") ? "24.1 24.9" : "NaN NaN"
			printf "%s%02d Unkn %s %s 27.5\n", substr($1, 1, 1), substr($1, 2), what, cq }' >wells
	good_controls cfx >>wells
	cfx <wells >"$pcr -  Quantification Cq Results.csv"
	expect 0 run import "$pcr -  Quantification Cq Results.csv"
}

# --- the plan -----------------------------------------------------------------------------------

log 1 30
expect 2 pool plan --waiting
expect 2 pool plan --waiting --box B1 --family dorfman --size 10
expect 2 pool plan --waiting --family dorfman --size 10 --draw plan.txt
refused pool-size pool plan --waiting --family dorfman --size 15
refused sample-volume pool plan --waiting --family dorfman --size 10 --tube-volume 30 --dead-volume 15
printf '\357\273\277T1\nT99\nT1\nT2\n' >list
expect 1 pool plan --tubes list --family dorfman --size 10
says "list:2: error: nobody opened a tube 'T99'"
says "list:3: error: tube 'T1' stands in the list twice"
says '[tubes-unfit]'
listed pool list
same 'the batches after plans that will not do' 0 "$json"

expect 0 pool plan --waiting --family dorfman --size 10 --tube-volume 3000 --draw plan.svg --csv
says '30 tubes are in 3 laboratory pools, batch 1'
[ -s plan.svg ] || fail 'there is no picture'
same 'the worklist' 'step,batch,tube,rack,from,pool,plate,to,volume_nl' "$(head -n 1 out)"
same 'the steps' 30 "$("$rows" csv <out)"
same 'its ninth step' "9,1,T9,1,A2,$(pool 1 1),1,A1,20000" "$(sed -n 10p out)"
cp out worklist
expect 0 pool worklist 1 --csv
cmp -s out worklist || fail 'the worklist is another one the second time'
refused nothing-to-pool pool plan --waiting --family dorfman --size 10
listed pool list
listed pool show 1
listed pool tubes 1
listed pool worklist 1
listed pool show "$(pool 1 2)"
same 'what is in pool 2' 'T11 T20' "$(value tube pool show "$(pool 1 2)" | sed -n '1p;10p' | paste -sd' ')"
expect 0 printer add bench 'file:bench.pdf?language=pdf'
expect 0 label print --pools 1
says '3 labels are in bench.pdf'
refused label-printed label print --pools 1
expect 1 label print --pools 7
says 'no laboratory pool of batch 7 is still to be made'
expect 0 pool draw 1 --draw batch.pdf
expect 1 pool draw 1 --draw batch.pdf
expect 0 pool draw 1 --draw batch.pdf --overwrite
expect 1 pool show 7
expect 1 pool show NOBODY
expect 2 pool tubes one

# --- at the bench -------------------------------------------------------------------------------

expect 0 plate new E0
slips pool-not-made plate fill E0 "$(pool 1 1)"
slips tube-pooled plate fill E0 T1
expect 0 pool leave-out T5 --reason clotted
says "tube 'T5' is left out of 1 laboratory pool of batch 1"
expect 2 pool leave-out T6
expect 0 pool made "$(pool 1 1)" "$(pool 1 2)"
gives "ok $(pool 1 1) pool 1 of batch 1, 9 tubes"
same 'the labels of the pools that were scanned' "$(pool 1 1) $(pool 1 2)" \
	"$(value id label list --thing pool --state applied | paste -sd' ')"
slips pool-made pool made "$(pool 1 1)"
slips not-a-pool pool made T1
expect 0 pool unmake "$(pool 1 2)" --reason 'the wrong rack'
expect 0 pool made --batch 1
says '2 laboratory pools of batch 1 are made'
refused nothing-to-make pool made --batch 1
same 'the aliquots that are left' 0 "$(value step pool worklist 1 | wc -l | tr -d ' ')"

{ pool 1 1 && pool 1 2 && pool 1 3; } >codes
plate E1 Q1
says 'holds 0 tubes, 3 laboratory pools and 3 controls'
listed plate show Q1
same 'what is in Q1' "$(paste -sd' ' codes) null null null" "$(value pool plate show Q1 | paste -sd' ')"
slips pool-plated plate fill E0 "$(pool 1 1)"
refused batch-plated pool void 1 --reason 'too late'

# --- a run, and what follows --------------------------------------------------------------------

run Q1 "$(pool 1 2)"
gives 'pools            3'
gives 'tubes decoded    19'
gives 'tubes undecided  11'
says "'poolwell pool next' plans their next wells"
expect 0 run import 'Q1 -  Quantification Cq Results.csv'
gives 'known            yes'
same 'what is decided' 19 "$(value external_id report results --status negative | wc -l | tr -d ' ')"
expect 0 plate draw Q1 --out q1.svg
grep -q '<svg' q1.svg || fail 'q1.svg is no SVG'
expect 0 plate draw Q1 --out q1.pdf
same 'how q1.pdf begins' '%PDF' "$(head -c 4 q1.pdf)"
expect 0 plate draw Q1 --format svg --out q1.txt.png
grep -q '<svg' q1.txt.png || fail 'a format that is named is not taken'
expect 0 resolve show T1
grep -q "laboratory pool *$(pool 1 1), batch 1 pool 1, read -" out || fail 'the story of T1 lacks its pool'
expect 0 resolve list
grep -q "^T11 .*plan its next well: 'poolwell pool next'" out || fail 'nothing says what to do with T11'
expect 0 pool decode 1
gives 'changed          no'
expect 0 pool next --dry-run
says 'batch 1, by rounds: 11 alone, 0 pools again, 0 new pools, 0 tubes collected again'
facts=$(value facts audit verify)
expect 0 pool next 1
same 'the facts of looking' "$((facts + 1))" "$(value facts audit verify)"
refused nothing-undecided pool next 1

{ echo T5 && seq 11 20 | sed 's/^/T/'; } >codes
plate E2 Q2
run Q2 T13
gives 'people decided   11'
same 'who is positive' P13 "$(value external_id report results --status positive)"
listed pool list
same 'the batches in work' 0 "$json"
listed pool list --all
same 'all batches' 1 "$json"

# --- an array, a lost pool, a dropped plate, a correction ----------------------------------------

log 31 54
expect 0 pool plan --waiting --family array --size 4x6 --prevalence 1%
says '24 tubes are in 10 laboratory pools, batch 2'
expect 0 pool made --batch 2
for number in 1 2 3 4 5 6 7 8 9; do
	pool 2 $number
done >codes
plate E3 Q3
refused pool-plated pool lose "$(pool 2 1)" --reason dropped
expect 0 plate void Q3 --reason dropped
says 'what was in 9 wells goes again'
expect 0 plate stamp Q4 --from E3 --assay cn-orf1ab-n
run Q4 "$(pool 2 2)" "$(pool 2 7)"
gives 'tubes decoded    0'
expect 0 pool lose "$(pool 2 10)" --reason dropped
says 'its batch was decoded without it'
same 'T39 after its two pools' undecided \
	"$("$program" pool tubes 2 --csv -q </dev/null | awk -F, '$2 == "T39" { print $9 }')"
expect 0 pool next
echo T39 >codes
"$program" resolve list --csv -q </dev/null | awk -F, '$2 == "retest" && $1 != "T39" { print $1 }' >>codes
plate E4 Q5
run Q5 T39
same 'who is positive' 'P13 P39' "$(value external_id report results --status positive | paste -sd' ')"
expect 0 pool leave-out T31 --reason 'it was empty, says the robot'
says 'are so no more'
same 'the contradicted' T31 "$("$program" pool tubes 2 --csv -q </dev/null | awk -F, '$11 == "true" { print $2 }')"
expect 0 pool put-in T31 --reason 'of another rack'

# --- by the policy of China: who is not negative is collected again ------------------------------

log 55 60
expect 0 rule enforce profile cn
expect 0 pool plan T55 T56 T57 T58 T59 --family dorfman --size 5
expect 1 pool plan T60 --family dorfman --size 5
says '[tubes-unfit]'
expect 0 pool made --batch 3
pool 3 1 >codes
plate E5 Q6
run Q6 "$(pool 3 1)"
expect 0 pool next
says '5 tubes collected again'
same 'who is recalled' 5 "$(value external_id report recall | wc -l | tr -d ' ')"

# --- a batch that was laid wrong -----------------------------------------------------------------

expect 0 rule enforce profile us
expect 0 collect open S1 --capacity 1
expect 0 collect add S1 P55
expect 0 collect close S1 --count 1
expect 0 receive tube S1
expect 1 pool plan S1 T60 --family dorfman --size 2
says 'S1'
expect 0 plate fill E0 S1 T60
expect 0 plate clear E0 A1 --reason 'not yet'
refused batch-unknown pool void 9 --reason none
refused batch-unknown pool next 9

# --- the evening --------------------------------------------------------------------------------

expect 0 report daily --json
same 'the figures' '14 4 9 0 5' "$(
	for key in lab_pools_made lab_pools_positive lab_pools_negative lab_pools_invalid runs; do
		"$rows" get "$key.total" <out
	done | paste -sd' '
)"
for list in 'pool list --all' 'pool show 2' 'pool tubes 2' 'pool worklist 2 --all' 'run show 2' 'plate list --all'; do
	# shellcheck disable=SC2086
	listed $list
	[ "$json" -gt 0 ] || fail 'it is empty'
done
# --- few tests: new pools, which get labels of their own -------------------------------------------

# new_pools BATCH: those that were planned after the design and are not made
new_pools() {
	"$program" pool show "$1" --csv -q </dev/null | awk -F, '$3 > 0 && $7 == "planned" { print $2 }'
}

# holding TUBE: the laboratory pools that it is in
holding() {
	while read -r code; do
		value tube pool show "$code" | grep -qx "$1" && echo "$code"
	done
}

log 61 80
expect 0 pool plan --waiting --family dorfman --size 10 --prevalence 2%
expect 0 label print --pools 4
says '2 labels are in bench-2.pdf'
expect 0 pool made --batch 4
expect 1 label print --pools 4
{ pool 4 1 && pool 4 2; } >codes
plate E6 Q7
run Q7 "$(pool 4 1)"
expect 0 pool next --prefer tests
says 'batch 4, by tests: '
new_pools 4 >new
[ "$(wc -l <new)" -ge 2 ] || fail "the next wells of ten tubes are not new pools: $(cat out)"
expect 0 label print --set id="$(head -n 1 new)" --template cryotube-side --printer bench
expect 0 label print --pools 4
same 'the labels of new pools' "$(sort new)" \
	"$(value id label list --state confirmed | grep -xF -f new | sort)"
refused label-printed label print --pools 4
cp new in
expect 0 pool made
same 'the labels of new pools that were scanned' "$(sort new)" \
	"$(value id label list --state applied | grep -xF -f new | sort)"
round=7
while
	"$program" resolve list --csv -q </dev/null | awk -F, '$2 == "retest" { print $1 }' >codes
	cat new >>codes
	[ -s codes ] && [ $round -lt 14 ]
do
	plate "E$round" "QE$round"
	# shellcheck disable=SC2046
	run "QE$round" T65 $(holding T65 <new)
	expect 0 pool next --prefer tests
	new_pools 4 >new
	[ ! -s new ] || cp new in
	[ ! -s new ] || expect 0 pool made
	round=$((round + 1))
done
listed pool list
same 'the batches in work' 0 "$json"
same 'who is positive' 'P13 P39 P65' "$(value external_id report results --status positive | paste -sd' ')"

# --- a plate that makes no sense: all rows negative, and four columns of eight positive ------------

log 81 120
expect 0 pool plan --waiting --family array --size 5x8
expect 0 pool made --batch 5
for number in 1 2 3 4 5 6 7 8 9 10 11 12 13; do
	pool 5 $number
done >codes
plate "E$round" "QE$round"
run "QE$round" "$(pool 5 6)" "$(pool 5 8)" "$(pool 5 10)" "$(pool 5 12)"
same 'its state' held "$(value state pool list)"
expect 0 pool next
says 'batch 5 is held, as its readings make no sense'
refused batch-held pool next 5
expect 0 pool draw 5 --draw held.svg

expect 0 audit verify --deep
gives 'findings  0'
finish
