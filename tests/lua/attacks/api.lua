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
--@ over too much | error:1000
kh.query { columns = { { "c", function(m) return m.x:over(1 << 40) end } }, period = "2018" }
--@ prev with a negative number | error:1000
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
