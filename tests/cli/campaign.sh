#!/bin/sh
# A simulated campaign through each of the designs: it ends with everybody decided, the history is whole, and
# the tests it took are about what theory says.
# usage: campaign.sh PROGRAM ROWS
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
unset POOLWELL_LAB POOLWELL_OPERATOR

# count FILE STATUS: how many have it
count() {
	grep -c ",$2\$" "$1"
}

infected=0 missed=0 healthy=0 alarms=0

# campaign FOLDER SEED ARGUMENT...
campaign() {
	folder=$1 seed=$2
	shift 2
	expect 0 demo --out "$folder" --people 1000 --prevalence 1% --seed "$seed" "$@"
	grep -q '^  open  *0$' out || fail 'somebody has no answer'
	grep '^  tests a tube' out | awk '$4 < 0.6 * $5 || $4 > 1.4 * $5 + 0.05' >far
	[ ! -s far ] || fail "the tests are far from theory: $(cat far)"
	for empty in 'report results --status open' 'resolve list' 'report recall' 'pool list'; do
		# shellcheck disable=SC2086
		expect 0 $empty --lab "$folder/lab.db" --json
		same 'the number of rows' 0 "$("$rows" json <out)"
	done
	expect 0 audit verify --deep --lab "$folder/lab.db"
	gives 'findings  0'
	paste -d, "$folder/truth.csv" "$folder/results.csv" | cut -d, -f2,4 >both
	infected=$((infected + $(grep -cE '^positive,(positive|negative)' both)))
	missed=$((missed + $(grep -c '^positive,negative' both)))
	healthy=$((healthy + $(grep -cE '^negative,(positive|negative)' both)))
	alarms=$((alarms + $(grep -c '^negative,positive' both)))
}

for design in dorfman-5 dorfman-10 array-8x12 rs-48x384 kirkman-45x105; do
	campaign "$design" 11 --design "$design"
done
campaign collected 12 --design dorfman-5 --pool-size 10
campaign fewest 13 --design dorfman-10 --next tests
last='poolwell demo'
[ "$infected" -ge 40 ] || fail "$infected infected in all is too few to judge by"
[ $((missed * 100)) -le $((infected * 30)) ] || fail "$missed of $infected infected are missed"
[ $((alarms * 100)) -lt "$healthy" ] || fail "$alarms of $healthy healthy are alarmed"
echo "$missed of $infected infected missed, $alarms of $healthy healthy alarmed"

# --- the same seed, the same campaign -----------------------------------------------------------

campaign again 11 --design array-8x12
same 'the head of the same campaign' "$(value head audit head --lab array-8x12/lab.db)" \
	"$(value head audit head --lab again/lab.db)"
expect 2 demo --out x --people 10 --design hypercube
finish
