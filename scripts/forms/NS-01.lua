-- SPDX-License-Identifier: MIT
-- Budget by line, in whole đồng. "-" means nothing spent.

form "NS-01" {
  title = "Kinh phí thực hiện nhiệm vụ quốc phòng",
  every = "year", calendar = "civil", due = 20,
  reporters = { { kind = "district" }, { kind = "agency" } },
  file_pattern = "NS-01_{unit}_{period}.csv",
  style = "vi",
  totals = { "Tổng cộng" },
  notes = { "Ghi chú", "Người lập biểu" },
  columns = {
    { "STT", as = "skip", optional = true },
    { "Mã mục", as = "option", category = "budget_line" },
    { "Nội dung chi", as = "skip", optional = true },
    { "Dự toán", as = "budget_estimate", required = true },
    { "Được cấp", as = "budget_allocated", required = true },
    { "Đã chi", as = "budget_spent", dash = "zero" },
  },
  rows = {
    { STT = "1", ["Mã mục"] = "GD", ["Nội dung chi"] = "Giáo dục, bồi dưỡng kiến thức QP-AN" },
    { STT = "2", ["Mã mục"] = "DT", ["Nội dung chi"] = "Diễn tập" },
    { STT = "3", ["Mã mục"] = "DQ", ["Nội dung chi"] = "Dân quân tự vệ" },
    { STT = "4", ["Mã mục"] = "DB", ["Nội dung chi"] = "Dự bị động viên" },
    { STT = "5", ["Mã mục"] = "TQ", ["Nội dung chi"] = "Tuyển quân" },
    { STT = "6", ["Mã mục"] = "TT", ["Nội dung chi"] = "Thao trường" },
    { STT = "7", ["Mã mục"] = "CT", ["Nội dung chi"] = "Công trình quốc phòng" },
    { STT = "8", ["Mã mục"] = "KT", ["Nội dung chi"] = "Kiểm tra, sơ kết, tổng kết" },
  },
}
