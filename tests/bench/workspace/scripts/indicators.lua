-- SPDX-License-Identifier: MIT
-- Ten ratios with a target, half of them shares of a sum; and one figure of three inputs twice, as a formula and cell by cell.

local ratios = {
  { "m01", "m02" }, { "m03", "m04" }, { "m05", "m06" }, { "m07", "m08" }, { "m20", "m02" },
  { "m09", "m10" }, { "m11", "m12" }, { "m14", "m15" }, { "m16", "m17" }, { "m18", "m19" },
}
for i, r in ipairs(ratios) do
  indicator(string.format("R%02d", i)) {
    title = "Tỷ lệ " .. i, unit = "%", decimals = 1, target = { at_least = 95 },
    formula = function(m)
      local a, b = m[r[1]], m[r[2]]
      return i > 5 and 100 * a / (a + b) or 100 * a / b
    end,
  }
end

indicator "AS_FORMULA" { title = "Ba đầu vào", decimals = 1, formula = function(m) return 100 * (m.m01 + m.m03) / m.m04 end }
indicator "AS_EACH" {
  title = "Ba đầu vào, từng ô", decimals = 1,
  each = function(c)
    local a, b, d = c.m01, c.m03, c.m04
    if a and b and d and d ~= 0 then return 100 * (a + b) / d end
  end,
}
