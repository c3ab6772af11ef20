-- SPDX-License-Identifier: MIT
-- The dashboard: one page for one year. Every figure leads to its origin further
-- down on the page, to file and line.

local viet = require "viet"
local muc_tieu = require "muc-tieu"
local chuong = require "chuong"
local nguon = require "nguon"

local chu = viet.chu
local TINH = "20"
local TIEN = { "budget_estimate", "budget_allocated", "budget_spent" }
local NHIEM_VU = { "tasks_reported", "tasks_done", "tasks_slow" }

local function o_ty_le(f, link)
  return viet.o_ty_le(f, { tone = viet.mau[f.status], sign = viet.dau[f.status], align = "center", link = f.value and link })
end

-- The first year that is shown: the plan's own.
local function nam_dau(period) return math.min(kh.plan("100/KH-UBND").from.year, period.year) end

local function do_phu(f)
  if not f.expected then return nil end
  return ("%d/%d %s"):format(f.reported, f.expected, chu("báo cáo", "returns"))
end

-- The four figures at the head ---------------------------------------------------------------

local function tom_tat(doc, period, quy, dem)
  local dat, chua = 0, {}
  for _, code in ipairs(muc_tieu.tat_ca) do
    local f = kh.figure(code, TINH, period)
    if f.status == "met" then dat = dat + 1 elseif f.status == "not_met" then chua[#chua + 1] = code end
  end
  local s, nv, tien = dem.sum, {}, {}
  for _, name in ipairs(NHIEM_VU) do nv[name] = kh.figure(name, TINH, quy) end
  for k, name in ipairs(TIEN) do tien[k] = kh.value(name, TINH, period) end
  local nhan = s.on_time + s.late
  doc:tiles {
    { title = chu("Chỉ tiêu đạt", "Targets met"), value = ("%d/%d"):format(dat, #muc_tieu.tat_ca), link = "#chi-tieu",
      note = #chua > 0 and chu("không đạt: ", "not met: ") .. viet.liet_ke(chua) or chu("đạt tất cả", "all of them") },
    { title = chu("Báo cáo đã nhận", "Returns received"), value = ("%s/%s"):format(viet.so(nhan), viet.so(s.due)), link = "#nguon-bao-cao",
      note = chu("%d chậm, %d chưa gửi", "%d late, %d missing"):format(s.late, s.missing) },
    { title = chu("Nhiệm vụ hoàn thành", "Tasks done"), link = "#nguon-nhiem-vu",
      value = nv.tasks_done.value and ("%s/%s"):format(viet.so(nv.tasks_done.value), viet.so(nv.tasks_reported.value)) or nil,
      note = nv.tasks_slow.value and chu("%s chậm · %s", "%s slow · %s"):format(viet.so(nv.tasks_slow.value), do_phu(nv.tasks_done)) or nil },
    { title = chu("Ngân sách đã chi", "Budget spent"), value = viet.ty_dong(tien[3]), unit = chu("tỷ đồng", "bn đồng"), link = "#nguon-ngan-sach-" .. period.year,
      note = chu("được cấp %s, dự toán %s", "allocated %s, estimate %s"):format(viet.ty_dong(tien[2]), viet.ty_dong(tien[1])) },
  }
end

local function o_chi_tieu(doc, period)
  local tiles = {}
  for i, code in ipairs(muc_tieu.tat_ca) do
    local f, trend = kh.figure(code, TINH, period), {}
    for y = nam_dau(period), period.year do trend[#trend + 1] = kh.value(code, TINH, tostring(y)) or false end
    local phu = do_phu(f)
    tiles[i] = {
      title = code .. ". " .. muc_tieu.ten[code], value = viet.ty_le(f), unit = "%", link = "#nguon-" .. code,
      note = chu("mục tiêu ", "target ") .. muc_tieu.muc[code] .. (phu and " · " .. phu or ""),
      tone = viet.mau[f.status], sign = (viet.dau[f.status] or "") .. " " .. (viet.trang_thai[f.status] or ""),
      trend = trend, trend_from = tostring(nam_dau(period)), trend_to = tostring(period.year), target = muc_tieu.moc[code],
    }
  end
  doc:tiles(tiles)
end

-- Districts, best first: how many targets each meets, and every rate ----------------------------

-- Where the units below stand in the part at the end: those that gave a figure themselves, by code of target and unit.
local function noi_den(period)
  local den = {}
  for _, code in ipairs(muc_tieu.tat_ca) do
    local g = muc_tieu.gom(code)
    for _, u in ipairs(nguon.theo_don_vi({ g.tu, g.mau }, TINH, period)) do den[code .. "-" .. u.unit.code] = true end
  end
  return function(code, unit) -- a unit that gave nothing leads to the target as a whole
    local key = code .. "-" .. unit.code
    return "#nguon-" .. (den[key] and key or code)
  end
end

local function xep_hang(doc, period)
  local den = noi_den(period)
  local list = {}
  for _, u in ipairs(kh.units { kind = "district", at = period }) do
    local row = { unit = u, met = 0, of = 0, figures = {} }
    for k, code in ipairs(muc_tieu.tat_ca) do
      local f = kh.figure(code, u, period)
      row.figures[k] = f
      if f.status == "met" then row.met = row.met + 1 end
      if f.status == "met" or f.status == "not_met" or f.status == "not_due" then row.of = row.of + 1 end
    end
    list[#list + 1] = row
  end
  table.sort(list, function(a, b)
    if a.met ~= b.met then return a.met > b.met end
    return kh.compare(a.unit.name, b.unit.name)
  end)
  local head = { chu("Thứ hạng", "Rank"), chu("Đơn vị", "Unit"), chu("Đạt", "Met") }
  for k, code in ipairs(muc_tieu.tat_ca) do head[k + 3] = code .. "\n" .. muc_tieu.ngan(code) end
  local rows, hang = {}, 0
  for i, r in ipairs(list) do
    if i == 1 or r.met ~= list[i - 1].met then hang = i end
    local row = { { hang, align = "center" }, r.unit.title, { ("%d/%d"):format(r.met, r.of), align = "center", bold = true } }
    for k, code in ipairs(muc_tieu.tat_ca) do row[k + 3] = o_ty_le(r.figures[k], den(code, r.unit)) end
    rows[i] = row
  end
  local tinh, dat = { "", chu("Toàn tỉnh", "Province"), "", total = true }, 0
  for k, code in ipairs(muc_tieu.tat_ca) do
    local f = kh.figure(code, TINH, period)
    if f.status == "met" then dat = dat + 1 end
    tinh[k + 3] = o_ty_le(f, "#nguon-" .. code)
  end
  tinh[3] = { ("%d/%d"):format(dat, #muc_tieu.tat_ca), align = "center" }
  rows[#rows + 1] = tinh
  doc:table {
    title = chu("Xếp hạng theo số chỉ tiêu đạt, ", "Ranked by targets met, ") .. viet.ky(period), unit_line = chu("Đơn vị tính: %", "Unit: %"), tinted = true, head = head, rows = rows,
    widths = { 1.2, 3.3, 1, 1.7, 1.6, 1.7, 1.5, 1.6, 1.6, 1.8, 1.5, 1.5 },
    notes = { chu("✓ đạt, ✗ không đạt; … chưa đến hạn hoặc chưa có số liệu. Bằng số chỉ tiêu đạt thì cùng thứ hạng, ghi theo tên. Mỗi số dẫn đến tệp và dòng của nó ở cuối trang.",
      "✓ met, ✗ not met; … not yet due or no data. Equal numbers of targets met share a rank, in the order of names. Every figure leads to its files and lines at the end of the page.") },
  }
end

-- Late returns, tasks, budget ---------------------------------------------------------------------

local function cham(doc, dem)
  doc:heading(chu("Báo cáo chậm", "Late returns"), { level = 1 })
  local s = dem.sum
  doc:para(chu("Phải gửi %s báo cáo: %s đúng hạn, %s chậm, %s chưa gửi.", "%s returns were due: %s in time, %s late, %s missing.")
    :format(viet.so(s.due), viet.so(s.on_time), viet.so(s.late), viet.so(s.missing)))
  local rows = {}
  for _, part in ipairs { { dem.missing, chu("chưa gửi", "missing"), "bad", "✗" }, { dem.late, chu("chậm", "late"), "warn", "!" } } do
    for _, r in ipairs(part[1]) do
      rows[#rows + 1] = { r.unit.title, r.form .. ", " .. viet.ky(r.period), { r.days or false, link = "#nguon-" .. r.form }, { "", tone = part[3], sign = part[4] .. " " .. part[2] } }
    end
  end
  if #rows == 0 then
    doc:para(chu("Không có báo cáo nào chậm.", "No return is late."))
  else
    doc:table { head = { chu("Đơn vị", "Unit"), chu("Biểu, kỳ", "Form, period"), chu("Số ngày quá hạn", "Days overdue"), chu("Tình trạng", "Status") }, rows = rows }
  end
end

local function nhiem_vu(doc, quy)
  local plan, rows, data, sum = kh.plan("100/KH-UBND"), {}, {}, { 0, 0, 0 }
  for i, task in ipairs(chuong.nhiem_vu_ma) do
    local cut, n = { cut = { task = task } }, {}
    for k, name in ipairs(NHIEM_VU) do
      n[k] = math.tointeger(kh.value(name, TINH, quy, cut) or 0)
      sum[k] = sum[k] + n[k]
    end
    data[i] = { task, n[2], n[3], n[1] - n[2] - n[3] }
    local link = "#nguon-nhiem-vu"
    rows[i] = { task .. " " .. plan:task(task).title, { n[1], link = link }, { n[2], link = link }, { n[3], link = link } }
  end
  rows[#rows + 1] = { chu("Cộng", "Total"), sum[1], sum[2], sum[3], total = true }
  doc:heading(chu("Nhiệm vụ theo tình trạng", "Tasks by status"), { level = 1 })
  local names = { chu("Hoàn thành", "Done"), chu("Chậm", "Slow"), chu("Đang thực hiện", "Going on") }
  doc:chart { kind = "stacked", data = kh.frame({ chu("Nhiệm vụ", "Task"), table.unpack(names) }, data), y = names,
    title = chu("Theo báo cáo ", "As reported for ") .. viet.ky(quy), unit = chu("đơn vị được giao", "units assigned"), decimals = 0 }
  doc:table { head = { chu("Nhiệm vụ", "Task"), chu("Đơn vị báo cáo", "Units reporting"), names[1], names[2] }, rows = rows, widths = { 6, 1.6, 1.6, 1.4 } }
end

local function ngan_sach(doc, period)
  doc:heading(chu("Ngân sách", "Budget"), { level = 1 })
  local names, rows = { chu("Dự toán", "Estimate"), chu("Được cấp", "Allocated"), chu("Đã chi", "Spent") }, {}
  local ty = 1000000000
  local f = kh.query {
    columns = {
      { names[1], function(m) return kh.round(m.budget_estimate / ty, 1) end },
      { names[2], function(m) return kh.round(m.budget_allocated / ty, 1) end },
      { names[3], function(m) return kh.round(m.budget_spent / ty, 1) end },
    },
    units = TINH, period = nam_dau(period) .. ".." .. period.name, every = "year",
  }
  doc:chart { kind = "grouped", data = f, x = "period", y = names, title = chu("Qua các năm", "Over the years"), unit = chu("tỷ đồng", "bn đồng"), decimals = 1 }
  for y = nam_dau(period), period.year do
    local row, link = { tostring(y) }, "#nguon-ngan-sach-" .. y
    for k, name in ipairs(TIEN) do
      local v = kh.value(name, TINH, tostring(y))
      row[k + 1] = v and { v, link = link } or false
    end
    rows[#rows + 1] = row
  end
  doc:table { unit_line = chu("Đơn vị tính: đồng", "Unit: đồng"), head = { chu("Năm", "Year"), table.unpack(names) }, rows = rows }
end

-- The way down ---------------------------------------------------------------------------------------

-- Districts of a target one after the other: its rate, then the files it is made of.
local function nguon_chi_tieu(doc, code, period)
  local g = muc_tieu.gom(code)
  local f = kh.figure(code, TINH, period)
  local gom = muc_tieu.tu_tren_mau(code, TINH, period)
  local ten = {}
  for m in kh.sql("SELECT code, title FROM measure WHERE code IN (?, ?)", g.tu, g.mau) do ten[m.code] = kh.say(m.title) end
  doc:details(("%s. %s: %s%s"):format(code, muc_tieu.ten[code], viet.hinh(f, "%"), gom and " = " .. gom or ""), function(part)
    part:para(("%s = 100 × %s / %s"):format(code, ten[g.tu] or g.tu, ten[g.mau] or g.mau))
    local rows = {}
    for _, u in ipairs(nguon.theo_don_vi({ g.tu, g.mau }, TINH, period)) do
      local fu = kh.figure(code, u.unit, period)
      rows[#rows + 1] = { { u.unit.title, bold = true, anchor = "nguon-" .. code .. "-" .. u.unit.code },
        { ("%s = %s%s"):format(code, viet.hinh(fu, "%"), fu.value and " " .. (viet.dau[fu.status] or "") .. " " .. (viet.trang_thai[fu.status] or "") or ""), colspan = 6, bold = true, tone = viet.mau[fu.status] } }
      for _, file in ipairs(u.files) do
        rows[#rows + 1] = { "", file.sums[g.tu] or false, file.sums[g.mau] or false, nguon.o_tep(file) }
      end
    end
    part:table { head = { chu("Đơn vị", "Unit"), ten[g.tu] or g.tu, ten[g.mau] or g.mau, nguon.dau_tep() }, rows = rows, widths = { 3.4, 2.6, 2.6, 4, 1.4, 1.4, 2 } }
  end, { anchor = "nguon-" .. code })
end

local function nguon_bao_cao(doc, dem)
  doc:details(chu("Báo cáo: hạn, ngày nhận và tệp", "Returns: due, received and file"), function(part)
    for _, f in ipairs(dem.forms) do
      part:heading(("%s %s"):format(f.form, chuong.bieu_mau[f.form] or ""), { level = 4, anchor = "nguon-" .. f.form })
      local file, rows = {}, {}
      for s in kh.sql("SELECT sender, span, file FROM v_submission WHERE form = ? AND status = 'current'", f.form) do
        file[s.sender .. "|" .. s.span] = s.file:gsub("^data/returns/", "")
      end
      for _, r in ipairs(f.rows) do
        local cham = r.days and r.days > 0
        rows[#rows + 1] = { r.unit.title, viet.ky(r.period), viet.ngay(tostring(r.due)), r.received and viet.ngay(r.received) or "…",
          cham and { r.days, tone = r.received and "warn" or "bad", sign = r.received and "!" or "✗" } or 0,
          r.received and file[r.unit.code .. "|" .. r.period.name] or chu("chưa gửi", "missing") }
      end
      part:table { head = { chu("Đơn vị", "Unit"), chu("Kỳ", "Period"), chu("Hạn", "Due"), chu("Nhận", "Received"), chu("Quá hạn (ngày)", "Overdue (days)"), chu("Tệp", "File") }, rows = rows, widths = { 4, 3, 2, 2, 1.8, 4 } }
    end
  end, { anchor = "nguon-bao-cao" })
end

local function nguon_theo_don_vi(doc, title, anchor, names, heads, period)
  doc:details(title, function(part)
    local rows, sum = {}, {}
    for k in ipairs(names) do sum[k] = 0 end
    for _, u in ipairs(nguon.theo_don_vi(names, TINH, period)) do
      for _, file in ipairs(u.files) do
        local row = { u.unit.title }
        for k, name in ipairs(names) do
          row[#row + 1] = file.sums[name] or false
          sum[k] = sum[k] + (file.sums[name] or 0)
        end
        for _, cell in ipairs { nguon.o_tep(file) } do row[#row + 1] = cell end
        rows[#rows + 1] = row
      end
    end
    rows[#rows + 1] = { chu("Cộng", "Total"), table.unpack(sum) }
    rows[#rows].total = true
    local head = { chu("Đơn vị", "Unit") }
    for _, h in ipairs(heads) do head[#head + 1] = h end
    for _, h in ipairs { nguon.dau_tep() } do head[#head + 1] = h end
    part:table { head = head, rows = rows }
  end, { anchor = anchor })
end

report "bang-dieu-khien" {
  title = "Bảng điều khiển Kế hoạch 100/KH-UBND", params = { period = "year" },
  build = function(doc, p)
    local period, quy = p.period, p.period:parts("quarter")[4]
    local plan, dem = kh.plan("100/KH-UBND"), chuong.dem_bao_cao(p.period)
    doc:title(chu("Kế hoạch %s, tỉnh Lạng Sơn: %s", "Plan %s, Lạng Sơn Province: %s"):format(plan.code, viet.ky(period)))
    doc:para(chu("%s. Số liệu nhận đến ngày %s.", "%s. Data received up to %s."):format(plan.title, viet.ngay(p.date)))
    tom_tat(doc, period, quy, dem)
    doc:heading(chu("Chín chỉ tiêu", "The nine targets"), { level = 1, anchor = "chi-tieu" })
    o_chi_tieu(doc, period)
    doc:heading(chu("Huyện, thành phố", "Districts"), { level = 1 })
    xep_hang(doc, period)
    doc:columns(function(part)
      nhiem_vu(part, quy)
    end, function(part)
      ngan_sach(part, period)
      cham(part, dem)
    end)
    doc:heading(chu("Nguồn gốc các con số", "Where the figures come from"), { level = 1 })
    doc:para(chu("Tệp nằm trong thư mục data/returns; dòng là dòng của tệp, kể cả phần tiêu đề.", "Files lie in the folder data/returns; lines are the file's own, titles included."))
    for _, code in ipairs(muc_tieu.tat_ca) do nguon_chi_tieu(doc, code, period) end
    nguon_bao_cao(doc, dem)
    nguon_theo_don_vi(doc, chu("Nhiệm vụ, ", "Tasks, ") .. viet.ky(quy), "nguon-nhiem-vu", NHIEM_VU,
      { chu("Nhiệm vụ báo cáo", "Tasks reported"), chu("Hoàn thành", "Done"), chu("Chậm", "Slow") }, quy)
    for y = period.year, nam_dau(period), -1 do
      nguon_theo_don_vi(doc, chu("Ngân sách năm ", "Budget of ") .. y .. chu(", đồng", ", đồng"), "nguon-ngan-sach-" .. y, TIEN,
        { chu("Dự toán", "Estimate"), chu("Được cấp", "Allocated"), chu("Đã chi", "Spent") }, kh.period(tostring(y)))
    end
  end,
}
