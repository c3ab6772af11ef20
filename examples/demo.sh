#!/bin/sh
# SPDX-License-Identifier: MIT
# From nothing to out/: plan 100/KH-UBND followed from the departments' files to
# the reports. `make demo` calls it; `make demo EN=1` lets kehoach speak English.
#
#   BUILD  the folder of the program; its demo/ gets the store and longer texts
#   ROOT   the workspace; default the project itself
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
root=${ROOT:-$here}
BUILD=${BUILD:-$here/build}
demo=${DEMO:-$BUILD/demo}
kehoach=$BUILD/kehoach
lang="vi"
[ -z "${EN-}" ] || lang="en"
export KEHOACH_NOW=2021-02-15T02:00:00Z # the last late return has come; the same bytes every time
exec 2>&1 3>&1

rm -rf "$demo" "$root/out"
mkdir -p "$demo" "$root/out"
store=$demo/kehoach.db

n=0
step() { # in both languages
    n=$((n + 1))
    printf '\n%d. %s\n   %s\n' "$n" "$1" "$2"
}
show() { # a command as a user would type it
    printf '   $ kehoach'
    for word in "$@"; do case $word in *[\ \;\(]*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac; done
    printf '\n'
}
run() { "$kehoach" -C "$root" --store "$store" --lang "$lang" "$@"; }
faults() { # where faults in the data (exit status 1) are part of the story
    status=0
    run "$@" || status=$?
    [ "$status" -le 1 ] || exit "$status"
}

printf '%s\n' 'SỐ LIỆU MINH HỌA: mọi con số ở đây được tạo ra để thử phần mềm.' 'ILLUSTRATIVE: all figures here were made up to try the software.'

step "Nạp định nghĩa: kế hoạch, biểu mẫu, chỉ tiêu, quy tắc (scripts/)" "Load the definitions: plan, forms, indicators, rules"
show load
run load | tail -n 1

step "Nhận báo cáo của 11 huyện và 14 cơ quan, 2016-2020, theo thứ tự đến" "Import what 11 districts and 14 agencies sent, in the order in which it came"
show import --arrivals data/returns/arrivals.csv
faults import --arrivals data/returns/arrivals.csv --findings csv >"$demo/import.txt" 2>&3 # progress on a terminal
tail -n 1 "$demo/import.txt"

step "Tệp bị từ chối: mọi lỗi cùng một lúc, ở ô nào, sửa thế nào" "The refused file: every fault at once, in which cell, what would be right"
show import --check data/returns/faulty/DB-01_183_2020H2.csv
faults import --check data/returns/faulty/DB-01_183_2020H2.csv

step "Chín chỉ tiêu của kế hoạch, năm 2020" "The plan's nine targets in 2020"
show compute T1 T2 T3 T4 T5 T6 T7 T8 T9 --period 2020
run compute T1 T2 T3 T4 T5 T6 T7 T8 T9 --period 2020

step "Các huyện, thành phố năm 2020" "The districts in 2020"
show compute T1 T4 T5 T6 T7 T8 --period 2020 --level district
run compute T1 T4 T5 T6 T7 T8 --period 2020 --level district

step "Kiểm tra quy tắc cả giai đoạn" "The rules over all five years"
show check --period 2016..2020
faults check --period 2016..2020

step "Ai chậm, ai chưa gửi trong 6 tháng cuối năm 2020" "Who was late, who has not reported in the second half of 2020"
show late --period 2020H2
faults late --period 2020H2

step "Con số này từ đâu ra: đến từng tệp, từng dòng" "Where a figure comes from: down to file and line"
show explain T7 20 2018
run explain T7 20 2018 >"$demo/explain.txt"
head -n 15 "$demo/explain.txt"
printf '   … %d dòng / lines: %s\n' "$(wc -l <"$demo/explain.txt")" "${demo#"$here"/}/explain.txt"

step "Báo cáo" "Reports"
report() {
    show report "$@"
    run -q report "$@" >/dev/null
}
report bang-dieu-khien --period 2020 --format html -o out
report quy --period 2020Q4 --format docx -o out
report nua-nam --period 2020H2 --format docx -o out
report nam --period 2020 --format docx,html -o out
report tong-ket --period 2020 --format docx,html -o out
report ngan-sach --period 2020 --format xlsx -o out
report phieu-nhiem-vu --unit stc --period 2020 --format docx -o out
report cham --period 2020 --format html -o out
report nhac --unit 189 --period 2020H2 --format docx -o out

printf '\nKết quả nằm trong / the results lie in:\n'
list() { printf '  %-36s %s\n' "$1" "$2"; }
list out/bang-dieu-khien_2020.html "bảng điều khiển / dashboard"
list out/quy_2020Q4.docx "báo cáo quý / quarter"
list out/nua-nam_2020H2.docx "báo cáo 6 tháng / half-year"
list "out/nam_2020.docx, .html" "báo cáo năm / year"
list "out/tong-ket_2020.docx, .html" "tổng kết 2016-2020 / final review"
list out/ngan-sach_2020.xlsx "biểu ngân sách / budget tables"
list out/phieu-nhiem-vu_2020_stc.docx "phiếu nhiệm vụ của Sở Tài chính / task sheet of the Finance department"
list out/cham_2020.html "ai chậm báo cáo / who is late"
list out/nhac_2020H2_189.docx "công văn nhắc Đình Lập / reminder to Đình Lập"
list out/refused/ "dòng bị từ chối, để gửi trả / refused rows, to send back"
list "${store#"$here"/}" "kho dữ liệu, mở bằng sqlite3 / the store, for any SQLite tool"
