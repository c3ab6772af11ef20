-- SPDX-License-Identifier: MIT
-- The sender's own grounds by kind: a row names a kind, the unit is the sender.
-- "-" means none built.

form "TT-01" {
  title = "Xây dựng thao trường",
  every = "year", calendar = "nd09", due = 15,
  reporters = { { kind = "district" }, { code = "bchqs" } },
  file_pattern = "TT-01_{unit}_{period}.csv",
  style = "vi",
  totals = { "Tổng cộng" },
  notes = { "Ghi chú", "Người lập biểu" },
  columns = {
    { "STT", as = "skip", optional = true },
    { "Loại thao trường", as = "option", category = "ground" },
    { "Cần có", as = "grounds_needed", required = true },
    { "Đã xây dựng", as = "grounds_built", dash = "zero" },
    { "Tỷ lệ %", as = "skip", optional = true },
  },
}
