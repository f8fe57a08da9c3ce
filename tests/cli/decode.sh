#!/bin/sh
# decode.sh PROGRAM ROWS FUTURE TREE: pools decoded and the next wells planned, from the outside, as another
# program and as a laboratory's manager would. Without a laboratory.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# json KEY: what stands behind the key of the JSON that came last, as it is
json() {
	sed -n "s/^  \"$1\": \(.*[^,]\),*\$/\1/p" out
}

# element KEY I: the I-th of an array of numbers, from 1
element() {
	json "$1" | tr -d '[] ' | cut -d, -f"$2"
}

# near WHAT EXPECTED ACTUAL WITHIN
near() {
	awk -v a="$2" -v b="$3" -v tol="$4" 'BEGIN { exit !(b != "" && a - b <= tol && b - a <= tol) }' ||
		fail "$1 is '$3', not $2"
}

expect 0 design make --family array --size 3x4 --out array.txt
expect 0 design make --family rs --pools 48 --weight 6 --samples 384 --out rs.txt
expect 0 design make --family dorfman --samples 23 --size 10 --out uneven.txt

# calls POOLS POOL...: so many pools, of which these are positive
calls() {
	echo "$@" | tr ' ' '\n' | awk 'NR == 1 { n = $1; next } { plus[$1] = 1 }
		END { for (i = 1; i <= n; i++) printf i in plus ? "+" : "-" }'
}

# The plate of two carriers, 72 and 142, whose pool 31 is a false positive
carriers=$(calls 48 6 8 15 20 21 27 31 32 34 39 41 46)

# --- the fixed interface, with published numbers
expect 0 decode --design array.txt --results '+---++-' --prior 0.05 --se 0.95 --sp 0.99 --json
"$rows" json <out >/dev/null || fail 'what --json gives is not JSON'
for key in posterior logz bound method expected_positives count_posterior calls explanations comp dd; do
	[ -n "$(json $key)" ] || fail "no key '$key'"
done
near 'the logarithm of the evidence' -6.203531582715 "$(json logz)" 1e-12
near 'the posterior of sample 2' 0.8090485325 "$(element posterior 2)" 1e-10
near 'the posterior of sample 6' 0.0373802212 "$(element posterior 6)" 1e-10
near 'the number of positives' 1.7749561165 "$(json expected_positives)" 1e-10
near 'the chance of two positives' 0.6 "$(element count_posterior 3)" 0.2
near 'the bound' 0 "$(json bound)" 1e-12
same comp '[2, 3]' "$(json comp)"
same dd '[2, 3]' "$(json dd)"
same calls '"undecided"' "$(element calls 2)"
# the calls begin with '-'; with spaces, behind '=', the prior as a percentage
for way in '----+--' '- - -- +--'; do
	expect 0 decode --design array.txt --results "$way" --prior 5% --json
	near 'the logarithm of the evidence' -4.711399408542 "$(json logz)" 1e-12
	expect 0 decode --design array.txt --results="$way" --prior 5% --json
	near 'the posterior of sample 6' 0.1449057257 "$(element posterior 6)" 1e-10
done
# an array in standard input
cp array.txt in
expect 0 decode --design - --results '----+--' --prior 5% --json
near 'the posterior of sample 6' 0.1449057257 "$(element posterior 6)" 1e-10

expect 0 decode --design rs.txt --results "$carriers" --prior 0.5% --se 0.95 --sp 0.99 --json
near 'the posterior of 142' 0.9999998394 "$(element posterior 142)" 1e-6
near 'the posterior of 14' 0.0012142963 "$(element posterior 14)" 1e-6
near 'the chance of two' 0.996448 "$(element count_posterior 3)" 2e-6
awk -v b="$(json bound)" 'BEGIN { exit !(b <= 1e-6) }' || fail "the bound is $(json bound)"
same 'what is not explained' '[31]' "$(json unexplained_pools)"
same 'what is against' '[]' "$(json pools_against)"
grep -qF '"smallest": {"samples": [72, 142], "unexplained_pools": [31]' out || fail 'no smallest explanation'
expect 0 decode --design rs.txt --results "$carriers" --prior 0.5% --max-positives 2 --json
near 'the number of positives' 2 "$(json expected_positives)" 1e-4
same 'the length of the distribution' 3 "$(json count_posterior | tr ',' '\n' | wc -l | tr -d ' ')"

