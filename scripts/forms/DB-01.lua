-- SPDX-License-Identifier: MIT

form "DB-01" {
  title = "Xếp quân nhân dự bị vào đơn vị dự bị động viên",
  every = "half", calendar = "nd09", due = 10,
  reporters = { kind = "district" },
  file_pattern = "DB-01_{unit}_{period}.csv",
  style = "vi",
  totals = { "Tổng cộng" },
  notes = { "Ghi chú", "Người lập biểu" },
  columns = {
    { "STT", as = "skip", optional = true },
    { "Đơn vị", as = "unit" },
    { "Tổng số QNDB đã đăng ký", as = "reserve_registered", required = true },
    { "Số xếp đúng chuyên nghiệp QS", as = "reserve_matched", required = true },
    { "Tỷ lệ %", as = "skip", optional = true },
  },
}
