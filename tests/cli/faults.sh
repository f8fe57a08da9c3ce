#!/bin/sh
# What goes wrong around the program: files that can't be written, disks that are full, a database that
# somebody holds or that is damaged, a clock that was set back, input that is no text. Each time: one clear
# word, nothing lost, nothing half-done, and work goes on when the fault is gone. PW_LONG=1 adds what takes
# half a minute.
# usage: faults.sh PROGRAM ROWS FUTURE
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
future=$3
export POOLWELL_SITE=gate

begin_lab --operator wang
{
	echo 'name,external_id,city,village'
	awk 'BEGIN { for (i = 1; i <= 5000; i++) printf "Villager %d,V%d,Suzhou,Village %d\n", i, i, i / 900 }'
} >village.csv
head -n 31 village.csv >few.csv
expect 0 roster import few.csv
expect 0 collect open T1 --capacity 20

# unharmed HEAD: the history is whole and ends where it did
unharmed() {
	expect 0 audit verify --deep
	gives 'findings  0'
	same 'the head' "$1" "$(value head audit head)"
}

# one_word TEXT: the error is one line, and says this
one_word() {
	says "$1"
	same 'the number of lines said' 1 "$(wc -l <err | tr -d ' ')"
}

# --- files that can't be written ----------------------------------------------------------------

# Rights mean nothing to root: then the program is run as somebody else.
if [ "$(id -u)" -ne 0 ]; then
	as_somebody=
elif command -v setpriv >/dev/null && setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	as_somebody='setpriv --reuid=65534 --regid=65534 --clear-groups'
else
	as_somebody=nobody
	echo 'skipped: this is root, and setpriv is not there: rights were not tried'
fi
if [ "$as_somebody" != nobody ]; then
	original=$program
	cp "$program" mine
	chmod 755 . mine
	printf '%s\n' '#!/bin/sh' "exec $as_somebody '$work/mine' \"\$@\"" >somebody
	chmod 755 somebody
	mkdir -m 777 shut
	cp one.db shut/one.db
	before=$(value head audit head)
	program=$work/somebody
	chmod 444 shut/one.db
	expect 1 collect add T1 V1 --lab shut/one.db
	one_word "can't be written: check the rights"
	# Who only looks can do so.
	expect 0 audit verify --deep --lab shut/one.db
	expect 0 subject list --csv --lab shut/one.db
	same 'the people of a read-only file' 30 "$("$rows" csv <out)"
	rm -f shut/one.db-*
	for rights in 444 666; do
		chmod $rights shut/one.db
		chmod 555 shut
		for command in 'collect add T1 V1' 'subject list' 'audit verify --deep'; do
			# shellcheck disable=SC2086
			expect 1 $command --lab shut/one.db
			one_word "its folder can't be written"
		done
		chmod 777 shut
	done
	chmod 555 shut
	expect 1 lab init --lab shut/two.db --name X --issuer SZ --operator li
	one_word 'shut/two.db'
	expect 1 run original 1 --lab one.db --out shut/x
	chmod 777 shut
	expect 0 collect add T1 V1 --lab shut/one.db
	program=$original
	same 'the head of the copy that nobody could write' "$before" "$(value head audit head)"
fi

# --- disks that are full ------------------------------------------------------------------------

# with_room BLOCKS COMMAND...: no file may become longer than so many blocks of 512 bytes, and writing
# beyond fails as on a full disk
with_room() {
	(
		ulimit -f "$1"
		trap '' XFSZ
		shift
		exec "$program" "$@"
	) >out 2>err </dev/null
	code=$?
	shift
	last="poolwell $* with little room"
}

before=$(value head audit head)
size=$(wc -c <one.db)
with_room $((size / 512 + 200)) roster import village.csv --known link
same 'the exit code' 1 $code
one_word 'the disk'
unharmed "$before"
with_room 20 lab init --lab new.db --name X --issuer SZ --operator li
same 'the exit code' 1 $code
one_word 'poolwell: '
for left in new.db*; do
	[ ! -e "$left" ] || fail "$left is left of a laboratory that was not begun"
done
expect 0 roster import village.csv --known link
gives 'registered  4970'

# What was acknowledged while the disk filled up is there.
expect 0 collect open T2 --capacity 20
awk 'BEGIN { for (i = 2; i <= 21; i++) print "V" i }' >scans
cp one.db before.db
room=$(($(wc -c <one.db) / 512 + 8))
(
	ulimit -f $room
	trap '' XFSZ
	exec "$program" collect add T2 <scans
) >out 2>err
answered=$(grep -c '^ok ' out)
last='scans on a disk that fills up'
expect 0 audit verify --deep
same 'the swabs that are there' "$answered" "$(value what resolve show T2 | grep -c swab)"

# Numbers that can't be recorded are not given, and labels that can't be recorded are not printed.
expect 0 printer add office 'file:labels.pdf?language=pdf'
before=$(value head audit head)
size=$(wc -c <one.db)
with_room $((size / 512 + 60)) label print --tubes 20000 --later
same 'the exit code' 1 $code
one_word 'the disk'
unharmed "$before"
expect 0 label print --tubes 3 --later --json
grep -q '"id": "SZT000000017"' out || fail 'a number is missing that nobody was given'
before=$(value head audit head)
with_room 1 label resume
same 'the exit code' 1 $code
[ ! -e labels.pdf ] || fail 'labels were printed that are not on record'
unharmed "$before"
expect 0 label resume
gives 'confirmed    3'

