-- SPDX-License-Identifier: MIT
-- T1-T9 of plan 100 for every year, district and the province, computed from the
-- CSV files by means that share nothing with kehoach: plain Lua, its own CSV
-- reader, iconv(1) for the encodings, whole numbers and cross-multiplication for
-- the decisions.
--
--   lua5.4 tests/reference/reference.lua ROOT [TRACE...]
--
-- prints  name,unit,period,value,status,numerator,denominator  (value with 17
-- significant digits; empty where there is none). With each TRACE (such as
-- T7:20:2018) it prints file and line of every input of that figure instead.

local root = arg[1] or "."
local returns = root .. "/data/returns/"

local function fail(...) error(string.format(...), 0) end

-- Text of a file, whatever its encoding: the right one is the one in which the
-- form's own words can be read.

local function slurp(path)
  local f = assert(io.open(path, "rb"))
  local bytes = f:read("a")
  f:close()
  return bytes
end

local function iconv(path, encoding)
  local p = assert(io.popen(("iconv -f %s -t UTF-8 '%s' 2>/dev/null"):format(encoding, path), "r"))
  local text = p:read("a")
  p:close()
  return text
end

local function readable(text) return text:find("Biểu số", 1, true) and text:find("Kỳ báo cáo", 1, true) end

local function text_of(path)
  local bytes = slurp(path)
  if bytes:sub(1, 2) == "\xFF\xFE" then return iconv(path, "UTF-16") end
  if utf8.len(bytes) then return (bytes:gsub("^\u{FEFF}", "")) end
  for _, encoding in ipairs { "CP1258", "TCVN5712-1" } do
    local text = iconv(path, encoding)
    if readable(text) then return text end
  end
  fail("%s: no encoding makes it readable", path)
end

-- Records of cells, each with its physical line.

