-- SPDX-License-Identifier: MIT
-- Honest scripts that must go on working.
--@ a big string under the limit | ok
local s = ("x"):rep(20 << 20)
assert(#s == 20 << 20)
--@ building a text from pieces | ok
local t = {}
for i = 1, 100000 do t[#t + 1] = "dòng " .. i end
assert(#table.concat(t, "\n") > 1000000)
--@ deep recursion under the limit | ok
local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end
assert(f(150000) == 150000)
--@ recursion with tables | ok
local function tree(n) if n == 0 then return {} end return { tree(n - 1), tree(n - 1) } end
local function count(t) local n = 1 for _, c in ipairs(t) do n = n + count(c) end return n end
assert(count(tree(14)) == 32767)
--@ coroutines as generators | ok
local function numbers(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local sum = 0
for i in numbers(10000) do sum = sum + i end
assert(sum == 50005000)
--@ coroutines that pass values both ways | ok
local co = coroutine.create(function(a) local b = coroutine.yield(a + 1) return b * 2 end)
assert(select(2, coroutine.resume(co, 1)) == 2)
assert(select(2, coroutine.resume(co, 10)) == 20)
assert(coroutine.status(co) == "dead")
--@ errors in coroutines are results | ok
local co = coroutine.create(function() error("inside") end)
local ok, err = coroutine.resume(co)
assert(not ok and err:find("inside"))
--@ yield across pcall | ok
local co = coroutine.wrap(function() local ok, v = pcall(function() return coroutine.yield(1) end) return ok, v end)
assert(co() == 1)
local ok, v = co("back")
assert(ok and v == "back")
--@ yield across a metamethod | ok
local mt = { __add = function(a, b) return coroutine.yield("adding") end }
local co = coroutine.wrap(function() return setmetatable({}, mt) + 1 end)
assert(co() == "adding" and co(5) == 5)
--@ coroutine.close runs the handlers | ok
local closed
local co = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() closed = true end }) coroutine.yield() end)
coroutine.resume(co)
assert(coroutine.close(co) and closed)
--@ coroutine.close gives the error | ok
local co = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() error("closing") end }) coroutine.yield() end)
coroutine.resume(co)
local ok, err = coroutine.close(co)
assert(not ok and err:find("closing"))
--@ isyieldable and running | ok
local _, main = coroutine.running()
assert(main and not coroutine.isyieldable())
coroutine.wrap(function() assert(coroutine.isyieldable()) end)()
--@ classes with metatables | ok
local Account = {}
Account.__index = Account
function Account.new(n) return setmetatable({ balance = n }, Account) end
function Account:add(n) self.balance = self.balance + n return self end
assert(Account.new(5):add(7).balance == 12)
--@ inheritance | ok
local A = { hello = function() return "A" end } A.__index = A
local B = setmetatable({}, A) B.__index = B
assert(setmetatable({}, B).hello() == "A")
--@ operators by metamethods | ok
local V = {}
V.__index = V
V.__add = function(a, b) return setmetatable({ a[1] + b[1] }, V) end
V.__eq = function(a, b) return a[1] == b[1] end
V.__lt = function(a, b) return a[1] < b[1] end
V.__tostring = function(a) return "V" .. a[1] end
V.__len = function() return 1 end
V.__call = function(a, x) return a[1] * x end
V.__concat = function(a, b) return tostring(a) .. tostring(b) end
local a, b = setmetatable({ 1 }, V), setmetatable({ 2 }, V)
assert((a + b)[1] == 3 and a < b and a ~= b and tostring(a) == "V1" and #a == 1 and b(4) == 8)
assert(a .. "x" == "V1x")
--@ __pairs and __index functions | ok
local t = setmetatable({}, { __index = function(_, k) return k * 2 end, __pairs = function() return next, { 1, 2, 3 } end })
assert(t[21] == 42)
local n = 0
for _ in pairs(t) do n = n + 1 end
assert(n == 3)
--@ to-be-closed variables | ok
local log = {}
do
  local a <close> = setmetatable({}, { __close = function() log[#log + 1] = "a" end })
  local b <close> = setmetatable({}, { __close = function() log[#log + 1] = "b" end })
end
assert(table.concat(log) == "ba")
--@ constants and attributes | ok
local x <const> = 5
assert(x == 5)
--@ goto for continue | ok
local n = 0
for i = 1, 10 do
  if i % 2 == 0 then goto continue end
  n = n + i
  ::continue::
end
assert(n == 25)
--@ integer and float division | ok
assert(7 // 2 == 3 and -7 // 2 == -4 and 7 % -3 == -2 and 7 / 2 == 3.5 and 2 ^ 10 == 1024.0)
--@ 64-bit integers stay exact | ok
assert(9007199254740993 + 1 == 9007199254740994 and math.maxinteger == 9223372036854775807)
--@ bitwise operators | ok
assert(0xF0 & 0x3C == 0x30 and 0xF0 | 0x0F == 0xFF and 1 << 4 == 16 and ~0 == -1 and 5 ~ 1 == 4)
--@ string methods | ok
assert(("Lạng Sơn"):len() == 11 and ("abc"):upper() == "ABC" and ("abc"):reverse() == "cba" and ("abc"):byte(2) == 98)
assert(("a,b,c"):gsub(",", ";") == "a;b;c")
assert(("x"):rep(3, "-") == "x-x-x")
--@ patterns with captures | ok
local y, m, d = ("2018-03-15"):match("(%d+)%-(%d+)%-(%d+)")
assert(y == "2018" and m == "03" and d == "15")
assert(("key = value"):match("^(%w+)%s*=%s*(%w+)$") == "key")
--@ patterns with sets, frontier and balance | ok
assert(("THE (quick) fox"):find("%f[%a]%a+%f[%A]") == 1)
assert(("f(a(b)c)d"):match("%b()") == "(a(b)c)")
assert(("[x]"):match("[]%[]") == "[")
assert(("a-b"):match("[a%-z]+") == "a-")
assert(("x^y"):find("^", 1, true) == 2)
assert(("aXb"):match("[^%l]") == "X")
--@ position captures and anchors | ok
assert(("hello"):match("()ll()") == 3)
assert(select(2, ("hello"):match("()ll()")) == 5)
assert(not ("hello"):match("^ello"))
assert(("hello"):match("llo$") == "llo")
--@ gsub with functions and tables | ok
assert(("$name is $age"):gsub("%$(%w+)", { name = "An", age = 30 }) == "An is 30")
assert(("abc"):gsub("%w", function(c) return c:upper() end) == "ABC")
assert(("abc"):gsub("%w", "%0%0", 2) == "aabbc")
assert(("abc"):gsub("", "-") == "-a-b-c-")
assert(("hello world"):gsub("o", "0", 1) == "hell0 world")
--@ gmatch with anchors of words | ok
local t = {}
for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do t[k] = v end
assert(t.a == "1" and t.b == "2")
local n = 0
for _ in ("abc"):gmatch("") do n = n + 1 end
assert(n == 4)
--@ gmatch from a place | ok
local t = {}
for w in ("one two three"):gmatch("%a+", 5) do t[#t + 1] = w end
assert(table.concat(t, ",") == "two,three")
--@ lazy and greedy | ok
assert(("<a><b>"):match("<(.-)>") == "a" and ("<a><b>"):match("<(.*)>") == "a><b")
assert(("aaa"):match("a-$") == "aaa" and ("aaab"):match("a*b?") == "aaab")
--@ back references | ok
assert(('say "hi" now'):match("([\"'])(.-)%1") == '"')
assert(select(2, ('say "hi" now'):match("([\"'])(.-)%1")) == "hi")
--@ string.format | ok
assert(("%5.2f|%-5s|%05d|%x|%q"):format(3.14159, "ab", 42, 255, "a\nb") == ' 3.14|ab   |00042|ff|"a\\\nb"')
assert(("%s %s"):format(nil, true) == "nil true")
--@ utf8 | ok
assert(utf8.len("Lạng Sơn") == 8 and utf8.char(7841) == "ạ" and utf8.codepoint("ạ") == 7841)
local n = 0
for p, c in utf8.codes("Sơn") do n = n + 1 end
assert(n == 3 and utf8.offset("Sơn", 3) == 4)
--@ table functions | ok
local t = { 3, 1, 2 }
table.sort(t)
assert(table.concat(t, ",") == "1,2,3")
table.insert(t, 4) table.insert(t, 1, 0)
assert(table.concat(t, ",") == "0,1,2,3,4")
assert(table.remove(t) == 4 and table.remove(t, 1) == 0 and #t == 3)
assert(table.unpack({ 1, 2, 3 }, 2) == 2)
assert(table.pack(1, nil, 3).n == 3)
assert(table.concat(table.move({ 1, 2, 3 }, 1, 3, 2), ",") == "1,1,2,3")
assert(#table.move({ 1, 2, 3 }, 2, 3, 1, {}) == 2)
assert(table.remove({}) == nil)
--@ a stable sort | ok
local t = {}
for i = 1, 1000 do t[i] = { k = i % 10, i = i } end
table.sort(t, function(a, b) return a.k < b.k end)
for i = 2, 1000 do assert(t[i - 1].k < t[i].k or (t[i - 1].k == t[i].k and t[i - 1].i < t[i].i)) end
--@ sorting a hundred thousand | ok
local t = {}
for i = 1, 100000 do t[i] = (i * 7919) % 100003 end
table.sort(t)
for i = 2, #t do assert(t[i - 1] <= t[i]) end
--@ select, next, rawget and friends | ok
assert(select("#", 1, nil, 3) == 3 and select(-1, 1, 2, 3) == 3)
assert(next({}) == nil and rawlen({ 1, 2 }) == 2 and rawequal("a", "a") and rawget({ x = 1 }, "x") == 1)
local t = rawset({}, "x", 1)
assert(t.x == 1)
--@ pcall and xpcall | ok
local ok, err = pcall(error, { code = 5 })
assert(not ok and err.code == 5)
local ok, trace = xpcall(function() error("x") end, function(m) return "handled: " .. m end)
assert(not ok and trace:find("^handled: .*x$"))
assert(select("#", pcall(function() return 1, 2, 3 end)) == 4)
assert(select(3, xpcall(function(a, b) return a, b end, print, 1, 2)) == 2)
--@ errors carry their place | ok
local ok, err = pcall(function() error("here") end)
assert(err:match("^[^:]+:%d+: here$"), err)
local ok, err = pcall(error, "no place", 0)
assert(err == "no place")
--@ assert with a message of any type | ok
local ok, err = pcall(assert, false, { 1 })
assert(type(err) == "table")
local ok, err = pcall(assert, nil)
assert(err:find("assertion failed"))
assert(select("#", assert(1, 2, 3)) == 3)
--@ load of text with an environment | ok
local f = load("return a + b", "sum", "t", { a = 1, b = 2 })
assert(f() == 3)
local f, err = load("return +")
assert(not f and err)
assert(load(function() return nil end))
local parts = { "return ", "4", "2" }
local i = 0
assert(load(function() i = i + 1 return parts[i] end)() == 42)
--@ loaded code sees the same globals | ok
assert(load("return kh.today()")() == kh.today())
--@ dates and times | ok
assert(os.date("!%Y-%m-%d", 0) == "1970-01-01")
assert(os.time { year = 2018, month = 3, day = 15, hour = 12 } > 0)
assert(type(os.clock()) == "number" and os.difftime(5, 3) == 2)
assert(os.date("*t", 0).year >= 1969)
--@ math | ok
assert(math.floor(3.7) == 3 and math.ceil(3.2) == 4 and math.max(1, 5, 3) == 5 and math.type(1) == "integer" and math.tointeger(3.0) == 3)
assert(math.abs(-5) == 5 and math.huge > 1e308 and math.pi > 3.14 and math.fmod(7, 3) == 1 and math.ult(1, -1))
local r = math.random(10)
assert(r >= 1 and r <= 10)
--@ random numbers begin alike in every run | ok
local a = math.random(1000000)
math.randomseed(100)
assert(a == math.random(1000000))
--@ a million iterations within the time | ok
local s = 0
for i = 1, 1000000 do s = s + i % 7 end
assert(s > 0)
--@ weak tables as caches | ok
local cache = setmetatable({}, { __mode = "v" })
cache[1] = {}
assert(getmetatable(cache).__mode == "v")
--@ memory is given back | ok
for i = 1, 30 do local s = ("x"):rep(10 << 20) .. i end
--@ garbage of ten times the limit | ok
for i = 1, 200000 do local t = { i, i, i, i } end
--@ the count of memory | ok
assert(collectgarbage("count") > 0 and collectgarbage() > 0)
--@ string metatable calls | ok
assert(#("x") == 1 and ("%d"):format(5) == "5" and ("a"):rep(2):upper() == "AA")
--@ concatenation of numbers | ok
assert(1 .. "" == "1" and 1.5 .. "" == "1.5" and "10" + 5 == 15)
--@ varargs | ok
local function f(...) local a, b = ... return select("#", ...), a, b end
assert(f(1, nil) == 2)
--@ long strings and comments | ok
--[==[ a long
comment ]==]
assert([[a
b]] == "a\nb")
--@ require of a module, twice the same | ok
local a, b = require("helper"), require("helper")
assert(a == b and a.double(21) == 42)
--@ a module's own table cannot be changed from outside | ok
local m = require("helper")
assert(not pcall(function() m.double = nil end))
assert(m.double(2) == 4)
--@ walking a module | ok
local n = 0
for k in pairs(require("helper")) do n = n + 1 end
assert(n >= 1)
--@ reading and writing granted files | ok
assert(kh.write("out/hello.txt", "xin chào\n") == "out/hello.txt")
assert(kh.read("out/hello.txt") == "xin chào\n")
local text, err = kh.read("data/units.csv")
assert(text and text:find("code,name"))
--@ a file that is not there is nil and an error | ok
local ok, err = pcall(kh.read, "data/nothing.csv")
assert(not ok or err)
--@ writing into a new folder below a granted one | ok
assert(kh.write("out/a/b/c.txt", "x"))
--@ periods | ok
local q = kh.period("2018Q1")
assert(tostring(q) == "2018Q1" and q.year == 2018 and q.nth == 1 and q.length == "quarter")
assert(q + 1 == kh.period("2018Q2") and q:prev() == kh.period("2017Q4") and kh.period("2018Q4") - q == 3)
assert(kh.period("2018"):contains(q) and #kh.period("2018"):parts("month") == 12 and q.first == "2018-01-01" and q.last == "2018-03-31")
assert(q < q + 1 and q <= q)
local t = { [q] = 1 }
assert(t[kh.period("2018Q1")] == 1)
--@ units | ok
local u = kh.unit("a")
assert(u.code == "a" and u.level == "district" and u.parent.code == "top" and #kh.units { kind = "district" } == 2)
assert(u:is("district") and u:within("top") and u.parent:children("district")[1] == u)
--@ a query of nothing reported is missing, not zero | ok
local v, why = kh.value("x", "a", "2018")
assert(v == nil and type(why) == "string")
local f = kh.query { names = "x", units = kh.units { kind = "district" }, period = "2018" }
assert(#f == 2 and f[1].x == nil and f[1].unit.code == "a")
--@ import, value, query, explain | ok
local r = assert(kh.import("data/F_a_2018.csv"))
assert(r.outcome == "stored" or r.outcome == "same", r.outcome)
assert(kh.value("x", "a", "2018") == 12)
assert(kh.value("x", "top", "2018") == 12)
assert(kh.value("T", "a", "2018") == 60)
assert(tostring(kh.explain("T", "a", "2018")):find("F_a_2018.csv", 1, true))
--@ a row function puts its values | ok
local r = assert(kh.import("data/R_a_2018.csv"))
assert(r.outcome == "stored" or r.outcome == "same", r.findings[1] and r.findings[1].text)
assert(kh.value("y", "a", "2018") == 20)
--@ frames | ok
local f = kh.frame({ "name", "n" }, { { name = "b", n = 2 }, { name = "a", n = 1 }, { name = "b", n = 5 } })
assert(#f == 3 and f:sort("name")[1].name == "a" and f:sort("-n")[1].n == 5 and #f:head(2) == 2)
assert(f:group("name", { n = "sum" }):where { name = "b" }[1].n == 7)
assert(#f:where(function(r) return r.n > 1 end) == 2)
assert(f:add("double", function(r) return r.n * 2 end)[1].double == 4)
local n = 0
for row in f:rows() do n = n + row.n end
for row in f do n = n + row.n end
for _, row in ipairs(f) do n = n + row.n end
assert(n == 24)
assert(f:csv():find("name,n"))
--@ sql with bound parameters | ok
local row = kh.sql("SELECT ? AS a, ? AS b, ? AS c", 1, "x", nil):one()
assert(row.a == 1 and row.b == "x" and row.c == nil)
local n = 0
for r in kh.sql("SELECT 1 AS x UNION ALL SELECT 2 ORDER BY x") do n = n + r.x end
assert(n == 3)
--@ a report as text | ok
local text = kh.report("r", { period = "2018" }):text()
assert(text:find("12") or text:find("Bảng"))
--@ a report into a folder | ok
local path = assert(kh.report("r", { period = "2018" }):write("out", "html"))
assert(path:find("r_2018.html", 1, true))
--@ plain Lua cell by cell | ok
assert(kh.value("E", "a", "2018") == 24)
--@ late, check and compute | ok
assert(kh.late { period = "2018" })
assert(kh.check { period = "2018" }.errors)
assert(#kh.compute { names = "x", period = "2018", level = "district" } >= 1)
--@ formats | ok
assert(kh.format(1234567.5, 1, "vi") == "1.234.567,5" and kh.format(1234567.5, 1, "en") == "1,234,567.5" and kh.format(nil) == "")
assert(kh.date("2018-02-05", "short", "vi") == "05/02/2018")
assert(kh.compare("An", "Ba"))
local keys = {}
for k in kh.sorted { b = 1, a = 2, c = 3 } do keys[#keys + 1] = k end
assert(table.concat(keys) == "abc")
--@ arguments of the command | ok
assert(#arg == 0 and arg[0])