# Results that nobody can take.
for list in 'subject list' 'subject list --json' 'subject list --csv' 'report daily' 'audit head' 'plate list --json'; do
	last="poolwell $list >/dev/full"
	# shellcheck disable=SC2086
	"$program" $list >/dev/full 2>err
	same 'the exit code' 1 $?
	grep -qx 'poolwell: standard output: the disk is full' err || fail "it says: $(cat err)"
done
before=$(figure swabs)
printf 'V22\nV23\n' | "$program" collect add T1 >/dev/full 2>err
same 'the exit code when an answer can not be given' 1 $?
[ "$(figure swabs)" -le $((before + 1)) ] || fail 'it went on scanning though nobody hears its answers'
expect 1 roster import /dev/null

# --- a database that somebody holds -------------------------------------------------------------

# hold SECONDS: another program has the write lock of one.db
hold() {
	rm -f held
	{
		printf 'BEGIN IMMEDIATE;\n.output held\nSELECT 1;\n.output stdout\n'
		sleep "$1"
		echo 'ROLLBACK;'
	} | sqlite3 one.db &
	holder=$!
	while [ ! -s held ]; do
		sleep 0.05
	done
}

if command -v sqlite3 >/dev/null; then
	hold 2
	expect 0 collect open T3
	wait $holder
	hold 2
	expect 0 report daily --json
	same 'the tubes opened, read while somebody writes' 3 "$("$rows" get tubes_opened.total <out)"
	wait $holder
	if [ "${PW_LONG:-0}" != 0 ]; then
		before=$(value head audit head)
		hold 40
		expect 1 collect open T4
		one_word 'another program is holding the database: try again; nothing was recorded'
		wait $holder
		unharmed "$before"
	fi
	expect 0 collect open T4
else
	echo 'skipped: sqlite3 is not there, nothing to hold a lock with'
fi

# --- what is no database, and what is one no more -----------------------------------------------

mkdir folder
: >empty.db
printf 'name,external_id\n' >text.db
head -c 100000 one.db >cut.db
{ head -c 20000 one.db && head -c 60000 /dev/zero && tail -c +80001 one.db; } >holes.db
for file in nowhere.db folder empty.db text.db nowhere/one.db; do
	expect 1 lab show --lab "$file"
	same 'the number of lines said' 1 "$(wc -l <err | tr -d ' ')"
done
[ ! -e nowhere.db ] || fail 'a database was made by looking for it'
for file in cut.db holes.db; do
	"$program" audit verify --deep --lab $file >out 2>err </dev/null
	code=$?
	last="poolwell audit verify --deep --lab $file"
	[ $code -eq 1 ] || [ $code -eq 3 ] || fail "exit $code"
	grep -q 'damaged' err || fail "it does not say that the file is damaged: $(head -n 3 err)"
done
expect 2 lab show --lab ''
(unset POOLWELL_LAB && "$program" lab show >out 2>err)
same 'the exit code without --lab' 2 $?

# --- input that is no text ----------------------------------------------------------------------

# Neither the end of a line that is too long nor the beginning of one that is torn is a scan.
expect 0 collect open T9
{
	head -c 1023 /dev/zero | tr '\0' 'x'
	printf 'SZP00000001K\nSZP00000001K\0tail\nV1\377\n\n\r\n'
} >in
expect 3 collect add T9
silent
"$program" collect add T9 <. >out 2>err
same 'the exit code for scans that can not be read' 1 $?
cp one.db in
expect 3 collect add T9
expect 0 audit verify --deep
for bytes in one.db /dev/null village.csv; do
	expect 1 run import "$bytes" --plate Q1
	expect 1 collect log "$bytes" --site gate
	expect 1 receive manifest "$bytes"
done
expect 1 roster import one.db

# --- a clock that was set back ------------------------------------------------------------------

"$future" later.db 3600 || fail 'no laboratory of tomorrow'
export POOLWELL_LAB=later.db POOLWELL_OPERATOR=li
before=$(value head audit head)
expect 1 collect open T1
one_word 'clock'
says 'lab clock --accept'
expect 0 report daily
unharmed "$before"
expect 2 lab clock
expect 2 lab clock --accept
says '--reason'
unharmed "$before"
expect 0 lab clock --accept --reason 'the time server had been wrong'
expect 0 collect open T1
expect 0 collect open T2
expect 0 audit show --fact clock.accepted
grep -q 'the time server had been wrong' out || fail 'the journal does not say why'
expect 0 audit verify --deep
gives 'findings  0'
# A clock that is right has nothing to be accepted.
expect 1 lab clock --accept --reason 'because'
# A second behind is what two benches may differ by.
"$future" soon.db 1 || fail 'no laboratory of the next second'
expect 0 collect open T1 --lab soon.db
finish
