#!/bin/sh
# A laboratory's day by hand: from the roster to an answer for everybody on it. Beside what each step
# says: the instrument's files are the two kinds that are taken, and each thing that goes wrong on such a
# day goes wrong once.
# usage: day.sh PROGRAM ROWS
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export POOLWELL_SITE=gate

begin_lab --operator wang='王敏'
says "laboratory 'City laboratory' begins in one.db"
same 'all figures of an empty day' 0 "$("$program" report daily --csv | sed 1d | cut -d, -f5 | sort -u)"
expect 0 report daily
gives '  none'

# --- who ----------------------------------------------------------------------------------------

in_file people.csv <<'E'
name,external_id,phone,city,county,township,village,household,group
Ann One,P1,13800000001,Suzhou,Gusu,East,Lake,H1,inpatient
Ben Two,P2,13800000002,Suzhou,Gusu,East,Lake,H2,voluntary
Cui Three,P3,13800000003,Suzhou,Gusu,East,Lake,H2,voluntary
Dan Four,P4,13800000004,Suzhou,Gusu,East,Lake,,voluntary
Eve Five,P5,13800000005,Suzhou,Gusu,East,Lake,,voluntary
Fan Six,P6,13800000006,Suzhou,Wuzhong,,,,fever-clinic
Gao Seven,P7,13800000007,Suzhou,Wuzhong,,,H7,voluntary
Han Eight,P8,13800000008,Suzhou,Wuzhong,,,H7,voluntary
Ivy Nine,P9,13800000009,Suzhou,Wuzhong,,,H7,voluntary
Jin Ten,P10,13800000010,Suzhou,Wuzhong,,,,voluntary
Kim Eleven,P11,13800000011,Suzhou,Wuzhong,,,,voluntary
Lei Twelve,P12,13800000012,Suzhou,Wuzhong,,,,voluntary
Mei Thirteen,P13,13800000013,Suzhou,Wuzhong,,,,voluntary
Nie Fourteen,P14,13800000014,Suzhou,Wuzhong,,,,voluntary
Not Coming,P15,13800000015,Suzhou,Wuzhong,,,,voluntary
E
expect 0 roster import people.csv
gives 'registered  15'

# --- swabs --------------------------------------------------------------------------------------

# take TUBE CAPACITY SUBJECT...: a tube is opened, filled by scanning and closed
take() {
	tube=$1 capacity=$2
	shift 2
	expect 0 collect open "$tube" --capacity "$capacity"
	silent
	printf '%s\r\n' "$@" >in
	expect 0 collect add "$tube"
	cp out answers
	same 'the scans answered' $# "$(grep -c '^ok ' answers)"
	expect 0 collect close "$tube" --count $#
	silent
}

take T1 5 P1 P2 P3
take T2 5 P4 P5
take T3 1 P6
take T5 10 P10 P11
take T6 1 P12
expect 0 collect open H7 --household
expect 0 collect add H7 P7 P8 P9
expect 0 collect close H7 --count 3
in_file log.csv <<'E'
at,action,tube,subject,capacity,count,collector
2026-01-05 09:00,open,T7,,20,,Zhao
2026-01-05 09:01,add,T7,P13,,,Zhao
2026-01-05 09:02,add,T7,P14,,,Zhao
2026-01-05 09:03,close,T7,,,2,Zhao
E
expect 0 collect log log.csv --site gate
gives 'swabs   2'
expect 0 collect log log.csv --site gate
gives 'known   yes'

# --- boxes --------------------------------------------------------------------------------------

printf 'box,tube,swabs\nB1,T1,3\nB1,T2,2\nB1,T5,2\nB1,T6,1\nB2,T3,1\nB2,H7,3\nB2,T7,3\n' >boxes.csv
expect 0 receive manifest boxes.csv
gives 'boxes     2'
expect 0 receive manifest boxes.csv
gives 'known     yes'
expect 0 receive hand-over B1 --from driver --to li
expect 0 receive tube T1 T2 --box B1
expect 0 receive reject T5 --cause leaking
says '2 to be swabbed again'
expect 0 receive tube T3 H7 T7 --box B2
gives 'ok T7 2 swabs, the manifest says 3'
listed receive box B1
same 'the states of box B1' 'received received rejected expected' "$(value state receive box B1 | paste -sd' ')"
listed receive boxes
expect 3 receive close B1
gives 'missing   1'
says "'poolwell receive box B1' names them"
expect 0 receive close B2
gives 'missing   0'
same 'the boxes that are open' 0 "$(value box receive boxes | wc -l | tr -d ' ')"
expect 0 resolve recall T6 --reason 'lost on the way'
says '1 to be swabbed again'

# --- plates -------------------------------------------------------------------------------------

