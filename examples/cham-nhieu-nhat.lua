-- SPDX-License-Identifier: MIT
-- An analysis: who was late or did not report, how often, over the plan's years,
-- and with which form most.
--
--   kehoach run examples/cham-nhieu-nhat.lua [FIRST] [LAST]

local first, last = tonumber(arg[1] or 2016), tonumber(arg[2] or 2020)

local by_unit = {}
for year = first, last do
  for row in kh.late { period = tostring(year) }:rows() do
    local u = by_unit[row.unit.code]
    if not u then
      u = { unit = row.unit, late = 0, missing = 0, days = 0, forms = {} }
      by_unit[row.unit.code] = u
    end
    if row.received then
      u.late, u.days = u.late + 1, u.days + row.days
    else
      u.missing = u.missing + 1
    end
    u.forms[row.form] = (u.forms[row.form] or 0) + 1
  end
end

local list = {}
for _, u in pairs(by_unit) do
  local most
  for form, n in pairs(u.forms) do
    if not most or n > u.forms[most] or (n == u.forms[most] and form < most) then most = form end
  end
  list[#list + 1] = { unit = u.unit, late = u.late, missing = u.missing, days = u.days, most = most }
end

-- A frame made of rows of one's own: it sorts, prints and is written like any other.
kh.frame({ "unit", "late", "missing", "days", "most" }, list)
  :sort("-late", "-missing", "unit")
  :print()