# --- what a person reads
expect 0 decode --design rs.txt --results "$carriers" --prior 0.5%
grep -q '^ *72  *0.999999  positive  in 6 pools, 6 positive, the only explanation of pools 8, 20, 27, 34 and 41$' out ||
	fail "no word on sample 72: $(cat out)"
grep -q '^ *31  positive, but unexplained: nobody in it is of the likeliest set; likeliest in it is sample 14 with 0.0012$' out ||
	fail "no word on pool 31: $(cat out)"
says 'of 384 people 2 positive, 0 undecided, 382 negative'
# pool 6 missed: it speaks against 142
expect 0 decode --design rs.txt --results "$(calls 48 8 15 20 21 27 32 34 39 41 46)" --prior 0.5%
grep -q '^ *6  negative, although sample 142 of the likeliest set is in it$' out || fail "no word on pool 6: $(cat out)"
# CSV has everybody
expect 0 decode --design rs.txt --results "$carriers" --prior 0.5% --csv
same 'the rows of the CSV' 384 "$("$rows" csv <out)"
# sets that hit the same pools, and people in the same pools
expect 0 decode --design array.txt --results '++--++-' --prior 5%
grep -q '^these sets of positives hit the same pools: no result tells those of a group apart$' out || fail 'no word on sets'
grep -q '^ *1  *0.429791  2 7$' out || fail "no set 2 7: $(cat out)"
grep -q '^ *1  *0.429791  3 6$' out || fail "no set 3 6: $(cat out)"
# Ct can tell them apart
printf 'pool,ct\n1,25\n2,31\n3,\n4,\n5,31\n6,25\n7,\n' >crossed.csv
expect 0 decode --design array.txt --ct crossed.csv --prior 5% --json
same 'the likeliest set by Ct' '[{"samples": [3, 6]' "$(json sets | cut -d, -f1,2)"
expect 0 decode --design array.txt --ct crossed.csv --prior 5%
! grep -q 'no result tells' out || fail 'what Ct tell apart is said to be alike'
printf '1101\n0011\n' >twins.txt
expect 0 decode --design twins.txt --results '+-' --prior 5%
grep -q '^ *1 .*; cannot be told from sample 2$' out || fail "twins are not named: $(cat out)"
expect 0 decode --design twins.txt --results '+-' --prior 5% --json
same 'the twins' '[[1, 2]]' "$(json cannot_be_told_apart)"
# a plate of 96 pools that was turned round: the last pool is read as the first
expect 0 design make --family random --pools 96 --weight 5 --samples 200 --out turned.txt
awk '{ printf $11 == 1 || $150 == 1 ? "+" : "-" }' turned.txt >right
expect 0 decode --design turned.txt --results "$(cat right)" --prior 0.5%
! grep -q 'warning' err || fail "an alarm without a reason: $(cat err)"
expect 0 decode --design turned.txt --results "$(rev right)" --prior 0.5%
says 'pools are wrong even by the best explanation'
says 'the plate was turned by half a turn'
# uneven pools: three of the last
expect 0 decode --design uneven.txt --results '--+' --prior 1% --se 99%
for sample in 21 22 23; do
	grep -q "^ *$sample .*; cannot be told from samples" out || fail "sample $sample of the small pool: $(cat out)"
done
# grey says nothing, missing says nothing
expect 0 decode --design uneven.txt --results '-?!' --prior 1% --json
near 'the posterior in a grey pool' 0.01 "$(element posterior 11)" 1e-12
near 'the posterior in a missing pool' 0.01 "$(element posterior 23)" 1e-12

# --- people of whom no pool was read are said: nothing but their prior decides them
expect 0 decode --design array.txt --results '?+--!!-' --prior 0.1%
says '2 of the people are in no pool with a result'
expect 0 decode --design array.txt --results '!!!!!!!' --prior 0.1%
says '12 of the people are in no pool with a result'
expect 0 decode --design array.txt --results '!!!---+' --prior 0.1%
! grep -q 'no pool with a result' err || fail 'people who were read are said not to be'

