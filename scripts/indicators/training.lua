-- SPDX-License-Identifier: MIT
-- Task II.2: training in defence and security knowledge, T1 and T2.

measure "training_required" { title = "Số người phải bồi dưỡng", unit = "người", type = "integer", task = "II.2", by = { "group", "bloc" }, min = 0 }
measure "training_trained"  { title = "Số người đã bồi dưỡng", unit = "người", type = "integer", task = "II.2", by = { "group", "bloc" }, min = 0 }
measure "students_required" { title = "Học sinh, sinh viên phải học", unit = "người", type = "integer", task = "II.2", by = { "school" }, min = 0 }
measure "students_studied"  { title = "Học sinh, sinh viên đã học", unit = "người", type = "integer", task = "II.2", by = { "school" }, min = 0 }

indicator "T1" {
  title = "Người được bồi dưỡng kiến thức QP-AN",
  unit = "%", decimals = 1, task = "II.2",
  formula = function(m) return 100 * m.training_trained / m.training_required end,
  target = { between = { 95, 100 }, from = "2016", to = "2020", by_end = true, text = "đạt từ 95 đến 100%" },
}

indicator "T2" {
  title = "Học sinh, sinh viên học giáo dục QP-AN",
  unit = "%", decimals = 1, task = "II.2",
  formula = function(m) return 100 * m.students_studied / m.students_required end,
  target = { at_least = 100, from = "2016", to = "2020", by_end = true, text = "đạt 100%" },
}

-- One for each group of persons: BD1 to BD4.
for group = 1, 4 do
  local cut = { group = tostring(group) }
  indicator("BD" .. group) {
    title = "Được bồi dưỡng QP-AN, nhóm " .. group,
    unit = "%", decimals = 1, task = "II.2",
    formula = function(m) return 100 * m.training_trained:cut(cut) / m.training_required:cut(cut) end,
  }
end
