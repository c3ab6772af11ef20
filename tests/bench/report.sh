# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run.sh sets them
# Reports, each time a cold process: those of plan 100 from the demo's store, and a workbook of every commune of the
# country (10,599 of them, 20 columns), whose figures are invented here.

COMMUNES=10599

country() { # units and one return of all communes
    mkdir -p "$WORK/country/data" "$WORK/country/scripts"
    cat >"$WORK/country/kehoach.lua" <<'LUA'
workspace { name = "Cả nước", store = "bench.db", scripts = { "scripts" }, limits = { memory = "1G" } }
LUA
    awk -v n="$COMMUNES" 'BEGIN {
        print "code,name,kind,parent"
        print "00,Cả nước,nuoc,"
        for (p = 1; p <= 63; p++) printf "%02d,Tỉnh %d,tinh,00\n", p, p
        for (d = 1; d <= 705; d++) printf "h%03d,Huyện %d,huyen,%02d\n", d, d, (d - 1) % 63 + 1
        for (c = 1; c <= n; c++) printf "x%05d,Xã số %d,xa,h%03d\n", c, c, (c - 1) % 705 + 1 }' >"$WORK/country/data/units.csv"
    awk -v n="$COMMUNES" 'BEGIN {
        printf "Xã"; for (k = 1; k <= 20; k++) printf ",m%02d", k; print ""
        for (c = 1; c <= n; c++) { printf "x%05d", c; for (k = 1; k <= 20; k++) printf ",%d", (c * 7919 + k * 104729) % 1000000; print "" } }' >"$WORK/country/data/CN_2020.csv"
    cat >"$WORK/country/scripts/all.lua" <<'LUA'
kind "nuoc" { level = "nation", title = "Nước" }
kind "tinh" { level = "province", title = "Tỉnh" }
kind "huyen" { level = "district", title = "Huyện" }
kind "xa" { level = "commune", title = "Xã" }
units { file = "data/units.csv" }
local names, columns = {}, { { "Xã", as = "unit" } }
for k = 1, 20 do
  names[k] = ("m%02d"):format(k)
  measure(names[k]) { title = "Số liệu " .. k, unit = "người", type = "integer" }
  columns[k + 1] = { names[k], as = names[k] }
end
form "CN" { title = "Cả nước", every = "year", due = 30, reporters = { kind = "nation" }, covers = { kind = "commune" }, columns = columns }
report "xa" { title = "Mọi xã", params = { period = "year" }, build = function(doc, p)
  local f = kh.query { measures = names, level = "commune", period = p.period }
  doc:table(f, { title = "Mọi xã", unit_line = "Đơn vị tính: người", number = true, total = true })
end }
LUA
    "$KEHOACH" -q -C "$WORK/country" import --form CN --period 2020 --unit 00 "$WORK/country/data/CN_2020.csv" >/dev/null
}

prepare() {
    [ -f "$BUILD/demo/kehoach.db" ] || BUILD=$BUILD sh "$here/../../examples/demo.sh" >/dev/null
    cp "$BUILD/demo/kehoach.db" "$WORK/plan.db"
    "$KEHOACH" -C "$here/../.." --store "$WORK/plan.db" -q load >/dev/null
    country
}

plan() { # KEY REPORT PERIOD FORMAT
    item "$1" "$KEHOACH" -C "$here/../.." --store "$WORK/plan.db" -q report "$2" --period "$3" --format "$4" -o "$WORK/$1.$4"
}

round() {
    plan nam-docx nam 2020 docx
    plan nam-html nam 2020 html
    plan nam-xlsx nam 2020 xlsx
    plan quy-docx quy 2020Q4 docx
    plan tong-ket-docx tong-ket 2020 docx
    plan board bang-dieu-khien 2020 html
    item xa-xlsx "$KEHOACH" -C "$WORK/country" -q report xa --period 2020 --format xlsx -o "$WORK/xa.xlsx"
    item xa-csv "$KEHOACH" -C "$WORK/country" -q report xa --period 2020 --format csv -o "$WORK/xa.csv"
}

show() {
    row 'plan 100, the year, Word' nam-docx
    row 'plan 100, the year, HTML' nam-html
    row 'plan 100, the year, workbook' nam-xlsx
    row 'plan 100, a quarter, Word' quy-docx
    row 'plan 100, final review, Word' tong-ket-docx
    row 'plan 100, dashboard with every source, HTML' board
    row "every commune ($COMMUNES) by 20 measures, workbook" xa-xlsx
    row "every commune ($COMMUNES) by 20 measures, CSV" xa-csv
}
