-- SPDX-License-Identifier: MIT
-- The invented figures, before they become files. Each function gives one form's
-- figures by year (or half-year) and sender. What the plan's follow-up should
-- show is decided here, target by target:
--
--   T1  90.9 % in 2016, exactly 95 in 2018, in reach of 98 in 2020; two districts stay below 95
--   T2  rises to exactly 100 % in 2020
--   T3  below 100 in 2016 and 2019, exactly 100 in 2018 and 2020; one unplanned exercise in 2017
--   T4  too few communes in 2016, then inside 20-25 %; in 2020 two districts miss it, one by too many
--   T5  passes 20 % in 2019; one district stands at exactly 20 in 2020, which "above 20" does not meet
--   T6  ends just short of 15 %
--   T7  passes 85 % in 2019; one district at exactly 85 in 2020, two below
--   T8  100 % but for one district in 2016 and one in 2018; one sends more than its quota
--   T9  ends short of 20 %

local base = require "base"
local M = {}

M.first_year, M.last_year = 2016, 2020

-- code, size against the mean, how the district does against the trend (points)
M.districts = {
  { "178", 1.15, 1.2 }, { "180", 0.80, -0.4 }, { "181", 0.70, -2.4 }, { "182", 0.70, -0.2 },
  { "183", 1.05, 0.9 }, { "184", 0.75, 0.0 }, { "185", 0.90, 0.5 }, { "186", 1.50, 0.6 },
  { "187", 1.00, 0.3 }, { "188", 1.10, -0.1 }, { "189", 0.45, -3.4 },
}

local function each_district(year, make)
  local out = {}
  for _, d in ipairs(M.districts) do out[d[1]] = make(d[1], d[2], d[3], year) end
  return out
end

-- GD-01: persons of groups 1-4 to be trained and trained in the year -----------

local TRAINED = { 90.9, 92.9, 95.0, 96.4, 97.7 }
local GROUP_SIZE = { 3, 34, 165, 450 }

local function add_to(total, rows, of, limit, wanted) -- moves the province's total to `wanted`, one by one
  local step = wanted > total and 1 or -1
  while total ~= wanted do
    local before = total
    for _, d in ipairs(M.districts) do
      local row = rows[d[1]]
      local value = row[of][4] + step
      if total ~= wanted and value >= 0 and (not limit or value <= row[limit][4]) then
        row[of][4] = value
        total = total + step
      end
    end
    assert(total ~= before)
  end
end

local function sum_groups(rows, of)
  local total = 0
  for _, row in pairs(rows) do for g = 1, 4 do total = total + row[of][g] end end
  return total
end

