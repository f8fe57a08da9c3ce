#!/bin/sh
# layers.sh TREE: the arrows between the folders point one way, and each system header stays in the
# folder that owns it (docs/internals/architecture.md).
set -eu
cd "$1"
failed=0

complain() {
	printf '%s\n' "$*"
	failed=1
}

# may FOLDER SEEN...: FOLDER includes headers of SEEN and of itself, and of no other folder
may() {
	folder=$1
	shift
	allowed=$folder
	for seen in "$@"; do allowed="$allowed|$seen"; done
	wrong=$(grep -rnE '^#include "(core|labels|devices|cli)/' "$folder" --include='*.c' --include='*.h' |
		grep -vE "#include \"($allowed)/" || true)
	[ -z "$wrong" ] || complain "$folder may include of $* only:
$wrong"
}

# owner HEADER FOLDER...: a system header occurs in these folders only
owner() {
	header=$1
	shift
	pattern=$(printf '%s|' "$@")
	wrong=$(grep -rnE "^#include <$header>" core labels devices cli --include='*.c' --include='*.h' |
		grep -vE "^(${pattern%|})/" || true)
	[ -z "$wrong" ] || complain "<$header> belongs to $*:
$wrong"
}

may core/base
may core/model core/base
may core/store core/base core/model
may core/pooling core/base
may core/exchange core/base core/model
may core/simulate core/base core/model core/exchange
may core/lab core/base core/model core/store core/exchange core/pooling
may labels core/base core/model
may devices/transport core/base
may devices/printers core/base devices/transport
may devices/simulators core/base devices/transport devices/printers
may cli core labels devices

owner 'sqlite3\.h' core/store
owner 'jansson\.h' core/store
owner 'sodium\.h' core/base
owner 'yaml\.h' core/base
owner 'utf8proc\.h' core/base
owner 'iconv\.h' core/base
owner 'zint\.h' labels
owner '(libusb|libserialport)[^>]*' devices/transport
owner '(termios|sys/socket|sys/un|sys/file|netdb|netinet/[a-z]*|poll)\.h' devices/transport devices/simulators
owner 'sys/ioctl\.h' devices/transport devices/simulators cli
owner 'linux/[^>]*' devices/transport
owner 'zlib\.h' labels devices/simulators
owner 'libdeflate\.h' labels
owner '(cairo|pango|fontconfig)[^>]*' labels

# Tables change through facts, and facts are the laboratory's: faces append none, and nobody else has SQL.
wrong=$(grep -rnE 'pw_[a-z_0-9]+_append\(|pw_store_(begin|attach)\(' cli core/simulate core/pooling labels devices --include='*.c' || true)
[ -z "$wrong" ] || complain "only core/lab appends facts:
$wrong"
wrong=$(grep -rnE '"(SELECT|INSERT|UPDATE|DELETE) ' core labels devices cli --include='*.c' | grep -v '^core/store/' || true)
[ -z "$wrong" ] || complain "SQL stands in core/store alone:
$wrong"

# Library folders do not print.
wrong=$(grep -rnE '\b(printf|puts|putchar|fputs|perror)\(' core labels devices --include='*.c' |
	grep -vE '^core/(base/(err|mem)\.c|[a-z]+/gen/)' || true)
[ -z "$wrong" ] || complain "library folders do not print:
$wrong"

exit "$failed"
