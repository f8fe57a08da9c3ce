#!/bin/sh
# Every refusal from the swab to the PCR plate: its code, its exit code, and that it is recorded and
# changes nothing else.
# usage: refusals.sh PROGRAM ROWS
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

begin_lab --operator wang

{
	echo 'name,external_id,phone,city,village,household'
	awk 'BEGIN { for (i = 1; i <= 120; i++)
		printf "Person %d,R%d,,Suzhou,Lake,%s\n", i, i, i <= 20 ? "H" int((i - 1) / 4) : "" }'
} >people.csv
expect 0 roster import people.csv

# --- who works, and where ---------------------------------------------------------------------

unset POOLWELL_OPERATOR
expect 2 collect open T1 --site gate
says 'operators are li, wang'
expect 1 collect open T1 --site gate --as zhao
says "no operator 'zhao' works here"
# Who only looks need not say who they are.
expect 0 resolve list
export POOLWELL_OPERATOR=li
expect 2 collect open T1
says "'--site SITE' is missing"
expect 1 collect open T1 --site nowhere
says "no site 'nowhere' is registered"
export POOLWELL_SITE=gate

# --- opening ----------------------------------------------------------------------------------

expect 0 collect open T1 --capacity 5
refused tube-used collect open T1
refused tube-used collect open ' T1 '
expect 2 collect open T2 --capacity 7
says '1, 5, 10 or 20'
expect 2 collect open T2 --capacity 21
# The laboratory's own codes carry a check character; another laboratory's are taken as they are.
refused check-character collect open SZT000000018
refused not-a-tube collect open SZP00000001K
expect 0 collect open SZT000000017
expect 0 collect open YZT000000018

# --- swabs ------------------------------------------------------------------------------------

refused_before=$(figure refused)
expect 0 collect add T1 R1 R2 SZP00000003G people.csv:5
gives 'ok R1 1/5 Person 1'
gives 'ok SZP00000003G 3/5 Person 3'
gives 'ok people.csv:5 4/5 Person 4'
slips person-twice collect add T1 R1
slips person-twice collect add T1 SZP00000001K
slips subject-unknown collect add T1 R999
slips check-character collect add T1 SZP00000009X
slips tube-not-opened collect add TX R9
slips tube-full collect add T1 R9 R10
gives 'ok R9 5/5 Person 9'
says '1 scanned, 1 refused'
same 'the refusals of the day' "$((refused_before + 6))" "$(figure refused)"
expect 0 collect open T2
slips person-waiting collect add T2 R1
says "waits for the answer of tube 'T1'"
expect 0 collect add T2 R1 --reason 'dropped on the floor'
expect 0 collect open H1 --household
expect 0 collect add H1 R5 R6
slips other-household collect add H1 R11
expect 0 collect add H1 R7
# Who has no household is of none, not of the one of everybody else without.
expect 0 collect open H2 --household
slips household-unknown collect add H2 R114 R115
silent

# --- taking back, closing ---------------------------------------------------------------------

expect 2 collect undo T1 R1
says 'give --reason'
refused swab-unknown collect undo T1 R10 --reason slip
expect 0 collect undo T1 R9 --reason 'ran away'
refused count-differs collect close T1 --count 5
refused count-differs collect close T1 --count 3
expect 2 collect close T1
expect 0 collect close T1 --count 4
refused tube-closed collect close T1 --count 4
refused tube-closed collect undo T1 R1 --reason slip
slips tube-closed collect add T1 R10
refused tube-empty collect close SZT000000017 --count 0
refused tube-not-opened collect close TX --count 1

# --- a site's log: all of it or nothing -------------------------------------------------------

log() {
	echo 'at,action,tube,subject,capacity,count,collector'
	cat
}
log >log.csv <<'E'
2026-01-05 09:00,open,L1,,5,,Zhao
2026-01-05 09:01,add,L1,R12,,,Zhao
2026-01-05 09:02,add,L1,R12,,,Zhao
2026-01-05 09:03,add,L1,R999,,,Zhao
2026-01-05 09:04,close,L1,,,3,Zhao
E
expect 1 collect log log.csv --site gate
says 'log.csv:4: error: Person 12 is in tube'
says "log.csv:5: error: 'R999' is on no roster"
says 'log.csv:6: error: 3 heads were counted and 1 swabs'
says 'nothing of it was taken'
expect 1 resolve show L1
says "nobody opened a tube 'L1'"
log >future.csv <<'E'
2999-01-05 09:00,open,L1,,5,,Zhao
E
expect 1 collect log future.csv --site gate
says 'a time to come'
expect 1 collect log log.csv --site nowhere
says "no site 'nowhere' is registered"
[ "$(wc -l <err)" -le 2 ] || fail 'one thing is wrong, and it says more'

# --- reception --------------------------------------------------------------------------------

