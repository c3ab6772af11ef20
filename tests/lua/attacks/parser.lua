-- SPDX-License-Identifier: MIT
-- The compiler and the making of messages run no instructions.
--@ a chain of or, as large as is taken | time|ok|memory
local s = "local a = 1 return " .. ("a or "):rep(50000) .. "a"
for i = 1, 100 do assert(load(s)) end
--@ a chain of elseif | time|ok|memory|error:too
local s = "local a = 1 if a then " .. ("elseif a then "):rep(17000) .. "end"
for i = 1, 100 do assert(load(s)) end
--@ a chunk that is too large | error:256 KiB
assert(load(("local x = 1 "):rep(50000)))
--@ nested parentheses | error:overflow
assert(load("return " .. ("("):rep(1000) .. "1" .. (")"):rep(1000)))
--@ nested tables | error:overflow
assert(load("return " .. ("{"):rep(1000) .. ("}"):rep(1000)))
--@ nested functions | error:overflow
assert(load(("return function() "):rep(1000) .. ("end "):rep(1000)))
--@ nested blocks | error:levels|error:overflow
assert(load(("do "):rep(10000) .. ("end "):rep(10000)))
--@ too many locals | error:local variables
local t = {}
for i = 1, 300 do t[i] = "local a" .. i end
assert(load(table.concat(t, "\n")))
--@ too many upvalues | error:upvalues
local t = {}
for i = 1, 190 do t[#t + 1] = "local a" .. i end
t[#t + 1] = "local function f()"
for i = 1, 190 do t[#t + 1] = "local b" .. i end
t[#t + 1] = "return function() return 0"
for i = 1, 190 do t[#t + 1] = "+a" .. i .. "+b" .. i end
t[#t + 1] = "end end"
assert(load(table.concat(t, "\n")))
--@ a very long string literal | ok
assert(load("return '" .. ("x"):rep(200000) .. "'"))
--@ a very long number | ok
local f = load("return " .. ("9"):rep(190))
--@ a message about a very long name | error:nil
local s = "local a = {} return a" .. (".a"):rep(60000)
local ok, err = pcall(assert(load(s)))
error(err)
--@ a message about a very long name, many times | time
local s = "local a = {} return a" .. (".a"):rep(60000)
local f = assert(load(s))
while true do pcall(f) end
--@ bytecode | error:compiled
assert(load("\27Lua\x54\0\x19\x93\r\n\x1a\n"))
--@ bytecode through a reader | error:compiled
local done
assert(load(function() if not done then done = true return "\27Lua" end end))
--@ binary mode | error:mode
assert(load("return 1", "x", "b"))
--@ a chunk name with escapes | error:compiled
assert(load("\27[31m", "@\27[31mname\n"))
--@ load into the environment of another | ok
local env = {}
load("x = 1", "x", "t", env)()
assert(env.x == 1)
--@ load keeps the sandbox | error:no variable "io"
load("return io.open")()
--@ setting _ENV finds nothing more | error:nil
local _ENV = {}
print()
--@ goto into the scope of a local | error:jumps into
assert(load("goto x; local a; ::x:: print(a)"))
--@ a break outside of a loop | error:break
assert(load("break"))
--@ an unfinished long comment | error:unfinished
assert(load("--[==[ x"))
--@ an escape beyond Unicode | error:UTF-8
assert(load("return '\\u{FFFFFFFFFF}'"))
--@ very deep recursion of Lua functions | error:overflow|memory
local function f() return 1 + f() end
f()
--@ very deep recursion through C | error:overflow
local function f() return (string.gsub("a", "a", f)) end
f()
--@ very deep recursion through pcall | error:overflow
local function f() local ok, err = pcall(f) if not ok then error(err, 0) end end
f()
--@ very deep recursion through metamethods | error:overflow
local mt = {}
mt.__index = function(t, k) return setmetatable({}, mt)[k] end
local x = setmetatable({}, mt).x
--@ very deep recursion through tostring | error:overflow
local mt = {}
mt.__tostring = function(t) return tostring(setmetatable({}, mt)) end
print(setmetatable({}, mt))
--@ error in an error handler, for ever | error:handled|error:overflow|error:C stack
local function h(e) error(e) end
local ok, e = xpcall(error, h, "x")
error("handled")
--@ recursion in require | error:circle|error:no module
require("no.such.module")
