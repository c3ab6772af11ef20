-- SPDX-License-Identifier: MIT
-- Ways out of the sandbox.
--@ io is not there | error:no variable "io"
io.open("/etc/passwd")
--@ debug is not there | error:no variable "debug"
debug.getregistry()
--@ package is not there | error:no variable "package"
package.loadlib("libc.so.6", "system")
--@ os.execute is not there | error:nil
os.execute("true")
--@ os.exit is not there | error:nil
os.exit(0)
--@ os.getenv is not there | error:nil
os.getenv("HOME")
--@ os.remove is not there | error:nil
os.remove("x")
--@ os.tmpname is not there | error:nil
os.tmpname()
--@ os.setlocale is not there | error:nil
os.setlocale("vi_VN")
--@ dofile is not there | error:no variable "dofile"
dofile("/etc/passwd")
--@ loadfile is not there | error:no variable "loadfile"
loadfile("/etc/passwd")
--@ getfenv is not there | error:no variable "getfenv"
getfenv(0)
--@ warn is not there | error:no variable "warn"
warn("@on")
--@ require of a path | error:no module
require("../../etc/passwd")
--@ require of an absolute path | error:no module
require("/etc/passwd")
--@ require of a C library | error:no module
require("cmsgpack")
--@ require with a zero byte | error:zero bytes
require("a\0b")
--@ require of a library by its own name | error:no module
require("io")
--@ collectgarbage cannot be stopped | error:count
collectgarbage("stop")
--@ collectgarbage cannot switch modes | error:count
collectgarbage("generational")
--@ a finaliser is refused | error:__gc
setmetatable({}, { __gc = function() while true do end end })
--@ a finaliser that is false is refused | error:__gc
setmetatable({}, { __gc = false })
--@ a finaliser added later never runs | ok
local mt = {}
local t = setmetatable({}, mt)
mt.__gc = function() print("ran") while true do end end
t = nil
for i = 1, 100000 do local x = { {} } end
--@ a finaliser through rawset later never runs | ok
local mt = {}
do local t = setmetatable({}, mt) end
rawset(mt, "__gc", function() print("ran") end)
for i = 1, 100000 do local x = { {} } end
--@ the metatable of strings | error:index
getmetatable("").__index.upper = function() return "x" end
--@ the metatable of strings is a word | ok
assert(getmetatable("") == "protected")
--@ setmetatable on a string library | error:protected
setmetatable(string, {})
--@ writing into string | error:read-only
string.upper = function() return "x" end
--@ rawset into string | error:cannot be changed
rawset(string, "upper", function() return "x" end)
--@ rawset into kh | error:cannot be changed
rawset(kh, "value", 1)
--@ rawset into the environment harms this script alone | ok
rawset(_ENV, "print", 5)
assert(load("return print")() ~= 5)
--@ rawset into _G | error:cannot be changed
rawset(_G, "print", nil)
--@ table.insert into a shared table | error:cannot be changed
table.insert(kh, 1)
--@ table.sort of a shared table | error:cannot be changed
table.sort(string)
--@ table.move into a shared table | error:cannot be changed
table.move({ 1 }, 1, 1, 1, string)
--@ table.remove from a shared table | error:cannot be changed
table.remove(math)
--@ writing into kh | error:read-only
kh.value = nil
--@ next over a shared table shows nothing | ok
assert(next(string) == nil)
--@ walking kh gives functions but no table to change | ok
for k, v in pairs(kh) do assert(type(k) == "string") end
--@ the registry is out of reach | ok
for k, v in pairs(_G) do assert(type(v) ~= "userdata" or k == "kh") end
--@ upvalues of functions are out of reach | error:no variable
local x = debug
--@ metatable of a unit | ok
local u = kh.units()[1]
assert(type(getmetatable(u)) == "string")
--@ setmetatable on a handle | error:table expected
setmetatable(kh.units()[1], {})
--@ calling a method with something else | error:expected
getmetatable(kh.period("2018"))
kh.period("2018").next({})
--@ calling a method with another class | error:expected
kh.period("2018").next(kh.units()[1])
--@ a method of a frame on a table | error:frame
kh.frame({ "a" }, {}).rows({})
--@ a global is not made | error:not declared
x = 1
--@ a global function is not made | error:not declared
function f() end
--@ a typo names the nearest | error:did you mean
prnt("x")
--@ a typo of a local names it | error:total
local total = 0
totl = 1
--@ a typo in kh names the nearest | error:did you mean "query"
kh.qeury {}
--@ definitions are closed after loading | error:loaded at the start
measure "late" { title = "x" }
--@ workspace is closed after loading | error:kehoach.lua
workspace { limits = { memory = "100G" } }
--@ the settings cannot be reached through the registry | error:no variable
local x = registry