printf 'box,tube,swabs\nB1,T1,4\nB1,T2,1\nB2,H1,3\n' >boxes.csv
expect 0 receive manifest boxes.csv
printf 'box,tube\nB1,T9\n' >boxes2.csv
refused box-known receive manifest boxes2.csv
printf 'box,tube\nB3,T9\nB3,T9\n' >boxes3.csv
expect 1 receive manifest boxes3.csv
says "tube 'T9' is also in line 3"
expect 1 receive box BX
refused box-unknown receive hand-over BX --from driver --to li
refused same-person receive hand-over B1 --from li --to li
expect 0 receive hand-over B1 --from driver --to li
refused not-the-holder receive hand-over B1 --from driver --to wang
slips box-unknown receive tube T1 --box BX
slips tube-open receive tube T2 --box B1
slips tube-not-opened receive tube TX --box B1
expect 0 receive tube T1 --box B1
gives 'ok T1 4 swabs'
slips tube-received receive tube T1
expect 2 receive reject T1
expect 0 collect close H1 --count 3
expect 0 receive tube H1 --box B1
gives 'ok H1 3 swabs, EXTRA: the manifest of box B2 names it'
expect 3 receive close B1
gives 'missing   1'
gives 'extra     1'
refused box-closed receive close B1
expect 0 collect close T2 --count 1
slips box-closed receive tube T2 --box B1
expect 0 resolve recall T2 --reason lost
slips tube-recalled receive tube T2
refused tube-done resolve recall T2 --reason again
expect 2 resolve recall T1
# A tube that was opened and never used is given up like any other.
expect 0 resolve recall SZT000000017 --reason 'never used'
! value tube resolve list | grep -q SZT000000017 || fail 'an empty tube waits for nobody'
# A recalled person is swabbed singly.
expect 0 collect open T3 --capacity 10
slips recall-single collect add T3 R1

# --- extraction plates ------------------------------------------------------------------------

expect 1 plate new E1 --layout nowhere
says "no layout 'nowhere' is in force"
expect 0 plate new E1
refused plate-used plate new E1
slips plate-unknown plate fill EX T1
refused plate-empty plate seal E1
expect 0 plate fill E1 T1 --well A1
gives 'ok T1 A1, next B1'
slips wrong-well plate fill E1 H1 --well C1
expect 2 plate fill E1 H1 T3 --well C1
slips tube-plated plate fill E1 T1
says "well A1 of plate 'E1', this one"
slips tube-not-received plate fill E1 T3
slips tube-done plate fill E1 T2
slips tube-not-opened plate fill E1 TX
expect 2 plate clear E1 A1
refused well-empty plate clear E1 B1 --reason slip
refused well-empty plate clear E1 F12 --reason slip
expect 0 plate clear E1 A1 --reason slip
expect 0 plate fill E1 T1
gives 'ok T1 A1, next B1'
refused plate-not-sealed plate stamp Q1 --from E1 --assay cn-orf1ab-n

# A plate that is full: 92 singles beside the one that is on it.
awk 'BEGIN { print "at,action,tube,subject,capacity,count,collector"
	for (i = 21; i <= 113; i++) {
		printf "2026-01-05 10:%02d:00,open,S%d,,1,,Zhao\n", i % 60, i
		printf "2026-01-05 10:%02d:10,add,S%d,R%d,,,Zhao\n", i % 60, i, i
		printf "2026-01-05 10:%02d:20,close,S%d,,,1,Zhao\n", i % 60, i
	} }' >singles.csv
expect 0 collect log singles.csv --site gate
gives 'closed  93'
awk 'BEGIN { for (i = 21; i <= 113; i++) print "S" i }' >scans
cp scans in
expect 0 receive tube
cp scans in
slips plate-full plate fill E1
gives 'ok S112 E12, the plate is full: seal it'
says '92 scanned, 1 refused'
expect 0 plate seal E1
refused plate-closed plate seal E1
slips plate-closed plate fill E1 S113
refused plate-closed plate next E1

# --- PCR plates -------------------------------------------------------------------------------

refused plate-unknown plate stamp Q1 --from EX --assay cn-orf1ab-n
expect 1 plate stamp Q1 --from E1 --assay nowhere
refused plate-used plate stamp E1 --from E1 --assay cn-orf1ab-n
expect 0 plate stamp Q1 --from E1 --assay cn-orf1ab-n
refused plate-used plate stamp Q1 --from E1 --assay cn-orf1ab-n
refused not-an-extraction-plate plate stamp Q2 --from Q1 --assay cn-orf1ab-n
slips not-an-extraction-plate plate fill Q1 S113
refused plate-in-use plate void E1 --reason dropped
# A second plate of the same tubes, if it may be at all, and its loss take nothing from the first.
if "$program" -q plate stamp Q9 --from E1 --assay cn-orf1ab-n 2>/dev/null; then
	expect 0 plate void Q9 --reason dropped
fi
same 'the tubes that wait for Q1' 93 "$(value state plate show Q1 | grep -c plated)"
expect 2 plate void Q1
expect 0 plate void Q1 --reason dropped
refused plate-done plate void Q1 --reason again
expect 0 plate new E2 --layout open96
expect 0 plate fill E2 S113
expect 0 plate seal E2
refused control-missing plate stamp Q2 --from E2 --assay cn-orf1ab-n
expect 0 plate void E2 --reason 'no controls'
refused plate-voided plate stamp Q2 --from E2 --assay cn-orf1ab-n

# --- all of it is recorded, and nothing else changed ------------------------------------------

for code in tube-used check-character not-a-tube person-twice subject-unknown tube-not-opened tube-full \
	person-waiting other-household household-unknown swab-unknown count-differs tube-closed tube-empty box-unknown \
	not-the-holder tube-open tube-received box-closed tube-recalled tube-done recall-single \
	plate-used plate-unknown plate-empty wrong-well tube-plated tube-not-received well-empty \
	plate-not-sealed plate-full plate-closed not-an-extraction-plate plate-in-use plate-done \
	control-missing plate-voided; do
	value code report refusals | grep -qx "$code" || fail "the refusal '$code' is not recorded"
done
listed report refusals
same 'the day before' 0 "$(value code report refusals --day yesterday | wc -l | tr -d ' ')"
expect 0 audit verify --deep
gives 'findings  0'
finish
