-- SPDX-License-Identifier: MIT
-- Progress of the tasks as agencies and districts tell it, inspections, reviews
-- and commendations (II.7).

measure "task_status"  {
  title = "Tình trạng nhiệm vụ", type = "choice", by = { "task" }, over_units = "none", over_time = "last",
  choices = { { "not_begun", title = "Chưa thực hiện" }, { "going", title = "Đang thực hiện" }, { "slow", title = "Chậm" }, { "done", title = "Hoàn thành" } },
}
measure "task_percent" { title = "Mức hoàn thành nhiệm vụ", unit = "%", type = "integer", by = { "task" }, over_units = "mean", over_time = "last", min = 0, max = 100 }
measure "task_note"    { title = "Diễn giải", type = "text", by = { "task" }, over_units = "none", over_time = "last", max_length = 4000 }

-- Counted from the status, so that shares can be computed at every level.
measure "tasks_reported" { title = "Số nhiệm vụ có báo cáo", unit = "nhiệm vụ", type = "integer", by = { "task" }, over_time = "last" }
measure "tasks_done"     { title = "Số nhiệm vụ hoàn thành", unit = "nhiệm vụ", type = "integer", by = { "task" }, over_time = "last" }
measure "tasks_slow"     { title = "Số nhiệm vụ chậm", unit = "nhiệm vụ", type = "integer", by = { "task" }, over_time = "last" }

indicator "NV1" {
  title = "Nhiệm vụ hoàn thành",
  unit = "%", decimals = 1,
  formula = function(m) return 100 * m.tasks_done / m.tasks_reported end,
}

indicator "NV2" {
  title = "Nhiệm vụ chậm",
  unit = "%", decimals = 1, lower_is_better = true,
  formula = function(m) return 100 * m.tasks_slow / m.tasks_reported end,
}

measure "inspections_planned"   { title = "Cuộc kiểm tra theo kế hoạch", unit = "cuộc", type = "integer", task = "II.7", min = 0 }
measure "inspections_held"      { title = "Cuộc kiểm tra đã thực hiện", unit = "cuộc", type = "integer", task = "II.7", min = 0 }
measure "faults_found"          { title = "Tồn tại phát hiện", unit = "việc", type = "integer", task = "II.7", min = 0 }
measure "faults_resolved"       { title = "Tồn tại đã khắc phục", unit = "việc", type = "integer", task = "II.7", min = 0 }
measure "reviews_held"          { title = "Hội nghị sơ kết, tổng kết", unit = "hội nghị", type = "integer", task = "II.7", min = 0 }
measure "commended_collectives" { title = "Tập thể được khen", unit = "tập thể", type = "integer", task = "II.7", min = 0 }
measure "commended_persons"     { title = "Cá nhân được khen", unit = "người", type = "integer", task = "II.7", min = 0 }

indicator "KT1" {
  title = "Kiểm tra so với kế hoạch",
  unit = "%", decimals = 1, task = "II.7",
  formula = function(m) return 100 * m.inspections_held / m.inspections_planned end,
}

indicator "KT2" {
  title = "Tồn tại đã khắc phục",
  unit = "%", decimals = 1, task = "II.7",
  formula = function(m) return 100 * m.faults_resolved / m.faults_found end,
}
