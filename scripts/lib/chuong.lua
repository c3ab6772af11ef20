-- SPDX-License-Identifier: MIT
-- Chapters that several reports share. Each takes the document and the period
-- and writes text made from the figures; none knows which report it is in.

local viet = require "viet"
local muc_tieu = require "muc-tieu"
local noi = kh.say -- the text in the language of the document; its English stands in scripts/plan/english.lua
local M = {}

local TINH = "20"

-- How complete the returns are ----------------------------------------------------

local FORM_TITLES = {
  ["GD-01"] = "Giáo dục, bồi dưỡng QP-AN", ["DT-01"] = "Diễn tập", ["DQ-01"] = "Dân quân tự vệ", ["DB-01"] = "Dự bị động viên", ["TQ-01"] = "Tuyển quân",
  ["TT-01"] = "Thao trường", ["NS-01"] = "Kinh phí", ["NV-01"] = "Tiến độ nhiệm vụ", ["KT-01"] = "Kiểm tra, sơ kết",
}
M.bieu_mau = setmetatable({}, { __index = function(_, form) return FORM_TITLES[form] and noi(FORM_TITLES[form]) end })

-- All returns due in the period: counts by form, and lists of those late and missing.
function M.dem_bao_cao(period)
  local by_form, order, late, missing = {}, {}, {}, {}
  for row in kh.late { period = period, all = true }:rows() do
    local f = by_form[row.form]
    if not f then
      f = { form = row.form, due = 0, on_time = 0, late = 0, missing = 0, rows = {} }
      by_form[row.form], order[#order + 1] = f, f
    end
    f.due, f.rows[#f.rows + 1] = f.due + 1, row
    if not row.received then
      f.missing = f.missing + 1
      missing[#missing + 1] = row
    elseif row.days and row.days > 0 then
      f.late = f.late + 1
      late[#late + 1] = row
    else
      f.on_time = f.on_time + 1
    end
  end
  local sum = { due = 0, on_time = 0, late = 0, missing = 0 }
  for _, f in ipairs(order) do for k in pairs(sum) do sum[k] = sum[k] + f[k] end end
  return { forms = order, sum = sum, late = late, missing = missing }
end

function M.tinh_hinh_bao_cao(doc, period)
  local dem = M.dem_bao_cao(period)
  local s = dem.sum
  doc:para(noi("Trong %s, các đơn vị phải gửi %s báo cáo; đã nhận %s, trong đó %s đúng hạn, %s chậm; %s chưa gửi.")
    :format(viet.ky(period), viet.so(s.due), viet.so(s.on_time + s.late), viet.so(s.on_time), viet.so(s.late), viet.so(s.missing)))
  if #dem.missing > 0 then
    local list, at = {}, {}
    for _, row in ipairs(dem.missing) do
      local i = at[row.unit.code] or #list + 1
      at[row.unit.code] = i
      list[i] = list[i] or { ten = viet.ten(row.unit) }
      table.insert(list[i], ("%s %s"):format(row.form, viet.ky(row.period)))
    end
    for i, l in ipairs(list) do list[i] = ("%s (%s)"):format(l.ten, viet.liet_ke(l)) end
    doc:para(noi("Chưa gửi: ") .. viet.liet_ke(list) .. ".")
  end
  return dem
end

-- Targets -------------------------------------------------------------------------------

-- The table of targets: this period, the one before, the change, the status.
function M.bang_muc_tieu(doc, codes, period, title)
  local before = period:prev(1)
  local rows = {}
  for i, code in ipairs(codes) do
    local now, old = kh.figure(code, TINH, period), kh.figure(code, TINH, before)
    rows[i] = {
      i, code .. ". " .. muc_tieu.ten[code], muc_tieu.muc[code],
      viet.o_ty_le(old), viet.o_ty_le(now), { viet.tang_giam(now, old), align = "right" },
      viet.o_trang_thai(now, { note = now.expected and now.reported < now.expected and noi("%d/%d báo cáo"):format(now.reported, now.expected) or nil }),
    }
  end
  doc:table {
    title = title, unit_line = noi("Đơn vị tính: %"),
    head = { noi("STT"), noi("Chỉ tiêu"), noi("Mục tiêu"), viet.dau_ky(before), viet.dau_ky(period), noi("Tăng, giảm"), noi("Kết quả") },
    signs = { "A", "B", "C", "1", "2", "3=2-1", "D" },
    rows = rows, widths = { 1, 7, 2.8, 2.2, 2.2, 2, 3 },
    align = { "center", "left", "left", "right", "right", "right", "left" },
  }
end

function M.tom_tat_muc_tieu(doc, codes, period)
  local nhom = { met = {}, not_met = {}, not_due = {}, no_data = {}, partial = {} }
  for _, code in ipairs(codes) do
    local f = kh.figure(code, TINH, period)
    table.insert(nhom[f.status] or nhom.no_data, code)
  end
  local cau = {}
  if #nhom.met > 0 then cau[#cau + 1] = noi("%d chỉ tiêu đạt (%s)"):format(#nhom.met, viet.liet_ke(nhom.met)) end
  if #nhom.not_met > 0 then cau[#cau + 1] = noi("%d không đạt (%s)"):format(#nhom.not_met, viet.liet_ke(nhom.not_met)) end
  if #nhom.not_due > 0 then cau[#cau + 1] = noi("%d chưa đến hạn, còn thấp hơn mức cuối kỳ (%s)"):format(#nhom.not_due, viet.liet_ke(nhom.not_due)) end
  if #nhom.partial > 0 then cau[#cau + 1] = noi("%d tính trên báo cáo chưa đủ (%s)"):format(#nhom.partial, viet.liet_ke(nhom.partial)) end
  if #nhom.no_data > 0 then cau[#cau + 1] = noi("%d chưa có số liệu (%s)"):format(#nhom.no_data, viet.liet_ke(nhom.no_data)) end
  doc:para(noi("Trong %d chỉ tiêu theo dõi của %s: %s."):format(#codes, viet.ky(period), table.concat(cau, "; ")))
  return nhom
end

-- One sentence on a target: the province, what it is made of, the districts that fall short.
local function cau_muc_tieu(code, period)
  local f = kh.figure(code, TINH, period)
  local ten = muc_tieu.ten[code]
  if not f.value then return ("%s: %s."):format(ten, viet.hinh(f)) end
  local gom = muc_tieu.tu_tren_mau(code, TINH, period)
  local text = noi("%s: %s%s, mục tiêu %s, %s."):format(ten, viet.hinh(f, "%"), gom and " (" .. gom .. ")" or "", muc_tieu.muc[code], viet.trang_thai[f.status] or "")
  local thap = muc_tieu.huyen(code, period, "not_met")
  if #thap > 0 and #thap <= 5 then text = text .. noi(" Không đạt ở ") .. viet.liet_ke(thap) .. "." end
  if #thap > 5 then text = text .. noi(" %d trên %d huyện, thành phố không đạt."):format(#thap, #kh.units { kind = "district", at = period }) end
  return text
end

local THEO_NHIEM_VU = { { "II.2", { "T1", "T2" } }, { "II.4", { "T3", "T4", "T5", "T6", "T7", "T8" } }, { "II.6", { "T9" } } }

function M.theo_nhiem_vu(doc, codes, period)
  local co = {}
  for _, code in ipairs(codes) do co[code] = true end
  local plan, n = kh.plan("100/KH-UBND"), 0
  for _, nv in ipairs(THEO_NHIEM_VU) do
    local items = {}
    for _, code in ipairs(nv[2]) do if co[code] then items[#items + 1] = cau_muc_tieu(code, period) end end
    if #items > 0 then
      n = n + 1
      doc:heading(noi("%d. %s (nhiệm vụ %s)"):format(n, plan:task(nv[1]).title, nv[1]))
      doc:list(items)
    end
  end
  return n
end

-- Districts against the targets, with the province as the total row.
function M.bang_huyen(doc, codes, period, title)
  local f = kh.query { indicators = codes, level = "district", period = period }
  local columns, titles = { "unit" }, { unit = noi("Huyện, thành phố") }
  for _, code in ipairs(codes) do columns[#columns + 1], titles[code] = code, code end
  doc:table(f, { title = title, unit_line = noi("Đơn vị tính: %"), columns = columns, titles = titles, total = noi("Toàn tỉnh"), status = "sign", tinted = true, coverage = true, number = true,
    notes = { noi("✓ đạt, ✗ không đạt; … chưa đến hạn.") } })
  return f
end

-- Progress of tasks ---------------------------------------------------------------------------

M.nhiem_vu_ma = { "II.1", "II.2", "II.3", "II.4", "II.5", "II.6", "II.7" }

function M.bang_nhiem_vu(doc, period, title)
  local plan, rows = kh.plan("100/KH-UBND"), {}
  local t = { 0, 0, 0 }
  for i, task in ipairs(M.nhiem_vu_ma) do
    local cut = { cut = { task = task } }
    local n, done, slow = kh.value("tasks_reported", TINH, period, cut), kh.value("tasks_done", TINH, period, cut), kh.value("tasks_slow", TINH, period, cut)
    local percent = kh.figure("task_percent", TINH, period, cut)
    rows[i] = { task, plan:task(task).title, n or false, done or false, slow or false, percent.value and { percent.value, decimals = 0 } or "…" }
    t[1], t[2], t[3] = t[1] + (n or 0), t[2] + (done or 0), t[3] + (slow or 0)
  end
  rows[#rows + 1] = { "", noi("Cộng"), math.tointeger(t[1]), math.tointeger(t[2]), math.tointeger(t[3]), "", total = true }
  doc:table {
    title = title, head = { noi("Nhiệm vụ"), noi("Nội dung"), noi("Đơn vị báo cáo"), noi("Hoàn thành"), noi("Chậm tiến độ"), noi("Mức hoàn thành bình quân (%)") },
    signs = { "A", "B", "1", "2", "3", "4" }, rows = rows, widths = { 1.5, 7, 2, 2, 1.5, 2.5 },
    align = { "center", "left", "right", "right", "right", "right" },
    notes = { noi("Mức bình quân là của các đơn vị có báo cáo NV-01.") },
  }
  return t
end

-- Narratives of tasks that are slow: what the senders themselves say.
function M.viec_cham(doc, period, limit)
  local items, n = {}, 0
  local last = period.length == "quarter" and period or period:parts("quarter")[#period:parts("quarter")]
  for _, level in ipairs { "agency", "district" } do
    for _, u in ipairs(kh.units { kind = level, at = last }) do
      for _, task in ipairs(M.nhiem_vu_ma) do
        local cut = { cut = { task = task } }
        if kh.value("tasks_slow", u, last, cut) == 1 then
          local note = kh.value("task_note", u, last, cut)
          n = n + 1
          if n <= limit then
            items[n] = { { u.title .. noi(", nhiệm vụ ") .. task .. ": ", bold = true }, note and note:gsub("%s*\n%s*", " ") or noi("không có diễn giải") }
          end
        end
      end
    end
  end
  if n == 0 then
    doc:para(noi("Không có nhiệm vụ nào được báo là chậm."))
    return
  end
  doc:para(noi("Có %d nhiệm vụ được báo là chậm%s, theo diễn giải của đơn vị:"):format(n, n > limit and noi(", trong đó %d việc đầu"):format(limit) or ""))
  doc:list(items)
end

-- Inspections, reviews, commendations -----------------------------------------------------------

function M.kiem_tra(doc, period)
  local v = {}
  for _, name in ipairs { "inspections_planned", "inspections_held", "faults_found", "faults_resolved", "reviews_held", "commended_collectives", "commended_persons" } do
    v[name] = kh.value(name, TINH, period)
  end
  if not v.inspections_held then
    doc:para(noi("Chưa có số liệu kiểm tra."))
    return
  end
  local rate = kh.figure("KT2", TINH, period)
  doc:para(noi("Đã kiểm tra %s cuộc trên %s cuộc theo kế hoạch; phát hiện %s tồn tại, đã khắc phục %s (%s). Đã tổ chức %s hội nghị sơ kết, tổng kết; khen thưởng %s tập thể, %s cá nhân.")
    :format(viet.so(v.inspections_held), viet.so(v.inspections_planned), viet.so(v.faults_found), viet.so(v.faults_resolved), viet.hinh(rate, "%"),
      viet.so(v.reviews_held), viet.so(v.commended_collectives), viet.so(v.commended_persons)))
end

-- Budget -------------------------------------------------------------------------------------------

M.muc_chi = { "GD", "DT", "DQ", "DB", "TQ", "TT", "CT", "KT" }
local TEN_MUC_CHI = {
  GD = "Giáo dục, bồi dưỡng kiến thức QP-AN", DT = "Diễn tập", DQ = "Dân quân tự vệ", DB = "Dự bị động viên",
  TQ = "Tuyển quân", TT = "Thao trường", CT = "Công trình quốc phòng", KT = "Kiểm tra, sơ kết, tổng kết",
}
M.ten_muc_chi = setmetatable({}, { __index = function(_, line) return noi(TEN_MUC_CHI[line]) end })

function M.ngan_sach_doan(doc, year)
  local e, a, s = kh.value("budget_estimate", TINH, year), kh.value("budget_allocated", TINH, year), kh.value("budget_spent", TINH, year)
  if not e then
    doc:para(noi("Chưa có số liệu ngân sách."))
    return
  end
  doc:para(noi("Dự toán %s tỷ đồng; được cấp %s tỷ đồng (%s dự toán); đã chi %s tỷ đồng (%s số được cấp).")
    :format(viet.ty_dong(e), viet.ty_dong(a), viet.hinh(kh.figure("NS1", TINH, year), "%"), viet.ty_dong(s), viet.hinh(kh.figure("NS2", TINH, year), "%")))
end

-- What is to be done: for every target that is not met, how much is wanting in the province and where.
function M.viec_can_lam(doc, codes, period)
  local items = {}
  for _, code in ipairs(codes) do
    local f = kh.figure(code, TINH, period)
    local thieu = muc_tieu.con_thieu(code, TINH, period)
    if thieu then
      items[#items + 1] = noi("%s (%s): cần %s để đạt mức %s."):format(code, viet.hinh(f, "%"), thieu, muc_tieu.muc[code])
    elseif f.status == "not_met" then
      items[#items + 1] = noi("%s (%s): vượt mức trên của mục tiêu %s."):format(code, viet.hinh(f, "%"), muc_tieu.muc[code])
    else
      local cho = {}
      for _, u in ipairs(kh.units { kind = "district", at = period }) do
        if kh.figure(code, u, period).status == "not_met" then
          local can = muc_tieu.con_thieu(code, u, period)
          cho[#cho + 1] = viet.ten(u) .. " " .. (can or noi("vượt mức trên"))
        end
      end
      if #cho > 0 then items[#items + 1] = noi("%s: toàn tỉnh đã đạt; còn %s."):format(code, viet.liet_ke(cho)) end
    end
  end
  if #items == 0 then
    doc:para(noi("Tiếp tục giữ mức đã đạt của các chỉ tiêu."))
  else
    doc:list(items)
  end
end

return M
