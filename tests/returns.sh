#!/bin/sh
# SPDX-License-Identifier: MIT
# The illustrative returns are what data/make/returns.lua makes, byte for byte, whatever the locale and the time zone;
# each says in its first line that its figures are illustrative; their layouts differ as data/README.md tells.
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
made=$(mktemp -d) || exit 1
trap 'rm -rf "$made"' EXIT
passed=0 failed=0
check() { # what command...
    what=$1
    shift
    if "$@" >"$made/said" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not so: $what"
        head -n 10 "$made/said"
    fi
}

TZ=America/Lima LC_ALL=C lua5.4 "$root/data/make/returns.lua" "$made/returns" 2>/dev/null
check "the same bytes again" diff -rq "$made/returns" "$root/data/returns"
check "marks and layouts" lua5.4 "$root/tests/reference/layouts.lua" "$root/data/returns"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
