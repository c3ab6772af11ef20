-- SPDX-License-Identifier: MIT
-- The final review of 2016-2020: what came of each target from the first year to
-- the last, by province and district.

local viet = require "viet"
local hanh_chinh = require "hanh-chinh"
local muc_tieu = require "muc-tieu"
local chuong = require "chuong"
local noi = kh.say

local TINH = "20"

local function bang_nam_nam(doc, years)
  local head, rows = { noi("STT"), noi("Chỉ tiêu"), noi("Mục tiêu") }, {}
  for _, y in ipairs(years) do head[#head + 1] = y.name end
  head[#head + 1] = noi("Kết quả")
  for i, code in ipairs(muc_tieu.tat_ca) do
    local row, last = { i, code .. ". " .. muc_tieu.ten[code], muc_tieu.muc[code] }, nil
    for _, y in ipairs(years) do
      last = kh.figure(code, TINH, y)
      local xet = last.status == "met" or last.status == "not_met"
      row[#row + 1] = viet.o_ty_le(last, xet and { tone = viet.mau[last.status], sign = viet.dau[last.status] } or nil)
    end
    row[#row + 1] = viet.o_trang_thai(last)
    rows[i] = row
  end
  doc:table { title = noi("Biểu 1. Chín chỉ tiêu qua các năm"), unit_line = noi("Đơn vị tính: %"), head = head, rows = rows, tinted = true, widths = { 1, 5.6, 2.6, 1.9, 1.9, 1.9, 1.9, 1.9, 2.6 },
    notes = { noi("✓ đạt, ✗ không đạt; số không có dấu là của năm chưa đến hạn xét.") } }
end

-- How often each district met the target in the years, and at the end.
local function bang_huyen_nam_nam(doc, years)
  local last, rows = years[#years], {}
  for _, u in ipairs(kh.units { kind = "district", at = last }) do
    local met, not_met = {}, {}
    for _, code in ipairs(muc_tieu.tat_ca) do
      local f = kh.figure(code, u, last)
      if f.status == "met" then met[#met + 1] = code elseif f.status == "not_met" then not_met[#not_met + 1] = code end
    end
    rows[#rows + 1] = { u.title, #met, #not_met > 0 and table.concat(not_met, ", ") or "–", ten = u.name }
  end
  table.sort(rows, function(a, b) if a[2] ~= b[2] then return a[2] > b[2] end return kh.compare(a.ten, b.ten) end)
  local hang, truoc = 0, nil
  for i, row in ipairs(rows) do
    if row[2] ~= truoc then hang, truoc = i, row[2] end
    rows[i] = { hang, row[1], row[2], row[3] }
  end
  doc:table {
    title = noi("Biểu 2. Xếp thứ tự huyện, thành phố theo số chỉ tiêu đạt năm %s"):format(last.name),
    head = { noi("Thứ hạng"), noi("Huyện, thành phố"), noi("Số chỉ tiêu đạt"), noi("Không đạt") }, rows = rows, widths = { 1.3, 5, 2.5, 5 },
    align = { "center", "left", "right", "left" }, notes = { noi("Bằng số chỉ tiêu đạt thì cùng thứ hạng, ghi theo tên.") },
  }
end

local function tu_dau_den_cuoi(doc, years)
  local first, last, plan = years[1], years[#years], kh.plan("100/KH-UBND")
  for n, nv in ipairs { { "II.2", { "T1", "T2" } }, { "II.4", { "T3", "T4", "T5", "T6", "T7", "T8" } }, { "II.6", { "T9" } } } do
    local items = {}
    for _, code in ipairs(nv[2]) do
      local a, b = kh.figure(code, TINH, first), kh.figure(code, TINH, last)
      local text = noi("%s: từ %s năm %s lên %s năm %s; mục tiêu %s: %s."):format(muc_tieu.ten[code], viet.hinh(a, "%"), first.name, viet.hinh(b, "%"), last.name,
        muc_tieu.muc[code], viet.trang_thai[b.status] or "")
      if a.value and b.value and a.value > b.value then text = text:gsub(" lên ", " còn ") end
      local thap = muc_tieu.huyen(code, last, "not_met")
      if #thap > 0 then text = text .. noi(" Không đạt: ") .. viet.liet_ke(thap) .. "." end
      items[#items + 1] = text
    end
    doc:heading(("%d. %s"):format(n, plan:task(nv[1]).title))
    doc:list(items)
  end
end

local function ngan_sach(doc, last)
  local years = {}
  for _, y in ipairs(kh.plan("100/KH-UBND"):budget_years()) do
    if y.year <= last.year then years[#years + 1] = y end
  end
  local rows, t = {}, { 0, 0, 0 }
  for i, y in ipairs(years) do
    local v = {}
    for k, name in ipairs { "budget_estimate", "budget_allocated", "budget_spent" } do
      v[k] = kh.value(name, TINH, y)
      t[k] = t[k] + (v[k] or 0)
    end
    rows[i] = { y.name, v[1] or false, v[2] or false, v[3] or false, viet.o_ty_le(kh.figure("NS1", TINH, y)), viet.o_ty_le(kh.figure("NS2", TINH, y)) }
  end
  rows[#rows + 1] = { noi("Cộng"), math.tointeger(t[1]), math.tointeger(t[2]), math.tointeger(t[3]), "", "", total = true }
  doc:table { title = noi("Biểu 4. Ngân sách qua các năm"), unit_line = noi("Đơn vị tính: đồng"), head = { noi("Năm"), noi("Dự toán"), noi("Được cấp"), noi("Đã chi"), noi("Cấp/dự toán (%)"), noi("Chi/cấp (%)") },
    signs = { "A", "1", "2", "3", "4=2/1", "5=3/2" }, rows = rows, widths = { 1.5, 3.5, 3.5, 3.5, 2, 2 } }
  local f = kh.query {
    columns = {
      { noi("Dự toán"), function(m) return kh.round(m.budget_estimate / 1000000000, 1) end },
      { noi("Được cấp"), function(m) return kh.round(m.budget_allocated / 1000000000, 1) end },
      { noi("Đã chi"), function(m) return kh.round(m.budget_spent / 1000000000, 1) end },
    },
    units = TINH, period = years[1].name .. ".." .. years[#years].name, every = "year",
  }
  doc:chart { kind = "grouped", data = f, x = "period", y = { noi("Dự toán"), noi("Được cấp"), noi("Đã chi") }, title = noi("Dự toán, được cấp và đã chi"), unit = noi("tỷ đồng"), decimals = 1 }
end

report "tong-ket" {
  title = "Tổng kết 2016-2020", lang = "vi", params = { period = "year" },
  build = function(doc, p)
    local plan = kh.plan("100/KH-UBND")
    local years = {}
    for y = plan.from.year, math.min(plan.to.year, p.period.year) do years[#years + 1] = kh.period(tostring(y)) end
    local first, last = years[1], years[#years]
    hanh_chinh.dau(doc, p, {
      loai = "BÁO CÁO", kinh_gui = "UBND tỉnh Lạng Sơn",
      trich_yeu = noi("Tổng kết thực hiện Kế hoạch 100/KH-UBND giai đoạn %s-%s"):format(first.name, last.name),
    })
    hanh_chinh.can_cu(doc, noi("Bộ Chỉ huy Quân sự tỉnh"), noi("tổng kết giai đoạn %s-%s"):format(first.name, last.name))

    doc:heading(noi("I. Tổ chức thực hiện"))
    local con = {}
    for _, child in ipairs(plan:children()) do con[#con + 1] = child.issuer end
    doc:para(noi("Kế hoạch gồm %d nhiệm vụ, %d chỉ tiêu, giao cho %d cơ quan và %d huyện, thành phố; cơ quan thường trực là Bộ Chỉ huy Quân sự tỉnh. Có kế hoạch riêng được theo dõi cùng: %s.")
      :format(#plan:tasks { kind = "task" }, #muc_tieu.tat_ca, #kh.units { kind = "agency", at = last }, #kh.units { kind = "district", at = last }, viet.liet_ke(con)))
    for _, pilot in ipairs(plan:pilots()) do doc:para(noi("Làm điểm: ") .. pilot.title .. ".") end

    doc:heading(noi("II. Kết quả"))
    chuong.tom_tat_muc_tieu(doc, muc_tieu.tat_ca, last)
    bang_nam_nam(doc, years)
    local f = kh.query { indicators = muc_tieu.tat_ca, units = TINH, period = first.name .. ".." .. last.name, every = "year" }
    doc:chart { kind = "line", data = f, x = "period", y = { "T4", "T5", "T6", "T9" }, title = noi("Chỉ tiêu T4, T5, T6, T9 của tỉnh qua các năm"), unit = "%", decimals = 1 }
    doc:chart { kind = "line", data = f, x = "period", y = { "T1", "T2", "T7" }, title = noi("Chỉ tiêu T1, T2, T7 của tỉnh qua các năm"), unit = "%", decimals = 1 }
    tu_dau_den_cuoi(doc, years)
    bang_huyen_nam_nam(doc, years)
    local t7 = kh.query { indicators = { "T7" }, level = "district", period = first.name .. ".." .. last.name, every = "year" }
    doc:chart { kind = "multiples", data = t7, x = "period", y = "T7", series = "unit", target = 85, title = muc_tieu.ten.T7 .. noi(", từng huyện, thành phố"), unit = "%", decimals = 1 }

    doc:heading(noi("III. Tiến độ nhiệm vụ năm cuối"))
    chuong.bang_nhiem_vu(doc, last, noi("Biểu 3. Tiến độ các nhiệm vụ"))
    doc:heading(noi("IV. Ngân sách"))
    ngan_sach(doc, last)
    doc:heading(noi("V. Kiểm tra, khen thưởng năm cuối"))
    chuong.kiem_tra(doc, last)
    doc:heading(noi("VI. Tồn tại và kiến nghị"))
    chuong.viec_can_lam(doc, muc_tieu.tat_ca, last)
    hanh_chinh.ket(doc, { noi_nhan = { "UBND tỉnh (b/c)", "Quân khu (b/c)", "Các sở, ban, ngành", "UBND các huyện, thành phố", "Lưu: VT, TM" } })

    doc:appendix(noi("KẾT QUẢ NĂM ") .. last.name .. noi(" THEO HUYỆN, THÀNH PHỐ"))
    chuong.bang_huyen(doc, muc_tieu.tat_ca, last, noi("Kết quả theo huyện, thành phố"))
  end,
}
