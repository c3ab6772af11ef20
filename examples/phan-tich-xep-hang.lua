-- SPDX-License-Identifier: MIT
-- An analysis: which districts moved most over the plan's years, and how the
-- share of Party members goes with the size of the militia.
--
--   kehoach run examples/phan-tich-xep-hang.lua [INDICATOR] [FIRST] [LAST]

local code = arg[1] or "T6"
local first, last = arg[2] or "2016", arg[3] or "2020"

local function year(period)
  return kh.query { indicators = { code }, level = "district", period = period }
end

-- Both years side by side, the change, and the place in the order of the last year.
local before = {}
for row in year(first):rows() do before[row.unit.code] = row[code] end

local table = year(last)
  :add("thay_doi", function(row)
    local old = before[row.unit.code]
    return row[code] and old and tonumber(("%.1f"):format(row[code] - old))
  end, { title = "So với " .. first, unit = "điểm %", decimals = 1 })
  :sort("-" .. code)

print(("%s: %s năm %s, xếp từ cao xuống thấp"):format(code, "huyện, thành phố", last))
table:print()

-- Formulas of one's own, for this question alone.
local f = kh.query {
  columns = {
    { "dan_quan", function(m) return m.militia_strength end },
    { "ty_le", function(m) return kh.round(100 * m.militia_party / m.militia_strength, 2) end },
    { "hang", function(m) return (m.militia_party / m.militia_strength):rank() end },
  },
  level = "district", period = last,
}
print("\nBa đơn vị có tỷ lệ đảng viên trong dân quân thấp nhất")
f:sort("ty_le"):head(3):print()

local met, n = 0, 0
for i = 1, #table do
  local _, about = table:cell(i, code)
  n = n + 1
  if about.status == "met" then met = met + 1 end
end
print(("\n%d trên %d huyện, thành phố đạt mục tiêu %s"):format(met, n, code))
