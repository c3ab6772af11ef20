-- SPDX-License-Identifier: MIT
-- The memory errors of Lua 5.4.4 that plain scripts reach: the worker may die,
-- the host may not.
--@ concat metamethod that makes the stack grow | contained
local function grow(n) if n > 0 then return grow(n - 1), n end return n end
local mt = { __concat = function(a, b)
  local t = {}
  for i = 1, 200 do t[i] = i end
  local function f(n, ...) if n > 0 then return f(n - 1, ..., table.unpack(t)) end return select("#", ...) end
  f(30)
  return "x"
end }
local o = setmetatable({}, mt)
for i = 1, 1000 do local s = "a" .. "b" .. o .. "c" .. "d" .. o .. "e" end
--@ concat metamethod in a fresh coroutine | contained
local mt = { __concat = function(a, b)
  local function f(n) if n > 0 then local a, b, c, d, e, g = 1, 2, 3, 4, 5, 6 return f(n - 1) + 1 end return 0 end
  f(10000)
  return "x"
end }
for i = 1, 100 do
  coroutine.wrap(function() local o = setmetatable({}, mt) return "a" .. "b" .. "c" .. o end)()
end
--@ weak values and an emergency collection | contained
local keep = {}
for i = 1, 200 do
  local mt = setmetatable({}, { __mode = "v" })
end
local t = {}
for i = 1, 1e6 do t[i] = { ("x"):rep(50) .. i } end
--@ close of a coroutine within its own close | contained
local co
co = coroutine.create(function()
  local x <close> = setmetatable({}, { __close = function() pcall(coroutine.close, co) end })
  coroutine.yield()
end)
coroutine.resume(co)
coroutine.close(co)
--@ error while closing, again and again | contained
for i = 1, 1000 do
  pcall(function()
    local a <close> = setmetatable({}, { __close = function() error("a") end })
    local b <close> = setmetatable({}, { __close = function() error("b") end })
    error("c")
  end)
end
--@ yield inside a close handler | contained
local co = coroutine.wrap(function()
  local a <close> = setmetatable({}, { __close = function() coroutine.yield(1) end })
  error("x")
end)
pcall(co) pcall(co) pcall(co)
--@ stack that grows and shrinks inside pcall | contained
local function f(n) local a, b, c, d, e = n, n, n, n, n if n > 0 then return f(n - 1) + a end return 0 end
for i = 1, 100 do pcall(f, 15000) end
