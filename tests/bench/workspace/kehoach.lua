-- SPDX-License-Identifier: MIT
-- The workspace of the benchmarks; its figures are invented (tests/bench/gen.c).

workspace {
  name = "Đo tốc độ",
  store = "bench.db",
  lang = "en",
  calendar = "civil",
  scripts = { "scripts" },
  grant = { read = { "data" }, write = { "out" } },
  limits = { memory = "1G", time = "1h" },
}
