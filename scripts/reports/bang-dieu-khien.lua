-- SPDX-License-Identifier: MIT
-- The dashboard: one page for one year. Every figure leads to its origin further
-- down on the page, to file and line.

local viet = require "viet"
local muc_tieu = require "muc-tieu"
local chuong = require "chuong"

local TINH = "20"

local function o_chi_tieu(doc, period)
  local tiles = {}
  for i, code in ipairs(muc_tieu.tat_ca) do
    local f, trend = kh.figure(code, TINH, period), {}
    for y = 2016, period.year do trend[#trend + 1] = kh.value(code, TINH, tostring(y)) or false end
    tiles[i] = {
      title = code .. ". " .. muc_tieu.ten[code], value = viet.ty_le(f), unit = "%",
      note = "mục tiêu " .. muc_tieu.muc[code] .. (f.expected and f.reported < f.expected and (" · %d/%d báo cáo"):format(f.reported, f.expected) or ""),
      tone = viet.mau[f.status], sign = (viet.dau[f.status] or "") .. " " .. (viet.trang_thai[f.status] or ""), trend = trend, link = "#nguon-" .. code,
    }
  end
  doc:tiles(tiles)
end

local function xep_hang(doc, period)
  local rows = {}
  for _, u in ipairs(kh.units { kind = "district", at = period }) do
    local met, of, wanting = 0, 0, {}
    for _, code in ipairs(muc_tieu.tat_ca) do
      local f = kh.figure(code, u, period)
      if f.status == "met" then met, of = met + 1, of + 1 end
      if f.status == "not_met" or f.status == "not_due" then of, wanting[#wanting + 1] = of + 1, code end
    end
    rows[#rows + 1] = { u.title, met, of, #wanting > 0 and table.concat(wanting, ", ") or "–" }
  end
  table.sort(rows, function(a, b) if a[2] ~= b[2] then return a[2] > b[2] end return a[1] < b[1] end)
  local list = {}
  for i, r in ipairs(rows) do
    list[i] = { i, r[1], { ("%d/%d"):format(r[2], r[3]), align = "right", tone = r[2] == r[3] and "good" or nil }, r[4] }
  end
  doc:table { title = "Huyện, thành phố theo số chỉ tiêu đạt", head = { "Thứ tự", "Đơn vị", "Đạt", "Dưới mức" }, rows = list, widths = { 1.2, 5, 1.5, 5 } }
end

local function nhiem_vu(doc, period)
  local last = period:parts("quarter")[4]
  doc:para(("Theo báo cáo %s:"):format(viet.ky(last)))
  local f = kh.query {
    columns = {
      { "Hoàn thành", function(m) return m.tasks_done end },
      { "Đang thực hiện", function(m) return m.tasks_reported - m.tasks_done - m.tasks_slow end },
      { "Chậm", function(m) return m.tasks_slow end },
    },
    level = "district", period = last,
  }
  doc:chart { kind = "stacked", data = f, x = "unit", y = { "Hoàn thành", "Đang thực hiện", "Chậm" }, title = "Nhiệm vụ theo tình trạng", unit = "nhiệm vụ", decimals = 0 }
  chuong.bang_nhiem_vu(doc, last, "Theo nhiệm vụ, cả cơ quan và huyện, thành phố")
end

local function ngan_sach(doc, period)
  chuong.ngan_sach_doan(doc, period)
  local f = kh.query {
    columns = {
      { "Dự toán", function(m) return kh.round(m.budget_estimate / 1000000000, 1) end },
      { "Được cấp", function(m) return kh.round(m.budget_allocated / 1000000000, 1) end },
      { "Đã chi", function(m) return kh.round(m.budget_spent / 1000000000, 1) end },
    },
    units = TINH, period = "2016.." .. period.name, every = "year",
  }
  doc:chart { kind = "grouped", data = f, x = "period", y = { "Dự toán", "Được cấp", "Đã chi" }, title = "Ngân sách qua các năm", unit = "tỷ đồng", decimals = 1 }
end

local function nguon(doc, period)
  for _, code in ipairs(muc_tieu.tat_ca) do
    local f = kh.figure(code, TINH, period)
    local gom = muc_tieu.tu_tren_mau(code, TINH, period)
    doc:heading(("%s = %s%s"):format(code, viet.hinh(f, "%"), gom and " (" .. gom .. ")" or ""), { level = 3, anchor = "nguon-" .. code })
    doc:details(("Tệp và dòng của từng số (%s)"):format(muc_tieu.ten[code]), function(part)
      local rows = {}
      for i, r in ipairs(chuong.nguon_goc(code, TINH, period)) do
        rows[i] = { r.unit and r.unit.title or "", r.measure, r.sum, r.file, r.first == r.last and tostring(r.first) or r.first .. "–" .. r.last, r.version, viet.ngay(r.received) }
      end
      part:table { head = { "Đơn vị", "Số liệu", "Giá trị", "Tệp", "Dòng", "Lần nộp", "Nhận ngày" }, rows = rows, widths = { 4, 3, 2, 5, 1.5, 1.2, 2 } }
    end)
  end
end

report "bang-dieu-khien" {
  title = "Bảng điều khiển Kế hoạch 100/KH-UBND", params = { period = "year" },
  build = function(doc, p)
    doc:heading("Kết quả " .. viet.ky(p.period), { level = 1 })
    chuong.tom_tat_muc_tieu(doc, muc_tieu.tat_ca, p.period)
    o_chi_tieu(doc, p.period)
    doc:heading("Huyện, thành phố", { level = 2 })
    local f = kh.query { indicators = muc_tieu.tat_ca, level = "district", period = p.period }
    doc:chart { kind = "heat", data = f, x = "unit", y = muc_tieu.tat_ca, title = "Chỉ tiêu theo huyện, thành phố", unit = "%", decimals = 1 }
    xep_hang(doc, p.period)
    doc:heading("Báo cáo chậm", { level = 2 })
    local dem = chuong.tinh_hinh_bao_cao(doc, p.period)
    local items = {}
    for i, row in ipairs(dem.late) do
      if i <= 12 then items[i] = ("%s: %s %s, chậm %d ngày"):format(row.unit.title, row.form, viet.ky(row.period), row.days) end
    end
    if #items > 0 then doc:list(items) end
    doc:heading("Nhiệm vụ", { level = 2 })
    nhiem_vu(doc, p.period)
    doc:heading("Ngân sách", { level = 2 })
    ngan_sach(doc, p.period)
    doc:heading("Nguồn gốc các con số", { level = 2 })
    nguon(doc, p.period)
  end,
}
