-- SPDX-License-Identifier: MIT
local f = kh.query { names = { "x", "y", "T", "E" }, units = kh.units { kind = "district" }, period = "2018" }
f:sort("x"):print()
for row in kh.sql("SELECT unit, measure, value FROM v_value WHERE measure = ? ORDER BY unit, value", "x") do
  print(row.unit, row.measure, row.value)
end
local parts = {}
for i = 1, 200 do parts[#parts + 1] = ("dòng %d"):format(i):gsub("%d", "<%0>") end
kh.write("out/parts.txt", table.concat(parts, "\n"))
f:csv("out/frame.csv")
f:xlsx("out/frame.xlsx")
print(#kh.read("data/units.csv"))
