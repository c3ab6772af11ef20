#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh BUILD PROGRAM...: runs every test there is, several at a time, and counts them all.
#
#   PROGRAM...     cmocka programs, each reporting by TAP
#   tests/cases/*  each folder of cases, by the case runner
#   tests/*.sh     checks of the source and of whole runs (but this one)
#   tests/*.lua    the same in Lua
#
# A script of the last two kinds ends its output with "N passed, N failed". All
# get BUILD in the environment, and RUN: a command to put before the program
# under test (valgrind). JOBS run at a time (as many as there are processors);
# what each says is printed whole, in the order above, whichever ends first.
# The last line here is the sum, in the same words.
set -u
# A build of some rooms has no command: what needs it is left out.
case " ${ROOMS-cli} " in *' cli '*) whole=yes ;; *) whole=no ;; esac

# ---- one of them: run.sh --one K, the K-th line of $WORK/tests ----------------
# Leaves $WORK/K.out, what it said, and last $WORK/K: passed, failed, skipped, name.

program() { # path
    case $RUN in */valgrind\ *) RUN="$RUN --log-file=$WORK/$k.valgrind" ;; esac
    # shellcheck disable=SC2086 # RUN is a command with its options
    CMOCKA_MESSAGE_OUTPUT=tap $RUN "$1" >"$out" 2>"$out.err"
    status=$?
    skipped=$(grep -c '# SKIP' "$out") # cmocka says "not ok 1 # SKIP name"
    good=$(grep -v '# SKIP' "$out" | grep -c '^ok ')
    bad=$(grep -v '# SKIP' "$out" | grep -c '^not ok ')
    plan=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$out" | head -n 1)
    # What valgrind finds in a forked child counts as well, whatever becomes of the child's status.
    # (Of a system call that it does not know it warns in three lines: that is no fault.)
    found=$(grep '^==' "$WORK/$k.valgrind" 2>/dev/null | grep -vE '(noted but unhandled ioctl|This could cause spurious|See README_MISSING_SYSCALL)')
    [ -z "$found" ] || printf '%s\n' "$found" >>"$out.err"
    # A crash, a leak found at the end, or a program without a single test is a failure too.
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "${plan:-0}" -ne $((good + skipped)) ] || [ "${plan:-0}" -eq 0 ] || [ -n "$found" ]; }; then
        echo "$1: exit status $status, $good of ${plan:-0} tests passed" >>"$out.err"
        bad=1
    fi
    name=tests/${1#*/tests/}
}

script() { # what runs it, its path, what to give it
    "$@" >"$out" 2>"$out.err"
    status=$?
    counts=$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$out")
    good=${counts%% *} bad=${counts##* }
    if [ -z "$counts" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
        echo "$2: exit status $status without a fitting count as its last line" >>"$out.err"
        good=${good:-0} bad=1
    fi
    name=${3-$2}
}

if [ "$1" = --one ]; then
    k=$2 here=$(dirname "$0") out=$WORK/$2.out skipped=0
    item=$(sed -n "${k}p" "$WORK/tests")
    case $item in
    "$here"/cases/*) script lua5.4 "$here/run_cases.lua" "$item" ;;
    *.lua) script lua5.4 "$item" ;;
    *.sh) script sh "$item" ;;
    *) program "$item" ;;
    esac
    echo "$good $bad $skipped $name" >"$WORK/$k.count"
    mv "$WORK/$k.count" "$WORK/$k"
    echo "$k"
    exit 0
fi

# ---- all of them ----------------------------------------------------------------

BUILD=$(cd "$1" && pwd) || exit 1
shift
RUN=${RUN-}
here=$(dirname "$0")
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
export BUILD RUN WORK

# Nothing of the tester's own surroundings may change a result.
unset LANG LANGUAGE LC_ALL LC_MESSAGES KEHOACH_LOCALE
export NO_COLOR=1 TZ=Asia/Ho_Chi_Minh

{
    [ $# -eq 0 ] || printf '%s\n' "$@"
    if [ "$whole" = yes ]; then
        for place in "$here"/cases/*; do echo "$place"; done
    else
        echo "$here/cases/runner"
    fi
    for script in "$here"/*.sh "$here"/*.lua; do
        case $script in
        */run.sh | */run_cases.lua | *\**) continue ;;
        */arrows.sh) ;;
        *) if [ "$whole" = no ]; then continue; fi ;;
        esac
        echo "$script"
    done
} >"$WORK/tests"

# The long ones begin first, so that none is waited for alone at the end.
long='/(test_attacks|test_faults|test_property|cases/intake|cases/calc|faults\.sh|demo\.sh|docs\.sh|reference\.sh)$'
{ grep -nE "$long" "$WORK/tests"; grep -nvE "$long" "$WORK/tests"; } | cut -d : -f 1 |
    xargs -n 1 -P "${JOBS:-$(nproc)}" sh "$0" --one |
    {
        n=$(wc -l <"$WORK/tests") next=1 passed=0 failed=0
        show() { # the K-th, which has ended
            name='' good=0 bad=1 skipped=0
            # One that was killed itself left no count.
            if [ -e "$WORK/$1" ]; then read -r good bad skipped name <"$WORK/$1"; fi
            passed=$((passed + good)) failed=$((failed + bad))
            if [ "$bad" -eq 0 ]; then
                printf 'ok    %s (%d)\n' "$name" "$good"
            else
                printf 'FAIL  %s (%d passed, %d failed)\n' "${name:-$(sed -n "${1}p" "$WORK/tests")}" "$good" "$bad"
                cat "$WORK/$1.out" "$WORK/$1.out.err" 2>/dev/null
            fi
            if [ "$skipped" -gt 0 ]; then
                echo "      $skipped skipped: this machine cannot show them"
            fi
            rm -f "$WORK/$1".*
        }
        while read -r _; do
            while [ "$next" -le "$n" ] && [ -e "$WORK/$next" ]; do
                show "$next"
                next=$((next + 1))
            done
        done
        while [ "$next" -le "$n" ]; do
            show "$next"
            next=$((next + 1))
        done
        echo "$passed passed, $failed failed"
        [ "$failed" -eq 0 ]
    }
