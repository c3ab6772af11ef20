-- SPDX-License-Identifier: MIT
-- What runs by itself. A timer calls `kehoach job due`; each job's unit of work
-- is (job, period), so nothing is done twice. A report that cannot be written
-- fails the run (assert), so that it is tried again and stands in the history.

local function write(report, period, format)
  assert(kh.report(report, { period = period }):write("out", format))
end

-- Every day: what lies in the drop folder.
job "thu-nhan" {
  title = "Nhận báo cáo từ hộp thư vào",
  every = "day", calendar = "civil", after = 0, at = "05:30",
  timeout = "20m", retries = 2, wait = "10m", catch_up = 1,
  run = function()
    kh.inbox("inbox"):import()
  end,
}

-- When the returns of a quarter are due.
job "tong-hop-quy" {
  title = "Tổng hợp quý",
  every = "quarter", calendar = "nd09", after = 8, at = "06:00",
  timeout = "30m", retries = 2, wait = "10m", catch_up = 4,
  run = function(job)
    kh.inbox("inbox"):import()
    kh.check { period = job.period }
    write("quy", job.period)
  end,
}

job "tong-hop-nam" {
  title = "Tổng hợp năm",
  every = "year", calendar = "nd09", after = 16, at = "06:00",
  timeout = "30m", retries = 2, wait = "10m", catch_up = 2,
  run = function(job)
    kh.check { period = job.period }
    write("nam", job.period)
    write("bang-dieu-khien", job.period, "html")
  end,
}

-- Who has still not sent what was due: a note for each return, one letter to each sender.
job "nhac-bao-cao" {
  title = "Nhắc đơn vị chưa gửi báo cáo",
  every = "quarter", calendar = "nd09", after = 10, at = "07:00",
  timeout = "10m", retries = 1, wait = "10m", catch_up = 1,
  run = function(job)
    local written = {}
    for late in kh.late { period = job.period }:rows() do
      if not late.received then
        assert(job:remind(late))
        if not written[late.unit.code] then
          written[late.unit.code] = true
          assert(kh.report("nhac", { period = job.period, unit = late.unit.code }):write("out"))
        end
      end
    end
  end,
}