local function records(text)
  local head = text:match("STT([,;\t])") or fail("no heading row")
  local out, row, line, row_line, at = {}, {}, 1, 1, 1
  local function finish()
    row.line = row_line
    out[#out + 1] = row
    row = {}
    row_line = line
  end
  while at <= #text do
    local cell
    if text:sub(at, at) == '"' then
      cell, at = "", at + 1
      while true do
        local stop = assert(text:find('"', at, true), "open quote")
        cell = cell .. text:sub(at, stop - 1)
        at = stop + 1
        if text:sub(at, at) ~= '"' then break end
        cell, at = cell .. '"', at + 1
      end
      for _ in cell:gmatch("\n") do line = line + 1 end
    else
      local stop = text:find("[" .. head .. "\r\n]", at) or #text + 1
      cell, at = text:sub(at, stop - 1), stop
    end
    row[#row + 1] = cell
    local mark = text:sub(at, at)
    if mark == head then
      at = at + 1
    else
      if mark == "\r" then at = at + 1; mark = text:sub(at, at) end
      if mark == "\n" then at = at + 1 end
      line = line + 1
      finish()
    end
  end
  return out
end

-- Rows between the headings and the footnotes, without totals and column signs.

local function data_rows(all)
  local out, total, started = {}, nil, false
  for i, row in ipairs(all) do
    if row[1] == "STT" then
      started = true
    elseif started then
      if row[1]:find("^Ghi chú") or row[1]:find("^Người lập biểu") then break end
      if row[1] == "Tổng cộng" or row[2] == "Tổng cộng" then
        total = row
      elseif row[1] ~= "" and row[1] ~= "A" then
        out[#out + 1] = row
      end
    end
  end
  return out, total
end

local function whole(text) -- nil: nothing written; false: not a number
  if text == nil or text == "" or text == "-" then return nil end
  local digits = text:gsub("%.", "")
  if not digits:match("^%d+$") then return false end
  return math.tointeger(tonumber(digits))
end

-- Districts and their communes -------------------------------------------------

local district_of, communes = {}, {} -- title -> code; [year][code] -> number of communes
do
  local word = { huyen = "Huyện ", ["thanh-pho"] = "Thành phố " }
  local commune = { xa = true, phuong = true, ["thi-tran"] = true }
  local first = true
  for line in io.lines(root .. "/data/units.csv") do
    local c = {}
    for cell in (line .. ","):gmatch("([^,]*),") do c[#c + 1] = cell end
    local code, name, kind, parent, from, to = table.unpack(c)
    if first then
      assert(code == "code" and to == "valid_to", "units.csv: other columns than expected")
      first = false
    elseif word[kind] and parent == "20" then
      district_of[word[kind] .. name] = code
    elseif commune[kind] then
      for year = 2016, 2020 do
        local day = year .. "-12-31"
        if (from == "" or from <= day) and (to == "" or to >= day) then
          communes[year] = communes[year] or {}
          communes[year][parent] = (communes[year][parent] or 0) + 1
        end
      end
    end
  end
end

-- Reading the forms into cells: [key] = { value, file, line } --------------------

local function reader_of(form)
  local function by_unit(names, first_column)
    return function(rows, put)
      for _, row in ipairs(rows) do
        local unit = district_of[row[2]]
        if not unit then return "unknown unit " .. row[2] end
        for i, name in ipairs(names) do
          local n = whole(row[first_column + i - 1])
          if n == false then return "not a number: " .. row[first_column + i - 1] end
          if n == nil then return "a blank cell in line " .. row.line end
          put(name, unit, "", n, row.line)
        end
      end
    end
  end
  local readers = {
    ["DB-01"] = by_unit({ "registered", "matched" }, 3),
    ["DQ-01"] = by_unit({ "force", "force_party", "militia", "militia_party" }, 3),
    ["TQ-01"] = by_unit({ "quota", "enlisted" }, 3),
    ["GD-01"] = function(rows, put, sender)
      for _, row in ipairs(rows) do
        local unit = district_of[row[2]]
        local first = sender == "sgddt" and 3 or 4
        for i = first, #row do
          local n = whole(row[i])
          if n == false then return "not a number: " .. row[i] end
          local odd = (i - first) % 2 == 0
          local name = sender == "sgddt" and (odd and "students" or "studied") or (odd and "required" or "trained")
          if n then put(name, unit, row[3] .. i, n, row.line) end
        end
      end
    end,
    ["DT-01"] = function(rows, put, sender)
      local part, listed, said = nil, 0, 0
      for _, row in ipairs(rows) do
        if row[1] == "I" or row[1] == "II" then
          part = row[1]
          if part == "II" then
            said = whole(row[4])
            put("communes_held", sender, "", said, row.line)
          end
        elseif part == "I" then
          local planned, held = whole(row[3]), whole(row[4])
          if planned then put("planned", sender, row[2], planned, row.line) end
          if held then put("held", sender, row[2], held, row.line) end
        else
          listed = listed + 1
        end
      end
      if listed ~= said then return "the list of communes disagrees with its total" end
    end,
    ["TT-01"] = function(rows, put, sender)
      for _, row in ipairs(rows) do
        put("needed", sender, row[2], whole(row[3]), row.line)
        put("built", sender, row[2], whole(row[4]) or 0, row.line)
      end
    end,
  }
  return readers[form]
end

-- Part not above whole, else the return is not taken.
local WITHIN = { { "matched", "registered" }, { "trained", "required" }, { "studied", "students" }, { "force_party", "force" }, { "militia", "force" }, { "militia_party", "militia" }, { "built", "needed" } }

local current = {} -- [form/sender/period] = cells, replaced when a later version arrives
local refused = {}

local function take(file)
  local form, sender, period = file:match("([%w%-]+)_(%w+)_(%w+)%.csv$")
  local reader = reader_of(form)
  if not reader then return end
  local rows, total = data_rows(records(text_of(returns .. file)))
  local cells, sums = {}, {}
  local fault = reader(rows, function(name, unit, part, n, line)
    cells[#cells + 1] = { name = name, unit = unit, part = part, n = n, file = file, line = line }
    sums[name] = (sums[name] or 0) + n
  end, sender)
  for _, w in ipairs(WITHIN) do
    if not fault and sums[w[1]] and sums[w[2]] and sums[w[1]] > sums[w[2]] then fault = w[1] .. " above " .. w[2] end
  end
  if not fault and total then -- every column that is all numbers must add up
    for i = 3, #total do
      local said, sum, numbers = whole(total[i]), 0, true
      for _, row in ipairs(rows) do
        local n = whole(row[i])
        if n == false then numbers = false end
        sum = sum + (n or 0)
      end
      if numbers and said and said ~= sum then fault = "a total does not agree" end
    end
  end
  if fault then
    refused[#refused + 1] = file .. ": " .. fault
    return
  end
  current[form .. "/" .. sender .. "/" .. period] = cells
end

for line in io.lines(returns .. "arrivals.csv") do
  local file = line:match("^(.-),%d")
  if file then take(file) end
end

-- Consolidation: flows add up over the year, stocks take the last period -----------

local stock = { force = true, force_party = true, militia = true, militia_party = true, registered = true, matched = true }
local sums, inputs = {}, {} -- [name][year][unit]

local function add(name, year, unit, cell)
  local key = name .. "/" .. year .. "/" .. unit
  sums[key] = (sums[key] or 0) + cell.n
  inputs[key] = inputs[key] or {}
  table.insert(inputs[key], cell)
end

for key, cells in pairs(current) do
  local form, sender, period = key:match("^(.-)/(.-)/(.-)$")
  local year = period:sub(1, 4)
  local later = current[form .. "/" .. sender .. "/" .. year .. "H2"]
  for _, cell in ipairs(cells) do
    if not stock[cell.name] or period:sub(5) == "H2" or not later then
      add(cell.name, year, cell.unit, cell)
      add(cell.name, year, "20", cell)
    end
  end
end

-- Targets, decided in whole numbers: 100 a / b against a bound ---------------------

local function between(lo, hi) return function(a, b) return 100 * a >= lo * b and 100 * a <= hi * b end end
local function at_least(lo) return function(a, b) return 100 * a >= lo * b end end
local function above(lo) return function(a, b) return 100 * a > lo * b end end

local TARGETS = {
  { "T1", "trained", "required", between(95, 100), by_end = true },
  { "T2", "studied", "students", at_least(100), by_end = true },
  { "T3", "held", "planned", at_least(100), by_end = true },
  { "T4", "communes_held", nil, between(20, 25) },
  { "T5", "force_party", "force", above(20), by_end = true },
  { "T6", "militia_party", "militia", at_least(15), by_end = true },
  { "T7", "matched", "registered", at_least(85), by_end = true },
  { "T8", "enlisted", "quota", at_least(100) },
  { "T9", "built", "needed", between(20, 30), by_end = true },
}

local units = { "20" }
for _, code in pairs(district_of) do units[#units + 1] = code end
table.sort(units, function(a, b) if #a ~= #b then return #a < #b end return a < b end)

local function trace(figure)
  local name, unit, year = figure:match("^(%w+):(%w+):(%d+)$")
  local lines = {}
  for _, t in ipairs(TARGETS) do
    if t[1] == name then
      for _, part in ipairs { t[2], t[3] } do
        for _, cell in ipairs(inputs[part .. "/" .. year .. "/" .. unit] or {}) do
          lines[#lines + 1] = ("%s:%d,%s,%s,%d"):format(cell.file, cell.line, part, cell.unit, cell.n)
        end
      end
    end
  end
  table.sort(lines)
  print("# " .. figure)
  if #lines > 0 then print(table.concat(lines, "\n")) end
end

for i = 2, #arg do trace(arg[i]) end
if arg[2] then os.exit(true) end

print("name,unit,period,value,status,numerator,denominator")
for _, t in ipairs(TARGETS) do
  for year = 2016, 2020 do
    for _, unit in ipairs(units) do
      local a = sums[t[2] .. "/" .. year .. "/" .. unit]
      local b
      if t[3] then
        b = sums[t[3] .. "/" .. year .. "/" .. unit]
      else
        b = 0
        for parent, n in pairs(communes[year]) do if unit == "20" or parent == unit then b = b + n end end
      end
      local value, status = "", "no_data"
      if a and b and b ~= 0 then
        value = ("%.17g"):format(100 * a / b)
        status = t[4](a, b) and "met" or ((t.by_end and year < 2020) and "not_due" or "not_met")
      end
      print(("%s,%s,%d,%s,%s,%s,%s"):format(t[1], unit, year, value, status, a or "", b or ""))
    end
  end
end
for _, text in ipairs(refused) do io.stderr:write("refused: ", text, "\n") end