expect 0 plate new E1
says "scan the tube for A1"
expect 0 plate fill E1 T1 --well A1
printf 'T2\nT3\nH7\n' >in
expect 0 plate fill E1
gives 'ok H7 D1, next E1'
expect 0 plate clear E1 D1 --reason 'scanned, not pipetted'
same 'the next well' D1 "$(value next_well plate next E1)"
expect 0 plate fill E1 H7 T7
expect 0 plate seal E1
says 'sealed with 5 wells filled'
expect 0 plate stamp Q1 --from E1 --assay cn-orf1ab-n
says 'holds 5 tubes and 3 controls'
listed plate list
listed plate show Q1
same 'what is in Q1' 'T1 T2 T3 H7 T7 null null null' "$(value tube plate show Q1 | paste -sd' ')"
for format in svg png pdf; do
	expect 0 plate draw Q1 --format $format --out "q1.$format"
	[ -s "q1.$format" ] || fail "q1.$format is empty"
done

# --- a run that does not fit, and one that does -------------------------------------------------

run='Q1 -  Quantification Cq Results.csv'
{
	echo 'A01 Unkn-01 T2 24.1 24.9 27.0'
	echo 'B01 NTC T2 NaN NaN 28.0'
	echo 'D01 Unkn-04 H7 NaN NaN 26.0'
	echo 'E01 Unkn-05 T7 NaN NaN NaN'
	echo 'A02 Unkn-06 T9 NaN NaN NaN'
	good_controls cfx
} | cfx >"$run"
expect 1 run import "$run"
says "well A1: the file says 'T2', the plate has 'T1'"
says "well B1: the file says it is a control (NTC), the plate has tube 'T2'"
says "well C1: the plate has 'T3', and the file has no reading"
says 'well A2: the file has a reading of T9, and nothing is in it on the plate'
says '[file-disagrees]'
cp "$run" unnamed.csv
refused plate-not-named run import unnamed.csv
refused not-a-pcr-plate run import unnamed.csv --plate E1
expect 2 run import "$run" --ignore-names
listed run list
same 'the runs after files that do not fit' 0 "$json"

{
	echo 'A01 Unkn-01 T1 24.1 24.9 27.0'
	echo 'B01 Unkn-02 T2 NaN NaN 28.0'
	echo 'C01 Unkn-03 T3 38.5 NaN 27.5'
	echo 'D01 Unkn-04 H7 NaN NaN 26.0'
	echo 'E01 Unkn-05 T7 NaN NaN NaN'
	good_controls cfx
} | cfx >"$run"
expect 0 run import "$run" --json
same 'the run' '1 Q1 24 3 0 5 1 2 1 1 0 2 5 3' "$(
	for key in run plate readings controls controls_failed tests positive negative inconclusive \
		invalid held tubes_to_retest people_decided people_recalled; do
		"$rows" get $key <out
	done | paste -sd' '
)"
expect 0 run import "$run"
gives 'known            yes'
{ cat "$run" && echo; } >"Q1 again.csv"
refused plate-called run import 'Q1 again.csv'
expect 0 run original 1 --out original.csv
cmp -s original.csv "$run" || fail "the file that was kept is not the instrument's"
expect 1 run original 1 --out original.csv
expect 0 plate draw Q1 --out called.svg
refused plate-done plate void Q1 --reason dropped

# --- who comes again ----------------------------------------------------------------------------

listed resolve list
same 'what is stuck' 'T1 T3 T5 T6 T7' "$(value tube resolve list | sort | paste -sd' ')"
listed resolve show T1
expect 0 resolve show T1
grep -q 'positive: ORF1ab 24.10 pos, N 24.90 pos' out || fail 'the story of T1 lacks its call'
grep -q 'Ann One.*not come yet, isolated' out || fail 'the story of T1 lacks who is recalled'
listed report recall
same 'who is recalled' 'P1 P10 P11 P12 P2 P3' "$(value external_id report recall | sort | paste -sd' ')"
same 'who is isolated' 'P1 P2 P3' "$("$program" report recall --csv | grep ',true,true,' | cut -d, -f6 | paste -sd' ')"
expect 0 report recall --tube T1
same 'whom T1 recalls' 3 "$(value code report recall --tube T1 | wc -l | tr -d ' ')"
grep -q 'Ann One  *13800000001  *P1  *Suzhou  *Gusu  *East  *Lake' out || fail 'the list lacks where to go'

for person in 1 2 3 10 11 12; do
	take "S$person" 1 "P$person"
	grep -q "^ok P$person 1/1 .* (swabbed again)\$" answers || fail "it is not said that it is again"
	expect 0 receive tube "S$person"
done
listed report recall
same 'who is recalled when all have come' 0 "$json"

# --- the second plate: a contaminated blank, and the same again ---------------------------------

