-- SPDX-License-Identifier: MIT
-- JSON (RFC 8259) into Lua values: objects and arrays are tables, whole numbers
-- integers, null is json.null. What is no JSON raises with its line.
--
--   local json = require "json"
--   local t = json.decode(kh.read("data/metadata.json"))

local M = { null = setmetatable({}, { __tostring = function() return "null" end }) }

local DEPTH = 100
local ESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }
local WORDS = { ["true"] = true, ["false"] = false, null = M.null }

local function fail(text, at, what)
  local _, line = text:sub(1, at - 1):gsub("\n", "")
  error(string.format("JSON, line %d: %s", line + 1, what), 0)
end

local function skip(text, at)
  return text:match("^[ \t\r\n]*()", at)
end

-- \ud83d\ude00 is one letter beyond the first plane.
local function escaped_letter(text, at)
  local high = text:match("^\\u(%x%x%x%x)", at)
  if not high then fail(text, at, "\\u wants four hexadecimal digits") end
  local code = tonumber(high, 16)
  if code < 0xD800 or code > 0xDFFF then return utf8.char(code), at + 6 end
  local low = code < 0xDC00 and tonumber(text:match("^\\u(%x%x%x%x)", at + 6) or "", 16)
  if not low or low < 0xDC00 or low > 0xDFFF then fail(text, at, "half of a surrogate pair") end
  return utf8.char(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)), at + 12
end

local function read_string(text, at)
  local stop = text:match('^[^"\\%c]*()', at + 1)
  if text:sub(stop, stop) == '"' then return text:sub(at + 1, stop - 1), stop + 1 end
  local parts, from = {}, at + 1
  while true do
    stop = text:match('^[^"\\%c]*()', from)
    parts[#parts + 1] = text:sub(from, stop - 1)
    local c = text:sub(stop, stop)
    if c == '"' then return table.concat(parts), stop + 1 end
    if c ~= "\\" then fail(text, stop, c == "" and "a text is not closed" or "a control character within a text") end
    local e = text:sub(stop + 1, stop + 1)
    if e == "u" then
      parts[#parts + 1], from = escaped_letter(text, stop)
    else
      parts[#parts + 1], from = ESCAPES[e] or fail(text, stop, "unknown escape \\" .. e), stop + 2
    end
  end
end

local function read_number(text, at)
  local digits, stop = text:match("^(-?%d+)()", at)
  if not digits or digits:find("^-?0%d") then fail(text, at, "a value is wanted here") end
  local more = text:match("^%.%d+()", stop) or stop
  more = text:match("^[eE][+-]?%d+()", more) or more
  local number = more == stop and math.tointeger(tonumber(digits)) or tonumber(text:sub(at, more - 1)) + 0.0
  return number, more
end

local read_value

local function read_array(text, at, depth)
  local list, n = {}, 0
  at = skip(text, at + 1)
  if text:sub(at, at) == "]" then return list, at + 1 end
  while true do
    n = n + 1
    list[n], at = read_value(text, at, depth)
    local c = text:sub(at, at)
    if c == "]" then return list, at + 1 end
    if c ~= "," then fail(text, at, "\",\" or \"]\" is wanted here") end
    at = skip(text, at + 1)
  end
end

local function read_object(text, at, depth)
  local object = {}
  at = skip(text, at + 1)
  if text:sub(at, at) == "}" then return object, at + 1 end
  while true do
    if text:sub(at, at) ~= '"' then fail(text, at, "a key in quotation marks is wanted here") end
    local key, from = read_string(text, at)
    at = skip(text, from)
    if text:sub(at, at) ~= ":" then fail(text, at, "\":\" is wanted here") end
    if object[key] ~= nil then fail(text, at, "the key \"" .. key .. "\" stands there twice") end
    object[key], at = read_value(text, skip(text, at + 1), depth)
    local c = text:sub(at, at)
    if c == "}" then return object, at + 1 end
    if c ~= "," then fail(text, at, "\",\" or \"}\" is wanted here") end
    at = skip(text, at + 1)
  end
end

-- The value at `at`, and where the next thing stands.
function read_value(text, at, depth)
  local c, value = text:sub(at, at), nil
  if depth > DEPTH then fail(text, at, "nested too deeply") end
  if c == '"' then
    value, at = read_string(text, at)
  elseif c == "{" then
    value, at = read_object(text, at, depth + 1)
  elseif c == "[" then
    value, at = read_array(text, at, depth + 1)
  else
    local word, stop = text:match("^(%a+)()", at)
    value = WORDS[word]
    if value == nil then
      value, at = read_number(text, at)
    else
      at = stop
    end
  end
  return value, skip(text, at)
end

function M.decode(text)
  local at = skip(text, text:sub(1, 3) == "\xEF\xBB\xBF" and 4 or 1)
  local value
  value, at = read_value(text, at, 0)
  if at <= #text then fail(text, at, "something stands behind the end") end
  return value
end

return M
