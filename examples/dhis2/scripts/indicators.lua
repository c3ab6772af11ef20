-- SPDX-License-Identifier: MIT
-- What is asked of the data elements, by their codes.

indicator "ANC_YOUNG" {
  title = "First antenatal visits of women under 20", unit = "%", decimals = 1,
  formula = function(m) return 100 * m.anc_first:cut { age = "under_20" } / m.anc_first end,
}

indicator "ANC_PER_1000" {
  title = "First antenatal visits per 1,000 inhabitants", decimals = 2,
  formula = function(m) return 1000 * m.anc_first / m.population end,
  target = { at_least = 8, from = "2025", to = "2030" },
}

indicator "STOCK" {
  title = "Medicines in stock, mean of the facilities", unit = "%", decimals = 1,
  formula = function(m) return m.stock_rate end,
  target = { at_least = 80 },
}
