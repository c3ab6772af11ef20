-- SPDX-License-Identifier: MIT

form "KT-01" {
  title = "Kiểm tra, sơ kết, tổng kết và khen thưởng",
  every = "half", calendar = "nd09", due = 10,
  reporters = { { kind = "district" }, { code = "bchqs" } },
  file_pattern = "KT-01_{unit}_{period}.csv",
  style = "vi",
  header = { rows = 2 },
  totals = { "Tổng cộng" },
  notes = { "Ghi chú", "Người lập biểu" },
  columns = {
    { "STT", as = "skip", optional = true },
    { "Đơn vị", as = "unit" },
    { "Kiểm tra/Kế hoạch", as = "inspections_planned" },
    { "Kiểm tra/Đã kiểm tra", as = "inspections_held" },
    { "Tồn tại/Phát hiện", as = "faults_found" },
    { "Tồn tại/Đã khắc phục", as = "faults_resolved" },
    { "Sơ kết, tổng kết", as = "reviews_held" },
    { "Khen thưởng/Tập thể", as = "commended_collectives" },
    { "Khen thưởng/Cá nhân", as = "commended_persons" },
  },
}
