-- SPDX-License-Identifier: MIT

kind "province" { level = "province", title = "Tỉnh", title_en = "Province" }
unit "20" { name = "Lạng Sơn", kind = "province" }

local HUYEN = { "Lạng Sơn", "Tràng Định", "Bình Gia", "Văn Lãng", "Cao Lộc", "Văn Quan", "Bắc Sơn", "Hữu Lũng", "Chi Lăng", "Lộc Bình", "Đình Lập" }
local LA = { "<script>alert(1)</script>", "R&D \"x\" 'y'", "=1+1", "an to\u{202e}àn", "Hu\u{31b}\u{303}u Lu\u{303}ng", "😀 🇻🇳", ("dài"):rep(40) }

local function frame(names, value, series)
  local columns, rows = { "x" }, {}
  for k, s in ipairs(series) do columns[k + 1] = s end
  for i, name in ipairs(names) do
    rows[i] = { x = name }
    for k, s in ipairs(series) do rows[i][s] = value(i, k) end
  end
  return kh.frame(columns, rows)
end

local function bars(doc)
  local rate = function(i) if i ~= 11 then return 60 + (i * 37) % 41 end end
  doc:chart { kind = "bar", data = frame(HUYEN, rate, { "Tỷ lệ" }), y = "Tỷ lệ", title = "Cột có vạch mục tiêu", unit = "%", target = 85, decimals = 1 }
  doc:chart { kind = "bar", data = frame(HUYEN, rate, { "Tỷ lệ" }), y = "Tỷ lệ", title = "Cột có khoảng mục tiêu", unit = "%", target = { 70, 90 }, decimals = 1 }
  doc:chart { kind = "bar", data = frame({ "Một" }, function() return 5 end, { "v" }), y = "v", title = "Một giá trị", unit = "người" }
  doc:chart { kind = "bar", data = frame({ "Trống" }, function() end, { "v" }), y = "v", title = "Không có giá trị nào", unit = "người" }
  doc:chart { kind = "bar", data = frame(HUYEN, function(i) return (i * 37) % 23 - 11 end, { "v" }), y = "v", title = "Số âm", unit = "người", decimals = 0 }
  doc:chart { kind = "bar", data = frame(HUYEN, function(i) return 987654321012 * i end, { "v" }), y = "v", title = "Số rất lớn", unit = "đồng", decimals = 0 }
  doc:chart { kind = "bar", data = frame(LA, function(i) return i * 1.5 end, { "v" }), y = "v", title = LA[1], unit = LA[2] }
  doc:chart { kind = "bar", data = frame({ "Ban Chỉ đạo thực hiện Kế hoạch xây dựng nền quốc phòng toàn dân của Ủy ban nhân dân tỉnh Lạng Sơn", "Sở Lao động, Thương binh và Xã hội" },
    function(i) return i end, { "v" }), y = "v", title = "Tên dài", unit = "việc" }
  doc:chart { kind = "grouped", data = frame({ "2016", "2017", "2018" }, function(i, k) if i + k ~= 4 then return i * 10 + k * 3 end end, { "Dự toán", "Được cấp", "Đã chi" }),
    y = { "Dự toán", "Được cấp", "Đã chi" }, title = "Cột nhóm", unit = "tỷ đồng" }
  doc:chart { kind = "stacked", data = frame(HUYEN, function(i, k) return (i * k) % 7 end, { "Hoàn thành", "Chậm", "Đang làm" }), y = { "Hoàn thành", "Chậm", "Đang làm" }, title = "Cột chồng",
    unit = "nhiệm vụ", decimals = 0 }
  doc:chart { kind = "bullet", data = frame({ "T1", "T4", "T7" }, function(i, k) return k == 1 and 70 + i * 9 or 85 end, { "Kết quả", "Mục tiêu" }), y = { "Kết quả", "Mục tiêu" }, title = "Kết quả so với mục tiêu", unit = "%" }
end

