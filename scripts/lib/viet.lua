-- SPDX-License-Identifier: MIT
-- Numbers, dates and lists inside sentences: Vietnamese, or English where the
-- command is asked for it. A text in both languages is chu("Đơn vị", "Unit").

local M = {}

local function anh() return kh.lang() == "en" end

function M.chu(vi, en)
  if anh() then return en end
  return vi
end

-- 1234567 or "1234567.5" as 1.234.567 and 1.234.567,5 (1,234,567.5 in English)
function M.so(n)
  if n == nil then return "…" end
  local text = type(n) == "number" and tostring(math.tointeger(n) or n) or n
  local sign, whole, rest = text:match("^(%-?)(%d+)%.?(%d*)$")
  if not whole then return text end
  local count
  local nhom, le = M.chu(".", ","), M.chu(",", ".")
  repeat whole, count = whole:gsub("^(%d+)(%d%d%d)", "%1" .. nhom .. "%2") until count == 0
  return sign .. whole .. (rest ~= "" and le .. rest or "")
end

-- "84,1 %" with a blank at which no line breaks; in English "84.1%". Given the digits as they are shown.
function M.phan_tram(digits)
  return digits .. M.chu("\u{a0}%", "%")
end

-- A figure as it is shown: "84,1 %", "1.204 người"; "chưa có số liệu" where there is none.
function M.hinh(figure, unit)
  if figure.value == nil then return M.chu("chưa có số liệu", "no data") end
  if unit == "%" then return M.phan_tram(M.ty_le(figure)) end
  local text = M.so(figure.text or figure.value)
  return unit and text .. " " .. unit or text
end

-- The digits of a rate, with one decimal at least: "84,1", "100,0"; "…" where there is none.
function M.ty_le(figure)
  if figure.value == nil then return "…" end
  local text = figure.text or ("%.1f"):format(figure.value)
  if not text:find(".", 1, true) then text = text .. ".0" end
  return M.so(text)
end

-- A rate as a table's cell: a number with one decimal at least, and all it has where rounding would hide on which
-- side of the target it lies. o: more of the cell (tone, sign, link).
function M.o_ty_le(figure, o)
  local cell = o or {}
  cell.align = cell.align or "right"
  if figure.value == nil then
    cell[1], cell.sign = "…", nil
    return cell
  end
  local le = (figure.text or ""):match("%.(%d+)$")
  cell[1], cell.decimals = tonumber(figure.text) or figure.value, math.max(1, le and #le or 0)
  return cell
end

-- How it stands to its target as a table's cell: "✓ đạt".
function M.o_trang_thai(figure, o)
  local cell, status = o or {}, figure.status
  cell[1], cell.tone = "", M.mau[status]
  cell.sign = M.trang_thai[status] and M.dau[status] .. " " .. M.trang_thai[status] or nil
  return cell
end

-- By how much two rates differ as they are shown: "+1,4", "-0,1"; "…" where one is missing.
function M.tang_giam(now, before)
  if now.value == nil or before.value == nil then return "…" end
  local a, b = tonumber(now.text) or now.value, tonumber(before.text) or before.value
  local tenths = math.floor((a - b) * 10 + 0.5)
  local text = M.so(("%d.%d"):format(math.abs(tenths) // 10, math.abs(tenths) % 10))
  return tenths == 0 and text or (tenths > 0 and "+" or "-") .. text
end

-- A unit's name inside a sentence: "huyện Cao Lộc", "Sở Tài chính".
function M.ten(unit)
  return (unit.title:gsub("^Huyện ", "huyện "):gsub("^Thành phố ", "thành phố "):gsub("^Xã ", "xã "):gsub("^Phường ", "phường "):gsub("^Thị trấn ", "thị trấn "))
end

-- Whom a letter to the unit addresses: "UBND huyện Cao Lộc", "Sở Tài chính".
function M.gui(unit)
  return unit:is("agency") and unit.title or M.chu("UBND ", "People's Committee of ") .. M.ten(unit)
end

-- "A", "A và B", "A, B và C" ("and" in English)
function M.liet_ke(list)
  if #list == 0 then return "" end
  if #list == 1 then return list[1] end
  return table.concat(list, ", ", 1, #list - 1) .. M.chu(" và ", " and ") .. list[#list]
end

-- "2016-09-17" as 17/9/2016 (a day below 10 and the months 1 and 2 with a zero, as documents write them)
function M.ngay(day)
  if not day then return "" end
  local y, m, d = day:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)")
  if not y then return day end
  if anh() then return day:sub(1, 10) end
  m = tonumber(m) < 3 and m or tostring(tonumber(m))
  return d .. "/" .. m .. "/" .. y
end

-- The label of a period inside a sentence: "năm 2018", "quý I năm 2018".
function M.ky(period)
  if anh() then return period:label("en") end
  local label = period:label("vi")
  return (label:gsub("^Quý", "quý"):gsub("^Năm", "năm"):gsub("^Tháng", "tháng"):gsub("^Tuần", "tuần"):gsub("^Ngày", "ngày"))
end

-- The same as a column's head: "Năm 2018", "Quý I/2018".
function M.dau_ky(period)
  if anh() then return period:label("en") end
  return (period:label("vi"):gsub("^quý", "Quý"):gsub("^năm", "Năm"):gsub("^tháng", "Tháng"):gsub("^tuần", "Tuần"):gsub("^ngày", "Ngày"))
end

-- đồng as tỷ đồng with two decimals, in whole numbers all the way
function M.ty_dong(n)
  if n == nil then return "…" end
  local hundredths = (math.tointeger(n) + 5000000) // 10000000
  return M.so(("%d.%02d"):format(hundredths // 100, hundredths % 100))
end

local TRANG_THAI = {
  met = { "đạt", "met" }, not_met = { "không đạt", "not met" }, not_due = { "chưa đến hạn", "not yet due" },
  no_data = { "chưa có số liệu", "no data" }, partial = { "chưa đủ báo cáo", "returns missing" },
}
M.trang_thai = setmetatable({}, { __index = function(_, status)
  local chu = TRANG_THAI[status]
  return chu and M.chu(chu[1], chu[2])
end })
M.mau = { met = "good", not_met = "bad", not_due = "muted", no_data = "muted", partial = "warn" }
M.dau = { met = "✓", not_met = "✗", not_due = "…", no_data = "–", partial = "!" }

return M
