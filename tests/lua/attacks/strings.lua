-- SPDX-License-Identifier: MIT
-- Single calls that take for ever or too much.
--@ rep of nothing | ok
assert(string.rep("", math.maxinteger) == "")
--@ rep beyond the limit | memory
local s = string.rep("x", 1 << 40)
--@ rep with overflow of the length | memory
local s = string.rep("abc", math.maxinteger)
--@ rep with a separator beyond the limit | memory
local s = string.rep("", 1 << 40, "x")
--@ rep just within, many times | memory
local t = {}
while true do t[#t + 1] = string.rep("x", 1 << 20) .. #t end
--@ doubling | memory
local s = "x"
while true do s = s .. s end
--@ doubling inside pcall | memory
local s = "x"
while true do pcall(function() s = s .. s end) end
--@ pattern of many lazy parts | time
string.find(("a"):rep(60), (".-"):rep(20) .. "b")
--@ pattern of many greedy parts | time
string.match(("a"):rep(60), ("a*"):rep(20) .. "b")
--@ pattern of many optional parts | time
string.find(("a"):rep(60), ("a?"):rep(60) .. ("a"):rep(60) .. "b")
--@ gsub with a slow pattern | time
string.gsub(("a"):rep(100000), ".-.-.-b", "")
--@ gmatch with a slow pattern | time
for _ in string.gmatch(("a"):rep(100000), ".-.-.-b") do end
--@ balanced match without an end, at each place | time
string.find(("("):rep(300000), "%b()")
--@ frontier over a long text | ok
assert(string.find(("a"):rep(1000000), "%f[b]") == nil)
--@ pattern recursion | error:too complex
string.find(("a"):rep(300), ("(a"):rep(30) .. ("a?"):rep(250))
--@ too many captures | error:captures
string.find("a", ("()"):rep(40))
--@ pattern that ends in percent | error:pattern
string.find("a", "%")
--@ set without an end | error:pattern
string.find("a", "[a")
--@ set that ends in percent | error:pattern
string.find("a", "[%")
--@ capture without an end | error:pattern
string.match("a", "(a")
--@ close without a capture | error:pattern
string.match("a", "a)")
--@ back reference to nothing | error:pattern
string.match("a", "%1")
--@ back reference to an open capture | error:pattern
string.match("aa", "(a%1)")
--@ back reference to a position | ok
local ok = pcall(string.match, "aa", "()%1")
--@ %b at the end of the pattern | error:pattern
string.match("a", "%b(")
--@ frontier without a set | error:pattern
string.match("a", "%f")
--@ replacement with a bad escape | error:replacement
string.gsub("a", "a", "%x")
--@ replacement that makes it grow without end | memory|time
local s = "aa"
while true do s = s:gsub("a", "aaaa") end
--@ gsub with a function that never ends | time
string.gsub("aaa", "a", function() while true do end end)
--@ gsub with a table whose __index never ends | time
string.gsub("aaa", "a", setmetatable({}, { __index = function() while true do end end }))
--@ plain find on a long text, again and again | time
local s, p = ("a"):rep(1000000), ("a"):rep(500) .. "b"
while true do s:find(p, 1, true) end
--@ format with a huge width | error:invalid
string.format("%999999999d", 1)
--@ format with a precision of many digits | error:invalid
string.format("%.999f", 1)
--@ format %q of everything, without end | time|memory
local s = ""
while true do s = string.format("%q%s", s, s .. "x") end
--@ format with %n | error:invalid
string.format("%n", 1)
--@ byte of everything | error:too
local t = { string.byte(("x"):rep(10000000), 1, -1) }
--@ concat of a large table | memory
local t = {}
for i = 1, 100 do t[i] = ("x"):rep(1 << 20) end
local s = table.concat(t)
--@ upper, lower, reverse in a loop | time|memory
local s = ("x"):rep(1 << 20)
while true do s = s:upper():lower():reverse() end
--@ utf8 over a long text in a loop | time
local s = ("ế"):rep(300000)
while true do utf8.len(s) end
--@ utf8.codepoint of everything | error:too
local t = { utf8.codepoint(("x"):rep(10000000), 1, -1) }
--@ utf8.char of many | ok
assert(#utf8.char(table.unpack({ 0x1F600, 0x41 })) == 5)
--@ tostring of a huge table's address is no leak of memory | ok
assert(#tostring({}) < 40)
--@ tonumber of a long text | ok
assert(tonumber(("9"):rep(100000)) == math.huge or tonumber(("9"):rep(100000)) == nil or true)
--@ comparing long texts in a loop | time|memory
local a = ("x"):rep(1 << 20) .. "a"
local b = ("x"):rep(1 << 20) .. "b"
while true do local c = a < b end
--@ dump is not there | error:no "dump"|nil
local f = string.dump
f(print)
--@ pack is not there | error:nil
string.pack("i4", 1)
--@ error message of a million bytes is one line | error:xxx
error(("x"):rep(1000000))
--@ message with control bytes is shown, not sent | error:\x1b[31m
error("\27[31mred\27[0m")
--@ message with newlines stays one line | error:\x0a
error("a\nb")
