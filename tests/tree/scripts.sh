#!/bin/sh
# scripts.sh TREE: every shell script is clean under shellcheck.
set -eu
cd "$1"
{
	printf '%s\n' dev .ci/run
	git ls-files -co --exclude-standard -- '*.sh'
} | xargs shellcheck
