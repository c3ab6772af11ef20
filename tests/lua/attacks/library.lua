-- SPDX-License-Identifier: MIT
-- The language and its libraries: finalisers, close handlers, stops, tables, texts, chunks, names.
--@ a finaliser by an inherited metatable | ok
local mt = setmetatable({}, { __index = { __gc = function() print("ran") while true do end end } })
do local t = setmetatable({}, mt) end
for i = 1, 100000 do local x = { {} } end
--@ a finaliser by a metatable that computes its keys | error:__gc
local mt = setmetatable({}, { __index = function(_, k) if k == "__gc" then return function() while true do end end end end })
mt.__gc = function() end
setmetatable({}, mt)
--@ a finaliser that brings itself back | error:__gc
local keep = {}
setmetatable({}, { __gc = function(o) keep[#keep + 1] = o setmetatable(o, getmetatable(o)) end })
--@ setmetatable twice, with a finaliser the second time | error:__gc
local t = setmetatable({}, {})
setmetatable(t, { __gc = function() while true do end end })
--@ a close handler that is still open at the end of the script | time
local x <close> = setmetatable({}, { __close = function() while true do end end })
--@ a coroutine left suspended with a close handler at the end | ok
local co = coroutine.wrap(function()
  local x <close> = setmetatable({}, { __close = function() while true do end end })
  coroutine.yield()
end)
co()
--@ a close handler in a loop that is broken off by an error | time
for _ in (function() return 1 end), nil, nil, setmetatable({}, { __close = function() while true do end end }) do error("x") end
--@ tbc value of a generic for over a stop | time
for _ in (function() while true do end end), nil, nil, setmetatable({}, { __close = function() print("swallowed") while true do end end }) do end
--@ the stop in a wrapped coroutine inside pcall inside a wrapped coroutine | time
local f = coroutine.wrap(function()
  return pcall(coroutine.wrap(function() return pcall(function() while true do end end) end))
end)
print("swallowed", f())
--@ xpcall whose handler resumes a coroutine that never ends | time
xpcall(error, function() coroutine.resume(coroutine.create(function() while true do end end)) end)
--@ a handler that is a callable table | error:
local h = setmetatable({}, { __call = function() while true do end end })
local ok, e = xpcall(error, h, "x")
error("handled")
--@ a message handler after the memory stop | memory
xpcall(function() local t = {} while true do t[#t + 1] = ("x"):rep(1 << 16) .. #t end end, function() print("swallowed") return ("y"):rep(100) end)
--@ memory freed in a handler and taken again, for ever | memory|time
while true do pcall(function() local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1 << 16) .. i end end) end
--@ coroutine.close swallows the memory stop | memory
local co = coroutine.create(function() local t = {} while true do t[#t + 1] = ("x"):rep(1 << 16) .. #t end end)
print("swallowed", coroutine.resume(co)) print("closed", coroutine.close(co))
--@ the output stop in a coroutine | output|time
local co = coroutine.wrap(function() while true do print(("x"):rep(1 << 16)) end end)
while true do pcall(co) end
--@ a stop within require, required again | time
while true do pcall(require, "case_none") end
--@ move over itself, forwards and back, for ever | time
local t = {} for i = 1, 100000 do t[i] = i end
while true do table.move(t, 1, 99999, 2) table.move(t, 2, 100000, 1) end
--@ move into a table whose __newindex grows it | time|memory|error:
local n = {} local t = setmetatable({}, { __newindex = function(t, k, v) rawset(n, #n + 1, ("x"):rep(1000) .. #n) end })
while true do table.move({ 1, 2, 3, 4 }, 1, 4, 1, t) end
--@ move from a table whose __index moves | error:|time|memory
local t t = setmetatable({}, { __index = function(_, k) return table.move(t, 1, 2, 1, {}) end })
table.move(t, 1, 2, 1, {})
--@ move from the largest integer | ok
table.move({}, math.maxinteger, math.maxinteger, 2)
--@ move to a place that overflows | error:
table.move({ 1, 2 }, 1, 2, math.maxinteger)
--@ concat from the smallest to the largest integer | error:
table.concat({}, "x", math.mininteger, math.maxinteger)
--@ concat that ends at the largest integer | error:
table.concat({}, "", math.maxinteger - 1, math.maxinteger)
--@ concat with a separator of a megabyte | memory|error:
local t = {} for i = 1, 1000 do t[i] = "" end
table.concat(t, ("x"):rep(1 << 20))
--@ unpack that ends at the largest integer | ok
assert(select("#", table.unpack({}, math.maxinteger, math.maxinteger)) == 1)
--@ unpack from beyond the largest integer | error:
table.unpack({}, math.mininteger, math.maxinteger)
--@ a hundred thousand values through select, for ever | time|error:too many
local t = {} for i = 1, 100000 do t[i] = i end
while true do select(-1, table.unpack(t)) end
--@ insert in front, for ever | time|memory
local t = {} while true do table.insert(t, 1, 1) end
--@ remove from the front of a long table, for ever | time
local t = {} for i = 1, 300000 do t[i] = i end
while true do table.insert(t, table.remove(t, 1)) end
--@ sort of a worst case | ok|time
local t = {} for i = 1, 200000 do t[i] = i % 2 == 0 and i or -i end table.sort(t)
--@ sort by an order that sorts the same table | error:|ok|time
local t = {} for i = 1, 1000 do t[i] = 1000 - i end
table.sort(t, function(a, b) table.sort(t) return a < b end)
--@ sort whose order removes all | error:|ok
local t = {} for i = 1, 1000 do t[i] = 1000 - i end
table.sort(t, function(a, b) for k in pairs(t) do t[k] = nil end return a < b end)
--@ rep of a rep of a rep | memory
local s = "x" for i = 1, 10 do s = s:rep(1000) end
--@ rep with a negative count | ok
assert(("x"):rep(-1) == "" and ("x"):rep(math.mininteger, "y") == "")
--@ rep with the largest count and an empty separator | ok
assert((""):rep(math.maxinteger, "") == "")
--@ format of a hundred thousand items | error:|ok|memory
(("%99d"):rep(100000)):format(table.unpack({}, 1, 100000))
--@ format with a text of thirty megabytes, three times | memory
local s = ("x"):rep(25 << 20)
local t = ("%s%s%s"):format(s, s, s)
--@ format whose __tostring formats itself | error:
local t t = setmetatable({}, { __tostring = function() return ("%s"):format(t) end })
tostring(t)
--@ format whose __tostring gives no text | error:
("%s"):format(setmetatable({}, { __tostring = function() return {} end }))
--@ format with a __name that is a megabyte | ok|error:
local t = setmetatable({}, { __name = ("x"):rep(1 << 20) })
local s = ("%s"):format(t)
--@ gsub whose replacement calls gsub, two hundred deep | error:|ok|time
local function f(s) return (s:gsub(".", f)) end
f("x")
--@ gmatch over a text that never moves on | ok
local n = 0 for _ in ("x"):rep(100000):gmatch("") do n = n + 1 end assert(n == 100001)
--@ gsub that deletes nothing and anchors at each place | time|ok
local s = ("a"):rep(50000)
for i = 1, 1000 do s:gsub("^(a*)*b", "") s:find(("a*"):rep(20) .. "b") end
--@ find with an init beyond the end | ok
assert(("x"):find("", 10) == nil and ("x"):find("", math.maxinteger) == nil and ("x"):find("", math.mininteger) == 1)
--@ nested captures by the hundred | error:
("x"):find(("("):rep(100) .. "x" .. (")"):rep(100))
--@ a set of a hundred thousand letters over a long text | time|ok
local set = "[" .. ("ab"):rep(50000) .. "]*"
for i = 1, 10000 do ("x"):rep(10000):find(set .. "c") end
--@ balanced brackets of half a megabyte | time|ok
local s = ("("):rep(500000)
for i = 1, 100 do s:find("%b()") end
--@ tostring of a deep chain of __index | error:|ok
local t = {} for i = 1, 100 do t = setmetatable({}, { __index = t }) end
assert(t.x == nil)
--@ comparison through two thousand __index and __lt | time
local mt = {} mt.__lt = function(a, b) return a < b end
local a, b = setmetatable({}, mt), setmetatable({}, mt)
while true do pcall(function() return a < b end) end
--@ utf8.char beyond Unicode | error:|ok
utf8.char(0x7FFFFFFF + 1)
--@ utf8.len of a text broken at each byte, for ever | time
local s = ("\xe1\xba"):rep(100000)
while true do for i = 1, 100 do utf8.len(s, i, -1, true) end pcall(utf8.codepoint, s, 1, -1, true) end
--@ utf8.offset with extreme numbers | error:|ok
for _, n in ipairs { math.mininteger, math.maxinteger, -1, 0, 1 } do utf8.offset("é", n, 1) utf8.offset("é", n, 3) end
--@ utf8.codes over a text that changes its mind | error:
for p, c in utf8.codes("\xc0\x80\xed\xa0\x80") do end
--@ load with a mode of both | error:mode|error:compiled
assert(load("return 1", "x", "bt")) assert(load("\27Lua", "x", "bt"))
--@ load of a text that begins with a mark and compiled code | error:
assert(load("\xef\xbb\xbf\27Lua"))
--@ load of a comment line and compiled code | error:
assert(load("#!x\n\27Lua"))
--@ load of a reader that gives the header byte by byte | error:compiled
local s, i = "\27LuaT\0", 0
assert(load(function() i = i + 1 return s:sub(i, i) end))
--@ load with an environment whose __index never ends | time
load("return x", "x", "t", setmetatable({}, { __index = function() while true do end end }))()
--@ load of a reader that loads | error:|time
local function r() return load(r) and "x" end
assert(load(r))
--@ load of a reader that yields | error:
coroutine.wrap(function() load(function() coroutine.yield() end) end)()
--@ load of a reader that errors with a table | error:
assert(load(function() error({}) end))
--@ a chunk name that is a megabyte | error:
error((select(2, load("x x", ("n"):rep(1 << 20)))))
--@ a chunk name of escapes is shown | error:\x1b[2J
error((select(2, load("x x", "=\27[2J\n\27]0;t\7"))))
--@ an upvalue of a C function | error:no variable "debug"
local x = debug.getupvalue
--@ _G of a chunk that was loaded with _ENV as its own | error:
local e = {} e._G = e load("print = 1 string = nil", "x", "t", e)()
assert(print ~= 1) error("kept")
--@ require with .. in dots | error:no module
require("..kehoach")
--@ require of a module by a path with dots and slashes | error:no module
require("lib/../../kehoach")
--@ require of a module behind a link to a folder outside | error:no module|error:outside
require("link-to-etc.passwd")
--@ require of a name with a percent and a question mark | error:no module
require("%?%;?")
--@ require of a name of a hundred thousand letters | error:
require(("x"):rep(100000))
--@ a trail of keys in the error message | error:
local t = {} local s = "return t" .. (".a"):rep(50000)
local ok, e = pcall(load(s, "x", "t", { t = t })) error(e)
--@ an upvalue name of a hundred thousand letters in a message | error:
local n = ("n"):rep(100000)
local _, e = pcall(load("local " .. n .. " = 1; return function() " .. n .. "() end")()) error(e)
--@ math.random over the whole range, for ever | time
while true do math.random(math.mininteger, math.maxinteger) end
--@ math.randomseed of odd things | error:|ok
math.randomseed({}, nil)
--@ integer division and modulo by minus one of the smallest | ok
assert(math.mininteger // -1 == math.mininteger and math.mininteger % -1 == 0)
--@ os.date with every letter | error:|ok
for i = 0, 255 do pcall(os.date, "%" .. string.char(i)) pcall(os.date, "%E" .. string.char(i)) pcall(os.date, "%O" .. string.char(i)) end
error("done")
--@ os.date with a format of a megabyte | ok|error:|memory|time
os.date(("%c"):rep(500000))
--@ os.date far beyond the calendar | error:
os.date("%Y", math.maxinteger)
--@ os.time of a table that lies | error:
os.time(setmetatable({}, { __index = function() return math.maxinteger end }))
--@ a table as key to itself, by the million | memory|time
local t = {} while true do local k = {} t[k] = t t = k end
--@ varargs of a quarter of a million | error:|ok|memory|time
local function f(...) return ... end
local t = {} for i = 1, 240000 do t[i] = i end
for i = 1, 100 do f(f(f(table.unpack(t)))) end
--@ recursion through varargs that double | error:overflow|memory|time|error:too many
local function f(...) return f(..., ...) end f(1, 2) local function g(...) return g(1, ...) end g()
--@ string coercion in arithmetic, for ever | time
while true do local x = ("9"):rep(200) + 0 end
--@ a numeral of a quarter of a megabyte | error:|ok
assert(load("return " .. ("9"):rep(250000)))() assert(load("return 0x" .. ("f"):rep(250000)))()
--@ goto out of a block that holds a close handler, for ever | time
::top:: do local x <close> = setmetatable({}, { __close = function() end }) goto top end