local function lines(doc)
  local nam, thang = { "2016", "2017", "2018", "2019", "2020" }, {}
  for i = 1, 60 do thang[i] = ("%d-%02d"):format(2016 + (i - 1) // 12, (i - 1) % 12 + 1) end
  doc:chart { kind = "line", data = frame(nam, function(i) if i ~= 3 then return 80 + i end end, { "Một" }), y = "Một", title = "Một đường, có chỗ trống", unit = "%", target = 84 }
  doc:chart { kind = "line", data = frame(nam, function(i, k) return k * 10 + i * (k % 3) end, HUYEN), y = HUYEN, title = "Nhiều đường", unit = "%" }
  doc:chart { kind = "line", data = frame(thang, function(i) return (i * 7) % 13 - 4 end, { "v" }), y = "v", title = "Nhiều kỳ", unit = "người" }
  doc:chart { kind = "line", data = frame({ "2016" }, function() return 3 end, { "v" }), y = "v", title = "Một kỳ", unit = "người" }
  doc:chart { kind = "multiples", data = frame(nam, function(i, k) if k ~= 11 then return 70 + i * 3 + k end end, HUYEN), y = HUYEN, title = "Từng huyện", unit = "%", target = 85 }
end

local function cells(doc)
  local ma = { "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9" }
  doc:chart { kind = "heat", data = frame(ma, function(i, k) if (i * k) % 17 ~= 5 then return 60 + (i * 17 + k * 31) % 41 + 0.5 end end, HUYEN), y = HUYEN, title = "Huyện và chỉ tiêu", unit = "%", decimals = 1 }
  doc:chart { kind = "heat", data = frame(HUYEN, function(i, k) return i * k end, { "Một tên chỉ tiêu dài đến mức phải xuống dòng", LA[1] }), y = { "Một tên chỉ tiêu dài đến mức phải xuống dòng", LA[1] },
    title = "Tên cột dài", unit = "người", decimals = 0 }
  doc:chart { kind = "strip", data = frame(ma, function(i) return i end, { "Tình trạng" }), y = "Tình trạng", title = "Dải tình trạng", unit = "" }
end

local function text(doc)
  doc:heading("I. Chữ")
  doc:heading("1. Mục con")
  doc:heading("a) Điểm")
  doc:para { "Chữ ", { "đậm", bold = true }, ", ", { "nghiêng", italic = true }, ", ", { "gạch chân", underline = true }, ", ", { "dẫn đến ô", link = "#o-1" }, ", ", { "ra ngoài", link = "https://example.org/?a=1&b=2" } }
  doc:para("Giữa dòng", { align = "center" })
  doc:para("Lề phải", { align = "right" })
  doc:list(LA)
  doc:list({ "một", "hai" }, { ordered = true })
  for _, tone in ipairs { "good", "bad", "warn", "muted" } do doc:note("Ghi chú " .. tone, { tone = tone }) end
  doc:note(LA[1])
end

local function tables(doc)
  doc:heading("II. Bảng")
  doc:table { title = "Biểu 1. Đầu bảng gộp", unit_line = "Đơn vị tính: người", signs = { "A", "B", "1", "2", "3=2/1" },
    head = { { { "STT", rowspan = 2 }, { "Đơn vị", rowspan = 2 }, { "Dự bị động viên", colspan = 3 } }, { "Đã đăng ký", "Đúng chuyên nghiệp", "Tỷ lệ (%)" } },
    rows = { { 1, "Huyện Cao Lộc", 1234567, 1000, { 84.1, decimals = 1, tone = "bad", sign = "✗ không đạt", note = "9/11 báo cáo" } },
      { 2, LA[1], -5, false, { "…", note = LA[2] } }, { "", "Cộng", 1234562, 1000, "", total = true } },
    notes = { "Ghi chú dưới bảng.", LA[3] }, anchor = "bieu-1" }
  doc:table { title = "Biểu 2. Nền theo tình trạng", tinted = true, head = { "Huyện", "T1", "T2" },
    rows = { { "Cao Lộc", { 98.2, decimals = 1, tone = "good", sign = "✓", anchor = "o-1" }, { 20, tone = "warn", sign = "!" } }, { "Đình Lập", { 93.7, decimals = 1, tone = "bad", sign = "✗" }, { "…", tone = "muted" } } } }
  local rows = {}
  for i = 1, 40 do rows[i] = { i, HUYEN[(i - 1) % 11 + 1], i * 1000, i / 3 } end
  doc:table { title = "Biểu 3. Dài", head = { "STT", "Đơn vị", "Số", "Số lẻ" }, rows = rows, decimals = { nil, nil, 0, 2 } }
  local head, row = { "Đơn vị" }, { "Huyện Cao Lộc" }
  for i = 2, 25 do head[i], row[i] = "Cột " .. i, i * 12345 end
  doc:table { title = "Biểu 4. Rộng", head = head, rows = { row, row }, landscape = true }
  doc:table { head = { "Trống" }, rows = {} }
end

report "moi-thu" {
  title = "Mọi thứ <&>", params = { period = "year" },
  build = function(doc)
    doc:official { superior = "UBND TỈNH LẠNG SƠN", agency = "BỘ CHỈ HUY QUÂN SỰ TỈNH", issuer = "Bộ Chỉ huy Quân sự tỉnh", number = "…/BC-BCH", place = "Lạng Sơn", date = "2021-02-05",
      kind = "BÁO CÁO", subject = "Mọi thứ " .. LA[2], to = "UBND tỉnh\nCác sở", secrecy = "MẬT", urgency = "HỎA TỐC" }
    text(doc)
    tables(doc)
    doc:heading("III. Biểu đồ")
    bars(doc)
    lines(doc)
    cells(doc)
    doc:heading("IV. Ô và phần")
    doc:tiles {
      { title = "Tỷ lệ " .. LA[1], value = "97,7", unit = "%", tone = "good", note = "mục tiêu 95", trend = { 90, false, 97.7 }, trend_from = "2018", trend_to = "2020", target = 95, link = "#bieu-1" },
      { title = "Tiền", value = "1.234.567.890.123", unit = "đồng", tone = "bad", sign = "✗ vượt" }, { title = "Không có" },
    }
    doc:columns(function(part)
      part:heading("Trái", { level = 2 })
      bars(part)
    end, function(part)
      part:heading("Phải", { level = 2 })
      lines(part)
    end)
    doc:details("Phần gấp", function(part)
      part:heading("Trong phần gấp", { level = 3 })
      part:table { head = { "A", "B" }, rows = { { 1, 2 } } }
      part:details("Lồng nhau", function(inner) inner:para("Sâu.") end, { open = true })
    end, { anchor = "gap" })
    doc:page_break()
    doc:sign { authority = "TM. BAN CHỈ ĐẠO", title = "CHỈ HUY TRƯỞNG", deputy = "KT. CHỈ HUY TRƯỞNG\nPHÓ CHỈ HUY TRƯỞNG", name = "Đại tá Nguyễn Văn A", recipients = { "Như trên", "Lưu: VT, TM" } }
    doc:appendix("SỐ LIỆU", { number = "I", anchor = "phu-luc" })
    doc:table { head = { "A" }, rows = { { 1 } } }
  end,
}
