-- SPDX-License-Identifier: MIT
-- What scripts do all day: cutting texts, tables, small functions that may fail, generators.
local lines = {}
for i = 1, 20000 do lines[i] = ("  Huyện %d ; %d người ; %.1f %%  "):format(i, i * 37 % 1000, i / 7) end
for _ = 1, 12 do
  local t = {}
  for _, line in ipairs(lines) do
    local name, n, rate = line:match("^%s*(.-)%s*;%s*(%d+) người%s*;%s*([%d.]+)")
    t[#t + 1] = { name = name:gsub("Huyện", "H."), n = tonumber(n), rate = tonumber(rate) }
    local ok = pcall(function() if not t[#t].n then error("none") end end)
    assert(ok and line:find("người", 1, true))
  end
  table.sort(t, function(a, b) return a.n < b.n end)
  local names = {}
  for i, r in ipairs(t) do names[i] = r.name end
  assert(#table.concat(names, ",") > 0)
  local sum = 0
  for v in coroutine.wrap(function() for _, r in ipairs(t) do coroutine.yield(r.rate) end end) do sum = sum + v end
  for i = 1, 300000 do sum = sum + i % 7 * 0.5 end
end
