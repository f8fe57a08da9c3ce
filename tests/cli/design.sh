#!/bin/sh
# design.sh PROGRAM ROWS FUTURE TREE: designs made, shown, drawn, evaluated and advised on, from the outside; and what
# makes no sense. Without a laboratory.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# get KEY: of the JSON that came last
get() {
	"$rows" get "$1" <out
}

# near WHAT EXPECTED ACTUAL WITHIN
near() {
	awk -v a="$2" -v b="$3" -v tol="$4" 'BEGIN { exit !(b != "" && a - b <= tol && b - a <= tol) }' ||
		fail "$1 is '$3', not $2"
}

# --- every family: made, read back, its promise said, drawn, evaluated
# family FILE POOLS SAMPLES PROMISE OPTION...
family() {
	file=$1 pools=$2 samples=$3 promise=$4
	shift 4
	expect 0 design make --out "$file.txt" --draw "$file.svg" --family "$@"
	says ": $pools pools of "
	says "of $samples samples"
	says "; $promise"
	grep -q '<svg' "$file.svg" || fail "$file.svg is no picture"
	expect 0 design show "$file.txt" --draw "$file.pdf"
	for part in "$pools pools of $samples samples" 'samples, plate 1 of' 'pools, plate 1 of'; do
		! command -v pdftotext >/dev/null || pdftotext "$file.pdf" - | grep -q "$part" ||
			fail "$file.pdf does not show '$part'"
	done
	expect 0 design show "$file.txt" --json
	same "$file: pools" "$pools" "$(get pools)"
	same "$file: samples" "$samples" "$(get samples)"
	same "$file: promise" "$promise" "$(get promise)"
	expect 0 design evaluate --scheme design --design "$file.txt" --prevalence 1% --se 0.99 --sp 0.99 --json
	for key in expected_tests tests_per_person pse psp pppv pnpv; do
		grep -q "\"$key\": [0-9]" out || fail "$file: no '$key'"
	done
}
two='up to 2 positives without error'
one='up to 1 positive without error'
none='no number of positives is always found'
family individual 5 5 'up to 5 positives without error' individual --samples 5
family uneven 3 23 "$none" dorfman --samples 23 --size 10
family array 20 96 "$one" array --size 8x12
family master 21 96 "$one" array --size 8x12 --master
family controls 20 94 "$one" array --size 8x12 --keep-free H11,H12
family fewer 15 30 "$one" array --size 8x12 --samples 30
family cube 15 125 "$one" array --size 5x5x5
family hypercube 12 81 "$one" array --size 3x3x3x3
family std 55 96 'up to 4 positives without error; up to 2 with 1 wrong pool' std --samples 96 --field 11 --weight 5
family rs 48 384 "$two; up to 1 with 1 wrong pool" rs --pools 48 --weight 6 --samples 384
family kirkman 45 105 "$two" kirkman --pools 45 --samples 105
family steiner 13 26 "$two" steiner --pools 13
family golfer 32 64 'up to 3 positives without error; up to 1 with 1 wrong pool' golfer --groups 8 --size 4 --weeks 8
family hyper1 48 384 "$none" hyper --pools 48 --samples 384 --splits 1
family hyper2 48 384 "$one" hyper --pools 48 --samples 384 --splits 2
family hyper3 48 384 "$one" hyper --pools 48 --samples 384 --splits 3
family chinese 34 96 "$two" chinese --size 10,11,13 --samples 96
family random 20 50 "$one" random --pools 20 --weight 4 --samples 50 --seed 3
same 'the published weight' 6 "$("$program" design show rs.txt --json | "$rows" get most_pools_of_a_sample)"
expect 1 design make --family array --size 8x12 --max-pool 11
says 'refused: array: pools of 12 samples are more than the 11 allowed'
expect 1 design make --family array --size 8x12 --aliquot 50 --pool-volume 500
says '12 aliquots of 50000 nl are more than the 500000 nl that a well holds'

