-- SPDX-License-Identifier: MIT
-- The Finance department's plan under plan 100 (an example of a department's own
-- plan; its number and dates are illustrative).

plan "STC/KH-2016" {
  title = "Kế hoạch của Sở Tài chính thực hiện Kế hoạch 100/KH-UBND",
  kind = "kế hoạch",
  issuer = "Sở Tài chính",
  unit = "stc",
  parent = "100/KH-UBND",
  place = "Lạng Sơn",
  date = "2016-10-14",
  from = "2016", to = "2020",
  subject = "Bảo đảm ngân sách cho nhiệm vụ quốc phòng toàn dân",
  signer = "Giám đốc",
  references = {
    { code = "100/KH-UBND", date = "2016-09-17", role = "carries out", title = "Kế hoạch của UBND tỉnh" },
    { code = "LNSNN", role = "cites", title = "Luật Ngân sách nhà nước" },
  },
  tasks = {
    { code = "1", kind = "task", title = "Thẩm định dự toán hằng năm của các đơn vị", track = "biểu NS-01: dự toán" },
    { code = "2", kind = "task", title = "Cấp kinh phí kịp thời, đủ", track = "biểu NS-01: được cấp" },
    { code = "3", kind = "task", title = "Hướng dẫn, kiểm tra, quyết toán", track = "biểu NS-01: đã chi; KT-01" },
  },
  assignments = {
    { task = "1", unit = "stc", role = "lead" }, { task = "1", unit = "bchqs", role = "with" },
    { task = "2", unit = "stc", role = "lead" }, { task = "2", unit = "kind:district", role = "with" },
    { task = "3", unit = "stc", role = "lead" }, { task = "3", unit = "*", role = "with" },
  },
  milestones = {
    { code = "DT-2017", title = "Trình dự toán 2017", due = "2016-11-15", task = "1", unit = "stc" },
    { code = "DT-2018", title = "Trình dự toán 2018", due = "2017-11-15", task = "1", unit = "stc" },
    { code = "DT-2019", title = "Trình dự toán 2019", due = "2018-11-15", task = "1", unit = "stc" },
    { code = "DT-2020", title = "Trình dự toán 2020", due = "2019-11-15", task = "1", unit = "stc" },
  },
  note = "Số hiệu và ngày minh họa.",
}
