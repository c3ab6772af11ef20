-- SPDX-License-Identifier: MIT
-- What a file of definitions says while it is loaded ("definitions" in test_attacks.c: only there).
--@ a report whose name leaves the folder | ok
report "../x" { build = function() end }
--@ a report whose name is a path | ok
report "/tmp/kehoach-attack" { build = function() end }
--@ a report whose name has control bytes | error:
report "x\27[2J" { build = function() end }
--@ a job whose name has a newline | error:
job "x\nExecStart=/bin/sh" { every = "year", run = function() end }
--@ a job whose name is a path | ok
job "../x" { every = "year", run = function() end }
--@ a form whose name is a path | ok
form "../x" { every = "year", reporters = { kind = "district" }, columns = { { "A", as = "unit" } } }
--@ units from outside | error:outside
units { file = "/etc/passwd" }
--@ units from a link | error:outside
units { file = "data/link-to-etc/passwd" }
--@ units from a device | error:
units { file = "data/fifo" }
--@ a unit that is its own parent | error:
unit "loop" { name = "L", kind = "district", parent = "loop" }
--@ units without end | error:|time|memory
for i = 1, math.huge do unit("u" .. i) { name = "U", kind = "district", parent = "top" } end
--@ measures without end | error:|time|memory
for i = 1, math.huge do measure("m" .. i) { title = "M" } end
--@ indicators without end | error:|time|memory
for i = 1, math.huge do indicator("i" .. i) { title = "I", formula = function(m) return m.x end } end
--@ rules without end | error:|time|memory
for i = 1, math.huge do rule("r" .. i) { check = function(m) return m.x:gt(0) end, message = "x" } end
--@ a form of a hundred thousand columns | ok|error:|time|memory
local c = {}
for i = 1, 100000 do c[i] = { "c" .. i, as = "key" } end
form "wide" { every = "year", reporters = { kind = "district" }, columns = c }
--@ a category of a million options | error:|time|memory
local o = {}
for i = 1, 1000000 do o[i] = "o" .. i end
category "big" { options = o }
--@ a title of a megabyte | error:|ok|memory
measure "long" { title = ("x"):rep(1 << 20) }
--@ definitions nested a thousand deep | error:|ok
local t = {}
for _ = 1, 1000 do t = { t } end
measure "deep" { title = "x", by = t }
--@ a definition that holds itself | error:
local t = { title = "x" }
t.by = t
measure "self" (t)
--@ a definition with a metatable that never ends | ok|time|error:
measure "meta" (setmetatable({ title = "x" }, { __index = function() while true do end end, __pairs = function() while true do end end }))
--@ a formula that never ends | time
indicator "endless" { title = "x", formula = function() while true do end end }
--@ formulas that wait for each other | error:
indicator "a1" { title = "x", formula = function(m) return m.a2 end }
indicator "a2" { title = "x", formula = function(m) return m.a1 end }
--@ a pattern of file names that backtracks | error:|ok
form "pat" { every = "year", reporters = { kind = "district" }, file = ("*"):rep(200) .. "{unit}_{period}.csv", columns = { { "A", as = "unit" } } }
--@ a message with unknown braces | ok|error:
rule "msg" { check = function(m) return m.x:gt(0) end, message = "{" .. ("x"):rep(10000) .. "}" }
--@ the same name twice | error:
measure "x" { title = "again" }
--@ reading a file while loading, which is granted | ok
kh.read("data/units.csv")
--@ asking the store while loading | error:
kh.query { names = "x", period = "2018" }
--@ writing while loading | error:loaded
kh.write("out/x", "x")
--@ importing while loading | error:loaded
kh.import("data/F_a_2018.csv")
--@ kehoach.lua's own words in a script | error:
workspace { name = "other", store = "/tmp/kehoach-attack.db" }
--@ a duration of a billion days | error:
job "late" { every = "year", timeout = "1000000000d", run = function() end }
--@ a date that is none | error:
unit "when" { name = "W", kind = "district", parent = "top", valid_from = "2018-02-30" }
--@ a number where a text is wanted | error:
measure(5) { title = "x" }
--@ an error that is a table | error:no text
error({})
--@ an error that is nil | error:no text
error(nil)
--@ an error whose __tostring never ends | error:no text|time
error(setmetatable({}, { __tostring = function() while true do end end }))
--@ reading a file while loading, which is not granted | error:outside
kh.read("/etc/passwd")