expect 0 plate new E2
expect 0 plate fill E2 T3 T7 S1 S2 S3 S10 S11 S12
gives 'ok T3 A1 (attempt 2), next B1'
expect 0 plate seal E2
expect 0 plate stamp Q2 --from E2 --assay cn-orf1ab-n
second() {
	printf '%s\n' 'A01 UNKNOWN T3 38.7 NaN 27.5' 'B01 UNKNOWN T7 NaN NaN 27.5' \
		'C01 UNKNOWN S1 21.0 21.5 26.0' 'D01 UNKNOWN S2 NaN NaN 27.0' 'E01 UNKNOWN S3 NaN NaN 27.0' \
		'F01 UNKNOWN S10 NaN NaN 27.0' 'G01 UNKNOWN S11 NaN NaN 27.0' 'H01 UNKNOWN S12 NaN NaN 27.0'
	good_controls quantstudio
}
second | sed 's/NTC NTC NaN/NTC NTC 31.4/' | quantstudio Q2 >blank.txt
expect 0 run import blank.txt
gives 'controls failed  1'
gives 'held             8'
gives 'people decided   0'
says '1 control failed and holds 8 wells'
listed run show 2
expect 0 resolve show T3
grep -q 'HELD: control NTC in G12 failed' out || fail 'the story of T3 does not say what holds it'
expect 0 plate stamp Q3 --from E2 --assay cn-orf1ab-n
says 'holds 8 tubes and 3 controls'
second | quantstudio Q3 >good.txt
expect 0 run import good.txt
gives 'people decided   9'
gives 'people recalled  0'
listed run list

# --- the evening --------------------------------------------------------------------------------

listed resolve list
same 'what is stuck in the evening' 0 "$json"
listed report results
same 'the answers' "$(
	for p in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		case $p in
		1 | 6) echo "P$p positive" ;;
		15) echo "P$p not-swabbed" ;;
		*) echo "P$p negative" ;;
		esac
	done
)" "$("$program" report results --csv 2>/dev/null | sed 1d | awk -F, '{ print $2, $5 }')"
same 'the positive' 'P1 P6' "$(value external_id report results --status positive | paste -sd' ')"
listed subject show P1
same 'the results of P1' positive "$(value status subject show P1)"

expect 0 report daily --json
same 'the figures' "$(
	printf '%s\n' registered 15 swabbed 12 positive 2 negative 12 inconclusive 0 open 0 swabs 18 \
		tubes_opened 12 tubes_closed 12 tubes_received 12 tubes_rejected 1 wells_extraction 13 wells_pcr 21 \
		runs 3 tests 21 tests_held 8 pools_positive 1 recalled 6 recall_waiting 0 pools_without_positive 0
)" "$(
	for key in registered swabbed positive negative inconclusive open swabs tubes_opened tubes_closed \
		tubes_received tubes_rejected wells_extraction wells_pcr runs tests tests_held pools_positive \
		recalled recall_waiting pools_without_positive; do
		echo "$key"
		"$rows" get "$key.total" <out
	done
)"
same 'the must-test who are positive' 2 "$("$rows" get positive.must_test <out)"
expect 0 report daily --csv
[ "$("$rows" csv <out)" -ge 29 ] || fail 'the CSV lacks figures'
expect 0 report daily
grep -q '^  Suzhou Gusu East Lake, must-test' out || fail 'the report lacks a region'
expect 0 report daily --day 2026-01-05
grep -qx '  taken  *0  *2  *2' out || fail "the log's swabs are not on its day"

# --- the history --------------------------------------------------------------------------------

for list in 'audit show' 'audit files' 'rule list' 'lab operators' 'lab sites' 'plate list --all' \
	'receive boxes --all' 'run show 3' 'report refusals' 'subject list' 'roster list'; do
	# shellcheck disable=SC2086
	listed $list
	[ "$json" -gt 0 ] || [ "$list" = 'report refusals' ] || fail 'it is empty'
done
for object in 'lab show' 'audit head' 'audit verify' 'audit verify --deep'; do
	# shellcheck disable=SC2086
	listed $object
done
evening=$(value head audit head)
expect 0 lab site school
expect 0 audit verify --deep --head "$evening"
gives 'findings  0'
expect 3 audit verify --head "${evening%????}0000"
expect 0 audit show --fact swab.taken --limit 2 --json
same 'the facts asked for' 'swab.taken/1 swab.taken/1' "$("$rows" get fact <out | paste -sd' ')"
expect 0 audit show
! grep -qE 'Li Na|Ann One|13800000001' out || fail 'what identifies people is shown unasked'
expect 0 audit show --fact operator.added --phi
grep -q 'Li Na' out || fail 'what identifies people is not shown when asked for'
finish