# --- the fixed interface, with published numbers
# evaluates TESTS PSE PSP OPTION...
evaluates() {
	tests=$1 pse=$2 psp=$3
	shift 3
	expect 0 design evaluate "$@" --json
	"$rows" json <out >/dev/null || fail 'what --json gives is not JSON'
	near 'the number of tests' "$tests" "$(get expected_tests)" 0.51e-10
	near 'PSe' "$pse" "$(get pse)" 0.51e-10
	near 'PSp' "$psp" "$(get psp)" 0.51e-10
	near 'tests a person' "$tests" "$(awk -v t="$(get tests_per_person)" -v n="$(get people)" \
		'BEGIN { printf "%.12f", t * n }')" 1e-9
}
evaluates 2.0370556649 0.9801 0.9990524690 --scheme dorfman --size 10 --prevalence 0.01 --se 0.99 --sp 0.99
evaluates 1.3953930409 0.857375 0.9996805252 --scheme hierarchical --size 5,5,5,3 --prevalence 0.001 --se 0.95 --sp 0.95
evaluates 19.9643218829 0.9056969550 0.9971268491 --scheme array --size 8x8 --prevalence 0.005 --se 0.95 --sp 0.95
evaluates 5.6724875640 0.9050228961 0.9998662746 --scheme array-master --size 5x5 --prevalence 0.02 \
	--se 0.95,0.95,0.99 --sp 0.98,0.98,0.99
printf '0.012\n0.014\n0.011\n0.012\n0.010\n0.015\n' >risks
evaluates 1.3781945001 0.970299 0.9997552985 --scheme hierarchical --size 3,3 --priors risks --se 0.99 --sp 0.99
evaluates 1 0.99 0.99 --scheme individual --size 1 --prevalence 0.01 --se 0.99 --sp 0.99

# advises SCHEME SIZE TESTS OPTION...
advises() {
	scheme=$1 size=$2 tests=$3
	shift 3
	expect 0 design advise "$@" --json
	"$rows" json <out >/dev/null || fail 'what --json gives is not JSON'
	for key in scheme size expected_tests tests_per_person pse psp pppv pnpv bound front switches; do
		grep -q "^  \"$key\": " out || fail "no key '$key'"
	done
	same 'the best scheme' "$scheme $size" "$(get scheme) $(get size)"
	near 'its tests' "$tests" "$(get expected_tests)" 0.51e-10
}
advises array 25x25 86.1085073257 --scheme array --sizes 3:40 --prevalence 0.01 --se 0.99 --sp 0.99
advises hierarchical 5,5,5,5,5 3.3843454456 --scheme hierarchical --sizes 3:40 --stages 3 --prevalence 0.01 --se 0.99 --sp 0.99
advises dorfman 5 2.1584734063 --scheme dorfman --sizes 2:100 --prevalence 5% --se 0.99 --sp 0.99
expect 0 design advise --prevalence 1% --se 0.99 --sp 0.99 --max-pool 8 --json
! grep -q '"largest_pool": \(9\|[1-9][0-9]\)' out || fail 'a pool is larger than allowed'

# --- what makes no sense is said, with the place and what to do
# bad CODE TEXT COMMAND...
bad() {
	want=$1 text=$2
	shift 2
	expect "$want" design "$@"
	says "$text"
}
test='--se 0.99 --sp 0.99'
for range in 0:0 3:0 5:3 a:b : 3: :4 -3:5 3:99999999999999999999 ''; do
	# shellcheck disable=SC2086 # two options
	bad 2 "--sizes: '$range' is no range of sizes: give it as 3:40" advise --sizes="$range" --prevalence 1% $test
