-- SPDX-License-Identifier: MIT
-- A new indicator: copy this file into scripts/indicators and ask for it.
--
--   cp examples/chi-tieu-moi.lua scripts/indicators/
--   kehoach compute TQ_DAN --period 2016..2020 --every year

indicator "TQ_DAN" {
  title = "Số nhập ngũ trên 1.000 dân quân", unit = "người", decimals = 1, task = "II.4",
  formula = function(m) return 1000 * m.recruits_enlisted / m.militia_strength end,
  target = { at_most = 140, from = "2016", to = "2020" },
}
