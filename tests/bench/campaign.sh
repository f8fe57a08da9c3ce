#!/bin/sh
# The simulated campaign, in full: so many people through each design, once for each seed, beside what theory
# expects of it; a table for docs/internals/simulated-campaign.md. Fails when somebody ends without an answer or a
# history is not whole.
# usage: campaign.sh PROGRAM [PEOPLE [SEED...]]
set -eu
program=$1
people=${2:-20000}
[ $# -lt 2 ] || shift
shift
[ $# -gt 0 ] || set -- 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# once DESIGN SEED: "tests theory found theory alarms theory rounds answers swabbed again", a line
once() {
	rm -rf "$work/c"
	"$program" demo --out "$work/c" --people "$people" --prevalence 0.5% --seed "$2" --design "$1" -q >"$work/out"
	"$program" audit verify --deep --lab "$work/c/lab.db" -q >"$work/audit" || {
		echo "campaign: $1, seed $2: the history is not whole" >&2
		exit 1
	}
	awk '/^  of them second swabs/ { again = $NF }
		/^Rounds until the last answer/ { rounds = $NF }
		/^Final answers/ { answers = $3; swabbed = $5 }
		/^  open / && $2 != 0 { exit 1 }
		/^Laboratory pools:/ { theory = 1 }
		theory && /^  tests a tube/ { tests = $4 " " $5 }
		theory && /^  positive found/ { found = $3 " " $4 }
		theory && /^  false alarms/ { alarms = $3 " " $4 }
		END { print tests, found, alarms, rounds, answers, swabbed, again }' "$work/out" || {
		echo "campaign: $1, seed $2: somebody has no answer" >&2
		exit 1
	}
}

echo '| design | people with an answer | second swabs | rounds | tests a tube | in theory | difference | positive found | in theory | difference | false alarms | in theory |'
echo '|---|---|---|---|---|---|---|---|---|---|---|---|'
for design in dorfman-10 array-8x12 rs-48x384 kirkman-45x105; do
	for seed in "$@"; do
		once "$design" "$seed"
	done >"$work/rows"
	awk -v design="$design" '
		# the mean difference, with its standard error where there are several
		function difference(sum, squares, format,    mean, variance) {
			mean = sum / NR
			if (NR < 2)
				return sprintf(format, mean)
			variance = (squares - NR * mean * mean) / (NR - 1)
			return sprintf(format " ± " substr(format, 1, 1) substr(format, 3), mean, sqrt((variance > 0 ? variance : 0) / NR))
		}
		{
			tests += $1; tests_theory += $2; d = $1 - $2; td += d; tdd += d * d
			found += $3; found_theory += $4; d = $3 - $4; fd += d; fdd += d * d
			alarms += $5; alarms_theory += $6
			if ($7 > rounds) rounds = $7
			answers += $8; swabbed += $9; again += $10
		}
		END {
			printf "| %s | %d of %d | %d | %d ", design, answers, swabbed, again, rounds
			printf "| %.4f | %.4f | %s ", tests / NR, tests_theory / NR, difference(td, tdd, "%+.4f")
			printf "| %.3f | %.3f | %s ", found / NR, found_theory / NR, difference(fd, fdd, "%+.3f")
			printf "| %d | %.1f |\n", alarms, alarms_theory
		}' "$work/rows"
done
