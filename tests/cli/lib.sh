# shellcheck shell=sh
# What the tests of the program share; sourced by them, with the program and `rows` as arguments:
#
#	. "$(dirname "$0")/lib.sh"
#
# Each test works in a folder of its own, which is gone when it ends, as the only operator of one.db when
# it names no other. Every run of the program is held to its promises: the exit code is the one that is
# expected; nothing on standard output when it failed; a failure is one line, a usage error points to help.
set -u
program=$1
rows=$2
unset POOLWELL_STATION POOLWELL_SITE NO_COLOR COLUMNS
# The zone is the one in which it is about noon, so that no test runs over midnight.
hour=$(date -u +%H)
export TERM=dumb TZ="LAB$((${hour#0} - 12))" POOLWELL_LAB=one.db POOLWELL_OPERATOR=li
work=$(mktemp -d) || exit 1
trap 'cd /; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
failures=0
last=

fail() {
	printf '%s\n' "$last: $*" >&2
	failures=$((failures + 1))
}

# The last line of every test.
finish() {
	[ "$failures" -eq 0 ] || printf '%s\n' "$failures things are not as they should be" >&2
	[ "$failures" -eq 0 ]
}

# same WHAT EXPECTED ACTUAL
same() {
	[ "$2" = "$3" ] || fail "$1 is '$3', not '$2'"
}

# expect CODE ARGUMENT...: runs the program, with the file `in` as standard input when there is one
expect() {
	want=$1
	shift
	last="poolwell $*"
	if [ -f in ]; then
		"$program" "$@" <in >out 2>err
	else
		"$program" "$@" </dev/null >out 2>err
	fi
	code=$?
	rm -f in
	[ "$code" -eq "$want" ] || fail "exit $code, not $want: $(head -n 4 err)"
	case $want in
	0 | 3) ;;
	*)
		[ ! -s out ] || fail "it failed, and standard output has: $(head -n 12 out)"
		grep -q '^poolwell: ' err || fail "no word about why: $(head -n 4 err)"
		;;
	esac
	if [ "$want" -eq 2 ]; then
		grep -q "^see 'poolwell help" err || fail "no word about where help is: $(head -n 4 err)"
	fi
}

# says TEXT: the talk has it;  gives LINE: the result has this line;  silent: the result is empty
says() {
	grep -qF -- "$1" err || fail "it does not say '$1': $(head -n 4 err)"
}

gives() {
	grep -qxF -- "$1" out || fail "no line '$1' in: $(head -n 12 out)"
}

silent() {
	[ ! -s out ] || fail "standard output is for results, and has: $(head -n 12 out)"
}

# refused CODE ARGUMENT...: the rules say no, with this code
refused() {
	reason=$1
	shift
	expect 1 "$@"
	says "[$reason]"
	same 'the number of lines said' 1 "$(wc -l <err | tr -d ' ')"
}

# slips CODE ARGUMENT...: of several scans some are refused, one with this code
slips() {
	reason=$1
	shift
	expect 3 "$@"
	says "[$reason]"
}

# value KEY ARGUMENT...: that key of what the command gives as JSON, one row a line
value() {
	key=$1
	shift
	"$program" "$@" --json 2>/dev/null </dev/null | "$rows" get "$key"
}

# figure NAME ARGUMENT...: the total of a figure of the daily report
figure() {
	name=$1
	shift
	value "$name.total" report daily "$@"
}

# listed ARGUMENT...: JSON, CSV and table of a list are right, and agree in their rows
listed() {
	expect 0 "$@" --json
	json=$("$rows" json <out) || fail 'what --json gives is not JSON'
	keys=$("$rows" keys <out)
	expect 0 "$@" --csv
	csv=$("$rows" csv <out) || fail 'what --csv gives is not CSV'
	head=$("$rows" head <out)
	same 'the number of rows in CSV' "$json" "$csv"
	[ "$json" -eq 0 ] || same 'the header of the CSV' "$keys" "$head"
	expect 0 "$@"
	[ "$json" -ne 0 ] || silent
}

# in_file NAME: standard input into the file
in_file() {
	cat >"$1"
}

begin_lab() {
	expect 0 lab init --name 'City laboratory' --issuer SZ --operator li='Li Na' \
		--site gate='City gate' --assay cn-orf1ab-n "$@"
	silent
}

# cfx: "WELL CONTENT SAMPLE ORF1ab N IC" lines into a Bio-Rad CFX Quantification Cq Results file
cfx() {
	awk -v RS='\n' 'BEGIN {
		print ",Well,Fluor,Target,Content,Sample,Biological Set Name,Cq,Cq Mean,Cq Std. Dev," \
			"Starting Quantity (SQ),Log Starting Quantity,SQ Mean,SQ Std. Dev,Set Point,Well Note\r"
		split("FAM ROX Cy5", dye); split("ORF1ab N IC", target)
	}
	{
		for (i = 1; i <= 3; i++)
			printf ",%s,%s,%s,%s,%s,,%s,0,0,NaN,NaN,0,0,60,\r\n", $1, dye[i], target[i], $2, $3, $(3 + i)
	}'
}

# quantstudio NAME: the same lines into an Applied Biosystems text export of the plate NAME
quantstudio() {
	awk -v name="$1" 'BEGIN {
		printf "* Block Type = 96-Well Block (0.2mL)\r\n* Experiment Barcode = %s\r\n", name
		printf "* Experiment Name = %s\r\n* Instrument Type = QuantStudio(TM) 5 System\r\n\r\n", name
		printf "[Results]\r\nWell\tWell Position\tOmit\tSample Name\tTarget Name\tTask\tReporter\t" \
			"Quencher\tCT\tAmp Status\r\n"
		split("FAM ROX Cy5", dye); split("ORF1ab N IC", target)
	}
	{
		well = substr($1, 1, 1) substr($1, 2) + 0
		number = (index("ABCDEFGH", substr($1, 1, 1)) - 1) * 12 + substr($1, 2)
		for (i = 1; i <= 3; i++)
			printf "%d\t%s\tfalse\t%s\t%s\t%s\t%s\tNFQ\t%s\t%s\r\n", number, well, $3, target[i], $2,
				dye[i], $(3 + i) == "NaN" ? "Undetermined" : $(3 + i),
				$(3 + i) == "NaN" ? "No Amp" : "Amp"
	}'
}

# The controls of a std96 plate, all as they should be: "KIND" is cfx or quantstudio.
good_controls() {
	if [ "$1" = cfx ]; then
		set -- NegCtrl NTC PosCtrl
	else
		set -- NTC NTC 'POSITIVE_CONTROL'
	fi
	printf '%s\n' "F12 $1 NEC NaN NaN 27.5" "G12 $2 NTC NaN NaN NaN" "H12 $3 PC 25.1 25.2 26.3"
}
