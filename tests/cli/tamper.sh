#!/bin/sh
# Whoever changes a laboratory's database behind the program's back, with the sqlite3 tool, is found: the
# place is named and the exit code is 3; a copy that nobody touched is clean.
# usage: tamper.sh PROGRAM ROWS
if ! command -v sqlite3 >/dev/null; then
	echo 'skipped: sqlite3 is not there, nothing to tamper with'
	exit 0
fi
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
unset POOLWELL_LAB POOLWELL_OPERATOR

expect 0 demo --out town --people 120 --prevalence 3% --seed 5
cp town/lab.db clean.db
head=$(value head audit head --lab clean.db)
facts=${head%-*}

# tamper WHAT SQL: what somebody does to a copy
tamper() {
	what=$1
	cp clean.db touched.db
	sqlite3 touched.db "$2" >tool 2>&1 || fail "$what: sqlite3 says: $(cat tool)"
}

# found TEXT [OPTION...]: the copy is looked at, and this is said of it
found() {
	text=$1
	shift
	expect 3 audit verify --lab touched.db "$@"
	says "$text"
}

expect 0 audit verify --deep --lab clean.db --head "$head"
gives 'findings  0'

# --- every table: each column of a row, a row more, a row less ----------------------------------

# columns TABLE SQL-EXPRESSION: that of every column of the table, parted by commas
columns() {
	sqlite3 clean.db "SELECT group_concat($2, ', ') FROM pragma_table_info('$1')"
}

# A value of the column's type that is not the one that it has.
other="CASE type WHEN 'TEXT' THEN '''other''' WHEN 'INTEGER' THEN '98765' WHEN 'REAL' THEN '98765.5' ELSE 'x''00''' END"

