-- SPDX-License-Identifier: MIT
-- One function per form: its figures as a table of cells, as a department would
-- lay it out. { title, unit line, head rows, signs, rows, total row }. Cells are
-- texts; numbers go through `num`, which writes them as the sender does.

local base = require "base"
local figures = require "figures"
local senders = require "senders"
local words = require "words"
local M = {}

local function num(habit, n) return habit.dots and base.dots(n) or tostring(n) end

-- A number that is written "-" where there is nothing.
local function dash(habit, n) return n == 0 and "-" or num(habit, n) end

local function percent(a, b)
  if b == 0 then return "" end
  return (("%.1f"):format(100 * a / b):gsub("%.", ","))
end

local function total_row(habit, label, blanks, cells)
  local row = {}
  for i = 1, blanks do row[i] = "" end
  row[habit.total] = label
  for _, c in ipairs(cells) do row[#row + 1] = c end
  return row
end

-- GD-01 of a district: groups 1-4, by bloc ------------------------------------

M.blocs = { "Khối Đảng, đoàn thể", "Khối chính quyền", "Khối xã, phường, thị trấn", "Khối doanh nghiệp" }
local BLOC_WEIGHT = { { 5, 4, 1, 0 }, { 4, 5, 2, 1 }, { 2, 3, 6, 2 }, { 1, 2, 7, 3 } } -- by group
local QUARTER_WEIGHT = { 2, 4, 3, 2 }

-- The year's figures of one group over quarters and blocs: [quarter][bloc] = {required, trained}
local function spread(required, trained, group)
  local weights, cells = {}, {}
  for q = 1, 4 do for b = 1, 4 do weights[#weights + 1] = QUARTER_WEIGHT[q] * BLOC_WEIGHT[group][b] end end
  local need = base.share(required, weights)
  local done = base.share(trained, need, need)
  for q = 1, 4 do
    cells[q] = {}
    for b = 1, 4 do cells[q][b] = { need[(q - 1) * 4 + b], done[(q - 1) * 4 + b] } end
  end
  return cells
end

local training_years = {}
function M.training(sender, period, habit, title)
  local year, quarter = tonumber(period:sub(1, 4)), tonumber(period:sub(6))
  training_years[year] = training_years[year] or figures.training(year)
  local figure = training_years[year][sender]
  local rows, sums = {}, { 0, 0, 0, 0, 0, 0, 0, 0 }
  for b = 1, 4 do rows[b] = { tostring(b), title, M.blocs[b] } end
  for g = 1, 4 do
    local cells = spread(figure.required[g], figure.trained[g], g)[quarter]
    for b = 1, 4 do
      local required, trained = cells[b][1], cells[b][2]
      rows[b][#rows[b] + 1] = dash(habit, required)
      rows[b][#rows[b] + 1] = required == 0 and "-" or num(habit, trained)
      sums[2 * g - 1], sums[2 * g] = sums[2 * g - 1] + required, sums[2 * g] + trained
    end
  end
  local total = {}
  for i, s in ipairs(sums) do total[i] = num(habit, s) end
  return {
    title = "KẾT QUẢ BỒI DƯỠNG KIẾN THỨC QUỐC PHÒNG VÀ AN NINH", unit = "người",
    head = {
      { "STT", "Đơn vị", "Khối", "Nhóm 1", "", "Nhóm 2", "", "Nhóm 3", "", "Nhóm 4", "" },
      { "", "", "", "Phải BD", "Đã BD", "Phải BD", "Đã BD", "Phải BD", "Đã BD", "Phải BD", "Đã BD" },
    },
    signs = { "A", "B", "C", "1", "2", "3", "4", "5", "6", "7", "8" },
    rows = rows, total = total_row(habit, "Tổng cộng", 3, total),
    foot = { "Ghi chú: số người phải bồi dưỡng theo kế hoạch của quý." },
  }
end

-- GD-01 of the Education department: pupils and students of every district -----

function M.students(period, habit, titles)
  local year, quarter = tonumber(period:sub(1, 4)), tonumber(period:sub(6))
  local figure, rows, sums = figures.students(year), {}, { 0, 0, 0, 0 }
  for i, code in ipairs(senders.districts) do
    local f, row = figure[code], { tostring(i), titles[code] }
    for level = 1, 2 do
      local need = base.share(f.required[level], { 30, 25, 10, 35 })
      local done = base.share(f.studied[level], need, need)
      row[#row + 1] = f.required[level] == 0 and "" or num(habit, need[quarter])
      row[#row + 1] = f.required[level] == 0 and "" or num(habit, done[quarter])
      sums[2 * level - 1], sums[2 * level] = sums[2 * level - 1] + need[quarter], sums[2 * level] + done[quarter]
    end
    rows[i] = row
  end
  local total = {}
  for i, s in ipairs(sums) do total[i] = num(habit, s) end
  return {
    title = "GIÁO DỤC QUỐC PHÒNG VÀ AN NINH CHO HỌC SINH, SINH VIÊN", unit = "người",
    head = { { "STT", "Đơn vị", "Học sinh THPT", "", "Sinh viên", "" }, { "", "", "Phải học", "Đã học", "Phải học", "Đã học" } },
    signs = { "A", "B", "1", "2", "3", "4" },
    rows = rows, total = total_row(habit, "Tổng cộng", 2, total),
    foot = { "Ghi chú: ô trống là huyện không có trường cao đẳng, trung cấp." },
  }
end

-- DT-01: exercises by kind, and the communes that held one of their own --------

local EXERCISES = { "Khu vực phòng thủ", "Phòng, chống lụt bão", "Tìm kiếm cứu nạn" }

function M.exercises(sender, period, habit, communes)
  local year = tonumber(period)
  local f, rows = figures.exercises(year)[sender], {}
  local function sum(t) return t[1] + t[2] + t[3] end
  rows[1] = { "I", sender == "bchqs" and "Diễn tập cấp tỉnh" or "Diễn tập cấp huyện", num(habit, sum(f.planned)), num(habit, sum(f.held)), "" }
  for k, name in ipairs(EXERCISES) do rows[#rows + 1] = { tostring(k), name, dash(habit, f.planned[k]), dash(habit, f.held[k]), "" } end
  if communes then
    local held = figures.communes_of(communes, sender, year)
    local random = base.random("commune exercises " .. sender .. year)
    rows[#rows + 1] = { "II", "Diễn tập chiến đấu cấp xã", num(habit, #communes), num(habit, #held), "" }
    for k, c in ipairs(held) do rows[#rows + 1] = { tostring(k), c.title, "x", "x", ("ngày %02d/%02d"):format(random.whole(1, 28), random.whole(5, 10)) } end
  end
  return {
    title = "KẾT QUẢ DIỄN TẬP", unit = "cuộc",
    head = { { "STT", "Nội dung", "Kế hoạch", "Đã thực hiện", "Ghi chú" } }, signs = { "A", "B", "1", "2", "C" },
    rows = rows, foot = communes and { "Ghi chú: mục II cột 1 là tổng số xã, phường, thị trấn của huyện, thành phố." } or nil,
  }
end

-- DQ-01 ---------------------------------------------------------------------------

function M.militia(sender, period, habit, title)
  local f = figures.militia(period)[sender]
  local cells = { num(habit, f.strength), num(habit, f.party), num(habit, f.militia), num(habit, f.militia_party) }
  return {
    title = "LỰC LƯỢNG DÂN QUÂN TỰ VỆ VÀ ĐẢNG VIÊN TRONG DÂN QUÂN TỰ VỆ", unit = "người",
    head = { { "STT", "Đơn vị", "Dân quân tự vệ", "", "Trong đó: dân quân", "" }, { "", "", "Quân số", "Đảng viên", "Quân số", "Đảng viên" } },
    signs = { "A", "B", "1", "2", "3", "4" },
    rows = { { "1", title, table.unpack(cells) } }, total = total_row(habit, "Tổng cộng", 2, cells),
  }
end

-- DB-01 ---------------------------------------------------------------------------

function M.reserve(sender, period, habit, title)
  local f = figures.reserve(period)[sender]
  local cells = { num(habit, f.registered), num(habit, f.matched), percent(f.matched, f.registered) }
  return {
    title = "XẾP QUÂN NHÂN DỰ BỊ VÀO ĐƠN VỊ DỰ BỊ ĐỘNG VIÊN", unit = "người",
    head = { { "STT", "Đơn vị", "Tổng số QNDB đã đăng ký", "Số xếp đúng chuyên nghiệp QS", "Tỷ lệ %" } },
    signs = { "A", "B", "1", "2", "3=2/1" },
    rows = { { "1", title, table.unpack(cells) } }, total = total_row(habit, "Tổng cộng", 2, cells),
  }
end

-- The file with every common fault, as one district sent it; what each line should say stands in data/README.md.
function M.reserve_faulty(title)
  return {
    title = "XẾP QUÂN NHÂN DỰ BỊ VÀO ĐƠN VỊ DỰ BỊ ĐỘNG VIÊN", unit = "người",
    head = { { "STT", "Đơn vị", "Tổng số QNDB đã đăng ký", "Số xếp đúng chuyên nghiệp QS", "Tỷ lệ %" } },
    signs = { "A", "B", "1", "2", "3=2/1" },
    rows = {
      { "1", title, "1.204", "1.240", "103,0" },
      { "2", "Xã Gia Cát", "12O", "97", "" },
      { "3", "Xã Hồng Phong Mới", "88", "75", "85,2" },
      { "4", "Thị trấn Đồng Đăng", "", "140", "" },
    },
    total = { "", "Tổng cộng", "2.001", "1.652", "" },
  }
end

-- TQ-01 ---------------------------------------------------------------------------

function M.recruits(sender, period, habit, title)
  local f = figures.recruits(tonumber(period))[sender]
  local cells = { num(habit, f.quota), num(habit, f.enlisted), percent(f.enlisted, f.quota) }
  return {
    title = "KẾT QUẢ TUYỂN QUÂN", unit = "người",
    head = { { "STT", "Đơn vị", "Chỉ tiêu giao", "Số nhập ngũ", "Tỷ lệ %" } }, signs = { "A", "B", "1", "2", "3=2/1" },
    rows = { { "1", title, table.unpack(cells) } },
  }
end

-- TT-01 ---------------------------------------------------------------------------

M.grounds_kinds = { "Trường bắn", "Thao trường huấn luyện", "Thao trường tổng hợp" }

function M.grounds(sender, period, habit)
  local f, rows, needed, built = figures.grounds(tonumber(period))[sender], {}, 0, 0
  for k, name in ipairs(M.grounds_kinds) do
    rows[k] = { tostring(k), name, num(habit, f.needed[k]), dash(habit, f.built[k]), percent(f.built[k], f.needed[k]) }
    needed, built = needed + f.needed[k], built + f.built[k]
  end
  return {
    title = "XÂY DỰNG THAO TRƯỜNG", unit = "thao trường",
    head = { { "STT", "Loại thao trường", "Cần có", "Đã xây dựng", "Tỷ lệ %" } }, signs = { "A", "B", "1", "2", "3=2/1" },
    rows = rows, total = total_row(habit, "Tổng cộng", 2, { num(habit, needed), num(habit, built), percent(built, needed) }),
  }
end

-- NS-01 ---------------------------------------------------------------------------

function M.budget(sender, period, habit)
  local rows, sums = {}, { 0, 0, 0 }
  for i, f in ipairs(figures.budget(tonumber(period), sender, senders.size[sender])) do
    rows[i] = { tostring(i), f.line, words.budget[f.line], num(habit, f.estimate), num(habit, f.allocated), dash(habit, f.spent) }
    sums[1], sums[2], sums[3] = sums[1] + f.estimate, sums[2] + f.allocated, sums[3] + f.spent
  end
  local total = {}
  for i, s in ipairs(sums) do total[i] = num(habit, s) end
  return {
    title = "KINH PHÍ THỰC HIỆN NHIỆM VỤ QUỐC PHÒNG", unit = "đồng",
    head = { { "STT", "Mã mục", "Nội dung chi", "Dự toán", "Được cấp", "Đã chi" } }, signs = { "A", "B", "C", "1", "2", "3" },
    rows = rows, total = total_row(habit, "Tổng cộng", 3, total),
    foot = { "Ghi chú: số liệu đến hết ngày 31/12." },
  }
end

-- KT-01 ---------------------------------------------------------------------------

function M.inspections(sender, period, habit, title)
  local f = figures.inspections(period, sender)
  return {
    title = "KIỂM TRA, SƠ KẾT, TỔNG KẾT VÀ KHEN THƯỞNG",
    head = {
      { "STT", "Đơn vị", "Kiểm tra", "", "Tồn tại", "", "Sơ kết, tổng kết", "Khen thưởng", "" },
      { "", "", "Kế hoạch", "Đã kiểm tra", "Phát hiện", "Đã khắc phục", "", "Tập thể", "Cá nhân" },
    },
    signs = { "A", "B", "1", "2", "3", "4", "5", "6", "7" },
    rows = { { "1", title, num(habit, f.planned), num(habit, f.held), num(habit, f.found), num(habit, f.resolved),
      num(habit, f.reviews), num(habit, f.collectives), num(habit, f.persons) } },
  }
end

-- NV-01 ---------------------------------------------------------------------------

function M.tasks(sender, period, place)
  local rows = {}
  for i, t in ipairs(words.tasks(sender, period, place)) do
    rows[i] = { tostring(i), t.task, words.task_titles[t.task], t.status, tostring(t.percent), t.text }
  end
  return {
    title = "TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ",
    head = { { "STT", "Mã nhiệm vụ", "Nhiệm vụ", "Tình trạng", "Hoàn thành (%)", "Diễn giải" } },
    rows = rows,
  }
end

return M
