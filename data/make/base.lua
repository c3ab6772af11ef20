-- SPDX-License-Identifier: MIT
-- What every part of the generator shares: its own random numbers (so that every
-- machine makes the same bytes), the units read from data/units.csv, periods and
-- days, and sharing out a whole number without losing one.

local M = {}

-- A stream of numbers that depends on nothing but its key.
function M.random(key)
  local x = 1469598103934665603
  for i = 1, #key do x = (x ~ key:byte(i)) * 1099511628211 end
  local stream = {}
  function stream.whole(lo, hi) -- both ends included
    x = x * 6364136223846793005 + 1442695040888963407
    return lo + (x >> 33) % (hi - lo + 1)
  end
  function stream.pick(list) return list[stream.whole(1, #list)] end
  function stream.part(lo, hi) -- a fraction, in steps of 1/10000
    return lo + (hi - lo) * stream.whole(0, 10000) / 10000
  end
  for _ = 1, 4 do stream.whole(0, 1) end
  return stream
end

-- Shares `total` out over weights by largest remainder; no share over its cap.
function M.share(total, weights, caps)
  local sum, out, left = 0, {}, total
  for _, w in ipairs(weights) do sum = sum + w end
  local order = {}
  for i, w in ipairs(weights) do
    local exact = sum > 0 and total * w / sum or 0
    local whole = math.floor(exact)
    if caps then whole = math.min(whole, caps[i]) end
    out[i] = whole
    left = left - whole
    order[i] = { i, exact - whole }
  end
  table.sort(order, function(a, b) if a[2] ~= b[2] then return a[2] > b[2] end return a[1] < b[1] end)
  while left > 0 do
    local before = left
    for _, o in ipairs(order) do
      if left == 0 then break end
      if not caps or out[o[1]] < caps[o[1]] then
        out[o[1]] = out[o[1]] + 1
        left = left - 1
      end
    end
    assert(left < before, "nothing more can be shared out")
  end
  return out
end

function M.round(x) return math.floor(x + 0.5) end

-- 1234567 as 1.234.567
function M.dots(n)
  local s = tostring(n)
  local count
  repeat s, count = s:gsub("^(%-?%d+)(%d%d%d)", "%1.%2") until count == 0
  return s
end

-- data/units.csv: code,name,kind,parent,valid_from,valid_to,...
local WORD = { tinh = "Tỉnh", ["thanh-pho"] = "Thành phố", huyen = "Huyện", ["thi-xa"] = "Thị xã", xa = "Xã", phuong = "Phường", ["thi-tran"] = "Thị trấn" }

function M.units(path)
  local file = assert(io.open(path, "r"))
  local place, units = {}, {}
  local head = file:read("l"):gsub("^\u{FEFF}", ""):gsub("\r$", "")
  local n = 0
  for name in (head .. ","):gmatch("([^,]*),") do n = n + 1; place[name] = n end
  for line in file:lines() do
    line = line:gsub("\r$", "")
    local cell = {}
    for text in (line .. ","):gmatch("([^,]*),") do cell[#cell + 1] = text end
    if WORD[cell[place.kind]] then
      units[#units + 1] = {
        code = cell[place.code], kind = cell[place.kind], parent = cell[place.parent],
        title = WORD[cell[place.kind]] .. " " .. cell[place.name],
        from = cell[place.valid_from] or "", to = cell[place.valid_to] or "",
      }
    end
  end
  file:close()
  return units
end

-- Units of a parent on a day "2018-12-31", by code.
function M.children(units, parent, day)
  local out = {}
  for _, u in ipairs(units) do
    if u.parent == parent and (u.from == "" or u.from <= day) and (u.to == "" or u.to >= day) then out[#out + 1] = u end
  end
  table.sort(out, function(a, b) return a.code < b.code end)
  return out
end

-- Periods -------------------------------------------------------------------

local ROMAN = { "I", "II", "III", "IV" }

function M.period_label(period)
  local year, kind, nth = period:match("^(%d%d%d%d)([HQ]?)(%d?)$")
  if kind == "H" then return (nth == "1" and "6 tháng đầu năm " or "6 tháng cuối năm ") .. year end
  if kind == "Q" then return "quý " .. ROMAN[tonumber(nth)] .. " năm " .. year end
  return "năm " .. year
end

function M.periods(every, from, to)
  local out = {}
  for year = 2016, 2020 do
    local names = every == "year" and { "" } or every == "half" and { "H1", "H2" } or { "Q1", "Q2", "Q3", "Q4" }
    for _, name in ipairs(names) do
      local period = year .. name
      if (not from or period >= from) and (not to or period <= to) then out[#out + 1] = period end
    end
  end
  return out
end

-- The day on which the data window closes, as a count of days (midday, UTC).
function M.closes(calendar, period)
  local year, kind, nth = period:match("^(%d%d%d%d)([HQ]?)(%d?)$")
  local month = kind == "H" and 6 * nth or kind == "Q" and 3 * nth or 12
  if calendar == "civil" then
    local t = os.date("!*t", M.day(tonumber(year), month + 1, 1) * 86400 - 86400)
    return M.day(t.year, t.month, t.day)
  end
  return M.day(tonumber(year), month, 14)
end

-- Days since 1970-01-01 by counting, so that no time zone of the machine comes in.
function M.day(year, month, day)
  while month > 12 do year, month = year + 1, month - 12 end
  local y = month <= 2 and year - 1 or year
  local era = y // 400
  local yoe = y - era * 400
  local doy = (153 * (month + (month > 2 and -3 or 9)) + 2) // 5 + day - 1
  return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468
end

function M.stamp(day, minute_of_day) -- local time in Lạng Sơn (UTC+7) as UTC
  return os.date("!%Y-%m-%dT%H:%M:%SZ", day * 86400 + minute_of_day * 60 - 7 * 3600)
end

return M