# --- plan, until everybody is decided; 3 and 6 are positive
truth() {
	awk -v a=3 -v b=6 '$1 !~ /^#/ { plus = $a == 1 || $b == 1; printf plus ? "+" : "-" }' "$1"
}
cp array.txt next.txt
rounds=0
while :; do
	expect 0 decode plan --design next.txt --results "$(truth next.txt)" --prior 5% --se 99% --sp 99.5% \
		--confidence 0.99 --json
	"$rows" json <out >/dev/null || fail 'the plan is no JSON'
	[ "$(json decided)" = false ] || break
	json wells | grep -q '"samples"' || fail 'nothing is planned'
	expect 0 decode plan --design next.txt --results "$(truth next.txt)" --prior 5% --se 99% --sp 99.5% \
		--confidence 0.99 --out next.txt --overwrite
	rounds=$((rounds + 1))
	if [ "$rounds" -gt 20 ]; then
		fail 'the plan does not come to an end'
		break
	fi
done
same 'who is positive at the end' '[3, 6]' "$(json positive)"
[ "$rounds" -ge 1 ] || fail 'nothing had to be run'
expect 0 decode plan --design next.txt --results "$(truth next.txt)" --prior 5% --se 99% --sp 99.5% --out none.txt
says 'everybody is decided: nothing more to run'
[ ! -e none.txt ] || fail 'a design without new wells was written'
expect 0 decode plan --design array.txt --results '++--++-' --prior 5% --batch 3 --recollect 2,7 --csv
same 'the wells of a batch' 3 "$("$rows" csv <out)"
expect 2 decode plan --design array.txt --results '++--++-' --prior 5% --recollect 2,13
says "'13' is no sample: give numbers from 1 to 12"
expect 2 decode plan --design array.txt --results '++--++-' --prior 5% --se 50% --sp 50%
says 'tells nothing'
expect 0 decode plan --design array.txt --results '++--++-' --prior 5% --se 1.01% --sp 99%
says 'the end is farther away than was looked ahead: more than'
expect 1 decode plan --design array.txt --results '++--++-' --prior 5% --out array.txt
says 'array.txt'

# --- pictures
for format in svg png pdf; do
	expect 0 decode --design rs.txt --results "$carriers" --prior 0.5% --draw "a.$format"
	"$program" decode --design rs.txt --results "$carriers" --prior 0.5% --draw "b.$format" >/dev/null 2>&1
	cmp -s "a.$format" "b.$format" || fail "the same plate is drawn differently as $format"
	expect 1 decode --design rs.txt --results "$carriers" --prior 0.5% --draw "a.$format"
	expect 0 decode --design rs.txt --results "$carriers" --prior 0.5% --draw "a.$format" --overwrite
done
if command -v xmllint >/dev/null; then
	xmllint --noout a.svg || fail 'the picture is no XML'
fi
! grep -qiE '[" ,](nan|-?inf)[" ,]' a.svg || fail 'the picture has places that are no numbers'
same 'positives and positive pools, drawn and in the legend' $((2 + 12 + 2)) "$(grep -c 'fill:rgb(61.96%' a.svg)"
expect 2 decode --design rs.txt --results "$carriers" --prior 0.5% --draw a.bmp
says "'a.bmp' must end in .svg, .png or .pdf"
# wells kept in the file: the pools of an array stand at its edges
expect 0 design make --family array --size 8x12 --keep-free H11,H12 --comments --out wells.txt
grep -q '^# wells of samples: A1 A2 ' wells.txt || fail 'no wells in the file'
expect 0 decode --design wells.txt --results "$(calls 20 3 14)" --prior 1% --draw wells.svg
expect 0 design show wells.txt --json
same 'the samples beside two controls' 94 "$("$rows" get samples <out)"

