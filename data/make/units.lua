-- SPDX-License-Identifier: MIT
-- Makes data/units.csv and data/successors.csv from the dated lists beside it:
--
--   lua5.4 data/make/units.lua [OUTDIR]      (OUTDIR: data)
--
-- The lists say what was there on one day, the changes say what became of each
-- unit on another. Put together they are units with their days. Everything that
-- does not fit together ends the script: nothing is filled in.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
local out_dir = arg[1] or here .. "/.."

-- A row of CSV into its cells; quotes as in RFC 4180, no cell over two lines.
local function cells(line)
  local out, at = {}, 1
  repeat
    local cell, stop
    if line:sub(at, at) == '"' then
      cell, stop = line:match('^"(.-)"()', at)
      while line:sub(stop, stop) == '"' do -- a doubled quote
        local more, after = line:match('^(.-)"()', stop + 1)
        cell, stop = cell .. '"' .. more, after
      end
    else
      cell, stop = line:match("^([^,]*)()", at)
    end
    out[#out + 1] = cell
    at = stop + 1
  until stop > #line
  return out
end

local function read(name)
  local file = assert(io.open(here .. "/units/" .. name, "r"))
  local heads, rows = cells(file:read("l")), {}
  for line in file:lines() do
    local row = {}
    for i, cell in ipairs(cells(line)) do row[heads[i]] = cell end
    rows[#rows + 1] = row
  end
  file:close()
  return rows
end

local function quoted(cell)
  return cell:find('[,"]') and '"' .. cell:gsub('"', '""') .. '"' or cell
end

local function write(name, heads, rows)
  local file = assert(io.open(out_dir .. "/" .. name, "wb"))
  file:write(table.concat(heads, ","), "\n")
  for _, row in ipairs(rows) do
    local line = {}
    for i, head in ipairs(heads) do line[i] = quoted(row[head]) end
    file:write(table.concat(line, ","), "\n")
  end
  assert(file:close())
end

local function day_before(day)
  local y, m, d = day:match("^(%d+)-(%d+)-(%d+)$")
  return os.date("%Y-%m-%d", os.time { year = y, month = m, day = d, hour = 12 } - 86400)
end

-- The list of units in force after each day of change, by code.

local WORD = { xa = "Xã", phuong = "Phường", ["thi-tran"] = "Thị trấn" }
local KIND = {}
for kind, word in pairs(WORD) do KIND[word] = kind end

local function by_code(rows)
  local out = {}
  for _, u in ipairs(rows) do out[u.code] = u end
  return out
end

local changes = read("changes.csv")

-- No list of 01/12/2024 is at hand: it is the list of 2020 with that day's changes.
local function list_of_2024(list)
  local out = {}
  for code, u in pairs(list) do out[code] = u end
  for _, c in ipairs(changes) do
    if c.effective == "2024-12-01" and c.old_code ~= c.new_code then
      assert(list[c.old_code], c.old_code)
      out[c.old_code] = nil
    end
  end
  for _, c in ipairs(changes) do
    if c.effective == "2024-12-01" then
      local word, name = c.new_name:match("^(Xã) (.+)$")
      if not word then word, name = c.new_name:match("^(Thị trấn) (.+)$") end
      out[c.new_code] = { code = c.new_code, name = name, kind = KIND[word], parent = list[c.new_code].parent }
    end
  end
  return out
end

local days = { "", "2020-01-01", "2024-12-01", "2025-07-01" }
local of_2020 = by_code(read("2020.csv"))
local lists = { by_code(read("2017.csv")), of_2020, list_of_2024(of_2020), by_code(read("2025.csv")) }

-- Units: a row as long as code, name, kind and parent stay the same.

local function same(a, b)
  return a.name == b.name and a.kind == b.kind and a.parent == b.parent
end

local units = {}
for i, list in ipairs(lists) do
  for code, u in pairs(list) do
    local before, after = i > 1 and lists[i - 1][code], nil
    if not (before and same(before, u)) then
      local last = i
      while lists[last + 1] and lists[last + 1][code] and same(lists[last + 1][code], u) do last = last + 1 end
      after = days[last + 1]
      units[#units + 1] = {
        code = code, name = u.name, kind = u.kind, parent = u.parent,
        valid_from = days[i], valid_to = after and day_before(after) or "",
      }
    end
  end
end
table.sort(units, function(a, b)
  if #a.code ~= #b.code then return #a.code < #b.code end
  if a.code ~= b.code then return a.code < b.code end
  return a.valid_from < b.valid_from
end)
write("units.csv", { "code", "name", "kind", "parent", "valid_from", "valid_to" }, units)

-- Successors: the changes, checked against the lists.

local EVIDENCE = {
  ["published text"] = "published text",
  ["dissolved; successor not sourced"] = "successor not found in a published text",
  ["code kept by the merged unit (lists of 2017 and 2020)"] = "the merged unit keeps the code (lists of 2017 and 2020)",
  ["lists of 2023 and 2025-03 (code 05995 closed, 06040 carries the name)"] = "lists of 2023 and of March 2025: 05995 is closed and 06040 has the name",
  ["published text; the enlarged township took code 06040, the old 05995 was closed"] = "published text; the enlarged township took this code",
  ["mapping of dvhcvn/20250701, checked against the text of the resolution"] = "mapping of dvhcvn/20250701, compared with the text",
}
local BASIS = {
  ["818/NQ-UBTVQH14"] = "818/NQ-UBTVQH14",
  ["1672/NQ-UBTVQH15"] = "1672/NQ-UBTVQH15",
  ["resolution on Lạng Sơn communes 2023-2025, in force 2024-12-01"] = "resolution on the communes of Lạng Sơn 2023-2025",
}

local place = {}
for i, day in ipairs(days) do place[day] = i end

local successors = {}
for _, c in ipairs(changes) do
  local i = assert(place[c.effective], c.effective)
  local old, new = lists[i - 1][c.old_code], lists[i][c.new_code]
  assert(old and WORD[old.kind] .. " " .. old.name == c.old_name, "not in the list before: " .. c.old_code .. " " .. c.old_name)
  assert(c.new_code == "" or (new and WORD[new.kind] .. " " .. new.name == c.new_name), "not in the list after: " .. c.new_code .. " " .. c.new_name)
  successors[#successors + 1] = {
    date = c.effective, old_code = c.old_code, new_code = c.new_code, part = c.part,
    basis = assert(BASIS[c.basis], c.basis) .. ": " .. assert(EVIDENCE[c.evidence], c.evidence),
  }
end
table.sort(successors, function(a, b)
  if a.date ~= b.date then return a.date < b.date end
  if a.old_code ~= b.old_code then return a.old_code < b.old_code end
  return a.new_code < b.new_code
end)
write("successors.csv", { "date", "old_code", "new_code", "part", "basis" }, successors)

-- Who is gone and who began is explained by a change, but for the districts, which nobody follows.

local explained = {}
for _, s in ipairs(successors) do explained[s.date .. s.old_code] = true end
for _, u in ipairs(units) do
  if u.valid_to ~= "" and #u.code == 5 then
    for i = 2, #days do
      assert(day_before(days[i]) ~= u.valid_to or explained[days[i] .. u.code], "no change explains the end of " .. u.code)
    end
  end
end
