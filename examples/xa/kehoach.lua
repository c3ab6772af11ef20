-- SPDX-License-Identifier: MIT
-- Another workspace, to show that nothing is tied to plan 100: vaccination of
-- children in the villages of one (invented) commune, followed month by month.
--
--   kehoach -C examples/xa load
--   kehoach -C examples/xa import data/*.csv
--   kehoach -C examples/xa compute --period 2024-03 --level village
--   kehoach -C examples/xa report thang --period 2024-03

workspace {
  name = "Tiêm chủng xã Suối Mây",
  store = "tiem-chung.db",
  lang = "vi",
  calendar = "civil",
  scripts = { "scripts" },
  grant = { read = { "data" }, write = { "out" } },
  limits = { memory = "64M", time = "1m" },
  note = "SỐ LIỆU MINH HỌA",
}
