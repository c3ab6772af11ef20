-- SPDX-License-Identifier: MIT
-- Tables that lie about their length, and tables without end.
--@ move without end | error:50000000
table.move({}, 1, math.maxinteger - 1, 2)
--@ move from the smallest integer | error:walks
table.move({}, math.mininteger, math.maxinteger, 1)
--@ insert into a table that lies | error:entries
table.insert(setmetatable({}, { __len = function() return math.maxinteger - 1 end }), 1, 2)
--@ remove from a table that lies | error:entries
table.remove(setmetatable({}, { __len = function() return math.maxinteger end }), 1)
--@ sort of a table that lies | error:entries
table.sort(setmetatable({}, { __len = function() return math.maxinteger end }))
--@ concat of a table that lies | error:entries
table.concat(setmetatable({}, { __len = function() return math.maxinteger end }))
--@ concat with an __index that gives texts without end | time|memory|error:entries
table.concat(setmetatable({}, { __index = function() return "" end }), "", 1, 40000000)
--@ unpack of very many | error:too many
table.unpack({}, 1, 1e8)
--@ unpack over the whole range | error:too many
table.unpack({}, math.mininteger, math.maxinteger)
--@ unpack with a __len that lies | error:walks
table.unpack(setmetatable({}, { __len = function() return 1 << 60 end }))
--@ a __len that is no number | error:integer
table.concat(setmetatable({}, { __len = function() return "x" end }))
--@ a negative __len | ok
assert(table.concat(setmetatable({}, { __len = function() return -5 end })) == "")
--@ sort with a senseless order | ok
local t = {}
for i = 1, 1000 do t[i] = i end
table.sort(t, function() return true end)
assert(#t == 1000)
--@ sort with an order that is random | ok
local t = {}
for i = 1, 1000 do t[i] = i % 7 end
table.sort(t, function() return math.random() < 0.5 end)
assert(#t == 1000)
--@ sort whose order changes the table | ok
local t = { 5, 4, 3, 2, 1 }
table.sort(t, function(a, b) t[#t + 1] = 1 return a < b end)
--@ sort whose order never ends | time
table.sort({ 3, 2, 1 }, function() while true do end end)
--@ sort of values that do not compare | error:compare
table.sort({ 1, "a", {} })
--@ sort of a table with a hole | error:compare|nil
table.sort({ 1, nil, 3, [5] = 2 }, function(a, b) return a < b end) error("nil")
--@ a large sort, again and again | time
local t = {}
for i = 1, 100000 do t[i] = (i * 7919) % 100003 end
while true do table.sort(t) table.sort(t, function(a, b) return a > b end) end
--@ a table without end | memory|time
local t = {}
for i = 1, math.maxinteger do t[i] = i end
--@ a table of strings without end | memory|time
local t = {}
for i = 1, math.maxinteger do t["k" .. i] = i end
--@ nested tables without end | memory|time
local t = {}
while true do t = { t } end
--@ a closure chain without end | memory|time
local f = function() end
while true do local g = f f = function() return g() end end
--@ a table with NaN as key | error:NaN
local t = {} t[0 / 0] = 1
--@ next with a key that is not there | error:next
next({}, "x")
--@ changing a table while walking it | ok
local t = {}
for i = 1, 100 do t[i] = i end
pcall(function() for k in pairs(t) do t[k + 1000] = 1 end end)
--@ garbage without end | time
while true do local t = { {}, {}, {} } end
--@ garbage near the limit | time|memory
local keep = ("x"):rep(50 << 20)
while true do local t = {} for i = 1, 1000 do t[i] = {} end end
--@ weak tables without end | time|memory
local w = setmetatable({}, { __mode = "k" })
while true do w[{}] = {} end
--@ weak metatable whose __newindex is collected | contained
local t = setmetatable({}, setmetatable({}, { __mode = "v" }))
getmetatable(t).__newindex = setmetatable({}, { __newindex = function() end })
local s = {}
for i = 1, 1e7 do t[i] = 1 s[i % 1000] = ("x"):rep(i % 1000) end
--@ a table that is its own weak metatable | error:weak
local t = {}
t.__mode = "k"
setmetatable(t, t)
--@ ephemeron chain | time|memory
local w = setmetatable({}, { __mode = "k" })
local k = {}
while true do local n = {} w[k] = n k = n end
