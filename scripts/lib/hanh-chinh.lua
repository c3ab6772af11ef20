-- SPDX-License-Identifier: MIT
-- The official layout of this province's offices over the document model: heads,
-- signatures, recipients. The rules of the layout itself (Decree 30/2020/NĐ-CP,
-- before it circular 01/2011/TT-BNV) are the engine's and follow the date.

local viet = require "viet"
local noi = kh.say
local M = {}

M.noi = "Lạng Sơn"

-- How each office writes itself: what stands above it, its name, its sign in numbers, who signs.
local CO_QUAN = {
  bchqs = { tren = "UBND TỈNH LẠNG SƠN", ten = "BỘ CHỈ HUY QUÂN SỰ TỈNH", trong_cau = "Bộ Chỉ huy Quân sự tỉnh", hieu = "BCH", chuc_danh = "CHỈ HUY TRƯỞNG" },
  stc = { tren = "UBND TỈNH LẠNG SƠN", ten = "SỞ TÀI CHÍNH", trong_cau = "Sở Tài chính", hieu = "STC", chuc_danh = "GIÁM ĐỐC" },
  vpubnd = { tren = "UBND TỈNH LẠNG SƠN", ten = "VĂN PHÒNG", trong_cau = "Văn phòng UBND tỉnh", hieu = "VP", chuc_danh = "CHÁNH VĂN PHÒNG" },
}

-- p: the report's parameters. o: co_quan ("bchqs"), loai ("BÁO CÁO", nil for a letter), trich_yeu, kinh_gui, mat ("MẬT"), khan ("HỎA TỐC")
function M.dau(doc, p, o)
  local c = CO_QUAN[o.co_quan or "bchqs"]
  local loai = { ["BÁO CÁO"] = "BC", ["PHIẾU GIAO NHIỆM VỤ"] = "PGV" }
  doc:official {
    superior = noi(c.tren), agency = noi(c.ten), number = "…/" .. (o.loai and (loai[o.loai] or "TB") .. "-" or "") .. c.hieu,
    place = M.noi, date = p.date, kind = o.loai and noi(o.loai), subject = o.trich_yeu, to = o.kinh_gui and noi(o.kinh_gui), issuer = noi(c.trong_cau),
    secrecy = o.mat, urgency = o.khan,
  }
end

-- Who signs: alone ("GIÁM ĐỐC"), or for the office (thay_mat), for the head (ky_thay: the deputy's title), by order (thua_lenh, thua_uy_quyen).
local function nguoi_ky(c, o)
  if o.ky_thay then return { deputy = "KT. " .. c.chuc_danh .. "\n" .. o.ky_thay } end
  if o.thua_lenh then return { deputy = "TL. " .. c.chuc_danh .. "\n" .. o.thua_lenh } end
  if o.thua_uy_quyen then return { deputy = "TUQ. " .. c.chuc_danh .. "\n" .. o.thua_uy_quyen } end
  return {}
end

-- o: co_quan, noi_nhan (list), thay_mat ("TM. ..."), ky_thay, thua_lenh, thua_uy_quyen ("PHÓ CHỈ HUY TRƯỞNG"), nguoi_ky (name)
function M.ket(doc, o)
  local c, nhan = CO_QUAN[o.co_quan or "bchqs"], {}
  for i, ten in ipairs(o.noi_nhan or { "UBND tỉnh (b/c)", "Các đơn vị thực hiện", "Lưu: VT" }) do nhan[i] = noi(ten) end
  doc:sign { title = noi(c.chuc_danh), deputy = nguoi_ky(c, o).deputy, authority = o.thay_mat, name = o.nguoi_ky, recipients = nhan }
end

-- The sentence with which a report names what it rests on.
function M.can_cu(doc, co_quan_bao_cao, noi_dung)
  local plan = kh.plan("100/KH-UBND")
  local tren = {}
  for _, r in ipairs(plan:references()) do
    if r.role == "carries out" then tren[#tren + 1] = r.code .. noi(" ngày ") .. viet.ngay(r.date) end
  end
  doc:para(noi("Thực hiện Kế hoạch số %s ngày %s của %s (triển khai Kết luận số %s), %s báo cáo %s như sau:")
    :format(plan.code, viet.ngay(plan.date), plan.issuer, viet.liet_ke(tren), co_quan_bao_cao, noi_dung))
end

return M
