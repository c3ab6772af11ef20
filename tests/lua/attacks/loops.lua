-- SPDX-License-Identifier: MIT
-- Scripts that never end. Format of these files: see tests/lua/README.md.
--@ endless while | time
while true do end
--@ endless repeat | time
repeat local x = 1 until false
--@ endless goto | time
::again:: goto again
--@ endless numeric for | time
for i = 1, math.maxinteger do end
--@ float loop that never advances | time
for i = 1, 1e308, 1e-300 do end
--@ endless recursion by tail calls | time
local function f() return f() end
f()
--@ mutual tail calls | time
local a, b
function a() return b() end
function b() return a() end
a()
--@ endless iterator | time
for _ in function() return 1 end do end
--@ endless pairs through __pairs | time
for _ in pairs(setmetatable({}, { __pairs = function() return function() return 1, 1 end end })) do end
--@ pcall in an endless loop | time
while true do pcall(error, "x") end
--@ pcall around an endless loop, again and again | time
while true do pcall(function() while true do end end) end
--@ xpcall with a handler that never ends | time
xpcall(function() while true do end end, function() while true do end end)
--@ xpcall whose handler calls xpcall | time
local function h() return xpcall(function() while true do end end, h) end
h()
--@ error in an error handler that loops | time
xpcall(error, function() while true do end end)
--@ handler of a limit error must not run | time
xpcall(function() while true do end end, function() print("handler ran") while true do end end)
print("not reached")
--@ pcall must not swallow the stop | time
local ok = pcall(function() while true do end end)
print("swallowed", ok)
--@ nested pcalls must not swallow it | time
local function deep(n) if n == 0 then while true do end end return pcall(deep, n - 1) end
deep(150)
print("swallowed")
--@ stop inside a table constructor | time
local t = { (function() while true do end end)() }
--@ stop inside a metamethod __index | time
local t = setmetatable({}, { __index = function() while true do end end })
local x = t.x
--@ stop inside __add | time
local t = setmetatable({}, { __add = function() while true do end end })
local x = t + 1
--@ stop inside __eq | time
local mt = { __eq = function() while true do end end }
local x = setmetatable({}, mt) == setmetatable({}, mt)
--@ stop inside __lt | time
local mt = { __lt = function() while true do end end }
local x = setmetatable({}, mt) < setmetatable({}, mt)
--@ stop inside __concat | time
local x = setmetatable({}, { __concat = function() while true do end end }) .. "x"
--@ stop inside __len | time
local x = #setmetatable({}, { __len = function() while true do end end })
--@ stop inside __call | time
setmetatable({}, { __call = function() while true do end end })()
--@ stop inside __tostring | time
print(setmetatable({}, { __tostring = function() while true do end end }))
--@ stop inside __tostring of an error value | error:is no text
error(setmetatable({}, { __tostring = function() while true do end end }))
--@ stop inside __name of an error value | error:is no text
error(setmetatable({}, { __name = ("x"):rep(1000000) }))
--@ stop inside __newindex | time
setmetatable({}, { __newindex = function() while true do end end }).x = 1
--@ __index chain without end | error:chain
local a, b = {}, {}
setmetatable(a, { __index = b })
setmetatable(b, { __index = a })
local x = a.x
--@ stop inside __close | time
do local x <close> = setmetatable({}, { __close = function() while true do end end }) end
--@ close handlers that loop after the stop | time
local function f()
  local a <close> = setmetatable({}, { __close = function() while true do end end })
  local b <close> = setmetatable({}, { __close = function() while true do end end })
  while true do end
end
f()
--@ close handler that catches and goes on | time
local function f()
  local a <close> = setmetatable({}, { __close = function() pcall(f) while true do pcall(f) end end })
  while true do end
end
f()
--@ ten thousand close handlers after the stop | time
local n = 0
local mt = { __close = function() while true do end end }
local function f(d)
  local a <close> = setmetatable({}, mt)
  if d > 0 then f(d - 1) end
  while true do end
end
f(150)
--@ load with a reader that never ends | time
load(function() while true do end end)
--@ load with a reader that gives text without end | error:256 KiB
assert(load(function() return "local x = 1; " end))
--@ math.random in a loop | time
while true do math.random() end
--@ os.clock busy wait | time
local t = os.clock() while os.clock() < t + 3600 do end
--@ string building loop with pcall | time|memory
local s = "x"
while true do pcall(function() s = s .. s:sub(1, 1000) end) end
--@ select with many arguments in a loop | time
local t = table.pack(("x"):rep(200):byte(1, -1))
while true do select("#", table.unpack(t)) end
