-- SPDX-License-Identifier: MIT
-- Our own functions: paths, frames, periods, and functions put where they do not belong.
--@ read of the process's own files | error:outside
kh.read("/proc/self/fd/3")
--@ read of the environment through a relative path | error:outside|error:cannot
kh.read("data/../../../proc/self/environ")
--@ write to standard output by its path | error:
kh.write("/dev/stdout", "x")
--@ write to a descriptor by its path | error:
kh.write("/proc/self/fd/1", "x")
--@ write to the memory of the process | error:
kh.write("/proc/self/mem", "x")
--@ write into a fifo | error:
kh.write("data/fifo", "x")
--@ read with a trailing slash | error:
kh.read("data/units.csv/")
--@ read with many slashes and dots | ok|error:
local s = kh.read("./data/.//././units.csv")
--@ write with a trailing dot | error:
kh.write("out/.", "x")
--@ write with a trailing slash | error:
kh.write("out/x/", "x")
--@ write of a hidden file | ok|error:
kh.write("out/.bashrc", "x")
--@ write of a script among the definitions by another case | error:
kh.write("Scripts/x.lua", "x")
--@ a chart written as a file outside | error:
kh.report("r", { period = "2018" }):write("/proc/self/cwd/kehoach.lua")
--@ a frame as workbook with a name of control bytes | error:|ok
kh.frame({ "a" }, { { a = 1 } }):xlsx("out/\27[2J.xlsx")
--@ a frame whose cells are workbook formulas, links and very long | ok|error:
kh.frame({ "a" }, { { a = "=cmd|'/c calc'!A1" }, { a = "http://x/" .. ("y"):rep(3000) }, { a = ("z"):rep(40000) }, { a = "_x0041_\0\1\xff" } }):xlsx("out/f.xlsx")
--@ a frame of three columns called the same but for case in a workbook | ok|error:
kh.frame({ "a", "A", "á" }, { { a = 1, A = 2, ["á"] = 3 } }):xlsx("out/g.xlsx")
--@ print of a right-to-left override | ok
print("gpj.\u{202e}exe \u{2066}x\u{2069}")
--@ log with a format | ok
kh.log("%s%n%x%p%99999d")
--@ an error with a format | error:%n
error("%s%s%n%99999d", 0)
--@ a frame printed with escapes in its cells and heads | ok|error:
kh.frame({ "\27[31mh" }, { { ["\27[31mh"] = "\27]0;x\7\r\8\u{202e}" } }):print()
--@ progress with escapes | ok|error:
kh.progress("\27[2J%s%n", 1, 2)
--@ progress with numbers that are none | error:|ok
kh.progress("x", 0/0, -1) kh.progress("x", math.huge, 0)
--@ a period made of a hundred thousand digits | error:
kh.period(("9"):rep(100000))
--@ a period moved to the end of time | error:
kh.period("2018"):next(math.maxinteger)
--@ a period moved back to before time | error:
kh.period("2018"):prev(math.mininteger)
--@ head of the smallest integer | error:|ok
kh.frame({ "a" }, { { a = 1 } }):head(math.mininteger)
--@ a frame joined with itself twenty times | memory|time|error:
local r = {} for i = 1, 50 do r[i] = { k = 1, v = i } end
local f = kh.frame({ "k", "v" }, r) for i = 1, 20 do f = f:join(f, "k") end
--@ a frame of NaN and infinities, sorted and grouped | ok|error:
local f = kh.frame({ "a" }, { { a = 0 / 0 }, { a = math.huge }, { a = -math.huge }, { a = 0 / 0 } })
f:sort("a") f:group("a", { a = "sum" })
--@ a frame whose where removes rows of the same frame | ok|error:
local f f = kh.frame({ "a" }, { { a = 1 }, { a = 2 }, { a = 3 } })
f:where(function(r) f:where(function() return false end) return true end)
--@ a frame sorted within its own rows | ok|error:
local f = kh.frame({ "a" }, { { a = 3 }, { a = 2 }, { a = 1 } })
for r in f:rows() do f:sort("a") f:add("b" .. tostring(r.a), function() return 1 end) end
--@ rows used after the frame is gone | ok
local it = kh.frame({ "a" }, { { a = 3 }, { a = 2 } }):rows()
for i = 1, 100000 do local x = {} end it() it()
--@ a query whose units come from a lying table | error:|time|memory
kh.query { names = { "x" }, period = "2018", units = setmetatable({}, { __len = function() return 1 << 40 end, __index = function() return "a" end }) }
--@ a query with a name of a megabyte | error:
kh.query { names = { ("x"):rep(1 << 20) }, period = "2018" }
--@ a value asked with escapes | error:
kh.value("\27[2J\n", "a", "2018")
--@ explain with a depth of stack | error:|ok
local ok, e = pcall(kh.explain, "x", ("a"):rep(1 << 20), "2018") error(e)
--@ a report with a parameter that holds itself | error:|ok
local t = {} t.t = t kh.report("r", { period = "2018", note = t })
--@ a report in a format that is a path | error:
kh.report("r", { period = "2018" }):write("out", "../../x")
--@ kh functions as coroutines | error:|ok
coroutine.wrap(kh.query)({ names = { "x" }, period = "2018" }) coroutine.wrap(kh.sql)("SELECT 1")()
--@ kh functions as metamethods | error:|ok
local t = setmetatable({}, { __index = kh.read, __call = kh.write, __close = kh.sql, __concat = kh.value })
pcall(function() return t.x end) pcall(t, "y") pcall(function() return t .. "x" end) do local x <close> = t end
--@ kh functions as order and replacement | error:|ok
pcall(table.sort, { "a", "b", "c" }, kh.value) ("data/units.csv"):gsub(".+", kh.read) error("x")
--@ print of a table whose __tostring yields | error:
coroutine.wrap(function() print(setmetatable({}, { __tostring = function() coroutine.yield() end })) end)()
--@ print of a table whose __tostring prints itself | error:
local t t = setmetatable({}, { __tostring = function() print(t) return "x" end }) print(t)
--@ an error whose metatable lies about its name | error:
error(setmetatable({}, { __name = "\27[2J", __tostring = function() error("again") end }))
--@ an error that is a coroutine | error:no text
error(coroutine.create(print))
--@ an error that is a unit | error:
error(kh.units()[1])
--@ an error of a hundred megabytes in pieces | memory|error:
error(("x"):rep(30 << 20) .. ("y"):rep(30 << 20))
--@ a concatenation of handles | error:
local x = kh.units()[1] .. kh.period("2018")
--@ a handle compared with everything | ok|error:
local u = kh.units()[1] assert(u ~= nil and u ~= 1 and u ~= {} and u ~= kh.period("2018")) local _ = u < kh.period("2018")
--@ arithmetic of a period with extreme numbers | error:
local p = kh.period("2018") + math.maxinteger
--@ arithmetic of a period with a float | error:
local p = kh.period("2018") + 0.5
