-- SPDX-License-Identifier: MIT
-- Task II.6: the people's defence posture: training grounds (T9) and budget.

measure "grounds_needed" { title = "Thao trường cần có", unit = "thao trường", type = "integer", task = "II.6", over_time = "last", by = { "ground" }, min = 0 }
measure "grounds_built"  { title = "Thao trường đã xây dựng", unit = "thao trường", type = "integer", task = "II.6", over_time = "last", by = { "ground" }, min = 0 }

indicator "T9" {
  title = "Thao trường cấp huyện, tỉnh đã xây",
  unit = "%", decimals = 1, task = "II.6",
  formula = function(m) return 100 * m.grounds_built / m.grounds_needed end,
  target = { between = { 20, 30 }, from = "2016", to = "2020", by_end = true, text = "xây dựng được 20 đến 30%" },
}

measure "budget_estimate"  { title = "Dự toán", unit = "đồng", type = "money", task = "II.6", by = { "budget_line" } }
measure "budget_allocated" { title = "Được cấp", unit = "đồng", type = "money", task = "II.6", by = { "budget_line" } }
measure "budget_spent"     { title = "Đã chi", unit = "đồng", type = "money", task = "II.6", by = { "budget_line" } }

indicator "NS1" {
  title = "Kinh phí được cấp so với dự toán",
  unit = "%", decimals = 1, task = "II.6",
  formula = function(m) return 100 * m.budget_allocated / m.budget_estimate end,
}

indicator "NS2" {
  title = "Kinh phí đã chi so với số được cấp",
  unit = "%", decimals = 1, task = "II.6",
  formula = function(m) return 100 * m.budget_spent / m.budget_allocated end,
}
