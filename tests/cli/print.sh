#!/bin/sh
# print.sh PROGRAM ROWS FUTURE TREE: labels through simulated printers, which run out of paper, are unplugged and held by
# others, while the program is killed at any moment: no label is lost, and none comes out twice without a
# person's word. PW_KILLS says how often it is killed (15 unless told), PW_SEED at which moments.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

simulator=${PW_SIMULATOR:-$program}
kills=${PW_KILLS:-15}
seed=${PW_SEED:-$$}
echo "PW_SEED=$seed"
command -v zbarimg >/dev/null || echo 'skipped: zbarimg is not there: what came out is counted, not read' >&2

# wait_for PATTERN FILE: until a line is there, for at most five minutes
wait_for() {
	tries=3000
	while ! grep -q "$1" "$2" 2>/dev/null; do
		tries=$((tries - 1))
		if [ "$tries" -eq 0 ]; then
			fail "no line '$1' in $2: $(tail -n 8 "$2")"
			return 1
		fi
		sleep 0.1
	done
}

# plug ADDRESS LANGUAGE OPTION...: a printer at $address, whose labels go to ./paper and whose hands are the FIFO ./hands
plug() {
	rm -rf hands said talk.txt paper
	mkfifo hands
	listen=$1
	shift
	"$simulator" sim printer "$@" --listen "$listen" --out paper <hands >said 2>talk.txt &
	sim=$!
	exec 4>hands
	wait_for '^listening ' said
	address=$(sed -n 's/^listening //p' said)
}

unplug() {
	exec 4>&-
	kill "$sim" 2>/dev/null
	wait "$sim"
}
trap 'kill "$sim" 2>/dev/null; cd /; rm -rf "$work"' EXIT

# hand WORDS: somebody walks up to the printer
hand() {
	printf '%s\n' "$*" >&4
}

whole() {
	grep -c '^printed ' said
}

# counts: what the printer says of itself, "N labels came out whole, … inside; N bytes taken"
counts() {
	lines=$(wc -l <talk.txt)
	hand counts
	while [ "$(wc -l <talk.txt)" -eq "$lines" ]; do
		sleep 0.02
	done
	tail -n 1 talk.txt
}

# still: until the printer stands still, with nothing inside and nothing on its way
still() {
	seen=
	while :; do
		sleep 0.3
		now=$(counts)
		case $now in
		*' 0 are inside'*) [ "$now" != "$seen" ] || return ;;
		esac
		seen=$now
	done
}

# read_label N: the code on the N-th label that came out whole
read_label() {
	png=$(sed -n 's/^printed [0-9]* //p' said | sed -n "$1p")
	zbarimg -q --raw -Sdisable -Scode128.enable "$png" 2>/dev/null | head -n 1
}

# codes: of all labels that came out whole, in their order
codes() {
	n=0
	while [ $n -lt "$(whole)" ]; do
		n=$((n + 1))
		read_label $n
	done
}

# agrees BEFORE: what the program said of its labels is what came out behind the first BEFORE
agrees() {
	confirmed=$(sed -n 's/^ *"confirmed": \([0-9]*\).*/\1/p' out)
	unconfirmed=$(sed -n 's/^ *"unconfirmed": \([0-9]*\).*/\1/p' out)
	came=$(($(whole) - $1))
	if [ "$confirmed" -gt $came ] || [ $came -gt $((confirmed + unconfirmed)) ]; then
		fail "$came came out, $confirmed were confirmed and $unconfirmed are in doubt"
	fi
}

# draw N: a number below N at random, into $drawn
draw() {
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	drawn=$((seed / 65536 % $1))
}

in_state() {
	"$program" label list --state "$1" --csv 2>/dev/null | "$rows" csv
}

# --- without a laboratory -----------------------------------------------------------------------

plug tcp:127.0.0.1:0 zpl --dpi 203 --label-time 60 --habit talkative
expect 0 label print -t tube-13x75 -s id=SZT00000124M --printer "$address?language=zpl" --json
grep -q '"confirmed": 1' out || fail "not confirmed: $(cat out err)"
same 'the labels that came out' 1 "$(whole)"
if command -v zbarimg >/dev/null; then
	same 'what the label says' SZT00000124M "$(read_label 1)"
fi

# Out of paper in the middle: said in words, and on by itself.
"$program" label print -t tube-13x75 -s id=SZT00000124M --copies 20 --printer "$address?language=zpl" >out 2>err &
printing=$!
wait_for '^printed 6' said
hand paper out
wait_for 'out of labels: load a roll, close the printer and press feed' err
sleep 1
hand paper in
wait $printing
same 'the exit code after a new roll' 0 $?
grep -q '^confirmed    20' out || fail "after a new roll: $(cat out err)"
same 'the labels that came out' 21 "$(whole)"
grep -q "goes on" err || fail 'it does not say that it goes on'

# It stays out: given up, and exactly the rest was not printed.
"$program" label print -t tube-13x75 -s id=SZT00000124M --copies 20 --give-up-after 2s --json \
	--printer "$address?language=zpl" >out 2>err &
printing=$!
wait_for '^printed 27' said
hand head open
wait $printing
same 'the exit code without a hand' 3 $?
grep -q 'the print head is open: close it until it clicks' err || fail "it does not say why: $(cat err)"
hand head closed
still
agrees 21
unplug

