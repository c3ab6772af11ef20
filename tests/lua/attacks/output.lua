-- SPDX-License-Identifier: MIT
-- Floods.
--@ print without end | output|time
while true do print(("x"):rep(1000)) end
--@ print one large text | output|memory
print(("x"):rep(20 << 20))
--@ log without end | output|time
while true do kh.log(("x"):rep(1000)) end
--@ log a large text | output
kh.log(("x"):rep(20 << 20))
--@ printing in pcall | output|time
while true do pcall(print, ("x"):rep(10000)) end
--@ escapes on a terminal are shown | ok
print("\27]0;title\7\27[2J\8\8")
--@ broken UTF-8 is shown | ok
print("\xff\xfe\xc0\x80")
--@ carriage returns are shown | ok
print("good\rbad")
--@ a document without end | output|time|memory
kh.report("flood", { period = "2018" }):text()
--@ a table without end | output|time|memory
kh.report("wide", { period = "2018" }):text()
--@ progress without end | time
local i = 0
while true do i = i + 1 kh.progress("x", i, 100) end
