-- SPDX-License-Identifier: MIT
local double = require("double")

kind "province" { level = "province", title = "Tỉnh" }
kind "district" { level = "district", title = "Huyện" }
unit "top" { name = "Tỉnh Trên", kind = "province" }
units { file = "data/units.csv" }
category "gender" { options = { "female", "male" } }

measure "x" { title = "Số x", unit = "người", type = "integer", by = { "gender" } }
measure "y" { title = "Số y", unit = "đồng", type = "money" }
measure "note" { title = "Ghi chú", type = "text" }

indicator "T" { title = "Tỷ lệ", unit = "%", decimals = 1, formula = function(m) return 100 * m.x / m.y end, target = { at_least = 50 } }
indicator "E" { title = "Gấp đôi", each = function(c) return c.x and double(c.x) end }

form "F" {
  every = "year", due = 10, reporters = { kind = "district" }, file = "F_{unit}_{period}.csv",
  columns = { { "Đơn vị", as = "unit" }, { "Số x", as = "x" }, { "Số y", as = "y" }, { "Ghi chú", as = "note" } },
}
form "R" {
  every = "year", due = 10, reporters = { kind = "district" }, file = "R_{unit}_{period}.csv",
  columns = { { "Đơn vị R", as = "key" }, { "Nữ", as = "key" }, { "Nam", as = "key" } }, measures = { "x" },
  row = function(row, out)
    out:value("x", double(row:integer("Nữ")), { unit = row:unit("Đơn vị R"), gender = "female" })
    out:value("x", double(row:integer("Nam")), { unit = row:unit("Đơn vị R"), gender = "male" })
  end,
}

rule "x-within-y" {
  severity = "error", check = function(m) return m.x:le(m.y) end, message = "số x ({x}) lớn hơn số y ({y})",
}

report "r" {
  title = "Báo cáo", params = { period = "year" },
  build = function(doc, p)
    doc:official { agency = "CƠ QUAN", number = "1/BC", place = "Nơi", date = "2018-12-31", subject = "Kết quả" }
    doc:heading("I. Bảng")
    local f = kh.query { names = { "x", "T", "E" }, units = kh.units { kind = "district" }, period = p.period }
    doc:table(f, { total = true, status = true })
    doc:chart { data = f, x = "unit", y = "T", target = 50 }
    doc:para { "chữ ", { "đậm", bold = true } }
  end,
}

job "all" {
  every = "year", after = 1, at = "06:00", timeout = "5m", retries = 2, catch_up = 1,
  run = function(job)
    kh.inbox("inbox"):import()
    kh.check { period = job.period }
    assert(kh.report("r", { period = job.period }):write("out"))
    for late in kh.late { period = job.period } do job:remind(late) end
  end,
}
