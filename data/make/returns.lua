-- SPDX-License-Identifier: MIT
-- Makes the illustrative returns of plan 100/KH-UBND for 2016-2020:
--
--   lua5.4 data/make/returns.lua OUTDIR [UNITS.CSV]
--
-- OUTDIR/YEAR/FORM_UNIT_PERIOD.csv  what was sent
-- OUTDIR/late/                      what came long after it was due
-- OUTDIR/corrections/               a second version of one return
-- OUTDIR/faulty/                    a return that has to be refused
-- OUTDIR/arrivals.csv               file,received: all of them in the order of arrival
--
-- The figures are invented and every file says so. The same bytes come out on
-- every machine: nothing here asks for the time, the locale or chance.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path

local base = require "base"
local encode = require "encode"
local figures = require "figures"
local senders = require "senders"
local sheets = require "sheets"

local out_dir = arg[1] or error("usage: lua5.4 data/make/returns.lua OUTDIR [UNITS.CSV]")
local units = base.units(arg[2] or here .. "/../units.csv")

local titles = {}
for _, u in ipairs(base.children(units, "20", "2018-12-31")) do titles[u.code] = u.title end
for code, name in pairs(senders.names) do titles[code] = name end

local made_dirs = {}
local function write(folder, name, bytes)
  local path = out_dir .. "/" .. folder
  if not made_dirs[path] then
    assert(os.execute("mkdir -p '" .. path .. "'"))
    made_dirs[path] = true
  end
  local file = assert(io.open(path .. "/" .. name, "wb"))
  assert(file:write(bytes))
  assert(file:close())
  return folder .. "/" .. name
end

-- A sheet as the sender's CSV ------------------------------------------------------

local function cell(text, sep)
  if text:find('["\r\n]') or text:find(sep, 1, true) then return '"' .. text:gsub('"', '""') .. '"' end
  return text
end

