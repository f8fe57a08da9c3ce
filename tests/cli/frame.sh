#!/bin/sh
# What only a process shows: streams that are full, closed or a terminal, and the exit code.
# usage: frame.sh PROGRAM
set -u
program=$1
unset POOLWELL_LAB POOLWELL_OPERATOR POOLWELL_STATION NO_COLOR COLUMNS
export TERM=xterm
failures=0
errors=$(mktemp) || exit 1
trap 'rm -f "$errors"' EXIT

# check WHAT EXPECTED ACTUAL
check() {
	[ "$2" = "$3" ] && return
	printf '%s: expected\n%s\nbut it is\n%s\n' "$1" "$2" "$3" >&2
	failures=$((failures + 1))
}

"$program" version >/dev/null 2>"$errors"
check 'done is 0' '0 ' "$? $(cat "$errors")"

"$program" verison >/dev/null 2>"$errors"
check 'usage is 2' "2 poolwell: there is no command 'verison'; did you mean 'version'?
see 'poolwell help'" "$? $(cat "$errors")"

out=$("$program" 2>/dev/null)
check 'nothing asked: nothing on standard output' '2 ' "$? $out"

"$program" help --markdown >/dev/full 2>"$errors"
check 'full disk is 1' '1 poolwell: standard output: the disk is full' "$? $(cat "$errors")"

"$program" version >&- 2>"$errors"
check 'closed standard output is 1' '1 poolwell: standard output: Bad file descriptor' \
	"$? $(cat "$errors")"

"$program" version <&- >/dev/null 2>&-
check 'closed standard input and error are nothing' 0 "$?"

# The pipe has had a reader, which is gone; the program is told, and is not killed.
pipe=$(mktemp -u) || exit 1
mkfifo "$pipe"
true <"$pipe" &
exec 3>"$pipe"
wait $!
"$program" help --markdown >&3 2>"$errors"
check 'closed pipe is 1' '1 poolwell: standard output: its reader has gone' \
	"$? $(cat "$errors")"
exec 3>&-
rm "$pipe"

check '--version is version' "$("$program" version)" "$("$program" --version)"

out=$("$program" version --json | tr -d ' \n')
case $out in
'{"poolwell":"'*'","compiler":"'*'","system":"'*'"}') ;;
*) check 'version as JSON' '{"poolwell":...}' "$out" ;;
esac

if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	bold=$(printf '\033[1mpoolwell\033[0m')
	out=$(script -qec "'$program' version" /dev/null </dev/null | head -n 1)
	case $out in
	"$bold"*) ;;
	*) check 'bold on a terminal' "$bold" "$out" ;;
	esac
	out=$(NO_COLOR=1 script -qec "'$program' version" /dev/null </dev/null | head -n 1)
	case $out in
	poolwell*) ;;
	*) check 'NO_COLOR' 'poolwell' "$out" ;;
	esac
else
	echo 'skipped: no pseudo-terminal is to be had here (script, /dev/pts)'
fi

[ "$failures" -eq 0 ]
