-- SPDX-License-Identifier: MIT
-- Task II.4: the local armed forces, T3 to T8.

measure "exercises_planned" { title = "Cuộc diễn tập theo kế hoạch", unit = "cuộc", type = "integer", task = "II.4", by = { "exercise" }, min = 0 }
measure "exercises_held"    { title = "Cuộc diễn tập đã thực hiện", unit = "cuộc", type = "integer", task = "II.4", by = { "exercise" }, min = 0 }

indicator "T3" {
  title = "Diễn tập cấp tỉnh, huyện so với kế hoạch",
  unit = "%", decimals = 1, task = "II.4",
  formula = function(m) return 100 * m.exercises_held / m.exercises_planned end,
  target = { at_least = 100, from = "2016", to = "2020", by_end = true, text = "đạt 100%" },
}

for code, kind in pairs { DT1 = "kvpt", DT2 = "plb", DT3 = "tkcn" } do
  local name = { kvpt = "khu vực phòng thủ", plb = "phòng, chống lụt bão", tkcn = "tìm kiếm cứu nạn" }
  indicator(code) {
    title = "Diễn tập " .. name[kind] .. " so với kế hoạch",
    unit = "%", decimals = 1, task = "II.4",
    formula = function(m) return 100 * m.exercises_held:cut { exercise = kind } / m.exercises_planned:cut { exercise = kind } end,
  }
end

-- The Military Command sends the same form and has no communes: these are not expected of it.
local districts = { kind = "district" }
measure "communes_listed"    { title = "Số xã, phường, thị trấn huyện khai", unit = "xã", type = "integer", task = "II.4", min = 0, reported_by = districts }
measure "communes_exercised" { title = "Số xã đã diễn tập chiến đấu phòng thủ", unit = "xã", type = "integer", task = "II.4", min = 0, reported_by = districts }
measure "commune_exercise"   { title = "Xã có tên trong danh sách đã diễn tập", unit = "xã", type = "integer", task = "II.4", min = 0, max = 1, reported_by = districts }

-- Of the communes that exist at the end of the year: 226 to 2019, 200 in 2020.
indicator "T4" {
  title = "Xã diễn tập chiến đấu phòng thủ",
  unit = "%", decimals = 1, task = "II.4",
  formula = function(m) return 100 * m.communes_exercised / kh.count_units("commune") end,
  target = { between = { 20, 25 }, from = "2016", to = "2020", text = "mỗi năm 20 đến 25%" },
}

measure "force_strength"   { title = "Quân số dân quân tự vệ", unit = "người", type = "integer", task = "II.4", over_time = "last", min = 0 }
measure "force_party"      { title = "Số đảng viên trong dân quân tự vệ", unit = "người", type = "integer", task = "II.4", over_time = "last", min = 0 }
measure "militia_strength" { title = "Quân số dân quân", unit = "người", type = "integer", task = "II.4", over_time = "last", min = 0 }
measure "militia_party"    { title = "Số đảng viên trong dân quân", unit = "người", type = "integer", task = "II.4", over_time = "last", min = 0 }

indicator "T5" {
  title = "Đảng viên trong dân quân tự vệ",
  unit = "%", decimals = 1, task = "II.4",
  formula = function(m) return 100 * m.force_party / m.force_strength end,
  target = { above = 20, from = "2016", to = "2020", by_end = true, text = "trên 20%" },
}

indicator "T6" {
  title = "Đảng viên trong riêng lực lượng dân quân",
  unit = "%", decimals = 1, task = "II.4",
  formula = function(m) return 100 * m.militia_party / m.militia_strength end,
  target = { at_least = 15, from = "2016", to = "2020", by_end = true, text = "đạt 15%" },
}

measure "reserve_registered" { title = "Quân nhân dự bị đã đăng ký", unit = "người", type = "integer", task = "II.4", over_time = "last", min = 0 }
measure "reserve_matched"    { title = "Xếp đúng chuyên nghiệp quân sự", unit = "người", type = "integer", task = "II.4", over_time = "last", min = 0 }

indicator "T7" {
  title = "Dự bị động viên xếp đúng chuyên nghiệp",
  unit = "%", decimals = 1, task = "II.4",
  formula = function(m) return 100 * m.reserve_matched / m.reserve_registered end,
  target = { at_least = 85, from = "2016", to = "2020", by_end = true, text = "đạt 85% trở lên" },
}

measure "recruits_quota"    { title = "Chỉ tiêu tuyển quân", unit = "người", type = "integer", task = "II.4", min = 0 }
measure "recruits_enlisted" { title = "Số nhập ngũ", unit = "người", type = "integer", task = "II.4", min = 0 }

indicator "T8" {
  title = "Tuyển quân so với chỉ tiêu",
  unit = "%", decimals = 1, task = "II.4",
  formula = function(m) return 100 * m.recruits_enlisted / m.recruits_quota end,
  target = { at_least = 100, from = "2016", to = "2020", text = "mỗi năm đạt 100%" },
}
