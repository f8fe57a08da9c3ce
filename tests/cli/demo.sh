#!/bin/sh
# The demonstration, for several seeds: everything that it promises lies in its folder, everybody who was
# swabbed has an answer, the answers are about right, and the same seed gives the same day.
# usage: demo.sh PROGRAM ROWS FUTURE SOURCE-TREE
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
tree=${4:-}
unset POOLWELL_LAB POOLWELL_OPERATOR

# demo FOLDER ARGUMENT...
demo() {
	folder=$1
	shift
	expect 0 demo --out "$folder" --people 300 --prevalence 3% "$@"
	grep -q '^Against the truth' out || fail 'there is no summary'
}

# count FILE STATUS: how many have it
count() {
	grep -c ",$2\$" "$1"
}

# --- what lies in the folder --------------------------------------------------------------------

check_files() {
	for file in lab.db truth.csv results.csv recall.csv roster.csv; do
		[ -s "$folder/$file" ] || fail "$folder/$file is not there"
	done
	for kind in 'daily-*.txt' 'plates/*.svg' 'manifests/*.csv' 'runs/*.txt'; do
		# shellcheck disable=SC2086
		set -- "$folder"/$kind
		[ -s "$1" ] || fail "$folder has no $kind"
	done
	"$rows" csv <"$folder/recall.csv" >/dev/null || fail 'recall.csv is no CSV'
}

# Who was swabbed has an answer; who is open in results.csv was not.
check_answers() {
	for file in truth results; do
		same "the header of $file.csv" person,status "$(head -n 1 "$folder/$file.csv")"
		cut -d, -f1 "$folder/$file.csv" >"$file.people"
	done
	cmp -s truth.people results.people || fail 'truth.csv and results.csv are of different people'
	same 'the words of truth.csv' 'negative positive' \
		"$(sed 1d "$folder/truth.csv" | cut -d, -f2 | sort -u | paste -sd' ')"
	sed 1d "$folder/results.csv" | cut -d, -f2 | sort -u >words
	! grep -qvxE 'positive|negative|inconclusive|open' words || fail 'a status is none of the four'
	for empty in 'report results --status open' 'resolve list' 'report recall' 'receive boxes'; do
		# shellcheck disable=SC2086
		expect 0 $empty --lab "$folder/lab.db" --json
		same 'the number of rows' 0 "$("$rows" json <out)"
	done
	expect 0 report results --status not-swabbed --lab "$folder/lab.db" --json
	same 'the number of the open' "$("$rows" json <out)" "$(count "$folder/results.csv" open)"
}

check_history() {
	expect 0 audit verify --deep --lab "$folder/lab.db"
	gives 'findings  0'
}

infected=0 missed=0 healthy=0 alarms=0

# Of those who were swabbed and have a yes or no.
add_up() {
	paste -d, "$folder/truth.csv" "$folder/results.csv" | cut -d, -f2,4 >both
	infected=$((infected + $(grep -cE '^positive,(positive|negative)' both)))
	missed=$((missed + $(grep -c '^positive,negative' both)))
	healthy=$((healthy + $(grep -cE '^negative,(positive|negative)' both)))
	alarms=$((alarms + $(grep -c '^negative,positive' both)))
}

for seed in 1 2 3 12345; do
	demo "day$seed" --seed "$seed"
	check_files
	check_answers
	check_history
	add_up
done
for size in 1 5 20; do
	demo "pool$size" --seed 9 --pool-size "$size"
	check_answers
	check_history
	add_up
	expect 0 audit show --fact tube.opened --lab "pool$size/lab.db"
	grep -q " capacity=$size " out || fail "no tube is for $size"
done
last='poolwell demo'
[ "$infected" -ge 20 ] || fail "$infected infected in all is too few to judge by"
[ $((missed * 100)) -le $((infected * 40)) ] || fail "$missed of $infected infected are missed"
[ $((alarms * 100)) -lt "$healthy" ] || fail "$alarms of $healthy healthy are alarmed"
echo "$missed of $infected infected missed, $alarms of $healthy healthy alarmed"

# --- the same seed, the same day ----------------------------------------------------------------

demo again --seed 1
for file in truth.csv results.csv recall.csv roster.csv runs manifests plates logs; do
	diff -r "day1/$file" "again/$file" >/dev/null || fail "$file differs from that of the same seed"
done
same 'the head of the same day' "$(value head audit head --lab day1/lab.db)" \
	"$(value head audit head --lab again/lab.db)"
! cmp -s day1/truth.csv day2/truth.csv || fail 'another seed gives the same truth'

# --- what it refuses ----------------------------------------------------------------------------

expect 1 demo --out day1 --people 300
says "'day1' is there already"
same 'the head after a refusal' "$(value head audit head --lab again/lab.db)" \
	"$(value head audit head --lab day1/lab.db)"
echo something >file
expect 1 demo --out file --people 10
expect 2 demo
expect 2 demo --out x --people 0
expect 2 demo --out x --prevalence 3
expect 2 demo --out x --pool-size 7
expect 2 demo --out - --people 10
[ ! -e x ] || fail 'a folder was made for a command that makes no sense'

# --- only the comparison at the end reads the truth ---------------------------------------------

if [ -n "$tree" ]; then
	last='the source'
	same 'who reads the truth' "$tree/cli/demo/end.c:1" \
		"$(grep -rc pw_world_truth "$tree/cli" --include='*.c' --include='*.h' | grep -v ':0$')"
	awk '/^pw_status pw_demo_compare/ { inside = 1 } /pw_world_truth/ && inside { found = 1 } /^}/ { inside = 0 }
		END { exit !found }' "$tree/cli/demo/end.c" || fail 'the truth is read outside pw_demo_compare'
fi
finish
