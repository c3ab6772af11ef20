-- SPDX-License-Identifier: MIT

form "TQ-01" {
  title = "Kết quả tuyển quân",
  every = "year", calendar = "nd09", due = 15,
  reporters = { kind = "district" },
  file_pattern = "TQ-01_{unit}_{period}.csv",
  style = "vi",
  notes = { "Ghi chú", "Người lập biểu" },
  columns = {
    { "STT", as = "skip", optional = true },
    { "Đơn vị", as = "unit" },
    { "Chỉ tiêu giao", as = "recruits_quota", required = true },
    { "Số nhập ngũ", as = "recruits_enlisted", required = true },
    { "Tỷ lệ %", as = "skip", optional = true },
  },
}
