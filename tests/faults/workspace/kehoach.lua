-- SPDX-License-Identifier: MIT
-- The workspace of tests/faults: small, and yet with one of everything. All figures are invented.
workspace {
  name = "faults", store = "kehoach.db", lang = "en",
  scripts = { "scripts" },
  grant = { read = { "data", "inbox" }, write = { "out", "inbox" } },
  limits = { memory = "64M", time = "60s", output = "8M" },
}
