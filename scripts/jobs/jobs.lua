-- SPDX-License-Identifier: MIT
-- What runs by itself. A timer calls `kehoach job due`; each job's unit of work
-- is (job, period), so nothing is done twice.

-- Every day: what lies in the drop folder.
job "thu-nhan" {
  title = "Nhận báo cáo từ hộp thư vào",
  every = "day", calendar = "civil", after = 0, at = "05:30",
  timeout = "20m", retries = 2, wait = "10m", catch_up = 1,
  run = function()
    kh.inbox("inbox"):import()
  end,
}

-- After the window of a quarter closes and the forms are due.
job "tong-hop-quy" {
  title = "Tổng hợp quý",
  every = "quarter", calendar = "nd09", after = 8, at = "06:00",
  timeout = "30m", retries = 2, wait = "10m", catch_up = 4,
  run = function(job)
    kh.inbox("inbox"):import()
    kh.check { period = job.period }
    kh.report("quy", { period = job.period }):write("out")
  end,
}

job "tong-hop-nam" {
  title = "Tổng hợp năm",
  every = "year", calendar = "nd09", after = 16, at = "06:00",
  timeout = "30m", retries = 2, wait = "10m", catch_up = 2,
  run = function(job)
    kh.check { period = job.period }
    kh.report("nam", { period = job.period }):write("out")
    kh.report("bang-dieu-khien", { period = job.period }):write("out", "html")
  end,
}

-- A letter to each sender whose return is due and has not come.
job "nhac-bao-cao" {
  title = "Nhắc đơn vị chậm báo cáo",
  every = "quarter", calendar = "nd09", after = 10, at = "07:00",
  timeout = "10m", retries = 1, wait = "10m", catch_up = 1,
  run = function(job)
    for _, late in ipairs(kh.late { period = job.period }) do job:remind(late) end
  end,
}
