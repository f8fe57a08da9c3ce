#!/bin/sh
# The largest designs within 64 MB: a matrix of 100,000 people in 1,000 pools is 200 MB of text, of which the program
# may hold next to nothing, on the way in and out. The system itself keeps count: it gives no more (ulimit -d:
# what a program writes to, without the code of libraries), and a program that wants more ends.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

if grep -q __asan_init "$program"; then
	echo 'skipped: under AddressSanitizer the memory is its own'
	exit 0
fi

# within KB: no more than so much data, from here on, for all that is started here
within() {
	# shellcheck disable=SC3045 # not of POSIX, but of dash, bash and busybox
	ulimit -c 0 && ulimit -d "$1"
}

# Not every system keeps count: a design must not be had for next to nothing.
if (
	(within 4096 && exec "$program" design make --family random --samples 100000 --pools 200 \
		--weight 10 --out /dev/null -q)
	exit $?
) >out 2>&1; then
	echo 'skipped: this system sets no limit to data (ulimit -d)'
	exit 0
fi
rm -f out
within 65536 || exit 1

# random: the matrix of 100,000 people, each in 10 of 1,000 pools, to standard output
random() {
	"$program" design make --family random --samples 100000 --pools 1000 --weight 10 --seed 7 \
		--out - -q
}

# full: one with as many ones as there may be, four million: everybody in 40 of 200 pools
full() {
	awk 'BEGIN { for (i = 0; i < 100000; i++) line = line (i % 5 == 0 ? "1" : "0")
		for (pool = 0; pool < 200; pool++) print substr(line line, 1 + pool % 5, 100000) }'
}

# many: as many ones, at random
many() {
	"$program" design make --family random --samples 100000 --pools 200 --weight 40 --seed 7 \
		--out - -q
}

# on MATRIX ARGUMENT...: runs the program with that matrix as standard input
on() {
	matrix=$1
	shift
	last="poolwell $*, of the $matrix matrix"
	"$matrix" 2>made | "$program" "$@" >out 2>err ||
		fail "exit $?: $(head -n 4 made | cut -c 1-200) $(head -n 4 err)"
}

# The pools of sample 8 are positive, and no others: who it is comes out, of 100,000.
calls=$(random | cut -c 15 | tr -d '\n' | tr 01 -+)
same 'the number of pools' 1000 "${#calls}"
same 'the number of pools of a sample' 10 "$(printf '%s' "$calls" | tr -d - | wc -c | tr -d ' ')"
printf '%s\n' "$calls" | fold -w 1 | awk 'BEGIN { print "pool,ct" }
	{ print NR "," ($1 == "+" ? 30 + NR % 5 / 10 : "") }' >ct.csv
awk 'BEGIN { print "prior"; for (i = 0; i < 100000; i++) print "0.0001" }' >priors.csv

on random design show - --csv
same 'what is shown' 1000,100000 "$(sed -n 2p out | cut -d, -f 1,2)"
for evidence in "--results=$calls --prior=0.01%" "--results=$calls --priors=priors.csv" \
	'--ct=ct.csv --prior=0.01%'; do
	# shellcheck disable=SC2086 # a list of words
	on random decode --design - $evidence --csv
	same 'who is positive' 8 "$(grep ',positive,' out | cut -d, -f 1)"
done
on random decode --design - --results="$calls" --prior=0.01% --json
same 'the samples with a posterior' 100000 "$("$rows" get posterior <out | tr ',' '\n' | wc -l | tr -d ' ')"
on random decode plan --design - --ct=ct.csv --prior=0.01% --json
grep -q '"positive": *\[ *8 *\]' out || fail "not sample 8 alone: $(head -c 200 out)"

on full design show - --csv
same 'what is shown' 200,100000 "$(sed -n 2p out | cut -d, -f 1,2)"

# As many ones as there may be, a pool without a result and dilution: neither is the matrix copied for the one, nor are
# there as many likelihoods as ones for the other.
calls=$(many | cut -c 15 | tr -d '\n' | tr 01 -+)
same 'the number of pools' 200 "${#calls}"
for model in '--se=95%' '--dilution=rate=0.00001'; do
	on many decode --design - --results="!${calls#?}" --prior=0.01% --max-positives 1 "$model" --csv
	same 'who is positive' 8 "$(grep ',positive,' out | cut -d, -f 1)"
done

finish