function M.training(year)
  local rows = each_district(year, function(code, size, lead)
    local random = base.random("training " .. code .. year)
    local row = { required = {}, trained = {} }
    for g = 1, 4 do
      local need = base.round(GROUP_SIZE[g] * size * random.part(0.9, 1.1))
      if g == 1 and random.whole(1, 3) == 1 then need = 0 end
      local rate = math.min(100, TRAINED[year - 2015] + lead + random.part(-0.6, 0.6))
      row.required[g] = need
      row.trained[g] = math.min(need, base.round(need * rate / 100))
    end
    return row
  end)
  if year == 2018 then -- exactly 95 of 100 in the province
    local required = sum_groups(rows, "required")
    add_to(required, rows, "required", nil, required + (-required) % 20)
    required = sum_groups(rows, "required")
    add_to(sum_groups(rows, "trained"), rows, "trained", "required", required // 20 * 19)
  end
  return rows
end

-- GD-01: pupils of upper secondary schools, students of colleges ---------------

local STUDIED = { 97.1, 98.0, 98.8, 99.5, 100 }

function M.students(year)
  return each_district(year, function(code, size)
    local random = base.random("students " .. code .. year)
    local pupils = base.round((2150 + 35 * (year - 2016)) * size * random.part(0.97, 1.03))
    local college = code == "178" and 3400 + random.whole(-60, 60) or (size >= 1 and random.whole(120, 260) or 0)
    local function studied(n)
      return year == 2020 and n or math.min(n, base.round(n * (STUDIED[year - 2015] + random.part(-0.5, 0.4)) / 100))
    end
    return { required = { pupils, college }, studied = { studied(pupils), studied(college) } }
  end)
end

-- DT-01: exercises by kind (defence area, flood and storm, search and rescue) ---

local DEFENCE_AREA = { -- districts whose turn it is
  [2016] = { ["178"] = 1, ["186"] = 1 }, [2017] = { ["181"] = 1, ["187"] = 1 },
  [2018] = { ["180"] = 1, ["183"] = 1, ["188"] = 1 }, [2019] = { ["182"] = 1, ["185"] = 1 },
  [2020] = { ["184"] = 1, ["189"] = 1, ["183"] = 1 },
}
local NOT_HELD = { [2016] = { ["180"] = 3, ["187"] = 2, ["189"] = 3, ["181"] = 2 }, [2019] = { ["181"] = 3 } }

function M.exercises(year)
  local rows = each_district(year, function(code)
    local random = base.random("exercises " .. code .. year)
    local planned = { DEFENCE_AREA[year][code] or 0, 1, random.whole(1, 2) }
    local held = { planned[1], planned[2], planned[3] }
    local missed = NOT_HELD[year] and NOT_HELD[year][code]
    if missed then held[missed] = held[missed] - 1 end
    return { planned = planned, held = held }
  end)
  rows.bchqs = { planned = { year == 2018 and 1 or 0, 1, 1 }, held = { year == 2018 and 1 or 0, 1, 1 } }
  if year == 2017 then rows["188"].held[2] = rows["188"].held[2] + 1 end -- after the floods of that autumn
  return rows
end

-- How many communes of each district held a combat-defence exercise.
local COMMUNES_HELD = {
  --          178 180 181 182 183 184 185 186 187 188 189
  [2016] = { 1, 4, 3, 4, 5, 4, 4, 5, 4, 6, 2 },  -- 42 of 226
  [2017] = { 2, 5, 4, 4, 5, 5, 4, 5, 4, 6, 3 },  -- 47
  [2018] = { 2, 5, 4, 5, 5, 5, 5, 6, 5, 6, 3 },  -- 51
  [2019] = { 2, 5, 4, 5, 5, 6, 5, 6, 5, 7, 3 },  -- 53
  [2020] = { 2, 5, 3, 5, 5, 4, 4, 6, 5, 5, 3 },  -- 47 of 200; too few in 181 (3 of 19), too many in 182 (5 of 17)
}

function M.communes_held(year)
  local out = {}
  for i, d in ipairs(M.districts) do out[d[1]] = COMMUNES_HELD[year][i] end
  return out
end

-- Which ones: every commune gets its turn before one comes again.
function M.communes_of(communes, code, year)
  local counts, start = {}, 0
  for i, d in ipairs(M.districts) do if d[1] == code then counts.i = i end end
  for y = M.first_year, year - 1 do start = start + COMMUNES_HELD[y][counts.i] end
  local out = {}
  for k = 1, COMMUNES_HELD[year][counts.i] do out[k] = communes[(start + k - 1) * 5 % #communes + 1] end
  -- 5 and the number of communes may share a factor: take the next free one
  local seen = {}
  for k, c in ipairs(out) do
    local at = 0
    while seen[c.code] do at = at + 1; c = communes[at] end
    seen[c.code], out[k] = true, c
  end
  table.sort(out, function(a, b) return a.code < b.code end)
  return out
end

-- DQ-01: militia and self-defence force, half-yearly ----------------------------

local MILITIA_PARTY = { 12.0, 12.3, 12.7, 13.0, 13.4, 13.8, 14.1, 14.3, 14.6, 14.8 } -- % of the militia (T6)
local SELF_DEFENCE_PARTY = { 50, 51, 52, 53, 54.5, 55.5, 57, 58, 60, 61 }

function M.militia(period)
  local year, half = tonumber(period:sub(1, 4)), tonumber(period:sub(6))
  local at = (year - 2016) * 2 + half
  local rows = each_district(year, function(code, size, lead)
    local fixed, random = base.random("militia " .. code), base.random("militia " .. code .. period)
    local militia = base.round(980 * size * fixed.part(0.93, 1.07)) + 3 * at + random.whole(-4, 4)
    local self_defence = base.round((code == "178" and 420 or 165) * size * fixed.part(0.9, 1.1)) + random.whole(-2, 2)
    local militia_party = base.round(militia * (MILITIA_PARTY[at] + lead * 0.35 + random.part(-0.1, 0.1)) / 100)
    local self_party = base.round(self_defence * (SELF_DEFENCE_PARTY[at] + random.part(-1, 1)) / 100)
    return { strength = militia + self_defence, party = militia_party + self_party, militia = militia, militia_party = militia_party }
  end)
  if period == "2020H2" then -- exactly 20 of 100, which "above 20" does not meet
    local row = rows["180"]
    row.strength = row.strength - row.strength % 5
    row.party = row.strength // 5
  end
  return rows
end

-- DB-01: reservists, half-yearly -------------------------------------------------

local MATCHED = { 80.4, 81.2, 82.0, 82.7, 83.4, 84.0, 84.7, 85.3, 86.0, 86.6 }

function M.reserve(period)
  local year, half = tonumber(period:sub(1, 4)), tonumber(period:sub(6))
  local at = (year - 2016) * 2 + half
  local rows = each_district(year, function(code, size, lead)
    local fixed, random = base.random("reserve " .. code), base.random("reserve " .. code .. period)
    local registered = base.round(1850 * size * fixed.part(0.92, 1.08)) + 9 * at + random.whole(-15, 15)
    local rate = MATCHED[at] + lead * 0.8 + random.part(-0.4, 0.4)
    return { registered = registered, matched = base.round(registered * rate / 100) }
  end)
  if period == "2020H2" then -- exactly 85 of 100
    local row = rows["184"]
    row.registered = row.registered - row.registered % 20
    row.matched = row.registered // 20 * 17
  end
  return rows
end

-- TQ-01: recruitment ---------------------------------------------------------------

function M.recruits(year)
  return each_district(year, function(code, size)
    local fixed = base.random("recruits " .. code)
    local quota = base.round(128 * size * fixed.part(0.95, 1.05)) + (year - 2016) * 2
    local enlisted = quota
    if year == 2016 and code == "189" then enlisted = quota - 1 end
    if year == 2018 and code == "181" then enlisted = quota - 2 end
    if year == 2019 and code == "186" then enlisted = quota + 1 end
    return { quota = quota, enlisted = enlisted }
  end)
end

-- TT-01: training grounds (firing range, training field, combined ground) -----------

local GROUNDS_NEEDED = { ["178"] = { 1, 2, 1 }, ["186"] = { 2, 2, 1 }, ["188"] = { 1, 3, 1 }, bchqs = { 2, 3, 2 } }
local GROUNDS_BUILT = { -- year of building, kind
  ["183"] = { 2015, 2 }, ["187"] = { 2016, 1 }, ["186"] = { 2016, 2 }, ["178"] = { 2017, 2 }, ["185"] = { 2018, 2 },
  ["188"] = { 2019, 2 }, ["180"] = { 2020, 1 }, ["184"] = { 2020, 2 },
}

function M.grounds(year)
  local rows = each_district(year, function(code)
    local built, first = { 0, 0, 0 }, GROUNDS_BUILT[code]
    if first and first[1] <= year then built[first[2]] = 1 end
    return { needed = GROUNDS_NEEDED[code] or { 1, 2, 1 }, built = built }
  end)
  rows.bchqs = { needed = GROUNDS_NEEDED.bchqs, built = { year >= 2019 and 1 or 0, 1, 0 } }
  return rows
end

-- NS-01: budget by line, whole đồng -------------------------------------------------

M.budget_lines = { "GD", "DT", "DQ", "DB", "TQ", "TT", "CT", "KT" }
local LINE_SIZE = { GD = 210, DT = 380, DQ = 640, DB = 260, TQ = 190, TT = 520, CT = 900, KT = 70 } -- million đồng
local AGENCY_LINES = {
  bchqs = "GD DT DQ DB TQ TT CT KT", cat = "GD DT KT", bdbp = "GD DT CT KT", skhdt = "KT", stc = "KT", sgddt = "GD KT",
  snnptnt = "DT CT", sgtvt = "CT", vpubnd = "KT", mttq = "GD", sldtbxh = "TQ", syt = "DB", snv = "GD", stttt = "GD DT",
}

function M.budget(year, sender, size)
  local random = base.random("budget " .. sender .. year)
  local rows = {}
  for line in (AGENCY_LINES[sender] or "GD DT DQ DB TQ TT CT KT"):gmatch("%S+") do
    local estimate = base.round(LINE_SIZE[line] * (size or (sender == "bchqs" and 4.5 or 0.9)) * (1 + 0.06 * (year - 2016)) * random.part(0.85, 1.15)) * 1000000
    local allocated = base.round(estimate // 1000 * random.part(0.86, 1) * (0.93 + 0.015 * (year - 2016))) * 1000
    local spent = math.min(allocated, base.round(allocated * random.part(0.93, 1.01)))
    if line == "CT" and year == 2016 then spent = 0 end -- works of the first year were not yet begun
    rows[#rows + 1] = { line = line, estimate = estimate, allocated = allocated, spent = spent }
  end
  return rows
end

-- KT-01: inspections and reviews, half-yearly -----------------------------------------

function M.inspections(period, sender)
  local year, half = tonumber(period:sub(1, 4)), tonumber(period:sub(6))
  local random = base.random("inspections " .. sender .. period)
  local scale = sender == "bchqs" and 3 or 1
  local planned = random.whole(2, 4) * scale
  local held = math.max(1, planned - (random.whole(1, 4) == 1 and 1 or 0))
  local found = held * random.whole(1, 3)
  local resolved = math.min(found, base.round(found * (0.72 + 0.05 * (year - 2016) + random.part(0, 0.12))))
  local reviews = half == 2 and 1 or (year == 2018 and 1 or 0)
  return { planned = planned, held = held, found = found, resolved = resolved, reviews = reviews,
    collectives = half == 2 and random.whole(2, 6) * scale or random.whole(0, 2), persons = half == 2 and random.whole(6, 18) * scale or random.whole(0, 5) }
end

return M
