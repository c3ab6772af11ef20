-- SPDX-License-Identifier: MIT
-- The annual budget table with the Finance department (III.1h, III.5): by line
-- and by unit, whole đồng.

local viet = require "viet"
local hanh_chinh = require "hanh-chinh"
local chuong = require "chuong"
local noi = kh.say

local TINH = "20"
local TEN = { "budget_estimate", "budget_allocated", "budget_spent" }

local function ty_le(a, b)
  if not a or not b or b == 0 then return { "…", align = "right" } end
  return { math.floor(1000 * a / b + 0.5) / 10, decimals = 1 }
end

local function dong(label, unit, period, options)
  local v = {}
  for k, name in ipairs(TEN) do v[k] = kh.value(name, unit, period, options) end
  if not v[1] then return nil end
  return { label, v[1], v[2] or false, v[3] or false, ty_le(v[2], v[1]), ty_le(v[3], v[2]) }, v
end

local HEAD = { "Nội dung", "Dự toán", "Được cấp", "Đã chi", "Cấp/dự toán (%)", "Chi/cấp (%)" }
local function dau_bang()
  local out = {}
  for i, chu in ipairs(HEAD) do out[i] = noi(chu) end
  return out
end
local SIGNS = { "A", "1", "2", "3", "4=2/1", "5=3/2" }
local WIDTHS = { 6, 3.2, 3.2, 3.2, 2, 2 }

report "ngan-sach" {
  title = "Biểu ngân sách năm", lang = "vi", params = { period = "year" },
  build = function(doc, p)
    hanh_chinh.dau(doc, p, { co_quan = "stc", loai = "BÁO CÁO", trich_yeu = noi("Kinh phí thực hiện Kế hoạch 100/KH-UBND %s"):format(viet.ky(p.period)), kinh_gui = "UBND tỉnh Lạng Sơn" })
    doc:para(noi("Sở Tài chính phối hợp với Bộ Chỉ huy Quân sự tỉnh tổng hợp kinh phí %s từ báo cáo NS-01 của các cơ quan và huyện, thành phố:"):format(viet.ky(p.period)))
    doc:heading(noi("1. Tổng hợp"))
    chuong.ngan_sach_doan(doc, p.period)
    local rows = {}
    for _, line in ipairs(chuong.muc_chi) do rows[#rows + 1] = dong(chuong.ten_muc_chi[line], TINH, p.period, { cut = { budget_line = line } }) end
    local total = dong(noi("Tổng cộng"), TINH, p.period)
    if total then
      total.total = true
      rows[#rows + 1] = total
    end
    doc:table { title = noi("Biểu 1. Theo mục chi"), unit_line = noi("Đơn vị tính: đồng"), head = dau_bang(), signs = SIGNS, rows = rows, widths = WIDTHS }
    doc:heading(noi("2. Theo đơn vị"))
    for _, part in ipairs { { "agency", noi("Biểu 2. Cơ quan cấp tỉnh") }, { "district", noi("Biểu 3. Huyện, thành phố") } } do
      local list, sum = {}, { 0, 0, 0 }
      for _, u in ipairs(kh.units { kind = part[1], at = p.period }) do
        local row, v = dong(u.title, u, p.period)
        if row then
          list[#list + 1] = row
          for k = 1, 3 do sum[k] = sum[k] + (v[k] or 0) end
        end
      end
      for k = 1, 3 do sum[k] = math.tointeger(sum[k]) end
      list[#list + 1] = { noi("Cộng"), sum[1], sum[2], sum[3], ty_le(sum[2], sum[1]), ty_le(sum[3], sum[2]), total = true }
      doc:table { title = part[2], unit_line = noi("Đơn vị tính: đồng"), head = dau_bang(), signs = SIGNS, rows = list, widths = WIDTHS }
    end
    doc:heading(noi("3. Cần lưu ý"))
    local items = {}
    for _, level in ipairs { "agency", "district" } do
      for _, u in ipairs(kh.units { kind = level, at = p.period }) do
        local f = kh.figure("NS1", u, p.period)
        if f.value and f.value < 90 then items[#items + 1] = noi("%s được cấp %s dự toán."):format(u.title, viet.hinh(f, "%")) end
      end
    end
    if #items == 0 then doc:para(noi("Không có đơn vị nào được cấp dưới 90\u{a0}% dự toán.")) else doc:list(items) end
    hanh_chinh.ket(doc, { co_quan = "stc", noi_nhan = { "UBND tỉnh (b/c)", "Bộ CHQS tỉnh", "Các đơn vị sử dụng kinh phí", "Lưu: VT, HCSN" } })
  end,
}