# --- what makes no sense is said, with the place and what to do
# bad CODE TEXT ARGUMENT...
bad() {
	want=$1 text=$2
	shift 2
	expect "$want" decode "$@"
	says "$text"
}
: >empty
head -c 3000 "$program" >binary
printf '111\n000\n' >emptypool.txt
printf '0101\n0110\n' >nobody.txt
printf '111\n10\n' >ragged.txt
bad 1 'emptypool.txt: line 2: pool 2 is empty: put somebody in or leave the line out' \
	--design emptypool.txt --results '+-' --prior 1%
bad 1 'nobody.txt: sample 1 is in no pool: give it a pool or take its column out' \
	--design nobody.txt --results '+-' --prior 1%
bad 1 'ragged.txt: line 2: 2 columns where line 1 has 3; every pool needs a digit for each sample' \
	--design ragged.txt --results '+-' --prior 1%
bad 1 'empty: no pool: give a matrix of 0 and 1' --design empty --results '+-' --prior 1%
bad 1 'binary: line 1:1: byte 0x7F where only 0 and 1 may stand' --design binary --results '+-' --prior 1%
bad 1 'no-such: no such file' --design no-such --results '+-' --prior 1%
: >in
bad 1 'standard input: no pool' --design - --results '+-' --prior 1%
bad 2 'give --results, or --ct and a file' --design array.txt --prior 1%
bad 1 '--results: 3 results for 7 pools: give one of + - ? ! a pool' --design array.txt --results '+--' --prior 1%
bad 1 '--results: 9 results for 7 pools' --design array.txt --results '+--+--+--' --prior 1%
bad 1 "--results: line 1:4: 'x' where only + - ? ! may stand" --design array.txt --results '+--x+--' --prior 1%
bad 1 "--results: line 1:2: 'ü' where" --design array.txt --results '+ü' --prior 1%
bad 2 'give --prior, or --priors and a file' --design array.txt --results '+------'
bad 2 "'5' could be 5% or a fraction: write the %" --design array.txt --results '+------' --prior 5
bad 2 "'nan' is not a share" --design array.txt --results '+------' --prior nan
bad 2 '--noise: -1 is no spread of Ct: give 0 to 10 cycles' --design array.txt --results '+------' --prior 5% --noise=-1
bad 2 'nobody can be decided with 0.5: give more than 50% and less than 100%' \
	--design array.txt --results '+------' --prior 5% --confidence 50%

# ct TEXT LINE...: a file of these Ct, and what is said of it
ct() {
	text=$1
	shift
	printf '%s\n' "$@" >bad.csv
	bad 1 "bad.csv: $text" --design array.txt --ct bad.csv --prior 1%
}
ct "line 2:3: 'nan' is no Ct: give a number above 0 and up to 100, or leave the field empty" pool,ct 1,nan
ct "line 2:3: '1e300' is no Ct" pool,ct 1,1e300
ct "line 2:3: '101' is no Ct" pool,ct 1,101
ct "line 2:3: '-3' is no Ct" pool,ct 1,-3
ct 'line 3:1: there is no pool 8: the design has 1 to 7' pool,ct 1,30 8,30
ct "line 2:1: 'A1' is no number of a pool: give 1 to 7" pool,ct A1,30
ct 'line 3:1: pool 1 stands in line 2 already' pool,ct 1,30 1,31
ct 'line 2: pool 1 has no Ct column' pool 1
ct 'line 1:27: more than the 8 wells of a pool' 1,30,30,30,30,30,30,30,30,30
bad 1 'empty: no pool in it: give a pool a line' --design array.txt --ct empty --prior 1%
bad 1 'binary: ' --design array.txt --ct binary --prior 1%
# a Ct of 0 is none; late ones are cut off where that is asked for
printf '1,0\n2,\n3,\n4,\n5,39\n6,\n7,\n' >late.csv
expect 0 decode --design array.txt --ct late.csv --prior 1% --json
same 'a positive pool by Ct' '[]' "$(json comp)"
grep -q '"samples": \[\]' out || fail 'a lone late Ct is not from nowhere'
expect 0 decode --design array.txt --ct late.csv --prior 1% --cutoff 38 --csv
! grep -q ' 1 positive' out || fail 'a Ct that was cut off counts as positive'
bad 2 '--cutoff: 5 is no limit for Ct: give more than 10 and up to 100' \
	--design array.txt --ct late.csv --prior 1% --cutoff 5
