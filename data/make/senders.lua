-- SPDX-License-Identifier: MIT
-- Who sends, and how their files look: the habits of an office's computer stay
-- the same for years. enc: encoding; sep: separator; eol: line end; dots: whole
-- numbers with thousands dots; pad: title rows are padded with separators, as
-- Excel does; total: the cell that holds "Tổng cộng" (1 or 2).

local figures = require "figures"
local M = {}

M.names = {
  bchqs = "Bộ Chỉ huy Quân sự tỉnh", cat = "Công an tỉnh", bdbp = "Bộ Chỉ huy Bộ đội Biên phòng tỉnh",
  skhdt = "Sở Kế hoạch và Đầu tư", stc = "Sở Tài chính", sgddt = "Sở Giáo dục và Đào tạo",
  snnptnt = "Sở Nông nghiệp và Phát triển nông thôn", sgtvt = "Sở Giao thông Vận tải", vpubnd = "Văn phòng UBND tỉnh",
  mttq = "Ủy ban Mặt trận Tổ quốc tỉnh", sldtbxh = "Sở Lao động, Thương binh và Xã hội", syt = "Sở Y tế",
  snv = "Sở Nội vụ", stttt = "Sở Thông tin và Truyền thông",
}
M.agencies = { "bchqs", "cat", "bdbp", "skhdt", "stc", "sgddt", "snnptnt", "sgtvt", "vpubnd", "mttq", "sldtbxh", "syt", "snv", "stttt" }

M.districts, M.size = {}, {}
for i, d in ipairs(figures.districts) do M.districts[i], M.size[d[1]] = d[1], d[2] end

local EXCEL = { enc = "utf8bom", sep = ";", eol = "\r\n", dots = true, pad = true, total = 2 }
local UNICODE = { enc = "utf16le", sep = "\t", eol = "\r\n", dots = true, pad = true, total = 1 }
local OLD = { enc = "cp1258", sep = ";", eol = "\r\n", dots = true, pad = true, total = 2 }
local ABC = { enc = "tcvn3", sep = ",", eol = "\r\n", dots = false, pad = false, total = 1 }
local PLAIN = { enc = "utf8", sep = ",", eol = "\n", dots = false, pad = false, total = 1 }
local COMMA = { enc = "utf8bom", sep = ",", eol = "\r\n", dots = true, pad = true, total = 2 }

local HABITS = {
  ["178"] = EXCEL, ["180"] = UNICODE, ["181"] = OLD, ["182"] = PLAIN, ["183"] = EXCEL, ["184"] = ABC, ["185"] = UNICODE,
  ["186"] = COMMA, ["187"] = OLD, ["188"] = PLAIN, ["189"] = ABC,
  bchqs = EXCEL, cat = OLD, bdbp = EXCEL, skhdt = EXCEL, stc = PLAIN, sgddt = UNICODE, snnptnt = COMMA, sgtvt = EXCEL,
  vpubnd = EXCEL, mttq = OLD, sldtbxh = PLAIN, syt = COMMA, snv = EXCEL, stttt = PLAIN,
}

-- Đình Lập's computer was replaced at the end of 2017.
function M.habit(sender, year)
  if sender == "189" and year >= 2018 then return EXCEL end
  return HABITS[sender]
end

return M
