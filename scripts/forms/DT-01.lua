-- SPDX-License-Identifier: MIT
-- Two parts in one table: exercises by kind, then the communes that held one.
-- Part II's own line gives the number of communes and how many held one; the
-- lines under it name them, so that a commune's year can be looked up.

local KINDS = { ["Khu vực phòng thủ"] = "kvpt", ["Phòng, chống lụt bão"] = "plb", ["Tìm kiếm cứu nạn"] = "tkcn" }
local MARKS = { x = true, X = true, [""] = false, ["-"] = false }

form "DT-01" {
  title = "Kết quả diễn tập",
  every = "year", calendar = "nd09", due = 15,
  reporters = { { kind = "district" }, { code = "bchqs" } },
  file_pattern = "DT-01_{unit}_{period}.csv",
  style = "vi",
  notes = { "Ghi chú", "Người lập biểu" },
  columns = {
    { "STT", as = "key" },
    { "Nội dung", as = "key" },
    { "Kế hoạch", as = "key" },
    { "Đã thực hiện", as = "key" },
    { "Ghi chú", as = "skip", optional = true },
  },
  rows = {
    { STT = "I", ["Nội dung"] = "Diễn tập" },
    { STT = "1", ["Nội dung"] = "Khu vực phòng thủ" },
    { STT = "2", ["Nội dung"] = "Phòng, chống lụt bão" },
    { STT = "3", ["Nội dung"] = "Tìm kiếm cứu nạn" },
    { of = "district", STT = "II", ["Nội dung"] = "Diễn tập chiến đấu cấp xã" },
    { of = "district", each = "commune", STT = "{n}", ["Nội dung"] = "{unit}" }, -- an x in "Đã thực hiện" says that it held one
  },
  measures = { "exercises_planned", "exercises_held", "communes_listed", "communes_exercised", "commune_exercise" },

  row = function(row, out)
    local number, what = row:text("STT"), row:text("Nội dung")
    local kind = KINDS[what]
    if kind then
      -- "-" in both columns: no exercise of this kind was planned
      local planned, held = row:integer("Kế hoạch"), row:integer("Đã thực hiện")
      out:value("exercises_planned", planned, { exercise = kind })
      out:value("exercises_held", held, { exercise = kind })
    elseif number == "II" then
      out:value("communes_listed", row:integer("Kế hoạch"))
      out:value("communes_exercised", row:integer("Đã thực hiện"))
    elseif number ~= "I" then
      -- a commune: x where it planned one, x where it held one; without the second x it held none
      local planned, held = MARKS[row:text("Kế hoạch")], MARKS[row:text("Đã thực hiện")]
      if planned == nil or held == nil then
        row:error("Nội dung", "không hiểu dòng này", "một loại diễn tập, hoặc tên xã có dấu x")
      elseif held then
        out:value("commune_exercise", 1, { unit = row:unit("Nội dung") })
      elseif planned then
        row:unit("Nội dung")
      end
    end
  end,
}
