-- SPDX-License-Identifier: MIT
-- Two senders fill different columns: a district gives the persons to be
-- trained by bloc and group, the Education department gives pupils and students
-- of every district. Which of the two a file is, its headings say.

local BLOCS = {
  ["Khối Đảng, đoàn thể"] = "dang", ["Khối chính quyền"] = "chinh-quyen",
  ["Khối xã, phường, thị trấn"] = "co-so", ["Khối doanh nghiệp"] = "doanh-nghiep",
}

local PUPILS = { "Học sinh THPT/Phải học", "Học sinh THPT/Đã học", "Sinh viên/Phải học", "Sinh viên/Đã học" }
local TRAINED = {}
for group = 1, 4 do
  TRAINED[#TRAINED + 1] = "Nhóm " .. group .. "/Phải BD"
  TRAINED[#TRAINED + 1] = "Nhóm " .. group .. "/Đã BD"
end

local columns = {
  { "STT", as = "skip", optional = true },
  { "Đơn vị", as = "key" },
  { "Khối", as = "key", optional = true },
}
for _, headings in ipairs { PUPILS, TRAINED } do
  for _, heading in ipairs(headings) do
    columns[#columns + 1] = { heading, as = "key", optional = true }
  end
end

form "GD-01" {
  title = "Giáo dục, bồi dưỡng kiến thức quốc phòng và an ninh",
  every = "quarter", calendar = "nd09", due = 5,
  reporters = { { kind = "district" }, { code = "sgddt" } },
  covers = { kind = "district" },
  file_pattern = "GD-01_{unit}_{period}.csv",
  style = "vi",
  header = { rows = 2 },
  totals = { "Tổng cộng" },
  notes = { "Ghi chú", "Người lập biểu" },
  columns = columns,
  rows = {
    { of = "district", STT = "1", ["Đơn vị"] = "{unit}", ["Khối"] = "Khối Đảng, đoàn thể" },
    { of = "district", STT = "2", ["Đơn vị"] = "{unit}", ["Khối"] = "Khối chính quyền" },
    { of = "district", STT = "3", ["Đơn vị"] = "{unit}", ["Khối"] = "Khối xã, phường, thị trấn" },
    { of = "district", STT = "4", ["Đơn vị"] = "{unit}", ["Khối"] = "Khối doanh nghiệp" },
    { of = "agency", each = "district", STT = "{n}", ["Đơn vị"] = "{unit}" },
  },
  measures = { "training_required", "training_trained", "students_required", "students_studied" },

  row = function(row, out)
    -- What belongs to the other sender's rows is not dropped in silence.
    local function nothing(part, columns)
      for _, heading in ipairs(columns) do
        if row:has(heading) and row:text(heading) ~= "" and row:text(heading) ~= "-" then
          row:error(heading, "dòng này không báo cáo cột này", "để trống: " .. part)
        end
      end
    end
    local unit = row:unit("Đơn vị")
    if row:has("Khối") and (row:text("Khối") ~= "" or not row:has("Học sinh THPT/Phải học")) then
      local bloc = BLOCS[row:text("Khối")]
      if not bloc then
        row:error("Khối", "không có khối này", "một trong bốn khối của biểu")
        return
      end
      nothing("học sinh, sinh viên do Sở Giáo dục và Đào tạo báo cáo theo huyện, không theo khối", PUPILS)
      for group = 1, 4 do
        local cut = { unit = unit, group = group, bloc = bloc }
        out:value("training_required", row:integer("Nhóm " .. group .. "/Phải BD"), cut)
        out:value("training_trained", row:integer("Nhóm " .. group .. "/Đã BD"), cut)
      end
    else
      nothing("người được bồi dưỡng do huyện báo cáo theo khối", TRAINED)
      out:value("students_required", row:integer("Học sinh THPT/Phải học"), { unit = unit, school = "thpt" })
      out:value("students_studied", row:integer("Học sinh THPT/Đã học"), { unit = unit, school = "thpt" })
      out:value("students_required", row:integer("Sinh viên/Phải học"), { unit = unit, school = "sv" })
      out:value("students_studied", row:integer("Sinh viên/Đã học"), { unit = unit, school = "sv" })
    end
  end,
}
