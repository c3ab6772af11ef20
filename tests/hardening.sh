#!/bin/sh
# SPDX-License-Identifier: MIT
# The program as the loader sees it: position-independent, relocations read-only and bound before main, no executable
# stack, stack protector and checked libc calls in it. A build under a sanitizer has other flags and is left out.
set -u
: "${BUILD:=$PWD/build}"
program=$BUILD/kehoach
passed=0 failed=0
say() { # what, status
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok: $program: $1"
    fi
}
holds() { # what, text, pattern
    printf '%s\n' "$2" | grep -Eq -e "$3"
    say "$1" $?
}
if nm "$program" | grep -q __asan_init; then
    echo "0 passed, 0 failed"
    exit 0
fi
header=$(readelf -hW "$program")
segments=$(readelf -lW "$program")
dynamic=$(readelf -dW "$program")
symbols=$(readelf --dyn-syms -W "$program")
holds "position-independent" "$header" 'Type: +DYN'
holds "marked as a program (PIE)" "$dynamic" 'FLAGS_1.*PIE'
holds "relocations read-only (RELRO)" "$segments" 'GNU_RELRO'
holds "bound before main (BIND_NOW)" "$dynamic" 'BIND_NOW|FLAGS_1.*NOW'
holds "stack not executable" "$segments" 'GNU_STACK.* RW +0x'
holds "stack protector" "$symbols" '__stack_chk_fail'
holds "checked libc calls (fortify)" "$symbols" '__(memcpy|snprintf|vsnprintf|fprintf|memset|strncpy)_chk'
printf '%s\n' "$segments" | grep -E 'LOAD.* RWE ' >/dev/null
say "no segment both writable and executable" $((1 - $?))
printf '%s\n' "$dynamic" | grep -Eq 'RPATH|RUNPATH'
say "no search path for libraries of its own" $((1 - $?))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
