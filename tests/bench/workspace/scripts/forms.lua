-- SPDX-License-Identifier: MIT
-- One table in three shapes: a value a line, twenty measures a line, and the
-- same lines read by a function.

for _, name in ipairs { "nation", "province", "district", "commune" } do
  kind(name) { level = name, title = "", title_en = "" }
end
units { file = "data/units.csv" }

local names, wide, row_columns, keys = {}, {}, {}, {}
for i = 1, 20 do
  names[i] = string.format("m%02d", i)
  measure(names[i]) { title = "Số liệu " .. i }
end

wide[1] = { "unit", as = "unit" }
wide[2] = { "period", as = "period" }
keys[1] = { "unit", as = "key" }
keys[2] = { "period", as = "key" }
row_columns[1], row_columns[2] = wide[1], wide[2]
for i, name in ipairs(names) do
  wide[i + 2] = { name, as = name }
  keys[i + 2] = { name, as = "key" }
  row_columns[i + 2] = keys[i + 2]
end

local reporters = { { kind = "nation" }, { kind = "province" } }
local covers = { kind = "commune" }

form "LONG" {
  title = "Mỗi dòng một số liệu", every = "month", style = "plain", reporters = reporters, covers = covers,
  columns = {
    { "unit", as = "unit" }, { "period", as = "period" },
    { "measure", as = "measure_code" }, { "value", as = "value", required = true },
  },
}

form "WIDE" {
  title = "Mỗi dòng một xã và một tháng", every = "month", style = "plain", reporters = reporters, covers = covers,
  file_pattern = "WIDE_{unit}_{period}.csv", columns = wide,
}

form "ROW" {
  title = "Như WIDE, số liệu đọc bằng hàm", every = "month", style = "plain", reporters = reporters, covers = covers,
  columns = row_columns, measures = names,
  row = function(row, out)
    for i = 1, 20 do
      local name = names[i]
      out:value(name, row:number(name))
    end
  end,
}

form "PLACE" {
  title = "Như WIDE, đơn vị và kỳ cũng đọc bằng hàm", every = "month", style = "plain", reporters = reporters, covers = covers,
  columns = keys, measures = names,
  row = function(row, out)
    local period = row:period("period")
    local place = { unit = row:unit("unit", period), period = period }
    for i = 1, 20 do
      local name = names[i]
      out:value(name, row:number(name), place)
    end
  end,
}
