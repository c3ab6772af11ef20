-- SPDX-License-Identifier: MIT
-- An analysis with SQL: what each sender was given and has not spent, in whole
-- đồng, the largest remainder first, and the line of the file where it stands.
--
--   kehoach run examples/ngan-sach-con-lai.lua [YEAR] [HOW MANY]

local year, most = arg[1] or "2020", tonumber(arg[2] or 5)

local rows = kh.sql([[
  SELECT a.unit, a.unit_name, a.cut, a.value - coalesce(s.value, 0) AS remains, a.file, a.line
  FROM v_value a
  LEFT JOIN v_value s ON s.measure = 'budget_spent' AND s.period = a.period AND s.unit = a.unit AND s.cut = a.cut
  WHERE a.measure = 'budget_allocated' AND a.period = ? AND a.cut <> ''
  ORDER BY remains DESC, a.unit, a.cut
  LIMIT ?]], year, most)

local total = 0
for r in rows do
  print(("%16s đồng  %s, mục %s  (%s:%d)"):format(kh.format(r.remains), r.unit_name, r.cut:match("=(.*)$"), r.file, r.line))
  total = total + r.remains
end
print(("%16s đồng  cộng"):format(kh.format(total)))
