-- SPDX-License-Identifier: MIT
-- Progress of tasks, in numbers and in words.

local STATUS = { ["Chưa thực hiện"] = "not_begun", ["Đang thực hiện"] = "going", ["Chậm"] = "slow", ["Hoàn thành"] = "done" }

form "NV-01" {
  title = "Tiến độ thực hiện nhiệm vụ",
  every = "quarter", calendar = "nd09", due = 7,
  from = "2016Q4", -- the plan was signed on 17/09/2016
  reporters = { { kind = "district" }, { kind = "agency" } },
  file_pattern = "NV-01_{unit}_{period}.csv",
  style = "vi",
  notes = { "Người lập biểu" },
  columns = {
    { "STT", as = "skip", optional = true },
    { "Mã nhiệm vụ", as = "key" },
    { "Nhiệm vụ", as = "skip", optional = true },
    { "Tình trạng", as = "key" },
    { "Hoàn thành (%)", as = "key" },
    { "Diễn giải", as = "key" },
  },
  rows = { -- each sender fills in its own tasks and leaves the others blank
    { STT = "1", ["Mã nhiệm vụ"] = "II.1", ["Nhiệm vụ"] = "Giáo dục chính trị, tư tưởng" },
    { STT = "2", ["Mã nhiệm vụ"] = "II.2", ["Nhiệm vụ"] = "Huy động hệ thống chính trị; giáo dục QP-AN" },
    { STT = "3", ["Mã nhiệm vụ"] = "II.3", ["Nhiệm vụ"] = "Kết hợp kinh tế - xã hội với quốc phòng, an ninh" },
    { STT = "4", ["Mã nhiệm vụ"] = "II.4", ["Nhiệm vụ"] = "Xây dựng lực lượng vũ trang địa phương" },
    { STT = "5", ["Mã nhiệm vụ"] = "II.5", ["Nhiệm vụ"] = "Phối hợp công an, quân đội; đối ngoại nhân dân" },
    { STT = "6", ["Mã nhiệm vụ"] = "II.6", ["Nhiệm vụ"] = "Thế trận quốc phòng toàn dân" },
    { STT = "7", ["Mã nhiệm vụ"] = "II.7", ["Nhiệm vụ"] = "Kiểm tra, sơ kết, khen thưởng" },
  },
  measures = { "task_status", "task_percent", "task_note", "tasks_reported", "tasks_done", "tasks_slow" },

  row = function(row, out)
    local cut = { task = row:text("Mã nhiệm vụ") }
    local words = row:text("Tình trạng")
    if words .. row:text("Hoàn thành (%)") .. row:text("Diễn giải") == "" then return end -- another's task
    local status = STATUS[words]
    if not status then
      row:error("Tình trạng", "không hiểu tình trạng này", "Chưa thực hiện, Đang thực hiện, Chậm hoặc Hoàn thành")
      return
    end
    out:value("task_status", status, cut)
    out:value("task_percent", row:integer("Hoàn thành (%)"), cut)
    out:value("task_note", row:text("Diễn giải"), cut)
    out:value("tasks_reported", 1, cut)
    out:value("tasks_done", status == "done" and 1 or 0, cut)
    out:value("tasks_slow", status == "slow" and 1 or 0, cut)
  end,
}