# a Ct before any other is a Ct
printf '1,0.01\n2,\n3,\n4,\n5,0.02\n6,\n7,\n' >early.csv
expect 0 decode --design array.txt --ct early.csv --prior 1% --json
same 'the positive pools by early Ct' '[2]' "$(json comp)"

printf 'prior\n0.1\nnan\n' >priors
bad 1 "priors: line 3:1: 'nan' is no probability: give a number from 0 to 1" \
	--design array.txt --results '+------' --priors priors
printf '0.1\n0.2\n' >priors
bad 2 'priors: 2 people, but the design has 12 samples: give a line each' \
	--design array.txt --results '+------' --priors priors
{
	echo prior,household
	yes 0.1,a | head -n 12
} >houses
bad 2 "--household: '3' is not two numbers parted by a comma" \
	--design array.txt --results '+------' --priors houses --household 3
bad 2 'household 1 is exposed with chance 3: give a number from 0 to 1' \
	--design array.txt --results '+------' --priors houses --household 3,20
yes 0 | head -n 12 >nobody
yes 1 | head -n 12 >everybody
bad 2 'give --prior or --priors, not both' --design array.txt --results '+------' --priors nobody --prior 1%
# priors of 0 and 1 against the evidence: impossible under a perfect test, an answer and an alarm otherwise
bad 1 'refused: pool 1 is positive, which is impossible' --design array.txt --results '++--++-' --priors nobody --sp 1
bad 1 'refused: pool 3 is negative, which is impossible' --design array.txt --results '++--++-' --priors everybody --se 1
expect 0 decode --design array.txt --results '++--++-' --priors nobody --json
near 'who cannot be positive' 0 "$(element posterior 2)" 0
grep -q '"alarm": {"raised": true' out || fail 'four positive pools of nobody raise no alarm'
expect 0 decode --design array.txt --results '+------' --priors everybody --json
near 'who must be positive' 1 "$(element posterior 9)" 0
grep -q '"alarm": {"raised": true' out || fail 'six negative pools of everybody raise no alarm'

# --- a deadline that has passed leaves a bound, not an error
for design in array.txt rs.txt uneven.txt; do
	pools=$(grep -vc '^#' $design)
	expect 0 decode --design $design --results "$(calls "$pools" 1 3)" --prior 1% --deadline 0s --json
	same "$design: stopped" true "$(json stopped)"
	awk -v b="$(json bound)" 'BEGIN { exit !(b > 1e-3 && b <= 1) }' || fail "$design: the bound is $(json bound)"
done

# --- 100,000 people in 300 pools: nobody positive, and some; no hang (no measure, but an end)
expect 0 design make --family random --pools 300 --weight 6 --samples 100000 --out big.txt
patient() {
	if command -v timeout >/dev/null; then timeout 1000 "$@"; else "$@"; fi
}
last='decode of 100,000 people'
patient "$program" decode --design big.txt --results "$(calls 300)" --prior 0.001% --json >out 2>err ||
	fail "nobody positive: exit $?: $(head -n 4 err)"
near 'the number of positives' 0 "$(json expected_positives)" 1e-6
awk -v b="$(json bound)" 'BEGIN { exit !(b <= 1e-6) }' || fail "the bound is $(json bound)"
some=$(awk '$1 !~ /^#/ { printf $7 == 1 || $40000 == 1 || $99999 == 1 ? "+" : "-" }' big.txt)
patient "$program" decode --design big.txt --results "$some" --prior 0.001% --deadline 2s >out 2>err ||
	fail "some positive: exit $?: $(head -n 4 err)"
for sample in 7 40000 99999; do
	grep -q "^ *$sample  " out || fail "sample $sample is not listed: $(head out)"
done
same 'lines for three positives among 100,000' 4 "$(wc -l <out | tr -d ' ')"
sed '$d' big.txt >short.txt && echo '0 1' >>short.txt
expect 1 decode --design short.txt --results "$(calls 300)" --prior 0.001%
says 'short.txt: line 300: 2 columns where line 1 has 100000'

finish
