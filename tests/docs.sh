#!/bin/sh
# SPDX-License-Identifier: MIT
# The examples of README.md and docs/*.md are run, and print what the pages say; the Lua API is what the functions say of
# themselves; a link to a file of the project leads to one.
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/cases"
for page in "$root"/README.md "$root"/docs/*.md; do
    name=${page##*/}
    lua5.4 "$root/tests/docs/to_case.lua" "$page" >"$work/cases/${name%.md}.case"
    [ -s "$work/cases/${name%.md}.case" ] || rm "$work/cases/${name%.md}.case"
done
lua5.4 "$root/tests/run_cases.lua" "$work/cases" >"$work/said" 2>&1
sed '$d' "$work/said"
passed=$(sed -n '$s/ passed.*//p' "$work/said") failed=$(sed -n '$s/.*, \([0-9]*\) failed$/\1/p' "$work/said")

if "${BUILD:-$root/build}/kehoach" manual api | cmp -s - "$root/docs/lua-api.md"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "docs/lua-api.md is not what the functions say: make manual"
fi

for page in "$root"/README.md "$root"/docs/*.md "$root"/*/README.md; do
    # shellcheck disable=SC2013 # links hold no blanks
    for link in $(grep -o '](\([^)#:]*\))' "$page" | sed 's/^](//; s/)$//'); do
        if [ -e "${page%/*}/$link" ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "${page#"$root/"}: the link $link leads nowhere"
        fi
    done
done
echo "${passed:-0} passed, ${failed:-1} failed"
[ "${failed:-1}" -eq 0 ]
