-- SPDX-License-Identifier: MIT
-- A workspace fed from DHIS2: the metadata make the definitions, exported
-- dataValueSets are the returns. Region, facilities and figures are invented.
--
--   kehoach -C examples/dhis2 load
--   kehoach -C examples/dhis2 import data/values/*.csv
--   kehoach -C examples/dhis2 compute --period 2025Q1

workspace {
  name = "Xứ Sương Mây",
  store = "dhis2.db",
  lang = "en",
  calendar = "civil",
  scripts = { "scripts" },
  grant = { read = { "data" }, write = { "out" } },
  limits = { memory = "128M", time = "1m" },
  note = "ILLUSTRATIVE DATA",
}
