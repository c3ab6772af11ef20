#!/bin/sh
# SPDX-License-Identifier: MIT
# The arrows between rooms, read from the includes:
#   cli -> script -> flow -> {job | report -> calc | intake} -> store -> model -> base
# and the one home of each library that the rest must not know.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0

# What each room may include besides itself.
may() {
    case $1 in
    base) echo ;;
    model) echo base ;;
    store) echo model base ;;
    intake | job | calc) echo store model base ;;
    report) echo calc store model base ;;
    flow) echo job report calc intake store model base ;;
    script) echo flow job report calc intake store model base ;;
    cli) echo script flow job report calc intake store model base ;;
    *) echo "no-such-room" ;;
    esac
}

verdict() { # rule, offending lines (none: kept)
    if [ -z "$2" ]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf 'not kept: %s\n%s\n' "$1" "$2"
}

includes() { # PATTERN FILE...: file:line:#include of what matches
    pattern=$1
    shift
    grep -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($pattern)[>\"]" "$@" /dev/null
}

for dir in core/*/; do
    room=$(basename "$dir")
    [ "$room" = po ] && continue
    set -- core/"$room"/*.[ch]
    [ -e "$1" ] || continue
    allowed=$(may "$room")
    bad=$(includes '[^>"]*' "$@" | while IFS= read -r line; do
        target=${line#*[<\"]}
        target=${target%%[>\"]*}
        case $target in
        ..*) echo "$line   (written from core/, please)" ;;
        */*) ;;
        *) [ -e "core/$room/$target" ] && echo "$line   (written from core/, please)" && continue ;;
        esac
        to=${target%%/*}
        if [ ! -d "core/$to" ] || [ "$to" = "$target" ]; then continue; fi
        case " $room $allowed " in
        *" $to "*) ;;
        *) echo "$line   ($room may include: $room $allowed)" ;;
        esac
    done)
    verdict "$room includes only downward" "$bad"
done

all=$(find core include -name '*.[ch]' 2>/dev/null)
home() { # header pattern, room that may include it
    # shellcheck disable=SC2086 # paths without blanks
    verdict "$1 only in core/$2" "$(includes "$1" $all | grep -v "^core/$2/")"
}
home '(lua5\.4/)?(lua|lualib|lauxlib|luaconf)\.h' script
home 'sqlite3\.h' store
home 'csv\.h' intake
home '(nettle/.*|utf8proc\.h)' base
home '(xlsxwriter(/.*)?\.h)' '\(report\|intake\)' # reports; the copy for the sender and the blank return
home '(histedit|editline/readline)\.h' cli

# shellcheck disable=SC2086
n=$(includes 'csv\.h' $all | wc -l)
verdict 'csv.h is included in one file' "$([ "$n" -le 1 ] || echo "$n files include it")"

# SQL stands in store only: a string literal that begins with a statement (a help text may quote one).
# shellcheck disable=SC2086
verdict 'SQL only in core/store' \
    "$(grep -nE '(^|[^\\])"(SELECT [^"]* FROM|INSERT INTO|INSERT OR|UPDATE [a-z_]+ SET|DELETE FROM|CREATE (TABLE|INDEX|VIEW)|PRAGMA [a-z_]+)' $all | grep -v '^core/store/')"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
