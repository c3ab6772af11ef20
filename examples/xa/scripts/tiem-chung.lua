-- SPDX-License-Identifier: MIT

kind "xa"   { level = "commune", title = "Xã", title_en = "Commune" }
kind "thon" { level = "village", title = "Thôn", title_en = "Village" }
kind "tram" { level = "post", title = "", title_en = "" }

unit "sm"   { name = "Suối Mây", kind = "xa" }
unit "sm-1" { name = "Nà Lầu", kind = "thon", parent = "sm" }
unit "sm-2" { name = "Pác Cuồng", kind = "thon", parent = "sm" }
unit "sm-3" { name = "Khuổi Hân", kind = "thon", parent = "sm" }
unit "sm-4" { name = "Bản Piềng", kind = "thon", parent = "sm" }
unit "tyt"  { name = "Trạm Y tế xã", kind = "tram", parent = "sm" }

category "sex" { title = "Giới tính", options = { { "male", title = "Nam" }, { "female", title = "Nữ" } } }

measure "children"   { title = "Trẻ dưới 1 tuổi", unit = "trẻ", type = "integer", over_time = "last", by = { "sex" }, min = 0 }
measure "vaccinated" { title = "Trẻ tiêm đủ trong tháng", unit = "trẻ", type = "integer", by = { "sex" }, min = 0 }
measure "reactions"  { title = "Phản ứng sau tiêm", unit = "ca", type = "integer", min = 0 }

-- Children vaccinated so far this year, of those there are now.
indicator "TC1" {
  title = "Tỷ lệ tiêm chủng đầy đủ từ đầu năm", unit = "%", decimals = 1,
  formula = function(m) return 100 * m.vaccinated:to_date() / m.children end,
  target = { at_least = 95, from = "2024", to = "2024", by_end = true },
}

indicator "TC2" {
  title = "Phản ứng trên 100 trẻ tiêm", unit = "ca", decimals = 2, lower_is_better = true,
  formula = function(m) return 100 * m.reactions / m.vaccinated end,
  target = { at_most = 5, from = "2024", to = "2024" },
}

form "TC-01" {
  title = "Kết quả tiêm chủng tháng",
  every = "month", calendar = "civil", due = 5,
  reporters = { code = "tyt" },
  covers = { kind = "thon" },
  file_pattern = "TC-01_{unit}_{period}.csv",
  header = { rows = 2 },
  totals = { "Cộng" },
  columns = {
    { "Thôn", as = "unit" },
    { "Trẻ dưới 1 tuổi/Nam", as = "children", cut = { sex = "male" } },
    { "Trẻ dưới 1 tuổi/Nữ", as = "children", cut = { sex = "female" } },
    { "Tiêm đủ/Nam", as = "vaccinated", cut = { sex = "male" } },
    { "Tiêm đủ/Nữ", as = "vaccinated", cut = { sex = "female" } },
    { "Phản ứng", as = "reactions", dash = "zero" },
  },
}

rule "no-reaction-without-vaccination" {
  severity = "error",
  check = function(m) return m.reactions:le(m.vaccinated) end,
  message = "có {reactions} phản ứng nhưng chỉ {vaccinated} trẻ được tiêm",
}
