#!/bin/sh
# SPDX-License-Identifier: MIT
# From nothing to out/: plan 100/KH-UBND followed from the departments' files to
# the reports. `make demo` calls it; BUILD is the folder of the program.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${BUILD:-$root/build}
demo=$BUILD/demo
kehoach=$BUILD/kehoach
lang=${KEHOACH_DEMO_LANG:-vi}
export KEHOACH_NOW=2021-02-15T02:00:00Z # the last late return has come; the same bytes every time

rm -rf "$demo" "$root/out"
mkdir -p "$demo" "$root/out"
store=$demo/kehoach.db

n=0
step() {
    n=$((n + 1))
    printf '\n%d. %s\n' "$n" "$1"
}
run() { # shows a command as a user would type it, then runs it
    printf '   $ kehoach'
    for word in "$@"; do case $word in *[\ \;\(]*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac; done
    printf '\n'
    "$kehoach" -C "$root" --store "$store" --lang "$lang" "$@"
}
faults() { # the same where faults in the data (exit status 1) are part of the story
    status=0
    run "$@" || status=$?
    [ "$status" -le 1 ] || exit "$status"
}
say() { if [ "$lang" = vi ]; then printf '%s' "$1"; else printf '%s' "$2"; fi; }

step "$(say "Nạp định nghĩa: kế hoạch, biểu mẫu, chỉ tiêu, quy tắc (scripts/)" "Load the definitions: plan, forms, indicators, rules (scripts/)")"
run load | tail -n 1

step "$(say "Nhận báo cáo của 11 huyện và 14 cơ quan theo thứ tự đến (SỐ LIỆU MINH HỌA)" "Import what 11 districts and 14 agencies sent, in the order of arrival (ILLUSTRATIVE)")"
faults -q import --arrivals data/returns/arrivals.csv 2>"$demo/findings.txt" | tail -n 1

step "$(say "Một tệp bị từ chối cả tệp, kèm mọi lỗi trong đó" "One file was refused whole, with every fault in it")"
cat "$demo/findings.txt"

step "$(say "Chỉ tiêu T1-T9 năm 2020" "Targets T1-T9 in 2020")"
run compute T1 T2 T3 T4 T5 T6 T7 T8 T9 --period 2020

step "$(say "Các huyện năm 2020" "The districts in 2020")"
run compute T1 T4 T5 T6 T7 T8 --period 2020 --level district

step "$(say "Kiểm tra quy tắc cả giai đoạn" "Rules over all five years")"
faults check --period 2016..2020

step "$(say "Ai chậm, ai chưa gửi trong 6 tháng cuối năm 2020" "Who was late, who has not reported in the second half of 2020")"
faults late --period 2020H2

step "$(say "Con số này từ đâu ra" "Where this figure comes from")"
run explain T7 20 2018 >"$demo/explain.txt"
head -n 15 "$demo/explain.txt"
printf '   … %s\n' "$(say "cả cây $(wc -l <"$demo/explain.txt") dòng: $demo/explain.txt" "the whole tree of $(wc -l <"$demo/explain.txt") lines: $demo/explain.txt")"

step "$(say "Báo cáo" "Reports")"
for report in "quy 2020Q4 docx" "nua-nam 2020H2 docx" "nam 2020 docx" "nam 2020 html" "tong-ket 2020 docx" "tong-ket 2020 html" \
    "ngan-sach 2020 xlsx" "bang-dieu-khien 2020 html" "cham 2020 html"; do
    # shellcheck disable=SC2086 # three words
    set -- $report
    run -q report "$1" --period "$2" --format "$3" -o out
done
run -q report phieu-nhiem-vu --unit stc --period 2020 --format docx -o out
run -q report nhac --unit 189 --period 2020H2 --format docx -o out

printf '\n%s\n' "$(say "Kết quả nằm trong:" "The results lie in:")"
for file in "$root"/out/*; do printf '  %s\n' "out/${file##*/}"; done
printf '  %s\n' "${store#"$root"/}"