# The cable is pulled in the middle, and put back: it goes on, and says of which labels nobody can know.
if (: >/dev/ptmx) 2>/dev/null; then
	plug pty:printer zpl --dpi 203 --label-time 60 --habit talkative
	"$program" label print -t tube-13x75 -s id=SZT00000124M --copies 20 --json --printer "$address?language=zpl" \
		>out 2>err &
	printing=$!
	wait_for '^printed 5' said
	hand unplug
	wait_for 'not connected' err
	hand plug
	wait $printing
	code=$?
	[ $code -eq 0 ] || [ $code -eq 3 ] || fail "exit $code: $(cat err)"
	grep -q '"waiting": 0' out || fail "not all were sent: $(cat out err)"
	still
	agrees 0
	unplug
else
	echo 'skipped: this computer has no pseudo-terminals' >&2
fi

# A printer that can't tell.
plug tcp:127.0.0.1:0 dymo --label-time 20
expect 3 label print -t tube-13x75 -s id=SZT00000124M --copies 2 --printer "$address?language=dymo"
gives 'unconfirmed  2'
says '2 labels were sent and not confirmed'
still
same 'the labels that came out' 2 "$(whole)"
unplug
expect 1 label print -t tube-13x75 -s id=SZT00000124M --printer "$address?language=zpl" --give-up-after 1s

# --- a laboratory -------------------------------------------------------------------------------

plug tcp:127.0.0.1:0 zpl --dpi 203 --label-time 40 --habit talkative
begin_lab --operator wang
expect 0 printer add bench "$address?language=zpl"
says "printer 'bench' speaks zpl, at 203 dpi"
expect 0 label print --tubes 12
gives 'confirmed    12'
same 'the labels that came out' 12 "$(whole)"

# Two benches at one printer: one after the other.
"$program" label print --tubes 10 >one 2>&1 &
first=$!
"$program" label print --tubes 10 >two 2>&1 &
second=$!
wait $first
same 'the exit code of the first' 0 $?
wait $second
same 'the exit code of the second' 0 $?
same 'the labels that came out' 32 "$(whole)"
same 'those confirmed' 32 "$(in_state confirmed)"

# Out of paper, given up: the rest waits, with the reason; the laboratory's work goes on; then it is resumed.
"$program" label print --tubes 10 --give-up-after 1s >out 2>err &
printing=$!
wait_for '^printed 36' said
hand paper out
wait $printing
same 'the exit code' 3 $?
"$program" label queue --csv 2>/dev/null | grep -q 'out of labels: load a roll' || fail 'nothing says why they wait'
expect 0 collect open T1 --site gate
hand paper in
still
last=$(value id label list --batch 4 | sed -n "$(($(whole) - 32))p")
expect 0 label settle "$last"
"$program" label resume >out 2>err
same 'the exit code when it is resumed' 0 $?
same 'the labels that came out' 42 "$(whole)"
same 'those confirmed' 42 "$(in_state confirmed)"

# --- killed at any moment -----------------------------------------------------------------------

# settle BEFORE: a person looks at the strip, and says what came out last, of what is more than BEFORE labels
settle() {
	doubt=$(($(in_state sent) + $(in_state unconfirmed)))
	if [ "$doubt" -gt 0 ] && [ "$(whole)" -gt "$1" ]; then
		expect 0 label settle "$(sed -n "$(($(whole) - base))p" ids)"
	elif [ "$doubt" -gt 0 ]; then
		expect 0 label settle --none "$batch"
	fi
	same "the labels in doubt in round $round" 0 "$(($(in_state sent) + $(in_state unconfirmed)))"
}

labels=$((kills * 14))
base=$(whole)
expect 0 label print --tubes $labels --later
batch=$(sed -n 's/^batch *//p' out)
value id label list --batch "$batch" >ids
round=0 middle=0
while [ $round -lt "$kills" ]; do
	round=$((round + 1))
	before=$(whole)
	"$program" label resume >out 2>err &
	printing=$!
	draw 600
	sleep "$(awk "BEGIN { print $drawn / 1000 }")"
	kill -9 $printing 2>/dev/null
	wait $printing 2>/dev/null
	still
	doubt=$(in_state sent)
	[ "$doubt" -eq 0 ] || middle=$((middle + 1))
	[ "$doubt" -le 24 ] || fail "round $round: $doubt labels are in doubt"
	settle "$before"
done
# Undisturbed to the end. What the printer does not vouch for after all that, the person does.
while [ "$(in_state queued)" -gt 0 ] && [ $round -lt $((kills + 5)) ]; do
	round=$((round + 1))
	before=$(whole)
	"$program" label resume >out 2>err
	still
	settle "$before"
done
last="$kills kills, $middle of them in the middle"
echo "$last"
[ $((2 * middle)) -ge "$kills" ] || fail 'too few of them at work'
same 'the labels that came out' $((base + labels)) "$(whole)"
same 'those confirmed' $((base + labels)) "$(in_state confirmed)"
same 'what waits' 0 "$("$program" label queue --csv 2>/dev/null | "$rows" csv)"
if command -v zbarimg >/dev/null; then
	codes | tail -n "$labels" >came
	cmp -s ids came || fail "what was read is not what was printed: $(diff ids came | head -n 6)"
fi
expect 0 audit verify --deep
gives 'findings  0'
unplug

finish
