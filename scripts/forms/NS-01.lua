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
}
