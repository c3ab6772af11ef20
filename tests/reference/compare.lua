-- SPDX-License-Identifier: MIT
-- compare.lua REFERENCE.csv COMPUTED.csv: the same figures with the same status?
-- Statuses exactly, values to 1e-12 of their size. Both files have one figure a
-- row under the headings name, unit, period, value, status (others are ignored).
-- Ends with "N passed, N failed".

local function read(path)
  local f = assert(io.open(path, "r"))
  local head, figures, n = {}, {}, 0
  for line in f:lines() do
    line = line:gsub("\r$", ""):gsub("^\u{FEFF}", "")
    local cells = {}
    local at = 1
    while at <= #line + 1 do
      local cell
      if line:sub(at, at) == '"' then
        local stop = at
        repeat stop = line:find('"', stop + 1, true) until line:sub(stop + 1, stop + 1) ~= '"' or not stop
        cell, at = line:sub(at + 1, stop - 1):gsub('""', '"'), stop + 2
      else
        local stop = line:find(",", at, true) or #line + 1
        cell, at = line:sub(at, stop - 1), stop + 1
      end
      cells[#cells + 1] = cell
    end
    if n == 0 then
      for i, name in ipairs(cells) do head[name] = i end
      for _, name in ipairs { "name", "unit", "period", "value", "status" } do assert(head[name], path .. ": no column " .. name) end
    else
      local key = cells[head.name] .. " " .. cells[head.unit] .. " " .. cells[head.period]
      assert(not figures[key], path .. ": twice: " .. key)
      figures[key] = { value = tonumber(cells[head.value]), status = cells[head.status] }
    end
    n = n + 1
  end
  f:close()
  return figures
end

local expected, computed = read(arg[1]), read(arg[2])
local passed, failed = 0, 0

local function check(good, format, ...)
  if good then
    passed = passed + 1
  else
    failed = failed + 1
    print("not equal: " .. format:format(...))
  end
end

local keys = {}
for key in pairs(expected) do keys[#keys + 1] = key end
table.sort(keys)
for _, key in ipairs(keys) do
  local e, c = expected[key], computed[key]
  if not c then
    check(false, "%s is missing", key)
  else
    local near = e.value == c.value or (e.value and c.value and math.abs(e.value - c.value) <= 1e-12 * math.abs(e.value))
    check(near, "%s: expected %s, computed %s", key, e.value, c.value)
    check(e.status == c.status, "%s: expected %s, computed %s (%s)", key, e.status, c.status, c.value)
  end
end
for key in pairs(computed) do if not expected[key] then check(false, "%s is not in the reference", key) end end
print(("%d passed, %d failed"):format(passed, failed))
os.exit(failed == 0)
