-- SPDX-License-Identifier: MIT
-- The way down from a figure: which file and which lines of it each number was
-- read from. Rows for tables that stand at the end of a page.

local viet = require "viet"
local M = {}

-- The values that count in a figure's tree, in its order.
local function cac_so(node, take)
  if node.kind == "value" and node.file then take(node) end
  for _, child in ipairs(node) do
    if child.counts ~= false then cac_so(child, take) end -- of a stock only one period counts
  end
end

-- { { unit =, files = { { file =, first =, last =, version =, received =, sums = { [measure] = n } } } } } of one or more figures.
function M.theo_don_vi(names, unit, period)
  local units, at_unit, at_file = {}, {}, {}
  local function take(node)
    local u = at_unit[node.unit.code]
    if not u then
      u = { unit = node.unit, files = {} }
      at_unit[node.unit.code], units[#units + 1] = u, u
    end
    local key = node.unit.code .. "|" .. node.file
    local f = at_file[key]
    if not f then
      f = { file = node.file, version = node.version, received = node.received, first = node.line, last = node.line, sums = {} }
      at_file[key], u.files[#u.files + 1] = f, f
    end
    f.first, f.last = math.min(f.first, node.line), math.max(f.last, node.line)
    f.sums[node.label] = (f.sums[node.label] or 0) + (math.tointeger(tonumber(node.value)) or 0)
  end
  for _, name in ipairs(names) do cac_so(kh.explain(name, unit, period), take) end
  return units
end

-- The file without the folders that all have in common, its lines, version and day: four cells.
function M.o_tep(f)
  local lines = f.first == f.last and tostring(f.first) or f.first .. "–" .. f.last
  return (f.file:gsub("^data/returns/", "")), { lines, align = "right" }, { f.version, align = "right" }, viet.ngay(f.received)
end

function M.dau_tep()
  return viet.chu("Tệp", "File"), viet.chu("Dòng", "Lines"), viet.chu("Phiên bản", "Version"), viet.chu("Nhận ngày", "Received")
end

return M
