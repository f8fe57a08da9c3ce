#!/bin/sh
# sim_printer.sh PROGRAM ROWS FUTURE TREE: simulated printers from the outside, as serial lines that a shell can write to.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# wait_for PATTERN FILE: until a line is there, for at most five minutes
wait_for() {
	tries=3000
	while ! grep -q "$1" "$2" 2>/dev/null; do
		tries=$((tries - 1))
		if [ "$tries" -eq 0 ]; then
			fail "no line '$1' in $2: $(head -n 8 "$2")"
			return 1
		fi
		sleep 0.1
	done
}

# begin LANGUAGE OPTION...: a printer at ./printer, whose hands are lines in the FIFO ./orders
begin() {
	rm -f orders said notes
	mkfifo orders
	last="poolwell sim printer $*"
	"$program" sim printer "$@" --listen pty:printer --out labels <orders >said 2>notes &
	sim=$!
	exec 4>orders
	wait_for '^listening pty:printer$' said
}

# over: it ends in good order, and its terminal is gone
over() {
	exec 4>&-
	wait "$sim" || fail "the simulator ends with $?: $(tail -n 3 notes)"
	[ ! -e printer ] || fail 'its terminal stays'
	rm -rf labels
}

if ! (: >/dev/ptmx) 2>/dev/null; then
	echo 'skipped: this computer has no pseudo-terminals' >&2
	exit 0
fi

# What is printed is what was drawn; in ZPL and EPL to the byte.
for language in zpl tspl epl brother dymo; do
	"$program" label render -t cryotube-side -s id=SZT00000124M --dpi 300 -f png -o wanted.png
	"$program" label render -t cryotube-side -s id=SZT00000124M --dpi 300 -f "$language" -o job
	begin "$language" --dpi 300 --labels 1 --label-time 50 --media 38x90
	if [ "$language" = brother ]; then
		media=$(od -An -tu1 -v job | tr -s ' \n' ' ' | sed -n 's/.* 27 105 122 [0-9]* [0-9]* \([0-9]* [0-9]*\) .*/\1/p')
		printf 'media %s\n' "$(echo "$media" | tr ' ' x | sed 's/x0$//')" >&4
		wait_for '^media' notes
	fi
	cat job >printer
	wait_for '^printed 1 labels/label-0001.png$' said
	[ "$(head -c 4 labels/label-0001.png | tail -c 3)" = PNG ] || fail "no picture of $language"
	case $language in
	zpl | epl) cmp -s wanted.png labels/label-0001.png || fail "$language is another picture" ;;
	esac
	over
	grep -q '^1 labels came out whole, 0 in part, 0 are inside' notes || fail "no sums: $(tail -n 1 notes)"
done

# Questions are answered; hands are heard, and what is no work for them is said.
begin zpl
exec 5<>printer
printf '~HS' >&5
same 'the answer to ~HS' 82 "$(head -c 82 <&5 | wc -c | tr -d ' ')"
printf 'paper out\ndance\ncounts\n' >&4
wait_for '^paper out$' notes
wait_for "'dance' cannot be done: there are paper out" notes
wait_for '^0 labels came out whole' notes
printf '~HQES' >&5
head -c 90 <&5 >answer
grep -q 'ERRORS:         1 00000000' answer || fail "out of paper, it says: $(cat answer)"
exec 5>&-
printf 'quit\n' >&4
over

# A label that is stopped comes out in part, and then whole; a script does what hands do.
"$program" label render -t cryotube-side -s id=A1 --dpi 203 -f zpl -o job
begin zpl --labels 2 --faults 'label 1: paper out for 300; time 0: slow'
cat job job >printer
wait_for '^printed 3 ' said
grep -q '^fragment 1 labels/label-0001-part.png$' said || fail "no fragment: $(cat said)"
grep -q '^printed 2 ' said || fail "no second label: $(cat said)"
over

# Unplugged, its terminal goes; plugged in, it comes again. A signal ends it in good order.
begin tspl
printf 'unplug\n' >&4
wait_for '^unplug$' notes
while [ -e printer ]; do sleep 0.1; done
printf 'plug\n' >&4
wait_for '^plug$' notes
until [ -e printer ]; do sleep 0.1; done
kill -TERM "$sim"
over

# The same faults for the same number.
for run in 1 2; do
	begin epl --seed 42
	printf 'quit\n' >&4
	over
	grep -- --faults notes >"faults$run"
done
cmp -s faults1 faults2 || fail 'one number, two fates'
[ -s faults1 ] || fail 'no fate'

# What makes no sense
expect 2 sim printer pcl
says "'pcl' has no simulator: there are zpl, tspl"
expect 2 sim printer zpl --faults 'label 3 paper out'
says "should be 'WHEN: WHAT'"
expect 2 sim printer zpl --listen nowhere
says 'is no address for a simulator'
expect 2 sim printer zpl --media none
says 'cannot be done'
expect 1 sim printer zpl --listen pty:no/such/folder
touch taken
expect 1 sim printer zpl --listen pty:taken
[ -f taken ] || fail 'a file of somebody else is gone'

finish