local function csv(habit, sheet, facts)
  local lines, width = {}, #sheet.head[1]
  local function put(row, padded)
    local cells = {}
    for i, text in ipairs(row) do cells[i] = cell(text, habit.sep) end
    if padded or habit.pad then for i = #row + 1, width do cells[i] = "" end end
    lines[#lines + 1] = table.concat(cells, habit.sep)
  end
  local capitals = habit.enc ~= "tcvn3" -- the ABC fonts have no toned capitals
  put { capitals and "SỐ LIỆU MINH HỌA" or "Số liệu minh họa" }
  put { "Biểu số: " .. facts.form }
  put { "Đơn vị báo cáo: " .. facts.sender }
  put { "Kỳ báo cáo: " .. base.period_label(facts.period) }
  if capitals then put { sheet.title } end
  if sheet.unit then put { "ĐVT: " .. sheet.unit } end
  if habit.pad then put { "" } end
  for _, row in ipairs(sheet.head) do put(row, true) end
  if sheet.signs and (habit.pad or #sheet.head == 1) then put(sheet.signs, true) end
  for _, row in ipairs(sheet.rows) do put(row, true) end
  if sheet.total then put(sheet.total, true) end
  for _, text in ipairs(sheet.foot or {}) do put { text } end
  put { "Người lập biểu" }
  return encode[habit.enc](table.concat(lines, habit.eol) .. habit.eol)
end

-- What is sent, when ------------------------------------------------------------------

local DUE = { ["GD-01"] = 5, ["DT-01"] = 15, ["DQ-01"] = 10, ["DB-01"] = 10, ["TQ-01"] = 15, ["TT-01"] = 15, ["NS-01"] = 20, ["NV-01"] = 7, ["KT-01"] = 10 }

-- Days after the due day. Bình Gia is late with its militia and its last training return, Đình Lập with training grounds.
local LATE = {
  ["DQ-01_181_2018H1"] = 21, ["DQ-01_181_2019H2"] = 16, ["DQ-01_181_2020H2"] = 37, ["GD-01_181_2020Q4"] = 25,
  ["TT-01_189_2018"] = 30, ["TT-01_189_2020"] = 33, ["DB-01_189_2017H2"] = 12,
}
-- Never sent: the last reports of Đình Lập.
local ABSENT = { ["KT-01_189_2020H2"] = true, ["NV-01_189_2020Q4"] = true }

local arrivals = {}
local function arrive(file, day, key)
  local random = base.random("arrival " .. key)
  arrivals[#arrivals + 1] = { file, base.stamp(day, random.whole(7 * 60 + 30, 16 * 60 + 45)) }
end

local function send(form, sender, period, sheet)
  local key = form .. "_" .. sender .. "_" .. period
  if ABSENT[key] then return end
  local year = tonumber(period:sub(1, 4))
  local bytes = csv(senders.habit(sender, year), sheet, { form = form, sender = titles[sender], period = period })
  local closes = base.closes(form == "NS-01" and "civil" or "nd09", period)
  local late = LATE[key]
  local file = write(late and "late" or tostring(year), key .. ".csv", bytes)
  arrive(file, closes + (late and DUE[form] + late or base.random("day " .. key).whole(1, DUE[form])), key)
end

local function habit_of(sender, period) return senders.habit(sender, tonumber(period:sub(1, 4))) end

for _, period in ipairs(base.periods("quarter")) do
  for _, code in ipairs(senders.districts) do send("GD-01", code, period, sheets.training(code, period, habit_of(code, period), titles[code])) end
  send("GD-01", "sgddt", period, sheets.students(period, habit_of("sgddt", period), titles))
end

for _, period in ipairs(base.periods("year")) do
  for _, code in ipairs(senders.districts) do
    local habit = habit_of(code, period)
    send("DT-01", code, period, sheets.exercises(code, period, habit, base.children(units, code, period .. "-12-31")))
    send("TQ-01", code, period, sheets.recruits(code, period, habit, titles[code]))
    send("TT-01", code, period, sheets.grounds(code, period, habit))
    send("NS-01", code, period, sheets.budget(code, period, habit))
  end
  send("DT-01", "bchqs", period, sheets.exercises("bchqs", period, habit_of("bchqs", period)))
  send("TT-01", "bchqs", period, sheets.grounds("bchqs", period, habit_of("bchqs", period)))
  for _, code in ipairs(senders.agencies) do send("NS-01", code, period, sheets.budget(code, period, habit_of(code, period))) end
end

for _, period in ipairs(base.periods("half")) do
  for _, code in ipairs(senders.districts) do
    local habit = habit_of(code, period)
    send("DQ-01", code, period, sheets.militia(code, period, habit, titles[code]))
    if not (code == "183" and period == "2020H2") then send("DB-01", code, period, sheets.reserve(code, period, habit, titles[code])) end
    send("KT-01", code, period, sheets.inspections(code, period, habit, titles[code]))
  end
  send("KT-01", "bchqs", period, sheets.inspections("bchqs", period, habit_of("bchqs", period), titles.bchqs))
end

-- The plan was signed on 17/09/2016: its tasks are reported on from the quarter after.
for _, period in ipairs(base.periods("quarter", "2016Q4")) do
  for _, code in ipairs(senders.agencies) do send("NV-01", code, period, sheets.tasks(code, period)) end
  for _, code in ipairs(senders.districts) do
    local communes = base.children(units, code, period:sub(1, 4) .. "-12-31")
    send("NV-01", code, period, sheets.tasks(code, period, base.random("place " .. code .. period).pick(communes).title))
  end
end

-- Cao Lộc's last reservists' return: first with faults, two days later as it should be.
do
  local key, habit = "DB-01_183_2020H2", habit_of("183", "2020H2")
  local facts = { form = "DB-01", sender = titles["183"], period = "2020H2" }
  local closes = base.closes("nd09", "2020H2")
  arrive(write("faulty", key .. ".csv", csv(habit, sheets.reserve_faulty(titles["183"]), facts)), closes + 6, key .. " faulty")
  arrive(write("2020", key .. ".csv", csv(habit, sheets.reserve("183", "2020H2", habit, titles["183"]), facts)), closes + 8, key)
end

-- Hữu Lũng counted again three weeks after its return of 2019H2: 42 persons more are in their right specialty.
do
  local key, habit = "DB-01_186_2019H2", habit_of("186", "2019H2")
  local real = figures.reserve
  figures.reserve = function(period)
    local rows = real(period)
    rows["186"].matched = rows["186"].matched + 42
    return rows
  end
  local bytes = csv(habit, sheets.reserve("186", "2019H2", habit, titles["186"]), { form = "DB-01", sender = titles["186"], period = "2019H2" })
  figures.reserve = real
  arrive(write("corrections", key .. ".csv", bytes), base.closes("nd09", "2019H2") + 25, key .. " corrected")
end

table.sort(arrivals, function(a, b) if a[2] ~= b[2] then return a[2] < b[2] end return a[1] < b[1] end)
local list = { "file,received" }
for _, a in ipairs(arrivals) do list[#list + 1] = a[1] .. "," .. a[2] end
local file = assert(io.open(out_dir .. "/arrivals.csv", "wb"))
assert(file:write(table.concat(list, "\n"), "\n"))
assert(file:close())
io.stderr:write(("%d returns in %s\n"):format(#arrivals, out_dir))
