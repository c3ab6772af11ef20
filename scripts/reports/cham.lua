-- SPDX-License-Identifier: MIT
-- Who was late, who has not reported ("cham"), and the letter to one of them
-- ("nhac").

local viet = require "viet"
local hanh_chinh = require "hanh-chinh"
local chuong = require "chuong"
local noi = kh.say

report "cham" {
  title = "Danh sách đơn vị chậm báo cáo", lang = "vi",
  build = function(doc, p)
    doc:title(noi("Danh sách đơn vị chậm báo cáo ") .. viet.ky(p.period))
    local dem = chuong.tinh_hinh_bao_cao(doc, p.period)
    local rows = {}
    for i, f in ipairs(dem.forms) do
      rows[i] = { f.form, chuong.bieu_mau[f.form] or "", f.due, f.on_time, f.late, f.missing }
    end
    doc:table { title = noi("Theo biểu"), head = { noi("Biểu"), noi("Nội dung"), noi("Phải gửi"), noi("Đúng hạn"), noi("Chậm"), noi("Chưa gửi") }, rows = rows, widths = { 2, 6, 2, 2, 2, 2 } }
    local list = {}
    for _, part in ipairs { { dem.missing, noi("chưa gửi"), "bad", "✗" }, { dem.late, noi("gửi chậm"), "warn", "!" } } do
      for _, row in ipairs(part[1]) do
        list[#list + 1] = { row.unit.title, row.form, viet.dau_ky(row.period), viet.ngay(tostring(row.due)), row.received and viet.ngay(row.received) or "…", row.days or false,
          { "", tone = part[3], sign = part[4] .. " " .. part[2] } }
      end
    end
    if #list == 0 then
      doc:para(noi("Không có báo cáo nào chậm."))
    else
      doc:table { title = noi("Báo cáo chậm và chưa gửi"), head = { noi("Đơn vị"), noi("Biểu"), noi("Kỳ"), noi("Hạn"), noi("Nhận"), noi("Số ngày chậm"), noi("Tình trạng") }, rows = list,
        widths = { 4, 1.6, 4, 2, 2, 2, 2.4 }, align = { "left", "center", "left", "center", "center", "right", "left" } }
    end
  end,
}

report "nhac" {
  title = "Công văn nhắc báo cáo", lang = "vi",
  build = function(doc, p)
    if not p.unit then error(noi("nhac: cần biết nhắc đơn vị nào: --unit 189"), 0) end
    local missing = {}
    for row in kh.late { period = p.period }:rows() do
      if row.unit.code == p.unit.code and not row.received then missing[#missing + 1] = row end
    end
    hanh_chinh.dau(doc, p, { trich_yeu = noi("V/v gửi báo cáo theo Kế hoạch 100/KH-UBND ") .. viet.ky(p.period), kinh_gui = viet.gui(p.unit) })
    if #missing == 0 then
      doc:para(noi("Đến ngày %s, Bộ Chỉ huy Quân sự tỉnh đã nhận đủ báo cáo %s của quý đơn vị."):format(viet.ngay(p.date), viet.ky(p.period)))
    else
      doc:para(noi("Đến ngày %s, Bộ Chỉ huy Quân sự tỉnh chưa nhận được %d báo cáo của quý đơn vị theo Kế hoạch 100/KH-UBND:"):format(viet.ngay(p.date), #missing))
      local rows = {}
      for i, row in ipairs(missing) do rows[i] = { i, row.form, chuong.bieu_mau[row.form] or "", viet.dau_ky(row.period), viet.ngay(tostring(row.due)), row.days or false } end
      doc:table { head = { noi("STT"), noi("Biểu"), noi("Nội dung"), noi("Kỳ báo cáo"), noi("Hạn gửi"), noi("Quá hạn (ngày)") }, rows = rows, widths = { 1, 2, 5, 4, 2, 2 },
        align = { "center", "center", "left", "left", "center", "right" } }
      doc:para(noi("Đề nghị quý đơn vị gửi báo cáo trong 05 ngày làm việc kể từ ngày nhận công văn. Biểu trống theo từng mẫu được gửi kèm; nếu có vướng mắc, xin liên hệ cơ quan thường trực để được hướng dẫn."))
      doc:para(noi("Trân trọng./."))
    end
    hanh_chinh.ket(doc, { noi_nhan = { "Như trên", "Văn phòng UBND tỉnh (p/h)", "Lưu: VT, TM" } })
  end,
}
