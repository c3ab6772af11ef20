-- SPDX-License-Identifier: MIT
-- Checks within one unit and period. An error refuses the return; a warning is
-- shown and the return is taken.

local function at_most(code, severity, part, whole, message)
  rule(code) {
    severity = severity,
    check = function(m) return m[part]:le(m[whole]) end,
    message = message,
  }
end

at_most("trained-within-required", "error", "training_trained", "training_required",
  "số đã bồi dưỡng ({training_trained}) lớn hơn số phải bồi dưỡng ({training_required})")
at_most("studied-within-required", "error", "students_studied", "students_required",
  "số đã học ({students_studied}) lớn hơn số phải học ({students_required})")
at_most("exercises-within-plan", "warning", "exercises_held", "exercises_planned",
  "số cuộc diễn tập đã thực hiện ({exercises_held}) lớn hơn kế hoạch ({exercises_planned})")
at_most("communes-exercised-within-all", "error", "communes_exercised", "communes_listed",
  "số xã đã diễn tập ({communes_exercised}) lớn hơn số xã của huyện ({communes_listed})")
at_most("party-within-force", "error", "force_party", "force_strength",
  "số đảng viên ({force_party}) lớn hơn quân số dân quân tự vệ ({force_strength})")
at_most("party-within-militia", "error", "militia_party", "militia_strength",
  "số đảng viên ({militia_party}) lớn hơn quân số dân quân ({militia_strength})")
at_most("militia-within-force", "error", "militia_strength", "force_strength",
  "quân số dân quân ({militia_strength}) lớn hơn dân quân tự vệ ({force_strength})")
at_most("militia-party-within-party", "error", "militia_party", "force_party",
  "đảng viên trong dân quân ({militia_party}) nhiều hơn trong dân quân tự vệ ({force_party})")
at_most("reserve-matched-within-registered", "error", "reserve_matched", "reserve_registered",
  "số xếp đúng chuyên nghiệp ({reserve_matched}) lớn hơn số đăng ký ({reserve_registered})")
at_most("grounds-within-need", "error", "grounds_built", "grounds_needed",
  "số thao trường đã xây ({grounds_built}) lớn hơn số cần có ({grounds_needed})")
at_most("allocated-within-estimate", "warning", "budget_allocated", "budget_estimate",
  "số được cấp ({budget_allocated}) lớn hơn dự toán ({budget_estimate})")
at_most("spent-within-allocated", "warning", "budget_spent", "budget_allocated",
  "số đã chi ({budget_spent}) lớn hơn số được cấp ({budget_allocated})")
at_most("inspections-within-plan", "warning", "inspections_held", "inspections_planned",
  "số cuộc kiểm tra ({inspections_held}) lớn hơn kế hoạch ({inspections_planned})")
at_most("resolved-within-found", "error", "faults_resolved", "faults_found",
  "số tồn tại đã khắc phục ({faults_resolved}) lớn hơn số phát hiện ({faults_found})")
at_most("recruits-within-quota", "warning", "recruits_enlisted", "recruits_quota",
  "số nhập ngũ ({recruits_enlisted}) lớn hơn chỉ tiêu giao ({recruits_quota})")
