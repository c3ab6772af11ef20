-- A measure is what is reported. It says how it adds up: over units (default sum)
-- and over time. A number of households is a stock: of a year the last quarter counts.
measure "households"       { title = "Số hộ", unit = "hộ", type = "integer", over_time = "last", min = 0 }
measure "households_clean" { title = "Số hộ dùng nước sạch", unit = "hộ", type = "integer", over_time = "last", min = 0 }

-- A form is the file in which it comes: who must send it, how often, by when
-- (days after the end of the period), and which column is what.
form "NS-01" {
  title = "Hộ dùng nước sạch", every = "quarter", due = 10,
  reporters = { kind = "district" },
  file_pattern = "NS-01_{unit}_{period}.csv", -- so that the file's name says whose and which period it is
  columns = {
    { "Đơn vị", as = "unit" },
    { "Số hộ", as = "households", required = true },
    { "Số hộ dùng nước sạch", as = "households_clean", required = true },
  },
}

-- A rule is a check. An error refuses a return, a warning is only shown.
rule "clean-within-households" {
  severity = "error",
  check = function(m) return m.households_clean:le(m.households) end,
  message = "số hộ dùng nước sạch ({households_clean}) lớn hơn số hộ ({households})",
}

-- An indicator is computed, at every level from the sums of that level: m.x is not
-- one number but the column of all units and periods.
indicator "CLEAN" {
  title = "Tỷ lệ hộ dùng nước sạch", unit = "%", decimals = 1,
  formula = function(m) return 100 * m.households_clean / m.households end,
  target = { at_least = 95 },
}

-- A report is a document; the same one becomes txt, html, docx, xlsx, ...
report "quy" {
  title = "Báo cáo quý", params = { period = "quarter" },
  build = function(doc, p)
    doc:heading("Nước sạch " .. p.period:label("vi"))
    local f = kh.query { indicators = { "CLEAN" }, level = "district", period = p.period }
    doc:table(f, { total = "Toàn tỉnh", status = true })
    doc:chart { kind = "bar", data = f, x = "unit", y = "CLEAN", title = "Hộ dùng nước sạch", target = 95, unit = "%", decimals = 1 }
  end,
}

-- A job runs by itself: a timer calls `kehoach job due`. Here: eleven days after each
-- quarter, take what lies in the inbox and write the report.
job "quy" {
  title = "Tổng hợp quý", every = "quarter", after = 11, at = "06:00",
  run = function(job)
    kh.inbox("inbox"):import()
    assert(kh.report("quy", { period = job.period }):write("out", "docx"))
  end,
}
