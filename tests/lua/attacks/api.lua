-- SPDX-License-Identifier: MIT
-- Our own functions with hostile arguments.
--@ period of a table | error:period
kh.period({})
--@ period of nothing | error:period
kh.period()
--@ period of a long text | error:not a period
kh.period(("2"):rep(100000))
--@ period far away | ok
local p = kh.period("2018")
local q = p + 99999
--@ period too far | error:too many
local p = kh.period("2018") + 1000000
--@ period plus a text | error:whole number
local p = kh.period("2018") + "10"
--@ difference of other lengths | error:one length
local d = kh.period("2018") - kh.period("2018Q1")
--@ parts of an unknown length | error:length
kh.period("2018"):parts("fortnight")
--@ a method with a dot | error:expected
kh.period("2018").next()
--@ unit of a number | error:unit
kh.unit(5)
--@ unit that is not there | error:not-there
kh.unit("not-there")
--@ units with an unknown key | error:no "knd"
kh.units { knd = "district" }
--@ units of an unknown kind | error:no kind
kh.units { kind = "distrikt" }
--@ units with an unknown group | error:neither|error:group
kh.units { group = { nothing = "x" } }
--@ units at a bad date | error:date
kh.units { at = "yesterday" }
--@ query with nothing | error:missing|error:what is asked
kh.query {}
--@ query of a number | error:table
kh.query(5)
--@ query with unknown names | error:did you mean
kh.query { names = "reserve_registerd", period = "2018" }
--@ query with very many units | time|memory|error:at most|ok|output
local u = {}
for i = 1, 100000 do u[i] = kh.units()[1] end
kh.query { names = "x", period = "2016..2020", every = "day", units = u }
--@ query of very many columns | error:10,000|error:unknown|time|memory
local n = {}
for i = 1, 20000 do n[i] = "x" end
kh.query { names = n, period = "2018" }
--@ query of very many days | time|memory|error:at most|error:month
kh.query { names = "x", period = "1900..2190", every = "day" }
--@ a formula that returns nothing | error:returned nothing
kh.query { columns = { { "c", function(m) end } }, period = "2018" }
--@ a formula that returns a text | error:not with a string
kh.query { columns = { { "c", function(m) return "x" end } }, period = "2018" }
--@ a formula that never ends | time
kh.query { columns = { { "c", function(m) while true do end end } }, period = "2018" }
--@ a formula that grows as a chain | error:too large
kh.query { columns = { { "c", function(m) local a = m.x for i = 1, 100000 do a = a + 1 end return a end } }, period = "2018" }
--@ a formula that doubles itself | error:too large
kh.query { columns = { { "c", function(m) local a = m.x for i = 1, 64 do a = a + a end return a end } }, period = "2018" }
--@ formulas without end | time|error:more than
kh.query { columns = { { "c", function(m) while true do local a = m.x + 1 end end } }, period = "2018" }
--@ a comparison with < | error:a:lt(b)
kh.query { columns = { { "c", function(m) return m.x < m.y end } }, period = "2018" }
--@ a comparison with == | error:a:lt(b)
kh.query { columns = { { "c", function(m) return m.x == m.y end } }, period = "2018" }
--@ a formula with a huge number | error:exactly
kh.query { columns = { { "c", function(m) return m.x * 1e300 end } }, period = "2018" }
--@ a formula with NaN | error:exactly
kh.query { columns = { { "c", function(m) return m.x * (0 / 0) end } }, period = "2018" }
--@ a formula with infinity | error:exactly
kh.query { columns = { { "c", function(m) return m.x * math.huge end } }, period = "2018" }
--@ a formula that concatenates | error:concatenate
kh.query { columns = { { "c", function(m) return m.x .. "1" end } }, period = "2018" }
--@ m is closed | error:written
kh.query { columns = { { "c", function(m) m.x = 1 return m.x end } }, period = "2018" }
--@ an unknown measure names the nearest | error:did you mean
kh.query { columns = { { "c", function(m) return m.reserve_registred end } }, period = "2018" }
--@ an expression outside of its formula | ok
local keep
pcall(kh.query, { columns = { { "c", function(m) keep = m.x return m.x end } }, period = "2018" })
local y = keep + 1
--@ over nothing | error:number of periods
kh.query { columns = { { "c", function(m) return m.x:over() end } }, period = "2018" }
--@ over too much | error:is from 1 to
kh.query { columns = { { "c", function(m) return m.x:over(1 << 40) end } }, period = "2018" }
--@ prev with a negative number | error:
kh.query { columns = { { "c", function(m) return m.x:prev(-1) end } }, period = "2018" }
--@ a cut by what is not there | error:category
kh.query { columns = { { "c", function(m) return m.x:cut { nothing = "x" } end } }, period = "2018" }
--@ a frame with lying rows | error:row 1
kh.frame({ "a" }, { 5 })
--@ a frame with very many cells | memory|time
local rows, r = {}, { a = 1 }
for i = 1, 1000000 do rows[i] = r end
kh.frame({ "a", "b", "c" }, rows)
--@ frames without end | memory|time
local t = {}
local rows, r = {}, { a = 1 }
for i = 1, 1000 do rows[i] = r end
while true do t[#t + 1] = kh.frame({ "a", "b", "c", "d" }, rows) end
--@ frames dropped without end | time
local rows, r = {}, { a = 1 }
for i = 1, 1000 do rows[i] = r end
while true do kh.frame({ "a", "b", "c", "d" }, rows) end
--@ where with a test that never ends | time
kh.frame({ "a" }, { { a = 1 } }):where(function() while true do end end)
--@ where with a test that fails | error:my fault
kh.frame({ "a" }, { { a = 1 } }):where(function() error("my fault") end)
--@ sort by a column that is not there | error:no column
kh.frame({ "a" }, { { a = 1 } }):sort("b")
--@ add with a function that gives a table | error:cell holds
kh.frame({ "a" }, { { a = 1 } }):add("b", function() return {} end)
--@ a report that is not there | error:not-there
kh.report("not-there")
--@ a report that calls itself | error:deeply|error:cannot write|error:overflow
kh.report("again", { period = "2018" }):text()
--@ a report that never ends | time
kh.report("endless", { period = "2018" }):text()
--@ a report that keeps its document | error:lives only
kh.report("keeps", { period = "2018" }):text()
kh.report("uses", { period = "2018" }):text()
--@ a report that keeps a part of its document | error:lives only
kh.report("keeps-part", { period = "2018" }):text()
kh.report("uses", { period = "2018" }):text()
--@ a report whose part fails | error:part fault
kh.report("part-fails", { period = "2018" }):text()
--@ a table whose span leaves it | error:span
kh.report("span", { period = "2018" }):text()
--@ a link that is a script | error:http
kh.report("link", { period = "2018" }):text()
--@ import with an unknown option | error:no "frm"
kh.import("data/x.csv", { frm = "F" })
--@ a row function that never ends | time
kh.import("data/endless.csv")
--@ a row function that keeps its row | ok
kh.import("data/keeps.csv")
local ok, err = pcall(function() return kept_row() end)
--@ format of a text | error:number
kh.format("x")
--@ format with very many decimals | error:decimals
kh.format(1, 100)
--@ log with a level that is not there | error:level
kh.log("shout", "x")
--@ sorted of a table with mixed keys | ok
for k in kh.sorted { 1, 2, a = 1, [true] = 2 } do end
--@ explain of what is not there | error:nothing
kh.explain("nothing", "top", "2018")
--@ value with a missing argument | error:period
kh.value("x", kh.units()[1])
--@ a method of one class with another's self | error:
kh.frame({ "a" }, {}).sort(kh.period("2018"), "a")
--@ a method with a table as self | error:
kh.frame({ "a" }, {}).print({})
--@ getmetatable of a handle tells nothing | ok
local mt = getmetatable(kh.period("2018"))
assert(type(mt) ~= "table" or mt.__index == nil or pcall(function() mt.__index = nil end) == false)
--@ setmetatable of a handle | error:
setmetatable(kh.period("2018"), {})
--@ rawset of kh | error:
rawset(kh, "print", print)
--@ rawset of a handle | error:
rawset(kh.period("2018"), "x", 1)
--@ a hundred thousand periods | ok|time|error:nil value
local p = kh.period("2018-01-01")
for i = 1, 100000 do p = p:next() end
--@ parts of a hundred years in days | ok|time|error:
for i = 1, 1000 do kh.period("2018"):parts("day") end
--@ a range of periods without end | error:|time|memory
kh.query { names = "x", period = "0001..9999", every = "day" }
--@ a million names | error:|time|memory
local n = {}
for i = 1, 1000000 do n[i] = "x" end
kh.query { names = n, period = "2018" }
--@ an option table with a metatable that lies | error:|ok
kh.query(setmetatable({}, { __index = function(_, k) return k == "names" and "x" or k == "period" and "2018" or nil end }))
--@ an option table whose __index never ends | time|error:|ok
kh.query(setmetatable({}, { __index = function() while true do end end }))
--@ an option table whose __pairs never ends | time|error:|ok
kh.query(setmetatable({ names = "x", period = "2018" }, { __pairs = function() while true do end end }))
--@ a list whose __len lies | error:|ok|time
kh.query { names = setmetatable({ "x" }, { __len = function() return 1 << 40 end }), period = "2018" }
--@ a row whose __index fails | error:|ok
kh.frame({ "a" }, { setmetatable({}, { __index = function() error("my index") end }) })
--@ a row whose __tostring never ends | time|error:|ok
kh.frame({ "a" }, { { a = setmetatable({}, { __tostring = function() while true do end end }) } })
--@ a frame of a thousand columns | error:|ok|memory
local c = {}
for i = 1, 1000 do c[i] = "c" .. i end
kh.frame(c, { {} }):print()
--@ a frame of a hundred thousand columns | error:|memory|time
local c = {}
for i = 1, 100000 do c[i] = "c" .. i end
kh.frame(c, { {} }):print()
--@ the same column twice | error:|ok
kh.frame({ "a", "a" }, { { a = 1 } })
--@ a column with escapes in its name | ok|error:
kh.frame({ "a\27[2J\0b" }, { {} }):print()
--@ a join that multiplies | memory|time|error:
local rows = {}
for i = 1, 20000 do rows[i] = { k = 1, v = i } end
local f = kh.frame({ "k", "v" }, rows)
local g = f:join(f, "k")
--@ joins that multiply, one after another | memory|time|error:
local f = kh.frame({ "k", "v" }, { { k = 1, v = 1 }, { k = 1, v = 2 } })
for i = 1, 40 do f = f:join(f, "k") end
--@ a pivot into a hundred thousand columns | error:|memory|time
local rows = {}
for i = 1, 100000 do rows[i] = { k = i, v = i, w = 1 } end
kh.frame({ "k", "v", "w" }, rows):pivot("v", "w")
--@ a pivot into rows and columns by the thousand | memory
local rows = {}
for i = 1, 5000 do rows[i] = { k = i, v = i, w = 1 } end
kh.frame({ "k", "v", "w" }, rows):pivot("k", "v", "w")
--@ a group by everything, by a function without end | time|error:
kh.frame({ "a" }, { { a = 1 } }):group("a", function() while true do end end)
--@ rows() after the frame was changed | ok|error:
local f = kh.frame({ "a" }, { { a = 1 }, { a = 2 } })
for r in f:rows() do f:add("b" .. tostring(r.a), function() return 1 end) end
--@ add with a function that changes the frame | ok|error:
local f = kh.frame({ "a" }, { { a = 1 }, { a = 2 } })
f:add("b", function(r) f:sort("a") return 1 end)
--@ where with a function that fails in a coroutine | error:
coroutine.wrap(function() kh.frame({ "a" }, { { a = 1 } }):where(function() coroutine.yield() end) end)()
--@ head of a negative number | error:|ok
kh.frame({ "a" }, { { a = 1 } }):head(-1)
--@ head of a huge number | ok|error:
kh.frame({ "a" }, { { a = 1 } }):head(math.maxinteger)
--@ a cell longer than a workbook takes | error:|ok
assert(kh.frame({ "a" }, { { a = ("x"):rep(40000) } }):xlsx("out/long.xlsx"))
--@ a formula in a cell stays text | ok
assert(kh.frame({ "a" }, { { a = "=1+1" }, { a = "+cmd|' /C calc'!A0" } }):csv("out/formula.csv"))
assert(kh.read("out/formula.csv"):find("'=1+1", 1, true))
--@ a file whose name has a zero byte | error:
kh.frame({ "a" }, {}):csv("out/x\0.csv")
--@ a file whose name has a newline | error:|ok
kh.write("out/a\nb", "x")
--@ a file whose name is a thousand letters | error:
assert(kh.write("out/" .. ("x"):rep(1000), "x"))
--@ a path of ten thousand folders | error:
assert(kh.write("out/" .. ("a/"):rep(10000) .. "x", "x"))
--@ write over the store by a link | error:
assert(kh.write("out/../kehoach.db", "x"))
--@ write the store's log | error:
assert(kh.write("kehoach.db-wal", "x"))
--@ a formula with a chain of when | error:too large|error:more than
kh.query { columns = { { "c", function(m) local a = m.x for i = 1, 100000 do a = kh.when(a:lt(1), a, 1) end return a end } }, period = "2018" }
--@ a formula with a million leaves in min | error:|memory|time
kh.query { columns = { { "c", function(m) local t = {} for i = 1, 200000 do t[i] = m.x end return kh.min(table.unpack(t)) end } }, period = "2018" }
--@ a formula that asks the store | error:
kh.query { columns = { { "c", function(m) return m.x + kh.value("x", "top", "2018") end } }, period = "2018" }
--@ a formula that writes a file | error:
kh.query { columns = { { "c", function(m) kh.write("out/f", "x") return m.x:over(-1) end } }, period = "2018" }
--@ a formula that yields | error:
coroutine.wrap(function() kh.query { columns = { { "c", function(m) coroutine.yield() return m.x end } }, period = "2018" } end)()
--@ a deep tree of parentheses in a formula | error:too large|ok
kh.query { columns = { { "c", function(m) local a = m.x for i = 1, 600 do a = -a end return a end } }, period = "2018" }
--@ a power that overflows | ok|error:
kh.query { columns = { { "c", function(m) return m.x ^ 100000 ^ 2 end } }, period = "2018" }:print()
--@ a tower of products | ok|error:|time
kh.query { columns = { { "c", function(m) local a = m.x for i = 1, 12 do a = a * a end return a end } }, period = "2018" }:print()
--@ round to a million decimals | error:
kh.query { columns = { { "c", function(m) return kh.round(m.x, 1000000) end } }, period = "2018" }
--@ a cut with ten thousand options | error:
local t = {}
for i = 1, 10000 do t["k" .. i] = "v" end
kh.query { columns = { { "c", function(m) return m.x:cut(t) end } }, period = "2018" }
--@ a document of a million headings | output|memory|time
kh.report("headings", { period = "2018" }):text()
--@ a document of a million charts | output|memory|time
kh.report("charts", { period = "2018" }):text()
--@ details within details | error:|output|time
kh.report("nested", { period = "2018" }):text()
--@ a chart of a million points | output|memory|time|error:
kh.report("points", { period = "2018" }):text()
--@ a report with a parameter of a megabyte | ok|error:
kh.report("r", { period = "2018", x = ("x"):rep(1 << 20) }):text()
--@ a report with control bytes in a parameter | ok|error:
kh.report("r", { period = "2018\27[2J" }):text()
--@ log of control bytes | ok
kh.log("a\27[2Jb\rc\nd\0e")
--@ explain with a loop | ok|time|error:
for i = 1, 2000 do kh.explain("T", "top", "2018") end
--@ a list of units, a million times | ok|time|memory
local t = {}
for i = 1, 1000000 do t[i] = kh.units() end
--@ import of a fifo does not hang | error:|ok
kh.import("data/fifo")
--@ import of a folder | error:folder
assert(kh.import("data"))
--@ an inbox that is a file | error:
kh.inbox("data/units.csv"):import()
--@ require of a path | error:
require("../kehoach")
--@ require of an absolute path | error:
require("/etc/passwd")
--@ require of a module with a zero byte | error:
require("helper\0.lua")
--@ require of a module that requires itself | error:|ok
require("selfish")
--@ require of a module that never ends | time
require("endless")
