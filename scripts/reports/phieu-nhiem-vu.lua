-- SPDX-License-Identifier: MIT
-- The task sheet of one agency or district: what the plan gives it to do, how far
-- it says it has come, its budget and its returns.

local viet = require "viet"
local hanh_chinh = require "hanh-chinh"
local chuong = require "chuong"
local muc_tieu = require "muc-tieu"
local noi = kh.say

local VAI_TRO = { lead = "chủ trì", with = "phối hợp", standing = "thường trực" }
local TINH_TRANG = { not_begun = "chưa thực hiện", going = "đang thực hiện", slow = "chậm", done = "hoàn thành" }
local MAU = { slow = "bad", done = "good" }
local DAU = { slow = "✗", done = "✓" }

local function nhiem_vu_duoc_giao(doc, plan, unit)
  local rows, at = {}, {}
  for _, a in ipairs(plan:assignments { unit = unit }) do
    local key = a.task .. "|" .. a.role -- a unit may be named in its own right and as one of a group
    local row = at[key]
    if not row then
      row = { a.task, plan:task(a.task).title, noi(VAI_TRO[a.role]), a.duty or "" }
      at[key], rows[#rows + 1] = row, row
    elseif a.duty and a.duty ~= "" and a.duty ~= row[4] then
      row[4] = row[4] == "" and a.duty or row[4] .. "; " .. a.duty
    end
  end
  for i = #rows, 1, -1 do -- who leads need not be told that it takes part
    if rows[i][3] == noi(VAI_TRO.with) and rows[i][4] == "" and at[rows[i][1] .. "|lead"] then table.remove(rows, i) end
  end
  doc:table { title = noi("Biểu 1. Nhiệm vụ được giao"), head = { noi("Mục"), noi("Nhiệm vụ"), noi("Vai trò"), noi("Nội dung") }, rows = rows, widths = { 1.3, 6, 1.8, 6 } }
  return #rows
end

local function tien_do(doc, unit, period)
  local quarters, rows = period:parts("quarter"), {}
  local head = { noi("Nhiệm vụ") }
  for _, q in ipairs(quarters) do head[#head + 1] = viet.dau_ky(q) end
  head[#head + 1] = noi("Diễn giải gần nhất")
  for _, task in ipairs(chuong.nhiem_vu_ma) do
    local row, any, note = { task }, false, nil
    for _, q in ipairs(quarters) do
      local cut = { cut = { task = task } }
      local percent, status = kh.value("task_percent", unit, q, cut), kh.value("task_status", unit, q, cut)
      if percent then
        any = true
        row[#row + 1] = { viet.phan_tram(viet.so(percent)), tone = MAU[status], sign = (DAU[status] and DAU[status] .. " " or "") .. (TINH_TRANG[status] and noi(TINH_TRANG[status]) or "") }
        note = kh.value("task_note", unit, q, cut) or note
      else
        row[#row + 1] = "…"
      end
    end
    row[#row + 1] = note and note:gsub("%s*\n%s*", " ") or ""
    if any then rows[#rows + 1] = row end
  end
  if #rows == 0 then
    doc:para(noi("Đơn vị chưa gửi báo cáo tiến độ (NV-01) trong kỳ."))
    return
  end
  doc:table { title = noi("Biểu 2. Tiến độ đơn vị tự báo cáo"), head = head, rows = rows, widths = { 1.3, 2, 2, 2, 2, 6 } }
end

local function bao_cao(doc, unit, period)
  local n, late, missing = 0, {}, {}
  for row in kh.late { period = period, all = true }:rows() do
    if row.unit.code == unit.code then
      n = n + 1
      if not row.received then
        missing[#missing + 1] = row.form .. " " .. viet.ky(row.period)
      elseif row.days and row.days > 0 then
        late[#late + 1] = noi("%s %s (%d ngày)"):format(row.form, viet.ky(row.period), row.days)
      end
    end
  end
  doc:para(noi("Phải gửi %d báo cáo. Chậm: %s. Chưa gửi: %s."):format(n, #late > 0 and viet.liet_ke(late) or noi("không"), #missing > 0 and viet.liet_ke(missing) or noi("không")))
end

report "phieu-nhiem-vu" {
  title = "Phiếu nhiệm vụ của một đơn vị", lang = "vi", params = { period = "year" },
  build = function(doc, p)
    if not p.unit then error(noi("phieu-nhiem-vu: cần biết của đơn vị nào: --unit stc"), 0) end
    local plan, unit = kh.plan("100/KH-UBND"), p.unit
    hanh_chinh.dau(doc, p, { loai = "PHIẾU GIAO NHIỆM VỤ", trich_yeu = noi("Nhiệm vụ của %s theo Kế hoạch 100/KH-UBND, %s"):format(viet.ten(unit), viet.ky(p.period)), kinh_gui = viet.gui(unit) })
    doc:heading(noi("1. Nhiệm vụ được giao"))
    nhiem_vu_duoc_giao(doc, plan, unit)
    for _, child in ipairs(plan:children()) do
      if child.unit == unit.code then
        doc:para(noi("Đơn vị có kế hoạch riêng: %s (%s), gồm:"):format(child.title, child.code))
        local items = {}
        for _, t in ipairs(child:tasks()) do items[#items + 1] = t.title .. (t.track and " (" .. t.track .. ")" or "") end
        doc:list(items, { ordered = true })
        local moc = {}
        for _, m in ipairs(child:milestones()) do moc[#moc + 1] = { viet.ngay(m.due), m.title } end
        doc:table { title = noi("Mốc thời gian"), head = { noi("Hạn"), noi("Việc") }, rows = moc, widths = { 2, 8 } }
      end
    end
    for _, pilot in ipairs(plan:pilots()) do
      if pilot.unit == unit.code then doc:note(noi("Làm điểm: ") .. pilot.title .. ".", { tone = "warn" }) end
    end
    doc:heading(noi("2. Tiến độ"))
    tien_do(doc, unit, p.period)
    if unit:is("district") then
      doc:heading(noi("3. Chỉ tiêu của đơn vị"))
      local rows = {}
      for i, code in ipairs(muc_tieu.tat_ca) do
        local f = kh.figure(code, unit, p.period)
        rows[i] = { code, muc_tieu.ten[code], muc_tieu.muc[code], viet.o_ty_le(f),
          viet.o_trang_thai(f), muc_tieu.con_thieu(code, unit, p.period) or "" }
      end
      doc:table { title = noi("Biểu 3. Chỉ tiêu"), head = { noi("Mã"), noi("Chỉ tiêu"), noi("Mục tiêu"), noi("Kết quả (%)"), noi("Đánh giá"), noi("Còn thiếu") }, rows = rows, widths = { 1, 6, 2.5, 2, 2.5, 4 } }
    end
    doc:heading((unit:is("district") and "4" or "3") .. noi(". Kinh phí và báo cáo"))
    if kh.value("budget_estimate", unit, p.period) then
      local rows = {}
      for _, line in ipairs(chuong.muc_chi) do
        local cut = { cut = { budget_line = line } }
        local e = kh.value("budget_estimate", unit, p.period, cut)
        if e then rows[#rows + 1] = { chuong.ten_muc_chi[line], e, kh.value("budget_allocated", unit, p.period, cut) or false, kh.value("budget_spent", unit, p.period, cut) or false } end
      end
      rows[#rows + 1] = { noi("Cộng"), kh.value("budget_estimate", unit, p.period), kh.value("budget_allocated", unit, p.period) or false, kh.value("budget_spent", unit, p.period) or false, total = true }
      doc:table { unit_line = noi("Đơn vị tính: đồng"), head = { noi("Mục chi"), noi("Dự toán"), noi("Được cấp"), noi("Đã chi") }, rows = rows, widths = { 5, 3, 3, 3 } }
    end
    bao_cao(doc, unit, p.period)
    hanh_chinh.ket(doc, { noi_nhan = { viet.gui(unit), "Lưu: VT" } })
  end,
}
