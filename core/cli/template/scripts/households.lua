-- What is reported, by which form, and what is computed from it.
measure "households"       { title = "Số hộ", unit = "hộ", type = "integer", over_time = "last" }
measure "households_clean" { title = "Số hộ dùng nước sạch", unit = "hộ", type = "integer", over_time = "last" }

form "NS-01" {
  title = "Hộ dùng nước sạch", every = "quarter", due = 10, reporters = { kind = "district" },
  file = "NS-01_{unit}_{period}.csv",
  columns = {
    { "Đơn vị", as = "unit" },
    { "Số hộ", as = "households" },
    { "Số hộ dùng nước sạch", as = "households_clean" },
  },
}

indicator "CLEAN" {
  title = "Tỷ lệ hộ dùng nước sạch", unit = "%", decimals = 1,
  formula = function(m) return 100 * m.households_clean / m.households end,
  target = { at_least = 95 },
}

rule "clean-within-households" {
  severity = "error",
  check = function(m) return m.households_clean:le(m.households) end,
  message = "số hộ dùng nước sạch ({households_clean}) lớn hơn số hộ ({households})",
}

report "quy" {
  title = "Báo cáo quý", params = { period = "quarter" },
  build = function(doc, p)
    doc:heading("I. Kết quả")
    local f = kh.query { indicators = { "CLEAN" }, units = kh.units { kind = "district" }, period = p.period }
    doc:table(f, { status = true })
  end,
}
