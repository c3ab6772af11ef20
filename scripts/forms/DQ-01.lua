-- SPDX-License-Identifier: MIT

form "DQ-01" {
  title = "Lực lượng dân quân tự vệ và đảng viên trong dân quân tự vệ",
  every = "half", calendar = "nd09", due = 10,
  reporters = { kind = "district" },
  file_pattern = "DQ-01_{unit}_{period}.csv",
  style = "vi",
  header = { rows = 2 },
  totals = { "Tổng cộng" },
  notes = { "Ghi chú", "Người lập biểu" },
  columns = {
    { "STT", as = "skip", optional = true },
    { "Đơn vị", as = "unit" },
    { "Dân quân tự vệ/Quân số", as = "force_strength", required = true },
    { "Dân quân tự vệ/Đảng viên", as = "force_party", required = true },
    { "Trong đó: dân quân/Quân số", as = "militia_strength", required = true },
    { "Trong đó: dân quân/Đảng viên", as = "militia_party", required = true },
  },
}
