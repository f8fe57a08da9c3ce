#!/bin/sh
# Three benches scan, a roster of 20,000 and an instrument's file are imported and somebody reads the daily
# report over and over, all at once on one database: each gets its work done, nobody is sent away, everything
# is there.
# usage: together.sh PROGRAM ROWS
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
export POOLWELL_SITE=gate
tubes=8 # of ten swabs, for each bench

begin_lab --operator wang
{
	echo 'name,external_id,city,village'
	awk -v n=$((3 * tubes * 10 + 93)) 'BEGIN { for (i = 1; i <= n; i++) printf "Person %d,R%d,Suzhou,Lake\n", i, i }'
} >people.csv
expect 0 roster import people.csv
{
	echo 'name,external_id,city,village'
	awk 'BEGIN { for (i = 1; i <= 20000; i++) printf "Villager %d,V%d,Suzhou,Village %d\n", i, i, i / 900 }'
} >village.csv

# A PCR plate whose file comes in meanwhile: the 93 last people, each in a tube.
awk -v from=$((3 * tubes * 10 + 1)) 'BEGIN { print "at,action,tube,subject,capacity,count,collector"
	for (i = from; i < from + 93; i++) {
		printf "2026-01-05 09:00,open,S%d,,1,,Zhao\n2026-01-05 09:01,add,S%d,R%d,,,Zhao\n", i, i, i
		printf "2026-01-05 09:02,close,S%d,,,1,Zhao\n", i
		print "S" i >"singles"
	} }' >log.csv
expect 0 collect log log.csv --site gate
cp singles in
expect 0 receive tube
expect 0 plate new E1
cp singles in
expect 0 plate fill E1
expect 0 plate seal E1
expect 0 plate stamp Q1 --from E1 --assay cn-orf1ab-n
awk '{ printf "%s%02d Unkn %s %s NaN 27.5\n", substr("ABCDEFGH", (NR - 1) % 8 + 1, 1), (NR - 1) / 8 + 1, $1, "NaN" }' \
	singles >wells
good_controls cfx >>wells
cfx <wells >'Q1 -  Quantification Cq Results.csv'

# --- all at once --------------------------------------------------------------------------------

# bench NUMBER: opens, fills and closes its tubes; one line for each thing that did not work
bench() {
	tube=1
	while [ "$tube" -le "$tubes" ]; do
		first=$((($1 - 1) * tubes * 10 + (tube - 1) * 10 + 1))
		"$program" -q --station "bench-$1" collect open "B$1-$tube" || echo "open B$1-$tube"
		awk -v from=$first 'BEGIN { for (i = from; i < from + 10; i++) print "R" i }' |
			"$program" -q --station "bench-$1" collect add "B$1-$tube" >>"answers$1" ||
			echo "add B$1-$tube"
		"$program" -q --station "bench-$1" collect close "B$1-$tube" --count 10 || echo "close B$1-$tube"
		tube=$((tube + 1))
	done
}

# Reads until `stop` is there; the number of swabs never goes down.
reader() {
	before=0
	while [ ! -e stop ]; do
		"$program" report daily --json >daily.json || echo 'report daily'
		swabs=$("$rows" get swabs.total <daily.json) || echo 'no JSON'
		[ "${swabs:-0}" -ge "$before" ] || echo "swabs went from $before to $swabs"
		before=$swabs
		echo "$swabs" >>readings
	done
}

reader >problems.reader 2>&1 &
reading=$!
jobs=
for number in 1 2 3; do
	bench $number >"problems.bench$number" 2>&1 &
	jobs="$jobs $!"
done
{ "$program" -q --station desk roster import village.csv >roster.out || echo 'roster import'; } >problems.roster 2>&1 &
jobs="$jobs $!"
{ "$program" -q --station pcr run import Q1*.csv >run.out || echo 'run import'; } >problems.run 2>&1 &
jobs="$jobs $!"
for job in $jobs; do
	wait "$job"
done
touch stop
wait "$reading"

# --- everything is there ------------------------------------------------------------------------

last='all at once'
for who in reader bench1 bench2 bench3 roster run; do
	[ ! -s "problems.$who" ] || fail "$who: $(head -n 5 "problems.$who")"
done
[ "$(wc -l <readings)" -ge 2 ] || fail 'the reader read less than twice'
for number in 1 2 3; do
	same "the answers to bench $number" $((tubes * 10)) "$(grep -c '^ok ' "answers$number")"
done
same 'the swabs' $((3 * tubes * 10)) "$(figure swabs)"
same 'the closed tubes' $((3 * tubes)) "$(figure tubes_closed)"
same 'the negative' 93 "$(figure negative)"
same 'the registered' $((20000 + 3 * tubes * 10 + 93)) "$(figure registered)"
same 'the refused' 0 "$(figure refused)"
expect 0 audit verify --deep
gives 'findings  0'

# They did work at once: the facts of the benches stand mixed in the journal.
"$program" audit show --fact swab.taken --csv 2>/dev/null | grep -o 'bench-[123]' | uniq >turns
[ "$(wc -l <turns)" -gt 6 ] || fail 'the benches worked one after the other'
echo "the benches took $(wc -l <turns | tr -d ' ') turns; $(wc -l <readings | tr -d ' ') reports were read meanwhile"
finish
