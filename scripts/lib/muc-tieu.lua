-- SPDX-License-Identifier: MIT
-- The nine targets as reports need them: which come with which period, what each
-- is made of, and how much is wanting.

local viet = require "viet"
local noi = kh.say
local M = {}

M.tat_ca = { "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9" }

local THEO_KY = {
  quarter = { "T1", "T2" },
  half = { "T1", "T2", "T5", "T6", "T7" },
  year = M.tat_ca,
}
function M.cua_ky(period) return THEO_KY[period.length] or M.tat_ca end

-- Titles are the indicators' own.
M.ten = setmetatable({}, { __index = function(_, code)
  for _, i in ipairs(kh.indicators()) do if i.code == code then return i.title end end
end })

-- Short enough for a column's head.
local NGAN = {
  T1 = { "Bồi dưỡng QP-AN", "Training" }, T2 = { "HS, SV học QP-AN", "Students" }, T3 = { "Diễn tập tỉnh, huyện", "Exercises" },
  T4 = { "Xã diễn tập", "Communes exercised" }, T5 = { "Đảng viên DQTV", "Party, force" }, T6 = { "Đảng viên dân quân", "Party, militia" },
  T7 = { "Xếp đúng chuyên nghiệp", "Reserve matched" }, T8 = { "Tuyển quân", "Recruits" }, T9 = { "Thao trường", "Grounds" },
}
function M.ngan(code) return viet.chu(NGAN[code][1], NGAN[code][2]) end

local MUC = {
  T1 = { "95–100\u{a0}%", "95–100%" }, T2 = { "100\u{a0}%", "100%" }, T3 = { "100\u{a0}%", "100%" }, T4 = { "20–25\u{a0}% mỗi năm", "20–25% a year" }, T5 = { "trên 20\u{a0}%", "above 20%" },
  T6 = { "15\u{a0}%", "15%" }, T7 = { "từ 85\u{a0}%", "at least 85%" }, T8 = { "100\u{a0}% mỗi năm", "100% a year" }, T9 = { "20–30\u{a0}%", "20–30%" },
}
M.muc = setmetatable({}, { __index = function(_, code) return viet.chu(MUC[code][1], MUC[code][2]) end })

-- The level itself, for a line in a picture; of a range its lower end.
M.moc = { T1 = 95, T2 = 100, T3 = 100, T4 = 20, T5 = 20, T6 = 15, T7 = 85, T8 = 100, T9 = 20 }

-- tu, mau: numerator and denominator; can: the lower bound; tren: it must be passed, not only reached
local GOM = {
  T1 = { tu = "training_trained", mau = "training_required", can = 95, viec = "bồi dưỡng thêm %s người" },
  T2 = { tu = "students_studied", mau = "students_required", can = 100, viec = "dạy thêm cho %s học sinh, sinh viên" },
  T3 = { tu = "exercises_held", mau = "exercises_planned", can = 100, viec = "tổ chức thêm %s cuộc diễn tập" },
  T4 = { tu = "communes_exercised", mau = "communes_listed", can = 20, viec = "thêm %s xã diễn tập" },
  T5 = { tu = "force_party", mau = "force_strength", can = 20, tren = true, viec = "thêm %s đảng viên trong dân quân tự vệ" },
  T6 = { tu = "militia_party", mau = "militia_strength", can = 15, viec = "thêm %s đảng viên trong dân quân" },
  T7 = { tu = "reserve_matched", mau = "reserve_registered", can = 85, viec = "xếp lại đúng chuyên nghiệp %s quân nhân dự bị" },
  T8 = { tu = "recruits_enlisted", mau = "recruits_quota", can = 100, viec = "tuyển thêm %s người" },
  T9 = { tu = "grounds_built", mau = "grounds_needed", can = 20, viec = "xây thêm %s thao trường" },
}

function M.gom(code) return GOM[code] end

-- What is wanting for the target at a unit, in words; nil where nothing is, or it cannot be said.
function M.con_thieu(code, unit, period)
  local g = GOM[code]
  if not g then return nil end
  local a, b = kh.value(g.tu, unit, period), kh.value(g.mau, unit, period)
  if not a or not b then return nil end
  a, b = math.tointeger(a), math.tointeger(b)
  local need = g.tren and g.can * b // 100 + 1 or (g.can * b + 99) // 100
  if need <= a then return nil end
  return noi(g.viec):format(viet.so(need - a))
end

-- "6.442 trên 6.594 người"
function M.tu_tren_mau(code, unit, period)
  local g = GOM[code]
  if not g then return nil end
  local a, b = kh.value(g.tu, unit, period), kh.value(g.mau, unit, period)
  if not a or not b then return nil end
  return viet.so(a) .. "/" .. viet.so(b)
end

function M.hinh(code, unit, period) return kh.figure(code, unit, period) end

-- Districts whose status is `status`, as short names with the figure: "Bình Gia (94,9%)".
function M.huyen(code, period, status)
  local out = {}
  for _, u in ipairs(kh.units { kind = "district", at = period }) do
    local f = kh.figure(code, u, period)
    if f.status == status then out[#out + 1] = ("%s (%s)"):format(viet.ten(u), viet.hinh(f, "%")) end
  end
  return out
end

return M
