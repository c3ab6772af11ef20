#!/bin/sh
# SPDX-License-Identifier: MIT
# Every HTML report of plan 100, in Vietnamese and English, from the demo's store, through check.js. Needs node, npm and
# Chromium, and the packages of package.json (fetched once into the build folder): none of them is needed to build or test.
# `make html-check` calls it; BUILD is the folder of the program.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$root/build}
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
for tool in node npm; do command -v $tool >/dev/null || { echo "skipped: html-check needs $tool"; exit 0; }; done
[ -n "$CHROMIUM" ] || { echo "skipped: html-check needs Chromium (CHROMIUM names it)"; exit 0; }

work=$BUILD/html-check
mkdir -p "$work/vi" "$work/en"
cp "$root/tests/html/package.json" "$root/tests/html/check.js" "$work"
# shellcheck disable=SC3013 # dash and bash know -nt
(cd "$work" && { [ package-lock.json -nt package.json ] || npm install --silent --no-fund --no-audit; })

export KEHOACH_NOW=2021-02-15T02:00:00Z
[ -f "$BUILD/demo/kehoach.db" ] || { echo "html-check reads the store of the demo: make demo first" >&2; exit 2; }
cp "$BUILD/demo/kehoach.db" "$work/demo.db"
"$BUILD/kehoach" -C "$root" --store "$work/demo.db" -q load >/dev/null
"$BUILD/kehoach" -C "$root/tests/html/workspace" --store "$work/all.db" -q load >/dev/null

page() { # language, workspace, store, words of the report
  dir=$2 db=$3 to=$work/$1 lang=$1
  shift 3
  "$BUILD/kehoach" -C "$dir" --store "$db" --lang "$lang" -q report "$@" --format html -o "$to" >/dev/null
}
status=0
for lang in vi en; do
  rm -f "$work/$lang"/*.html
  page "$lang" "$root/tests/html/workspace" "$work/all.db" moi-thu --period 2020
  page "$lang" "$root" "$work/demo.db" quy --period 2020Q4
  page "$lang" "$root" "$work/demo.db" nua-nam --period 2020H2
  page "$lang" "$root" "$work/demo.db" phieu-nhiem-vu --unit 183 --period 2020
  page "$lang" "$root" "$work/demo.db" nhac --unit 189 --period 2020H2
  for report in nam tong-ket ngan-sach bang-dieu-khien cham; do page "$lang" "$root" "$work/demo.db" "$report" --period 2020; done
  echo "$lang:"
  node "$work/check.js" "$work/$lang" "$CHROMIUM" || status=1
done
exit $status