done
# shellcheck disable=SC2086
{
	bad 1 'sizes up to 201 are more than the 200 we search' advise --sizes 3:201 --prevalence 1% $test
	for share in nan inf abc ''; do
		bad 2 "'$share' is not a share" advise --prevalence="$share" $test
		bad 2 "'$share' is not a share" evaluate --scheme dorfman --size 5 --prevalence="$share" $test
	done
	bad 2 'is out of range: 0% to 100%' evaluate --scheme dorfman --size 5 --prevalence=-1 $test
	bad 2 "'2' could be 2% or a fraction" evaluate --scheme dorfman --size 5 --prevalence 2 $test
	for size in 0 -5 '' x5 5x '5,5,' 5,0,5; do
		bad 2 'a number of 1 or more should stand at character' evaluate --scheme hierarchical \
			--size="$size" --prevalence 1% $test
	done
	bad 2 'a number up to 100000 should stand' evaluate --scheme dorfman --size 99999999999999999999 --prevalence 1% $test
	bad 1 'an array of 1000 × 1000 is more than the 100000 we take' evaluate --scheme array --size 1000x1000 --prevalence 1% $test
	bad 2 'round 2 has 20 people where round 1 has 25' evaluate --scheme hierarchical --size 25=5x4 --prevalence 1% $test
	bad 2 'give --prevalence or --priors, not both' advise --priors risks --prevalence 1% $test
	bad 2 'give --prevalence, or --priors and a file' advise $test
	bad 2 "'sudoku' is not one of individual, dorfman" evaluate --scheme sudoku --size 5 --prevalence 1% $test
}
for number in -1 nan 1.1 '' '.9,' 1e999; do
	bad 2 'is no probability: give numbers from 0 to 1' evaluate --scheme dorfman --size 5 --prevalence 1% --se="$number" --sp 0.9
done
printf '1 0 1\n0 0 0\n' >empty-pool
printf '1 0 1\n1 0 0\n' >nobody
printf '1 nan 1\n' >nan
: >nothing
head -c 3000 "$program" >binary
for command in show 'evaluate --scheme design --prevalence 1% --se 0.99 --sp 0.99 --design'; do
	# shellcheck disable=SC2086 # a command and its options
	{
		bad 1 'empty-pool: line 2: pool 2 is empty' $command empty-pool
		bad 1 'nobody: sample 2 is in no pool' $command nobody
		bad 1 "nan: line 1:3: 'n' where only 0 and 1 may stand" $command nan
		bad 1 'nothing: no pool: give a matrix of 0 and 1' $command nothing
		bad 1 'binary: line 1:1: ' $command binary
		bad 1 'missing: no such file' $command missing
	}
done
for number in nan -1 2 inf x; do
	printf '0.1\n%s\n' "$number" >risk
	bad 1 "risk: line 2:1: '$number' is no probability: give a number from 0 to 1" \
		evaluate --scheme dorfman --size 2 --priors risk --se 0.99 --sp 0.99
	bad 1 "risk: line 2:1: '$number' is no probability" advise --priors risk --se 0.99 --sp 0.99
done
# who cannot or must be positive is an answer
printf '0\n0\n1\n1\n' >sure
expect 0 design evaluate --scheme dorfman --size 4 --priors sure --se 0.99 --sp 0.99 --json
near 'PSe of the sure' 0.9801 "$(get pse)" 1e-12
expect 0 design advise --priors sure --se 0.99 --sp 0.99 --json

# --- 100,000 people: in one pool, where nobody can be told from another, and one too many
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "1"; print "" }' >wide
expect 0 design show wide --json
same 'the promise of one pool' "$none" "$(get promise)"
bad 1 'the exact sum over this design takes' evaluate --scheme design --design wide --prevalence 1% --se 0.99 --sp 0.99
awk 'BEGIN { for (i = 0; i < 100001; i++) printf "1"; print "" }' >wide
bad 1 'wide: line 1: more than the 100000 samples we take' show wide
awk 'BEGIN { for (i = 0; i < 20001; i++) print "1" }' >tall
bad 1 'tall: line 20001: more than the 20000 pools we take' show tall

finish
