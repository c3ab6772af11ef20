-- SPDX-License-Identifier: MIT
-- The words of the illustrative returns: budget lines, tasks, and the narratives
-- of NV-01, put together from sentences of our own.

local base = require "base"
local M = {}

M.budget = {
  GD = "Giáo dục, bồi dưỡng kiến thức QP-AN", DT = "Diễn tập", DQ = "Dân quân tự vệ", DB = "Dự bị động viên",
  TQ = "Tuyển quân", TT = "Thao trường", CT = "Công trình quốc phòng", KT = "Kiểm tra, sơ kết, tổng kết",
}

M.task_titles = {
  ["II.1"] = "Giáo dục chính trị, tư tưởng", ["II.2"] = "Huy động hệ thống chính trị; giáo dục QP-AN",
  ["II.3"] = "Kết hợp kinh tế với quốc phòng", ["II.4"] = "Xây dựng lực lượng vũ trang địa phương",
  ["II.5"] = "Phối hợp công an - quân sự; đối ngoại biên giới", ["II.6"] = "Thế trận quốc phòng toàn dân",
  ["II.7"] = "Kiểm tra, sơ kết, khen thưởng",
}

local AGENCY_TASKS = {
  bchqs = "II.1 II.2 II.4 II.5 II.6 II.7", cat = "II.5 II.6", bdbp = "II.5 II.6", skhdt = "II.3", stc = "II.6", sgddt = "II.2",
  snnptnt = "II.3", sgtvt = "II.3", vpubnd = "II.7", mttq = "II.1", sldtbxh = "II.4", syt = "II.4", snv = "II.2", stttt = "II.1",
}

local DONE = {
  ["II.1"] = { "Đã mở %d lớp, %d lượt người nghe", "Tổ chức %d buổi tuyên truyền ở cơ sở, %d lượt người dự", "Phát %d chuyên mục \"Quốc phòng toàn dân\" và in %d tờ gấp" },
  ["II.2"] = { "Hội đồng giáo dục QP-AN họp %d lần, rà soát %d người thuộc diện bồi dưỡng", "Mở %d lớp bồi dưỡng; cấp %d giấy chứng nhận" },
  ["II.3"] = { "Thẩm định %d dự án liên quan đến quốc phòng, điều chỉnh %d điểm quy hoạch", "Lồng ghép %d tuyến đường lưỡng dụng, dài %d km" },
  ["II.4"] = { "Huấn luyện %d ngày cho %d lượt dân quân", "Sinh hoạt đơn vị dự bị động viên %d lần, quân số %d người" },
  ["II.5"] = { "Giao ban ba lực lượng %d lần, trao đổi %d tin", "Hội đàm với phía Quảng Tây %d lần; tuần tra chung %d km biên giới" },
  ["II.6"] = { "Khảo sát %d vị trí công trình, rà soát %d hồ sơ đất quốc phòng", "Bổ sung %d phương án khu vực phòng thủ, luyện tập %d lượt" },
  ["II.7"] = { "Kiểm tra %d đơn vị, nêu %d việc cần khắc phục", "Sơ kết %d cụm; đề nghị khen %d cá nhân" },
}
local ISSUES = {
  "Khó khăn: kinh phí cấp chậm, thiếu \"mặt bằng sạch\".", "Kiến nghị: bổ sung chỉ tiêu, kéo dài thời gian đến quý sau.",
  "Tồn tại: một số xã, thị trấn chưa gửi danh sách.", "Không có vướng mắc.", "Đề nghị Sở Tài chính xem xét; xin ý kiến UBND tỉnh.",
}

function M.tasks_of(sender) return AGENCY_TASKS[sender] or "II.1 II.2 II.4 II.6 II.7" end

-- One entry per task of the sender: status, percent of the year's work, narrative.
function M.tasks(sender, period, place)
  local year, quarter = tonumber(period:sub(1, 4)), tonumber(period:sub(6))
  local out = {}
  for task in M.tasks_of(sender):gmatch("%S+") do
    local random = base.random("task " .. sender .. period .. task)
    local pace = base.random("pace " .. sender .. year .. task).whole(80, 112)
    local percent = math.min(100, base.round(quarter * 25 * pace / 100 + random.whole(-3, 3)))
    if quarter == 4 and pace >= 88 then percent = 100 end
    local status = percent >= 100 and "Hoàn thành" or (percent < quarter * 25 - 10 and "Chậm" or "Đang thực hiện")
    local text = random.pick(DONE[task]):format(random.whole(2, 9), random.whole(11, 240)) .. "."
    if task == "II.6" and sender == "183" then text = text .. " Làm điểm khu vực phòng thủ: xong " .. random.whole(3, 7) .. " trên 8 nội dung." end
    if random.whole(1, 3) > 1 then text = text .. "\n" .. random.pick(ISSUES) end
    if place and random.whole(1, 4) == 1 then text = text .. " Nơi làm tốt: " .. place .. "." end
    out[#out + 1] = { task = task, status = status, percent = percent, text = text }
  end
  return out
end

return M
