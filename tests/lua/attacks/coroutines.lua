-- SPDX-License-Identifier: MIT
-- Coroutines as a way past the limits.
--@ endless loop inside a coroutine | time
coroutine.wrap(function() while true do end end)()
--@ resume must not swallow the stop | time
local co = coroutine.create(function() while true do end end)
print("swallowed", coroutine.resume(co))
--@ resume of a resume | time
local function nest(n)
  local co = coroutine.create(function() if n == 0 then while true do end end nest(n - 1) end)
  print(coroutine.resume(co))
end
nest(50)
--@ two coroutines that hand over for ever | time
local a, b
a = coroutine.wrap(function() while true do coroutine.yield() end end)
b = coroutine.wrap(function() while true do coroutine.yield() end end)
while true do a() b() end
--@ coroutines made without end | time|memory
while true do coroutine.create(function() end) end
--@ coroutines kept without end | memory|time
local t = {}
while true do t[#t + 1] = coroutine.create(function() end) end
--@ coroutines that each start once and stay | memory|time
local t = {}
while true do local co = coroutine.wrap(function() coroutine.yield() end) co() t[#t + 1] = co end
--@ close handler inside a stopped coroutine | time
local co = coroutine.wrap(function()
  local x <close> = setmetatable({}, { __close = function() while true do end end })
  while true do end
end)
co()
--@ coroutine.close with a handler that never ends | time
local co = coroutine.create(function()
  local x <close> = setmetatable({}, { __close = function() while true do end end })
  coroutine.yield()
end)
coroutine.resume(co)
coroutine.close(co)
--@ wrap that fails with a handler that never ends | time
local f = coroutine.wrap(function()
  local x <close> = setmetatable({}, { __close = function() while true do end end })
  error("x")
end)
f()
--@ nested closes overflow the C stack in 5.4.4 | contained
local co
for i = 1, 20000 do
  local prev = co
  co = coroutine.create(function()
    local x <close> = setmetatable({}, { __close = function() if prev then coroutine.close(prev) end end })
    coroutine.yield()
  end)
  coroutine.resume(co)
end
coroutine.close(co)
--@ coroutines nested without end | error:nested
local function f() coroutine.wrap(f)() end
f()
--@ resume itself | error:cannot resume
local co
co = coroutine.create(function() return coroutine.resume(co) end)
local ok, inner, err = coroutine.resume(co)
error(err)
--@ close itself | error:cannot close
local co
co = coroutine.wrap(function() coroutine.close((coroutine.running())) end)
co()
--@ resume the main thread | error:cannot resume
local main = coroutine.running()
coroutine.wrap(function() local ok, err = coroutine.resume(main) error(err) end)()
--@ yield from the main chunk | error:outside a coroutine
coroutine.yield()
--@ yield across pcall and go on after the stop | time
local co = coroutine.wrap(function()
  pcall(function() coroutine.yield() while true do end end)
  print("swallowed")
end)
co() co()
--@ yield in a metamethod, stop after it | time
local mt = { __add = function(a, b) coroutine.yield() while true do end end }
local co = coroutine.wrap(function() return setmetatable({}, mt) + 1 end)
co() co()
--@ yield inside sort's order | error:yield
coroutine.wrap(function() table.sort({ 3, 2, 1 }, function() coroutine.yield() end) end)()
--@ yield inside gsub | error:yield
coroutine.wrap(function() ("abc"):gsub(".", function() coroutine.yield() end) end)()
--@ dead coroutine resumed in a loop | time
local co = coroutine.create(function() end)
coroutine.resume(co)
while true do coroutine.resume(co) end
--@ error objects passed through many coroutines | error:deep
local function f(n) if n == 0 then error("deep") end return coroutine.wrap(f)(n - 1) end
f(50)
--@ coroutine.running kept and closed from elsewhere | error:cannot close
local main = coroutine.running()
coroutine.wrap(function() coroutine.close(main) end)()
--@ a coroutine with a deep stack, many times | time|memory
local function deep(n) if n > 0 then return 1 + deep(n - 1) end coroutine.yield() return 0 end
local t = {}
while true do local c = coroutine.wrap(deep) c(10000) t[#t + 1] = c end
