#!/bin/sh
# postgresql.sh SQLGEN TREE: PostgreSQL itself takes the tables and prepares every labelled statement. Runs a
# server of its own in a temporary folder, without network, and takes it away again.
set -eu
sqlgen=$1
tree=$2
bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$bin" ]; then
	echo "skipped: there is no PostgreSQL server here (Debian: postgresql-15)"
	exit 0
fi
work=$(mktemp -d)
as=
if [ "$(id -u)" -eq 0 ]; then
	chown postgres "$work"
	as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
stop() {
	$as "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap stop EXIT

"$sqlgen" --engine postgresql --dump "$work/dump.sql" "$work/pw_sql.h" "$work/pw_sql.c" \
	"$tree"/core/store/sql/*.sql
chmod 644 "$work/dump.sql"
$as "$bin/initdb" -D "$work/data" -A trust >/dev/null
$as "$bin/pg_ctl" -D "$work/data" -o "-k $work -c listen_addresses=" -l "$work/log" -w start >/dev/null
$as "$bin/psql" -h "$work" -v ON_ERROR_STOP=1 -q -f "$work/dump.sql" postgres
prepared=$(grep -c '^PREPARE' "$work/dump.sql")
echo "PostgreSQL takes the tables and prepares all $prepared statements"
