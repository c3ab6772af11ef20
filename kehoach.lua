-- SPDX-License-Identifier: MIT
-- The workspace of plan 100/KH-UBND of Lạng Sơn province, 2016-2020.

workspace {
  name = "Kế hoạch 100/KH-UBND",
  store = "kehoach.db",
  lang = "vi",
  calendar = "nd09",
  scripts = { "scripts" },
  grant = { read = { "data", "inbox", "examples" }, write = { "out" } },
  limits = { memory = "512M", time = "10m" },
  note = "SỐ LIỆU MINH HỌA: mọi con số trong tài liệu này được tạo ra để thử phần mềm, không phải số liệu thật.",
}
