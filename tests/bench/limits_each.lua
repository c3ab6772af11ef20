-- SPDX-License-Identifier: MIT
-- A formula of columns and one by cell, over all communes and two years.
local f = kh.query {
  columns = { { "rate", function(m) return 100 * m.m01 / (m.m02 + 1) end } },
  names = { "cell" }, units = kh.units { kind = "commune" }, period = "2020..2021", every = "month",
}
assert(#f > 0)