tables=$(sqlite3 clean.db "SELECT name FROM sqlite_master WHERE type = 'table'
	AND name NOT IN ('journal', 'attachment') ORDER BY name")
for table in $tables; do
	filled=$(sqlite3 clean.db "SELECT count(*) FROM $table")
	if [ "$filled" -gt 0 ]; then
		set="SELECT group_concat(name || ' = ' || $other, ', ') FROM pragma_table_info('$table') WHERE pk = 0"
		tamper "a row of $table edited" \
			"UPDATE $table SET $(sqlite3 clean.db "$set") WHERE rowid = (SELECT max(rowid) FROM $table)"
		found "table $table, row " --deep
		for column in $(sqlite3 clean.db "SELECT name FROM pragma_table_info('$table') WHERE pk = 0"); do
			grep -q "table $table, row .*: $column is .*: the row was edited" err ||
				fail "$table: it is not said that $column was edited"
		done
		tamper "a row of $table removed" "DELETE FROM $table WHERE rowid = (SELECT max(rowid) FROM $table)"
		found "table $table, row " --deep
		says 'the journal made it and it is gone: the row was removed'
	fi
	[ "$table" = laboratory ] && continue # has room for one row
	tamper "a row of $table added" \
		"INSERT INTO $table ($(columns "$table" name)) VALUES ($(columns "$table" "$other"))"
	found "table $table, row " --deep
	says 'no fact made it: the row was added'
done
last='the tables'
[ "$(echo "$tables" | wc -l)" -ge 20 ] || fail "only these were tried: $tables"

# Without --deep the tables are not looked at; what they are made from is.
tamper 'a name edited' "UPDATE subject SET name = 'Nobody' WHERE subject = 7"
expect 0 audit verify --lab touched.db

# --- rows that change places --------------------------------------------------------------------

tamper 'two people swapped' "UPDATE swab SET subject = CASE subject WHEN 7 THEN 8 ELSE 7 END WHERE subject IN (7, 8)"
found 'table swab, row ' --deep
tamper 'a positive made negative' \
	"UPDATE result SET status = 'negative' WHERE result = (SELECT min(result) FROM result WHERE status = 'positive')"
found "status is 'negative', and the journal says 'positive': the row was edited" --deep

# --- kept files ---------------------------------------------------------------------------------

tamper 'a kept file edited' "UPDATE attachment SET bytes = CAST('forged' AS BLOB) WHERE rowid = (SELECT max(rowid) FROM attachment)"
found 'its bytes were changed'
tamper 'a kept file removed' "DELETE FROM attachment WHERE rowid = (SELECT max(rowid) FROM attachment)"
found 'kept file '
tamper 'a kept file added' "INSERT INTO attachment VALUES ('ab', 1, x'00')"
found 'somebody added it'

# --- the journal --------------------------------------------------------------------------------

middle=$((facts / 2))
tamper 'a byte of a fact changed' "UPDATE journal SET body = substr(body, 1, length(body) - 3)
	|| CASE substr(body, -3, 1) WHEN '1' THEN '2' ELSE '1' END || substr(body, -2) WHERE seq = $middle"
found "fact $middle"
found "fact $middle" --deep
tamper 'a hash changed' "UPDATE journal SET hash = CASE substr(hash, 1, 1) WHEN 'a' THEN 'b' ELSE 'a' END || substr(hash, 2) WHERE seq = $middle"
found "fact $middle: its hash does not follow"
tamper 'a fact removed' "DELETE FROM journal WHERE seq = $middle"
found "fact $middle is missing"
found "fact $middle is missing" --deep
tamper 'facts removed' "DELETE FROM journal WHERE seq IN ($middle, $middle + 1, $middle + 2)"
found "facts $middle to $((middle + 2)) are missing"
tamper 'a fact removed and the gap closed' "DELETE FROM journal WHERE seq = $middle;
	UPDATE journal SET seq = -seq WHERE seq > $middle; UPDATE journal SET seq = -seq - 1 WHERE seq < 0"
found "fact $middle"
tamper 'two facts swapped' "UPDATE journal SET seq = 0 WHERE seq = $middle;
	UPDATE journal SET seq = $middle WHERE seq = $middle + 1; UPDATE journal SET seq = $middle + 1 WHERE seq = 0"
found "fact $middle"
tamper 'the texts of two facts swapped' "CREATE TEMP TABLE two AS SELECT seq, body FROM journal WHERE seq IN ($middle, $middle + 1);
	UPDATE journal SET body = (SELECT body FROM two WHERE two.seq <> journal.seq) WHERE seq IN ($middle, $middle + 1)"
found "fact $middle"
tamper 'a fact added' "INSERT INTO journal SELECT $facts + 1, body, hash FROM journal WHERE seq = $facts"
found "fact $((facts + 1))"
tamper 'the first fact removed' 'DELETE FROM journal WHERE seq = 1'
found 'fact 1 is missing'
tamper 'the journal emptied' 'DELETE FROM journal'
found 'facts that were there are gone' --head "$head"
found 'the row was added' --deep

# The chain alone cannot know of an end that is cut off; the tables can, and the head that was printed.
tamper 'the last facts removed' "DELETE FROM journal WHERE seq > $facts - 3"
expect 0 audit verify --lab touched.db
found "this journal has no fact $facts" --head "$head"
found 'table ' --deep

# Cut off with all that they made, only the head tells.
begin_lab --lab short.db
expect 0 lab site school --lab short.db
head=$(value head audit head --lab short.db)
sqlite3 short.db "DELETE FROM journal WHERE seq = ${head%-*}; DELETE FROM site WHERE site = 'school'"
expect 0 audit verify --deep --lab short.db
expect 3 audit verify --deep --lab short.db --head "$head"
says 'facts that were there are gone'
expect 0 lab site school --lab short.db
expect 3 audit verify --deep --lab short.db --head "$head"
says 'another history stands in its place'
expect 1 audit verify --lab short.db --head 12345
says 'is no head'

# --- the file itself ----------------------------------------------------------------------------

# A byte of somebody's number, wherever in the file it stands.
LC_ALL=C grep -abo 'R0000077' clean.db | cut -d: -f1 >places
[ -s places ] || fail 'R0000077 is nowhere in the file'
while read -r place; do
	cp clean.db touched.db
	printf 'Z' | dd of=touched.db bs=1 seek="$place" conv=notrunc 2>/dev/null
	last="a byte changed at $place"
	"$program" audit verify --deep --lab touched.db >out 2>err </dev/null
	[ $? -eq 3 ] || fail "exit is not 3: $(head -n 4 err)"
done <places

cmp -s clean.db town/lab.db || fail 'looking at a database changed it'
expect 0 audit verify --deep --lab clean.db
gives 'findings  0'
finish
