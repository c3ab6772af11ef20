#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh BUILD PROGRAM...: runs every test there is and counts them all.
#
#   PROGRAM...     cmocka programs, each reporting by TAP
#   tests/*.sh     checks of the source and of whole runs (but this one)
#   tests/*.lua    the same in Lua; the case runner is one of them
#
# A script of the last two kinds ends its output with "N passed, N failed". All
# get BUILD in the environment, and RUN: a command to put before the program
# under test (valgrind). The last line here is the sum, in the same words.
set -u
BUILD=$(cd "$1" && pwd) || exit 1
shift
RUN=${RUN-}
export BUILD RUN
here=$(dirname "$0")
# A build of some rooms has no command: what needs it is left out.
case " ${ROOMS-cli} " in *' cli '*) whole=yes ;; *) whole=no ;; esac
passed=0 failed=0
out=$(mktemp) || exit 1
trap 'rm -f "$out" "$out.err"' EXIT

# Nothing of the tester's own surroundings may change a result.
unset LANG LANGUAGE LC_ALL LC_MESSAGES KEHOACH_LOCALE
export NO_COLOR=1 TZ=Asia/Ho_Chi_Minh

add() { # name passed failed
    passed=$((passed + $2))
    failed=$((failed + $3))
    if [ "$3" -eq 0 ]; then
        printf 'ok    %s (%d)\n' "$1" "$2"
    else
        printf 'FAIL  %s (%d passed, %d failed)\n' "$1" "$2" "$3"
        cat "$out" "$out.err" 2>/dev/null
    fi
}

for program in "$@"; do
    # shellcheck disable=SC2086 # RUN is a command with its options
    CMOCKA_MESSAGE_OUTPUT=tap $RUN "$program" >"$out" 2>"$out.err"
    status=$?
    skipped=$(grep -c '# SKIP' "$out") # cmocka says "not ok 1 # SKIP name"
    good=$(grep -v '# SKIP' "$out" | grep -c '^ok ')
    bad=$(grep -v '# SKIP' "$out" | grep -c '^not ok ')
    plan=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$out" | head -n 1)
    # A crash, a leak found at the end, or a program without a single test is a failure too.
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "${plan:-0}" -ne $((good + skipped)) ] || [ "${plan:-0}" -eq 0 ]; }; then
        echo "$program: exit status $status, $good of ${plan:-0} tests passed" >>"$out.err"
        bad=1
    fi
    add "tests/${program#*/tests/}" "$good" "$bad"
    if [ "$skipped" -gt 0 ]; then
        echo "      $skipped skipped: this machine cannot show them"
    fi
done

for script in "$here"/*.sh "$here"/*.lua; do
    case $script in
    */run.sh | *\**) continue ;;
    */arrows.sh | */run_cases.lua) ;;
    *) if [ "$whole" = no ]; then continue; fi ;;
    esac
    case $script in
    *.lua) lua5.4 "$script" >"$out" 2>"$out.err" ;;
    *) sh "$script" >"$out" 2>"$out.err" ;;
    esac
    status=$?
    counts=$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$out")
    good=${counts%% *} bad=${counts##* }
    if [ -z "$counts" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
        echo "$script: exit status $status without a fitting count as its last line" >>"$out.err"
        good=${good:-0} bad=1
    fi
    add "$script" "$good" "$bad"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
