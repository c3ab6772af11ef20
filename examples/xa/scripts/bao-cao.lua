-- SPDX-License-Identifier: MIT
-- One page a month.

report "thang" {
  title = "Tiêm chủng trong tháng", params = { period = "month" },
  build = function(doc, p)
    local tong = kh.figure("TC1", "sm", p.period)
    doc:para(("Đến %s, %s trẻ dưới 1 tuổi của xã được tiêm đủ; mục tiêu cả năm %s."):format(p.period:label("vi"), kh.format(tong.value, 1) .. "%", tong.target))
    local f = kh.query { measures = { "children", "vaccinated", "reactions" }, indicators = { "TC1" }, level = "village", period = p.period }
    doc:table(f, { columns = { "unit", "children", "vaccinated", "reactions", "TC1" }, total = "Toàn xã", status = true, number = true })
    doc:chart { kind = "bar", data = f, x = "unit", y = "TC1", target = 95, title = "Tiêm đủ từ đầu năm", unit = "%", decimals = 1 }
    local con = {}
    for row in f:rows() do
      local thieu = row.TC1 and row.TC1 < 95 and math.ceil((95 - row.TC1) * row.children / 100)
      if thieu and thieu > 0 then con[#con + 1] = ("%s: còn %d trẻ"):format(row.unit.title, thieu) end
    end
    if #con > 0 then doc:list(con) end
  end,
}
