-- SPDX-License-Identifier: MIT
-- Bytes as calls (fuzz_api.c): function, how many arguments, which ones; results may be arguments of later calls.

local functions, methods = {}, {}
local skip = { import = true } -- waits for files
for _, space in ipairs { "kh", "string", "table", "utf8", "math", "coroutine", "os" } do
  local names = {}
  for name in pairs(_G[space]) do if not skip[name] then names[#names + 1] = name end end
  table.sort(names)
  for _, name in ipairs(names) do functions[#functions + 1] = _G[space][name] end
end
for _, f in ipairs { pcall, xpcall, error, assert, tostring, tonumber, select, next, rawget, rawset, rawlen, setmetatable, getmetatable, load, require, ipairs, pairs, print, collectgarbage } do
  functions[#functions + 1] = f
end
for name in ("next prev parts contains label year start last add sort where head group join pivot print csv xlsx json rows columns all one frame close lt le gt ge eq ne both either negated otherwise " ..
    "prev same_period_last_year to_date over parent share rank cut of is within children at text write code name"):gmatch("%S+") do
  methods[#methods + 1] = name
end

local function loop(x) return x end

local function fresh()
  return table.pack(
    nil, true, false, 0, 1, -1, 2, 100, 1 << 40, math.maxinteger, math.mininteger, 0.5, -0.0, 1e308, math.huge, 0 / 0,
    "", "x", "T", "a", "top", "2018", "2018Q1", "2018-03", "2016..2018", "year", "month", "district", "case", "out/f.csv", "data/F_a_2018.csv", "../x", "\0", "\27[2J", "%d%s%q", "(.-)%1*",
    ("x"):rep(1000), "SELECT 1 AS a", "SELECT unit, value FROM v_value",
    {}, { 1, 2, 3 }, { "a", "b" }, { names = "x", period = "2018" }, { kind = "district" }, { period = "2018" }, { form = "F" }, { a = 1, k = "x" },
    setmetatable({}, { __len = function() return 1 << 40 end }), setmetatable({}, { __index = function(_, k) return k end }),
    setmetatable({}, { __tostring = function() error("no") end }), setmetatable({}, { __call = loop }),
    loop, function() return true end, function(r) return r.a end, function() error({}) end, function(m) return m.x end,
    kh.period("2018"), kh.unit("a"), kh.frame({ "a", "k" }, { { a = 1, k = "x" }, { a = 2, k = "y" } }), coroutine.create(loop), print, kh, string)
end

return function(bytes)
  local values, at = fresh(), 1
  local first = values.n
  local n = first
  local function take(below)
    local b = bytes:byte(at) or 0
    at = at + 1
    return b % below
  end
  local function value() return values[take(n) + 1] end
  local function keep(...)
    for i = 1, math.min(select("#", ...), 4) do
      n = n < 250 and n + 1 or first + 1 + take(100)
      values[n] = (select(i, ...))
    end
  end
  local function guarded(f, ...)
    local r = table.pack(pcall(f, ...))
    if r[1] then keep(table.unpack(r, 2, r.n)) end
  end
  -- A formula: a stack machine over columns.
  local function formula(m)
    local stack = { m.x, m.y }
    for _ = 1, take(40) do
      local a, b, op = stack[#stack], stack[#stack - 1] or 1, take(24)
      local r
      if op == 0 then r = a + b elseif op == 1 then r = a - b elseif op == 2 then r = a * b elseif op == 3 then r = a / b elseif op == 4 then r = a // b
      elseif op == 5 then r = a % b elseif op == 6 then r = a ^ take(5) elseif op == 7 then r = -a elseif op == 8 then r = a:lt(b) elseif op == 9 then r = kh.when(a:ge(b), a, b)
      elseif op == 10 then r = a:otherwise(take(9)) elseif op == 11 then r = kh.min(a, b) elseif op == 12 then r = kh.round(a, take(12)) elseif op == 13 then r = kh.abs(a)
      elseif op == 14 then r = a:prev(1 + take(3)) elseif op == 15 then r = a:same_period_last_year() elseif op == 16 then r = a:to_date() elseif op == 17 then r = a:over(1 + take(4))
      elseif op == 18 then r = a:parent() elseif op == 19 then r = a:share() elseif op == 20 then r = a:rank() elseif op == 21 then r = kh.log(a)
      elseif op == 22 then r = m.x else r = a + value() end
      stack[#stack + 1] = r
    end
    return stack[#stack]
  end
  while at <= #bytes do
    local what = take(8)
    if what < 4 then
      local f, args, k = functions[take(#functions) + 1], {}, take(5)
      for i = 1, k do args[i] = value() end
      guarded(f, table.unpack(args, 1, k))
    elseif what < 7 then
      local self, name, a, b = value(), methods[take(#methods) + 1], value(), value()
      guarded(function() return self[name](self, a, b) end)
    else
      guarded(kh.query, { columns = { { "c", formula } }, units = kh.units { kind = "district" }, period = "2016..2018" })
    end
  end
end
