#!/bin/sh
# SPDX-License-Identifier: MIT
# check.sh [FILE.html...]: pages through an HTML validator (html-validate) and an accessibility checker
# (axe-core in headless Chromium: light and dark, wide and narrow). Without files the tests' sample is
# written and checked. BUILD names the build folder; node, npm and chromium must be there. The last line
# is the count, in the words of tests/run.sh; it is not part of `make test`, because it needs the network.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
BUILD=$(cd "$root" && cd "${BUILD:-build}" && pwd) || exit 1
work=$BUILD/check-html
tools=$work/tools
passed=0 failed=0

for tool in node npm chromium; do
    command -v "$tool" >/dev/null || { echo "check.sh: $tool is not installed" >&2; exit 1; }
done

mkdir -p "$tools" || exit 1
if [ ! -d "$tools/node_modules/axe-core" ] || [ ! -d "$tools/node_modules/html-validate" ]; then
    (cd "$tools" && npm init -y >/dev/null 2>&1 && npm install --no-audit --no-fund --silent html-validate@9 axe-core@4) || exit 1
fi
echo '{ "root": true, "extends": ["html-validate:recommended", "html-validate:a11y"] }' >"$work/.htmlvalidate.json"

if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # a list of options
    ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -I"$root/core" -I"$root/tests" -o "$work/write_sample" "$here/write_sample.c" "$BUILD/libkehoach.a" \
        $(pkg-config --libs lua5.4 sqlite3 libutf8proc xlsxwriter libzip expat libedit nettle gmp) -lcsv -lpthread -lm || exit 1
    "$work/write_sample" "$work" || exit 1
    set -- "$work/sample.html" "$work/plain.html"
fi

verdict() { # name, text of what is wrong (none: good)
    if [ -z "$2" ]; then
        passed=$((passed + 1))
        echo "ok    $1"
    else
        failed=$((failed + 1))
        printf 'FAIL  %s\n%s\n' "$1" "$2"
    fi
}

# axe PAGE SIZE SCHEME (0 dark, 1 light): what it found; nothing if the page is clean.
axe() {
    node "$here/axe_page.js" "$1" "$tools/node_modules/axe-core/axe.min.js" >"$work/axe.html" || return 1
    profile=$(mktemp -d) || return 1
    timeout 180 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --user-data-dir="$profile" --window-size="$2" --blink-settings=preferredColorScheme="$3" \
        --virtual-time-budget=120000 --dump-dom "file://$work/axe.html" 2>/dev/null >"$work/axe.out"
    rm -rf "$profile"
    if ! grep -q '^END' "$work/axe.out"; then
        echo "the checker did not finish"
        return
    fi
    grep '^VIOLATION' "$work/axe.out"
}

for page in "$@"; do
    page=$(cd "$(dirname "$page")" && pwd)/$(basename "$page")
    name=$(basename "$page")
    verdict "$name: html-validate" "$("$tools/node_modules/.bin/html-validate" --config "$work/.htmlvalidate.json" "$page" 2>&1)"
    for size in 1280,1000 500,900; do
        verdict "$name: axe-core, $size, light" "$(axe "$page" $size 1)"
        verdict "$name: axe-core, $size, dark" "$(axe "$page" $size 0)"
    done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
