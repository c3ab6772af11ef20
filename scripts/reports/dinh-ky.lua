-- SPDX-License-Identifier: MIT
-- The consolidated reports of the Military Command to the People's Committee:
-- quarter ("quy"), half-year ("nua-nam") and year ("nam").

local viet = require "viet"
local hanh_chinh = require "hanh-chinh"
local muc_tieu = require "muc-tieu"
local chuong = require "chuong"
local noi = kh.say

local NOI_NHAN = { "UBND tỉnh (b/c)", "Thường trực Tỉnh ủy (b/c)", "Các sở, ban, ngành", "UBND các huyện, thành phố", "Lưu: VT, TM" }

local function mo_dau(doc, p)
  hanh_chinh.dau(doc, p, {
    loai = "BÁO CÁO",
    trich_yeu = noi("Kết quả thực hiện Kế hoạch 100/KH-UBND %s"):format(viet.ky(p.period)),
    kinh_gui = "UBND tỉnh Lạng Sơn",
  })
  hanh_chinh.can_cu(doc, noi("Bộ Chỉ huy Quân sự tỉnh"), noi("kết quả thực hiện ") .. viet.ky(p.period))
end

local function bieu_do_huyen(doc, code, period, bang)
  local target = { T1 = { 95, 100 }, T2 = 100, T4 = { 20, 25 }, T5 = 20, T6 = 15, T7 = 85, T8 = 100 }
  doc:chart { kind = "bar", data = bang, x = "unit", y = code, target = target[code], title = muc_tieu.ten[code] .. ", " .. viet.ky(period), unit = "%", decimals = 1 }
end

report "quy" {
  title = "Báo cáo quý", lang = "vi", params = { period = "quarter" },
  build = function(doc, p)
    local codes = muc_tieu.cua_ky(p.period)
    mo_dau(doc, p)
    doc:heading(noi("I. Tình hình báo cáo"))
    chuong.tinh_hinh_bao_cao(doc, p.period)
    doc:heading(noi("II. Kết quả chỉ tiêu theo dõi trong quý"))
    chuong.tom_tat_muc_tieu(doc, codes, p.period)
    chuong.bang_muc_tieu(doc, codes, p.period, noi("Biểu 1. Chỉ tiêu theo dõi trong quý"))
    chuong.theo_nhiem_vu(doc, codes, p.period)
    local bang = chuong.bang_huyen(doc, codes, p.period, noi("Biểu 2. Kết quả theo huyện, thành phố"))
    bieu_do_huyen(doc, "T1", p.period, bang)
    doc:heading(noi("III. Tiến độ nhiệm vụ"))
    chuong.bang_nhiem_vu(doc, p.period, noi("Biểu 3. Tiến độ các nhiệm vụ"))
    chuong.viec_cham(doc, p.period, 10)
    doc:heading(noi("IV. Việc cần làm"))
    chuong.viec_can_lam(doc, codes, p.period)
    hanh_chinh.ket(doc, { noi_nhan = NOI_NHAN })
  end,
}

report "nua-nam" {
  title = "Báo cáo 6 tháng", lang = "vi", params = { period = "half" },
  build = function(doc, p)
    local codes = muc_tieu.cua_ky(p.period)
    mo_dau(doc, p)
    doc:heading(noi("I. Tình hình báo cáo"))
    chuong.tinh_hinh_bao_cao(doc, p.period)
    doc:heading(noi("II. Kết quả thực hiện chỉ tiêu"))
    chuong.tom_tat_muc_tieu(doc, codes, p.period)
    chuong.bang_muc_tieu(doc, codes, p.period, noi("Biểu 1. Chỉ tiêu theo dõi 6 tháng"))
    chuong.theo_nhiem_vu(doc, codes, p.period)
    local bang = chuong.bang_huyen(doc, codes, p.period, noi("Biểu 2. Kết quả theo huyện, thành phố"))
    bieu_do_huyen(doc, "T7", p.period, bang)
    bieu_do_huyen(doc, "T6", p.period, bang)
    doc:heading(noi("III. Tiến độ nhiệm vụ"))
    chuong.bang_nhiem_vu(doc, p.period, noi("Biểu 3. Tiến độ các nhiệm vụ"))
    chuong.viec_cham(doc, p.period, 8)
    doc:heading(noi("IV. Kiểm tra, sơ kết, khen thưởng"))
    chuong.kiem_tra(doc, p.period)
    doc:heading(noi("V. Việc cần làm"))
    chuong.viec_can_lam(doc, codes, p.period)
    hanh_chinh.ket(doc, { noi_nhan = NOI_NHAN })
  end,
}

report "nam" {
  title = "Báo cáo kết quả năm", lang = "vi", params = { period = "year" },
  build = function(doc, p)
    local codes = muc_tieu.tat_ca
    mo_dau(doc, p)
    doc:heading(noi("I. Tình hình báo cáo"))
    local dem = chuong.tinh_hinh_bao_cao(doc, p.period)
    local rows = {}
    for i, f in ipairs(dem.forms) do rows[i] = { f.form, chuong.bieu_mau[f.form] or "", f.due, f.on_time, f.late, f.missing } end
    rows[#rows + 1] = { "", noi("Cộng"), dem.sum.due, dem.sum.on_time, dem.sum.late, dem.sum.missing, total = true }
    doc:table {
      title = noi("Biểu 1. Báo cáo của các đơn vị"), head = { noi("Biểu"), noi("Nội dung"), noi("Phải gửi"), noi("Đúng hạn"), noi("Chậm"), noi("Chưa gửi") },
      rows = rows, widths = { 2, 6, 2, 2, 2, 2 }, align = { "center", "left", "right", "right", "right", "right" },
    }
    doc:heading(noi("II. Kết quả thực hiện chỉ tiêu"))
    chuong.tom_tat_muc_tieu(doc, codes, p.period)
    chuong.bang_muc_tieu(doc, codes, p.period, noi("Biểu 2. Chỉ tiêu của kế hoạch"))
    chuong.theo_nhiem_vu(doc, codes, p.period)
    local bang = chuong.bang_huyen(doc, codes, p.period, noi("Biểu 3. Kết quả theo huyện, thành phố"))
    for _, code in ipairs { "T1", "T4", "T7" } do bieu_do_huyen(doc, code, p.period, bang) end
    doc:heading(noi("III. Tiến độ nhiệm vụ"))
    chuong.bang_nhiem_vu(doc, p.period, noi("Biểu 4. Tiến độ các nhiệm vụ đến cuối năm"))
    chuong.viec_cham(doc, p.period, 8)
    doc:heading(noi("IV. Ngân sách"))
    chuong.ngan_sach_doan(doc, p.period)
    doc:heading(noi("V. Kiểm tra, sơ kết, khen thưởng"))
    chuong.kiem_tra(doc, p.period)
    doc:heading(noi("VI. Việc cần làm"))
    chuong.viec_can_lam(doc, codes, p.period)
    hanh_chinh.ket(doc, { noi_nhan = NOI_NHAN })
  end,
}
